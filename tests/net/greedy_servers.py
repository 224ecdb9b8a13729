#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Servers that make us say more than they take: four of them cost none of 2,048 others anything.

The story: what had to be said to them emptied the pool that all sessions share, the TLS core slept
until it filled again, and hundreds of innocent hosts were recorded as silent.
"""

import sys

import certs
import keyupdates
import net
import scan
import servers
import tap

GOOD, N_GOOD = "198.18.8.0/21", 2048
GREEDY, N_GREEDY = "198.18.2.0/30", 4
KEYUPDATES_PORT = 4443
WORDS = ["-p", "https", "-c", "3s"]
ENDED = "post-tls-application-error"
REASON = "too many records without data: KeyUpdates, tickets, empty ones"


def start(lab):
    servers.start(lab, "nginx")
    lab.servers.ip(f"route add local {GOOD} dev lo")
    cert, key = certs.make(lab.dir, "greedy", "ecdsa")
    lab.start("greedy", sys.executable, keyupdates.__file__, cert, key, str(KEYUPDATES_PORT))
    lab.servers.wait_for_port(net.SERVER_V4, KEYUPDATES_PORT)
    lab.servers.run("nft", "-f", "-", stdin=None, input=f"""
table ip greedy {{
  chain in {{
    type nat hook prerouting priority dstnat;
    ip daddr {GREEDY} tcp dport 443 redirect to :{KEYUPDATES_PORT}
  }}
}}
""")


def is_greedy(record):
    return record.ip.startswith("198.18.2.")


def check_records(t, found, label):
    lost = [r for r in found.records if not is_greedy(r) and r.status != "success"]
    t.eq(len(lost), 0, f"{label}: every record of a good host is a success",
         "\n".join(r.brief()[:300] for r in lost[:5]))
    for record in filter(is_greedy, found.records):
        t.eq((record.status, record.tls.get("error")), (ENDED, REASON),
             f"{label}: the greedy host {record.ip} fails, and its record says why", record.brief())
    for level in ("open_conns", "tls_sessions", "tls_waiting", "records_pending"):
        t.eq(found.summary["counters"]["levels"][level], 0,
             f"{label}: {level} is 0 at the end")


def check_among_good(t, lab):
    label = "four greedy hosts among good ones"
    found = scan.run(lab, [*WORDS, "-r", "2000", "--max-connections", "512", "--max-sessions",
                           "128"], [GOOD, GREEDY], timeout=200)
    found.check(t, label)
    t.eq(len([r for r in found.records if not is_greedy(r) and r.status == "success"]), N_GOOD,
         f"{label}: every good host is a success")
    t.eq(len([r for r in found.records if is_greedy(r)]), N_GREEDY,
         f"{label}: each greedy host has a record")
    check_records(t, found, label)


def check_small_limits(t, lab):
    """Where one host could hold all that the pools have; Ctrl-C while the scan is under way."""
    label = "greedy hosts and small limits"
    running = scan.Scan(lab, [*WORDS, "-r", "500", "--max-connections", "16", "--max-sessions",
                              "2"], [GREEDY, GOOD], timeout=120)
    # The greedy are spread over the permutation: some have come.
    net.wait_until(lambda: len(running.lines("results.jsonl")) > N_GOOD / 8)
    running.interrupt()
    found = running.wait()
    found.check(t, label, scan.INTERRUPTED)
    t.ok(len(found.records) > N_GOOD / 8, f"{label}: good hosts are read while the greedy ones hold their sessions")
    check_records(t, found, label)


def main():
    reason = net.why_not("nginx", "nft")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        start(lab)
        check_among_good(t, lab)
        check_small_limits(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
