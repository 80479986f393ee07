/** A recorded figure: a person as lines, at rest or in movement. */

import { drawFigure } from "./limbs.js";

/**
 * @typedef {object} Figure
 * @property {number} fps
 * @property {number} aspect width / height of the box that the figure moves in
 * @property {[number, number][]} edges
 * @property {string[]} sides left, right or middle, for every point
 * @property {number} rest the frame to begin from
 * @property {number} peak the frame that says most
 * @property {(number | null)[][]} frames x, y of every point, 0 to 1 of the box; null where unseen
 * @property {number[]} torso the points round the trunk, the two at the neck first
 * @property {[number, number, number][]} heads x, y and radius, in parts of the box's height, for every frame
 */

/** @typedef {[number, number] | null} Point */

/** A limb's width as a part of the head's radius: as a line, and as flesh. */
const LIMB_PART = 0.55;
const FLESH_PART = 1.45;
const OUTLINE_ALPHA = 0.16;

/**
 * @param {string} address empty for no figure
 * @returns {Promise<Figure | null>} null also where it cannot be had: nothing depends on it
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
 * A frame's points in a box on the canvas.
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
 * The largest box of the figure's shape inside of another, standing on its floor.
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
 * @param {CanvasRenderingContext2D} drawing
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

/** @type {{key: string, line: HTMLCanvasElement, margin: number} | null} */
let last = null;

/**
 * The outline of a figure at rest, as a picture that is larger than its box by `margin` on every side.
 *
 * @param {Figure} figure
 * @param {{width: number, height: number}} box
 * @param {boolean} mirrored
 * @returns {{line: HTMLCanvasElement, margin: number}}
 */
export function contour(figure, { width, height }, mirrored) {
  const key = [width, height, mirrored].join();
  if (last?.key === key) return last;
  const body = figure.heads[figure.rest][2] * height * FLESH_PART;
  const margin = Math.ceil(body);
  const box = { left: margin, top: margin, width, height };
  const size = { width: width + 2 * margin, height: height + 2 * margin };
  const whole = silhouette(figure, box, body, size, mirrored);
  const inside = silhouette(figure, box, body - Math.max(5, height / 90), size, mirrored);
  const line = silhouette(figure, box, body, size, mirrored);
  const drawing = line.getContext("2d");
  if (drawing) {
    drawing.resetTransform();
    drawing.globalCompositeOperation = "destination-out";
    drawing.drawImage(inside, 0, 0);
    drawing.globalCompositeOperation = "destination-over";
    drawing.globalAlpha = OUTLINE_ALPHA;
    drawing.drawImage(whole, 0, 0);
  }
  last = { key, line, margin };
  return last;
}

/**
 * @param {Figure} figure
 * @param {{left: number, top: number, width: number, height: number}} box
 * @param {number} thick
 * @param {{width: number, height: number}} size of the picture
 * @param {boolean} mirrored
 * @returns {HTMLCanvasElement}
 */
function silhouette(figure, box, thick, size, mirrored) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const drawing = canvas.getContext("2d");
  if (!drawing) return canvas;
  if (mirrored) drawing.setTransform(-1, 0, 0, 1, canvas.width, 0);
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
  return canvas;
}
