"""Several threads compute a call: the same bits, whatever the program does meanwhile."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import child
import gilexample
import layouts
import numpy as np
import options
import pytest
from hypothesis import given
from hypothesis import strategies as st

THREADS = [1, 2, 3, 8]


def by(threads, call):
    with options.num_threads(threads):
        return call()


def same_bits(a, b):
    a, b = (x if isinstance(x, tuple) else (x,) for x in (a, b))
    for x, y in zip(a, b, strict=True):
        assert (np.shape(x), np.asarray(x).dtype) == (np.shape(y), np.asarray(y).dtype)
        assert np.asarray(x).tobytes() == np.asarray(y).tobytes()


def dtype_of(dtype, number):
    return np.dtype(dtype).type(number)


def all_threads():
    """How many threads this process has, whoever made them."""
    return len(os.listdir("/proc/self/task"))


# -- the same bits ---------------------------------------------------------------------------------------------------------------

SHAPES = [(5000,), (70_001,), (10_000, 70), (3, 40_000), (40_000, 3), (700, 130), (20, 30, 40), (9, 1, 3000), (0, 5), ()]


def numbers(shape, dtype="f8", seed=0):
    x = np.random.default_rng(seed).normal(size=shape) * 100
    with np.errstate(invalid="ignore"):
        return x.astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["f8", "f4", "i2", ">f8", "c16"])
def test_maps(shape, dtype):
    x, y = numbers(shape, dtype), numbers(shape, dtype, 1)
    for lay in layouts.ALL:
        x, y = lay(x), lay(y)
        alone = by(1, lambda: options.shared_axpy(2, x, y))
        np.testing.assert_allclose(alone, 2 * x + y, rtol=1e-5)
        for threads in THREADS[1:]:
            same_bits(by(threads, lambda: options.shared_axpy(2, x, y)), alone)
            out = np.zeros(np.shape(x)[::-1], alone.dtype).T
            assert by(threads, lambda: options.shared_axpy(2, x, y, out=out)) is out
            same_bits(np.ascontiguousarray(out).reshape(np.shape(x)), np.ascontiguousarray(alone).reshape(np.shape(x)))


@pytest.mark.parametrize("threads", THREADS)
def test_maps_of_several_results_in_place_and_broadcast(threads):
    x, y = numbers((300, 100)), numbers(100, seed=1)
    quotient, remainder = by(threads, lambda: options.shared_divmod(x, y, scale=3.0))
    np.testing.assert_array_equal(quotient, 3 * x / y)
    np.testing.assert_array_equal(remainder, np.fmod(x, y).astype("f4"))
    own = x.copy()
    by(threads, lambda: options.shared_axpy(2.0, own, y, out=own))
    np.testing.assert_array_equal(own, 2 * x + y)


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("dtype, n", [("f8", 4_300_001), ("f4", 8_500_003), ("c16", 2_200_001), ("i2", 17_000_001)])
def test_large_results(threads, dtype, n):
    """Beyond the caches results go to memory by another way: every element, the first and last of a line among them."""
    x, y = np.arange(n).astype(dtype), np.arange(n)[::-1].astype(dtype)
    wanted = x * dtype_of(dtype, 2) + y
    same_bits(by(threads, lambda: options.shared_axpy(2, x, y)), wanted)
    for start in (0, 1, 3):
        around = np.zeros(n + 8, dtype)
        by(threads, lambda: options.shared_axpy(2, x, y, out=around[start : start + n]))
        same_bits(around[start : start + n], wanted)
        assert not around[:start].any() and not around[start + n :].any()
    if dtype == "f8":
        y[[5, n - 1]] = 0
        x[[5, n - 1]] = 1
        with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
            by(threads, lambda: options.shared_inverse(y))


REDUCTIONS = [
    (options.shared_sum, np.sum), (options.shared_nansum, np.nansum), (options.shared_argmax, np.argmax),
    (options.shared_moments, lambda x, axis: (np.mean(x, axis=axis), np.var(x, axis=axis))),
]


@pytest.mark.parametrize("kernel, numpys", REDUCTIONS)
@pytest.mark.parametrize("shape", [shape for shape in SHAPES if 0 not in shape])
def test_reductions(kernel, numpys, shape):
    x = numbers(shape)
    for lay in layouts.ALL:
        x = lay(x)
        for axis in [None, *range(x.ndim)]:
            alone = by(1, lambda: kernel(x, axis=axis))
            np.testing.assert_allclose(alone, numpys(x, axis=axis), rtol=1e-9, atol=1e-6)
            for threads in THREADS[1:]:
                same_bits(by(threads, lambda: kernel(x, axis=axis)), alone)


@pytest.mark.parametrize("dtype", ["f4", ">f8", "i4", "f2", "c8"])
def test_reductions_with_conversions(dtype):
    x = numbers((500, 60), dtype)
    for axis in (None, 0, 1):
        alone = by(1, lambda: options.shared_sum(x, axis=axis))
        for threads in THREADS[1:]:
            same_bits(by(threads, lambda: options.shared_sum(x, axis=axis)), alone)


@given(st.integers(1, 40_000), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.001, 0.5, 1.0]))
def test_masks_that_leave_out_whole_blocks(n, seed, density):
    x = numbers(n)
    random = np.random.default_rng(seed)
    mask = np.repeat(random.random(n // 1000 + 1) < density, 1000)[:n] | (random.random(n) < density / 100)
    alone = by(1, lambda: options.shared_sum(x, where=mask))
    np.testing.assert_allclose(alone, x[mask].sum(), rtol=1e-9, atol=1e-6)
    for threads in THREADS[1:]:
        same_bits(by(threads, lambda: options.shared_sum(x, where=mask)), alone)


@pytest.mark.parametrize("threads", THREADS)
def test_pieces_are_joined_in_order(threads):
    x = numbers((50_000, 2))
    assert by(threads, lambda: options.shared_last(x)) == x[-1, -1]
    np.testing.assert_array_equal(by(threads, lambda: options.shared_last(x, axis=0)), x[-1])


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_scans(threads, axis):
    for lay in layouts.ALL:
        x = lay(numbers((60, 500)))
        np.testing.assert_array_equal(by(threads, lambda: options.shared_cumsum(x, axis=axis)), np.cumsum(x, axis=axis))


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("dtype", ["f8", ">f8", "i2", "f2", "?"])
def test_bodies_over_leading_dimensions(threads, dtype):
    for lay in layouts.ALL:
        x = lay(np.random.default_rng(0).integers(0, 3, (7, 30, 9)).astype(dtype))
        sums, last = by(threads, lambda: options.shared_running(x))
        wanted = np.logical_or.accumulate(x, axis=-1) if dtype == "?" else np.cumsum(x, axis=-1, dtype=sums.dtype)
        np.testing.assert_array_equal(sums, wanted)
        np.testing.assert_array_equal(last, wanted[..., -1])


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("shape", [(), (1,), (3,), (40,)])
@pytest.mark.parametrize("dtype", ["f8", ">f8", "i4", "u1"])
def test_bodies_along_a_dimension(threads, shape, dtype):
    x, y = numbers((*shape, 101), "u1").astype(dtype), numbers((*shape, 7), "u1", 1).astype(dtype)
    z, rows = by(threads, lambda: options.shared_outer(x, y))
    np.testing.assert_array_equal(z, x[..., :, None].astype(z.dtype) * y[..., None, :].astype(z.dtype))
    np.testing.assert_array_equal(rows, np.broadcast_to(np.arange(101), rows.shape))
    out = np.zeros((7, 101, *shape[::-1]), "f8").T.swapaxes(-1, -2).swapaxes(-1, -2)
    assert by(threads, lambda: options.shared_outer(x, y, out=(out, None)))[0] is out
    np.testing.assert_array_equal(out, z)


@pytest.mark.parametrize("threads", THREADS)
def test_arrays_changed_in_place(threads):
    x = numbers((50, 40))
    own = x.copy()
    by(threads, lambda: options.shared_double(own[:, ::2]))
    np.testing.assert_array_equal(own[:, ::2], 2 * x[:, ::2])
    np.testing.assert_array_equal(own[:, 1::2], x[:, 1::2])


# -- how many threads ------------------------------------------------------------------------------------------------------------


def test_threads_compute_at_the_same_time():
    x = np.full(40, 5.0)

    def taken(kernel, threads):
        begun = time.perf_counter()
        by(threads, lambda: kernel(x))
        return time.perf_counter() - begun

    assert taken(options.shared_sleeps, 1) > 0.19
    assert taken(options.shared_sleeps, 8) < 0.12
    assert taken(options.alone_sleeps, 8) > 0.19
    assert taken(options.held_sleeps, 8) > 0.19


def test_what_is_said_of_threads():
    found = options.get_num_threads()
    assert found == len(os.sched_getaffinity(0)) or any(name.endswith("_NUM_THREADS") for name in os.environ)
    options.set_num_threads(3)
    try:
        assert options.get_num_threads() == 3
        with options.num_threads(5) as context:
            assert options.get_num_threads() == 5
            with context, options.num_threads(1):
                assert options.get_num_threads() == 1
            assert options.get_num_threads() == 5
            elsewhere = []
            thread = threading.Thread(target=lambda: elsewhere.append(options.get_num_threads()))
            thread.start()
            thread.join()
            assert elsewhere == [3]
        assert options.get_num_threads() == 3
    finally:
        options.set_num_threads(None)
    assert options.get_num_threads() == found
    # A package of its own has threads of its own.
    assert gilexample.get_num_threads() == found
    for wrong in (0, -1):
        for function in (options.set_num_threads, options.num_threads):
            with pytest.raises(ValueError, match=f"must be positive, got {wrong}"):
                function(wrong)
    with pytest.raises(TypeError):
        options.set_num_threads(1.5)


ENVIRONMENT = ["OPTIONS_NUM_THREADS", "KERNELGEN_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS"]


def test_the_nearest_variable_of_the_environment_holds():
    nothing = dict.fromkeys(ENVIRONMENT, "")
    for place, name in enumerate(ENVIRONMENT):
        lesser = dict.fromkeys(ENVIRONMENT[place + 1 :], "7")
        said = child.run("import options; print(options.get_num_threads())", **{**nothing, **lesser, name: "5"})
        assert said == "5", name
    code = """
        import os
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        import options
        print(options.get_num_threads())
    """
    assert child.run(code, **nothing) == "1"
    assert child.run(code, **{**nothing, "OMP_NUM_THREADS": "4,2"}) == "4"


def test_no_thread_is_made_before_it_is_worth_it():
    code = """
        import numpy as np, options
        from test_threads import all_threads
        before = all_threads()
        options.set_num_threads(4)
        options.shared_sum(np.ones(100)); options.running(np.ones(1000)); options.held_sleeps(np.ones(50))
        small = all_threads() - before
        options.shared_sum(np.ones(100_000))
        four = all_threads() - before
        options.set_num_threads(7)
        options.shared_sum(np.ones(100_000))
        options.set_num_threads(2)
        options.shared_sum(np.ones(100_000))
        print(small, four, all_threads() - before)
    """
    assert child.run(code) == "0 3 6"


def test_many_callers_have_no_more_helpers_than_one():
    code = """
        import concurrent.futures, time, numpy as np, options
        from test_threads import all_threads
        options.set_num_threads(4)
        before = all_threads()
        x = np.random.default_rng(0).random(300_000)
        wanted = options.shared_sum(x)
        with concurrent.futures.ThreadPoolExecutor(16) as callers:
            results = list(callers.map(lambda _: options.shared_sum(x), range(400)))
        time.sleep(0.3)  # Python's own threads are joined before they are gone.
        print(set(results) == {wanted}, all_threads() - before)
    """
    assert child.run(code) == "True 3"


def test_the_limits_of_joblib_and_of_dask_hold(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("""
import dask, joblib, numpy as np, options
from test_threads import all_threads

