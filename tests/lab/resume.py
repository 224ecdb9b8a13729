#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Kill scans of the embedded lab at random moments, resume them, and hold the union against the truth.

usage: resume.py TLSWEEP TRUTH [--quick] [--seed N]
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

tap = Tap()
ok = tap.ok

LAB_SEED = '1'
NETWORK, COUNT = '198.18.0.0/23', 512
PORTS = [25, 443]
# Fast enough to be worth a test, slow enough to be killed on the way.
PACE = ['-r', '150', '-c', '1', '--checkpoint-interval', '1', '--greeting-timeout', '1', '--reply-timeout', '1',
        '--handshake-timeout', '4', '--output', 'open,closed,unreachable']


class Lab:
    """The program, the folder for its results, and what the lab is."""

    def __init__(self, binary, truth, folder, dice):
        self.binary, self.folder, self.dice = binary, folder, dice
        lines = subprocess.run([truth, LAB_SEED, '198.18.0.0', str(COUNT)] + [str(p) for p in PORTS],
                               check=True, capture_output=True, text=True).stdout.splitlines()
        self.hosts = {(t['ip'], t['port']): t['kind'] for t in map(json.loads, lines)}
        self.answering = {key for key, kind in self.hosts.items() if kind != 'silent'}

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, name, *args, network=NETWORK):
        command = [self.binary, 'scan', '-i', 'lab', '--no-huge', '-q', '-o', self.path(name),
                   '-p', ','.join(map(str, PORTS)), *PACE, *args, network]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def resume(self, name, *args):
        command = [self.binary, 'scan', '--resume', '-o', self.path(name), *args]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def file(self, name, file):
        return os.path.join(self.path(name), file)

    def records(self, name):
        with open(self.file(name, 'results.jsonl'), encoding='utf-8') as f:
            return [json.loads(line) for line in f]

    def summary(self, name):
        with open(self.file(name, 'summary.json'), encoding='utf-8') as f:
            return json.load(f)

    def wait_for_results(self, process, name, n_bytes):
        """Until results.jsonl is longer than that, or the process has ended."""
        path = self.file(name, 'results.jsonl')
        while process.poll() is None and not (os.path.exists(path) and os.path.getsize(path) > n_bytes):
            time.sleep(0.02)

    def position(self, name):
        """Where the checkpoint would go on, and how many pairs are open work below that."""
        try:
            with open(self.file(name, 'checkpoint'), encoding='utf-8') as f:
                lines = f.read().splitlines()
        except FileNotFoundError:
            return 0, 0
        return (next(int(line.split()[2]) for line in lines if line.startswith('next_index')),
                sum(line.startswith('open = ') for line in lines))

    def wait_for_position(self, process, name):
        """Until the checkpoint has moved on and left work open, or the process has ended."""
        at = self.position(name)[0]
        while process.poll() is None:
            index, n_open = self.position(name)
            if index > at and n_open > 0:
                break
            time.sleep(0.02)

    def size(self, name):
        path = self.file(name, 'results.jsonl')
        return os.path.getsize(path) if os.path.exists(path) else 0


def finish(process, want, label):
    error = process.communicate(timeout=300)[1]
    ok(process.returncode == want, f'{label}: exit code {process.returncode}, expected {want}', error)
    return error


def compare(rows, want, label):
    keys = [(r['ip'], r['port']) for r in rows]
    twice = len(keys) - len(set(keys))
    missing = sorted(want - set(keys))
    ok(twice == 0, f'{label}: none of {len(keys)} pairs is reported twice', twice)
    ok(not missing, f'{label}: all {len(want)} pairs that answer are reported', missing[:10])
    ok(not set(keys) - want, f'{label}: nothing else is', sorted(set(keys) - want)[:10])


