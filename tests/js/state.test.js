import assert from "node:assert/strict";
import { test } from "node:test";

import { initial, reduce } from "../../static/js/state.js";
import { countdown, notice, prompt, screen } from "../../static/js/words.js";
import { READY } from "./ready.js";

/** @typedef {import("../../static/js/state.js").Happening} Happening */

const HOLD = { ...READY, exercise: { ...READY.exercise, kind: /** @type {const} */ ("hold") } };
const BODY = { name: "body", done: true, message: "" };
const FEET = { name: "body", done: false, message: "Feet not in view: step back." };
const OPTIONS = /** @type {const} */ ({ countdown_s: 3, start: "checks" });

/** @param {[number, Happening][]} story @param {Partial<import("../../static/js/state.js").Options>} options */
function after(story, options = {}) {
  return story.reduce((state, [at, what]) => reduce(state, what, at), initial({ ...OPTIONS, ...options }, 0));
}

/** @type {[number, Happening][]} */
const CONNECTED = [
  [0, { type: "camera", camera: "open" }],
  [10, { type: "ready", ready: READY }],
  [12, { type: "pose", seen: false, progress: null }],
];
/** @type {[number, Happening][]} */
const LIVE = [...CONNECTED, [20, { type: "start" }], [21, { type: "start" }]];
/** @param {number} at @returns {[number, Happening]} */
const seen = (at) => [at, { type: "pose", seen: true, progress: 0.4 }];

test("a camera that fails is what the page speaks of first", () => {
  assert.equal(screen(after([])), "asking");
  for (const camera of /** @type {const} */ (["refused", "missing", "busy", "insecure"])) {
    assert.equal(screen(after([[1, { type: "camera", camera }]])), camera);
  }
});

test("done checks start the countdown by themselves, after a second", () => {
  const done = after([...CONNECTED, [100, { type: "setup", checks: [BODY] }], [1000, { type: "tick" }]]);
  assert.equal(screen(done), "setup");
  assert.equal(screen(reduce(done, { type: "tick" }, 1100)), "countdown");
});

test("an open check starts the second anew", () => {
  const story = after([
    ...CONNECTED,
    [100, { type: "setup", checks: [BODY] }],
    [900, { type: "setup", checks: [FEET] }],
    [1000, { type: "setup", checks: [BODY] }],
    [1900, { type: "tick" }],
  ]);
  assert.equal(screen(story), "setup");
});

test("a check measured in the browser stands beside the server's", () => {
  const dark = { name: "light", done: false, message: "Too dark to see you well." };
  const story = after([
    ...CONNECTED,
    [90, { type: "setup", checks: [dark] }],
    [100, { type: "setup", checks: [BODY] }],
    [2000, { type: "tick" }],
  ]);
  assert.deepEqual(story.checks.map((check) => check.name), ["body", "light"]);
  assert.equal(screen(story), "setup");
});

test("good light alone, before the server has seen anything, starts nothing", () => {
  const light = after([...CONNECTED, [50, { type: "setup", checks: [{ name: "light", done: true, message: "" }] }]]);
  assert.equal(screen(reduce(light, { type: "tick" }, 5000)), "setup");
});

test("whoever wants to start by hand is not started", () => {
  const done = after([...CONNECTED, [100, { type: "setup", checks: [BODY] }]], { start: "hand" });
  assert.equal(screen(reduce(done, { type: "tick" }, 9000)), "setup");
});

test("the countdown shows 3, 2, 1 and goes", () => {
  const started = after([...CONNECTED, [1000, { type: "start" }]]);
  const digits = [1000, 1999, 2001, 3500].map((at) => countdown(reduce(started, { type: "tick" }, at)));
  assert.deepEqual(digits, [3, 3, 2, 1]);
  assert.equal(screen(reduce(started, { type: "tick" }, 4000)), "live");
});

test("no countdown was asked for: live at once", () => {
  assert.equal(screen(after([...CONNECTED, [20, { type: "start" }]], { countdown_s: 0 })), "live");
  assert.equal(screen(after([...CONNECTED, [20, { type: "tick" }]], { countdown_s: 0, start: "now" })), "live");
});

test("a step out of view stops the countdown", () => {
  const story = after([
    ...CONNECTED,
    [100, { type: "setup", checks: [BODY] }],
    [1100, { type: "tick" }],
    [1500, { type: "setup", checks: [FEET] }],
  ]);
  assert.equal(screen(story), "setup");
});

