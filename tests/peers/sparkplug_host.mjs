// Reads what an edge node says with a decoder that this project did not write (npm
// sparkplug-payload). In: a line "TOPIC HEX" for each message; out: the payload as a line of JSON.
// "ENCODE JSON" gives the bytes of a payload in hexadecimal.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const sparkplug = createRequire(import.meta.url)("sparkplug-payload").get("spBv1.0");

const plain = (_key, value) => {
  if (typeof value === "bigint") return Number(value);
  // Long of protobufjs: 64 bits in two halves.
  if (value !== null && typeof value === "object" && "low" in value && "high" in value)
    return value.high * 2 ** 32 + (value.low >>> 0);
  return value;
};

for await (const line of createInterface({ input: process.stdin })) {
  const space = line.indexOf(" ");
  const rest = line.slice(space + 1);
  if (line.slice(0, space) === "ENCODE") {
    console.log(Buffer.from(sparkplug.encodePayload(JSON.parse(rest))).toString("hex"));
  } else {
    console.log(JSON.stringify(sparkplug.decodePayload(Buffer.from(rest, "hex")), plain));
  }
}
