#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the wire sees of a scan: exclusions, counts, order and rate of the SYNs."""

import collections
import ipaddress
import re
import sys

import net
import scan
import servers
import tap

NETWORK = ipaddress.ip_network("198.18.1.0/24")
ETH_IPV4, ETH_ARP = 0x0800, 0x0806
Syn = collections.namedtuple("Syn", "target port source_port")


def seen(watch):
    """The addresses that any frame asked for or went to, and the SYNs in their order."""
    touched, syns = set(), []
    for frame, _ in watch.frames():
        kind = int.from_bytes(frame[12:14], "big")
        if kind == ETH_ARP:
            touched.add(ipaddress.ip_address(frame[38:42]))
        elif kind == ETH_IPV4:
            target = ipaddress.ip_address(frame[30:34])
            touched.add(target)
            tcp = frame[14 + 4 * (frame[14] & 15):]
            if frame[23] == 6 and tcp[13] & 0x12 == 0x02:
                syns.append(Syn(target, int.from_bytes(tcp[2:4], "big"),
                                int.from_bytes(tcp[0:2], "big")))
    return touched, syns


def watched(lab, words, targets=(str(NETWORK),), samples=(0, 0), **keywords):
    """A scan, with the addresses it touched and its SYNs; samples: for loss, and of canaries."""
    watch = net.Watch(lab.servers, "wire0")
    words = [*words, "--loss-sample", str(samples[0]), "--canary-sample", str(samples[1])]
    found = scan.run(lab, words, targets, **keywords)
    touched, syns = seen(watch)
    watch.close()
    return found, touched, syns


def check_exclusions(t, lab):
    with open(lab.path("optout.txt"), "w", encoding="utf-8") as out:
        out.write("# left alone on request\n198.18.1.7\n198.18.1.200-198.18.1.210, all these\n")
    left_out = {ipaddress.ip_address("198.18.1.7"),
                *map(ipaddress.ip_address, (f"198.18.1.{n}" for n in range(200, 211))),
                *ipaddress.ip_network("198.18.1.64/26")}
    wanted = set(NETWORK) - left_out
    found, touched, syns = watched(lab, ["-p", "https,imaps", "-c", "2s", "-r", "2000", "-b",
                                         lab.path("optout.txt"), "--exclude", "198.18.1.64/26"])
    found.check(t, "with exclusions")
    t.eq(touched & left_out, set(), "no frame to or about an excluded address")
    pairs = collections.Counter((syn.target, syn.port) for syn in syns)
    t.eq(set(pairs), {(target, port) for target in wanted for port in (443, 993)},
         "every other pair of address and port gets a SYN")
    t.eq(set(pairs.values()), {1}, "one SYN each")
    t.eq({r.ip for r in found.records}, {str(target) for target in wanted},
         "every other host is found")
    t.eq({r.port for r in found.records}, {443}, "closed ports have no line unless asked for")
    t.eq(found.counter("probes_sent"), len(syns), "the count of probes is true")
    t.eq(found.counter("rst_valid"), len(wanted), "resets are counted as answers")


def check_sample(t, lab):
    found, _, syns = watched(lab, ["-p", "https,imaps", "-n", "60", "-c", "1s"])
    found.check(t, "sample")
    t.eq(len({(syn.target, syn.port) for syn in syns}), 60,
         "--max-targets 60: so many pairs on the wire")
    t.eq(found.summary["num_targets_scanned"], 60, "--max-targets 60: so many in the summary")


