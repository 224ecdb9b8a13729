#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The rooms of the house: their list, and a view of each for the compiler.

    scripts/rooms.py BUILD_FOLDER   make the views, print the rooms, one a line

A view is a folder BUILD_FOLDER/rooms/<room with dashes> that shows one room at its place below the root. A library
is compiled with its own view and those of the rooms it uses instead of the root, so that an include of any other
room finds no file.
"""
import os
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def read_list(path=os.path.join(ROOT, 'scripts', 'rooms.list')):
    """The rooms in their order."""
    with open(path, encoding='utf-8') as lines:
        return [line.strip() for line in lines if line.strip() and not line.startswith('#')]


def make_views(build, rooms):
    """Make the views anew; those of rooms that are gone go with them."""
    views = os.path.join(build, 'rooms')
    shutil.rmtree(views, ignore_errors=True)
    for room in rooms:
        link = os.path.join(views, room.replace('/', '-'), room)
        os.makedirs(os.path.dirname(link))
        os.symlink(os.path.join(ROOT, room), link)


if __name__ == '__main__':
    ROOMS = read_list()
    make_views(sys.argv[1], ROOMS)
    print('\n'.join(ROOMS))
