// The graph of a tape for given shapes. The same operation on the same nodes is one node.
import { EXPRESSIONS, LITERAL_ARGS } from "./operations.js";
import { shapeOf, shapeText } from "./views.js";

/** @typedef {string | number | boolean | null} Literal */

/**
 * Inputs (name, number of axes), operations (name, arguments …) and outputs (name, slot). Slots
 * count the inputs first, then the operations.
 *
 * @typedef {object} Tape
 * @property {number} tape the version
 * @property {[string, number][]} inputs
 * @property {[string, ...Literal[]][]} ops
 * @property {[string, number][]} outputs
 */

/**
 * @typedef {object} Node
 * @property {number} id
 * @property {string} name
 * @property {any[]} literals
 * @property {Node[]} operands
 * @property {number} rows
 * @property {number} cols
 * @property {number} axes
 * @property {number} uses by how many nodes it is read
 * @property {import("./views.js").View} [view] where its numbers are, once that is decided
 */

export class Graph {
  /** @param {Record<string, Tape>} fillings the tapes that take the place of placeholders */
  constructor(fillings) {
    this.fillings = fillings;
    /** @type {Map<string, Node>} */
    this.nodes = new Map();
  }

  /**
   * Return a node, an old one if the same was added before.
   *
   * @param {string} name
   * @param {any[]} literals
   * @param {Node[]} operands
   * @param {number} rows
   * @param {number} cols
   * @param {number} axes
   * @returns {Node}
   */
  node(name, literals, operands, rows, cols, axes) {
    const key = JSON.stringify([name, literals, operands.map((operand) => operand.id)]);
    let node = this.nodes.get(key);
    if (!node) {
      for (const operand of operands) operand.uses++;
      node = { id: this.nodes.size, name, literals, operands, rows, cols, axes, uses: 0 };
      this.nodes.set(key, node);
    }
    return node;
  }

  /**
   * Add an operation; its shape follows from those of its operands.
   *
   * @param {string} name
   * @param {any[]} literals
   * @param {Node[]} operands
   * @returns {Node}
   */
  add(name, literals, operands) {
    const [a, b] = operands;
    switch (name) {
      case "const":
        return this.node(name, literals, [], 1, 1, 0);
      case "dim":
        return this.node("const", [shapeOf(a)[literals[0]]], [], 1, 1, 0);
      case "fill":
        return this.node(name, literals, [a], a.rows, a.cols, a.axes);
      case "T":
        return this.node(name, literals, operands, a.cols, a.rows, 2);
      case "pick":
        return this.node(name, literals, operands, 1, 1, 0);
      case "stack":
        return this.node(name, literals, operands, 1, operands.length, 1);
      case "matmul":
        if (a.cols !== b.rows) throw mismatch(name, operands);
        return this.node(name, literals, operands, a.rows, b.cols, 2);
      case "sum":
      case "max":
        return this.#addReduction(name, literals, a);
      default:
        return this.#addElementwise(name, literals, operands);
    }
  }

  /**
   * @param {string} name
   * @param {any[]} literals
   * @param {Node} operand
   */
  #addReduction(name, literals, operand) {
    const [axis] = literals;
    if (axis === null) return this.node(name, literals, [operand], 1, 1, 0);
    const [rows, cols] = axis ? [operand.rows, 1] : [1, operand.cols];
    return this.node(name, literals, [operand], rows, cols, 2);
  }

  /**
   * @param {string} name
   * @param {any[]} literals
   * @param {Node[]} operands
   */
  #addElementwise(name, literals, operands) {
    if (!EXPRESSIONS[name]) throw Error(`tape: unknown operation ${name}`);
    const rows = operands.reduce((n, v) => (n === 1 ? v.rows : n), 1);
    const cols = operands.reduce((n, v) => (n === 1 ? v.cols : n), 1);
    if (operands.some((v) => ![1, rows].includes(v.rows) || ![1, cols].includes(v.cols))) {
      throw mismatch(name, operands);
    }
    const axes = Math.max(...operands.map((v) => v.axes));
    return this.node(name, literals, operands, rows, cols, axes);
  }

  /**
   * Add the operations of a tape, its inputs being these nodes; return its outputs by name.
   *
   * @param {Tape} tape
   * @param {Node[]} inputs
   * @returns {Record<string, Node>}
   */
  addTape(tape, inputs) {
    const slots = [...inputs];
    for (const [name, ...args] of tape.ops) {
      if (name === "placeholder") {
        const [wanted, ...places] = /** @type {[string, ...number[]]} */ (args);
        const filling = this.fillings[wanted];
        if (!filling) throw Error(`tape: nothing fills the placeholder ${wanted}`);
        const results = this.addTape(
          filling,
          places.map((slot) => slots[slot]),
        );
        slots.push(...Object.values(results));
        continue;
      }
      const literal = LITERAL_ARGS[name] ?? [];
      const literals = args.filter((_, k) => literal.includes(k));
      const places = /** @type {number[]} */ (args.filter((_, k) => !literal.includes(k)));
      slots.push(
        this.add(
          name,
          literals,
          places.map((slot) => slots[slot]),
        ),
      );
    }
    return Object.fromEntries(tape.outputs.map(([name, slot]) => [name, slots[slot]]));
  }
}

/**
 * @param {string} name
 * @param {Node[]} operands
 */
function mismatch(name, operands) {
  return Error(`${name}: shapes ${operands.map(shapeText).join(" and ")} do not match`);
}
