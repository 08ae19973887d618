"""The type stubs: what checkers accept and reject of a user's code, and whether they say what is there."""

import importlib
import importlib.resources
import re
import subprocess
import sys
from typing import get_args, get_origin

import kernels
import numpy as np
import pytest

USER = """
from typing import assert_type

import cookbook
import gilexample
import numpy as np

assert_type(gilexample.sum([1, 2, 3]), np.float64)
assert_type(gilexample.sum(np.zeros(3, np.float32)), np.float64)
assert_type(gilexample.__version__, str)
result = cookbook.mean_var(np.zeros(3), ddof=1)
assert_type(result, cookbook.MeanVarResult[np.float64, np.float64])
assert_type(result.var, np.float64)
assert_type(result[0], np.float64)
ones = np.ones(3)
assert_type(gilexample.sum(np.ones((2, 3)), axis=0, out=ones), np.ndarray[tuple[int], np.dtype[np.float64]])
gilexample.sum(np.ones((2, 3)), (0, -1), keepdims=True, where=[True, False, True], initial=1)
means = cookbook.mean_var(np.ones((2, 3)), axis=0, ddof=1).mean.tolist()
cookbook.mean_var(np.ones((2, 3)), axis=0, out=(ones, None))
half = cookbook.mean_var.partial(ones, axis=0)
cookbook.mean_var.finish(cookbook.mean_var.combine(half, half), ddof=1).var
gilexample.axpy(2, ones, ones, where=[True, False, True], casting="same_kind", dtype=np.float32)
cookbook.logaddexp.reduce(ones, axis=0)
cookbook.gcd.outer([1, 2], [3])
cookbook.logaddexp.at(ones, [0, 1], 2.0)
radius, angle = cookbook.polar(ones, ones)
cookbook.lerp(1.0, ones, out=ones)
print(cookbook.loan(ones, 12).payment, gilexample.axpy.nin, gilexample.axpy.types)
cookbook.distance([1.0], [2.0], metric="manhattan")
cookbook.count_above([1.0], threshold=np.float32(1))
print(gilexample.show_config()["runtime"].upper())
with gilexample.num_threads(2):
    cookbook.set_num_threads(None)
assert_type(gilexample.get_num_threads(), int)
"""
# What each loop gives: the types that a call has in fact.
LOOPS = """
from typing import assert_type

import cookbook
import gilexample
import numpy as np
import numpy.typing as npt

Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
single, double, small = np.float32(1), np.float64(1), np.int8(1)
singles, doubles, integers = np.ones(3, np.float32), np.ones(3), np.arange(3)
number = float("1")

# Python's numbers adapt, NumPy's scalars do not: one is a float of Python's, too.
assert_type(gilexample.axpy(2, 3, 1), np.float64)
assert_type(gilexample.axpy(2.0, number, 1), np.float64)
assert_type(gilexample.axpy(True, False, True), np.float32)
assert_type(gilexample.axpy(single, single, single), np.float32)
assert_type(gilexample.axpy(2.0, single, number), np.float32)
assert_type(gilexample.axpy(2, single, np.float16(1)), np.float32)
assert_type(gilexample.axpy(double, single, single), np.float64)
assert_type(gilexample.axpy(2.0, singles, singles), Singles)
assert_type(gilexample.axpy(number, singles, single), Singles)
assert_type(gilexample.axpy(double, singles, singles), Doubles)
assert_type(gilexample.axpy(2.0, doubles, singles), Doubles)
assert_type(gilexample.axpy(2.0, integers, singles), Doubles)
assert_type(gilexample.axpy(2.0, integers, integers), Doubles)

# Arrays that are made in the call, and those that checkers know nothing of beside others.
assert_type(gilexample.axpy(2.0, np.ones(3, np.float64), np.ones(3, np.float64)), Doubles)
assert_type(gilexample.axpy(2.0, np.ones(3), singles.astype(np.float64)), Doubles)
assert_type(gilexample.axpy(2.0, np.sqrt(doubles), np.zeros_like(doubles)), Doubles)

# Lists have NumPy's default dtypes.
assert_type(gilexample.axpy(2, singles, [1.0, 2.0, 3.0]), Doubles)
assert_type(gilexample.axpy(2, singles, [[1, 2, 3], [4, 5, 6]]), Doubles)
assert_type(gilexample.axpy(single, doubles, [1, 2.0, True]), Doubles)

# Of what is narrow and of a lesser kind, all of the arguments decide.
assert_type(gilexample.axpy(2.0, np.ones(3, np.uint8), np.ones(3, np.bool)), npt.NDArray[np.float32 | np.float64])
assert_type(gilexample.axpy(2, np.ones(3, np.uint8), np.ones(3, np.bool)), npt.NDArray[np.float32 | np.float64])
assert_type(cookbook.leaky_relu(np.ones(3, np.bool)), npt.NDArray[np.float16 | np.float32 | np.float64])

# out= decides by itself, dtype= leaves it open.
assert_type(gilexample.axpy(2, singles, singles, out=doubles), np.ndarray[tuple[int], np.dtype[np.float64]])
assert_type(gilexample.axpy(2, singles, singles, singles), np.ndarray[tuple[int], np.dtype[np.float32]])
assert_type(gilexample.axpy(2, doubles, doubles, dtype=np.float64), npt.NDArray[np.float32 | np.float64])

# Loops that are not of one dtype, several results, functions, items, reductions.
assert_type(cookbook.gcd(small, np.uint8(2)), np.int16)
assert_type(cookbook.gcd(np.ones(3, np.uint32), integers), npt.NDArray[np.int64])
assert_type(cookbook.gcd(2, 4), np.int64)
assert_type(cookbook.polar(singles, singles), tuple[Singles, Singles])
assert_type(cookbook.polar(single, 2.0), tuple[np.float32, np.float32])
assert_type(cookbook.polar(doubles, 1), tuple[Doubles, Doubles])
assert_type(gilexample.pairwise_distance(np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)), Singles)
assert_type(gilexample.pairwise_distance([[1.0]], np.ones((1, 1), np.float32)), Doubles)
assert_type(cookbook.compound(single, small), np.float32)
assert_type(cookbook.compound(singles, integers), Doubles)
assert_type(cookbook.compound(0.1, 12), np.float64)
assert_type(cookbook.leaky_relu(np.float16(1), slope=0.5), np.float16)
assert_type(cookbook.leaky_relu(singles), Singles)
assert_type(cookbook.unwrap(singles), Singles)
assert_type(cookbook.product(singles), np.float32)
assert_type(cookbook.product([1, 2]), np.int64)
assert_type(cookbook.product([1.0, 2]), np.float64)
assert_type(cookbook.product([[1j]]), np.complex128)
assert_type(cookbook.product(2.0), np.float64)
assert_type(cookbook.product(np.complex64(1)), np.complex64)
assert_type(cookbook.product(singles, where=[True, False, True], initial=2), np.float32)
"""
WRONG = [
    "gilexample.sum()",
    "gilexample.sum(x=[1])",
    "gilexample.sum([1], [2])",
    "gilexample.total([1])",
    "cookbook.mean_var([1.0], dof=1)",
    "cookbook.distance([1.0], [2.0], metric='mahalanobis')",
    "cookbook.count_above([1.0])",
    "cookbook.mean_var([1.0]).variance",
    "cookbook.mean_var([1.0], ddof='1')",
    "gilexample.axpy(2, 3)",
    "gilexample.axpy(2, 3, 1, scale=2)",
    "gilexample.axpy.reduce([1.0])",
    "cookbook.polar.outer([1.0], [2.0])",
    "cookbook.chebyshev(1.0, degree=0.5)",
    "cookbook.limit(1.0, knee='odd')",
    "gilexample.set_num_threads(0.5)",
    "gilexample.num_threads(None)",
]

