"""How calls of bodies end that do not end well: failures, signals, flags, and what memory and the GIL see of them."""

import signal
import threading
import time

import child
import numpy as np
import options
import pytest
from test_gil import longest_pause


@pytest.mark.parametrize(
    ("how", "error", "message"),
    [
        ("value", ValueError, r"fails\(\): it is 3"),
        ("index", IndexError, r"fails\(\): it is 3"),
        ("arithmetic", ArithmeticError, r"fails\(\): it is 3"),
        ("linalg", np.linalg.LinAlgError, r"fails\(\): it is 3"),
        ("runtime", RuntimeError, r"fails\(\): it is 3"),
        ("error", ValueError, r"fails\(\): out of range"),
        ("panic", RuntimeError, r"fails\(\) panicked: not above"),
        ("bounds", RuntimeError, r"fails\(\) panicked: .*index"),
    ],
)
def test_an_item_that_fails_raises(how, error, message, capfd):
    x = np.arange(10.0)[:, None]
    out = np.zeros((10, 1))
    with pytest.raises(error, match=message):
        options.fails(x, how=how, at=3.0, out=out)
    # Items before it are written.
    assert out[:3].all() and not out[4:].any()
    assert capfd.readouterr().err == ""
    assert options.fails(x, how="not").sum() == 10


@pytest.mark.parametrize("items", [1, 1000])
def test_a_signal_ends_a_long_item_and_a_long_call(items):
    x = np.ones((items, 1))
    seconds = 5.0 if items == 1 else 0.01
    former = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    begun = time.perf_counter()
    try:
        with pytest.raises(KeyboardInterrupt):
            options.spin(x, seconds=seconds, listen=items == 1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    # Well before its end, however busy the machine is.
    assert time.perf_counter() - begun < 1.5
    assert options.spin([[7.0]], seconds=0.0) == [7.0]


def test_a_long_item_lets_other_threads_run():
    ticks = []
    threads = [threading.Thread(target=lambda: ticks.append(time.perf_counter())) for _ in range(3)]
    timer = threading.Timer(0.1, lambda: [thread.start() for thread in threads])
    timer.start()
    begun = time.perf_counter()
    options.spin([1.0], seconds=2.0)
    timer.join()
    [thread.join() for thread in threads]
    assert max(ticks) - begun < 1.8


def test_the_gil_is_released_by_the_work_in_all_items():
    """NumPy's own gufuncs hold it for 500 items or fewer."""
    ones = np.broadcast_to(1.0, (2, 400_000_000))
    result, taken, pause = longest_pause(lambda: options.dot(ones, ones))
    assert result.tolist() == [4e8, 4e8]
    assert taken > 0.2, "too short to tell"
    assert pause < taken / 2


def test_flags_are_reported_where_values_bear_them_out():
    with pytest.warns(RuntimeWarning, match="divide by zero encountered in divides"):
        options.divides([1.0], [0.0])
    with pytest.warns(RuntimeWarning, match="invalid value encountered in divides"):
        options.divides([0.0, 1.0], [0.0, 1.0])
    with np.errstate(all="raise"):
        # A NaN that came, and a comparison with one.
        options.divides([np.nan, 1.0], [1.0, 2.0])
        options.divides([np.inf], [1.0])


def test_memory_stays_bounded():
    """Another dtype is converted item by item, never whole: that would take 80 MB. Threads may have their stacks."""
    grown = child.run("""
        import numpy as np, options

        def peak():
            (line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
            return int(line.split()[1])

        x, swapped, out = [np.full((400, 25_000), 1, dtype) for dtype in ("f4", ">f4", "f4")]
        options.fails(x[:1], out=out[:1])
        before = peak()
        options.fails(x, out=out)
        options.fails(swapped, out=out)
        print(peak() - before)
    """)
    assert int(grown) < 8_000
