/** What the page says in each state: short, calm, and what to do next. Pure. */

import { canStop, isOver } from "./state.js";

/** An empty view is reported after this long; anything shorter is a blink of the tracker. */
const LOST_AFTER_MS = 700;
const UNJUDGED_AFTER_MS = 1200;
/** After this long without an answer, the network or the server is slow. */
const SLOW_AFTER_MS = 900;
/** The checks that matter while counting; the others matter only before, or when nothing can be judged. */
const DURING_THE_SET = ["body", "view", "alone"];

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{text: string, kind: import("./state.js").Tone}} Prompt
 * @typedef {{title: string, text: string, retry: string}} Notice `retry`: the button's label, empty for none
 */

/** The notices by `data-state`; other states have none. @type {Record<string, Notice>} */
const NOTICES = {
  asking: {
    title: "Allow the camera",
    text: "Your browser is asking. Pictures go only to this PoseCoach server, and none is stored.",
    retry: "",
  },
  refused: {
    title: "The camera is blocked",
    text: "Click the camera or lock icon next to the address, allow the camera for this page, and try again.",
    retry: "Try again",
  },
  missing: {
    title: "No camera found",
    text: "Connect a camera, or open this page on a phone or laptop that has one.",
    retry: "Try again",
  },
  busy: {
    title: "The camera is in use",
    text: "Another program or tab is using the camera. Close it there and try again.",
    retry: "Try again",
  },
  ended: {
    title: "The camera was disconnected",
    text: "Connect it again to go on.",
    retry: "Try again",
  },
  insecure: {
    title: "The camera needs https",
    text: "Browsers allow the camera only on https pages and on localhost. Open this page by its https address.",
    retry: "",
  },
  full: {
    title: "The server is full",
    text: "Every place is taken. Stay here: this page keeps trying, and starts as soon as one is free.",
    retry: "Try now",
  },
  reconnecting: {
    title: "Reconnecting",
    text: "The connection was lost. Your count is safe and continues from here.",
    retry: "",
  },
  connecting: {
    title: "Connecting to the server",
    text: "The server is not responding. Trying again every few seconds.",
    retry: "",
  },
  paused: {
    title: "Paused",
    text: "Nothing is counted until you resume.",
    retry: "Resume",
  },
  summary: {
    title: "Done",
    text: "Your summary is on its way.",
    retry: "",
  },
};

/** @type {Notice} */
const STARTING = {
  title: "The server is starting",
  text: "Your count is safe and continues from here as soon as the server is ready.",
  retry: "",
};

/** @type {Notice} */
const UNSAVED = {
  title: "Done",
  text: "Your workout cannot be saved yet. Stay here: the summary follows as soon as it is saved.",
  retry: "",
};

/** @type {Notice} */
const CUT_OFF = {
  title: "Done",
  text: "The connection was lost. Stay here: the summary follows as soon as it is back.",
  retry: "",
};

/** @type {Notice} */
const ENDED = {
  ...NOTICES.ended,
  text: "Your count is safe. Reconnect the camera, or stop to see the summary.",
};

/**
 * The notice over the picture, or null for none.
 *
 * @param {State} state
 * @returns {Notice | null}
 */
export function notice(state) {
  const name = screen(state);
  if (state.link === "failed" && name === "reconnecting") return over(state);
  if (name === "reconnecting" && !state.ready) return NOTICES.connecting;
  if (name === "reconnecting" && state.link === "up" && isSlow(state)) return STARTING;
  if (name === "summary") return ending(state);
  if (name === "ended" && canStop(state)) return ENDED;
  return NOTICES[name] ?? null;
}

/** @param {State} state */
function ending(state) {
  if (state.link === "lost" && !isOver(state)) return CUT_OFF;
  return state.unsaved ? UNSAVED : NOTICES.summary;
}

/** Shown as long as the server cannot save; empty otherwise. @param {State} state */
export function unsaved(state) {
  return state.unsaved ? "Cannot be saved yet. Trying again." : "";
}

/** @param {State} state @returns {Notice} */
function over({ ready, problem, wrongEngine }) {
  if (wrongEngine) return { title: "This engine is not available", text: problem, retry: "Use another engine" };
  return ready
    ? { title: "This workout has ended here", text: problem, retry: "Start a new one" }
    : { title: "Could not start", text: problem, retry: "Try again" };
}

/**
 * The sentence over the picture during a set, the most urgent one, or null for silence.
 *
 * @param {State} state
 * @returns {Prompt | null}
 */
export function prompt(state) {
  if (screen(state) === "countdown") return advice(state, ["alone", "light"]);
  if (screen(state) !== "live") return null;
  const { now_ms, judged_ms, note } = state;
  if (isSlow(state)) return say("Slow connection: counting is delayed.");
  if (!isSeen(state)) return say("Cannot see you: step into the picture.");
  if (note) return { text: note.text, kind: note.kind };
  const open = advice(state, DURING_THE_SET);
  if (open || now_ms - judged_ms <= UNJUDGED_AFTER_MS) return open;
  return advice(state, ["light"]) ?? say(unjudged(state));
}

/** What the first open one of some checks says. @type {(state: State, names: string[]) => Prompt | null} */
function advice({ checks }, names) {
  const open = checks.find(({ name, done, message }) => !done && message && names.includes(name));
  return open ? say(open.message) : null;
}

/** Whether an answer is late. @param {State} state */
function isSlow({ now_ms, answered_ms }) {
  return now_ms - answered_ms > SLOW_AFTER_MS;
}

/**
 * Whether somebody is in view.
 *
 * @param {State} state
 */
export function isSeen({ now_ms, seen_ms }) {
  return now_ms - seen_ms <= LOST_AFTER_MS;
}

/**
 * The next step of the set-up.
 *
 * @param {State} state
 * @param {string} todo the message of the first open check
 */
export function setupTitle({ heard, clearSince_ms }, todo) {
  if (!heard) return "Getting the server ready";
  if (todo) return todo;
  return clearSince_ms === null ? "Step into the picture" : "All set";
}

/** @param {State} state */
function unjudged({ ready }) {
  return ready?.exercise.kind === "hold" ? "Get into the pose: the clock is waiting." : "Cannot judge this from here.";
}

/** @param {string} text @returns {Prompt} */
function say(text) {
  return { text, kind: "notice" };
}

/**
 * The name of the screen: the value of `data-state`.
 *
 * @param {State} state
 * @returns {string}
 */
export function screen({ camera, link, heard, phase }) {
  if (phase === "done") return "summary";
  if (camera !== "open") return camera;
  if (link === "full") return "full";
  if (link === "lost" || link === "failed" || (!heard && phase !== "setup")) return "reconnecting";
  return phase;
}

/**
 * The digit of the countdown.
 *
 * @param {State} state
 * @returns {number}
 */
export function countdown({ goAt_ms, now_ms }) {
  return Math.max(1, Math.ceil((goAt_ms - now_ms) / 1000));
}
