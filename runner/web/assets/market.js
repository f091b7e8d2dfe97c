import { buttons, offeredFor } from "./commands.js";
import { charted, places } from "./charts.js";
import { card, h, set, show, table } from "./dom.js";
import { explorer } from "./explorer.js";
import { strip } from "./fields.js";
import { frame } from "./frame.js";
import { follow } from "./live.js";
import { api, get, place } from "./net.js";
import { news } from "./news.js";
import { steering } from "./parameters.js";
import { parts } from "./parts.js";
import { pill, say } from "./state.js";
import { NONE, bps, clock, decimal, money, number, percent, seconds, size, span, tone } from "./words.js";

const MOST_FILLS = 200, SIDES = { buy: "bid", sell: "ask" };
const main = frame();
const own = `/markets/${place.market}`;
const state = pill(), facts = h("p", { class: "facts soft" });
const asks = buttons(place.market, ["pause", "pull", "resume", "flatten"]);
const figures = strip(["mid", "bid", "ask", "position", "net", "fills", "markout, 1 s", "quoting", "data"]);
const why = explorer(own);
const drawing = h("section", { class: "card charts", id: "charts" }, places());
const orders = table([
  { head: "side", cell: (o) => o.side, tone: (o) => SIDES[o.side] },
  { head: "price", n: true, cell: (o) => decimal(o.price) },
  { head: "open size", n: true, cell: (o) => size(o.size_base) },
  { head: "state", cell: (o) => (o.takes ? `${o.state}, takes` : o.state) },
  { head: "id", n: true, hide: "s", cell: (o) => o.client_id },
], (o) => o.client_id, { empty: "No order rests." });
const fills = table([
  { head: "at", cell: (f) => clock(seconds(f.stamp_ns), 3) },
  { head: "side", cell: (f) => f.side, tone: (f) => SIDES[f.side] },
  { head: "price", n: true, cell: (f) => decimal(f.price) },
  { head: "size", n: true, cell: (f) => size(f.size_base) },
  { head: "role", cell: (f) => f.role },
], (f) => `${f.trade_id} ${f.side}`, { empty: "None yet.", scrolls: true });
const earned = parts(), steer = steering(place.market);

main.append(
  h("div", { class: "head page" }, h("h1", {}, place.market), state, facts, h("span", { class: "grow" }), asks),
  card(null, figures.node), why.node,
  h("div", { class: "split" }, drawing,
    h("div", { class: "aside" }, card("Working orders", orders.node), card("Where the net came from", earned.node),
      card("Fills", h("div", { class: "tall" }, fills.node)), card("Parameters", steer.node))));

const charts = charted(drawing, (at) => why.look(at));
why.follow(charts);
let recent = [], more = () => {}, isBegun = false;

const begin = async (market) => {
  isBegun = true;
  const past = await get(api(`${own}/past`));
  why.learn(past.sentences);
  const places = (market.mid || "0.00").split(".")[1]?.length || 0;
  charts.begin(past, { places, quote: market.quote });
  recent = past.fills.slice(-MOST_FILLS).reverse();
  fills.fill(recent);
  more = news((fresh) => {
    charts.fills(fresh.fills);
    recent = [...fresh.fills.reverse(), ...recent].slice(0, MOST_FILLS);
    fills.fill(recent);
  }, { market: place.market, fill: past.last_fill, warning: null });
};

const row = (m, at) => ({
  stamp_s: at, mid: figure(m.mid), bid: figure(m.bids[0]?.price), ask: figure(m.asks[0]?.price), clips: m.inventory_clips,
  net: figure(m.net_quote), half_spread_bps: m.half_spread_bps, sigma_bps: m.sigma_bps,
});
const figure = (text) => (text == null ? null : Number(text));
const away = (price, mid) => (price == null || mid == null ? "" : `${bps((Number(price) / Number(mid) - 1) * 1e4)} bps`);
const sized = (level) => (level ? ` \u00d7 ${size(level.size_base)}` : "");

follow(api(`/stream?market=${place.market}`), (told) => {
  const m = told.picture?.markets[0];
  if (!m) {
    set(state, told.status === "live" ? "unknown" : told.status, "off");
    return;
  }
  const at = told.picture.stamp_ns / 1e9, isLive = told.status === "live";
  say(state, isLive ? (m.role === "lead" ? "lead" : m.state) : told.status);
  set(facts, `${m.symbol} \u00b7 ${m.venue}${m.role === "quote" ? "" : ` \u00b7 ${m.role}`}`);
  asks.offer(isLive && m.role !== "lead" ? offeredFor(m.state) : []);
  figures.fill("mid", decimal(m.mid), `${decimal(m.touch_bid)} / ${decimal(m.touch_ask)}`);
  figures.fill("bid", decimal(m.bids[0]?.price) + sized(m.bids[0]), away(m.bids[0]?.price, m.mid), "bid");
  figures.fill("ask", decimal(m.asks[0]?.price) + sized(m.asks[0]), away(m.asks[0]?.price, m.mid), "ask");
  figures.fill("position", `${decimal(m.position_base)} ${m.base}`, `${number(m.inventory_clips, 2, true)} clips, at most ${size(m.max_position_base)}`);
  figures.fill("net", `${money(m.net_quote)} ${m.quote}`, `volume ${money(m.volume_quote, false)}`, tone(m.net_quote));
  figures.fill("fills", number(m.fills, 0), m.unknown_orders ? `${m.unknown_orders} orders unknown` : "");
  figures.fill("markout, 1 s", `${bps(m.bid_markout_bps)} / ${bps(m.ask_markout_bps)}`, "bps, bids / asks");
  figures.fill("quoting", percent(m.uptime_frac), "of the time, both sides");
  figures.fill("data", span(m.age_s), m.turn_p99_us == null ? "" : `turn p99 ${number(m.turn_p99_us / 1000, 2)} ms`);
  orders.fill([...m.orders].sort((a, b) => Number(b.price) - Number(a.price)));
  earned.fill(m);
  steer.fill(m);
  why.now(m, at);
  if (!isBegun) begin(m);
  if (isLive) charts.add(row(m, at), { stamp_s: at, state: m.state, why: m.why, bid_reasons: m.bid_reasons, ask_reasons: m.ask_reasons });
  more(told);
});
