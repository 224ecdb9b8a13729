#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The doctor and the scan: what one calls fine the other must not refuse.

The doctor had a plan of its own, without the copies for checkpoints, and recommended too few huge pages
for any scan with -o; and it read neither the words behind lab: nor the length behind -S.

usage: doctor.py TLSWEEP
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

# Refused for its name after the plan was made; the roles are those of any kernel interface.
NOWHERE = 'no-such-port'
EVERYBODY = ['-p', 'https', '-S', '192.0.2.1/24', '0.0.0.0/0']
# What DPDK needs for itself, and the MB that was begun.
SLACK_MB = 64 + 1


def run(program, *words):
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=120)


def numbers(pattern, text):
    found = re.search(pattern, text)
    return [int(n) for n in found.groups()] if found else None


def check_memory(t, program, folder):
    """The memory that the doctor asks for is the memory that the scan asks for."""
    for no_huge in ([], ['--no-huge']):
        scan = run(program, 'scan', '-v', '-i', NOWHERE, '-o', folder, *no_huge, *EVERYBODY)
        plan = numbers(r'memory: (\d+) MB from DPDK .* up to (\d+) MB besides', scan.stderr)
        t.ok(plan is not None, f'{"ordinary" if no_huge else "huge"} pages: scan -v prints its memory plan',
             scan.stderr)
        said = run(program, 'doctor', '-i', NOWHERE, *no_huge).stdout
        if no_huge:
            want = numbers(r'memory: \d+ MB available, a scan of default size wants up to (\d+) MB', said)
            t.eq(want, [sum(plan) + SLACK_MB], 'ordinary pages: the doctor asks for the memory that a scan plans',
                 said)
        else:
            want = numbers(r'huge pages: \d+ MB free, a scan of default size wants (\d+) MB', said)
            t.eq(want, [plan[0] + SLACK_MB], 'huge pages: the doctor asks for the memory that a scan plans', said)


def check_words(t, program):
    """A word that the scan refuses is refused by the doctor, in the same words."""
    for words in (['-i', 'lab:seed=zz'], ['-i', 'lab:colour=red'], ['-i', ''],
                  ['-i', 'null', '-S', '1.2.3.4/99x'], ['-i', 'null', '-S', '1.2.3.4/33'],
                  ['-i', 'null', '-S', '1.2.3'], ['-i', 'null', '-S', '224.0.0.1'],
                  ['-i', 'null', '-S', '2001:db8::1/129']):
        doctor = run(program, 'doctor', *words)
        scan = run(program, 'scan', '-p', 'https', *words, '192.0.2.1')
        t.eq((doctor.returncode, doctor.stdout), (2, ''), f'{" ".join(words)}: the doctor refuses it', doctor.stderr)
        t.eq(doctor.stderr, scan.stderr, f'{" ".join(words)}: the doctor and a scan refuse it in the same words')


def check_ports(t, program):
    """A file that is none of packets, a socket without a folder."""
    for port, part in (('pcap:/etc/passwd', 'not a capture file'), ('pcap:/nonexistent/a', 'No such file'),
                       ('memif:/nonexistent/x.sock', 'mkdir -p /nonexistent'),
                       ('memif:/nonexistent/x.sock,role=server', 'mkdir -p /nonexistent')):
        doctor = run(program, 'doctor', '--no-huge', '-i', port)
        t.eq(doctor.returncode, 1, f'{port}: the doctor fails it', doctor.stdout)
        t.has(doctor.stdout, part, f'{port}: the doctor says why it cannot be used')
        scan = run(program, 'scan', '-q', '--no-huge', '-i', port, *EVERYBODY)
        t.eq(scan.returncode, 1, f'{port}: a scan is refused', scan.stderr)
        t.has(scan.stderr, part, f'{port}: a scan is refused for the same reason')


def check_sources(t, program):
    """An address for each family, with the length of its network."""
    said = run(program, 'doctor', '-i', 'null', '--no-huge', '-S', '192.0.2.1/24', '-S', '2001:db8::1/64').stdout
    t.has(said, 'source address: 192.0.2.1 is not', 'two source addresses: the doctor looks for the IPv4 address')
    t.has(said, 'source address: 2001:db8::1 is not', 'two source addresses: the doctor looks for the IPv6 address')


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_memory(t, program, os.path.join(folder, 'out'))
    check_words(t, program)
    check_ports(t, program)
    check_sources(t, program)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