def kill_often(lab, name, n_kills, *args):
    """Start, kill, resume, kill, ... and let the last run come to its end."""
    process, killed, torn = lab.start(name, *args), 0, 0
    for i in range(n_kills):
        lab.wait_for_results(process, name, lab.size(name) if lab.dice.random() < 0.8 else 0)
        if i == 0:
            # Where it is hardest: lines before and behind the position, and work open below it.
            lab.wait_for_position(process, name)
        time.sleep(lab.dice.uniform(0, 1.5))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if not os.path.exists(lab.file(name, 'checkpoint')):
            # Killed before it had begun: there is nothing to go on with, and --resume says so.
            error = finish(lab.resume(name), 1, f'{name}: resumed before its beginning')
            ok('checkpoint' in error, f'{name}: the sentence names the checkpoint', error)
            process = lab.start(name, *args, '--overwrite')
            continue
        if lab.dice.random() < 0.5:
            # A kill in the middle of a write, which is too short to be met by chance.
            torn += 1
            with open(lab.file(name, 'results.jsonl'), 'a', encoding='utf-8') as f:
                f.write('{"ip":"198.18.0.1","po')
        process = lab.resume(name)
    error = finish(process, 0, f'{name}: killed {killed} times, {torn} times in the middle of a line, then resumed')
    return killed, error


def test_kills(lab, name, n_kills, *args):
    killed, _ = kill_often(lab, name, n_kills, *args)
    print(f"# {name}: {lab.summary(name)['resume']}")
    ok(killed >= n_kills / 2, f'{name}: most kills met a scan under way ({killed} of {n_kills})')
    compare(lab.records(name), lab.answering, name)
    before = lab.summary(name)['resume']
    total = lab.summary(name)['records']['total']
    ok(before['runs'] > 1 and before['earlier_records'] + total == len(lab.records(name)),
       f"{name}: the summary counts the runs ({before['runs']}) and their lines", before)
    checkpoint = open(lab.file(name, 'checkpoint'), encoding='utf-8').read()
    ok('state = done\n' in checkpoint, f'{name}: its checkpoint says that it is done', checkpoint)


def test_complete(lab, name):
    before = lab.size(name)
    error = finish(lab.resume(name), 0, 'a complete scan, resumed')
    ok('nothing is left' in error and lab.size(name) == before, 'it says that nothing is left, and sends nothing',
       error)


def interrupt(lab, name, *args, network=NETWORK):
    process = lab.start(name, *args, network=network)
    lab.wait_for_results(process, name, 0)
    time.sleep(lab.dice.uniform(0, 1))
    process.send_signal(signal.SIGINT)
    return finish(process, 3, f'{name}: interrupted')


def test_interrupt(lab):
    """Ctrl-C, refusals of what would be another scan, then exclusions that are new."""
    error = interrupt(lab, 'stopped')
    before = lab.size('stopped')
    for args, word in ((['-e', '99'], '--seed'), (['-p', '25,443,587'], '-p'), (['198.18.8.0/24'], 'target'),
                       (['--shard', '1/2', ], '--shard'), (['--output', 'open'], '--output'),
                       (['--certs', 'store'], '--certs')):
        error = finish(lab.resume('stopped', *args), 1, f"resumed with {' '.join(args)}")
        ok(word in error, f'the sentence names {word}', error)
    ok(lab.size('stopped') == before, 'what was refused has left the results as they were')
    seen = {(r['ip'], r['port']) for r in lab.records('stopped')}
    finish(lab.resume('stopped', '--exclude', '198.18.1.0/25'), 0, 'resumed with a new exclusion')
    live = lab.summary('stopped')['excluded_live']
    ok([(e['source'], e['ranges']) for e in live] == [('before this run', ['198.18.1.0/25'])],
       'the summary tells of it', live)
    rows = lab.records('stopped')
    inside = {(ip, port) for ip, port in lab.answering if ip.startswith('198.18.1.') and int(ip.split('.')[3]) < 128}
    compare(rows, lab.answering - inside | (seen & inside), 'stopped, with an exclusion that came later')
    return error


