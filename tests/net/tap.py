# SPDX-License-Identifier: BSD-3-Clause
"""Checks, each with an English label that can be read alone, printed as TAP for `meson test`.

Importing this module gives every signal its default action in this program, and so in all that it starts.
nohup ignores SIGHUP, a shell's background job ignores SIGINT and SIGQUIT, and what is ignored stays ignored
across exec: a test that sends such a signal would wait for an effect that never comes.
"""

import signal
import sys


def reset_signals():
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
                   signal.SIGCHLD, signal.SIGCONT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


reset_signals()


class Tap:
    """Counts checks; a program ends with `sys.exit(tap.done())`."""

    def __init__(self):
        self.n_run = 0
        self.n_failed = 0
        self.subject = ""

    def about(self, subject):
        """What the checks that follow are about: it stands before their labels. Empty: nothing does."""
        self.subject = f"{subject}: " if subject else ""

    def ok(self, good, label, detail=None):
        """One check. The detail, whatever it is, is printed when the check fails."""
        self.n_run += 1
        self.n_failed += not good
        text = f"{self.subject}{label}".replace("#", "")
        print(f"{'ok' if good else 'not ok'} {self.n_run} - {text}", flush=True)
        if not good and detail is not None:
            self.note(detail)
        return bool(good)

    def eq(self, got, want, label, detail=None):
        """Equality; prints both values when they differ."""
        same = self.ok(got == want, label)
        if not same:
            self.note(f"got  {got!r}\nwant {want!r}")
            if detail is not None:
                self.note(detail)
        return same

    def has(self, text, part, label):
        """The text contains the part, in any case."""
        return self.ok(part.lower() in text.lower(), label, f"no {part!r} in:\n{text}")

    def skip(self, label, why):
        """A claim that cannot be checked on this machine."""
        self.n_run += 1
        text = f"{self.subject}{label}".replace("#", "")
        print(f"ok {self.n_run} - {text} # SKIP {why}", flush=True)

    @staticmethod
    def note(text):
        for line in str(text).splitlines():
            print(f"# {line}", flush=True)

    def done(self):
        print(f"1..{self.n_run}", flush=True)
        return 1 if self.n_failed else 0


def skip_all(reason):
    """The whole program cannot run here."""
    print(f"1..0 # SKIP {reason}", flush=True)
    sys.exit(0)
