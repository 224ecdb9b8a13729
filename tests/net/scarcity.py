#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Few connections, few TLS sessions, several poll cores, no limit to the rate: nothing is lost."""

import os
import signal
import socket
import sys

import angry
import impatient
import net
import scan
import servers
import tap

NETWORK, N_HOSTS = "198.18.1.0/24", 256


def check_all_found(t, found, label):
    found.check(t, label)
    t.eq(len([r for r in found.records if r.status == "success"]), N_HOSTS,
         f"{label}: every server is a success",
         "\n".join(r.brief()[:300] for r in found.records if r.status != "success"))
    for level in ("open_conns", "tls_sessions", "tls_waiting", "records_pending"):
        t.eq(found.summary["counters"]["levels"][level], 0,
             f"{label}: {level} is 0 at the end")
    t.eq(found.counter("conns_opened"), found.counter("conns_closed"),
         f"{label}: every connection is closed")


def role_map(n_poll):
    """Poll cores spread over the CPUs we may use, everything else beside the first."""
    cpus = sorted(os.sched_getaffinity(0))
    polls = [f"poll@{cpus[i % len(cpus)]}" for i in range(n_poll)]
    return ",".join((*polls, f"tls@{cpus[0]}", f"tls@{cpus[-1]}", f"main@{cpus[0]}"))


def start_until_ready(lab, name, program):
    lab.start(name, sys.executable, program)
    lab.wait_for_ready(name)


def check_hung_up_in_line(t, lab):
    """Servers that close while we make them wait; the first reader of this code crashed it on paper."""
    start_until_ready(lab, "impatient", impatient.__file__)
    found = scan.run(lab, ["-p", "imaps", "-r", "0", "-c", "4s", "--max-sessions", "1",
                           "--handshake-timeout", "5s"], [NETWORK])
    found.check(t, "servers that hang up on those in line")
    t.eq({r.status for r in found.records}, {"connection-closed"},
         "servers that hang up on those in line: each is reported as closed")
    t.eq(found.counter("conns_opened"), found.counter("conns_closed"),
         "servers that hang up on those in line: every connection is closed")


def check_angry_in_line(t, lab):
    """Alerts that come while we make their servers wait, so before our ClientHello has left."""
    start_until_ready(lab, "angry", angry.__file__)
    found = scan.run(lab, ["-p", "8443:https", "-r", "0", "-c", "4s", "--max-sessions", "1"], [NETWORK])
    found.check(t, "alerts from those in line")
    alert = {"direction": "received", "level": 2, "code": 40, "name": "handshake_failure"}
    wrong = [r for r in found.records if (r.status, r.stage, r.word, r.result["responder"], r.tls.get("alert")) !=
             ("handshake-error", "tls", None, "service", alert)]
    t.ok(not wrong, "alerts from those in line: each is a service, with its alert",
         "\n".join(r.brief() for r in wrong[:5]))
    t.eq(len(found.records), N_HOSTS, "alerts from those in line: every server has a record")
    t.ok(found.counter("waited") > 0, "alerts from those in line: some had to wait in line")


def check_overrun(t, lab):
    """We stand still while more comes than the device's ring holds: what is lost is counted."""
    running = scan.Scan(lab, ["-p", "https", "-r", "1", "-c", "1s", "-n", "8"], [NETWORK])
    results = os.path.join(running.dir, "results.jsonl")
    net.wait_until(lambda: os.path.exists(results) and os.path.getsize(results))
    running.process.send_signal(signal.SIGSTOP)
    n_flood = 20000
    with lab.servers.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("wire0", 0))
        # To nobody: a broadcast of an EtherType of our own.
        for _ in range(n_flood):
            wire.send(b"\xff" * 6 + bytes(6) + b"\x88\xb5" + bytes(46))
    running.process.send_signal(signal.SIGCONT)
    found = running.wait()
    found.check(t, "the device's ring overruns")
    lost = found.summary["counters"]["device"]["rx_missed"]
    t.ok(0 < lost <= n_flood, "the device's ring overruns: frames are counted as lost", lost)
    drops = found.summary["counters"]["drops"]
    t.eq(lost + drops["ethertype"], n_flood,
         "the device's ring overruns: each frame was received or is counted as lost", drops)


def main():
    reason = net.why_not("nginx")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        found = scan.run(lab, ["-p", "https", "-r", "0", "-c", "4s", "--max-sessions", "1"],
                         [NETWORK])
        check_all_found(t, found, "one TLS session at a time")
        t.ok(found.counter("waited") > 0, "one TLS session at a time: the others wait for their turn")
        found = scan.run(lab, ["-p", "https", "-r", "0", "-c", "4s", "--max-connections", "8"],
                         [NETWORK])
        check_all_found(t, found, "eight connections at a time")
        for n_poll in (2, 3):
            found = scan.run(lab, ["-p", "https", "-r", "5000", "-c", "4s", "--lcores",
                                   role_map(n_poll)], [NETWORK])
            check_all_found(t, found, f"{n_poll} poll cores")
            t.eq(found.counter("rx_stray_lost"), 0,
                 f"{n_poll} poll cores: no frame is lost between them")
        check_hung_up_in_line(t, lab)
        check_angry_in_line(t, lab)
        check_overrun(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
