/** The share panel: sends link and picture to the system's share sheet, or copies the link. */

const AT_ONCE_MS = 4000;

/**
 * Show the buttons for what this browser can do. The link can always be copied from its field.
 *
 * @param {Document} page
 */
function offer(page) {
  const field = page.querySelector("[data-testid='share-link']");
  if (!(field instanceof HTMLInputElement)) return;
  field.addEventListener("focus", () => field.select());
  // On a page without https neither exists, whatever the types say.
  if (navigator.clipboard !== undefined) {
    on(page, "copy", () => navigator.clipboard.writeText(field.value).then(() => "Copied."));
  }
  page.querySelector("[data-action='copy']")?.classList.toggle("plain", navigator.share !== undefined);
  if (navigator.share !== undefined) {
    const picture = fetchPicture(page);
    on(page, "send", async () => navigator.share(await pack(page.title, field.value, picture)).then(() => "Shared."));
  }
}

/**
 * The picture as a file, fetched in advance: a browser opens its share sheet only right after a tap.
 *
 * @param {Document} page
 * @returns {Promise<File | null>} null if it is not available: then only the link is shared
 */
async function fetchPicture(page) {
  const save = page.querySelector("[data-action='save']");
  if (!(save instanceof HTMLAnchorElement) || navigator.canShare === undefined) return null;
  try {
    const answer = await fetch(save.href, { signal: AbortSignal.timeout(AT_ONCE_MS) });
    return answer.ok ? new File([await answer.blob()], save.download, { type: "image/png" }) : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} title
 * @param {string} url
 * @param {Promise<File | null>} picture
 * @returns {Promise<ShareData>}
 */
async function pack(title, url, picture) {
  const file = await picture;
  const whole = file ? { title, url, files: [file] } : null;
  return whole && navigator.canShare(whole) ? whole : { title, url };
}

/** @param {Document} page @param {string} action @param {() => Promise<string>} act resolves to what to say */
function on(page, action, act) {
  const button = page.querySelector(`[data-action='${action}']`);
  if (!(button instanceof HTMLElement)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    say(page, "");
    act().then((done) => say(page, done), (/** @type {unknown} */ problem) => {
      if (problem instanceof DOMException && problem.name === "AbortError") return; // the person cancelled
      say(page, "This browser does not allow it: copy the link from the field.");
    });
  });
}

/** @param {Document} page @param {string} text */
function say(page, text) {
  const said = page.querySelector("[data-testid='share-said']");
  if (said) said.textContent = text;
}

offer(document);
