#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a scan tells of itself, and what ends it: files, telemetry, guards; nothing of it depends on -q.

usage: operation.py TLSWEEP [CHECK...]   without the name of a check, all of them (see main())
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from net import wait_until  # noqa: E402
from run import (DONE, FULL_SPEED, GUARD, INTERRUPTED, LAB, OUTPUT, command, pairs_of, rows_of, run,  # noqa: E402
                 summary_of)
from tap import Tap  # noqa: E402


def runtime_dirs(pid):
    """Where DPDK keeps the folder of a process, by who runs it (docs/output.md)."""
    uid = os.getuid()
    bases = ['/var/run'] if uid == 0 else [os.environ.get('XDG_RUNTIME_DIR', '/tmp'), f'/tmp/tlsweep-{uid}']
    bases.insert(0, os.environ.get('RUNTIME_DIRECTORY', bases[0]))
    return [f'{base}/dpdk/tlsweep-{pid}' for base in bases]


def connect(pid, deadline):
    while time.monotonic() < deadline:
        for folder in runtime_dirs(pid):
            link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                link.connect(folder + '/dpdk_telemetry.v2')
                link.recv(4096)  # its greeting
                return link, folder
            except OSError:
                link.close()
        time.sleep(0.05)
    return None, None


def ask(link, what):
    link.send(what.encode())
    return json.loads(link.recv(1 << 20).decode())[what.split(',')[0]]


def check_files(t, program, folder):
    out = os.path.join(folder, 'full')
    words = [*FULL_SPEED, '198.18.0.0/20', '--exclude', '198.18.3.0/24']
    done = run(program, out, *words)
    if not t.ok(done.returncode == DONE, 'a scan without a rate is done', done.stderr):
        return
    found = summary_of(out)
    rows = rows_of(out)
    header, last = rows[0], dict(zip(rows[0], rows[-1]))
    t.ok(len(rows) > 2 and all(len(row) == len(header) and '' not in row for row in rows),
         'status.csv: each row has as many columns as the header, none of them empty', rows[:3])
    counters = found['counters']['dataplane']
    t.eq(int(last['sent']), counters['probes_sent'], 'status.csv: the last row has all probes that were sent')
    t.eq(float(last['percent']), 100.0, 'status.csv: the last row has 100 percent')
    t.eq(int(last['records']), found['records']['total'], 'status.csv: the last row has every record')
    # zmap's -r 0 is a slow rate, and masscan's is none at all.
    t.ok('rate' not in [row[header.index('waits_for')] for row in rows[1:]] and
         found['rates']['asked_pps'] == 0, '--rate 0: nothing ever waits for the rate')
    t.eq(found['arguments'], ['scan', *words, '-o', out], 'summary: it has the arguments as they were typed')
    t.eq(found['parameters']['target'], ['198.18.0.0/20'], 'summary: a parameter that is a list is written as a list')
    t.eq(found['parameters']['probes'], '1', 'summary: parameters at their default are written too')
    t.eq(found['part'], {'shard': 1, 'shards': 1, 'first_index': 0, 'indices': 4096 - 256},
         'summary: the part of the scan is all targets but the excluded')
    check_cores(t, found)
    with open(os.path.join(out, 'metrics.prom')) as file:
        metrics = dict(line.rsplit(' ', 1) for line in file.read().splitlines() if line[0] != '#')
    t.eq([name for name, n in counters.items() if int(metrics[f'tlsweep_{name}_total']) != n], [],
         'metrics.prom: every counter has the value of the summary')


def check_cores(t, found):
    sums = {}
    for core in found['cores']:
        for name, n in core['counters'].items():
            sums[name] = sums.get(name, 0) + n
    t.eq(sums, {name: n for name, n in found['counters']['dataplane'].items() if n},
         'summary: the counters of the lcores add up to those of the scan')
    t.ok({core['role'] for core in found['cores']} == {'poll', 'tls'} and
         all(core['loop_p999_us'] <= core['loop_max_us'] for core in found['cores']),
         'summary: each lcore has a role, and a loop time that is no larger than the largest', found['cores'])


