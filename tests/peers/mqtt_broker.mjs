// A second broker that this project did not write (npm aedes, MQTT 3.1.1), beside Mosquitto.
//    mqtt_broker.mjs PORT
import { createServer } from "node:net";
import { createRequire } from "node:module";

const aedes = createRequire(import.meta.url)("aedes")();
createServer(aedes.handle).listen(Number(process.argv[2]), "127.0.0.1");
