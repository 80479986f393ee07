/**
 * The wire protocol, version 1: decodes bytes and plain objects into typed records. Pure. The server's half is
 * `webapp/gateway/wire.py`; both are tested with the same golden files.
 */

const VERSION = 1;

/** Numbers a joint: x, y (of the unmirrored picture, 0 to 1), z, visibility. */
const VALUES_PER_JOINT = 4;

/**
 * @typedef {{joints: string[], edges: [number, number][], sides: string[]}} Skeleton
 * `sides` says for every joint whether it is `left`, `right` or `middle`.
 *
 * @typedef {{name: string, title: string, kind: "reps" | "hold", joints: number[],
 *   target_s: number | null, poses: Record<string, string>}} Exercise
 * `joints`: those it needs; `target_s`: how long to hold it; `poses`: the titles of the poses of a flow.
 *
 * @typedef {object} Ready
 * @property {string} workout
 * @property {string} resume the secret for resuming this workout
 * @property {Skeleton} skeleton
 * @property {Exercise} exercise
 * @property {number} in_flight how many frames may be in flight
 * @property {number} count repetitions so far, of the whole workout
 * @property {boolean} counting
 * @property {number} held_s
 * @property {string} engine
 * @property {SetRecord[]} sets so far, oldest first; the last may be under way
 * @property {Target | null} target
 *
 * @typedef {object} PoseAnswer
 * @property {number} seq every frame up to it is answered
 * @property {Float32Array | null} image joints x 4: x, y, z, visibility; null for nobody in view
 * @property {number | null} progress part of the target range (0 to 1) or seconds held; null: cannot be judged
 *
 * @typedef {{number: number, set: number, depth: number, faults: string[], reason: string}} Rep
 * @typedef {{number: number, pose: string, set: number, held_s: number,
 *   state: "started" | "running" | "broken" | "reached" | "ended"}} Hold
 *
 * @typedef {{number: number, exercise: string, end_s: number, count: number, held_s: number,
 *   state: "started" | "reached" | "resting" | "ended", target: number | null}} SetRecord
 * What was done of one exercise between two rests; `end_s`: when its last repetition or hold ended, on the epoch clock.
 *
 * @typedef {{amount: number, rest_s: number, sets: number | null}} Target
 * The target of each set: repetitions or seconds held, by the exercise's kind.
 *
 * @typedef {{rule: string, message: string, severity: number, joints: number[]}} Cue
 * @typedef {{name: string, done: boolean, message: string}} Check
 * @typedef {{checks: Check[]}} Setup
 * @typedef {{code: string, message: string, seq?: number}} Problem
 */

/** A message that does not follow the protocol. */
export class WireError extends Error {}

/**
 * @typedef {object} Wish
 * @property {string} [resume] the secret of a workout to resume
 * @property {string} [engine] empty for the server's own
 * @property {Target | null} [target]
 * @property {number | null} [body_kg]
 */

/**
 * The payload of `start`, without what is not asked for. To remove the target of a running workout, it is null.
 *
 * @param {string} exercise
 * @param {Wish} [wish]
 * @returns {object}
 */
export function encodeStart(exercise, { resume, engine, target, body_kg } = {}) {
  const wished = { ...(resume && { resume }), ...(engine && { engine }), ...(body_kg && { body_kg }) };
  const aim = target ? { target: encodeTarget(target) } : resume && target === null && { target };
  return { v: VERSION, exercise, ...wished, ...aim };
}

/** @param {Target} target */
function encodeTarget({ amount, rest_s, sets }) {
  return { amount, rest_s, ...(sets && { sets }) };
}

/**
 * @param {unknown} message
 * @returns {Ready}
 */
export function decodeReady(message) {
  const ready = /** @type {Ready} */ (record(message, "ready"));
  const { v } = /** @type {{v?: number}} */ (message);
  if (v !== VERSION) throw new WireError(`the server speaks version ${v} of the wire, this page ${VERSION}: reload it`);
  if (!ready.skeleton?.joints || !ready.exercise?.name) throw new WireError("`ready` lacks its skeleton or exercise");
  return { ...ready, sets: ready.sets ?? [], target: ready.target ?? null };
}

/**
 * @param {unknown} seq
 * @param {unknown} bytes float32, little endian
 * @param {unknown} progress
 * @returns {PoseAnswer}
 */
export function decodePose(seq, bytes, progress) {
  if (typeof seq !== "number" || !Number.isInteger(seq)) throw new WireError("`pose` lacks its number");
  return { seq, image: decodeJoints(bytes), progress: typeof progress === "number" ? progress : null };
}

/**
 * @param {unknown} bytes
 * @returns {Float32Array | null}
 */
function decodeJoints(bytes) {
  if (bytes === null || bytes === undefined) return null;
  const { buffer, start, length } = span(bytes);
  if (length === 0 || length % (4 * VALUES_PER_JOINT) !== 0) throw new WireError(`a pose of ${length} bytes`);
  const view = new DataView(buffer, start, length);
  return Float32Array.from({ length: length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** @param {unknown} bytes */
function span(bytes) {
  if (bytes instanceof ArrayBuffer) return { buffer: bytes, start: 0, length: bytes.byteLength };
  if (ArrayBuffer.isView(bytes)) return { buffer: bytes.buffer, start: bytes.byteOffset, length: bytes.byteLength };
  throw new WireError("a pose that is not bytes");
}

/**
 * A message that must be an object: a flat record, `ready` or `error`.
 *
 * @param {unknown} message
 * @param {string} name
 * @returns {object}
 */
export function record(message, name) {
  if (typeof message !== "object" || message === null) throw new WireError(`\`${name}\` is not an object`);
  return message;
}