def test_pairs(lab):
    """Lists of pairs that name the same targets, but another protocol for them."""
    pairs = os.path.join(lab.folder, 'pairs.txt')

    def write(protocol):
        with open(pairs, 'w', encoding='utf-8') as f:
            f.writelines(f'198.18.0.{i}:2525:{protocol}\n' for i in range(200))

    write('smtp')
    interrupt(lab, 'pairs', '--pairs', pairs, network='198.18.1.0/25')
    write('imap')
    error = finish(lab.resume('pairs'), 1, 'resumed with another protocol in --pairs')
    ok('2525:smtp' in error and '2525:imap' in error, 'the sentence names both', error)
    write('smtp')
    finish(lab.resume('pairs'), 0, 'resumed with the one it was begun with')


def test_certificates(lab):
    """certificates.jsonl is a result like the others: a shorter one than the checkpoint knows of is refused."""
    interrupt(lab, 'certs', '--certs', 'store', network='198.18.0.0/24')
    path = lab.file('certs', 'certificates.jsonl')
    with open(path, 'rb') as f:
        whole = f.read()
    ok(whole.endswith(b'\n'), f'certs: {len(whole)} bytes of certificates, whole lines')
    for label, left in (('cut behind a line', whole[:whole.rindex(b'\n', 0, -1) + 1]), ('emptied', b''),
                        ('cut in a line', whole[:-9]), ('taken away', None)):
        if left is None:
            os.unlink(path)
        else:
            with open(path, 'wb') as f:
                f.write(left)
        before = lab.size('certs')
        error = finish(lab.resume('certs'), 1, f'certs: resumed with the file {label}')
        ok('certificates.jsonl' in error, f'certs: {label}: the sentence names the file', error)
        ok((os.path.exists(path) if left is None else os.path.getsize(path)) == (left is not None and len(left)) and
           lab.size('certs') == before, f'certs: {label}: what was refused has left the folder as it was')
    with open(path, 'wb') as f:
        f.write(whole + b'{"sha256":"00')
    finish(lab.resume('certs'), 0, 'certs: resumed with a line that a kill has cut off')
    with open(path, encoding='utf-8') as f:
        stored = [json.loads(line)['sha256'] for line in f]
    ok(len(stored) == len(set(stored)), f'certs: each of {len(stored)} is stored once')


def test_two_at_once(lab):
    process = lab.start('twice')
    lab.wait_for_results(process, 'twice', 0)
    error = finish(lab.resume('twice'), 1, 'resumed while it runs')
    ok('scan is' in error, 'the sentence says that a scan writes to the folder', error)
    process.kill()
    process.communicate()


def test_shards(lab):
    """Two shards, one of them killed and resumed: their results laid together are the whole."""
    kill_often(lab, 'shard1', 1, '-e', '5', '--shard', '1/2', '--certs', 'store')
    finish(lab.start('shard2', '-e', '5', '--shard', '2/2'), 0, 'the other shard')
    compare(lab.records('shard1') + lab.records('shard2'), lab.answering, 'both shards')
    with open(lab.file('shard1', 'certificates.jsonl'), encoding='utf-8') as f:
        stored = [json.loads(line)['sha256'] for line in f]
    ok(stored and len(stored) == len(set(stored)), f'each of {len(stored)} certificates is stored once')


def main():
    binary, truth = sys.argv[1:3]
    quick = '--quick' in sys.argv
    seed = sys.argv[sys.argv.index('--seed') + 1] if '--seed' in sys.argv else str(random.randrange(10 ** 9))
    print(f'# --seed {seed}')
    cpus = sorted(os.sched_getaffinity(0))
    a, b = cpus[0], cpus[-1]
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(binary, truth, folder, random.Random(seed))
        # Exclusions of both families that touch, as the default ones do, which the lab has off.
        test_kills(lab, 'plain', 2 if quick else 4, '--exclude', '::/3', '--exclude', '0.0.0.0/8')
        test_complete(lab, 'plain')
        test_kills(lab, 'spread', 2 if quick else 4, '--max-connections', '64', '--max-sessions', '4',
                   '-P', '2', '--probe-gap', '300ms', '--lcores',
                   f'main@{a},poll@{a},poll@{b},tls@{a},lab@{b}')
        test_interrupt(lab)
        test_pairs(lab)
        test_two_at_once(lab)
        test_certificates(lab)
        if not quick:
            test_shards(lab)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
