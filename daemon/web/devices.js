// DEVICES: what each wire says of itself, with the probable cause and what it counted.

import { html } from "./vendor/preact.js";
import { site } from "./site.js";
import { Mark, ago, device_light } from "./parts.js";
import { t } from "./strings.js";

export function Devices() {
  return html`<main>
    <h2>${t("nav.devices")}</h2>
    ${site.devices.length === 0 ? html`<p class="quiet">${t("device.none")}</p>` : ""}
    <div class="grid">${site.devices.map((device) => html`<${Device} key=${device.id} device=${device} />`)}</div>
  </main>`;
}

function Device({ device }) {
  const light = device_light(device);
  return html`<section class="card device ${light}">
    <h3><${Mark} light=${light} /> ${device.id} <span class="quiet">${device.at}</span></h3>
    <p class="value">
      <b>${t("device." + device.state)}</b>
      ${device.since ? ` ${t("device.since")} ${ago(device.since)}` : ""}
    </p>
    ${device.because ? html`<p class="told">${device.because}</p>` : ""}
    ${device.waiting > 0 ? html`<p class="value">${t("device.waiting", { n: device.waiting })}</p>` : ""}
    <p class="quiet value">
      ${t("device.last")}: ${device.last_useful ? t("floor.ago", { age: ago(device.last_useful) }) : t("device.never")}
    </p>
    <dl class="counters">
      ${Object.entries(device.counters ?? {}).map(
        ([name, count]) => html`<div key=${name}>
          <dt>${name.replaceAll("_", " ")}</dt>
          <dd class="value">${count.toLocaleString()}</dd>
        </div>`,
      )}
    </dl>
    <p class="quiet small">${device.kind} · ${device.describes}</p>
  </section>`;
}