def check_probes(t, lab):
    """The upper half of the network swallows SYNs."""
    lab.servers.run("nft", "-f", "-", stdin=None, input="""
table inet probes {
  chain in { type filter hook input priority 0; ip daddr 198.18.1.128/25 drop; }
}
""")
    found, _, syns = watched(lab, ["-p", "https", "--probes", "3", "--probe-gap", "300ms", "-c",
                                   "2s",
                                   "-r", "2000"])
    lab.servers.run("nft", "delete", "table", "inet", "probes")
    found.check(t, "three probes")
    counts = collections.Counter(syn.target for syn in syns)
    silent = set(ipaddress.ip_network("198.18.1.128/25"))
    t.eq({counts[target] for target in silent}, {3}, "a silent target gets three SYNs")
    t.ok({counts[target] for target in set(NETWORK) - silent} <= {1, 2, 3},
         "an answering one gets one to three")
    t.ok(sum(counts[target] for target in set(NETWORK) - silent) < 3 * 128,
         "and is not asked again once it has answered")
    t.eq({r.ip for r in found.records}, {str(target) for target in set(NETWORK) - silent},
         "one line for each that answered")


def check_samples(t, lab):
    """One target in four twice, though it has answered; one in eight on a port nobody scans."""
    found, _, syns = watched(lab, ["-p", "https", "--probe-gap", "300ms", "-c", "1s"],
                             samples=(4, 8))
    found.check(t, "samples")
    proper = collections.Counter(syn.target for syn in syns if syn.port == 443)
    t.eq(collections.Counter(proper.values()), {1: 192, 2: 64}, "a quarter gets two SYNs")
    twice = collections.defaultdict(set)
    for syn in syns:
        if proper[syn.target] == 2 and syn.port == 443:
            twice[syn.target].add(syn.source_port)
    t.eq({len(ports) for ports in twice.values()}, {2}, "the second from another port")
    canaries = [syn for syn in syns if syn.port != 443]
    t.eq(len({syn.target for syn in canaries}), 32, "every eighth gets a canary")
    t.ok(all(32768 <= syn.port <= 61000 for syn in canaries), "on an unlikely port")
    t.eq([found.counter(name) for name in ("probes_sent", "probes_sampled", "canaries_sent")],
         [256 + 64 + 32, 64, 32], "each kind is counted")


def check_order(t, lab):
    """By the MAC address nothing waits for ARP, so the wire shows the scan's own order."""
    mac = re.search("link/ether (\\S+)", lab.servers.run("ip", "link", "show",
                                                         "wire0").stdout).group(1)

    def order(seed):
        found, _, syns = watched(lab, ["-p", "imaps", "-c", "1s", "-r", "2000", "-e", seed],
                                 source=["-S", net.SCANNER_V4, "--gateway-mac", mac])
        found.check(t, f"seed {seed}")
        return syns

    first, again, other = order("7"), order("7"), order("8")
    t.eq([(s.target, s.port) for s in first], [(s.target, s.port) for s in again],
         "a seed fixes the order")
    t.ok([s.source_port for s in first] != [s.source_port for s in again],
         "and not the source ports: a published seed lets nobody forge an answer")
    t.ok([s.target for s in first] != [s.target for s in other], "another seed, another order")
    t.eq({s.target for s in first}, {s.target for s in other}, "and the same targets")
    steps = sum(int(b.target) - int(a.target) == 1 for a, b in zip(first, first[1:]))
    t.ok(steps < 32, "neighbours in the network are not neighbours in time", f"{steps} of 255")


def check_rate(t, lab):
    """Not how fast the machine is, but that the ceiling holds: a stall is never made up for."""
    found, _, syns = watched(lab, ["-p", "imaps,pop3s,smtps,ircs", "-r", "400", "-c", "1s"])
    found.check(t, "rate")
    t.eq(len(syns), 1024, "rate: all are sent")
    least_s = (len(syns) - 32) / 400
    t.ok(found.summary["duration_s"] >= least_s,
         "400 packets a second: 1,024 SYNs take their time", found.summary["duration_s"])
    t.eq(found.summary["rates"]["asked_pps"], 400, "the rate asked for is in the summary")


def main():
    reason = net.why_not("nft", "nginx")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        check_exclusions(t, lab)
        check_sample(t, lab)
        check_probes(t, lab)
        check_samples(t, lab)
        check_order(t, lab)
        check_rate(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
