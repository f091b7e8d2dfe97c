import { card, h, table } from "./dom.js";
import { pairs, strip } from "./fields.js";
import { frame } from "./frame.js";
import { follow } from "./live.js";
import { api } from "./net.js";
import { NONE, decimal, money, number, percent, size, tone } from "./words.js";

const main = frame();
const figures = strip(["net", "today", "exposure, gross", "exposed"]);
const limits = pairs("No limit of the account is on.");
const worth = (m) => (m.mid == null ? null : Number(m.position_base) * Number(m.mid));
const open = (m, side) => m.orders.filter((o) => o.side === side).reduce((sum, o) => sum + Number(o.size_base) * Number(o.price), 0);
const columns = [
  { head: "", cell: (g) => g.name },
  { head: "markets", n: true, cell: (g) => g.markets.length },
  { head: "position, base", n: true, hide: "s", cell: (g) => g.base },
  { head: "long", n: true, cell: (g) => number(g.long, 2) },
  { head: "short", n: true, cell: (g) => number(g.short, 2) },
  { head: "exposure", n: true, cell: (g) => (g.isKnown ? `${number(g.long + g.short, 2, true)} ${g.quote}` : NONE), tone: (g) => tone(String(g.long + g.short)) },
  { head: "open to buy", n: true, hide: "s", cell: (g) => number(g.buys, 2) },
  { head: "open to sell", n: true, hide: "s", cell: (g) => number(g.sells, 2) },
  { head: "net", n: true, cell: (g) => (g.net == null ? NONE : `${number(g.net, 2, true)} ${g.quote}`), tone: (g) => tone(g.net == null ? null : String(g.net)) },
];
const group = (markets, nameOf) => {
  const groups = new Map();
  markets.forEach((m) => {
    // Currencies are never added: what is quoted in another one is another row.
    const key = `${nameOf(m)} in ${m.quote}`;
    if (!groups.has(key)) groups.set(key, { name: nameOf(m), quote: m.quote, markets: [], long: 0, short: 0, buys: 0, sells: 0, net: 0, isKnown: true, bases: new Set() });
    const g = groups.get(key), w = worth(m);
    g.markets.push(m);
    g.bases.add(m.base);
    if (w == null) g.isKnown = g.isKnown && Number(m.position_base) === 0;
    else if (w > 0) g.long += w;
    else g.short += w;
    g.buys += open(m, "buy");
    g.sells += open(m, "sell");
    g.net = g.net == null || m.net_quote == null ? null : g.net + Number(m.net_quote);
  });
  groups.forEach((g) => { g.base = g.bases.size === 1 ? `${size(g.markets.reduce((s, m) => s + Number(m.position_base), 0).toFixed(8))} ${g.markets[0].base}` : NONE; });
  return [...groups.values()];
};
const of = (title) => {
  const rows = table(columns.map((c, k) => (k ? c : { ...c, head: title })), (g) => `${g.name} ${g.quote}`, { empty: "No picture yet." });
  return rows;
};
const byBase = of("underlying"), byVenue = of("venue");
const hedges = table([
  { head: "hedge", cell: (m) => m.name },
  { head: "exposure", n: true, cell: (m) => `${decimal(m.hedge.exposure_base)} ${m.base}` },
  { head: "unhedged", n: true, cell: (m) => `${decimal(m.hedge.unhedged_base)} ${m.base}` },
  { head: "band", n: true, cell: (m) => `\u00b1 ${size(m.hedge.band_base)} ${m.base}` },
  { head: "beyond it for", n: true, cell: (m) => (m.hedge.past_band_s ? `${number(m.hedge.past_band_s, 1)} s` : NONE) },
], (m) => m.name, { empty: "No market hedges others." });
main.append(h("h1", { class: "voice" }, "Portfolio"), card(null, figures.node),
  card("By underlying", byBase.node), card("By venue", byVenue.node), card("Hedges", hedges.node), card("Limits of the account", h("div", { class: "columns" }, limits.node)));

const share = (used, limit) => (used == null || !limit ? "" : `${percent(Math.abs(Number(used)) / Number(limit))} of ${money(limit, false)}`);
follow(api("/stream"), (told) => {
  const picture = told.picture;
  if (!picture) return;
  const p = picture.portfolio, unit = ` ${p.currency}`, most = p.limits;
  figures.fill("net", money(p.net_quote) + unit, "of this run", tone(p.net_quote));
  figures.fill("today", money(p.today_quote) + unit, "since 00:00 UTC", tone(p.today_quote));
  figures.fill("exposure, gross", money(p.gross_quote, false) + unit, share(p.gross_quote, most.max_gross_notional_quote));
  figures.fill("exposed", money(p.exposed_quote, false) + unit, share(p.exposed_quote, most.max_net_notional_quote));
  byBase.fill(group(picture.markets.filter((m) => m.role !== "lead"), (m) => m.base));
  byVenue.fill(group(picture.markets.filter((m) => m.role !== "lead"), (m) => m.venue));
  hedges.fill(picture.markets.filter((m) => m.hedge));
  limits.fill(Object.entries(p.limits).map(([name, value]) => [name, decimal(value)]));
});
