"""No array is copied, and nothing is kept."""

import ctypes
import gc
import os
import signal
import sys
import time

import child
import cookbook
import gilexample
import layouts
import numpy as np
import options
import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

#: All views of the same 64 MB, so that making them needs no memory.
VIEWS = {
    "plain": "raw[:-8].view('f8')",
    "byte-swapped": "raw[:-8].view('>f8')",
    "unaligned": "raw[1:-7].view('f8')",
    "single": "raw[:-8].view('f4')",
    "integer": "raw[:-8].view('i8')",
    "half": "raw[:-8].view('f2')",
    "bool": "raw.view('?')",
    "strided": "raw[:-8].view('f8')[::2]",
    "reversed": "raw[:-8].view('f8')[::-1]",
    "transposed": "raw[:2**26].view('f8').reshape(2048, 4096).T",
    "packed": "raw[:-8][: (raw.size - 8) // 9 * 9].view([('v', 'f8'), ('_', 'u1')])['v']",
}


def growth(call, view):
    """By how many bytes the process grows at most during a call."""
    return int(child.run(f"""
        import cookbook, gilexample, options, numpy as np

        def peak():
            (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
            return int(line.split()[1]) * 1024

        raw = np.zeros(2**26 + 8, np.uint8)
        raw.fill(0)
        x = {view}
        small = x[tuple(slice(0, 40) for _ in x.shape)]
        call = lambda x: {call}
        call(small)
        before = peak()
        call(x)
        print(peak() - before)
    """))


@pytest.mark.parametrize("view", VIEWS)
def test_a_sum_needs_no_memory(view):
    assert growth("gilexample.sum(x)", VIEWS[view]) < 2**20


def test_it_would_show():
    assert growth("options.whole(x)", VIEWS["byte-swapped"]) > 2**25


@pytest.mark.parametrize("call", ["cookbook.dot(x, x[::-1])", "cookbook.argmax(x)", "cookbook.mean_var(x)", "options.last(x)"])
def test_neither_do_other_kernels(call):
    assert growth(call, VIEWS["byte-swapped"]) < 2**20


def references(*objects):
    """How many there are to each object and its dtype, and to NumPy's own dtypes."""
    dtypes = [np.dtype(code) for code in "?bhilqBHILQefdFDO"]
    return [sys.getrefcount(each) for value in objects for each in (value, getattr(value, "dtype", None))] + [
        sys.getrefcount(dtype) for dtype in dtypes
    ]


