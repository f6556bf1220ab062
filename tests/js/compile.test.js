import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../book/assets/js/player/compile.js";
import { tanh } from "../../book/assets/js/player/operations.js";

const tapeOf = (inputs, ops, outputs) => ({ tape: 1, inputs, ops, outputs });
const play = (tape, shapes, values, fillings) => {
  const program = compile(tape, shapes, fillings);
  for (const [name, numbers] of Object.entries(values)) program.inputs[name].set(numbers);
  program.run();
  return program;
};

test("a product, a transpose and a sum", () => {
  const ops = [
    ["T", 0],
    ["matmul", 1, 0],
    ["sum", 2, 1],
  ];
  const tape = tapeOf([["a", 2]], ops, [
    ["gram", 2],
    ["sums", 3],
    ["turned", 1],
  ]);
  const { outputs, outputShapes } = play(tape, { a: [2, 3] }, { a: [1, 2, 3, 4, 5, 6] });
  assert.deepEqual([...outputs.gram], [17, 22, 27, 22, 29, 36, 27, 36, 45]);
  assert.deepEqual([...outputs.sums], [66, 87, 108]);
  assert.deepEqual([...outputs.turned], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual(outputShapes, { gram: [3, 3], sums: [3, 1], turned: [3, 2] });
});

test("columns and rows are broadcast, and a square is a product", () => {
  const ops = [
    ["add", 0, 1],
    ["const", 2],
    ["pow", 2, 3],
  ];
  const tape = tapeOf(
    [
      ["x", 2],
      ["b", 2],
    ],
    ops,
    [["y", 4]],
  );
  const shapes = { x: [2, 2], b: [2, 1] };
  const { outputs } = play(tape, shapes, { x: [1, 2, 3, 4], b: [10, 20] });
  assert.deepEqual([...outputs.y], [121, 144, 529, 576]);
});

test("a placeholder is filled by a tape", () => {
  const open = tapeOf([["z", 2]], [["placeholder", "f", 0]], [["a", 1]]);
  const relu = tapeOf(
    [["z", 2]],
    [
      ["const", 0],
      ["maximum", 0, 1],
    ],
    [["a", 2]],
  );
  const { outputs } = play(open, { z: [1, 3] }, { z: [-1, 0, 2] }, { f: relu });
  assert.deepEqual([...outputs.a], [0, 0, 2]);
  assert.throws(() => compile(open, { z: [1, 3] }), /nothing fills the placeholder f/);
});

test("what is carried over is what is both input and output", () => {
  const tape = tapeOf(
    [["theta", 1]],
    [
      ["add", 0, 0],
      ["sum", 0, null],
    ],
    [
      ["theta", 1],
      ["C", 2],
    ],
  );
  const program = play(tape, { theta: [2] }, { theta: [1, 3] });
  assert.deepEqual(program.carried, ["theta"]);
  program.carryOver();
  assert.deepEqual([...program.inputs.theta], [2, 6]);
  assert.equal(program.firstBeyond(100), null);
  assert.deepEqual(program.firstBeyond(3), ["C", 4]);
  program.outputs.C[0] = NaN;
  assert.deepEqual(program.firstBeyond(100), ["C", NaN]);
});

test("a batch is columns of the data", () => {
  const program = compile(tapeOf([["x", 2]], [["negative", 0]], [["y", 1]]), { x: [2, 2] });
  const data = Float64Array.from([0, 1, 2, 10, 11, 12]);
  program.loadBatch([{ name: "x", data, rows: 2, samples: 3 }], [2, 0]);
  assert.deepEqual([...program.inputs.x], [2, 0, 12, 10]);
});

test("what cannot be compiled is named", () => {
  const wrong = (ops, outputs = [["b", 1]]) => tapeOf([["a", 2]], ops, outputs);
  const refused = (tape, shapes, message) => assert.throws(() => compile(tape, shapes), message);
  refused({ tape: 2 }, {}, /expected version 1, found 2/);
  refused(wrong([["arctan", 0]]), { a: [2, 2] }, /unknown operation arctan/);
  refused(wrong([["tanh", 0]]), {}, /a: expected a shape of 2 lengths, found undefined/);
  refused(wrong([["matmul", 0, 0]]), { a: [2, 3] }, /matmul: shapes \(2,3\) and \(2,3\)/);
});

test("tanh is right to the last places", () => {
  for (let x = -25; x <= 25; x += 0.0137) {
    const exact = Math.tanh(x);
    assert.ok(Math.abs(tanh(x) - exact) <= 8 * Number.EPSILON * Math.abs(exact), `${x}`);
  }
});
