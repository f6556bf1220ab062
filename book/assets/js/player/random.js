// Random numbers from a seed: the same on every machine.

/** @typedef {ReturnType<typeof randomGenerator>} Random */

/**
 * Return the generator sfc32 (Chris Doty-Humphrey), whose first fifteen values are skipped.
 *
 * @param {number} seed
 */
export function randomGenerator(seed) {
  let a = 0;
  let b = seed >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const bits = () => {
    const result = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let k = 0; k < 15; k++) bits();
  const uniform = () => (bits() + 0.5) / 2 ** 32;
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
    /** @param {number} n */
    permutation(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      return order;
    },
  };
}

/**
 * Return a source of mini-batches: each pass over N samples takes every one once, B at a time.
 *
 * @param {Random} random
 * @param {number} N
 * @param {number} B
 */
export function minibatches(random, N, B) {
  if (N % B) throw Error(`B: expected a divisor of N = ${N}, found ${B}`);
  let order = new Int32Array(0);
  let end = N;
  return {
    next() {
      if (end === N) {
        order = random.permutation(N);
        end = 0;
      }
      end += B;
      return order.subarray(end - B, end);
    },
  };
}
