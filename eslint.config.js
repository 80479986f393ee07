import js from "@eslint/js";
import globals from "globals";

const FLOORS = [
  ["main", "home", "summary", "time_zone", "upload", "uploaded"],
  ["looking_back", "stage"],
  [
    ...["camera", "capture", "chooser", "controls", "goal", "hud", "link", "overlay", "picker", "resting", "resume"],
    ...["chart", "replay", "share", "voice", "waiting"],
  ],
  ["figure", "narrow", "scene"],
  ["limbs", "speech"],
  ["reel", "rest"],
  ["words"],
  ["state"],
  [
    ...["checks", "engines", "film", "find", "hand", "light", "meter", "pace", "parts"],
    ...["sets", "space", "targets", "timeline", "viewport", "wire"],
  ],
  ["clock", "dom", "storage"],
];

/** A module imports only from the rows below its own: a rule that fails, not a wish. */
const floors = FLOORS.map((names, row) => ({
  files: names.map((name) => `static/js/${name}.js`),
  rules: {
    "no-restricted-imports": [
      "error",
      { paths: FLOORS.slice(0, row + 1).flat().map((name) => ({ name: `./${name}.js`, message: "Imports go down." })) },
    ],
  },
}));

export default [
  { ignores: ["static/vendor/"] },
  js.configs.recommended,
  {
    rules: {
      "complexity": ["error", 15],
      "curly": ["error", "multi-line"],
      "eqeqeq": "error",
      "id-match": ["error", "^(?!.*[a-z](S|Ms)$)", { properties: false }], // units end names as _s and _ms
      "max-depth": ["error", 3],
      "max-len": ["error", { code: 120 }],
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 40],
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Set textContent or build elements: what the server sends is text." },
      ],
    },
  },
  { files: ["static/js/**"], languageOptions: { globals: globals.browser } },
  { files: ["vendor.js", "tests/js/**"], languageOptions: { globals: globals.node } },
  { files: ["tests/js/**"], rules: { "max-lines-per-function": "off" } },
  ...floors,
];
