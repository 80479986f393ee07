/** The link to the server: Socket.IO over WebSocket alone, taken up again by itself after a loss. */

import { io } from "../vendor/socket.io.js";
import { decodePose, decodeReady, encodeStart, record, WireError } from "./wire.js";

const ASK_AGAIN_MS = 4000;
const RECONNECT_MS = 300;
/** Reasons not to start that may be gone in a moment. */
const PASSING = ["store", "too_many", "internal"];
const RECORDS = /** @type {const} */ (["rep", "hold", "cue"]);

/**
 * @typedef {object} Listener
 * @property {(happening: import("./state.js").Happening) => void} happened
 * @property {(answer: import("./wire.js").PoseAnswer) => void} pose
 * @property {(seq: number) => void} refused a frame that will get no pose
 */

/** One workout's connection. */
export class Link {
  #socket;
  #listener;
  #exercise;
  #wish;
  #again = 0;
  /** Workouts that were given up before anything was done, as long as the server has not answered their `stop`. */
  #dropped = 0;
  /** Whether the server has taken this connection's workout up. */
  #taken = false;

  /**
   * @param {string} exercise
   * @param {() => import("./wire.js").Wish} wish what `start` is to ask for
   * @param {Listener} listener
   */
  constructor(exercise, wish, listener) {
    this.#exercise = exercise;
    this.#wish = wish;
    this.#listener = listener;
    this.#socket = io({ transports: ["websocket"], reconnectionDelay: 300, reconnectionDelayMax: 2500 });
    this.#hearConnection();
    this.#hearRecords();
  }

  #hearConnection() {
    const [socket, listener] = [this.#socket, this.#listener];
    socket.on("connect", () => {
      this.#taken = false;
      this.#dropped = 0;
      this.start();
    });
    socket.on("disconnect", (reason) => {
      listener.happened({ type: "link", link: "lost" });
      if (reason === "io server disconnect") this.#later(() => socket.connect());
    });
    socket.on("connect_error", () => listener.happened({ type: "link", link: "lost" }));
    socket.on("ready", this.#guarded((message) => {
      const ready = decodeReady(message);
      this.#taken = true;
      listener.happened({ type: "ready", ready });
    }));
    socket.on("pose", this.#guarded((seq, bytes, progress) => listener.pose(decodePose(seq, bytes, progress))));
    socket.on("error", this.#guarded((message) => this.#problem(record(message, "error"))));
  }

  #hearRecords() {
    const [socket, listener] = [this.#socket, this.#listener];
    for (const type of RECORDS) {
      socket.on(type, this.#guarded((message) => {
        listener.happened(/** @type {import("./state.js").Happening} */ ({ type, [type]: record(message, type) }));
      }));
    }
    socket.on("set", this.#guarded((message) => {
      const set = /** @type {import("./wire.js").SetRecord} */ (record(message, "set"));
      const ago_ms = performance.timeOrigin + performance.now() - 1000 * set.end_s;
      listener.happened({ type: "set", set, ago_ms: Math.max(0, ago_ms) });
    }));
    socket.on("setup", this.#guarded((message) => {
      const { checks } = /** @type {import("./wire.js").Setup} */ (record(message, "setup"));
      listener.happened({ type: "setup", checks });
    }));
    socket.on("saved", () => listener.happened({ type: "saved" }));
    socket.on("summary", () => {
      if (this.#dropped === 0) listener.happened({ type: "summary" });
    });
  }

  /** Ask for the workout; also again, when the server was full or another engine is wished for. */
  start() {
    clearTimeout(this.#again);
    if (this.#socket.connected) this.#socket.emit("start", encodeStart(this.#exercise, this.#wish()));
    else this.#socket.connect();
  }

  /** Give this workout up, in which nothing was done, and begin another one. */
  anew() {
    if (!this.#socket.connected) return;
    this.#dropped += 1;
    // Acknowledged after its answer, be that a summary or an error: only what comes before is the old workout's.
    this.#socket.emit("stop", {}, () => (this.#dropped -= 1));
    this.start();
  }

  /** @param {"go" | "pause" | "stop"} command */
  say(command) {
    if (this.#socket.connected) this.#socket.emit(command, {});
  }

  /** @param {number} seq @param {number} t_ms @param {ArrayBuffer} jpeg */
  frame(seq, t_ms, jpeg) {
    // Without a connection the client would queue it, and the newest frame is the only one that is wanted.
    if (this.#socket.connected) this.#socket.emit("frame", seq, t_ms, jpeg);
  }

  /** The line is dead: do not wait until the socket notices. */
  reconnect() {
    if (!this.#socket.connected) return;
    this.#socket.disconnect();
    this.#listener.happened({ type: "link", link: "lost" });
    this.#later(() => this.#socket.connect(), RECONNECT_MS);
  }

  close() {
    clearTimeout(this.#again);
    this.#socket.disconnect();
  }

  /** @param {object} message */
  #problem(message) {
    const problem = /** @type {import("./wire.js").Problem} */ (message);
    if (problem.seq !== undefined) this.#listener.refused(problem.seq);
    else if (!this.#taken && problem.code === "server_full") this.#later(() => this.#elsewhere());
    else if (!this.#taken && PASSING.includes(problem.code)) this.#later(() => this.start());
    this.#listener.happened({ type: "problem", problem });
  }

  /** Connect anew: another process or server may have room. */
  #elsewhere() {
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** @param {() => void} what @param {number} after_ms */
  #later(what, after_ms = ASK_AGAIN_MS) {
    clearTimeout(this.#again);
    this.#again = window.setTimeout(what, after_ms);
  }

  /**
   * A message that is not of the wire's form is told, and the page lives on.
   *
   * @param {(...message: unknown[]) => void} handle
   * @returns {(...message: unknown[]) => void}
   */
  #guarded(handle) {
    return (...message) => {
      try {
        handle(...message);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#listener.happened({ type: "problem", problem: { code: "wire", message: error.message } });
      }
    };
  }
}
