import assert from "node:assert/strict";
import { test } from "node:test";

import { matches, nothingFound } from "../../static/js/find.js";

const NAMES = ["Squat", "Push-up", "Pull-up", "Warrior I", "Warrior II", "Side plank", "Jumping jack"];
/** @param {string} wanted */
const found = (wanted) => NAMES.filter((name) => matches(wanted, name));

test("nothing typed finds everything", () => {
  assert.deepEqual(found(" "), NAMES);
});

test("the beginning of any word finds", () => {
  assert.deepEqual(found("sq"), ["Squat"]);
  assert.deepEqual(found("plank"), ["Side plank"]);
  assert.deepEqual(found("pl si"), ["Side plank"]);
});

test("letters count, not case, accents, hyphens or blanks", () => {
  for (const typed of ["pushup", "push up", "PUSH-UP", "púsh"]) assert.deepEqual(found(typed), ["Push-up"]);
});

test("what nobody has finds nothing", () => {
  assert.deepEqual(found("burpee"), []);
});

test("what nobody has is named without the blanks around it", () => {
  assert.equal(nothingFound(" burpee "), "No exercise matches “burpee”.");
});

test("a plural finds the exercise that is called by the singular", () => {
  assert.deepEqual(found("squats"), ["Squat"]);
  assert.deepEqual(found("side planks"), ["Side plank"]);
  assert.deepEqual(found("pushups"), ["Push-up"]);
  assert.ok(matches("crunches", "Crunch"));
  assert.ok(matches("abs", "Sit-up abs"));
});

test("one letter left out, added, replaced or swapped is forgiven in words of five letters and more", () => {
  for (const typed of ["warior", "warrrior", "warriur", "wariror", "wariors"]) {
    assert.deepEqual(found(typed), ["Warrior I", "Warrior II"], typed);
  }
  assert.deepEqual(found("wrriur"), []);
  assert.deepEqual(found("jock"), []);
});
