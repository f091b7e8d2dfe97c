import { card, h, keep, set, show, table } from "./dom.js";
import { frame } from "./frame.js";
import { follow } from "./live.js";
import { pill, say, why } from "./state.js";
import { NONE, decimal, money, number, percent, size, span, tone } from "./words.js";

const columns = (deploy) => [
  { head: "market", make: () => h("a", {}), cell: (m, cell) => {
    const link = cell.firstChild;
    link.href = `/deploys/${deploy}/markets/${m.name}`;
    set(link, m.name);
  } },
  { head: "state", make: pill, cell: (m, cell) => say(cell.firstChild, m.state) },
  { head: "mid", n: true, hide: "s", cell: (m) => decimal(m.mid) },
  { head: "bid", n: true, hide: "s", class: "bid", cell: (m) => decimal(m.bid) },
  { head: "ask", n: true, hide: "s", class: "ask", cell: (m) => decimal(m.ask) },
  { head: "position", n: true, cell: (m) => `${size(m.position_base)} ${m.base}` },
  { head: "clips", n: true, hide: "s", cell: (m) => number(m.inventory_clips, 2, true) },
  { head: "net", n: true, cell: (m) => `${money(m.net_quote)} ${m.quote}`, tone: (m) => tone(m.net_quote) },
  { head: "fills", n: true, hide: "s", cell: (m) => number(m.fills, 0) },
  { head: "up", n: true, hide: "s", cell: (m) => percent(m.uptime_frac) },
  { head: "data", n: true, hide: "s", cell: (m) => (m.role === "lead" || m.age_s == null ? NONE : span(m.age_s)) },
  { head: "why it does not quote", class: "wide", cell: (m) => why(m) || NONE },
];

const made = (deploy) => {
  const state = pill(), facts = h("p", { class: "facts soft" }), note = h("p", { class: "notice" });
  const markets = table(columns(deploy.name), (m) => m.name, { caption: `Markets of ${deploy.name}`, empty: "No picture yet." });
  const net = h("span", { class: "big" });
  const node = card(null,
    h("div", { class: "head" }, h("h2", {}, h("a", { href: `/deploys/${deploy.name}` }, deploy.name)), state, facts, h("span", { class: "grow" }), net),
    note, markets.node);
  node.fill = (told) => {
    const isRed = told.status === "live" && told.health && !told.health.ok;
    set(state, isRed ? "red" : told.status, isRed ? "bad" : { live: "good", gone: "off", killed: "bad", stale: "warn" }[told.status]);
    set(facts, [told.mode && (told.armed ? `${told.mode}, armed` : told.mode), told.started_ns && told.status === "live" ? `for ${span(Date.now() / 1000 - told.started_ns / 1e9)}` : ""].filter(Boolean).join(" \u00b7 "));
    const lines = [told.killed, told.fault, ...(isRed ? told.health.findings : []), told.status === "live" ? "" : told.note].filter(Boolean);
    set(note, lines.join("; "));
    show(note, lines.length > 0);
    set(net, told.portfolio ? `${money(told.portfolio.net_quote)} ${told.portfolio.currency}` : "", told.portfolio ? tone(told.portfolio.net_quote) : "");
    node.classList.toggle("past", told.status !== "live");
    markets.fill(told.markets || []);
  };
  return node;
};

const main = frame();
const list = h("div"), empty = h("p", { class: "empty" }, "No deploy runs here, and none has left books. `mmrunner` starts one on paper.");
main.append(h("h1", { class: "voice" }, "Deploys"), list, empty);
follow("/api/stream", (deploys) => {
  const order = { live: 0, stale: 1, killed: 2, gone: 3 };
  deploys.sort((a, b) => order[a.status] - order[b.status] || a.name.localeCompare(b.name));
  keep(list, deploys, (d) => d.name, made, (node, d) => node.fill(d));
  show(empty, deploys.length === 0);
});
