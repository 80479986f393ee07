/**
 * Spoken counts and cues: off until asked for, then on for this tab, so that it goes on with the next exercise. Nothing
 * is queued: what is late is not worth saying.
 */

const KEY = "posecoach.voice";

export class Voice {
  #available;

  constructor() {
    this.#available = "speechSynthesis" in window;
    this.on = this.#available && wanted();
  }

  /** @returns {boolean} whether it speaks now */
  toggle() {
    this.on = this.#available && !this.on;
    keep(this.on);
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

/** @returns {boolean} */
function wanted() {
  try {
    return sessionStorage.getItem(KEY) === "on";
  } catch {
    return false; // storage is switched off
  }
}

/** @param {boolean} on */
function keep(on) {
  try {
    sessionStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // As above: it is asked for anew on the next page.
  }
}
