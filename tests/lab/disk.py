#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A disk that runs full while a scan runs, and a limit to what it may write: probes wait, or the scan ends, in order;
nothing is lost either way.

usage: disk.py TLSWEEP
"""
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from net import wait_until  # noqa: E402
from tap import Tap, skip_all  # noqa: E402

MB = 1 << 20
DISK, RESERVE = 64 * MB, 0.05
DONE, INTERRUPTED = 0, 3
# Every host answers and hangs up at once: a line for each.
HOSTS = '198.18.0.0/20'
N_HOSTS = 4096
LAB = ['-i', 'lab:population=answering', '--no-huge', '-p', 'https', '-c', '1', '-q', '-e', '5',
       '--checkpoint-interval', '1']


class Scan:
    """A scan whose folder is on a disk of its own."""

    def __init__(self, program, disk, name, *words):
        self.program, self.dir = program, os.path.join(disk, name)
        self.start('scan', *words)

    def start(self, *words):
        self.process = subprocess.Popen([self.program, *words, '-o', self.dir], stderr=subprocess.PIPE, text=True)

    def resume(self, *words):
        self.start('scan', '--resume', *words)

    def end(self):
        self.said = self.process.communicate(timeout=300)[1]
        return self.process.returncode

    def rows(self):
        try:
            with open(os.path.join(self.dir, 'status.csv'), newline='') as file:
                return list(csv.DictReader(file))
        except FileNotFoundError:
            return []

    def wait_for(self, true):
        """Until that is true of the rows of status.csv, or the scan has ended. Returns the rows."""
        end = time.monotonic() + 120
        while self.process.poll() is None and time.monotonic() < end:
            rows = self.rows()
            if rows and true(rows):
                break
            time.sleep(0.05)
        return self.rows()

    def wait_for_pause(self, n=1):
        """Until so many rows on end say that probes wait for the disk."""
        return self.wait_for(lambda rows: len(rows) >= n and all(r['waits_for'] == 'disk' for r in rows[-n:]))

    def pairs(self):
        with open(os.path.join(self.dir, 'results.jsonl')) as file:
            return [(r['ip'], r['port']) for r in map(json.loads, file)]

    def summary(self):
        with open(os.path.join(self.dir, 'summary.json')) as file:
            return json.load(file)

    def control(self, *words):
        return subprocess.run([self.program, 'control', self.dir, *words], capture_output=True, text=True, timeout=60)

    def size(self):
        return sum(entry.stat().st_size for entry in os.scandir(self.dir) if entry.is_file())


class Filler:
    """A file that leaves less than a 20th of the disk."""

    def __init__(self, disk):
        self.path = os.path.join(disk, 'filler')

    def take(self, share=0.04):
        stat = os.statvfs(os.path.dirname(self.path))
        with open(self.path, 'wb') as file:
            os.posix_fallocate(file.fileno(), 0, stat.f_bavail * stat.f_frsize - int(DISK * share))

    def give(self):
        os.unlink(self.path)


def check_all(t, scan, name):
    pairs = scan.pairs()
    t.eq((len(pairs), len(set(pairs))), (N_HOSTS, N_HOSTS), f'{name}: every host has exactly one line')


def check_pause(t, program, disk):
    filler = Filler(disk)
    scan = Scan(program, disk, 'paused', *LAB, '-r', '400', HOSTS)
    scan.wait_for(lambda rows: int(rows[-1]['records']) > 100)
    filler.take()
    rows = scan.wait_for_pause(3)
    t.ok(len(rows) > 3 and rows[-1]['waits_for'] == 'disk',
         'a disk that is nearly full: status.csv says that probes wait for it', rows[-1:])
    t.ok(rows[-1]['sent'] == rows[-2]['sent'] and 0 < int(rows[-1]['targets']) < N_HOSTS,
         'a disk that is nearly full: no probe leaves', rows[-2:])
    t.has(scan.control('status').stdout, '"waits_for":"disk"',
          'a disk that is nearly full: the control socket says that probes wait for it')
    written = os.stat(os.path.join(scan.dir, 'checkpoint')).st_mtime_ns
    t.eq(scan.control('checkpoint').returncode, 0, 'a disk that is nearly full: control checkpoint succeeds')
    t.ok(wait_until(lambda: os.stat(os.path.join(scan.dir, 'checkpoint')).st_mtime_ns != written),
         'a disk that is nearly full: a new checkpoint is written')
    scan.control('rate', '0')
    filler.give()
    t.eq(scan.end(), DONE, 'a disk that has room again: the scan continues to its end', scan.said)
    check_all(t, scan, 'a disk that has room again')
    t.has(scan.said, 'are free on the disk of', 'a disk that is nearly full: a message says that probes wait')
    t.has(scan.said, 'there is room on the disk', 'a disk that has room again: a message says that probes continue')
    waited = scan.summary()['waited_for'].get('disk', {})
    t.ok(waited.get('times') == 1 and waited.get('seconds', 0) >= 2,
         'a disk that was nearly full: the summary has one wait, and how long it took', waited)


def check_stop(t, program, disk):
    """Full from the start: nothing is probed, and Ctrl-C ends it as ever; what is left is done by --resume."""
    filler = Filler(disk)
    filler.take()
    scan = Scan(program, disk, 'stopped', *LAB, '-r', '0', HOSTS)
    rows = scan.wait_for_pause(2)
    t.ok(rows and rows[-1]['sent'] == '0', 'a disk that is full at the start: no probe leaves', rows[-1:])
    scan.process.send_signal(signal.SIGINT)
    t.eq(scan.end(), INTERRUPTED, 'a disk that is full at the start: Ctrl-C ends the scan that waits', scan.said)
    found = scan.summary()
    t.eq((found['exit_reason'], found['num_targets_scanned'], found['waited_for']['disk']['times']),
         ('interrupted', 0, 1), 'a disk that is full at the start: the interrupted scan has a whole summary')
    scan.resume()
    scan.wait_for_pause(1)
    scan.process.kill()
    scan.end()
    filler.give()
    scan.resume()
    t.eq(scan.end(), DONE, 'a disk that is full at the start: a scan that was killed while it waited is resumed',
         scan.said)
    check_all(t, scan, 'a disk that was full at the start')


def check_never(t, program, disk):
    filler = Filler(disk)
    filler.take(0.03)
    scan = Scan(program, disk, 'never', *LAB, '-r', '0', '--min-disk-free', '0', '198.18.0.0/24')
    t.eq(scan.end(), DONE, '--min-disk-free 0: a scan on a nearly full disk is done', scan.said)
    t.eq(scan.summary()['waited_for'], {}, '--min-disk-free 0: the summary has no wait')
    filler.give()


def check_limit(t, program, disk):
    """--max-output: an end in order, like that of --max-results, which a larger limit goes on from."""
    limit = 300 * 1000
    scan = Scan(program, disk, 'limited', *(word for word in LAB if word != '-q'), '-r', '500', '--max-output',
                '300K', HOSTS)
    t.eq(scan.end(), DONE, '--max-output ends a scan as done', scan.said)
    found, size = scan.summary(), scan.size()
    t.eq(found['exit_reason'], 'max-output', '--max-output: the summary gives the reason max-output')
    lines = found['records']['bytes']
    t.ok(limit / 2 < lines and limit <= size < 2 * limit + os.stat(os.path.join(scan.dir, 'summary.json')).st_size,
         '--max-output: the files have the size that was asked for', (size, lines))
    t.eq((found['records']['lost'], len(scan.pairs())), (0, found['records']['total']),
         '--max-output: no record is lost')
    t.has(scan.said, '--max-output SIZE, larger than before', '--max-output: a message says how to continue')
    before = len(scan.pairs())
    scan.resume()
    t.eq((scan.end(), scan.summary()['exit_reason']), (DONE, 'max-output'),
         '--max-output: resumed with the same limit, the scan ends for it at once')
    t.ok(before <= len(scan.pairs()) < before + 200,
         '--max-output: resumed with the same limit, only open work gets records', (before, len(scan.pairs())))
    scan.resume('--max-output', '100M', '-r', '0')
    t.eq((scan.end(), scan.summary()['exit_reason']), (DONE, 'done'),
         '--max-output: resumed with a larger limit, the scan comes to its end', scan.said)
    check_all(t, scan, '--max-output with a larger limit')


def check_stream(t, program):
    # So slow that a busy machine looks at the size before there is twice as much.
    done = subprocess.run([program, 'scan', *LAB, '-r', '100', '--max-output', '100K', HOSTS], capture_output=True,
                          text=True, timeout=300)
    found = json.loads(done.stderr.splitlines()[-1])
    t.eq((done.returncode, found['exit_reason']), (DONE, 'max-output'), '--max-output ends a scan to standard output')
    t.ok(100000 <= len(done.stdout) < 200000 and done.stdout.endswith('\n'),
         '--max-output: what is on standard output has that size, in whole lines', len(done.stdout))


def main():
    program = os.path.abspath(sys.argv[1])
    if '--inside' not in sys.argv:
        if subprocess.run(['unshare', '-rm', 'true'], stderr=subprocess.DEVNULL).returncode != 0:
            skip_all('no mount namespace here')
        os.execvp('unshare', ['unshare', '-rm', sys.executable, os.path.abspath(__file__), program, '--inside'])
    t = Tap()
    with tempfile.TemporaryDirectory() as disk:
        subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK}', 'tmpfs', disk], check=True)
        check_pause(t, program, disk)
        check_stop(t, program, disk)
        check_never(t, program, disk)
        check_limit(t, program, disk)
        check_stream(t, program)
        subprocess.run(['umount', disk], check=True)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
