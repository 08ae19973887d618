"""Several threads compute a call: to the same bits, and as many as one wants."""

import os
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
from threads import THREADS, by


def same_bits(a, b):
    a, b = (x if isinstance(x, tuple) else (x,) for x in (a, b))
    for x, y in zip(a, b, strict=True):
        assert (np.shape(x), np.asarray(x).dtype) == (np.shape(y), np.asarray(y).dtype)
        assert np.asarray(x).tobytes() == np.asarray(y).tobytes()


def dtype_of(dtype, number):
    return np.dtype(dtype).type(number)


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


@pytest.mark.parametrize("shape", [(16, 300_000), (300_000, 16), (33, 200_000), (700, 6000), (5000, 700, 3)])
def test_results_are_divided_among_threads_to_the_same_bits(shape):
    """With what elements cost in truth: threads go for different results, or for parts of each."""
    x = np.random.default_rng(1).normal(size=shape)
    for axis in range(x.ndim):
        for kernel in (gilexample.sum, options.mean_variance, options.where_largest):
            with gilexample.num_threads(1), options.num_threads(1):
                wanted = kernel(x, axis=axis)
            with gilexample.num_threads(3), options.num_threads(3):
                same_bits(kernel(x, axis=axis), wanted)


def test_threads_compute_at_the_same_time():
    x = np.full(40, 5.0)

    def taken(kernel, threads):
        begun = time.perf_counter()
        by(threads, lambda: kernel(x))
        return time.perf_counter() - begun

    assert taken(options.shared_sleeps, 1) > 0.19
    assert min(taken(options.shared_sleeps, 8) for _ in range(5)) < 0.12
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
            with pytest.raises(ValueError, match=rf"{function.__name__}\(\): n must be positive, got {wrong}"):
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
        from threads import all_threads
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


def test_idle_threads_sleep():
    code = """
        import time, numpy as np, options
        options.set_num_threads(4)
        options.shared_sum(np.ones(100_000))
        begun = time.process_time()
        time.sleep(0.5)
        print(time.process_time() - begun < 0.1)
    """
    assert child.run(code) == "True"


def test_many_callers_have_no_more_helpers_than_one():
    code = """
        import concurrent.futures, time, numpy as np, options
        from threads import all_threads
        options.set_num_threads(4)
        before = all_threads()
        x = np.random.default_rng(0).random(300_000)
        wanted = options.shared_sum(x)
        with concurrent.futures.ThreadPoolExecutor(16) as callers:
            results = list(callers.map(lambda _: options.shared_sum(x), range(400)))
        deadline = time.monotonic() + 20
        while all_threads() - before != 3 and time.monotonic() < deadline:
            time.sleep(0.02)  # Python's own threads are joined before they are gone.
        print(set(results) == {wanted}, all_threads() - before)
    """
    assert child.run(code) == "True 3"


def test_the_limits_of_joblib_and_of_dask_hold(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("""
import dask, joblib, numpy as np, options
from threads import all_threads

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
