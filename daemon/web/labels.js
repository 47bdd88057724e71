// The labels of a printer, asked for when somebody opens them: what is in doubt, what waits, what
// became of the last ones, and what its templates look like. Texts of labels are text here.

import { html, useState } from "./vendor/preact.js";
import { ask } from "./site.js";
import { t } from "./strings.js";

const is_printer = (device) => device.kind.endsWith("_printer");

export function Labels({ device }) {
  const [queue, set_queue] = useState(null);
  const [said, say] = useState("");
  if (!is_printer(device)) return "";

  async function opened(event) {
    if (!event.target.open) return;
    const result = await ask("/api/v1/printers/" + encodeURIComponent(device.id) + "/queue");
    set_queue(result.answer ?? null);
    say(result.answer ? "" : result.problem?.detail ?? t("error.away"));
  }

  return html`<details class="labels" onToggle=${opened}><summary>${t("labels.title")}</summary>
    <p class="quiet">${said}</p>
    ${queue ? html`<${Queue} queue=${queue} />` : ""}
  </details>`;
}

function Queue({ queue }) {
  const waiting = new Set(queue.waiting.map((label) => label.effect));
  const doubtful = new Set(queue.in_doubt.map((label) => label.effect));
  const done = queue.recent.filter((label) => !waiting.has(label.effect) && !doubtful.has(label.effect));
  const all = [...queue.in_doubt, ...queue.waiting, ...done];
  const preview = (name) => `/api/v1/labels/${encodeURIComponent(name)}/preview?language=${queue.language}`;
  return html`
    ${all.length === 0 ? html`<p class="quiet">${t("labels.none")}</p>` : ""}
    <ol class="small">${all.map(
      (label) => html`<li key=${label.effect}>
        <b>${t("labels." + label.state)}</b> <span class="value">${label.subject}</span>
        <span class="quiet"> ${label.because || ""}</span>
      </li>`,
    )}</ol>
    <p class="small">${t("labels.templates")}: ${queue.templates.map(
      (name) => html`<a key=${name} href=${preview(name)} target="_blank" rel="noopener">${name}</a> `,
    )}</p>`;
}
