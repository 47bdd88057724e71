"""What a site says on its own broker, through the daemon and Mosquitto: who is there, what was
decided, what it lets itself be asked, and the same as a Sparkplug edge node, read with a decoder of
somebody else's.

Run with LOTGATE_BIN naming the folder of the programs.
"""

import datetime
import json
import signal
import subprocess
import sys
import unittest

from broker_kit import PAHO, PEERS, Broker
from daemon_kit import BIN, SITE, DaemonCase, Scanner, until
from processes import ROOT

MQTT = """
[mqtt]
port = {broker}
decisions = true
{more}
"""

EYE = """
[[device]]
id = "D2"
kind = "tcp_scanner"
role = "server"
port = {d2}
trigger_on = "LOOK\\r"
triggered_by = "gateway"
read_window = "300ms"
[[device]]
id = "P1"
kind = "zpl_printer"
host = "127.0.0.1"
port = {dead}
"""

HAND_HELD = """
[[device]]
id = "H1"
kind = "mqtt_scanner"
"""


def in_seconds(seconds: int) -> str:
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class TopicsCase(DaemonCase):
    PROGRAM = "mosquitto"

    def setUp(self):
        super().setUp()
        self.broker = Broker(self.dir, self.PROGRAM)
        self.addCleanup(self.broker.stop)
        self.words |= {"broker": self.broker.port, "more": ""}


