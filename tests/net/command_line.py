#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Bad input and bad luck: the exit code, and one sentence that names the culprit.

Nothing is sent before everything is known to be right; what was written before an interrupt or a
full disk is whole lines.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import net
import scan
import servers
import tap

HERE = ["-i", "af_packet:scan0", "--no-huge", "--no-default-exclude", "-S", "198.18.0.2/15"]
TARGET = "198.18.0.1"


def refusals(lab):
    """label -> (words after `scan`, exit code, what the sentence has to name)"""
    with open(lab.path("bad.txt"), "w", encoding="utf-8") as out:
        out.write("198.18.1.1\n\n198.18.1.0/33\n")
    with open(lab.path("none.txt"), "w", encoding="utf-8") as out:
        out.write("# nothing\n")
    os.mkdir(lab.path("old"))
    with open(lab.path("old/results.jsonl"), "w", encoding="utf-8") as out:
        out.write("{}\n")
    lab.scanner.ip("link add down0 type veth peer name down1")
    https = [*HERE, "-p", "https"]
    cpu = min(os.sched_getaffinity(0))
    many_cores = ",".join([f"main@{cpu}"] + [f"poll@{cpu},tls@{cpu}"] * 8)
    no_source = ["-i", "af_packet:scan0", "--no-huge", "--no-default-exclude", "-p", "https"]
    return {
        "unknown option": ([*https, "--colour", TARGET], scan.USAGE, ["colour"]),
        "misspelt option": ([*https, "--prboes", "2", TARGET], scan.USAGE, ["prboes", "--probes"]),
        "option without its value": ([*https, TARGET, "--rate"], scan.USAGE, ["rate"]),
        "bad number": ([*https, "--probes", "17", TARGET], scan.USAGE, ["--probes", "17", "16"]),
        "bad rate": ([*https, "-r", "fast", TARGET], scan.USAGE, ["--rate", "fast"]),
        "unknown protocol": ([*HERE, "-p", "gopher", TARGET], scan.USAGE, ["gopher", "smtp"]),
        "port without protocol": ([*HERE, "-p", "2525", TARGET], scan.USAGE, ["2525"]),
        "no protocol": ([*HERE, TARGET], scan.USAGE, ["-p"]),
        "no target": (https, scan.USAGE, ["target"]),
        "no interface": (["-p", "https", TARGET], scan.USAGE, ["-i"]),
        "no source address": ([*no_source, TARGET], scan.USAGE, ["--source-ip", "IPv4"]),
        "no source address for IPv6": ([*https, "fd00::1"], scan.USAGE, ["--source-ip", "IPv6"]),
        "no way": ([*no_source, "-S", "198.18.0.2", TARGET], scan.USAGE, ["--gateway-ip"]),
        "malformed target": ([*https, "198.18.1.256"], None, ["198.18.1.256"]),
        "host bits in a prefix": ([*https, "198.18.1.1/24"], None, ["198.18.1.0/24"]),
        "malformed line": ([*https, "-w", lab.path("bad.txt")], scan.SETUP, ["bad.txt:3", "33"]),
        "malformed exclusion": ([*https, "-b", lab.path("bad.txt"), TARGET], scan.SETUP,
                                ["bad.txt:3", "33"]),
        "list that does not exist": ([*https, "-w", lab.path("gone.txt")], scan.SETUP,
                                     ["gone.txt"]),
        "exclusions that do not exist": ([*https, "-b", lab.path("gone.txt"), TARGET], scan.SETUP,
                                         ["gone.txt"]),
        "empty list": ([*https, "-w", lab.path("none.txt")], scan.SETUP, ["none.txt"]),
        "all excluded": ([*https, "--exclude", "198.18.0.0/15", TARGET], scan.SETUP, ["exclu"]),
        "excluded by default": ([w for w in https if w != "--no-default-exclude"] + [TARGET],
                                scan.SETUP, ["exclu"]),
        "interface that does not exist": (["-i", "eth77", *https[2:], TARGET], scan.SETUP,
                                          ["eth77"]),
        "PCI device that does not exist": (["-i", "0000:ff:1f.7", *https[2:], TARGET], scan.SETUP,
                                           ["0000:ff:1f.7"]),
        "capture that does not exist": (["-i", f"pcap:{lab.path('gone.pcap')}", *https[2:], TARGET],
                                        scan.SETUP, ["gone.pcap"]),
        "interface down": (["-i", "down0", *https[2:], TARGET], scan.SETUP,
                           ["down0", "down", "ip link set down0 up"]),
        "folder that holds results": ([*https, "-o", lab.path("old"), TARGET], scan.SETUP,
                                      ["old", "--overwrite"]),
        "folder in a folder that does not exist": ([*https, "-o", lab.path("no/where"), TARGET],
                                                   scan.SETUP, ["no/where"]),
        "certificate store on standard output": ([*https, "--certs", "store", TARGET], scan.USAGE,
                                                 ["store"]),
        "too few huge pages": ([w for w in https if w != "--no-huge"] +
                               ["--max-connections", "4M", TARGET], scan.SETUP,
                               ["huge pages", "--no-huge", " MB"]),
        "more memory than there is": ([*https, "--max-connections", "4M", "--max-sessions", "1M",
                                       "--lcores", many_cores, TARGET], scan.SETUP,
                                      [" MB", "--max-connections"]),
        "role map that names no CPU": ([*https, "--lcores", "poll=9999", TARGET], scan.USAGE,
                                       ["9999"]),
    }


