"""What bodies write: arrays changed in place, outputs that begin with something, results of calls that overlap."""

import cookbook
import layouts
import numpy as np
import options
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import cumulated, values

rng = np.random.default_rng(3)


@given(st.sampled_from(["?", "i4", "f8", ">i4", ">f8"]), st.integers(0, 9), st.sampled_from(layouts.ALL[:-3] + layouts.ALL[-1:]))
def test_arrays_are_changed_where_they_are(dtype, n, layout):
    x = layout(values(dtype, (2, n)))
    wanted = x[:, ::-1].copy()
    assert options.reverse(None, x) is None
    np.testing.assert_array_equal(x, wanted)
    if n:
        options.reverse(None, x, axes=[(), 0])
        np.testing.assert_array_equal(x, wanted[::-1])


def test_what_is_changed_in_place_must_be_ones_own():
    x = np.arange(6.0)
    for call, error, message in [
        (lambda: options.reverse(None, [1.0, 2.0]), TypeError, "x is changed in place and must be an ndarray, got list"),
        (lambda: options.reverse(None, layouts.read_only(x)), ValueError, "the array is read-only"),
        (lambda: options.reverse(None, x.astype("f4")), TypeError, "no loop for"),
        (lambda: options.reverse(None, np.broadcast_to(x, (2, 6))), ValueError, "read-only"),
        (lambda: options.reverse(None, np.lib.stride_tricks.as_strided(x, (3, 3), (8, 8))), ValueError, "some of its elements are one"),
        (lambda: cookbook.sosfilt(x[None], x), ValueError, "x is changed in place, and shares memory with sos"),
        (lambda: options.reverse([1.0, 2.0], x), ValueError, r"x has leading dimensions \(\), and those of all operands are \(2,\)"),
        (lambda: options.widened(np.arange(3)), TypeError, "same_kind"),
        (lambda: options.reverse(x), TypeError, "takes 2 positional arguments but 1 was given"),
    ]:
        with pytest.raises(error, match=message):
            call()
    np.testing.assert_array_equal(x, np.arange(6.0))


def test_arrays_that_lie_among_each_other_are_apart():
    z = np.arange(4) + 1j
    options.exchange(z.real, z.imag)
    np.testing.assert_array_equal(z, 1 + 1j * np.arange(4))
    table = np.arange(12.0).reshape(4, 3)
    options.exchange(table[:, 0], table[:, 2])
    np.testing.assert_array_equal(table[:, 0], [2, 5, 8, 11])
    for pair in ((table[:3, 0], table[1:, 0]), (table[0], table[0, ::-1])):
        with pytest.raises(ValueError, match="x is changed in place, and shares memory with y"):
            options.exchange(*pair)
    x = np.arange(5.0)
    with pytest.raises(ValueError, match="x is changed in place, and shares memory with out"):
        options.widened(x, out=x[:1].reshape(()))


def test_converted_arrays_are_written_back():
    x = np.arange(4, dtype="f4")
    assert options.widened(x) == 6.0
    np.testing.assert_array_equal(x, [0, 2, 4, 6])


@pytest.mark.parametrize("layout", [np.ascontiguousarray, *layouts.ALL])
def test_slices_whatever_the_layout(layout):
    x = rng.normal(size=(2, 3, 4))
    np.testing.assert_array_equal(options.in_order(layout(x)), np.swapaxes(x, 1, 2))
    out = np.zeros((4, 3, 2)).T
    assert options.in_order(layout(x), out=np.swapaxes(out, 1, 2)).base is out.base
    np.testing.assert_array_equal(out, x)


def test_outputs_begin_with_what_the_spec_says():
    h, seen = options.counts([0, 2, 2], bins=4)
    assert h.tolist() == [0, -1, 1, -1] and seen.tolist() == [True, False, True, False]
    given = np.full((2, 4), 99)
    options.counts([[0], [1]], bins=4, out=(given, None))
    assert given.tolist() == [[0, -1, -1, -1], [-1, 0, -1, -1]]


def test_an_output_that_overlaps_an_input_is_made_apart():
    x = np.arange(8.0)
    wanted = cumulated(x[:6])
    options.running(x[:6], out=x[2:])
    np.testing.assert_array_equal(x[2:], wanted)
    x = np.arange(5.0)
    assert options.running(x, out=x) is x
    np.testing.assert_array_equal(x, cumulated(np.arange(5.0)))


def test_a_call_is_one_piece():
    y, start = options.cut(np.arange(3.0))
    assert y.tolist() == [0, 1, 2] and start.tolist() == [0, 0, 0]
