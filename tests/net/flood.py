# SPDX-License-Identifier: BSD-3-Clause
"""What strangers send into a scan, frame by frame, from the far end of its wire.

A Flood is a thread on the servers' side. It sends so many frames a second and counts them; what it
sends is made anew for each frame, and may follow from the SYNs that the scanner has sent.
"""

import ipaddress
import random
import socket
import struct
import threading
import time

ETH_IPV4, ETH_ARP, ETH_P_ALL = 0x0800, 0x0806, 3
SYN, RST, PSH, ACK = 0x02, 0x04, 0x08, 0x10
# Frames of one go: a thread that sleeps between single frames is too slow.
PAUSE_S = 0.005


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ethernet(dst, src, kind, payload):
    return dst + src + struct.pack("!H", kind) + payload + bytes(max(0, 46 - len(payload)))


def ipv4(src, dst, protocol, payload):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + src + dst
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def tcp(src, dst, sport, dport, seq, ack, flags, data=b""):
    head = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xffffffff, ack & 0xffffffff, 0x50, flags,
                       65535, 0, 0)
    pseudo = src + dst + struct.pack("!BBH", 0, 6, len(head) + len(data))
    return head[:16] + struct.pack("!H", checksum(pseudo + head + data)) + head[18:] + data


class Syn:
    """A SYN of the scanner, and what can be said to it."""

    def __init__(self, frame):
        self.scanner_mac, self.mac = frame[6:12], frame[0:6]
        self.scanner, self.host = frame[26:30], frame[30:34]
        self.scanner_port, self.port, self.iss = struct.unpack("!HHI", frame[34:42])

    def answer(self, seq, ack_off, flags, data=b""):
        segment = tcp(self.host, self.scanner, self.port, self.scanner_port, seq,
                      self.iss + ack_off, flags, data)
        return ethernet(self.scanner_mac, self.mac, ETH_IPV4,
                        ipv4(self.host, self.scanner, 6, segment))


def is_tcp(frame):
    return len(frame) >= 54 and frame[12:14] == b"\x08\x00" and frame[23] == 6


class Flood(threading.Thread):
    """Sends until close(); `make` is called for each frame and may return None: not yet."""

    def __init__(self, space, name, per_second):
        super().__init__(daemon=True)
        self.wire = space.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.wire.bind((name, 0))
        self.wire.setblocking(False)
        self.per_second, self.n_sent, self.over = per_second, 0, threading.Event()
        self.random = random.Random(1)

    def look(self, frame):
        """Each frame of the scanner."""

    def make(self):
        raise NotImplementedError

    def receive(self):
        while True:
            try:
                frame, source = self.wire.recvfrom(2048)
            except BlockingIOError:
                return
            if source[2] != socket.PACKET_OUTGOING:
                self.look(frame)

    def run(self):
        start = time.monotonic()
        while not self.over.wait(PAUSE_S):
            self.receive()
            # What could not be sent in time is not made up for: the machine may be busy.
            due = min(int((time.monotonic() - start) * self.per_second), 400)
            start = time.monotonic()
            for _ in range(due):
                frame = self.make()
                if frame is not None:
                    try:
                        self.wire.send(frame)
                        self.n_sent += 1
                    except OSError:
                        break

    def close(self):
        self.over.set()
        self.join()
        self.wire.close()


class Pings(Flood):
    """Echo requests from forged addresses."""

    def __init__(self, space, name, per_second, mac, scanner):
        super().__init__(space, name, per_second)
        self.mac, self.scanner = mac, ipaddress.ip_address(scanner).packed

    def make(self):
        src = bytes((10, *self.random.randbytes(3)))
        body = struct.pack("!BBHHH", 8, 0, 0, 7, self.n_sent & 0xffff) + bytes(24)
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        return ethernet(self.mac, b"\x02\0\0\0\0\x09", ETH_IPV4,
                        ipv4(src, self.scanner, 1, body))


class ArpRequests(Flood):
    """Who has the scanner's address? asked by forged neighbours."""

    def __init__(self, space, name, per_second, scanner):
        super().__init__(space, name, per_second)
        self.scanner = ipaddress.ip_address(scanner).packed

    def make(self):
        mac = b"\x02" + self.random.randbytes(5)
        src = bytes((198, 18, *self.random.randbytes(2)))
        return ethernet(b"\xff" * 6, mac, ETH_ARP,
                        struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + mac + src + bytes(6) +
                        self.scanner)


class SynAcks(Flood):
    """One host: the first that is probed; it repeats its SYN-ACK and hears nothing."""

    syn = None

    def look(self, frame):
        if self.syn is None and is_tcp(frame) and frame[47] == SYN:
            self.syn = Syn(frame)

    def make(self):
        return self.syn and self.syn.answer(1000, 1, SYN | ACK)


class LateSegments(Flood):
    """One host that resets our connection and goes on talking on it."""

    syn = None
    ended = False

    def look(self, frame):
        if self.syn is None and is_tcp(frame) and frame[47] == SYN:
            self.syn = Syn(frame)
            self.wire.send(self.syn.answer(1000, 1, SYN | ACK))
        elif self.syn and is_tcp(frame) and frame[26:42] != b"" and not frame[47] & (SYN | RST) \
                and frame[30:34] == self.syn.host and not self.ended:
            self.wire.send(self.syn.answer(1001, 1, RST | ACK))
            self.ended = True

    def make(self):
        return self.syn.answer(1001, 1, PSH | ACK, b"late") if self.ended else None
