// What the page knows of the site, and how fresh that is. One live stream feeds it; everything
// else is asked for. Ages are reckoned from the site's clock, since a tablet's may be wrong.

const decisions_kept = 200;
const redraw_ms = 100;

export const site = {
  status: null,
  devices: [],
  stations: [],
  decisions: [],
  summary: null,
  cases: [],
};

let heard_at = null; // performance.now() of the last live event
let site_time_at = 0;
let listeners = [];
let redraw = null;

export function on_change(listener) {
  listeners.push(listener);
  return () => {
    listeners = listeners.filter((other) => other !== listener);
  };
}

export function changed() {
  redraw ??= setTimeout(() => {
    redraw = null;
    for (const listener of listeners) listener();
  }, redraw_ms);
}

// Seconds since the last sign of life, or null where there never was one.
export function silence_s() {
  return heard_at === null ? null : (performance.now() - heard_at) / 1000;
}

// The site's present time in milliseconds since 1970.
export function site_now() {
  return site_time_at === 0 ? Date.now() : site_time_at + (performance.now() - heard_at);
}

// Seconds between a time of the site ("2026-11-22T09:41:07.000000Z") and its present one.
export function age_s(instant) {
  if (!instant) return null;
  const then = Date.parse(instant);
  return Number.isNaN(then) ? null : Math.max(0, (site_now() - then) / 1000);
}

export async function ask(path, body) {
  const options = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : {};
  let reply;
  try {
    reply = await fetch(path, { cache: "no-store", ...options });
  } catch {
    return { is_away: true, problem: {} };
  }
  let answer = null;
  try {
    answer = await reply.json();
  } catch {
    return { is_away: true, problem: {} };
  }
  if (reply.ok) return { answer };
  // Where nothing was decided the same request may be sent again; a refusal of its form may not.
  return { problem: answer, is_away: reply.status >= 500 };
}

// Answers name their list after the question; some wrap it once more.
export function list_in(answer, name) {
  if (Array.isArray(answer)) return answer;
  const inner = answer?.[name];
  return Array.isArray(inner) ? inner : [];
}

let heard = () => {};

// `listener` is told each decision once, whether it came by the stream or as an answer.
export function on_decision(listener) {
  heard = listener;
}

export function add_decision(decision) {
  if (!decision.seq || !site.decisions.some((known) => known.seq === decision.seq)) {
    site.decisions = [decision, ...site.decisions].slice(0, decisions_kept);
    heard(decision);
  }
  changed();
}

export async function refresh() {
  const [status, cases] = await Promise.all([ask("/api/v1/status"), ask("/api/v1/cases")]);
  if (status.answer) {
    site.summary = status.answer.summary ?? null;
    site.devices = status.answer.devices ?? site.devices;
  }
  if (cases.answer) site.cases = list_in(cases.answer, "cases");
  changed();
}

async function catch_up() {
  const recent = await ask("/api/v1/decisions?count=50");
  if (recent.answer) {
    const known = new Set(site.decisions.map((decision) => decision.seq));
    const missed = list_in(recent.answer, "decisions").filter((decision) => !known.has(decision.seq));
    site.decisions = [...site.decisions, ...missed]
      .sort((a, b) => (b.seq ?? 0) - (a.seq ?? 0))
      .slice(0, decisions_kept);
  }
  await refresh();
}

export function listen() {
  const stream = new EventSource("/api/v1/live");
  const on = (name, take) =>
    stream.addEventListener(name, (event) => {
      heard_at = performance.now();
      take(JSON.parse(event.data));
      changed();
    });
  on("beat", (status) => {
    site.status = status;
    site_time_at = Date.parse(status.now) || 0;
  });
  on("devices", (devices) => (site.devices = devices));
  on("stations", (stations) => (site.stations = stations));
  on("decision", add_decision);
  stream.addEventListener("open", catch_up);
  // The browser comes back by itself after a cut, but not after a refusal.
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}
