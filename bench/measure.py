# SPDX-License-Identifier: BSD-3-Clause
"""Counting CPU time and memory of processes, and what the machine is."""

import contextlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
import typing

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "net"))
sys.dont_write_bytecode = True
import net  # noqa: E402  pylint: disable=wrong-import-position

SAMPLE_S = 0.05
SLICE = 6  # samples


class Failed(Exception):
    """A measured program did not do its work; says which and why."""


class Skipped(Exception):
    """A part or a peer cannot run on this machine; says why."""


def find(pattern, text):
    """The first match in what a program printed, which has to be there."""
    found = re.search(pattern, text)
    if found is None:
        raise Failed(f"no {pattern!r} in: {text[-500:]}")
    return found


def read(path):
    with open(path, encoding="utf-8", errors="replace") as text:
        return text.read()


def need_root():
    reason = net.why_not()
    if reason:
        raise Skipped(reason)


def need_program(name):
    if shutil.which(name) is None:
        raise Skipped(f"{name} is not installed")


class Used(typing.NamedTuple):
    """What a thread had used when: seconds on a CPU, and how often it had slept."""

    at_s: float
    cpu_s: float
    n_sleeps: int


class Run:
    """What one run of a program took.

    cpu_s: user and system time of it and its children; wall_s: from its start to its end.
    """

    def __init__(self, words, timeout=120, threads=False, **kwargs):
        self.words = words
        self.threads = {}
        self.rss_kb = []
        kwargs.setdefault("stdin", subprocess.DEVNULL)
        kwargs.setdefault("stdout", subprocess.PIPE)
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, encoding="utf-8",
                                        errors="replace", preexec_fn=net.die_with_parent, **kwargs)
        self.stdout, self.stderr = [], []
        readers = [threading.Thread(target=self.follow, args=pair)
                   for pair in ((self.process.stdout, self.stdout),
                                (self.process.stderr, self.stderr)) if pair[0] is not None]
        for reader in readers:
            reader.start()
        self.wait(timeout, threads)
        for reader in readers:
            reader.join()
        self.stdout, self.stderr = "".join(self.stdout), "".join(self.stderr)

    def follow(self, stream, lines):
        """Keep the output; at each line on standard error note the resident memory."""
        for line in stream:
            lines.append(line)
            if lines is self.stderr:
                with contextlib.suppress(OSError):
                    found = re.search(r"VmRSS:\s+(\d+)", read(f"/proc/{self.process.pid}/status"))
                    if found:
                        self.rss_kb.append((line, int(found[1])))

    def wait(self, timeout, threads):
        start = time.monotonic()
        end = start + timeout
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid != 0:
                break
            if time.monotonic() > end:
                self.process.kill()
            if threads:
                self.sample_threads()
            time.sleep(SAMPLE_S)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.wall_s = time.monotonic() - start

    def sample_threads(self):
        """Note what each thread has used so far, by its name."""
        tasks = f"/proc/{self.process.pid}/task"
        with contextlib.suppress(OSError):
            for tid in os.listdir(tasks):
                name = read(f"{tasks}/{tid}/comm").strip()
                if name == "tlsweep":
                    name = "main" if int(tid) == self.process.pid else "writer"
                ran_ns = read(f"{tasks}/{tid}/schedstat").split()[0]
                slept = re.search(r"\nvoluntary_ctxt_switches:\s+(\d+)",
                                  read(f"{tasks}/{tid}/status"))
                self.threads.setdefault(name, []).append(
                    Used(time.monotonic(), int(ran_ns) / 1e9, int(slept[1])))

    def check(self):
        if self.process.returncode != 0:
            raise Failed(f"{' '.join(self.words)} ended with {self.process.returncode}:\n"
                         + self.stderr[-2000:])
        return self


