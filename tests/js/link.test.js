import assert from "node:assert/strict";
import { test } from "node:test";
import { linkedRun, linkTo } from "../../book/assets/js/live/link.js";

test("a link leads back to its run", () => {
  const run = { seed: 5, eta: 0.05012, choice: [0, 2] };
  const link = linkTo("network", run, "live-network");
  assert.equal(link, "?live=network&seed=5&eta=0.05012&choice=0,2#live-network");
  assert.deepEqual(linkedRun("network", link.split("#")[0]), run);
});

test("the run of another explorer is none", () => {
  assert.equal(linkedRun("line", "?live=network&seed=5"), null);
  assert.equal(linkedRun("line", ""), null);
});

test("what is missing or no number is not taken for one", () => {
  const { seed, eta, choice } = linkedRun("line", "?live=line&eta=fast");
  assert.equal(seed, 0);
  assert.ok(Number.isNaN(eta));
  assert.deepEqual(choice, [NaN]);
});
