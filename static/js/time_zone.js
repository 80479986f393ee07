/** Tells the server the browser's time zone, in a cookie, so that every page shows the person's own days and hours. */

const YEAR_S = 365 * 86400;
/** What a page that was rendered in another time zone shows wrongly. */
const DATED = "time[datetime], .calendar";

/** @param {Document} page */
function tellZone(page) {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const cookie = `zone=${timeZone}`;
  const isSet = () => page.cookie.split("; ").includes(cookie);
  if (!timeZone || isSet()) return;
  page.cookie = `${cookie}; Path=/; SameSite=Lax; Max-Age=${YEAR_S}`;
  // Checked again: with cookies blocked, the page would reload forever.
  if (page.querySelector(DATED) && isSet()) location.reload();
}

tellZone(document);
