#!/usr/bin/python3
"""Runs the daemon as lotgate.service says, with this script in the place of systemd: readiness,
watchdog, reload, stop, and what it does with a bad configuration. Each wait ends with the event it
waits for, or with a deadline.

  service_test.py UNIT [--bin FOLDER] [--user NAME]

With --bin the programs of a build are used, in a folder of their own; without it the installed
ones, with the paths of the unit.
"""
import argparse
import os
import pathlib
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

WATCHDOG_S = 2.0
results = []


def told(what, is_good, detail=""):
    results.append(is_good)
    print(f"{'ok      ' if is_good else 'FAILED  '}{what}{'' if is_good else '  ' + str(detail)}")


def keys_of(unit):
    """The last value of each key; enough for the keys used here."""
    keys = {}
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, value = line.split("=", 1)
            keys[key] = value
    return keys


class Service:
    """One run of the daemon and the datagrams it sends to its service manager."""

    def __init__(self, words, folder, user):
        self.path = folder / "notify"
        self.path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.path.chmod(0o777)
        # What systemd sets. WATCHDOG_PID is left out: with --user the pid is not known before.
        environment = {"PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": str(self.path),
                       "WATCHDOG_USEC": str(int(WATCHDOG_S * 1e6))}
        self.log = open(folder / "log", "w+")
        self.process = subprocess.Popen(words, env=environment, stdout=self.log, user=user,
                                        group=user, stderr=subprocess.STDOUT, umask=0o077,
                                        extra_groups=[] if user else None)

    def hears(self, word, within=10.0):
        """True when a datagram with the line came in time."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self.socket], [], [], left)[0]:
                return False
            if word in self.socket.recv(4096).decode().split("\n"):
                return True
        return False

    def ends(self, within=10.0):
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            return None

    def said(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read()

    def over(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.socket.close()
        self.log.close()


def good_day(start, keys, ask):
    service = start()
    try:
        told("says when it is ready", service.hears("READY=1"), service.said())
        told("feeds the watchdog", service.hears("WATCHDOG=1", WATCHDOG_S), service.said())
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=20)
        told("the command gets its answer over the socket", answer.returncode == 0,
             answer.stdout + answer.stderr)
        service.process.send_signal(signal.SIGHUP)
        told("says that it reads its configuration again", service.hears("RELOADING=1"))
        told("and when it has", service.hears("READY=1"))
        service.process.send_signal(signal.SIGSTOP)
        while service.hears("WATCHDOG=1", 0.05):
            pass
        told("a stopped process does not feed the watchdog",
             not service.hears("WATCHDOG=1", WATCHDOG_S))
        service.process.send_signal(signal.SIGCONT)
        told("feeds it again when it goes on", service.hears("WATCHDOG=1", 2 * WATCHDOG_S))
        before = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        told("says that it stops", service.hears("STOPPING=1"))
        status = service.ends(float(keys["TimeoutStopSec"].rstrip("s")))
        took = time.monotonic() - before
        told("stops in order, within 2 s", status == 0 and took < 2, f"{status}, {took:.1f} s")
    finally:
        service.over()


def bad_day(start, config, last_good, keys):
    good = config.read_text()
    config.write_text(good.replace("[site]", "[sight]"))
    try:
        service = start()
        told("with a bad configuration it runs on the last good one", service.hears("READY=1"),
             service.said())
        told("and says so", "last good" in service.said(), service.said())
        service.process.send_signal(signal.SIGTERM)
        service.ends()
        service.over()
        last_good.unlink()
        service = start()
        status = service.ends()
        told("with no last good one it ends with 78", status == 78, status)
        told("which the unit does not restart", str(status) == keys["RestartPreventExitStatus"])
        told("it names the line", f"{config}:" in service.said(), service.said())
        service.over()
    finally:
        config.write_text(good)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("unit", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path)
    parser.add_argument("--user")
    said = parser.parse_args()
    keys = keys_of(said.unit)
    words = shlex.split(keys["ExecStart"])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="service-"))
    folder.chmod(0o755)
    ask = ["lotgate", "status"]
    if said.bin:
        source = pathlib.Path(__file__).resolve().parents[2]
        config, last_good = folder / "lotgate.toml", folder / "last-good.toml"
        words[0] = str(said.bin / "lotgated")
        words[words.index("--config") + 1] = str(config)
        words[words.index("--last-good") + 1] = str(last_good)
        config.write_text(f'[site]\nid = "SITE-1"\n[store]\npath = "{folder}/lotgate.db"\n'
                          f'[labels]\ndir = "{source}/config/labels"\n'
                          f'[api]\nlisten = "127.0.0.1:0"\nsocket = "{folder}/control.sock"\n')
        ask = [said.bin / "lotgate", "--socket", folder / "control.sock", "status"]
    else:
        config = pathlib.Path(words[words.index("--config") + 1])
        last_good = pathlib.Path(words[words.index("--last-good") + 1])

    def start():
        return Service(words, folder, said.user)

    try:
        good_day(start, keys, ask)
        bad_day(start, config, last_good, keys)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
