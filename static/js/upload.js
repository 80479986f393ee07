/** Uploading a video: choose or drop it, check its size and length, and send it with a progress bar. */

import { find, setText } from "./dom.js";
import { duration, fileSize, refusal, sending } from "./film.js";
import { read, WEIGHT, write } from "./storage.js";
import { weight_kg, weightRange } from "./targets.js";
import { follow, waitingPart } from "./waiting.js";

/** A browser that cannot read a video may never say so; the length is given up after this long. */
const LENGTH_WITHIN_MS = 4000;

/** The form. */
class Sender {
  /** Numbers the choices, so that a late answer about an older one is ignored. */
  #choice = 0;
  #form;
  #limits;
  #file;
  #weight;
  #drop;
  #name;
  #said;
  #sending;
  #button;
  #cancel;
  /** @type {XMLHttpRequest | null} */
  #request = null;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#limits = { bytes: Number(form.dataset.maxBytes), s: Number(form.dataset.maxS) };
    this.#file = /** @type {HTMLInputElement} */ (form.elements.namedItem("video"));
    this.#weight = /** @type {HTMLInputElement} */ (form.elements.namedItem("body_kg"));
    this.#drop = find(form, ".drop");
    this.#name = find(form, "[data-testid=upload-name]");
    this.#said = find(form, ".said");
    this.#sending = find(form, ".sending");
    this.#button = /** @type {HTMLButtonElement} */ (form.querySelector("[data-testid='upload-send']"));
    this.#cancel = /** @type {HTMLButtonElement} */ (form.querySelector("[data-action='cancel']"));
  }

  listen() {
    this.#weight.value = `${weight_kg(read("localStorage", WEIGHT), this.#weights_kg()) ?? ""}`;
    // The browser would say it beside the field, which cannot be seen.
    this.#form.noValidate = true;
    this.#file.addEventListener("change", () => void this.#onFile());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#file.files?.length) this.#ask("Choose a video first.", this.#file);
      else if (!this.#weight.checkValidity()) this.#ask(weightRange(this.#weights_kg()), this.#weight);
      else this.#send();
    });
    this.#cancel.addEventListener("click", () => this.#request?.abort());
    const page = this.#form.ownerDocument;
    for (const name of ["dragover", "dragleave", "drop"]) {
      page.addEventListener(name, (event) => this.#onDrag(/** @type {DragEvent} */ (event)));
    }
  }

  /** The least and the most that is accepted. @returns {[number, number]} */
  #weights_kg() {
    return [Number(this.#weight.min), Number(this.#weight.max)];
  }

  /**
   * Accept a file dropped anywhere: next to the field, the browser would navigate to it.
   *
   * @param {DragEvent} event
   */
  #onDrag(event) {
    event.preventDefault();
    this.#drop.classList.toggle("over", event.type === "dragover" && !this.#request);
    const files = event.type === "drop" ? event.dataTransfer?.files : undefined;
    if (!files?.length || this.#request) return;
    this.#file.files = files;
    void this.#onFile();
  }

  async #onFile() {
    const [file] = this.#file.files ?? [];
    if (!file) return;
    this.#choice += 1;
    const choice = this.#choice;
    this.#name.textContent = `${file.name} · ${fileSize(file.size)}`;
    this.#drop.classList.add("chosen");
    this.#judge(refusal(file.size, null, this.#limits));
    const length_s = await lengthOf(file);
    if (choice !== this.#choice || length_s === null) return;
    this.#name.textContent = `${file.name} · ${fileSize(file.size)} · ${duration(length_s)}`;
    this.#judge(refusal(file.size, length_s, this.#limits));
  }

  /** @param {string} why empty when all is well */
  #judge(why) {
    this.#say(why);
    this.#button.disabled = why !== "";
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
    this.#said.hidden = text === "";
  }

  /** Say what is missing or not valid, and lead to its field. @param {string} what @param {HTMLInputElement} field */
  #ask(what, field) {
    this.#say(what);
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  }

  #send() {
    write("localStorage", WEIGHT, this.#weight.value);
    const request = new XMLHttpRequest(); // fetch reports no upload progress
    request.open("POST", this.#form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => this.#showProgress(loaded, total));
    request.addEventListener("load", () => this.#onAnswer(request));
    request.addEventListener("error", () => this.#giveUp("The connection was lost. Try again."));
    request.addEventListener("abort", () => this.#giveUp("Cancelled. Nothing was stored."));
    request.send(new FormData(this.#form));
    this.#request = request;
    this.#show(true);
    this.#say("");
    this.#showProgress(0, this.#file.files?.[0]?.size ?? 0);
  }

  /** @param {number} sent @param {number} of */
  #showProgress(sent, of) {
    const bar = this.#sending.querySelector("progress");
    if (bar) bar.value = of > 0 ? sent / of : 0;
    const { text, figures } = sending(sent, of);
    setText(find(this.#sending, "[data-testid=upload-stage]"), text);
    setText(find(this.#sending, "[data-testid=upload-sent]"), figures);
  }

  /** @param {XMLHttpRequest} request */
  #onAnswer({ responseText, status }) {
    const { url, message } = parseAnswer(responseText);
    if (url) return void this.#wait(url);
    this.#giveUp(message ?? `The server answered with error ${status}. Try again in a minute.`);
  }

  /** Wait here, where the video stays chosen: it may have to be sent again. @param {string} url of its own page */
  async #wait(url) {
    const [part, page, here] = [await waitingPart(url), this.#form.parentElement, location.href];
    if (!part || !page) return void location.assign(url);
    page.hidden = true;
    page.after(part);
    history.replaceState(null, "", url);
    void follow(part, (why) => {
      history.replaceState(null, "", here);
      part.remove();
      page.hidden = false;
      this.#giveUp(why);
      this.#button.focus();
    });
  }

  /** @param {string} why */
  #giveUp(why) {
    this.#request = null;
    this.#show(false);
    this.#say(why);
  }

  /** @param {boolean} underWay */
  #show(underWay) {
    this.#sending.hidden = !underWay;
    this.#cancel.hidden = !underWay;
    this.#button.disabled = underWay;
    this.#file.inert = underWay;
  }
}

/** @param {string} text @returns {{url?: string, message?: string}} */
function parseAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The length of a video, if this browser can read it. @param {File} file @returns {Promise<number | null>} */
function lengthOf(file) {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  return new Promise((/** @type {(length_s: number | null) => void} */ done) => {
    video.addEventListener("loadedmetadata", () => done(Number.isFinite(video.duration) ? video.duration : null));
    video.addEventListener("error", () => done(null));
    setTimeout(() => done(null), LENGTH_WITHIN_MS);
    video.preload = "metadata";
    video.src = url;
  }).finally(() => {
    video.removeAttribute("src");
    URL.revokeObjectURL(url);
  });
}

const form = document.querySelector("form.upload");
if (form instanceof HTMLFormElement) new Sender(form).listen();
