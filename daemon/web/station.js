// DOCK and PACK: one station, one big verdict, readable from four metres.

import { html, useState } from "./vendor/preact.js";
import { site, site_now } from "./site.js";
import { Mark, headline_of, light_of, printable } from "./parts.js";
import { forget, scan, scanning, send_again } from "./scanning.js";
import { KeyIn } from "./keyin.js";
import { Override } from "./override.js";
import { Picks } from "./picks.js";
import { t } from "./strings.js";

const shown = 8;

export function Station({ id, choose, wants_sound }) {
  const station = site.stations.find((own) => own.id === id);
  if (!station) return html`<${Choose} choose=${choose} />`;
  const here = site.decisions.filter((decision) => decision.station === id);
  const last = here[0];
  const newest = here.find((decision) => decision.document);
  const document_now = station.document || newest?.document;
  const progress = newest?.document === document_now ? newest?.progress : station.progress;
  return html`<main class="station">
    <header class="row">
      <h2>${station.id} <span class="quiet">${[station.role, station.at].filter(Boolean).join(" · ")}</span></h2>
      <span class="grow"></span>
      <span class="figure value">${document_now || ""} ${progress || ""}</span>
    </header>
    <${BigVerdict} last=${last} has_document=${Boolean(document_now)} />
    <${Unsent} />
    <${Override} key=${id} last=${scanning.state === "sending" ? null : last} wants_sound=${wants_sound} />
    <${KeyIn} key=${"key-" + id} last=${scanning.state === "sending" ? null : last} wants_sound=${wants_sound} />
    ${station.role === "pick" && document_now ? html`<${Picks} order=${document_now} after=${last?.seq} />` : ""}
    <section class="card row last">
      <h3>${t("station.last", { n: Math.min(shown, here.length) })}</h3>
      <ol class="marks">
        ${here.slice(0, shown).map(
          (decision) => html`<li key=${decision.seq} title=${headline_of(decision)}>
            <${Mark} light=${light_of(decision)} /><span class="sr">${headline_of(decision)}</span>
          </li>`,
        )}
      </ol>
      <span class="grow"></span>
      <span class="figure value">${t("station.rate", { n: rate_of(here) })}</span>
    </section>
    <div class="row wrap">
      <${ByHand} station=${id} wants_sound=${wants_sound} />
      <button type="button" onClick=${() => choose("")}>${t("station.change")}</button>
    </div>
  </main>`;
}

function rate_of(decisions) {
  const since = site_now() - 60_000;
  return decisions.filter((decision) => Date.parse(decision.at) > since).length;
}

function BigVerdict({ last, has_document }) {
  if (scanning.state === "sending") {
    return html`<section class="verdict unavailable" role="status">
      <div class="word">${t("station.sending")}</div>
      <div class="subject">${printable(scanning.code)}</div>
    </section>`;
  }
  if (scanning.state === "refused") {
    return html`<section class="verdict bad" role="alert">
      <div class="word"><${Mark} light="bad" /> ${t("station.refused")}</div>
      <div class="told">${scanning.problem?.detail} ${scanning.problem?.next}</div>
    </section>`;
  }
  if (!last) {
    return html`<section class="verdict idle" role="status">
      <div class="word">${t("station.ready")}</div>
      <div class="told">${has_document ? "" : t("station.no_document")}</div>
    </section>`;
  }
  const light = light_of(last);
  return html`<section class="verdict ${light}" role=${light === "bad" ? "alert" : "status"}>
    <div class="word value"><${Mark} light=${light} /> ${t("light." + light)}</div>
    ${light === "good" ? "" : html`<div class="code value">${headline_of(last)}</div>`}
    <div class="subject value">${last.subject || printable(last.scanned || "")}</div>
    <div class="told value">${last.told}</div>
  </section>`;
}

function Unsent() {
  if (scanning.state !== "not_sent") return "";
  return html`<section class="card unsent" role="alert">
    <h3><${Mark} light="bad" /> ${t("station.not_sent")}: ${printable(scanning.code)}</h3>
    <p>${t("station.not_sent_long")}</p>
    <div class="row">
      <button type="button" class="main" onClick=${send_again}>${t("station.again")}</button>
      <button type="button" onClick=${forget}>${t("station.drop")}</button>
    </div>
  </section>`;
}

function ByHand({ station, wants_sound }) {
  const [is_open, open] = useState(false);
  if (!is_open) {
    return html`<button type="button" onClick=${() => open(true)}>${t("station.by_hand")}</button>`;
  }
  function submit(event) {
    event.preventDefault();
    const field = event.target.elements.code;
    if (field.value.trim() !== "") scan(station, field.value.trim(), wants_sound);
    open(false);
  }
  return html`<form class="row grow" onSubmit=${submit}>
    <label class="grow">
      <span class="sr">${t("station.code")}</span>
      <input name="code" autocomplete="off" autocapitalize="off" spellcheck=${false}
        placeholder=${t("station.code")} ref=${(field) => field?.focus()} />
    </label>
    <button class="main">${t("station.send")}</button>
  </form>`;
}

function Choose({ choose }) {
  return html`<main>
    <h2>${site.stations.length > 0 ? t("station.choose") : t("station.none")}</h2>
    <div class="row wrap">
      ${site.stations.map(
        (station) => html`<button type="button" class="big" key=${station.id} onClick=${() => choose(station.id)}>
          <b>${station.id}</b><br /><span class="quiet">${[station.role, station.at].filter(Boolean).join(" · ")}</span>
        </button>`,
      )}
    </div>
  </main>`;
}
