#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Scans by root in folders that other users own or can write to: no file of the machine changes, no code of theirs
runs, and what a killed scan leaves in DPDK's folder is cleared away.

The owner of an output folder once had root truncate any file (status.csv as a link), write a list of targets over it
(targets.new), and run code (eal = "-d evil.so" in scan.conf, resumed).

usage: folders.py TLSWEEP
"""
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from run import LAB  # noqa: E402
from net import wait_until  # noqa: E402
from tap import Tap, skip_all  # noqa: E402

DONE, SETUP, USAGE = 0, 1, 2
OTHER = 65534
WORDS = [*LAB, '-q', '-r', '5000', '-e', '5', '-c', '0']
SMALL, LARGE = '198.18.0.0/24', '198.18.0.0/16'
PRECIOUS = 'precious\n' * 3


def run(program, *words, **more):
    return subprocess.run([program, 'scan', *words], capture_output=True, text=True, timeout=300, **more)


def wait_for(path, process):
    wait_until(lambda: process.poll() is not None or os.path.exists(path))


class Place:
    """A folder above the others', and a file in it that nobody but root may change."""

    def __init__(self, folder):
        self.folder = folder
        self.victim = os.path.join(folder, 'victim')

    def theirs(self, name):
        path = os.path.join(self.folder, name)
        os.mkdir(path)
        os.chmod(path, 0o755)
        os.chown(path, OTHER, OTHER)
        return path

    def precious(self):
        with open(self.victim, 'w') as file:
            file.write(PRECIOUS)
        os.chmod(self.victim, 0o640)

    def is_whole(self):
        with open(self.victim) as file:
            return file.read() == PRECIOUS and stat.S_IMODE(os.stat(self.victim).st_mode) == 0o640


def begun(program, out, *words):
    """A scan that was killed once it had begun."""
    running = subprocess.Popen([program, 'scan', *WORDS, LARGE, '-o', out, *words], stderr=subprocess.PIPE, text=True)
    wait_for(os.path.join(out, 'status.csv'), running)
    running.send_signal(signal.SIGKILL)
    running.communicate()


def give_away(out):
    """As if their owner had copied a root's scan into a folder of his own."""
    for name in os.listdir(out):
        os.chown(os.path.join(out, name), OTHER, OTHER, follow_symlinks=False)
    os.chown(out, OTHER, OTHER)


def link_to(place, out, name):
    path = os.path.join(out, name)
    if os.path.lexists(path):
        os.unlink(path)
    os.symlink(place.victim, path)
    os.lchown(path, OTHER, OTHER)


def check_new(t, program, place):
    """A new scan in another user's folder: nothing is written, and the sentence has the way out."""
    out = place.theirs('new')
    done = run(program, *WORDS, SMALL, '-o', out)
    t.eq((done.returncode, os.listdir(out)), (SETUP, []),
         "a new scan in another user's folder is refused, and the folder stays empty")
    t.ok(all(word in done.stderr for word in (out, 'user 65534', '--unsafe-output-dir')),
         "a new scan in another user's folder: the message has folder, owner and the option to insist",
         done.stderr)
    done = run(program, *WORDS, SMALL, '-o', os.path.join(out, 'below'))
    t.eq((done.returncode, os.listdir(out)), (SETUP, []),
         "a new scan in a folder below another user's is refused, and none is made", done.stderr)
    done = run(program, *WORDS, SMALL, '-o', out, env={**os.environ, 'SUDO_UID': str(OTHER)})
    t.eq(done.returncode, DONE, 'a new scan under sudo in a folder of the user who called sudo is done', done.stderr)
    os.mkdir(os.path.join(place.folder, 'open'))
    os.chmod(os.path.join(place.folder, 'open'), 0o777)
    done = run(program, *WORDS, SMALL, '-o', os.path.join(place.folder, 'open'))
    t.eq(done.returncode, SETUP, 'a new scan in a folder of our own that all may write to is refused')
    t.has(done.stderr, 'chmod go-w',
          'a new scan in a folder that all may write to: the message has the chmod command')


