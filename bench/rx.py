# SPDX-License-Identifier: BSD-3-Clause
"""Receiving: SYN-ACKs from a ring through the receive path, on one core (bench/rx.c)."""

import measure
from measure import Row

KINDS = {"noise": "SYN-ACK with a wrong cookie", "duplicate": "SYN-ACK seen before",
         "accept": "SYN-ACK accepted, connection opened"}
ROWS = [row for kind in KINDS.values()
        for row in (Row(kind, "Mpps", goal=">= 12" if "accepted" not in kind else ""),
                    Row(f"{kind}, each", "ns"))]


class Part:
    """Runs bench_rx; the table's spread is over its runs, each of them a median of rounds."""

    def __init__(self, bench):
        self.bench = bench
        self.subjects = [self.rx]

    def close(self):
        """Nothing to close."""

    def rx(self):
        out = measure.Run([self.bench.program("bench/bench_rx")]).check().stdout
        found = {}
        for kind, name in KINDS.items():
            ns, mpps = measure.find(
                rf"rx {kind}\s+([\d.]+) ns\s+\(\s*([\d.]+) Mpps", out).groups()
            found |= {name: float(mpps), f"{name}, each": float(ns)}
        return found
