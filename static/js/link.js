/** The connection to the server: Socket.IO over WebSocket only. It reconnects by itself. */

import { io } from "../vendor/socket.io.js";
import { decodePose, decodeReady, encodeStart, record, WireError } from "./wire.js";

const ASK_AGAIN_MS = 4000;
const RECONNECT_MS = 300;
/** Errors at the start that may be gone in a moment. */
const PASSING = ["store", "too_many", "internal"];
const RECORDS = /** @type {const} */ (["rep", "hold", "cue"]);

/**
 * @typedef {object} Listener
 * @property {(happening: import("./state.js").Happening) => void} onHappening
 * @property {(answer: import("./wire.js").PoseAnswer) => void} onPose
 * @property {(seq: number) => void} onRefused called for a frame that will get no pose
 */

/** One workout's connection. */
export class Link {
  #socket;
  #listener;
  #exercise;
  #wish;
  #again = 0;
  /** Workouts given up before anything was done, whose `stop` is not answered yet. */
  #dropped = 0;
  /** Whether the server has answered this connection's `start`. */
  #taken = false;

  /**
   * @param {string} exercise
   * @param {() => import("./wire.js").Wish} wish what `start` asks for
   * @param {Listener} listener
   */
  constructor(exercise, wish, listener) {
    this.#exercise = exercise;
    this.#wish = wish;
    this.#listener = listener;
    this.#socket = io({ transports: ["websocket"], reconnectionDelay: RECONNECT_MS, reconnectionDelayMax: 2500 });
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
      listener.onHappening({ type: "link", link: "lost" });
      if (reason === "io server disconnect") this.#schedule(() => socket.connect());
    });
    socket.on("connect_error", () => listener.onHappening({ type: "link", link: "lost" }));
    socket.on("ready", this.#guard((message) => {
      const ready = decodeReady(message);
      this.#taken = true;
      listener.onHappening({ type: "ready", ready });
    }));
    socket.on("pose", this.#guard((seq, bytes, progress) => listener.onPose(decodePose(seq, bytes, progress))));
    socket.on("error", this.#guard((message) => this.#onProblem(record(message, "error"))));
  }

  #hearRecords() {
    const [socket, listener] = [this.#socket, this.#listener];
    for (const type of RECORDS) {
      socket.on(type, this.#guard((message) => {
        listener.onHappening(/** @type {import("./state.js").Happening} */ ({ type, [type]: record(message, type) }));
      }));
    }
    socket.on("set", this.#guard((message) => {
      const set = /** @type {import("./wire.js").SetRecord} */ (record(message, "set"));
      const ago_ms = performance.timeOrigin + performance.now() - 1000 * set.end_s;
      listener.onHappening({ type: "set", set, ago_ms: Math.max(0, ago_ms) });
    }));
    socket.on("setup", this.#guard((message) => {
      const { checks } = /** @type {import("./wire.js").Setup} */ (record(message, "setup"));
      listener.onHappening({ type: "setup", checks });
    }));
    socket.on("saved", () => listener.onHappening({ type: "saved" }));
    socket.on("summary", () => {
      if (this.#dropped === 0) listener.onHappening({ type: "summary" });
    });
  }

  /** Start or resume the workout; again when the server was full, or for another engine. */
  start() {
    clearTimeout(this.#again);
    if (this.#socket.connected) this.#socket.emit("start", encodeStart(this.#exercise, this.#wish()));
    else this.#socket.connect();
  }

  /** Drop this workout, in which nothing was done, and start another one. */
  restart() {
    if (!this.#socket.connected) return;
    this.#dropped += 1;
    // The acknowledgement follows the answer, be it a summary or an error. A summary before it is the old workout's.
    this.#socket.emit("stop", {}, () => (this.#dropped -= 1));
    this.start();
  }

  /** @param {"go" | "pause" | "stop"} command */
  say(command) {
    if (this.#socket.connected) this.#socket.emit(command, {});
  }

  /** @param {number} seq @param {number} t_ms @param {ArrayBuffer} jpeg */
  sendFrame(seq, t_ms, jpeg) {
    // Without a connection Socket.IO would queue it, but only the newest frame is of use.
    if (this.#socket.connected) this.#socket.emit("frame", seq, t_ms, jpeg);
  }

  /** The connection is dead: do not wait for the socket to notice. */
  reconnect() {
    if (!this.#socket.connected) return;
    this.#socket.disconnect(); // the handler of "disconnect" tells the listener
    this.#schedule(() => this.#socket.connect(), RECONNECT_MS);
  }

  close() {
    clearTimeout(this.#again);
    this.#socket.disconnect();
  }

  /** @param {object} message */
  #onProblem(message) {
    const problem = /** @type {import("./wire.js").Problem} */ (message);
    if (problem.seq !== undefined) this.#listener.onRefused(problem.seq);
    else if (!this.#taken && problem.code === "server_full") this.#schedule(() => this.#reconnectElsewhere());
    else if (!this.#taken && PASSING.includes(problem.code)) this.#schedule(() => this.start());
    this.#listener.onHappening({ type: "problem", problem });
  }

  /** Reconnect: another process or server may have room. */
  #reconnectElsewhere() {
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** @param {() => void} what @param {number} after_ms */
  #schedule(what, after_ms = ASK_AGAIN_MS) {
    clearTimeout(this.#again);
    this.#again = window.setTimeout(what, after_ms);
  }

  /**
   * Report a malformed message, and carry on.
   *
   * @param {(...message: unknown[]) => void} handle
   * @returns {(...message: unknown[]) => void}
   */
  #guard(handle) {
    return (...message) => {
      try {
        handle(...message);
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#listener.onHappening({ type: "problem", problem: { code: "wire", message: error.message } });
      }
    };
  }
}
