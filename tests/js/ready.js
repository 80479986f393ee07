/** The server's answer to the start of a squat workout without a target. */

export const READY = /** @type {import("../../static/js/wire.js").Ready} */ ({
  workout: "w1",
  resume: "secret",
  skeleton: { joints: [], edges: [], sides: [] },
  exercise: { name: "squat", title: "Squat", kind: "reps", joints: [], target_s: null, poses: {} },
  in_flight: 2,
  count: 0,
  counting: false,
  held_s: 0,
  engine: "replay",
  sets: [],
  target: null,
});
