/** Waiting for an uploaded video to become a workout. */

import { find, setText } from "./dom.js";
import { view } from "./film.js";

const ASK_EVERY_MS = 1000;
const LOST_ASK_EVERY_MS = 2000;

/** @typedef {import("./film.js").Status} Status */

/**
 * The part of an upload's own page that shows how far its analysis is; null if it cannot be had, or is not needed.
 *
 * @param {string} url of that page
 * @returns {Promise<HTMLElement | null>}
 */
export async function waitingPart(url) {
  try {
    const answer = await fetch(url);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".looked");
    return part instanceof HTMLElement ? part : null;
  } catch {
    return null;
  }
}

/**
 * Show how far the analysis is until the summary can be shown, or nothing more will happen.
 *
 * @param {HTMLElement} page the part of the upload's page
 * @param {(why: string) => void} over called if there will be no summary
 */
export async function follow(page, over = () => {}) {
  const status = await ask(page.dataset.status ?? "");
  if (status?.url) return window.location.replace(status.url);
  if (status) show(page, status);
  else tell(page, "upload-state", "The server is not responding. Trying again every few seconds.");
  if (page.dataset.state === "over") over(status?.said ?? "");
  else setTimeout(() => void follow(page, over), status ? ASK_EVERY_MS : LOST_ASK_EVERY_MS);
}

/**
 * The server's answer, or null if there is none that can be read.
 *
 * @param {string} url
 * @returns {Promise<Status | null>}
 */
async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
    return answer.ok || answer.status === 404 ? await answer.json() : null;
  } catch {
    return null; // the server is restarting, or the network is down
  }
}

/** @param {HTMLElement} page @param {Status} status */
function show(page, status) {
  const { text, seen, soFar, done, over } = view(status, page.dataset.kind ?? "");
  tell(page, "upload-state", text);
  tell(page, "seen", seen);
  tell(page, "so-far", soFar);
  const bar = page.querySelector("progress");
  if (bar && done === null) bar.removeAttribute("value");
  else if (bar && done !== null) bar.value = done;
  page.dataset.state = over ? "over" : status.state;
  page.querySelector(".under-way")?.toggleAttribute("hidden", over);
  page.querySelector(".actions.over")?.toggleAttribute("hidden", !over);
}

/** @param {HTMLElement} page @param {string} part @param {string} text */
function tell(page, part, text) {
  setText(find(page, `[data-testid=${part}]`), text);
}
