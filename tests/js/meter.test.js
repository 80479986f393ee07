import assert from "node:assert/strict";
import { test } from "node:test";

import { Meter } from "../../static/js/meter.js";

test("frames a second and delay are means of what was shown", () => {
  const meter = new Meter();
  for (let frame = 0; frame <= 20; frame += 1) meter.add(frame * 50, frame % 2 ? 40 : 60);
  assert.equal(meter.read().fps, 20);
  assert.ok(Math.abs(meter.read().delay_ms - 50) < 1);
});

test("what is long past does not count", () => {
  const meter = new Meter();
  for (let frame = 0; frame <= 20; frame += 1) meter.add(frame * 50, 500);
  for (let frame = 0; frame <= 60; frame += 1) meter.add(5000 + frame * 100, 30);
  assert.deepEqual(meter.read(), { fps: 10, delay_ms: 30 });
});

test("before the second frame there is no rate", () => {
  const meter = new Meter();
  assert.deepEqual(meter.read(), { fps: 0, delay_ms: 0 });
  meter.add(0, 33);
  assert.deepEqual(meter.read(), { fps: 0, delay_ms: 33 });
});
