/** A recorded figure: a stick figure at rest or in motion. */

import { context2d } from "./dom.js";
import { drawFigure } from "./limbs.js";

/**
 * @typedef {object} Figure
 * @property {number} fps
 * @property {number} aspect width / height of the box that the figure moves in
 * @property {[number, number][]} edges
 * @property {string[]} sides left, right or middle, for every point
 * @property {number} rest the frame of the starting position
 * @property {number} peak the most typical frame
 * @property {(number | null)[][]} frames x, y of every point, 0 to 1 of the box; null if not visible
 * @property {number[]} torso the points round the trunk, the two at the neck first
 * @property {[number, number, number][]} heads x, y and radius, in parts of the box's height, for every frame
 */

/** @typedef {import("./dom.js").Canvas} Canvas */
/** @typedef {[number, number] | null} Point */

/** A limb's width in radii of the head: as a line, and as part of the outline. */
const LIMB_PART = 0.55;
const FLESH_PART = 1.45;
const OUTLINE_ALPHA = 0.16;

/**
 * @param {string} address empty for no figure
 * @returns {Promise<Figure | null>} null if not available: nothing depends on it
 */
export async function loadFigure(address) {
  if (!address) return null;
  try {
    const answer = await fetch(address);
    return answer.ok ? /** @type {Figure} */ (await answer.json()) : null;
  } catch {
    return null;
  }
}

/**
 * The points of a frame, placed in a box on the canvas.
 *
 * @param {Figure} figure
 * @param {number} frame
 * @param {{left: number, top: number, width: number, height: number}} box
 * @returns {Point[]}
 */
export function pointsIn(figure, frame, { left, top, width, height }) {
  const values = figure.frames[frame];
  return Array.from({ length: values.length / 2 }, (_, i) => {
    const x = values[2 * i];
    const y = values[2 * i + 1];
    return x === null || y === null ? null : [left + x * width, top + y * height];
  });
}

/**
 * The largest box of the figure's aspect inside another, standing on its floor.
 *
 * @param {Figure} figure
 * @param {{left: number, top: number, width: number, height: number}} within
 */
export function boxIn({ aspect }, { left, top, width, height }) {
  const wide = Math.min(width, height * aspect);
  const high = wide / aspect;
  return { left: left + (width - wide) / 2, top: top + height - high, width: wide, height: high };
}

/**
 * @param {import("./dom.js").Drawing} drawing
 * @param {Figure} figure
 * @param {number} frame
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {import("./limbs.js").Colours} colours
 */
export function drawWhole(drawing, figure, frame, box, colours) {
  const [x, y, radius] = figure.heads[frame];
  const width = radius * box.height * LIMB_PART;
  drawing.beginPath();
  drawing.arc(box.left + x * box.width, box.top + y * box.height, radius * box.height, 0, 2 * Math.PI);
  drawing.lineWidth = width * 0.8;
  drawing.strokeStyle = colours.middle;
  drawing.stroke();
  drawFigure(drawing, pointsIn(figure, frame, box), figure, colours, width);
}

/**
 * The last outline, because it is the same from frame to frame.
 *
 * @type {{figure: Figure, key: string, line: Canvas, margin: number} | null}
 */
let last = null;

/**
 * The outline of a figure at rest, as a picture that exceeds its box by `margin` on every side.
 *
 * @param {Figure} figure
 * @param {{width: number, height: number}} box
 * @param {boolean} mirrored
 * @returns {{line: Canvas, margin: number}}
 */
export function contour(figure, { width, height }, mirrored) {
  const key = [width, height, mirrored].join();
  if (last?.figure === figure && last.key === key) return last;
  const body = figure.heads[figure.rest][2] * height * FLESH_PART;
  const margin = Math.ceil(body);
  const size = { width: width + 2 * margin, height: height + 2 * margin };
  const whole = silhouette(figure, { left: margin, top: margin, width, height }, body, size, mirrored);
  const line = edge(whole, Math.max(3, height / 160));
  last = { figure, key, line, margin };
  return last;
}

/**
 * The rim of a shape, lightly filled. Its inside is what remains after intersecting it with shifted copies.
 *
 * @param {Canvas} whole
 * @param {number} thick
 * @returns {Canvas}
 */
function edge(whole, thick) {
  const [inside, line] = [copy(whole), copy(whole)];
  inside.globalCompositeOperation = "destination-in";
  for (let turn = 0; turn < 16; turn += 1) {
    const angle = (turn / 16) * 2 * Math.PI;
    inside.drawImage(whole, thick * Math.cos(angle), thick * Math.sin(angle));
  }
  line.globalCompositeOperation = "destination-out";
  line.drawImage(inside.canvas, 0, 0);
  line.globalCompositeOperation = "destination-over";
  line.globalAlpha = OUTLINE_ALPHA;
  line.drawImage(whole, 0, 0);
  return line.canvas;
}

/** @param {Canvas} source */
function copy(source) {
  const drawing = blank(source);
  drawing.drawImage(source, 0, 0);
  return drawing;
}

/** @param {{width: number, height: number}} size */
function blank({ width, height }) {
  return context2d(Object.assign(document.createElement("canvas"), { width, height }));
}

/**
 * @param {Figure} figure
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {number} thick
 * @param {{width: number, height: number}} size of the picture
 * @param {boolean} mirrored
 * @returns {Canvas}
 */
function silhouette(figure, box, thick, size, mirrored) {
  const drawing = blank(size);
  if (mirrored) drawing.setTransform(-1, 0, 0, 1, drawing.canvas.width, 0);
  const points = pointsIn(figure, figure.rest, box);
  const [x, y, radius] = figure.heads[figure.rest];
  const [neckLeft, neckRight] = figure.torso.map((point) => points[point] ?? [0, 0]);
  const head = /** @type {[number, number]} */ ([box.left + x * box.width, box.top + y * box.height]);
  const white = { strokeStyle: "#fff", fillStyle: "#fff" };
  Object.assign(drawing, { ...white, lineWidth: thick, lineCap: "round", lineJoin: "round" });
  drawing.beginPath();
  for (const [a, b] of figure.edges) {
    const [from, to] = [points[a], points[b]];
    if (!from || !to) continue;
    drawing.moveTo(...from);
    drawing.lineTo(...to);
  }
  drawing.moveTo((neckLeft[0] + neckRight[0]) / 2, (neckLeft[1] + neckRight[1]) / 2);
  drawing.lineTo(...head);
  drawing.stroke();
  drawing.beginPath();
  for (const point of figure.torso) drawing.lineTo(...(points[point] ?? [0, 0]));
  drawing.fill();
  drawing.beginPath();
  drawing.arc(...head, radius * box.height * 0.75 + thick / 4, 0, 2 * Math.PI);
  drawing.fill();
  return drawing.canvas;
}
