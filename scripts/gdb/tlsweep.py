# SPDX-License-Identifier: BSD-3-Clause
"""How gdb shows tlsweep's connections, flows, addresses and rings.

    (gdb) source scripts/gdb/tlsweep.py
    (gdb) print *conn                  ESTABLISHED 192.0.2.1:25, our port 40000, sent 34/34, ...
    (gdb) print flows->flows[7]        a flow: its phase, generation, what it holds
    (gdb) print *ring                  a ring: "name", entries of capacity
    (gdb) tlsweep-conns flows->tcp     every connection in use of a stack
    (gdb) print/r *conn                the fields as they are

Only fields are read, no function of the program is called: this works on core files too.
"""
import ipaddress

import gdb
import gdb.printing


def field(value, name, default=None):
    """The integer in a field, or default if the struct has no such field."""
    try:
        return int(value[name])
    except (gdb.error, gdb.MemoryError):
        return default


def enum_name(type_name, number, prefix):
    """The name of an enumerator without its prefix, in the words of the source."""
    try:
        for enumerator in gdb.lookup_type(f"enum {type_name}").fields():
            if enumerator.enumval == number:
                return enumerator.name.removeprefix(prefix)
    except gdb.error:
        pass
    return f"{type_name} {number}"


def address(value):
    """An address as text: IPv4 is held as ::ffff:a.b.c.d."""
    ip = ipaddress.IPv6Address(bytes(int(value["b"][i]) for i in range(16)))
    return str(ip.ipv4_mapped or ip)


class AddrPrinter:
    """struct ts_addr"""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return address(self.value)


class ConnPrinter:
    """struct ts_conn: a TCP connection, its stream offsets instead of sequence numbers"""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        v = self.value
        state = enum_name("ts_state", field(v, "state"), "TS_")
        if state == "FREE":
            return "free"
        base = field(v, "iss") + 1
        unacked = field(v, "snd_una") - base & 0xFFFFFFFF
        sent = field(v, "snd_nxt") - base & 0xFFFFFFFF
        received = field(v, "rcv_nxt") - field(v, "irs") - 1 & 0xFFFFFFFF
        text = (f"{state} {address(v['raddr'])}:{field(v, 'rport')}, our port {field(v, 'lport')}, "
                f"acknowledged {unacked}, sent {sent} of {field(v, 'wr_len')}, received {received}, "
                f"window {field(v, 'snd_wnd')}")
        if field(v, "n_reorder"):
            text += f", {field(v, 'n_reorder')} segments behind a gap"
        if field(v, "n_tries"):
            text += f", {field(v, 'n_tries')} time-outs"
        for name, what in (("rto_at", "retransmission"), ("deadline_at", "deadline")):
            if field(v, name):
                text += f", {what} at tick {field(v, name)}"
        if field(v, "close"):
            text += f", closed by {enum_name('ts_close', field(v, 'close'), 'TS_CLOSE_')}"
        return text


class FlowPrinter:
    """struct dp_flow: the owner's side of a connection"""

    FLAGS = ("tcp_closed", "silent", "retried", "asked", "broken")

    def __init__(self, value):
        self.value = value

    def to_string(self):
        v = self.value
        phase = enum_name("dp_phase", field(v, "phase"), "DP_FLOW_")
        text = f"{phase}, generation {field(v, 'gen')}"
        if phase == "FREE":
            return text
        text += f", service {field(v, 'service')}, output {field(v, 'tx_base')} to {field(v, 'tx_end')}"
        slot = field(v, "tls_slot", 0xFFFFFFFF)
        if slot != 0xFFFFFFFF:
            text += f", credit {slot} of TLS core {field(v, 'tls_core')}"
        if field(v, "dialog", 0):
            text += ", dialog " + hex(field(v, "dialog"))
        if field(v, "waiting", 0):
            text += ", waits"
        flags = [name for name in self.FLAGS if field(v, name)]
        return text + "".join(", " + name for name in flags)


class RingPrinter:
    """struct rte_ring: entries from one thread to another"""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        v = self.value
        head = field(v["cons"], "tail")
        tail = field(v["prod"], "tail")
        return f"ring \"{v['name'].string()}\", {tail - head & 0xFFFFFFFF} of {field(v, 'capacity')} entries"


class FifoPrinter:
    """struct dp_fifo: a queue of indices with one owner"""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        v = self.value
        n = field(v["queue"], "tail") - field(v["queue"], "head") & 0xFFFFFFFF
        return f"queue, {n} of {field(v, 'mask') + 1} indices"

    def children(self):
        v = self.value
        head, mask = field(v["queue"], "head"), field(v, "mask")
        for i in range(min(field(v["queue"], "tail") - head & 0xFFFFFFFF, 200)):
            yield f"[{i}]", v["items"][head + i & mask]

    def display_hint(self):
        return "array"


class ConnsCommand(gdb.Command):
    """List the connections in use of a stack: tlsweep-conns EXPRESSION, a struct ts_stack *."""

    def __init__(self):
        super().__init__("tlsweep-conns", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        stack = gdb.parse_and_eval(argument).dereference()
        n_open = 0
        # Slots from n_fresh on were never used.
        for i in range(field(stack, "n_fresh")):
            conn = stack["conns"][i]
            if field(conn, "state") != 0:
                print(f"{i}: {ConnPrinter(conn).to_string()}")
                n_open += 1
        print(f"{n_open} connections")


def build():
    printer = gdb.printing.RegexpCollectionPrettyPrinter("tlsweep")
    printer.add_printer("ts_addr", "^ts_addr$", AddrPrinter)
    printer.add_printer("ts_conn", "^ts_conn$", ConnPrinter)
    printer.add_printer("dp_flow", "^dp_flow$", FlowPrinter)
    printer.add_printer("rte_ring", "^rte_ring$", RingPrinter)
    printer.add_printer("dp_fifo", "^dp_fifo$", FifoPrinter)
    return printer


gdb.printing.register_pretty_printer(gdb.current_objfile(), build(), replace=True)
ConnsCommand()
