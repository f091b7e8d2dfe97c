"use strict";
(() => {
  const { color, number, line, zeroLine, aroundZero, drawn, markouts } = report, LANE = 25;

  const markers = (data, buy, sell) => (u) => {
    const { ctx, bbox } = u, many = data.fills.t.length;
    const r = (many > 800 ? 2.5 : many > 200 ? 3.2 : 4) * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    data.fills.t.forEach((ms, i) => {
      const x = u.valToPos(data.start + ms / 1e3, "x", true);
      const y = u.valToPos(data.fills.ticks[i] * 2 * data.half_tick, "y", true);
      const up = data.fills.side[i] === 0 ? 1 : -1;
      ctx.fillStyle = up > 0 ? buy : sell;
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x - r * .8, y + up * r * 1.5);
      ctx.lineTo(x + r * .8, y + up * r * 1.5);
      ctx.fill();
    });
    ctx.restore();
  };

  // One row a reason; the darker, the larger its share of that moment.
  const lanes = (data) => (u) => {
    const { ctx, bbox } = u, px = devicePixelRatio;
    const [from, to] = data.lanes_ms.map((ms) => data.start + ms / 1e3);
    const colors = { bid: color("--buy"), ask: color("--sell") };
    ctx.save();
    ctx.font = `${11 * px}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    let side = null;
    data.lanes.forEach((lane, row) => {
      const top = bbox.top + row * LANE * px, mid = top + 16 * px;
      if (lane.side !== side) {
        side = lane.side;
        ctx.globalAlpha = 1;
        ctx.fillStyle = colors[side];
        ctx.textAlign = "right";
        ctx.fillText(side, bbox.left - 8 * px, top + 5 * px);
      }
      ctx.globalAlpha = 1;
      ctx.fillStyle = color("--soft");
      ctx.textAlign = "left";
      ctx.fillText(lane.reason.replaceAll("_", " "), bbox.left, top + 5 * px);
      ctx.fillStyle = color("--track");
      ctx.fillRect(bbox.left, mid - 3 * px, bbox.width, 6 * px);
      ctx.fillStyle = colors[side];
      const n = lane.shares.length;
      lane.shares.forEach((percent, k) => {
        if (!percent) return;
        const edge = (j) => Math.round(u.valToPos(from + (to - from) * j / n, "x", true));
        const left = Math.max(edge(k), bbox.left), right = Math.min(edge(k + 1), bbox.left + bbox.width);
        if (right <= left) return;
        ctx.globalAlpha = .25 + .75 * percent / 100;
        ctx.fillRect(left, mid - 3 * px, right - left, 6 * px);
      });
    });
    ctx.restore();
  };

  const charts = (data) => {
    const size = (v) => number(v, data.size_decimals, true) + " " + data.base;
    const price = (v) => number(v, data.price_decimals);
    const decimals = data.money_decimals;
    const list = [
      {
        name: "equity", height: 190, data: [data.equity, below(data.equity)], draw: zeroLine, scale: { range: aroundZero },
        lines: [
          line("net", "--main", { width: 1.75, fill: color("--fill"), fillTo: () => 0 }),
          line("below peak", "--bad", { width: 1, show: false, fill: color("--bad") + "1a", fillTo: () => 0 }),
        ],
        write: (v) => number(v, decimals, true) + " " + data.quote,
      },
      {
        name: "price", height: 290, data: [data.mid, data.bid, data.ask],
        draw: markers(data, color("--buy"), color("--sell")), write: price,
        lines: [
          line("mid", "--mid"),
          line("our bid", "--buy", { width: 1 }),
          line("our ask", "--sell", { width: 1 }),
        ],
        marks: data.fills.t.length ? [["\u25b2", "--buy", "bought"], ["\u25bc", "--sell", "sold"]] : [],
      },
      {
        name: "position", height: 150, data: [data.position], write: size, draw: zeroLine, scale: { range: aroundZero },
        lines: [line("position", "--main", { width: 1.5, fill: color("--fill"), fillTo: () => 0 })],
      },
      {
        name: "width", height: 150, data: [data.half_spread, data.sigma], scale: { range: (u, low, high) => [0, (high || 1) * 1.1] },
        lines: [line("half spread", "--main"), line("sigma per \u221as", "--mid")],
        write: (v) => number(v, 2) + " bps",
      },
    ];
    if (data.lanes.length) {
      list.push({
        name: "reasons", height: data.lanes.length * LANE + 40, bare: true, data: [data.t.map(() => null)],
        lines: [{ show: true, stroke: "transparent" }], write: () => "", draw: lanes(data),
        scale: { range: () => [0, 1] }, silent: true,
      });
    }
    if (data.markout) list.push(markouts("markout", [
      ["both", "--main", data.markout.both, true],
      ["bid", "--buy", data.markout.bid, false],
      ["ask", "--sell", data.markout.ask, false],
    ], 210));
    if (data.held) list.push(holding(data.held, data.clips));
    return list.map((chart) => ({ x: data.t, ...chart }));
  };

  // How far the net is below the highest that it has been.
  const below = (equity) => {
    let peak = 0;
    return equity.map((v) => {
      if (v == null) return null;
      peak = Math.max(peak, v);
      return v - peak;
    });
  };

  const holding = (held, unit) => ({
    name: "held", height: 210, time: false, gutter: 52, x: held.at, data: [held.share],
    range: [held.at[0] - held.width, held.at[held.at.length - 1] + held.width],
    lines: [line("time", "--main", { width: 0, fill: color("--main") + "99", paths: uPlot.paths.bars({ size: [.86, 46] }) })],
    scale: { range: (u, low, high) => [0, (high || 1) * 1.08] }, axis: { space: 40, values: (u, splits) => splits.map((v) => number(v, v % 1 ? 2 : 0, true)), grid: { show: false } },
    write: (v) => number(v, 1) + " %", where: (i) => number(held.at[i], 2, true) + " " + unit,
  });

  const prepare = (raw) => {
    const scaled = (column, unit) => column.map((v) => (v == null ? null : v * unit));
    const start = raw.start_ms / 1e3;
    return {
      ...raw, start, t: raw.t.map((ms) => start + ms / 1e3),
      mid: scaled(raw.mid, raw.half_tick), bid: scaled(raw.bid, 2 * raw.half_tick),
      ask: scaled(raw.ask, 2 * raw.half_tick), position: scaled(raw.position, raw.lot),
    };
  };

  const plots = new Map();
  const draw = (section) => {
    (plots.get(section) || []).forEach((u) => u.destroy());
    const source = section.querySelector("script[type='application/json']");
    if (!source) return;
    const data = prepare(JSON.parse(source.textContent));
    plots.set(section, drawn(section, charts(data)));
  };

  const sections = [...document.querySelectorAll("details.market")];
  const drawOpen = () => sections.filter((s) => s.open).forEach(draw);
  sections.forEach((section) => section.addEventListener("toggle", () => {
    if (section.open && !plots.has(section)) draw(section);
  }));
  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && "open" in target) { target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", openTarget);
  addEventListener("resize", () => plots.forEach((list) => list.forEach((u) => {
    u.setSize({ width: u.root.parentNode.clientWidth || u.width, height: u.height });
  })));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    sections.filter((s) => plots.has(s)).forEach(draw);
  });
  openTarget();
  drawOpen();
})();
