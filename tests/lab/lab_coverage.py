#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Scan populations of the embedded lab as fast as it goes: all of the truth is found, nothing else is.

usage: lab_coverage.py TLSWEEP LAB_COVERAGE [--quick]
"""
import csv
import json
import math
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

tap = Tap()
ok = tap.ok

PORT = 25
FIRST = '10.0.0.0'


class Scan:
    """One scan of 2^bits addresses, and what the truth says about it."""

    def __init__(self, tools, lab, bits, *words):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, 'out')
            done = subprocess.run(
                [tools[0], 'scan', '-i', lab, '--no-huge', '-q', '-r', '0', '-c', '1', '-o', out,
                 '-p', str(PORT), '--greeting-timeout', '2s', *words, f'{FIRST}/{32 - bits}'],
                capture_output=True, text=True, timeout=600, check=False)
            ok(done.returncode == 0, f'{lab}, 2^{bits} addresses, {" ".join(words)}: the scan is done',
               done.returncode)
            if done.returncode != 0:
                print('# ' + done.stderr.replace('\n', '\n# '))
            with open(os.path.join(out, 'summary.json'), encoding='utf-8') as text:
                summary = json.load(text)
            self.counters = summary['counters']
            self.loss = summary['estimates']['loss']
            with open(os.path.join(out, 'status.csv'), newline='', encoding='utf-8') as text:
                self.last_row = list(csv.DictReader(text))[-1]
            self.truth = json.loads(subprocess.run(
                [tools[1], lab, FIRST, str(1 << bits), str(PORT),
                 os.path.join(out, 'results.jsonl')],
                capture_output=True, text=True, check=True).stdout)

    def exact(self, label):
        t = self.truth
        ok(t['found'] == t['open'] > 0 and t['false'] == t['twice'] == 0,
           f'{label}: every open port is found once, and no other is', t)
        lost = {k: v for k, v in self.counters['device'].items() if v}
        ok(not lost, f'{label}: no frame is lost', lost)


    def lossy(self, label, missed):
        """As many are missed as the wire has to answer for: six standard deviations of a binomial count."""
        t = self.truth
        ok(abs(t['open'] - t['found'] - missed) <= 6 * math.sqrt(missed),
           f'{label}: as many are missed as the wire has lost', (t, missed))
        ok(t['false'] == t['twice'] == 0, f'{label}: none is found falsely or twice', t)


def test_loss(tools, bits, n_probes):
    """A host is missed when of each of its probes the SYN or the SYN-ACK is dropped."""
    drop = 0.01
    scan = Scan(tools, f'lab:population=answering,drop={drop:.0%}', bits, '-P', str(n_probes),
                '--probe-gap', '200ms', '--loss-sample', '2')
    single = 1 - (1 - drop) ** 2
    scan.lossy(f'{n_probes} probe{"s" if n_probes > 1 else ""} over a wire that drops 1 %',
               single ** n_probes * scan.truth['open'])
    for name, expected in (('missed', single ** n_probes), ('single_probe', single)):
        share, n = scan.loss[name]['share'], scan.loss[name]['of']
        ok(n > 0 and abs(share - expected) <= 6 * math.sqrt(expected * (1 - expected) / n),
           f'{n_probes} probe{"s" if n_probes > 1 else ""} over a wire that drops 1 %: the estimate "{name}" is true',
           (share, n, expected))


def test_scarcity(tools, bits):
    """Many more hosts answer than there are connections for, and the wire is bad. Each that has answered once
    is asked until it is served: nothing is lost but what lost its only probe. (One new SYN was all they got,
    and 44 % were lost; and each answer to it was another hit.)"""
    drop = 0.05
    scan = Scan(tools, f'lab:population=answering,rtt=100ms,drop={drop:.0%}', bits, '--max-connections', '64',
                '-r', '20K')
    counters = scan.counters['dataplane']
    ok(counters['probes_retried'] > 0, "64 connections, a wire that drops 5 %: some probes are retries",
       counters["probes_retried"])
    scan.lossy('64 connections, a wire that drops 5 %', (1 - (1 - drop) ** 2) * scan.truth['open'])
    ok(counters['synack_valid'] == scan.truth['found'] + counters['retries_unanswered'] <= scan.truth['open'],
       '64 connections, a wire that drops 5 %: each answer is a host found, or one that gave no second answer',
       (counters['synack_valid'], counters['retries_unanswered'], scan.truth))
    ok(0 < float(scan.last_row['hit_rate']) <= 1,
       "64 connections, a wire that drops 5 %: the hit rate is not above 1", scan.last_row["hit_rate"])


def main():
    tools = sys.argv[1:3]
    less = 5 if '--quick' in sys.argv else 0
    Scan(tools, 'lab:population=sparse', 18 - less).exact('population sparse')
    Scan(tools, 'lab:population=answering,seed=2', 16 - less).exact('population answering')
    Scan(tools, 'lab:population=answering', 12 - less, '--max-connections', '64').exact(
        'population answering, 64 connections')
    test_scarcity(tools, 8 if less else 10)
    Scan(tools, 'lab:population=answering,rtt=50ms', 12 - less).exact('population answering, far away')
    cpus = sorted(os.sched_getaffinity(0))
    a, b = cpus[0], cpus[-1]
    Scan(tools, 'lab:population=answering', 15 - less, '--lcores',
         f'main@{a},poll@{a},poll@{b},tls@{a},lab@{b}').exact('population answering, two poll cores')
    Scan(tools, 'lab:population=answering,duplicate=10%,reorder=10%', 12 - less).exact(
        'population answering, twice and out of order')
    test_loss(tools, 16 - less, 1)
    test_loss(tools, 16 - less, 2)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
