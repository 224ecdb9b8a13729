#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Where the results go: a folder that holds somebody's files, a reader that goes away, a disk that is full.

usage: output.py TLSWEEP
"""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from run import FULL_SPEED, LAB, pairs_of, run, summary_of  # noqa: E402
from tap import Tap  # noqa: E402

DONE, SETUP, OUTPUT = 0, 1, 4


def check_folder(t, program, folder):
    """A user's file by the name of any that a scan writes: refused without --overwrite, which removes it."""
    words = [*FULL_SPEED, '-c', '0', '--certs', 'store', '198.18.0.0/28']
    out = os.path.join(folder, 'written')
    done = run(program, out, *words)
    names = sorted(set(os.listdir(out)) - {'lock'})
    t.ok(done.returncode == DONE and len(names) >= 8, 'a scan writes eight files and more', (names, done.stderr))
    for name in names:
        out = os.path.join(folder, 'mine-' + name)
        os.mkdir(out)
        with open(os.path.join(out, name), 'w') as file:
            file.write('mine')
        done = run(program, out, *words)
        with open(os.path.join(out, name)) as file:
            t.ok(done.returncode == SETUP and name in done.stderr and file.read() == 'mine',
                 f'a folder that holds a {name} is refused, and the file stays as it is', done.stderr)
    done = run(program, out, *words, '--overwrite')
    with open(os.path.join(out, name)) as file:
        t.ok(done.returncode == DONE and file.read() != 'mine', '--overwrite replaces the file that was in the way',
             done.stderr)


def check_reader(t, program):
    """Whoever reads our standard output goes away: that is what is named, not a file nobody asked for."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([program, 'scan', *LAB, '-q', '-r', '2000', '198.18.0.0/20', '-o', '-'], stdout=writer,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(writer)
    t.eq(done.returncode, OUTPUT, 'a reader of standard output that goes away: the exit code is that of lost output',
         done.stderr)
    t.has(done.stderr, 'cannot write standard output: Broken pipe',
          'a reader of standard output that goes away: the message names standard output')
    t.ok('results.jsonl' not in done.stderr, 'a reader of standard output that goes away: the message names no file',
         done.stderr)


def check_full_disk(t, program, folder):
    """256 kB and no more: records are lost, and how many is said, here and in the account, wherever it has room."""
    script = 'mkdir small && mount -t tmpfs -o size=256k tmpfs small && "$@"; code=$?; cp -r small seen; exit $code'
    words = ['unshare', '-rm', 'sh', '-c', script, 'sh', program, 'scan', *LAB, '-q', '-r', '0',
             '--min-disk-free', '0', '198.18.0.0/15', '-o', 'small/out']
    if os.getuid() != 0:
        words.append('--unsafe-output-dir')  # the real root is a stranger there
    if subprocess.run(['unshare', '-rm', 'true'], stderr=subprocess.DEVNULL).returncode != 0:
        t.skip('a disk that is full: the exit code is that of lost output', 'no mount namespace here')
        return
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300)
    t.eq(done.returncode, OUTPUT, 'a disk that is full: the exit code is that of lost output', done.stderr)
    said = re.search(r'^tlsweep: cannot write .*No space left on device.* \((\d+) of (\d+) records are lost\)$',
                     done.stderr, re.M)
    seen = os.path.join(folder, 'seen', 'out')
    in_file = os.path.exists(os.path.join(seen, 'summary.json'))
    account = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{')]
    if not t.ok(said and len(account) + in_file == 1,
                'a disk that is full: a message has the reason and the loss, and there is one summary', done.stderr):
        return
    t.ok(in_file or 'cannot write the summary to small/out/summary.json' in done.stderr,
         'a disk that is full: the summary is in its file, or a message says why it is not', done.stderr)
    found = summary_of(seen) if in_file else account[0]
    lost, total = int(said[1]), int(said[2])
    t.eq((found['records']['lost'], found['records']['total'], found['exit_reason']),
         (lost, total, 'output-error'), 'a disk that is full: message and summary agree on the records that are lost')
    t.ok(0 < lost < total and len(pairs_of(seen)) == total - lost,
         'a disk that is full: every record that is not lost is in the file', (lost, total))


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_folder(t, program, folder)
        check_reader(t, program)
        check_full_disk(t, program, folder)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
