#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Neighbours that lie: forged ARP and neighbour discovery, and a gateway that really moves.

    scan0 ──────── wire0    the gateway, the hosts behind it, and the liar's packet socket

A scan used to believe every ARP reply and neighbour advertisement that came: one forged reply a second lost
five targets in six, for good, and the scan called itself done.

usage: neighbours.py TLSWEEP CARRIER [CHECK...]   without the name of a check, all of them (see main())
"""

import re
import socket
import struct
import sys
import threading
import time

import net
import scan
import tap
from net import wait_until

LIAR = bytes.fromhex("026600000066")
SECOND = bytes.fromhex("020000000077")
EVERYONE = b"\xff" * 6
ALL_NODES = bytes.fromhex("333300000001")
ETH_ARP, ETH_IP4, ETH_IP6, TAG = b"\x08\x06", b"\x08\x00", b"\x86\xdd", b"\x81\x00"
BEHIND_V4, N_BEHIND_V4 = "198.18.64.0/20", 4096
BEHIND_V6, N_BEHIND_V6 = "fd00:64::/117", 2048
DARK = "198.18.128.0/20"
BY_GATEWAY = ["-S", net.SCANNER_V4, "--gateway-ip", net.SERVER_V4]
BY_GATEWAY_V6 = ["-S", net.SCANNER_V6, "--gateway-ip", net.SERVER_V6]
ON_LINK = ["-S", f"{net.SCANNER_V4}/15"]
CLOSED = ["-p", "https", "--output", "closed", "-c", "2s"]


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return 0xffff & ~total


def arp_reply(to, of, mac=LIAR, source=None):
    """An ARP reply that tells the scanner that an address is at a MAC address."""
    return (to + (source or mac) + ETH_ARP + bytes.fromhex("0001080006040002") + mac + socket.inet_aton(of)
            + to + socket.inet_aton(net.SCANNER_V4))


def advert(to, of, mac=LIAR, flags=0x60, hops=255):
    """A neighbour advertisement, solicited and overriding."""
    src, dst = (socket.inet_pton(socket.AF_INET6, a) for a in (of, net.SCANNER_V6))
    body = struct.pack("!BBHI", 136, 0, 0, flags << 24) + src + b"\x02\x01" + mac
    total = checksum(src + dst + struct.pack("!II", len(body), 58) + body)
    body = body[:2] + struct.pack("!H", total) + body[4:]
    return to + mac + ETH_IP6 + struct.pack("!IHBB", 6 << 28, len(body), 58, hops) + src + dst + body


def ping(to, tag=b""):
    """An echo request to the scanner."""
    icmp = struct.pack("!BBHHH", 8, 0, 0, 7, 7) + b"x" * 32
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(icmp), 0, 0, 64, 1, 0,
                     socket.inet_aton(net.SERVER_V4), socket.inet_aton(net.SCANNER_V4))
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    return to + LIAR + tag + ETH_IP4 + ip + icmp


def mac_of(space, name):
    text = space.run("ip", "link", "show", name).stdout
    return bytes.fromhex(re.search("link/ether (\\S+)", text).group(1).replace(":", ""))


def text_of(mac):
    return mac.hex(":")


class Liar:
    """Sends frames of a row in turn, so many a second, from the servers' side of the wire."""

    def __init__(self, lab, frames, pps):
        self.socket = lab.servers.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind(("wire0", 0))
        self.frames, self.pps = frames, pps
        self.n_sent = 0
        self.running = True
        self.thread = threading.Thread(target=self.send, daemon=True)
        self.thread.start()

    def send(self):
        start = time.monotonic()
        while self.running:
            due = int((time.monotonic() - start) * self.pps)
            # What a busy machine has missed is not made up for.
            start += max(0, due - self.n_sent - 1000) / self.pps
            for _ in range(min(due - self.n_sent, 1000)):
                try:
                    self.socket.send(self.frames[self.n_sent % len(self.frames)])
                except OSError:
                    pass
                self.n_sent += 1
            time.sleep(0.0005)

    def stop(self):
        self.running = False
        self.thread.join()
        self.socket.close()
        return self.n_sent


class Echoer(Liar):
    """Answers each question of the scanner after the host itself has, with an address of its own."""

    def send(self):
        scanner = mac_of(self.frames.scanner, "scan0")
        watch = net.Watch(self.frames.servers, "wire0")
        while self.running:
            for frame, _ in watch.frames():
                if frame[12:14] == ETH_ARP and frame[21] == 1:
                    self.socket.send(arp_reply(scanner, socket.inet_ntoa(frame[38:42])))
                    self.n_sent += 1
            time.sleep(0.001)
        watch.close()


def n_sent(running):
    """Probes that status.csv has counted so far."""
    rows = running.lines("status.csv")
    return int(rows[-1].split(",")[rows[0].split(",").index("sent")]) if len(rows) > 1 else 0


def started(running, n=1):
    """Wait until a scan has sent so many probes."""
    wait_until(lambda: running.process.poll() is not None or n_sent(running) >= n)


