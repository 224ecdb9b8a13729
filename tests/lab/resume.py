#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Kill scans of the embedded lab at random moments, resume them, and hold the union against the truth.

usage: resume.py TLSWEEP TRUTH [--quick] [--seed N] [CHECK...]   without the name of a check, all of them (see main())
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from net import wait_until  # noqa: E402
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
        wait_until(lambda: process.poll() is not None or (os.path.exists(path) and os.path.getsize(path) > n_bytes),
                   120, 0.02)

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

        def has_moved():
            index, n_open = self.position(name)
            return process.poll() is not None or (index > at and n_open > 0)

        wait_until(has_moved, 120, 0.02)

    def size(self, name):
        path = self.file(name, 'results.jsonl')
        return os.path.getsize(path) if os.path.exists(path) else 0


def finish(process, want, label):
    error = process.communicate(timeout=300)[1]
    ok(process.returncode == want, f'{label}: the exit code is {want}', (process.returncode, error))
    return error


def compare(rows, want, label):
    keys = [(r['ip'], r['port']) for r in rows]
    twice = len(keys) - len(set(keys))
    missing = sorted(want - set(keys))
    ok(twice == 0, f'{label}: no target is reported twice', twice)
    ok(not missing, f'{label}: every target that answers is reported', missing[:10])
    ok(not set(keys) - want, f'{label}: no other target is reported', sorted(set(keys) - want)[:10])


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
            error = finish(lab.resume(name), 1, f'{name}, killed before it has begun, resumed')
            ok('checkpoint' in error,
               f'{name}, killed before it has begun, resumed: the message names the checkpoint', error)
            process = lab.start(name, *args, '--overwrite')
            continue
        if lab.dice.random() < 0.5:
            # A kill in the middle of a write, which is too short to be met by chance.
            torn += 1
            with open(lab.file(name, 'results.jsonl'), 'a', encoding='utf-8') as f:
                f.write('{"ip":"198.18.0.1","po')
        # The last run need not be slow: nobody kills it.
        process = lab.resume(name, *(['-r', '2000'] if i == n_kills - 1 else []))
    print(f'# {name}: killed {killed} times, {torn} times in the middle of a line')
    error = finish(process, 0, f'{name}, killed again and again, then resumed')
    return killed, error


def test_kills(lab, name, n_kills, *args):
    killed, _ = kill_often(lab, name, n_kills, *args)
    print(f"# {name}: {lab.summary(name)['resume']}")
    ok(killed >= n_kills / 2, f'{name}: at least half of the kills meet a scan under way', (killed, n_kills))
    compare(lab.records(name), lab.answering, name)
    before = lab.summary(name)['resume']
    total = lab.summary(name)['records']['total']
    ok(before['runs'] > 1 and before['earlier_records'] + total == len(lab.records(name)),
       f'{name}: the summary has the runs before and the number of their lines', before)
    checkpoint = open(lab.file(name, 'checkpoint'), encoding='utf-8').read()
    ok('state = done\n' in checkpoint, f'{name}: at the end the checkpoint says done', checkpoint)


def test_complete(lab, name):
    before = lab.size(name)
    error = finish(lab.resume(name), 0, 'a complete scan, resumed')
    ok('nothing is left' in error and lab.size(name) == before,
       'a complete scan, resumed: the message says that nothing is left, and the results stay as they are',
       error)


def interrupt(lab, name, *args, network=NETWORK):
    process = lab.start(name, *args, network=network)
    lab.wait_for_results(process, name, 0)
    time.sleep(lab.dice.uniform(0, 1))
    process.send_signal(signal.SIGINT)
    return finish(process, 3, f'scan "{name}", interrupted')


def test_interrupt(lab):
    """Ctrl-C, refusals of what would be another scan, then exclusions that are new."""
    error = interrupt(lab, 'stopped')
    before = lab.size('stopped')
    for args, word in ((['-e', '99'], '--seed'), (['-p', '25,443,587'], '-p'), (['198.18.8.0/24'], 'target'),
                       (['--shard', '1/2', ], '--shard'), (['--output', 'open'], '--output'),
                       (['--certs', 'store'], '--certs')):
        error = finish(lab.resume('stopped', *args), 1, f"resumed with {' '.join(args)}")
        ok(word in error, f"resumed with {' '.join(args)}: the message names {word}", error)
    ok(lab.size('stopped') == before, 'resumed with what would be another scan: the results stay as they are')
    seen = {(r['ip'], r['port']) for r in lab.records('stopped')}
    finish(lab.resume('stopped', '-r', '2000', '--exclude', '198.18.1.0/25'), 0, 'resumed with a new exclusion')
    live = lab.summary('stopped')['excluded_live']
    ok([(e['source'], e['ranges']) for e in live] == [('before this run', ['198.18.1.0/25'])],
       'resumed with a new exclusion: the summary has it', live)
    rows = lab.records('stopped')
    inside = {(ip, port) for ip, port in lab.answering if ip.startswith('198.18.1.') and int(ip.split('.')[3]) < 128}
    compare(rows, lab.answering - inside | (seen & inside), 'resumed with a new exclusion')
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
    ok('2525:smtp' in error and '2525:imap' in error,
       'resumed with another protocol in --pairs: the message names both protocols', error)
    write('smtp')
    finish(lab.resume('pairs', '-r', '2000'), 0, 'resumed with the protocol that the scan was begun with')


