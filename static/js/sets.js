/**
 * The workout set by set: repetitions, holds, notes about them, and rests. Pure. The server decides when a set begins
 * and ends.
 */

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Note} Note
 * @typedef {import("./wire.js").SetRecord} SetRecord
 *
 * @typedef {object} Rest
 * @property {SetRecord} set the set before it
 * @property {number | null} depth mean of that set's repetitions, 1 at the target; null if this page saw none
 * @property {number} since_ms
 * @property {number | null} until_ms null without a target that says how long
 * @property {boolean} last whether all sets of the target are done
 */

const NOTE_MS = 3500;

/** @type {(state: State, happening: import("./state.js").WorkoutEvent) => State} */
export function reduceEvent(state, happening) {
  switch (happening.type) {
    case "rep":
      return onRep(state, happening.rep);
    case "hold":
      return onHold(state, happening.hold);
    case "set":
      return onSet(state, happening.set, happening.ago_ms);
    default:
      return { ...state, note: note(state, happening.cue.message, "cue", happening.cue.joints) };
  }
}

/**
 * Restore what the server knows about the sets when a workout starts or resumes.
 *
 * @param {State} state
 * @param {import("./wire.js").Ready} ready
 * @returns {State}
 */
export function restoreSets(state, { sets, target, count, held_s, exercise }) {
  const known = { ...state, sets, target, total: count };
  const last = sets.at(-1);
  if (!last) return { ...known, count, held_s: Math.max(state.held_s, held_s) };
  if (last.exercise !== exercise.name) return { ...known, count: 0 };
  if (last.state !== "started") return restoreRest({ ...known, count: 0 }, last);
  const now = { held_s: Math.max(state.held_s, held_s), past_s: Math.max(0, last.held_s - held_s) };
  return { ...enterSet(known, last.number), ...now, count: last.count };
}

/**
 * Between two sets; a page that was reloaded after the last of them does not begin another.
 *
 * @param {State} state
 * @param {SetRecord} set
 * @returns {State}
 */
function restoreRest(state, set) {
  const resting = startRest(state, set, 0);
  return state.phase === "setup" && resting.rest?.last ? resting : state;
}

/**
 * Start counting; after a rest, with the next set from zero.
 *
 * @param {State} state
 * @returns {State}
 */
export function goLive(state) {
  const { now_ms } = state;
  const fresh = state.phase === "rest" ? { count: 0, held_s: 0, past_s: 0, depths: [], rest: null } : {};
  return { ...state, ...fresh, phase: "live", wanted: false, note: null, seen_ms: now_ms, judged_ms: now_ms };
}

/** @param {State} state @param {{seen: boolean, progress: number | null}} answer @returns {State} */
export function onPose(state, { seen, progress }) {
  const { now_ms } = state;
  // While another engine is asked for, the last one may still answer.
  const heard = state.link === "up";
  const next = { ...state, heard, progress, answered_ms: now_ms, seen_ms: seen ? now_ms : state.seen_ms };
  if (progress === null) return next;
  if (state.ready?.exercise.kind !== "hold") return { ...next, judged_ms: now_ms };
  // The clock stands, so the pose is not held. Holding on after the set has ended adds nothing to the next one.
  if (progress === 0 || progress <= (state.progress ?? 0) || isOver(state)) return next;
  return { ...next, judged_ms: now_ms, held_s: longestHeld_s(state, progress), note: dropNote(state.note, "partial") };
}

/**
 * The number of the current set among those of this exercise, or of the next one.
 *
 * @param {State} state
 * @returns {number} 1 for the first
 */
export function ordinal({ sets, ready }) {
  const same = sets.filter(({ exercise }) => exercise === ready?.exercise.name);
  return same.at(-1)?.state === "started" ? same.length : same.length + 1;
}

/**
 * Seconds held: in the current or last hold, or with a target in the whole set.
 *
 * @param {State} state
 */
export function heldInSet({ target, held_s, past_s }) {
  return target ? past_s + held_s : held_s;
}

/**
 * The seconds to show of a hold that goes on: they wait, instead of running backwards, while its start moves on because
 * the body still settles into the pose.
 *
 * @param {State} state @param {number} held_s
 */
