// Drawing: each artist of the picture is one path, whose data follow from the values of a run.
import { regionOf } from "./region.js";
import { gridLines } from "./settings.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./types.js").Values} Values */
/** @typedef {import("./types.js").Point} Point */
/** @typedef {import("./types.js").Axes} Axes */

/** Lines may leave their axes, where they are cut, but by no more than this. */
const FAR = 2000;

/**
 * The points of each kind of drawing, in the units of the axes.
 *
 * @type {Record<string, (values: Values, args: any[], run: Run) => any[]>}
 */
export const POINTS = {
  trail: (values, [name], run) => [...(run.past[name] ?? []), Array.from(values[name])],
  dot: (values, [name]) => [Array.from(values[name])],
  curve: (values, [xs, ys]) => Array.from(values[xs], (x, i) => [x, values[ys][i]]),
  history: (values, [name], run) => [...(run.past[name] ?? []), [run.t + 1, values[name][0]]],
  ahead: (values, [name], run) => [[run.t + 2, values[name][0]]],
  columns: (values, [xs, ys, mask, wanted]) => {
    const N = mask ? values[mask].length : values[xs].length;
    const shift = xs === ys ? N : 0; // both rows of one matrix
    return Array.from({ length: N }, (_, i) => [values[xs][i], values[ys][i + shift]]).filter(
      (_, i) => !mask || values[mask][i] === wanted,
    );
  },
};

/**
 * Return a number, or the end of the interval that is nearest to it.
 *
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * Return a point of the axes in the units of the picture.
 *
 * @param {Axes} axes
 * @param {Point} point
 * @returns {Point}
 */
export function toPicture([scaleX, shiftX, scaleY, shiftY, logX, logY], [x, y]) {
  return [
    scaleX * (logX ? Math.log10(x) : x) + shiftX,
    scaleY * (logY ? Math.log10(y) : y) + shiftY,
  ];
}

/** @param {Point} point */
const pointText = (point) => point.map((v) => v.toFixed(1)).join(" ");

/**
 * Return the path data of every artist, by name.
 *
 * @param {Run} run
 * @param {Values} values
 * @returns {Record<string, string>}
 */
export function pathsOf(run, values) {
  return Object.fromEntries(
    run.description.draw.map(([artist, kind, ...args]) => [
      artist,
      kind === "region"
        ? regionPath(run, values, artist, args)
        : pointsPath(run, artist, POINTS[kind](values, args, run)),
    ]),
  );
}

/**
 * Return a line through points, or a marker at each. A marker outside stands at the edge.
 *
 * @param {Run} run
 * @param {string} artist
 * @param {any[]} points
 */
function pointsPath({ description }, artist, points) {
  const marker = description.markers[artist];
  const [left, top, right, bottom] = marker ? description.box[artist] : [-FAR, -FAR, FAR, FAR];
  const texts = points
    .map((point) => toPicture(description.axes[artist], point))
    .filter((point) => point.every(Number.isFinite))
    .map(([x, y]) => pointText([clamp(x, left, right), clamp(y, top, bottom)]));
  if (marker) return texts.map((text) => `M${text}${marker}`).join("");
  return texts.length ? `M${texts.join("L")}` : "";
}

/**
 * Return the outline of a region. `args` are the values, the level and the grid.
 *
 * @param {Run} run
 * @param {Values} values
 * @param {string} artist
 * @param {any[]} args
 */
function regionPath({ description, settings }, values, artist, [name, level, grid]) {
  const corner = (/** @type {number} */ x, /** @type {number} */ y) =>
    pointText(toPicture(description.axes[artist], [x, y]));
  const lines = gridLines(/** @type {any} */ (settings).grids[grid]);
  return regionOf(values[name], level, lines)
    .map(
      ({ below, above, low, high }) =>
        `M${corner(below[0], low)}L${corner(below[1], low)}` +
        `L${corner(above[1], high)}L${corner(above[0], high)}z`,
    )
    .join("");
}
