import { card, h, set, show } from "./dom.js";
import { frame } from "./frame.js";
import { api, get } from "./net.js";
import { NONE, clock, decimal, number, plain, stamp } from "./words.js";

const TABLES = ["orders", "open_orders", "fills", "positions", "funding", "adjustments", "audit", "latches", "sessions"];
const STATES = ["intent", "sent", "live", "partly filled", "cancelling", "unknown", "done"];
const main = frame();
const query = new URLSearchParams(location.search);
let name = TABLES.includes(query.get("table")) ? query.get("table") : "orders", page = 0;

const filters = h("div", { class: "filters", role: "group", "aria-label": "Table" }, TABLES.map((table) =>
  h("button", { type: "button", "aria-pressed": String(table === name), onclick: () => turn(table, 0) }, plain(table))));
const market = h("input", { type: "search", placeholder: "one market", "aria-label": "Only this market", size: 12, value: query.get("market") || "" });
market.addEventListener("change", () => turn(name, 0));
const failure = h("p", { class: "refusal", role: "alert", hidden: true });
const holder = h("div", { class: "scroll" }), none = h("p", { class: "none" }, "No rows.");
const newer = h("button", { type: "button", onclick: () => turn(name, page - 1) }, "Newer"), older = h("button", { type: "button", onclick: () => turn(name, page + 1) }, "Older");
const where = h("span", { class: "soft" });
filters.append(market);
main.append(h("h1", { class: "voice" }, "Ledger"), filters, card(null, failure, holder, none, h("div", { class: "pages" }, newer, older, where)));

// Ticks and lots are told as prices and sizes where the market's steps are known.
const HEADS = { ticks: "price", lots: "size", filled_lots: "filled", recv_ns: "at", intent_ns: "meant at", sent_ns: "sent", done_ns: "done", ns: "at", funding_ns: "at", started: "began", since_ns: "since", lifted_ns: "lifted" };
const RIGHT = ["ticks", "lots", "filled_lots", "fee", "amount", "rate", "client_id", "trade_id", "number", "exit", "refused_code"];
const times = (step, count) => {
  // Exact: both are decimal text, and a count of steps is a whole number.
  const places = (step.split(".")[1] || "").length, whole = BigInt(step.replace(".", "")) * BigInt(count);
  const text = (whole < 0n ? -whole : whole).toString().padStart(places + 1, "0");
  return (whole < 0n ? "-" : "") + (places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text);
};
const told = (column, value, row, steps) => {
  if (value == null) return NONE;
  const step = steps[row.market];
  if (column === "ticks") return step ? decimal(times(step.tick, value)) : `${number(value, 0)} ticks`;
  if (column === "lots" || column === "filled_lots") return step ? `${decimal(times(step.lot, value))} ${step.base}` : `${number(value, 0)} lots`;
  if (column === "side") return value === 0 ? "buy" : "sell";
  if (column === "role") return value === 0 ? "maker" : "taker";
  if (column === "state") return STATES[value] ?? String(value);
  if (column === "sent_ns" || column === "done_ns") return clock(Number(value) / 1e9, 3);
  if (column.endsWith("_ns") || ["ns", "started", "ended"].includes(column)) return stamp(Number(value) / 1e9);
  if (column === "config_hash") return value.slice(0, 12);
  return String(value);
};

const draw = ({ columns, rows, steps, more }) => {
  const right = (c) => (RIGHT.includes(c) ? "n" : null);
  const body = rows.map((cells) => {
    const row = Object.fromEntries(columns.map((c, k) => [c, cells[k]]));
    return h("tr", {}, columns.map((c) => h("td", { class: right(c), "data-tone": c === "side" ? ["bid", "ask"][row.side] : null }, told(c, row[c], row, steps))));
  });
  holder.replaceChildren(h("table", {},
    h("thead", {}, h("tr", {}, columns.map((c) => h("th", { class: right(c), scope: "col" }, HEADS[c] || plain(c))))), h("tbody", {}, body)));
  show(none, rows.length === 0);
  show(holder, rows.length > 0);
  newer.disabled = page === 0;
  older.disabled = !more;
  set(where, rows.length ? `rows ${page * 100 + 1} to ${page * 100 + rows.length}, newest first` : "");
};

const turn = async (table, number) => {
  [name, page] = [table, Math.max(number, 0)];
  filters.querySelectorAll("button").forEach((b, k) => b.setAttribute("aria-pressed", String(TABLES[k] === name)));
  const asked = new URLSearchParams({ table: name, ...(market.value ? { market: market.value.trim() } : {}) });
  history.replaceState(null, "", `?${asked}`);
  try {
    draw(await get(api(`/ledger/${name}?page=${page}&market=${encodeURIComponent(market.value.trim())}`)));
    show(failure, false);
  } catch (error) {
    set(failure, error.message);
    show(failure, true);
  }
};
turn(name, 0);
