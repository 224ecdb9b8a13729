# SPDX-License-Identifier: BSD-3-Clause
"""Certificates and keys that no tool would make, written byte by byte (X.690, RFC 5280, RFC 8017)."""

import base64
import math
import subprocess

RSA = bytes.fromhex("300d06092a864886f70d0101010500")
SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
COMMENT = bytes.fromhex("06096086480186f842010d")


def tlv(tag, *parts):
    body = b"".join(parts)
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    head = bytes([len(body)]) if len(body) < 128 else bytes([0x80 | len(size)]) + size
    return bytes([tag]) + head + body


def integer(number):
    return tlv(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def name(text):
    return tlv(0x30, tlv(0x31, tlv(0x30, bytes.fromhex("0603550403"), tlv(0x0c, text.encode()))))


def certificate(subject, modulus, exponent, padding=0):
    """Self-issued; its signature is nonsense, which nobody has to find out."""
    who = name(subject)
    key = tlv(0x30, RSA, tlv(3, b"\0", tlv(0x30, integer(modulus), integer(exponent))))
    parts = [tlv(0xa0, integer(2)), integer(0x1234), SHA256_RSA, who,
             tlv(0x30, tlv(0x17, b"200101000000Z"), tlv(0x17, b"400101000000Z")), who, key]
    if padding:
        text = tlv(0x16, b"x" * padding)
        parts.append(tlv(0xa3, tlv(0x30, tlv(0x30, COMMENT, tlv(4, text)))))
    return tlv(0x30, tlv(0x30, *parts), SHA256_RSA, tlv(3, b"\0", b"\x5a" * (modulus.bit_length() // 8)))


def odd(bits):
    """Any odd number of so many bits: good enough for a modulus that nobody uses."""
    return (0xa5a5a5a5 << (bits - 32)) | 1


def prime(bits):
    made = subprocess.run(["openssl", "prime", "-generate", "-bits", str(bits)], check=True,
                          capture_output=True, text=True)
    return int(made.stdout)


def rsa_key(bits, exponent_bits):
    """A working private key whose public exponent has exponent_bits: (modulus, exponent, DER)."""
    p, q = prime(bits // 2), prime(bits // 2)
    phi = (p - 1) * (q - 1)
    e = (1 << (exponent_bits - 1)) | 1
    while math.gcd(e, phi) != 1:
        e += 2
    d = pow(e, -1, phi)
    numbers = (0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    return p * q, e, tlv(0x30, *(integer(number) for number in numbers))


def write_pem(path, label, *ders):
    with open(path, "w", encoding="ascii") as pem:
        for der in ders:
            pem.write(f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode()}-----END {label}-----\n")
    return path
