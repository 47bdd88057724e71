// The small pieces several views share.

import { html } from "./vendor/preact.js";
import { age_s, site } from "./site.js";
import { language_now, t } from "./strings.js";

// "3 s", "12:41", "4 h 10 min", "3 d 4 h"
export function age_text(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.floor(seconds);
  const pad = (number) => String(number).padStart(2, "0");
  if (whole < 60) return whole + " " + t("unit.s");
  if (whole < 3600) return Math.floor(whole / 60) + ":" + pad(whole % 60);
  if (whole < 86400) {
    return `${Math.floor(whole / 3600)} ${t("unit.h")} ${Math.floor((whole % 3600) / 60)} ${t("unit.min")}`;
  }
  return `${Math.floor(whole / 86400)} ${t("unit.d")} ${Math.floor((whole % 86400) / 3600)} ${t("unit.h")}`;
}

export function ago(instant) {
  return age_text(age_s(instant));
}

// A time of the site in the site's own zone.
export function time_text(instant) {
  const at = Date.parse(instant ?? "");
  if (Number.isNaN(at)) return "–";
  const form = { dateStyle: "short", timeStyle: "medium", timeZone: site.status?.zone || "UTC" };
  try {
    return new Intl.DateTimeFormat(language_now(), form).format(at);
  } catch {
    return instant; // a zone this browser does not know
  }
}

// Shape and word with the colour: nothing is told by colour alone.
const marks = { good: "✓", attention: "!", bad: "✕", unavailable: "?" };

export function light_of(decision) {
  if (decision.light) return decision.light;
  const by_decision = { accept: "good", warn: "attention", hold: "attention" };
  return by_decision[decision.decision] ?? "bad";
}

export function Mark({ light }) {
  return html`<span class="mark ${light}" aria-hidden="true">${marks[light] ?? "?"}</span>`;
}

// What went through, or what stopped it, in as few words as there are.
export function headline_of(decision) {
  return decision.code && decision.code !== "ACCEPT" ? decision.code.replaceAll("_", " ") : t("light.good");
}

export function DecisionRow({ decision }) {
  const light = light_of(decision);
  return html`<li class="decision ${light}">
    <${Mark} light=${light} />
    <div class="grow">
      <div class="headline">
        <b>${headline_of(decision)}</b> <span class="value">${decision.subject || decision.scanned}</span>
      </div>
      <div class="quiet">
        ${[decision.station, decision.document, decision.progress].filter(Boolean).join(" · ")}
        ${light === "good" ? "" : html`<div class="told">${decision.told}</div>`}
      </div>
    </div>
    <time class="quiet value">${t("floor.ago", { age: ago(decision.at) })}</time>
  </li>`;
}

const device_lights = {
  ready: "good",
  starting: "unavailable",
  degraded: "attention",
  retrying: "attention",
  failed: "bad",
};

export function device_light(device) {
  return device_lights[device.state] ?? "unavailable";
}

// Any JSON as nested definition lists: for evidence and answers whose shape is not known here.
export function Tree({ value }) {
  if (value === null || value === undefined || value === "") return html`<span class="quiet">–</span>`;
  if (Array.isArray(value) && value.length > 0 && value.every(is_flat_object)) {
    return html`<${Rows} rows=${value} />`;
  }
  if (Array.isArray(value)) {
    return html`<ol class="tree">${value.map((item) => html`<li><${Tree} value=${item} /></li>`)}</ol>`;
  }
  if (typeof value === "object") {
    return html`<dl class="tree">
      ${Object.entries(value).map(
        ([name, inner]) => html`<div>
          <dt>${name.replaceAll("_", " ")}</dt>
          <dd><${Tree} value=${inner} /></dd>
        </div>`,
      )}
    </dl>`;
  }
  return html`<span class="value">${printable(String(value))}</span>`;
}

function is_flat_object(value) {
  return (
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.values(value).every((inner) => inner === null || typeof inner !== "object")
  );
}

function Rows({ rows }) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return html`<div class="scrolls"><table>
    <thead><tr>${names.map((name) => html`<th scope="col" key=${name}>${name.replaceAll("_", " ")}</th>`)}</tr></thead>
    <tbody>
      ${rows.map(
        (row) => html`<tr>${names.map((name) => html`<td class="value">${printable(String(row[name] ?? ""))}</td>`)}</tr>`,
      )}
    </tbody>
  </table></div>`;
}

// Control characters of a scanned code made visible (U+2400 and on).
export function printable(text) {
  return text.replace(/[\u0000-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)));
}
