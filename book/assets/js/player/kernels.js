// Kernels: loops over the entries of views, written as source text for fixed sizes and strides.
import { buildFunction } from "./build-function.js";

/** @typedef {import("./views.js").View} View */
/** @typedef {() => void} Kernel */

/**
 * Return a kernel that evaluates an expression of v0, v1, … (the entries of the operands) for every
 * entry of the output.
 *
 * @param {string} expression
 * @param {View[]} operands broadcast to the shape of the output
 * @param {View} out
 * @returns {Kernel}
 */
export function elementwise(expression, operands, out) {
  const { data, rows, cols } = out;
  const isScalar = operands.map((v) => v.rowStride === 0 && v.colStride === 0);
  const isFlat = operands.every(
    (v, n) => isScalar[n] || (v.offset === 0 && v.rowStride === cols && v.colStride === 1),
  );
  const scalars = operands.map((_, n) =>
    isScalar[n] ? `const v${n}=inputs[${n}][offsets[${n}]];` : `const d${n}=inputs[${n}];`,
  );
  const entries = operands.map((v, n) => {
    if (isScalar[n]) return "";
    return isFlat
      ? `const v${n}=d${n}[k];`
      : `const v${n}=d${n}[${v.offset}+i*${v.rowStride}+j*${v.colStride}];`;
  });
  const body = `{${entries.join("")}out[k]=${expression}}`;
  const loop = isFlat
    ? `for(let k=0;k<${rows * cols};k++)${body}`
    : `for(let i=0,k=0;i<${rows};i++)for(let j=0;j<${cols};j++,k++)${body}`;
  const run = buildFunction(`(out,inputs,offsets)=>{${scalars.join("")}${loop}}`);
  const inputs = operands.map((v) => v.data);
  const offsets = operands.map((v) => v.offset);
  return () => run(data, inputs, offsets);
}

/**
 * Return a kernel for a matrix product. It works on four rows by two columns at once, so that each
 * entry that is read serves several sums.
 *
 * @param {View} left
 * @param {View} right
 * @param {Float64Array} out
 * @returns {Kernel}
 */
export function matrixProduct(left, right, out) {
  const rowOf = (/** @type {number} */ height, /** @type {number} */ width) =>
    `let j=0;for(;j+${width}<=${right.cols};j+=${width})${block(left, right, height, width)}` +
    `for(;j<${right.cols};j++)${block(left, right, height, 1)}`;
  const run = buildFunction(
    `(A,B,out)=>{let i=0;for(;i+4<=${left.rows};i+=4){${rowOf(4, 2)}}` +
      `for(;i<${left.rows};i++){${rowOf(1, 4)}}}`,
  );
  return () => run(left.data, right.data, out);
}

/**
 * Return the source of one block of a product, at row i and column j.
 *
 * @param {View} left
 * @param {View} right
 * @param {number} height
 * @param {number} width
 */
function block(left, right, height, width) {
  const I = [...Array(height).keys()];
  const J = [...Array(width).keys()];
  const forAll = (/** @type {(i: number, j: number) => string} */ text) =>
    I.flatMap((i) => J.map((j) => text(i, j))).join("");
  const p = `p=${left.offset}+i*${left.rowStride}`;
  const q = `q=${right.offset}+j*${right.colStride}`;
  const reads = [
    ...J.map((j) => `y${j}=B[q+${j * right.colStride}]`),
    ...I.map((i) => `x${i}=A[p+${i * left.rowStride}]`),
  ];
  return (
    `{let ${I.flatMap((i) => J.map((j) => `s${i}${j}=0`))};` +
    `for(let k=0,${p},${q};k<${left.cols};k++,p+=${left.colStride},q+=${right.rowStride}){` +
    `const ${reads};${forAll((i, j) => `s${i}${j}+=x${i}*y${j};`)}}` +
    `const w=i*${right.cols}+j;` +
    `${forAll((i, j) => `out[w+${i * right.cols + j}]=s${i}${j};`)}}`
  );
}

/**
 * Return a kernel for the sum or the maximum of all entries (axis null), or along an axis.
 *
 * @param {string} name "sum" or "max"
 * @param {View} view
 * @param {number | null} axis
 * @param {Float64Array} out
 * @returns {Kernel}
 */
export function reduction(name, { data, offset, rows, cols, rowStride, colStride }, axis, out) {
  // [results, outer length, inner length] and the stride of each
  const [results, outer, inner, resultStride, outerStride, innerStride] =
    axis === null
      ? [1, rows, cols, 0, rowStride, colStride]
      : axis
        ? [rows, 1, cols, rowStride, 0, colStride]
        : [cols, 1, rows, colStride, 0, rowStride];
  const [start, next] = name === "max" ? ["-Infinity", "Math.max(s,v)"] : ["0", "s+v"];
  const run = buildFunction(
    `(A,out)=>{for(let i=0;i<${results};i++){let s=${start};` +
      `for(let j=0;j<${outer};j++)` +
      `for(let k=0,p=${offset}+i*${resultStride}+j*${outerStride};k<${inner};k++,p+=${innerStride})` +
      `{const v=A[p];s=${next}}out[i]=s}}`,
  );
  return () => run(data, out);
}
