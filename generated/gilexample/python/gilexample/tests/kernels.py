"""What the specs of gilexample say of each kernel, for its tests and its benchmark."""
# Written by kernelgen from the specs of gilexample: edit those.

from typing import NamedTuple


class Kernel(NamedTuple):
    """A kernel of this package."""

    name: str
    form: str
    inputs: tuple[str, ...]
    params: tuple[str, ...]
    #: For each input its core dimensions.
    dims: tuple[tuple[str, ...], ...]
    #: For each loop the dtypes of the inputs, and those of the results.
    loops: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    #: Why arguments cannot be made up; None if any numbers are good ones.
    needs: str | None
    #: Whether arguments are changed in place.
    changes: bool
    #: Whether arrays of every layout and byte order are taken.
    lenient: bool
    #: The same in NumPy.
    reference: str | None
    examples: tuple[str, ...]


KERNELS = [
    Kernel(
        name="axpy",
        form="map",
        inputs=("a", "x", "y"),
        params=(),
        dims=((), (), ()),
        loops=((("float32", "float32", "float32"), ("float32",)), (("float64", "float64", "float64"), ("float64",))),
        needs=None,
        changes=False,
        lenient=True,
        reference="a * x + y",
        examples=("axpy(2.0, 3.0, 1.0) == 7.0", "np.array_equal(axpy(2, [1, 2, 3], 0.5), [2.5, 4.5, 6.5])", "axpy(np.float32(2), np.ones(3, 'f4'), 1).dtype == np.float32", "isinstance(axpy, np.ufunc)"),
    ),
    Kernel(
        name="pairwise_distance",
        form="body",
        inputs=("x", "y"),
        params=(),
        dims=(("m", "d"), ("n", "d")),
        loops=((("float32", "float32"), ("float32",)), (("float64", "float64"), ("float64",))),
        needs=None,
        changes=False,
        lenient=True,
        reference="np.sqrt(((x[..., :, None, :] - y[..., None, :, :]) ** 2).sum(axis=-1))",
        examples=("pairwise_distance([[0.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]])[0, 0] == 5.0",),
    ),
    Kernel(
        name="sum",
        form="reduce",
        inputs=("x",),
        params=(),
        dims=((),),
        loops=((("float64",), ("float64",)),),
        needs=None,
        changes=False,
        lenient=True,
        reference="np.sum(x, dtype=np.float64)",
        examples=("sum([1, 2, 3]) == 6.0", "sum(np.ones((2, 3), dtype='>f4').T) == 6.0", "sum([]) == 0.0"),
    ),
]
