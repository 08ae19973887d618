"""Arguments that fit each kernel, made from what its spec says of its operands."""

import itertools
import re
from dataclasses import dataclass

import kernels
import numpy as np

#: What must be given, or would take too long as it is.
PARAMS = {
    "count_above": {"threshold": 2}, "moving_mean": {"window": 3}, "bounded": {"k": 1}, "counts": {"bins": 9},
    "grid": {"m": 40, "n": 50}, "spin": {"seconds": 1e-4}, "mandelbrot": {"steps": 20},
}
#: Operands whose values are taken for a time.
TIMES = {"shared_sleeps", "alone_sleeps", "held_sleeps"}
NAME = re.compile("[a-z]\\w*")


def operand(text):
    """Name, dtype and dims of an operand, and whether it may be left out."""
    if isinstance(text, dict):
        return text["name"], text["dtype"], text.get("dims"), False
    name, dtype, dims, rest = re.fullmatch(r"(\w+): (\w+)(?:\[(.*?)\])?(.*)", text).groups()
    return name, dtype, dims and dims.split(", "), rest.endswith("?")


def values(random, dtype, shape):
    """Numbers that fit as indices, as weights and as windows."""
    if dtype == "?":
        return random.random(shape) < 0.5
    whole = random.integers(0, 3, shape)
    return whole.astype(dtype) if np.dtype(dtype).kind in "iu" else (whole + random.random(shape)).astype(dtype)


@dataclass
class Call:
    """A kernel and what it is called with."""

    kernel: kernels.Kernel
    arguments: list
    params: dict

    def __str__(self):
        return f"{self.kernel}({', '.join(f'{np.asarray(x).dtype}{np.shape(x)}' for x in self.arguments)})"

    def run(self, **more):
        return self.kernel.function(*self.arguments, **self.params, **more)

    def apart(self):
        """The same with arrays of its own, if some are changed in place."""
        if "inouts" not in self.kernel.spec:
            return self
        return Call(self.kernel, [x if x is None else np.array(x, order="K") for x in self.arguments], self.params)

    def outcome(self, **more):
        """All that comes of the call, in bits: results, arrays that it changed, or the error."""
        own = self.apart()
        with np.errstate(all="ignore"):
            try:
                results = own.run(**more)
            except Exception as error:
                return type(error).__name__, str(error)
        results = results if isinstance(results, tuple) else (results,)
        changed = own.arguments if "inouts" in self.kernel.spec else []
        return [None if x is None else (np.shape(x), np.asarray(x).dtype.str, np.asarray(x).tobytes()) for x in (*results, *changed)]


def loops(kernel):
    """For each loop, NumPy's dtypes by their names, type variables among them."""
    variables = kernel.spec.get("dtypes", {})
    if isinstance(variables, dict):
        variables = [dict(zip(variables, row)) for row in itertools.product(*variables.values())]
    return [{**kernels.DTYPES, **{name: kernels.DTYPES[dtype] for name, dtype in row.items()}} for row in variables]


def call(kernel, random, loop, leading, longest):
    """A call on arrays of `leading` dimensions; lengths of items are `longest` at most, and differ."""
    operands = [operand(each) for key in ("inputs", "inouts") for each in kernel.spec.get(key, [])]
    names = sorted({name for _, _, dims, _ in operands for text in dims or () for name in NAME.findall(text)})
    lengths = {name: max(5, longest - k) for k, name in enumerate(names)}
    arguments = []
    for _, dtype, dims, optional in operands:
        x = values(random, loop[dtype], (*leading, *(eval(text, {}, lengths) for text in dims or ())))
        arguments.append(None if optional and random.random() < 0.5 else x * 0.01 if kernel.name in TIMES else x)
    return Call(kernel, arguments, PARAMS.get(kernel.name, {}))


def sample(kernel, random, leading, longest):
    """A call of one of the loops."""
    return call(kernel, random, loops(kernel)[random.integers(len(loops(kernel)))], leading, longest)
