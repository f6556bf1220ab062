// Compile a tape (nnmaths.tape) into a program on arrays that are allocated once.
import { Graph } from "./graph.js";
import { elementwise, matrixProduct, reduction } from "./kernels.js";
import { EXPRESSIONS } from "./operations.js";
import { Program } from "./program.js";
import { broadcast, newView, picked, shapeOf, transposed } from "./views.js";

/** @typedef {import("./graph.js").Node} Node */
/** @typedef {import("./graph.js").Tape} Tape */
/** @typedef {import("./views.js").View} View */

const VERSION = 1;
/** Nodes without numbers of their own: an output needs a copy. */
const ALIASES = ["input", "T", "pick"];

/**
 * Return the program of a tape for inputs of these shapes.
 *
 * @param {Tape} tape
 * @param {Record<string, number[]>} shapes
 * @param {Record<string, Tape>} [fillings] the tapes that take the place of placeholders
 */
export function compile(tape, shapes, fillings = {}) {
  if (tape?.tape !== VERSION) {
    throw Error(`tape: expected version ${VERSION}, found ${tape?.tape}`);
  }
  const graph = new Graph(fillings);
  const planner = new Planner();
  const inputs = tape.inputs.map(([name, axes]) => inputNode(graph, name, axes, shapes[name]));
  const results = graph.addTape(tape, inputs);
  for (const node of Object.values(results)) node.uses++;
  const outputs = Object.entries(results).map(
    ([name, node]) => /** @type {const} */ ([name, planner.outputOf(node)]),
  );
  return new Program(
    Object.fromEntries(inputs.map((node) => [node.literals[0], planner.viewOf(node).data])),
    Object.fromEntries(outputs.map(([name, view]) => [name, view.data])),
    Object.fromEntries(Object.entries(results).map(([name, node]) => [name, shapeOf(node)])),
    planner.kernels,
  );
}

/**
 * @param {Graph} graph
 * @param {string} name
 * @param {number} axes
 * @param {number[] | undefined} shape
 */
function inputNode(graph, name, axes, shape) {
  if (shape?.length !== axes) {
    throw Error(`${name}: expected a shape of ${axes} lengths, found ${shape}`);
  }
  const [rows, cols] = [1, 1, ...shape].slice(-2);
  const node = graph.node("input", [name], [], rows, cols, axes);
  node.view = newView(rows, cols, axes);
  return node;
}

/** Decides where the numbers of each node are, and lists the kernels that compute them, in order. */
class Planner {
  constructor() {
    /** @type {import("./kernels.js").Kernel[]} */
    this.kernels = [];
  }

  /**
   * Return where a node's numbers are. The first time, its kernel is added.
   *
   * @param {Node} node
   * @returns {View}
   */
  viewOf(node) {
    return (node.view ??= this.#plan(node));
  }

  /**
   * @param {Node} node
   * @returns {View}
   */
  #plan(node) {
    const { name, operands, literals, rows, cols, axes } = node;
    if (name === "T") return transposed(this.viewOf(operands[0]));
    if (name === "pick") return picked(this.viewOf(operands[0]), literals[0]);
    const out = newView(rows, cols, axes);
    if (name === "const" || name === "fill") out.data.fill(literals[0]);
    else if (name === "stack")
      this.#addStack(
        operands.map((v) => this.viewOf(v)),
        out,
      );
    else if (name === "matmul") {
      this.kernels.push(
        matrixProduct(this.viewOf(operands[0]), this.viewOf(operands[1]), out.data),
      );
    } else if (name === "sum" || name === "max") {
      this.kernels.push(reduction(name, this.viewOf(operands[0]), literals[0], out.data));
    } else {
      /** @type {View[]} */
      const leaves = [];
      const expression = this.#expressionOf(node, node, leaves);
      this.kernels.push(elementwise(expression, leaves, out));
    }
    return out;
  }

  /**
   * @param {View[]} entries
   * @param {View} out
   */
  #addStack(entries, out) {
    this.kernels.push(() => {
      entries.forEach(({ data, offset }, k) => {
        out.data[k] = data[offset];
      });
    });
  }

  /**
   * Return the expression of a node as part of a whole. What is used once and has the shape of the
   * whole is written out; anything else becomes a leaf.
   *
   * @param {Node} node
   * @param {Node} whole
   * @param {View[]} leaves to which new leaves are added
   * @returns {string}
   */
  #expressionOf(node, whole, leaves) {
    const { name, literals, operands, rows, cols, uses } = node;
    if (name === "const" || name === "fill") return `(${Number(literals[0])})`;
    const isShared = uses > 1 || rows !== whole.rows || cols !== whole.cols;
    if (node !== whole && (!EXPRESSIONS[name] || isShared)) {
      return `v${leaves.push(broadcast(this.viewOf(node))) - 1}`;
    }
    const [x, y, z] = operands.map((operand) => this.#expressionOf(operand, whole, leaves));
    if (/^pow/.test(name) && y === "(2)" && /^v\d+$/.test(x)) return `(${x}*${x})`;
    const values = /** @type {Record<string, string>} */ ({ x, y, z });
    return `(${EXPRESSIONS[name].replace(/\b[xyz]\b/g, (letter) => values[letter])})`;
  }

  /**
   * Return a view of a node's numbers that no later step overwrites: a copy of an alias.
   *
   * @param {Node} node
   * @returns {View}
   */
  outputOf(node) {
    const view = this.viewOf(node);
    if (!ALIASES.includes(node.name)) return view;
    const copy = newView(node.rows, node.cols, node.axes);
    this.kernels.push(elementwise("v0", [view], copy));
    return copy;
  }
}
