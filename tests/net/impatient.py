#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A TLS server that gives its clients half a second and hangs up, whatever they say: port 993, every address."""

import asyncio

PATIENCE_S = 0.5


async def hang_up(_reader, writer):
    await asyncio.sleep(PATIENCE_S)
    writer.close()


async def main():
    server = await asyncio.start_server(hang_up, "0.0.0.0", 993, backlog=4096)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