def check_refusal(t, lab, label, words, code, names):
    result = lab.scanner.run(scan.program(), "scan", *words, check=False)
    if code is None:
        t.ok(result.returncode in (scan.SETUP, scan.USAGE),
             f"refused: {label}: the exit code is that of set-up or usage",
             result.returncode)
    else:
        t.eq(result.returncode, code, f"refused: {label}: the exit code is {code}", result.stderr)
    said = result.stderr.strip().splitlines()
    t.ok(len(said) == 1 and said[0].startswith("tlsweep: "), f"refused: {label}: the message is one sentence",
         result.stderr)
    for name in names:
        t.has(result.stderr, name, f"refused: {label}: the message has {name.replace(lab.dir, '').strip()!r}")
    t.eq(result.stdout, "", f"refused: {label}: nothing is on standard output")


def check_nobody(t, lab):
    """An ordinary user has no packet socket."""
    program = lab.path("tlsweep")
    shutil.copy(scan.program(), program)
    result = lab.scanner.run("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program,
                             "scan", *HERE, "-p", "https", "-q", TARGET, check=False, cwd="/")
    t.eq(result.returncode, scan.SETUP, "an ordinary user with a packet port: the exit code is that of set-up",
         result.stderr)
    said = [line for line in result.stderr.splitlines() if line.startswith("tlsweep: ")]
    t.eq(len(said), 1, "an ordinary user with a packet port: the message is one sentence", result.stderr)
    t.has(result.stderr, "CAP_NET_RAW", "an ordinary user with a packet port: the message names CAP_NET_RAW")


def check_interrupt(t, lab):
    """Once: probing stops, open connections end, the account is written."""
    watch = net.Watch(lab.servers, "wire0")
    running = scan.Scan(lab, ["-p", "https", "-r", "20", "-c", "1s"], ["198.18.1.0/24"])
    n_seen = [0]

    def enough():
        n_seen[0] += len(watch.frames())
        return n_seen[0] > 100
    net.wait_until(enough)
    watch.close()
    running.interrupt()
    found = running.wait()
    found.check(t, "interrupted", scan.INTERRUPTED)
    t.eq(found.summary.get("exit_reason"), "interrupted", "interrupted: the summary gives the reason interrupted")
    n = found.summary.get("num_targets_scanned", 0)
    t.ok(0 < n < 256, "interrupted: some targets were scanned and some were not", n)
    t.eq(len([r for r in found.records if r.status == "success"]), n,
         "interrupted: every connection that was open is finished, and a success")


def check_two_interrupts(t, lab):
    """Twice: a server that is silent is waited for after the first, and not after the second."""
    with lab.servers.socket(socket.AF_INET, socket.SOCK_STREAM) as silent:
        silent.bind(("198.18.2.1", 25))
        silent.listen()
        running = scan.Scan(lab, ["-p", "smtp", "-c", "1s", "--greeting-timeout", "300s"],
                            ["198.18.2.1"], timeout=60)
        silent.settimeout(60)
        with silent.accept()[0]:
            running.interrupt()
            # Rows of status.csv come once a second, and one more at the end.
            t.ok(net.wait_until(lambda: sum("stopping" in row for row in running.lines("status.csv")) > 1),
                 "one interrupt: the open connection is waited for")
            running.interrupt()
            found = running.wait()
    found.check(t, "interrupted twice", scan.INTERRUPTED)
    t.eq(found.summary.get("exit_reason"), "interrupted",
         "interrupted twice: the summary gives the reason interrupted")


def check_terminate(t, lab):
    """SIGTERM is an interrupt, and results on standard output are whole lines too."""
    process = subprocess.Popen(
        lab.scanner.words(scan.program(), "scan", *HERE, "-p", "https", "-r", "50", "-q",
                          "198.18.1.0/24"),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
        preexec_fn=net.die_with_parent)
    first = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    rest, said = process.communicate(timeout=60)
    t.eq(process.returncode, scan.INTERRUPTED, "SIGTERM: the exit code is that of an interrupt", said)
    lines = (first + rest).decode().split("\n")
    t.eq(lines[-1], "", "SIGTERM: the last line on standard output is whole")
    t.ok(all(json.loads(line)["ip"] for line in lines[:-1]), "SIGTERM: every line on standard output is a record")
    summary = said.decode().strip().splitlines()[-1]
    t.eq(json.loads(summary)["records"]["total"], len(lines) - 1,
         "results on standard output: the summary is the last line on standard error")