def test_certificates(lab):
    """certificates.jsonl is a result like the others: a shorter one than the checkpoint knows of is refused."""
    interrupt(lab, 'certs', '--certs', 'store', network='198.18.0.0/24')
    path = lab.file('certs', 'certificates.jsonl')
    with open(path, 'rb') as f:
        whole = f.read()
    ok(whole.endswith(b'\n'), 'an interrupted scan: certificates.jsonl has whole lines')
    for label, left in (('cut behind a line', whole[:whole.rindex(b'\n', 0, -1) + 1]), ('emptied', b''),
                        ('cut in a line', whole[:-9]), ('taken away', None)):
        if left is None:
            os.unlink(path)
        else:
            with open(path, 'wb') as f:
                f.write(left)
        before = lab.size('certs')
        error = finish(lab.resume('certs'), 1, f'resumed with certificates.jsonl {label}')
        ok('certificates.jsonl' in error, f'resumed with certificates.jsonl {label}: the message names the file',
           error)
        ok((os.path.exists(path) if left is None else os.path.getsize(path)) == (left is not None and len(left)) and
           lab.size('certs') == before, f'resumed with certificates.jsonl {label}: the folder stays as it is')
    with open(path, 'wb') as f:
        f.write(whole + b'{"sha256":"00')
    finish(lab.resume('certs', '-r', '2000'), 0, 'resumed with a line of certificates.jsonl that a kill has cut off')
    with open(path, encoding='utf-8') as f:
        stored = [json.loads(line)['sha256'] for line in f]
    ok(len(stored) == len(set(stored)),
       'resumed with a line of certificates.jsonl that a kill has cut off: every certificate is stored once')


def test_two_at_once(lab):
    process = lab.start('twice')
    lab.wait_for_results(process, 'twice', 0)
    error = finish(lab.resume('twice'), 1, 'a scan that is running, resumed')
    ok('scan is' in error, 'a scan that is running, resumed: the message says that a scan writes to the folder',
       error)
    process.kill()
    process.communicate()


def test_shards(lab):
    """Two shards, one of them killed and resumed: their results laid together are the whole."""
    kill_often(lab, 'shard1', 1, '-e', '5', '--shard', '1/2', '--certs', 'store')
    finish(lab.start('shard2', '-e', '5', '--shard', '2/2', '-r', '2000'), 0, 'the second of two shards')
    compare(lab.records('shard1') + lab.records('shard2'), lab.answering,
            'two shards, one of them killed and resumed')
    with open(lab.file('shard1', 'certificates.jsonl'), encoding='utf-8') as f:
        stored = [json.loads(line)['sha256'] for line in f]
    ok(stored and len(stored) == len(set(stored)),
       'a shard that was killed and resumed: every certificate is stored once')


def test_plain_kills(lab):
    # Exclusions of both families that touch, as the default ones do, which the lab has off.
    test_kills(lab, 'plain', lab.n_kills, '--exclude', '::/3', '--exclude', '0.0.0.0/8')
    test_complete(lab, 'plain')


def test_spread_kills(lab):
    cpus = sorted(os.sched_getaffinity(0))
    a, b = cpus[0], cpus[-1]
    test_kills(lab, 'spread', lab.n_kills, '--max-connections', '64', '--max-sessions', '4',
               '-P', '2', '--probe-gap', '300ms', '--lcores', f'main@{a},poll@{a},poll@{b},tls@{a},lab@{b}')


CHECKS = {
    'plain': test_plain_kills,
    'spread': test_spread_kills,
    'interrupt': test_interrupt,
    'pairs': test_pairs,
    'two-at-once': test_two_at_once,
    'certificates': test_certificates,
    'shards': test_shards,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('binary')
    parser.add_argument('truth')
    parser.add_argument('checks', nargs='*', choices=[*CHECKS, []])
    parser.add_argument('--quick', action='store_true', help='fewer kills')
    parser.add_argument('--seed', default=str(random.randrange(10 ** 9)))
    words = parser.parse_intermixed_args()
    print(f'# --seed {words.seed}')
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(words.binary, words.truth, folder, random.Random(words.seed))
        lab.n_kills = 2 if words.quick else 4
        for name in words.checks or CHECKS:
            CHECKS[name](lab)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
