// TRACE and WHY: questions about one unit, lot, carton, document or decision.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ask, list_in } from "./site.js";
import { Mark, Tree, headline_of, light_of, time_text } from "./parts.js";
import { t } from "./strings.js";

// `scanned` is {code} of the last wedge scan made on this view.
export function Search({ scanned }) {
  const [what, set_what] = useState("");
  const [result, set_result] = useState({ state: "idle" });

  async function find(question, text) {
    if (text.trim() === "") return;
    set_result({ state: "busy" });
    const { answer, problem } = await ask(`/api/v1/${question}?what=${encodeURIComponent(text.trim())}`);
    set_result({ state: "done", question, answer, problem });
  }

  useEffect(() => {
    if (!scanned) return;
    set_what(scanned.code);
    find("trace", scanned.code);
  }, [scanned]);

  return html`<main>
    <form class="row wrap" onSubmit=${(event) => {
      event.preventDefault();
      find("trace", what);
    }}>
      <label class="grow">
        <span class="sr">${t("search.what")}</span>
        <input value=${what} placeholder=${t("search.what")} autocomplete="off" autocapitalize="off"
          spellcheck=${false} onInput=${(event) => set_what(event.target.value)} />
      </label>
      <button class="main">${t("search.trace")}</button>
      <button type="button" onClick=${() => find("why", what)}>${t("search.why")}</button>
    </form>
    <p class="quiet">${t("search.hint")}</p>
    <div aria-live="polite"><${Answer} ...${result} /></div>
  </main>`;
}

function Answer({ state, question, answer, problem }) {
  if (state === "idle") return "";
  if (state === "busy") return html`<p>${t("search.busy")}</p>`;
  if (!answer) {
    return html`<section class="card" role="alert">
      <p><b>${problem?.detail ?? t("error.away")}</b></p>
      <p class="told">${problem?.next ?? ""}</p>
    </section>`;
  }
  return question === "why" ? html`<${Why} answer=${answer} />` : html`<${Trace} answer=${answer} />`;
}

function Trace({ answer }) {
  const complete = answer.complete ?? {};
  return html`${list_in(answer, "found").map((found) => html`<${Found} key=${found.subject} found=${found} />`)}
    <p class="quiet">
      ${t("search.complete", {
        seq: complete.up_to_seq,
        at: time_text(complete.up_to),
        sent: complete.sent_to_cloud_seq,
      })}
    </p>`;
}

// One unit, lot, container or document: what it is, its balance, and what happened to it.
function Found({ found }) {
  const { subject, history, mass_balance: balance, ...rest } = found;
  return html`<section class="card answer">
    <h2>${subject}</h2>
    ${balance ? html`<${Balance} balance=${balance} />` : ""}
    <${Tree} value=${without_empty(rest)} />
    ${history?.length > 0
      ? html`<h3>${t("search.history")}</h3>
          <ol class="plain">
            ${history.map((line) => html`<${HistoryLine} key=${line.seq} line=${line} />`)}
          </ol>`
      : ""}
  </section>`;
}

function Balance({ balance }) {
  const difference = balance.difference ?? 0;
  return html`<p class="figure value">${t("search.balance", balance)}</p>
    ${difference === 0
      ? ""
      : html`<p role="alert"><${Mark} light="bad" /> ${t("search.difference", { n: difference })}</p>`}`;
}

function HistoryLine({ line }) {
  const what = line.did || line.code || line.state || line.item || line.kind;
  const about = [line.station, line.step, line.document, line.progress, line.told, line.because];
  return html`<li class="row">
    ${line.decision ? html`<${Mark} light=${light_of(line)} />` : ""}
    <span class="grow"><b>${String(what).replaceAll("_", " ")}</b> ${about.filter(Boolean).join(" · ")}</span>
    <span class="quiet">#${line.seq} ${time_text(line.at)}</span>
  </li>`;
}

function Why({ answer }) {
  const { event, ...line } = answer;
  return html`<section class="card answer">
    <h2>#${answer.seq} ${headline_of(answer)}</h2>
    <p class="told">${answer.told}</p>
    <${Tree} value=${without_empty(line)} />
    ${event ? html`<details><summary>${t("case.evidence")}</summary><${Tree} value=${event} /></details>` : ""}
  </section>`;
}

function without_empty(object) {
  const has_content = (value) => !(Array.isArray(value) && value.length === 0) && value !== "";
  return Object.fromEntries(Object.entries(object).filter(([, value]) => has_content(value)));
}
