// A link to a run holds its seed, its rate and its choices.

/**
 * @typedef {object} LinkedRun
 * @property {number} seed
 * @property {number} eta
 * @property {number[]} choice
 */

/**
 * Return the query and fragment that lead to a run.
 *
 * @param {string} name
 * @param {LinkedRun} run
 * @param {string} id that of the figure
 */
export function linkTo(name, { seed, eta, choice }, id) {
  return `?live=${name}&seed=${seed}&eta=${Number(eta.toPrecision(4))}&choice=${choice}#${id}`;
}

/**
 * Return the run of an explorer that an address asks for, or null. What is no number is NaN.
 *
 * @param {string} name
 * @param {string} query
 * @returns {LinkedRun | null}
 */
export function linkedRun(name, query) {
  const parameters = new URLSearchParams(query);
  if (parameters.get("live") !== name) return null;
  const choice = (parameters.get("choice") ?? "").split(",");
  return {
    seed: Number(parameters.get("seed")) >>> 0,
    eta: Number(parameters.get("eta")),
    choice: choice.map((text) => (text === "" ? NaN : Number(text))),
  };
}
