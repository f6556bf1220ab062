// Numbers as they are read.

const SUPERSCRIPTS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * Return three significant digits, with a power of ten only where one is needed: 0.123, 1.2·10⁻⁵.
 *
 * @param {number} value
 */
export function formatNumber(value) {
  const [digits, exponent] = value.toExponential(2).split("e");
  const power = Number(exponent);
  const text =
    power < -4 || power > 2
      ? `${Number(digits)}·10${superscript(power)}`
      : `${Number(value.toPrecision(3))}`;
  return text.replace("-", "−");
}

/** @param {number} value */
function superscript(value) {
  return [...`${value}`].map((sign) => SUPERSCRIPTS["-0123456789".indexOf(sign)]).join("");
}

/**
 * Return a text with {name} replaced by `wordOf(name)`. A negative number after a plus is
 * subtracted.
 *
 * @param {string} text
 * @param {(name: string) => string} wordOf
 */
export function substitute(text, wordOf) {
  return text.replace(/{([^}]*)}/g, (_, name) => wordOf(name)).replaceAll("+ −", "− ");
}
