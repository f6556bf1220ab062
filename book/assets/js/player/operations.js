// The operations of a tape that work entry by entry, as JavaScript expressions of x, y and z.

/** @type {Record<string, string>} */
export const EXPRESSIONS = {
  add: "x+y",
  subtract: "x-y",
  multiply: "x*y",
  divide: "x/y",
  power: "x**y",
  pow: "x**y",
  maximum: "Math.max(x,y)",
  minimum: "Math.min(x,y)",
  greater: "+(x>y)",
  greater_equal: "+(x>=y)",
  less: "+(x<y)",
  less_equal: "+(x<=y)",
  equal: "+(x===y)",
  not_equal: "+(x!==y)",
  negative: "-x",
  positive: "x",
  absolute: "Math.abs(x)",
  square: "x*x",
  reciprocal: "1/x",
  where: "x?y:z",
  tanh: "tanh(x)",
};
for (const name of ["exp", "expm1", "log", "log1p", "sqrt", "sign", "sin", "cos"]) {
  EXPRESSIONS[name] = `Math.${name}(x)`;
}

/** The positions of the arguments that are literal values and not slots, as in tracer.py. */
export const LITERAL_ARGS = /** @type {Record<string, number[]>} */ ({
  const: [0],
  fill: [0],
  dim: [1],
  pick: [1],
  sum: [1],
  max: [1],
});

const TANH_TABLE = Float64Array.from({ length: 641 }, (_, k) => Math.tanh((k - 320) / 16));

/**
 * tanh to the last digit or two, in half the time of Math.tanh: the addition theorem for the
 * nearest multiple of 1/16, from a table, and the rest, whose series ends after five terms.
 *
 * @param {number} x
 */
export function tanh(x) {
  const clamped = x > 19.9 ? 19.9 : x < -19.9 ? -19.9 : x;
  const k = (clamped * 16 + 320.5) | 0;
  const rest = clamped - (k - 320) / 16;
  const q = rest * rest;
  const a = TANH_TABLE[k];
  const b = rest * (1 + q * (-1 / 3 + q * (2 / 15 + q * (-17 / 315 + q * (62 / 2835)))));
  return (a + b) / (1 + a * b);
}
