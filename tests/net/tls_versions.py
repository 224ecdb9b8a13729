#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`openssl s_server` in each version, key kind and key exchange: what was set up is reported."""

import subprocess
import sys

import certs
import net
import scan
import tap

LEGACY = ["-cipher", "ALL:@SECLEVEL=0"]
NAME = "named.example.test"

# name -> (key kind, words for s_server, version, what the negotiated part has to hold)
SERVERS = {
    "TLS 1.3, RSA": ("rsa", ["-tls1_3"], "TLSv1.3", {"group": "x25519"}),
    "TLS 1.3, ECDSA": ("ecdsa", ["-tls1_3"], "TLSv1.3", {"group": "x25519"}),
    "TLS 1.3, Ed25519": ("ed25519", ["-tls1_3"], "TLSv1.3", {}),
    "TLS 1.3, P-256 after a retry": ("rsa", ["-tls1_3", "-groups", "P-256"], "TLSv1.3",
                                     {"group": "secp256r1"}),
    "TLS 1.3, ChaCha20 alone": ("rsa", ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
                                "TLSv1.3", {"cipher_suite": "TLS_CHACHA20_POLY1305_SHA256"}),
    "TLS 1.3, asks for a certificate of ours": ("rsa", ["-tls1_3", "-verify", "1"], "TLSv1.3", {}),
    "TLS 1.2, ECDHE, RSA": ("rsa", ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], "TLSv1.2",
                            {"cipher_suite": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                             "group": "x25519"}),
    "TLS 1.2, ECDHE, ECDSA": ("ecdsa", ["-tls1_2"], "TLSv1.2", {}),
    "TLS 1.2, CBC": ("rsa", ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"], "TLSv1.2",
                     {"cipher_suite": "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}),
    "TLS 1.2, static RSA": ("rsa", ["-tls1_2", "-cipher", "AES128-GCM-SHA256"], "TLSv1.2",
                            {"cipher_suite": "TLS_RSA_WITH_AES_128_GCM_SHA256"}),
    "TLS 1.2, asks for a certificate of ours": ("rsa", ["-tls1_2", "-verify", "1"], "TLSv1.2", {}),
    "TLS 1.1": ("rsa", ["-tls1_1", *LEGACY], "TLSv1.1", {}),
    "TLS 1.0": ("rsa", ["-tls1", *LEGACY], "TLSv1.0", {}),
    "TLS 1.0, static RSA": ("rsa", ["-tls1", "-cipher", "AES256-SHA:@SECLEVEL=0"], "TLSv1.0",
                            {"cipher_suite": "TLS_RSA_WITH_AES_256_CBC_SHA"}),
    "TLS 1.0, ECDSA": ("ecdsa", ["-tls1", *LEGACY], "TLSv1.0", {}),
}
FIRST_PORT = 4401
CHAIN_PORT, SNI_PORT, DHE_PORT, REFUSED_PORT = 4501, 4502, 4503, 4504
SERVICES = ",".join(f"{port}:tls" for port in (
    *range(FIRST_PORT, FIRST_PORT + len(SERVERS)), CHAIN_PORT, SNI_PORT, DHE_PORT, REFUSED_PORT))


def s_server(lab, port, pair, *words):
    lab.start(f"s_server-{port}", "openssl", "s_server", "-accept", f"{net.SERVER_V4}:{port}",
              "-cert", pair[0], "-key", pair[1], "-quiet", *words, stdin=subprocess.PIPE)


def signed_by(lab, issuer, name):
    """A certificate NAME under an issuer's pair."""
    cert, key = certs.make(lab.dir, name)
    with subprocess.Popen(["openssl", "x509", "-x509toreq", "-in", cert, "-signkey", key],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as request:
        subprocess.run(["openssl", "x509", "-req", "-CA", issuer[0], "-CAkey", issuer[1],
                        "-CAcreateserial", "-days", "30", "-out", cert], stdin=request.stdout,
                       stderr=subprocess.DEVNULL, check=True)
    return cert, key


def start(lab):
    """Returns kind -> the pair of its key."""
    pairs = {kind: certs.make(lab.dir, kind, kind) for kind in certs.KEYS}
    for port, (kind, words, _, _) in enumerate(SERVERS.values(), FIRST_PORT):
        s_server(lab, port, pairs[kind], *words)
    pairs["chained"] = signed_by(lab, pairs["rsa"], "chained")
    s_server(lab, CHAIN_PORT, pairs["chained"], "-cert_chain", pairs["rsa"][0], "-tls1_2")
    s_server(lab, SNI_PORT, pairs["rsa"], "-servername", NAME, "-cert2", pairs["ecdsa"][0],
             "-key2", pairs["ecdsa"][1])
    s_server(lab, DHE_PORT, pairs["rsa"], "-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256")
    s_server(lab, REFUSED_PORT, pairs["rsa"], "-tls1_2", "-cipher", "PSK")
    for port in SERVICES.replace(":tls", "").split(","):
        lab.servers.wait_for_port(net.SERVER_V4, int(port))
    return pairs


def check_server(t, record, name, certificate):
    _, _, version, negotiated = SERVERS[name]
    t.eq(record.status, "success", f"{name}: the handshake succeeds", record.brief())
    t.eq(record.version, version, f"{name}: the record has the version {version}", record.brief())
    t.eq(record.certificate, certificate, f"{name}: its certificate is read")
    for key, value in negotiated.items():
        t.eq(record.tls.get("negotiated", {}).get(key, {}).get("name"), value,
             f"{name}: the record has the {key} {value}")


def check_special(t, found, sums):
    def record(port):
        return found.by_target[net.SERVER_V4, port]

    chain = record(CHAIN_PORT).tls["handshake_log"]["server_certificates"]
    t.eq([chain["certificate"]["parsed"]["fingerprint_sha256"],
          *(link["parsed"]["fingerprint_sha256"] for link in chain["chain"])],
         [sums["chained"], sums["rsa"]], "a chain is kept in the order of the wire")
    root = chain["chain"][0]["parsed"]
    t.ok(root["self_issued"] and root["signature"]["self_signed"] is not False,
         "a root in a chain is self-issued, and is not said to be otherwise signed")
    t.ok(not chain["certificate"]["parsed"]["signature"]["self_signed"],
         "a leaf that an issuer has signed is not self-signed")
    t.eq(record(SNI_PORT).certificate, sums["ecdsa"], "--sni asks for the other certificate")
    t.ok(record(FIRST_PORT).tls["handshake_log"]["server_certificates"]["certificate"]["parsed"]
         ["signature"]["self_signed"], "a server's own certificate that signed itself is self-signed")
    dhe = record(DHE_PORT)
    t.eq(dhe.certificate, sums["rsa"], "TLS 1.2, DHE: the certificate is read", dhe.brief())
    kex = dhe.tls["handshake_log"].get("server_key_exchange", {})
    t.eq(kex.get("dh_params", {}).get("prime", {}).get("length"), 2048,
         "TLS 1.2, DHE: the record has the size of the prime")
    refused = record(REFUSED_PORT)
    t.eq(refused.status, "handshake-error", "a server without a suite in common: the status is handshake-error",
         refused.brief())
    t.eq(refused.tls.get("alert", {}).get("code"), 40, "a server without a suite in common: the record has its alert")


def main():
    reason = net.why_not()
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        pairs = start(lab)
        sums = {name: certs.sha256_of(pair[0]) for name, pair in pairs.items()}
        # The dear one among them shall not depend on how much time a busy machine has for it.
        found = scan.run(lab, ["-p", SERVICES, "-c", "2s", "--sni", NAME, "--dear-share", "100"], [net.SERVER_V4])
        found.check(t, "scan of s_servers")
        for port, name in enumerate(SERVERS, FIRST_PORT):
            record = found.by_target.get((net.SERVER_V4, port))
            if t.ok(record is not None, f"{name}: the server has a record"):
                check_server(t, record, name, sums[SERVERS[name][0]])
        check_special(t, found, sums)
        stored = scan.run(lab, ["-p", f"{CHAIN_PORT}:tls", "-c", "1s", "--certs", "store"],
                          [net.SERVER_V4])
        stored.check(t, "scan with a certificate store")
        stored.check_store(t, {sums["chained"], sums["rsa"]})
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
