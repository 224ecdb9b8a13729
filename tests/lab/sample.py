#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The record that docs/output.md shows is a real one: of the scan of the lab that stands above it.

usage: sample.py TLSWEEP SCHEMA_DIR
       sample.py TLSWEEP SCHEMA_DIR --write     put the record of a new run into the page
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'net'), os.path.join(HERE, '..', 'unit', 'json')]
import validate  # noqa: E402
from tap import Tap  # noqa: E402

PAGE = os.path.join(HERE, '..', '..', 'docs', 'output.md')
COMMAND, BEGIN, END = '    tlsweep scan -i lab ', '```json\n', '```\n'
WIDTH = 118
# What another run has too: facts about the host and about our words, not times and random bytes.
SAME = (('ip',), ('port',), ('domain',), *(('data', 'smtp', 'result', key) for key in (
    'banner', 'ehlo', 'ehlo_tls', 'starttls', 'quit', 'capabilities', 'post_tls_capabilities', 'service', 'responder')))


def layout(value, indent=0, lead=0):
    """JSON text; what fits on a line stands on one."""
    text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or indent + lead + len(text) <= WIDTH:
        return text
    inner = ' ' * (indent + 1)
    rows = [f'{json.dumps(key)}: {layout(part, indent + 1, len(key) + 4)}' for key, part in value.items()]
    lines, line = [], ''
    for row in rows:
        if line and ('\n' in line or '\n' in row or len(inner) + len(line) + len(row) + 2 > WIDTH):
            lines.append(line)
            line = row
        else:
            line = f'{line}, {row}' if line else row
    return '{' + f',\n{inner}'.join([*lines, line]) + '}'


def parts_of(page):
    """What is before the record, the words of its scan, the record, what is behind."""
    before, rest = page.split(BEGIN, 1)
    record, behind = rest.split(END, 1)
    command = next(line for line in reversed(before.splitlines()) if line.startswith(COMMAND))
    return before, shlex.split(command)[2:], record, behind


def run(program, words, folder):
    out = os.path.join(folder, 'out')
    words = [out if word == 'DIR' else word for word in words]
    done = subprocess.run([program, 'scan', '--no-huge', '-q', *words], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    with open(os.path.join(out, 'results.jsonl'), encoding='utf-8') as lines:
        return json.loads(lines.readline())


def shape(value):
    """The keys of an object all the way down, with the types at their ends."""
    if isinstance(value, dict):
        return {key: shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return 'number' if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def at(value, path):
    for key in path:
        value = value[key]
    return value


def main():
    program, schemas = os.path.abspath(sys.argv[1]), sys.argv[2]
    with open(PAGE, encoding='utf-8') as file:
        before, words, text, behind = parts_of(file.read())
    with tempfile.TemporaryDirectory() as folder:
        found = run(program, words, folder)
    if '--write' in sys.argv:
        with open(PAGE, 'w', encoding='utf-8') as file:
            file.write(before + BEGIN + layout(found) + '\n' + END + behind)
        return 0
    t = Tap()
    shown = validate.parse(text.encode())
    wrong = list(validate.load_validator(os.path.join(schemas, 'record.schema.json')).iter_errors(shown))
    t.ok(not wrong, 'the record in docs/output.md fits the schema', wrong[:3])
    t.eq(shape(shown), shape(found), 'it has the keys that the scan above it gives')
    for path in SAME:
        t.eq(at(shown, path), at(found, path), f"it has what the scan finds: {'.'.join(path)}")
    t.eq(text, layout(shown) + '\n', 'it is laid out as sample.py --write does it')
    return t.done()


if __name__ == '__main__':
    sys.exit(main())
