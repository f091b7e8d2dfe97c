"use strict";
(() => {
  const GUTTER = 76, LANE = 25;
  const pad = (n, width = 2) => String(n).padStart(width, "0");
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (value, decimals, sign) => {
    if (value == null) return "\u2013";
    const text = Math.abs(value).toLocaleString("en-US", {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    });
    return (value < 0 ? "\u2212" : sign && value > 0 ? "+" : "") + text;
  };

  // Time is UTC seconds since the epoch.
  const clock = (s, step) => {
    const date = new Date(Math.round(s * 1000));
    if (step >= 86400) return `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
    const minutes = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
    if (step >= 60) return minutes;
    const seconds = `${minutes}:${pad(date.getUTCSeconds())}`;
    return step >= 1 ? seconds : `${seconds}.${pad(date.getUTCMilliseconds(), 3)}`;
  };

  // As few decimals as tell the axis' own steps apart.
  const axisDecimals = (step) => {
    let decimals = 0;
    while (decimals < 8 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals += 1;
    return decimals;
  };
  const axisLabels = (u, splits, axis, space, step) => splits.map((v) => number(v, axisDecimals(step)));

  const options = (data, chart) => ({
    width: chart.node.clientWidth, height: chart.height, ms: 1e-3, padding: [8, 32, 0, 0],
    tzDate: (s) => uPlot.tzDate(new Date(s * 1e3), "Etc/UTC"),
    legend: { show: false },
    cursor: { sync: { key: data.key, scales: ["x", null] }, y: false, drag: { x: true, y: false }, points: { size: 6, width: 1.5 } },
    scales: { x: { time: true }, y: chart.scale || {} },
    axes: [
      {
        stroke: color("--soft"), font: "11px system-ui, sans-serif", size: 28, gap: 6, space: 90,
        grid: { stroke: color("--grid"), width: 1 }, ticks: { show: false },
        values: (u, splits, axis, space, step) => splits.map((s) => clock(s, step)),
      },
      {
        stroke: color("--soft"), font: "11px system-ui, sans-serif", size: GUTTER, gap: 8, space: chart.height < 180 ? 24 : 34,
        grid: { stroke: color("--grid"), width: 1, show: !chart.bare }, ticks: { show: false },
        values: chart.bare ? () => [] : axisLabels,
      },
    ],
    series: [{}, ...chart.lines],
    hooks: { setCursor: [(u) => read(u, chart)], draw: chart.draw ? [chart.draw] : [] },
  });

  const line = (label, stroke, more) => ({
    label, stroke: color(stroke), width: 1.25, points: { show: false }, spanGaps: false,
    paths: uPlot.paths.stepped({ align: 1 }), ...more, // a value holds until the next is known
  });

  const keyItem = (mark, text) => {
    const item = document.createElement("span");
    item.className = "key";
    const value = document.createElement("b");
    item.append(mark, text, value);
    return [item, value];
  };
  const swatch = (stroke) => {
    const mark = document.createElement("i");
    mark.style.background = stroke;
    return mark;
  };
  const triangle = (glyph, stroke) => {
    const mark = document.createElement("i");
    mark.className = "mark";
    mark.textContent = glyph;
    mark.style.color = stroke;
    return mark;
  };

  // What stands under the cursor, in the chart's own head.
  const read = (u, chart) => {
    const i = u.cursor.idx;
    chart.values.forEach((node, k) => {
      const known = i != null && u.data[k + 1][i] != null;
      node.textContent = known ? chart.write(u.data[k + 1][i], k) : "";
    });
    if (chart.time) chart.time.textContent = i == null ? "" : clock(u.data[0][i], 0.1) + " UTC";
  };

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

  const zeroLine = (u) => {
    const y = Math.round(u.valToPos(0, "y", true));
    if (y < u.bbox.top || y > u.bbox.top + u.bbox.height) return;
    u.ctx.save();
    u.ctx.strokeStyle = color("--faint");
    u.ctx.lineWidth = 1;
    u.ctx.beginPath();
    u.ctx.moveTo(u.bbox.left, y + .5);
    u.ctx.lineTo(u.bbox.left + u.bbox.width, y + .5);
    u.ctx.stroke();
    u.ctx.restore();
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

  // Zero is always in sight, and a line that never moves lies in the middle.
  const aroundZero = (u, low, high) => {
    const least = Math.min(low ?? 0, 0), most = Math.max(high ?? 0, 0), room = (most - least) * .06 || 1;
    return [least < 0 || most === 0 ? least - room : 0, most > 0 || least === 0 ? most + room : 0];
  };

  const charts = (data) => {
    const size = (v) => number(v, data.size_decimals, true) + " " + data.base;
    const price = (v) => number(v, data.price_decimals);
    const decimals = data.money_decimals;
    const list = [
      {
        name: "equity", height: 190, data: [data.equity], draw: zeroLine, scale: { range: aroundZero },
        lines: [line("net", "--main", { width: 1.75, fill: color("--fill"), fillTo: () => 0 })],
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
    return list;
  };

  const prepare = (raw) => {
    const scaled = (column, unit) => column.map((v) => (v == null ? null : v * unit));
    const start = raw.start_ms / 1e3;
    return {
      ...raw, start, t: raw.t.map((ms) => start + ms / 1e3),
      mid: scaled(raw.mid, raw.half_tick), bid: scaled(raw.bid, 2 * raw.half_tick),
      ask: scaled(raw.ask, 2 * raw.half_tick), position: scaled(raw.position, raw.lot),
    };
  };

  const heading = (node, chart) => {
    const head = node.querySelector(".head");
    head.querySelectorAll(".key").forEach((old) => old.remove());
    chart.values = [];
    if (chart.silent) return;
    chart.lines.forEach((l) => {
      const [item, value] = keyItem(swatch(l.stroke), l.label);
      head.append(item);
      chart.values.push(value);
    });
    (chart.marks || []).forEach(([glyph, stroke, text]) => head.append(keyItem(triangle(glyph, color(stroke)), text)[0]));
    chart.time = document.createElement("span");
    chart.time.className = "key";
    head.append(chart.time);
  };

  const plots = new Map();
  const draw = (section) => {
    (plots.get(section) || []).forEach((u) => u.destroy());
    const source = section.querySelector("script[type='application/json']");
    if (!source) return;
    const data = prepare(JSON.parse(source.textContent));
    data.key = section.id;
    plots.set(section, charts(data).flatMap((chart) => {
      const node = section.querySelector(`[data-chart='${chart.name}']`);
      if (!node) return [];
      chart.node = node.querySelector(".plot");
      heading(node, chart);
      return [new uPlot(options(data, chart), [data.t, ...chart.data], chart.node)];
    }));
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
