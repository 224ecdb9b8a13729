# SPDX-License-Identifier: BSD-3-Clause
"""Network namespaces joined by veth, and processes inside them.

A namespace has no name: it lives as long as the process that holds it, and that process dies with
this program, however it ends. So nothing is ever left behind. A server runs in a process namespace
of its own; killing its first process kills all that it has forked.
"""

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)

SCANNER_V4 = "198.18.0.2"
SCANNER_V6 = "fd00::2"
SERVER_V4 = "198.18.0.1"
SERVER_V6 = "fd00::1"


def wait_until(true, seconds=60, pause=0.05):
    """Wait until true() holds, and look again after each pause; returns the last value of true()."""
    end = time.monotonic() + seconds
    while not (value := true()) and time.monotonic() < end:
        time.sleep(pause)
    return value


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def why_not(*programs):
    """Why the tests cannot run on this machine, or None."""
    if os.geteuid() != 0:
        return "needs root for network namespaces"
    for program in ("ip", "ethtool", "nsenter", "unshare", "openssl", *programs):
        if shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            return f"{program} is not installed"
    return None


class Namespace:
    """A network namespace with its own /sys, and a private /run."""

    def __init__(self):
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c",
             "mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run && ip link set lo up &&"
             " echo ready && exec sleep infinity"],
            stdout=subprocess.PIPE, preexec_fn=die_with_parent)
        if self.holder.stdout.readline() != b"ready\n":
            raise RuntimeError("no namespace could be made")
        self.pid = self.holder.pid

    def words(self, *command):
        return ["nsenter", f"--target={self.pid}", "--net", "--mount", *command]

    def run(self, *command, check=True, timeout=60, **kwargs):
        """Run a command to its end; returns the CompletedProcess, its output as text."""
        kwargs.setdefault("stdin", subprocess.DEVNULL)
        result = subprocess.run(self.words(*command), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                                timeout=timeout, preexec_fn=die_with_parent, **kwargs)
        if check and result.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {result.stdout}{result.stderr}")
        return result

    def ip(self, words):
        self.run("ip", *words.split())

    def start(self, *command, log, **kwargs):
        """Start a server with all its children in a process namespace; ends with close()."""
        kwargs.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(
            self.words("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", *command),
            stdout=log, stderr=log, preexec_fn=die_with_parent, **kwargs)

    def socket(self, family, kind, protocol=0):
        """A socket that lives in the namespace."""
        with open(f"/proc/{self.pid}/ns/net", encoding="ascii") as there, \
                open("/proc/self/ns/net", encoding="ascii") as here:
            if libc.setns(there.fileno(), 0) != 0:
                raise OSError("setns failed")
            try:
                return socket.socket(family, kind, protocol)
            finally:
                libc.setns(here.fileno(), 0)

    def wait_for_port(self, address, port, seconds=20):
        """Wait until something listens."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with self.socket(family, socket.SOCK_STREAM) as probe:
                if probe.connect_ex((address, port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"nothing listens on {address} port {port}")

    def close(self):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


def veth(a, name_a, b, name_b):
    """Join two namespaces. Offloads go off: else frames arrive oversized and without checksums."""
    subprocess.run(["ip", "link", "add", name_a, "netns", str(a.pid), "type", "veth",
                    "peer", "name", name_b, "netns", str(b.pid)], check=True)
    for space, name in ((a, name_a), (b, name_b)):
        # No kernel address at all, and no IPv6 chatter, unless the test adds one.
        space.run("sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{name}/addr_gen_mode")
        space.run("ethtool", "-K", name, "tx", "off", "rx", "off", "tso", "off", "gso", "off",
                  "gro", "off", check=False)
        space.ip(f"link set {name} up")


class Lab:
    """Two namespaces on one wire: `scanner` (scan0, no kernel address) and `servers` (wire0).

    The servers' side owns 198.18.0.1/15 and fd00::1/64, and answers for every address below
    198.18.1.0/24 and 198.18.2.0/24 too.
    """

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="tlsweep-net-")
        os.chmod(self.dir, 0o755)
        self.processes = []
        self.namespaces = []

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        try:
            self.scanner = self.namespace()
            self.servers = self.namespace()
            veth(self.scanner, "scan0", self.servers, "wire0")
            self.servers.ip(f"addr add {SERVER_V4}/15 dev wire0")
            self.servers.ip(f"addr add {SERVER_V6}/64 dev wire0 nodad")
            self.servers.ip("route add local 198.18.1.0/24 dev lo")
            self.servers.ip("route add local 198.18.2.0/24 dev lo")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def namespace(self):
        space = Namespace()
        self.namespaces.append(space)
        return space

    def path(self, name):
        return os.path.join(self.dir, name)

    def start(self, name, *command, space=None, **kwargs):
        """Start a server in the servers' namespace; what it says goes to a file NAME.log."""
        with open(self.path(f"{name}.log"), "wb") as log:
            process = (space or self.servers).start(*command, log=log, **kwargs)
        self.processes.append(process)
        return process

    def wait_for_ready(self, name, seconds=60):
        """Wait until a helper of that name has said "ready"."""
        if not wait_until(lambda: "ready" in self.log(name), seconds):
            raise RuntimeError(f"{name} does not start: {self.log(name)}")

    def log(self, name):
        with open(self.path(f"{name}.log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def close(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        for space in self.namespaces:
            space.close()
        shutil.rmtree(self.dir, ignore_errors=True)


class Watch:
    """Every frame that reaches an interface of a namespace, from when the object exists."""

    ETH_P_ALL = 3
    SO_RCVBUFFORCE = 33
    SOL_PACKET, PACKET_AUXDATA, TP_STATUS_VLAN_VALID = 263, 8, 16

    def __init__(self, space, name):
        self.socket = space.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(self.ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, self.SO_RCVBUFFORCE, 64 << 20)
        self.socket.setsockopt(self.SOL_PACKET, self.PACKET_AUXDATA, 1)
        self.socket.bind((name, 0))
        self.socket.setblocking(False)

    def frames(self):
        """All frames received by the interface so far, as (bytes, VLAN id or 0)."""
        found = []
        while select.select([self.socket], [], [], 0)[0]:
            frame, control, _, source = self.socket.recvmsg(65536, 256)
            if source[2] == socket.PACKET_OUTGOING:
                continue
            found.append((frame, self.vlan(control)))
        return found

    def vlan(self, control):
        for level, kind, data in control:
            if level == self.SOL_PACKET and kind == self.PACKET_AUXDATA:
                status = int.from_bytes(data[0:4], sys.byteorder)
                if status & self.TP_STATUS_VLAN_VALID:
                    return int.from_bytes(data[16:18], sys.byteorder) & 0xfff
        return 0

    def close(self):
        self.socket.close()
