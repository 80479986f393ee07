/** What the page says about a video before, during and after its upload. Pure. */

import { clock } from "./clock.js";

const KB = 1e3;
const MB = 1e6;
/** Smaller files are told in kB. */
const LEAST_MB = 0.1;

/**
 * @typedef {{bytes: number, s: number}} Limits
 * @typedef {{state: string, seen_s: number, length_s: number, count: number, held_s: number, place: number,
 *   said?: string, url?: string}} Status from `/upload/<name>/status.json`
 * @typedef {{text: string, seen: string, soFar: string, done: number | null, over: boolean}} View `text`: its state,
 *   without running figures, because it is read out; `done`: 0 to 1, null when unknown; `over`: nothing more will
 *   happen to this video
 */

/** @param {number} bytes */
export function fileSize(bytes) {
  const size = bytes / MB;
  if (size < LEAST_MB) return `${Math.ceil(bytes / KB)} kB`;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

/** @param {number} s */
export function duration(s) {
  const whole = Math.round(s);
  return whole < 60 ? `${whole} s` : `${clock(whole)} min`;
}

/**
 * Why a file would be refused; empty if it would not.
 *
 * @param {number} bytes
 * @param {number | null} length_s null when this browser cannot tell
 * @param {Limits} limits
 */
export function refusal(bytes, length_s, limits) {
  if (bytes === 0) return "This file is empty; choose another one.";
  if (bytes > limits.bytes) {
    const most = fileSize(limits.bytes);
    return `This video is ${fileSize(bytes)}; the limit is ${most}. Trim it, or save it at a lower quality.`;
  }
  if (length_s !== null && length_s > limits.s) {
    return `This video lasts ${duration(length_s)}; the limit is ${duration(limits.s)}. Trim it to the workout.`;
  }
  return "";
}

/**
 * The state of an upload, which is read out, and its running figures.
 *
 * @param {number} sent
 * @param {number} of
 */
export function sending(sent, of) {
  const text = sent >= of ? "Sent. Waiting for the server." : "Sending the video";
  return { text, figures: `${fileSize(sent)} of ${fileSize(of)}` };
}

/**
 * What to show about an upload.
 *
 * @param {Status} status
 * @param {string} kind `reps`, `hold`, or empty while it is not known
 * @returns {View}
 */
export function view(status, kind) {
  const over = status.state === "failed" || status.state === "gone";
  return {
    text: over ? status.said ?? "" : stands(status, kind),
    seen: status.state === "looking" && status.seen_s > 0 ? seen(status) : "",
    soFar: over ? "" : soFar(status, kind),
    done: status.state === "keeping" ? 1 : part(status),
    over,
  };
}

/** @param {Status} status @param {string} kind */
function stands({ state, place, seen_s, said }, kind) {
  if (state === "keeping") return said || "Saving the workout";
  if (state === "coming") return "Receiving the video";
  if (state === "waiting" && place > 0) return `${place} ${place === 1 ? "video is" : "videos are"} ahead of yours`;
  if (state === "waiting") return "Starting";
  if (seen_s === 0) return "Opening the video";
  return kind ? "Analysing your video" : "Detecting the exercise";
}

/** @param {Status} status */
function seen({ seen_s, length_s }) {
  return length_s > 0 ? `${duration(seen_s)} of ${duration(length_s)}` : duration(seen_s);
}

/** @param {Status} status @param {string} kind */
function soFar({ state, count, held_s }, kind) {
  if (state === "waiting" || state === "coming") return "";
  if (kind === "reps") return `${count} ${count === 1 ? "repetition" : "repetitions"} so far`;
  return kind === "hold" ? `${Math.round(held_s)} s held` : "";
}

/** @param {Status} status */
function part({ state, seen_s, length_s }) {
  return state === "looking" && length_s > 0 ? Math.min(1, seen_s / length_s) : null;
}
