#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Postfix, Dovecot, Prosody, InspIRCd and nginx, over AF_PACKET, AF_XDP, IPv4 and IPv6.

Each of the 14 services reaches TLS, and the scanner is shown the certificate that
`openssl s_client` is.
"""

import sys

import certs
import net
import scan
import servers
import tap

WORDS = ["-p", ",".join(servers.SERVICES), "-r", "200", "-c", "2s"]


def seen_by_s_client(lab, address):
    return {service: certs.s_client(lab.servers, address, port, *words)
            for service, (port, _, words) in servers.SERVICES.items()}


def check_services(t, found, address, wanted, label):
    for service, (port, _, _) in servers.SERVICES.items():
        record = found.by_target.get((address, port))
        if not t.ok(record is not None, f"{label}: {service} has a record", found.stderr[-3000:]):
            continue
        t.eq(record.status, "success", f"{label}: {service} is a success", record.brief())
        t.eq(record.module, scan.MODULE[service],
             f"{label}: {service} is recorded under the module {scan.MODULE[service]}")
        t.eq(record.certificate, wanted[service],
             f"{label}: {service} shows the certificate that s_client sees")
    t.eq(len(found.records), len(servers.SERVICES), f"{label}: no other port is found")


def check_talks(t, found, address):
    """What each server is known to say."""
    def result(service):
        return found.by_target[address, servers.SERVICES[service][0]].result

    for service in ("smtp", "submission", "imap", "pop3", "xmpp-client", "xmpp-server"):
        t.ok(result(service)["starttls_supported"], f"{service}: STARTTLS is advertised")
    for service in ("smtp", "submission", "imap", "pop3", "irc", "xmpp-client", "xmpp-server"):
        t.ok(result(service)["starttls_accepted"], f"{service}: STARTTLS is accepted")
        t.eq(result(service)["plaintext_after_ready"], 0,
             f"{service}: no byte comes behind the go-ahead in the clear")
    t.ok("STARTTLS" in result("smtp")["capabilities"], "smtp: the capabilities before TLS have STARTTLS")
    t.ok("STARTTLS" not in result("smtp")["post_tls_capabilities"],
         "smtp: the capabilities inside TLS do not have STARTTLS")
    t.ok("PLAIN" in result("imap").get("post_tls_auth_mechanisms", []),
         "imap: the mechanisms inside TLS have PLAIN")
    t.has(result("imap")["banner"], "* OK", "imap: the record has the greeting")
    t.has(result("pop3")["banner"], "+OK", "pop3: the record has the greeting")
    t.has(result("smtps")["banner"], "220 mail.example.test",
          "smtps: the record has the greeting inside TLS")
    t.eq(result("xmpp-client")["stream"]["from"], servers.XMPP_HOST,
         "xmpp-client: the record has the name of the stream")
    t.ok("PLAIN" in result("xmpp-client")["post_tls_mechanisms"], "xmpp-client: the mechanisms inside TLS have PLAIN")
    t.ok("mechanisms" not in result("xmpp-client"), "xmpp-client: no mechanism is offered before TLS")
    t.eq((result("xmpp-client")["mode"], result("xmpp-server")["mode"]), ("c2s", "s2s"),
         "xmpp: client and server ports are recorded with their mode")
    t.ok("670" in str(result("irc")["numerics"]), "irc: the record has the numeric 670")
    t.eq(result("https")["response"]["status_code"], 200, "https: the record has the status 200")


def check_nameless(t, lab):
    """XMPP servers that do not know the name still show their certificate on direct TLS."""
    found = scan.run(lab, ["-p", "xmpp-client,xmpps-client", "-c", "1s"], [net.SERVER_V4])
    found.check(t, "scan without a name")
    for service in ("xmpp-client", "xmpps-client"):
        record = found.by_target[net.SERVER_V4, servers.SERVICES[service][0]]
        t.eq(record.word, "host-unknown", f"{service} without a name: the class is host-unknown", record.brief())
    t.ok(record.certificate, "xmpps-client without a name: the certificate is read all the same")


def main():
    reason = net.why_not(*servers.PROGRAMS)
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, *servers.PROGRAMS)
        wanted = seen_by_s_client(lab, net.SERVER_V4)
        t.ok(all(wanted.values()), "s_client reaches TLS on all 14 ports", wanted)
        for port in ("af_packet:scan0", "af_xdp:scan0"):
            kind = port.partition(":")[0]
            for address in (net.SERVER_V4, net.SERVER_V6):
                label = f"{kind} IPv{6 if ':' in address else 4}"
                # By name: Prosody answers an address with host-unknown, and does not tell its own.
                found = scan.run(lab, WORDS, [f"{address},{servers.XMPP_HOST}"], port=port)
                found.check(t, label)
                check_services(t, found, address, wanted, label)
                t.eq(found.summary["parameters"]["driver"], f"net_{kind}",
                     f"{label}: the port is driven by net_{kind}")
                if label == "af_packet IPv4":
                    check_talks(t, found, address)
        check_nameless(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
