#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The ways to a target: neighbour, gateway, a gateway's MAC address, a VLAN; and the way back.

    scan0 ──────────────── wire0     the lab's own wire, both on one network
    scan1 ─ near0 far0 ─── wire1     a router between
    scan2 ─ tag0 plain0 ── wire2     VLAN 7 up to the middle, untagged behind it
"""

import re
import select
import socket
import sys
import threading

import net
import scan
import servers
import tap

VLAN = 7
ROUTER_V4, ROUTER_V6 = "198.18.100.1", "fe80::1"
BEHIND_V4, BEHIND_V6 = "198.18.100.2", "fd00:100::2"
ETH_ARP, TAG = b"\x08\x06", b"\x81\x00"


def add_router(lab):
    router = lab.namespace()
    net.veth(lab.scanner, "scan1", router, "near0")
    net.veth(router, "far0", lab.servers, "wire1")
    for family in ("4/conf/all/forwarding", "6/conf/all/forwarding"):
        router.run("sh", "-c", f"echo 1 > /proc/sys/net/ipv{family}")
    router.run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit")
    router.ip(f"addr add {ROUTER_V4}/24 dev near0")
    router.ip(f"addr add {ROUTER_V6}/64 dev near0 nodad")
    router.ip("addr add fd00:100::1/64 dev near0 nodad")
    # A router asks for its neighbours from a link-local address.
    router.ip("addr add fe80::1/64 dev far0 nodad")
    lab.servers.ip("addr add fe80::2/64 dev wire1 nodad")
    router.ip("addr add 198.18.101.1/24 dev far0")
    router.ip("addr add fd00:101::1/64 dev far0 nodad")
    router.ip("route add 198.18.1.0/24 via 198.18.101.2")
    router.ip("route add fd00::/64 via fd00:101::2")
    router.ip("route add unreachable 198.18.3.0/24")
    router.ip("route add unreachable fd00:3::/64")
    lab.servers.ip("addr add 198.18.101.2/24 dev wire1")
    lab.servers.ip("addr add fd00:101::2/64 dev wire1 nodad")
    lab.servers.ip("route add 198.18.100.0/24 via 198.18.101.1")
    lab.servers.ip("route add fd00:100::/64 via fd00:101::1")
    return router


class Trunk:
    """Takes the tag off what comes from the scanner, and puts it on what goes there."""

    def __init__(self, lab):
        middle = lab.namespace()
        net.veth(lab.scanner, "scan2", middle, "tag0")
        net.veth(middle, "plain0", lab.servers, "wire2")
        lab.servers.ip("addr add 198.18.102.1/24 dev wire2")
        self.tagged, self.plain = net.Watch(middle, "tag0"), net.Watch(middle, "plain0")
        self.n_untagged = 0
        self.running = True
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def carry(self):
        while self.running:
            select.select([self.tagged.socket, self.plain.socket], [], [], 0.2)
            for frame, vlan in self.tagged.frames():
                if vlan == VLAN:
                    self.plain.socket.send(frame)
                else:
                    self.n_untagged += 1
            for frame, _ in self.plain.frames():
                self.tagged.socket.send(frame[:12] + TAG + VLAN.to_bytes(2, "big") + frame[12:])

    def stop(self):
        self.running = False
        self.thread.join()


def check_one(t, found, target, label):
    found.check(t, label)
    t.eq([(r.ip, r.status) for r in found.records], [(target, "success")], f"{label}: the target is found",
         found.stderr[-2000:])


def check_router(t, lab, router, driver):
    t.about(f"over {driver}")
    words = ["-p", "https", "-c", "2s", "--output", "open,unreachable"]
    found = scan.run(lab, words, ["198.18.1.1", "198.18.3.1", net.SERVER_V6, "fd00:3::1"],
                     port=f"{driver}:scan1",
                     source=["-S", f"{BEHIND_V4}/24", "--gateway-ip", ROUTER_V4,
                             "-S", f"{BEHIND_V6}/64", "--gateway-ip", ROUTER_V6])
    found.check(t, "by gateway")
    for target in ("198.18.1.1", net.SERVER_V6):
        record = found.by_target.get((target, 443))
        t.eq(record and record.status, "success", f"by gateway: the target {target} is found",
             found.stderr[-2000:])
    for target, kind, code in (("198.18.3.1", 3, 1), ("fd00:3::1", 1, 0)):
        record = found.by_target.get((target, 443))
        t.eq(record and record.result["tcp"]["icmp"], {"type": kind, "code": code},
             f"by gateway: the router's ICMP error about {target} is in its record")
    mac = re.search("link/ether (\\S+)", router.run("ip", "link", "show", "near0").stdout).group(1)
    watch = net.Watch(router, "near0")
    found = scan.run(lab, ["-p", "https", "-c", "2s"], ["198.18.1.1"], port=f"{driver}:scan1",
                     source=["-S", BEHIND_V4, "--gateway-mac", mac])
    check_one(t, found, "198.18.1.1", "by the gateway's MAC address")
    asked = [frame for frame, _ in watch.frames() if frame[12:14] == ETH_ARP and frame[21] == 1]
    t.eq(asked, [], "by the gateway's MAC address: no ARP request leaves")
    watch.close()
    t.about(None)


def check_vlan(t, trunk, lab, driver):
    t.about(f"over {driver}")
    trunk.n_untagged = 0
    found = scan.run(lab, ["-p", "https", "-c", "2s", "--vlan", str(VLAN)], ["198.18.102.1"],
                     port=f"{driver}:scan2", source=["-S", "198.18.102.2/24"])
    check_one(t, found, "198.18.102.1", "in a VLAN")
    t.eq(trunk.n_untagged, 0, "in a VLAN: no frame leaves without its tag")
    t.about(None)


def check_neighbour(t, lab, driver):
    """We answer ARP, neighbour discovery and ping for our address, and for no other."""
    t.about(f"over {driver}")
    # A server that never speaks keeps the scan going while we ping.
    with lab.servers.socket(socket.AF_INET, socket.SOCK_STREAM) as silent:
        silent.bind((net.SERVER_V4, 25))
        silent.listen()
        watch = net.Watch(lab.servers, "wire0")
        running = scan.Scan(lab, ["-p", "smtp", "-c", "1s", "--greeting-timeout", "8s"],
                            [net.SERVER_V4, "198.18.0.77"], port=f"{driver}:scan0")
        select.select([watch.socket], [], [], 60)
        # What the kernel has learnt from our own requests must not spare it the asking.
        lab.servers.run("ip", "neigh", "flush", "dev", "wire0")
        for address in (net.SCANNER_V4, net.SCANNER_V6):
            ping = lab.servers.run("ping", "-c", "3", "-i", "0.2", "-W", "5", address, check=False)
            t.has(ping.stdout, " 3 received", f"the scanner answers ping to {address}")
        ping = lab.servers.run("ping", "-c", "1", "-W", "1", "198.18.0.3", check=False)
        t.has(ping.stdout, " 0 received", "the scanner answers no ping to another address")
        found = running.wait()
        watch.close()
    found.check(t, "pinged while scanning")
    t.ok(found.counter("arp_nd_answered") >= 1, "ARP and ND requests that are answered are counted")
    t.eq(found.counter("echo_answered"), 6, "echo requests that are answered are counted")
    t.eq(found.counter("neighbour_unresolved"), 1, "a neighbour that does not exist is given up and counted")
    t.eq([r.ip for r in found.records], [net.SERVER_V4], "a neighbour that does not exist has no record")
    t.about(None)


def check_loss(t, lab):
    """5 % of all packets are lost, both ways."""
    lab.servers.run("nft", "-f", "-", stdin=None, input="""
