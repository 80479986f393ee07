/** The workout page: creates its parts and connects them. */

import { CameraError, cameras, closeCamera, openCamera } from "./camera.js";
import { Chooser } from "./chooser.js";
import { controls } from "./controls.js";
import { Goal } from "./goal.js";
import { RaisedHand } from "./hand.js";
import { Hud } from "./hud.js";
import { Link } from "./link.js";
import { Picker } from "./picker.js";
import { Resting } from "./resting.js";
import { forget, recall, remember } from "./resume.js";
import { spoken } from "./speech.js";
import { Stage } from "./stage.js";
import { counts, initial, isOver, reduce } from "./state.js";
import { onward, optionsIn, targetIn } from "./targets.js";
import { Voice } from "./voice.js";
import { notice } from "./words.js";

const TICK_MS = 100;
const LIGHT_MS = 1000;

/** @typedef {import("./state.js").Happening} Happening */

/** One workout in one window. */
class Page {
  #body;
  #exercise;
  #query;
  #state;
  #hud;
  #resting;
  #voice;
  #picker;
  #goal;
  #chooser;
  #hand;
  #showControls;
  #kept;
  #stage;
  #link;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#body = body;
    this.#exercise = body.dataset.exercise ?? "";
    this.#query = new URLSearchParams(location.search);
    this.#state = initial(optionsIn(this.#query), performance.now());
    this.#hud = new Hud(body);
    this.#hud.check("auto", this.#state.options.start !== "hand");
    this.#resting = new Resting(body);
    this.#voice = new Voice();
    this.#hud.press("voice", this.#voice.on);
    this.#picker = new Picker(body);
    this.#goal = new Goal(body, targetIn(this.#query));
    this.#chooser = new Chooser(body, (address, exercise) => this.#change(address, exercise));
    this.#hand = new RaisedHand();
    this.#showControls = controls(body, this.#hud, this.#actions());
    this.#kept = recall(this.#exercise);
    this.#stage = new Stage(document, (seq, t_ms, jpeg) => this.#link.sendFrame(seq, t_ms, jpeg), () => this.#state);
    this.#link = new Link(this.#exercise, () => this.#wish(), {
      onHappening: (happening) => this.#dispatch(happening),
      onPose: (answer) => this.#showPose(answer),
      onRefused: (seq) => void this.#stage.capture.acknowledge(seq),
    });
  }

  async run() {
    if (this.#kept) this.#dispatch({ type: "restore", active_ms: this.#kept.active_ms });
    setInterval(() => this.#tick(), TICK_MS);
    window.addEventListener("offline", () => this.#link.reconnect());
    setInterval(() => this.#lookAtLight(), LIGHT_MS);
    window.addEventListener("pagehide", () => this.#remember());
    // The back button may restore this page from the cache, with its camera and link already closed.
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    document.addEventListener("visibilitychange", () => this.#onVisibility());
    void this.#stage.load(this.#body.dataset.figure ?? ""); // the outline is an extra: the camera does not wait for it
    await this.#open("");
  }

  #tick() {
    this.#dispatch({ type: "tick" });
    if (this.#stage.capture.pace.dead) this.#link.reconnect();
  }

  /** @returns {import("./wire.js").Wish} */
  #wish() {
    return { resume: this.#kept?.resume, engine: this.#picker.chosen, ...this.#goal.wish };
  }

  /** @returns {import("./controls.js").Actions} */
  #actions() {
    return {
      start: () => this.#dispatch({ type: "start" }),
      pause: () => this.#dispatch({ type: this.#state.phase === "paused" ? "start" : "pause" }),
      stop: () => this.#dispatch({ type: "stop" }),
      cancel: () => this.#state.phase === "countdown" && this.#cancel(),
      next: () => ["rest", "paused"].includes(this.#state.phase) && this.#chooser.open(),
      toggle: () => this.#goOn(),
      retry: () => this.#retry(),
      voice: () => this.#hud.press("voice", this.#voice.toggle()),
      auto: (on) => this.#startsAlone(on),
      camera: (device) => void this.#open(device),
      engine: () => this.#changeEngine(() => this.#picker.choose()),
      goal: () => this.#changeGoal(),
    };
  }

  /** @param {Happening} happening */
  #dispatch(happening) {
    const before = this.#state;
    this.#state = reduce(before, happening, performance.now());
    if (happening.type === "ready") this.#takeUp(happening.ready);
    if (happening.type === "problem") this.#startAnew(happening.problem);
    this.#follow(before);
    this.#hud.render(this.#state);
    this.#resting.render(this.#state);
  }

  /**
   * Have the other parts follow a change of the state.
   *
   * @param {import("./state.js").State} before
   */
  #follow(before) {
    const { phase, link } = this.#state;
    if (before.link === "up" && link !== "up") this.#stage.capture.stop();
    if (before.phase !== phase) this.#onPhase(before);
    if (isOver(this.#state) && !isOver(before)) this.#leave();
    const words = spoken(before, this.#state);
    if (words) this.#voice.say(words);
  }

  /** @param {import("./state.js").State} before */
  #onPhase(before) {
    const { phase } = this.#state;
    if (phase === "done") this.#link.say("stop");
    else if (counts(this.#state) !== counts(before)) this.#link.say(counts(this.#state) ? "go" : "pause");
    if (phase === "live") this.#onVisibility();
  }

  /** @param {import("./wire.js").Ready} ready */
  #takeUp(ready) {
    const { phase } = this.#state;
    this.#kept = { resume: ready.resume, active_ms: this.#state.active_ms };
    this.#remember();
    this.#stage.capture.start(ready.in_flight);
    const counting = counts(this.#state);
    if (phase === "done") this.#link.say("stop");
    else if (counting !== ready.counting) this.#link.say(counting ? "go" : "pause");
  }

  /** If the remembered workout is over, start a new one. @param {import("./wire.js").Problem} problem */
  #startAnew({ code, seq }) {
    if (code !== "no_workout" || seq !== undefined || this.#state.ready || !this.#kept) return;
    this.#kept = null;
    forget(this.#exercise);
    this.#dispatch({ type: "restore", active_ms: 0 });
    this.#link.start();
  }

  /** @param {string} device */
  async #open(device) {
    this.#dispatch({ type: "camera", camera: "asking" });
    try {
      const lost = () => this.#dispatch({ type: "camera", camera: "ended" });
      const opened = await openCamera(this.#stage.video, device, lost);
      if (!opened) return;
      this.#stage.overlay.mirrored = opened.mirrored;
      this.#dispatch({ type: "camera", camera: "open" });
      this.#lookAtLight();
      this.#hud.offer(await cameras(), opened.device);
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      this.#dispatch({ type: "camera", camera: error.reason });
    }
  }

  /** The next step, whatever it is: the notice's button, start, pause or resume. */
  #goOn() {
    if (notice(this.#state)?.retry) this.#retry();
    else this.#dispatch({ type: this.#state.phase === "live" ? "pause" : "start" });
  }

  #cancel() {
    this.#hud.check("auto", false);
    this.#startsAlone(false);
    this.#dispatch({ type: "pause" });
  }

  /** @param {boolean} on whether to start automatically */
  #startsAlone(on) {
    this.#dispatch({ type: "options", options: { start: on ? "checks" : "hand" } });
  }

  #retry() {
    const { link, camera } = this.#state;
    if (camera !== "open") void this.#open("");
    else if (link === "full") this.#link.start();
    else if (this.#state.wrongEngine) this.#changeEngine(() => this.#picker.replace());
    else if (link === "failed") this.#reload();
    else this.#dispatch({ type: "start" });
  }

  /** Continue the same workout with another engine. @param {() => void} change */
  #changeEngine(change) {
    change();
    this.#dispatch({ type: "engine" });
    this.#link.start();
  }

  /** Target and weight are sent when a workout starts, so an untouched workout is replaced by a new one. */
  #changeGoal() {
    if (!this.#goal.choose() || this.#state.link !== "up" || !this.#state.ready) return;
    const { count, held_s, sets } = this.#state.ready;
    if (count > 0 || held_s > 0 || sets.length > 0) return this.#link.start();
    this.#kept = null;
    this.#link.restart();
  }

  /**
   * Continue the same workout with another exercise, on that exercise's page.
   *
   * @param {string} address
   * @param {string} exercise
   */
  #change(address, exercise) {
    if (exercise === this.#exercise) return this.#dispatch({ type: "start" });
    if (this.#kept) remember(exercise, { ...this.#kept, active_ms: this.#state.active_ms });
    this.#letGo();
    // One workout is one step of the back button, which leads to where the workout was started.
    location.replace(onward(new URL(address).pathname, this.#query));
  }

  #reload() {
    this.#kept = null;
    forget(this.#exercise);
    location.reload();
  }

  /** @param {import("./wire.js").PoseAnswer} answer */
  #showPose(answer) {
    const figures = this.#stage.showPose(answer);
    if (figures) this.#hud.measure(figures);
    const joints = this.#state.ready?.skeleton.joints ?? [];
    if (this.#hand.update(answer.image, joints, performance.now())) this.#showControls();
    this.#dispatch({ type: "pose", seen: answer.image !== null, progress: answer.progress });
  }

  #lookAtLight() {
    const light = this.#state.camera === "open" ? this.#stage.light() : null;
    if (light) this.#dispatch({ type: "setup", checks: [light] });
  }

  #onVisibility() {
    // A hidden page gets no frames, so it pauses rather than pretend to count.
    if (document.hidden) this.#dispatch({ type: "pause" });
    else if (this.#state.phase === "live") void this.#stayAwake();
  }

  async #stayAwake() {
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // Refused, for example on low battery: the screen dims as usual.
    }
  }

  #remember() {
    if (this.#kept && !this.#state.kept) remember(this.#exercise, { ...this.#kept, active_ms: this.#state.active_ms });
  }

  /** The summary is saved: close everything and show it. */
  #leave() {
    const workout = this.#state.ready?.workout ?? "";
    this.#letGo();
    // Replaced, so that Back leads to the exercises: this page would start another workout.
    location.replace(`${this.#body.dataset.workouts}/${encodeURIComponent(workout)}`);
  }

  /** Free camera and link for the next page. */
  #letGo() {
    this.#stage.capture.stop();
    closeCamera(this.#stage.video);
    this.#link.close();
    this.#kept = null;
    forget(this.#exercise);
  }
}

await new Page(document.body).run();
