/** An upload's own page: waits until the video has become a workout. */

import { follow } from "./waiting.js";

const page = document.querySelector(".looked");
if (page instanceof HTMLElement && page.dataset.state !== "failed") void follow(page);
