#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A TLS 1.3 server that asks for new keys without end and hardly takes what it makes us say.

usage: keyupdates.py CERT KEY PORT [COUNT]

COUNT KeyUpdates (update_requested, RFC 8446 4.6.3) follow the handshake, each of which has to be
answered by one of the client's. The window is tiny and what arrives is read slowly, so that the
client's TCP sees just enough progress not to give up. Python's ssl cannot send a KeyUpdate, so this
speaks to OpenSSL directly.
"""

import ctypes
import socket
import sys
import threading
import time

SSL_FILETYPE_PEM = 1
SSL_KEY_UPDATE_REQUESTED = 1
COUNT, PAUSE = 9000, 0.0005
READ_BYTES, READ_PAUSE = 256, 1

lib = ctypes.CDLL("libssl.so.3")
for name, result, arguments in (
        ("TLS_server_method", ctypes.c_void_p, ()),
        ("SSL_CTX_new", ctypes.c_void_p, (ctypes.c_void_p,)),
        ("SSL_CTX_use_certificate_chain_file", ctypes.c_int, (ctypes.c_void_p, ctypes.c_char_p)),
        ("SSL_CTX_use_PrivateKey_file", ctypes.c_int,
         (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)),
        ("SSL_new", ctypes.c_void_p, (ctypes.c_void_p,)),
        ("SSL_set_fd", ctypes.c_int, (ctypes.c_void_p, ctypes.c_int)),
        ("SSL_accept", ctypes.c_int, (ctypes.c_void_p,)),
        ("SSL_key_update", ctypes.c_int, (ctypes.c_void_p, ctypes.c_int)),
        ("SSL_do_handshake", ctypes.c_int, (ctypes.c_void_p,))):
    getattr(lib, name).restype = result
    getattr(lib, name).argtypes = arguments


def read_slowly(sock):
    try:
        while sock.recv(READ_BYTES):
            time.sleep(READ_PAUSE)
    except OSError:
        pass


def serve(context, sock, count):
    # Each in a segment of its own.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    session = lib.SSL_new(context)
    lib.SSL_set_fd(session, sock.fileno())
    if lib.SSL_accept(session) != 1:
        sock.close()
        return
    # OpenSSL does not read meanwhile.
    reader = threading.Thread(target=read_slowly, args=(sock,), daemon=True)
    reader.start()
    for _ in range(count):
        if lib.SSL_key_update(session, SSL_KEY_UPDATE_REQUESTED) != 1 or \
                lib.SSL_do_handshake(session) != 1:
            break
        time.sleep(PAUSE)
    reader.join()
    sock.close()


def main():
    cert, key, port = sys.argv[1:4]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else COUNT
    context = lib.SSL_CTX_new(lib.TLS_server_method())
    if lib.SSL_CTX_use_certificate_chain_file(context, cert.encode()) != 1 or \
            lib.SSL_CTX_use_PrivateKey_file(context, key.encode(), SSL_FILETYPE_PEM) != 1:
        sys.exit("no certificate")
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # The smallest that the kernel gives: a window of about a segment.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        listener.bind(("0.0.0.0", int(port)))
        listener.listen(64)
        print("ready", flush=True)
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(context, sock, count), daemon=True).start()


if __name__ == "__main__":
    main()
