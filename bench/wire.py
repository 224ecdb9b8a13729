# SPDX-License-Identifier: BSD-3-Clause
"""tlsweep, zmap and masscan over the same veth pair: SYNs sent, and hosts found, at full speed.

The far end counts: frames that came through by its interface, SYN-ACKs given by its kernel.
"""

import functools
import re

import measure
import net
from measure import Row

# Not the far end's: its kernel drops what comes for them without a word.
SINK, N_SINK = "198.18.128.0/17", 1 << 15
SINK_PORTS = 32
# All of these answer, with SYN cookies: no SYN waits for room.
CROWD, CROWD_PORT = "198.19.0.0/16", 443
# 198.19.255.255 is the broadcast address of the interface's network.
N_CROWD = (1 << 16) - 1
SENDERS = ("tlsweep, AF_PACKET", "tlsweep, AF_XDP", "zmap", "zmap 4", "masscan")
FINDERS = ("tlsweep", "tlsweep, 2 probes", "zmap", "zmap, 2 probes", "zmap 4", "zmap 4, 2 probes",
           "masscan")
OURS = "tlsweep, AF_PACKET"
PEER_S = 30
LISTENER = """
import socket
with socket.socket() as server:
    server.bind(("0.0.0.0", {port}))
    server.listen(65535)
    while True:
        server.accept()[0].close()
"""


def rows():
    for name in SENDERS:
        peer = not name.startswith("tlsweep")
        yield Row(f"{name}: SYNs", "Mpps per CPU s", ours=f"{OURS}: SYNs" if peer else None)
        yield Row(f"{name}: SYNs, on the wall", "Mpps",
                  ours=f"{OURS}: SYNs, on the wall" if peer else None)
    for name in FINDERS:
        yield Row(f"{name}: found", "%", goal="100" if name.startswith("tlsweep") else "")
        if name.startswith("tlsweep"):
            yield Row(f"{name}: found, as it says itself", "%")
        yield Row(f"{name}: SYN-ACKs for each host", "")


ROWS = list(rows())