def lie_during(lab, frames, pps, words, targets, source):
    """A scan during which somebody lies. Returns it and how many frames the liar sent."""
    running = scan.Scan(lab, words, targets, source=source, timeout=180)
    started(running)
    liar = Liar(lab, frames, pps)
    found = running.wait()
    return found, liar.stop()


def check_gateway(t, lab, scanner):
    """Unsolicited answers for the gateway's address, to us and to everyone."""
    lies = [arp_reply(scanner, net.SERVER_V4), arp_reply(EVERYONE, net.SERVER_V4)]
    found, n = lie_during(lab, lies, 100, [*CLOSED, "-r", "1000"], [BEHIND_V4], BY_GATEWAY)
    t.about("forged ARP replies for the gateway")
    found.check(t, "the scan")
    t.ok(n > 100, "more than 100 are sent", n)
    t.eq(found.counter("rst_valid"), N_BEHIND_V4, "no target is lost", found.stderr)
    t.ok(found.counter("neighbour_unasked") > 50, "they are counted as answers to no question")


def check_gateway_v6(t, lab, scanner):
    lies = [advert(scanner, net.SERVER_V6), advert(ALL_NODES, net.SERVER_V6)]
    found, _ = lie_during(lab, lies, 100, [*CLOSED, "-r", "1000"], [BEHIND_V6], BY_GATEWAY_V6)
    t.about("forged neighbour advertisements for the gateway")
    found.check(t, "the scan")
    t.eq(found.counter("rst_valid"), N_BEHIND_V6, "no target is lost", found.stderr)
    t.ok(found.counter("neighbour_unasked") > 50, "they are counted as answers to no question")


def check_flood(t, lab, scanner):
    """20,000 replies a second for addresses nobody asked for, while our own network is scanned."""
    lies = [arp_reply(scanner, f"198.19.{i >> 8 & 255}.{i & 255}") for i in range(1, 60000, 3)]
    found, n = lie_during(lab, lies, 20000, [*CLOSED, "-r", "1000"], [BEHIND_V4], ON_LINK)
    t.about("a flood of ARP replies that nobody asked for")
    found.check(t, "the scan")
    t.ok(n > 20000, "more than 20,000 are sent", n)
    t.eq(found.counter("rst_valid"), N_BEHIND_V4, "no target is lost", found.stderr)
    t.eq(found.counter("neighbour_requests"), N_BEHIND_V4,
         "nobody is pushed out of the neighbour table: each host is asked for once")
    t.ok(found.counter("neighbour_unasked") > n // 2, "more than half of them are counted",
         found.counter("neighbour_unasked"))


def check_claims(t, lab):
    """A second claimant for every host of our own network."""
    echoer = Echoer(lab, lab, 0)
    found = scan.run(lab, [*CLOSED, "-r", "500"], ["198.18.64.0/23"], source=ON_LINK)
    n = echoer.stop()
    t.about("a second claimant for every host of our own network")
    found.check(t, "the scan")
    t.ok(n >= 400, "most questions get a second answer", n)
    t.eq(found.counter("rst_valid"), 512, "the first answer counts, so that no target is lost", found.stderr)
    t.ok(found.counter("neighbour_claims") >= 300, "second claims are counted", found.counter("neighbour_claims"))
    t.has(found.stderr, text_of(LIAR), "a message names the MAC address of the claimant")


def check_verified(t, lab, scanner):
    """Nothing comes from behind the gateway, so it is asked again: with a flood of lies about it."""
    gateway = mac_of(lab.servers, "wire0")
    lies = [arp_reply(scanner, net.SERVER_V4), arp_reply(EVERYONE, net.SERVER_V4)]
    watch = net.Watch(lab.servers, "wire0")
    found, _ = lie_during(lab, lies, 1000, [*CLOSED, "-r", "100"], [f"{DARK[:-3]}/21"], BY_GATEWAY)
    asked = [frame for frame, _ in watch.frames() if frame[12:14] == ETH_ARP and frame[21] == 1]
    watch.close()
    t.about("a flood of lies about a gateway from behind which nothing comes")
    found.check(t, "the scan")
    t.eq([frame[:6] for frame in asked[1:]], [gateway] * len(asked[1:]),
         "the gateway is asked again at the MAC address that the scan has")
    t.ok(len(asked) > 1, "the gateway is asked more than once", len(asked))
    t.ok(found.counter("neighbour_claims") > 0, "a lie while a question is open counts as a second claim")
    t.has(found.stderr, f"{net.SERVER_V4} is at {text_of(gateway)} and {text_of(LIAR)} claims it too",
          "a message names both MAC addresses")
    t.ok("has moved" not in found.stderr, "the scan stays with the gateway's first MAC address", found.stderr)


