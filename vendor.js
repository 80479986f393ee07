// Copies the packages' files that the page serves into static/vendor/. This list is the only one.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";

const INTER = "@fontsource-variable/inter";
const FILES = {
  "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
  "inter-latin.woff2": `${INTER}/files/inter-latin-wght-normal.woff2`,
  "inter-latin-ext.woff2": `${INTER}/files/inter-latin-ext-wght-normal.woff2`,
  "inter-licence.txt": `${INTER}/LICENSE`,
  "uplot.css": "uplot/dist/uPlot.min.css",
  "uplot-licence.txt": "uplot/LICENSE",
};
// The types live with the package; tsc finds them beside the copy.
const TYPES = {
  "socket.io.d.ts": 'export * from "socket.io-client";\n',
  "uplot.d.ts": 'export { default } from "uplot";\n',
};

const target = new URL("static/vendor/", import.meta.url);
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const [name, source] of Object.entries(FILES)) {
  await cp(new URL(`node_modules/${source}`, import.meta.url), new URL(name, target));
}
for (const [name, text] of Object.entries(TYPES)) await writeFile(new URL(name, target), text);
// Small only as a script for a page of old: a module once its one name is exported.
const plot = await readFile(new URL("node_modules/uplot/dist/uPlot.iife.min.js", import.meta.url), "utf8");
await writeFile(new URL("uplot.js", target), `${plot}\nexport default uPlot;\n`);
