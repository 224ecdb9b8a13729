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
    t.eq(touched & left_out, set(), "no frame goes to an excluded address or asks for it")
    pairs = collections.Counter((syn.target, syn.port) for syn in syns)
    t.eq(set(pairs), {(target, port) for target in wanted for port in (443, 993)},
         "every pair of address and port that is not excluded gets a SYN")
    t.eq(set(pairs.values()), {1}, "no pair gets more than one SYN without --probes")
    t.eq({r.ip for r in found.records}, {str(target) for target in wanted},
         "every host that is not excluded is found")
    t.eq({r.port for r in found.records}, {443}, "closed ports have no line unless asked for")
    t.eq(found.counter("probes_sent"), len(syns), "the counter of probes is the number of SYNs on the wire")
    t.eq(found.counter("rst_valid"), len(wanted), "resets from closed ports are counted as answers")


def check_sample(t, lab):
    found, _, syns = watched(lab, ["-p", "https,imaps", "-n", "60", "-c", "1s"])
    found.check(t, "--max-targets 60")
    t.eq(len({(syn.target, syn.port) for syn in syns}), 60,
         "--max-targets 60: the wire sees SYNs to 60 pairs")
    t.eq(found.summary["num_targets_scanned"], 60, "--max-targets 60: the summary has 60 targets scanned")


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
    found.check(t, "--probes 3")
    counts = collections.Counter(syn.target for syn in syns)
    silent = set(ipaddress.ip_network("198.18.1.128/25"))
    t.eq({counts[target] for target in silent}, {3}, "--probes 3: a silent target gets three SYNs")
    t.ok({counts[target] for target in set(NETWORK) - silent} <= {1, 2, 3},
         "--probes 3: a target that answers gets one to three SYNs")
    t.ok(sum(counts[target] for target in set(NETWORK) - silent) < 3 * 128,
         "--probes 3: targets that have answered are not probed again")
    t.eq({r.ip for r in found.records}, {str(target) for target in set(NETWORK) - silent},
         "--probes 3: each target that answers has a line")


def check_samples(t, lab):
    """One target in four twice, though it has answered; one in eight on a port nobody scans."""
    found, _, syns = watched(lab, ["-p", "https", "--probe-gap", "300ms", "-c", "1s"],
                             samples=(4, 8))
    found.check(t, "samples for the loss and the background")
    proper = collections.Counter(syn.target for syn in syns if syn.port == 443)
    t.eq(collections.Counter(proper.values()), {1: 192, 2: 64},
         "--loss-sample 4: a quarter of the targets gets two SYNs")
    twice = collections.defaultdict(set)
    for syn in syns:
        if proper[syn.target] == 2 and syn.port == 443:
            twice[syn.target].add(syn.source_port)
    t.eq({len(ports) for ports in twice.values()}, {2},
         "--loss-sample 4: the second SYN comes from another source port")
    canaries = [syn for syn in syns if syn.port != 443]
    t.eq(len({syn.target for syn in canaries}), 32, "--canary-sample 8: every eighth target gets a canary")
    t.ok(all(32768 <= syn.port <= 61000 for syn in canaries),
         "--canary-sample 8: canaries go to ports from 32768 to 61000")
    t.eq([found.counter(name) for name in ("probes_sent", "probes_sampled", "canaries_sent")],
         [256 + 64 + 32, 64, 32], "samples and canaries are counted apart from probes")


def check_order(t, lab):
    """By the MAC address nothing waits for ARP, so the wire shows the scan's own order."""
    mac = re.search("link/ether (\\S+)", lab.servers.run("ip", "link", "show",
                                                         "wire0").stdout).group(1)

    def order(seed, nth):
        found, _, syns = watched(lab, ["-p", "imaps", "-c", "1s", "-r", "2000", "-e", seed],
                                 source=["-S", net.SCANNER_V4, "--gateway-mac", mac])
        found.check(t, f"{nth} scan with seed {seed}")
        return syns

    first, again, other = order("7", "first"), order("7", "second"), order("8", "one")
    t.eq([(s.target, s.port) for s in first], [(s.target, s.port) for s in again],
         "two scans with one seed probe in the same order")
    t.ok([s.source_port for s in first] != [s.source_port for s in again],
         "two scans with one seed have other source ports: a published seed lets nobody forge an answer")
    t.ok([s.target for s in first] != [s.target for s in other], "another seed gives another order")
    t.eq({s.target for s in first}, {s.target for s in other}, "another seed gives the same targets")
    steps = sum(int(b.target) - int(a.target) == 1 for a, b in zip(first, first[1:]))
    t.ok(steps < 32, "addresses that are neighbours are seldom probed one after the other", f"{steps} of 255")


def check_rate(t, lab):
    """Not how fast the machine is, but that the ceiling holds: a stall is never made up for."""
    found, _, syns = watched(lab, ["-p", "imaps,pop3s,smtps,ircs", "-r", "400", "-c", "1s"])
    found.check(t, "--rate 400")
    t.eq(len(syns), 1024, "--rate 400: all 1,024 SYNs are sent")
    least_s = (len(syns) - 32) / 400
    t.ok(found.summary["duration_s"] >= least_s,
         "--rate 400: 1,024 SYNs take no less than their time", found.summary["duration_s"])
    t.eq(found.summary["rates"]["asked_pps"], 400, "--rate 400: the summary has the rate that was asked for")


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
