// Log in by the word behind # of a link, which never leaves the browser but in this one question.
import { h, set, show } from "./dom.js";

const failure = h("p", { class: "refusal", role: "alert", hidden: true });
const field = h("input", { id: "token", type: "password", autocomplete: "current-password", required: true, autofocus: true });
const button = h("button", { class: "primary", type: "submit" }, "Log in");

const enter = async (word) => {
  button.disabled = true;
  try {
    const response = await fetch("/login", {
      method: "POST", headers: { "content-type": "application/json", "x-mmrunner": "1" }, body: JSON.stringify({ word }),
    });
    if (response.ok) {
      location.replace(location.pathname === "/login" ? "/" : location.pathname);
      return;
    }
    const told = await response.json().catch(() => ({}));
    set(failure, told.line || `refused with ${response.status}`);
  } catch {
    set(failure, "no answer from the web view: is it still running?");
  }
  show(failure, true);
  button.disabled = false;
};

const form = h("form", { class: "card login" },
  h("h1", {}, h("img", { src: "/assets/icon.svg", alt: "", width: 22, height: 22 }), "mmrunner"),
  h("p", { class: "soft" }, "Open the link that the web view printed when it started, or give one of its two tokens."),
  h("label", { for: "token" }, "Token"), field, button, failure,
  h("p", { class: "soft small" }, "The tokens are in outputs/web/keys.json on the machine: one to read, one to operate."));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  enter(field.value.trim());
});
document.body.replaceChildren(h("main", { class: "narrow" }, form));

const word = location.hash.slice(1);
if (word) {
  history.replaceState(null, "", location.pathname);
  enter(word);
}
