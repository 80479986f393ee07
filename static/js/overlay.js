/** The picture and the skeleton on it. Joints are numbers here: which is which only the server knows. */

import { fit, pictureTransform, toCanvas } from "./viewport.js";

/** More pixels than that are not told apart from two metres, and cost time. */
const MOST_DENSE = 2;
const SEEN = 0.5;
const FULL_CIRCLE = 2 * Math.PI;

/**
 * @typedef {import("./wire.js").Skeleton} Skeleton
 * @typedef {import("./viewport.js").Viewport} Viewport
 * @typedef {{joints: readonly number[], rings: readonly number[]}} Marks joints with a dot, joints with a warning ring
 */

/** A canvas that fills its box, and what is drawn on it. */
export class Overlay {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    const drawing = canvas.getContext("2d", { alpha: false });
    if (!drawing) throw new Error("this browser cannot draw on a canvas");
    this.drawing = drawing;
    this.mirrored = true;
    this.colours = colours(canvas);
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  resize() {
    const density = Math.min(window.devicePixelRatio || 1, MOST_DENSE);
    const { width, height } = this.canvas.getBoundingClientRect();
    Object.assign(this.canvas, { width: Math.round(width * density), height: Math.round(height * density) });
  }

  /**
   * @param {HTMLVideoElement | HTMLCanvasElement} picture
   * @returns {Viewport}
   */
  picture(picture) {
    const { drawing, canvas } = this;
    const size = "videoWidth" in picture ? { width: picture.videoWidth, height: picture.videoHeight } : picture;
    const view = fit(size, canvas, this.mirrored);
    drawing.setTransform(1, 0, 0, 1, 0, 0);
    if (view.left > 0 || view.top > 0) {
      drawing.fillStyle = this.colours.ground;
      drawing.fillRect(0, 0, canvas.width, canvas.height);
    }
    drawing.setTransform(...pictureTransform(view));
    drawing.drawImage(picture, 0, 0, view.width, view.height);
    drawing.setTransform(1, 0, 0, 1, 0, 0);
    return view;
  }

  /**
   * @param {Viewport} view
   * @param {Float32Array} image joints x 4: x, y, z, visibility
   * @param {Skeleton} skeleton
   * @param {Marks} marks
   */
  skeleton(view, image, skeleton, marks) {
    const points = place(view, image);
    drawFigure(this.drawing, points, skeleton, this.colours, limbWidth(points, view.height));
    const width = limbWidth(points, view.height);
    for (const joint of marks.joints) if (points[joint]) dot(this.drawing, points[joint], width, this.colours);
    for (const joint of marks.rings) if (points[joint]) ring(this.drawing, points[joint], width, this.colours);
  }
}

/**
 * @typedef {[number, number]} Point
 * @typedef {{left: string, right: string, middle: string, casing: string, mind: string, ground: string}} Colours
 */

/** The colours of the design, from the style sheet. @param {Element} element @returns {Colours} */
export function colours(element) {
  const style = getComputedStyle(element);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    left: read("--limb-left"),
    right: read("--limb-right"),
    middle: read("--limb-middle"),
    casing: read("--limb-casing"),
    mind: read("--mind"),
    ground: read("--stage"),
  };
}

/**
 * The joints that are seen, on the canvas.
 *
 * @param {Viewport} view
 * @param {ArrayLike<number>} image joints x 4
 * @returns {(Point | null)[]}
 */
export function place(view, image) {
  return Array.from({ length: image.length / 4 }, (_, joint) => {
    const seen = image[4 * joint + 3] >= SEEN && Number.isFinite(image[4 * joint]);
    return seen ? toCanvas(view, image[4 * joint], image[4 * joint + 1]) : null;
  });
}

/**
 * @param {CanvasRenderingContext2D} drawing
 * @param {(Point | null)[]} points
 * @param {Skeleton} skeleton
 * @param {Colours} colours
 * @param {number} width of a limb
 */
export function drawFigure(drawing, points, skeleton, colours, width) {
  drawing.lineCap = "round";
  drawing.lineJoin = "round";
  const limbs = skeleton.edges.filter(([a, b]) => points[a] && points[b]);
  if (colours.casing) for (const [a, b] of limbs) limb(drawing, points[a], points[b], width * 1.7, colours.casing);
  for (const [a, b] of limbs) limb(drawing, points[a], points[b], width, colours[side(skeleton, a, b)]);
}

/** @param {Skeleton} skeleton @param {number} a @param {number} b @returns {"left" | "right" | "middle"} */
function side(skeleton, a, b) {
  const { sides } = skeleton;
  return sides[a] === sides[b] && (sides[a] === "left" || sides[a] === "right") ? sides[a] : "middle";
}

/** @typedef {CanvasRenderingContext2D} Drawing */

/** @type {(drawing: Drawing, a: Point | null, b: Point | null, width: number, colour: string) => void} */
function limb(drawing, a, b, width, colour) {
  if (!a || !b) return;
  drawing.lineWidth = width;
  drawing.strokeStyle = colour;
  drawing.beginPath();
  drawing.moveTo(...a);
  drawing.lineTo(...b);
  drawing.stroke();
}

/** @type {(drawing: Drawing, at: Point, width: number, colours: Colours) => void} */
function dot(drawing, [x, y], width, { middle, casing }) {
  drawing.beginPath();
  drawing.arc(x, y, width * 0.95, 0, FULL_CIRCLE);
  drawing.fillStyle = middle;
  drawing.fill();
  drawing.lineWidth = width * 0.45;
  drawing.strokeStyle = casing;
  drawing.stroke();
}

/** @type {(drawing: Drawing, at: Point, width: number, colours: Colours) => void} */
function ring(drawing, [x, y], width, { mind, casing }) {
  for (const [thick, colour] of /** @type {[number, string][]} */ ([[1.5, casing], [0.9, mind]])) {
    drawing.beginPath();
    drawing.arc(x, y, width * 3.2, 0, FULL_CIRCLE);
    drawing.lineWidth = width * thick;
    drawing.strokeStyle = colour;
    drawing.stroke();
  }
}

/**
 * A limb's width goes with the body's size in the picture, so that a far figure is not buried under its lines.
 *
 * @param {(Point | null)[]} points
 * @param {number} height of the picture
 */
export function limbWidth(points, height) {
  const seen = /** @type {Point[]} */ (points.filter(Boolean));
  if (seen.length < 2) return height / 120;
  const across = spread(seen.map(([x]) => x));
  const down = spread(seen.map(([, y]) => y));
  return Math.max(2, Math.hypot(across, down) / 75);
}

/** @param {number[]} values */
function spread(values) {
  return Math.max(...values) - Math.min(...values);
}
