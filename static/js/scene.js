/** The scene of a replay: a skeleton over a floor, which can be rotated. */

import { context2d } from "./dom.js";
import { colours, drawFigure, drawRing } from "./limbs.js";
import { floorLines, placeJoints, project, rotate } from "./space.js";

/** @typedef {import("./limbs.js").Point} Point */
/** @typedef {import("./parts.js").Sample} Sample */
/** @typedef {import("./space.js").Place} Place */
/** @typedef {import("./space.js").Room} Room */
/** @typedef {{edges: [number, number][], sides: string[], head: number[], feet: number[]}} Skeleton */

/**
 * @typedef {object} View
 * @property {Room} room
 * @property {number} scale metres in a height of the camera's picture
 * @property {boolean} grounded whether the feet are visible: without them the floor's height is unknown
 */

const FRONT = { yaw: 0, pitch: 0.09 };
const TURN_PER_PX = 0.009;
const TURN_PER_KEY = Math.PI / 24;
const MOST_PITCH = 1.3;

/** The radius of the head and the width of a limb, as drawn. */
const HEAD_M = 0.09;
const LIMB_M = 0.04;

export class Scene {
  #canvas;
  #drawing;
  #skeleton;
  #turn = { ...FRONT };

  /** Whether the engine estimates depth; a flat figure cannot be rotated. */
  deep = false;
  /** Called after a rotation, to redraw. */
  onTurn = () => {};

  /** @param {HTMLCanvasElement} canvas @param {Skeleton} skeleton */
  constructor(canvas, skeleton) {
    this.#canvas = canvas;
    this.#skeleton = skeleton;
    this.#drawing = context2d(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#onDrag(event));
    canvas.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Show the camera's view. */
  front() {
    this.#turnTo({ ...FRONT });
  }

  /**
   * @param {Sample | null} sample
   * @param {View} view
   * @param {number[]} minded joints to draw a ring around
   */
  draw(sample, { room, scale, grounded }, minded) {
    const picture = this.#fitCanvas();
    this.#drawing.clearRect(0, 0, picture.width, picture.height);
    if (this.deep && grounded) this.#drawFloor(room, picture);
    if (!sample?.image) return;
    const body = placeJoints(sample, scale).map((point) => (point ? rotate(point, this.#turn, room) : null));
    const points = body.map((point) => (point ? project(point, room, picture) : null));
    const own = colours(this.#canvas);
    const metre = Math.min(picture.width, picture.height) / (2 * room.radius);
    const thick = Math.max(2, LIMB_M * metre);
    this.#drawHead(points, own.middle, thick, HEAD_M * metre);
    drawFigure(this.#drawing, points, { ...this.#skeleton, edges: this.#farFirst(body) }, own, thick);
    for (const joint of minded) {
      const at = points[joint];
      if (at) drawRing(this.#drawing, at, thick * 0.6, own);
    }
  }

  /** @param {(Place | null)[]} body */
  #farFirst(body) {
    /** @param {[number, number]} edge */
    const depth = ([a, b]) => (body[a]?.[2] ?? 0) + (body[b]?.[2] ?? 0);
    return [...this.#skeleton.edges].sort((one, other) => depth(other) - depth(one));
  }

  /** @type {(points: (Point | null)[], colour: string, thick: number, radius: number) => void} */
  #drawHead(points, colour, thick, radius) {
    const seen = this.#skeleton.head.map((joint) => points[joint]).filter((point) => point !== null);
    if (seen.length === 0) return;
    const [x, y] = seen.reduce(([a, b], [c, d]) => [a + c / seen.length, b + d / seen.length], [0, 0]);
    this.#drawing.beginPath();
    this.#drawing.arc(x, y, radius, 0, 2 * Math.PI);
    this.#drawing.lineWidth = thick * 0.8;
    this.#drawing.strokeStyle = colour;
    this.#drawing.stroke();
  }

  /** @param {Room} room @param {{width: number, height: number}} picture */
  #drawFloor(room, picture) {
    this.#drawing.strokeStyle = getComputedStyle(this.#canvas).getPropertyValue("--figure-floor");
    this.#drawing.lineWidth = devicePixelRatio;
    this.#drawing.beginPath();
    for (const [from, to] of floorLines(room)) {
      this.#drawing.moveTo(...project(rotate(from, this.#turn, room), room, picture));
      this.#drawing.lineTo(...project(rotate(to, this.#turn, room), room, picture));
    }
    this.#drawing.stroke();
  }

  #fitCanvas() {
    const { clientWidth, clientHeight } = this.#canvas;
    const [width, height] = [clientWidth, clientHeight].map((px) => Math.round(px * devicePixelRatio));
    if (this.#canvas.width !== width || this.#canvas.height !== height) Object.assign(this.#canvas, { width, height });
    return { width, height };
  }

  /** @param {PointerEvent} down */
  #onDrag(down) {
    if (!this.deep) return;
    this.#canvas.setPointerCapture(down.pointerId);
    const from = { ...this.#turn };
    /** @param {PointerEvent} event */
    const move = (event) => {
      const yaw = from.yaw - (event.clientX - down.clientX) * TURN_PER_PX;
      this.#turnTo({ yaw, pitch: from.pitch + (event.clientY - down.clientY) * TURN_PER_PX });
    };
    const end = () => this.#canvas.removeEventListener("pointermove", move);
    this.#canvas.addEventListener("pointermove", move);
    for (const over of ["pointerup", "pointercancel"]) this.#canvas.addEventListener(over, end, { once: true });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { yaw, pitch } = this.#turn;
    /** @type {Record<string, {yaw: number, pitch: number}>} */
    const turns = {
      ArrowLeft: { yaw: yaw + TURN_PER_KEY, pitch },
      ArrowRight: { yaw: yaw - TURN_PER_KEY, pitch },
      ArrowUp: { yaw, pitch: pitch - TURN_PER_KEY },
      ArrowDown: { yaw, pitch: pitch + TURN_PER_KEY },
      Home: { ...FRONT },
    };
    if (!this.deep || !turns[event.key]) return;
    event.preventDefault();
    this.#turnTo(turns[event.key]);
  }

  /** @param {{yaw: number, pitch: number}} turn */
  #turnTo({ yaw, pitch }) {
    this.#turn = { yaw, pitch: Math.max(-MOST_PITCH, Math.min(MOST_PITCH, pitch)) };
    this.#canvas.dataset.yaw = yaw.toFixed(2);
    this.onTurn();
  }
}
