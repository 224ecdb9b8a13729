#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sum the single checks of Meson test logs.

Usage: count-results.py VARIANT=TESTLOG.json ...   (VARIANT=unbuilt: it did not compile)

Prints the time of each suite, what was skipped with its reason, what failed, and as the last line
"N passed, N failed, N skipped".
A TAP program counts with each of its checks; any other program counts as one.
"""
import json
import re
import sys
from collections import Counter
from pathlib import Path

TAP_CHECK = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t-]*(.*)$", re.MULTILINE)
TAP_PLAN = re.compile(r"^1\.\.\d+", re.MULTILINE)
TAP_SKIP_ALL = re.compile(r"^1\.\.0\b[ \t]*(?:#[ \t]*skip\S*[ \t]*(.*))?$", re.MULTILINE | re.IGNORECASE)
SKIP_MARK = re.compile(r"#[ \t]*skip\S*[ \t]*(.*)$", re.IGNORECASE)


def count_program(variant, record):
    """Counter and lines to show of one test program."""
    where = f"{variant}: {record['name']}"
    output = record.get("stdout") or ""
    count, lines = Counter(), []
    checks = TAP_CHECK.findall(output) if TAP_PLAN.search(output) else []
    for failed, label in checks:
        skip = SKIP_MARK.search(label)
        if failed:
            count["failed"] += 1
            lines.append(f"FAILED   {where}: {label}")
        elif skip:
            count["skipped"] += 1
            lines.append(f"skipped  {where}: {skip.group(1) or label}")
        else:
            count["passed"] += 1
    result = record["result"]
    if result == "SKIP" and not count:
        reason = TAP_SKIP_ALL.search(output)
        last = output.strip().splitlines()[-1:] or ["no reason given"]
        count["skipped"] += 1
        lines.append(f"skipped  {where}: {(reason and reason.group(1)) or last[0]}")
    elif result not in ("OK", "EXPECTEDFAIL", "SKIP") and not count["failed"]:
        count["failed"] += 1
        lines.append(f"FAILED   {where}: {result.lower()}")
    elif not count:
        count["passed"] += 1
    return count, lines


def print_times(variant, records):
    """What each suite took, the sum over its programs, and the slowest of them."""
    seconds, slowest = Counter(), {}
    for record in records:
        suite, _, program = record["name"].partition(" / ")
        seconds[suite] += record["duration"]
        slowest[suite] = max(slowest.get(suite, (0, "")), (record["duration"], program))
    for suite, took in seconds.most_common():
        longest, program = slowest[suite]
        print(f"{variant:8} {suite.rpartition(':')[2]:9} {took:5.0f} s, of which {program} {longest:.0f} s")


def main(reports):
    total, lines = Counter(), []
    for report in reports:
        variant, _, path = report.partition("=")
        if path == "unbuilt":
            total["failed"] += 1
            lines.append(f"FAILED   {variant}: does not compile")
            continue
        log = Path(path)
        records = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        if not records:
            total["failed"] += 1
            lines.append(f"FAILED   {variant}: no test was run")
        print_times(variant, records)
        for record in records:
            count, shown = count_program(variant, record)
            total += count
            lines += shown
    for line in sorted(lines, reverse=True):
        print(line)
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
