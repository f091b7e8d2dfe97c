// The parameters in use, and those that may be changed while it runs.
import { ask } from "./commands.js";
import { h, set, show } from "./dom.js";
import { pairs } from "./fields.js";
import { mayOperate } from "./frame.js";
import { api, get } from "./net.js";
import { plain } from "./words.js";

export const steering = (market) => {
  const list = pairs("Not told."), about = h("p", { class: "soft small" });
  const key = h("select", { id: "key", "aria-label": "Parameter" }), value = h("input", { id: "value", "aria-label": "New value", size: 8, autocomplete: "off", required: true });
  const form = h("form", { class: "setting", hidden: true }, key, value, h("button", { type: "submit" }, "Set\u2026"));
  const node = h("div", {}, form, about, list.node);
  let inUse = {}, steerable = [];
  const describe = () => {
    const chosen = steerable.find((s) => s.key === key.value);
    set(about, chosen ? `Expects ${chosen.expected}.` : "");
    value.placeholder = inUse[key.value] ?? "";
  };
  key.addEventListener("change", describe);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("set", market, { key: key.value, value: value.value.trim(), before: inUse[key.value] ?? "unknown" });
    value.value = "";
  });
  get(api()).then(async ({ welcome }) => {
    steerable = welcome.steerable || [];
    key.append(...steerable.map((s) => h("option", { value: s.key }, plain(s.key))));
    show(form, steerable.length > 0 && await mayOperate());
    describe();
  }).catch(() => {});
  const fill = (m) => {
    const first = Object.keys(inUse).length === 0;
    inUse = m.parameters;
    list.fill(Object.entries(inUse).map(([name, text]) => [name, text]));
    if (first) describe();
  };
  return { node, fill };
};
