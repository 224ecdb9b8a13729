#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Scan the embedded lab with the real program and compare every answer with the lab's truth.

usage: lab_scan.py TLSWEEP TRUTH SCHEMA_DIR VALIDATE [--quick]
"""
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
from net import wait_until  # noqa: E402
from tap import Tap  # noqa: E402

tap = Tap()
ok = tap.ok

LAB_SEED = '1'
PORTS = [25, 587, 465, 143, 993, 110, 995, 6667, 6697, 5222, 5223, 5269, 5270, 443]
IMPLICIT = {465, 993, 995, 6697, 5223, 5270, 443}
GREETED = {25, 587, 143, 110}
# What each kind of host may be reported as, by who speaks first on the port.
EXPECTED = {
    'service': {'implicit': {'success'}, 'greeted': {'success'}, 'client': {'success'}},
    'no-tls': {'implicit': {'handshake-error'}, 'greeted': {'application-error'},
               'client': {'application-error'}},
    'accept-silent': {'implicit': {'io-timeout'}, 'greeted': {'io-timeout'}, 'client': {'io-timeout'}},
    'accept-deaf': {'implicit': {'io-timeout'}, 'greeted': {'io-timeout'}, 'client': {'io-timeout'}},
    'zero-window': {'implicit': {'io-timeout'}, 'greeted': {'io-timeout'}, 'client': {'io-timeout'}},
    'reset-on-data': {'implicit': {'connection-closed'}, 'greeted': {'io-timeout'},
                      'client': {'connection-closed'}},
    'garbage': {'implicit': {'handshake-error'}, 'greeted': {'protocol-error'},
                'client': {'protocol-error', 'io-timeout'}},
}
# The class of its responder, the same whoever speaks first but for one.
CLASS = {'service': 'service', 'no-tls': 'service', 'accept-silent': 'acked-silent',
         'accept-deaf': 'no-ack', 'zero-window': 'zero-window', 'reset-on-data': 'reset-on-data',
         'garbage': 'wrong-protocol'}


def side(port):
    return 'implicit' if port in IMPLICIT else 'greeted' if port in GREETED else 'client'


def truth(binary, first, count):
    out = subprocess.run([binary, LAB_SEED, first, str(count)] + [str(p) for p in PORTS],
                         check=True, capture_output=True, text=True).stdout
    return {(t['ip'], t['port']): t for t in map(json.loads, out.splitlines())}


def responder(host, port):
    """The class an open pair must get; None for one that is not open."""
    if host['kind'] == 'no-tls' and side(port) == 'implicit':
        return 'wrong-protocol'
    return CLASS.get(host['kind'])


def scan(binary, out, *args, expect=0):
    command = [binary, 'scan', '-i', 'lab', '--no-huge', '-q', '-o', out,
               '-p', ','.join(map(str, PORTS)), '-c', '4', '--greeting-timeout', '3',
               '--reply-timeout', '5', '--handshake-timeout', '10', *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    ok(done.returncode == expect, f"scan {' '.join(args)}: the exit code is {expect}", done.returncode)
    if done.returncode != expect:
        print('# ' + done.stderr.replace('\n', '\n# '))
    return done


def records(folder):
    with open(os.path.join(folder, 'results.jsonl')) as f:
        return [json.loads(line) for line in f]


def facts(record):
    (name, data), = record['data'].items()
    return name, data, data.get('result', {})


def find_key(tree, key):
    if isinstance(tree, dict):
        if key in tree:
            return tree[key]
        for value in tree.values():
            found = find_key(value, key)
            if found is not None:
                return found
    return None


def compare(rows, want, label):
    """Every open, closed and unreachable pair exactly once, each with the status its kind calls for."""
    seen, wrong, twice = {}, [], 0
    for record in rows:
        key = (record['ip'], record['port'])
        twice += key in seen
        seen[key] = record
    for key, host in want.items():
        record = seen.get(key)
        if host['kind'] == 'silent':
            if record is not None:
                wrong.append((key, host['kind'], 'a record'))
            continue
        if record is None:
            wrong.append((key, host['kind'], 'no record'))
            continue
        status = facts(record)[1]['status']
        expected = EXPECTED.get(host['kind'], {}).get(side(key[1]), {'connection-refused'})
        if status not in expected:
            wrong.append((key, host['kind'], status))
    for item in wrong[:10]:
        print('# wrong:', item)
    ok(twice == 0, f'{label}: no target is reported twice')
    ok(not wrong, f'{label}: every target is reported as what the lab has there', len(wrong))
    ok(not set(seen) - set(want), f'{label}: only targets that were asked for are reported')


def compare_classes(rows, want, label):
    """Every open pair has the class that its kind calls for, and the others have none."""
    wrong = []
    n = 0
    for record in rows:
        key = (record['ip'], record['port'])
        got, expected = facts(record)[2].get('responder'), responder(want[key], key[1])
        n += expected is not None
        if got != expected:
            wrong.append((key, want[key]['kind'], got, facts(record)[2]))
    for item in wrong[:10]:
        print('# wrong:', item)
    ok(n > 0 and not wrong, f'{label}: every open target has the class of its kind', (n, len(wrong)))


def compare_tls(rows, want):
    """Version and certificate of every success are those the lab gave."""
    n, bad_version, bad_leaf, bad_chain = 0, 0, 0, 0
    for record in rows:
        host = want[(record['ip'], record['port'])]
        _, data, result = facts(record)
        if data['status'] != 'success':
            continue
        n += 1
        hello = find_key(result, 'server_hello')
        version = find_key(hello, 'selected_version') or hello['version']
        bad_version += version['name'] != ('TLSv1.3' if host['tls13'] else 'TLSv1.2')
        leaf = find_key(result, 'certificate')
        bad_leaf += leaf['parsed']['fingerprint_sha256'] != host['leaf']
        bad_chain += leaf['parsed']['subject_key_info']['key_algorithm']['name'] != \
            ('RSA' if host['rsa'] else 'ECDSA')
    ok(n > 0 and bad_version == 0, 'the version of every handshake is the one that the host speaks')
    ok(bad_leaf == 0, 'the certificate of every handshake is the one that the host has')
    ok(bad_chain == 0, 'the key of every handshake is of the kind that the host has')


def compare_starttls(rows, want):
    n, wrong = 0, 0
    for record in rows:
        host = want[(record['ip'], record['port'])]
        _, data, result = facts(record)
        if data['status'] != 'success' or record['port'] in IMPLICIT:
            continue
        n += 1
        wrong += result['starttls_supported'] != host['advertises']
    ok(n > 0 and wrong == 0, 'STARTTLS is recorded as advertised on those hosts that advertise it', (n, wrong))
    picky = [facts(r)[2] for r in rows if want[(r['ip'], r['port'])]['picky'] and
             facts(r)[1]['status'] == 'success' and r['port'] in (5222, 5269)]
    ok(picky and all(r.get('retried_as') for r in picky),
       'every XMPP host that knows only its own name is asked by it', len(picky))


def validate(script, schemas, folder):
    for name, schema, whole in (('results.jsonl', 'record', []), ('summary.json', 'summary', ['--whole'])):
        done = subprocess.run([sys.executable, script, *whole, f'{schemas}/{schema}.schema.json',
                               os.path.join(folder, name)], capture_output=True, text=True)
        if not ok(done.returncode == 0, f'{name} of a scan of the lab fits its schema'):
            print('# ' + (done.stdout + done.stderr)[-2000:].replace('\n', '\n# '))


def summary_of(folder):
    with open(os.path.join(folder, 'summary.json')) as f:
        return json.load(f)


def test_decoys(binary, folder, want, prefix):
    """Hosts that take connections on every port are told from hosts with services by two more ports. A record waits
    for its decoys until two seconds after its connection was opened: so few targets and so high a rate that this is
    time enough on a busy machine."""
    out = os.path.join(folder, 'decoys')
    scan(binary, out, prefix, '-r', '20K', '--decoy-ports', '2')
    wrong, n_noise, asked = [], 0, {}
    for record in records(out):
        host, result = want[(record['ip'], record['port'])], facts(record)[2]
        decoys = result.get('decoys', {'sent': 0, 'answered': 0})
        noise = host['kind'] not in ('service', 'no-tls')
        n_noise += noise
        asked.setdefault(record['ip'], set()).add(decoys['sent'])
        expected = responder(host, record['port'])
        if noise and expected != 'wrong-protocol':
            expected = 'answers-everywhere'
        if decoys['answered'] != (decoys['sent'] if noise else 0) or result['responder'] != expected:
            wrong.append((record['ip'], record['port'], host['kind'], result))
    for item in wrong[:10]:
        print('# wrong:', item)
    ok(n_noise > 0 and not wrong, "decoys: every target of noise answers on decoy ports as well, and no service does",
       (n_noise, len(wrong)))
    # Two draws of 28,233 ports may be the same, or a port that is scanned.
    ok(all(sent in ({2}, {1}) for sent in asked.values()),
       'decoys: every responder is asked, and all its ports have the same number')
    counters = summary_of(out)['counters']['dataplane']
    ok(counters['decoys_sent'] == sum(map(sum, asked.values())),
       "decoys: each host is asked once, however many ports it has open", (counters["decoys_sent"], len(asked)))
    classes = summary_of(out)['responders']
    ok(sum(classes.values()) == len(records(out)), 'decoys: the summary counts every record by its class', classes)
    out = os.path.join(folder, 'sampled')
    scan(binary, out, prefix, '-r', '20K', '--decoy-ports', '1', '--decoy-sample', '3')
    asked = {}
    for record in records(out):
        asked.setdefault(record['ip'], set()).add('decoys' in facts(record)[2])
    n_asked = sum(True in said for said in asked.values())
    ok(all(len(said) == 1 for said in asked.values()) and 0 < n_asked < len(asked),
       '--decoy-sample: a sample of the responders is asked, and the others never', (n_asked, len(asked)))


def test_interrupt(binary, folder):
    """Ctrl-C once: probing stops, connections end, files are whole."""
    out = os.path.join(folder, 'interrupted')
    process = subprocess.Popen([binary, 'scan', '-i', 'lab', '--no-huge', '-q', '-o', out, '-r', '200', '-c', '1',
                                '-p', 'smtp,https', '--greeting-timeout', '2', '--handshake-timeout', '3',
                                '198.18.0.0/20'], stderr=subprocess.PIPE)
    path = os.path.join(out, 'results.jsonl')
    wait_until(lambda: os.path.exists(path) and os.path.getsize(path) > 0)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    ok(process.returncode == 3, 'a scan stopped by Ctrl-C ends with exit code 3', process.returncode)
    summary = summary_of(out)
    ok(summary['exit_reason'] == 'interrupted', 'a scan stopped by Ctrl-C: the summary gives the reason interrupted')
    ok(len(records(out)) == summary['records']['total'] > 0,
       'a scan stopped by Ctrl-C: its lines are whole, and the summary has their number')
    ok(summary['counters']['dataplane']['conns_opened'] == summary['counters']['dataplane']['conns_closed'],
       'a scan stopped by Ctrl-C: every connection that it has opened is closed')


def main():
    binary, truth_binary, schemas, script = sys.argv[1:5]
    quick = '--quick' in sys.argv
    count = 64 if quick else 256
    want = truth(truth_binary, '198.18.0.0', count)
    prefix = f'198.18.0.0/{26 if quick else 24}'
    # Under a sanitizer a handshake costs tens of milliseconds: no more at once than fit into their time-outs.
    rate = '400' if quick else '2000'
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, 'plain')
        scan(binary, plain, prefix, '-r', rate, '-e', '7', '--output', 'open,closed,unreachable')
        rows = records(plain)
        compare(rows, want, 'one poll core')
        compare_classes(rows, want, 'one poll core')
        compare_tls(rows, want)
        compare_starttls(rows, want)
        validate(script, schemas, plain)
        spread = os.path.join(folder, 'spread')
        cpus = sorted(os.sched_getaffinity(0))
        a, b = cpus[0], cpus[-1]
        scan(binary, spread, prefix, '-r', rate, '-P', '3', '--probe-gap', '500ms', '--output',
             'open,closed,unreachable', '--lcores', f'main@{a},poll@{a},poll@{b},tls@{a},tls@{b},lab@{b}')
        compare(records(spread), want, 'two poll cores, two TLS cores, three probes')
        compare_classes(records(spread), want, 'two poll cores, two TLS cores, three probes')
        counters = summary_of(spread)['counters']['dataplane']
        ok(counters['rx_stray'] > 0 and counters['rx_stray_lost'] == 0,
           'two poll cores: answers that come to the wrong core are handed over, and none is lost', counters)
        tight = os.path.join(folder, 'tight')
        few = 16 if quick else 32
        scan(binary, tight, f'198.18.0.0/{28 if quick else 27}', '-r', '4000', '--max-connections', '64',
             '--max-sessions', '4', '--output', 'open,closed,unreachable')
        compare(records(tight), truth(truth_binary, '198.18.0.0', few),
                '64 connections and 4 sessions')
        test_decoys(binary, folder, want, f'198.18.0.0/{27 if quick else 26}')
        test_interrupt(binary, folder)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