class Part:
    """Per round: each sender into the sink, each finder at the crowd."""

    def __init__(self, bench):
        measure.need_root()
        self.bench = bench
        self.lab = net.Lab()
        self.lab.__enter__()
        try:
            self.prepare()
        except BaseException:
            self.close()
            raise
        self.subjects = [
            *(functools.partial(self.tlsweep_sends, name) for name in SENDERS[:2]),
            *(functools.partial(self.zmap_sends, name) for name in ("zmap", "zmap 4")),
            self.masscan_sends,
            functools.partial(self.tlsweep_finds, "tlsweep", 1),
            functools.partial(self.tlsweep_finds, "tlsweep, 2 probes", 2),
            *(functools.partial(self.zmap_finds, name, n) for name in ("zmap", "zmap 4")
              for n in (1, 2)),
            self.masscan_finds,
        ]

    def prepare(self):
        servers = self.lab.servers
        servers.ip(f"route add local {CROWD} dev lo")
        servers.run("sh", "-c", "cd /proc/sys/net && echo 2 > ipv4/tcp_syncookies &&"
                                " echo 65535 > core/somaxconn")
        self.scan_mac, self.wire_mac = (
            space.run("cat", f"/sys/class/net/{name}/address").stdout.strip()
            for space, name in ((self.lab.scanner, "scan0"), (servers, "wire0")))
        # zmap wants an interface with an address, and answers no ARP.
        self.lab.scanner.ip("addr add 198.18.0.4/32 dev scan0")
        servers.ip(f"neigh add {net.SCANNER_V4} lladdr {self.scan_mac} dev wire0")
        # masscan's receiver notices its end when a packet comes: here are some.
        self.lab.start("pings", "ping", "-q", "-i", "0.2", net.SCANNER_V4)
        self.lab.start("listener", "python3", "-c", LISTENER.format(port=CROWD_PORT))
        servers.wait_for_port(net.SERVER_V4, CROWD_PORT)

    def close(self):
        self.lab.close()

    def n_received(self):
        return int(self.lab.servers.run("cat", "/sys/class/net/wire0/statistics/rx_packets").stdout)

    def n_syn_acks(self):
        lines = self.lab.servers.run("cat", "/proc/net/netstat").stdout.splitlines()
        names, values = (line.split() for line in lines if line.startswith("TcpExt:"))
        return int(values[names.index("SyncookiesSent")])

    def tlsweep(self, port, *words):
        return measure.Scan(self.bench, [
            "-q", "--no-default-exclude", "-i", port, "-S", f"{net.SCANNER_V4}/15", "-G", self.wire_mac, "-r", "0",
            *words], self.lab.scanner)

    def zmap(self, name, *words):
        if name == "zmap":
            measure.need_program("zmap")
        program = "zmap" if name == "zmap" else self.bench.peer("zmap")
        return measure.Run(self.lab.scanner.words(
            program, "-C", "/dev/null", "-i", "scan0", "-S", net.SCANNER_V4, "-G", self.wire_mac, "-T", "1", "-r", "0",
            "-q", "-v", "0", "-b", "/dev/null", *words), timeout=PEER_S).check()

    def masscan(self, *words):
        measure.need_program("masscan")
        return measure.Run(self.lab.scanner.words(
            "masscan", "--rate", "100000000", "--interface", "scan0", "--adapter-ip",
            net.SCANNER_V4, "--router-mac", self.wire_mac.replace(":", "-"), *words), timeout=PEER_S).check()

    def tlsweep_sends(self, name):
        before = self.n_received()
        ports = ",".join(f"{port}:tls" for port in range(1, SINK_PORTS + 1))
        scan = self.tlsweep({"tlsweep, AF_PACKET": "af_packet:scan0", "tlsweep, AF_XDP": "scan0"}
                            [name], "-c", "0", "-p", ports, SINK)
        return self.sent(name, before, scan.role_cpu_s("poll"),
                         scan.counter("probes_sent") / scan.summary["rates"]["probes_pps"])

    def zmap_sends(self, name):
        before = self.n_received()
        run = self.zmap(name, "-p", "443", "-c", "0", "-P", str(SINK_PORTS), "-o", "/dev/null", SINK)
        return self.sent(name, before, run.cpu_s, run.wall_s)

    def masscan_sends(self):
        before = self.n_received()
        run = self.masscan("--wait", "0", "-p", f"1-{SINK_PORTS}", SINK)
        return self.sent("masscan", before, run.cpu_s, run.wall_s)

    def sent(self, name, n_before, cpu_s, wall_s):
        n = self.n_received() - n_before
        if n < N_SINK * SINK_PORTS // 2:
            raise measure.Failed(f"{name}: {n} of {N_SINK * SINK_PORTS} frames came through")
        return {f"{name}: SYNs": n / cpu_s / 1e6, f"{name}: SYNs, on the wall": n / wall_s / 1e6}

    def tlsweep_finds(self, name, n_probes):
        before = self.n_syn_acks()
        scan = self.tlsweep("af_packet:scan0", "-c", "2", "-P", str(n_probes), "-p",
                            f"{CROWD_PORT}:tls", CROWD)
        missed = scan.summary["estimates"]["loss"]["missed"]["share"]
        return {f"{name}: found, as it says itself": (1 - missed) * 100,
                **self.found(name, before, (record["ip"] for record in scan.records()))}

    def zmap_finds(self, name, n_probes):
        before = self.n_syn_acks()
        run = self.zmap(name, "-p", str(CROWD_PORT), "-c", "2", "-P", str(n_probes), "-o", "-",
                        CROWD)
        return self.found(name if n_probes == 1 else f"{name}, {n_probes} probes", before, run.stdout.split())

    def masscan_finds(self):
        before = self.n_syn_acks()
        run = self.masscan("--wait", "2", "-p", str(CROWD_PORT), CROWD)
        return self.found("masscan", before,
                          re.findall(r"open port \d+/tcp on (\S+)", run.stdout))

    def found(self, name, n_before, addresses):
        return {f"{name}: found": len(set(addresses)) / N_CROWD * 100,
                f"{name}: SYN-ACKs for each host": (self.n_syn_acks() - n_before) / N_CROWD}
