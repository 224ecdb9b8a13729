# SPDX-License-Identifier: BSD-3-Clause
"""What a scan finds at full speed of what is there, and what it says about what it lost."""

import functools
import json
import os

import measure
from measure import Row

PORT = 25
FIRST = "10.0.0.0"
COOLDOWN_S = 1

# Name, population, addresses as a power of two.
POPULATIONS = [
    ("2^24, 1 % open", "sparse", 24),
    ("2^20, all open", "answering", 20),
]
# Two probes miss one host in 2,500 here: enough hosts to see it, and a sample of half of them.
LOSS_BITS = 18
LOSS_DROP = 0.01
LOSS_SAMPLE = 2
LOSS_PROBES = (1, 2)


def loss_name(n_probes):
    return f"drop 1 %, {n_probes} probe{'s' if n_probes > 1 else ''}"


ROWS = [
    *(row for name, _, _ in POPULATIONS for row in (
        Row(f"{name}: found", "hosts"),
        Row(f"{name}: missed", "hosts", goal="0"),
        Row(f"{name}: false or twice", "records", goal="0"),
        Row(f"{name}: lost on the way", "frames", goal="0"),
        Row(f"{name}: probes", "Mpps"),
        Row(f"{name}: probes by poll thread", "Mpps per CPU s"),
        Row(f"{name}: time", "s"),
    )),
    *(row for n in LOSS_PROBES for row in (
        Row(f"{loss_name(n)}: expected to be missed", "%"),
        Row(f"{loss_name(n)}: missed", "%"),
        Row(f"{loss_name(n)}: estimated by the scan", "%"),
        Row(f"{loss_name(n)}: lower end of the estimate", "%"),
        Row(f"{loss_name(n)}: upper end of the estimate", "%"),
    )),
]


class Part:
    """Scans of the embedded lab; the poll role has a CPU of its own where there are two."""

    def __init__(self, bench):
        self.bench = bench
        self.subjects = [functools.partial(self.population, *which) for which in POPULATIONS]
        self.subjects += [functools.partial(self.loss, n) for n in LOSS_PROBES]

    def close(self):
        """Nothing is left behind."""

    def scan(self, lab, bits, *words):
        """A scan, and its results held to the truth of the lab."""
        cpus = sorted(os.sched_getaffinity(0))
        scan = measure.Scan(self.bench, [
            "-q", "-i", lab, "--lcores", f"{measure.lcores()},lab@{cpus[-1]}", "-r", "0", "-c",
            f"{COOLDOWN_S}s", "-p", str(PORT), "--greeting-timeout", "2s", *words,
            f"{FIRST}/{32 - bits}"], timeout=600)
        out = measure.Run([self.bench.program("tests/lab/lab_coverage"), lab, FIRST,
                           str(1 << bits), str(PORT),
                           os.path.join(scan.dir, "results.jsonl")]).check().stdout
        return scan, json.loads(out)

    def population(self, name, population, bits):
        scan, truth = self.scan(f"lab:population={population}", bits)
        took_s = scan.summary["duration_s"] - COOLDOWN_S
        return {
            f"{name}: found": truth["found"],
            f"{name}: missed": truth["open"] - truth["found"],
            f"{name}: false or twice": truth["false"] + truth["twice"],
            f"{name}: lost on the way": sum(scan.summary["counters"]["device"].values()),
            f"{name}: probes": scan.counter("probes_sent") / took_s / 1e6,
            f"{name}: probes by poll thread":
                scan.counter("probes_sent") / scan.role_cpu_s("poll") / 1e6,
            f"{name}: time": took_s,
        }

    def loss(self, n_probes):
        """A host is missed when of each of its probes the SYN or the SYN-ACK is dropped."""
        scan, truth = self.scan(
            f"lab:population=answering,drop={LOSS_DROP:.0%}", LOSS_BITS, "-P", str(n_probes),
            "--probe-gap", "500ms", "--loss-sample", str(LOSS_SAMPLE))
        name = loss_name(n_probes)
        missed = 1 - truth["found"] / truth["open"]
        found = {
            f"{name}: expected to be missed": 100 * (1 - (1 - LOSS_DROP) ** 2) ** n_probes,
            f"{name}: missed": 100 * missed,
        }
        estimate = scan.summary.get("estimates", {}).get("loss", {}).get("missed")
        if estimate is not None:
            found[f"{name}: estimated by the scan"] = 100 * estimate["share"]
            found[f"{name}: lower end of the estimate"] = 100 * estimate["low"]
            found[f"{name}: upper end of the estimate"] = 100 * estimate["high"]
        return found
