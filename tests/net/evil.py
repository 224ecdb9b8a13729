# SPDX-License-Identifier: BSD-3-Clause
"""The machinery of servers that misbehave, each on an address of its own.

A case is a function that talks to one client, with what the scanner has to make of it: evil_cases.py
has them. CASES is the expected truth, address_of() says where each is served.
"""

import selectors
import socket
import ssl
import struct
import threading
import time

PORTS = {"smtp": 25, "smtps": 465, "imap": 143, "pop3": 110, "irc": 6667, "xmpp-client": 5222,
         "xmpp-server": 5269, "https": 443}
CASES = []


class Gone(Exception):
    """The client has closed."""


class Peer:
    """One accepted connection."""

    context = None

    def __init__(self, sock):
        self.sock = sock
        self.sock.settimeout(60)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, text):
        self.sock.sendall(text if isinstance(text, bytes) else text.encode())

    def drip(self, text, pause=0.2):
        for byte in text.encode():
            self.sock.sendall(bytes((byte,)))
            time.sleep(pause)

    def hear(self, end=b"\n"):
        """Read up to and with the end mark."""
        heard = b""
        while not heard.endswith(end):
            byte = self.sock.recv(1)
            if not byte:
                raise Gone
            heard += byte
        return heard.decode(errors="replace")

    def hear_some(self):
        if not self.sock.recv(65536):
            raise Gone

    def stay_silent(self):
        """Keep the connection until the client leaves."""
        while True:
            self.hear_some()

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def tls(self):
        self.sock = self.context.wrap_socket(self.sock, server_side=True)

    def tls_in_single_bytes(self):
        """A handshake in which every byte of the server's is a segment of its own."""
        inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = self.context.wrap_bio(inward, outward, server_side=True)
        done = False
        while not done:
            try:
                session.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                pass
            for byte in outward.read():
                self.sock.sendall(bytes((byte,)))
            if not done:
                inward.write(self.sock.recv(65536))

    def smtp_to_starttls(self, ehlo="250-evil.example.test\r\n250 STARTTLS\r\n"):
        """Greeting and EHLO; returns when STARTTLS has been heard."""
        self.send("220 evil.example.test ESMTP\r\n")
        self.hear()
        self.send(ehlo)
        return self.hear()

    def smtp_inside(self):
        """EHLO and QUIT inside TLS."""
        self.hear()
        self.send("250-evil.example.test\r\n250 AUTH PLAIN\r\n")
        self.hear()
        self.send("221 bye\r\n")


def case(service, status, stage, word=None, retry=False, responder=("service",), **facts):
    """Register a server.

    responder: the classes it may get; more than one where it depends on whose segment is first.
    facts: keys of the record's result with their values, tls_KEY for those of its TLS log; retry: the scanner has to come back once more.
    """
    def register(serve):
        CASES.append({"name": serve.__name__.replace("_", " "), "service": service, "serve": serve,
                      "status": status, "stage": stage, "word": word, "retry": retry, "responder": responder,
                      "facts": facts})
        return serve
    return register


def address_of(index):
    return f"198.18.2.{index + 1}"


def serve(case_at, sock):
    peer = Peer(sock)
    try:
        case_at["serve"](peer)
    except (Gone, OSError):
        pass
    finally:
        peer.sock.close()


def serve_all(cert, key):
    """Serve until killed; says "ready" when everything listens."""
    Peer.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Peer.context.load_cert_chain(cert, key)
    listening = selectors.DefaultSelector()
    for index, case_at in enumerate(CASES):
        listener = socket.create_server((address_of(index), PORTS[case_at["service"]]))
        listening.register(listener, selectors.EVENT_READ, case_at)
    print("ready", flush=True)
    while True:
        for event, _ in listening.select():
            sock, _ = event.fileobj.accept()
            threading.Thread(target=serve, args=(event.data, sock), daemon=True).start()

