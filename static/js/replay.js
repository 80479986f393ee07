/** The replay: a body of lines that moves on a canvas, can be scrubbed, slowed and turned. */

import { sampleAt } from "./parts.js";
import { Scene } from "./scene.js";
import { hasDepth, metresPerHeight, placed, roomOf } from "./space.js";
import { clock, LEAD_S, markAt, neighbour, overGap, setAt, spanOf } from "./timeline.js";

/** @typedef {import("./parts.js").Sample} Sample */
/** @typedef {import("./reel.js").Reel} Reel */
/** @typedef {import("./scene.js").View} View */
/** @typedef {import("./timeline.js").Mark} Mark */

const SPEEDS = [0.25, 0.5, 1, 2];

export class Replay {
  #reel;
  #marks;
  #section;
  #canvas;
  #scene;
  #feet;
  #tS = 0;
  #playing = false;
  #speed = 1;
  /** @type {Map<number, View>} by the set that is done in it */
  #views = new Map();
  #lastMs = 0;
  /** @type {(tS: number, mark: Mark | null) => void} */
  onTime = () => {};

  /**
   * @param {HTMLElement} section
   * @param {Reel} reel
   * @param {Mark[]} marks in order of time
   * @param {import("./scene.js").Skeleton} skeleton
   */
  constructor(section, reel, marks, skeleton) {
    this.#section = section;
    this.#reel = reel;
    this.#marks = marks;
    this.#canvas = /** @type {HTMLCanvasElement} */ (section.querySelector("canvas"));
    this.#scene = new Scene(this.#canvas, skeleton);
    this.#feet = skeleton.feet;
    this.#scene.onTurn = () => this.draw();
    this.#tS = Math.max(reel.beginsS, (marks[0]?.start_s ?? 0) - LEAD_S);
    this.#listen();
  }

