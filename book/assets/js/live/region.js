// The part of a grid where values reach a level, as trapezia between neighbouring rows.

/** @typedef {[number, number]} Interval */
/** @typedef {{ below: Interval, above: Interval, low: number, high: number }} Trapezium */

/**
 * Return the intervals of a row where it is not negative, interpolated between its points.
 *
 * @param {(i: number) => number} valueAt
 * @param {number[]} xs
 * @returns {Interval[]}
 */
export function intervalsOf(valueAt, xs) {
  const n = xs.length;
  const crossing = (/** @type {number} */ outside, /** @type {number} */ inside) => {
    if (outside < 0 || outside >= n) return xs[inside];
    const fraction = valueAt(inside) / (valueAt(inside) - valueAt(outside));
    return xs[inside] + (xs[outside] - xs[inside]) * fraction;
  };
  /** @type {Interval[]} */
  const found = [];
  for (let i = 0, first = -1; i <= n; i++) {
    const isInside = i < n && valueAt(i) >= 0;
    if (isInside && first < 0) first = i;
    if (isInside || first < 0) continue;
    found.push([crossing(first - 1, first), crossing(i, i - 1)]);
    first = -1;
  }
  return found;
}

/**
 * Return the trapezia between two rows. Intervals that pair off are joined by slanted sides;
 * otherwise each reaches half way to the other row.
 *
 * @param {Interval[]} below
 * @param {Interval[]} above
 * @param {number} low
 * @param {number} high
 * @returns {Trapezium[]}
 */
export function trapeziaBetween(below, above, low, high) {
  const pairOff =
    below.length === above.length &&
    below.every(([left, right], i) => left <= above[i][1] && above[i][0] <= right);
  if (pairOff) return below.map((one, i) => ({ below: one, above: above[i], low, high }));
  const middle = (low + high) / 2;
  return [
    ...below.map((one) => ({ below: one, above: one, low, high: middle })),
    ...above.map((one) => ({ below: one, above: one, low: middle, high })),
  ];
}

/**
 * Return the trapezia of a whole grid.
 *
 * @param {ArrayLike<number>} values row by row
 * @param {number} level
 * @param {{ xs: number[], ys: number[] }} lines
 * @returns {Trapezium[]}
 */
export function regionOf(values, level, { xs, ys }) {
  const rows = ys.map((_, row) => intervalsOf((i) => values[row * xs.length + i] - level, xs));
  return ys
    .slice(1)
    .flatMap((high, row) => trapeziaBetween(rows[row], rows[row + 1], ys[row], high));
}
