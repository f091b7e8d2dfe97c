// How a market or a deploy is, in one word with one colour.
import { h, set } from "./dom.js";

const TONES = {
  quoting: "good", live: "good", held: "warn", paused: "warn", stale: "warn", halted: "bad", killed: "bad", gone: "off",
};
export const pill = () => h("span", { class: "pill" });
export const say = (node, word) => {
  set(node, word, TONES[word] || "off");
};
export const why = (market) => market.why.join("; ");
export const deployWord = (told) => {
  if (told.status !== "live") return told.status;
  const picture = told.picture || told;
  if (picture.killed) return "killed";
  return picture.health && !picture.health.ok ? "red" : "live";
};
