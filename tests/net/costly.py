#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Certificates, keys and parameters that cost too much: the record names the cause and keeps the rest.

Beside `openssl s_server` there are flights of TLS 1.2 that are played from a file: nobody gets so far
as to miss the private key.
"""

import subprocess
import sys

import certs
import der
import net
import scan
import tap

ECDHE_RSA, DHE_RSA = 0xc02f, 0x009e
X25519 = 29
PLAYED = 4601  # first port
REAL = 4651
QUICK = ["-r", "500", "-c", "2s", "--handshake-timeout", "20s"]


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def vector(data):
    return len(data).to_bytes(2, "big") + data


def flight(suite, chain, dhe_bits=0):
    """ServerHello, Certificate, ServerKeyExchange, ServerHelloDone, in records as full as may be."""
    hello = (b"\x03\x03" + bytes(32) + b"\0" + suite.to_bytes(2, "big") +
             b"\0" + vector(bytes.fromhex("ff01000100")))
    entries = b"".join(len(cert).to_bytes(3, "big") + cert for cert in chain)
    if dhe_bits:
        number = der.odd(dhe_bits).to_bytes(dhe_bits // 8, "big")
        params = vector(number) + vector(b"\2") + vector(number[:-1] + b"\3")
    else:
        params = b"\3" + X25519.to_bytes(2, "big") + bytes([32]) + bytes([9]) * 32
    params += b"\x04\x01" + vector(b"\x5a" * 256)
    whole = (message(2, hello) + message(11, len(entries).to_bytes(3, "big") + entries) +
             message(12, params) + message(14, b""))
    return b"".join(b"\x16\x03\x03" + vector(whole[at:at + 16384])
                    for at in range(0, len(whole), 16384))


def large():
    """Three certificates of 50 kB each."""
    return [der.certificate(f"large{i}", der.odd(2048), 65537, 50000) for i in range(3)]


# port -> label, flight, cause, what server_key_exchange tells
def played():
    plain = [der.certificate("plain", der.odd(2048), 65537)]
    table = [
        ("TLS 1.2, 150 kB of certificates", flight(ECDHE_RSA, large()), "certificate-too-large", "x25519"),
        ("TLS 1.2, DHE of 8,192 bits", flight(DHE_RSA, plain, 8192), "dhe-too-large", 8192),
        ("TLS 1.2, RSA of 8,192 bits",
         flight(ECDHE_RSA, [der.certificate("huge", der.odd(8192), 65537)]), "key-too-large", "x25519"),
        ("TLS 1.2, an exponent of 2,944 bits",
         flight(ECDHE_RSA, [der.certificate("slow", der.odd(2944), der.odd(2944))]),
         "exponent-too-large", "x25519"),
    ]
    return dict(enumerate(table, PLAYED))


def make_key(lab, kind, *words):
    """A certificate and key of a kind that certs.py does not have."""
    cert, key = f"{lab.dir}/{kind}.crt", f"{lab.dir}/{kind}.key"
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", f"/CN={kind}",
                    "-keyout", key, "-out", cert, *words], check=True, stderr=subprocess.DEVNULL)
    return cert, key


def large_pair(lab):
    """A chain of 150 kB with the key of its leaf."""
    config = f"{lab.dir}/large.cnf"
    with open(config, "w", encoding="ascii") as out:
        out.write("[req]\ndistinguished_name=d\n[d]\n[v]\nnsComment=" + "x" * 50000 + "\n")
    cert, key = make_key(lab, "large", "-config", config, "-extensions", "v", "-newkey", "ec",
                         "-pkeyopt", "ec_paramgen_curve:P-256")
    with open(cert, encoding="ascii") as one, open(f"{lab.dir}/rest.crt", "w", encoding="ascii") as rest:
        rest.write(one.read() * 2)
    return cert, key


def slow_pair(lab):
    """A working RSA key with an exponent of 2,944 bits."""
    modulus, exponent, key = der.rsa_key(2944, 2944)
    return (der.write_pem(f"{lab.dir}/slow.crt", "CERTIFICATE",
                          der.certificate("slow", modulus, exponent)),
            der.write_pem(f"{lab.dir}/slow.key", "RSA PRIVATE KEY", key))


def real(lab):
    """port -> label, pair, words for s_server, cause (None: it completes)"""
    rsa = certs.make(lab.dir, "rsa")
    large_chain, slow = large_pair(lab), slow_pair(lab)
    odd = make_key(lab, "odd", "-newkey", "rsa:3584")
    dh = f"{lab.dir}/dh8192.pem"
    subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt",
                    "group:ffdhe8192", "-out", dh], check=True, stderr=subprocess.DEVNULL)
    rest = ["-cert_chain", f"{lab.dir}/rest.crt"]
    table = [
        ("TLS 1.3, a chain of 150 kB", large_chain, ["-tls1_3", *rest], "certificate-too-large"),
        ("TLS 1.2, a chain of 150 kB", large_chain, ["-tls1_2", *rest], "certificate-too-large"),
        ("TLS 1.2, ffdhe8192", rsa, ["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256",
                                     "-dhparam", dh], "dhe-too-large"),
        ("TLS 1.3, RSA of 3,584 bits", odd, ["-tls1_3"], "key-too-large"),
        ("TLS 1.2, RSA of 3,584 bits", odd, ["-tls1_2"], "key-too-large"),
        ("TLS 1.3, an exponent of 2,944 bits", slow, ["-tls1_3"], "exponent-too-large"),
        ("TLS 1.2, DHE of 2,048 bits", rsa,
         ["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"], None),
        ("TLS 1.3, RSA of 2,048 bits", rsa, ["-tls1_3"], None),
    ]
    return dict(enumerate(table, REAL))


def start(lab, players, servers):
    words = []
    for port, (_, data, _, _) in players.items():
        path = f"{lab.dir}/flight-{port}"
        with open(path, "wb") as out:
            out.write(data)
        words.append(f"{port}={path}")
    lab.start("player", sys.executable, __file__.replace("costly", "player"), net.SERVER_V4, *words)
    for port, (_, pair, options, _) in servers.items():
        lab.start(f"s_server-{port}", "openssl", "s_server", "-accept", f"{net.SERVER_V4}:{port}",
                  "-cert", pair[0], "-key", pair[1], "-quiet", *options, stdin=subprocess.PIPE)
    for port in (*players, *servers):
        lab.servers.wait_for_port(net.SERVER_V4, port)


def services(*ports):
    return ["-p", ",".join(f"{port}:tls" for port in ports)]


def check_left(t, record, label, cause):
    """The record of a server that we left."""
    t.eq((record.status, record.tls.get("cause"), record.result.get("responder")),
         ("handshake-error", cause, "service"),
         f"{label}: the session is left with the cause {cause}, and the host is a service", record.brief())
    t.ok(record.certificate is not None or "chain_truncated" in str(record.tls),
         f"{label}: the record keeps its certificate, or says that the chain was cut", record.brief())
    alert = record.tls.get("alert", {})
    t.ok(alert.get("direction") != "received" and alert.get("name") != "handshake_failure",
         f"{label}: the record has no alert that looks like the server's", alert)


def check_played(t, found, players):
    for port, (label, _, cause, told) in players.items():
        record = found.by_target[net.SERVER_V4, port]
        check_left(t, record, label, cause)
        kex = record.tls["handshake_log"].get("server_key_exchange", {})
        group = kex.get("ecdh_params", {}).get("curve_id", {}).get("name")
        t.eq(group or kex.get("dh_params", {}).get("prime", {}).get("length"), told,
             f"{label}: the record keeps its key exchange", kex)


def check_real(t, found, servers):
    for port, (label, pair, _, cause) in servers.items():
        record = found.by_target[net.SERVER_V4, port]
        t.eq(record.certificate, certs.sha256_of(pair[0]), f"{label}: the record has the SHA-256 of its certificate")
        if cause:
            check_left(t, record, label, cause)
        else:
            t.eq((record.status, record.tls.get("cause")), ("success", None),
                 f"{label}: the handshake completes", record.brief())
    slow = next(found.by_target[net.SERVER_V4, port] for port, server in servers.items()
                if server[3] == "exponent-too-large")
    parsed = slow.tls["handshake_log"]["server_certificates"]["certificate"]["parsed"]
    key = parsed["subject_key_info"]["rsa_public_key"]
    t.eq((key["exponent_length"], "exponent" in key, parsed["signature"]["self_signed"]),
         (2944, False, None),
         "an RSA exponent of 2,944 bits: its length is recorded, and no signature is verified with it")


def check_counts(t, found, wanted, label):
    t.eq(found.summary["records"]["tls_causes"],
         {**dict.fromkeys(found.summary["records"]["tls_causes"], 0), **wanted},
         f"{label}: the summary counts each cause")


def ports_with(servers, word):
    return [port for port, server in servers.items() if word in server[0]]


def main():
    reason = net.why_not()
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        players, servers = played(), real(lab)
        start(lab, players, servers)
        found = scan.run(lab, [*services(*players, *servers), *QUICK, "--dear-share", "100"], [net.SERVER_V4])
        found.check(t, "scan of costly servers")
        check_played(t, found, players)
        check_real(t, found, servers)
        check_counts(t, found, {"certificate-too-large": 3, "dhe-too-large": 2, "key-too-large": 3,
                                "exponent-too-large": 2}, "scan of costly servers")
        chains = ports_with(servers, "a chain of 150 kB")
        found = scan.run(lab, [*services(*chains), *QUICK, "--max-certificate-bytes", "256Ki",
                               "--max-chain-bytes", "256Ki"], [net.SERVER_V4])
        found.check(t, "scan with higher limits")
        for port in chains:
            record = found.by_target[net.SERVER_V4, port]
            log = record.tls["handshake_log"]["server_certificates"]
            t.eq((record.status, len(log["chain"]), log.get("chain_truncated")), ("success", 2, None),
                 f"{servers[port][0]}: the handshake completes with higher limits", record.brief()[:600])
        dear = ports_with(servers, "of 2,048 bits")
        found = scan.run(lab, [*services(*dear), *QUICK, "--dear-share", "0"], [net.SERVER_V4])
        found.check(t, "scan without dear handshakes")
        record = found.by_target[net.SERVER_V4, dear[0]]
        check_left(t, record, servers[dear[0]][0], "not-completed-by-budget")
        t.eq(record.tls.get("negotiated", {}).get("dh_bits"), 2048,
             "--dear-share 0: the record has the size of the DHE prime all the same")
        t.eq(found.by_target[net.SERVER_V4, dear[1]].status, "success", "--dear-share 0: a cheap handshake completes")
        check_counts(t, found, {"not-completed-by-budget": 1}, "--dear-share 0")
        t.eq(found.counter("tls_not_completed_by_budget"), 1,
             "--dear-share 0: the counter of the TLS cores has the handshake that was not completed")
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
