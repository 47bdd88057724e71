// A station's screen: who lets a refusal pass, what to fetch next, and the last bytes of a wire, in
// headless Chromium against the real API over a fake site (LOTGATE_WEB_FIXTURE).

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { launch, start_fixture, wedge } from "./browser.mjs";

let browser;
let fixture;
let page;

before(async () => {
  browser = await launch();
  fixture = await start_fixture();
});

after(async () => {
  await browser?.close();
  await fixture?.stop();
});

async function open(hash) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  page = await context.newPage();
  await page.goto(fixture.url + "/" + hash);
  await page.locator("body[data-live=live]").waitFor();
}

afterEach(async () => {
  await page?.context().close();
  page = undefined;
});

async function refused(code) {
  await open("#/station/dock-1");
  await page.locator(".verdict").waitFor();
  await wedge(page, code);
  await page.locator(".verdict.bad", { hasText: "FEFO VIOLATION" }).waitFor();
}

function next_scan() {
  return page.waitForRequest((request) => request.url().endsWith("/stations/dock-1/scan"));
}

describe("A refusal that somebody may let pass", () => {
  test("passes with a supervisor's badge, PIN and one of the reasons that fit it", async () => {
    await refused("OVER1-1");
    await page.getByRole("button", { name: /Let it pass \(supervisor\)/ }).click();
    const reasons = page.locator("select[name=reason] option");
    await reasons.first().waitFor({ state: "attached" });
    // A rule that has reasons of its own offers no others.
    const offered = await reasons.evaluateAll((all) => all.map((option) => option.value));
    assert.ok(offered.includes("inaccessible"), String(offered));
    assert.ok(!offered.includes("checked"), String(offered));
    const form = page.locator("form.override");
    await form.locator("[name=badge]").fill("B-LEAD");
    await form.locator("[name=pin]").fill("2468");
    await page.locator("select[name=reason]").selectOption("inaccessible");
    const sent = next_scan();
    await form.getByRole("button", { name: "Let it pass" }).click();
    assert.deepEqual((await sent).postDataJSON().override, {
      badge: "B-LEAD", pin: "2468", code: "FEFO_VIOLATION", reason: "inaccessible",
    });
    await page.locator(".verdict.attention").waitFor();
  });

  test("stays refused with a wrong PIN, and nothing keeps a PIN", async () => {
    await refused("OVER1-2");
    await page.getByRole("button", { name: /Let it pass/ }).click();
    const form = page.locator("form.override");
    await page.locator("select[name=reason] option").first().waitFor({ state: "attached" });
    await form.locator("[name=badge]").fill("B-LEAD");
    await form.locator("[name=pin]").fill("0000");
    const answered = page.waitForResponse((response) => response.url().endsWith("/stations/dock-1/scan"));
    await form.getByRole("button", { name: "Let it pass" }).click();
    assert.equal((await (await answered).json()).code, "FEFO_VIOLATION");
    await form.waitFor({ state: "detached" });
    await page.getByRole("button", { name: /Let it pass/ }).click();
    assert.equal(await page.locator("form.override [name=pin]").inputValue(), "");
    const everything_kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.ok(!everything_kept.includes("0000"), everything_kept);
  });

  test("wants two people where the rule wants two", async () => {
    await refused("OVER2-1");
    await page.getByRole("button", { name: /Let it pass \(two people\)/ }).click();
    const form = page.locator("form.override");
    await page.locator("select[name=reason] option").first().waitFor({ state: "attached" });
    await form.locator("[name=badge]").fill("B-LEAD");
    await form.locator("[name=pin]").fill("2468");
    let sent_early = false;
    page.on("request", (request) => (sent_early ||= request.url().endsWith("/scan")));
    await form.getByRole("button", { name: "Let it pass" }).click();
    assert.equal(await form.locator("[name=second_badge]:invalid").count(), 1);
    assert.equal(sent_early, false);
    await form.locator("[name=second_badge]").fill("B-QUALITY");
    await form.locator("[name=second_pin]").fill("1357");
    const sent = next_scan();
    await form.getByRole("button", { name: "Let it pass" }).click();
    const override = (await sent).postDataJSON().override;
    assert.equal(override.second_badge, "B-QUALITY");
    assert.equal(override.second_pin, "1357");
    await page.locator(".verdict.attention").waitFor();
  });

  test("is not offered for a refusal that nobody may overrule", async () => {
    await open("#/station/dock-1");
    await wedge(page, "BAD-7");
    await page.locator(".verdict.bad").waitFor();
    assert.equal(await page.getByRole("button", { name: /Let it pass/ }).count(), 0);
  });
});

