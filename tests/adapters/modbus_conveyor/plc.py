"""A PLC that we did not write: pymodbus keeps the registers and speaks Modbus; what is here is the
few lines of ladder logic of the divert contract. Its only output is its port, then what it is
asked for; its input is one command a line.

    plc.py tcp                   plc.py rtu /dev/pts/7
    carton SEQUENCE TRACKING     announces a carton
    confirm SEQUENCE RESULT LANE
    get ADDRESS COUNT            prints holding registers
    coils ADDRESS COUNT          prints coils
    restart                      zeroes everything, as after a power cut
"""

import asyncio
import logging
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer

logging.disable()  # the tests refuse and drop on purpose
HOLDING = 3
COILS = 1
WRITE_BASE = 100

store = ModbusSlaveContext(
    hr=ModbusSequentialDataBlock(0, [0] * 400), co=ModbusSequentialDataBlock(0, [0] * 100),
    zero_mode=True)
registers = store.getValues
context = ModbusServerContext(slaves={1: store}, single=False)


def put(address, *values):
    store.setValues(HOLDING, address, list(values))


async def scan():
    beat = 0
    while True:
        beat += 1
        if beat % 50 == 0:
            put(0, (registers(HOLDING, 0, 1)[0] + 1) % 65536)
        decided = registers(HOLDING, WRITE_BASE + 5, 1)[0]
        if decided and decided != registers(HOLDING, 8, 1)[0]:
            put(8, decided)
        await asyncio.sleep(0.01)


def obey(words):
    if words[0] == "carton":
        put(2, 0, int(words[2]))
        put(1, int(words[1]))
    elif words[0] == "confirm":
        put(9, int(words[3]), int(words[2]), int(words[1]))
    elif words[0] == "restart":
        put(0, *[0] * 12)
        put(WRITE_BASE, *[0] * 6)
        put(7, 2)
    else:
        table = COILS if words[0] == "coils" else HOLDING
        values = registers(table, int(words[1]), int(words[2]))
        print(*[int(value) for value in values], flush=True)


async def commands():
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        obey(line.split())


async def main():
    put(7, 2)
    if sys.argv[1] == "tcp":
        server = ModbusTcpServer(context, address=("127.0.0.1", 0))
        task = asyncio.create_task(server.serve_forever())
        await server.serving
        print(server.server.sockets[0].getsockname()[1], flush=True)
    else:
        server = ModbusSerialServer(context, framer=ModbusRtuFramer, port=sys.argv[2],
                                    baudrate=115200)
        await server.start()
        task = asyncio.create_task(server.serve_forever())
        print("ready", flush=True)
    await asyncio.gather(task, scan(), commands())


asyncio.run(main())
