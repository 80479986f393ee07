/**
 * The state of the workout page, and how each event changes it. Pure: every call gets the time and returns a new state.
 * Repetitions, holds and sets are in `sets.js`.
 */

import { isDone, letStart, mergeChecks, UNPLACED } from "./checks.js";
import { goLive, note, onPose, reduceEvent, restoreSets } from "./sets.js";

/**
 * @typedef {import("./wire.js").Check} Check
 * @typedef {import("./wire.js").Ready} Ready
 *
 * @typedef {"asking" | "open" | "refused" | "missing" | "busy" | "insecure" | "ended"} Camera `ended`: while in use
 * @typedef {"connecting" | "up" | "lost" | "full" | "failed"} Link
 * @typedef {"setup" | "countdown" | "live" | "rest" | "paused" | "done"} Phase
 * @typedef {"cue" | "partial" | "hold" | "notice"} Tone
 *
 * @typedef {{text: string, kind: Tone, until_ms: number, joints: number[]}} Note
 *
 * @typedef {object} Options
 * @property {number} countdown_s 0 starts at once
 * @property {"checks" | "hand" | "now"} start when all checks are done, by hand, or as soon as the server is ready
 *
 * @typedef {object} State
 * @property {Options} options
 * @property {Camera} camera
 * @property {Link} link
 * @property {boolean} heard whether a pose was answered since the link is up: an engine may take a while to open
 * @property {Phase} phase
 * @property {Ready | null} ready
 * @property {Check[]} checks
 * @property {number | null} clearSince_ms since when every check is done
 * @property {number | null} placedSince_ms since when every check that is needed is done
 * @property {number} goAt_ms when the countdown ends
 * @property {import("./wire.js").Target | null} target
 * @property {import("./wire.js").SetRecord[]} sets all that the server has sent, oldest first
 * @property {number} set number of the current set, or of the last one
 * @property {number} count its repetitions
 * @property {number} total repetitions of the whole workout
 * @property {number} held_s of the current hold, or of the last one
 * @property {number} past_s of the earlier holds of its set
 * @property {number[]} depths of the set's repetitions, as far as this page saw them
 * @property {import("./sets.js").Rest | null} rest
 * @property {boolean} wanted whether start was pressed before everything was ready
 * @property {number | null} progress
 * @property {number} seen_ms when somebody was last in view
 * @property {number} judged_ms when the movement could last be judged
 * @property {number} answered_ms when the last answer came
 * @property {Note | null} note
 * @property {number} active_ms time spent live
 * @property {number} now_ms
 * @property {string} problem the server's last error message
 * @property {boolean} wrongEngine whether that error is about the engine
 * @property {boolean} kept whether the summary is ready
 * @property {boolean} unsaved whether the server cannot save at the moment
 *
 * @typedef {{type: "tick"} | {type: "start"} | {type: "pause"} | {type: "stop"}
 *   | {type: "camera", camera: Camera} | {type: "link", link: Link}
 *   | {type: "ready", ready: Ready} | {type: "pose", seen: boolean, progress: number | null}
 *   | {type: "rep", rep: import("./wire.js").Rep} | {type: "hold", hold: import("./wire.js").Hold}
 *   | {type: "set", set: import("./wire.js").SetRecord, ago_ms: number}
 *   | {type: "cue", cue: import("./wire.js").Cue} | {type: "setup", checks: Check[]}
 *   | {type: "problem", problem: import("./wire.js").Problem} | {type: "summary"} | {type: "saved"}
 *   | {type: "options", options: Partial<Options>} | {type: "engine"} | {type: "restore", active_ms: number}} Happening
 */

/** Longer steps do not count as live: the page slept or was held up. */
const LONGEST_STEP_MS = 1000;
/** The code of the error that says so; `saved` follows once the store is back. */
const NOT_SAVED = "not_saved";
/** Errors that another engine solves. */
const ENGINE_CODES = ["backend_unavailable", "joints_missing", "unknown_engine"];

