"""Other threads, while a loop runs."""

import concurrent.futures
import threading
import time

import child
import cookbook
import gilexample
import numpy as np
import options
import pytest


def billions():
    """Two thousand million ones in eight bytes: a long sum with an exact result."""
    return np.broadcast_to(1.0, 2_000_000_000)


def longest_pause(call):
    """How long `call` takes, and how long another thread stands still meanwhile."""
    go, stop, pauses = threading.Event(), threading.Event(), []

    def watch():
        go.set()
        last = time.perf_counter()
        while not stop.is_set():
            now = time.perf_counter()
            pauses.append(now - last)
            last = now
            time.sleep(0.001)

    thread = threading.Thread(target=watch)
    thread.start()
    go.wait()
    begun = time.perf_counter()
    result = call()
    taken = time.perf_counter() - begun
    stop.set()
    thread.join()
    return result, taken, max(pauses)


def test_another_thread_goes_on_during_a_long_sum():
    result, taken, pause = longest_pause(lambda: gilexample.sum(billions()))
    assert result == 2e9
    assert taken > 0.2, "too short to tell"
    assert pause < taken / 2


def test_it_would_not_with_the_gil_held():
    """What the test above would see if the GIL were kept: `gil = "hold"`."""
    result, taken, pause = longest_pause(lambda: options.held(billions()))
    assert result == 2e9
    assert pause > taken / 2


def test_the_gil_is_released_however_the_array_is_shaped():
    x = np.broadcast_to(np.float32(1), (2, 1, 50_000, 20_000))[:, :, ::-1]
    result, taken, pause = longest_pause(lambda: gilexample.sum(x))
    assert result == x.size
    assert pause < taken / 2


@pytest.mark.parametrize("n", [10, 1000, 100_000, 3_000_000])
def test_many_threads_at_once_get_the_same_bits(n):
    x = np.random.default_rng(n).normal(size=n)
    wanted = gilexample.sum(x)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: gilexample.sum(x), range(200 if n < 1e6 else 16))) == {wanted}


#: What another thread does to the array. NumPy refuses some of it while the array is in use.
MEDDLING = {
    "resize": "x.resize(10)",
    "resize to as many bytes": "x.resize(1, x.size)",
    "reshape": "x.shape = (x.size // 2, 2)",
    "change the strides": "x.strides = (0,)",
    "change the dtype": "x.dtype = np.uint8",
    "write": "x.fill(3.0)",
    "make read-only": "x.flags.writeable = False",
    "delete": "pass",
}


@pytest.mark.parametrize("dtype", ["f8", ">f8", "f4"])
@pytest.mark.parametrize("action", MEDDLING)
def test_what_another_thread_does_to_the_array_does_not_matter(action, dtype):
    """The sum is that of the array before or after; between the two where elements are written."""
    child.run(f"""
        import sys, threading, time, warnings
        import gilexample, numpy as np

        def meddle(x):
            try:
                {MEDDLING[action]}
            except ValueError:
                pass

        warnings.simplefilter("ignore")
        sys.setswitchinterval(1e-5)
        before = np.ones(1_000_000, {dtype!r})
        before[0] = 2.0
        after = before.copy()
        meddle(after)
        allowed = sorted([np.sum(before, dtype=float), np.sum(after, dtype=float)])
        for k in range(40):
            x = before.copy()
            go = threading.Event()
            totals = []

            def work(x):
                go.set()
                totals.append(gilexample.sum(x))

            thread = threading.Thread(target=work, args=(x,))
            thread.start()
            go.wait()
            time.sleep(k % 5 * 2e-4)
            meddle(x)
            del x
            thread.join()
            (total,) = totals
            between = {action == "write"} and allowed[0] <= total <= allowed[1]
            assert between or total in allowed, (total, allowed)
    """)


def test_a_child_computes_after_a_fork():
    child.run("""
        import os, warnings
        import gilexample, numpy as np

        warnings.simplefilter("ignore")
        x = np.arange(1_000_000.0)
        wanted = gilexample.sum(x)
        for _ in range(5):
            pid = os.fork()
            if pid == 0:
                os._exit(0 if gilexample.sum(x) == wanted else 3)
            _, status = os.waitpid(pid, 0)
            assert status == 0, status
    """)


def test_a_thread_that_runs_on_does_not_keep_the_process_from_ending():
    child.run("""
        import threading
        import gilexample, numpy as np

        x = np.broadcast_to(1.0, 200_000_000)
        threading.Thread(target=gilexample.sum, args=(x,), daemon=True).start()
    """)


@pytest.mark.parametrize("way", ["as it is", "reversed", "swapped"])
def test_another_thread_goes_on_during_a_long_ufunc(way):
    x = np.random.default_rng(0).random(60_000_000)
    x = {"as it is": x, "reversed": x[::-1], "swapped": x.astype(">f8")}[way]
    out = np.empty(x.size)
    with cookbook.num_threads(1):
        _, taken, pause = longest_pause(lambda: cookbook.logaddexp(x, x, out=out))
    assert taken > 0.1, "too short to tell"
    assert pause < taken / 2


@pytest.mark.parametrize("meddling", MEDDLING)
@pytest.mark.parametrize("dtype", ["f8", ">f8"])
def test_what_another_thread_does_to_the_operands_of_a_ufunc_does_not_matter(meddling, dtype):
    """Inputs and `out` that are given another shape, or lose their last name, while they are computed with."""
    child.run(f"""
        import sys, threading, warnings
        import numpy as np, gilexample
        warnings.simplefilter("ignore")
        sys.setswitchinterval(1e-5)

        def compute(x, out):
            try:
                gilexample.axpy(2.0, x, 1.0, out=out)
            except (TypeError, ValueError):
                pass  # It came too late.

        for _ in range(40):
            x, out = np.ones(200_000, "{dtype}"), np.zeros(200_000)
            held = [x, out]
            def meddle(x):
                try:
                    {MEDDLING[meddling]}
                except ValueError:
                    pass
            thread = threading.Thread(target=lambda: [meddle(held[0]), meddle(held[1]), held.clear()])
            call = threading.Thread(target=compute, args=(x, out))
            del x, out
            call.start(); thread.start(); call.join(); thread.join()
    """)
