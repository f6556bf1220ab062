// What nnbook.explorers sends with a live explorer, as JSON.
import type { Tape } from "../player/graph.js";

export type Numbers = number | number[] | number[][];

/** x0, x1, number of columns, y0, y1, number of rows. */
export type Grid = [number, number, number, number, number, number];

/** What the options of a choice may change. */
export interface Settings {
  step: Tape;
  look: Tape[];
  values: Record<string, Numbers>;
  shapes: Record<string, number[]>;
  /** Standard deviations of random first values. */
  random?: Record<string, number>;
  grids?: Record<string, Grid>;
  /** Placeholder → the name of the tape that fills it. */
  bind?: Record<string, string>;
  batch?: { B: number; names: string[] } | null;
}

/** Artist, kind of drawing, and the values that it takes. */
export type Drawing = [string, string, ...any[]];

/** X = scaleX · x + shiftX, Y = scaleY · y + shiftY, of the logarithm where an axis has one. */
export type Axes = [
  scaleX: number,
  shiftX: number,
  scaleY: number,
  shiftY: number,
  logX: number,
  logY: number,
];

export interface Drag {
  kind: "start" | "columns";
  artist: string;
  value: string;
  x: string;
  y: string;
  low: [number, number];
  high: [number, number];
  step: [number, number];
}

export interface Description extends Settings {
  name: string;
  seed: number;
  limit: number;
  /** Steps per second. */
  pace: number;
  /** The step at which the run stops. */
  end: number;
  /** The step that the still picture shows. */
  shown: number;
  /** log10 of the first learning rate. */
  rate: number;
  fillings: Record<string, Tape>;
  choices: { first: number; options: Partial<Settings>[] }[];
  draw: Drawing[];
  axes: Record<string, Axes>;
  /** The rectangle of the axes, for artists that are markers: left, top, right, bottom. */
  box: Record<string, [number, number, number, number]>;
  /** The outline of a marker, relative to its place, for artists that are markers. */
  markers: Record<string, string>;
  drag: Drag | null;
  reading: string;
  diverged: string;
  ended: string;
}

export type Values = Record<string, ArrayLike<number>>;
export type Point = [number, number];
