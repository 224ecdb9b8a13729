#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A port without its link: at the start, for a moment, for good.

The far end of the scanner's wire is set down, so that its own end stays up without a carrier. Such a
scan used to send into nothing until it was through, and to call that complete: nothing was left for
--resume. A TAP interface that was deleted did not end a scan either.
"""

import json
import os
import sys
import time

import net
import scan
import servers
import tap

NETWORK = "198.18.1.0/24"
N_HOSTS = 256
# Longer than a scan has patience with a link, and the time it takes to end.
SOON = 40


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def checkpoint(folder):
    with open(os.path.join(folder, "checkpoint"), encoding="utf-8") as file:
        return file.read()


def n_lines(running):
    return len(running.lines("results.jsonl"))


def set_far_end(lab, state, name="wire0"):
    lab.servers.ip(f"link set {name} {state}")


def resume(lab, folder):
    return lab.scanner.run(scan.program(), "scan", "--resume", "-q", "-o", folder, check=False, timeout=90)


def check_start(t, lab, port):
    """No carrier from the start: waited for, then refused; a folder has nothing of it."""
    set_far_end(lab, "down")
    found = scan.run(lab, ["-p", "https", "-c", "1s"], [NETWORK], port=port)
    set_far_end(lab, "up")
    t.eq(found.code, scan.SETUP, f"{port} without a carrier is refused", found.stderr)
    t.has(found.stderr, "interface scan0 has no carrier", f"{port} without a carrier: the sentence names it")
    t.eq(found.summary, {}, f"{port} without a carrier: no summary says that it was a scan")


def check_late(t, lab):
    """The carrier comes while it is waited for."""
    set_far_end(lab, "down")
    running = scan.Scan(lab, ["-p", "https", "-c", "1s"], ["198.18.1.1"])
    time.sleep(3)
    t.ok(running.process.poll() is None, "no carrier at the start: it is waited for")
    set_far_end(lab, "up")
    found = running.wait()
    found.check(t, "a late carrier")
    t.eq(len(found.records), 1, "a late carrier: the scan is as any other")


def check_lost(t, lab, port):
    """Gone for good in the middle: exit code 5, and --resume finds the rest, each target once."""
    running = scan.Scan(lab, ["-p", "https", "-r", "50", "-c", "2s", "--checkpoint-interval", "1s"],
                        [NETWORK], port=port, timeout=SOON)
    wait_until(lambda: n_lines(running) > 40)
    set_far_end(lab, "down")
    found = running.wait()
    found.check(t, f"{port}, link lost", scan.PORT)
    t.eq(found.summary.get("exit_reason"), "port-failed", f"{port}, link lost: the summary says so")
    t.has(found.stderr, "interface scan0 has no carrier", f"{port}, link lost: the interface is named")
    n = found.summary.get("num_targets_scanned", 0)
    t.ok(40 < n < 200, f"{port}, link lost: nothing more was probed then", n)
    t.ok("done" not in checkpoint(found.dir).splitlines()[1], f"{port}, link lost: the scan is not complete")
    refused = resume(lab, found.dir)
    t.eq(refused.returncode, scan.SETUP, f"{port}, link lost: --resume needs the link", refused.stderr)
    set_far_end(lab, "up")
    rest = resume(lab, found.dir)
    t.eq(rest.returncode, scan.DONE, f"{port}, link back: --resume goes on", rest.stderr)
    ips = sorted(json.loads(line)["ip"] for line in found.lines("results.jsonl")
                 if '"success"' in line)
    t.eq((len(ips), len(set(ips))), (N_HOSTS, N_HOSTS), f"{port}, resumed: every server is found, once")


def check_flap(t, lab):
    """A moment without a link: probes wait for it, and the scan goes on."""
    running = scan.Scan(lab, ["-p", "https", "-r", "50", "-c", "2s", "--probes", "2", "--probe-gap", "5s"],
                        [NETWORK])
    wait_until(lambda: n_lines(running) > 40)
    set_far_end(lab, "down")
    time.sleep(3)
    status = lab.scanner.run(scan.program(), "control", running.dir, "status").stdout
    set_far_end(lab, "up")
    found = running.wait()
    found.check(t, "a flap")
    t.has(status, '"waits_for":"link"', "a flap: the status names what is waited for")
    t.has(found.stderr, "scan0 has no carrier", "a flap: the loss is told")
    t.has(found.stderr, "the link is there after", "a flap: and the return")
    t.eq(len(found.records), N_HOSTS, "a flap: every server is found")


def check_cooldown(t, lab):
    """Lost when all has been probed: the last answers cannot come, so the scan is not done."""
    running = scan.Scan(lab, ["-p", "https", "-r", "500", "-c", "6s", "--checkpoint-interval", "1s"],
                        [NETWORK], timeout=SOON)
    wait_until(lambda: n_lines(running) >= N_HOSTS)
    set_far_end(lab, "down")
    found = running.wait()
    set_far_end(lab, "up")
    found.check(t, "link lost in the cooldown", scan.PORT)
    rest = resume(lab, found.dir)
    t.eq(rest.returncode, scan.DONE, "link lost in the cooldown: --resume asks again", rest.stderr)
    t.eq(len(found.lines("results.jsonl")), N_HOSTS, "link lost in the cooldown: no line is there twice")


def check_tap(t, lab):
    """The TAP interface is deleted under the scan."""
    space = lab.namespace()
    running = scan.Scan(lab, ["-p", "https", "-r", "10", "-c", "1s"], [NETWORK], port="tap:tap0",
                        source=["-S", "198.18.1.1/15"], space=space, timeout=SOON)
    t.ok(wait_until(lambda: os.path.exists(os.path.join(running.dir, "control.sock")), 30),
         "TAP: the scan runs")
    time.sleep(1)
    space.ip("link del tap0")
    found = running.wait()
    found.check(t, "TAP deleted", scan.PORT)
    t.has(found.stderr, "tap0 has been deleted", "TAP deleted: the interface is named")


def start_carrier(lab, path):
    """The other side of a memif port, on a wire of its own; returns the process."""
    process = lab.start(
        "carrier", os.path.abspath(sys.argv[2]), "--no-huge", "-m", "256", "--no-pci", "--no-shconf", "-l", "0",
        "--file-prefix", f"carrier-{os.getpid()}", "--no-telemetry",
        "--vdev", f"net_memif0,role=server,socket={path},socket-abstract=no",
        "--vdev", "net_af_packet0,iface=scan3", "--", "1", space=lab.scanner)
    wait_until(lambda: "ready" in lab.log("carrier"), 30)
    return process


def check_memif(t, lab):
    """The process at the other side goes away."""
    path = lab.path("memif.sock")
    net.veth(lab.scanner, "scan3", lab.servers, "wire3")
    lab.servers.ip("addr add 198.18.103.1/24 dev wire3")
    process = start_carrier(lab, path)
    running = scan.Scan(lab, ["-p", "https", "-r", "10", "-c", "1s"], [NETWORK], port=f"memif:{path}",
                        source=["-S", "198.18.103.2/24", "--gateway-ip", "198.18.103.1"], timeout=SOON)
    t.ok(wait_until(lambda: n_lines(running) > 5, 30), "memif: the scan runs")
    process.kill()
    found = running.wait()
    found.check(t, "memif without its peer", scan.PORT)
    t.has(found.stderr, "nobody is connected", "memif without its peer: says so")


def check_lonely_memif(t, lab):
    """A server's end waits for its client as long as it likes, and one Ctrl-C ends that.

    The device has taken none of the frames made until then: that they leave was waited for without end.
    """
    running = scan.Scan(lab, ["-p", "https", "-r", "100", "-c", "1s"], [NETWORK], timeout=SOON,
                        port=f"memif:{lab.path('lonely.sock')},role=server",
                        source=["-S", "198.18.103.2", "--gateway-mac", "02:00:00:00:00:09"])
    t.ok(wait_until(lambda: os.path.exists(os.path.join(running.dir, "control.sock")), 30),
         "memif as a server: the scan runs")
    time.sleep(13)
    t.ok(running.process.poll() is None, "memif as a server: a client is waited for")
    running.interrupt()
    found = running.wait()
    found.check(t, "memif as a server without a client, interrupted", scan.INTERRUPTED)
    n = found.summary.get("num_targets_scanned")
    t.ok(n < 100, "memif as a server: no more is made than waits for the device from the first look on", n)


def main():
    reason = net.why_not("nginx")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        check_start(t, lab, "af_packet:scan0")
        check_start(t, lab, "scan0")
        check_late(t, lab)
        check_flap(t, lab)
        check_lost(t, lab, "af_packet:scan0")
        check_lost(t, lab, "af_xdp:scan0")
        check_cooldown(t, lab)
        check_tap(t, lab)
        check_memif(t, lab)
        check_lonely_memif(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