test("a start by hand with open checks is not stopped by them", () => {
  const story = after([...CONNECTED, [50, { type: "setup", checks: [FEET] }], [60, { type: "start" }]]);
  assert.equal(screen(reduce(story, { type: "setup", checks: [FEET] }, 100)), "countdown");
});

test("counted repetitions count, a partial one gives its reason", () => {
  const rep = { number: 1, set: 1, depth: 1, faults: [], reason: "" };
  const one = after([...LIVE, [30, { type: "rep", rep }]]);
  assert.equal(one.count, 1);
  const half = reduce(one, { type: "rep", rep: { ...rep, number: 0, reason: "18° short" } }, 40);
  assert.equal(half.count, 1);
  assert.deepEqual(prompt(half), { text: "Not counted: 18° short", kind: "partial" });
});

test("a cue goes after a while", () => {
  const cue = { rule: "knees", message: "Knees out.", severity: 1, joints: [25] };
  const said = after([...LIVE, [30, { type: "cue", cue }]]);
  assert.equal(prompt(said)?.text, "Knees out.");
  const later = [4000, 4010].reduce((state, at) => reduce(reduce(state, { type: "tick" }, at), seen(at)[1], at), said);
  assert.equal(prompt(later), null);
});

test("nobody in view is said, and silence is kept while all is well", () => {
  const well = after([...LIVE, seen(500)]);
  assert.equal(prompt(well), null);
  const gone = reduce(well, { type: "pose", seen: false, progress: null }, 1300);
  assert.match(prompt(gone)?.text ?? "", /Cannot see you/);
});

test("what the server misses is said during the set as well", () => {
  const story = after([...LIVE, seen(500), [510, { type: "setup", checks: [FEET] }]]);
  assert.equal(prompt(story)?.text, FEET.message);
});

test("late answers are said", () => {
  const story = after([...LIVE, seen(500), [1500, { type: "tick" }]]);
  assert.match(prompt(story)?.text ?? "", /Slow connection/);
});

test("a lost link is said and the count stays", () => {
  const story = after([
    ...LIVE,
    [30, { type: "rep", rep: { number: 1, set: 1, depth: 1, faults: [], reason: "" } }],
    [40, { type: "link", link: "lost" }],
  ]);
  assert.equal(screen(story), "reconnecting");
  const ready = reduce(story, { type: "ready", ready: { ...READY, count: 1, counting: true } }, 50);
  const back = reduce(ready, seen(60)[1], 60);
  assert.equal(screen(back), "live");
  assert.equal(back.count, 1);
});

test("time does not run while the link is down or the workout paused", () => {
  const story = after([
    ...LIVE,
    [1021, { type: "pause" }],
    [5000, { type: "start" }],
    [6000, { type: "link", link: "lost" }],
    [8000, { type: "ready", ready: READY }],
    seen(9000),
    [9500, { type: "tick" }],
  ]);
  assert.equal(story.active_ms, 1000 + 1000 + 500);
});

test("a laptop that sleeps for the night was not live all night", () => {
  const night_ms = 8 * 3600 * 1000;
  assert.ok(after([...LIVE, [night_ms, { type: "tick" }]]).active_ms <= 1000);
});

test("a page that is hidden during the countdown goes back to set-up", () => {
  const story = after([...CONNECTED, [1000, { type: "start" }], [2000, { type: "pause" }], [9000, { type: "tick" }]]);
  assert.equal(screen(story), "setup");
});

test("a reloaded page has its count and time, and waits until the person stands before it again", () => {
  const story = after([
    [0, { type: "camera", camera: "open" }],
    [5, { type: "restore", active_ms: 30_000 }],
    [10, { type: "ready", ready: { ...READY, count: 7, counting: true } }],
  ]);
  assert.equal(screen(story), "setup");
  assert.equal(story.count, 7);
  assert.equal(story.active_ms, 30_000);
});

test("a full server is told from a lost link", () => {
  const full = after([
    [0, { type: "camera", camera: "open" }],
    [5, { type: "problem", problem: { code: "server_full", message: "Full." } }],
  ]);
  assert.equal(screen(full), "full");
  assert.equal(screen(reduce(full, { type: "link", link: "lost" }, 6)), "full");
  assert.equal(screen(reduce(full, { type: "ready", ready: READY }, 7)), "setup");
});

