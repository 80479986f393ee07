/** The workout's page: its parts, and what follows from what. */

import { CameraError, cameras, closeCamera, openCamera } from "./camera.js";
import { Capture } from "./capture.js";
import { controls } from "./controls.js";
import { loadFigure } from "./figure.js";
import { Hud } from "./hud.js";
import { judgeLight } from "./light.js";
import { Link } from "./link.js";
import { Meter } from "./meter.js";
import { Overlay } from "./overlay.js";
import { Picker } from "./picker.js";
import { forget, recall, remember } from "./resume.js";
import { initial, reduce } from "./state.js";
import { Voice } from "./voice.js";
import { notice, screen } from "./words.js";

const TICK_MS = 100;
const LIGHT_MS = 1000;
/** Without an answer for so long the camera's own picture is shown, so that it never freezes. */
const LIVE_PICTURE_MS = 400;

/** @typedef {import("./state.js").Happening} Happening */

/** One workout in one window. */
class Page {
  /** @param {HTMLElement} body */
  constructor(body) {
    this.body = body;
    this.exercise = body.dataset.exercise ?? "";
    this.state = initial(options(new URLSearchParams(location.search)), performance.now());
    this.hud = new Hud(body);
    this.voice = new Voice();
    this.meter = new Meter();
    this.picker = new Picker(body);
    this.kept = recall(this.exercise);
    this.shown_ms = -Infinity;
    /** @type {import("./figure.js").Figure | null} */
    this.figure = null;
    this.video = /** @type {HTMLVideoElement} */ (document.getElementById("camera"));
    this.overlay = new Overlay(/** @type {HTMLCanvasElement} */ (document.getElementById("picture")));
    this.capture = new Capture(
      this.video,
      (seq, t_ms, jpeg) => this.link.frame(seq, t_ms, jpeg),
      () => this.showCamera(),
    );
    this.link = new Link(this.exercise, () => ({ resume: this.kept?.resume, engine: this.picker.chosen }), {
      happened: (happening) => this.happened(happening),
      pose: (answer) => this.showPose(answer),
      refused: (seq) => void this.capture.answered(seq),
    });
  }

  async run() {
    if (this.kept) this.happened({ type: "restore", active_ms: this.kept.active_ms });
    setInterval(() => this.tick(), TICK_MS);
    window.addEventListener("offline", () => this.link.reconnect());
    setInterval(() => this.lookAtLight(), LIGHT_MS);
    controls(this.body, this.hud, this.actions());
    window.addEventListener("pagehide", () => this.remember());
    // The browser's back button may bring this page back as it was left, with its camera and link let go.
    window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
    document.addEventListener("visibilitychange", () => this.seenOrNot());
    this.figure = await loadFigure(this.body.dataset.figure ?? "");
    await this.open("");
  }

  tick() {
    this.happened({ type: "tick" });
    if (this.capture.pace.dead) this.link.reconnect();
  }

  /** @returns {import("./controls.js").Actions} */
  actions() {
    return {
      start: () => this.happened({ type: "start" }),
      pause: () => this.happened({ type: this.state.phase === "paused" ? "start" : "pause" }),
      stop: () => this.happened({ type: "stop" }),
      toggle: () => this.goOn(),
      retry: () => this.retry(),
      voice: () => this.hud.press("voice", this.voice.toggle()),
      auto: (on) => this.happened({ type: "options", options: { start: on ? "checks" : "hand" } }),
      camera: (device) => void this.open(device),
      engine: () => this.changeEngine(() => this.picker.choose()),
    };
  }

  /** @param {Happening} happening */
  happened(happening) {
    const before = this.state;
    this.state = reduce(before, happening, performance.now());
    if (happening.type === "ready") this.takeUp(happening.ready);
    if (happening.type === "problem") this.startAnew(happening.problem);
    this.follow(before);
    this.hud.render(this.state);
  }

  /**
   * What a change of the state asks of the other parts.
   *
   * @param {import("./state.js").State} before
   */
  follow(before) {
    const { phase, link, count, note, kept } = this.state;
    if (before.link === "up" && link !== "up") this.capture.stop();
    if (before.phase !== phase) this.phaseChanged(phase);
    if (kept && !before.kept) this.leave();
    if (count > before.count && before.ready) this.voice.say(String(count));
    else if (note && note !== before.note) this.voice.say(note.text);
  }

  /** @param {import("./state.js").Phase} phase */
  phaseChanged(phase) {
    const commands = /** @type {const} */ ({ live: "go", paused: "pause", done: "stop", setup: null, countdown: null });
    const command = commands[phase];
    if (command) this.link.say(command);
    if (phase === "live") void this.stayAwake();
  }

  /** @param {import("./wire.js").Ready} ready */
  takeUp(ready) {
    const { phase } = this.state;
    this.kept = { resume: ready.resume, active_ms: this.state.active_ms };
    this.remember();
    this.capture.start(ready.in_flight);
    if (phase === "done") this.link.say("stop");
    else if ((phase === "live") !== ready.counting) this.link.say(phase === "live" ? "go" : "pause");
  }