CALLS = [
    lambda x: gilexample.sum(x),
    lambda x: cookbook.dot(x, x),
    lambda x: cookbook.mean_var(x, ddof=1),
    lambda x: options.whole(x),
    lambda x: options.never(x),
    lambda x: options.row(x),
    lambda x: options.cast_no(x),
    lambda x: options.cast_unsafe(x),
    lambda x: options.fragile(x),
    lambda x: options.bounded(x, k=0),
    lambda x: options.echo(x, small="1"),
    lambda x: cookbook.count_above(x),
    lambda x: cookbook.dot(x, np.zeros(7, "f8")),
    lambda x: gilexample.sum(x, x),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "value",
    [
        np.full(5, 1e301),
        np.full(100_000, 1e301),
        layouts.everything_at_once(np.ones(5000)),
        np.ones(5, "c16"),
        np.ones(5, "O"),
        np.ma.ones(5),
        [1.0, 2.0],
        2.5,
    ],
    ids=lambda value: f"{type(value).__name__}",
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_reference_is_kept_or_lost(call, value):
    def round_():
        try:
            call(value)
        except (TypeError, ValueError, RuntimeError):
            pass

    round_()
    gc.collect()
    before = references(value)
    for _ in range(100):
        round_()
    gc.collect()
    after = references(value)
    assert max(abs(a - b) for a, b in zip(after, before)) < 50


X, MATRIX, LARGE = np.ones(100), np.ones((40, 50)), np.ones(70_000)
SWAPPED, INTEGERS, OBJECTS, OUT = MATRIX.astype(">f8")[:, ::-1], np.arange(9), np.ones(3, "O"), np.ones((40, 50))
HALF, EVIL = np.ones((300, 2)), np.ones((300, 2))
HALF[200], EVIL[200] = -1, 1e9
STATE = cookbook.mean_var.partial(X)
ARRAYS = [X, MATRIX, LARGE, SWAPPED, INTEGERS, OBJECTS, OUT, HALF, EVIL, STATE]
#: What each kind of kernel can come to: results, and every way to fail.
ENDS = {
    "fold": lambda: gilexample.sum(X),
    "fold of a list": lambda: gilexample.sum([1.0, 2.0]),
    "fold of any layout": lambda: cookbook.mean_var(SWAPPED, axis=0, ddof=1),
    "fold, many results": lambda: options.total(MATRIX, axis=1, keepdims=True, initial=3.0, where=MATRIX > 2),
    "fold, out": lambda: options.total(MATRIX, axis=1, out=OUT[:, 0]),
    "fold, out that overlaps": lambda: options.total(OUT, axis=1, out=OUT[:, 0]),
    "fold in pieces": lambda: cookbook.mean_var.finish(cookbook.mean_var.combine(STATE, STATE)),
    "fold, divided": lambda: options.shared_moments(SWAPPED, axis=0),
    "fold, wrong dtype": lambda: gilexample.sum(OBJECTS),
    "fold, wrong shapes": lambda: cookbook.dot(X, INTEGERS),
    "fold, wrong axis": lambda: gilexample.sum(X, axis=3),
    "fold, wrong out": lambda: options.total(MATRIX, axis=1, out=X),
    "fold, wrong keyword": lambda: gilexample.sum(X, axes=3),
    "fold of nothing": lambda: cookbook.argmax(X[:0]),
    "fold, wrong param": lambda: options.bounded(X, k=0),
    "fold, panic": lambda: options.fragile(np.full(20, 1e301)),
    "fold, panic without the GIL": lambda: options.fragile(np.full(20_000, 1e301)),
    "scan": lambda: options.running_mean(SWAPPED, axis=0),
    "scan, divided": lambda: options.shared_cumsum(MATRIX, axis=1),
    "map": lambda: gilexample.axpy(2.0, X, X),
    "map, out": lambda: gilexample.axpy(2.0, MATRIX, SWAPPED, out=OUT),
    "map, divided": lambda: options.shared_divmod(MATRIX, SWAPPED, scale=2.0),
    "map, large": lambda: gilexample.axpy(2.0, LARGE, LARGE),
    "map by NumPy": lambda: gilexample.axpy(2.0, MATRIX, SWAPPED, where=MATRIX > 2, out=OUT),
    "map, wrong dtype": lambda: gilexample.axpy(2.0, OBJECTS, OBJECTS),
    "map, wrong shapes": lambda: gilexample.axpy(2.0, X, INTEGERS),
    "map, wrong out": lambda: gilexample.axpy(2.0, X, X, out=INTEGERS),
    "map, panic": lambda: options.picky(-X, X),
    "map of params, wrong": lambda: options.scaled(X, by="2"),
    "body": lambda: options.running(X),
    "body of any layout": lambda: options.matmul(SWAPPED, SWAPPED.T, axes=[(0, 1), (1, 0), (0, 1)]),
    "body, params and scratch": lambda: options.every(options.in_order(SWAPPED), step=3),
    "body, out": lambda: options.running(MATRIX, out=OUT),
    "body, out that overlaps": lambda: options.running(OUT[:, ::-1], out=OUT),
    "body in place": lambda: options.reverse(None, OUT),
    "body in place, refused": lambda: options.exchange(OUT, OUT),
    "body, divided": lambda: options.shared_running(SWAPPED),
    "body, divided along": lambda: options.shared_outer(X, X),
    "body, wrong dtype": lambda: options.running(OBJECTS),
    "body, wrong shapes": lambda: options.matmul(MATRIX, MATRIX),
    "body, wrong lengths": lambda: options.symmetric(X, X, X),
    "body, error of Rust's": lambda: options.pick(X, -INTEGERS),
    "body, every failure": lambda: [swallow(lambda how=how: options.fails(X, how=how, at=1.0)) for how in HOW],
    "body, failure of a thread": lambda: options.shared_fails(HALF),
    "body, panic of a thread": lambda: options.shared_fails(EVIL),
}
HOW = ["value", "index", "arithmetic", "linalg", "runtime", "error", "panic", "bounds"]


def swallow(call):
    try:
        return call()
    except (ArithmeticError, IndexError, RuntimeError, TypeError, ValueError, KeyboardInterrupt) as error:
        return type(error)


class Information(ctypes.Structure):
    """What `mallinfo2` says."""

    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]


