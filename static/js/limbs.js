/** Draws limbs and joints: left in one colour, right in another. */

const FULL_CIRCLE = 2 * Math.PI;

/** @typedef {import("./dom.js").Drawing} Drawing */
/** @typedef {{edges: [number, number][], sides: string[]}} Bones `sides`: left, right or middle for every joint */

/**
 * @typedef {[number, number]} Point
 * @typedef {{left: string, right: string, middle: string, casing: string, mind: string, ground: string}} Colours
 */

/** The colours from the style sheet. @param {Element} element @returns {Colours} */
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
 * @param {Drawing} drawing
 * @param {(Point | null)[]} points
 * @param {Bones} skeleton
 * @param {Colours} colours
 * @param {number} width of a limb
 */
export function drawFigure(drawing, points, skeleton, colours, width) {
  drawing.lineCap = "round";
  drawing.lineJoin = "round";
  const limbs = skeleton.edges.filter(([a, b]) => points[a] && points[b]);
  if (colours.casing) for (const [a, b] of limbs) drawLimb(drawing, points[a], points[b], width * 1.7, colours.casing);
  for (const [a, b] of limbs) drawLimb(drawing, points[a], points[b], width, colours[side(skeleton, a, b)]);
}

/** @param {Bones} skeleton @param {number} a @param {number} b @returns {"left" | "right" | "middle"} */
function side(skeleton, a, b) {
  const { sides } = skeleton;
  return sides[a] === sides[b] && (sides[a] === "left" || sides[a] === "right") ? sides[a] : "middle";
}

/** @type {(drawing: Drawing, a: Point | null, b: Point | null, width: number, colour: string) => void} */
function drawLimb(drawing, a, b, width, colour) {
  if (!a || !b) return;
  drawing.lineWidth = width;
  drawing.strokeStyle = colour;
  drawing.beginPath();
  drawing.moveTo(...a);
  drawing.lineTo(...b);
  drawing.stroke();
}

/** @type {(drawing: Drawing, at: Point, width: number, colours: Colours) => void} */
export function drawDot(drawing, [x, y], width, { middle, casing }) {
  drawing.beginPath();
  drawing.arc(x, y, width * 0.95, 0, FULL_CIRCLE);
  drawing.fillStyle = middle;
  drawing.fill();
  drawing.lineWidth = width * 0.45;
  drawing.strokeStyle = casing;
  drawing.stroke();
}

/** @type {(drawing: Drawing, at: Point, width: number, colours: Colours) => void} */
export function drawRing(drawing, [x, y], width, { mind, casing }) {
  for (const [thick, colour] of /** @type {[number, string][]} */ ([[1.5, casing], [0.9, mind]])) {
    drawing.beginPath();
    drawing.arc(x, y, width * 3.2, 0, FULL_CIRCLE);
    drawing.lineWidth = width * thick;
    drawing.strokeStyle = colour;
    drawing.stroke();
  }
}

/**
 * A limb's width, in proportion to the body's size in the picture, so that lines do not cover a distant figure.
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
