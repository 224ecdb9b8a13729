#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Hold JSON lines against a schema of docs/schema.

    validate.py SCHEMA FILE.jsonl     one document on each line
    validate.py --whole SCHEMA FILE   one document in the file

Prints the first faults with file and line. Exit code 0: every document is valid and there is at least one.
"""
import argparse
import json
import sys

from jsonschema import Draft202012Validator

FAULTS_SHOWN = 10


def no_repeats(pairs):
    """Refuse an object that has a key twice: readers disagree about which one counts."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice in {keys}")
    return dict(pairs)


def parse(text):
    """Strict JSON: UTF-8, no NaN, no repeated keys."""
    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    return json.loads(text.decode("utf-8", "strict"), object_pairs_hook=no_repeats, parse_constant=refuse)


def load_validator(path):
    """A validator for the schema file, itself checked."""
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def documents(path, whole):
    """Pairs of line number and bytes."""
    with open(path, "rb") as file:
        data = file.read()
    if whole:
        return [(1, data)]
    if data and not data.endswith(b"\n"):
        raise ValueError(f"{path}: the last line is not whole")
    return list(enumerate(data.split(b"\n")[:-1], start=1))


def faults(path, validator, whole=False):
    """Sentences about everything that is wrong with the file."""
    try:
        found = documents(path, whole)
    except (OSError, ValueError) as error:
        return [str(error)]
    if not found:
        return [f"{path}: empty"]
    wrong = []
    for number, text in found:
        try:
            document = parse(text)
        except ValueError as error:
            wrong.append(f"{path}:{number}: {error}")
            continue
        for error in validator.iter_errors(document):
            wrong.append(f"{path}:{number}: {error.json_path}: {error.message[:300]}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--whole", action="store_true", help="the file is one document")
    parser.add_argument("schema")
    parser.add_argument("file")
    args = parser.parse_args()
    wrong = faults(args.file, load_validator(args.schema), args.whole)
    for sentence in wrong[:FAULTS_SHOWN]:
        print(sentence, file=sys.stderr)
    if len(wrong) > FAULTS_SHOWN:
        print(f"... and {len(wrong) - FAULTS_SHOWN} more", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