def kept(call, times, enough=(0.5, 0.5, 14)):
    """How many references, blocks of Python's and bytes of the C library's there are more for each of so many calls.

    Of five rounds the least: a thread may have its first part in any of them, and keep blocks for itself from then on. One round is
    all where there is less than `enough`.
    """
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = Information

    def use():
        gc.collect()
        found = mallinfo()
        return np.array(references(*ARRAYS)), sys.getallocatedblocks(), found.uordblks + found.hblkhd

    # What is made once: caches, threads, the blocks that each of them keeps for itself.
    for _ in range(max(times // 5, 20)):
        swallow(call)
    least = np.full(3, np.inf)
    for _ in range(5):
        before = use()
        for _ in range(times):
            swallow(call)
        time.sleep(0.05)  # A thread that was late has nothing to do any more.
        references_, blocks, bytes_ = (after - before for after, before in zip(use(), before))
        least = np.minimum(least, np.array([np.abs(references_).max(), blocks, bytes_]) / times)
        if (least < enough).all():
            break
    return least.tolist()


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="asks glibc")
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nothing_is_kept_of_a_call_however_it_ends(end):
    """With KERNELGEN_FIRE, as many calls as it says times 1000."""
    long = int(os.environ.get("KERNELGEN_FIRE", "0"))
    with options.num_threads(3):
        references_, blocks, bytes_ = kept(ENDS[end], 1000 * long or 1000)
    assert (references_ < 0.5, blocks < 0.5, bytes_ < 14) == (True, True, True), (references_, blocks, bytes_)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="asks glibc")
def test_nor_of_calls_that_signals_end():
    former = signal.signal(signal.SIGALRM, signal.default_int_handler)

    def call():
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        options.shared_sleeps(np.full(1000, 1.0))

    try:
        assert swallow(call) is KeyboardInterrupt
        with options.num_threads(3):
            references_, blocks, bytes_ = kept(call, 20, enough=(0.5, 5, 300))
    finally:
        signal.signal(signal.SIGALRM, former)
    assert references_ < 0.5 and blocks < 5 and bytes_ < 300


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="asks glibc")
def test_what_is_kept_would_show():
    held = []
    assert kept(lambda: held.append(X), 1000)[0] > 0.9
    assert kept(lambda: held.append(object()), 1000)[1] > 0.9
    malloc = ctypes.CDLL(None).malloc
    assert kept(lambda: malloc(16), 1000)[2] > 16


def test_an_array_lives_as_long_as_its_sum_runs():
    """The only reference goes away while the loop runs in another thread."""
    child.run("""
        import threading, time, weakref
        import gilexample, numpy as np

        class Array(np.ndarray):
            pass

        x = np.broadcast_to(1.0, 5_000_000_000).view(Array)
        watched = weakref.ref(x)
        totals = []
        thread = threading.Thread(target=lambda held: totals.append(gilexample.sum(held.pop())), args=([x],))
        del x
        thread.start()
        time.sleep(0.02)
        kept = watched() is not None
        assert kept or not thread.is_alive()
        thread.join()
        assert totals == [5e9]
        assert watched() is None
    """)
