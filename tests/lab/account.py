#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Figures and names that must be right: in every record, and in the summary beside the records.

usage: account.py TLSWEEP [--sanitized]
"""
import collections
import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

PORTS = [25, 143, 443, 993, 5222, 6667]
QUICK = ['-c', '2', '--greeting-timeout', '2', '--reply-timeout', '2', '--handshake-timeout', '6',
         '--output', 'open,closed,unreachable']
N_NAMED, N_PAIRS = 192, 32


class Run:
    """One scan of the lab: its records, its summary, and what the kernel says of the process that has ended."""

    def __init__(self, t, program, folder, name, *words, interrupt=0, expect=0):
        """interrupt: Ctrl-C when results.jsonl has so many bytes. Words that begin with --resume go on with a run."""
        out, self.name = os.path.join(folder, name), name
        path, self.before = os.path.join(out, 'results.jsonl'), 0
        if '--resume' in words:
            self.before = os.path.getsize(path)
        else:
            words = ['-i', 'lab', '--no-huge', '-q', '-e', '7', *words]
        with open(out + '.err', 'w+') as said:
            process = subprocess.Popen([program, 'scan', '-o', out, *words], stderr=said)
            while interrupt and process.poll() is None:
                if os.path.exists(path) and os.path.getsize(path) >= interrupt:
                    process.send_signal(signal.SIGINT)
                    break
                time.sleep(0.02)  # until the next look
            _, status, self.usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            t.eq(process.returncode, expect, f'scan "{name}": the exit code is {expect}', said.read())
        with open(path) as file:
            file.seek(self.before)
            self.records = [json.loads(line) for line in file]
        self.n_bytes = os.path.getsize(path) - self.before
        with open(os.path.join(out, 'summary.json')) as file:
            self.summary = json.load(file)
        with open(os.path.join(out, 'status.csv'), newline='') as file:
            self.last_row = list(csv.DictReader(file))[-1]
        with open(os.path.join(out, 'metrics.prom')) as file:
            self.metrics = dict(re.findall(r'^tlsweep_(\w+) (\S+)$', file.read(), re.M))


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
    t.eq(len(wrong), 0, 'every record has the name that its target was given with, or none')
    kinds = collections.Counter()
    for record in run.records:
        result = result_of(record)
        if record['ip'] in names:
            kinds[result['outcome']] += 1
            kinds[result.get('responder')] += 1
            kinds['silent'] += result.get('class') == 'silent'
            kinds['again'] += 'retried_as' in result
    wanted = ('open', 'closed', 'service', 'acked-silent', 'silent', 'again')
    t.ok(all(kinds[kind] > 0 for kind in wanted),
         'targets with names are open, closed, noise, silent, services and asked again', dict(kinds))


def find_all(tree, key):
    """Every value under that key, anywhere."""
    if isinstance(tree, list):
        for value in tree:
            yield from find_all(value, key)
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            yield from find_all(value, key)


def count_lines(run):
    """What the lines say, as the summary would say it."""
    found = {key: collections.Counter() for key in ('status', 'outcome', 'responder', 'statuses')}
    found['numbers'] = collections.Counter()
    for record in run.records:
        (module, data), = record['data'].items()
        result = data['result']
        found['status'][data['status']] += 1
        found['outcome'][result['outcome']] += 1
        found['responder'][result.get('responder')] += 1
        found['statuses'][module, 'successes' if data['status'] == 'success' else 'failures'] += 1
        completed = list(find_all(data, 'handshake_completed_successfully'))
        found['numbers']['tls_completed'] += completed == [True]
        found['numbers']['tls_failed'] += completed == [False]
        found['numbers']['starttls_accepted'] += result.get('starttls_accepted', False)
        for log in find_all(data, 'server_certificates'):
            found['numbers']['certificates_seen'] += ('certificate' in log) + len(log.get('chain', []))
    return found


def nonzero(values):
    return {key: n for key, n in values.items() if n}


def check_lines(t, run):
    """The summary's records are the lines of this run."""
    name, records, found = f'scan "{run.name}"', run.summary['records'], count_lines(run)
    t.eq((records['total'], records['lost'], records['bytes']), (len(run.records), 0, run.n_bytes),
         f'{name}: the summary has the number of lines and of their bytes')
    t.eq(nonzero(records['status']), dict(found['status']), f'{name}: the summary counts the lines by status')
    t.eq(nonzero(records['outcome']), dict(found['outcome']), f'{name}: the summary counts the lines by outcome')
    t.eq(nonzero(run.summary['responders']), nonzero({k: n for k, n in found['responder'].items() if k}),
         f'{name}: the summary counts the open lines by responder')
    t.eq({(module, key): n for module, both in run.summary['statuses'].items() for key, n in both.items() if n},
         dict(found['statuses']), f'{name}: the summary counts successes and failures by module')
    t.eq({key: records[key] for key in sorted(found['numbers'])},
         {k: found['numbers'][k] for k in sorted(found['numbers'])},
         f'{name}: the summary counts handshakes, go-aheads and certificates')


