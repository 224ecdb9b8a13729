# SPDX-License-Identifier: BSD-3-Clause
"""Sending: SYNs to all of IPv4 but the default exclusions, into a device that swallows them."""

import re
import subprocess

import measure
import net
from measure import Row

ROWS = [
    Row("tlsweep, net_null", "Mpps per CPU s", goal=">= 20"),
    Row("tlsweep, cycles a probe", "TSC cycles", goal="<= 125"),
    Row("zmap --dryrun", "Mpps per CPU s", ours="tlsweep, net_null"),
    Row("zmap 4 --fast-dryrun", "Mpps per CPU s", ours="tlsweep, net_null"),
    Row("masscan --offline", "Mpps per CPU s", ours="tlsweep, net_null"),
]
SECONDS = 3
ZMAP_PROBES = 1_000_000
ZMAP_FAST_PROBES = 10_000_000
# Of all IPv4 addresses, one in so many: masscan's own way to end early does not end.
MASSCAN_SHARDS = 512
SOURCE = "198.18.0.2"
SOURCE_MAC = "02:00:00:00:00:02"
GATEWAY_MAC = "02:00:00:00:00:01"
EXCLUDED = "/etc/zmap/blacklist.conf"


class Part:
    """All of it in a namespace with no way out."""

    def __init__(self, bench):
        measure.need_root()
        self.bench = bench
        self.space = net.Namespace()
        # The peers want an interface to read addresses from; nothing is sent on it.
        self.space.ip("link add peer0 type veth peer name peer1")
        self.space.ip(f"addr add {SOURCE}/24 dev peer0")
        self.space.ip("link set peer0 up")
        self.space.ip("link set peer1 up")
        self.subjects = [self.tlsweep, self.zmap, self.zmap_fast, self.masscan]

    def close(self):
        self.space.close()

    def tlsweep(self):
        """CPU seconds of the poll thread alone: start, stop and the writer are no probes."""
        scan = measure.Scan(self.bench, [
            "-q", "-i", "null", "-r", "0", "-t", str(SECONDS), "-c", "0", "-G", GATEWAY_MAC,
            "-S", "192.0.2.1", "-p", "https", "0.0.0.0/0"], self.space)
        sent = scan.counter("probes_sent")
        return {"tlsweep, net_null": sent / scan.role_cpu_s("poll") / 1e6,
                "tlsweep, cycles a probe": scan.role_cpu_s("poll") * measure.tsc_hz() / sent}

    def zmap(self):
        measure.need_program("zmap")
        return {"zmap --dryrun": self.zmap_mpps("zmap", "--dryrun", ZMAP_PROBES)}

    def zmap_fast(self):
        return {"zmap 4 --fast-dryrun":
                self.zmap_mpps(self.bench.peer("zmap"), "--fast-dryrun", ZMAP_FAST_PROBES)}

    def zmap_mpps(self, program, dryrun, n_probes):
        run = measure.Run(self.space.words(
            program, "-C", "/dev/null", dryrun, "-p", "443", "-n", str(n_probes), "-i", "peer0", "-S", SOURCE,
            "-G", GATEWAY_MAC, "-T", "1", "-r", "0", "-c", "0", "-q", "-v", "0",
            "-b", EXCLUDED), stdout=subprocess.DEVNULL).check()
        return n_probes / run.cpu_s / 1e6

    def masscan(self):
        program = "masscan"
        try:
            program = self.bench.peer("masscan")
        except measure.Skipped:
            measure.need_program(program)
        run = measure.Run(self.space.words(
            program, "--offline", "0.0.0.0/0", "--exclude", "255.255.255.255", "-p", "443",
            "--rate", "100000000", "--wait", "0", "--interface", "peer0", "--source-ip", SOURCE,
            "--source-mac", SOURCE_MAC.replace(":", "-"), "--seed", "1",
            "--router-mac", GATEWAY_MAC.replace(":", "-"), "--shard", f"1/{MASSCAN_SHARDS}"))
        failed = re.search(r"FAILED: (.*)", run.stdout + run.stderr)
        if failed or run.process.returncode != 0:
            raise measure.Skipped(f"{program} cannot start offline: "
                                  f"{failed[1] if failed else run.stderr.strip()[-200:]}")
        return {"masscan --offline": (1 << 32) / MASSCAN_SHARDS / run.cpu_s / 1e6}
