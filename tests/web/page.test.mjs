// The page in headless Chromium.
//   LOTGATE_URL=http://127.0.0.1:8080   against a running daemon (only what changes nothing)
//   LOTGATE_WEB_FIXTURE=…/web_fixture   against the real API over a fake site
//   LOTGATE_SCREENSHOT=page.png         keeps a picture of the floor

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { launch, start_fixture, wedge } from "./browser.mjs";

const axe_path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const given_url = process.env.LOTGATE_URL;
const tablet = { width: 1280, height: 800 };

let browser;
let fixture;
let page;
let requests;
let errors;

before(async () => {
  browser = await launch();
  if (!given_url) fixture = await start_fixture();
});

after(async () => {
  await browser?.close();
  await fixture?.stop();
});

function url() {
  return given_url ?? fixture.url;
}

async function open(hash = "", options = {}) {
  const context = await browser.newContext({ viewport: tablet, locale: "en-US", ...options });
  page = await context.newPage();
  requests = [];
  errors = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(url() + "/" + hash);
  await page.locator("body[data-live=live]").waitFor();
}

afterEach(async () => {
  await page?.context().close();
  page = undefined;
});

function own_origin_only() {
  const foreign = requests.filter((address) => new URL(address).origin !== new URL(url()).origin);
  assert.deepEqual(foreign, []);
}

async function text_of(selector) {
  return (await page.locator(selector).first().innerText()).replace(/\s+/g, " ");
}