# Puts links where files of a scan will be, again and again, until the scan is over.
PLANT = '''
import os, sys
victim, folder = sys.argv[1:3]
names = ["status.csv", "targets.new", "targets", "checkpoint.new", "scan.conf.new", "metrics.prom.new", "lock",
         "summary.json.new", "summary.json", "control.sock", "metrics.prom"]
print("ready", flush=True)
while not os.path.exists(folder + "/stop"):
    for name in names:
        try:
            os.symlink(victim, folder + "/" + name)
        except OSError:
            pass
'''


def check_race(t, program, place):
    """A user who insists, and a neighbour who plants links as fast as he can: the scan may fail, the file stays."""
    place.precious()
    out = place.theirs('race')
    attack = subprocess.Popen(['setpriv', f'--reuid={OTHER}', f'--regid={OTHER}', '--clear-groups', sys.executable,
                               '-c', PLANT, place.victim, out], stdout=subprocess.PIPE, text=True)
    try:
        attack.stdout.readline()
        codes = [run(program, *WORDS, SMALL, '-o', out, '--unsafe-output-dir', '--overwrite').returncode
                 for _ in range(4)]
    finally:
        with open(os.path.join(out, 'stop'), 'w'):
            pass
        attack.communicate(timeout=60)
    t.ok(place.is_whole(), 'links that a neighbour plants while scans begin: the file that they lead to is untouched',
         codes)


def check_resume(t, program, place):
    """Links in the place of each file of a scan that is continued."""
    whole = os.path.join(place.folder, 'whole')
    begun(program, whole)
    t.ok(os.path.exists(os.path.join(whole, 'checkpoint')), 'a scan that is killed has left a checkpoint')
    for name in ('status.csv', 'results.jsonl', 'checkpoint', 'targets', 'scan.conf', 'lock', 'checkpoint.new'):
        place.precious()
        out = os.path.join(place.folder, 'linked-' + name)
        shutil.copytree(whole, out, ignore=shutil.ignore_patterns('control.sock'))
        link_to(place, out, name)
        give_away(out)
        done = run(program, '--resume', '-o', out)
        t.eq((done.returncode, place.is_whole()), (USAGE, True),
             f'{name} as a link: nothing is resumed in a folder of another user, and no file changes',
             done.stderr)
        done = run(program, '--resume', '-o', out, '--unsafe-output-dir', '-t', '1')
        t.ok(place.is_whole(), f'{name} as a link: it is not followed when the user insists', done.stderr)
        t.ok(name == 'checkpoint.new' or (out in done.stderr and 'symbolic link' in done.stderr),
             f'{name} as a link: it is no matter, or the message names folder and link',
             (done.returncode, done.stderr))
    place.precious()
    out = os.path.join(place.folder, 'hard')
    shutil.copytree(whole, out, ignore=shutil.ignore_patterns('control.sock', 'status.csv'))
    os.link(place.victim, os.path.join(out, 'status.csv'))
    done = run(program, '--resume', '-o', out, '-t', '1')
    t.ok(place.is_whole() and 'hard link' in done.stderr,
         'status.csv as a hard link: nothing is added to it, and the message says hard link', done.stderr)


def check_code(t, program, place):
    """Code that scan.conf names is not run, in nobody's folder; from the command line it is."""
    proof = os.path.join(place.folder, 'proof')
    plugin = os.path.join(place.folder, 'evil.so')
    source = f'#include <stdio.h>\n__attribute__((constructor)) static void go(void) {{ fopen("{proof}", "w"); }}\n'
    # DPDK loads nothing from where all may write, such as below /tmp.
    home = tempfile.mkdtemp(dir='/var/lib')
    try:
        plugin = os.path.join(home, 'evil.so')
        made = subprocess.run(['cc', '-shared', '-fPIC', '-x', 'c', '-o', plugin, '-'], input=source, text=True,
                              capture_output=True)
        if made.returncode != 0:
            t.skip('a plug-in that scan.conf names is not run', 'no C compiler here')
            return
        out = os.path.join(place.folder, 'code')
        begun(program, out, '--eal', f'-d {plugin}')
        t.ok(os.path.exists(proof), 'a plug-in that the command line names runs')
        os.unlink(proof)
        for label, words in (('our own', []), ('another user\'s', ['--unsafe-output-dir'])):
            done = run(program, '--resume', '-o', out, '-t', '1', *words)
            t.eq((done.returncode, os.path.exists(proof)), (USAGE, False),
                 f'a plug-in that scan.conf in {label} folder names does not run, and the scan is refused')
            t.ok('scan.conf:' in done.stderr and '--eal' in done.stderr,
                 f'a plug-in that scan.conf in {label} folder names: the message has file and option', done.stderr)
            give_away(out)
        done = run(program, '--resume', '-o', out, '-t', '1', '--unsafe-output-dir', '--eal', '--no-telemetry')
        t.eq((done.returncode, os.path.exists(proof)), (DONE, False),
             '--eal on the command line takes the place of that in scan.conf', done.stderr)
    finally:
        shutil.rmtree(home)


