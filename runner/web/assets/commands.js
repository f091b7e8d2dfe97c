// Ask for a change: shown first, confirmed, sent once, and answered in the deploy's own line.
import { h, set, show } from "./dom.js";
import { mayOperate } from "./frame.js";
import { api, identity, place, post } from "./net.js";

const TOLD = {
  pause: ["Pause", "Cancels the quotes and holds them until somebody resumes."],
  resume: ["Resume", "Quotes again as soon as nothing else holds them."],
  pull: ["Pull quotes", "Cancels every quote at once and stays paused."],
  flatten: ["Flatten", "Takes the position down to flat with orders that cross, and stays paused."],
  kill: ["Kill", "Cancels everything, ends the process, and keeps it from starting again until the latch is lifted."],
  unlatch: ["Lift the latch", "Lets the deploy be started again. It does not start it."],
  set: ["Set", "Applies from the next decision on, until the deploy ends."],
};
const DANGEROUS = ["flatten", "kill"];

const dialog = h("dialog", { "aria-labelledby": "asked" });
const outcome = h("div", { class: "outcome", role: "status", hidden: true });
let fading = 0;

export const told = (line, isDone) => {
  if (!outcome.isConnected) document.body.append(outcome);
  set(outcome, line, isDone ? "good" : "bad");
  show(outcome, true);
  clearTimeout(fading);
  fading = setTimeout(() => show(outcome, false), isDone ? 6000 : 15000);
};

const send = async (wish) => {
  try {
    told((await post(api("/asks"), { ...wish, confirmed: true })).line, true);
  } catch (error) {
    told(error.message, false);
  }
};

// The identity is made when the question is shown: two clicks are one command.
export const ask = (what, market = "all", more = {}) => {
  if (!dialog.isConnected) document.body.append(dialog);
  const [title, effect] = TOLD[what], wish = { identity: identity(), what, market, ...more };
  const whom = what === "kill" || what === "unlatch" || market === "all" ? place.deploy : `${market} of ${place.deploy}`;
  const reason = h("input", { id: "reason", maxlength: 120, autocomplete: "off", placeholder: "for whoever reads the ledger" });
  const isDangerous = DANGEROUS.includes(what);
  const form = h("form", { method: "dialog" },
    h("h2", { id: "asked" }, `${title}: ${whom}`),
    more.key && h("p", { class: "change" }, h("b", {}, more.key), ` from ${more.before} to `, h("b", {}, more.value)),
    h("p", { class: "soft" }, effect),
    h("label", { for: "reason" }, "Reason"), reason,
    h("div", { class: "buttons end" },
      h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
      h("button", { class: isDangerous ? "primary danger" : "primary", type: "submit", "data-confirm": what }, title)));
  form.addEventListener("submit", () => {
    const { before, ...rest } = wish;
    send({ ...rest, reason: reason.value.trim() });
  });
  dialog.replaceChildren(form);
  dialog.showModal();
};

// Buttons that only those see who may press them.
export const buttons = (market, names) => {
  const made = names.map((what) => h("button", {
    type: "button", class: DANGEROUS.includes(what) ? "danger" : null, "data-ask": what, onclick: () => ask(what, market),
  }, TOLD[what][0]));
  const group = h("div", { class: "buttons", hidden: true }, made);
  mayOperate().then((may) => show(group, may)).catch(() => {});
  group.offer = (offered) => made.forEach((button) => show(button, offered.includes(button.dataset.ask)));
  return group;
};

// What can be asked of a market or a deploy depends on how it is.
export const offeredFor = (state) => (state === "paused" ? ["resume", "flatten"] : ["pause", "pull", "flatten"]);
