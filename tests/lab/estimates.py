#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a scan says of losses, hits, background and rate, when it comes to its end and when it does not.

usage: estimates.py TLSWEEP
"""
import os
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'unit', 'json'))
from net import wait_until  # noqa: E402
from run import DONE, INTERRUPTED, command, pairs_of, rows_of, run, sent_rows, summary_of  # noqa: E402
from tap import Tap  # noqa: E402
import validate  # noqa: E402

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'schema', 'summary.schema.json')


def check_estimates(t, name, found):
    """On a wire that loses nothing nothing is said to be lost, and there are no more hits than targets."""
    rates, counters = found['estimates'], found['counters']['dataplane']
    for which in ('missed', 'single_probe'):
        t.ok(rates['loss'][which]['low'] == 0, f'{name}: on a wire without loss the estimate "{which}" may be zero',
             rates['loss'])
    n_probed = counters['targets_started'] + counters['targets_again']
    n_open = sum(found['responders'].values())
    t.ok(n_open <= counters['synack_valid'] <= n_probed == rates['hit_rate']['of'] and found['records']['total'] > 0,
         f'{name}: there are no more hits than targets probed, and no more open records than hits', rates['hit_rate'])


def wait_for(condition, process):
    wait_until(lambda: process.poll() is not None or condition())


def metric_of(folder, name):
    try:
        with open(os.path.join(folder, 'metrics.prom')) as file:
            return int(re.search(rf'^tlsweep_{name}_total (\d+)$', file.read(), re.M)[1])
    except FileNotFoundError:
        return 0


# Every host answers and hangs up at once, a tenth of a second away.
ANSWERING = ['-i', 'lab:population=answering,rtt=100ms', '--no-huge', '-q', '-p', '443:tls', '-c', '1',
             '-r', '4000', '--loss-sample', '2', '198.18.0.0/16']


def check_early_end(t, program, folder):
    """What was out when probing stopped is waited for, and nothing of it is taken for lost: answers under way were
    once thrown away, and every target whose second probe had not left was a loss, 65 % in all."""
    for name, words, code in (('ended by -t', ['-t', '3s'], DONE), ('ended by Ctrl-C', [], INTERRUPTED)):
        out = os.path.join(folder, name)
        running = subprocess.Popen(command(program, out, *ANSWERING, *words), stderr=subprocess.PIPE, text=True)
        if code == INTERRUPTED:
            wait_for(lambda: metric_of(out, 'sample_second') >= 100, running)
            running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=120)[1]
        t.eq(running.returncode, code, f'{name}: the exit code is {code}', said)
        found = summary_of(out)
        check_estimates(t, name, found)
        t.ok(found['estimates']['loss']['missed']['of'] > 0, f'{name}: the estimate of the loss has a sample',
             found['estimates']['loss'])
        t.eq(found['records']['total'], found['num_targets_scanned'],
             f'{name}: every host that was probed has its line')


def position(folder):
    """Where the checkpoint would go on, and how many pairs are open work below that."""
    try:
        with open(os.path.join(folder, 'checkpoint')) as file:
            text = file.read()
    except FileNotFoundError:
        return 0, 0
    return int(re.search(r'^next_index = (\d+)$', text, re.M)[1]), len(re.findall('^open = ', text, re.M))


def check_resumed(t, program, folder):
    """Killed in the middle, and killed with nothing left but connections: the summary of the run that goes on speaks
    of what that run has asked. It once had 130 of 0 targets answer, and lost each second probe."""
    words = ['-i', 'lab', '--no-huge', '-q', '-p', 'smtp', '-c', '1', '--checkpoint-interval', '1',
             '--greeting-timeout', '4', '--reply-timeout', '2', '--handshake-timeout', '4', '--loss-sample', '2']
    for name, when, rate, n in (('middle', 'while it probes', '300', 2048),
                                ('end', 'when all is probed', '20K', 1024)):
        out = os.path.join(folder, name)
        running = subprocess.Popen(command(program, out, *words, '-r', rate, '-n', str(n), '198.18.0.0/21'),
                                   stderr=subprocess.PIPE, text=True)
        wait_for(lambda: position(out)[0] > (n - 1 if name == 'end' else 0) and position(out)[1] > 0, running)
        running.kill()
        running.communicate()
        done = subprocess.run([program, 'scan', '--resume', '-o', out, '-r', '20K'], capture_output=True, text=True,
                              timeout=120)
        t.eq(done.returncode, DONE, f'killed {when}: the resumed scan is done', done.stderr)
        found = summary_of(out)
        t.ok(found['counters']['dataplane']['targets_again'] == found['resume']['again'] > 0,
             f'killed {when}: open work is asked again, and the summary counts it', found['resume'])
        check_estimates(t, f'killed {when}', found)
        wrong = validate.faults(os.path.join(out, 'summary.json'), validate.load_validator(SCHEMA), True)
        t.ok(not wrong, f'killed {when}: the summary of the resumed scan fits its schema', wrong)
        t.ok(all(share['share'] is None or 0 <= share['share'] <= 1 for share in found['estimates'].values()
                 if isinstance(share, dict) and 'share' in share),
                 f'killed {when}: every share in the summary is from 0 to 1')
        pairs = pairs_of(out)
        t.eq(len(pairs), len(set(pairs)), f'killed {when}: no target has two lines')


def check_rate(t, program, folder):
    """Decoys are SYNs within the rate. Sent from the receive path, they made 2,500 frames a second of 1,000."""
    out, rate = os.path.join(folder, 'decoys'), 1000
    done = run(program, out, '-i', 'lab:population=answering,rtt=200ms', '--no-huge', '-p', '443:tls', '-c', '1',
               '-r', str(rate), '--decoy-ports', '8', '-t', '3', '198.18.0.0/17')
    t.eq(done.returncode, DONE, '--rate 1000 with decoys: the scan is done', done.stderr)
    found, rows = summary_of(out), rows_of(out)
    counters, last = found['counters']['dataplane'], dict(zip(rows[0], rows[-1]))
    # Replies of connections go first and may leave an overdraft, of one second's worth.
    most = rate * (float(last['elapsed_s']) + 1) + 32
    t.ok(counters['tx_frames'] <= most, '--rate 1000 with decoys: no more frames leave than the rate allows',
         (counters['tx_frames'], most))
    fastest = max(float(row[rows[0].index('frames_pps')]) for row in rows[1:])
    t.ok(fastest <= 2 * rate, '--rate 1000 with decoys: no second has more than twice the rate', fastest)
    t.ok(0 < counters['decoys_sent'] and int(last['sent']) == counters['probes_sent'] >=
         counters['targets_started'] + counters['decoys_sent'], '--rate 1000 with decoys: decoys are counted as SYNs',
         last)


def check_floor(t, program, folder):
    """Each address has one canary, whatever the number of ports. Sampled by pair and answered by address, the
    floor of 200 ports was a 200th of that of one."""
    floors = {}
    for n_ports in (1, 200):
        out = os.path.join(folder, f'floor-{n_ports}')
        ports = ','.join(f'{20000 + i}:tls' for i in range(n_ports))
        done = run(program, out, '-i', 'lab', '--no-huge', '-q', '-p', ports, '-r', '20K', '-c', '1',
                   '--probe-gap', '100ms', '--canary-sample', '1', '--handshake-timeout', '500ms', '198.18.0.0/24')
        t.eq(done.returncode, DONE, f'background of {n_ports} ports: the scan is done', done.stderr)
        floor = summary_of(out)['estimates']['background']
        floors[n_ports] = floor['count'], floor['of']
    t.ok(floors[1][0] > 0 and floors[1][1] == 256, 'background: each address has one canary', floors)
    t.eq(floors[200], floors[1], 'background: a scan of 200 ports has the background of a scan of one port')


def check_stopping(t, program, folder):
    """A scan that is interrupted waits for its connections alone, some seconds here, and says so: it went on
    waiting for the rate, with more and more time left."""
    out = os.path.join(folder, 'stopping')
    running = subprocess.Popen(command(program, out, '-i', 'lab', '--no-huge', '-p', 'https', '-r', '500',
                                       '-c', '0', '--handshake-timeout', '4s', '198.18.0.0/16'),
                                       stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(sent_rows(out)) >= 2)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    t.eq(running.returncode, INTERRUPTED, 'an interrupted scan: the exit code is that of an interrupt', said)
    states = [row[rows_of(out)[0].index('waits_for')] for row in rows_of(out)[1:]]
    t.eq(states[-1], 'stopping', 'an interrupted scan: the last row of status.csv says stopping')
    t.ok(states.count('stopping') > 2 and 'stopping' not in states[:2],
         'an interrupted scan: status.csv says stopping for as long as that takes, and not before', states)
    lines = [line for line in said.splitlines() if '; stopping' in line]
    t.ok(len(lines) > 1 and not any('left' in line for line in lines),
         'an interrupted scan: the status line gives no time that is left', said)


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        for check in (check_early_end, check_resumed, check_rate, check_floor, check_stopping):
            check(t, program, folder)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
