#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Two helpers, each a program of its own.

    trickle.py serve CERT KEY PORT    TLS servers that send a byte a segment
    trickle.py wire IN OUT            a wire between two interfaces: 2 % loss, 3 ms each way
"""

import collections
import random
import select
import socket
import ssl
import sys
import threading
import time

LOSS, DELAY_S, BYTE_S = 0.02, 0.003, 0.0003
ETH_P_ALL = 3


def send_all(sock, data):
    """A byte a segment, as long as the kernel has room for another one in flight."""
    for byte in data:
        sock.sendall(bytes((byte,)))
        time.sleep(BYTE_S)


def serve_one(sock, context):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    try:
        while True:
            try:
                tls.do_handshake()
                tls.read(4096)
            except ssl.SSLWantReadError:
                send_all(sock, outgoing.read())
                data = sock.recv(4096)
                if not data:
                    return
                incoming.write(data)
    except (OSError, ssl.SSLError):
        pass
    finally:
        sock.close()


def serve(cert, key, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listener = socket.create_server(("0.0.0.0", int(port)), backlog=64)
    print("ready", flush=True)
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve_one, args=(sock, context), daemon=True).start()


def wire(*names):
    """Frames that are due leave in their order; the same losses in each run."""
    ends = []
    for name in names:
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        end.bind((name, 0))
        ends.append(end)
    waiting, lots = collections.deque(), random.Random(1)
    print("ready", flush=True)
    while True:
        timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for end in select.select(ends, [], [], timeout)[0]:
            frame, source = end.recvfrom(65536)
            # ARP is left alone: not this test's concern.
            lost = frame[12:14] == b"\x08\x00" and lots.random() < LOSS
            if source[2] != socket.PACKET_OUTGOING and not lost:
                waiting.append((time.monotonic() + DELAY_S, ends[1 - ends.index(end)], frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, end, frame = waiting.popleft()
            end.send(frame)


if __name__ == "__main__":
    {"serve": serve, "wire": wire}[sys.argv[1]](*sys.argv[2:])
