# SPDX-License-Identifier: BSD-3-Clause
"""A row of checks, each with an English label, printed as TAP for `meson test`."""

import sys


class Tap:
    """Counts checks; a program ends with `sys.exit(tap.done())`."""

    def __init__(self):
        self.n_run = 0
        self.n_failed = 0

    def ok(self, good, label, detail=None):
        """One check. The detail, whatever it is, is printed when the check fails."""
        self.n_run += 1
        self.n_failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n_run} - {label.replace('#', '')}", flush=True)
        if not good and detail is not None:
            self.note(detail)
        return bool(good)

    def eq(self, got, want, label, detail=None):
        """Equality; prints both values when they differ."""
        if not self.ok(got == want, label):
            self.note(f"got  {got!r}\nwant {want!r}")
            if detail is not None:
                self.note(detail)

    def has(self, text, part, label):
        """The text contains the part, in any case."""
        self.ok(part.lower() in text.lower(), label, f"no {part!r} in:\n{text}")

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
