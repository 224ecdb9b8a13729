#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The documented benchmarks start, run through and print figures; what the figures are is not asked."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    build = sys.argv[1]
    checks = 0
    failed = 0
    for part in ("rx", "targets"):
        found = subprocess.run([sys.executable, os.path.join(HERE, "run"), "--build", build,
                                "--rounds", "1", part], stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=280, check=False)
        rows = [line for line in found.stdout.splitlines() if line.startswith(f"| {part}")]
        good = found.returncode == 0 and len(rows) >= 2
        checks += 1
        failed += not good
        print(f"{'ok' if good else 'not ok'} {checks} - bench/run {part} prints its figures")
        if not good:
            print("\n".join("# " + line for line in (found.stdout + found.stderr).splitlines()))
    print(f"1..{checks}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
