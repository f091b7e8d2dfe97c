// Live charts of one market, drawn as a report draws them; a window that was zoomed stays.
/* global report, uPlot */
import { h } from "./dom.js";
import { NONE, clock, plain } from "./words.js";

const LANE = 22, MOST = 6000;
const WINDOWS = [["5 min", 300], ["1 h", 3600], ["all", 0]];
const colors = { bid: "--buy", ask: "--sell" };

export const places = () => ["price", "position", "net", "width", "reasons"].map((name) =>
  h("div", { class: "chart", "data-chart": name },
    h("div", { class: "head" }, h("h3", {}, { price: "Price", position: "Inventory, clips", net: "Net", width: "Width and volatility, bps", reasons: "Why, over time" }[name])),
    h("div", { class: "plot", tabindex: "0", role: "img", "aria-label": `Chart: ${name}` })));

const markers = (past) => (u) => {
  const { ctx, bbox } = u, px = devicePixelRatio, { min, max } = u.scales.x;
  const seen = past.fills.filter((f) => f.at >= min && f.at <= max), r = (seen.length > 200 ? 2.6 : 3.8) * px;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  seen.forEach((f) => {
    const x = u.valToPos(f.at, "x", true), y = u.valToPos(f.price, "y", true), up = f.side === "buy" ? 1 : -1;
    ctx.fillStyle = report.color(up > 0 ? "--buy" : "--sell");
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - r * .8, y + up * r * 1.6);
    ctx.lineTo(x + r * .8, y + up * r * 1.6);
    ctx.fill();
  });
  moment(past)(u);
  ctx.restore();
};

// The moment that is looked at closely.
const moment = (past) => (u) => {
  if (past.chosen == null) return;
  const x = Math.round(u.valToPos(past.chosen, "x", true));
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  u.ctx.fillStyle = report.color("--main");
  u.ctx.fillRect(x - 1, u.bbox.top, 2, u.bbox.height);
};

const lanesOf = (past) => {
  const lanes = new Map();
  past.changes.forEach((change, k) => {
    const until = past.changes[k + 1]?.stamp_s ?? Infinity;
    [["bid", change.bid_reasons], ["ask", change.ask_reasons]].forEach(([side, names]) => names.filter((n) => n !== "kept").forEach((name) => {
      const key = `${side} ${name}`;
      if (!lanes.has(key)) lanes.set(key, { side, name, spans: [] });
      const spans = lanes.get(key).spans, last = spans[spans.length - 1];
      if (last && last[1] === change.stamp_s) last[1] = until;
      else spans.push([change.stamp_s, until]);
    }));
  });
  return [...lanes.values()].sort((a, b) => b.side.localeCompare(a.side) || b.spans.length - a.spans.length).slice(0, 14)
    .sort((a, b) => b.side.localeCompare(a.side));
};

const drawLanes = (past) => (u) => {
  const { ctx, bbox } = u, px = devicePixelRatio, end = u.data[0][u.data[0].length - 1];
  ctx.save();
  ctx.font = `${11 * px}px system-ui, sans-serif`;
  ctx.textBaseline = "middle";
  let side = null;
  past.lanes.forEach((lane, row) => {
    const top = bbox.top + row * LANE * px, mid = top + 15 * px, color = report.color(colors[lane.side]);
    if (lane.side !== side) {
      side = lane.side;
      ctx.fillStyle = color;
      ctx.textAlign = "right";
      ctx.fillText(side, bbox.left - 8 * px, top + 5 * px);
    }
    ctx.fillStyle = report.color("--soft");
    ctx.textAlign = "left";
    ctx.fillText(plain(lane.name), bbox.left, top + 5 * px);
    ctx.fillStyle = report.color("--track");
    ctx.fillRect(bbox.left, mid - 2 * px, bbox.width, 5 * px);
    ctx.fillStyle = color;
    lane.spans.forEach(([from, to]) => {
      const left = Math.max(u.valToPos(from, "x", true), bbox.left);
      const right = Math.min(u.valToPos(Math.min(to, end), "x", true), bbox.left + bbox.width);
      if (right > left) ctx.fillRect(left, mid - 2 * px, Math.max(right - left, 1), 5 * px);
    });
  });
  moment(past)(u);
  ctx.restore();
};

