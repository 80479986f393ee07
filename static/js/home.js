/** The exercise cards: a search field, and figures that move while hovered or focused. */

import { find } from "./dom.js";
import { boxIn, drawWhole, loadFigure } from "./figure.js";
import { colours } from "./limbs.js";
import { narrow } from "./narrow.js";

const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** @param {HTMLCanvasElement} canvas */
async function show(canvas) {
  const figure = await loadFigure(canvas.dataset.figure ?? "");
  const drawing = canvas.getContext("2d");
  if (!figure || !drawing) return;
  /** The animation frame asked for; 0 while the figure stands still. */
  let asked = 0;

  /** @param {number} frame */
  const draw = (frame) => {
    const { width, height } = canvas;
    const room = { left: width * 0.1, top: height * 0.1, width: width * 0.8, height: height * 0.78 };
    drawing.clearRect(0, 0, width, height);
    drawing.fillStyle = getComputedStyle(canvas).getPropertyValue("--figure-floor");
    drawing.fillRect(width * 0.08, height * 0.9, width * 0.84, 3);
    drawWhole(drawing, figure, frame, boxIn(figure, room), colours(canvas));
  };
  /** @param {number} now_ms @param {number} started_ms */
  const move = (now_ms, started_ms) => {
    const frame = Math.floor(((now_ms - started_ms) / 1000) * figure.fps);
    draw((figure.peak + frame) % figure.frames.length);
    asked = requestAnimationFrame((later_ms) => move(later_ms, started_ms));
  };
  const begin = () => {
    if (asked || calm.matches) return;
    asked = requestAnimationFrame((now_ms) => move(now_ms, now_ms));
  };
  const end = () => {
    cancelAnimationFrame(asked);
    asked = 0;
    draw(figure.peak);
  };
  const card = canvas.closest("a") ?? canvas;
  for (const name of ["pointerenter", "focus"]) card.addEventListener(name, begin);
  for (const name of ["pointerleave", "blur"]) card.addEventListener(name, end);
  dark.addEventListener("change", () => draw(figure.peak));
  draw(figure.peak);
}

/** @type {NodeListOf<HTMLCanvasElement>} */
const canvases = document.querySelectorAll("canvas[data-figure]");
for (const canvas of canvases) void show(canvas);

const field = document.querySelector("[data-testid=find]");
if (field instanceof HTMLInputElement) {
  const groups = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".group"));
  const search = () => narrow(field, groups, find(document, "[data-testid=nothing-found]"));
  const label = field.closest("label");
  if (label) label.hidden = false;
  field.addEventListener("input", search);
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter" && field.value.trim()) search()[0]?.click();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
  });
  search(); // the back button restores what was typed
}
