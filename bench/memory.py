# SPDX-License-Identifier: BSD-3-Clause
"""Memory: the plan; an idle connection and a TLS session by structure, by count, by residence."""

import functools

import farm
import measure
from measure import Row

N_IDLE = 20000
N_SESSIONS = 4096

STRUCTURES = "idle connection, its structures"
RESIDENT = "idle connection, resident"
WAITING = "TLS session that waits for a ServerHello"
# The memory plan beside what DPDK's heap has given out, for some settings.
PLANS = {
    "the defaults": [],
    "1,024 connections": ["--max-connections", "1024", "--max-sessions", "64"],
    "1 M connections": ["--max-connections", "1M"],
}
ROWS = [
    *(row for name in PLANS for row in (
        Row(f"plan, {name}", "MB"),
        Row(f"plan by what was used, {name}", "ratio", goal="0.9..1.1"),
    )),
    Row(STRUCTURES, "bytes", goal="<= 256"),
    Row(RESIDENT, "bytes", goal="<= 256"),
    Row(WAITING, "bytes"),
    *(Row(f"{name} session, largest peak", "bytes", goal="<= 20480")
      for _, _, name in farm.NGINX.values()),
]


def peak_heap_bytes(value):
    """The first peak_heap_bytes in a record, wherever its protocol puts the TLS part."""
    if isinstance(value, dict):
        if "peak_heap_bytes" in value:
            return value["peak_heap_bytes"]
        value = list(value.values())
    if isinstance(value, list):
        return next((found for found in map(peak_heap_bytes, value) if found is not None), None)
    return None


class Part:
    """Scans of hosts that accept and stay silent, and of nginx."""

    def __init__(self, bench):
        measure.need_root()
        measure.need_program("nginx")
        self.bench = bench
        self.farm = farm.Farm()
        self.farm.__enter__()
        self.subjects = [functools.partial(self.plan, name) for name in PLANS]
        self.subjects += [self.structures, self.resident, self.waiting, self.sessions]

    def close(self):
        self.farm.close()

    def plan(self, name):
        scan = measure.Scan(self.bench, [
            "-q", "-i", "null", "-r", "0", "-c", "0", "-G", "02:00:00:00:00:01", "-S", "192.0.2.1",
            "-p", "25", *PLANS[name], "198.18.0.0/24", "--no-default-exclude"], self.farm.scanner)
        planned = scan.summary["memory_plan_bytes"]["dpdk"]
        return {f"plan, {name}": planned / 2**20,
                f"plan by what was used, {name}":
                    planned / scan.summary["memory_used_bytes"]["dpdk"]}

    def structures(self):
        out = measure.Run([self.bench.program("bench/bench_rx")]).check().stdout
        return {STRUCTURES: int(measure.find(r"(\d+) B all told", out)[1])}

    def scan(self, *words):
        return measure.Scan(self.bench, [*self.farm.scan_words(), "-r", "10K", *words],
                            self.farm.scanner)

    def idle(self, port):
        """Highest resident memory, in bytes, at a status line, and connections open then."""
        scan = self.scan("-p", f"{port}:smtp", "-n", str(N_IDLE), "--greeting-timeout", "8s",
                         "-c", "3s", farm.SILENT_HOSTS)
        samples = [(int(measure.find(r"open (\d+)", line)[1]), kb * 1024)
                   for line, kb in scan.rss_kb if "open " in line]
        if not samples:
            raise measure.Failed("the scan printed no status line")
        return max(samples)

    def resident(self):
        """Against a scan of as many hosts that refuse: all but the connections is the same."""
        _, refused_bytes = self.idle(farm.CLOSED_PORT)
        self.farm.listen_silently()
        n_open, open_bytes = self.idle(farm.SILENT_PORT)
        self.farm.hang_up()
        if n_open < N_IDLE * 9 // 10:
            raise measure.Failed(f"{n_open} of {N_IDLE} connections were open at once")
        return {RESIDENT: (open_bytes - refused_bytes) / n_open}

    def waiting(self):
        self.farm.listen_silently()
        scan = self.scan("-p", f"{farm.SILENT_PORT}:tls", "-n", str(N_SESSIONS), "-q",
                         "--max-sessions", str(N_SESSIONS), "--handshake-timeout", "8s",
                         "-c", "2s", farm.SILENT_HOSTS)
        self.farm.hang_up()
        if scan.counter("tls_started") < N_SESSIONS:
            raise measure.Failed("not all sessions were started")
        return {WAITING: scan.counter("tls_heap_peak_bytes", "levels") / N_SESSIONS}

    def sessions(self):
        scan = self.scan("-p", ",".join(f"{port}:tls" for port in farm.NGINX), "-q", "-c", "2s",
                         "--max-sessions", "256", "--handshake-timeout", "60s", "198.18.16.0/25")
        found = {}
        for record in scan.records():
            key = f"{farm.NGINX[record['port']][2]} session, largest peak"
            found[key] = max(found.get(key, 0), peak_heap_bytes(record) or 0)
        return found
