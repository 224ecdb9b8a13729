#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The kernel's own traffic on an interface over which a scan runs at full speed.

AF_XDP, with the XDP program that leaves the kernel its frames, is compared with AF_PACKET, which only copies frames:
pings of the kernel's, and transfers of the kernel's TCP both ways, in turns over both drivers.
"""

import hashlib
import os
import re
import socket
import sys
import threading

import net
import scan
import servers
import tap
import xdp

KERNEL_V4 = "198.18.0.9"
# Addresses that refuse every connection: each probe has an answer.
CLOSED = "10.0.0.0/13"
N_PINGS, N_ROUNDS = 100, 2
DATA = os.urandom(16 << 20)
# Offsets in struct tcp_info
TCPI_TOTAL_RETRANS, TCPI_DSACK_DUPS = 100, 216
REFUSE = """
table inet refuse {
  chain in { type filter hook input priority 0; ip daddr 10.0.0.0/8 meta l4proto tcp reject with tcp reset; }
}
"""


def join(lab):
    """A connection of the kernel's over the wire: its end at the scanner, its end at the server."""
    with lab.servers.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((net.SERVER_V4, 9000))
        listener.listen()
        near = lab.scanner.socket(socket.AF_INET, socket.SOCK_STREAM)
        near.connect((net.SERVER_V4, 9000))
        return near, listener.accept()[0]


def send(sender, receiver):
    """Returns whether every byte came, how many segments were sent again, and how many of these had come before.

    A sender that has no CPU for a while misses acknowledgements and sends again what was not lost. The receiver
    says so (RFC 2883).
    """
    def push():
        sender.sendall(DATA)
        sender.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=push)
    thread.start()
    got = hashlib.sha256()
    while block := receiver.recv(1 << 20):
        got.update(block)
    thread.join()
    info = sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    again, twice = (int.from_bytes(info[at:at + 4], sys.byteorder) for at in (TCPI_TOTAL_RETRANS, TCPI_DSACK_DUPS))
    return got.digest() == hashlib.sha256(DATA).digest(), again, twice


def transfer(lab):
    """Both ways, each over a connection of its own; the sums of what send() returns."""
    sums = [True, 0, 0]
    for down in (True, False):
        near, far = join(lab)
        with near, far:
            good, again, twice = send(far, near) if down else send(near, far)
        sums = [sums[0] and good, sums[1] + again, sums[2] + twice]
    return sums


def beside(t, lab, port, mac):
    """One scan and the kernel's traffic beside it; returns the kernel's segments that were lost."""
    running = scan.Scan(lab, ["-p", "https", "-r", "0", "-c", "4s", "-P", "4", "--probe-gap", "1s"],
                        [CLOSED, "198.18.1.0/26"], port=port, source=["-S", "198.18.0.2", "-G", mac], timeout=400)
    net.wait_until(lambda: len(running.lines("status.csv")) > 1)
    pings = []
    thread = threading.Thread(target=lambda: pings.append(lab.scanner.run(
        "ping", "-q", "-i", "0.05", "-c", str(N_PINGS), "-W", "10", net.SERVER_V4, check=False).stdout))
    thread.start()
    whole, again, twice = transfer(lab)
    thread.join()
    t.about(f"beside a scan at full speed over {port}")
    t.ok(running.process.poll() is None, "the scan still runs when the kernel has done its part")
    t.has(pings[0], f" {N_PINGS} received", f"of {N_PINGS} pings of the kernel's none is lost")
    t.ok(whole, "two transfers of the kernel's TCP come byte for byte")
    found = running.wait()
    found.check(t, "the scan")
    t.eq(found.summary.get("parameters", {}).get("driver"),
         "net_af_packet" if port.startswith("af_packet") else "net_af_xdp", "the driver is the one that was meant")
    t.eq(len([r for r in found.records if r.status == "success"]), 64, "the scan finds all of its 64 servers")
    print(f"# {port}: {again} segments of the kernel's sent again, {twice} of them needlessly, "
          f"{found.summary['rates']['probes_pps']:.0f} probes a second, {found.counter('rst_valid')} answers", flush=True)
    t.about(None)
    return max(again - twice, 0)


def main():
    reason = net.why_not("ping", "nft", "nginx")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        lab.scanner.ip(f"addr add {KERNEL_V4}/15 dev scan0")
        said = lab.scanner.run(scan.program(), "doctor", "--no-huge", "-i", "scan0", check=False).stdout
        if "this build has no XDP program" in said:
            tap.skip_all("this build has no XDP program")
        servers.start(lab, "nginx")
        lab.servers.ip("route add local 10.0.0.0/8 dev lo")
        lab.servers.run("nft", "-f", "-", stdin=None, input=REFUSE)
        mac = re.search("link/ether (\\S+)", lab.servers.run("ip", "link", "show", "wire0").stdout).group(1)
        lost = {"af_packet:scan0": 0, "scan0": 0}
        for _ in range(N_ROUNDS):
            for port in lost:
                lost[port] += beside(t, lab, port, mac)
        t.ok(lost["scan0"] <= lost["af_packet:scan0"],
             "beside AF_XDP the kernel's TCP has no more to send again than beside AF_PACKET", lost)
        t.eq(xdp.attached(lab.scanner, "scan0"), None, "no program is attached after the scans")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
