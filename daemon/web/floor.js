// FLOOR: the shift lead's view of the whole site.

import { html } from "./vendor/preact.js";
import { site } from "./site.js";
import { DecisionRow, Mark, age_text, ago, device_light } from "./parts.js";
import { t } from "./strings.js";

const verdicts_shown = 12;

export function Floor() {
  return html`<main class="floor">
    <section class="card verdicts">
      <h2>${t("floor.verdicts")}</h2>
      ${site.decisions.length === 0
        ? html`<p class="quiet">${t("floor.nothing")}</p>`
        : html`<ul>
            ${site.decisions
              .slice(0, verdicts_shown)
              .map((decision) => html`<${DecisionRow} key=${decision.seq} decision=${decision} />`)}
          </ul>`}
    </section>
    <div class="column">
      <div class="two"><${Outbox} /><${OpenCases} /></div>
      <${DeviceList} />
      <${Counts} />
      <${StationList} />
    </div>
  </main>`;
}

function Outbox() {
  const store = site.status?.store ?? {};
  const waiting = store.waiting ?? 0;
  const has_cloud = site.status?.state?.word !== "LOCAL";
  const oldest_age_s = site.summary?.outbox?.oldest_age_s;
  return html`<section class="card">
    <h2>${t("floor.outbox")}</h2>
    <p class="figure value">
      ${!has_cloud
        ? t("floor.outbox_kept", { n: waiting })
        : waiting === 0
          ? t("floor.outbox_none")
          : t("floor.outbox_waiting", { n: waiting })}
    </p>
    <p class="quiet value">
      ${has_cloud ? t("floor.outbox_through", { seq: store.acked ?? 0 }) : t("state.told.LOCAL")}
      ${waiting > 0 && oldest_age_s ? ", " + t("floor.outbox_oldest", { age: age_text(oldest_age_s) }) : ""}
    </p>
  </section>`;
}

function Counts() {
  const summary = site.summary;
  if (!summary) return "";
  const refused = Object.entries(summary.refused_by_code ?? {}).sort((a, b) => b[1] - a[1]);
  return html`<section class="card">
    <h2>${t("floor.counts")}</h2>
    <p class="row wrap value">
      <span><b>${summary.accepted ?? 0}</b> ${t("floor.accepted")}</span>
      <span><b>${summary.warned ?? 0}</b> ${t("floor.warned")}</span>
      <span><b>${summary.refused ?? 0}</b> ${t("floor.refused")}</span>
      <span><b>${summary.holds?.open ?? 0}</b> ${t("floor.holds")}</span>
    </p>
    <dl class="counters">
      ${refused.slice(0, 6).map(
        ([code, count]) => html`<div key=${code}><dt>${code.replaceAll("_", " ")}</dt><dd class="value">${count}</dd></div>`,
      )}
    </dl>
  </section>`;
}

function OpenCases() {
  return html`<section class="card">
    <h2>${t("floor.cases")}</h2>
    ${site.cases.length === 0
      ? html`<p class="quiet">${t("floor.cases_none")}</p>`
      : html`<p class="figure value">${site.cases.length}</p>
          <ul class="plain">
            ${site.cases.slice(0, 4).map(
              (entry) => html`<li key=${entry.id}>
                <a href="#/cases"><b>${(entry.code || entry.kind || "").replaceAll("_", " ")}</b>
                  ${" "}<span class="value">${entry.subject || entry.told || ""}</span></a>
              </li>`,
            )}
          </ul>`}
  </section>`;
}

function DeviceList() {
  return html`<section class="card">
    <h2>${t("floor.devices")}</h2>
    ${site.devices.length === 0 ? html`<p class="quiet">${t("device.none")}</p>` : ""}
    <ul class="plain devices">
      ${site.devices.map(
        (device) => html`<li key=${device.id}>
          <${Mark} light=${device_light(device)} />
          <div class="grow">
            <b>${device.id}</b> <span class="quiet">${device.at}</span>
            <div>
              <span class="value">${t("device." + device.state)}</span>
              ${device.because ? html`<div class="told">${device.because}</div>` : ""}
            </div>
          </div>
          <time class="quiet value">
            ${device.last_useful ? t("floor.ago", { age: ago(device.last_useful) }) : t("device.never")}
          </time>
        </li>`,
      )}
    </ul>
  </section>`;
}

function StationList() {
  return html`<section class="card">
    <h2>${t("floor.stations")}</h2>
    <ul class="plain">
      ${site.stations.map(
        (station) => html`<li key=${station.id}>
          <a class="row" href=${"#/station/" + encodeURIComponent(station.id)}>
            <b>${station.id}</b> <span class="quiet">${station.role}</span>
            <span class="grow"></span>
            <span class="value">${[station.document, station.progress].filter(Boolean).join(" ")}</span>
          </a>
        </li>`,
      )}
    </ul>
  </section>`;
}
