/** The replay: a moving skeleton that can be scrubbed, slowed down and rotated. */

import { clock } from "./clock.js";
import { find, setText } from "./dom.js";
import { sampleAt } from "./parts.js";
import { Scene } from "./scene.js";
import { hasDepth, metresPerHeight, placeJoints, roomOf } from "./space.js";
import { LEAD_S, markAt, neighbour, overGap, setAt, spanOf } from "./timeline.js";

/** @typedef {import("./parts.js").Sample} Sample */
/** @typedef {import("./reel.js").Reel} Reel */
/** @typedef {import("./scene.js").View} View */
/** @typedef {import("./timeline.js").Mark} Mark */

const SPEEDS = [0.25, 0.5, 1, 2];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Replay {
  #reel;
  #marks;
  #section;
  #canvas;
  #scene;
  #feet;
  #t_s = 0;
  #playing = false;
  #loading = false;
  #speed = 1;
  /** @type {Map<number, View>} by set */
  #views = new Map();
  #last_ms = 0;
  /** @type {(t_s: number, mark: Mark | null) => void} */
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
    this.#t_s = Math.max(reel.begins_s, (marks[0]?.start_s ?? 0) - LEAD_S);
    this.#listen();
  }

  /** Show the first picture, and start playing unless reduced motion is preferred. */
  async open() {
    const first = await this.#reel.load(this.#t_s);
    this.#scene.deep = first.some(hasDepth);
    this.#section.classList.toggle("flat", !this.#scene.deep);
    this.#element("how").textContent = this.#scene.deep
      ? "Drag to rotate, or use the arrow keys."
      : "This pose engine is 2-D only, so the figure cannot be rotated.";
    new ResizeObserver(() => this.draw()).observe(this.#canvas);
    if (!calm.matches) this.#playWhenSeen();
    await this.seek(this.#t_s);
  }

  /** Go to a repetition or hold, and play from there. @param {string} key */
  jump(key) {
    const mark = this.#marks.find((one) => one.key === key);
    if (!mark) return;
    void this.seek(mark.start_s);
    if (!calm.matches) this.play();
    this.#section.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} t_s */
  async seek(t_s) {
    this.#t_s = Math.min(this.#reel.ends_s, Math.max(this.#reel.begins_s, t_s));
    this.#show();
    await this.#load();
  }

  /** Draw the current time once it is loaded. If that fails, stop and say so; playing tries again. */
  async #load() {
    this.#loading = true;
    try {
      await this.#reel.load(this.#t_s);
      setText(this.#element("said"), "");
      this.draw();
    } catch {
      this.pause();
      setText(this.#element("said"), "The replay could not be loaded. Press play to try again.");
    } finally {
      this.#loading = false;
    }
  }

  play() {
    if (this.#playing) return;
    if (this.#t_s >= this.#reel.ends_s - 0.05) this.#t_s = this.#reel.begins_s;
    this.#playing = true;
    this.#last_ms = performance.now();
    this.#show();
    requestAnimationFrame((now_ms) => this.#step(now_ms));
  }

  pause() {
    this.#playing = false;
    this.#show();
  }

  /** @param {number} now_ms */
  #step(now_ms) {
    if (!this.#playing) return;
    const gone_s = Math.min(0.1, Math.max(0, now_ms - this.#last_ms) / 1000);
    this.#last_ms = now_ms;
    const samples = this.#reel.loaded(this.#t_s);
    if (samples) {
      const sample = sampleAt(samples, this.#t_s + this.#reel.start_s);
      const last_s = sample ? sample.t_s - this.#reel.start_s : this.#t_s;
      this.#t_s = overGap(this.#reel.parts_s, last_s, this.#t_s + gone_s * this.#speed);
    } else if (!this.#loading) {
      void this.#load();
    }
    if (this.#t_s >= this.#reel.ends_s) {
      this.#t_s = this.#reel.ends_s;
      this.#playing = false;
    }
    this.#show();
    this.draw();
    requestAnimationFrame((later_ms) => this.#step(later_ms));
  }

  /** Draw the current time. */
  draw() {
    const samples = this.#reel.loaded(this.#t_s);
    if (!samples) return;
    const sample = sampleAt(samples, this.#t_s + this.#reel.start_s);
    this.#scene.draw(sample, this.#view(samples), markAt(this.#marks, this.#t_s)?.joints ?? []);
  }

  /**
   * The scale and room for drawing, fitted once a set: between sets, people and cameras move.
   *
   * @param {Sample[]} samples
   * @returns {View}
   */
  #view(samples) {
    const set = setAt(this.#marks, this.#t_s);
    let view = this.#views.get(set);
    if (!view) {
      const [from_s, until_s] = spanOf(this.#marks, set).map((t_s) => t_s + this.#reel.start_s);
      const own = samples.filter(({ t_s, image }) => image && t_s >= from_s && t_s <= until_s);
      const seen = own.length ? own : samples;
      const scale = metresPerHeight(seen);
      const bodies = seen.filter((_, i) => i % 3 === 0).map((sample) => placeJoints(sample, scale));
      const onFeet = bodies.filter((body) => this.#feet.some((joint) => body[joint]));
      view = { scale, room: roomOf(bodies), grounded: onFeet.length > bodies.length / 2 };
      this.#views.set(set, view);
    }
    return view;
  }

  #show() {
    const mark = markAt(this.#marks, this.#t_s);
    const scrub = /** @type {HTMLInputElement} */ (this.#element("scrub"));
    scrub.min = String(this.#reel.begins_s);
    scrub.max = String(this.#reel.ends_s);
    scrub.value = String(this.#t_s);
    scrub.setAttribute("aria-valuetext", `${clock(this.#t_s)}${mark ? `, ${this.#nameOf(mark)}` : ""}`);
    setText(this.#element("at"), `${clock(this.#t_s)} / ${clock(this.#reel.ends_s)}`);
    setText(this.#element("mark"), mark ? this.#nameOf(mark) : "");
    this.#element("mark").dataset.look = mark?.look ?? "";
    this.#element("play").setAttribute("aria-label", this.#playing ? "Pause" : "Play");
    this.#section.dataset.playing = String(this.#playing);
    this.#section.dataset.t = this.#t_s.toFixed(2);
    this.#section.dataset.mark = mark?.key ?? "";
    this.onTime(this.#t_s, mark);
  }

  /** @param {Mark} mark */
  #nameOf({ look, label, words }) {
    const name = look === "hold" ? `Hold ${label}` : label ? `Repetition ${label}` : "Not counted";
    return look === "good" ? name : look === "fault" || look === "hold" ? `${name}: ${words}` : words;
  }

  #listen() {
    this.#element("play").addEventListener("click", () => (this.#playing ? this.pause() : this.play()));
    const scrub = /** @type {HTMLInputElement} */ (this.#element("scrub"));
    scrub.addEventListener("input", () => {
      const chosen_s = Number(scrub.value);
      this.pause(); // this also moves the slider back to the current time
      void this.seek(chosen_s);
    });
    for (const [name, way] of /** @type {[string, 1 | -1][]} */ ([["before", -1], ["next", 1]])) {
      this.#element(name).addEventListener("click", () => {
        const mark = neighbour(this.#marks, this.#t_s, way);
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

  /** Start playing when it first comes into view. */
  #playWhenSeen() {
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      watch.disconnect();
      this.play();
    }, { threshold: 0.6 });
    watch.observe(this.#canvas);
  }

  /** @param {string} name */
  #element(name) {
    return find(this.#section, `[data-replay=${name}]`);
  }
}
