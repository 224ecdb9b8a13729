#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Servers with one odd group, a weak key, warnings, or cut records: every handshake completes."""

import subprocess
import sys

import certs
import flights
import net
import scan
import tap

NAME = "unserved.example.test"
WEAK = "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"

# Group as the record names it -> as OpenSSL does.
GROUPS_1_2 = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "x25519": "X25519",
              "x448": "X448", "secp256k1": "secp256k1", "brainpoolP256r1": "brainpoolP256r1",
              "brainpoolP384r1": "brainpoolP384r1", "brainpoolP512r1": "brainpoolP512r1",
              "secp224r1": "secp224r1", "secp192r1": "prime192v1", "secp160r1": "secp160r1"}
GROUPS_1_3 = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "x25519": "X25519",
              "x448": "X448", "ffdhe2048": "ffdhe2048", "ffdhe3072": "ffdhe3072",
              "ffdhe4096": "ffdhe4096"}
# label -> (words for s_server, group or None)
SERVERS = {
    **{f"TLS 1.2 with {name} alone": (["-tls1_2", "-groups", word, "-cipher", WEAK], name)
       for name, word in GROUPS_1_2.items()},
    **{f"TLS 1.3 with {name} alone": (["-tls1_3", "-groups", word], name)
       for name, word in GROUPS_1_3.items()},
}
FIRST_PORT, WEAK_PORT, SNI_PORT = 4601, 4661, 4662


def s_server(lab, port, pair, *words):
    lab.start(f"s_server-{port}", "openssl", "s_server", "-accept", f"{net.SERVER_V4}:{port}",
              "-cert", pair[0], "-key", pair[1], "-quiet", *words, stdin=subprocess.PIPE)


def start(lab):
    """Returns the ports and the SHA-256 of the usual certificate, the weak one, the second one."""
    usual, second = certs.make(lab.dir, "usual"), certs.make(lab.dir, "second", "ecdsa")
    weak = certs.make(lab.dir, "weak", "rsa512")
    ports = []
    for port, (words, _) in enumerate(SERVERS.values(), FIRST_PORT):
        s_server(lab, port, usual, *words)
        ports.append(port)
    s_server(lab, WEAK_PORT, weak, "-tls1_2", "-cipher", WEAK)
    s_server(lab, SNI_PORT, usual, "-tls1_2", "-servername", "other.example", "-cert2", second[0],
             "-key2", second[1])
    ports += [WEAK_PORT, SNI_PORT]
    lab.start("flights", sys.executable, flights.__file__, *usual)
    lab.wait_for_ready("flights")
    for port in ports:
        lab.servers.wait_for_port(net.SERVER_V4, port)
    ports += range(flights.FIRST_PORT, flights.FIRST_PORT + len(flights.SERVERS))
    return ports, certs.sha256_of(usual[0]), certs.sha256_of(weak[0])


def codes(record):
    return [alert["code"] for alert in record.tls.get("warning_alerts", [])]


def check_complete(t, record, label, certificate):
    if not t.ok(record is not None, f"{label}: the server has a record"):
        return False
    t.eq(record.status, "success", f"{label}: the handshake succeeds", record.brief())
    return t.eq(record.certificate, certificate, f"{label}: its certificate is read")


def check_groups(t, found, certificate):
    for port, (label, (_, group)) in enumerate(SERVERS.items(), FIRST_PORT):
        record = found.by_target.get((net.SERVER_V4, port))
        if check_complete(t, record, label, certificate):
            t.eq(record.tls["negotiated"].get("group", {}).get("name"), group,
                 f"{label}: the record has the group {group}")


def check_flights(t, found, certificate):
    wanted = {"warning before the hello": [112], "warning before a hello of 1 3": [112],
              "warning in single bytes": [112], "warnings in front and behind": [112, 100, 112],
              "nine warnings": [112] * 8}
    for port, entry in enumerate(flights.SERVERS, flights.FIRST_PORT):
        record, label = found.by_target.get((net.SERVER_V4, port)), entry["name"]
        if label == "nine warnings":
            t.eq((record.status, record.tls.get("limit_hit")), ("handshake-error", True),
                 f"{label}: the scan bears eight of them and leaves at the ninth", record.brief())
        else:
            check_complete(t, record, label, certificate)
        t.eq(codes(record), wanted.get(label, []), f"{label}: the record has its warnings")


def main():
    reason = net.why_not()
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        ports, usual, weak = start(lab)
        services = ",".join(f"{port}:tls" for port in ports)
        # Dear groups are held to a share of the TLS core's time, which a busy machine makes short.
        found = scan.run(lab, ["-p", services, "-c", "2s", "--sni", NAME, "--dear-share", "100"], [net.SERVER_V4])
        found.check(t, "scan of odd first flights")
        check_groups(t, found, usual)
        check_complete(t, found.by_target.get((net.SERVER_V4, WEAK_PORT)),
                       "a server with RSA of 512 bits", weak)
        record = found.by_target.get((net.SERVER_V4, SNI_PORT))
        check_complete(t, record, "s_server -servername with another name", usual)
        t.eq(codes(record), [112],
             "s_server -servername with another name: the record has its warning unrecognized_name")
        check_flights(t, found, usual)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
