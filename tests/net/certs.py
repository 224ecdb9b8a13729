# SPDX-License-Identifier: BSD-3-Clause
"""Certificates made by the openssl command at test time, and what s_client sees of a server's."""

import hashlib
import os
import re
import ssl
import subprocess

KEYS = {
    "rsa": ["-newkey", "rsa:2048"],
    "rsa512": ["-newkey", "rsa:512"],
    "ecdsa": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    "ed25519": ["-newkey", "ed25519"],
}


def make(directory, name, kind="rsa", days=30):
    """A self-signed certificate NAME.crt with its key NAME.key; returns both paths."""
    cert, key = (os.path.join(directory, f"{name}.{end}") for end in ("crt", "key"))
    subprocess.run(
        ["openssl", "req", "-x509", *KEYS[kind], "-nodes", "-days", str(days), "-subj",
         f"/O=tlsweep test/CN={name}.example.test", "-addext",
         f"subjectAltName=DNS:{name}.example.test", "-keyout", key, "-out", cert],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.chmod(key, 0o644)
    return cert, key


def sha256_of(path):
    """The SHA-256 of the first certificate's DER in a PEM file, hexadecimal."""
    with open(path, encoding="ascii") as pem:
        return sha256_of_pem(pem.read())


def sha256_of_pem(text):
    found = re.search("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.S)
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(found.group(0))).hexdigest() if found else None


def s_client(space, address, port, *words):
    """The SHA-256 of the certificate that `openssl s_client` is shown, or None."""
    host = f"[{address}]" if ":" in address else address
    result = space.run("openssl", "s_client", "-connect", f"{host}:{port}", "-showcerts", *words,
                       check=False, timeout=30)
    return sha256_of_pem(result.stdout)
