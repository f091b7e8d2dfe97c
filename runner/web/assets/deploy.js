import { ask, buttons, offeredFor } from "./commands.js";
import { card, h, keep, set, show, table } from "./dom.js";
import { pairs, strip } from "./fields.js";
import { frame, mayOperate } from "./frame.js";
import { follow } from "./live.js";
import { api, get, place } from "./net.js";
import { news } from "./news.js";
import { deployWord, pill, say, why } from "./state.js";
import { NONE, bps, clock, decimal, money, number, percent, plain, seconds, size, span, tone } from "./words.js";

const MOST_WARNINGS = 100;
const named = (list) => list.filter((n) => n !== "kept").map(plain).join(", ") || NONE;
const columns = [
  { head: "market", make: () => h("a", {}), cell: (m, cell) => {
    cell.firstChild.href = `/deploys/${place.deploy}/markets/${m.name}`;
    set(cell.firstChild, m.name);
  } },
  { head: "state", make: pill, cell: (m, cell) => say(cell.firstChild, m.role === "lead" ? "lead" : m.state) },
  { head: "mid", n: true, hide: "s", cell: (m) => decimal(m.mid) },
  { head: "bid", n: true, class: "bid", cell: (m) => decimal(m.bids[0]?.price) },
  { head: "ask", n: true, class: "ask", cell: (m) => decimal(m.asks[0]?.price) },
  { head: "position", n: true, cell: (m) => `${size(m.position_base)} ${m.base}` },
  { head: "clips", n: true, hide: "s", cell: (m) => number(m.inventory_clips, 2, true) },
  { head: "net", n: true, cell: (m) => `${money(m.net_quote)} ${m.quote}`, tone: (m) => tone(m.net_quote) },
  { head: "fills", n: true, hide: "s", cell: (m) => number(m.fills, 0) },
  { head: "1 s bid / ask, bps", n: true, hide: "s", cell: (m) => (m.bid_markout_bps == null && m.ask_markout_bps == null ? NONE : `${bps(m.bid_markout_bps)} / ${bps(m.ask_markout_bps)}`) },
  { head: "up", n: true, hide: "s", cell: (m) => percent(m.uptime_frac) },
  { head: "data", n: true, hide: "s", cell: (m) => span(m.age_s) },
  { head: "turn p99", n: true, hide: "s", cell: (m) => (m.turn_p99_us == null ? NONE : `${number(m.turn_p99_us, 0)} \u00b5s`) },
  { head: "why", class: "wide", cell: (m) => why(m) || [`bid: ${named(m.bid_reasons)}`, `ask: ${named(m.ask_reasons)}`].join("; ") },
  { head: "", n: true, make: () => h("span", {}), cell: (m, cell) => {
    if (!cell.group) {
      cell.group = buttons(m.name, ["pause", "pull", "resume", "flatten"]);
      cell.replaceChildren(cell.group);
    }
    cell.group.offer(m.role === "lead" ? [] : offeredFor(m.state));
  } },
];

const main = frame();
const state = pill(), facts = h("p", { class: "facts soft" });
const head = h("div", { class: "head page" }, h("h1", {}, place.deploy), state, facts, h("span", { class: "grow" }));
const all = buttons("all", ["pause", "pull", "resume", "flatten", "kill"]);
const lift = h("button", { type: "button", hidden: true, "data-ask": "unlatch", onclick: () => ask("unlatch") }, "Lift the latch");
head.append(all, lift);
const figures = strip(["net", "today", "exposure, gross", "exposed", "fills", "late"]);
const markets = table(columns, (m) => m.name, { caption: "Markets", empty: "No picture yet." });
const warnings = table([
  { head: "at", cell: (w) => clock(seconds(w.stamp_ns)) }, { head: "market", cell: (w) => w.market || "all" },
  { head: "what", class: "wide", cell: (w) => w.text },
], (w) => w.number, { empty: "None." });
const health = pairs("Not told."), guards = pairs("None told: only armed deploys have guards."), about = pairs();
main.append(head, card(null, figures.node, markets.node),
  h("div", { class: "pair" }, card("Warnings", warnings.node),
    h("div", {}, card("Health", health.node), card("Guards", guards.node), card("This run", about.node))));

let told = [];
const more = news((fresh) => {
  told = [...fresh.warnings.reverse(), ...told].slice(0, MOST_WARNINGS);
  warnings.fill(told);
});

get(api()).then(({ welcome }) => {
  if (!welcome.deploy) return;
  set(facts, [welcome.armed ? `${welcome.mode}, armed` : welcome.mode, `mmrunner ${welcome.release}`].join(" \u00b7 "));
  about.fill([["run", welcome.run.split("/").pop()], ["process", welcome.process], ["config", welcome.config_hash.slice(0, 12)]]);
}).catch(() => {});

follow(api("/stream"), (news) => {
  const word = deployWord(news);
  set(state, word, { live: "good", red: "bad", killed: "bad", stale: "warn" }[word] || "off");
  mayOperate().then((may) => {
    show(all, may && news.status === "live");
    show(lift, may && news.status === "killed");
  });
  const picture = news.picture;
  if (!picture) return;
  if (news.status !== "live") {
    health.fill([["verdict", `unknown: ${news.note || news.status}`, "warn"]]);
    return;
  }
  more(news);
  const { portfolio } = picture, unit = ` ${portfolio.currency}`;
  figures.fill("net", money(portfolio.net_quote) + unit, "of this run", tone(portfolio.net_quote));
  figures.fill("today", money(portfolio.today_quote) + unit, "since 00:00 UTC", tone(portfolio.today_quote));
  figures.fill("exposure, gross", money(portfolio.gross_quote, false) + unit, "every order filled");
  figures.fill("exposed", money(portfolio.exposed_quote, false) + unit, "the worse way");
  figures.fill("fills", number(picture.markets.reduce((sum, m) => sum + m.fills, 0), 0), "of this run");
  figures.fill("late", `${number(picture.late_s * 1000, 0)} ms`, "to its own work");
  all.offer([...new Set(picture.markets.flatMap((m) => offeredFor(m.state))), "kill"]);
  markets.fill(picture.markets);
  health.fill([["verdict", ...(picture.health.ok ? ["green", "good"] : ["red", "bad"])], ...picture.health.findings.map((line, k) => [`${k + 1}`, line, "bad"]), ...[picture.killed, picture.fault].filter(Boolean).map((line) => ["ending", line, "bad"])]);
  guards.fill(picture.guards.map((g) => [g.name, g.holds ? "stands by" : "does not hold", g.holds ? "good" : "bad"]));
});
