#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a scan tells of itself, and what ends it: files, telemetry, guards; nothing of it depends on -q.

usage: operation.py TLSWEEP
"""
import csv
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
from tap import Tap  # noqa: E402

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
    if not t.ok(done.returncode == DONE, 'a scan at full speed', done.stderr):
        return
    found = summary_of(out)
    rows = rows_of(out)
    header, last = rows[0], dict(zip(rows[0], rows[-1]))
    t.ok(len(rows) > 2 and all(len(row) == len(header) and '' not in row for row in rows),
         'status.csv: as many columns in each row as in the header', rows[:3])
    counters = found['counters']['dataplane']
    t.eq(int(last['sent']), counters['probes_sent'], 'status.csv: the last row has all that was sent')
    t.eq(float(last['percent']), 100.0, 'status.csv: and says that all is done')
    t.eq(int(last['records']), found['records']['total'], 'status.csv: with every record')
    # zmap's -r 0 is a slow rate, and masscan's is none at all.
    t.ok('rate' not in [row[header.index('waits_for')] for row in rows[1:]] and
         found['rates']['asked_pps'] == 0, '--rate 0: nothing ever waits for the rate')
    t.eq(found['arguments'], ['scan', *words, '-o', out], 'summary: the arguments as they were typed')
    t.eq(found['parameters']['target'], ['198.18.0.0/20'], 'summary: the parameters, lists as lists')
    t.eq(found['parameters']['probes'], '1', 'summary: defaults too')
    t.eq(found['part'], {'shard': 1, 'shards': 1, 'first_index': 0, 'indices': 4096 - 256},
         'summary: all of the targets but the excluded')
    check_cores(t, found)
    with open(os.path.join(out, 'metrics.prom')) as file:
        metrics = dict(line.rsplit(' ', 1) for line in file.read().splitlines() if line[0] != '#')
    t.eq([name for name, n in counters.items() if int(metrics[f'tlsweep_{name}_total']) != n], [],
         'metrics.prom: every counter is at the value of the summary')


def check_cores(t, found):
    sums = {}
    for core in found['cores']:
        for name, n in core['counters'].items():
            sums[name] = sums.get(name, 0) + n
    t.eq(sums, {name: n for name, n in found['counters']['dataplane'].items() if n},
         'summary: the lcores together counted what is counted in all')
    t.ok({core['role'] for core in found['cores']} == {'poll', 'tls'} and
         all(core['loop_p999_us'] <= core['loop_max_us'] for core in found['cores']),
         'summary: each lcore has its role and its loop times', found['cores'])


def check_quiet(t, program, folder):
    """-q takes the status line away, and nothing else."""
    found = {}
    for name, more in (('quiet', ['-q']), ('loud', [])):
        out = os.path.join(folder, name)
        done = run(program, out, *LAB, '-r', '0', '-e', '9', *more, '198.18.0.0/22')
        lines = re.findall(r'^\d+:\d+ .*waits for', done.stderr, re.M)
        t.eq((done.returncode, bool(lines)), (DONE, name == 'loud'), f'{name}: status line or none', done.stderr)
        found[name] = pairs_of(out), sorted(os.listdir(out)), rows_of(out)[0]
    t.eq(found['quiet'], found['loud'], 'quiet or loud: the same results, files and columns')


def check_guards(t, program, folder):
    slow = [*LAB, '-q', '-r', '500', '198.18.0.0/16']
    for name, words, code in (('min-hitrate', ['--min-hitrate', '50%'], GUARD),
                              ('max-runtime', ['--max-runtime', '2s'], DONE),
                              ('max-results', ['--max-results', '3'], DONE)):
        out = os.path.join(folder, name)
        done = run(program, out, *slow, *words)
        t.eq(done.returncode, code, f'{name}: exit code, with -q', done.stderr)
        found = summary_of(out)
        t.eq(found['exit_reason'], name, f'{name}: the summary names it')
        t.ok(0 < found['num_targets_scanned'] < 65536, f'{name}: it ended the scan', found['num_targets_scanned'])
    t.ok(len(pairs_of(out)) >= 3, 'max-results: at least as many as asked for')
    out = os.path.join(folder, 'enough')
    done = run(program, out, *LAB, '-q', '-r', '500', '--min-hitrate', '0.1%', '-n', '10000', '198.18.0.0/16')
    t.eq((done.returncode, summary_of(out)['exit_reason']), (DONE, 'done'), 'a share that is reached ends nothing')


def check_telemetry(t, program, folder):
    """Asked while it runs; then interrupted, which ends it with a whole account."""
    out = os.path.join(folder, 'asked')
    running = subprocess.Popen(command(program, out, *LAB, '-q', '-r', '200', '198.18.0.0/16'),
                               stderr=subprocess.PIPE, text=True)
    link, place = connect(running.pid, time.monotonic() + 60)
    if t.ok(link is not None, 'telemetry: the socket of the process answers'):
        deadline = time.monotonic() + 60
        counters = ask(link, '/tlsweep/counters')
        while not (counters and counters['probes_sent'] > 0) and time.monotonic() < deadline:
            time.sleep(0.1)
            counters = ask(link, '/tlsweep/counters')
        later = ask(link, '/tlsweep/counters')
        t.ok(all(later[name] >= n for name, n in counters.items()), 'telemetry: counters only grow')
        info, levels = ask(link, '/tlsweep/info'), ask(link, '/tlsweep/levels')
        t.ok(info['pid'] == running.pid and info['n_indices'] == 65536, 'telemetry: /tlsweep/info', info)
        t.ok(0 < levels['loop_p999_us'] <= levels['loop_max_us'], 'telemetry: /tlsweep/levels', levels)
        cores = ask(link, '/tlsweep/cores')
        t.eq({core['role'] for core in cores.values()}, {'poll', 'tls'}, 'telemetry: /tlsweep/cores')
        one = ask(link, f"/tlsweep/cores,{next(iter(cores.values()))['lcore']}")
        t.ok(set(counters) <= set(one), 'telemetry: one lcore has all counters')
        t.eq(ask(link, '/tlsweep/cores,999'), None, 'telemetry: an lcore that is not there')
        drops = ask(link, '/tlsweep/drops')
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    t.eq(running.returncode, INTERRUPTED, 'interrupted: exit code', said)
    found = summary_of(out)
    t.eq(found['exit_reason'], 'interrupted', 'interrupted: the summary is written and says so')
    t.eq(int(rows_of(out)[-1][rows_of(out)[0].index('sent')]), found['counters']['dataplane']['probes_sent'],
         'interrupted: status.csv has a last row')
    if link is not None:
        t.eq((set(counters), set(drops)), (set(found['counters']['dataplane']), set(found['counters']['drops'])),
             'telemetry: the names are those of the summary')
        t.ok(not os.path.exists(place), 'telemetry: nothing is left behind')


def check_config(t, program, folder):
    words = ['scan', *LAB, '-r', '1.5K', '-b', '/dev/null', '--user-agent', 'a "b" # c', '198.18.0.0/22']
    first = subprocess.run([program, *words, '--print-config'], capture_output=True, text=True)
    path = os.path.join(folder, 'printed.conf')
    with open(path, 'w') as file:
        file.write(first.stdout)
    second = subprocess.run([program, 'scan', '--config', path, '--print-config'], capture_output=True, text=True)
    t.eq((first.returncode, second.stdout), (DONE, first.stdout), '--print-config: printed, read, printed: the same')
    out = os.path.join(folder, 'configured')
    done = run(program, out, '--config', path, '-r', '0', '-q')
    t.eq(done.returncode, DONE, '--config: a scan by a file', done.stderr)
    found = summary_of(out)
    t.eq((found['num_targets'], found['parameters']['rate'], found['parameters']['user-agent']),
         (1024, '0', 'a "b" # c'), '--config: the command line wins over the file')
    with open(os.path.join(out, 'scan.conf')) as file:
        t.has(file.read(), f"\nseed = {found['seed']}\n", 'scan.conf: the seed that was drawn')


def check_lost_output(t, program):
    """What is printed to a full device is lost, and was reported as a success: each command that prints says so."""
    target = ['-p', 'https', '192.0.2.1']
    for words in (['--help'], ['help'], ['--version'], ['version'], ['scan', '--help'], ['scan', '--version'],
                  ['scan', '--print-config', '-i', 'lab', *target], ['targets', '--help'],
                  ['targets', '--count', '-q', '--no-default-exclude', *target],
                  ['targets', '-q', '--no-default-exclude', *target], ['doctor', '--help'],
                  ['doctor', '--no-huge', '-i', 'null'], ['control', '--help']):
        label = f'a full device: `{" ".join(words)}`'
        with open('/dev/full', 'w') as full:
            ended = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        t.eq(ended.returncode, OUTPUT, f'{label} fails', ended.stderr)
        t.has(ended.stderr, 'standard output: No space left', f'{label} says why')
    ended = subprocess.run(['sh', '-c', f'{program} scan -q -i null --print-config {" ".join(target)} >&-'],
                           capture_output=True, text=True, timeout=60)
    t.eq(ended.returncode, OUTPUT, 'no standard output at all: what had to be printed is lost', ended.stderr)


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_files(t, program, folder)
        check_quiet(t, program, folder)
        check_guards(t, program, folder)
        check_telemetry(t, program, folder)
        check_config(t, program, folder)
        check_lost_output(t, program)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
