// DEVICES: what each wire says of itself, with the probable cause and what it counted.

import { html, useState } from "./vendor/preact.js";
import { Labels } from "./labels.js";
import { ask, site } from "./site.js";
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
      ${Object.entries(device.measures ?? {}).map(
        ([name, measure]) => html`<div key=${"m " + name}>
          <dt>${name}</dt>
          <dd class="value">${measure.value.toLocaleString()} ${measure.unit}</dd>
        </div>`,
      )}
    </dl>
    <p class="quiet small">${device.kind} · ${device.describes}</p>
    <${Labels} device=${device} />
    <${Wire} path=${"/api/v1/devices/" + encodeURIComponent(device.id) + "?frames=20"} told=${t("device.wire")} />
  </section>`;
}

// The last bytes of a wire, asked for when somebody opens it. Raw bytes are text here, never markup.
export function Wire({ path, told }) {
  const [frames, set_frames] = useState(null);
  const [said, say] = useState("");

  async function opened(event) {
    if (!event.target.open) return;
    const result = await ask(path);
    set_frames(result.answer?.frames ?? []);
    say(result.answer ? "" : result.problem?.detail ?? t("error.away"));
  }

  return html`<details onToggle=${opened}><summary>${told}</summary>
    <p class="quiet">${said}</p>
    ${frames?.length === 0 && said === "" ? html`<p class="quiet">${t("device.wire_none")}</p>` : ""}
    <ol class="wire small">${(frames ?? []).map(
      (frame, index) => html`<li key=${index} title=${frame.hex || ""}>
        <span class="quiet value">${frame.at.slice(11, 23)}</span> ${frame.way} <code>${frame.text}</code>
      </li>`,
    )}</ol>
  </details>`;
}
