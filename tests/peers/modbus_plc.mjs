// A PLC that this project did not write: npm modbus-serial speaks Modbus; what is here is the few
// lines of ladder logic of the divert contract, as in tests/adapters/modbus_conveyor/plc.py, with
// the same commands. It knows neither FC 22 nor FC 23, and says nothing to another unit.
//
//    carton SEQUENCE TRACKING | confirm SEQUENCE RESULT LANE | restart
//    get ADDRESS COUNT        prints holding registers
//    put ADDRESS VALUE        as somebody at its panel would
//    written                  prints each address that was ever written from outside
//    forgetful ADDRESS        that register keeps nothing that is written to it
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

// The serial half wants a native part that is not installed; only TCP is used.
const { ServerTCP } = createRequire(import.meta.url)("modbus-serial");

const registers = new Array(400).fill(0);
const coils = new Array(100).fill(0);
const written = new Set();
let forgetful = -1;
registers[7] = 2;

function take(address, value) {
  written.add(address);
  if (address !== forgetful) registers[address] = value;
}

const vector = {
  getHoldingRegister: (address) => registers[address],
  getMultipleHoldingRegisters: (address, count) => registers.slice(address, address + count),
  getInputRegister: (address) => registers[address],
  getMultipleInputRegisters: (address, count) => registers.slice(address, address + count),
  getCoil: (address) => coils[address] === 1,
  getDiscreteInput: () => false,
  setRegister: take,
  setRegisterArray: (address, values) => values.forEach((value, at) => take(address + at, value)),
  setCoil: (address, value) => {
    coils[address] = value ? 1 : 0;
  },
};

let beat = 0;
setInterval(() => {
  beat += 1;
  if (beat % 50 === 0) registers[0] = (registers[0] + 1) % 65536;
  const decided = registers[105];
  if (decided !== 0 && decided !== registers[8]) registers[8] = decided;
}, 10);

const commands = {
  carton: (sequence, tracking) => {
    registers[2] = 0;
    registers[3] = tracking;
    registers[1] = sequence;
  },
  confirm: (sequence, result, lane) => {
    registers[9] = lane;
    registers[10] = result;
    registers[11] = sequence;
  },
  restart: () => {
    registers.fill(0, 0, 12);
    registers.fill(0, 100, 106);
    registers[7] = 2;
  },
  put: (address, value) => {
    registers[address] = value;
  },
  forgetful: (address) => {
    forgetful = address;
  },
  get: (address, count) => console.log(registers.slice(address, address + count).join(" ")),
  coils: (address, count) => console.log(coils.slice(address, address + count).join(" ")),
  written: () => console.log([...written].sort((a, b) => a - b).join(" ")),
};

// Port 0 would be 502 to it: a port that was free a moment ago.
const port = await new Promise((told) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port: free } = probe.address();
    probe.close(() => told(free));
  });
});
const server = new ServerTCP(vector, { host: "127.0.0.1", port, unitID: 1 });
server.on("socketError", () => {}); // the tests drop connections on purpose
server.on("serverError", (error) => console.error(error));
server.on("initialized", () => console.log(port));

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [command, ...numbers] = line.split(" ");
  commands[command](...numbers.map(Number));
});
lines.on("close", () => process.exit(0));
