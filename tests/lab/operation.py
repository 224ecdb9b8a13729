#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a scan tells of itself, and what ends it: files, telemetry, guards; nothing of it depends on -q.

usage: operation.py TLSWEEP
"""
import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'net'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'unit', 'json'))
from tap import Tap  # noqa: E402
import validate  # noqa: E402

DONE, INTERRUPTED, OUTPUT, GUARD = 0, 3, 4, 6
SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'schema', 'summary.schema.json')
# One address in 100 answers, and hangs up at once.
LAB = ['-i', 'lab:population=sparse', '--no-huge', '-p', 'https', '-c', '1']
FULL_SPEED = [*LAB, '-r', '0', '-q', '-e', '5']


def command(program, folder, *words):
    return [program, 'scan', *words, '-o', folder]


def run(program, folder, *words):
    return subprocess.run(command(program, folder, *words), capture_output=True, text=True, timeout=300)


def summary_of(folder):
    with open(os.path.join(folder, 'summary.json')) as file:
        return json.load(file)


def rows_of(folder):
    with open(os.path.join(folder, 'status.csv'), newline='') as file:
        return list(csv.reader(file))


def pairs_of(folder):
    with open(os.path.join(folder, 'results.jsonl')) as file:
        return sorted((r['ip'], r['port']) for r in map(json.loads, file))


def runtime_dirs(pid):
    """Where DPDK keeps the folder of a process, by who runs it (docs/output.md)."""
    uid = os.getuid()
    bases = ['/var/run'] if uid == 0 else [os.environ.get('XDG_RUNTIME_DIR', '/tmp'), f'/tmp/tlsweep-{uid}']
    bases.insert(0, os.environ.get('RUNTIME_DIRECTORY', bases[0]))
    return [f'{base}/dpdk/tlsweep-{pid}' for base in bases]


def connect(pid, deadline):
    while time.monotonic() < deadline:
        for folder in runtime_dirs(pid):
            link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                link.connect(folder + '/dpdk_telemetry.v2')
                link.recv(4096)  # its greeting
                return link, folder
            except OSError:
                link.close()
        time.sleep(0.05)
    return None, None


def ask(link, what):
    link.send(what.encode())
    return json.loads(link.recv(1 << 20).decode())[what.split(',')[0]]


def check_files(t, program, folder):
    out = os.path.join(folder, 'full')
    words = [*FULL_SPEED, '198.18.0.0/20', '--exclude', '198.18.3.0/24']
    done = run(program, out, *words)
    if not t.ok(done.returncode == DONE, 'a scan at full speed', done.stderr):
        return
    found = summary_of(out)
    rows = rows_of(out)
    header, last = rows[0], dict(zip(rows[0], rows[-1]))
    t.ok(len(rows) > 2 and all(len(row) == len(header) and '' not in row for row in rows),
         'status.csv: as many columns in each row as in the header', rows[:3])
    counters = found['counters']['dataplane']
    t.eq(int(last['sent']), counters['probes_sent'], 'status.csv: the last row has all that was sent')
    t.eq(float(last['percent']), 100.0, 'status.csv: and says that all is done')
    t.eq(int(last['records']), found['records']['total'], 'status.csv: with every record')
    # zmap's -r 0 is a slow rate, and masscan's is none at all.
    t.ok('rate' not in [row[header.index('waits_for')] for row in rows[1:]] and
         found['rates']['asked_pps'] == 0, '--rate 0: nothing ever waits for the rate')
    t.eq(found['arguments'], ['scan', *words, '-o', out], 'summary: the arguments as they were typed')
    t.eq(found['parameters']['target'], ['198.18.0.0/20'], 'summary: the parameters, lists as lists')
    t.eq(found['parameters']['probes'], '1', 'summary: defaults too')
    t.eq(found['part'], {'shard': 1, 'shards': 1, 'first_index': 0, 'indices': 4096 - 256},
         'summary: all of the targets but the excluded')
    check_cores(t, found)
    with open(os.path.join(out, 'metrics.prom')) as file:
        metrics = dict(line.rsplit(' ', 1) for line in file.read().splitlines() if line[0] != '#')
    t.eq([name for name, n in counters.items() if int(metrics[f'tlsweep_{name}_total']) != n], [],
         'metrics.prom: every counter is at the value of the summary')


def check_cores(t, found):
    sums = {}
    for core in found['cores']:
        for name, n in core['counters'].items():
            sums[name] = sums.get(name, 0) + n
    t.eq(sums, {name: n for name, n in found['counters']['dataplane'].items() if n},
         'summary: the lcores together counted what is counted in all')
    t.ok({core['role'] for core in found['cores']} == {'poll', 'tls'} and
         all(core['loop_p999_us'] <= core['loop_max_us'] for core in found['cores']),
         'summary: each lcore has its role and its loop times', found['cores'])


def check_quiet(t, program, folder):
    """-q takes the status line away, and nothing else."""
    found = {}
    for name, more in (('quiet', ['-q']), ('loud', [])):
        out = os.path.join(folder, name)
        done = run(program, out, *LAB, '-r', '0', '-e', '9', *more, '198.18.0.0/22')
        lines = re.findall(r'^\d+:\d+ .*waits for', done.stderr, re.M)
        t.eq((done.returncode, bool(lines)), (DONE, name == 'loud'), f'{name}: status line or none', done.stderr)
        found[name] = pairs_of(out), sorted(os.listdir(out)), rows_of(out)[0]
    t.eq(found['quiet'], found['loud'], 'quiet or loud: the same results, files and columns')


def check_guards(t, program, folder):
    slow = [*LAB, '-q', '-r', '500', '198.18.0.0/16']
    for name, words, code in (('min-hitrate', ['--min-hitrate', '50%'], GUARD),
                              ('max-runtime', ['--max-runtime', '2s'], DONE),
                              ('max-results', ['--max-results', '3'], DONE)):
        out = os.path.join(folder, name)
        done = run(program, out, *slow, *words)
        t.eq(done.returncode, code, f'{name}: exit code, with -q', done.stderr)
        found = summary_of(out)
        t.eq(found['exit_reason'], name, f'{name}: the summary names it')
        t.ok(0 < found['num_targets_scanned'] < 65536, f'{name}: it ended the scan', found['num_targets_scanned'])
        # Without a cooldown it is not known what would have come.
        t.ok((found['estimates']['loss']['sampled'] == 0) == (name == 'max-results'),
             f'{name}: whether it speaks of loss', found['estimates']['loss'])
    t.ok(len(pairs_of(out)) >= 3, 'max-results: at least as many as asked for')
    out = os.path.join(folder, 'enough')
    done = run(program, out, *LAB, '-q', '-r', '500', '--min-hitrate', '0.1%', '-n', '10000', '198.18.0.0/16')
    t.eq((done.returncode, summary_of(out)['exit_reason']), (DONE, 'done'), 'a share that is reached ends nothing')


def check_estimates(t, name, found):
    """On a wire that loses nothing nothing is said to be lost, and there are no more hits than targets."""
    rates, counters = found['estimates'], found['counters']['dataplane']
    for which in ('missed', 'single_probe'):
        t.ok(rates['loss'][which]['low'] == 0, f'{name}: no loss, by "{which}"', rates['loss'])
    n_probed = counters['targets_started'] + counters['targets_again']
    n_open = sum(found['responders'].values())
    t.ok(n_open <= counters['synack_valid'] <= n_probed == rates['hit_rate']['of'] and found['records']['total'] > 0,
         f'{name}: {counters["synack_valid"]} of {n_probed} targets are hits', rates['hit_rate'])


def wait_for(condition, process):
    while process.poll() is None and not condition():
        time.sleep(0.02)


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
    for name, words, code in (('runtime', ['-t', '3s'], DONE), ('ctrl-c', [], INTERRUPTED)):
        out = os.path.join(folder, name)
        running = subprocess.Popen(command(program, out, *ANSWERING, *words), stderr=subprocess.PIPE, text=True)
        if name == 'ctrl-c':
            wait_for(lambda: metric_of(out, 'sample_second') >= 100, running)
            running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=120)[1]
        t.eq(running.returncode, code, f'{name}: exit code', said)
        found = summary_of(out)
        check_estimates(t, name, found)
        t.ok(found['estimates']['loss']['missed']['of'] > 0, f'{name}: from a sample', found['estimates']['loss'])
        t.eq(found['records']['total'], found['num_targets_scanned'], f'{name}: every host that was asked has its line')


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
    for name, rate, n in (('middle', '300', 2048), ('end', '20K', 1024)):
        out = os.path.join(folder, name)
        running = subprocess.Popen(command(program, out, *words, '-r', rate, '-n', str(n), '198.18.0.0/21'),
                                   stderr=subprocess.PIPE, text=True)
        wait_for(lambda: position(out)[0] > (n - 1 if name == 'end' else 0) and position(out)[1] > 0, running)
        running.kill()
        running.communicate()
        done = subprocess.run([program, 'scan', '--resume', '-o', out, '-r', '20K'], capture_output=True, text=True,
                              timeout=120)
        t.eq(done.returncode, DONE, f'killed, {name}: resumed', done.stderr)
        found = summary_of(out)
        t.ok(found['counters']['dataplane']['targets_again'] == found['resume']['again'] > 0,
             f'killed, {name}: what was under way was asked again', found['resume'])
        check_estimates(t, f'killed, {name}', found)
        wrong = validate.faults(os.path.join(out, 'summary.json'), validate.load_validator(SCHEMA), True)
        t.ok(not wrong, f'killed, {name}: the summary fits its schema', wrong)
        t.ok(all(share['share'] is None or 0 <= share['share'] <= 1 for share in found['estimates'].values()
                 if isinstance(share, dict) and 'share' in share), f'killed, {name}: shares are shares')
        pairs = pairs_of(out)
        t.eq(len(pairs), len(set(pairs)), f'killed, {name}: no pair has two lines')


def check_rate(t, program, folder):
    """Decoys are SYNs within the rate. Sent from the receive path, they made 2,500 frames a second of 1,000."""
    out, rate = os.path.join(folder, 'decoys'), 1000
    done = run(program, out, '-i', 'lab:population=answering,rtt=200ms', '--no-huge', '-p', '443:tls', '-c', '1',
               '-r', str(rate), '--decoy-ports', '8', '-t', '3', '198.18.0.0/17')
    t.eq(done.returncode, DONE, 'rate: a scan with decoys', done.stderr)
    found, rows = summary_of(out), rows_of(out)
    counters, last = found['counters']['dataplane'], dict(zip(rows[0], rows[-1]))
    # Replies of connections go first and may leave a debt, of one second's worth.
    most = rate * (float(last['elapsed_s']) + 1) + 32
    t.ok(counters['tx_frames'] <= most, 'rate: decoys and all, no more frames than it allows',
         (counters['tx_frames'], most))
    fastest = max(float(row[rows[0].index('frames_pps')]) for row in rows[1:])
    t.ok(fastest <= 2 * rate, 'rate: nor in any one second', fastest)
    t.ok(0 < counters['decoys_sent'] and int(last['sent']) == counters['probes_sent'] >=
         counters['targets_started'] + counters['decoys_sent'], 'rate: decoys are among the SYNs sent', last)


def check_floor(t, program, folder):
    """Each address has one canary, whatever the number of ports. Sampled by pair and answered by address, the
    floor of 200 ports was a 200th of that of one."""
    floors = {}
    for n_ports in (1, 200):
        out = os.path.join(folder, f'floor-{n_ports}')
        ports = ','.join(f'{20000 + i}:tls' for i in range(n_ports))
        done = run(program, out, '-i', 'lab', '--no-huge', '-q', '-p', ports, '-r', '20K', '-c', '1',
                   '--probe-gap', '100ms', '--canary-sample', '1', '--handshake-timeout', '500ms', '198.18.0.0/24')
        t.eq(done.returncode, DONE, f'floor: a scan of {n_ports} ports', done.stderr)
        floor = summary_of(out)['estimates']['background']
        floors[n_ports] = floor['count'], floor['of']
    t.ok(floors[1][0] > 0 and floors[1][1] == 256, 'floor: one canary for each address', floors)
    t.eq(floors[200], floors[1], 'floor: 200 ports have the floor of one')


def check_stopping(t, program, folder):
    """A scan that is interrupted waits for its connections alone, some seconds here, and says so: it went on
    waiting for the rate, with more and more time left."""
    out = os.path.join(folder, 'stopping')
    running = subprocess.Popen(command(program, out, '-i', 'lab', '--no-huge', '-p', 'https', '-r', '500',
                                       '-c', '0', '--handshake-timeout', '4s', '198.18.0.0/16'), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(sent_rows(out)) < 2:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    t.eq(running.returncode, INTERRUPTED, 'stopping: exit code', said)
    states = [row[rows_of(out)[0].index('waits_for')] for row in rows_of(out)[1:]]
    t.eq(states[-1], 'stopping', 'stopping: the last row says so')
    t.ok(states.count('stopping') > 2 and 'stopping' not in states[:2], 'stopping: as long as it takes', states)
    lines = [line for line in said.splitlines() if '; stopping' in line]
    t.ok(len(lines) > 1 and not any('left' in line for line in lines), 'stopping: no time is left to tell', said)


def sent_rows(folder):
    """Rows of status.csv that have come so far."""
    return rows_of(folder)[1:] if os.path.exists(os.path.join(folder, 'status.csv')) else []


def check_telemetry(t, program, folder):
    """Asked while it runs; then interrupted, which ends it with a whole account."""
    out = os.path.join(folder, 'asked')
    running = subprocess.Popen(command(program, out, *LAB, '-q', '-r', '200', '198.18.0.0/16'),
                               stderr=subprocess.PIPE, text=True)
    link, place = connect(running.pid, time.monotonic() + 60)
    if t.ok(link is not None, 'telemetry: the socket of the process answers'):
        deadline = time.monotonic() + 60
        counters = ask(link, '/tlsweep/counters')
        while not (counters and counters['probes_sent'] > 0) and time.monotonic() < deadline:
            time.sleep(0.1)
            counters = ask(link, '/tlsweep/counters')
        later = ask(link, '/tlsweep/counters')
        t.ok(all(later[name] >= n for name, n in counters.items()), 'telemetry: counters only grow')
        info, levels = ask(link, '/tlsweep/info'), ask(link, '/tlsweep/levels')
        t.ok(info['pid'] == running.pid and info['n_indices'] == 65536, 'telemetry: /tlsweep/info', info)
        t.ok(0 < levels['loop_p999_us'] <= levels['loop_max_us'], 'telemetry: /tlsweep/levels', levels)
        cores = ask(link, '/tlsweep/cores')
        t.eq({core['role'] for core in cores.values()}, {'poll', 'tls'}, 'telemetry: /tlsweep/cores')
        one = ask(link, f"/tlsweep/cores,{next(iter(cores.values()))['lcore']}")
        t.ok(set(counters) <= set(one), 'telemetry: one lcore has all counters')
        t.eq(ask(link, '/tlsweep/cores,999'), None, 'telemetry: an lcore that is not there')
        drops = ask(link, '/tlsweep/drops')
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=120)[1]
    t.eq(running.returncode, INTERRUPTED, 'interrupted: exit code', said)
    found = summary_of(out)
    t.eq(found['exit_reason'], 'interrupted', 'interrupted: the summary is written and says so')
    t.eq(int(rows_of(out)[-1][rows_of(out)[0].index('sent')]), found['counters']['dataplane']['probes_sent'],
         'interrupted: status.csv has a last row')
    if link is not None:
        t.eq((set(counters), set(drops)), (set(found['counters']['dataplane']), set(found['counters']['drops'])),
             'telemetry: the names are those of the summary')
        t.ok(not os.path.exists(place), 'telemetry: nothing is left behind')


def check_places(t, program, path):
    """Values of a file that only set-up can judge are named with their place in it."""
    for code, line in ((2, 'lcores = poll@9999'), (1, 'interface = nosuch0')):
        with open(path, 'w') as file:
            file.write(f'# wrong\n\n{line}\n')
        words = ['--config', path, '-p', 'https', '-S', '192.0.2.1/24', '--no-huge', '--no-default-exclude']
        words += [] if 'interface' in line else ['-i', 'lab']
        done = subprocess.run([program, 'scan', *words, '192.0.2.9'], capture_output=True, text=True)
        t.eq(done.returncode, code, f'{line}: exit code', done.stderr)
        t.has(done.stderr, f"{path}:3:{line.index('=') + 3}: ", f'{line}: its place')


def check_config(t, program, folder):
    words = ['scan', *LAB, '-r', '1.5K', '-b', '/dev/null', '--user-agent', 'a "b" # c', '198.18.0.0/22']
    first = subprocess.run([program, *words, '--print-config'], capture_output=True, text=True)
    path = os.path.join(folder, 'printed.conf')
    with open(path, 'w') as file:
        file.write(first.stdout)
    second = subprocess.run([program, 'scan', '--config', path, '--print-config'], capture_output=True, text=True)
    t.eq((first.returncode, second.stdout), (DONE, first.stdout), '--print-config: printed, read, printed: the same')
    check_places(t, program, os.path.join(folder, 'wrong.conf'))
    out = os.path.join(folder, 'configured')
    done = run(program, out, '--config', path, '-r', '0', '-q')
    t.eq(done.returncode, DONE, '--config: a scan by a file', done.stderr)
    found = summary_of(out)
    t.eq((found['num_targets'], found['parameters']['rate'], found['parameters']['user-agent']),
         (1024, '0', 'a "b" # c'), '--config: the command line wins over the file')
    with open(os.path.join(out, 'scan.conf')) as file:
        t.has(file.read(), f"\nseed = {found['seed']}\n", 'scan.conf: the seed that was drawn')


def check_lost_output(t, program):
    """What is printed to a full device is lost, and was reported as a success: each command that prints says so."""
    target = ['-p', 'https', '192.0.2.1']
    for words in (['--help'], ['help'], ['--version'], ['version'], ['scan', '--help'], ['scan', '--version'],
                  ['scan', '--print-config', '-i', 'lab', *target], ['targets', '--help'],
                  ['targets', '--count', '-q', '--no-default-exclude', *target],
                  ['targets', '-q', '--no-default-exclude', *target], ['doctor', '--help'],
                  ['doctor', '--no-huge', '-i', 'null'], ['control', '--help']):
        label = f'a full device: `{" ".join(words)}`'
        with open('/dev/full', 'w') as full:
            ended = subprocess.run([program, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        t.eq(ended.returncode, OUTPUT, f'{label} fails', ended.stderr)
        t.has(ended.stderr, 'standard output: No space left', f'{label} says why')
    ended = subprocess.run(['sh', '-c', f'{program} scan -q -i null --print-config {" ".join(target)} >&-'],
                           capture_output=True, text=True, timeout=60)
    t.eq(ended.returncode, OUTPUT, 'no standard output at all: what had to be printed is lost', ended.stderr)


def main():
    t = Tap()
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_files(t, program, folder)
        check_quiet(t, program, folder)
        check_guards(t, program, folder)
        check_early_end(t, program, folder)
        check_resumed(t, program, folder)
        check_rate(t, program, folder)
        check_floor(t, program, folder)
        check_stopping(t, program, folder)
        check_telemetry(t, program, folder)
        check_config(t, program, folder)
        check_lost_output(t, program)
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