/**
 * @param {Options} options
 * @param {number} now_ms
 * @returns {State}
 */
export function initial(options, now_ms) {
  return {
    options,
    camera: "asking",
    link: "connecting",
    heard: false,
    phase: "setup",
    ready: null,
    checks: [],
    ...UNPLACED,
    goAt_ms: 0,
    target: null,
    sets: [],
    set: 0,
    count: 0,
    total: 0,
    held_s: 0,
    past_s: 0,
    depths: [],
    rest: null,
    wanted: false,
    progress: null,
    seen_ms: now_ms,
    judged_ms: now_ms,
    answered_ms: now_ms,
    note: null,
    active_ms: 0,
    now_ms,
    problem: "",
    wrongEngine: false,
    kept: false,
    unsaved: false,
  };
}

/** Whether the workout has ended and its summary is ready. @param {State} state */
export function isOver({ kept, unsaved }) {
  return kept && !unsaved;
}

/** Whether pictures go to the server and poses come back. @param {State} state */
function isServed({ link, camera, heard }) {
  return link === "up" && camera === "open" && heard;
}

/**
 * Whether the server should count: also during a rest, since some people start early, but not after the last set.
 *
 * @param {State} state
 */
export function counts({ phase, rest }) {
  return phase === "live" || (phase === "rest" && !rest?.last);
}

/**
 * Whether a workout with something done can end in the set-up, for example that of its next exercise.
 *
 * @param {State} state
 */
export function canFinish({ phase, sets }) {
  return phase === "setup" && sets.length > 0;
}

/** Whether a workout is under way that can be stopped. @param {State} state */
export function canStop(state) {
  return ["live", "rest", "paused"].includes(state.phase) || canFinish(state);
}

/**
 * @param {State} before
 * @param {Happening} happening
 * @param {number} now_ms
 * @returns {State}
 */
export function reduce(before, happening, now_ms) {
  const running = before.phase === "live" && isServed(before);
  const spent_ms = running ? Math.min(LONGEST_STEP_MS, Math.max(0, now_ms - before.now_ms)) : 0;
  const state = { ...before, now_ms, active_ms: before.active_ms + spent_ms };
  return change(state, happening);
}

/**
 * @param {State} state
 * @param {Happening} happening
 * @returns {State}
 */
function change(state, happening) {
  switch (happening.type) {
    case "rep":
    case "hold":
    case "set":
    case "cue":
      return reduceEvent(state, happening);
    case "ready":
      return onReady(state, happening.ready);
    case "pose":
      return onPose(state, happening);
    case "setup":
      return onChecks(state, happening.checks);
    case "problem":
      return onProblem(state, happening.problem);
    case "summary":
      return { ...state, phase: "done", kept: true };
    case "saved":
      return { ...state, unsaved: false };
    case "tick":
    case "start":
    case "pause":
    case "stop":
      return onCommand(state, happening.type);
    default:
      return reducePage(state, happening);
  }
}

/**
 * @typedef {Extract<Happening, {type: "rep" | "hold" | "set" | "cue"}>} WorkoutEvent
 * @typedef {"camera" | "link" | "restore" | "options" | "engine"} PageEvent
 */

/** @type {(state: State, happening: Extract<Happening, {type: PageEvent}>) => State} */
function reducePage(state, happening) {
  switch (happening.type) {
    case "camera":
      return onCamera(state, happening.camera);
    case "link":
      return onLink(state, happening.link);
    case "engine":
      return forgetEngine(state);
    case "options":
      return { ...state, options: { ...state.options, ...happening.options } };
    default:
      return { ...state, active_ms: happening.active_ms };
  }
}

/** @type {(state: State, name: "tick" | "start" | "pause" | "stop") => State} */
function onCommand(state, name) {
  if (name === "tick") return tick(state);
  if (name === "start") return start(state);
  if (name === "pause") return pause(state);
  return canStop(state) ? { ...state, phase: "done" } : state;
}

