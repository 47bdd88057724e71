"""A broker of a test's own, and who listens to it: Mosquitto, npm aedes or the Paho testing broker;
mosquitto_sub and mosquitto_pub.
"""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "story"))

from processes import ROOT, free_port, listens, until  # noqa: E402

PEERS = ROOT / "tests/peers"
# A checkout of github.com/eclipse-paho/paho.mqtt.testing, which no registry has as a package.
PAHO = os.environ.get("LOTGATE_PAHO_TESTING")


class Broker:
    def __init__(self, folder: pathlib.Path, program: str = "mosquitto"):
        self.folder = folder
        self.program = program
        self.port = free_port()
        self.conf = folder / "mosquitto.conf"
        self.conf.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n"
                             "set_tcp_nodelay true\npersistence false\n")
        self.children = []
        self.child = None
        self.start()

    def start(self) -> None:
        log = open(self.folder / "mosquitto.log", "ab")
        command = {"mosquitto": ["/usr/sbin/mosquitto", "-c", self.conf],
                   "aedes": ["node", PEERS / "mqtt_broker.mjs", str(self.port)],
                   # It reads files like Mosquitto's, and passes over words that it does not know.
                   "paho": [sys.executable, f"{PAHO}/interoperability/startbroker.py", "-c",
                            self.conf]}[self.program]
        self.child = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        until("the broker", 15, lambda: listens(self.port))

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()

    def publish(self, topic: str, payload, *words) -> None:
        if isinstance(payload, bytes):
            subprocess.run(["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", topic, "-s",
                            *words], input=payload, check=True, timeout=20)
        else:
            subprocess.run(["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", topic, "-m",
                            payload, *words], check=True, timeout=20)

    def listen(self, topics: str) -> "Listener":
        listener = Listener(self, topics)
        self.children.append(listener.child)
        return listener

    def stop(self) -> None:
        for child in [*self.children, self.child]:
            if child.poll() is None:
                child.kill()
            child.wait()


class Listener:
    """What comes, in order: topic, QoS, retained, payload."""

    def __init__(self, broker: Broker, topics: str):
        self.log = broker.folder / f"heard-{len(broker.children)}"
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                ["stdbuf", "-oL", "mosquitto_sub", "-p", str(broker.port), "-q", "1", "-t", topics,
                 "-F", "%t %q %r %x"], stdout=log, stderr=subprocess.DEVNULL)

    def heard(self) -> list[tuple[str, int, bool, bytes]]:
        messages = []
        for line in self.log.read_text().splitlines():
            topic, qos, retained, *payload = line.split(" ")
            messages.append((topic, int(qos), retained == "1",
                             bytes.fromhex(payload[0] if payload else "")))
        return messages

    def texts(self, topic: str) -> list[str]:
        return [payload.decode() for at, _, _, payload in self.heard() if at == topic]

    def hears(self, topic: str, word: str, seconds: float = 30) -> str:
        def found():
            return next((text for text in reversed(self.texts(topic)) if word in text), None)
        return until(f"{word} on {topic}; heard {self.heard()[-5:]}", seconds, found)
