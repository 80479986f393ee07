/** Draws the picture and the skeleton on it. Joints are only numbers here: the server knows which is which. */

import { context2d } from "./dom.js";
import { boxIn, contour } from "./figure.js";
import { colours, drawDot, drawFigure, drawRing, limbWidth } from "./limbs.js";
import { fit, pictureTransform, toCanvas } from "./viewport.js";

/** A higher pixel density cannot be seen from two metres, and costs time. */
const MOST_DENSE = 2;
const SEEN = 0.5;
/** The outline takes up at most these parts of the window, since the set-up's panel lies beside it. */
const OUTLINE_HEIGHT = 0.8;
const OUTLINE_WIDTH = { wide: 0.41, upright: 0.8 };

/**
 * @typedef {import("./wire.js").Skeleton} Skeleton
 * @typedef {import("./viewport.js").Viewport} Viewport
 * @typedef {import("./figure.js").Figure} Figure
 * @typedef {{joints: readonly number[], rings: readonly number[]}} Marks joints with a dot, joints with a warning ring
 */

/** A canvas that fills its box. */
export class Overlay {
  #canvas;
  #drawing;
  #colours;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#drawing = context2d(canvas, { alpha: false });
    this.mirrored = true;
    this.#colours = colours(canvas);
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
  }

  #resize() {
    const density = Math.min(window.devicePixelRatio || 1, MOST_DENSE);
    const { width, height } = this.#canvas.getBoundingClientRect();
    Object.assign(this.#canvas, { width: Math.round(width * density), height: Math.round(height * density) });
    this.#drawing.fillStyle = this.#colours.ground;
    this.#drawing.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /**
   * @param {HTMLVideoElement | import("./dom.js").Canvas} picture
   * @returns {Viewport}
   */
  drawPicture(picture) {
    const [drawing, canvas] = [this.#drawing, this.#canvas];
    const size = "videoWidth" in picture ? { width: picture.videoWidth, height: picture.videoHeight } : picture;
    const view = fit(size, canvas, this.mirrored);
    drawing.setTransform(1, 0, 0, 1, 0, 0);
    if (view.left > 0 || view.top > 0) {
      drawing.fillStyle = this.#colours.ground;
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
  drawSkeleton(view, image, skeleton, marks) {
    const points = place(view, image);
    const width = limbWidth(points, view.height);
    drawFigure(this.#drawing, points, skeleton, this.#colours, width);
    for (const joint of marks.joints) if (points[joint]) drawDot(this.#drawing, points[joint], width, this.#colours);
    for (const joint of marks.rings) if (points[joint]) drawRing(this.#drawing, points[joint], width, this.#colours);
  }

  /**
   * The outline to step into: the exercise's starting position, in the middle of the visible picture.
   *
   * @param {Viewport} view
   * @param {Figure} figure
   */
  drawOutline(view, figure) {
    const [drawing, canvas] = [this.#drawing, this.#canvas];
    const height = Math.min(canvas.height, view.height);
    const width = Math.min(canvas.width, view.width);
    const top = Math.max(0, view.top);
    const part = canvas.width > canvas.height ? OUTLINE_WIDTH.wide : OUTLINE_WIDTH.upright;
    const box = boxIn(figure, {
      left: (canvas.width - width * part) / 2,
      top: top + (height * (1 - OUTLINE_HEIGHT)) / 2,
      width: width * part,
      height: height * OUTLINE_HEIGHT,
    });
    const { line, margin } = contour(figure, box, this.mirrored);
    drawing.drawImage(line, box.left - margin, box.top - margin);
  }
}

/**
 * The visible joints, on the canvas.
 *
 * @param {Viewport} view
 * @param {ArrayLike<number>} image joints x 4
 * @returns {(import("./limbs.js").Point | null)[]}
 */
export function place(view, image) {
  return Array.from({ length: image.length / 4 }, (_, joint) => {
    const seen = image[4 * joint + 3] >= SEEN && Number.isFinite(image[4 * joint]);
    return seen ? toCanvas(view, image[4 * joint], image[4 * joint + 1]) : null;
  });
}
