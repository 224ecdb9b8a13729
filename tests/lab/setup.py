#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Signals that come before a scan has begun: kept for it, or its end; never a death, never a folder half made.

Handlers were installed behind everything that takes long, so that a SIGHUP which was to exclude somebody
ended the scan.

usage: setup.py TLSWEEP
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from net import wait_until  # noqa: E402
from tap import Tap  # noqa: E402

DONE, INTERRUPTED = 0, 3
FAST = ['-i', 'lab:population=sparse', '--no-huge', '-p', 'https', '-c', '0', '-q', '-e', '5', '-r', '5000']
children = []


class Scan:
    """A scan whose list comes from a pipe: once that is open, the scan is in the middle of its set-up."""

    def __init__(self, program, folder, name, *words):
        self.folder = os.path.join(folder, name)
        self.pipe = os.path.join(folder, name + '.list')
        os.mkfifo(self.pipe)
        self.words = [program, 'scan', *FAST, *words, '-o', self.folder, '-w', self.pipe]
        self.process = subprocess.Popen(self.words, stderr=subprocess.PIPE, text=True)
        children.append(self.process)
        self.writer = open(self.pipe, 'w')

    def state(self):
        with open(f'/proc/{self.process.pid}/stat') as file:
            return file.read().rsplit(') ', 1)[1][0]

    def wait_for_state(self, letter):
        wait_until(lambda: self.state() == letter)

    def wait_for_delivery(self):
        """Until no signal is pending: two of a kind that are pending at once are one."""
        wait_until(lambda: not any(int(signals(self.process.pid, name), 16) for name in ('SigPnd', 'ShdPnd')))

    def signal(self, *numbers):
        for number in numbers:
            self.process.send_signal(number)

    def go_on(self, text='198.18.0.0/22\n'):
        self.writer.write(text)
        self.close()

    def close(self):
        try:
            self.writer.close()
        except BrokenPipeError:
            pass

    def end(self):
        said = self.process.communicate(timeout=120)[1]
        return self.process.returncode, said

    def left(self):
        return sorted(set(os.listdir(self.folder)) - {"lock"}) if os.path.isdir(self.folder) else []

    def summary(self):
        with open(os.path.join(self.folder, 'summary.json')) as file:
            return json.load(file)


def check_kept(t, program, folder):
    """What changes a scan is kept until there is one."""
    optout = os.path.join(folder, 'optout.txt')
    with open(optout, 'w') as file:
        file.write('198.18.0.7\n')
    scan = Scan(program, folder, 'kept', '-b', optout)
    with open(optout, 'a') as file:
        file.write('198.18.3.0/24\n')
    scan.wait_for_state('S')
    for _ in range(2):
        scan.signal(signal.SIGHUP, signal.SIGUSR1)
        scan.wait_for_delivery()
    scan.signal(signal.SIGUSR2)
    t.ok(scan.process.poll() is None, 'SIGHUP, SIGUSR1 and SIGUSR2 while a scan reads its list do not end it')
    scan.go_on()
    code, said = scan.end()
    if not t.ok(code == DONE, 'a scan that got signals while it read its list comes to its end', (code, said)):
        return
    found = scan.summary()
    t.eq([e['ranges'] for e in found.get('excluded_live', [])], [['198.18.3.0/24']],
         'SIGHUP while a scan reads its list: additions to the list of -b are excluded once it runs')
    t.ok(abs(found['rates']['asked_pps'] - 5250) < 1,
         'SIGUSR1 and SIGUSR2 while a scan reads its list: it runs at the changed rate',
         found['rates'])


def check_stop(t, program, folder, number):
    """The first one ends the set-up where it stands, and the next scan finds nothing in its way."""
    name = f'stopped-{number.name}'
    scan = Scan(program, folder, name)
    scan.wait_for_state('S')
    scan.signal(number)
    code, said = scan.end()
    scan.close()
    t.eq((code, scan.left()), (INTERRUPTED, []),
         f'{number.name} while a scan reads its list ends it as interrupted, without a file', said)
    t.has(said, 'nothing was sent',
          f'{number.name} while a scan reads its list: the message says that nothing was sent')
    done = subprocess.run([*scan.words[:-2], '198.18.0.0/28'], capture_output=True, text=True, timeout=120)
    t.eq(done.returncode, DONE, f'{number.name} while a scan reads its list: the next scan can use the folder',
         done.stderr)


def check_twice(t, program, folder):
    """Two at once, while the process cannot look: it ends of the second, without an account."""
    scan = Scan(program, folder, 'twice')
    scan.signal(signal.SIGSTOP)
    scan.wait_for_state('T')
    scan.signal(signal.SIGINT, signal.SIGTERM, signal.SIGCONT)
    code, said = scan.end()
    scan.close()
    t.ok(code in (-signal.SIGINT, -signal.SIGTERM),
         'SIGINT and SIGTERM together: the second one ends the process at once', (code, said))


def signals(pid, name):
    """A set of signals of a process, as the kernel writes it."""
    with open(f'/proc/{pid}/status') as file:
        return next(line.split()[1] for line in file if line.startswith(name))


def catches(pid, number):
    return int(signals(pid, 'SigCgt'), 16) >> (number - 1) & 1


def check_anywhere(t, program, folder):
    """At any moment from the first on: a clean end, and a folder for a new scan or to go on with."""
    wrong, n_begun, n = [], 0, 0
    # Until both were met: no set-up takes the same time twice.
    while n < 12 or (n < 60 and not 0 < n_begun < n):
        i, n = n, n + 1
        out = os.path.join(folder, f'anywhere-{i}')
        words = [program, 'scan', *FAST, '-o', out, '198.18.0.0/16']
        process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        children.append(process)
        wait_until(lambda: catches(process.pid, signal.SIGTERM), pause=0.001)
        time.sleep(0.08 * (i % 30))
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=120)[1]
        left = set(os.listdir(out)) - {'lock'} if os.path.isdir(out) else set()
        n_begun += bool(left)
        if process.returncode != INTERRUPTED or (left and not {'summary.json', 'checkpoint'} <= left):
            wrong.append((i, process.returncode, left, said))
    t.ok(not wrong,
         'SIGTERM at a dozen moments and more: each scan ends as interrupted, with nothing in its folder or with '
            'summary and checkpoint', (n, n_begun, wrong))
    t.ok(0 < n_begun < n, 'SIGTERM at a dozen moments and more: some come before the scan has begun, and some after',
         (n_begun, n))


def check_targets(t, program, folder):
    """`tlsweep targets` sends nothing: signals do to it what they do to any filter."""
    pipe = os.path.join(folder, 'filter.list')
    os.mkfifo(pipe)
    process = subprocess.Popen([program, 'targets', '-p', 'https', '-w', pipe], stdout=subprocess.DEVNULL)
    children.append(process)
    with open(pipe, 'w'):
        process.send_signal(signal.SIGHUP)
        t.eq(process.wait(timeout=60), -signal.SIGHUP, 'tlsweep targets: SIGHUP ends it as it ends any filter')


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    try:
        with tempfile.TemporaryDirectory() as folder:
            check_kept(t, program, folder)
            check_stop(t, program, folder, signal.SIGINT)
            check_stop(t, program, folder, signal.SIGTERM)
            check_twice(t, program, folder)
            check_anywhere(t, program, folder)
            check_targets(t, program, folder)
    finally:
        for process in children:
            if process.poll() is None:
                process.kill()
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