const list = (past, words) => {
  const { color, number, line, zeroLine, aroundZero } = report, c = past.columns;
  const price = (v) => number(v, words.places), mark = moment(past);
  const around = (u) => { zeroLine(u); mark(u); };
  const shown = [
    { name: "price", height: 300, data: [c.mid, c.bid, c.ask], draw: markers(past), write: price,
      lines: [line("mid", "--mid"), line("our bid", "--buy", { width: 1 }), line("our ask", "--sell", { width: 1 })],
      marks: [["\u25b2", "--buy", "bought"], ["\u25bc", "--sell", "sold"]] },
    { name: "position", height: 130, data: [c.clips], draw: around, scale: { range: aroundZero }, write: (v) => number(v, 2, true),
      lines: [line("inventory", "--main", { width: 1.5, fill: color("--fill"), fillTo: () => 0 })] },
    { name: "net", height: 130, data: [c.net], draw: around, scale: { range: aroundZero }, write: (v) => `${number(v, 2, true)} ${words.quote}`,
      lines: [line("net", "--main", { width: 1.5, fill: color("--fill"), fillTo: () => 0 })] },
    { name: "width", height: 130, data: [c.half_spread_bps, c.sigma_bps], draw: mark, write: (v) => number(v, 2),
      scale: { range: (u, low, high) => [0, (high || 1) * 1.1] }, lines: [line("half spread", "--main"), line("sigma per \u221as", "--mid")] },
    { name: "reasons", height: Math.max(past.lanes.length, 1) * LANE + 34, bare: true, silent: true, data: [c.stamp_s.map(() => null)],
      lines: [{ show: true, stroke: "transparent" }], write: () => "", draw: drawLanes(past), scale: { range: () => [0, 1] } },
  ];
  return shown.map((chart) => ({ x: c.stamp_s, ...chart }));
};

// Keep the past of one market and its charts; `choose` is told the moment that was clicked.
export const charted = (section, choose) => {
  const past = { columns: null, changes: [], fills: [], lanes: [], chosen: null };
  let plots = [], words = { places: 2, quote: "" }, windowed = WINDOWS[0][1], due = false;

  const draw = () => {
    plots.forEach((u) => u.destroy());
    past.lanes = lanesOf(past);
    plots = report.drawn(section, list(past, words));
    plots.forEach((u) => u.over.addEventListener("click", () => u.cursor.idx != null && choose(u.data[0][u.cursor.idx])));
    section.querySelectorAll(".zoom").forEach((zoom) => zoom.remove());
    look();
  };
  const look = () => {
    const all = past.columns.stamp_s, last = all[all.length - 1];
    if (!all.length) return;
    const min = windowed ? Math.max(last - windowed, all[0]) : all[0];
    plots.forEach((u) => u.setScale("x", { min: min === last ? last - 1 : min, max: last }));
  };
  const update = () => {
    due = false;
    const lanes = lanesOf(past);
    if (lanes.length !== past.lanes.length) { draw(); return; }
    past.lanes = lanes;
    const c = past.columns, data = { price: [c.mid, c.bid, c.ask], position: [c.clips], net: [c.net], width: [c.half_spread_bps, c.sigma_bps], reasons: [c.stamp_s.map(() => null)] };
    Object.values(data).forEach((columns, k) => plots[k]?.setData([c.stamp_s, ...columns], false));
    look();
  };
  const soon = () => {
    if (due || document.hidden) return;
    due = true;
    requestAnimationFrame(update);
  };

  const chooser = h("div", { class: "windows", role: "group", "aria-label": "Time shown" }, WINDOWS.map(([text, s]) =>
    h("button", { type: "button", "aria-pressed": String(s === windowed), onclick: (event) => {
      windowed = s;
      chooser.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(b === event.target)));
      look();
    } }, text)));
  section.querySelector("[data-chart='price'] .head").append(h("span", { class: "grow" }), chooser);

  addEventListener("resize", () => plots.forEach((u) => u.setSize({ width: u.root.parentNode.clientWidth || u.width, height: u.height })));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => past.columns && draw());
  document.addEventListener("visibilitychange", () => past.columns && soon());

  return {
    begin: (told, about) => {
      words = about;
      const names = ["stamp_s", "mid", "bid", "ask", "clips", "net", "half_spread_bps", "sigma_bps"];
      past.columns = Object.fromEntries(names.map((name) => [name, told.columns[name] || []]));
      past.changes = told.changes;
      past.fills = told.fills.map(fillOf);
      draw();
    },
    add: (row, change) => {
      if (!past.columns) return;
      const all = past.columns.stamp_s;
      if (all.length && row.stamp_s <= all[all.length - 1]) return;
      Object.entries(past.columns).forEach(([name, column]) => {
        column.push(row[name]);
        if (column.length > MOST) column.splice(0, MOST / 10);
      });
      const last = past.changes[past.changes.length - 1];
      if (!last || said(last) !== said(change)) past.changes.push(change);
      soon();
    },
    fills: (fresh) => {
      past.fills.push(...fresh.map(fillOf));
      soon();
    },
    choose: (at) => {
      past.chosen = at;
      soon();
    },
    chosen: () => (past.chosen == null ? NONE : clock(past.chosen, 1)),
    moments: () => past.columns?.stamp_s || [],
  };
};

const fillOf = (fill) => ({ at: Number(fill.stamp_ns) / 1e9, price: Number(fill.price), side: fill.side });
const said = (change) => JSON.stringify([change.state, change.why, change.bid_reasons, change.ask_reasons]);
