#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The doctor in front of kernel interfaces: where it says FAIL no scan starts, and where ok it does."""

import sys

import net
import scan
import tap

# Of a queue of AF_PACKET; what the kernel allows by default is half of it.
RINGS_KB = 16384
ONE_CORE = "main@0,poll@0,tls@0"


def limited(lab, words, kb=None, without=None):
    """Run a command with a limit of locked memory, without a capability."""
    before = []
    if without:
        before = ["setpriv", "--bounding-set", f"-{without}", "--inh-caps", f"-{without}"]
    if kb:
        before = ["sh", "-c", f'ulimit -l {kb} && exec "$@"', "sh", *before]
    return lab.scanner.run(*before, scan.program(), *words, check=False)


def compare(t, lab, port, label, part, good, **limits):
    """The doctor's verdict, and what becomes of a scan."""
    said = limited(lab, ["doctor", "--no-huge", "-i", port], **limits)
    t.has(said.stdout, part, f"doctor: {port}, {label}: it says {part!r}")
    t.eq("FAIL" in said.stdout, not good,
         f"doctor: {port}, {label}: it finds {'nothing wrong' if good else 'a fault'}", said.stdout)
    t.eq(said.returncode, scan.DONE if good else scan.SETUP, f"doctor: {port}, {label}: its exit code says so")
    ran = limited(lab, ["scan", "-i", port, "--no-huge", "--no-default-exclude", "-q", "-p", "https", "-c", "0",
                        "-S", "198.18.0.2/15", "--lcores", ONE_CORE, "198.18.0.1"], **limits)
    t.eq(ran.returncode, scan.DONE if good else scan.SETUP,
         f"doctor: {port}, {label}: a scan {'starts' if good else 'does not start'}", ran.stderr)


def main():
    reason = net.why_not("setpriv")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        packet = "af_packet:scan0"
        compare(t, lab, packet, "as root", "is up and has a carrier", True)
        compare(t, lab, packet, "too little locked memory", f"ulimit -l {RINGS_KB}", False,
                kb=RINGS_KB // 2, without="ipc_lock")
        if lab.scanner.run("sh", "-c", f"ulimit -l {RINGS_KB}", check=False).returncode == 0:
            compare(t, lab, packet, "enough locked memory", "ok    locked memory", True,
                    kb=RINGS_KB, without="ipc_lock")
        else:
            t.skip(f"doctor: {packet}, enough locked memory: it finds nothing wrong",
                   "ulimit -l cannot be raised here")
        compare(t, lab, packet, "without CAP_NET_ADMIN", "promiscuous mode and the MAC filter", False,
                without="net_admin")
        compare(t, lab, packet, "without CAP_NET_RAW", "packet sockets", False, without="net_raw")
        compare(t, lab, "af_xdp:scan0", "too little locked memory", "FAIL  locked memory", False,
                kb=RINGS_KB // 2, without="ipc_lock")
        lab.servers.ip("link set wire0 down")
        for port in (packet, "scan0"):
            compare(t, lab, port, "no carrier", "FAIL  port: interface scan0 has no carrier", False)
        lab.scanner.ip("link set scan0 down")
        compare(t, lab, packet, "interface down", "ip link set scan0 up", False)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
