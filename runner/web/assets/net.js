// Ask this view. Whoever is no longer logged in is shown the login.
const answer = async (response) => {
  if (response.status === 401) {
    location.assign("/login");
    throw new Error("logged out");
  }
  const told = await response.json().catch(() => ({ line: `expected an answer, was ${response.status}` }));
  if (!response.ok) throw new Error(told.line || `refused with ${response.status}`);
  return told;
};

export const get = async (path) => answer(await fetch(path, { headers: { accept: "application/json" } }));

export const post = async (path, body = {}) => answer(await fetch(path, {
  method: "POST",
  headers: { "content-type": "application/json", "x-mmrunner": "1" },
  body: JSON.stringify(body),
}));

export const identity = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

export const place = { deploy: document.body.dataset.deploy, market: document.body.dataset.market, kind: document.body.dataset.kind };
export const api = (rest = "") => `/api/deploys/${place.deploy}${rest}`;