class Scan(Run):
    """A run of `tlsweep scan`, one poll role on a CPU of its own where there are two."""

    def __init__(self, bench, words, space=None, **kwargs):
        self.dir = bench.path("scan")
        shutil.rmtree(self.dir, ignore_errors=True)
        words = [bench.program("apps/tlsweep"), "scan", "--no-huge", "--lcores", lcores(),
                 "-o", self.dir, *words]
        super().__init__(space.words(*words) if space else words, threads=True, **kwargs)
        self.check()
        self.summary = json.loads(read(os.path.join(self.dir, "summary.json")))
        # The order of lcores().
        self.used = {"poll": self.threads["rte-worker-1"], "tls": self.threads["rte-worker-2"],
                     "writer": self.threads["writer"]}

    def role_cpu_s(self, role):
        """CPU seconds of a role's thread, of all its life."""
        return self.used[role][-1].cpu_s

    def busy(self, role, idle_s):
        """CPU seconds of a role's thread while there was work: less its idle turns, and with them.

        An idle turn ends in a sleep. What one costs is taken from the last idle_s seconds of the
        scan, in which nothing came any more: of its slices the cheapest, so that a slice that was
        disturbed does not take off too much.
        """
        samples = self.used[role]
        end = next(used for used in samples if used.n_sleeps == samples[-1].n_sleeps)
        idle = [used for used in samples if end.at_s - idle_s <= used.at_s <= end.at_s]
        turns_s = [(b.cpu_s - a.cpu_s) / (b.n_sleeps - a.n_sleeps)
                   for a, b in zip(idle, idle[SLICE:]) if b.n_sleeps > a.n_sleeps]
        less_s = min(turns_s, default=0) * idle[0].n_sleeps
        return max(idle[0].cpu_s - less_s, 0), idle[0].cpu_s

    def counter(self, name, group="dataplane"):
        return self.summary["counters"][group][name]

    def records(self):
        with open(os.path.join(self.dir, "results.jsonl"), encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def lcores():
    cpus = sorted(os.sched_getaffinity(0))
    poll, tls, main = (cpus * 3)[:3] if len(cpus) != 2 else (cpus[0], cpus[1], cpus[1])
    return f"main@{main},poll@{poll},tls@{tls}"


def tsc_hz():
    """The kernel derives BogoMIPS from the TSC's rate where delay loops use the TSC."""
    return float(re.search(r"bogomips\s*:\s*([\d.]+)", read("/proc/cpuinfo"))[1]) / 2 * 1e6


def machine():
    model = re.search(r"model name\s*:\s*(.*)", read("/proc/cpuinfo"))
    family = re.findall(r"^(?:cpu family|model)\s*:\s*(\d+)$", read("/proc/cpuinfo"), re.M)[:2]
    memory = int(re.search(r"MemTotal:\s*(\d+)", read("/proc/meminfo"))[1])
    return {
        "cpu": f"{model[1] if model else 'unknown'} (family, model {', '.join(family)})",
        "cpus": len(os.sched_getaffinity(0)),
        "tsc_mhz": round(tsc_hz() / 1e6),
        "memory_mb": memory // 1024,
        "kernel": f"{platform.system()} {platform.release()}",
    }


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, encoding="utf-8", check=False).stdout

    edited = git("status", "--porcelain", "--untracked-files=no").strip()
    return (git("rev-parse", "--short=12", "HEAD").strip() or "unknown") + (
        " with local changes" if edited else "")


class Row:
    """A figure of the table. `ours`: the figure of tlsweep that a peer's stands beside."""

    def __init__(self, key, unit, goal="", ours=None):
        self.key, self.unit, self.goal, self.ours = key, unit, goal, ours

    def ratios(self, rounds):
        """How many times better tlsweep is, round by round."""
        pairs = [(r[self.ours], r[self.key]) for r in rounds if self.key in r and self.ours in r]
        more_is_better = self.unit.startswith("M")
        return [ours / peer if more_is_better else peer / ours for ours, peer in pairs]

    def figure(self, rounds):
        samples = [r[self.key] for r in rounds if self.key in r]
        if not samples:
            return None
        figure = {"figure": self.key, "unit": self.unit, "goal": self.goal, **spread(samples)}
        ratios = self.ratios(rounds) if self.ours else []
        if ratios:
            figure["tlsweep_better_by"] = {"than": self.key, "as": self.ours, **spread(ratios)}
        return figure


def spread(samples):
    return {"median": statistics.median(samples), "min": min(samples), "max": max(samples),
            "rounds": len(samples)}
