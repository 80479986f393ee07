import assert from "node:assert/strict";
import { test } from "node:test";

import { about, pick } from "../../static/js/engines.js";

const FULL = { name: "full", title: "BlazePose full", lacks: "", depth: true, misses: "" };
const FLAT = { name: "flat", title: "EfficientPose RT", lacks: "nose and toes", depth: false, misses: "" };
const UNABLE = { ...FLAT, misses: "toes" };

test("the engine that was chosen once is chosen again", () => {
  assert.equal(pick([FULL, FLAT], "flat", "full"), "flat");
  assert.equal(pick([FULL, FLAT], "", "full"), "full");
});

test("an engine that is gone, or cannot follow the exercise, gives way to the server's own", () => {
  assert.equal(pick([FULL, FLAT], "gone", "full"), "full");
  assert.equal(pick([FULL, UNABLE], "flat", "full"), "full");
});

test("where the server's own cannot follow the exercise, another one does", () => {
  assert.equal(pick([UNABLE, FULL], "", "flat"), "full");
  assert.equal(pick([UNABLE], "", "flat"), "");
});

test("an engine that failed is not taken again", () => {
  assert.equal(pick([FULL, FLAT], "", "full", "full"), "flat");
});

test("what an engine cannot see is said before one begins", () => {
  assert.equal(about([FULL, FLAT], "", "full"), "");
  assert.equal(about([FULL, FLAT], "flat", "flat"), "Does not track nose and toes. 2-D only.");
});

test("why another engine runs is said with the joints", () => {
  const words = "This exercise needs the toes, which EfficientPose RT does not track.";
  assert.equal(about([FULL, UNABLE], "flat", "full"), `${words} Using BlazePose full instead.`);
  assert.equal(about([UNABLE], "flat", ""), `${words} No engine here can follow it.`);
});
