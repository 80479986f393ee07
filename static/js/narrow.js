/** A list of exercises in groups, narrowed down to what a search finds. */

import { find, setText } from "./dom.js";
import { matches, nothingFound } from "./find.js";

/**
 * Show only the links that match a search, and only groups with any.
 *
 * @param {HTMLInputElement} field
 * @param {Iterable<HTMLElement>} groups each with a heading, which is searched, too
 * @param {HTMLElement} none where it is said that nothing matches
 * @returns {HTMLElement[]} the links that are shown
 */
export function narrow(field, groups, none) {
  const shown = [];
  for (const group of groups) {
    const { textContent: title } = find(group, "h2, h3");
    const items = group.querySelectorAll("li");
    for (const item of items) {
      const link = find(item, "a");
      item.hidden = !matches(field.value, `${link.textContent} ${link.dataset.also} ${title}`);
      if (!item.hidden) shown.push(link);
    }
    group.hidden = [...items].every(({ hidden }) => hidden);
  }
  setText(none, shown.length > 0 ? "" : nothingFound(field.value));
  return shown;
}
