"""The type stubs: what checkers accept and reject of a user's code, and whether they say what is there."""

import importlib
import importlib.resources
import re
import subprocess
import sys

import kernels
import numpy as np
import pytest

USER = """
from typing import Any, assert_type

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
assert_type(gilexample.axpy(2, 3, 1), np.float32 | np.float64)
assert_type(gilexample.axpy(2, ones, [1.0]), np.ndarray[tuple[Any, ...], np.dtype[np.float32 | np.float64]])
assert_type(gilexample.axpy(2, ones, ones, out=ones), np.ndarray[tuple[int], np.dtype[np.float64]])
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
    (tmp_path / "wrong.py").write_text("import cookbook\nimport gilexample\n" + "\n".join(WRONG) + "\n")
    # As strict as mypy is asked to be above.
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    done = check(tmp_path, checker, "user.py")
    assert done.returncode == 0, done.stdout + done.stderr
    said = check(tmp_path, checker, "wrong.py").stdout
    lines = {int(line) for line in re.findall(r"wrong\.py:(\d+):.* error: ", said.replace(" - error: ", ": error: "))}
    assert lines == {3 + k for k in range(len(WRONG))}, said


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
