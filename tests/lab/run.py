# SPDX-License-Identifier: BSD-3-Clause
"""Run `tlsweep scan` in the embedded lab, and read what it has written."""
import csv
import json
import os
import subprocess

# apps/exit_codes.h
DONE, INTERRUPTED, OUTPUT, GUARD = 0, 3, 4, 6
# One address in 100 answers, and hangs up at once.
LAB = ['-i', 'lab:population=sparse', '--no-huge', '-p', 'https', '-c', '1']
FULL_SPEED = [*LAB, '-r', '0', '-q', '-e', '5']


def command(program, folder, *words):
    return [program, 'scan', *words, '-o', folder]


def run(program, folder, *words):
    return subprocess.run(command(program, folder, *words), capture_output=True, text=True, timeout=300)


def summary_of(folder):
    with open(os.path.join(folder, 'summary.json')) as file:
        return json.load(file)


def rows_of(folder):
    with open(os.path.join(folder, 'status.csv'), newline='') as file:
        return list(csv.reader(file))


def pairs_of(folder):
    with open(os.path.join(folder, 'results.jsonl')) as file:
        return sorted((r['ip'], r['port']) for r in map(json.loads, file))


def sent_rows(folder):
    """Rows of status.csv that have come so far."""
    return rows_of(folder)[1:] if os.path.exists(os.path.join(folder, 'status.csv')) else []
