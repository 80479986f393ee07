/**
 * Spoken counts and cues: off at first, and remembered for this tab, so that they stay on for the next exercise.
 * Nothing is queued: a late cue is worse than none.
 */

import { read, write } from "./storage.js";

const KEY = "posecoach.voice";

export class Voice {
  #available;

  constructor() {
    this.#available = "speechSynthesis" in window;
    this.on = this.#available && read("sessionStorage", KEY) === "on";
  }

  /** @returns {boolean} whether it speaks now */
  toggle() {
    this.on = this.#available && !this.on;
    write("sessionStorage", KEY, this.on ? "on" : "");
    if (this.#available && !this.on) speechSynthesis.cancel();
    return this.on;
  }

  /** @param {string} text */
  say(text) {
    if (!this.on) return;
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: "en", rate: 1.1 }));
  }
}
