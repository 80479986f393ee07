import assert from "node:assert/strict";
import { test } from "node:test";

import { initial, isOver, reduce } from "../../static/js/state.js";
import { notice, prompt, unsaved } from "../../static/js/words.js";

const FRESH = initial({ countdown_s: 3, start: "checks" }, 0);
const UP = { ...FRESH, camera: /** @type {const} */ ("open"), link: /** @type {const} */ ("up"), heard: true };

test("every camera trouble has its own sentence that says what to do", () => {
  const cameras = /** @type {const} */ (["refused", "missing", "busy", "ended", "insecure"]);
  const texts = cameras.map((camera) => notice({ ...FRESH, camera })?.text ?? "");
  assert.equal(new Set(texts).size, cameras.length);
  for (const text of texts) assert.ok(text.length > 20);
});

test("while all is well nothing lies over the picture", () => {
  for (const phase of /** @type {const} */ (["setup", "countdown", "live"])) {
    assert.equal(notice({ ...UP, phase }), null);
  }
});

test("a camera that ends during a set leaves the count and the clock where they are", () => {
  const live = { ...UP, phase: /** @type {const} */ ("live"), count: 3 };
  const ended = reduce(live, { type: "camera", camera: "ended" }, 100);
  const asking = reduce(ended, { type: "camera", camera: "asking" }, 5000);
  const gone = reduce(asking, { type: "camera", camera: "missing" }, 9000);
  assert.match(notice(gone)?.text ?? "", /Your count is safe/);
  assert.deepEqual([gone.count, gone.active_ms, reduce(gone, { type: "stop" }, 9100).phase], [3, 100, "done"]);
  const again = reduce(gone, { type: "camera", camera: "open" }, 9200);
  assert.deepEqual([again.phase, notice(again), prompt(again)], ["live", null, null]);
});

test("bad light is told while the countdown runs, and during the set only if it hides the movement", () => {
  const checks = [{ name: "light", done: false, message: "Too dark to see you well." }];
  const up = { ...UP, checks };
  assert.equal(prompt({ ...up, phase: "countdown" })?.text, checks[0].message);
  assert.equal(prompt({ ...up, phase: "live" }), null);
  assert.equal(prompt({ ...up, phase: "live", judged_ms: -2000 })?.text, checks[0].message);
});

test("a server that never answered is not called a lost connection", () => {
  const state = { ...FRESH, camera: /** @type {const} */ ("open"), link: /** @type {const} */ ("lost") };
  assert.match(notice(state)?.title ?? "", /Connecting to the server/);
});

test("what the server refused to start is shown in its words", () => {
  const problem = "There is no exercise of that name.";
  const state = { ...FRESH, camera: /** @type {const} */ ("open"), link: /** @type {const} */ ("failed"), problem };
  assert.equal(notice(state)?.text, problem);
});

test("what the store does not take is said for as long as that lasts, and the workout goes on", () => {
  const problem = { code: "not_saved", message: "Your workout cannot be saved at the moment." };
  const live = { ...UP, phase: /** @type {const} */ ("live") };
  const out = reduce(live, { type: "problem", problem }, 30);
  const later = reduce(out, { type: "tick" }, 60_000);
  assert.deepEqual([later.phase, unsaved(later), notice(later)], [
    "live",
    "Cannot be saved yet. Trying again.",
    null,
  ]);
  assert.equal(unsaved(reduce(later, { type: "saved" }, 60_010)), "");
});

test("a workout that is stopped without a connection says what its summary waits for", () => {
  const stopped = { ...UP, link: /** @type {const} */ ("lost"), phase: /** @type {const} */ ("done") };
  assert.match(notice(stopped)?.text ?? "", /The connection was lost\. Stay here/);
  assert.match(notice({ ...stopped, link: "up" })?.text ?? "", /on its way/);
  assert.match(notice({ ...stopped, kept: true })?.text ?? "", /on its way/);
});

test("a workout that ends unsaved waits for its summary until it is saved", () => {
  const problem = { code: "not_saved", message: "Your workout cannot be saved at the moment." };
  const live = { ...UP, phase: /** @type {const} */ ("live") };
  const done = reduce(reduce(live, { type: "problem", problem }, 30), { type: "summary" }, 40);
  assert.equal(isOver(done), false);
  assert.match(notice(done)?.text ?? "", /cannot be saved yet/);
  assert.equal(isOver(reduce(done, { type: "saved" }, 50)), true);
});
