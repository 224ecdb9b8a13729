#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The schemas fit what the writer writes, and fit nothing else.

    schema_test.py CORPUS_PROGRAM SCHEMA_DIR
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

import validate

checks = []


def check(good, label, details=()):
    """One TAP line."""
    checks.append(good)
    print(f"{'' if good else 'not '}ok {len(checks)} - {label}")
    for line in list(details)[:5]:
        print(f"# {line}")


def by_module(records, module):
    """The first successful record of a module."""
    return next(r for r in records if r["data"].get(module, {}).get("status") == "success")


def broken_records(records):
    """Records a schema that means anything must refuse, each with what is wrong."""
    smtp = by_module(records, "smtp")
    changes = {
        "no ip": lambda r: r.pop("ip"),
        "an unknown key in the envelope": lambda r: r.update(colour="red"),
        "two modules": lambda r: r["data"].update(tls=r["data"]["smtp"]),
        "an unknown status": lambda r: r["data"]["smtp"].update(status="fine"),
        "a port as text": lambda r: r["data"]["smtp"].update(port="25"),
        "success with an error": lambda r: r["data"]["smtp"].update(error="x"),
        "failure without an error": lambda r: r["data"]["smtp"].update(status="io-timeout"),
        "an unknown key in the result": lambda r: r["data"]["smtp"]["result"].update(colour="red"),
        "another module's key": lambda r: r["data"]["smtp"]["result"].update(cap_ls=[]),
        "a timestamp without zone": lambda r: r["data"]["smtp"].update(timestamp="2026-01-01T00:00:00"),
        "no tcp object": lambda r: r["data"]["smtp"]["result"].pop("tcp"),
        "an unknown close": lambda r: r["data"]["smtp"]["result"]["tcp"].update(close="bang"),
        "an open port without its class": lambda r: r["data"]["smtp"]["result"].pop("responder"),
        "an unknown class": lambda r: r["data"]["smtp"]["result"].update(responder="odd"),
        "decoys that were not sent": lambda r: r["data"]["smtp"]["result"].update(
            decoys={"sent": 0, "answered": 0}),
        "a cipher suite without a value": lambda r: r["data"]["smtp"]["result"]["tls"]["handshake_log"]
        ["server_hello"]["cipher_suite"].pop("value"),
        "a certificate without content": lambda r: r["data"]["smtp"]["result"]["tls"]["handshake_log"]
        ["server_certificates"].update(certificate={}),
        "a serial number in hex": lambda r: r["data"]["smtp"]["result"]["tls"]["handshake_log"]
        ["server_certificates"]["certificate"]["parsed"].update(serial_number="0xff"),
    }
    for label, change in changes.items():
        record = copy.deepcopy(smtp)
        change(record)
        yield label, record


# What changes how the text around it is shown, or where a reader thinks that a line ends.
MOVES_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]")


def check_still_text(folder):
    """Whatever servers say, no line has a character that moves it about on a terminal, but newlines
    and, in the summary, tabs."""
    for mode in ("inline", "store"):
        for name in sorted(os.listdir(os.path.join(folder, mode))):
            with open(os.path.join(folder, mode, name), encoding="utf-8", newline="") as file:
                found = MOVES_TEXT.findall(file.read())
            check(not found, f"{mode}/{name}: no character turns text around or ends a line", found[:10])


def main():
    corpus, schemas = sys.argv[1:3]
    record, certificate, summary = (
        validate.load_validator(os.path.join(schemas, f"{name}.schema.json"))
        for name in ("record", "certificate", "summary"))
    with tempfile.TemporaryDirectory(prefix="tlsweep-corpus-") as folder:
        subprocess.run([corpus, folder], check=True)
        for mode in ("inline", "store"):
            results = os.path.join(folder, mode, "results.jsonl")
            wrong = validate.faults(results, record)
            check(not wrong, f"{mode}: every record fits the schema", wrong)
            wrong = validate.faults(os.path.join(folder, mode, "summary.json"), summary, whole=True)
            check(not wrong, f"{mode}: the summary fits its schema", wrong)
        check_still_text(folder)
        stored = os.path.join(folder, "store", "certificates.jsonl")
        wrong = validate.faults(stored, certificate)
        check(not wrong, "every stored certificate fits the schema", wrong)
        with open(os.path.join(folder, "inline", "results.jsonl"), encoding="utf-8") as file:
            records = [json.loads(line) for line in file]
        with open(stored, encoding="utf-8") as file:
            names = [json.loads(line)["sha256"] for line in file]
        check(len(set(names)) == len(names), "no certificate is stored twice")
    modules = {module for r in records for module in r["data"]}
    check(modules == {"smtp", "imap", "pop3", "irc", "xmpp", "http", "tls"}, "the corpus has every module")
    shared = ("parsed", "algorithm", "common_name", "base64", "sha256", "time")
    check(all(record.schema["$defs"][name] == certificate.schema["$defs"][name] for name in shared),
          "both schemas mean the same by a parsed certificate")
    for label, bad in broken_records(records):
        check(not record.is_valid(bad), f"refused: {label}")
    print(f"1..{len(checks)}")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
