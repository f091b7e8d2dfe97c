import { card, h, set, table } from "./dom.js";
import { frame } from "./frame.js";
import { get } from "./net.js";
import { NONE, money, number, tone } from "./words.js";

const PAGES = { "report.html": "report", "leaderboard.html": "leaderboard", "search.html": "search", "fills.csv": "fills", "summary.json": "summary", "leaderboard.csv": "table", "trials.csv": "trials", "twin.json": "twin" };
const ENDINGS = { 0: "done", 1: "crashed", 2: "refused", 3: "not confirmed clean", 4: "halted", 130: "interrupted" };
const main = frame();
const failure = h("p", { class: "refusal" });
const link = (run, file) => h("a", { href: `/runs/${run}/${file}`, target: "_blank", rel: "noopener" }, PAGES[file]);
const list = table([
  { head: "run", cell: (r) => r.name.replace("T", " ").slice(0, 19).replace(/(\d\d)-(\d\d)-(\d\d)$/, "$1:$2:$3") },
  { head: "mode", cell: (r) => r.mode || NONE },
  { head: "deploy", cell: (r) => r.deploy || NONE },
  { head: "markets", class: "wide", cell: (r) => (r.jobs ? `${r.jobs} jobs` : (r.markets || []).join(", ") || NONE) },
  { head: "fills", n: true, cell: (r) => (r.fills == null ? NONE : number(r.fills, 0)) },
  { head: "net", n: true, cell: (r) => (r.net == null ? NONE : `${money(r.net)} ${r.currency}`), tone: (r) => tone(r.net) },
  { head: "ended", cell: (r) => (r.exit == null ? (r.jobs ? NONE : "no summary") : ENDINGS[r.exit] || `exit ${r.exit}`), tone: (r) => (r.exit == null || r.exit === 0 || r.exit === 130 ? "" : "bad") },
  { head: "look at", cell: (r, cell) => {
    if (cell.childElementCount) return;
    cell.append(h("span", { class: "links" }, r.files.map((file) => link(r.name, file))));
  } },
], (r) => r.name, { empty: "No run has left anything yet." });
main.append(h("h1", { class: "voice" }, "Runs"), card("Runs and sweeps, the newest first", failure, list.node));
get("/api/runs").then(list.fill).catch((error) => set(failure, error.message));
