// Make and change elements. Text goes in as text: nothing that a venue says is ever read as HTML.
export const h = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
};

// A cell that has not changed is not touched: nothing flickers, a selection stays.
export const set = (node, text, tone = null) => {
  const told = String(text);
  if (node.textContent !== told) node.textContent = told;
  if (tone !== null && node.dataset.tone !== tone) node.dataset.tone = tone;
};

export const show = (node, visible) => {
  if (node.hidden === visible) node.hidden = !visible;
};

// Keep one child an item, by its key, in the order of the items.
export const keep = (parent, items, keyOf, make, update) => {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let before = null;
  items.forEach((item, k) => {
    const key = String(keyOf(item, k));
    let node = old.get(key);
    if (!node) {
      node = make(item);
      node.dataset.key = key;
    }
    old.delete(key);
    const place = before ? before.nextSibling : parent.firstChild;
    if (place !== node) parent.insertBefore(node, place);
    update(node, item);
    before = node;
  });
  old.forEach((node) => node.remove());
};

// A table whose rows are kept: `columns` are {head, cell, n (right-aligned), tone, hide}.
export const table = (columns, keyOf, more = {}) => {
  const body = h("tbody");
  const named = (column) => [column.n && "n", column.hide && `hide-${column.hide}`, column.class].filter(Boolean).join(" ");
  const node = h("table", { class: more.class },
    more.caption && h("caption", { class: "voice" }, more.caption),
    h("thead", {}, h("tr", {}, columns.map((c) => h("th", { class: named(c), scope: "col" }, c.head)))), body);
  const empty = h("p", { class: "none" }, more.empty || "Nothing.");
  const fill = (items) => {
    keep(body, items, keyOf,
      () => h("tr", {}, columns.map((c) => h("td", { class: named(c) }, c.make ? c.make() : ""))),
      (row, item) => columns.forEach((c, k) => {
        const cell = row.children[k], value = c.cell(item, cell);
        if (value != null) set(cell, value, c.tone ? c.tone(item) : null);
      }));
    show(empty, items.length === 0);
    show(node, items.length > 0);
  };
  fill([]);
  return { node: h("div", { class: "scroll", tabindex: more.scrolls ? "0" : null }, node, empty), fill, body };
};

export const card = (title, ...children) =>
  h("section", { class: "card" }, title && h("h2", {}, title), children);
