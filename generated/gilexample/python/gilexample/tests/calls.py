"""Calls of the kernels of gilexample, with arguments made up or those of an example, and what they must give."""
# Written by kernelgen from the specs of gilexample: edit those.

import ast
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

import gilexample

from .kernels import Kernel

#: What texts of the specs may name: NumPy, and the kernels by their own names.
NAMES: dict[str, Any] = {"np": np, **{name: getattr(gilexample, name) for name in gilexample.__all__}}


class Call(NamedTuple):
    """A kernel and its arguments."""

    kernel: Kernel
    arguments: list[Any]
    params: dict[str, Any]

    def own(self) -> Callable[[], Any]:
        """The kernel, to be called on them."""
        return partial(NAMES[self.kernel.name], *self.arguments, **self.params)

    def numpys(self) -> Callable[[], Any]:
        """Its reference, to be called on them."""
        code = compile(f"({self.kernel.reference}\n)", f"<reference of {self.kernel.name}>", "eval")
        function = NAMES[self.kernel.name]
        params = {} if isinstance(function, np.ufunc) else inspect.signature(function).parameters
        defaults = {name: each.default for name, each in params.items()}
        names = dict(zip(self.kernel.inputs, self.arguments, strict=True))
        return partial(eval, code, {"np": np, **defaults, **self.params, **names, "axis": -1})

    def laid(self, change: Callable[[Any], Any]) -> "Call":
        """The same with each array as `change` gives it."""
        return self._replace(arguments=[change(x) if x.ndim else x for x in self.arguments])


def make(kernel: Kernel, loop: int, n: int) -> Call:
    """A call in one loop, on `n` elements or items; an item is small, and its dimensions differ."""
    random = np.random.default_rng([n, loop])
    names = sorted({dim for dims in kernel.dims for dim in dims if not dim.isdecimal()})
    lengths = {name: 3 + k for k, name in enumerate(names)}
    dtypes = kernel.loops[loop][0]
    shapes = [(n, *(lengths.get(dim) or int(dim) for dim in dims)) for dims in kernel.dims]
    return Call(kernel, [_values(random, np.dtype(each), shape) for each, shape in zip(dtypes, shapes, strict=True)], {})


def quoted(kernel: Kernel) -> list[Call]:
    """The calls in its examples that name arrays and params, and nothing else."""
    calls = []
    for text in kernel.examples:
        for node in ast.walk(ast.parse(text.strip(), mode="eval")):
            match node:
                case ast.Call(func=ast.Name(id=kernel.name), args=args, keywords=keywords):
                    arguments = [np.asarray(_evaluated(each)) for each in args]
                    params = {each.arg: _evaluated(each.value) for each in keywords if each.arg in kernel.params}
                    # An empty list has no dtype to be an array of.
                    whole = len(arguments) == len(kernel.inputs) and len(params) == len(keywords)
                    if whole and all(x.size for x in arguments):
                        calls.append(Call(kernel, arguments, params))
    return calls


def _evaluated(node: ast.expr) -> Any:
    return eval(ast.unparse(node), dict(NAMES))


def _values(random: np.random.Generator, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Any:
    """Numbers whose sums and products stay in range: whole ones from 1 to 3, others around 1."""
    if dtype.kind == "b":
        return random.random(shape) < 0.5
    if dtype.kind in "iu":
        return random.integers(1, 4, shape).astype(dtype)
    x = random.uniform(0.5, 1.5, shape)
    return (x * np.exp(1j * random.uniform(-0.5, 0.5, shape)) if dtype.kind == "c" else x).astype(dtype)


def parts(result: Any) -> list[Any]:
    """Each result as an array."""
    return [np.asarray(each) for each in (result if isinstance(result, tuple) else (result,))]


def agree(found: Any, wanted: Any, n: int = 1) -> None:
    """Asserts that results are equal but for the rounding of `n` operations in their dtype."""
    for one, other in zip(parts(found), parts(wanted), strict=True):
        eps = 0.0 if one.dtype.kind not in "fc" else (4 if one.dtype == "f2" else 1e3) * float(np.finfo(one.dtype).eps)
        np.testing.assert_allclose(one, other, rtol=eps, atol=eps * n, equal_nan=True)