  /** Show the first picture; start by itself unless the person asked for rest. */
  async open() {
    const first = await this.#reel.load(this.#tS);
    this.#scene.deep = first.some(hasDepth);
    this.#section.classList.toggle("flat", !this.#scene.deep);
    this.#element("how").textContent = this.#scene.deep
      ? "Drag to turn it, or use the arrow keys."
      : "This pose engine sees no depth: the figure is flat and cannot be turned.";
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.#whenLookedAt();
    await this.seek(this.#tS);
  }

  /** Go to a repetition or hold, and play from there. @param {string} key */
  jump(key) {
    const mark = this.#marks.find((one) => one.key === key);
    if (!mark) return;
    void this.seek(mark.start_s);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.play();
    this.#section.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} tS */
  async seek(tS) {
    this.#tS = Math.min(this.#reel.endsS, Math.max(this.#reel.beginsS, tS));
    this.#show();
    await this.#reel.load(this.#tS);
    this.draw();
  }

  play() {
    if (this.#playing) return;
    if (this.#tS >= this.#reel.endsS - 0.05) this.#tS = this.#reel.beginsS;
    this.#playing = true;
    this.#lastMs = performance.now();
    this.#show();
    requestAnimationFrame((nowMs) => this.#step(nowMs));
  }

  pause() {
    this.#playing = false;
    this.#show();
  }

  /** @param {number} nowMs */
  #step(nowMs) {
    if (!this.#playing) return;
    const goneS = Math.min(0.1, Math.max(0, nowMs - this.#lastMs) / 1000);
    this.#lastMs = nowMs;
    const samples = this.#reel.loaded(this.#tS);
    if (samples) {
      const sample = sampleAt(samples, this.#tS + this.#reel.startS);
      const lastS = sample ? sample.tS - this.#reel.startS : this.#tS;
      this.#tS = overGap(this.#reel.partsS, lastS, this.#tS + goneS * this.#speed);
    } else {
      void this.#reel.load(this.#tS);
    }
    if (this.#tS >= this.#reel.endsS) {
      this.#tS = this.#reel.endsS;
      this.#playing = false;
    }
    this.#show();
    this.draw();
    requestAnimationFrame((laterMs) => this.#step(laterMs));
  }

  /** Draw the picture of now. */
  draw() {
    const samples = this.#reel.loaded(this.#tS);
    if (!samples) return;
    const sample = sampleAt(samples, this.#tS + this.#reel.startS);
    this.#scene.draw(sample, this.#view(samples), markAt(this.#marks, this.#tS)?.joints ?? []);
  }

  /**
   * How large the body is drawn: as it fits while one set is done, for between two of them people and cameras move.
   *
   * @param {Sample[]} samples
   * @returns {View}
   */
  #view(samples) {
    const set = setAt(this.#marks, this.#tS);
    let view = this.#views.get(set);
    if (!view) {
      const [fromS, untilS] = spanOf(this.#marks, set).map((tS) => tS + this.#reel.startS);
      const own = samples.filter(({ tS, image }) => image && tS >= fromS && tS <= untilS);
      const seen = own.length ? own : samples;
      const scale = metresPerHeight(seen);
      const bodies = seen.filter((_, i) => i % 3 === 0).map((sample) => placed(sample, scale));
      const onFeet = bodies.filter((body) => this.#feet.some((joint) => body[joint]));
      view = { scale, room: roomOf(bodies), grounded: onFeet.length > bodies.length / 2 };
      this.#views.set(set, view);
    }
    return view;
  }

  #show() {
    const mark = markAt(this.#marks, this.#tS);
    const scrub = /** @type {HTMLInputElement} */ (this.#element("scrub"));
    scrub.min = String(this.#reel.beginsS);
    scrub.max = String(this.#reel.endsS);
    scrub.value = String(this.#tS);
    scrub.setAttribute("aria-valuetext", `${clock(this.#tS)}${mark ? `, ${this.#named(mark)}` : ""}`);
    this.#element("at").textContent = `${clock(this.#tS)} / ${clock(this.#reel.endsS)}`;
    this.#element("mark").textContent = mark ? this.#named(mark) : "";
    this.#element("mark").dataset.look = mark?.look ?? "";
    this.#element("play").setAttribute("aria-label", this.#playing ? "Pause" : "Play");
    this.#section.dataset.playing = String(this.#playing);
    this.#section.dataset.t = this.#tS.toFixed(2);
    this.#section.dataset.mark = mark?.key ?? "";
    this.onTime(this.#tS, mark);
  }

  /** @param {Mark} mark */
  #named({ look, label, words }) {
    const name = look === "hold" ? `Hold ${label}` : label ? `Repetition ${label}` : "Not counted";
    return look === "good" ? name : look === "fault" || look === "hold" ? `${name}: ${words}` : words;
  }

  #listen() {
    this.#element("play").addEventListener("click", () => (this.#playing ? this.pause() : this.play()));
    const scrub = /** @type {HTMLInputElement} */ (this.#element("scrub"));
    scrub.addEventListener("input", () => {
      const chosenS = Number(scrub.value);
      this.pause(); // it shows the time of now, in the slider as well
      void this.seek(chosenS);
    });
    for (const [name, way] of /** @type {[string, 1 | -1][]} */ ([["before", -1], ["next", 1]])) {
      this.#element(name).addEventListener("click", () => {
        const mark = neighbour(this.#marks, this.#tS, way);
        if (mark) void this.seek(mark.start_s);
      });
    }
    this.#element("speed").addEventListener("change", ({ target }) => {
      const chosen = target instanceof HTMLInputElement ? Number(target.value) : 1;
      if (SPEEDS.includes(chosen)) this.#speed = chosen;
    });
    this.#element("front").addEventListener("click", () => this.#scene.front());
    this.#canvas.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.#element("play").click();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    matchMedia("print").addEventListener("change", () => this.draw());
  }

  /** Start when it is first in view: nobody sees what moves further down the page. */
  #whenLookedAt() {
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      watch.disconnect();
      this.play();
    }, { threshold: 0.6 });
    watch.observe(this.#canvas);
  }

  /** @param {string} name */
  #element(name) {
    return /** @type {HTMLElement} */ (this.#section.querySelector(`[data-replay='${name}']`));
  }
}
