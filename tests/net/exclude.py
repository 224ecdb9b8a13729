#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Live exclusion as the wire sees it: after the answer not one frame, and a RST for each connection."""

import collections
import ipaddress
import json
import signal
import socket
import struct
import subprocess
import sys
import time

import net
import scan
import tap
from net import wait_until

FIRST, SECOND = ipaddress.ip_network("198.18.1.0/24"), ipaddress.ip_network("198.18.2.128/25")
HOST6 = ipaddress.ip_address(net.SERVER_V6)
ETH_IPV4, ETH_ARP, ETH_IPV6 = 0x0800, 0x0806, 0x86dd
SYN, RST, ACK = 0x02, 0x04, 0x10
RATE = 250

Frame = collections.namedtuple("Frame", "target port source_port flags seq")


def parse(frame):
    """To whom a frame goes, or about whom it asks; ARP answers stay on the link and count for none."""
    kind = int.from_bytes(frame[12:14], "big")
    if kind == ETH_ARP:
        request = int.from_bytes(frame[20:22], "big") == 1
        return Frame(ipaddress.ip_address(frame[38:42]), 0, 0, 0, 0) if request else None
    if kind == ETH_IPV4:
        target, protocol = ipaddress.ip_address(frame[30:34]), frame[23]
        rest = frame[14 + 4 * (frame[14] & 15):]
    elif kind == ETH_IPV6:
        target, protocol, rest = ipaddress.ip_address(frame[38:54]), frame[20], frame[54:]
    else:
        return None
    if protocol != socket.IPPROTO_TCP:
        return Frame(target, 0, 0, 0, 0)
    return Frame(target, int.from_bytes(rest[2:4], "big"), int.from_bytes(rest[0:2], "big"),
                 rest[13], int.from_bytes(rest[4:8], "big"))


class Wire:
    """Everything the scanner has sent, in order."""

    def __init__(self, lab):
        self.watch = net.Watch(lab.servers, "wire0")
        self.frames = []

    def look(self):
        self.frames += filter(None, (parse(frame) for frame, _ in self.watch.frames()))
        return self.frames

    def to(self, network, start=0):
        return [f for f in self.look()[start:] if f.target in network]

    def wait_for(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition(self.look()):
                return True
            time.sleep(0.05)
        return False


def silent_listener(space, family):
    """The kernel completes the handshakes; nobody ever says a word."""
    listener = space.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 25))
    listener.listen(4096)
    return listener


def control(found, *words):
    done = subprocess.run([scan.program(), "control", found.dir, *words], capture_output=True,
                          text=True, timeout=60, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def status(found):
    code, text = control(found, "status")
    return json.loads(text.splitlines()[-1]) if code == 0 else {}


def handshakes(frames):
    """Connections that the scanner completed and has not reset."""
    opened = {(f.target, f.source_port) for f in frames if f.flags == ACK}
    return opened - {(f.target, f.source_port) for f in frames if f.flags & RST}


def syn_ack(frame):
    """The answer that a SYN of the scanner would get."""
    def checksum(data):
        total = sum(struct.unpack(f"!{len(data) // 2}H", data))
        while total > 0xffff:
            total = (total & 0xffff) + (total >> 16)
        return 0xffff - total
    source, target = frame.target.packed, socket.inet_aton(net.SCANNER_V4)
    tcp = struct.pack("!HHIIBBHHH", frame.port, frame.source_port, 7, frame.seq + 1 & 0xffffffff,
                      5 << 4, SYN | ACK, 65535, 0, 0)
    check = checksum(source + target + struct.pack("!HH", socket.IPPROTO_TCP, len(tcp)) + tcp)
    tcp = tcp[:16] + struct.pack("!H", check) + tcp[18:]
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, socket.IPPROTO_TCP, 0,
                       source, target) + tcp


