/** The history: the server is told the browser's time zone, so that a day is a day where the person is. */

const YEAR_S = 365 * 86400;

/** @param {Document} page */
function tellZone(page) {
  const root = page.querySelector("[data-zone]");
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!(root instanceof HTMLElement) || !timeZone || root.dataset.zone === timeZone) return;
  const said = `zone=${timeZone}`;
  page.cookie = `${said}; Path=/; SameSite=Lax; Max-Age=${YEAR_S}`;
  // A browser that keeps no cookie would load the page for ever.
  if (page.cookie.split("; ").includes(said)) location.reload();
}

tellZone(document);