class SiteTopicsTest(TopicsCase):
    def test_a_dashboard_that_comes_late_sees_who_is_there_and_learns_of_a_death(self):
        child = self.start(SITE + EYE + MQTT)
        scanner = Scanner(self.words["d1"])
        until("the scanner", 15, lambda: self.devices()["D1"]["state"] == "ready")
        late = self.broker.listen("lotgate/v1/#")
        state = json.loads(late.hears("lotgate/v1/WIRE-1/state", '"online":true'))
        self.assertTrue(state["version"])
        late.hears("lotgate/v1/WIRE-1/D1/health", '"state":"ready"')
        # Not the first that is offline: before it was tried it is "starting", without a reason.
        dead = json.loads(late.hears("lotgate/v1/WIRE-1/P1/health", str(self.words["dead"])))
        self.assertIs(dead["online"], False)
        self.assertTrue(all(qos == 1 for _, qos, _, _ in late.heard()))
        scanner.scan("]C0WHO-AM-I")
        decision = json.loads(late.hears("lotgate/v1/WIRE-1/DOCK-1/decision", "UNKNOWN_CODE"))
        self.assertRegex(decision["id"], r"^WIRE-1:\d+$")
        child.kill()  # as a power cut: only its will can speak
        child.wait()
        self.assertEqual(late.hears("lotgate/v1/WIRE-1/state", '"online":false'),
                         '{"online":false}')
        later = self.broker.listen("lotgate/v1/WIRE-1/state")
        later.hears("lotgate/v1/WIRE-1/state", '"online":false')
        self.assertTrue(later.heard()[0][2], "the death is retained")
        scanner.close()

    def test_a_stop_says_goodbye_and_a_broker_that_comes_back_is_told_all_again(self):
        child = self.start(SITE + MQTT)
        first = self.broker.listen("lotgate/v1/#")
        first.hears("lotgate/v1/WIRE-1/state", '"online":true')
        self.broker.kill()  # nothing retained survives it
        self.broker.start()
        second = self.broker.listen("lotgate/v1/#")
        second.hears("lotgate/v1/WIRE-1/state", '"online":true', 60)
        second.hears("lotgate/v1/WIRE-1/D1/health", '"state"')
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(10), 0)
        second.hears("lotgate/v1/WIRE-1/state", '"online":false,"since"')

    def test_a_trigger_by_command_is_obeyed_once_and_never_late(self):
        self.start(SITE + EYE + MQTT)
        answers = self.broker.listen("lotgate/v1/#")
        answers.hears("lotgate/v1/WIRE-1/state", '"online":true')
        scanner = Scanner(self.words["d2"])
        until("the scanner", 15, lambda: self.devices()["D2"]["state"] == "ready")
        answers.hears("lotgate/v1/WIRE-1/D2/health", '"online":true')
        at, ack = "lotgate/v1/WIRE-1/D2/cmd", "lotgate/v1/WIRE-1/D2/ack"

        def ask(id, **members):
            self.broker.publish(at, json.dumps({"id": id, "do": "trigger", **members}))
            return json.loads(answers.hears(ack, f'"{id}"'))

        self.assertIn("needs a deadline", ask("none")["because"])
        self.assertIn("too late", ask("late", deadline=in_seconds(-5))["because"])
        self.assertTrue(ask("now", deadline=in_seconds(60))["ok"])
        self.assertEqual(scanner.lines.read(5), b"LOOK\r")
        self.broker.publish(at, json.dumps({"id": "now", "do": "trigger",
                                            "deadline": in_seconds(60)}))
        self.assertTrue(ask("next", deadline=in_seconds(60))["ok"])
        self.assertEqual(len([t for t in answers.texts(ack) if '"now"' in t]), 1)
        self.broker.publish("lotgate/v1/WIRE-1/P1/cmd", json.dumps(
            {"id": "printer", "do": "trigger", "deadline": in_seconds(60)}))
        refused = json.loads(answers.hears("lotgate/v1/WIRE-1/P1/ack", '"printer"'))
        self.assertEqual((refused["ok"], refused["because"]), (False,
                                                               "that device is not triggered"))
        scanner.close()

    def test_what_a_hand_held_scanned_meanwhile_is_recorded_once_and_answered(self):
        site = SITE.replace('["D1"]', '["D1", "H1"]') + HAND_HELD + MQTT
        child = self.start(site)
        answers = self.broker.listen("lotgate/v1/WIRE-1/H1/+")
        event, ack = "lotgate/v1/WIRE-1/H1/event", "lotgate/v1/WIRE-1/H1/ack"
        answers.hears("lotgate/v1/WIRE-1/H1/health", '"state":"ready"')
        child.kill()
        child.wait()
        for number in range(5):
            self.broker.publish(event, json.dumps({"id": f"s-{number}",
                                                   "code": f"]C0AWAY-{number}"}))
        self.start(site)
        for number in range(5):
            answers.hears(ack, f'"s-{number}"')
            rows = [body for _, kind, body in self.ledger()
                    if kind == "attempt" and f"AWAY-{number}" in body]
            self.assertEqual(len(rows), 1)

    def test_the_commented_configuration_of_the_broker_is_one_that_validates(self):
        text = (ROOT / "config/lotgate.toml").read_text()
        block = text[text.index("# [mqtt]"):text.index("## The way to the cloud")]
        options = [line[2:] for line in block.splitlines() if line.startswith("# ")]
        self.assertGreater(len(options), 15)
        # A certificate of ours needs TLS, which needs a file; the others stand at their defaults.
        options = [line for line in options if not line.startswith(("certificate_file", "key_"))]
        path = self.write(SITE + "\n" + "\n".join(options).replace("{", "{{").replace("}", "}}"))
        done = subprocess.run([BIN / "lotgated", "--check-config", "--config", path],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        path.write_text(path.read_text().replace("decisions =", "decision ="))
        done = subprocess.run([BIN / "lotgated", "--check-config", "--config", path],
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 78)
        self.assertIn('did you mean "decisions"?', done.stdout + done.stderr)


@unittest.skipUnless((PEERS / "node_modules/sparkplug-payload").exists(),
                     "needs `npm ci --omit=optional` in tests/peers")
class SparkplugTest(TopicsCase):
    NODE = "spBv1.0/PLANT/{}/WIRE-1"

    def setUp(self):
        super().setUp()
        self.words["more"] = 'sparkplug_group = "PLANT"'
        self.host = subprocess.Popen(["node", PEERS / "sparkplug_host.mjs"], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.end_host)
        self.listener = self.broker.listen("spBv1.0/#")

    def end_host(self):
        self.host.stdin.close()
        self.host.wait(20)
        self.host.stdout.close()

    def ask_host(self, word: str, rest: str) -> str:
        self.host.stdin.write(f"{word} {rest}\n")
        self.host.stdin.flush()
        return self.host.stdout.readline().strip()

    def messages(self) -> list[tuple[str, dict]]:
        """Kind and device of each message, and what the independent decoder makes of it."""
        found = []
        for topic, qos, retained, payload in self.listener.heard():
            _, group, kind, node, *device = topic.split("/")
            self.assertEqual((group, node, retained), ("PLANT", "WIRE-1", False))
            self.assertEqual(qos, 1 if kind in ("NDEATH", "NCMD") else 0, topic)
            if kind == "NCMD":
                continue
            found.append(("/".join([kind, *device]),
                          json.loads(self.ask_host(topic, payload.hex()))))
        return found

    def wait_for(self, kind: str, count: int = 1) -> dict:
        def found():
            those = [payload for name, payload in self.messages() if name == kind]
            return those[count - 1] if len(those) >= count else None
        return until(f"{kind}; heard {[name for name, _ in self.messages()]}", 40, found, 0.1)

    @staticmethod
    def metrics(payload: dict) -> dict:
        return {metric.get("name", metric.get("alias")): metric for metric in payload["metrics"]}

    def numbers_rise_without_a_gap(self):
        seq = None
        for name, payload in self.messages():
            if name == "NDEATH":
                self.assertNotIn("seq", payload)
                continue
            if name == "NBIRTH":
                self.assertEqual(payload["seq"], 0)
            elif seq is not None:
                self.assertEqual(payload["seq"], (seq + 1) % 256, name)
            seq = payload["seq"]

    def test_births_name_everything_data_only_aliases_and_deaths_their_birth(self):
        child = self.start(SITE + MQTT)
        birth = self.metrics(self.wait_for("NBIRTH"))
        self.assertEqual(birth["bdSeq"]["type"], "Int64")
        self.assertIs(birth["Node Control/Rebirth"]["value"], False)
        scanner = Scanner(self.words["d1"])
        device = self.metrics(self.wait_for("DBIRTH/D1"))
        self.assertEqual(device["State"]["value"], "ready")
        alias_of = {name: metric["alias"] for name, metric in device.items()}
        self.assertEqual(len(set(alias_of.values())), len(alias_of))
        scanner.scan("]C0WHO-AM-I")
        decision = self.wait_for("NDATA")
        values = {metric["alias"]: metric for metric in decision["metrics"]}
        code = values[birth["Decision/Code"]["alias"]]
        self.assertEqual(code["value"], "UNKNOWN_CODE")
        self.assertFalse(code.get("isHistorical", False))
        data = self.wait_for("DDATA/D1")
        self.assertTrue(all("name" not in metric and "timestamp" in metric
                            for metric in data["metrics"]))
        counted = {metric["alias"]: metric["value"] for metric in data["metrics"]}
        self.assertEqual(counted[alias_of["Counters/scans"]], 1)
        scanner.close()
        self.wait_for("DDEATH/D1")
        self.numbers_rise_without_a_gap()
        child.kill()
        child.wait()
        death = self.metrics(self.wait_for("NDEATH"))
        self.assertEqual(death["bdSeq"]["value"], birth["bdSeq"]["value"])

    def test_a_host_may_ask_for_a_rebirth_and_a_stop_is_a_death_too(self):
        child = self.start(SITE + MQTT)
        first = self.metrics(self.wait_for("NBIRTH"))
        self.broker.publish(self.NODE.format("NCMD"), b"\xff\xff\xff garbage")
        command = self.ask_host("ENCODE", json.dumps({"timestamp": 1, "metrics": [
            {"name": "Node Control/Rebirth", "type": "Boolean", "value": True}]}))
        self.broker.publish(self.NODE.format("NCMD"), bytes.fromhex(command))

        again = self.metrics(self.wait_for("NBIRTH", 2))
        self.assertEqual(again["bdSeq"]["value"], first["bdSeq"]["value"])
        self.numbers_rise_without_a_gap()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(10), 0)
        self.assertEqual(self.metrics(self.wait_for("NDEATH"))["bdSeq"]["value"],
                         first["bdSeq"]["value"])

    def has_links_to_the_broker(self) -> bool:
        rows = [line.split() for line in open("/proc/net/tcp", encoding="ascii")][1:]
        remote = f":{self.broker.port:04X}"
        return any(row[2].endswith(remote) and row[3] in ("01", "08") for row in rows)

    def test_what_was_decided_without_a_broker_comes_later_as_history(self):
        child = self.start(SITE + MQTT)
        first = self.metrics(self.wait_for("NBIRTH"))
        scanner = Scanner(self.words["d1"])
        self.wait_for("DBIRTH/D1")
        self.broker.kill()
        # What is published into a connection that has just gone is lost: QoS 0 has no answer.
        until("the node to notice", 30, lambda: not self.has_links_to_the_broker())
        for code in ("]C0AWAY-1", "]C0AWAY-2"):
            self.assertTrue(scanner.scan(code))
        child.send_signal(signal.SIGSTOP)  # so that it cannot be born before somebody listens
        self.broker.start()
        self.listener = self.broker.listen("spBv1.0/#")

        def is_listening():
            self.broker.publish("spBv1.0/PLANT/NCMD/WIRE-1", "probe")
            return self.listener.heard()
        until("the listener", 20, is_listening, 0.1)
        child.send_signal(signal.SIGCONT)
        birth = self.metrics(self.wait_for("NBIRTH"))
        self.assertEqual(birth["bdSeq"]["value"], (first["bdSeq"]["value"] + 1) % 256)
        self.wait_for("NDATA", 2)
        kept = [payload for name, payload in self.messages() if name == "NDATA"][:2]
        seq = birth["Decision/Seq"]["alias"]
        numbers = []
        for payload in kept:
            self.assertTrue(all(metric["isHistorical"] for metric in payload["metrics"]))
            numbers += [m["value"] for m in payload["metrics"] if m["alias"] == seq]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual(len(numbers), 2)
        self.numbers_rise_without_a_gap()
        scanner.close()


