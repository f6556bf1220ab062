// The still picture of a live explorer: its own run from the first settings, at the step shown.
import { pathsOf } from "./draw.js";
import { readingOf } from "./reading.js";
import { Run } from "./run.js";

/**
 * Return the path data of every artist and the sentence, as the page would show them.
 *
 * @param {import("./types.js").Description} description
 */
export function drawStill(description) {
  const choice = description.choices.map(({ first }) => first);
  const run = new Run(description, choice, description.seed, 10 ** description.rate);
  for (let k = 0; k < description.shown; k++) run.step();
  const values = run.values();
  const paths = Object.entries(pathsOf(run, values)).map(([artist, path]) => {
    return [artist, compactPath(path)];
  });
  return { paths: Object.fromEntries(paths), reading: readingOf(run, values) };
}

/**
 * Return path data with lines relative to the point before: the same picture in fewer bytes.
 *
 * @param {string} path numbers with one decimal
 */
export function compactPath(path) {
  return path.replace(/M([-\d.]+) ([-\d.]+)((?:L[-\d.]+ [-\d.]+)+)/g, (_, x, y, lines) => {
    let [fromX, fromY] = [Number(x), Number(y)];
    const moves = lines
      .slice(1)
      .split("L")
      .map((/** @type {string} */ point) => {
        const [toX, toY] = point.split(" ").map(Number);
        const move = shortNumber(toX - fromX) + separated(shortNumber(toY - fromY));
        [fromX, fromY] = [toX, toY];
        return move;
      });
    return `M${shortNumber(Number(x))}${separated(shortNumber(Number(y)))}l${moves[0]}${moves
      .slice(1)
      .map(separated)
      .join("")}`;
  });
}

/** @param {number} value */
function shortNumber(value) {
  return `${Number(value.toFixed(1)) + 0}`.replace(/^(-?)0\./, "$1.");
}

/** @param {string} number */
function separated(number) {
  return number.startsWith("-") ? number : ` ${number}`;
}
