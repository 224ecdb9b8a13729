# SPDX-License-Identifier: BSD-3-Clause
"""Run by scripts/test-gdb inside gdb: stop a scan of the lab where it writes to a connection, and print what is there."""
import re

import gdb


def show(expression):
    text = gdb.execute(f"print {expression}", to_string=True)
    print(f"# {text.strip()[:200]}")
    return text


def check(number, label, good):
    print(f"{'ok' if good else 'not ok'} {number} - {label}")


def in_frames(name):
    """A variable of the innermost frame that still has it."""
    frame = gdb.newest_frame()
    while frame is not None:
        try:
            value = frame.read_var(name)
            if not value.is_optimized_out:
                return value
        except (ValueError, gdb.error):
            pass
        frame = frame.older()
    return None


gdb.execute("set pagination off")
gdb.execute("set debuginfod enabled off")
for signal in ("SIGPIPE", "SIGUSR1", "SIGUSR2", "SIGHUP"):
    gdb.execute(f"handle {signal} nostop noprint pass", to_string=True)
gdb.Breakpoint("ts_write")
gdb.execute("run", to_string=True)

stack, conn = in_frames("s"), int(in_frames("conn"))
flows, poll = in_frames("flows"), in_frames("poll")
stack_at, poll_at = f"((struct ts_stack *){int(stack)})", f"((struct dp_poll *){int(poll)})"
flows_at = f"((struct dp_flows *){int(flows)})"

text = show(f"{stack_at}->conns[{conn}]")
check(1, "a connection is shown by state, peer and bytes",
      re.search(r"ESTABLISHED 198\.18\.\d+\.\d+:\d+, our port \d+, acknowledged 0, sent 0 of 0", text))
text = show(f"{stack_at}->conns[{conn}].raddr")
check(2, "an address is shown as text", re.search(r"= 198\.18\.\d+\.\d+$", text.strip()))
text = show(f"{flows_at}->flows[{conn}]")
check(3, "a flow is shown by phase and generation", re.search(r"= [A-Z_]+, generation \d+, service \d+", text))
text = show(f"*{poll_at}->scan->to_writer[0]")
check(4, "a ring is shown by name and filling", re.search(r'ring "[^"]+", \d+ of \d+ entries', text))
text = gdb.execute(f"tlsweep-conns {stack_at}", to_string=True)
check(5, "tlsweep-conns lists the connections in use", re.search(rf"^{conn}: ESTABLISHED", text, re.MULTILINE))
text = show(f"/r {stack_at}->conns[{conn}]".replace("print /r", "print/r"))
check(6, "print/r shows the fields as they are", "snd_una = " in text)
print("1..6")
gdb.execute("kill", to_string=True)
