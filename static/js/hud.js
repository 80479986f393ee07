/**
 * The texts, bars and lists over the picture. It reads the state and writes the page, never the other way round.
 *
 * Kept stable, for tests and scripts:
 *
 *   body[data-state]            asking, refused, missing, busy, ended, insecure, setup, countdown, live, rest,
 *                               paused, reconnecting, full, summary (the workout's page, and the summary's); home,
 *                               upload, page, error (the others); an upload's own page: the upload's state
 *   data-testid="count"         repetitions of the set under way, digits alone; data-total: of the whole workout
 *   data-testid="held"          seconds of the hold that runs or ran last (with a target: of its whole set), with one
 *                               decimal
 *   data-testid="set"           "Set 2 of 3", or nothing while there is only one; "unit": what the digits count
 *   data-testid="rest"          the rest; data-kind: timed, noticed, last; in it "rest-digits" (seconds left, or how
 *                               long it lasts as m:ss), "rest-was" (what the set was), "rest-next"
 *   data-testid="next-exercise" the dialog; its links have data-exercise, its field is "find"
 *   data-testid="goal"          the target: "goal-amount", "goal-sets", "goal-rest", "goal-weight"
 *   data-testid="cue"           the sentence over the picture or nothing; data-kind: cue, partial, hold, notice
 *   data-testid="state"         the state in words; "elapsed": time in it live, as m:ss
 *   data-testid="bar"           role meter; aria-valuenow: percent of the target
 *   data-testid="setup-body", "setup-distance", "setup-view", "setup-alone", "setup-light"
 *                               data-done: open (not judged yet), false, true; "setup-note": what cannot be judged
 *                               from here
 *   data-testid="countdown"     the digit; "countdown-said": the same for a screen reader
 *   data-testid="notice"        what is wrong, role alert; "stats": frame rate and delay;
 *                               "unsaved": that the store takes nothing for now, or nothing
 *   data-testid="camera"        the picker; "engine": that of pose engines, whose values are their names;
 *                               "engine-note": what the chosen one lacks; "auto": whether it starts by itself;
 *                               "finish": ends the workout once something is done
 *   [data-action]               buttons: start (also: skip the rest), pause, stop, next, retry, voice, info, keys
 *   window "posecoach:drawn"    each frame shown with its answer; detail {seq, capture_ms, drawn_ms}, since 1970
 *   address                     ?countdown=SECONDS (0: none), ?start=checks|hand|now,
 *                               ?target=REPETITIONS|SECONDS with &sets=NUMBER and &rest=SECONDS
 */

import { clock } from "./clock.js";
import { find, setAttribute, setData, setText } from "./dom.js";
import { shownSet, unit } from "./rest.js";
import { heldInSet } from "./sets.js";
import { canFinish, canStop } from "./state.js";
import { countdown, isSeen, notice, prompt, screen, setupTitle, unsaved } from "./words.js";

/** The bar extends beyond the target, so that going further shows. */
const BAR_TOP = 1.2;
/** The bar turns grey this long after the last frame that could be judged. */
const UNJUDGED_MS = 600;

/** @type {Record<string, string>} */
const STATES = {
  asking: "Waiting for the camera",
  refused: "Camera blocked",
  missing: "No camera",
  busy: "Camera in use",
  ended: "Camera disconnected",
  insecure: "No camera here",
  setup: "Set-up",
  countdown: "Get ready",
  live: "Counting",
  rest: "Resting",
  paused: "Paused",
  reconnecting: "Reconnecting",
  full: "Server full",
  summary: "Done",
};

/** @typedef {import("./state.js").State} State */

