// A run, its drawing and its sentence, on C = θ²/2 with steps θ ← θ − ηθ.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf } from "../../book/assets/js/live/draw.js";
import { readingOf } from "../../book/assets/js/live/reading.js";
import { Run } from "../../book/assets/js/live/run.js";
import { compactPath, drawStill } from "../../book/assets/js/live/still.js";

const look = {
  tape: 1,
  inputs: [["theta", 1]],
  ops: [
    ["square", 0],
    ["sum", 1, null],
    ["const", 2],
    ["divide", 2, 3],
  ],
  outputs: [["C", 4]],
};
const step = {
  tape: 1,
  inputs: [
    ["theta", 1],
    ["eta", 0],
  ],
  ops: [
    ["multiply", 1, 0],
    ["subtract", 0, 2],
    ["square", 0],
    ["sum", 4, null],
    ["const", 2],
    ["divide", 5, 6],
  ],
  outputs: [
    ["theta", 3],
    ["C", 7],
  ],
};
const describe = (change = {}) => ({
  name: "bowl",
  seed: 1,
  rate: Math.log10(0.5),
  limit: 1e12,
  pace: 10,
  end: 100,
  shown: 2,
  step,
  look: [look],
  fillings: {},
  values: { theta: [4] },
  shapes: { theta: [1], eta: [] },
  choices: [{ first: 0, options: [{}, { values: { theta: [8] } }] }],
  draw: [
    ["cost", "history", "C"],
    ["here", "ahead", "next.C"],
  ],
  axes: { cost: [10, 0, -1, 100, 0, 0], here: [10, 0, -1, 100, 0, 0] },
  box: { here: [0, 0, 35, 99] },
  markers: { here: "h0" },
  reading: "Step {t}: θ = {theta}, C = {C}, next {next.C}.",
  diverged: "Diverged at step {t}: {what} {value}.",
  ended: "Stopped after {t} steps.",
  ...change,
});

test("steps, looks and the look ahead", () => {
  const run = new Run(describe(), [0], 1, 0.5);
  assert.equal(readingOf(run, run.values()), "Step 0: θ = 4, C = 8, next 2.");
  run.step();
  assert.equal(readingOf(run, run.values()), "Step 1: θ = 2, C = 2, next 0.5.");
  run.reset();
  assert.equal(readingOf(run, run.values()), "Step 0: θ = 4, C = 8, next 2.");
});

test("an option changes the settings and leaves the rest alone", () => {
  const description = describe();
  const run = new Run(description, [1], 1, 0.5);
  assert.deepEqual([...run.constants.theta], [8]);
  assert.deepEqual(description.values.theta, [4]);
});

test("random first values follow the seed", () => {
  const description = describe({ random: { theta: 2 } });
  const first = (seed) => [...new Run(description, [0], seed, 0.5).program.inputs.theta];
  assert.deepEqual(first(3), first(3));
  assert.notDeepEqual(first(3), first(4));
});

test("a run that diverges stops and names the number", () => {
  const run = new Run(describe(), [0], 1, 1e9);
  for (let k = 0; k < 10; k++) run.step();
  assert.ok(run.isOver);
  assert.match(readingOf(run, run.values()), /^Diverged at step 2: C = 8·10¹⁸\.$/);
  assert.equal(run.t, 2);
});

test("a number that is not finite is named in words", () => {
  const run = new Run(describe(), [0], 1, 0.5);
  run.program.inputs.theta[0] = NaN;
  run.step();
  assert.equal(readingOf(run, run.values()), "Diverged at step 1: C has no finite value.");
});

test("a run ends with its axis", () => {
  const run = new Run(describe({ end: 3 }), [0], 1, 0.5);
  for (let k = 0; k < 10; k++) run.step();
  assert.equal(readingOf(run, run.values()), "Stopped after 3 steps.");
});

test("a history is a line, and a marker outside its axes stands at the edge", () => {
  const run = new Run(describe(), [0], 1, 0.5);
  run.step();
  run.step();
  const paths = pathsOf(run, run.values());
  assert.equal(paths.cost, "M10.0 92.0L20.0 98.0L30.0 99.5");
  assert.equal(paths.here, "M35.0 99.0h0");
});

test("the still is the run of its seed at the step shown", () => {
  const still = drawStill(describe());
  const run = new Run(describe(), [0], 1, 0.5);
  run.step();
  run.step();
  assert.equal(still.reading, readingOf(run, run.values()));
  assert.equal(still.paths.cost, compactPath(pathsOf(run, run.values()).cost));
});

test("a compact path has relative lines", () => {
  assert.equal(compactPath("M10.0 92.0L20.0 98.0L30.5 97.9"), "M10 92l10 6 10.5-.1");
  assert.equal(compactPath("M1.0 2.0h0M3.0 4.0h0"), "M1.0 2.0h0M3.0 4.0h0");
});
