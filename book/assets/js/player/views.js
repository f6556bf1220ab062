// Views: where the numbers of an array are. A transpose or a single entry needs no copy.

/**
 * Entry (i, j) is `data[offset + i * rowStride + j * colStride]`; `axes` is 0, 1 or 2.
 *
 * @typedef {object} View
 * @property {Float64Array} data
 * @property {number} offset
 * @property {number} rows
 * @property {number} cols
 * @property {number} rowStride
 * @property {number} colStride
 * @property {number} axes
 */

/** @typedef {{ rows: number, cols: number, axes: number }} Shaped */

/**
 * Return a view of a new array of zeros, row by row.
 *
 * @param {number} rows
 * @param {number} cols
 * @param {number} axes
 * @returns {View}
 */
export function newView(rows, cols, axes) {
  const data = new Float64Array(rows * cols);
  return { data, offset: 0, rows, cols, rowStride: cols, colStride: 1, axes };
}

/**
 * Return the view of the transpose.
 *
 * @param {View} view
 * @returns {View}
 */
export function transposed(view) {
  const { rows, cols, rowStride, colStride } = view;
  return { ...view, rows: cols, cols: rows, rowStride: colStride, colStride: rowStride };
}

/**
 * Return the view of one entry of a vector.
 *
 * @param {View} view
 * @param {number} index
 * @returns {View}
 */
export function picked(view, index) {
  return { ...view, offset: view.offset + index * view.colStride, rows: 1, cols: 1, axes: 0 };
}

/**
 * Return a view that repeats a single row or column: its stride is 0.
 *
 * @param {View} view
 * @returns {View}
 */
export function broadcast(view) {
  return {
    ...view,
    rowStride: view.rows === 1 ? 0 : view.rowStride,
    colStride: view.cols === 1 ? 0 : view.colStride,
  };
}

/**
 * Return the lengths of the axes, as NumPy's shape.
 *
 * @param {Shaped} array
 */
export function shapeOf({ rows, cols, axes }) {
  return [rows, cols].slice(2 - axes);
}

/**
 * Return the shape as text for an error message.
 *
 * @param {Shaped} array
 */
export function shapeText(array) {
  return `(${shapeOf(array)})`;
}
