#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A byte a segment, and every fiftieth of them lost: each service completes all the same.

Eight bytes behind a gap filled the reorder buffer, and what came after them was refused, thousands
of times in such a scan.
"""

import re
import sys

import certs
import net
import scan
import tap
import trickle

PORT, N_HOSTS = 443, 8
HOSTS, ROUTER = "10.9.0.16/29", "10.9.0.1"


def build(lab):
    """scanner ── servers, which forwards ── bridge, which loses ── far, which serves."""
    bridge, far = lab.namespace(), lab.namespace()
    net.veth(lab.servers, "mid0", bridge, "mid1")
    net.veth(far, "far0", bridge, "far1")
    lab.servers.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    lab.servers.ip(f"addr add {ROUTER}/24 dev mid0")
    far.ip("addr add 10.9.0.2/24 dev far0")
    far.ip(f"route add local {HOSTS} dev lo")
    far.ip(f"route add default via {ROUTER}")
    lab.servers.ip(f"route add {HOSTS} via 10.9.0.2")
    cert, key = certs.make(lab.dir, "trickle")
    lab.start("wire", sys.executable, trickle.__file__, "wire", "mid1", "far1", space=bridge)
    lab.start("trickle", sys.executable, trickle.__file__, "serve", cert, key, str(PORT),
              space=far)
    for name in ("wire", "trickle"):
        lab.wait_for_ready(name)


def main():
    reason = net.why_not()
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        build(lab)
        gateway = re.search("link/ether (\\S+)", lab.servers.run(
            "ip", "link", "show", "wire0").stdout).group(1)
        found = scan.run(lab, ["-p", f"{PORT}:tls", "-P", "3", "-c", "8s",
                               "--handshake-timeout", "100s"], [HOSTS], timeout=200,
                         source=["-S", f"{net.SCANNER_V4}/32", "--gateway-mac", gateway])
        found.check(t, "a byte a segment")
        good = [r for r in found.records if r.status == "success"]
        t.eq(len(good), N_HOSTS, "a byte a segment over a wire that loses 2 %: each handshake completes",
             "\n".join(r.brief()[:400] for r in found.records if r.status != "success"))
        refused = found.summary["counters"]["drops"]["reorder_full"]
        frames = found.counter("rx_frames")
        tap.Tap.note(f"{refused} segments refused of {frames} frames, "
                     f"{found.summary['duration_s']:.1f} s")
        t.ok(refused <= frames / 20,
             "a byte a segment over a wire that loses 2 %: the reorder buffer refuses few segments", refused)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
