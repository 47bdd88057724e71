"""A client of lotgate-sim's control socket, and of the process itself. Standard library only.

    with Sim.started("build/release/bin/lotgate-sim", warehouse, workdir) as sim:
        print(sim.do("scan", device="S1", data="]d2010950600013435221A1", wait_ms=2000))

docs/data/simulators.md has every request.
"""

import json
import os
import socket
import subprocess


class SimError(Exception):
    """The simulator answered ok: false."""


class SimControl:
    """One connection: do() sends a request and waits for its answer; use several side by side."""

    def __init__(self, path, timeout=60.0):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.received = b""
        self.tags = 0
        self.answers = {}

    def begin(self, do, **members):
        """Sends a request without waiting; finish() with what it gives back has the answer."""
        self.tags += 1
        request = dict(members, do=do, tag=self.tags)
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        return self.tags

    def finish(self, tag):
        while tag not in self.answers:
            end = self.received.find(b"\n")
            if end < 0:
                more = self.socket.recv(1 << 20)
                if not more:
                    raise SimError("the simulator closed the control socket")
                self.received += more
                continue
            answer = json.loads(self.received[:end])
            self.received = self.received[end + 1:]
            self.answers[answer.pop("tag", None)] = answer
        answer = self.answers.pop(tag)
        if not answer.pop("ok"):
            raise SimError(answer["error"])
        return answer

    def do(self, do, **members):
        return self.finish(self.begin(do, **members))

    def report(self, device=None):
        if device is None:
            return self.do("report")["devices"]
        return self.do("report", device=device)

    def wait(self, device, counter, at_least=1, timeout_ms=5000):
        return self.do("wait", device=device, counter=counter, at_least=at_least,
                       timeout_ms=timeout_ms)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Sim(SimControl):
    """The process and one control connection to it. `ready` is what it said when all was open."""

    def __init__(self, process, ready, control):
        super().__init__(control)
        self.process = process
        self.ready = ready

    @classmethod
    def started(cls, program, warehouse, workdir, stderr=None):
        """`warehouse` is a dict (written to workdir) or the path of a file."""
        os.makedirs(workdir, exist_ok=True)
        path = warehouse
        if isinstance(warehouse, dict):
            path = os.path.join(workdir, "warehouse.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(warehouse, file)
        control = os.path.join(workdir, "sim.sock")
        process = subprocess.Popen([program, path, "--control", control, "--state", workdir],
                                   stdout=subprocess.PIPE, stderr=stderr)
        line = process.stdout.readline()
        if not line:
            raise SimError(f"{program} ended with {process.wait()} before it was ready")
        return cls(process, json.loads(line), control)

    def port(self, device):
        return self.ready["devices"][device]["port"]

    def connect(self):
        """Another control connection, for a thread of its own."""
        return SimControl(self.path)

    def stop(self):
        """Its exit code: 0 when it ended as it should."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(10)

    def __exit__(self, *_):
        self.close()
        self.stop()
