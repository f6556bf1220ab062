// For node, while the site is built: descriptions of live explorers in, their still pictures out.
import { readFileSync, writeFileSync } from "node:fs";
import { drawStill } from "./live/still.js";

const descriptions = JSON.parse(readFileSync(0, "utf8"));
writeFileSync(1, JSON.stringify(descriptions.map(drawStill)));
