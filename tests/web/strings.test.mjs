// Every text exists in every language, is used, and says the same things ({n}, {s}, …).

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { strings } from "../../daemon/web/strings.js";

const folder = new URL("../../daemon/web/", import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".js") && name !== "strings.js")
  .map((name) => readFileSync(new URL(name, folder), "utf8"))
  .join("\n");

const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join(" ");
const missing_in = (language, of) => Object.keys(of).filter((key) => !(key in language));

for (const [name, language] of Object.entries(strings)) {
  test(`No text is missing in ${name}`, () => {
    assert.deepEqual(missing_in(language, strings.en), []);
    assert.deepEqual(missing_in(strings.en, language), []);
  });

  test(`The texts of ${name} have the same holes as the English ones`, () => {
    for (const [key, text] of Object.entries(language)) {
      assert.equal(holes(text), holes(strings.en[key]), key);
      assert.notEqual(text.trim(), "", key);
    }
  });
}

test("Every text the page asks for is there", () => {
  const asked = [...sources.matchAll(/\bt\(\s*"([^"]+)"\s*[,)]/g)].map((match) => match[1]);
  assert.ok(asked.length > 40, "the pattern found the page's texts");
  assert.deepEqual(missing_in(strings.en, Object.fromEntries(asked.map((key) => [key, 1]))), []);
});

test("Every text is asked for, or belongs to a family that is", () => {
  const families = [...sources.matchAll(/\bt\(\s*"([a-z.]+\.)"\s*\+/g)].map((match) => match[1]);
  const unused = Object.keys(strings.en).filter(
    (key) => !sources.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
  );
  assert.deepEqual(unused, []);
});

test("A missing text is found (control)", () => {
  assert.deepEqual(missing_in({}, { "nav.floor": "Floor" }), ["nav.floor"]);
});
