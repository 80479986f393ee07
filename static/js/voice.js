/** Spoken counts and cues: off until asked for. Nothing is queued: what is late is not worth saying. */

export class Voice {
  constructor() {
    this.on = false;
    this.available = "speechSynthesis" in window;
  }

  /** @returns {boolean} whether it speaks now */
  toggle() {
    this.on = this.available && !this.on;
    if (this.available && !this.on) speechSynthesis.cancel();
    return this.on;
  }

  /** @param {string} text */
  say(text) {
    if (!this.on) return;
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: "en", rate: 1.1 }));
  }
}
