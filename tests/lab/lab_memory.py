#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The memory plan names what a scan takes: within a tenth of what DPDK's heap has given out.

usage: lab_memory.py TLSWEEP
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

tap = Tap()
ok = tap.ok

CPUS = sorted(os.sched_getaffinity(0))
A, B = CPUS[0], CPUS[-1]
SETTINGS = [
    [],
    ['--max-connections', '1024', '--max-sessions', '64'],
    ['--max-connections', '131072', '--max-sessions', '512'],
    ['--output', 'open,closed,unreachable', '-r', '100K', '-c', '1'],
    ['--lcores', f'main@{A},poll@{A},poll@{B},tls@{A},tls@{B},lab@{B}'],
]
DPDK_PARTS = ['packet_buffers', 'chunks', 'talks', 'connections', 'answers_seen', 'sessions',
              'queues']


def test(binary, words):
    name = ' '.join(words) or 'the defaults'
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'out')
        done = subprocess.run([binary, 'scan', '-i', 'lab:population=sparse', '--no-huge', '-q',
                               '-r', '0', '-c', '0', '-p', '25', '-o', out, *words,
                               '198.18.0.0/24'],
                              capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            ok(False, f'memory with {name}: the scan is done', done.stderr)
            return
        with open(os.path.join(out, 'summary.json'), encoding='utf-8') as text:
            summary = json.load(text)
    plan, used = summary['memory_plan_bytes'], summary['memory_used_bytes']
    ok(abs(plan['dpdk'] / used['dpdk'] - 1) <= 0.1,
       f'memory with {name}: the plan is within a tenth of what DPDK has given out', (plan['dpdk'], used['dpdk']))
    ok(sum(plan[part] for part in DPDK_PARTS) == plan['dpdk'],
       f'memory with {name}: the parts of the plan make its sum')


def main():
    for words in SETTINGS:
        test(sys.argv[1], words)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