def provoke(lab, wire, network):
    """What an excluded host may still send, and what would be answered if it were not excluded."""
    host = str(network[9])
    lab.servers.run("ping", "-c", "1", "-W", "1", "-I", host, net.SCANNER_V4, check=False)
    with lab.servers.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        for frame in [f for f in wire.to(network) if f.flags == SYN][:20]:
            raw.sendto(syn_ack(frame), (net.SCANNER_V4, 0))


def check_excluded(t, wire, network, before, label):
    """before: connections that were open when it was asked for; what came later counts as well."""
    cut = len(wire.frames)
    frames = wire.to(network)
    last = {}
    for frame in frames:
        if frame.port == 25:
            last[(frame.target, frame.source_port)] = frame.flags
    t.about(f"a network excluded {label}")
    t.ok(len(before) > 10, "the scan has open connections to it before", len(before))
    t.ok(all(last[conn] & RST for conn in before), "the last frame of each connection is a RST",
         [(conn, last[conn]) for conn in before if not last[conn] & RST])
    t.eq(handshakes(frames), set(), "no connection to it is left open")
    t.about("")
    return cut


def check_live(t, lab):
    listeners = [silent_listener(lab.servers, family)
                 for family in (socket.AF_INET, socket.AF_INET6)]
    optout = lab.path("optout.txt")
    with open(optout, "w", encoding="utf-8") as out:
        out.write("# nobody yet\n")
    wire = Wire(lab)
    found = scan.Scan(lab, ["-p", "smtp", "-r", str(RATE), "-b", optout, "--loss-sample", "0",
                            "--canary-sample", "0", "--greeting-timeout", "60s", "-c", "2s"],
                      ["198.18.1.0/24", "198.18.2.0/24", net.SERVER_V6])
    t.ok(wire.wait_for(lambda frames: sum(f.flags == SYN for f in frames) > 150),
         "a scan of silent hosts has sent 150 SYNs")

    # By the control socket.
    before = {c for c in handshakes(wire.look()) if c[0] in FIRST}
    code, text = control(found, "exclude", str(FIRST))
    t.eq(code, 0, "control: exclude PREFIX is answered with ok", text)
    wire.look()
    cuts = [(FIRST, check_excluded(t, wire, FIRST, before, "by the control socket"))]
    provoke(lab, wire, FIRST)
    t.eq(control(found, "exclude", str(FIRST))[1],
         "ok nothing new: all of that is excluded already",
         "control: the same exclusion again is answered as nothing new")
    # By SIGHUP: first with a mistake in the file, which changes nothing.
    with open(optout, "a", encoding="utf-8") as out:
        out.write("198.18.2.0/99 # asked by mail\n")
    found.process.send_signal(signal.SIGHUP)
    t.ok(wait_until(lambda: "optout.txt:2:12:" in found.said()),
         "a mistake in the list of -b is named with its place")
    ranges = status(found).get("excluded_ranges", 0)
    before = {c for c in handshakes(wire.look()) if c[0] in SECOND}
    with open(optout, "w", encoding="utf-8") as out:
        out.write(f"{SECOND}, asked by mail\n")
    found.process.send_signal(signal.SIGHUP)
    t.ok(wait_until(lambda: status(found).get("excluded_ranges") == ranges + 1),
         "SIGHUP: the list of -b is read again", status(found))
    wire.look()
    cuts.append((SECOND, check_excluded(t, wire, SECOND, before, "by SIGHUP")))
    provoke(lab, wire, SECOND)

    t.ok(wire.wait_for(lambda frames: any(f.target == HOST6 and f.flags == ACK for f in frames)),
         "the scan connects to an IPv6 host")
    code, text = control(found, "exclude", str(HOST6))
    t.eq(code, 0, "control: the exclusion of an IPv6 host is answered with ok", text)
    t.ok(any(f.flags & RST for f in wire.to({HOST6})), "the connection to the excluded IPv6 host is reset")
    cuts.append(({HOST6}, len(wire.frames)))

    t.ok(wait_until(lambda: status(found).get("targets_started", 0) +
                    status(found).get("targets_excluded", 0) >= 513),
         "every other target is probed", status(found))
    t.eq(control(found, "abort")[0], 0, "control: abort is answered with ok")
    found.wait()
    wire.look()
    for network, cut in cuts:
        later = [f for f in wire.frames[cut:] if f.target in network]
        t.ok(not later, f"{network}: not one frame leaves for it after the answer, whatever its hosts send",
             later[:10])
    check_account(t, found, wire)
    for listener in listeners:
        listener.close()


