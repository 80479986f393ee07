import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, fileSize, refusal, sending, view } from "../../static/js/film.js";

const LIMITS = { bytes: 500e6, s: 900 };
const STATUS = { state: "looking", seen_s: 30, length_s: 120, count: 1, held_s: 12.4, place: 0 };

test("sizes and lengths are said as people say them", () => {
  assert.equal(fileSize(1.25e6), "1.3 MB");
  assert.equal(fileSize(43.6e6), "44 MB");
  assert.equal(fileSize(100e3), "0.1 MB");
  assert.equal(fileSize(48_200), "49 kB");
  assert.equal(duration(8.2), "8 s");
  assert.equal(duration(59.6), "1:00 min");
  assert.equal(duration(605), "10:05 min");
});

test("a video that would not be taken is refused before it is sent, with both figures", () => {
  assert.match(refusal(0, null, LIMITS), /empty/);
  assert.match(refusal(600e6, null, LIMITS), /600 MB.*500 MB/);
  assert.match(refusal(1e6, 901, LIMITS), /15:01 min.*15:00 min/);
  assert.equal(refusal(500e6, 900, LIMITS), "");
  assert.equal(refusal(1e6, null, LIMITS), "", "a length that cannot be told is the server's to find out");
});

test("what was sent is said until all of it was", () => {
  assert.deepEqual(sending(5e6, 50e6), { text: "Sending the video", figures: "5.0 MB of 50 MB" });
  assert.equal(sending(0, 40e3).figures, "0 kB of 40 kB");
  assert.match(sending(50e6, 50e6).text, /Waiting for the server/);
});

test("a video that is looked at has a bar and what was counted so far", () => {
  assert.deepEqual(view(STATUS, "reps"), {
    text: "Analysing your video",
    seen: "30 s of 2:00 min",
    soFar: "1 repetition so far",
    done: 0.25,
    over: false,
  });
  assert.equal(view(STATUS, "hold").soFar, "12 s held");
});

test("what is read out stays the same while the figures run", () => {
  const running = [1, 2, 3].map((seen_s) => view({ ...STATUS, seen_s, count: seen_s }, "reps").text);
  assert.deepEqual(running, Array(3).fill("Analysing your video"));
  assert.deepEqual([1e6, 2e6].map((sent) => sending(sent, 3e6).text), Array(2).fill("Sending the video"));
});

test("where the length or the exercise is not known, nothing is made up", () => {
  const unknown = view({ ...STATUS, length_s: 0 }, "");
  assert.equal(unknown.done, null);
  assert.equal(unknown.soFar, "");
  assert.deepEqual([unknown.text, unknown.seen], ["Detecting the exercise", "30 s"]);
});

test("who waits is told how many are before", () => {
  const waits = (/** @type {number} */ place) => view({ ...STATUS, state: "waiting", place }, "reps");
  assert.deepEqual([0, 1, 3].map((place) => waits(place).text), [
    "Starting",
    "1 video is ahead of yours",
    "3 videos are ahead of yours",
  ]);
  assert.deepEqual([waits(1).done, waits(1).soFar], [null, ""]);
});

test("a workout that is being saved says so, or why it cannot be saved yet", () => {
  const saving = (/** @type {string} */ said) => view({ ...STATUS, state: "keeping", said }, "reps");
  assert.deepEqual([saving("").text, saving("Not yet.").text], ["Saving the workout", "Not yet."]);
  assert.deepEqual([saving("Not yet.").done, saving("Not yet.").over], [1, false]);
});

test("a video that failed or is gone is over, and the server's sentence is said", () => {
  for (const state of ["failed", "gone"]) {
    const over = { text: "No.", seen: "", soFar: "", done: null, over: true };
    assert.deepEqual(view({ ...STATUS, state, said: "No." }, "reps"), over);
  }
});
