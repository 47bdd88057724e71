// Scans made at this screen: sent one after another, each with an identity, so that sending one
// again after a cut has no second effect.

import { add_decision, ask, changed } from "./site.js";
import { play } from "./sound.js";
import { kept } from "./kept.js";

const retry_ms = 1000;
const retries = 3;

// state: "idle", "sending", "decided", "not_sent" (kept for another try), "refused" (of wrong form)
// `sent` is what the last decision of this screen was about: { seq, code, keyed }.
export const scanning = { state: "idle", code: "", decision: null, problem: null, waiting: [], sent: null };

// `keyed`: { serial } or { lot } that the code lacks.
export function scan(station, code, wants_sound, override, keyed) {
  scanning.waiting.push({ station, code, wants_sound, override, keyed, request_id: new_request_id() });
  if (scanning.state !== "sending" && scanning.state !== "not_sent") send_next();
  changed();
}

export function send_again() {
  send_next();
}

export function forget() {
  scanning.waiting.shift();
  scanning.state = "idle";
  if (scanning.waiting.length > 0) send_next();
  changed();
}

async function send_next() {
  const next = scanning.waiting[0];
  scanning.state = "sending";
  scanning.code = next.code;
  changed();
  const { answer, problem, is_away } = await send_with_retries(next);
  if (is_away) {
    settle(next, "not_sent", null, problem);
    return;
  }
  scanning.waiting.shift();
  settle(next, answer ? "decided" : "refused", answer ?? null, problem ?? null);
  if (scanning.waiting.length > 0) send_next();
}

function settle(sent, state, decision, problem) {
  scanning.state = state;
  scanning.decision = decision;
  scanning.problem = problem;
  if (decision) scanning.sent = { seq: decision.seq, code: sent.code, keyed: sent.keyed };
  if (decision) add_decision({ station: sent.station, ...decision });
  if (sent.wants_sound && !decision) play("bad");
  changed();
}

async function send_with_retries(sent) {
  const path = "/api/v1/stations/" + encodeURIComponent(sent.station) + "/scan";
  const body = { code: sent.code, badge: kept("badge", ""), request_id: sent.request_id, source: "page", ...sent.keyed };
  if (sent.override) body.override = sent.override;
  for (let tries = 1; ; tries += 1) {
    const result = await ask(path, body);
    if (!result.is_away || tries > retries) return result;
    await new Promise((resume) => setTimeout(resume, retry_ms));
  }
}

// crypto.randomUUID is not there over plain http on a network name; this is everywhere.
export function new_request_id() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return "page-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
