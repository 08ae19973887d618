"""How many threads compute a call, and how many there are."""

import os

import options

THREADS = [1, 2, 3, 8]


def by(threads, call):
    with options.num_threads(threads):
        return call()


def all_threads():
    """How many threads this process has, whoever made them."""
    return len(os.listdir("/proc/self/task"))
