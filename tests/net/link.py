#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A port without its link: at the start, for a moment, for good.

The far end of the scanner's wire is set down, so that its own end stays up without a carrier. Such a
scan used to send into nothing until it was through, and to call that complete: nothing was left for
--resume. A TAP interface that was deleted did not end a scan either.

usage: link.py TLSWEEP CARRIER [CHECK...]   without the name of a check, all of them (see main())
"""

import json
import os
import sys

import net
import scan
import servers
import tap
from net import wait_until

NETWORK = "198.18.1.0/24"
N_HOSTS = 256
# Longer than a scan has patience with a link, and the time it takes to end.
SOON = 40


def checkpoint(folder):
    with open(os.path.join(folder, "checkpoint"), encoding="utf-8") as file:
        return file.read()


def n_lines(running):
    return len(running.lines("results.jsonl"))


def set_far_end(lab, state, name="wire0"):
    lab.servers.ip(f"link set {name} {state}")


def resume(lab, folder, *words):
    return lab.scanner.run(scan.program(), "scan", "--resume", "-q", "-o", folder, *words, check=False, timeout=90)


def check_start(t, lab, port):
    """No carrier from the start: waited for, then refused; a folder has nothing of it."""
    t.about(f"{port} whose far end is down from the start")
    set_far_end(lab, "down")
    found = scan.run(lab, ["-p", "https", "-c", "1s"], [NETWORK], port=port)
    set_far_end(lab, "up")
    t.eq(found.code, scan.SETUP, "the scan is refused", found.stderr)
    t.has(found.stderr, "interface scan0 has no carrier", "the message names the interface")
    t.eq(found.summary, {}, "there is no summary, since there was no scan")


def check_late(t, lab):
    """The carrier comes while it is waited for."""
    t.about("a carrier that comes late")
    set_far_end(lab, "down")
    running = scan.Scan(lab, ["-p", "https", "-c", "1s"], ["198.18.1.1"])
    # Its packet socket is open: from here on it can only wait for the carrier.
    t.ok(wait_until(lambda: packet_sockets(lab) > 0), "the scan opens its port without a carrier")
    set_far_end(lab, "up")
    found = running.wait()
    found.check(t, "the scan that has waited for it")
    t.eq(len(found.records), 1, "the scan finds its server as any other scan does")


def packet_sockets(lab):
    """How many packet sockets there are in the scanner's namespace."""
    return len(lab.scanner.run("cat", "/proc/net/packet").stdout.splitlines()) - 1


def check_lost(t, lab, port):
    """Gone for good in the middle: exit code 5, and --resume finds the rest, each target once."""
    t.about(f"{port} that loses its link for good")
    running = scan.Scan(lab, ["-p", "https", "-r", "50", "-c", "2s", "--checkpoint-interval", "1s"],
                        [NETWORK], port=port, timeout=SOON)
    wait_until(lambda: n_lines(running) > 40)
    set_far_end(lab, "down")
    found = running.wait()
    found.check(t, "the scan that ends of it", scan.PORT)
    t.eq(found.summary.get("exit_reason"), "port-failed", "the summary gives the reason port-failed")
    t.has(found.stderr, "interface scan0 has no carrier", "the message names the interface")
    n = found.summary.get("num_targets_scanned", 0)
    t.ok(40 < n < 200, "no more targets are probed once the link is gone", n)
    t.ok("done" not in checkpoint(found.dir).splitlines()[1], "the checkpoint does not call the scan done")
    refused = resume(lab, found.dir)
    t.eq(refused.returncode, scan.SETUP, "--resume is refused while the link is still down", refused.stderr)
    set_far_end(lab, "up")
    rest = resume(lab, found.dir, "-r", "500")
    t.eq(rest.returncode, scan.DONE, "--resume ends the scan once the link is back", rest.stderr)
    ips = sorted(json.loads(line)["ip"] for line in found.lines("results.jsonl")
                 if '"success"' in line)
    t.eq((len(ips), len(set(ips))), (N_HOSTS, N_HOSTS), "both runs together find every server, and each once")


def check_flap(t, lab):
    """A moment without a link: probes wait for it, and the scan goes on."""
    t.about("a link that is lost for a moment")
    running = scan.Scan(lab, ["-p", "https", "-r", "50", "-c", "2s", "--probes", "2", "--probe-gap", "5s"],
                        [NETWORK])
    wait_until(lambda: n_lines(running) > 40)
    set_far_end(lab, "down")
    t.ok(wait_until(lambda: '"waits_for":"link"' in lab.scanner.run(
        scan.program(), "control", running.dir, "status", check=False).stdout, 9),
        "the status says that probes wait for the link")
    set_far_end(lab, "up")
    found = running.wait()
    found.check(t, "the scan that has waited for it")
    t.has(found.stderr, "scan0 has no carrier", "the loss is reported")
    t.has(found.stderr, "the link is there after", "the return is reported")
    t.eq(len(found.records), N_HOSTS, "every server is found")


