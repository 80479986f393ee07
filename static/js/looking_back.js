/** Looking back on a workout: its chart and its replay go together; what is tapped in one shows in the other. */

import { Chart } from "./chart.js";
import { Reel } from "./reel.js";
import { Replay } from "./replay.js";

/** @typedef {import("./timeline.js").Mark} Mark */
/** @typedef {import("./chart.js").Drawn & {exercise: string}} Exercise */

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
  "There is no replay and no chart: the movement of this workout was not kept. It is older than they are, " +
  "nothing was counted in it, or this server is set to keep none.";

/**
 * Draw what was seen, where something was kept; say why where nothing is.
 *
 * @param {HTMLElement} place
 * @param {(key: string) => void} choose what is told of the repetition that the replay shows
 * @returns {Promise<(key: string) => void>} shows a repetition
 */
export async function lookBack(place, choose) {
  const { signal, replay } = place.dataset;
  const section = /** @type {HTMLElement} */ (place.querySelector("[data-testid='replay']"));
  const said = /** @type {HTMLElement} */ (place.querySelector("[data-replay='said']"));
  try {
    const answer = await fetch(signal ?? "");
    if (!answer.ok) throw new Error(String(answer.status));
    const content = /** @type {Content} */ (await answer.json());
    if (content.parts_s.length === 0) {
      said.textContent = NOTHING_KEPT;
      section.classList.add("none");
      return () => {};
    }
    return await opened(place, section, content, replay ?? "", choose);
  } catch {
    said.textContent = "The replay could not be loaded. Reload the page to try again.";
    section.classList.add("none");
    return () => {};
  }
}

/** @typedef {(key: string) => void} OnKey */

/** @type {(p: HTMLElement, s: HTMLElement, c: Content, a: string, choose: OnKey) => Promise<OnKey>} */
async function opened(place, section, content, address, choose) {
  const marks = content.exercises.flatMap((one) => one.marks).sort((a, b) => a.start_s - b.start_s);
  const player = new Replay(section, new Reel(address, content), marks, content.skeleton);
  const charts = content.exercises.map((one) => charted(place, one, player)).filter((chart) => chart !== null);
  let last = "";
  player.onTime = (tS, mark) => {
    for (const chart of charts) chart.at(tS, mark);
    if (mark && mark.key !== last) choose(mark.key);
    last = mark?.key ?? "";
  };
  section.classList.add("ready");
  await player.open();
  return (key) => player.jump(key);
}

/** @param {HTMLElement} place @param {Exercise} drawn @param {Replay} player @returns {Chart | null} */
function charted(place, drawn, player) {
  const figure = place.querySelector(`[data-exercise='${drawn.exercise}'] .curve`);
  const plot = figure?.querySelector(".plot");
  if (!(figure instanceof HTMLElement) || !(plot instanceof HTMLElement) || !drawn.lines) return null;
  figure.hidden = false;
  for (const [name, text] of [["measure", drawn.title], ["unit", drawn.unit === "°" ? "degrees" : drawn.unit]]) {
    const element = figure.querySelector(`[data-chart='${name}']`);
    if (element) element.textContent = text;
  }
  for (const side of figure.querySelectorAll("[data-chart='sides']")) {
    if (side instanceof HTMLElement) side.hidden = drawn.lines.length < 2;
  }
  return new Chart(plot, drawn, (tS, mark) => (mark ? player.jump(mark.key) : void player.seek(tS)));
}