def many():
    import options
    return options.get_num_threads()

if __name__ == "__main__":
    with joblib.parallel_config(backend="loky", inner_max_num_threads=3):
        print(*joblib.Parallel(n_jobs=2)(joblib.delayed(many)() for _ in range(4)))
    options.set_num_threads(3)
    x = np.random.default_rng(0).random(100_000)
    wanted = options.shared_sum(x)
    sums = dask.compute(*[dask.delayed(options.shared_sum)(x) for _ in range(100)], scheduler="threads", num_workers=8)
    print(set(sums) == {wanted})
""")
    said = child.run(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')", PYTHONPATH=os.path.dirname(__file__))
    assert said == "3 3 3 3\nTrue"


# -- processes -------------------------------------------------------------------------------------------------------------------

FORK = """
    import os, sys, threading, time
    import numpy as np, options
    options.set_num_threads(3)
    x = np.random.default_rng(0).random(100_000)
    wanted = options.shared_sum(x)
    stop = threading.Event()

    def compute():
        while not stop.is_set():
            options.shared_sum(x)

    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()

    def fork(depth):
        child = os.fork()
        if child == 0:
            right = all(options.shared_sum(x) == wanted for _ in range(3))
            if depth and right:
                right = fork(depth - 1)
            os._exit(0 if right else 1)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                return status == 0
            time.sleep(0.001)
        os.kill(child, 9)
        os.waitpid(child, 0)
        return False

    good = sum(fork(depth=1) for _ in range(ROUNDS))
    stop.set()
    for thread in threads:
        thread.join()
    print(good)