function longestHeld_s(state, held_s) {
  return Math.max(state.held_s, held_s);
}

/** @type {(state: State, text: string, kind: import("./state.js").Tone, joints?: number[]) => Note} */
export function note(state, text, kind, joints = []) {
  return { text, kind, joints, until_ms: state.now_ms + NOTE_MS };
}

/** @param {State} state @param {import("./wire.js").Rep} rep @returns {State} */
function onRep(state, { number, set, depth, reason }) {
  if (number <= 0) return { ...state, note: note(state, `Not counted: ${reason}`, "partial") };
  const before = state.sets.filter((one) => one.number < set).reduce((sum, { count }) => sum + count, 0);
  const within = enterSet(state, set);
  const depths = [...within.depths, depth];
  return { ...within, count: number - before, total: number, depths, note: dropNote(state.note, "partial") };
}

/** @param {State} before @param {import("./wire.js").Hold} hold @returns {State} */
function onHold(before, { pose, set, state: what, held_s }) {
  const state = enterSet(before, set);
  const name = state.ready?.exercise.poses[pose] ?? "";
  if (what === "started") {
    const past_s = state === before ? state.past_s + state.held_s : 0;
    return { ...state, held_s, past_s, note: name ? poseNote(name) : null };
  }
  if (what === "running") {
    const shown = name && !state.note ? poseNote(name) : state.note;
    return isOver(state) ? state : { ...state, held_s: longestHeld_s(state, held_s), note: shown };
  }
  // In a flow, leaving a pose is intentional.
  if (name && what === "broken") return { ...state, held_s, note: null };
  const texts = {
    reached: "Target reached: keep holding, or rest.",
    broken: "Out of the pose: come back into it.",
    ended: `${name ? `${name}: held` : "Held"} ${held_s.toFixed(1)} seconds.`,
  };
  return { ...state, held_s, note: note(state, texts[what], what === "broken" ? "partial" : "hold") };
}

/** The name of a flow's pose stays while the pose is held. @param {string} name @returns {Note} */
function poseNote(name) {
  return { text: `${name}.`, kind: "hold", joints: [], until_ms: Infinity };
}

/** A set has begun or ended. @param {State} state @param {SetRecord} set @param {number} ago_ms @returns {State} */
function onSet(state, set, ago_ms) {
  const sets = [...state.sets.filter(({ number }) => number !== set.number), set];
  const next = { ...state, sets };
  if (set.state === "started") return onSetStarted(next, set);
  const resting = set.state === "reached" || set.state === "resting";
  return resting && state.phase === "live" ? startRest(next, set, ago_ms) : next;
}

/** @param {State} state @param {SetRecord} set @returns {State} */
function onSetStarted(state, { number, count }) {
  const next = enterSet(state, number);
  return { ...next, count: Math.max(next.count, count) };
}

/** @param {State} state @param {SetRecord} set @param {number} ago_ms @returns {State} */
function startRest(state, set, ago_ms) {
  const { now_ms, target, depths } = state;
  const reached = set.state === "reached" && target !== null;
  const last = reached && target.sets !== null && ordinal(state) > target.sets;
  const until_ms = reached && !last ? now_ms + 1000 * target.rest_s : null;
  const depth = depths.length ? depths.reduce((sum, one) => sum + one, 0) / depths.length : null;
  const rest = { set, depth, last, until_ms, since_ms: now_ms - ago_ms };
  return { ...state, phase: "rest", note: null, rest };
}

/** Whether the last known set has ended. @param {State} state */
function isOver({ sets, set }) {
  return sets.some((one) => one.number === set && one.state !== "started");
}

/**
 * Enter a set with the first message about it, which also ends a rest.
 *
 * @param {State} state
 * @param {number} number
 * @returns {State}
 */
function enterSet(state, number) {
  if (state.set === number) return state;
  return { ...(state.phase === "rest" ? goLive(state) : state), set: number, count: 0, past_s: 0, depths: [] };
}

/** Drop a note of this kind. @type {(old: Note | null, kind: import("./state.js").Tone) => Note | null} */
function dropNote(old, kind) {
  return old?.kind === kind ? null : old;
}
