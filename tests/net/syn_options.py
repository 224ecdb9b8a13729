#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""TCP options against Linux's own TCP: what a SYN offers, and what a connection then does.

tcpdump reads the options, so that no reader of ours judges our own writer.
"""

import collections
import re
import sys

import net
import scan
import servers
import tap

TARGETS = [f"198.18.1.{n}" for n in range(1, 9)]
LINE = re.compile(r"^IP6? (\S+)\.(\d+) > (\S+)\.(\d+): Flags \[([^\]]*)\].* win (\d+)"
                  r"(?:, options \[([^\]]*)\])?, length (\d+)")
STAMPS = re.compile(r"TS val (\d+) ecr (\d+)")
FULL = r"mss 14[46]0,sackOK,TS val \d+ ecr 0,nop,wscale 7"
Segment = collections.namedtuple("Segment", "ours peer flags win options val ecr length")


def parse(text):
    """The segments of a capture; peer: the flow as the server's address and our port."""
    found = []
    for line in text.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        source, source_port, target, target_port, flags, win, options, length = match.groups()
        ours = source in (net.SCANNER_V4, net.SCANNER_V6)
        stamps = STAMPS.search(options or "")
        val, ecr = map(int, stamps.groups()) if stamps else (None, None)
        found.append(Segment(ours, (target, source_port) if ours else (source, target_port), flags,
                             int(win), options or "", val, ecr, int(length)))
    return found


def captured(lab, name, words, targets=(*TARGETS, net.SERVER_V6)):
    """A scan, and what tcpdump reads from all TCP segments that pass meanwhile."""
    file = lab.path(f"{name}.pcap")
    dump = lab.start(f"dump-{name}", "tcpdump", "-i", "wire0", "-U", "-Z", "root", "-w", file, "tcp")
    if not net.wait_until(lambda: "listening on" in lab.log(f"dump-{name}")):
        raise RuntimeError(lab.log(f"dump-{name}"))
    found = scan.run(lab, ["-p", "https", "-c", "1s", "--loss-sample", "0", "--canary-sample", "0", *words],
                     targets)

    def read():
        return parse(lab.servers.run("tcpdump", "-nn", "-t", "-r", file).stdout)

    n_open = len(found.records)
    net.wait_until(lambda: sum("F" in s.flags and not s.ours for s in read()) >= n_open, 20, 0.5)
    dump.kill()
    dump.wait()
    return found, read()


def counter(lab, name):
    """One of the kernel's counters of TCP."""
    lines = lab.servers.run("cat", "/proc/net/netstat").stdout.splitlines()
    names, values = lines[0].split(), lines[1].split()
    return int(values[names.index(name)])


def check_success(t, found, n):
    found.check(t, "the scan")
    t.eq([r.status for r in found.records], ["success"] * n, "every server is a success",
         [r.brief()[:300] for r in found.records])


def check_full(t, lab):
    t.about("all options")
    before = counter(lab, "PAWSEstab")
    found, segments = captured(lab, "full", [])
    n = len(TARGETS) + 1
    check_success(t, found, n)
    syns = [s for s in segments if s.ours and s.flags == "S"]
    later = [s for s in segments if s.ours and "S" not in s.flags]
    t.eq(len(syns), n, "tcpdump sees a SYN for each target")
    t.ok(all(re.fullmatch(FULL, s.options) for s in syns), "each SYN has Linux's options in Linux's order", syns)
    t.ok(later and all(s.val is not None or s.options == "" and "R" in s.flags for s in later),
         "every later segment has timestamps", [s for s in later if s.val is None])
    said = collections.defaultdict(set)
    last, wrong, back = {}, [], []
    for s in segments:
        if not s.ours:
            said[s.peer].add(s.val)
            continue
        if s.val is None:
            continue
        if "S" not in s.flags and s.ecr not in said[s.peer]:
            wrong.append(s)
        if s.peer in last and (s.val - last[s.peer]) % 2**32 >= 2**31:
            back.append(s)
        last[s.peer] = s.val
    t.eq(wrong, [], "every echo is of a timestamp that Linux has sent")
    t.eq(back, [], "no timestamp of a connection goes back")
    t.ok(len({s.val for s in syns}) == len(syns), "each connection has a clock of its own", syns)
    windows = {s.win for s in later if "R" not in s.flags}
    t.ok(windows and max(windows) == 16384 >> 7, "windows are sent as scaled", windows)
    t.eq({r.result["tcp"]["synack_options"] for r in found.records}, {"MSTNW"},
         "the records have the options that Linux answers")
    t.ok(all(r.result["tcp"]["rtt_us"] > 0 for r in found.records), "the records have a round trip")
    t.eq(counter(lab, "PAWSEstab"), before, "Linux drops none of our segments for its timestamp")


def check_minimal(t, lab):
    t.about("--syn-options minimal")
    found, segments = captured(lab, "minimal", ["--syn-options", "minimal"])
    check_success(t, found, len(TARGETS) + 1)
    syns = [s for s in segments if s.ours and s.flags == "S"]
    t.ok(syns and all(re.fullmatch("mss 14[46]0", s.options) for s in syns), "a SYN has a segment size alone", syns)
    t.eq([s for s in segments if s.ours and "S" not in s.flags and s.options], [], "no later segment has options")
    t.eq({r.result["tcp"]["synack_options"] for r in found.records}, {"M"}, "Linux answers a segment size alone")


def check_refused(t, lab):
    """Each option is refused by itself, as an administrator can set it."""
    for name, order in (("tcp_timestamps", "MNNSNW"), ("tcp_window_scaling", "MST"), ("tcp_sack", "MNNTNW")):
        t.about(f"{name} is 0 on the server")
        path = f"/proc/sys/net/ipv4/{name}"
        lab.servers.run("sh", "-c", f"echo 0 > {path}")
        found, segments = captured(lab, name, [], TARGETS)
        lab.servers.run("sh", "-c", f"echo 1 > {path}")
        check_success(t, found, len(TARGETS))
        t.eq({r.result["tcp"]["synack_options"] for r in found.records}, {order}, "the records say so")
        later = [s for s in segments if s.ours and "S" not in s.flags and "R" not in s.flags]
        t.eq({s.val is not None for s in later}, {name != "tcp_timestamps"},
             "later segments have timestamps if Linux has agreed")
        t.eq(max(s.win for s in later), 16384 if name == "tcp_window_scaling" else 128,
             "windows are scaled if Linux has agreed")


def main():
    reason = net.why_not("nginx", "tcpdump")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        check_full(t, lab)
        check_minimal(t, lab)
        check_refused(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
