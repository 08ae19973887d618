"""Elementwise kernels with params are functions: keywords, conversions, panics, memory."""

import child
import cookbook
import numpy as np
import options
import pytest


def test_functions_take_out_and_where():
    x = np.array([0.5, -1.0, 2.0])
    out = np.zeros(3)
    assert cookbook.chebyshev(x, degree=2, out=out) is out
    np.testing.assert_array_equal(out, 2 * x * x - 1)
    out[:] = 9
    cookbook.chebyshev(x, degree=2, out=out, where=[True, False, True])
    assert out.tolist() == [-0.5, 9.0, 7.0]
    cookbook.chebyshev(x, degree=2, out=x[::-1])
    assert x.tolist() == [7.0, 1.0, -0.5]
    result = cookbook.loan(np.array([1000.0, 2000.0]), 12)
    assert type(result) is cookbook.LoanResult and type(result.payment) is np.ndarray
    with pytest.raises(TypeError, match="same_kind"):
        cookbook.chebyshev(x, out=np.empty(3, int))
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        cookbook.chebyshev(np.ma.array(x), x)
    with pytest.raises(ValueError, match="out must be"):
        cookbook.loan(x, x, out=x)


def test_params_take_no_part_in_choosing_the_loop():
    half = np.arange(-2, 3).astype("f2")
    for keywords in ({}, {"where": np.ones(5, bool), "out": np.empty(5, "f2")}):
        assert cookbook.leaky_relu(half, slope=0.5, **keywords).dtype == np.float16


def test_a_size_that_is_negative_is_refused_below_the_function_too():
    with pytest.raises(ValueError, match="size is negative"):
        cookbook._native._chebyshev(1.0, -5)


def test_a_panic_in_numpys_loop_is_a_runtime_error():
    x = np.arange(10.0)
    assert options.picky(x, 0.0).tolist() == x.tolist()
    for call in (lambda: options.picky(-x - 1, x), lambda: options.picky(-x - 1, x, where=True), lambda: options.picky.outer(-x - 1, x)):
        with pytest.raises(RuntimeError, match=r"picky\(\) panicked: -1 is negative"):
            call()
    with np.errstate(all="raise"), pytest.raises(RuntimeError, match=r"picky\(\) panicked"):
        options.picky(np.full((3, 5), -1.0)[:, ::2], np.inf, where=True)


def test_no_temporary_is_larger_than_a_tile():
    used = int(child.run("""
        import resource, numpy as np
        from gilexample import axpy
        n = 4_000_000
        x = np.ones(2 * n + 1, ">f4")[1::2]
        y = np.ones((2000, 2000)).T.reshape(-1, order="F")
        out = np.zeros(n)
        axpy(2.0, x[:9], y[:9], out=out[:9])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        axpy(2.0, x, y, out=out)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """))
    assert used < 8_000, "kilobytes, of which a whole temporary would be 32 000"


def test_a_param_whose_conversion_gives_the_array_another_shape():
    """Code of the caller's that runs while a call is prepared must find no pointer that it can make dangle."""
    child.run("""
        import warnings
        import numpy as np, cookbook
        warnings.simplefilter("ignore")
        for _ in range(20):
            x, kept = np.ones(1 << 16), []

            class Meddler:
                def __float__(self):
                    x.shape = (256, 256)
                    kept.extend(np.empty((1,)) for _ in range(64))
                    return 0.5

                def __index__(self):
                    self.__float__()
                    return 2

            assert cookbook.leaky_relu(x, slope=Meddler()).shape == (256, 256)
            x.shape = (1 << 16,)
            assert cookbook.chebyshev(x, degree=Meddler()).shape == (256, 256)
    """)
