#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Floods of things that ask for a reply, beside a scan at the default rate.

Each of them froze the probes for as long as it lasted, since replies were charged before probes and
had the whole rate; some were outside of every budget, and more frames left than the rate allows.
"""

import collections
import re
import socket
import sys

import flood
import net
import scan
import tap

RATE, SECONDS, WINDOW_S = 1000, 12, 10
SO_TIMESTAMPNS = 35
# Nobody has these addresses: the far end swallows what goes there.
NETWORK = "10.0.0.0/8"


class Clock(net.Watch):
    """When each frame of the scanner reached the far end, by the kernel's clock."""

    def __init__(self, space, name):
        super().__init__(space, name)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def vlan(self, control):
        for level, kind, data in control:
            if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                return (int.from_bytes(data[0:8], sys.byteorder) +
                        int.from_bytes(data[8:16], sys.byteorder) / 1e9)
        return 0


def most_in_window(times):
    """The largest number of frames in any ten seconds."""
    window, most = collections.deque(), 0
    for at in sorted(times):
        window.append(at)
        while window[0] < at - WINDOW_S:
            window.popleft()
        most = max(most, len(window))
    return most


def mac_of(space, name):
    text = space.run("ip", "link", "show", name).stdout
    return re.search("link/ether (\\S+)", text).group(1)


def flooded(t, lab, label, make, words=()):
    """A scan of so many seconds, beside a flood that starts before it."""
    gateway = mac_of(lab.servers, "wire0")
    watch = Clock(lab.servers, "wire0")
    stranger = make(lab) if make else None
    if stranger:
        stranger.start()
    found = scan.run(lab, ["-p", "https", "-t", f"{SECONDS}s", "-c", "1s", *words], [NETWORK],
                     source=["-S", f"{net.SCANNER_V4}/32", "--gateway-mac", gateway])
    n_asked = 0
    if stranger:
        stranger.close()
        n_asked = stranger.n_sent
    times = [at for _, at in watch.frames()]
    watch.close()
    found.check(t, f"flood of {label}")
    n_probes, n_lost = found.counter("probes_sent"), found.summary["counters"]["levels"][
        "rate_tokens_lost"]
    most = most_in_window(times)
    tap.Tap.note(f"{label}: {n_asked} asked, {n_probes} probes, {n_lost} tokens lost by a busy "
                 f"machine, {len(times)} frames, {most} in {WINDOW_S} s; "
                 f"{found.stderr.splitlines()[-4:-3]}")
    # What a busy machine could not use is no flood's fault, and counted.
    t.ok(n_probes + n_lost >= 0.9 * RATE * SECONDS, f"flood of {label}: probes keep nine tenths of the rate",
         f"{n_probes} probes and {n_lost} lost tokens of {RATE * SECONDS}")
    t.ok(most <= 1.05 * RATE * WINDOW_S + 32,
         f"flood of {label}: no ten seconds hold more than 1.05 times the rate", most)
    return found, n_asked


def main():
    reason = net.why_not()
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        scanner_mac = bytes.fromhex(mac_of(lab.scanner, "scan0").replace(":", ""))
        flooded(t, lab, "nothing", None)
        found, _ = flooded(t, lab, "forged pings", lambda lab: flood.Pings(
            lab.servers, "wire0", 2000, scanner_mac, net.SCANNER_V4))
        t.has(found.stderr, ", replies held back",
              "flood of forged pings: the status line says that replies are held back")
        t.ok(found.counter("echo_answered") > 0, "flood of forged pings: some pings are answered")
        found, n_sent = flooded(t, lab, "SYN-ACKs that one host repeats", lambda lab: flood.SynAcks(
            lab.servers, "wire0", 3000))
        duplicates = found.summary["discarded_synacks"]["duplicate"]
        t.ok(found.counter("rx_frames") / 2 < duplicates <= n_sent,
             "flood of SYN-ACKs that one host repeats: each is counted as a duplicate", (duplicates, n_sent))
        flooded(t, lab, "ARP requests", lambda lab: flood.ArpRequests(
            lab.servers, "wire0", 5000, net.SCANNER_V4))
        flooded(t, lab, "old segments on a connection", lambda lab: flood.OldSegments(
            lab.servers, "wire0", 3000))
        flooded(t, lab, "segments after a reset", lambda lab: flood.LateSegments(
            lab.servers, "wire0", 3000))
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