def check_modes(t, program, place):
    """Modes that do not depend on the umask; private is what only this program works with."""
    want = {'results.jsonl': 0o644, 'status.csv': 0o644, 'metrics.prom': 0o644, 'summary.json': 0o644,
            'scan.conf': 0o600, 'checkpoint': 0o600, 'targets': 0o600, 'lock': 0o600}
    for mask in (0, 0o077):
        out = os.path.join(place.folder, f'umask-{mask:o}')
        done = run(program, *WORDS, SMALL, '-o', out, preexec_fn=lambda mask=mask: os.umask(mask))
        found = {name: stat.S_IMODE(os.stat(os.path.join(out, name)).st_mode) for name in os.listdir(out)}
        t.eq(found, want, f'umask {mask:03o}: every file has the mode it is meant to have', done.stderr)
        t.eq(stat.S_IMODE(os.stat(out).st_mode), 0o755, f'umask {mask:03o}: the folder has mode 0755')


def check_runtime(t, program, place):
    """DPDK's folder of a killed scan goes when the next one starts, those of others stay."""
    base = os.path.join(place.folder, 'run')
    os.mkdir(base, 0o700)
    env = {**os.environ, 'RUNTIME_DIRECTORY': base}
    out = os.path.join(place.folder, 'killed')
    killed = subprocess.Popen([program, 'scan', *WORDS, LARGE, '-o', out], env=env, stderr=subprocess.DEVNULL)
    wait_for(os.path.join(out, 'status.csv'), killed)
    alive = subprocess.Popen([program, 'scan', *WORDS, LARGE, '-o', out + '2'], env=env, stderr=subprocess.DEVNULL)
    wait_for(os.path.join(out + '2', 'status.csv'), alive)
    killed.kill()
    killed.wait()
    os.makedirs(os.path.join(base, 'dpdk', 'rte'))
    left = sorted(os.listdir(os.path.join(base, 'dpdk')))
    t.eq(left, sorted(['rte', f'tlsweep-{killed.pid}', f'tlsweep-{alive.pid}']),
         'two scans, one of them killed, have left two folders of DPDK')
    done = run(program, *WORDS, SMALL, '-o', out + '3', env=env)
    left = sorted(os.listdir(os.path.join(base, 'dpdk')))
    t.eq((done.returncode, left), (DONE, ['rte', f'tlsweep-{alive.pid}']),
         "a third scan removes the dead scan's folder of DPDK, and its own",
         done.stderr)
    alive.send_signal(signal.SIGTERM)
    alive.wait(timeout=120)
    t.eq(os.listdir(os.path.join(base, 'dpdk')), ['rte'], 'a scan that is stopped removes its folder of DPDK')
    os.chmod(os.path.join(base, 'dpdk'), 0o777)
    done = run(program, *WORDS, SMALL, '-o', out + '4', env=env)
    t.eq((done.returncode, os.listdir(os.path.join(base, 'dpdk'))), (DONE, ['rte']),
         'a scan leaves no folder of DPDK where all may write', done.stderr)


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    if os.getuid() != 0:
        skip_all('not root: no folders of other users')
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        place = Place(folder)
        check_new(t, program, place)
        check_race(t, program, place)
        check_resume(t, program, place)
        check_code(t, program, place)
        check_modes(t, program, place)
        check_runtime(t, program, place)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
