// A strip of figures: name above, value below, kept in place.
import { h, set } from "./dom.js";

export const strip = (names) => {
  const cells = new Map(names.map((name) => {
    const value = h("dd", {}), note = h("dd", { class: "note" });
    return [name, { value, note, node: h("div", {}, h("dt", {}, name), value, note) }];
  }));
  const node = h("dl", { class: "figures dense" }, [...cells.values()].map((cell) => cell.node));
  const fill = (name, text, note = "", tone = "") => {
    const cell = cells.get(name);
    set(cell.value, text, tone);
    set(cell.note, note);
  };
  return { node, fill };
};

// Names and values in two columns.
export const pairs = (empty = "None.") => {
  const list = h("dl", { class: "pairs" }), none = h("p", { class: "none" }, empty);
  const fill = (items) => {
    const old = new Map([...list.children].map((row) => [row.firstChild.textContent, row]));
    items.forEach(([name, value, tone = ""]) => {
      let row = old.get(name);
      old.delete(name);
      if (!row) list.append(row = h("div", {}, h("dt", {}, name), h("dd", {})));
      set(row.lastChild, value, tone);
    });
    old.forEach((row) => row.remove());
    none.hidden = items.length > 0;
  };
  return { node: h("div", {}, list, none), fill };
};
