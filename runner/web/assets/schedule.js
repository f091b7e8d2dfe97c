import { card, h, table } from "./dom.js";
import { frame } from "./frame.js";
import { follow } from "./live.js";
import { api } from "./net.js";
import { NONE, seconds, span, stamp } from "./words.js";

const main = frame();
let now = 0;
const jobs = table([
  { head: "job", cell: (j) => j.name },
  { head: "next run, UTC", n: true, cell: (j) => (j.next_ns == null ? "never" : stamp(seconds(j.next_ns))) },
  { head: "in", n: true, cell: (j) => (j.next_ns == null ? NONE : span(Math.max(seconds(j.next_ns) - now, 0))) },
], (j) => j.name, { empty: "No job is scheduled." });
const markets = table([
  { head: "market", cell: (m) => m.name },
  { head: "state", cell: (m) => m.state },
  { head: "asked for by the clock", class: "wide", cell: (m) => m.why.join("; ") || NONE },
], (m) => m.name, { empty: "No picture yet." });
main.append(h("h1", { class: "voice" }, "Schedule"), card("Next runs", jobs.node), card("What holds now", markets.node));
follow(api("/stream"), (told) => {
  if (!told.picture) return;
  now = told.picture.stamp_ns / 1e9;
  jobs.fill([...told.picture.jobs].sort((a, b) => (a.next_ns ?? Infinity) - (b.next_ns ?? Infinity)));
  markets.fill(told.picture.markets);
});
