"use strict";
(() => {
  const { color, number, line, zeroLine, aroundZero, drawn, markouts } = report;
  const COLORS = ["--main", "--buy", "--sell", "--third", "--fourth", "--fifth", "--sixth", "--seventh"];
  const stroke = (k) => COLORS[k % COLORS.length];
  const dash = (k) => (k < COLORS.length ? undefined : [4 * Math.floor(k / COLORS.length), 3]);
  const two = (n) => String(n).padStart(2, "0");
  const span = (s) => {
    const all = Math.floor(s + 1e-6), minutes = Math.floor(all / 60) % 60, hours = Math.floor(all / 3600);
    return hours ? `${hours} h ${two(minutes)}` : `${minutes}:${two(all % 60)}`;
  };

  const overlay = (data) => {
    const clock = data.start_ms != null;
    const x = data.t.map((ms) => (clock ? (data.start_ms + ms) / 1e3 : ms / 1e3));
    return {
      name: "overlay", height: 260, x, data: data.net.map((run) => run.values), draw: zeroLine, scale: { range: aroundZero },
      ...(clock ? {} : { where: (i) => span(x[i]) + " after the start", axis: { values: (u, splits) => splits.map(span) }, elapsed: true }),
      lines: data.net.map((run, k) => line(run.name, stroke(k), { width: k ? 1.25 : 1.75, dash: dash(k) })),
      write: (v) => number(v, data.money_decimals, true) + " " + data.currency,
    };
  };

  const sections = [...document.querySelectorAll("section.compared")], plots = new Map();
  const draw = (section) => {
    (plots.get(section) || []).forEach((u) => u.destroy());
    const data = JSON.parse(section.querySelector("script[type='application/json']").textContent);
    const charts = data.net.length ? [overlay(data)] : [];
    if (data.markout) charts.push(markouts("markouts", data.markout.map((run, k) => [run.name, stroke(k), run, true]), 230));
    plots.set(section, drawn(section, charts));
  };
  sections.forEach(draw);
  addEventListener("resize", () => plots.forEach((list) => list.forEach((u) => {
    u.setSize({ width: u.root.parentNode.clientWidth || u.width, height: u.height });
  })));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => sections.forEach(draw));
})();