def check_failover(t, lab):
    """The gateway's address moves to another MAC, as with VRRP, and the old one is silent."""
    old = mac_of(lab.servers, "wire0")
    running = scan.Scan(lab, [*CLOSED, "-r", "400", "-P", "2", "--probe-gap", "15s"], [BEHIND_V4],
                        source=BY_GATEWAY, timeout=180)
    t.about("a gateway whose address moves to another MAC address")
    started(running, 800)
    lab.servers.ip(f"link set wire0 address {text_of(SECOND)}")
    found = running.wait()
    lab.servers.ip(f"link set wire0 address {text_of(old)}")
    found.check(t, "the scan")
    t.has(found.stderr, f"{net.SERVER_V4} has moved from {text_of(old)} to {text_of(SECOND)}",
          "a message has the old and the new MAC address")
    t.eq(found.counter("rst_valid"), N_BEHIND_V4,
         "the second probe, 15 s later, reaches every host that the first one missed", found.stderr)


def silence(lab, on):
    lab.servers.run("nft", "-f", "-", stdin=None, input="""
table netdev quiet {
  chain in { type filter hook ingress device "wire0" priority 0; drop; }
}
""" if on else "delete table netdev quiet\n")


def check_silence(t, lab):
    """The gateway is gone for a while, without a link that would say so."""
    running = scan.Scan(lab, [*CLOSED, "-r", "200", "-P", "2", "--probe-gap", "15s"], ["198.18.64.0/21"],
                        source=BY_GATEWAY, timeout=180)
    t.about("a gateway that is silent for a while")
    started(running)
    silence(lab, True)
    t.ok(wait_until(lambda: '"waits_for":"neighbour"' in lab.scanner.run(
        scan.program(), "control", running.dir, "status").stdout, 30), "the status says that probes wait for it")
    silence(lab, False)
    found = running.wait()
    found.check(t, "the scan")
    t.has(found.stderr, f"gateway {net.SERVER_V4} does not answer any more", "its silence is reported")
    t.has(found.stderr, f"gateway {net.SERVER_V4} answers again", "its return is reported")
    t.eq(found.counter("rst_valid"), 2048, "the scan continues where it was, and no target is lost", found.stderr)


def check_gone(t, lab):
    """The gateway is gone for good."""
    running = scan.Scan(lab, [*CLOSED, "-r", "50", "--checkpoint-interval", "1s"], ["198.18.64.0/21"],
                        source=BY_GATEWAY, timeout=180)
    started(running)
    silence(lab, True)
    found = running.wait()
    silence(lab, False)
    t.about("a gateway that is gone for good")
    found.check(t, "the scan that ends of it", scan.PORT)
    t.eq(found.summary.get("exit_reason"), "gateway-lost", "the summary gives the reason gateway-lost")
    rest = lab.scanner.run(scan.program(), "scan", "--resume", "-q", "-r", "500", "-o", found.dir, check=False,
                           timeout=120)
    t.eq(rest.returncode, scan.DONE, "--resume ends the scan once the gateway is back", rest.stderr)


def check_foreign(t, lab, scanner):
    """Frames to another MAC address, to everyone, or in a VLAN that is not ours."""
    watch = net.Watch(lab.servers, "wire0")
    frames = [ping(SECOND), ping(EVERYONE), ping(scanner, TAG + b"\0\x07")]
    found, n = lie_during(lab, frames, 60, [*CLOSED, "-r", "200"], ["198.18.64.0/23"], BY_GATEWAY)
    replies = [frame for frame, _ in watch.frames() if frame[12:14] == ETH_IP4 and frame[23] == 1]
    watch.close()
    t.about("pings to another MAC address, to everyone, and in another VLAN")
    found.check(t, "the scan")
    t.ok(n > 30, "more than 30 are sent", n)
    t.eq(len(replies), 0, "none of them is answered")
    t.ok(found.counter("rx_other_mac") > 10, "those to other MAC addresses are counted",
         found.counter("rx_other_mac"))
    t.ok(found.counter("rx_other_vlan") > 5, "those in another VLAN are counted", found.counter("rx_other_vlan"))
    t.eq(found.counter("rst_valid"), 512, "no target is lost")


def main():
    reason = net.why_not("nft")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        lab.servers.ip(f"route add local {BEHIND_V4} dev lo")
        lab.servers.ip(f"-6 route add local {BEHIND_V6} dev lo")
        lab.servers.ip(f"route add blackhole {DARK}")
        scanner = mac_of(lab.scanner, "scan0")
        checks = {
            "gateway": lambda: check_gateway(t, lab, scanner),
            "v6": lambda: check_gateway_v6(t, lab, scanner),
            "flood": lambda: check_flood(t, lab, scanner),
            "claims": lambda: check_claims(t, lab),
            "verified": lambda: check_verified(t, lab, scanner),
            "failover": lambda: check_failover(t, lab),
            "silence": lambda: check_silence(t, lab),
            "gone": lambda: check_gone(t, lab),
            "foreign": lambda: check_foreign(t, lab, scanner),
        }
        for name in sys.argv[3:] or checks:
            checks[name]()
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
