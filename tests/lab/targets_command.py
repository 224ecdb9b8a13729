#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`tlsweep targets` prints what a scan would probe: all of it, once, in one order.

usage: targets_command.py TLSWEEP
"""
import ipaddress
import itertools
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from tap import Tap  # noqa: E402

tap = Tap()
ok = tap.ok


def same(got, want, label):
    if not ok(got == want, label):
        print(f"# got  {got!r:.300}\n# want {want!r:.300}")


def run(words, given=None):
    return subprocess.run([sys.argv[1], 'targets', *words.split()], input=given,
                          capture_output=True, text=True, timeout=60)


def lines(words, given=None):
    done = run(words, given)
    if done.returncode != 0:
        print(f'# {words}: rc {done.returncode}, {done.stderr}')
    return done.stdout.splitlines()


def counts(words, given=None):
    return dict(line.split() for line in lines(words + ' --count', given))


def refused(words, code, text, label):
    done = run(words)
    if not ok(done.returncode == code and text in done.stderr and done.stdout == '', label):
        print(f'# rc {done.returncode}: {done.stdout!r:.200} {done.stderr}')


NET = '--no-default-exclude -e 7 '


def check_lists():
    hosts = [str(a) for a in ipaddress.ip_network('192.0.2.0/26')]
    ports = ['25,smtp', '993,imaps', '8443,https']
    want = sorted(f'{h},{p}' for h, p in itertools.product(hosts, ports) if h != '192.0.2.9')
    words = NET + '-p smtp,imaps,8443:https 192.0.2.0/26 --exclude 192.0.2.9'
    got = lines(words)
    same(sorted(got), want, 'every address on every port is printed once')
    ok(got != want and got == lines(words), 'the seed fixes the order, which is not that of the addresses')
    ok(got != lines(words.replace('-e 7', '-e 8')), 'another seed gives another order')
    same(lines(words + ' -n 10'), got[:10], '-n 10 prints the first ten of the order')
    same(lines(words + ' -n 10%'), got[:len(want) // 10], '-n 10% prints the first tenth of the order')
    same(list(itertools.chain.from_iterable(
        lines(words + f' --shard {i}/5') for i in range(1, 6))), got,
        'five shards one after the other are the whole order')
    few = NET + '-p smtp 192.0.2.0/30'
    same(list(itertools.chain.from_iterable(
        lines(few + f' --shard {i}/7') for i in range(1, 8))), lines(few),
        'seven shards of four pairs are the whole order')
    number = counts(words + ' --shard 1/4')
    same((number['pairs'], number['chosen_pairs'], number['addresses_excluded'], number['services']),
         (str(len(want)), str(len(want) // 4), '1', '3'),
         '--count counts pairs, chosen pairs, excluded addresses and services')


def check_forms():
    same(sorted(lines(NET + '-p https -w - --exclude 2001:db8::2',
                      '192.0.2.1,mx.example.org\n2001:db8::/126 # four\n')),
         ['192.0.2.1,443,https,mx.example.org', '2001:db8::,443,https', '2001:db8::1,443,https',
          '2001:db8::3,443,https'], '-w - reads names and addresses of both families from standard input')
    same(sorted(lines(NET + '-p smtp 192.0.2.0/31 --pairs -',
                      'saddr,sport\n192.0.2.1,25\n198.51.100.7,443\n'
                      '[2001:db8::1]:4433:tls,a.example\n')),
         ['192.0.2.0,25,smtp', '192.0.2.1,25,smtp', '198.51.100.7,443,https',
          '2001:db8::1,4433,tls,a.example'], '--pairs - adds pairs to addresses and ports')
    same(lines('-e 1 --pairs -', '93.184.216.34:25\n'), ['93.184.216.34,25,smtp'], '--pairs - alone is enough')
    number = counts(NET + '-p smtp,https 192.0.2.0/24 --pairs -',
                    '192.0.2.1:26:tls\n[2001:db8::1]:25\n2001:db8::1,443\n')
    same([number[k] for k in ('pairs_ipv4', 'pairs_ipv6', 'addresses_ipv4', 'addresses_ipv6')],
         ['513', '2', '256', '1'], '--count counts pairs and addresses by family')
    number = counts('-p https 0.0.0.0/0')
    same((number['pairs'], number['addresses_excluded']), ('3702257664', '592709632'),
         '--count of all of IPv4 leaves the default exclusions out')


def check_refusals():
    refused('192.0.2.1', 2, 'no service', 'no service: refused with exit code 2')
    refused('-p smtp', 2, 'no target', 'no target: refused with exit code 2')
    refused('-p smtp 10.0.0.0/8', 1, 'no target is left', 'every target excluded: refused with exit code 1')
    refused('-p smtp --cuont 192.0.2.1', 2, 'unknown option --cuont', 'a misspelt option is refused with exit code 2')
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'list')
        with open(path, 'w', encoding='ascii') as out:
            out.write('192.0.2.0/24\n192.0.2.1:70000\n')
        refused(f'-p smtp -w {path}', 1, f'{path}:2:1: "192.0.2.1:70000" is not',
                'a mistake in a list is refused, with its line and column')
        refused(f'--pairs {path}', 1, f'{path}:1:1: "192.0.2.0/24" has no port',
                'a mistake in a list of pairs is refused, with its line and column')


def check_pipe():
    with subprocess.Popen([sys.argv[1], 'targets', '-q', '-p', 'https', '0.0.0.0/0'],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        first = child.stdout.readline()
        child.stdout.close()
        told = child.stderr.read()
    ok(first.endswith(',443,https\n') and told == '' and child.returncode == 0,
       'a reader that closes the pipe gets no message, and the command succeeds')
    with open('/dev/full', 'w', encoding='ascii') as full:
        done = subprocess.run([sys.argv[1], 'targets', '-q', '-p', 'https', '93.184.216.34'],
                              stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    ok(done.returncode == 4 and 'No space left' in done.stderr, 'a full disk is reported, with exit code 4')


check_lists()
check_forms()
check_refusals()
check_pipe()
sys.exit(tap.done())
