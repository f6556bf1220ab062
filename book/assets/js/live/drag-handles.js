// Drag handles: buttons over the picture, moved by mouse, touch or keys.
import { clamp, toPicture } from "./draw.js";
import { formatNumber } from "./format.js";

/** @typedef {import("./types.js").Description} Description */
/** @typedef {import("./types.js").Drag} Drag */
/** @typedef {import("./types.js").Point} Point */

const DIRECTIONS = /** @type {Record<string, Point>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
});

/**
 * Put a handle over every point that can be moved.
 *
 * @param {SVGSVGElement} svg
 * @param {Description} description
 * @param {(index: number, point: Point) => void} onMove
 */
export function addDragHandles(svg, description, onMove) {
  const drag = /** @type {Drag} */ (description.drag);
  const stage = document.createElement("div");
  stage.className = "stage";
  stage.style.maxWidth = svg.style.maxWidth;
  svg.replaceWith(stage);
  stage.append(svg);
  firstPoints(description, drag).forEach((point, i) => {
    const name = drag.kind === "start" ? "start" : `point ${i + 1}`;
    stage.append(dragHandle(svg, description, drag, name, point, (to) => onMove(i, to)));
  });
}

/**
 * Return the points that can be moved.
 *
 * @param {Description} description
 * @param {Drag} drag
 * @returns {Point[]}
 */
function firstPoints({ values }, drag) {
  const given = /** @type {Record<string, any>} */ (values);
  if (drag.kind === "start") return [given[drag.value]];
  const [xs, ys] = [given[drag.x][0], given[drag.y][0]];
  return xs.map((/** @type {number} */ x, /** @type {number} */ i) => [x, ys[i]]);
}

/**
 * Put a point elsewhere, for this run and for those that follow.
 *
 * @param {Description} description
 * @param {import("./run.js").Run} run
 * @param {number} index
 * @param {Point} point
 */
export function movePoint(description, run, index, point) {
  const drag = /** @type {Drag} */ (description.drag);
  const given = /** @type {Record<string, any>} */ (description.values);
  if (drag.kind === "start") {
    given[drag.value] = point;
    run.constants[drag.value].set(point);
    return;
  }
  [drag.x, drag.y].forEach((name, axis) => {
    given[name][0][index] = point[axis];
    run.constants[name][index] = point[axis];
    run.program.inputs[name].set(run.constants[name]);
  });
}

/**
 * Return a handle at a point.
 *
 * @param {SVGSVGElement} svg
 * @param {Description} description
 * @param {Drag} drag
 * @param {string} name
 * @param {Point} point
 * @param {(point: Point) => void} onMove
 */
function dragHandle(svg, description, drag, name, point, onMove) {
  const axes = description.axes[drag.artist];
  const view = svg.viewBox.baseVal;
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = `handle ${drag.kind}`;
  const place = () => {
    const [left, top] = toPicture(axes, point);
    handle.style.left = `${(100 * left) / view.width}%`;
    handle.style.top = `${(100 * top) / view.height}%`;
    const numbers = point.map(formatNumber).join(", ");
    handle.ariaLabel = `${name} at ${numbers}: arrow keys move it`;
  };
  const move = (/** @type {number[]} */ to) => {
    const limited = to.map((v, axis) => +clamp(v, drag.low[axis], drag.high[axis]).toFixed(3));
    point = /** @type {Point} */ (limited);
    place();
    onMove(point);
  };
  handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const box = svg.getBoundingClientRect();
    const [scaleX, shiftX, scaleY, shiftY] = axes;
    move([
      (((event.clientX - box.left) / box.width) * view.width - shiftX) / scaleX,
      (((event.clientY - box.top) / box.height) * view.height - shiftY) / scaleY,
    ]);
  });
  handle.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    const times = event.shiftKey ? 5 : 1;
    move(point.map((v, axis) => v + direction[axis] * drag.step[axis] * times));
  });
  place();
  return handle;
}
