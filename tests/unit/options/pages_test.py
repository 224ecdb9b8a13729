#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The pages about options say what the program says: docs/, the man page, completion of both shells.

    pages_test.py TLSWEEP PAGES MAN BASH ZSH DOCS

The program's own --help is the measure: an option that stands there has to stand everywhere.
"""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time

WAIT_S = 60
checks = []


def check(good, label, details=()):
    """One TAP line."""
    checks.append(bool(good))
    print(f"{'' if good else 'not '}ok {len(checks)} - {label}", flush=True)
    if not good:
        for line in list(details)[:20]:
            print(f"# {line}", flush=True)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


def options_of(program, command):
    """Long names and letters as --help lists them."""
    text = run(program, command, "--help").stdout
    lines = re.findall(r"^  (?:-(\w), |    )--([a-z-]+)", text, re.M)
    return {name: letter for letter, name in lines}


def check_docs(pages, docs):
    """Every page with generated tables is as the generator leaves it."""
    n = 0
    for name in sorted(os.listdir(docs)):
        path = os.path.join(docs, name)
        if not name.endswith(".md") or "<!-- generated: " not in read(path):
            continue
        n += 1
        made = run(pages, "markdown", path)
        check(made.returncode == 0 and made.stdout == read(path),
              f"the tables of docs/{name} are those of the program",
              [made.stderr.strip(), "run scripts/generate-docs"])
    check(n >= 2, "pages have generated tables")


def check_names(text, names, form, label):
    """A page has each option."""
    missing = [name for name in names if form(name) not in text]
    check(not missing, label, missing)


def check_man(path):
    """No formatter has anything to say about the man page."""
    made = run("groff", "-man", "-Tutf8", "-ww", "-z", path)
    check(made.returncode == 0 and made.stderr == "", "groff formats the man page without a warning",
          made.stderr.splitlines())
    if shutil.which("mandoc") is None:
        print("# mandoc is not installed")
        return
    said = run("mandoc", "-Tlint", "-Wwarning", path).stdout.splitlines()
    # The page has the date of no day: the same source makes the same page.
    said = [line for line in said if "missing date" not in line]
    check(not said, "mandoc has no warning about the man page", said)


def complete(path, line):
    """What bash offers for the last word of a line, by the function that it calls."""
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    made = run("bash", "--norc", "-c", f"""
        source '{path}'
        COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}
        _tlsweep
        printf '%s\\n' "${{COMPREPLY[@]}}" """, cwd="/")
    return sorted(word for word in made.stdout.split("\n") if word) + made.stderr.split("\n")[:-1]


def check_bash(path, scan, targets):
    """The completion in a real bash."""
    made = run("bash", "-n", path)
    check(made.returncode == 0 and made.stderr == "", "bash reads the completion",
          made.stderr.splitlines())
    offered = complete(path, "tlsweep scan -")
    want = sorted([f"--{name}" for name in scan] + [f"-{letter}" for letter in scan.values() if letter])
    check(offered == want, "bash offers the options of a scan, and no others",
          sorted(set(offered) ^ set(want)))
    check("--count" in targets and "--count" in complete(path, "tlsweep targets --c"),
          "bash offers the options of targets")
    for line, want in (("tlsweep s", ["scan"]),
                       ("tlsweep scan --prob", ["--probe-gap", "--probes"]),
                       ("tlsweep scan --certs ", ["inline", "store"]),
                       ("tlsweep scan --certs = st", ["store"]),
                       ("tlsweep scan --output open,c", ["open,closed"]),
                       ("tlsweep scan -p smtp,ircs", ["smtp,ircs"]),
                       ("tlsweep scan -i la", ["lab"]),
                       ("tlsweep scan --rate ", []),
                       ("tlsweep scan -w /etc/passw", ["/etc/passwd"]),
                       ("tlsweep doctor --no", ["--no-huge"]),
                       ("tlsweep control run1 exclude-", ["exclude-file"]),
                       ("tlsweep control --", ["--help"]),
                       ("tlsweep version -", []),
                       ("tlsweep fly -", [])):
        got = [word for word in complete(path, line) if word != "/etc/passwd-"]
        check(got == want, f"bash completes: {line}", [f"got {got}", f"want {want}"])


def check_tab(path):
    """A user's terminal: the tabulator key finishes a word."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", PS1="ready> ", HISTFILE="", INPUTRC="/dev/null")
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    seen = b""
    os.write(terminal, f"source '{path}'\ntlsweep scan --max-run\t".encode())
    end = time.monotonic() + WAIT_S
    while b"--max-runtime " not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 4096)
    check(b"--max-runtime " in seen, "the tabulator key completes an option in a terminal",
          seen.decode(errors="replace").splitlines())
    os.write(terminal, b"\x15exit\n")
    os.close(terminal)
    os.waitpid(child, 0)


def check_zsh(path, scan):
    """All options are there; zsh itself reads it where there is one."""
    text = read(path)
    check_names(text, scan, lambda name: f"--{name}", "the completion for zsh has every option")
    check(text.startswith("#compdef tlsweep\n"), "zsh finds what it completes in the first line")
    if shutil.which("zsh") is None:
        print("# zsh is not installed")
        return
    made = run("zsh", "-n", path)
    check(made.returncode == 0 and made.stderr == "", "zsh reads the completion",
          made.stderr.splitlines())


def main():
    program, pages, man, bash, zsh, docs = map(os.path.abspath, sys.argv[1:])
    scan = options_of(program, "scan")
    targets = run(program, "targets", "--help").stdout
    check(len(scan) > 60, "--help lists the options")
    check_docs(pages, docs)
    check_names(read(os.path.join(docs, "scan.md")), scan, lambda name: f"--{name}",
                "docs/scan.md has every option")
    check_names(read(man), scan, lambda name: "\\-\\-" + name.replace("-", "\\-") + "\\fR",
                "the man page has every option")
    check_man(man)
    check_bash(bash, scan, targets)
    check_tab(bash)
    check_zsh(zsh, scan)
    print(f"1..{len(checks)}")
    return 0 if all(checks) else 1


if __name__ == "__main__":
    sys.exit(main())
