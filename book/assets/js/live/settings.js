// The settings of a live explorer: the base, and what the chosen options change in it.

/** @typedef {import("./types.js").Description} Description */
/** @typedef {import("./types.js").Settings} Settings */
/** @typedef {import("./types.js").Numbers} Numbers */
/** @typedef {import("./types.js").Grid} Grid */

/**
 * Return the settings with the options at these indices. Dictionaries are merged, anything else is
 * replaced.
 *
 * @param {Description} description
 * @param {number[]} indices
 * @returns {Settings}
 */
export function chosenSettings(description, indices) {
  /** @type {Record<string, any>} */
  const settings = { ...description };
  description.choices.forEach(({ options }, i) => {
    for (const [key, value] of Object.entries(options[indices[i]])) {
      const isMerged = value?.constructor === Object && settings[key];
      settings[key] = isMerged ? { ...settings[key], ...value } : value;
    }
  });
  return /** @type {Settings} */ (settings);
}

/**
 * Return the arrays that no step changes: the values, and the points of grids.
 *
 * @param {Settings} settings
 */
export function constantsOf({ values, grids = {} }) {
  /** @type {Record<string, Float64Array>} */
  const constants = {};
  for (const [name, value] of Object.entries(values)) constants[name] = flatten(value);
  for (const [name, grid] of Object.entries(grids)) {
    const { xs, ys } = gridLines(grid);
    constants[name] = flatten([ys.flatMap(() => xs), ys.flatMap((y) => xs.map(() => y))]);
  }
  return constants;
}

/** @param {Grid} grid */
export function gridLines([x0, x1, columns, y0, y1, rows]) {
  return { xs: linspace(x0, x1, columns), ys: linspace(y0, y1, rows) };
}

/**
 * Return n evenly spaced numbers.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} n
 */
export function linspace(low, high, n) {
  return Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}

/** @param {Numbers} value */
function flatten(value) {
  return Float64Array.from([value].flat(3));
}

/**
 * Return the shape of a vector or a matrix.
 *
 * @param {Numbers} value
 */
export function sizeOf(value) {
  const rows = /** @type {any[]} */ (value);
  return Array.isArray(rows[0]) ? [rows.length, rows[0].length] : [rows.length];
}