table inet loss {
  chain in { type filter hook input priority 0; meta l4proto tcp numgen random mod 100 < 5 drop; }
  chain out { type filter hook output priority 0; meta l4proto tcp numgen random mod 100 < 5 drop; }
}
""")
    # Six probes: that all of them are lost happens in one scan of 600,000.
    found = scan.run(lab, ["-p", "https", "-r", "500", "-c", "4s", "--probes", "6", "--probe-gap",
                           "500ms", "--handshake-timeout", "60s", "--reply-timeout", "60s"],
                     ["198.18.1.0-198.18.1.99"], timeout=150)
    found.check(t, "over a wire that loses 5 %")
    t.eq(len([r for r in found.records if r.status == "success"]), 100,
         "over a wire that loses 5 %: every server is a success", [r.brief()[:300] for r in found.records
                                             if r.status != "success"])
    t.ok(any(r.result["tcp"]["retransmits"] for r in found.records),
         "over a wire that loses 5 %: data is sent again")


def check_plain_name(t, lab):
    """An interface by its name alone: AF_XDP, which works on veth."""
    found = scan.run(lab, ["-p", "https", "-c", "1s"], ["198.18.1.1"], port="scan0")
    check_one(t, found, "198.18.1.1", "interface by name")
    t.eq(found.summary["parameters"]["driver"], "net_af_xdp", "interface by name: it is opened with AF_XDP")


def main():
    reason = net.why_not("nft", "nginx", "ping")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        router, trunk = add_router(lab), Trunk(lab)
        for driver in ("af_packet", "af_xdp"):
            check_router(t, lab, router, driver)
            check_vlan(t, trunk, lab, driver)
            check_neighbour(t, lab, driver)
        trunk.stop()
        check_plain_name(t, lab)
        check_loss(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
