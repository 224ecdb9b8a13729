# SPDX-License-Identifier: BSD-3-Clause
"""XDP programs on the interfaces of a test's namespaces."""

import ctypes
import os
import re
import socket
import struct

# bpf(2), x86-64 and others
SYS_BPF = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
BPF_PROG_LOAD, BPF_PROG_TYPE_XDP, XDP_PASS = 5, 6, 2
RTM_SETLINK, NLM_F_REQUEST, NLM_F_ACK = 19, 1, 4
IFLA_XDP, IFLA_XDP_FD, NLA_F_NESTED = 43, 1, 0x8000


def attached(space, name):
    """The id of the program on an interface, or None."""
    found = re.search(r"prog/xdp id (\d+)", space.run("ip", "-d", "link", "show", name).stdout)
    return found and int(found.group(1))


def load_pass():
    """A program that passes every frame, and has no name; returns its descriptor."""
    code = struct.pack("<BBhi", 0xb7, 0, 0, XDP_PASS) + struct.pack("<BBhi", 0x95, 0, 0, 0)
    text, rights = ctypes.create_string_buffer(code, len(code)), ctypes.create_string_buffer(b"BSD")
    words = struct.pack("<IIQQ", BPF_PROG_TYPE_XDP, 2, ctypes.addressof(text), ctypes.addressof(rights))
    attr = ctypes.create_string_buffer(words.ljust(72, b"\0"), 72)
    fd = ctypes.CDLL(None, use_errno=True).syscall(SYS_BPF, BPF_PROG_LOAD, attr, len(attr))
    if fd < 0:
        raise OSError(ctypes.get_errno(), "no XDP program could be loaded")
    return fd


def attach(space, name, fd):
    """Attach a program to an interface of a namespace, in place of what is there; -1: none."""
    with space.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
        index = int(space.run("cat", f"/sys/class/net/{name}/ifindex").stdout)
        inner = struct.pack("<HHi", 8, IFLA_XDP_FD, fd)
        body = struct.pack("<BxHiII", socket.AF_UNSPEC, 0, index, 0, 0)
        body += struct.pack("<HH", 4 + len(inner), IFLA_XDP | NLA_F_NESTED) + inner
        netlink.send(struct.pack("<IHHII", 16 + len(body), RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + body)
        error, = struct.unpack("<i", netlink.recv(4096)[16:20])
        if error:
            raise OSError(-error, f"the XDP program of {name} could not be changed")