def check_counters(t, run, whole, all_outcomes):
    """The counters add up, and agree with the lines. whole: the scan came to its end by itself."""
    name, n, s = f'scan "{run.name}"', run.summary['counters']['dataplane'], run.summary
    for group, key in (('dataplane', 'counters'), ('drops', 'drops')):
        total = collections.Counter()
        for core in s['cores']:
            total.update(core[key])
        t.eq(dict(total), nonzero(s['counters'][group]),
             f'{name}: the counters of the cores add up to the {group} of the scan')
    t.eq(n['records'], len(run.records), f'{name}: the counter of records is the number of lines')
    t.eq(n['tls_started'], n['tls_completed'] + n['tls_failed'], f'{name}: each TLS session has completed or failed')
    t.eq(n['conns_opened'] + n['conns_reconnected'], n['conns_closed'],
         f'{name}: each connection that was opened is closed')
    probed = n['targets_started'] + n['targets_again']
    t.eq(s['num_targets_scanned'], n['targets_started'], f'{name}: targets scanned are targets started')
    t.eq((s['estimates']['hit_rate']['of'], s['estimates']['hit_rate']['count']),
         (probed, s['records']['outcome']['open']), f'{name}: the hit rate is open lines of targets probed')
    t.eq(s['estimates']['background']['of'], n['canaries_sent'], f'{name}: the background is of canaries')
    known = n['synack_valid'] + n['rst_valid'] + n['icmp_valid']
    if whole:
        t.eq(probed + n['targets_done_earlier'] + n['targets_excluded'],
             s['part']['indices'] + s.get('resume', {}).get('again', 0), f'{name}: every index is accounted for')
        open_lines = n['synack_valid'] - n['retries_unanswered']
        t.eq(s['records']['outcome']['open'], open_lines, f'{name}: every host that took a connection has its line')
        if all_outcomes:
            t.eq(len(run.records), known - n['retries_unanswered'], f'{name}: every answer has its line')
    row = {key: run.last_row[key] for key in ('targets', 'sent', 'answers', 'synacks', 'records', 'tls_completed')}
    t.eq(row, {key: str(value) for key, value in (('targets', n['targets_started']), ('sent', n['probes_sent']),
                                                  ('answers', known), ('synacks', n['synack_valid']),
                                                  ('records', n['records']), ('tls_completed', n['tls_completed']))},
         f'{name}: the last row of status.csv agrees with the counters')
    other = {key: (value, run.metrics.get(key + '_total')) for key, value in n.items()
             if run.metrics.get(key + '_total') != str(value)}
    # Control counts on while the last words are written.
    t.eq(other, {}, f'{name}: metrics.prom agrees with the counters')
    t.ok(abs(s['rates']['mean_pps'] - n['probes_sent'] / s['duration_s']) < 0.001,
         f'{name}: the mean rate is the probes by the duration')