PROGRAMS = {
    "mypy": ["-m", "mypy", "--strict", "--cache-dir", "cache"],
    # Of PyPI alone: the extra `nodejs` brings the interpreter that it is written for.
    "pyright": ["-m", "pyright", "--pythonpath", sys.executable],
}


def check(folder, checker, *what):
    command = [sys.executable, *PROGRAMS[checker], *what]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder)


@pytest.mark.parametrize("checker", PROGRAMS)
def test_checkers_accept_what_is_right_and_catch_mistakes(checker, tmp_path):
    (tmp_path / "user.py").write_text(USER)
    (tmp_path / "loops.py").write_text(LOOPS)
    (tmp_path / "wrong.py").write_text("import cookbook\nimport gilexample\n" + "\n".join(WRONG) + "\n")
    # As strict as mypy is asked to be above.
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    done = check(tmp_path, checker, "user.py", "loops.py")
    assert done.returncode == 0, done.stdout + done.stderr
    said = check(tmp_path, checker, "wrong.py").stdout
    lines = {int(line) for line in re.findall(r"wrong\.py:(\d+):.* error: ", said.replace(" - error: ", ": error: "))}
    assert lines == {3 + k for k in range(len(WRONG))}, said


def is_so(value, type_):
    """Whether a result is what checkers take it for."""
    match get_origin(type_), get_args(type_):
        case np.ndarray, (_, dtype):
            scalar = get_args(dtype)[0]
            return isinstance(value, np.ndarray) and value.dtype.type in (get_args(scalar) or (scalar,))
        case origin, parts if origin is tuple:
            return len(value) == len(parts) and all(map(is_so, value, parts))
    return type(value) is type_


def test_what_checkers_say_of_results_is_so():
    found = []
    names = {"assert_type": lambda value, type_: found.append(is_so(value, type_))}
    exec(LOOPS.replace("from typing import assert_type\n", ""), names)
    lines = [line for line in LOOPS.splitlines() if line.startswith("assert_type")]
    assert [line for line, so in zip(lines, found, strict=True) if not so] == []


def test_the_packages_themselves_pass_mypy(tmp_path):
    for package in kernels.PACKAGES:
        assert importlib.resources.files(package).joinpath("py.typed").is_file()
    done = check(tmp_path, "mypy", *[word for package in kernels.PACKAGES for word in ("-p", package)])
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stubs_themselves_pass_pyright(tmp_path):
    stubs = [str(importlib.resources.files(package) / "__init__.pyi") for package in kernels.PACKAGES]
    done = check(tmp_path, "pyright", *stubs)
    assert done.returncode == 0, done.stdout + done.stderr


def allowed(error):
    """Whether stubtest says of an object of kernelgen's or of NumPy's that it is not the class that its type describes."""
    package, _, name = error.split(" ")[0].partition(".")
    function = getattr(importlib.import_module(package), name, None)
    if isinstance(function, np.ufunc):
        return error.endswith(" variable differs from runtime type numpy.ufunc")
    if any(kernel.function is function for kernel in kernels.ALL):
        return error.endswith(" is not a function")
    # A class within a function, which stubtest takes for one of the module's.
    return name.startswith("_threadpool.KernelgenController@") and error.endswith(" is not present at runtime")


def test_the_stubs_say_what_is_there(tmp_path):
    command = [sys.executable, "-m", "mypy.stubtest", *kernels.PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    errors = [line.removeprefix("error: ") for line in done.stdout.splitlines() if line.startswith("error: ")]
    assert re.search(rf"^Found {len(errors)} errors \(checked \d+ modules\)", done.stdout, re.M), done.stdout + done.stderr
    assert [error for error in errors if not allowed(error)] == [], done.stdout
