// A run: the package's own step, played from a start that the seed decides.
import { compile, minibatches, randomGenerator } from "../player/index.js";
import { chosenSettings, constantsOf, sizeOf } from "./settings.js";

/** @typedef {import("../player/program.js").Program} Program */
/** @typedef {import("./types.js").Description} Description */
/** @typedef {import("./types.js").Settings} Settings */
/** @typedef {import("./types.js").Values} Values */

/** How many points of a path are kept. */
const TRAIL_LENGTH = 400;
/** A cost is kept when its step is two per cent beyond that of the last one kept. */
const SPACING = 1.02;

export class Run {
  /**
   * @param {Description} description
   * @param {number[]} choice the indices of the chosen options
   * @param {number} seed
   * @param {number} eta
   */
  constructor(description, choice, seed, eta) {
    const settings = chosenSettings(description, choice);
    const bound = boundTapes(settings, description.fillings);
    this.description = description;
    this.settings = settings;
    this.seed = seed;
    this.eta = eta;
    this.constants = constantsOf(settings);
    this.program = compile(settings.step, settings.shapes, bound);
    this.looks = settings.look.map((tape) => compile(tape, wholeShapes(settings), bound));
    this.t = 0;
    /** @type {[string, number] | null} the number that left every bound and so ended the run */
    this.lost = null;
    /** @type {Record<string, any[]>} earlier values of what the picture shows as a path */
    this.past = {};
    this.loadNextBatch = () => {};
    this.reset();
  }

  /** Go to the start: the same seed gives the same numbers. */
  reset() {
    const { random: spreads = {}, batch } = this.settings;
    const { inputs } = this.program;
    const random = randomGenerator(this.seed);
    this.t = 0;
    this.lost = null;
    this.past = {};
    for (const [name, input] of Object.entries(inputs)) {
      if (!batch?.names.includes(name)) {
        input.set(this.constants[name] ?? new Float64Array(input.length));
      }
    }
    for (const [name, spread] of Object.entries(spreads)) {
      inputs[name].set(inputs[name].map(() => spread * random.normal()));
    }
    if (batch) this.loadNextBatch = this.#batchLoader(random, batch);
    this.loadNextBatch();
  }

  /**
   * @param {import("../player/random.js").Random} random
   * @param {{ B: number, names: string[] }} batch
   */
  #batchLoader(random, { B, names }) {
    const { values, shapes } = this.settings;
    const samples = sizeOf(values[names[0]])[1];
    const sources = names.map((name) => {
      return { name, data: this.constants[name], rows: shapes[name][0], samples };
    });
    const batches = minibatches(random, samples, B);
    return () => this.program.loadBatch(sources, batches.next());
  }

  /** Whether the run has diverged or has reached the end of its axis. */
  get isOver() {
    return this.lost !== null || this.t >= this.description.end;
  }

  /** Make one step, unless the run is over. */
  step() {
    if (this.isOver) return;
    this.#remember();
    this.#setClock();
    this.program.run();
    this.lost = this.program.firstBeyond(this.description.limit);
    this.program.carryOver();
    this.loadNextBatch();
    this.t += 1;
  }

  /** Keep what the picture shows as a path. */
  #remember() {
    for (const [, kind, name] of this.description.draw) {
      const kept = (this.past[name] ??= []);
      if (kind === "trail") {
        kept.push([...this.program.inputs[name]]);
        if (kept.length > TRAIL_LENGTH) kept.shift();
      } else if (kind === "history" && (!kept.length || this.t + 1 >= SPACING * kept.at(-1)[0])) {
        kept.push([this.t + 1, this.#lookAt(this.looks[0], this.program.inputs)[name][0]]);
      }
    }
  }

  #setClock() {
    const { inputs } = this.program;
    if (inputs.eta) inputs.eta[0] = this.eta;
    if (inputs.t) inputs.t[0] = this.t + 1;
  }

  /**
   * Return the outputs of a look at values, from before a step or from after it.
   *
   * @param {Program} look
   * @param {Record<string, Float64Array>} values
   */
  #lookAt(look, values) {
    for (const [name, input] of Object.entries(look.inputs)) {
      input.set(this.program.carried.includes(name) ? values[name] : this.constants[name]);
    }
    look.run();
    return look.outputs;
  }

  /**
   * Return all that can be drawn or read, by name: the values of the step, what is looked at, and
   * with the prefix "next." what one more step would give.
   *
   * @returns {Values}
   */
  values() {
    const { program, looks } = this;
    /** @type {Values} */
    const values = { ...this.constants };
    for (const name of program.carried) values[name] = program.inputs[name];
    for (const look of looks) Object.assign(values, this.#lookAt(look, program.inputs));
    if (values.C) values.C = Array.from(values.C); // the look at the next step overwrites it
    this.#setClock();
    program.run();
    for (const name of program.carried) values[`next.${name}`] = program.outputs[name];
    values["next.C"] = this.#lookAt(looks[0], program.outputs).C;
    return { ...values, t: [this.t], eta: [this.eta] };
  }
}

/**
 * Return the tapes that fill the placeholders.
 *
 * @param {Settings} settings
 * @param {Description["fillings"]} fillings
 */
function boundTapes({ bind = {} }, fillings) {
  return Object.fromEntries(
    Object.entries(bind).map(([placeholder, name]) => [placeholder, fillings[name]]),
  );
}

/**
 * Return the shapes for looks, which see all samples and not a mini-batch.
 *
 * @param {Settings} settings
 */
function wholeShapes({ shapes, batch, values }) {
  const whole = { ...shapes };
  for (const name of batch?.names ?? []) whole[name] = sizeOf(values[name]);
  return whole;
}
