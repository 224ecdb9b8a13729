#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A scan of the lab that is told things while it runs, and one that is held up by each of its limits.

usage: control.py TLSWEEP [--quick]
"""
import ipaddress
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from net import wait_until  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()
ok = tap.ok
children = []


def wait_for(condition):
    return wait_until(condition, 90)


class Scan:
    def __init__(self, binary, folder, *words, port='lab', stdout=subprocess.DEVNULL):
        self.binary, self.folder = binary, folder
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [binary, 'scan', '-i', port, '--no-huge', '-o', folder, '-c', '2',
             '--greeting-timeout', '3', '--reply-timeout', '3', '--handshake-timeout', '5', *words],
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=self.log)
        children.append(self.process)

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def control(self, *words):
        done = subprocess.run([self.binary, 'control', self.folder, *words], capture_output=True,
                              text=True, timeout=60)
        return done.returncode, (done.stdout + done.stderr).strip()

    def ask(self, *words):
        return self.control(*words)[1]

    def status(self):
        code, text = self.control('status')
        return json.loads(text.splitlines()[-1]) if code == 0 else {}

    def wait(self):
        self.process.wait(timeout=180)
        return self.process.returncode

    def records(self):
        with open(os.path.join(self.folder, 'results.jsonl')) as f:
            return [json.loads(line) for line in f]

    def summary(self):
        with open(os.path.join(self.folder, 'summary.json')) as f:
            return json.load(f)


def started(scan, n):
    return wait_for(lambda: scan.status().get('targets_started', 0) >= n)


def test_commands(binary, folder):
    scan = Scan(binary, os.path.join(folder, 'commands'), '-q', '-p', 'smtp,https', '-r', '500',
                '198.18.0.0/15')
    ok(started(scan, 50), 'a running scan answers on its control socket')
    ok(os.stat(os.path.join(scan.folder, 'control.sock')).st_mode & 0o7777 == 0o600,
       'the control socket is for its owner alone')
    code, text = scan.control('help')
    ok(code == 0 and 'exclude-file' in text, 'control help: it lists the commands', text)
    answer = scan.ask('rate', '5K')
    ok(answer.startswith('ok 5000 packets a second, no limit in bits; the dedup table'),
       'control rate: the answer says that a rate outgrows the dedup table', answer)
    ok(scan.ask('rate', '600') == 'ok 600 packets a second, no limit in bits',
       'control rate PPS: the answer has the new rate')
    ok(scan.ask('bandwidth 2M') == 'ok 600 packets a second, 2000000 bits a second',
       'control bandwidth BPS: the answer has both limits')
    ok(scan.status()['asked_pps'] == 600 and scan.status()['asked_bps'] == 2e6,
       'control status: it has the limits in force')
    scan.process.send_signal(signal.SIGUSR1)
    ok(wait_for(lambda: scan.status()['asked_pps'] == 630), 'SIGUSR1: the rate grows by 5 %')
    scan.process.send_signal(signal.SIGUSR2)
    ok(wait_for(lambda: scan.status()['asked_pps'] == 600), 'SIGUSR2: the rate shrinks by what SIGUSR1 has added')
    for words, part in ((('rate', 'fast'), 'rate "fast"'), (('exclude', '198.18.0.0/33'), '"33"'),
                        (('exclude-file', '/nowhere'), '/nowhere'), (('sing',), 'no command "sing"'),
                        (('exclude-file', '-'), 'standard input'),
                        (('exclude-file', '/dev/zero'), 'not a regular file'), (('exclude',), 'exclude ITEM')):
        code, text = scan.control(*words)
        ok(code == 1 and text.startswith('error') and part in text,
           f'control {" ".join(words)}: the answer is an error that names the mistake', text)
    bad = os.path.join(folder, 'bad.txt')
    with open(bad, 'w') as out:
        out.write('198.18.1.0/24\n198.18.300.0\n')
    ok('bad.txt:2:' in scan.ask('exclude-file', bad),
       'control exclude-file: a mistake in the file is named with its line')
    ok(scan.status()['excluded_ranges'] == 0, 'control exclude-file: nothing of a file with a mistake is excluded')
    test_hostile(scan)
    second = subprocess.run([binary, 'scan', '-i', 'lab', '--no-huge', '-q', '--overwrite', '-o',
                             scan.folder, '-p', 'https', '198.18.0.1'], capture_output=True, text=True)
    ok(second.returncode == 1 and 'a scan is running in' in second.stderr,
       'a second scan with --overwrite is refused in the folder of a running one', second.stderr)
    ok(scan.control('stop')[0] == 0, 'control stop: it succeeds')
    ok(scan.wait() == 3, 'control stop: the scan ends with exit code 3')
    ok(scan.summary()['exit_reason'] == 'stopped', 'control stop: the summary gives the reason stopped')
    counters = scan.summary()['counters']['dataplane']
    ok(counters['conns_opened'] == counters['conns_closed'] > 0, 'control stop: every connection is closed')
    ok(not os.path.exists(os.path.join(scan.folder, 'control.sock')), 'control stop: the socket is removed')
    code, text = scan.control('status')
    ok(code == 1 and 'no scan is running in' in text, 'control status: without a running scan the client says so',
       text)


def test_hostile(scan):
    """Raw clients: many, silent, loud, binary. The scan serves the next one all the same."""
    clients = []
    for i in range(20):
        client = socket.socket(socket.AF_UNIX)
        client.connect(os.path.join(scan.folder, 'control.sock'))
        client.setblocking(False)
        clients.append(client)
        try:
            client.send((b'x' * 100000, b'\0\n' * 1000, b'status\n' * 5000, b'rat')[i % 4])
        except OSError:
            pass
    ok(scan.status().get('state') == 'running', 'control status: it is answered beside twenty hostile clients')
    for client in clients:
        client.close()


def test_exclusion(binary, folder, hosts):
    optout = os.path.join(folder, 'optout.txt')
    with open(optout, 'w') as out:
        out.write('198.18.0.0/29 # before the scan\n')
    scan = Scan(binary, os.path.join(folder, 'exclusion'), '-q', '-p', 'smtp,https', '-r', '4000',
                '-b', optout, '--output', 'open,closed,unreachable', f'198.18.0.0-198.18.{hosts}.255')
    half = ipaddress.ip_network('198.18.4.0/22')
    rest = ipaddress.ip_network('198.18.2.0/24')
    ok(started(scan, 300), 'live exclusion: the scan has started 300 targets')
    code, text = scan.control('exclude', str(half))
    ok(code == 0 and '1024 addresses: excluded' in text,
       'control exclude PREFIX: the answer has the number of addresses', text)
    with open(optout, 'a') as out:
        out.write(f'{rest}, asked by mail\n')
    scan.process.send_signal(signal.SIGHUP)
    ok(wait_for(lambda: scan.status().get('excluded_ranges') == 2),
       'SIGHUP: what is new in the list of -b is excluded, and only that', scan.status())
    ok(scan.wait() == 0, 'live exclusion: the scan continues to its end', scan.said())
    summary = scan.summary()
    live = summary['excluded_live']
    ok([(e['ranges'], e['confirmed']) for e in live] == [([str(half)], True), ([str(rest)], True)],
       'live exclusion: the summary has each of them as confirmed', live)
    counters = summary['counters']['dataplane']
    ok(counters['targets_started'] + counters['targets_excluded'] == summary['num_targets'],
       'live exclusion: started and excluded targets are all targets')
    ok(counters['conns_excluded'] == sum(e['connections_reset'] for e in live),
       'live exclusion: the summary and the counter agree on the connections that were reset')
    ok(counters['conns_opened'] == counters['conns_closed'], 'live exclusion: every connection is closed')
    late = []
    for record in scan.records():
        (data,) = record['data'].values()
        for entry, network in zip(live, (half, rest)):
            if ipaddress.ip_address(record['ip']) in network and data['timestamp'] > entry['time']:
                late.append((record['ip'], record['port'], data['timestamp'], entry['time']))
    ok(not late, 'live exclusion: no record of an excluded address begins after its exclusion', late[:10])
    pairs = [(r['ip'], r['port']) for r in scan.records()]
    ok(len(pairs) == len(set(pairs)), 'live exclusion: no target is reported twice')


def test_killed(binary, folder):
    where = os.path.join(folder, 'killed')
    scan = Scan(binary, where, '-q', '-p', 'https', '-r', '100', '198.18.0.0/18')
    ok(started(scan, 1), 'a scan with kill -9 to come has started a target')
    code, text = scan.control('exclude', '198.18.32.0/19')
    scan.process.kill()
    scan.process.wait()
    with open(os.path.join(where, 'checkpoint'), encoding='utf-8') as f:
        ok(code == 0 and 'excluded = 198.18.32.0-198.18.63.255\n' in f.read(),
           'kill -9 just after control exclude was answered: the checkpoint has the exclusion', text)
    ok(os.path.exists(os.path.join(where, 'control.sock')), 'kill -9: the control socket is left behind')
    again = Scan(binary, where, '-q', '--overwrite', '-p', 'https', '-r', '100', '198.18.0.0/18')
    ok(started(again, 1), 'kill -9: the next scan in the folder replaces the socket')
    ok(again.control('abort')[0] == 0 and again.wait() == 3, 'control abort: the scan ends with exit code 3')
    ok(again.summary()['exit_reason'] == 'aborted', 'control abort: the summary gives the reason aborted')


def test_limit(binary, folder, name, *words, port='lab'):
    """The status line names what holds the probes up, and meanwhile nothing is lost."""
    scan = Scan(binary, os.path.join(folder, name), '-p', 'smtp,https', *words, port=port)
    found = wait_for(lambda: f'waits for {name}' in scan.said() or scan.process.poll() is not None)
    ok(found and f'waits for {name}' in scan.said(), f'limit {name}: the status line says that probes wait for it',
       scan.said()[-2000:])
    ok(scan.wait() == 0, f'limit {name}: the scan comes to its end')
    counters = scan.summary()['counters']['dataplane']
    ok(counters['targets_started'] == scan.summary()['num_targets'], f'limit {name}: all targets are probed')
    ok(counters['conns_opened'] == counters['conns_closed'], f'limit {name}: every connection is closed')


def test_writer_limit(binary):
    """Results into a pipe that nobody reads for a while."""
    scan = Scan(binary, '-', '-p', 'https', '-r', '0', '198.18.0.0/16',
                port='lab:population=answering', stdout=subprocess.PIPE)
    found = wait_for(lambda: 'waits for writer' in scan.said())
    ok(found, 'limit writer: the status line says that probes wait for it', scan.said()[-2000:])
    sent = [int(n) for n in re.findall(r'sent (\d+)', scan.said())]
    # A status line each second.
    wait_for(lambda: len(re.findall(r'sent (\d+)', scan.said())) >= len(sent) + 3)
    later = [int(n) for n in re.findall(r'sent (\d+)', scan.said())]
    ok(later[-1] <= sent[-1] + 128 and later[-1] < 65536, 'limit writer: no more probes leave',
       (sent[-3:], later[-3:]))
    n = 0
    while select.select([scan.process.stdout], [], [], 120)[0]:
        piece = os.read(scan.process.stdout.fileno(), 1 << 20)
        n += piece.count(b'\n')
        if not piece:
            break
    ok(scan.wait() == 0, 'limit writer: the scan comes to its end')
    summary = json.loads(scan.said().splitlines()[-1])
    ok(n == summary['records']['total'], 'limit writer: every record comes out of the pipe')
    ok(summary['num_targets_scanned'] == summary['num_targets'], 'limit writer: all targets are probed')


def main():
    binary = os.path.abspath(sys.argv[1])
    quick = '--quick' in sys.argv
    try:
        with tempfile.TemporaryDirectory() as folder:
            test_commands(binary, folder)
            test_exclusion(binary, folder, 7)
            test_killed(binary, folder)
            if not quick:
                test_limit(binary, folder, 'connections', '-r', '2000', '--max-connections', '64',
                           '198.18.0.0/23')
                test_limit(binary, folder, 'tls', '-r', '0', '--max-sessions', '4', '198.18.0.0/24')
                test_limit(binary, folder, 'tx', '-r', '0', '198.18.0.0/18',
                           port='lab:population=answering,rtt=1500ms')
                test_writer_limit(binary)
    finally:
        for process in children:
            if process.poll() is None:
                process.kill()
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