def check_quiet(t, program, folder):
    """-q takes the status line away, and nothing else."""
    found = {}
    for name, more in (('quiet', ['-q']), ('loud', [])):
        out = os.path.join(folder, name)
        done = run(program, out, *LAB, '-r', '0', '-e', '9', *more, '198.18.0.0/22')
        lines = re.findall(r'^\d+:\d+ .*waits for', done.stderr, re.M)
        t.eq((done.returncode, bool(lines)), (DONE, name == 'loud'),
             f'{"-q takes the status line away" if name == "quiet" else "without -q there is a status line"}',
             done.stderr)
        found[name] = pairs_of(out), sorted(os.listdir(out)), rows_of(out)[0]
    t.eq(found['quiet'], found['loud'], 'with -q and without it a scan writes the same results, files and columns')


def check_guards(t, program, folder):
    slow = [*LAB, '-q', '-r', '500', '198.18.0.0/16']
    for name, words, code in (('min-hitrate', ['--min-hitrate', '50%'], GUARD),
                              ('max-runtime', ['--max-runtime', '2s'], DONE),
                              ('max-results', ['--max-results', '3'], DONE)):
        out = os.path.join(folder, name)
        done = run(program, out, *slow, *words)
        t.eq(done.returncode, code, f'--{name} with -q: the exit code is {code}', done.stderr)
        found = summary_of(out)
        t.eq(found['exit_reason'], name, f'--{name}: the summary gives it as the reason')
        t.ok(0 < found['num_targets_scanned'] < 65536, f'--{name}: it ends the scan in the middle',
             found['num_targets_scanned'])
        # Without a cooldown it is not known what would have come.
        t.ok((found['estimates']['loss']['sampled'] == 0) == (name == 'max-results'),
             f'--{name}: the summary has {"no " if name == "max-results" else "an "}estimate of the loss',
             found['estimates']['loss'])
    t.ok(len(pairs_of(out)) >= 3, '--max-results 3: the results have at least three lines')
    out = os.path.join(folder, 'enough')
    done = run(program, out, *LAB, '-q', '-r', '500', '--min-hitrate', '0.1%', '-n', '10000', '198.18.0.0/16')
    t.eq((done.returncode, summary_of(out)['exit_reason']), (DONE, 'done'),
         '--min-hitrate: a scan that reaches the share comes to its end')


def check_telemetry(t, program, folder):
    """Asked while it runs; then interrupted, which ends it with a whole account."""
    out = os.path.join(folder, 'asked')
    running = subprocess.Popen(command(program, out, *LAB, '-q', '-r', '200', '198.18.0.0/16'),
                               stderr=subprocess.PIPE, text=True)
    link, place = connect(running.pid, time.monotonic() + 60)
    if t.ok(link is not None, 'telemetry: the socket of the process answers'):
        wait_until(lambda: (ask(link, '/tlsweep/counters') or {}).get('probes_sent', 0) > 0)
        counters = ask(link, '/tlsweep/counters')
        later = ask(link, '/tlsweep/counters')
        t.ok(all(later[name] >= n for name, n in counters.items()), 'telemetry: counters only grow')
        info, levels = ask(link, '/tlsweep/info'), ask(link, '/tlsweep/levels')
        t.ok(info['pid'] == running.pid and info['n_indices'] == 65536,
             'telemetry: /tlsweep/info has the process and the number of targets', info)
        t.ok(0 < levels['loop_p999_us'] <= levels['loop_max_us'],
             'telemetry: /tlsweep/levels has the loop times of the scan', levels)
        cores = ask(link, '/tlsweep/cores')
        t.eq({core['role'] for core in cores.values()}, {'poll', 'tls'},
             'telemetry: /tlsweep/cores has poll and TLS cores')
        one = ask(link, f"/tlsweep/cores,{next(iter(cores.values()))['lcore']}")
        t.ok(set(counters) <= set(one), 'telemetry: /tlsweep/cores,N has every counter of one lcore')
        t.eq(ask(link, '/tlsweep/cores,999'), None,
             'telemetry: /tlsweep/cores,N is empty for an lcore that is not there')
        drops = ask(link, '/tlsweep/drops')
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    t.eq(running.returncode, INTERRUPTED, 'telemetry: the scan that was asked ends as interrupted', said)
    found = summary_of(out)
    t.eq(found['exit_reason'], 'interrupted', 'an interrupted scan: the summary gives the reason interrupted')
    t.eq(int(rows_of(out)[-1][rows_of(out)[0].index('sent')]), found['counters']['dataplane']['probes_sent'],
         'an interrupted scan: the last row of status.csv has all probes')
    if link is not None:
        t.eq((set(counters), set(drops)), (set(found['counters']['dataplane']), set(found['counters']['drops'])),
             'telemetry: counters and drops have the names of the summary')
        t.ok(not os.path.exists(place), 'telemetry: the socket and its folder are removed at the end')