def check_sent(t, run, n_probes):
    """Every SYN that probes is of one kind."""
    n = run.summary['counters']['dataplane']
    kinds = (n_probes * (n['targets_started'] + n['targets_again']) - n['probes_skipped_answered'] +
             n['probes_sampled'] + n['canaries_sent'] + n['decoys_sent'] + n['probes_retried'])
    t.eq(n['probes_sent'], kinds,
         f'scan "{run.name}": SYNs sent are first and repeated ones, samples, canaries, decoys and retries')


ALL = ['-p', ','.join(map(str, PORTS)), *QUICK]


def check_accounts(t, program, folder):
    run = Run(t, program, folder, 'everything', *ALL, '-r', '4000', '-P', '2', '--probe-gap', '200ms',
              '--decoy-ports', '2',
              '--loss-sample', '8', '--canary-sample', '4', '198.18.0.0/24')
    check_lines(t, run)
    check_counters(t, run, True, True)
    check_sent(t, run, 2)
    run = Run(t, program, folder, 'crowded', *ALL, '-r', '0', '--output', 'open', '--max-connections', '64',
              '--max-sessions', '16', '-i', 'lab:drop=2%,duplicate=3%', '198.18.0.0/24')
    check_lines(t, run)
    check_counters(t, run, True, False)
    check_sent(t, run, 1)
    cpus = sorted(os.sched_getaffinity(0))
    a, b = cpus[0], cpus[-1]
    run = Run(t, program, folder, 'cores', *ALL, '-r', '0', '--certs', 'store', '--lcores',
              f'main@{a},poll@{a},poll@{b},tls@{a},tls@{b},lab@{b}', '198.18.2.0/24')
    check_lines(t, run)
    check_counters(t, run, True, True)
    run = Run(t, program, folder, 'interrupted', *ALL, '-r', '400', '198.18.0.0/24', interrupt=200000, expect=3)
    check_lines(t, run)
    check_counters(t, run, False, True)
    run = Run(t, program, folder, 'interrupted', '--resume', '-r', '0')
    run.name = 'resumed'
    check_lines(t, run)
    check_counters(t, run, True, True)
    earlier = run.summary['resume']
    with open(os.path.join(folder, 'interrupted', 'results.jsonl')) as file:
        n_lines = sum(1 for _ in file)
    t.eq((earlier['earlier_records'] + len(run.records), earlier['earlier_bytes']), (n_lines, run.before),
         'scan "resumed": the summary has the lines of this run, and those of the runs before')


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
             f'scan "{name}": the peak in memory is that which the kernel saw', (said // MB, ended // MB))


def check_memory_alone(t, program, folder):
    """Whoever starts a scan may be large: what the kernel remembers of that (ru_maxrss, over exec) is not the scan's."""
    words = ['scan', '-i', 'lab:population=sparse', '--no-huge', '-q', '-c', '0', '-p', '25', '198.18.0.0/28', '-o',
             os.path.join(folder, 'alone')]
    code = ('import os, sys; large = bytearray(os.urandom(1)) * (500 << 20); '
            'sys.exit(os.waitstatus_to_exitcode(os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)[1]))')
    done = subprocess.run([sys.executable, '-c', code, program, *words], capture_output=True, text=True, timeout=120)
    t.eq(done.returncode, 0, 'a scan that a process of 500 MB has started is done', done.stderr)
    with open(os.path.join(folder, 'alone', 'summary.json')) as file:
        said = json.load(file)['memory_used_bytes']['resident_peak']
    t.ok(said < 400 * MB, "a scan that a process of 500 MB has started has a peak of its own", said // MB)


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_names(t, program, folder)
        check_accounts(t, program, folder)
        # A sanitizer has memory of its own, and its last look touches it.
        if '--sanitized' not in sys.argv:
            check_memory(t, program, folder)
            check_memory_alone(t, program, folder)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
