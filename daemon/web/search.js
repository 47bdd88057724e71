// TRACE and WHY: questions about one unit, lot, carton, document or decision.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ask } from "./site.js";
import { Tree } from "./parts.js";
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
    <div aria-live="polite"><${Found} ...${result} /></div>
  </main>`;
}

function Found({ state, question, answer, problem }) {
  if (state === "idle") return "";
  if (state === "busy") return html`<p>${t("search.busy")}</p>`;
  if (!answer) {
    return html`<section class="card" role="alert">
      <p><b>${problem?.detail ?? t("error.away")}</b></p>
      <p class="told">${problem?.next ?? ""}</p>
    </section>`;
  }
  if (answer.found === false) return html`<p>${answer.told ?? t("search.empty")}</p>`;
  return html`<section class="card answer">
    <h2>${t("search." + question)}</h2>
    <${Tree} value=${answer} />
  </section>`;
}
