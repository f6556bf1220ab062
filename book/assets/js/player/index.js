// The player: plays the tape of a function. It knows nothing about networks.
export { compile } from "./compile.js";
export { minibatches, randomGenerator } from "./random.js";
