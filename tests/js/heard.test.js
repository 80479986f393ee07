import assert from "node:assert/strict";
import { test } from "node:test";

import { initial, reduce } from "../../static/js/state.js";
import { notice, screen, setupTitle } from "../../static/js/words.js";
import { READY } from "./ready.js";

/** @typedef {import("../../static/js/state.js").Happening} Happening */

/** @type {Happening} */
const READY_AGAIN = { type: "ready", ready: READY };
/** @type {Happening} */
const ANSWER = { type: "pose", seen: true, progress: 0.4 };
/** @type {Happening} */
const TICK = { type: "tick" };

/** @param {[number, Happening][]} story @param {import("../../static/js/state.js").Options["start"]} start */
function after(story, start = "now") {
  return story.reduce((state, [at, what]) => reduce(state, what, at), initial({ countdown_s: 0, start }, 0));
}

/** @type {[number, Happening][]} */
const CONNECTED = [[0, { type: "camera", camera: "open" }], [10, READY_AGAIN]];
/** @type {[number, Happening][]} */
const KILLED = [...CONNECTED, [20, ANSWER], [30, TICK], [1000, { type: "link", link: "lost" }]];

test("nothing starts by itself before the first pose is answered", () => {
  const waiting = after([...CONNECTED, [5000, TICK]]);
  assert.equal(screen(waiting), "setup");
  assert.equal(setupTitle(waiting, ""), "Getting the server ready");
  assert.equal(screen(after([...CONNECTED, [5000, ANSWER], [5100, TICK]])), "live");
  const placed = { name: "body", done: true, message: "" };
  const told = after([...CONNECTED, [20, { type: "setup", checks: [placed] }], [9000, TICK]], "checks");
  assert.equal(screen(told), "setup");
});

test("whoever presses start too early is started as soon as the server answers", () => {
  const early = after([...CONNECTED, [15, { type: "start" }], [20, TICK]], "hand");
  assert.equal(screen(early), "setup");
  assert.equal(screen(reduce(reduce(early, ANSWER, 30), TICK, 40)), "live");
});

test("a server that is back is not called counting before it answers a pose", () => {
  const back = after([...KILLED, [4000, READY_AGAIN]]);
  assert.deepEqual([screen(back), notice(back)?.title], ["reconnecting", "Reconnecting"]);
  const slow = reduce(back, TICK, 5000);
  assert.deepEqual([screen(slow), notice(slow)?.title], ["reconnecting", "The server is starting"]);
  const answered = reduce(slow, ANSWER, 7000);
  assert.deepEqual([screen(answered), notice(answered)], ["live", null]);
  assert.equal(reduce(answered, TICK, 7500).active_ms - back.active_ms, 500);
});

test("what the last engine still answers does not speak for the next one", () => {
  const live = after([...CONNECTED, [20, ANSWER], [30, TICK]]);
  const changed = reduce(reduce(live, { type: "engine" }, 40), ANSWER, 50);
  assert.equal(screen(reduce(changed, READY_AGAIN, 60)), "reconnecting");
});
