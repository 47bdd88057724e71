"""A Modbus/TCP server that misbehaves on purpose. Prints its port, then takes one command a line:
the way it answers from the next request on.

    right  late MS  silent  dribble MS  wrong_unit  wrong_function  extra  twice  short
    midclose  midreset  busy  exception N  foreign_protocol  refuse (closes on accept)
"""

import socket
import struct
import sys
import threading
import time

mode = ["right"]


def answer_to(request):
    unit, function = request[6], request[7]
    if function in (3, 4):
        count = struct.unpack(">H", request[10:12])[0]
        pdu = bytes([function, 2 * count]) + b"".join(
            struct.pack(">H", 100 + i) for i in range(count))
    else:
        pdu = bytes([function]) + request[8:12]
    return request[0:2], unit, pdu


def frame(tid, unit, pdu, protocol=0):
    return tid + struct.pack(">HH", protocol, len(pdu) + 1) + bytes([unit]) + pdu


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def misbehave(client, request, how):
    tid, unit, pdu = answer_to(request)
    right = frame(tid, unit, pdu)
    name = how[0]
    if name == "late":
        threading.Timer(int(how[1]) / 1000, lambda: client.send(right)).start()
    elif name == "dribble":
        for byte in right:
            client.send(bytes([byte]))
            time.sleep(int(how[1]) / 1000)
    elif name == "wrong_unit":
        client.send(frame(tid, unit + 1, pdu))
    elif name == "wrong_function":
        client.send(frame(tid, unit, bytes([pdu[0] ^ 7]) + pdu[1:]))
    elif name == "extra":
        client.send(right + b"\x55")
    elif name == "twice":
        client.send(right + right)
    elif name == "short":
        client.send(frame(tid, unit, pdu[:2] + pdu[4:]))
    elif name == "midclose":
        client.send(right[:9])
        client.close()
    elif name == "midreset":
        client.send(right[:9])
        reset(client)
    elif name in ("busy", "exception"):
        code = 6 if name == "busy" else int(how[1])
        client.send(frame(tid, unit, bytes([pdu[0] | 0x80, code])))
    elif name == "foreign_protocol":
        client.send(frame(tid, unit, pdu, protocol=7))
    elif name == "right":
        client.send(right)


def serve(client):
    try:
        while True:
            request = client.recv(300)
            if not request:
                return
            misbehave(client, request, list(mode))
    except OSError:
        return


def accept(listener):
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if mode[0] == "refuse":
            reset(client)
            continue
        threading.Thread(target=serve, args=(client,), daemon=True).start()


listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(listening,), daemon=True).start()
for line in sys.stdin:
    mode = line.split()
    print("ok", flush=True)
