"""Kernels under fire: `python fire.py SECONDS SEED [--no-forks]`.

Threads call all kernels, with arrays of their own and with some that all threads share, while others change, replace and drop
the shared ones, say how many threads may compute, and fork. What comes of arrays that nobody else has is right to the bit.
"""

import collections
import faulthandler
import os
import pickle
import resource
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import arguments
import cookbook
import gilexample
import kernels
import layouts
import numpy as np
import options

#: What says of itself where it was cut, and what would sleep for as long as a shared array says.
APART = {"cut", *arguments.TIMES}
KERNELS = [kernel for kernel in kernels.ALL if kernel.package != "prelude" and kernel.name not in APART]
PACKAGES = [gilexample, cookbook, options]
SHAPES = [(7,), (3, 400), (70_001,), (20_000, 3), (50, 40, 30), (1, 300_000)]
#: Smaller: nobody looks what fits, and some bodies take as long as the square of a length, or that much memory.
SHARED_SHAPES = [(7,), (3, 400), (4000,), (200, 30), (50, 40, 3), (1, 20_000)]
#: The longest for bodies: bytes that were c16 are sixteen times as many.
LONGEST = 20_000
SHARED = 24
#: Bytes that a run may have beside what it begins with.
ROOM = 3 << 30

done = collections.Counter()
wrong = []


def fitting(kernel, random):
    """A call of a kernel, in any layout."""
    if kernel.form == "body":
        call = arguments.sample(kernel, random, [(), (3,), (40, 2)][random.integers(3)], 5 + random.integers(40))
    else:
        call = arguments.sample(kernel, random, SHAPES[random.integers(len(SHAPES))], 1)
    if random.random() < 0.5:
        lay = layouts.ALL[random.integers(len(layouts.ALL))]
        call.arguments = [x if x is None else lay(x) for x in call.arguments]
    return call


class Own:
    """Calls whose arrays nobody changes, and what one thread alone makes of each."""

    def __init__(self, random):
        self.calls = []
        for kernel in KERNELS:
            call = fitting(kernel, random)
            with options.num_threads(1), cookbook.num_threads(1), gilexample.num_threads(1):
                self.calls.append((call, call.outcome()))

    def check(self, random):
        call, wanted = self.calls[random.integers(len(self.calls))]
        came = call.outcome()
        if came[:1] == ("MemoryError",):
            done["no room"] += 1
            return
        if came != wanted:
            wrong.append(str(call))
        done["right"] += 1


def fresh(random):
    """An array for all threads."""
    shape = SHARED_SHAPES[random.integers(len(SHARED_SHAPES))]
    return arguments.values(random, random.choice(["f8", "f4", "i8", ">f8", "?", "c16"]), shape)


def with_shared(shared, random):
    """Calls any kernel with shared arrays, an output among them at times: something must come of it, it does not matter what."""
    kernel = KERNELS[random.integers(len(KERNELS))]
    operands = [*kernel.spec.get("inputs", []), *kernel.spec.get("inouts", [])]
    given = [shared[random.integers(SHARED)] for _ in operands]
    if given and random.random() < 0.5:
        # So that operands fit together.
        given = [given[0]] * len(given)
    if kernel.form == "body" and any(x.size > LONGEST for x in given):
        return
    # Not to bodies: as many items as an `out` has would take for ever.
    has_out = kernel.form != "body" and len(kernel.spec["outputs"]) == 1 and random.random() < 0.3
    out = {"out": shared[random.integers(SHARED)]} if has_out else {}
    params = arguments.PARAMS.get(kernel.name, {})
    try:
        kernel.function(*given, **params, **out)
        done["shared"] += 1
    except (TypeError, ValueError, RuntimeError, IndexError, ArithmeticError, MemoryError, OverflowError) as error:
        done[type(error).__name__] += 1


def accumulate(x, _):
    """Writes for a while, without the GIL; through a view, for NumPy's loop is lost where another thread gives it a new shape."""
    view = x[...]
    np.maximum.accumulate(view, out=view)


