"""A ZPL printer on a TCP port of its own, as far as one label at a time needs it: answers ~HS and
the label counter, prints a format within some milliseconds. Prints its port; a command a line:

    speed MS      time for a label
    paper out|in
    lose          drops the connection when the next format has come, and prints it
    printed       answers with the number of labels printed
"""

import re
import select
import socket
import sys
import time


class Printer:
    def __init__(self):
        self.speed = 0.0
        self.paper = True
        self.lose = False
        self.waiting = []
        self.done_at = 0.0
        self.counter = 1000
        self.bytes = b""

    def move(self):
        while self.paper and self.waiting and time.monotonic() >= self.done_at:
            self.waiting.pop(0)
            self.counter += 1
            self.done_at = time.monotonic() + self.speed

    def status(self):
        return (f"\x02030,{int(not self.paper)},0,0609,{max(len(self.waiting) - 1, 0):03},0,0,0,"
                f"000,0,0,0\x03\r\n\x02000,0,0,0,1,2,4,0,{min(len(self.waiting), 1):08},1,000"
                f"\x03\r\n\x021234,0\x03\r\n").encode()

    def hear(self, client, data):
        self.bytes += data
        while True:
            piece = re.match(rb'\s*(~HS|! U1 getvar "([^"]*)"\r\n|\^XA.*?\^XZ)', self.bytes, re.S)
            if not piece:
                return True
            self.bytes = self.bytes[piece.end():]
            if piece.group(1) == b"~HS":
                client.send(self.status())
            elif piece.group(2) == b"odometer.total_label_count":
                client.send(f'"{self.counter}"'.encode())
            elif piece.group(2):
                client.send(b'"?"')
            else:
                if not self.waiting:
                    self.done_at = time.monotonic() + self.speed
                self.waiting.append(piece.group(1))
                if self.lose:
                    self.lose = False
                    return False

    def obey(self, words):
        if words[0] == "speed":
            self.speed = int(words[1]) / 1000
        elif words[0] == "paper":
            self.paper = words[1] == "in"
        elif words[0] == "lose":
            self.lose = True
        print(self.counter - 1000, flush=True)


printer = Printer()
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
client = None
while True:
    ready, _, _ = select.select(
        [sys.stdin, client or listener], [], [], 0.002 if printer.waiting else 1)
    printer.move()
    if sys.stdin in ready:
        line = sys.stdin.readline()
        if not line:
            break
        printer.obey(line.split())
    if listener in ready:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if client in ready:
        data = client.recv(65536)
        if not data or not printer.hear(client, data):
            client.close()
            client = None
            printer.bytes = b""
