import { card, h, set, show } from "./dom.js";
import { frame } from "./frame.js";
import { api, get } from "./net.js";

const EVERY_MS = 2000;
const main = frame();
const only = h("input", { type: "search", placeholder: "only lines with\u2026", "aria-label": "Only lines with", size: 24 });
const quiet = h("input", { type: "checkbox", id: "quotes" }), run = h("span", { class: "soft" });
const text = h("pre", { class: "log", tabindex: "0", "aria-label": "Log" }), failure = h("p", { class: "refusal", hidden: true });
main.append(h("h1", { class: "voice" }, "Log"),
  h("div", { class: "filters" }, only, h("label", { for: "quotes" }, quiet, " with quotes"), run), card(null, failure, text));
let lines = [];

const draw = () => {
  const words = only.value.toLowerCase();
  const shown = lines.filter((l) => (quiet.checked || !/^\S+ QUOTE /.test(l)) && l.toLowerCase().includes(words));
  const isAtEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
  set(text, shown.join("\n") || "No lines.");
  if (isAtEnd) text.scrollTop = text.scrollHeight;
};
const look = async () => {
  try {
    const told = await get(api("/log"));
    lines = told.lines;
    set(run, told.run);
    show(failure, false);
  } catch (error) {
    set(failure, error.message);
    show(failure, true);
  }
  draw();
};
only.addEventListener("input", draw);
quiet.addEventListener("change", draw);
look();
setInterval(() => document.hidden || look(), EVERY_MS);