def check_account(t, found, wire):
    found.check(t, "live exclusion", scan.INTERRUPTED)
    t.eq(found.summary["exit_reason"], "aborted", "live exclusion: the summary gives the reason aborted")
    live = found.summary["excluded_live"]
    t.eq([entry["ranges"] for entry in live],
         [[str(FIRST)], [str(SECOND)], [str(HOST6)]], "live exclusion: the summary lists each excluded range")
    t.ok(all(entry["confirmed"] for entry in live), "live exclusion: the summary has each exclusion as confirmed",
         live)
    t.eq([entry["source"] for entry in live],
         ["control socket", "--blocklist-file", "control socket"],
         "live exclusion: the summary has the source of each exclusion")
    t.eq(sum(entry["connections_reset"] for entry in live), found.counter("conns_excluded"),
         "live exclusion: the summary and the counter agree on the connections that were reset")
    probed = {f.target for f in wire.frames if f.flags == SYN}
    t.eq(found.counter("targets_started"), len(probed),
         "live exclusion: the counter of started targets is the number of targets that the wire saw a SYN for")
    t.eq(found.counter("targets_started") + found.counter("targets_excluded"), 513,
         "live exclusion: started and excluded targets are all targets")
    t.ok(found.counter("rx_excluded") > 0, "live exclusion: frames from excluded hosts are counted")
    t.ok(not any(ipaddress.ip_address(r.ip) in FIRST for r in found.records),
         "live exclusion: a connection that was cut off leaves no record")


def check_limits(t, lab):
    """One budget: replies of connections count, and probes wait for them."""
    listeners = [silent_listener(lab.servers, socket.AF_INET)]
    watch = net.Watch(lab.servers, "wire0")
    watch.socket.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    found = scan.run(lab, ["-p", "smtp,imaps", "-r", "400", "--greeting-timeout", "2s", "-c", "2s",
                           "--bye-timeout", "1s"], ["198.18.1.0/24"])
    found.check(t, "a scan at 400 packets a second")
    n, first, last_syn, before_last_syn = 0, None, None, 0
    while True:
        try:
            frame, control_data, _, source = watch.socket.recvmsg(65536, 512)
        except BlockingIOError:
            break
        if source[2] == socket.PACKET_OUTGOING:
            continue
        stamp = next((struct.unpack("qq", data[:16]) for level, kind, data in control_data
                      if level == socket.SOL_SOCKET and kind == 35), None)
        seen = stamp[0] + stamp[1] / 1e9
        n += 1
        first = first or seen
        known = parse(frame)
        if known and known.flags == SYN:
            last_syn, before_last_syn = seen, n
    watch.close()
    t.eq(n, found.counter("tx_frames"), "the counter of sent frames is the number of frames on the wire")
    t.ok(n > 1.5 * 512, "a third and more of the frames on the wire are those of connections", n)
    # At the last SYN there was no overdraft. The first frame may have been late by a lost time slice.
    t.ok(last_syn - first + 0.25 >= (before_last_syn - 33) / 400,
         "when the last SYN leaves, all frames before it are within the rate",
         f"{before_last_syn} frames in {last_syn - first:.3f} s")
    t.eq(found.summary["rates"]["asked_pps"], 400, "the summary has the rate that was asked for")
    t.ok(0 < found.summary["rates"]["frames_pps"] < 1000, "the summary has the rate of frames that was reached",
         found.summary["rates"])
    for listener in listeners:
        listener.close()


def main():
    reason = net.why_not("ping")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        lab.servers.run("sysctl", "-q", "-w", "net.core.somaxconn=4096",
                        "net.ipv4.tcp_syncookies=0", check=False)
        check_live(t, lab)
        check_limits(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
