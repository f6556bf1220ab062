// A compiled tape: its arrays, and what can be done with them.

/** @typedef {Record<string, Float64Array>} Arrays */

/**
 * An input that is filled with chosen columns of a data set.
 *
 * @typedef {{ name: string, data: Float64Array, rows: number, samples: number }} Source
 */

export class Program {
  /**
   * @param {Arrays} inputs
   * @param {Arrays} outputs
   * @param {Record<string, number[]>} outputShapes
   * @param {(() => void)[]} kernels
   */
  constructor(inputs, outputs, outputShapes, kernels) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.outputShapes = outputShapes;
    this.kernels = kernels;
    /** The outputs that are inputs of the next step. */
    this.carried = Object.keys(outputs).filter((name) => inputs[name]);
  }

  /** Compute the outputs from the inputs. */
  run() {
    for (const kernel of this.kernels) kernel();
  }

  /** Take the outputs as inputs of the next step. */
  carryOver() {
    for (const name of this.carried) this.inputs[name].set(this.outputs[name]);
  }

  /**
   * Fill inputs with these columns of their data.
   *
   * @param {Source[]} sources
   * @param {ArrayLike<number>} columns
   */
  loadBatch(sources, columns) {
    const B = columns.length;
    for (const { name, data, rows, samples } of sources) {
      const input = this.inputs[name];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < B; j++) input[i * B + j] = data[i * samples + columns[j]];
      }
    }
  }

  /**
   * Return the first [name, number] beyond the limit (or not a number) among the cost and what is
   * carried over, or null.
   *
   * @param {number} limit
   * @returns {[string, number] | null}
   */
  firstBeyond(limit) {
    for (const name of this.outputs.C ? ["C", ...this.carried] : this.carried) {
      for (const value of this.outputs[name]) {
        if (!(Math.abs(value) <= limit)) return [name, value];
      }
    }
    return null;
  }
}
