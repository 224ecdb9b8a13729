# SPDX-License-Identifier: BSD-3-Clause
"""Servers that play a file to every client once it has spoken: player.py ADDRESS PORT=FILE..."""

import selectors
import socket
import sys
import threading


def play(sock, data):
    try:
        if sock.recv(65536):
            sock.sendall(data)
        while sock.recv(65536):
            pass
    except OSError:
        pass
    finally:
        sock.close()


def main(address, *pieces):
    listening = selectors.DefaultSelector()
    for piece in pieces:
        port, path = piece.split("=", 1)
        with open(path, "rb") as flight:
            listening.register(socket.create_server((address, int(port)), backlog=1024),
                               selectors.EVENT_READ, flight.read())
    print("ready", flush=True)
    while True:
        for event, _ in listening.select():
            sock, _ = event.fileobj.accept()
            threading.Thread(target=play, args=(sock, event.data), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