test("a refused frame changes nothing but what was said", () => {
  const refused = { code: "frame_too_large", message: "Too large.", seq: 4 };
  const story = after([...LIVE, [30, { type: "problem", problem: refused }]]);
  assert.equal(screen(story), "live");
});

test("a server that cannot keep what it counts says so, and goes on", () => {
  const message = "The store cannot be written; counting goes on.";
  const story = after([...LIVE, [30, { type: "problem", problem: { code: "store", message } }]]);
  assert.equal(screen(story), "live");
  assert.equal(prompt(story)?.text, message);
});

test("a workout that the server no longer has stops the page, with the server's words", () => {
  const problem = { code: "no_workout", message: "That workout has ended; start a new one." };
  assert.equal(after([...LIVE, [30, { type: "problem", problem }]]).link, "failed");
});

test("a summary whose answer was lost is looked at all the same", () => {
  const problem = { code: "no_workout", message: "That workout has ended; start a new one." };
  const story = after([
    ...LIVE,
    [30, { type: "stop" }],
    [40, { type: "link", link: "lost" }],
    [50, { type: "problem", problem }],
  ]);
  assert.deepEqual([screen(story), story.kept], ["summary", true]);
});

test("held seconds go on with every pose and stay when the hold breaks", () => {
  const held = after([
    [0, { type: "camera", camera: "open" }],
    [10, { type: "ready", ready: HOLD }],
    seen(15),
    [20, { type: "start" }],
    [21, { type: "start" }],
    [30, { type: "hold", hold: { number: 1, pose: "plank", set: 1, held_s: 0, state: "started" } }],
    [5000, { type: "pose", seen: true, progress: 4.9 }],
  ]);
  const hold = { number: 1, pose: "plank", set: 1, held_s: 5 };
  const runs = reduce(held, { type: "hold", hold: { ...hold, state: "running" } }, 5050);
  assert.deepEqual([held.held_s, runs.held_s, runs.note], [4.9, 5, held.note]);
  const broken = reduce(held, { type: "hold", hold: { ...hold, state: "broken" } }, 5100);
  assert.equal(broken.held_s, 5);
  assert.match(prompt(broken)?.text ?? "", /come back/);
  assert.equal(prompt(reduce(broken, { type: "pose", seen: true, progress: 5.1 }, 5200)), null);
  assert.equal(reduce(broken, { type: "pose", seen: true, progress: null }, 5200).held_s, 5);
});

test("a hold whose clock stands is not judged, and the page says that it waits", () => {
  const start = after([
    [0, { type: "camera", camera: "open" }],
    [10, { type: "ready", ready: HOLD }],
    seen(15),
    [20, { type: "start" }],
    [21, { type: "start" }],
  ]);
  const waiting = [500, 1000, 1500].reduce(
    (state, at) => reduce(state, { type: "pose", seen: true, progress: 0 }, at),
    start,
  );
  assert.match(prompt(waiting)?.text ?? "", /the clock is waiting/);
});

test("stop ends the workout, and its summary is waited for", () => {
  const story = after([...LIVE, [30, { type: "stop" }], [40, { type: "summary" }]]);
  assert.equal(screen(story), "summary");
  assert.ok(story.kept);
});

test("another engine begins anew, and what was counted stays", () => {
  const before = after([...CONNECTED, [100, { type: "setup", checks: [BODY] }]]);
  const changed = reduce({ ...before, count: 3 }, { type: "engine" }, 600);
  assert.equal(screen(changed), "setup");
  assert.equal(screen(reduce(changed, { type: "tick" }, 5000)), "setup");
  const again = reduce(changed, { type: "ready", ready: { ...READY, count: 3 } }, 700);
  assert.deepEqual([again.link, again.count, again.checks], ["up", 3, []]);
});

test("an engine that cannot watch is said in the server's words, with a way on", () => {
  for (const code of ["backend_unavailable", "joints_missing", "unknown_engine"]) {
    const message = "Calf raise needs the toes.";
    const refused = after([...CONNECTED, [50, { type: "problem", problem: { code, message } }]]);
    assert.deepEqual([notice(refused)?.text, notice(refused)?.retry], [message, "Use another engine"]);
    assert.equal(notice(reduce(refused, { type: "ready", ready: READY }, 90)), null);
  }
});

test("a frame that an engine fails on is no reason to change it", () => {
  const problem = { code: "backend_unavailable", message: "?", seq: 3 };
  assert.equal(after([...CONNECTED, [50, { type: "problem", problem }]]).link, "up");
});
