import assert from "node:assert/strict";
import { test } from "node:test";
import { substitute, formatNumber } from "../../book/assets/js/live/format.js";

test("three digits, with a power of ten only where one is needed", () => {
  const expected = {
    0: "0",
    1: "1",
    0.1234567: "0.123",
    "-0.5": "−0.5",
    999.4: "999",
    999.6: "1·10³",
    1234: "1.23·10³",
    0.00012345: "0.000123",
    0.000012345: "1.23·10⁻⁵",
    "-1e12": "−1·10¹²",
  };
  for (const [value, text] of Object.entries(expected)) assert.equal(formatNumber(+value), text);
});

test("names in braces are replaced", () => {
  assert.equal(
    substitute("{a} and {b.0}", (name) => name.toUpperCase()),
    "A and B.0",
  );
});

test("a negative number after a plus is subtracted", () => {
  assert.equal(
    substitute("ŷ = {w} x + {b}", () => formatNumber(-2)),
    "ŷ = −2 x − 2",
  );
});