def check_cooldown(t, lab):
    """Lost when all has been probed: the last answers cannot come, so the scan is not done."""
    t.about("a link that is lost in the cooldown")
    running = scan.Scan(lab, ["-p", "https", "-r", "500", "-c", "6s", "--checkpoint-interval", "1s"],
                        [NETWORK], timeout=SOON)
    wait_until(lambda: n_lines(running) >= N_HOSTS)
    set_far_end(lab, "down")
    found = running.wait()
    set_far_end(lab, "up")
    found.check(t, "the scan that ends of it", scan.PORT)
    rest = resume(lab, found.dir)
    t.eq(rest.returncode, scan.DONE, "--resume asks the last targets again", rest.stderr)
    t.eq(len(found.lines("results.jsonl")), N_HOSTS, "no target has a second line after --resume")


def check_tap(t, lab):
    """The TAP interface is deleted under the scan."""
    t.about("a TAP interface that is deleted under a scan")
    space = lab.namespace()
    running = scan.Scan(lab, ["-p", "https", "-r", "10", "-c", "1s"], [NETWORK], port="tap:tap0",
                        source=["-S", "198.18.1.1/15"], space=space, timeout=SOON)
    t.ok(wait_until(lambda: len(running.lines("status.csv")) > 1, 30), "the scan runs before")
    space.ip("link del tap0")
    found = running.wait()
    found.check(t, "the scan that ends of it", scan.PORT)
    t.has(found.stderr, "tap0 has been deleted", "the message names the interface")


def start_carrier(lab, path):
    """The other side of a memif port, on a wire of its own; returns the process."""
    process = lab.start(
        "carrier", os.path.abspath(sys.argv[2]), "--no-huge", "-m", "256", "--no-pci", "--no-shconf", "-l", "0",
        "--file-prefix", f"carrier-{os.getpid()}", "--no-telemetry",
        "--vdev", f"net_memif0,role=server,socket={path},socket-abstract=no",
        "--vdev", "net_af_packet0,iface=scan3", "--", "1", space=lab.scanner)
    lab.wait_for_ready("carrier")
    return process


def check_memif(t, lab):
    """The process at the other side goes away."""
    path = lab.path("memif.sock")
    net.veth(lab.scanner, "scan3", lab.servers, "wire3")
    lab.servers.ip("addr add 198.18.103.1/24 dev wire3")
    process = start_carrier(lab, path)
    t.about("a memif port whose peer process is killed")
    running = scan.Scan(lab, ["-p", "https", "-r", "10", "-c", "1s"], [NETWORK], port=f"memif:{path}",
                        source=["-S", "198.18.103.2/24", "--gateway-ip", "198.18.103.1"], timeout=SOON)
    t.ok(wait_until(lambda: n_lines(running) > 5, 30), "the scan runs before")
    process.kill()
    found = running.wait()
    found.check(t, "the scan that ends of it", scan.PORT)
    t.has(found.stderr, "nobody is connected", "the message says that nobody is connected")


def check_lonely_memif(t, lab):
    """A server's end waits for its client as long as it likes, and one Ctrl-C ends that.

    The device has taken none of the frames made until then: that they leave was waited for without end.
    """
    t.about("a memif server without a client")
    running = scan.Scan(lab, ["-p", "https", "-r", "100", "-c", "1s"], [NETWORK], timeout=SOON,
                        port=f"memif:{lab.path('lonely.sock')},role=server",
                        source=["-S", "198.18.103.2", "--gateway-mac", "02:00:00:00:00:09"])
    t.ok(wait_until(lambda: len(running.lines("status.csv")) > 1, 30), "the scan runs")
    # Rows come once a second: longer than the patience with a link that was lost.
    n_rows = len(running.lines("status.csv"))
    t.ok(wait_until(lambda: len(running.lines("status.csv")) >= n_rows + 13),
         "the scan waits for a client beyond the "
         "patience that it has with a lost link")
    running.interrupt()
    found = running.wait()
    found.check(t, "the scan, interrupted once", scan.INTERRUPTED)
    n = found.summary.get("num_targets_scanned")
    t.ok(n < 100, "no more probes are made than the device's ring holds", n)


CHECKS = {
    "start-af_packet": lambda t, lab: check_start(t, lab, "af_packet:scan0"),
    "start-by-name": lambda t, lab: check_start(t, lab, "scan0"),
    "late": check_late,
    "flap": check_flap,
    "lost-af_packet": lambda t, lab: check_lost(t, lab, "af_packet:scan0"),
    "lost-af_xdp": lambda t, lab: check_lost(t, lab, "af_xdp:scan0"),
    "cooldown": check_cooldown,
    "tap": check_tap,
    "memif": check_memif,
    "lonely-memif": check_lonely_memif,
}


def main():
    reason = net.why_not("nginx")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        for name in sys.argv[3:] or CHECKS:
            CHECKS[name](t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