/** @param {State} state @param {Link} link @returns {State} */
function onLink(state, link) {
  return { ...state, heard: false, link: state.link === "full" && link === "lost" ? "full" : link };
}

/** @param {State} state @param {Camera} camera @returns {State} */
function onCamera(state, camera) {
  if (camera === "open") return { ...state, camera, ...resetTimers(state) };
  // Looking for the camera that has ended finds none: no news.
  return { ...state, camera: camera === "missing" && canStop(state) ? "ended" : camera };
}

/** Nothing is late or out of view yet. @param {State} state */
function resetTimers({ now_ms }) {
  return { answered_ms: now_ms, seen_ms: now_ms, judged_ms: now_ms };
}

/** @param {State} state @returns {State} */
function pause(state) {
  if (state.phase === "countdown") return { ...state, phase: "setup", ...UNPLACED };
  return state.phase === "live" ? { ...state, phase: "paused", note: null } : state;
}

/** @param {State} state @param {Ready} ready @returns {State} */
function onReady(state, ready) {
  // What cannot be saved is told anew after this.
  const well = { link: /** @type {const} */ ("up"), problem: "", wrongEngine: false, unsaved: false };
  return restoreSets({ ...state, ...resetTimers(state), ...well, ready }, ready);
}

/** With another engine, what the last one saw no longer counts. @param {State} state @returns {State} */
function forgetEngine(state) {
  const checks = state.checks.filter(({ name }) => name === "light");
  return { ...onLink(state, "connecting"), ready: null, checks, ...UNPLACED, wrongEngine: false };
}

/** @param {State} state @param {Check[]} checks @returns {State} */
function onChecks(state, checks) {
  const next = { ...state, ...mergeChecks(state, checks, state.now_ms) };
  const leftView = state.phase === "countdown" && isDone(state.checks, "body") && !isDone(next.checks, "body");
  return leftView ? { ...next, phase: "setup" } : next;
}

/** @param {State} state @param {import("./wire.js").Problem} problem @returns {State} */
function onProblem(state, { code, message, seq }) {
  if (code === NOT_SAVED) return { ...state, unsaved: true };
  if (code === "server_full") return { ...state, link: "full", problem: message };
  // Only one frame was refused: the next is on its way.
  if (seq !== undefined) return { ...state, answered_ms: state.now_ms };
  const stopped = { link: /** @type {const} */ ("failed"), problem: message };
  if (ENGINE_CODES.includes(code)) return { ...forgetEngine(state), ...stopped, wrongEngine: true };
  // The workout ended before the answer came, so its summary is ready.
  if (state.phase === "done" && state.ready && code === "no_workout") return { ...state, kept: true, unsaved: false };
  if (!state.ready || code === "no_workout") return { ...state, ...stopped };
  return { ...state, problem: message, note: note(state, message, "notice") };
}

/** @param {State} state @returns {State} */
function start(state) {
  if (!isServed(state)) return { ...state, wanted: state.phase === "setup" };
  if (["countdown", "rest", "paused"].includes(state.phase)) return goLive(state);
  if (state.phase !== "setup") return state;
  if (state.options.countdown_s <= 0) return goLive(state);
  return { ...state, wanted: false, phase: "countdown", goAt_ms: state.now_ms + 1000 * state.options.countdown_s };
}

/** @param {State} state @returns {State} */
function tick(state) {
  const { now_ms } = state;
  const next = state.note && state.note.until_ms <= now_ms ? { ...state, note: null } : state;
  if (next.phase === "countdown" && now_ms >= next.goAt_ms) return goLive(next);
  if (next.phase === "rest" && now_ms >= (next.rest?.until_ms ?? Infinity)) return goLive(next);
  return next.phase === "setup" && isServed(next) && letStart(next) ? start(next) : next;
}