describe("A label that has lost its serial", () => {
  async function keyed_in(code, serial) {
    await open("#/station/dock-1");
    await wedge(page, code);
    await page.locator(".verdict.bad", { hasText: "SERIAL REQUIRED" }).waitFor();
    await page.getByRole("button", { name: "Key in the serial" }).click();
    const form = page.locator("form.keyin");
    await form.locator("[name=keyed]").fill(" " + serial + " ");
    const sent = next_scan();
    await form.locator("button.main").click();
    return (await sent).postDataJSON();
  }

  test("passes with the serial that a person reads on it", async () => {
    const sent = await keyed_in("NOSN-1", "S-77");
    assert.equal(sent.code, "NOSN-1");
    assert.equal(sent.serial, "S-77");
    await page.locator(".verdict.good").waitFor();
    assert.equal(await page.locator("form.keyin").count(), 0);
  });

  test("keeps the keyed serial when a supervisor then lets it pass", async () => {
    await keyed_in("NOSN-2", "7-OVER");
    await page.locator(".verdict.bad", { hasText: "FEFO VIOLATION" }).waitFor();
    await page.getByRole("button", { name: /Let it pass/ }).click();
    const form = page.locator("form.override");
    await page.locator("select[name=reason] option").first().waitFor({ state: "attached" });
    await form.locator("[name=badge]").fill("B-LEAD");
    await form.locator("[name=pin]").fill("2468");
    const sent = next_scan();
    await form.getByRole("button", { name: "Let it pass" }).click();
    const body = (await sent).postDataJSON();
    assert.equal(body.code, "NOSN-2");
    assert.equal(body.serial, "7-OVER");
    assert.equal(body.override.badge, "B-LEAD");
    await page.locator(".verdict.good").waitFor();
  });
});

describe("The form of a refusal", () => {
  test("stays with its refusal, and keeps what was typed, while others are scanned here", async () => {
    await refused("OVER1-4");
    await page.getByRole("button", { name: /Let it pass/ }).click();
    const form = page.locator("form.override");
    await page.locator("select[name=reason] option").first().waitFor({ state: "attached" });
    await form.locator("[name=badge]").fill("B-LEAD");
    await form.locator("[name=pin]").fill("2468");
    fixture.tell("decide dock-1 A-900");
    await page.locator(".verdict.good").waitFor();
    assert.equal(await form.locator("[name=pin]").inputValue(), "2468");
    const sent = next_scan();
    await form.getByRole("button", { name: "Let it pass" }).click();
    assert.equal((await sent).postDataJSON().code, "OVER1-4");
    await page.locator(".verdict.attention").waitFor();
  });
});

describe("A pick station", () => {
  test("says what to fetch next, where, of which lot, and what is missing", async () => {
    await open("#/station/pick-1");
    const list = page.locator(".picks");
    await list.waitFor();
    const rows = await list.locator("li").allInnerTexts();
    assert.equal(rows.length, 2);
    assert.match(rows[0].replace(/\s+/g, " "), /6 × A-03-2 Romaine 12ct · lot 7F31/);
    assert.match(rows[1].replace(/\s+/g, " "), /3 × A-07-1 Romaine 12ct · lot <b>8<\/b>/);
    assert.match(await list.innerText(), /2 are missing/);
  });

  test("is told nothing to fetch where the station does not pick", async () => {
    await open("#/station/dock-1");
    await page.locator(".verdict").waitFor();
    assert.equal(await page.locator(".picks").count(), 0);
  });
});

describe("The wire of a device", () => {
  test("is shown when somebody opens it, each byte as text", async () => {
    await open("#/devices");
    await page.route("**/api/v1/devices/D1?frames=20", (route) =>
      route.fulfill({ json: { frames: [
        { at: "2026-11-22T09:41:07.123Z", way: "in", text: "<img src=x onerror=alert(1)>\\x1d", hex: "3c1d" },
      ] } }),
    );
    const card = page.locator("section.card", { hasText: "D1" });
    await card.locator("summary", { hasText: "Its wire" }).click();
    await card.locator(".wire li").waitFor();
    assert.match(await card.locator(".wire").innerText(), /09:41:07\.123 in <img src=x onerror=alert\(1\)>/);
    assert.equal(await page.locator("main img").count(), 0);
  });

  test("says why where it cannot be shown", async () => {
    await open("#/devices");
    const card = page.locator("section.card", { hasText: "P2" });
    const answered = page.waitForResponse((response) => response.url().includes("/devices/P2"));
    await card.locator("summary", { hasText: "Its wire" }).click();
    const problem = await (await answered).json();
    assert.ok(problem.detail, JSON.stringify(problem));
    await card.getByText(problem.detail).waitFor();
  });
});
