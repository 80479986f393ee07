/** What the page says about a video before, during and after its upload. Pure. */

import { clock } from "./clock.js";

const MB = 1e6;

/**
 * @typedef {{bytes: number, s: number}} Limits
 * @typedef {{state: string, seen_s: number, length_s: number, count: number, held_s: number, place: number,
 *   said?: string, url?: string}} Status from `/upload/<name>/status.json`
 * @typedef {{text: string, soFar: string, done: number | null, over: boolean}} View `done`: 0 to 1, null when unknown;
 *   `over`: nothing more will happen to this video
 */

/** @param {number} bytes */
export function megabytes(bytes) {
  const size = bytes / MB;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

/** @param {number} s */
export function minutes(s) {
  return `${clock(Math.round(s))} min`;
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
    const most = megabytes(limits.bytes);
    return `This video is ${megabytes(bytes)}; the limit is ${most}. Trim it, or save it at a lower quality.`;
  }
  if (length_s !== null && length_s > limits.s) {
    return `This video lasts ${minutes(length_s)}; the limit is ${minutes(limits.s)}. Trim it to the workout.`;
  }
  return "";
}

/** @param {number} sent @param {number} of */
export function sending(sent, of) {
  if (sent >= of) return "Sent. Waiting for the server.";
  return `${megabytes(sent)} of ${megabytes(of)} sent`;
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
    soFar: over ? "" : soFar(status, kind),
    done: status.state === "keeping" ? 1 : part(status),
    over,
  };
}

/** @param {Status} status @param {string} kind */
function stands({ state, place, seen_s, length_s }, kind) {
  if (state === "keeping") return "Saving the workout";
  if (state === "coming") return "Receiving the video";
  if (state === "waiting" && place > 0) return `${place} ${place === 1 ? "video is" : "videos are"} ahead of yours`;
  if (state === "waiting") return "Starting";
  if (seen_s === 0) return "Opening the video";
  const looking = kind ? "Analysing your video" : "Detecting the exercise";
  return length_s > 0 ? `${looking}: ${minutes(seen_s)} of ${minutes(length_s)}` : `${looking}: ${minutes(seen_s)}`;
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
