// Follow what is told, and say so as soon as it is not: old figures must never look like new ones.
import { h, set, show } from "./dom.js";
import { span } from "./words.js";

const SILENT_MS = 4000;
const banner = h("div", { class: "banner", role: "status", hidden: true });

export const follow = (path, on) => {
  document.querySelector("main").before(banner);
  let heard = performance.now(), told = null;
  const source = new EventSource(path);
  const hear = () => { heard = performance.now(); };
  source.addEventListener("beat", hear);
  source.addEventListener("message", (event) => {
    hear();
    const fresh = JSON.parse(event.data);
    if (told?.started_ns && fresh.started_ns !== told.started_ns) {
      location.reload();
      return;
    }
    told = fresh;
    on(told);
    judge();
  });
  const judge = () => {
    const silent = performance.now() - heard;
    const why = silent > SILENT_MS ? `No word from this view for ${span(silent / 1000)}. What is below is of then.` : absence(told);
    set(banner, why);
    show(banner, why !== "");
    document.body.classList.toggle("old", why !== "");
  };
  setInterval(judge, 1000);
  addEventListener("pagehide", () => source.close());
  return source;
};

const SAID = {
  stale: "Its picture is stale: the process is there and tells nothing. What is below is of then.",
  gone: "It does not run. What is below is the last that was seen.",
  killed: "It was killed, and does not start again before that is lifted.",
};
const absence = (told) => {
  if (!told || Array.isArray(told) || told.status === "live") return "";
  return [SAID[told.status], told.note && `(${told.note})`].filter(Boolean).join(" ");
};
