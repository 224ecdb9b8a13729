#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Each of the evil servers gets one record, with the status, stage and class that say what happened."""

import sys

import certs
import evil
import evil_cases
import net
import scan
import tap

WORDS = ["-p", ",".join(evil.PORTS), "-r", "500", "-c", "2s", "--output", "open,closed,unreachable",
         "--greeting-timeout", "6s", "--reply-timeout", "5s", "--irc-hello-timeout", "1s",
         "--irc-starttls-timeout", "3s", "--handshake-timeout", "5s"]
# One behind the cases, so that they answer with a reset on every port.
CLOSED = evil.address_of(len(evil.CASES))
PROHIBITED = evil.address_of(len(evil.CASES) + 1)
SWALLOWED = evil.address_of(len(evil.CASES) + 2)


def start(lab):
    # The kernel would swallow most of a row of ICMP errors to one host.
    lab.servers.run("sh", "-c", "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit")
    lab.servers.run("nft", "-f", "-", stdin=None, input=f"""
table inet evil {{
  chain in {{
    type filter hook input priority 0;
    ip daddr {PROHIBITED} tcp flags syn reject with icmp type admin-prohibited
    ip daddr {SWALLOWED} tcp flags syn drop
  }}
}}
""")
    cert, key = certs.make(lab.dir, "evil", "ecdsa")
    lab.start("evil", sys.executable, evil_cases.__file__, cert, key)
    lab.wait_for_ready("evil")
    return certs.sha256_of(cert)


def check_case(t, found, index, case, certificate):
    name = case["name"]
    record = found.by_target.get((evil.address_of(index), evil.PORTS[case["service"]]))
    if not t.ok(record is not None, f"{name}: the server has a record"):
        return
    got = (record.status, record.stage, record.word)
    t.eq(got, (case["status"], case["stage"], case["word"]),
         f"{name}: the record has status {case['status']}, stage {case['stage']}, class {case['word']}",
         record.brief())
    t.ok(record.result.get("responder") in case["responder"],
         f"{name}: the responder is {' or '.join(case['responder'])}", record.brief())
    for key, value in case["facts"].items():
        part, key = (record.tls, key[4:]) if key.startswith("tls_") else (record.result, key)
        t.eq(part.get(key), value, f"{name}: {key} in the record is what the server did", record.brief())
    if record.stage in ("tls", "post") and "code" not in case["facts"]:
        t.ok("code" not in record.result, f"{name}: the record has no code of the go-ahead, which decided nothing",
             record.brief())
    if record.status == "success":
        t.eq(record.certificate, certificate, f"{name}: its certificate is read")


def check_no_service(t, found):
    for port in evil.PORTS.values():
        record = found.by_target.get((CLOSED, port))
        got = record and (record.status, record.outcome, record.result["tcp"]["close"])
        t.eq(got, ("connection-refused", "closed", "refused"), f"closed port {port}: the record says refused")
        record = found.by_target.get((PROHIBITED, port))
        got = record and (record.status, record.outcome, record.result["tcp"].get("icmp"))
        t.eq(got, ("connection-refused", "unreachable", {"type": 3, "code": 13}),
             f"port {port} prohibited by ICMP: the record says unreachable, with type and code")
        t.ok((SWALLOWED, port) not in found.by_target, f"port {port} that swallows SYNs has no record")


def main():
    reason = net.why_not("nft")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        certificate = start(lab)
        found = scan.run(lab, WORDS, [f"{evil.address_of(0)}-{SWALLOWED}"])
        found.check(t, "scan of evil servers")
        for index, case in enumerate(evil.CASES):
            check_case(t, found, index, case, certificate)
        check_no_service(t, found)
        t.eq(found.counter("conns_reconnected"), sum(case["retry"] for case in evil.CASES),
             "evil servers: a second connection is made only where XMPP asks for one")
        said = lab.log("evil")
        t.eq(said, "ready\n", "the evil servers themselves report no fault")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