@unittest.skipUnless((PEERS / "node_modules/aedes").exists(),
                     "needs `npm ci --omit=optional` in tests/peers")
class OtherBrokerTest(SiteTopicsTest):
    """All of it again on a broker that shares no code with Mosquitto."""

    PROGRAM = "aedes"

    test_the_commented_configuration_of_the_broker_is_one_that_validates = None


@unittest.skipUnless((PEERS / "node_modules/aedes").exists(),
                     "needs `npm ci --omit=optional` in tests/peers")
class OtherBrokerSparkplugTest(SparkplugTest):
    PROGRAM = "aedes"


NEEDS_PAHO = "needs LOTGATE_PAHO_TESTING, a checkout of eclipse-paho/paho.mqtt.testing"


@unittest.skipUnless(PAHO, NEEDS_PAHO)
class PahoBrokerTest(SiteTopicsTest):
    """And on the broker that the Paho project tests its clients with."""

    PROGRAM = "paho"

    test_the_commented_configuration_of_the_broker_is_one_that_validates = None


@unittest.skipUnless(PAHO, NEEDS_PAHO)
class PahoBrokerSparkplugTest(SparkplugTest):
    PROGRAM = "paho"


if __name__ == "__main__":
    program = unittest.main(exit=False, verbosity=2, argv=sys.argv[:1])
    result = program.result
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