def check_places(t, program, path):
    """Values of a file that only set-up can judge are named with their place in it."""
    for code, line in ((2, 'lcores = poll@9999'), (1, 'interface = nosuch0')):
        with open(path, 'w') as file:
            file.write(f'# wrong\n\n{line}\n')
        words = ['--config', path, '-p', 'https', '-S', '192.0.2.1/24', '--no-huge', '--no-default-exclude']
        words += [] if 'interface' in line else ['-i', 'lab']
        done = subprocess.run([program, 'scan', *words, '192.0.2.9'], capture_output=True, text=True)
        t.eq(done.returncode, code, f'{line} in a file: the exit code is {code}', done.stderr)
        t.has(done.stderr, f"{path}:3:{line.index('=') + 3}: ",
              f'{line} in a file: the message has file, line and column')


def check_config(t, program, folder):
    words = ['scan', *LAB, '-r', '1.5K', '-b', '/dev/null', '--user-agent', 'a "b" # c', '198.18.0.0/22']
    first = subprocess.run([program, *words, '--print-config'], capture_output=True, text=True)
    path = os.path.join(folder, 'printed.conf')
    with open(path, 'w') as file:
        file.write(first.stdout)
    second = subprocess.run([program, 'scan', '--config', path, '--print-config'], capture_output=True, text=True)
    t.eq((first.returncode, second.stdout), (DONE, first.stdout),
         '--print-config: what it prints and reads back it prints again')
    check_places(t, program, os.path.join(folder, 'wrong.conf'))
    out = os.path.join(folder, 'configured')
    done = run(program, out, '--config', path, '-r', '0', '-q')
    t.eq(done.returncode, DONE, '--config: a scan with a printed file is done', done.stderr)
    found = summary_of(out)
    t.eq((found['num_targets'], found['parameters']['rate'], found['parameters']['user-agent']),
         (1024, '0', 'a "b" # c'), '--config: the command line takes precedence over the file')
    with open(os.path.join(out, 'scan.conf')) as file:
        t.has(file.read(), f"\nseed = {found['seed']}\n", 'scan.conf: it has the seed that was drawn')


def check_lost_output(t, program, _folder):
    """What is printed to a full device is lost, and was reported as a success: each command that prints says so."""
    target = ['-p', 'https', '192.0.2.1']
    for words in (['--help'], ['help'], ['--version'], ['version'], ['scan', '--help'], ['scan', '--version'],
                  ['scan', '--print-config', '-i', 'lab', *target], ['targets', '--help'],
                  ['targets', '--count', '-q', '--no-default-exclude', *target],
                  ['targets', '-q', '--no-default-exclude', *target], ['doctor', '--help'],
                  ['doctor', '--no-huge', '-i', 'null'], ['control', '--help']):
        label = f'standard output on a full device: `{" ".join(words)}`'
        with open('/dev/full', 'w') as full:
            ended = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        t.eq(ended.returncode, OUTPUT, f'{label} fails', ended.stderr)
        t.has(ended.stderr, 'standard output: No space left', f'{label} gives the reason')
    ended = subprocess.run(['sh', '-c', f'{program} scan -q -i null --print-config {" ".join(target)} >&-'],
                           capture_output=True, text=True, timeout=60)
    t.eq(ended.returncode, OUTPUT, 'standard output that is closed: --print-config fails', ended.stderr)


CHECKS = {
    'files': check_files,
    'quiet': check_quiet,
    'guards': check_guards,
    'telemetry': check_telemetry,
    'config': check_config,
    'lost-output': check_lost_output,
}


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[2:] or CHECKS:
            CHECKS[name](t, program, folder)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