/** The page's texts, bars and lists. */
export class Hud {
  #body;
  #kind;
  #target_s;
  #tally;
  #bar;
  #fill;
  #alert;
  #counted = 0;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#body = body;
    this.#kind = body.dataset.kind === "hold" ? /** @type {const} */ ("hold") : /** @type {const} */ ("reps");
    this.#target_s = Number(body.dataset.targetS) || null;
    this.#tally = find(body, ".tally");
    this.#bar = find(body, "[data-testid=bar]");
    this.#fill = find(body, ".fill");
    this.#alert = find(body, "[data-testid=notice]");
    this.camera = /** @type {HTMLSelectElement} */ (find(body, "[data-testid=camera]"));
    this.stats = find(body, "[data-testid=stats]");
  }

  /** @param {State} state */
  render(state) {
    const name = screen(state);
    setData(this.#body, "state", name);
    this.#body.classList.toggle("begun", ["live", "rest", "paused"].includes(state.phase));
    this.#body.classList.toggle("blind", state.camera !== "open" && canStop(state));
    this.#text("state", this.#inWords(state, name));
    this.#text("elapsed", name === "rest" ? "" : clock(state.active_ms / 1000)); // a rest has a clock of its own
    this.#text("countdown", String(countdown(state)));
    this.#text("countdown-said", name === "countdown" ? String(countdown(state)) : "");
    this.#text("unsaved", unsaved(state));
    this.#showFigures(state);
    this.#showReach(state);
    this.#say(prompt(state));
    this.#showChecks(state);
    this.#notify(notice(state));
  }

  /** @param {State} state @param {string} name */
  #inWords({ link }, name) {
    if (link === "failed" && name === "reconnecting") return "Stopped";
    return this.#kind === "hold" && name === "live" ? "Timing" : STATES[name];
  }

  /** @param {State} state */
  #showFigures(state) {
    const { count, total } = state;
    this.#text("count", String(count));
    setData(this.element("count"), "total", String(total));
    const [whole, tenth] = heldInSet(state).toFixed(1).split(".");
    setText(find(this.#tally, ".whole"), whole);
    setText(find(this.#tally, ".tenth"), `.${tenth}`);
    this.#text("unit", unit(state, this.#kind, this.#target_s));
    this.#text("set", shownSet(state));
    if (count !== this.#counted) {
      this.#tally.classList.remove("counted");
      void this.#tally.offsetWidth; // the animation restarts only after a layout without it
      this.#tally.classList.toggle("counted", count > this.#counted);
      this.#counted = count;
    }
  }

  /** @param {State} state */
  #showReach(state) {
    const { progress, judged_ms, now_ms, target } = state;
    const target_s = target?.amount ?? this.#target_s ?? 30;
    const reached = this.#kind === "hold" ? heldInSet(state) / target_s : progress;
    const judged = now_ms - judged_ms < UNJUDGED_MS;
    this.#bar.classList.toggle("unjudged", !judged);
    if (reached === null) return;
    const part = Math.min(BAR_TOP, Math.max(0, reached));
    this.#fill.style.setProperty("--part", (part / BAR_TOP).toFixed(3));
    this.#bar.classList.toggle("reached", part >= 1);
    setAttribute(this.#bar, "aria-valuenow", String(Math.round(100 * part)));
    const seconds = `${Math.floor(heldInSet(state))} of ${target_s} seconds`;
    const percent = `${Math.round(100 * part)}% of the target`;
    setAttribute(this.#bar, "aria-valuetext", this.#kind === "hold" ? seconds : percent);
  }

  /** @param {import("./words.js").Prompt | null} said */
  #say(said) {
    const cue = this.element("cue");
    if (said) setData(cue, "kind", said.kind);
    this.#text("cue", said?.text ?? "");
  }

  /** @param {State} state */
  #showChecks(state) {
    const first = state.checks.find((check) => !check.done);
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (this.#body.querySelectorAll(".checks li"))) {
      const check = state.checks.find(({ name }) => row.dataset.testid === `setup-${name}`);
      // In an empty picture only the light can be judged.
      const judged = check && (check.name === "body" || check.name === "light" || isSeen(state));
      setData(row, "done", judged ? String(check.done) : "open");
      setText(find(row, "[data-said]"), judged ? (check.done ? "done" : "to do") : "not checked yet");
      setText(find(row, "[data-todo]"), !check || check.done || check.message === first?.message ? "" : check.message);
    }
    const notes = state.checks.filter(({ done }) => done && isSeen(state)).map(({ message }) => message);
    this.#text("setup-note", notes.filter(Boolean).join(" "));
    this.#text("setup-title", setupTitle(state, first?.message ?? ""));
    this.element("finish").hidden = !canFinish(state);
  }

  /** @param {import("./words.js").Notice | null} what */
  #notify(what) {
    this.#alert.hidden = !what;
    if (!what) return;
    setText(find(this.#alert, "h2"), what.title);
    setText(find(this.#alert, "p"), what.text);
    const retry = find(this.#alert, "button");
    setText(retry, what.retry);
    retry.hidden = !what.retry;
  }

  /**
   * @param {{fps: number, delay_ms: number, longest_px: number, quality: number, engine: string}} figures
   */
  measure({ fps, delay_ms, longest_px, quality, engine }) {
    if (this.stats.hidden) return;
    const sent = `${longest_px} px, quality ${Math.round(100 * quality)}`;
    const lines = [`${fps.toFixed(0)} frames/s`, `${delay_ms.toFixed(0)} ms from camera to picture`, sent, engine];
    setText(this.stats, lines.join("\n"));
  }

  /** @param {{device: string, label: string}[]} cameras @param {string} chosen */
  offer(cameras, chosen) {
    const options = cameras.map(({ device, label }) => new Option(label, device, false, device === chosen));
    this.camera.replaceChildren(...options);
  }

  /** @param {string} name @param {boolean} pressed */
  press(name, pressed) {
    setAttribute(find(this.#body, `[data-action=${name}]`), "aria-pressed", String(pressed));
  }

  /** @param {string} id @param {boolean} checked */
  check(id, checked) {
    /** @type {HTMLInputElement} */ (this.element(id)).checked = checked;
  }

  /** @param {string} id @returns {HTMLElement} */
  element(id) {
    return find(this.#body, `[data-testid="${id}"]`);
  }

  /** @param {string} id @param {string} text */
  #text(id, text) {
    setText(this.element(id), text);
  }
}
