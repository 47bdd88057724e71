// CASES: one card, one decision, by a person with a name.

import { html, useState } from "./vendor/preact.js";
import { ask, refresh, site } from "./site.js";
import { Tree, ago } from "./parts.js";
import { Wire } from "./devices.js";
import { kept } from "./kept.js";
import { new_request_id } from "./scanning.js";
import { t } from "./strings.js";

// Members with a place of their own on the card; the rest is evidence.
const placed = new Set([
  "id", "code", "kind", "subject", "told", "opened_at", "opened", "at", "decisions", "state", "next", "station",
  "status", "who", "effects", "due", "overdue",
]);

export function Cases() {
  return html`<main>
    <h2>${t("nav.cases")}</h2>
    ${site.cases.length === 0 ? html`<p class="quiet">${t("case.none")}</p>` : ""}
    <div class="grid">${site.cases.map((entry) => html`<${Case} key=${entry.id} entry=${entry} />`)}</div>
  </main>`;
}

function Case({ entry }) {
  const [reason, set_reason] = useState("");
  const [pin, set_pin] = useState("");
  const [armed, arm] = useState(null);
  const [said, say] = useState(null);
  const [request_id] = useState(new_request_id);
  // A wrong PIN is an answer of its own: the next try is another request.
  const [tries, count_try] = useState(0);

  async function decide(decision) {
    const actor = kept("badge", "");
    if (actor === "") return say(t("case.need_badge"));
    // A second tap, so that a sleeve brushing the glass decides nothing.
    if (armed !== decision) return arm(decision);
    arm(null);
    const path = "/api/v1/cases/" + encodeURIComponent(entry.id) + "/decide";
    const result = await ask(path, { decision, actor, reason, pin, request_id: request_id + decision + tries });
    set_pin("");
    if (result.problem?.status === 409) count_try(tries + 1);
    if (result.answer) {
      say(t("case.decided"));
      await refresh();
    } else {
      say([result.problem?.detail ?? t("error.away"), result.problem?.next].filter(Boolean).join(" "));
    }
  }

  const evidence = Object.fromEntries(Object.entries(entry).filter(([name]) => !placed.has(name)));
  const choices = (entry.decisions ?? []).map((choice) =>
    typeof choice === "string" ? { decision: choice, told: entry.effects?.[choice] ?? "" } : choice,
  );
  return html`<section class="card case">
    <h3>${(entry.code || entry.kind || "").replaceAll("_", " ")}</h3>
    <p class="value">${entry.subject || ""}</p>
    <p class="told">${entry.told || ""} ${entry.next || ""}</p>
    <p class="quiet value">
      #${entry.id} ${[entry.station, entry.who].filter(Boolean).join(" · ")} ${t("case.opened", { age: ago(entry.opened_at || entry.opened || entry.at) })}
    </p>
    ${entry.due
      ? html`<p class=${entry.overdue ? "told overdue" : "quiet"}>
          ${t(entry.overdue ? "case.overdue" : "case.due", { at: entry.due.slice(0, 16).replace("T", " ") })}
        </p>`
      : ""}
    ${Object.keys(evidence).length > 0
      ? html`<details><summary>${t("case.evidence")}</summary><${Tree} value=${evidence} /></details>`
      : ""}
    <${Wire} path=${"/api/v1/cases/" + encodeURIComponent(entry.id) + "/recording"} told=${t("case.wire")} />
    ${choices.length > 0
      ? html`<label>${t("case.reason")}
          <input value=${reason} onInput=${(event) => set_reason(event.target.value)} maxlength="500" />
        </label>
        ${entry.who && entry.who !== "operator"
          ? html`<label>${t("override.pin")}
              <input name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="64"
                value=${pin} onInput=${(event) => set_pin(event.target.value)} />
            </label>`
          : ""}`
      : ""}
    <div class="row wrap">
      ${choices.map((choice) => {
        const name = choice.decision || choice.name || "";
        return html`<button type="button" key=${name} class=${armed === name ? "armed" : ""} title=${choice.told || ""}
          onClick=${() => decide(name)}>
          ${armed === name ? t("case.sure") + ": " : ""}${name.replaceAll("_", " ")}
        </button>`;
      })}
    </div>
    ${armed && choices.find((choice) => (choice.decision || choice.name) === armed)?.told
      ? html`<p class="told">${choices.find((choice) => (choice.decision || choice.name) === armed).told}</p>`
      : ""}
    <p role="status" class="told">${said}</p>
  </section>`;
}
