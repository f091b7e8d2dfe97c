// Why each side is quoted as it is, or is not: now, or at a moment of the past.
import { h, keep, set, show } from "./dom.js";
import { api, get } from "./net.js";
import { NONE, bps, clock, number, plain } from "./words.js";

export const explorer = (own) => {
  const when = h("span", { class: "soft" }), head = h("p", { class: "told" });
  const lists = { bid: h("ul"), ask: h("ul") }, figures = h("p", { class: "soft small" });
  const back = h("button", { type: "button", hidden: true, onclick: () => free() }, "Back to now");
  const step = (by, text, label) => h("button", { type: "button", class: Math.abs(by) > 1 ? "hide-s" : null, "aria-label": label, title: label, onclick: () => walk(by) }, text);
  const node = h("section", { class: "card why", id: "why" },
    h("div", { class: "head" }, h("h2", {}, "Why"), when, h("span", { class: "grow" }),
      h("span", { class: "soft small hide-s" }, "click a chart to ask about a moment"),
      step(-10, "\u00ab", "ten moments back"), step(-1, "\u2039", "one moment back"), step(1, "\u203a", "one moment on"), step(10, "\u00bb", "ten moments on"), back),
    head,
    h("div", { class: "sides" }, ["bid", "ask"].map((side) => h("div", {}, h("h3", { class: side }, side), lists[side]))), figures);
  let sentences = {}, chosen = null, charts = null, last = null;

  const tell = (state, why, bid, ask) => {
    set(head, why.length ? why.join("; ") : { quoting: "Quoting both sides as it wants to." }[state] || plain(state));
    [["bid", bid], ["ask", ask]].forEach(([side, said]) => {
      const items = said.length ? said : [{ name: "", sentence: "nothing stands in the way" }];
      keep(lists[side], items, (r) => r.name, () => h("li", {}, h("span", {}), " ", h("code", {})), (li, r) => {
        set(li.firstChild, r.sentence || plain(r.name));
        set(li.lastChild, r.sentence ? plain(r.name) : "");
      });
    });
  };
  const said = (names) => [...names].sort((a, b) => (a === "kept") - (b === "kept")).map((name) => ({ name, sentence: sentences[name] || "" }));
  const numbers = (f) => set(figures, [
    `half spread ${number(f.half_spread_bps, 2)} bps`, `reservation ${bps(f.reservation_bps)} bps from mid`,
    `sigma ${number(f.sigma_bps, 3)} bps/\u221as`, `inventory ${number(f.clips ?? f.inventory_clips, 2, true)} clips`,
  ].join(" \u00b7 "));

  const look = async (at) => {
    chosen = at;
    charts?.choose(at);
    show(back, true);
    try {
      const told = await get(api(`${own}/why?at_s=${at.toFixed(3)}`));
      if (chosen !== at) return;
      set(when, `at ${clock(at, 1)} UTC, as since ${clock(told.since_s, 1)}`);
      tell(told.state, told.why, told.bid, told.ask);
      numbers(told.figures);
    } catch (error) {
      set(when, `at ${clock(at, 1)} UTC: ${error.message}`);
    }
  };
  const free = () => {
    chosen = null;
    charts?.choose(null);
    show(back, false);
    if (last) now(...last);
  };
  const walk = (by) => {
    const all = charts?.moments() || [];
    if (!all.length) return;
    const from = chosen == null ? all.length - 1 : all.findLastIndex((at) => at <= chosen + 1e-6);
    look(all[Math.min(Math.max(from + by, 0), all.length - 1)]);
  };
  const now = (m, at) => {
    last = [m, at];
    if (chosen != null) return;
    set(when, `now, ${clock(at)} UTC`);
    tell(m.state, m.why, said(m.bid_reasons), said(m.ask_reasons));
    numbers(m);
  };
  return { node, look, now, follow: (drawn) => { charts = drawn; }, learn: (told) => { sentences = told; } };
};
