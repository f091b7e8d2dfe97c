"use strict";
// What every chart of every page has: axes, a legend that hides and shows, zoom, keys, and reading.
const report = (() => {
  const GUTTER = 76;
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

  const timeAxis = () => ({
    stroke: color("--soft"), font: "11px system-ui, sans-serif", size: 28, gap: 6, space: 90,
    grid: { stroke: color("--grid"), width: 1 }, ticks: { show: false },
    values: (u, splits, axis, space, step) => splits.map((s) => clock(s, step)),
  });

  const options = (key, chart) => ({
    width: chart.node.clientWidth, height: chart.height, ms: 1e-3, padding: [8, chart.time === false ? 12 : 32, 0, 0],
    tzDate: (s) => uPlot.tzDate(new Date(s * 1e3), "Etc/UTC"),
    legend: { show: false },
    cursor: {
      ...(chart.time === false ? {} : { sync: { key, scales: ["x", null] } }),
      y: false, drag: { x: true, y: false }, points: { size: 6, width: 1.5 },
    },
    scales: { x: { time: chart.time !== false && !chart.elapsed, ...(chart.range ? { range: () => chart.range } : {}) }, y: chart.scale || {} },
    axes: [
      { ...timeAxis(), ...(chart.axis || {}) },
      {
        stroke: color("--soft"), font: "11px system-ui, sans-serif", size: chart.gutter || GUTTER, gap: 8, space: chart.height < 180 ? 24 : 34,
        grid: { stroke: color("--grid"), width: 1, show: !chart.bare }, ticks: { show: false },
        values: chart.bare ? () => [] : axisLabels,
      },
    ],
    series: [{}, ...chart.lines],
    bands: chart.bands || [],
    hooks: { setCursor: [(u) => read(u, chart)], draw: chart.draw ? [chart.draw] : [] },
  });

  const line = (label, stroke, more) => ({
    label, stroke: color(stroke), width: 1.25, points: { show: false }, spanGaps: false,
    paths: uPlot.paths.stepped({ align: 1 }), ...more, // a value holds until the next is known
  });

  const keyItem = (tag, mark, text) => {
    const item = document.createElement(tag);
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
      if (!node) return;
      const known = i != null && u.series[k + 1].show && u.data[k + 1][i] != null;
      node.textContent = known ? chart.write(u.data[k + 1][i], i, k) : "";
    });
    if (chart.place) chart.place.textContent = i == null ? "" : chart.where ? chart.where(i) : clock(u.data[0][i], 0.1) + " UTC";
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

  // Zero is always in sight, and a line that never moves lies in the middle.
  const aroundZero = (u, low, high) => {
    const least = Math.min(low ?? 0, 0), most = Math.max(high ?? 0, 0), room = (most - least) * .06 || 1;
    return [least < 0 || most === 0 ? least - room : 0, most > 0 || least === 0 ? most + room : 0];
  };

  // A name in the legend is a button: it hides its curve, and the band that belongs to it.
  const toggle = (u, chart, label, button) => {
    const shown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", shown);
    u.batch(() => chart.lines.forEach((l, k) => {
      if ((l.group || l.label) === label) u.setSeries(k + 1, { show: shown });
    }));
  };

  const heading = (u, node, chart) => {
    const head = node.querySelector(".head");
    head.querySelectorAll(".key, .zoom").forEach((old) => old.remove());
    chart.values = chart.lines.map(() => null);
    if (chart.silent) return;
    chart.lines.forEach((l, k) => {
      if (!l.label) return;
      const [item, value] = keyItem(chart.lines.length > 1 ? "button" : "span", swatch(l.swatch || l.stroke), l.label);
      if (item.tagName === "BUTTON") {
        item.type = "button";
        item.setAttribute("aria-pressed", l.show !== false);
        item.addEventListener("click", () => toggle(u, chart, l.group || l.label, item));
      }
      head.append(item);
      chart.values[k] = value;
    });
    (chart.marks || []).forEach(([glyph, stroke, text]) => head.append(keyItem("span", triangle(glyph, color(stroke)), text)[0]));
    chart.place = document.createElement("span");
    chart.place.className = "key";
    head.append(chart.place);
    if (chart.time !== false) head.append(zoomButtons(u));
  };

  // Plots of one section over the same time are looked at through the same window.
  const windows = new Map();
  const together = (u) => windows.get(u.windowKey) || [u];
  const zoom = (u, factor) => {
    const all = u.data[0], first = all[0], last = all[all.length - 1];
    const { min, max } = u.scales.x, held = u.cursor.idx != null ? all[u.cursor.idx] : (min + max) / 2;
    const part = factor ? Math.min((max - min) * factor, last - first) : last - first;
    const middle = Math.min(Math.max(held, min), max), share = (middle - min) / (max - min || 1);
    const from = Math.min(Math.max(middle - share * part, first), last - part);
    together(u).forEach((v) => v.setScale("x", { min: from, max: from + part }));
  };
  const zoomButtons = (u) => {
    const group = document.createElement("span");
    group.className = "zoom";
    [["+", .5, "closer"], ["\u2212", 2, "wider"], ["all", 0, "show all"]].forEach(([text, factor, label]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => zoom(u, factor));
      group.append(button);
    });
    return group;
  };

  // What the keys find is also said aloud, where somebody listens.
  const voice = document.createElement("div");
  voice.className = "voice";
  voice.setAttribute("aria-live", "polite");
  document.body.append(voice);
  const say = (chart) => {
    const told = chart.lines.map((l, k) => (chart.values[k]?.textContent ? `${l.label} ${chart.values[k].textContent}` : ""));
    voice.textContent = [chart.place?.textContent, ...told].filter(Boolean).join(", ");
  };

  const walk = (u, steps) => {
    const { min, max } = u.scales.x, all = u.data[0];
    let i = u.cursor.idx ?? (steps > 0 ? -1 : all.length);
    i = Math.min(Math.max(i + steps, 0), all.length - 1);
    const x = Math.min(Math.max(all[i], min), max);
    u.setCursor({ left: u.valToPos(x, "x"), top: u.over.clientHeight / 2 });
  };
  const listen = (u, chart) => {
    const stride = (e) => (e.shiftKey ? Math.max(Math.round(u.data[0].length / 20), 1) : 1);
    const keys = {
      ArrowLeft: (e) => walk(u, -stride(e)), ArrowRight: (e) => walk(u, stride(e)),
      ...(chart.time === false ? {} : {
        "+": () => zoom(u, .5), "=": () => zoom(u, .5), "-": () => zoom(u, 2), "0": () => zoom(u, 0), Escape: () => zoom(u, 0),
      }),
    };
    chart.node.onkeydown = (e) => {
      if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
      keys[e.key](e);
      if (e.key.startsWith("Arrow")) say(chart);
      e.preventDefault();
    };
    chart.node.onblur = () => u.setCursor({ left: -10, top: -10 });
  };

  // Draw the charts that have a place in a section; return their plots.
  const drawn = (section, charts) => {
    const key = section.id || "all";
    const plots = charts.flatMap((chart) => {
      const node = section.querySelector(`[data-chart='${chart.name}']`);
      if (!node) return [];
      chart.node = node.querySelector(".plot");
      chart.values = [];
      const u = new uPlot(options(key, chart), [chart.x, ...chart.data], chart.node);
      u.windowKey = chart.time === false ? chart.name : key;
      heading(u, node, chart);
      listen(u, chart);
      return [u];
    });
    windows.set(key, plots.filter((u) => u.windowKey === key));
    return plots;
  };

  const POINTS = ["at fill", "1 s", "5 s", "10 s", "60 s"];
  // Curves of markouts by horizon, each with its band: [label, colour, {mean, low, high}, shown].
  const markouts = (name, curves, height) => {
    const own = { paths: undefined, spanGaps: true };
    const lines = [], data = [], bands = [];
    curves.forEach(([label, stroke, c, shown]) => {
      const k = lines.length + 1, wash = color(stroke);
      lines.push(line(label, stroke, { ...own, width: 1.75, show: shown, points: { show: true, size: 5 } }));
      ["high", "low"].forEach(() => lines.push({ ...line("", stroke, own), width: 0, group: label, show: shown }));
      data.push(c.mean, c.high, c.low);
      bands.push({ series: [k + 1, k + 2], fill: wash + "1f" });
    });
    return {
      name, height, time: false, gutter: 52, range: [-.3, 4.3], x: [0, 1, 2, 3, 4], data, lines, bands,
      draw: zeroLine, scale: { range: aroundZero }, where: (i) => POINTS[i],
      axis: { splits: () => [0, 1, 2, 3, 4], values: (u, splits) => splits.map((v) => POINTS[v] ?? ""), space: 30, grid: { show: false } },
      write: (v, i, k) => {
        const c = curves[Math.floor(k / 3)][2];
        return number(v, 2, true) + (c.low[i] == null ? "" : ` (${number(c.low[i], 2, true)} to ${number(c.high[i], 2, true)})`);
      },
    };
  };

  return { color, number, line, zeroLine, aroundZero, drawn, markouts };
})();
