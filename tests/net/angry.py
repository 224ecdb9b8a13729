#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A TLS server that says handshake_failure to every client before it has heard it: port 8443, every
address.

On every other address it closes behind its alert.
"""

import asyncio

ALERT = bytes((21, 3, 3, 0, 2, 2, 40))
PATIENCE_S = 20


async def complain(_reader, writer):
    writer.write(ALERT)
    address = writer.get_extra_info("sockname")[0]
    if int(address.rsplit(".", 1)[1]) % 2:
        await asyncio.sleep(PATIENCE_S)
    writer.close()


async def main():
    server = await asyncio.start_server(complain, "0.0.0.0", 8443, backlog=4096)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
