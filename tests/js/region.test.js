import assert from "node:assert/strict";
import { test } from "node:test";
import { intervalsOf, regionOf, trapeziaBetween } from "../../book/assets/js/live/region.js";
import { linspace } from "../../book/assets/js/live/settings.js";

const intervals = (row) =>
  intervalsOf(
    (i) => row[i],
    row.map((_, i) => i),
  );

test("intervals end where the row crosses zero, or at the edge of the grid", () => {
  assert.deepEqual(intervals([-0.5, 0.5, 0.5, -0.5, 0.5]), [
    [0.5, 2.5],
    [3.5, 4],
  ]);
  assert.deepEqual(intervals([1, 1]), [[0, 1]]);
  assert.deepEqual(intervals([-1, -1]), []);
});

test("intervals that pair off are joined by slanted sides", () => {
  const joined = trapeziaBetween([[0, 2]], [[1, 3]], 5, 6);
  assert.deepEqual(joined, [{ below: [0, 2], above: [1, 3], low: 5, high: 6 }]);
});

test("intervals that do not pair off reach half way to the other row", () => {
  const halves = trapeziaBetween(
    [[0, 1]],
    [
      [0, 0.2],
      [0.8, 1],
    ],
    0,
    2,
  );
  assert.deepEqual(
    halves.map(({ low, high }) => [low, high]),
    [
      [0, 1],
      [1, 2],
      [1, 2],
    ],
  );
});

test("the region of a half plane has the slope of its boundary", () => {
  const [xs, ys] = [linspace(0, 4, 41), linspace(0, 3, 4)];
  const values = ys.flatMap((y) => xs.map((x) => x - y / 2 - 0.73));
  for (const { below, above, low, high } of regionOf(values, 0, { xs, ys })) {
    assert.ok(Math.abs(below[0] - low / 2 - 0.73) < 1e-9);
    assert.ok(Math.abs(above[0] - high / 2 - 0.73) < 1e-9);
    assert.equal(below[1], 4);
  }
});