"""


def test_a_forked_child_computes_with_threads_of_its_own_while_others_compute():
    assert child.run(FORK.replace("ROUNDS", "50"), PYTHONWARNINGS="ignore") == "50"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(method, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"""
import multiprocessing, numpy as np, options

def total(seed):
    return options.shared_sum(np.random.default_rng(seed).random(50_000))

if __name__ == "__main__":
    options.set_num_threads(3)
    here = [total(seed) for seed in range(20)]
    with multiprocessing.get_context({method!r}).Pool(3) as pool:
        print(pool.map(total, range(20)) == here)
""")
    assert child.run(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')", PYTHONWARNINGS="ignore") == "True"


# -- ends ------------------------------------------------------------------------------------------------------------------------


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
    "items": lambda: (options.shared_sleeps, np.ones(5000)),
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_signal_ends_what_takes_long(name, threads):
    call, x = LONG[name]()
    former = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with options.num_threads(threads), gilexample.num_threads(threads):
            begun = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(KeyboardInterrupt):
                call(x)
            taken = time.perf_counter() - begun
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
    # 100 ms are promised, after 300; a machine that is busy with other things may take longer.
    assert taken < 0.8
    assert by(threads, lambda: options.shared_sum(np.ones(100_000))) == 100_000


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


def test_a_child_that_a_signal_handler_forks_does_not_wait_for_threads_that_it_has_not():
    """It returns to a computation of which threads of its parent had a part. What can be is right, what cannot is an error."""
    code = """
        import os, signal, sys, numpy as np, options
        options.set_num_threads(4)
        sleeps, parent = np.full(400, 1.0), os.getpid()
        children = []

        def fork(*_):
            child = os.fork()
            if child:
                children.append(child)
            else:
                # A child that hangs is killed.
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(20)

        signal.signal(signal.SIGALRM, fork)
        for kernel in (options.shared_sleeps, options.shared_moments):
            x = sleeps if kernel is options.shared_sleeps else np.broadcast_to(1.0, 50_000_000)
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            try:
                kernel(x)
                code = 0
            except RuntimeError as error:
                code = 5 if "a signal handler forked this process" in str(error) else 1
            if os.getpid() != parent:
                # The next call is its own.
                os._exit(code if options.shared_sum(np.ones(100_000)) == 100_000 else 1)
            print(code, os.waitstatus_to_exitcode(os.waitpid(children.pop(), 0)[1]))
    """
    said = child.run(code, PYTHONWARNINGS="ignore").splitlines()
    assert len(said) == 2 and set(said) <= {"0 0", "0 5"}, said
