#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Figures and names that must be right: in every record, and in the summary beside the records.

usage: account.py TLSWEEP [--sanitized]
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

PORTS = [25, 143, 443, 993, 5222, 6667]
QUICK = ['-c', '2', '--greeting-timeout', '2', '--reply-timeout', '2', '--handshake-timeout', '6',
         '--output', 'open,closed,unreachable']
N_NAMED, N_PAIRS = 192, 32


class Run:
    """One scan of the lab: its records, its summary, and what the kernel says of the process that has ended."""

    def __init__(self, t, program, folder, name, *words):
        out = os.path.join(folder, name)
        with open(out + '.err', 'w+') as said:
            process = subprocess.Popen([program, 'scan', '-i', 'lab', '--no-huge', '-q', '-e', '7', '-o', out, *words],
                                       stderr=said)
            _, status, self.usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            t.eq(process.returncode, 0, f'{name}: exit code', said.read())
        with open(os.path.join(out, 'results.jsonl')) as file:
            self.records = [json.loads(line) for line in file]
        with open(os.path.join(out, 'summary.json')) as file:
            self.summary = json.load(file)


def result_of(record):
    (data,) = record['data'].values()
    return data['result']


def check_names(t, program, folder):
    """Targets with names that are silent, closed, noise, asked a second time, or services: the name
    stands in every record of them, as it was given; and in none of a target without a name."""
    names = {f'198.18.0.{i}': f'Host-{i}.example' for i in range(N_NAMED)}
    paired = {f'198.18.4.{i}': f'mail.pair-{i}.example' for i in range(N_PAIRS)}
    hosts, pairs = os.path.join(folder, 'hosts'), os.path.join(folder, 'pairs')
    with open(hosts, 'w') as file:
        file.writelines(f'{addr},{name}\n' for addr, name in names.items())
        # Once more, which is no second name.
        file.writelines(f'{addr},{name.lower()}\n' for addr, name in list(names.items())[:9])
        file.write('198.18.1.0/26\n')
    with open(pairs, 'w') as file:
        file.writelines(f'{addr}:{port},{name}\n' for addr, name in paired.items() for port in (25, 2526))
    run = Run(t, program, folder, 'named', *QUICK, '-p', ','.join(map(str, PORTS)), '-w', hosts, '-p', '2526:smtp',
              '--pairs', pairs)
    names.update(paired)
    wrong = [record for record in run.records if record.get('domain') != names.get(record['ip'])]
    for record in wrong[:5]:
        t.note(json.dumps(record)[:400])
    t.eq(len(wrong), 0, f'each of {len(run.records)} records has the name that its target was given with, or none')
    kinds = collections.Counter()
    for record in run.records:
        result = result_of(record)
        if record['ip'] in names:
            kinds[result['outcome']] += 1
            kinds[result.get('responder')] += 1
            kinds['silent'] += result.get('class') == 'silent'
            kinds['again'] += 'retried_as' in result
    wanted = ('open', 'closed', 'service', 'acked-silent', 'silent', 'again')
    t.ok(all(kinds[kind] > 0 for kind in wanted), 'among them targets of every kind', dict(kinds))


MB = 1 << 20
# What may be touched between the summary's last look and the end: closing files, freeing lists.
AFTER = 4 * MB


def check_memory(t, program, folder):
    """Freeing DPDK's memory clears it: the end of a scan touched all that it had never needed, 130 MB of it, behind
    the summary's back. Now the summary's peak is that of the ended process."""
    sizes = {'memory': [], 'many-connections': ['--max-connections', '131072', '--max-sessions', '512']}
    for name, words in sizes.items():
        run = Run(t, program, folder, name, *QUICK, '-r', '0', '-p', '25,443', *words, '198.18.0.0/24')
        said, ended = run.summary['memory_used_bytes']['resident_peak'], run.usage.ru_maxrss * 1024
        t.ok(said <= ended <= said + AFTER,
             f'{name}: the peak in memory is that of the ended process, {said // MB} of {ended // MB} MB')


def check_memory_alone(t, program, folder):
    """Whoever starts a scan may be large: what the kernel remembers of that (ru_maxrss, over exec) is not the scan's."""
    words = ['scan', '-i', 'lab', '--no-huge', '-q', '-c', '0', '-p', '25', '198.18.0.0/28', '-o',
             os.path.join(folder, 'alone')]
    code = ('import os, sys; large = bytearray(os.urandom(1)) * (500 << 20); '
            'sys.exit(os.waitstatus_to_exitcode(os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)[1]))')
    done = subprocess.run([sys.executable, '-c', code, program, *words], capture_output=True, text=True, timeout=120)
    t.eq(done.returncode, 0, 'started by a large process: exit code', done.stderr)
    with open(os.path.join(folder, 'alone', 'summary.json')) as file:
        said = json.load(file)['memory_used_bytes']['resident_peak']
    t.ok(said < 400 * MB, f'started by a process of 500 MB: the peak is the scan\'s own, {said // MB} MB')


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_names(t, program, folder)
        # A sanitizer has memory of its own, and its last look touches it.
        if '--sanitized' not in sys.argv:
            check_memory(t, program, folder)
            check_memory_alone(t, program, folder)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
