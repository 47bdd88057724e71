// A refusal that somebody may let pass: who, with which PIN, and why. The code is sent again with
// their word; the store decides whether that is enough. PINs are never kept.

import { html, useEffect, useState } from "./vendor/preact.js";
import { printable } from "./parts.js";
import { ask } from "./site.js";
import { kept } from "./kept.js";
import { scan, scanning } from "./scanning.js";
import { t } from "./strings.js";

// The daemon shows control characters as \x1d.
export function code_of(scanned) {
  return scanned.replace(/\\x([0-9a-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
}

// What was sent for a decision: as this screen sent it, with what was keyed in beside the code, or as
// the daemon shows what another scanner read.
function sent_for(decision) {
  const { sent } = scanning;
  return sent && sent.seq === decision.seq ? sent : { code: code_of(decision.scanned) };
}

// `last` is the newest decision here. A form that is open stays with the refusal it was opened for,
// whatever is scanned meanwhile: a PIN half typed must not vanish, nor count for another code.
export function Override({ last, wants_sound }) {
  const [decision, open] = useState(null);
  const [reasons, set_reasons] = useState([]);
  useEffect(() => {
    if (decision && reasons.length === 0) load_reasons(set_reasons);
  }, [decision]);
  if (!decision) {
    if (!last?.may_overrule || last.light !== "bad" || !last.scanned) return "";
    return html`<button type="button" class="big" onClick=${() => open({ ...last, sent: sent_for(last) })}>
      ${t("override.open")} (${t("override.by." + last.may_overrule)})
    </button>`;
  }
  const needs_two = decision.may_overrule === "two_people";
  const needs_reason = decision.may_overrule !== "operator_confirms";
  const own = reasons.filter((reason) => reason.only_for === decision.code);
  const offered = own.length > 0 ? own : reasons.filter((reason) => reason.only_for === "");

  function submit(event) {
    event.preventDefault();
    const fields = event.target.elements;
    const given = { badge: fields.badge.value.trim(), pin: fields.pin.value, code: decision.code };
    if (needs_reason) given.reason = fields.reason.value;
    if (needs_two) {
      given.second_badge = fields.second_badge.value.trim();
      given.second_pin = fields.second_pin.value;
    }
    scan(decision.station, decision.sent.code, wants_sound, given, decision.sent.keyed);
    open(null);
  }

  return html`<form class="card override" onSubmit=${submit}>
    <h3>${t("override.title")}: ${decision.code.replaceAll("_", " ")}</h3>
    <p class="value">${decision.subject || printable(decision.scanned)}</p>
    <p class="told">${decision.told}</p>
    <div class="row wrap">
      <${Person} name="badge" pin="pin" label=${t("override.badge")} value=${kept("badge", "")} />
      ${needs_two ? html`<${Person} name="second_badge" pin="second_pin" label=${t("override.second")} value="" />` : ""}
    </div>
    ${needs_reason
      ? html`<label>${t("case.reason")}
          <select name="reason" required>
            ${offered.map((reason) => html`<option key=${reason.code} value=${reason.code}>${reason.words}</option>`)}
          </select>
        </label>`
      : ""}
    <div class="row">
      <button class="main">${t("override.send")}</button>
      <button type="button" onClick=${() => open(null)}>${t("override.cancel")}</button>
    </div>
  </form>`;
}

// The page is drawn anew with each beat of the daemon: `value` would take back what is being typed.
function Person({ name, pin, label, value }) {
  return html`<label>${label}
      <input name=${name} required autocomplete="off" autocapitalize="off" spellcheck=${false} defaultValue=${value} maxlength="64" />
    </label>
    <label>${t("override.pin")}
      <input name=${pin} type="password" inputmode="numeric" required autocomplete="off" maxlength="64" />
    </label>`;
}

async function load_reasons(set_reasons) {
  const { answer } = await ask("/api/v1/reasons");
  if (answer) set_reasons(answer.reasons ?? []);
}
