/** Connects a workout's charts and replay: a tap in one shows in the other. */

import { Chart } from "./chart.js";
import { find } from "./dom.js";
import { Reel } from "./reel.js";
import { Replay } from "./replay.js";

/** @typedef {import("./timeline.js").Mark} Mark */
/** @typedef {import("./chart.js").Drawn} Drawn */
/** @typedef {{exercise: string, marks: Mark[]}} Exercise */

/**
 * @typedef {object} Content
 * @property {import("./scene.js").Skeleton} skeleton
 * @property {number[]} parts_s
 * @property {number} parts_at_a_time
 * @property {number} start_s
 * @property {number} ends_s
 * @property {Exercise[]} exercises
 */

const NOTHING_KEPT =
  "There is no replay and no chart: the movement of this workout was not stored. It may be too old, " +
  "nothing may have been counted, or this server does not store movement.";

/**
 * Show the replay and the charts, or say why there are none.
 *
 * @param {HTMLElement} place
 * @param {(key: string) => void} choose called with the repetition that the replay shows
 * @returns {Promise<((key: string) => void) | null>} shows a repetition; null where there is no replay
 */
export async function lookBack(place, choose) {
  const section = find(place, "[data-testid=replay]");
  const said = find(place, "[data-replay=said]");
  /** @param {string} text */
  const sayInstead = (text) => {
    said.textContent = text;
    section.classList.add("none");
    return null;
  };
  try {
    const content = /** @type {Content} */ (await fetchJson(place.dataset.content));
    if (content.parts_s.length === 0) return sayInstead(NOTHING_KEPT);
    const player = await openReplay(place, section, content, choose);
    return (key) => player.jump(key);
  } catch {
    return sayInstead("The replay could not be loaded. Reload the page to try again.");
  }
}

/** @param {string | undefined} address */
async function fetchJson(address) {
  const answer = await fetch(address ?? "");
  if (!answer.ok) throw new Error(`${address} was answered with ${answer.status}`);
  return answer.json();
}

/** @type {(p: HTMLElement, s: HTMLElement, c: Content, choose: (key: string) => void) => Promise<Replay>} */
async function openReplay(place, section, content, choose) {
  const marks = content.exercises.flatMap((one) => one.marks).sort((a, b) => a.start_s - b.start_s);
  const player = new Replay(section, new Reel(place.dataset.replay ?? "", content), marks, content.skeleton);
  /** @type {Chart[]} */
  const charts = [];
  let last = "";
  player.onTime = (t_s, mark) => {
    for (const chart of charts) chart.showTime(t_s, mark);
    if (mark && mark.key !== last) choose(mark.key);
    last = mark?.key ?? "";
  };
  drawCharts(place, content, player, charts).catch(() => sayNoCharts(place));
  await player.open();
  section.classList.add("ready");
  return player;
}

/** @type {(place: HTMLElement, content: Content, player: Replay, charts: Chart[]) => Promise<void>} */
async function drawCharts(place, content, player, charts) {
  const curves = await fetchJson(place.dataset.signal);
  const exercises = /** @type {(Drawn & {exercise: string})[]} */ (curves.exercises);
  for (const drawn of exercises) {
    const figure = place.querySelector(`[data-exercise='${drawn.exercise}'] .curve`);
    const marks = content.exercises.find((one) => one.exercise === drawn.exercise)?.marks ?? [];
    if (figure instanceof HTMLElement) charts.push(openChart(figure, drawn, marks, player));
  }
}

/** @param {HTMLElement} place */
function sayNoCharts(place) {
  for (const figure of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll(".curve"))) {
    figure.hidden = false;
    figure.textContent = "The chart could not be loaded. Reload the page to try again.";
  }
}

/** @type {(figure: HTMLElement, drawn: Drawn, marks: Mark[], player: Replay) => Chart} */
function openChart(figure, drawn, marks, player) {
  figure.hidden = false;
  const unit = drawn.unit === "°" ? "degrees" : drawn.unit;
  for (const [name, text] of [["measure", drawn.title], ["unit", unit && `, in ${unit}`]]) {
    const element = figure.querySelector(`[data-chart='${name}']`);
    if (element) element.textContent = text;
  }
  const sides = figure.querySelector("[data-chart='sides']");
  if (sides instanceof HTMLElement) sides.hidden = drawn.lines.length < 2;
  const plot = find(figure, ".plot");
  return new Chart(plot, drawn, marks, (t_s, mark) => (mark ? player.jump(mark.key) : void player.seek(t_s)));
}
