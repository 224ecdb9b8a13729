#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Two poll and two TLS cores on every kind of port that has several queues, and all of it for longer.

    af_packet:scan0 ──── wire0        a fanout group of two sockets
    tap:scan2                         an interface of the servers' kernel, with two queues
    memif ── carrier ─ scan3 ─ wire3  another DPDK process carries the frames
"""

import os
import sys

import net
import scan
import servers
import tap

NETWORK = "198.18.1.0/24"
N_HOSTS = 256
N_SOAK = 5


def role_map():
    """All roles on two CPUs, or on one where there is no second."""
    cpus = sorted(os.sched_getaffinity(0))
    a, b = cpus[0], cpus[1 % len(cpus)]
    return f"main@{a},poll@{a},poll@{b},tls@{a},tls@{b}"


def check_run(t, found, label, n_scans=N_HOSTS):
    found.check(t, label)
    good = {record.ip for record in found.records if record.status == "success"}
    t.eq(len(good), n_scans, f"{label}: every server is found", found.stderr[-2000:])
    t.eq(found.counter("rx_stray_lost"), 0, f"{label}: no frame is lost between the cores")
    t.eq(found.counter("conns_opened"), found.counter("conns_closed"),
         f"{label}: every connection is closed")
    work = [core["counters"].get("probes_sent", 0) for core in found.summary["cores"]
            if core["role"] == "poll"]
    t.ok(len(work) == 2 and min(work) > 0, f"{label}: both poll cores probe", str(work))


def words(*more):
    return ["-r", "3000", "-c", "4s", "--loss-sample", "0", "--canary-sample", "0",
            "--lcores", role_map(), *more]


def add_wire(lab, number):
    """One more veth to the servers, on a network of its own: 198.18.(100 + number).0/24."""
    net.veth(lab.scanner, f"scan{number}", lab.servers, f"wire{number}")
    lab.servers.ip(f"addr add 198.18.{100 + number}.1/24 dev wire{number}")
    return ["-S", f"198.18.{100 + number}.2/24", "--gateway-ip", f"198.18.{100 + number}.1"]


def check_tap(t, lab):
    """The interface appears with the scan, among the servers; the kernel's end gets its address then."""
    running = scan.Scan(lab, words("-p", "https"), [NETWORK], port="tap:scan2", space=lab.servers,
                        source=["-S", "198.18.102.2/24", "--gateway-ip", "198.18.102.1",
                                "--source-mac", "02:00:00:00:66:02"])
    net.wait_until(lambda: running.process.poll() is not None or lab.servers.run(
        "ip", "addr", "add", "198.18.102.1/24", "dev", "scan2", check=False).returncode == 0)
    check_run(t, running.wait(), "TAP with two queues")


def check_memif(t, lab):
    """Another process listens on the socket and carries frames between it and a packet socket."""
    source = add_wire(lab, 3)
    path = lab.path("memif.sock")
    lab.start("carrier", os.path.abspath(sys.argv[2]), "--no-huge", "-m", "256", "--no-pci", "--no-shconf", "-l", "0",
              "--file-prefix", f"carrier-{os.getpid()}", "--no-telemetry",
              "--vdev", f"net_memif0,role=server,socket={path},socket-abstract=no",
              "--vdev", "net_af_packet0,iface=scan3,qpairs=2,blocksz=8192,framesz=2048,"
              "framecnt=4096", "--", "2", space=lab.scanner)
    lab.wait_for_ready("carrier")
    found = scan.run(lab, words("-p", "https"), [NETWORK], port=f"memif:{path}", source=source)
    check_run(t, found, "memif with two queues")
    if found.code != scan.DONE:
        t.note(lab.log("carrier")[-1500:])


def check_soak(t, lab):
    """The same hosts on many ports, again and again: nothing leaks, nothing is left open."""
    lab.servers.run("nft", "add", "table", "ip", "soak")
    lab.servers.run("nft", "add chain ip soak before { type nat hook prerouting priority -100; }")
    lab.servers.run("nft", "add rule ip soak before tcp dport 20000-20004 redirect to :443")
    ports = ",".join(f"{20000 + i}:https" for i in range(N_SOAK))
    found = scan.run(lab, words("-p", ports, "--probes", "2", "--max-sessions", "64"),
                     [NETWORK], timeout=180)
    found.check(t, "1,280 ports probed twice")
    t.eq(len([r for r in found.records if r.status == "success"]), N_HOSTS * N_SOAK,
         "1,280 ports probed twice: every port of every server is a success", found.stderr[-2000:])
    t.eq(found.counter("conns_opened"), found.counter("conns_closed"),
         "1,280 ports probed twice: every connection is closed")
    t.eq(found.summary["counters"]["levels"]["tls_sessions"], 0, "1,280 ports probed twice: every TLS session is freed")


def main():
    reason = net.why_not("nginx", "nft")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        found = scan.run(lab, words("-p", "https"), [NETWORK])
        check_run(t, found, "AF_PACKET with a fanout of two")
        check_tap(t, lab)
        check_memif(t, lab)
        check_soak(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
