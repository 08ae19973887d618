"""`copy`, `layout`, `align` and `cast` of an input: what a spec does not want mended is refused, and the error says why."""

import layouts
import numpy as np
import options
import pytest

X = np.arange(100.0)
AWKWARD = layouts.everything_at_once(np.arange(12.0, dtype="f4").reshape(3, 4))


def at(address, bound=64):
    """Ten numbers whose first lies `address` bytes after a multiple of `bound`."""
    buffer = np.zeros(80 + 2 * bound, np.uint8)
    start = (address - buffer.ctypes.data) % bound
    x = buffer[start : start + 80].view(float)
    x[:] = 1.0
    return x


@pytest.mark.parametrize(
    ("kernel", "value", "property"),
    [
        (options.never, layouts.unaligned(X), "not aligned"),
        (options.never, layouts.packed(X), "not aligned"),
        (options.never, layouts.byte_swapped(X), "byte order"),
        (options.never, X.astype("f4"), "float32"),
        (options.never, X[::2], "not C-contiguous"),
        (options.never, X.reshape(10, 10).T, "not C-contiguous"),
        (options.never, [1.0, 2.0], "a list.*pass an array"),
        (options.never, 2.5, "a float.*pass an array"),
        (options.row, layouts.strided(X), "contiguous"),
        (options.row, layouts.reversed_(X), "contiguous"),
        (options.row, layouts.fortran(X.reshape(10, 10)), "contiguous"),
        (options.aligned, at(8), "64 bytes"),
        (options.aligned, at(32), "64 bytes"),
    ],
)
def test_copy_never_names_the_property(kernel, value, property):
    with pytest.raises((TypeError, ValueError), match=rf"^{kernel.__name__}\(\): x .*({property})"):
        kernel(value)


@pytest.mark.parametrize(
    ("kernel", "value"),
    [
        (options.never, X),
        (options.never, X[:0]),
        (options.never, X.reshape(10, 10)),
        (options.never, X[:1:2]),
        (options.never, layouts.read_only(X)),
        (options.row, X.reshape(10, 10)),
        (options.row, X[:1]),
        (options.aligned, at(0)),
        (options.whole, X),
        (options.whole, AWKWARD),
        (options.whole, [1, 2, 3]),
    ],
)
def test_what_fits_is_taken(kernel, value):
    assert kernel(value) == np.sum(value, dtype=float)


CASTS = {"no": options.cast_no, "equiv": options.cast_equiv, "safe": options.cast_safe, "same_kind": options.cast_same_kind}


@pytest.mark.parametrize("dtype", ["?", "i1", "i4", "u8", "f2", "f4", ">f4", "f8", ">f8", "c8", "O", "U3", "m8[s]"])
@pytest.mark.parametrize("rule", CASTS)
def test_casts_are_numpys(rule, dtype):
    x = np.zeros(3, dtype)
    if np.can_cast(x.dtype, np.float32, rule):
        assert CASTS[rule](x) == 0.0
    else:
        with pytest.raises(TypeError, match=rf"cast_{rule}\(\): x must be float32.*'{rule}'"):
            CASTS[rule](x)


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f2", "f8", ">f8"])
def test_an_unsafe_cast_is_astypes(dtype):
    x = np.array([0, 1, 3, 100], dtype)
    assert options.cast_unsafe(x) == np.sum(x.astype("i4"), dtype="i4")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_unsafe_cast_saturates():
    assert options.cast_unsafe([1e300]) == 2**31 - 1
    assert options.cast_unsafe([-np.inf]) == -(2**31)
    assert options.cast_unsafe([np.nan]) == 0
    assert options.cast_unsafe([1.9, -1.9]) == 0


@pytest.mark.parametrize("value", [np.zeros(2, "c8"), np.zeros(2, "O"), np.zeros(2, "U2"), np.zeros(2, "M8[s]")])
def test_even_an_unsafe_cast_loses_no_imaginary_part_and_reads_no_text(value):
    with pytest.raises(TypeError, match=r"cast_unsafe\(\)"):
        options.cast_unsafe(value)


@pytest.mark.parametrize("kernel", [options.held, options.released])
@pytest.mark.parametrize("n", [0, 1, 1000, 100_000])
def test_the_gil_changes_no_result(kernel, n):
    x = np.arange(float(n))
    assert kernel(x) == kernel(layouts.packed(x)) == np.sum(x)
