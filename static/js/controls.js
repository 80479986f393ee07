/** Keys and buttons, and controls that fade out when unused. */

import { read, write } from "./storage.js";

/** The controls fade after this long without a touch. */
const STILL_MS = 3000;
/** What has faded. With the keyboard focus in it, it stays visible. */
const FADED = ".still[data-state='live'] :is(.controls, .tools):not(:focus-within)";

/**
 * @typedef {object} Actions
 * @property {() => void} start
 * @property {() => void} pause
 * @property {() => void} stop
 * @property {() => void} cancel stop the countdown; from here on only a person starts
 * @property {() => void} next choose another exercise
 * @property {() => void} toggle start, pause or resume, whichever comes next
 * @property {() => void} retry
 * @property {() => void} voice
 * @property {(on: boolean) => void} auto whether to start automatically
 * @property {(device: string) => void} camera
 * @property {() => void} engine another engine was chosen
 * @property {() => void} goal another target was chosen
 */

/** Where a browser remembers that its keys are switched off: speech input may press single letters by mistake. */
const KEYS_OFF = "posecoach.keys-off";

/** @type {Record<string, string>} */
const KEYS = {
  " ": "toggle",
  Enter: "toggle",
  Escape: "cancel",
  n: "next",
  s: "stop",
  v: "voice",
  i: "info",
  "?": "keys",
};

/**
 * Let buttons and keys act.
 *
 * @param {HTMLElement} body
 * @param {import("./hud.js").Hud} hud
 * @param {Actions} actions
 * @returns {() => void} brings faded controls back
 */
export function controls(body, hud, actions) {
  const dialog = /** @type {HTMLDialogElement} */ (body.querySelector("dialog.keys"));
  /** @type {Record<string, () => void>} */
  const all = {
    ...buttons(actions),
    info: () => {
      hud.stats.hidden = !hud.stats.hidden;
      hud.press("info", !hud.stats.hidden);
    },
    keys: () => (dialog.open ? dialog.close() : dialog.showModal()),
  };
  body.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-action]") : null;
    if (button instanceof HTMLElement) all[button.dataset.action ?? ""]?.();
  });
  const keysAct = rememberBox(/** @type {HTMLInputElement} */ (hud.element("keys-act")), KEYS_OFF);
  document.addEventListener("keydown", (event) => {
    if (!keysAct.checked) return;
    const name = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const open = body.querySelector("dialog[open]");
    if (!name || ownKey(event) || (open && (open !== dialog || name !== "keys"))) return;
    event.preventDefault();
    all[name]();
  });
  choices(hud, actions);
  wakeByTouch(body);
  return fadeWhenStill(body);
}

/**
 * A tick box that is set unless it was once cleared.
 *
 * @param {HTMLInputElement} box
 * @param {string} cleared the name under which the browser remembers that
 */
function rememberBox(box, cleared) {
  box.checked = !read("localStorage", cleared);
  box.addEventListener("change", () => write("localStorage", cleared, box.checked ? "" : "yes"));
  return box;
}

/** Choices in the set-up. @param {import("./hud.js").Hud} hud @param {Actions} actions */
function choices(hud, actions) {
  const goal = /** @type {HTMLDetailsElement} */ (hud.element("goal"));
  const auto = /** @type {HTMLInputElement} */ (hud.element("auto"));
  const lists = [goal, /** @type {HTMLDetailsElement} */ (hud.camera.closest("details"))];
  // Do not start while somebody is typing or choosing.
  const mayStart = () => actions.auto(auto.checked && !lists.some((list) => list.open));
  hud.camera.addEventListener("change", () => actions.camera(hud.camera.value));
  hud.element("engine").addEventListener("change", () => actions.engine());
  auto.addEventListener("change", mayStart);
  for (const list of lists) list.addEventListener("toggle", mayStart);
  goal.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && goal.contains(relatedTarget))) actions.goal();
  });
  goal.addEventListener("keydown", ({ key, target }) => {
    if (key === "Enter" && target instanceof HTMLInputElement) target.blur();
  });
}

/** @param {Actions} actions */
function buttons({ start, pause, stop, cancel, next, toggle, retry, voice }) {
  return { start, pause, stop, cancel, next, toggle, retry, voice };
}

/**
 * Whether the key is meant for something else: a focused button or field, or the browser.
 *
 * @param {KeyboardEvent} event
 */
function ownKey({ target, ctrlKey, metaKey, altKey, key, repeat }) {
  if (ctrlKey || metaKey || altKey || repeat) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest("select, input")) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary") !== null;
}

/** @param {HTMLElement} body @returns {() => void} brings them back */
function fadeWhenStill(body) {
  let timer = 0;
  const touched = () => {
    clearTimeout(timer);
    body.classList.remove("still");
    timer = window.setTimeout(() => body.classList.add("still"), STILL_MS);
  };
  for (const name of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(name, touched);
  touched();
  return touched;
}

/**
 * A finger cannot hover, so the first touch on faded controls only brings them back.
 *
 * @param {HTMLElement} body
 */
function wakeByTouch(body) {
  let unseen = false;
  body.addEventListener(
    "pointerdown",
    (event) => {
      const { pointerType, target } = event;
      unseen = pointerType === "touch" && target instanceof Element && target.closest(FADED) !== null;
      if (unseen) event.preventDefault(); // no focus, which would keep them from fading again
    },
    { capture: true },
  );
  body.addEventListener("keydown", () => (unseen = false), { capture: true });
  body.addEventListener(
    "click",
    (event) => {
      if (unseen) event.stopPropagation();
      unseen = false;
    },
    { capture: true },
  );
}