#: Without NumPy's `sort`, which looks for no end where one value is its bound: while others write, it goes past the array's.
MEDDLING = [
    lambda x, r: x.resize(int(r.integers(1, x.size + 2))),
    lambda x, r: x.resize(1, x.size),
    lambda x, r: setattr(x, "shape", (x.size,)),
    lambda x, r: setattr(x, "shape", (x.size // 2, 2)),
    lambda x, r: setattr(x, "strides", (0,) * x.ndim),
    lambda x, r: setattr(x, "dtype", r.choice(["u1", "f8", "i8", "?", "f4", ">f8"])),
    lambda x, r: x.fill(r.integers(0, 3)),
    lambda x, r: x.__setitem__(..., x[::-1]),
    lambda x, r: setattr(x.flags, "writeable", bool(r.integers(2))),
    lambda x, r: pickle.loads(pickle.dumps(x)),
    lambda x, r: x.byteswap(inplace=True),
    accumulate,
]


def meddle(shared, random):
    """Does something to a shared array, or puts another in its place."""
    place = random.integers(SHARED)
    try:
        if random.random() < 0.2:
            shared[place] = fresh(random)
            return
        MEDDLING[random.integers(len(MEDDLING))](shared[place], random)
        done["meddled"] += 1
    except (ValueError, TypeError, AttributeError, MemoryError):
        done["refused"] += 1


def say(random):
    """Says how many threads may compute."""
    package = PACKAGES[random.integers(3)]
    package.set_num_threads(int(random.integers(1, 7)) if random.random() < 0.8 else None)
    time.sleep(0.001)


def fork(own, random):
    """A child computes, and so does a child of its own."""
    child = os.fork()
    if child == 0:
        # What other threads held at this moment is not to be waited for: a generator of its own.
        here = np.random.default_rng(os.getpid())
        wrong.clear()
        for _ in range(20):
            own.check(here)
        os._exit(1 if wrong else 0)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            done["forks"] += 1
            if status:
                wrong.append(f"a child ended with {status}")
            return
        time.sleep(0.002)
    os.kill(child, signal.SIGABRT)  # Its traceback, for it hangs.
    os.waitpid(child, 0)
    wrong.append("a child hangs")


class Alarm(BaseException):
    """A signal came."""


def under_alarms(own, until, random):
    """The main thread, whose calls are ended by signals."""
    armed = [False]

    def handler(*_):
        if armed[0]:
            armed[0] = False
            raise Alarm

    signal.signal(signal.SIGALRM, handler)
    while time.monotonic() < until and not wrong:
        try:
            armed[0] = True
            signal.setitimer(signal.ITIMER_REAL, random.random() * 0.05)
            while armed[0]:
                own.check(random)
        except Alarm:
            done["alarms"] += 1
    signal.setitimer(signal.ITIMER_REAL, 0)


def main(seconds, seed, forks=True):
    faulthandler.enable()
    faulthandler.dump_traceback_later(seconds + 100, exit=True)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    own = Own(np.random.default_rng(seed))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM,) * 2)
    shared = [fresh(np.random.default_rng([seed, k])) for k in range(SHARED)]
    sys.setswitchinterval(1e-4)
    until = time.monotonic() + seconds
    work = [own.check] * 3 + [lambda r: with_shared(shared, r)] * 3 + [lambda r: meddle(shared, r)] * 2 + [say]
    if forks:
        work.append(lambda r: fork(own, r))

    def run(each, random):
        np.seterr(all="ignore")
        try:
            while time.monotonic() < until and not wrong:
                each(random)
        except BaseException as error:
            wrong.append(repr(error))
            raise

    threads = [threading.Thread(target=run, args=(each, np.random.default_rng([seed, k, 1]))) for k, each in enumerate(work)]
    for thread in threads:
        thread.start()
    under_alarms(own, until, np.random.default_rng([seed, 2]))
    for thread in threads:
        thread.join()
    print(wrong[:5] or "right", dict(done))


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]), forks="--no-forks" not in sys.argv)
