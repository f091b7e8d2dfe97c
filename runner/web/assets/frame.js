// What every page has around it: where one is, where one can go, who one is.
import { h } from "./dom.js";
import { get, place, post } from "./net.js";

const link = (href, text, isHere) => h("a", { href, "aria-current": isHere ? "page" : null }, text);

const pages = () => {
  const base = `/deploys/${place.deploy}`;
  return [["deploy", "", "Markets"], ["portfolio", "/portfolio", "Portfolio"], ["ledger", "/ledger", "Ledger"],
    ["schedule", "/schedule", "Schedule"], ["log", "/log", "Log"]]
    .map(([kind, path, text]) => link(base + path, text, place.kind === kind));
};

export const me = get("/api/me");
export const mayOperate = async () => (await me).role === "operate";

const leave = async () => {
  await post("/logout");
  location.assign("/login");
};

export const frame = () => {
  const role = h("span", { class: "soft role" });
  me.then((who) => role.append(who.role === "operate" ? "may operate" : "read only")).catch(() => {});
  const header = h("header", { class: "top" },
    h("a", { class: "skip", href: "#main" }, "To the content"),
    h("nav", { "aria-label": "Pages" },
      h("a", { class: "brand", href: "/" }, h("img", { src: "/assets/icon.svg", alt: "", width: 16, height: 16 }), "mmrunner"),
      link("/", "Deploys", place.kind === "overview"), link("/runs", "Runs", place.kind === "runs")),
    h("span", { class: "grow" }), role, h("button", { class: "quiet", type: "button", onclick: leave }, "Log out"));
  const own = place.deploy && h("nav", { class: "own", "aria-label": "This deploy" },
    link(`/deploys/${place.deploy}`, place.deploy, false), pages());
  const main = h("main", { id: "main" });
  document.body.replaceChildren(header, ...(own ? [own] : []), main);
  if (own) own.firstChild.className = "name";
  return main;
};
