// The browser, the fixture and their ends, for the tests of this folder.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

// Nothing of this browser may call its maker: the tests run with no network.
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({
    executablePath: process.env.LOTGATE_CHROMIUM ?? "/usr/bin/chromium",
    args: flags,
  });
}

// The program web_fixture: the real API and page over a fake site. `tell` writes it a line.
export async function start_fixture(port = "") {
  const program = process.env.LOTGATE_WEB_FIXTURE;
  if (!program) throw new Error("set LOTGATE_URL, or LOTGATE_WEB_FIXTURE to the built web_fixture");
  const child = spawn(program, port ? [port] : [], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    child.once("exit", (code) => reject(new Error("web_fixture ended with " + code)));
  });
  return {
    url,
    tell: (line) => child.stdin.write(line + "\n"),
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.stdin.end();
      }),
  };
}

const control = 2; // the modifier's bit in Input.dispatchKeyEvent
const shift = 8;
const control_keys = {
  "\u001d": { key: "]", code: "BracketRight", modifiers: control },
  "\u001e": { key: "^", code: "Digit6", modifiers: control | shift },
  "\u0004": { key: "d", code: "KeyD", modifiers: control },
};
const enter = { key: "Enter", code: "Enter", text: "\r", windowsVirtualKeyCode: 13 };

// A hand-held scanner that is a keyboard: a key every 5 ms by its own clock, however busy this
// machine is (a person is slower); separators are sent as control keys.
export async function wedge(page, code, gap_s = 0.005) {
  const device = await page.context().newCDPSession(page);
  const keys = [...code].map((character) => control_keys[character] ?? { key: character, text: character });
  keys.push(enter);
  const began_s = Date.now() / 1000 - keys.length * gap_s;
  for (const [index, key] of keys.entries()) {
    const timestamp = began_s + index * gap_s;
    await device.send("Input.dispatchKeyEvent", { type: "keyDown", timestamp, ...key });
    await device.send("Input.dispatchKeyEvent", { type: "keyUp", timestamp, ...key });
  }
  await device.detach();
}
