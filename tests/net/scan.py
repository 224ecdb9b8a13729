# SPDX-License-Identifier: BSD-3-Clause
"""Run `tlsweep scan` in a lab, read what it wrote, and hold every document against its schema."""

import json
import os
import signal
import subprocess
import sys
import tempfile

import net

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.path.join(ROOT, "docs", "schema")
sys.path.insert(0, os.path.join(ROOT, "tests", "unit", "json"))
sys.dont_write_bytecode = True
import validate  # noqa: E402  pylint: disable=wrong-import-position

# Exit codes: apps/util/exit_codes.h
DONE, SETUP, USAGE, INTERRUPTED, OUTPUT, PORT = range(6)

MODULE = {"smtp": "smtp", "submission": "smtp", "smtps": "smtp", "imap": "imap", "imaps": "imap",
          "pop3": "pop3", "pop3s": "pop3", "irc": "irc", "ircs": "irc", "https": "http",
          "xmpp-client": "xmpp", "xmpps-client": "xmpp", "xmpp-server": "xmpp",
          "xmpps-server": "xmpp"}


def program():
    """The tlsweep under test: the first argument of each test program."""
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: TEST TLSWEEP")
    return os.path.abspath(sys.argv[1])


class Record:
    """One line, with the parts that tests look at."""

    def __init__(self, line):
        self.line = line
        self.ip, self.port = line["ip"], line["port"]
        (self.module, self.scan), = line["data"].items()
        self.status = self.scan["status"]
        self.result = self.scan["result"]
        self.stage = self.result["stage"]
        self.outcome = self.result["outcome"]
        self.word = self.result.get("class")
        tls = self.result.get("tls", {})
        if self.module == "http":
            tls = self.result.get("response", {}).get("request", {}).get("tls_log", {})
        elif self.module == "tls":
            tls = self.result
        self.tls = tls

    @property
    def version(self):
        return self.tls.get("negotiated", {}).get("version", {}).get("name")

    @property
    def certificate(self):
        """SHA-256 of the server's own certificate, or None."""
        entry = self.tls.get("handshake_log", {}).get("server_certificates", {})
        entry = entry.get("certificate", {})
        return (entry.get("parsed") or entry).get("fingerprint_sha256")

    def brief(self):
        return (f"{self.ip} {self.port} {self.status} {self.stage} {self.word} "
                f"{self.scan.get('error')}\n{json.dumps(self.line)[:1500]}")


class Scan:
    """One run of `tlsweep scan`; keyword `source`: words in place of the default source."""

    def __init__(self, lab, words, targets=(), port="af_packet:scan0", source=None, timeout=90,
                 space=None):
        self.lab = lab
        self.dir = os.path.join(tempfile.mkdtemp(prefix="scan-", dir=lab.dir), "out")
        if source is None:
            source = ["-S", f"{net.SCANNER_V4}/15", "-S", f"{net.SCANNER_V6}/64"]
        self.words = [program(), "scan", "-i", port, "--no-huge", "--no-default-exclude",
                      "--ehlo-name", "scanner.example.test", "-o", self.dir, *source, *words,
                      *targets]
        self.timeout = timeout
        with open(self.dir + ".err", "wb") as err:
            self.process = subprocess.Popen((space or lab.scanner).words(*self.words),
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                            stderr=err, encoding="utf-8",
                                            errors="replace", preexec_fn=net.die_with_parent)

    def said(self):
        """What it has written to standard error so far."""
        with open(self.dir + ".err", encoding="utf-8", errors="replace") as err:
            return err.read()

    def interrupt(self):
        """What Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)

    def wait(self):
        """Wait for the end and read the files; returns itself."""
        try:
            self.stdout = self.process.communicate(timeout=self.timeout)[0]
            self.stderr = self.said()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.stdout = self.process.communicate()[0]
            self.stderr = self.said() + "\n(did not end and was killed)"
        self.code = self.process.returncode
        self.records = [Record(json.loads(line)) for line in self.lines("results.jsonl")]
        self.by_target = {(record.ip, record.port): record for record in self.records}
        self.summary = json.loads("".join(self.lines("summary.json")) or "{}")
        return self

    def lines(self, name):
        try:
            with open(os.path.join(self.dir, name), encoding="utf-8") as found:
                return found.read().splitlines()
        except FileNotFoundError:
            return []

    def counter(self, name):
        return self.summary["counters"]["dataplane"][name]

    def check(self, tap, label, code=DONE):
        """What holds for every run: exit code, schemas, one line per target, a true account."""
        tap.eq(self.code, code, f"{label}: the exit code is {code}", self.stderr[-3000:])
        wrong = validate.faults(os.path.join(self.dir, "summary.json"), schema("summary"), True)
        if self.records:
            wrong += validate.faults(os.path.join(self.dir, "results.jsonl"), schema("record"))
        tap.ok(not wrong, f"{label}: every line and the summary fit their schemas",
               "\n".join(wrong[:10]))
        tap.eq(len(self.by_target), len(self.records), f"{label}: no target and port has two lines")
        if self.summary:
            tap.eq(self.summary["records"]["total"], len(self.records),
                   f"{label}: the summary counts as many records as there are lines")
            tap.eq(self.summary["exit_code"], code, f"{label}: the summary has the exit code")

    def check_store(self, tap, wanted):
        """certificates.jsonl fits its schema and holds these SHA-256s, once each."""
        wrong = validate.faults(os.path.join(self.dir, "certificates.jsonl"), schema("certificate"))
        tap.ok(not wrong, "every stored certificate fits its schema", "\n".join(wrong[:10]))
        names = [json.loads(line)["sha256"] for line in self.lines("certificates.jsonl")]
        tap.eq(sorted(names), sorted(wanted), "certificates.jsonl has every certificate, each once")
        tap.ok(all(record.certificate in wanted for record in self.records),
               "records name certificates of the store alone")


validators = {}


def schema(name):
    if name not in validators:
        validators[name] = validate.load_validator(os.path.join(SCHEMAS, f"{name}.schema.json"))
    return validators[name]


def run(lab, words, targets=(), **keywords):
    return Scan(lab, words, targets, **keywords).wait()
