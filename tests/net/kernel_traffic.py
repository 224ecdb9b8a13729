#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""An interface that the kernel uses: a scan over it leaves the kernel its traffic, and leaves nothing behind.

-i eth1 used to take AF_XDP wherever that worked, and with it every frame that came in: who was logged in
over eth1 lost the connection for the time of the scan. Then it took AF_PACKET there. Now a program of
tlsweep's own, attached to the interface, takes the scan's frames alone.
"""

import os
import select
import sys

import net
import scan
import servers
import tap
import xdp

KERNEL_V4, KERNEL_V6 = "198.18.0.9", "fd00::9"
TARGETS = "198.18.64.0/22"
SLOW = ["-p", "smtp", "--output", "closed", "-r", "150", "-c", "1s"]
SHORT = ["-p", "https", "-c", "1s"]
LEFT = "a scan that was killed had left its XDP program on scan0: it has been detached"
AF_PACKET = "scan0 is opened with AF_PACKET, because AF_XDP does not work:"


def begin(lab, port, words=None):
    """Start a slow scan and wait for its first SYN."""
    watch = net.Watch(lab.servers, "wire0")
    running = scan.Scan(lab, words or SLOW, [TARGETS], port=port)
    while running.process.poll() is None and not any(f[26:30] == bytes([198, 18, 0, 2]) and f[23] == 6
                                                     for f, _ in watch.frames()):
        select.select([watch.socket], [], [], 0.2)
    watch.close()
    return running


def driver(found):
    return found.summary.get("parameters", {}).get("driver")


def doctor(lab, port, *words):
    return lab.scanner.run(scan.program(), "doctor", "--no-huge", "-i", port, *words, check=False).stdout


def check_driver(t, lab, label, wanted, said=(), port="scan0"):
    """A short scan: what it is opened with, what it says, that it finds its server."""
    found = scan.run(lab, SHORT, ["198.18.1.1"], port=port)
    t.about(label)
    t.eq(driver(found), wanted, f"the scan is opened with {wanted}", found.stderr)
    for words in said:
        t.has(found.stderr, words, f"the scan says {words!r}")
    if not said:
        t.ok("XDP" not in found.stderr, "the scan says nothing of AF_XDP", found.stderr)
    t.eq([r.status for r in found.records], ["success"], "the scan finds its server", found.stderr)
    t.about(None)


def check_address(t, lab, port):
    """Pings of the kernel's while a scan runs, both families."""
    running = begin(lab, port)
    t.about(f"{port} with addresses of the kernel's")
    for source, target in ((KERNEL_V4, net.SERVER_V4), (KERNEL_V6, net.SERVER_V6)):
        # What the kernel has learnt must not spare it the asking.
        lab.scanner.run("ip", "neigh", "flush", "dev", "scan0")
        ping = lab.scanner.run("ping", "-I", source, "-i", "0.1", "-c", "25", "-W", "5", target, check=False)
        t.has(ping.stdout, " 25 received", f"of 25 pings from {source} none is lost")
    lab.servers.run("ip", "neigh", "flush", "dev", "wire0")
    for target in (KERNEL_V4, KERNEL_V6):
        ping = lab.servers.run("ping", "-i", "0.1", "-c", "5", "-W", "5", target, check=False)
        t.has(ping.stdout, " 5 received", f"the kernel answers for {target}")
    found = running.wait()
    found.check(t, "the scan")
    t.eq(driver(found), "net_af_xdp", "it is opened with AF_XDP")
    t.eq(found.counter("rst_valid"), 1024, "every target answers the scan")
    t.ok("XDP" not in found.stderr, "nothing needs saying", found.stderr)
    t.has(doctor(lab, port), f"the kernel has the address {KERNEL_V4} on it and keeps its traffic",
          "the doctor says that the kernel keeps its traffic")
    t.eq(xdp.attached(lab.scanner, "scan0"), None, "no program is attached after the end")
    t.about(None)


def check_killed(t, lab):
    """SIGKILL: the program stays. The next start takes it away, whatever driver it is for."""
    for port, wanted in (("scan0", "net_af_xdp"), ("af_packet:scan0", "net_af_packet")):
        running = begin(lab, "scan0")
        running.process.kill()
        running.process.wait()
        t.ok(xdp.attached(lab.scanner, "scan0"), "a scan that is killed leaves its program behind")
        ping = lab.scanner.run("ping", "-c", "2", "-W", "5", net.SERVER_V4, check=False)
        t.has(ping.stdout, " 2 received", "the kernel has its traffic while that program is still attached")
        t.has(doctor(lab, port), "ok    driver: AF_", f"the doctor does not mind that for {port}")
        check_driver(t, lab, f"{port} after a scan that was killed", wanted, [LEFT], port)
        t.eq(xdp.attached(lab.scanner, "scan0"), None,
             f"{port} after a scan that was killed: no program is attached after the end")


def check_interrupted(t, lab):
    running = begin(lab, "scan0")
    t.ok(xdp.attached(lab.scanner, "scan0"), "a program is attached while a scan runs over AF_XDP")
    running.interrupt()
    t.eq(running.wait().code, scan.INTERRUPTED, "a scan over AF_XDP ends by Ctrl-C", running.stderr)
    t.eq(xdp.attached(lab.scanner, "scan0"), None, "a scan that ends by Ctrl-C leaves no program attached")


