// A label that has lost its serial or its lot: what a person reads on it is keyed in, and the same
// code is sent again with it (rules ). It counts for less than a read: MANUAL.

import { html, useState } from "./vendor/preact.js";
import { code_of } from "./override.js";
import { scan } from "./scanning.js";
import { t } from "./strings.js";

const missing = { SERIAL_REQUIRED: "serial", LOT_REQUIRED: "lot" };

// As an override, an open form stays with the refusal it was opened for.
export function KeyIn({ last, wants_sound }) {
  const [decision, open] = useState(null);
  if (!decision) {
    if (!missing[last?.code] || !last.scanned) return "";
    return html`<button type="button" class="big" onClick=${() => open(last)}>
      ${t("keyin." + missing[last.code])}
    </button>`;
  }
  const name = missing[decision.code];
  function submit(event) {
    event.preventDefault();
    const keyed = { [name]: event.target.elements.keyed.value.trim() };
    scan(decision.station, code_of(decision.scanned), wants_sound, undefined, keyed);
    open(null);
  }
  return html`<form class="card row keyin" onSubmit=${submit}>
    <label class="grow">${t("keyin." + name)}: ${decision.subject}
      <input name="keyed" required autocomplete="off" autocapitalize="off" spellcheck=${false} maxlength="64"
        ref=${(field) => field?.focus()} />
    </label>
    <button class="main">${t("station.send")}</button>
    <button type="button" onClick=${() => open(null)}>${t("override.cancel")}</button>
  </form>`;
}
