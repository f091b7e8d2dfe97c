// What a net came from, with bars on one scale.
import { h, keep, set } from "./dom.js";
import { money, tone } from "./words.js";

const PARTS = [["spread", "spread captured"], ["adverse", "adverse selection"], ["inventory", "inventory"], ["fees", "fees"], ["funding", "funding"], ["hedge", "hedge"]];
const bar = () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "part");
  svg.setAttribute("viewBox", "-50 0 100 8");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(svg.namespaceURI, "rect"));
  return svg;
};

export const parts = () => {
  const body = h("tbody");
  const node = h("table", { class: "parts" }, body);
  const fill = (m) => {
    const told = PARTS.map(([key, name]) => ({ key, name, value: m.parts[key] })).filter((p) => p.key !== "hedge" || Number(p.value));
    const most = Math.max(...told.map((p) => Math.abs(Number(p.value ?? 0))), 1e-9);
    const rows = [...told, { key: "net", name: "net", value: m.net_quote }];
    keep(body, rows, (p) => p.key,
      (p) => h("tr", { class: p.key === "net" ? "total" : null }, h("td", {}), h("td", { class: "axis" }, bar()), h("td", { class: "n" })),
      (row, p) => {
        set(row.children[0], p.name);
        const rect = row.querySelector("rect"), value = Number(p.value ?? 0), width = Math.min(Math.abs(value) / most, 1) * 50;
        rect.setAttribute("x", value < 0 ? -width : 0);
        rect.setAttribute("width", width);
        rect.setAttribute("height", 8);
        rect.setAttribute("class", value < 0 ? "loss" : "gain");
        set(row.children[2], `${money(p.value)} ${m.quote}`, tone(p.value));
      });
  };
  return { node, fill };
};
