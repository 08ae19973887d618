"""Arrays in any layout with axes along which they may be reduced, for hypothesis to draw from; what NumPy gives must be the same."""

import itertools

import hypothesis
import hypothesis.strategies as st
import layouts
import numpy as np
from hypothesis.extra import numpy as hnp


def layouts_of(x):
    """The same values in layouts that may be written to: (name, array)."""
    yield "plain", x
    if x.ndim > 1:
        yield "rotated", layouts.lay(x, order=[*range(1, x.ndim), 0])
    for layout in layouts.ALL:
        if layout is not layouts.read_only:
            yield layout.__name__, layout(x)


def axes_of(ndim):
    yield None
    for count in range(1, ndim + 1):
        yield from itertools.combinations(range(ndim), count)


@st.composite
def arrays(draw, dtype, max_dims=5, min_side=0):
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=max_dims, min_side=min_side, max_side=5))
    if draw(st.booleans()) and shape:
        longer = draw(st.integers(0, len(shape) - 1))
        shape = shape[:longer] + (draw(st.sampled_from([17, 33, 70, 300, 1025])),) + shape[longer + 1 :]
    x = np.random.default_rng(draw(st.integers(0, 2**32))).integers(-50, 50, shape).astype(dtype)
    if np.issubdtype(dtype, np.complexfloating):
        x = x * dtype(1 - 2j)
    _, x = draw(st.sampled_from(list(layouts_of(x))))
    return x


@st.composite
def cases(draw, dtype, min_side=0, max_dims=5):
    x = draw(arrays(dtype, max_dims, min_side))
    axis = draw(st.sampled_from(list(axes_of(x.ndim))))
    if isinstance(axis, tuple) and draw(st.booleans()):
        axis = tuple(a - x.ndim for a in axis)
    if isinstance(axis, tuple) and len(axis) == 1 and draw(st.booleans()):
        axis = axis[0]
    return x, axis, draw(st.booleans())


many = hypothesis.settings(max_examples=400, deadline=None)


def same(ours, numpys):
    assert type(ours) is type(numpys)
    np.testing.assert_array_equal(ours, numpys, strict=True)
