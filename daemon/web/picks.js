// What a pick station fetches next: lot, place and quantity, in the order of the rotation.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ask } from "./site.js";
import { t } from "./strings.js";

const shown = 6;

export function Picks({ order, after }) {
  const [list, set_list] = useState(null);
  useEffect(() => {
    let is_wanted = true;
    ask("/api/v1/orders/" + encodeURIComponent(order) + "/picks").then(({ answer }) => {
      if (is_wanted) set_list(answer ?? null);
    });
    return () => {
      is_wanted = false;
    };
  }, [order, after]);
  if (!list || list.order !== order) return "";
  const rows = list.lines.flatMap((line) =>
    [...line.promised, ...line.picks].map((pick) => ({ ...pick, product: line.product })),
  );
  return html`<section class="card picks">
    <h3>${rows.length === 0 ? t("picks.none") : t("picks.next")}</h3>
    <ol>
      ${rows.slice(0, shown).map(
        (pick) => html`<li class="value">
          <b>${pick.quantity} × ${pick.place}</b> ${pick.product}
          ${pick.lot ? " · " + t("picks.lot", { lot: pick.lot }) : ""}${pick.serial ? " · " + pick.serial : ""}
        </li>`,
      )}
    </ol>
    ${list.missing > 0 ? html`<p class="told">${t("picks.missing", { n: list.missing })}</p>` : ""}
  </section>`;
}