def check_full_disk(t, lab):
    """A file system of 256 kB, seen from here through the scanner's root. By default probes wait as soon as it is
    nearly full: whether that or the full disk came first was a matter of luck."""
    lab.scanner.run("sh", "-c", f"mkdir {lab.path('small')} &&"
                    f" mount -t tmpfs -o size=256k tmpfs {lab.path('small')}")
    result = lab.scanner.run(scan.program(), "scan", *HERE, "-p", "https", "-r", "500", "-c", "1s",
                             "-q", "-o", lab.path("small/out"), "--min-disk-free", "0", "198.18.1.0/24",
                             check=False)
    t.eq(result.returncode, scan.OUTPUT, "a disk that runs full: the exit code is that of lost output", result.stderr)
    t.has(result.stderr, "results.jsonl", "a disk that runs full: the message names the file")
    t.has(result.stderr, "No space left", "a disk that runs full: the message gives the reason")
    with open(f"/proc/{lab.scanner.pid}/root{lab.path('small/out')}/results.jsonl", "rb") as out:
        written = out.read()
    t.ok(written.endswith(b"\n"), "a disk that runs full: the last line is whole", written[-200:])
    t.ok(all(json.loads(line)["ip"] for line in written.splitlines()),
         "a disk that runs full: every line is a record")


def check_overwrite(t, lab):
    """--overwrite takes the place of old results and touches nothing else."""
    with open(lab.path("old/notes"), "w", encoding="utf-8") as out:
        out.write("mine")
    result = lab.scanner.run(scan.program(), "scan", *HERE, "-p", "https", "-c", "1s", "-q", "-o",
                             lab.path("old"), "--overwrite", TARGET, check=False)
    t.eq(result.returncode, scan.DONE, "--overwrite: the scan is done", result.stderr)
    t.eq(sorted(os.listdir(lab.path("old"))),
         ["checkpoint", "lock", "metrics.prom", "notes", "results.jsonl", "scan.conf", "status.csv",
          "summary.json", "targets"],
         "--overwrite: the folder has the new results, and other files as before")
    with open(lab.path("old/results.jsonl"), encoding="utf-8") as out:
        t.eq([json.loads(line)["ip"] for line in out], [TARGET],
             "--overwrite: the old lines are replaced")


def check_dead_gateway(t, lab):
    words = [w.replace("198.18.0.2/15", "198.18.0.2") for w in HERE]
    result = lab.scanner.run(scan.program(), "scan", *words, "-p", "https", "-q", "-o",
                             lab.path("dead"), "--gateway-ip", "198.18.0.99", TARGET, check=False)
    t.eq(result.returncode, scan.SETUP, "a gateway that is silent from the start: the exit code is that of set-up",
         result.stderr)
    t.has(result.stderr, "198.18.0.99", "a gateway that is silent from the start: the message names it")


def check_link_lost(t, lab):
    """The interface goes down while we scan."""
    running = scan.Scan(lab, ["-p", "https", "-r", "20", "-c", "1s"], ["198.18.1.0/24"])
    watch = net.Watch(lab.servers, "wire0")
    net.wait_until(watch.frames)
    lab.scanner.ip("link set scan0 down")
    found = running.wait()
    watch.close()
    lab.scanner.ip("link set scan0 up")
    found.check(t, "an interface that is set down", scan.PORT)
    t.has(found.stderr, "scan0", "an interface that is set down: the message names it")


def check_words(t, lab):
    """Help and versions are results: standard output, exit code 0."""
    for words in (["--help"], ["--version"], ["scan", "--help"], ["scan", "--version"]):
        result = lab.scanner.run(scan.program(), *words, check=False)
        t.eq((result.returncode, result.stderr), (scan.DONE, ""),
             f"tlsweep {' '.join(words)}: it succeeds without a message")
        t.ok(re.search("tlsweep", result.stdout), f"tlsweep {' '.join(words)}: the text is on standard output")
    result = lab.scanner.run(scan.program(), "fly", check=False)
    t.eq(result.returncode, scan.USAGE, "refused: an unknown command: the exit code is that of usage")
    t.has(result.stderr, "fly", "refused: an unknown command: the message names it")


def main():
    reason = net.why_not("nginx", "setpriv")
    if reason:
        tap.skip_all(reason)
    t = tap.Tap()
    with net.Lab() as lab:
        servers.start(lab, "nginx")
        check_words(t, lab)
        for label, (words, code, names) in refusals(lab).items():
            check_refusal(t, lab, label, words, code, names)
        check_nobody(t, lab)
        check_overwrite(t, lab)
        check_dead_gateway(t, lab)
        check_interrupt(t, lab)
        check_two_interrupts(t, lab)
        check_terminate(t, lab)
        check_full_disk(t, lab)
        check_link_lost(t, lab)
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
