// Write figures for reading: decimals as the venue writes them, signs that line up, units apart.
export const NONE = "\u2013";
const MINUS = "\u2212";

// Decimal text, grouped, never through a float.
export const decimal = (text, { sign = false, places = null } = {}) => {
  if (text == null || text === "") return NONE;
  if (places !== null) return number(Number(text), places, sign);
  const minus = text.startsWith("-"), [whole, part] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const isZero = /^[0.]*$/.test(text.replace("-", ""));
  return (minus && !isZero ? MINUS : sign && !isZero ? "+" : "") + grouped + (part === undefined ? "" : "." + part);
};

export const number = (value, places, sign = false) => {
  if (value == null || !Number.isFinite(value)) return NONE;
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  const isZero = /^[0.,]*$/.test(text);
  return (value < 0 && !isZero ? MINUS : sign && !isZero ? "+" : "") + text;
};

// Money with so many decimals that a figure near zero stands still.
export const money = (text, sign = true) => {
  if (text == null) return NONE;
  return number(Number(text), Math.abs(Number(text)) >= 10000 ? 0 : 2, sign);
};
export const tone = (text) => (text == null || Number(text) === 0 ? "" : Number(text) < 0 ? "bad" : "good");
export const percent = (frac) => (frac == null ? NONE : `${number(100 * frac, 0)} %`);
export const bps = (value, sign = true) => number(value, 2, sign);
export const size = (text) => (text == null ? NONE : decimal(trimmed(text)));
const trimmed = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);

const pad = (n, width = 2) => String(n).padStart(width, "0");
export const clock = (seconds, digits = 0) => {
  const date = new Date(seconds * 1000);
  const text = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  return digits ? `${text}.${pad(date.getUTCMilliseconds(), 3).slice(0, digits)}` : text;
};
export const day = (seconds) => {
  const date = new Date(seconds * 1000);
  return `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
};
export const stamp = (seconds) => `${day(seconds)} ${clock(seconds)}`;
// Nanoseconds come as text where a float would round them.
export const seconds = (ns) => Number(ns) / 1e9;

export const span = (s) => {
  if (s == null) return NONE;
  if (s < 10) return `${number(Math.max(s, 0), 1)} s`;
  if (s < 120) return `${number(s, 0)} s`;
  if (s < 7200) return `${number(s / 60, 0)} min`;
  if (s < 172800) return `${number(s / 3600, 0)} h`;
  return `${number(s / 86400, 0)} days`;
};
export const plain = (name) => String(name).replaceAll("_", " ");
export const capital = (text) => (text ? text[0].toUpperCase() + text.slice(1) : text);