describe("The page of any site", () => {
  test("shows the site, asks nothing of other origins, and has no error", async () => {
    await open();
    for (const view of ["floor", "station", "devices", "cases", "search"]) {
      await page.locator(`nav a[href^="#/${view}"]`).click();
      await page.locator("main").waitFor();
    }
    own_origin_only();
    assert.deepEqual(errors, []);
    assert.notEqual(await text_of("h1"), "lotgate");
  });

  test("says how old what it shows is", async () => {
    await open();
    await page.locator(".age.live", { hasText: /live \d+\.\d s/ }).waitFor();
  });

  for (const theme of ["dark", "light", "contrast"]) {
    test(`has no barrier axe-core knows of, in ${theme}`, async () => {
      // axe is put into the page, which its policy forbids: this context alone may.
      await open("", { bypassCSP: true });
      await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      await page.addScriptTag({ path: axe_path });
      for (const view of ["floor", "devices", "cases", "search"]) {
        await page.goto(url() + "/#/" + view);
        const found = await page.evaluate(() => axe.run());
        const told = found.violations.map(
          (violation) => `${view}: ${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`,
        );
        assert.deepEqual(told, []);
      }
    });
  }

  test("has targets a glove can hit, and fits a tablet either way", async () => {
    for (const viewport of [tablet, { width: 800, height: 1280 }]) {
      await open("", { viewport });
      const small = await page
        .locator("button, nav a, .bar a, input")
        .evaluateAll((all) => all.filter((each) => each.getBoundingClientRect().height < 60).map((each) => each.outerHTML));
      assert.deepEqual(small, []);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} px too wide at ${viewport.width}`);
      await page.context().close();
    }
    await open();
  });

  test("speaks Spanish and remembers it", async () => {
    await open();
    await page.getByRole("button", { name: "Español" }).click();
    await page.getByRole("link", { name: "Equipos" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Equipos" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "es");
  });

  test("is kept as a picture", { skip: !process.env.LOTGATE_SCREENSHOT }, async () => {
    if (fixture) {
      for (const code of ["A-1", "A-2", "BAD-3", "A-4", "WARN-5", "A-6"]) fixture.tell("decide dock-1 " + code);
    }
    await open();
    await page.locator(".decision").first().waitFor();
    if (fixture) await page.locator(".card .figure", { hasText: /^2$/ }).waitFor();
    await page.screenshot({ path: process.env.LOTGATE_SCREENSHOT });
  });
});

describe("The page while work goes on", { skip: Boolean(given_url) }, () => {
  test("shows a decision made elsewhere", async () => {
    await open();
    fixture.tell("decide dock-1 BAD-77");
    await page.locator(".decision.bad", { hasText: "LOT HELD" }).first().waitFor();
  });

  test("says that the site is offline, for how long, and how much waits", async () => {
    await open();
    assert.match(await text_of(".state"), /OFFLINE \d+:\d\d – scanning continues, \d+ waiting/);
    fixture.tell("live");
    await page.locator(".state", { hasText: "ONLINE –" }).waitFor();
    fixture.tell("offline");
    await page.locator(".state", { hasText: "OFFLINE" }).waitFor();
  });

  test("shows a device with its cause, by shape and word and not by colour alone", async () => {
    await open("#/devices");
    const printer = await text_of(".device:has-text('P2')");
    assert.match(printer, /needs a hand/);
    assert.match(printer, /the lid is open: close it/);
    assert.match(printer, /labels waiting: 6/);
    assert.match(printer, /✕/);
  });

  test("shows a printer's labels, those in doubt first, and what its templates look like", async () => {
    await open("#/devices");
    const printer = page.locator(".device:has-text('P2')");
    await printer.locator(".labels summary").click();
    await printer.locator(".labels li").first().waitFor();
    const rows = await printer.locator(".labels li").allInnerTexts();
    assert.match(rows[0], /IN DOUBT: is it there\?.*095060001343520000.*the connection broke/);
    assert.match(rows[1], /waits.*095060001343520017/);
    assert.match(rows[2], /printed and read back.*<b>X<\/b>/);
    const template = printer.locator(".labels a", { hasText: "carton" });
    assert.equal(await template.getAttribute("href"), "/api/v1/labels/carton/preview?language=zpl");
  });

  test("takes a wedge scan anywhere, group separators and all, and shows a big verdict", async () => {
    await open("#/station/dock-1");
    await page.locator(".verdict").waitFor();
    const sent = page.waitForRequest((request) => request.url().endsWith("/stations/dock-1/scan"));
    await wedge(page, "]d20109506000134352107F31\u001d21A b");
    const body = (await sent).postDataJSON();
    assert.equal(body.code, "]d20109506000134352107F31\u001d21A b");
    assert.match(body.request_id, /^page-[0-9a-f]{24}$/);
    await page.locator(".verdict.good").waitFor();
    assert.match(await text_of(".verdict"), /ACCEPTED/);
    const iso = page.waitForRequest((request) => request.url().endsWith("/stations/dock-1/scan"));
    await wedge(page, "[)>\u001e06\u001d1P123\u001e\u0004");
    assert.equal((await iso).postDataJSON().code, "[)>\u001e06\u001d1P123\u001e\u0004");
    await wedge(page, "BAD-1");
    await page.locator(".verdict.bad").waitFor();
    assert.match(await text_of(".verdict"), /STOP LOT HELD .* put it in the quarantine cage/);
  });

  test("does not take slow typing outside a field for a scan", async () => {
    await open("#/station/dock-1");
    await page.locator(".verdict").waitFor();
    await wedge(page, "A-77", 0.5);
    const sent = page.waitForRequest((request) => request.url().endsWith("/scan"));
    await wedge(page, "A-78");
    assert.equal((await sent).postDataJSON().code, "A-78");
  });

  test("sounds once for each decision at its station, of whatever scanner, and for no other", async () => {
    const context = await browser.newContext({ viewport: tablet, locale: "en-US" });
    page = await context.newPage();
    await page.addInitScript(() => {
      window.tones = [];
      const make = AudioContext.prototype.createOscillator;
      AudioContext.prototype.createOscillator = function () {
        const source = make.call(this);
        const start = source.start.bind(source);
        source.start = (at) => {
          window.tones.push(source.frequency.value);
          start(at);
        };
        return source;
      };
    });
    await page.goto(url() + "/#/station/dock-1");
    await page.locator("body[data-live=live]").waitFor();
    await wedge(page, "A-501");
    await page.locator(".verdict.good").waitFor();
    fixture.tell("decide pack-2 BAD-502");
    fixture.tell("decide dock-1 BAD-503");
    await page.locator(".verdict.bad").waitFor();
    await page.waitForFunction(() => window.tones.length >= 3);
    assert.deepEqual(await page.evaluate(() => window.tones), [1320, 180, 150]);
    await page.getByRole("button", { name: "Sound on" }).click();
    fixture.tell("decide dock-1 A-504");
    await page.locator(".verdict.good").waitFor();
    assert.equal(await page.evaluate(() => window.tones.length), 3);
  });

  test("sends a scan made on the floor to the station this screen is", async () => {
    await open("#/station");
    await page.getByRole("button", { name: /pack-2/ }).click();
    await page.getByRole("link", { name: "Floor" }).click();
    const sent = page.waitForRequest((request) => request.url().includes("/scan"));
    await wedge(page, "A-123");
    assert.match((await sent).url(), /stations\/pack-2\/scan$/);
    await page.locator(".verdict.good").waitFor();
  });

  test("asks, and changes nothing, where the screen is no station", async () => {
    await open("#/cases");
    await wedge(page, "7F31");
    await page.locator(".answer", { hasText: "Romaine 12ct" }).waitFor();
    assert.match(await text_of(".answer .figure"), /240 received = 56 here \+ 184 shipped \+ 0 gone/);
    assert.equal(requests.filter((address) => address.endsWith("/scan")).length, 0);
  });

  test("does not take what a person types into a field for a scan", async () => {
    await open("#/station/dock-1");
    await page.getByPlaceholder("Badge").pressSequentially("B-7");
    await page.keyboard.press("Enter");
    assert.equal(requests.filter((address) => address.endsWith("/scan")).length, 0);
    await page.getByRole("button", { name: "Enter by hand" }).click();
    await page.getByPlaceholder("Code as printed").fill("A-55");
    const sent = page.waitForRequest((request) => request.url().includes("/scan"));
    await page.getByRole("button", { name: "Send", exact: true }).click();
    assert.equal((await sent).postDataJSON().badge, "B-7");
  });

  test("keeps a scan the site did not answer, and sends the same one again", async () => {
    await open("#/station/dock-1");
    await page.locator(".verdict").waitFor();
    const bodies = [];
    await page.route("**/scan", (route) => {
      bodies.push(route.request().postDataJSON());
      return route.abort();
    });
    await wedge(page, "A-900");
    await page.locator(".unsent").waitFor({ timeout: 30_000 });
    await page.unroute("**/scan");
    const sent = page.waitForRequest((request) => request.url().includes("/scan"));
    await page.getByRole("button", { name: "Send again" }).click();
    assert.deepEqual((await sent).postDataJSON(), bodies[0]);
    assert.equal(new Set(bodies.map((body) => body.request_id)).size, 1);
    await page.locator(".verdict.good").waitFor();
  });

  test("says of a case until when it waits, and that it waits too long", async () => {
    await open("#/cases");
    await page.locator(".case .overdue", { hasText: "OVERDUE since 2026-11-21 09:00 UTC" }).waitFor();
    assert.equal(await page.locator(".case .overdue").count(), 1);
    await page.locator(".case .quiet", { hasText: "2199-01-01" }).waitFor();
  });

  test("decides a case with a badge and two taps", async () => {
    await open("#/cases");
    const first = page.locator(".case").first();
    const release = first.getByRole("button", { name: /release/ });
    await release.click();
    await first.getByText("Type or scan your badge").waitFor();
    await page.getByPlaceholder("Badge").fill("B-7");
    await release.click();
    await first.getByText("Tap again to confirm").waitFor();
    const sent = page.waitForRequest((request) => request.url().includes("/decide"));
    await release.click();
    assert.equal((await sent).postDataJSON().actor, "B-7");
    await page.locator(".case").nth(1).waitFor({ state: "detached" });
  });

  test("says why", async () => {
    await open("#/search");
    await page.getByPlaceholder(/Serial, lot/).fill("#12");
    await page.getByRole("button", { name: "Why" }).click();
    await page.locator(".answer", { hasText: "R-12" }).waitFor();
    await page.getByPlaceholder(/Serial, lot/).fill("nothing");
    await page.getByRole("button", { name: "Trace", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "The database cannot be read" }).waitFor();
  });

  test("shows text of a label as text, whatever it says", async () => {
    await open("#/station/dock-1");
    await page.locator(".verdict").waitFor();
    fixture.tell("decide dock-1 <img/src=x/onerror=alert(1)>");
    await page.locator(".verdict").waitFor();
    await page.goto(url() + "/#/floor");
    await page.locator(".decision").first().waitFor();
    assert.equal(await page.locator("main img").count(), 0);
  });
});

describe("The page of a site that went away", { skip: Boolean(given_url) }, () => {
  let own;

  beforeEach(async () => {
    own = await start_fixture();
  });

  afterEach(async () => {
    own.thaw();
    await own.stop();
  });

  test("turns amber, then says SCREEN NOT LIVE and strikes the values out, then recovers", async () => {
    const context = await browser.newContext({ viewport: tablet, locale: "en-US" });
    page = await context.newPage();
    await page.goto(own.url + "/");
    await page.locator("body[data-live=live]").waitFor();
    assert.equal(await page.locator(".not-live").count(), 0);
    own.freeze();
    await page.locator(".age.late").waitFor({ timeout: 30_000 });
    await page.locator(".not-live", { hasText: "SCREEN NOT LIVE" }).waitFor({ timeout: 30_000 });
    const struck = await page
      .locator(".state.value")
      .evaluate((element) => getComputedStyle(element).textDecorationLine);
    assert.equal(struck, "line-through");
    const width = await page.locator(".not-live").evaluate((element) => element.getBoundingClientRect().width);
    assert.equal(width, tablet.width);
    own.thaw();
    await page.locator("body[data-live=live]").waitFor({ timeout: 30_000 });
    assert.equal(await page.locator(".not-live").count(), 0);
  });

  test("comes back by itself when the daemon was started again", async () => {
    const context = await browser.newContext({ viewport: tablet, locale: "en-US" });
    page = await context.newPage();
    await page.goto(own.url + "/");
    await page.locator("body[data-live=live]").waitFor();
    const port = new URL(own.url).port;
    await own.stop();
    await page.locator("body[data-live=late]").waitFor({ timeout: 30_000 });
    own = await start_fixture(port);
    await page.locator("body[data-live=live]").waitFor({ timeout: 30_000 });
    own.tell("decide dock-1 BAD-1");
    await page.locator(".decision.bad").first().waitFor();
  });
});
