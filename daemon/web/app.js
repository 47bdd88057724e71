// The page: one bar, one view. No build step; what is written here is what runs.

import { html, render, useEffect, useState } from "./vendor/preact.js";
import { capture_wedge } from "./wedge.js";
import { changed, listen, on_change, on_decision, refresh, silence_s, site } from "./site.js";
import { keep, kept } from "./kept.js";
import { language_now, set_language, t } from "./strings.js";
import { device_light, light_of } from "./parts.js";
import { scan } from "./scanning.js";
import { play, wake_sound } from "./sound.js";
import { Floor } from "./floor.js";
import { Station } from "./station.js";
import { Devices } from "./devices.js";
import { Cases } from "./cases.js";
import { Search } from "./search.js";

const amber_after_s = 3;
const dead_after_s = 10;
const refresh_ms = 5000;
const themes = ["dark", "light", "contrast"];
const views = ["floor", "station", "devices", "cases", "search"];

function route_now() {
  const [view, id] = location.hash.replace(/^#\/?/, "").split("/");
  return { view: views.includes(view) ? view : "floor", id: id ? decodeURIComponent(id) : "" };
}

function freshness() {
  const silent_s = silence_s();
  if (silent_s === null) return "never";
  return silent_s > dead_after_s ? "dead" : silent_s > amber_after_s ? "late" : "live";
}

function App() {
  const [, redraw] = useState(0);
  const [route, set_route] = useState(route_now);
  const [scanned, set_scanned] = useState(null);
  const [wants_sound, set_sound] = useState(kept("sound", "on") === "on");

  useEffect(() => on_change(() => redraw((count) => count + 1)), []);
  useEffect(() => {
    const follow = () => set_route(route_now());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  useEffect(
    () =>
      capture_wedge((code) => {
        if (wants_sound) wake_sound();
        const { view, id } = route_now();
        const station = id || kept("station", "");
        if (view === "search" || station === "") {
          // A screen that is no station may ask about a code, and changes nothing.
          location.hash = "#/search";
          set_scanned({ code });
        } else {
          location.hash = "#/station/" + encodeURIComponent(station);
          scan(station, code, wants_sound);
        }
      }),
    [wants_sound],
  );

  useEffect(() => {
    // People look at the box: a fixed scanner's verdict is heard at its station's screen too.
    on_decision((decision) => {
      const { view, id } = route_now();
      const here = id || kept("station", "");
      if (wants_sound && view === "station" && decision.station === here) play(light_of(decision));
    });
  }, [wants_sound]);

  function choose(id) {
    keep("station", id);
    location.hash = "#/station" + (id ? "/" + encodeURIComponent(id) : "");
  }
  function toggle_sound() {
    keep("sound", wants_sound ? "off" : "on");
    if (!wants_sound) wake_sound();
    set_sound(!wants_sound);
  }

  const fresh = freshness();
  document.body.dataset.live = fresh;
  document.title = site.status ? `${site.status.site} · lotgate` : "lotgate";
  const station_id = route.id || (route.view === "station" ? "" : kept("station", ""));
  return html`<${NotLive} fresh=${fresh} />
    <${Bar} fresh=${fresh} />
    <div class="row wrap under-bar">
      <${Navigation} view=${route.view} />
      <${OfThisScreen} wants_sound=${wants_sound} toggle_sound=${toggle_sound} />
    </div>
    <${Problems} />
    ${route.view === "floor" && html`<${Floor} />`}
    ${route.view === "station" && html`<${Station} id=${station_id} choose=${choose} wants_sound=${wants_sound} />`}
    ${route.view === "devices" && html`<${Devices} />`}
    ${route.view === "cases" && html`<${Cases} />`}
    ${route.view === "search" && html`<${Search} scanned=${scanned} />`}`;
}

function NotLive({ fresh }) {
  if (fresh !== "dead" && fresh !== "never") return "";
  const silent_s = silence_s();
  return html`<div class="not-live" role="alert">
    <div class="word">${t("live.dead")}</div>
    <div>${silent_s === null ? t("live.never") : t("live.dead_long", { s: Math.floor(silent_s) })}</div>
  </div>`;
}

function Bar({ fresh }) {
  const status = site.status;
  const word = status?.state?.word ?? "";
  const told = word ? t("state.told." + word, { n: status.store?.waiting ?? 0 }) : "";
  const since = ["OFFLINE", "FENCED"].includes(word) ? " " + clock_text(status.state.for_s) : "";
  const silent_s = silence_s();
  const problems =
    (status?.problems ?? []).length + site.devices.filter((device) => ["attention", "bad"].includes(device_light(device))).length;
  return html`<header class="bar row wrap">
    <h1>${status?.site ?? "lotgate"}</h1>
    <div class="state ${word.replace(" ", "-")} value">
      <b>${word ? t("state." + word) : "…"}${since}</b> ${told ? "– " + told : ""}
    </div>
    <a class=${problems > 0 ? "count" : "quiet"} href="#/devices">
      ${problems > 0 ? t("bar.problems", { n: problems }) : t("bar.no_problems")}
    </a>
    <span class="grow"></span>
    <div class="age ${fresh}">${silent_s === null ? "–" : t("bar.live", { s: silent_s.toFixed(1) })}</div>
  </header>`;
}

function clock_text(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = pad(Math.floor((seconds % 3600) / 60)) + ":" + pad(seconds % 60);
  return hours > 0 ? hours + ":" + rest : rest;
}

function Navigation({ view }) {
  const station = kept("station", "");
  return html`<nav class="row wrap grow">
    ${views.map((name) => {
      const path = name === "station" && station ? "#/station/" + encodeURIComponent(station) : "#/" + name;
      return html`<a key=${name} href=${path} aria-current=${name === view ? "page" : null}>
        ${t("nav." + name)}
        ${name === "cases" && site.cases.length > 0 ? html` <b class="count value">${site.cases.length}</b>` : ""}
      </a>`;
    })}
  </nav>`;
}

// Badge, sound, language and theme: each screen has its own.
function OfThisScreen({ wants_sound, toggle_sound }) {
  const next_theme = () => {
    const theme = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    keep("theme", theme);
    document.documentElement.dataset.theme = theme;
  };
  const next_language = () => {
    set_language(language_now() === "en" ? "es" : "en");
    keep("language", language_now());
    changed();
  };
  return html`<section class="row wrap" aria-label=${t("bar.screen")}>
    <label class="badge"><span class="sr">${t("bar.badge")}</span>
      <input size="8" maxlength="64" placeholder=${t("bar.badge")} value=${kept("badge", "")} autocomplete="off"
        onInput=${(event) => keep("badge", event.target.value.trim())} /></label>
    <button type="button" aria-pressed=${wants_sound} onClick=${toggle_sound}>
      ${t(wants_sound ? "bar.sound_on" : "bar.sound_off")}
    </button>
    <button type="button" onClick=${next_language}>${t("bar.language")}</button>
    <button type="button" aria-label=${t("bar.theme")} title=${t("bar.theme")} onClick=${next_theme}>◐</button>
  </section>`;
}

function Problems() {
  const problems = site.status?.problems ?? [];
  if (problems.length === 0) return "";
  return html`<section class="problems" aria-label=${t("problem.title")}>
    ${problems.map(
      (problem) => html`<p key=${problem.code}>
        <b>${problem.told}</b> ${problem.to_do}
      </p>`,
    )}
  </section>`;
}

document.documentElement.dataset.theme = kept("theme", "dark");
set_language(kept("language", navigator.language?.startsWith("es") ? "es" : "en"));
const root = document.getElementById("page");
root.replaceChildren();
render(html`<${App} />`, root);
document.addEventListener("pointerdown", () => kept("sound", "on") === "on" && wake_sound());
listen();
setInterval(changed, 500);
setInterval(() => document.visibilityState === "visible" && refresh(), refresh_ms);
