"""How calls of several threads end before their end: signals, failures, panics, flags, the interpreter's own end."""

import signal
import subprocess
import sys
import textwrap
import time

import child
import gilexample
import numpy as np
import options
import pytest
from threads import THREADS, by


def billions():
    return np.broadcast_to(1.0, 3_000_000_000)


LONG = {
    "sum": lambda: (options.released, billions()),
    "sum of columns": lambda: (lambda x: gilexample.sum(x, axis=1), np.broadcast_to(1.0, (2, 1_500_000_000))),
    "rows at once": lambda: (lambda x: gilexample.sum(x, axis=0), np.broadcast_to(np.ones(1000), (3_000_000, 1000))),
    "converted": lambda: (gilexample.sum, np.broadcast_to(np.float32(1), 9_000_000_000)),
    "held": lambda: (options.held, billions()),
    "map": lambda: (options.worked_map, np.ones(50_000_000)),
    "map, any layout": lambda: (options.worked_map, np.ones((50_000_000, 2), "f4")[:, 0]),
    "scan": lambda: (options.shared_cumsum, np.ones(200_000_000, "f4")),
    "short slices": lambda: (lambda x: options.shared_moments(x, axis=0), np.broadcast_to(1.0, (16, 40_000_000))),
    "items": lambda: (options.shared_sleeps, np.ones(5000)),
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_signal_ends_what_takes_long(name, threads):
    call, x = LONG[name]()

    def taken():
        former = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            with options.num_threads(threads), gilexample.num_threads(threads):
                begun = time.perf_counter()
                signal.setitimer(signal.ITIMER_REAL, 0.3)
                with pytest.raises(KeyboardInterrupt):
                    call(x)
                return time.perf_counter() - begun
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, former)

    # 100 ms are promised, after 300; a machine that is busy with other things may take longer at times.
    assert any(taken() < 0.8 for _ in range(3))
    assert by(threads, lambda: options.shared_sum(np.ones(100_000))) == 100_000


@pytest.mark.parametrize("threads", [1, 2])
def test_a_destructor_that_the_interpreter_runs_at_last_may_take_long(threads):
    said = child.run(f"""
        import gilexample, numpy as np

        class Last:
            def __init__(self):
                self.sum, self.x = gilexample.sum, np.broadcast_to(1.0, 900_000_000)

            def __del__(self):
                print(self.sum(self.x), flush=True)

        gilexample.set_num_threads({threads})
        last = Last()
    """)
    assert said == "900000000.0"


@pytest.mark.parametrize("threads", THREADS)
def test_the_error_is_that_of_the_first_item_that_fails(threads):
    for _ in range(20):
        x = np.ones((500, 2))
        x[[100, 101, 250, 499], 0] = -100, -101, -250, -499
        with pytest.raises(ValueError, match="item -100 is negative"):
            by(threads, lambda: options.shared_fails(x))


@pytest.mark.parametrize("threads", THREADS)
def test_a_panic_of_a_thread_is_an_error_with_the_kernels_name(threads, capfd):
    x = np.ones((500, 2))
    for place in (0, 250, 499):
        x[:, 0] = 1
        x[place, 0] = 1e9
        with pytest.raises(RuntimeError, match="shared_fails.*a number of evil"):
            by(threads, lambda: options.shared_fails(x))
        assert capfd.readouterr().err == ""
    assert by(threads, lambda: options.shared_sum(np.ones(100_000))) == 100_000


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("place", [0, 25_000, 49_999])
def test_flags_of_all_threads_are_reported(threads, place):
    x, y = np.ones(50_000), np.ones(50_000)
    y[place] = 0
    for a, b in [(x, y), (x[::-1], y[::-1]), (x.astype("f4"), y)]:
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
            by(threads, lambda: options.shared_divmod(a, b))
    x[[place, place ^ 1]] = 1.7e308
    for a in (x, x[::-1], x.reshape(-1, 2), x.reshape(2, -1, order="F")):
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
            by(threads, lambda: options.shared_sum(a, axis=a.shape.index(2) if a.ndim == 2 else None))
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
        by(threads, lambda: options.shared_fails(y[:, None]))
    with np.errstate(all="raise"):
        by(threads, lambda: options.shared_axpy(2.0, y, y))


#: What daemon threads do when the interpreter ends: kernels without the GIL, and what NumPy does without it on behalf of a kernel.
BUSY = {
    "kernels": "options.shared_sum(x); options.shared_sleeps(np.full(20, 1.0))",
    "NumPy's driver": "gilexample.axpy(2.0, square, 1.0, where=mask, out=square)",
    "a copy": "options.running(square[:, ::-1], out=square)",
}
#: What is done at last, when modules are taken apart: others may have the GIL meanwhile. An object of `__main__` would not be reached.
LATE = """
    import sys, threading, time, types, gilexample, cookbook, numpy as np, options
    x, square, mask = np.ones(100_000), np.zeros((300, 300)), np.zeros((300, 300), bool)

    class Late:
        def __del__(self, late=lambda: ACTION, write=sys.stdout.write, str=str):
            write(str(late()))

    module = sys.modules["late"] = types.ModuleType("late")
    module.late = Late()
    del module
"""


@pytest.mark.parametrize("busy", BUSY)
def test_the_interpreter_ends_while_threads_compute(busy):
    code = f"""
        options.set_num_threads(3)
        options.shared_sum(x)

        def compute():
            while True:
                {BUSY[busy]}

        for _ in range(3):
            threading.Thread(target=compute, daemon=True).start()
        time.sleep(0.05)
    """
    late = textwrap.dedent(LATE).replace("late=lambda: ACTION", "late=time.sleep").replace("late()", "late(0.1)", 1)
    for _ in range(3):
        assert child.run(late + textwrap.dedent(code)) == "None"


@pytest.mark.parametrize(
    "call",
    [
        "g.sum(x)", "g.sum([1.0, 2.0])", "g.sum(x[::2])", "g.axpy(2.0, x[::2], 1.0).shape", "g.axpy(2, 1, 1, where=True)",
        "o.running(square[:, ::2]).shape", "o.shared_sum(x)", "o.fails(x).shape", "c.mean_var(x, ddof=1)",
    ],
)
def test_kernels_compute_while_the_interpreter_ends(call):
    arguments = "g=gilexample, o=options, c=cookbook, x=x, square=square"
    assert child.run(LATE.replace("lambda: ACTION", f"lambda {arguments}: {call}"))


def test_an_error_while_the_interpreter_ends_is_an_error():
    action = "lambda c=cookbook, x=x: c.argmax(x[:0])"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LATE).replace("lambda: ACTION", action)], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "ValueError: zero-size array" in done.stderr
