# SPDX-License-Identifier: BSD-3-Clause
"""TLS servers whose first flight is legal and odd; flights.py CERT KEY serves them all.

A server is a function from the flight that OpenSSL writes to the bytes that go out, a list of
pieces; each is served on a port of its own.
"""

import selectors
import socket
import ssl
import sys
import threading
import time

ADDRESS = "198.18.0.1"
FIRST_PORT = 4701
HANDSHAKE, ALERT, HEADER_LEN = 22, 21, 5
UNRECOGNIZED_NAME = bytes((ALERT, 3, 3, 0, 2, 1, 112))
NO_RENEGOTIATION = bytes((ALERT, 3, 3, 0, 2, 1, 100))
SERVERS = []


def server(version, ciphers=None):
    def register(change):
        SERVERS.append({"name": change.__name__.replace("_", " "), "change": change,
                        "version": version, "ciphers": ciphers})
        return change
    return register


def records(flight):
    """The records of a flight as (header, content)."""
    while flight:
        end = HEADER_LEN + int.from_bytes(flight[3:5], "big")
        yield flight[:HEADER_LEN], flight[HEADER_LEN:end]
        flight = flight[end:]


def recut(flight, *lengths):
    """The plaintext handshake bytes in records of these lengths, the last for all others."""
    stream, rest, version = b"", b"", flight[1:3]
    for header, content in records(flight):
        if header[0] == HANDSHAKE and not rest:
            stream += content
        else:
            rest += header + content
    out, lengths = b"", list(lengths)
    while stream:
        length = lengths.pop(0) if len(lengths) > 1 else lengths[0]
        piece, stream = stream[:length], stream[length:]
        out += bytes((HANDSHAKE,)) + version + len(piece).to_bytes(2, "big") + piece
    return out + rest


@server("TLSv1_2")
def warning_before_the_hello(flight):
    return [UNRECOGNIZED_NAME + flight]


@server("TLSv1_3")
def warning_before_a_hello_of_1_3(flight):
    return [UNRECOGNIZED_NAME + flight]


@server("TLSv1_2")
def warning_in_single_bytes(flight):
    return [*(bytes((byte,)) for byte in UNRECOGNIZED_NAME), flight]


@server("TLSv1_2")
def warnings_in_front_and_behind(flight):
    end = HEADER_LEN + int.from_bytes(flight[3:5], "big")
    return [UNRECOGNIZED_NAME + NO_RENEGOTIATION + flight[:end] + UNRECOGNIZED_NAME + flight[end:]]


@server("TLSv1_2")
def header_cut_after_one_byte(flight):
    first = next(records(flight))[1]
    return [recut(flight, len(first) + 1, 16384)]


@server("TLSv1_2")
def header_cut_after_three_bytes(flight):
    first = next(records(flight))[1]
    return [recut(flight, len(first) + 3, 16384)]


@server("TLSv1_2")
def records_of_one_byte(flight):
    return [recut(flight, 1)]


@server("TLSv1_3")
def hello_of_1_3_in_records_of_three_bytes(flight):
    return [recut(flight, 3)]


@server("TLSv1_2")
def one_record_for_all(flight):
    return [recut(flight, 16384)]


@server("TLSv1_2")
def nine_warnings(flight):
    return [UNRECOGNIZED_NAME * 9 + flight]


@server("TLSv1_2")
def hangs_on_256_to_511_bytes(flight):
    return [flight]


def load_balancer_hangs(hello):
    """What old load balancers do with a record of 256 to 511 bytes (RFC 7685): nothing."""
    return 256 <= int.from_bytes(hello[3:5], "big") <= 511


def serve(entry, sock, cert, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, entry["version"])
    inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(inward, outward, server_side=True)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    first = True
    while True:
        heard = sock.recv(65536)
        if not heard:
            return
        if first and entry["name"].startswith("hangs") and load_balancer_hangs(heard):
            time.sleep(60)
        inward.write(heard)
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            pass
        said = outward.read()
        pieces = entry["change"](said) if first and said else [said]
        first = first and not said
        for piece in pieces:
            sock.sendall(piece)
            if len(pieces) > 1:
                time.sleep(0.05)


def serve_quietly(*args):
    try:
        serve(*args)
    except (OSError, ssl.SSLError):
        pass
    finally:
        args[1].close()


def serve_all(cert, key):
    """Serve until killed; says "ready" when everything listens."""
    listening = selectors.DefaultSelector()
    for port, entry in enumerate(SERVERS, FIRST_PORT):
        listener = socket.create_server((ADDRESS, port))
        listening.register(listener, selectors.EVENT_READ, entry)
    print("ready", flush=True)
    while True:
        for event, _ in listening.select():
            sock, _ = event.fileobj.accept()
            threading.Thread(target=serve_quietly, args=(event.data, sock, cert, key),
                             daemon=True).start()


if __name__ == "__main__":
    serve_all(*sys.argv[1:3])