def check_foreign(t, lab):
    """Another program on the interface is left alone."""
    fd = xdp.load_pass()
    xdp.attach(lab.scanner, "scan0", fd)
    theirs = xdp.attached(lab.scanner, "scan0")
    part = f"another XDP program is attached (id {theirs})"
    check_driver(t, lab, "an interface with somebody's XDP program", "net_af_packet", [AF_PACKET, part])
    t.has(doctor(lab, "scan0"), part, "an interface with somebody's XDP program: the doctor says so")
    found = scan.run(lab, SHORT, ["198.18.1.1"], port="af_xdp:scan0")
    t.eq(found.code, scan.SETUP, "af_xdp: is refused where somebody's XDP program is attached", found.stderr)
    t.has(found.stderr, part, "that refusal says why")
    t.has(doctor(lab, "af_xdp:scan0"), "FAIL  driver", "the doctor foretells that refusal")
    t.eq(xdp.attached(lab.scanner, "scan0"), theirs, "somebody's XDP program is still attached after all that")
    xdp.attach(lab.scanner, "scan0", -1)
    # It comes while a scan runs, in place of ours.
    running = begin(lab, "scan0")
    xdp.attach(lab.scanner, "scan0", fd)
    theirs = xdp.attached(lab.scanner, "scan0")
    running.interrupt()
    t.eq(running.wait().code, scan.INTERRUPTED, "a scan whose program is replaced ends as any other", running.stderr)
    t.eq(xdp.attached(lab.scanner, "scan0"), theirs,
         "a program that somebody has put in place of ours is still attached when the scan has ended")
    xdp.attach(lab.scanner, "scan0", -1)
    os.close(fd)


def check_second(t, lab):
    """Two scans over one interface: the second does not take the first one's program for a dead one's."""
    running = begin(lab, "scan0")
    ours = xdp.attached(lab.scanner, "scan0")
    found = scan.run(lab, SHORT, ["198.18.1.1"], port="scan0", source=["-S", "198.18.0.3/15"])
    t.about("a second scan over the interface of a first")
    t.eq(driver(found), "net_af_packet", "it is opened with AF_PACKET", found.stderr)
    t.has(found.stderr, f"{AF_PACKET} another scan uses AF_XDP there", "it says why")
    t.eq([r.status for r in found.records], ["success"], "it finds its server", found.stderr)
    t.eq(xdp.attached(lab.scanner, "scan0"), ours, "the first one's program stays")
    found = running.wait()
    found.check(t, "the first")
    t.eq(found.counter("rst_valid"), 1024, "the first loses no answer")
    t.about(None)


def check_queues(t, lab):
    """An interface that receives by more queues than are read."""
    lab.scanner.run("ethtool", "-L", "scan0", "rx", "2", "tx", "2")
    part = "it receives by 2 queues and the scan reads 1 of them; `ethtool -L scan0 rx 1`"
    check_driver(t, lab, "an interface with two queues", "net_af_packet", [AF_PACKET, part])
    t.has(doctor(lab, "scan0"), part, "an interface with two queues: the doctor says the same")
    lab.scanner.run("ethtool", "-L", "scan0", "rx", "1", "tx", "1")
    check_driver(t, lab, "an interface with one queue again", "net_af_xdp")


def check_rights(t, lab):
    """What AF_XDP needs beyond AF_PACKET."""
    port = ["doctor", "--no-huge", "-i", "scan0"]
    less = ["setpriv", "--bounding-set", "-all,+net_raw,+net_admin,+ipc_lock", "--inh-caps", "-all"]
    said = lab.scanner.run(*less, scan.program(), *port, check=False).stdout
    t.has(said, "to load its program takes root, or CAP_BPF and CAP_PERFMON",
          "without CAP_BPF the doctor says that AF_XDP does not work")
    less[2] += ",+bpf,+perfmon"
    found = lab.scanner.run(*less, scan.program(), "scan", "-i", "af_xdp:scan0", "--no-huge", "--no-default-exclude",
                            "-q", "-S", "198.18.0.2/15", *SHORT, "198.18.1.1", "-o", "-", check=False)
    t.eq((found.returncode, found.stdout.count('"success"')), (scan.DONE, 1),
         "CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF and CAP_PERFMON are enough for a scan over AF_XDP", found.stderr)


def check_choice(t, lab, label, part):
    """Whatever the kernel has on an interface, it is AF_XDP; the doctor says who shares it."""
    check_driver(t, lab, f"an interface with {label}", "net_af_xdp")
    t.has(doctor(lab, "scan0"), part, f"an interface with {label}: the doctor says so")


def check_choices(t, lab):
    lab.scanner.ip("addr flush dev scan0")
    check_choice(t, lab, "nothing of the kernel's on it", "the kernel does not use the interface")
    lab.scanner.ip("addr add fe80::9/64 dev scan0 nodad")
    check_choice(t, lab, "a link-local address alone", "the kernel does not use the interface")
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
            t.skip(f"an interface with {label}: it is opened with net_af_xdp", "this kernel does not have them")
    label = "a bridge that it is a part of"
    if lab.scanner.run("ip", *"link add name bridge0 type bridge".split(), check=False).returncode == 0:
        lab.scanner.ip("link set scan0 master bridge0")
        check_choice(t, lab, label, "the kernel's interface bridge0 uses it")
    else:
        t.skip(f"an interface with {label}: it is opened with net_af_xdp", "this kernel has no bridges")


def main():
    reason = net.why_not("ping", "nginx", "setpriv")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        if "this build has no XDP program" in doctor(lab, "scan0"):
            tap.skip_all("this build has no XDP program")
        lab.servers.ip(f"route add local {TARGETS} dev lo")
        lab.scanner.ip(f"addr add {KERNEL_V4}/15 dev scan0")
        lab.scanner.ip(f"addr add {KERNEL_V6}/64 dev scan0 nodad")
        for port in ("scan0", "af_xdp:scan0"):
            check_address(t, lab, port)
        servers.start(lab, "nginx")
        check_interrupted(t, lab)
        check_killed(t, lab)
        check_foreign(t, lab)
        check_second(t, lab)
        check_queues(t, lab)
        check_rights(t, lab)
        check_choices(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
