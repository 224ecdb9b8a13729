#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sum the single checks of Meson test logs.

usage: count-results.py [--built VARIANT=SECONDS]... VARIANT=TESTLOG.json ...

VARIANT=unbuilt says that a variant does not compile. A variant may have several logs.

Prints the time of each suite, the builds, the slowest ten tests, what was skipped with its reason, the number
of distinct claims, what failed, and as the last line "N passed, N failed, N skipped".
A TAP program counts with each of its checks; any other program counts as one. A claim is the label of a
check: one that holds in three builds is one claim.
"""
import json
import re
import sys
from collections import Counter
from pathlib import Path

N_SLOWEST = 10
TAP_CHECK = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t]*(?:-[ \t]+)?(.*)$", re.MULTILINE)
TAP_PLAN = re.compile(r"^1\.\.\d+", re.MULTILINE)
TAP_SKIP_ALL = re.compile(r"^1\.\.0\b[ \t]*(?:#[ \t]*skip\S*[ \t]*(.*))?$", re.MULTILINE | re.IGNORECASE)
SKIP_MARK = re.compile(r"[ \t]*#[ \t]*skip\S*[ \t]*(.*)$", re.IGNORECASE)


class Totals:
    """What all programs of all variants add up to."""

    def __init__(self):
        self.count = Counter()
        self.claims = set()
        self.failed, self.skipped = [], []

    def fail(self, where, why):
        self.count["failed"] += 1
        self.failed.append(f"FAILED   {where}: {why}")

    def skip(self, where, why):
        self.count["skipped"] += 1
        self.skipped.append(f"skipped  {where}: {why}")

    def add_check(self, where, failed, label):
        mark = SKIP_MARK.search(label)
        claim = label[:mark.start()] if mark else label
        if failed:
            self.fail(where, label)
        elif mark:
            self.skip(where, ": ".join(filter(None, (claim, mark.group(1)))))
        else:
            self.count["passed"] += 1
        self.claims.add(claim)

    def add_program(self, variant, record):
        where = f"{variant}: {record['name']}"
        output = record.get("stdout") or ""
        checks = TAP_CHECK.findall(output) if TAP_PLAN.search(output) else []
        n_failed = self.count["failed"]
        for failed, label in checks:
            self.add_check(where, failed, label)
        result = record["result"]
        if result == "SKIP" and not checks:
            reason = TAP_SKIP_ALL.search(output)
            last = output.strip().splitlines()[-1:] or ["no reason given"]
            self.skip(where, (reason and reason.group(1)) or last[0])
        elif result not in ("OK", "EXPECTEDFAIL", "SKIP"):
            if self.count["failed"] == n_failed:
                self.fail(where, result.lower())
        elif not checks:
            self.count["passed"] += 1
            self.claims.add(record["name"])


def print_suites(variant, records):
    """What each suite took, the sum over its programs, and the slowest of them."""
    seconds, slowest = Counter(), {}
    for record in records:
        suite, _, program = record["name"].partition(" / ")
        seconds[suite] += record["duration"]
        slowest[suite] = max(slowest.get(suite, (0, "")), (record["duration"], program))
    for suite, took in seconds.most_common():
        longest, program = slowest[suite]
        print(f"{variant:8} {suite.rpartition(':')[2]:9} {took:5.0f} s, of which {program} {longest:.0f} s")


def print_slowest(durations):
    print(f"the slowest {min(N_SLOWEST, len(durations))} of {len(durations)} test programs:")
    for seconds, variant, name in sorted(durations, reverse=True)[:N_SLOWEST]:
        print(f"{seconds:7.0f} s  {variant}: {name}")


def read_log(path):
    """The records of a log, and whether all of it could be read: Meson may have been killed."""
    log, records = Path(path), []
    for line in log.read_text().splitlines() if log.exists() else []:
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            return records, False
    return records, True


def main(words):
    totals, durations, built, reports = Totals(), [], [], []
    while words:
        word = words.pop(0)
        variant, _, value = (words.pop(0) if word == "--built" else word).partition("=")
        (built if word == "--built" else reports).append((variant, value))
    for variant, path in reports:
        if path == "unbuilt":
            totals.fail(variant, "does not compile")
            continue
        records, whole = read_log(path)
        if not whole:
            totals.fail(variant, f"its log is cut off: {path}")
        if not records:
            totals.fail(variant, f"no test was run: {path}")
        print_suites(variant, records)
        for record in records:
            totals.add_program(variant, record)
            durations.append((record["duration"], variant, record["name"]))
    print("\n".join(sorted(totals.skipped)), end="\n" if totals.skipped else "")
    print(f"{len(totals.claims)} distinct claims")
    print("builds: " + (", ".join(f"{variant} {seconds} s" for variant, seconds in built) or "none"))
    print_slowest(durations)
    print("\n".join(sorted(totals.failed)), end="\n" if totals.failed else "")
    print(f"{totals.count['passed']} passed, {totals.count['failed']} failed, {totals.count['skipped']} skipped")
    return 1 if totals.count["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
