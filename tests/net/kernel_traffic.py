#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""An interface that the kernel uses: a scan over it leaves the kernel its traffic.

-i eth1 used to take AF_XDP wherever that worked, and with it every frame that came in: who was logged in
over eth1 lost the connection for the time of the scan.
"""

import re
import select
import sys

import net
import scan
import tap

KERNEL_V4 = "198.18.0.9"
TARGETS = "198.18.64.0/22"
SLOW = ["-p", "https", "--output", "closed", "-r", "150", "-c", "1s"]
NO_USE = "AF_XDP where it works, else AF_PACKET"


def ping_during(lab, port):
    """A scan over a port, and how many of 25 pings of the kernel's were answered meanwhile."""
    watch = net.Watch(lab.servers, "wire0")
    running = scan.Scan(lab, SLOW, [TARGETS], port=port)
    # The scan has begun when its first SYN comes.
    while running.process.poll() is None and not any(f[26:30] == bytes([198, 18, 0, 2]) and f[23] == 6
                                                     for f, _ in watch.frames()):
        select.select([watch.socket], [], [], 0.2)
    watch.close()
    ping = lab.scanner.run("ping", "-i", "0.2", "-c", "25", "-W", "2", net.SERVER_V4, check=False)
    found = running.wait()
    return found, int(re.search(r"(\d+) received", ping.stdout).group(1))


def driver(found):
    return found.summary["parameters"]["driver"]


def doctor(lab, port):
    return lab.scanner.run(scan.program(), "doctor", "--no-huge", "-i", port, check=False).stdout


def check_address(t, lab):
    lab.scanner.ip(f"addr add {KERNEL_V4}/15 dev scan0")
    found, n = ping_during(lab, "scan0")
    found.check(t, "an interface with an address")
    t.eq(n, 25, "an interface with an address: the kernel's pings during the scan lose nothing")
    t.eq(driver(found), "net_af_packet", "an interface with an address: it is opened with AF_PACKET")
    line = f"scan0 is opened with AF_PACKET, which leaves the kernel its traffic: the kernel has the address {KERNEL_V4}"
    t.has(found.stderr, line,
          "an interface with an address: a message says that the kernel keeps its traffic, and why")
    t.eq(sum(line in text for text in found.stderr.splitlines()), 1,
         "an interface with an address: the message comes once")
    t.has(doctor(lab, "scan0"), line, "an interface with an address: the doctor says the same")
    t.eq(found.counter("rst_valid"), 1024, "an interface with an address: every target answers")


def check_insist(t, lab):
    found, n = ping_during(lab, "af_xdp:scan0")
    found.check(t, "af_xdp: on an interface with an address")
    t.eq(driver(found), "net_af_xdp",
         "af_xdp: on an interface with an address: it is opened with AF_XDP all the same")
    t.has(found.stderr, "warning: the kernel receives nothing over scan0 while the scan runs",
          "af_xdp: on an interface with an address: a warning says that the kernel receives nothing")
    t.has(doctor(lab, "af_xdp:scan0"), "warning: the kernel receives nothing over scan0",
          "af_xdp: on an interface with an address: the doctor warns as well")
    t.ok(n < 25, "af_xdp: on an interface with an address: the kernel loses pings, so the warning is true", n)
    lab.scanner.ip("addr flush dev scan0")


def check_choice(t, lab, label, part):
    """What a short scan takes, and that the doctor foretells it."""
    found = scan.run(lab, ["-p", "https", "-c", "0"], [net.SERVER_V4], port="scan0")
    used = part != NO_USE
    wanted = "net_af_packet" if used else "net_af_xdp"
    t.eq(driver(found), wanted, f"an interface with {label}: it is opened with {wanted}", found.stderr)
    t.eq("leaves the kernel its traffic" in found.stderr, used,
         f"an interface with {label}: the scan {'says that the kernel uses it' if used else 'says nothing of the kernel'}")
    t.has(doctor(lab, "scan0"), part, f"an interface with {label}: the doctor says the same")


def check_choices(t, lab):
    check_choice(t, lab, "nothing of the kernel's on it", NO_USE)
    lab.scanner.ip("addr add fe80::9/64 dev scan0 nodad")
    check_choice(t, lab, "a link-local address alone", NO_USE)
    lab.scanner.ip("-6 addr flush dev scan0")
    lab.scanner.ip("addr add fd00::9/64 dev scan0 nodad")
    check_choice(t, lab, "an IPv6 address", "the kernel has the address fd00::9 on it")
    lab.scanner.ip("-6 addr flush dev scan0")
    lab.scanner.ip("route add 198.51.100.0/24 dev scan0")
    check_choice(t, lab, "a route", "the kernel has a route over it")
    lab.scanner.ip("route del 198.51.100.0/24 dev scan0")
    # Not every kernel knows them: interface_test.c has them, too.
    for kind in ("vlan id 7", "macvlan"):
        made = lab.scanner.run("ip", *f"link add link scan0 name upper0 type {kind}".split(), check=False)
        label = f"a {kind.split()[0]} upon it"
        if made.returncode == 0:
            check_choice(t, lab, label, "the kernel's interface upper0 uses it")
            lab.scanner.ip("link del upper0")
        else:
            t.skip(f"an interface with {label}: it is opened with net_af_packet", "this kernel does not have them")
    label = "a bridge that it is a part of"
    if lab.scanner.run("ip", *"link add name bridge0 type bridge".split(), check=False).returncode == 0:
        lab.scanner.ip("link set scan0 master bridge0")
        check_choice(t, lab, label, "the kernel's interface bridge0 uses it")
    else:
        t.skip(f"an interface with {label}: it is opened with net_af_packet", "this kernel has no bridges")


def main():
    reason = net.why_not("ping")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        lab.servers.ip(f"route add local {TARGETS} dev lo")
        check_address(t, lab)
        check_insist(t, lab)
        check_choices(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
