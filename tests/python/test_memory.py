"""No array is copied, and nothing is kept."""

import gc
import sys

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
    def counts():
        dtypes = [np.dtype(code) for code in "?bhilqBHILQefdFDO"]
        return [sys.getrefcount(each) for each in [value, getattr(value, "dtype", None), *dtypes]]

    def round_():
        try:
            call(value)
        except (TypeError, ValueError, RuntimeError):
            pass

    round_()
    gc.collect()
    before = counts()
    for _ in range(100):
        round_()
    gc.collect()
    after = counts()
    assert max(abs(a - b) for a, b in zip(after, before)) < 50


def test_an_array_lives_as_long_as_its_sum_runs():
    """The only reference goes away while the loop runs in another thread."""
    child.run("""
        import threading, time, weakref
        import gilexample, numpy as np

        class Array(np.ndarray):
            pass

        x = np.broadcast_to(1.0, 500_000_000).view(Array)
        watched = weakref.ref(x)
        totals = []
        thread = threading.Thread(target=lambda held: totals.append(gilexample.sum(held.pop())), args=([x],))
        del x
        thread.start()
        time.sleep(0.02)
        assert watched() is not None
        thread.join()
        assert totals == [5e8]
        assert watched() is None
    """)
