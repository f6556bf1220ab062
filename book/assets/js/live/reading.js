// The sentence under the picture: what one sees now, with the numbers.
import { substitute, formatNumber } from "./format.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./types.js").Values} Values */

/**
 * @param {Run} run
 * @param {Values} values
 */
export function readingOf(run, values) {
  const { description, lost, t } = run;
  if (lost) {
    const [what, value] = lost;
    const isFinite = Number.isFinite(value);
    const words = /** @type {Record<string, string>} */ ({
      t: `${t}`,
      what,
      value: isFinite ? `= ${formatNumber(value)}` : "has no finite value",
    });
    return substitute(description.diverged, (name) => words[name]);
  }
  const sentence = t >= description.end ? description.ended : description.reading;
  return substitute(sentence, (name) =>
    name === "t" ? `${t}` : formatNumber(entry(values, name)),
  );
}

/**
 * Return the value of a name, or of an entry such as "theta.1".
 *
 * @param {Values} values
 * @param {string} name
 */
function entry(values, name) {
  if (name in values) return values[name][0];
  const dot = name.lastIndexOf(".");
  return values[name.slice(0, dot)][Number(name.slice(dot + 1))];
}