  /** A remembered workout that is over is no reason not to start. @param {import("./wire.js").Problem} problem */
  startAnew({ code, seq }) {
    if (code !== "no_workout" || seq !== undefined || this.state.ready || !this.kept) return;
    this.kept = null;
    forget(this.exercise);
    this.happened({ type: "restore", active_ms: 0 });
    this.link.start();
  }

  /** @param {string} device */
  async open(device) {
    this.happened({ type: "camera", camera: "asking" });
    try {
      const lost = () => this.happened({ type: "camera", camera: "missing" });
      const opened = await openCamera(this.video, device, lost);
      this.overlay.mirrored = opened.mirrored;
      this.happened({ type: "camera", camera: "open" });
      this.lookAtLight();
      this.hud.offer(await cameras(), opened.device);
    } catch (error) {
      if (!(error instanceof CameraError)) throw error;
      this.happened({ type: "camera", camera: error.reason });
    }
  }

  /** Whatever comes next: the notice's button, or start, pause and go on. */
  goOn() {
    if (notice(this.state)?.retry) this.retry();
    else this.happened({ type: this.state.phase === "live" ? "pause" : "start" });
  }

  retry() {
    const { link, camera } = this.state;
    if (camera !== "open") void this.open("");
    else if (link === "full") this.link.start();
    else if (this.state.wrongEngine) this.changeEngine(() => this.picker.another());
    else if (link === "failed") this.reload();
    else this.happened({ type: "start" });
  }

  /** The same workout goes on with the other engine. @param {() => void} change */
  changeEngine(change) {
    change();
    this.happened({ type: "engine" });
    this.link.start();
  }

  reload() {
    this.kept = null;
    forget(this.exercise);
    location.reload();
  }

  /** The camera's own picture, while no answer comes. */
  showCamera() {
    if (performance.now() - this.shown_ms < LIVE_PICTURE_MS || this.state.camera !== "open") return;
    this.outline(this.overlay.picture(this.video));
  }

  /** The frame and what was seen in it, together. @param {import("./wire.js").PoseAnswer} answer */
  showPose({ seq, image, progress }) {
    const kept = this.capture.answered(seq);
    const { ready, note } = this.state;
    if (kept && ready) {
      const view = this.overlay.picture(kept.picture);
      this.outline(view);
      const marks = { joints: ready.exercise.joints, rings: note?.joints ?? [] };
      if (image) this.overlay.skeleton(view, image, ready.skeleton, marks);
      this.shown(seq, kept.capture_ms);
    }
    this.happened({ type: "pose", seen: image !== null, progress });
  }

  /** Where to stand, until all is well. @param {import("./viewport.js").Viewport} view */
  outline(view) {
    if (this.figure && screen(this.state) === "setup" && this.state.clearSince_ms === null) {
      this.overlay.outline(view, this.figure);
    }
  }

  /** @param {number} seq @param {number} capture_ms */
  shown(seq, capture_ms) {
    this.shown_ms = performance.now();
    const drawn_ms = performance.timeOrigin + this.shown_ms;
    window.dispatchEvent(new CustomEvent("posecoach:drawn", { detail: { seq, capture_ms, drawn_ms } }));
    this.meter.add(drawn_ms, drawn_ms - capture_ms);
    this.hud.measure({ ...this.meter.read(), ...this.capture.pace.step, engine: this.state.ready?.engine ?? "" });
  }

  lookAtLight() {
    if (this.state.camera !== "open" || !this.video.videoWidth) return;
    this.happened({ type: "setup", checks: [judgeLight(this.capture.sample())] });
  }

  seenOrNot() {
    // A hidden page gets no frames: what is not seen is not counted, and is not to look like it.
    if (document.hidden) this.happened({ type: "pause" });
    else if (this.state.phase === "live") void this.stayAwake();
  }

  async stayAwake() {
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // Low battery, or a browser that does not want to: the screen dims as it always does.
    }
  }

  remember() {
    if (this.kept && !this.state.kept) remember(this.exercise, { ...this.kept, active_ms: this.state.active_ms });
  }

  /** The summary is kept: let go of everything, and show it. */
  leave() {
    const workout = this.state.ready?.workout ?? "";
    this.capture.stop();
    closeCamera(this.video);
    this.link.close();
    forget(this.exercise);
    // Back from the summary leads to the exercises: this page would begin another workout.
    location.replace(`${this.body.dataset.workouts}/${encodeURIComponent(workout)}`);
  }
}

/** @param {URLSearchParams} query @returns {import("./state.js").Options} */
function options(query) {
  const seconds = Number(query.get("countdown") ?? 3);
  const start = query.get("start");
  return {
    countdown_s: Number.isFinite(seconds) ? Math.min(30, Math.max(0, seconds)) : 3,
    start: start === "hand" || start === "now" ? start : "checks",
  };
}

await new Page(document.body).run();
