import assert from "node:assert/strict";
import { test } from "node:test";
import { minibatches, randomGenerator } from "../../book/assets/js/player/random.js";

const draw = (seed, n, kind) => {
  const random = randomGenerator(seed);
  return Array.from({ length: n }, () => random[kind]());
};
const mean = (numbers) => numbers.reduce((sum, v) => sum + v, 0) / numbers.length;

test("a seed repeats its numbers, and another seed has others", () => {
  assert.deepEqual(draw(1, 100, "normal"), draw(1, 100, "normal"));
  assert.notDeepEqual(draw(1, 100, "normal"), draw(2, 100, "normal"));
});

test("uniform numbers fill the open interval from 0 to 1", () => {
  const numbers = draw(1, 20000, "uniform");
  assert.ok(Math.min(...numbers) > 0 && Math.max(...numbers) < 1);
  assert.ok(Math.abs(mean(numbers) - 0.5) < 0.01);
});

test("normal numbers have mean 0 and variance 1", () => {
  const numbers = draw(1, 20000, "normal");
  assert.ok(Math.abs(mean(numbers)) < 0.03);
  assert.ok(Math.abs(mean(numbers.map((v) => v * v)) - 1) < 0.05);
});

test("a permutation has every number once, in another order", () => {
  const order = [...randomGenerator(1).permutation(50)];
  const sorted = Array.from({ length: 50 }, (_, i) => i);
  assert.notDeepEqual(order, sorted);
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    sorted,
  );
});

test("each pass of mini-batches takes every sample once, and passes differ", () => {
  const batches = minibatches(randomGenerator(3), 12, 4);
  const taken = Array.from({ length: 6 }, () => [...batches.next()]);
  for (const pass of [taken.slice(0, 3), taken.slice(3)]) {
    assert.deepEqual(
      pass.flat().toSorted((a, b) => a - b),
      Array.from({ length: 12 }, (_, i) => i),
    );
  }
  assert.notDeepEqual(taken.slice(0, 3), taken.slice(3));
});

test("a batch size that does not divide the number of samples is refused", () => {
  assert.throws(() => minibatches(randomGenerator(3), 12, 5), /expected a divisor of N = 12/);
});
