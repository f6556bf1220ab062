// The only place where text becomes code.
//
// Why `new Function`: a loop written for one expression and for fixed sizes, offsets and strides is
// optimised by the browser as if it stood in the page. Interpreting the tape entry by entry took
// several times as long, and training would no longer keep up with the picture. The text is made in
// kernels.js from a fixed list of operations and from numbers; nothing in it comes from the reader
// or from another site. Where a Content-Security-Policy forbids it, an EvalError is thrown, which
// the explorer shows as a sentence (live/mount.js).
import { tanh } from "./operations.js";

/** @type {Map<string, Function>} */
const built = new Map();

/**
 * Return the function with this source. The same source is built once.
 *
 * @param {string} source an arrow function
 * @returns {Function}
 */
export function buildFunction(source) {
  let result = built.get(source);
  if (!result) {
    result = new Function("tanh", `"use strict";return ${source}`)(tanh);
    built.set(source, /** @type {Function} */ (result));
  }
  return /** @type {Function} */ (result);
}
