"""Memory and threads that cannot be had: a MemoryError, or fewer threads, never the end of the process."""

import sys

import child
import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits as Linux has them")

#: Each in a process of its own, which may have so much more memory than it has. What cannot be had is said, what can is right.
LIMITED = """
    import os, resource, sys, warnings
    import cookbook, gilexample, numpy as np, options
    from threads import all_threads

    warnings.simplefilter("ignore")
    ones, matrix, rows = np.ones(300_000), np.ones((500, 600)), np.ones((3000, 7))
    swapped, large = matrix.astype(">f4")[:, ::-1], np.broadcast_to(1.0, 200_000_000)
    calls = {
        "sum": lambda: options.shared_sum(ones) == 300_000,
        "sums of columns": lambda: (options.shared_sum(matrix, axis=0) == 500).all(),
        "moments, converted": lambda: (options.shared_moments(swapped, axis=0)[0] == 1).all(),
        "few columns": lambda: (options.shared_moments(rows, axis=0)[0] == 1).all(),
        "masked": lambda: options.shared_sum(swapped, where=matrix > 0) == 300_000,
        "scan": lambda: options.shared_cumsum(swapped)[-1] == 300_000,
        "map": lambda: (options.shared_axpy(2.0, ones, ones) == 3).all(),
        "map, converted": lambda: (options.shared_axpy(2.0, swapped, matrix) == 3).all(),
        "items": lambda: (options.shared_running(swapped)[1] == 600).all(),
        "along items": lambda: (options.shared_outer(ones[:2000], ones[:100])[0] == 1).all(),
        "in place": lambda: options.shared_double(rows[:, ::2]) is None,
        "larger than there is memory": lambda: gilexample.axpy(2.0, large, 1.0).size == large.size,
        "so is scratch": lambda: options.outer(ones, ones) == 1,
        "so are items": lambda: options.matmul(ones[:, None], ones[None, :]).size == 0,
        "so is a converted array": lambda: options.whole(np.broadcast_to(np.float32(1), large.size)) == large.size,
        "so are results": lambda: gilexample.sum(np.broadcast_to(1.0, (100_000_000, 2)), axis=1).size == 100_000_000,
    }
    # Stacks of threads that a child has not are there for its own.
    stacks = all_threads()
    size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    for headroom in HEADROOMS:
        for name, call in calls.items():
            process = os.fork()
            if process == 0:
                options.set_num_threads(64)
                before = all_threads()
                resource.setrlimit(resource.RLIMIT_AS, (size + (headroom << 20),) * 2)
                try:
                    code = 0 if call() else 1
                except MemoryError:
                    code = 2
                if code == 0 and all_threads() - before > headroom // 8 + stacks:
                    code = 3
                os._exit(code)
            _, status = os.waitpid(process, 0)
            print(headroom, name, os.waitstatus_to_exitcode(status), sep=";")
"""


def test_too_little_memory_is_a_memory_error_or_fewer_threads():
    said = child.run(LIMITED.replace("HEADROOMS", "[1, 4, 30, 100, 300]"), PYTHONWARNINGS="ignore")
    codes = {}
    for line in said.splitlines():
        headroom, name, code = line.split(";")
        codes[int(headroom), name] = int(code)
    ends = {key: code for key, code in codes.items() if code not in (0, 2)}
    assert not ends, "results that are wrong (1), more threads than there is room for (3), or a signal"
    # What has to be had is not refused, and what cannot be had is.
    assert all(code == 0 for (headroom, name), code in codes.items() if headroom == 100 and not name.startswith(("larger", "so ")))
    assert all(code == 2 for (headroom, name), code in codes.items() if headroom < 300 and name.startswith(("larger", "so ")))
