/** A body in space, seen from any side: in metres, x to the picture's right, y down, z away from the camera. */

/** Distance of the eye in metres, near enough for perspective to show. */
const EYE_M = 6;

/** Joints with a lower visibility are not drawn. */
const SEEN = 0.3;

/** Assumed height of the picture in metres without depth: a bit more than a person. */
const FLAT_M = 2.4;

/** @typedef {import("./parts.js").Sample} Sample */
/** @typedef {[number, number, number]} Place */
/** @typedef {{yaw: number, pitch: number}} Turn in radians: around the vertical axis, and from above */
/** @typedef {{centre: Place, floor: number, radius: number}} Room the space that the body moves in */

/** Whether the engine estimated the joints in space. @param {Sample} sample */
export function hasDepth({ world }) {
  return world !== null && world.some((value) => Number.isFinite(value));
}

/**
 * Metres per height of the picture: the world points give the body's size, the image its position.
 *
 * @param {Sample[]} samples
 */
export function metresPerHeight(samples) {
  const found = samples.filter(hasDepth).map(size).filter((value) => Number.isFinite(value) && value > 0);
  found.sort((a, b) => a - b);
  return found.length ? found[found.length >> 1] : FLAT_M;
}

/** @param {Sample} sample */
function size(sample) {
  const [flat, solid] = [spread(seenFlat(sample)), spread(seenSolid(sample))];
  return solid / flat;
}

/** @param {[number, number][]} points */
function spread(points) {
  const [x, y] = mean(points);
  return Math.sqrt(points.reduce((sum, [a, b]) => sum + (a - x) ** 2 + (b - y) ** 2, 0));
}

/** @param {[number, number][]} points @returns {[number, number]} */
function mean(points) {
  const sum = points.reduce(([x, y], [a, b]) => [x + a, y + b], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** @param {Sample} sample @returns {number[]} */
function seen({ image }) {
  if (!image) return [];
  return Array.from({ length: image.length / 4 }, (_, joint) => joint).filter((joint) => image[4 * joint + 3] >= SEEN);
}

/** @param {Sample} sample @returns {[number, number][]} */
function seenFlat(sample) {
  const image = sample.image ?? new Float32Array();
  return seen(sample).map((joint) => [image[4 * joint] * sample.aspect, image[4 * joint + 1]]);
}

/** @param {Sample} sample @returns {[number, number][]} */
function seenSolid(sample) {
  const world = sample.world ?? new Float32Array();
  return seen(sample).map((joint) => [world[3 * joint], world[3 * joint + 1]]);
}

/**
 * The joints in space: the world points, moved to the body's position in the picture; flat without world points.
 *
 * @param {Sample} sample
 * @param {number} scale metres per height of the picture
 * @returns {(Place | null)[]} null for a joint that is not seen
 */
export function placeJoints(sample, scale) {
  const { image, world, aspect } = sample;
  if (!image) return [];
  const drawn = new Set(seen(sample));
  const joints = Array.from({ length: image.length / 4 }, (_, joint) => joint);
  if (!world || !hasDepth(sample)) {
    return joints.map((j) => (drawn.has(j) ? [image[4 * j] * aspect * scale, image[4 * j + 1] * scale, 0] : null));
  }
  const [flat, solid] = [mean(seenFlat(sample)), mean(seenSolid(sample))];
  const [x, y] = [flat[0] * scale - solid[0], flat[1] * scale - solid[1]];
  return joints.map((j) => (drawn.has(j) ? [world[3 * j] + x, world[3 * j + 1] + y, world[3 * j + 2]] : null));
}

/**
 * The room that holds nearly all of the movement, and the height of its floor.
 *
 * @param {(Place | null)[][]} bodies
 * @returns {Room}
 */
export function roomOf(bodies) {
  const points = bodies.flat().filter((point) => point !== null);
  if (points.length === 0) return { centre: [0, 0, 0], floor: 1, radius: 1 };
  const [left, right] = edges(points.map(([x]) => x));
  const [top, bottom] = edges(points.map(([, y]) => y));
  const [near, far] = edges(points.map(([, , z]) => z));
  const radius = Math.max(bottom - top, right - left, far - near) / 2;
  return {
    centre: [(left + right) / 2, (top + bottom) / 2, (near + far) / 2],
    floor: bottom,
    radius: Math.max(0.3, radius * 1.2),
  };
}

/** @param {number[]} values @returns {[number, number]} without the outermost 1% at either end */
function edges(values) {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  return [sorted[Math.round(0.01 * last)], sorted[Math.round(0.99 * last)]];
}

/**
 * @param {Place} point
 * @param {Turn} turn
 * @param {Room} room
 * @returns {Place} rotated, relative to the middle of the room
 */
export function rotate([px, py, pz], { yaw, pitch }, { centre: [cx, cy, cz] }) {
  const [x, y, z] = [px - cx, py - cy, pz - cz];
  const [across, away] = [x * Math.cos(yaw) + z * Math.sin(yaw), z * Math.cos(yaw) - x * Math.sin(yaw)];
  return [across, y * Math.cos(pitch) - away * Math.sin(pitch), away * Math.cos(pitch) + y * Math.sin(pitch)];
}

/**
 * @param {Place} point as `rotate` gives it
 * @param {Room} room
 * @param {{width: number, height: number}} picture
 * @returns {[number, number]} its position in the picture
 */
export function project([x, y, z], { radius }, { width, height }) {
  const scale = (Math.min(width, height) / (2 * radius)) * (EYE_M / (EYE_M + z));
  return [width / 2 + x * scale, height / 2 + y * scale];
}

/**
 * The lines of a floor under the room, in steps of half a metre.
 *
 * @param {Room} room
 * @returns {[Place, Place][]}
 */
export function floorLines({ centre: [x, , z], floor, radius }) {
  const reach = Math.ceil(radius * 2) / 2;
  /** @type {[Place, Place][]} */
  const lines = [];
  for (let at = -reach; at <= reach; at += 0.5) {
    lines.push([[x + at, floor, z - reach], [x + at, floor, z + reach]]);
    lines.push([[x - reach, floor, z + at], [x + reach, floor, z + at]]);
  }
  return lines;
}
