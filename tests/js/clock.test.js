import assert from "node:assert/strict";
import { test } from "node:test";

import { clock } from "../../static/js/clock.js";

test("time is shown as on a clock, and never below nothing", () => {
  const shown = [-0.1, 0, 7.4, 9.99, 61, 750, 3600].map(clock);
  assert.deepEqual(shown, ["0:00", "0:00", "0:07", "0:09", "1:01", "12:30", "60:00"]);
});
