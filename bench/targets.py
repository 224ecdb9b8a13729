# SPDX-License-Identifier: BSD-3-Clause
"""Targets: from an index to an address and port (bench/targets.c), and reading a long list."""

import subprocess

import measure
from measure import Row

KINDS = {"ipv4": "index to target, all of IPv4", "ports": "index to target, 300 ports",
         "scattered": "index to target, a million addresses"}
AT_ONCE = {kind: f"{name}, 64 at once" for kind, name in KINDS.items()}
LINES = 1_000_000
ROWS = [*(Row(name, "ns", goal="<= 20") for kind in KINDS
          for name in (KINDS[kind], AT_ONCE[kind])),
        Row("tlsweep targets: a million lines read, mixed, listed", "CPU s"),
        Row("masscan -sL: the same", "CPU s",
            ours="tlsweep targets: a million lines read, mixed, listed")]


class Part:
    """The list is one of scattered addresses in no order."""

    def __init__(self, bench):
        self.bench = bench
        self.list = bench.path("list.txt")
        with open(self.list, "w", encoding="ascii") as out:
            for i in range(LINES):
                x = i * 2654435761 * 2 & 0xffffffff
                out.write(f"{x >> 24}.{x >> 16 & 255}.{x >> 8 & 255}.{x & 255}\n")
        self.subjects = [self.look_up, self.tlsweep, self.masscan]

    def close(self):
        """Nothing to close."""

    def look_up(self):
        out = measure.Run([self.bench.program("bench/bench_targets")]).check().stdout
        found = {}
        for kind in KINDS:
            match = measure.find(rf"targets {kind}\s+([\d.]+) ns, 64 at once\s+([\d.]+) ns", out)
            found[KINDS[kind]], found[AT_ONCE[kind]] = float(match[1]), float(match[2])
        return found

    def tlsweep(self):
        run = measure.Run([self.bench.program("apps/tlsweep"), "targets", "-q", "-p", "443",
                           "--no-default-exclude", "-w", self.list],
                          stdout=subprocess.DEVNULL).check()
        return {"tlsweep targets: a million lines read, mixed, listed": run.cpu_s}

    def masscan(self):
        measure.need_program("masscan")
        run = measure.Run(["masscan", "-sL", "-p", "443", "-iL", self.list],
                          stdout=subprocess.DEVNULL).check()
        return {"masscan -sL: the same": run.cpu_s}
