# SPDX-License-Identifier: BSD-3-Clause
"""What a completed handshake costs the client: tlsweep, s_time and s_client against one nginx."""

import functools

import farm
import measure
from measure import Row

N_HOSTS = 4096
# The cooldown, and its last part in which all is done.
COOLDOWN_S, IDLE_S = 3, 2.5
S_TIME_S = 2
S_CLIENT_RUNS = 20
S_CLIENT = ("i=0; while [ $i -lt {runs} ]; do openssl s_client -connect {host}:{port} -no-CAfile "
            "-no-CApath -no-CAstore </dev/null >/dev/null 2>&1 || exit 1; i=$((i+1)); done")


def rows():
    for _, _, name in farm.NGINX.values():
        yield Row(name, "us", goal="<= 200")
        yield Row(f"{name}, of it TLS thread", "us")
        yield Row(f"{name}, with idle turns", "us")
        yield Row(f"{name}, whole process", "us")
        yield Row(f"{name}: s_time -new", "us", ours=name)
        yield Row(f"{name}: s_client", "us", ours=name)


ROWS = list(rows())


class Part:
    """Per round: each version and kind of key with tlsweep and both peers."""

    def __init__(self, bench):
        measure.need_root()
        for program in ("nginx", "openssl"):
            measure.need_program(program)
        self.bench = bench
        self.farm = farm.Farm()
        self.farm.__enter__()
        self.subjects = []
        for port, (_, _, name) in farm.NGINX.items():
            for subject in (self.tlsweep, self.s_time, self.s_client):
                self.subjects.append(functools.partial(subject, port, name))

    def close(self):
        self.farm.close()

    def scan(self, *words):
        return measure.Scan(self.bench, [
            *self.farm.scan_words(), "-q", "--max-connections", "8192", "--max-sessions", "256",
            "--handshake-timeout", "60s", *words], self.farm.scanner)

    def tlsweep(self, port, name):
        scan = self.scan("-r", "20K", "-p", f"{port}:tls", "-c", f"{COOLDOWN_S}s", farm.NGINX_HOSTS)
        done = scan.summary["records"]["tls_completed"]
        if done < N_HOSTS * 99 // 100:
            raise measure.Failed(f"{name}: {done} of {N_HOSTS} handshakes were completed")
        busy = {role: scan.busy(role, IDLE_S) for role in scan.used}
        # It counts itself. Its naps grow with the time that it is idle: those of the end are not
        # those from between its sessions.
        tls_s = scan.counter("crypto_us") / 1e6
        seconds = {
            name: busy["poll"][0] + tls_s + busy["writer"][0],
            f"{name}, with idle turns": sum(all_s for _, all_s in busy.values()),
            f"{name}, of it TLS thread": tls_s,
            f"{name}, whole process": scan.cpu_s,
        }
        return {key: value / done * 1e6 for key, value in seconds.items()}

    def s_time(self, port, name):
        run = measure.Run(self.farm.scanner.words(
            "openssl", "s_time", "-connect", f"{farm.NGINX_HOST}:{port}", "-new", "-time",
            str(S_TIME_S))).check()
        done = int(measure.find(r"(\d+) connections in", run.stdout)[1])
        return {f"{name}: s_time -new": run.cpu_s / done * 1e6}

    def s_client(self, port, name):
        run = measure.Run(self.farm.scanner.words("sh", "-c", S_CLIENT.format(
            runs=S_CLIENT_RUNS, host=farm.NGINX_HOST, port=port))).check()
        return {f"{name}: s_client": run.cpu_s / S_CLIENT_RUNS * 1e6}
