"""Each kernel of gilexample: its examples and its reference, layouts, dtypes, threads, pickle."""
# Written by kernelgen from the specs of gilexample: edit those.

import ast
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import gilexample

from .calls import NAMES, agree, make, parts, quoted
from .kernels import KERNELS, Kernel
from .layouts import LAYOUTS

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

EXAMPLES = [text for kernel in KERNELS for text in kernel.examples]
LOOPS = [(kernel, loop) for kernel in KERNELS if kernel.needs is None for loop in range(len(kernel.loops))]
REFERENCED = [each for each in LOOPS if each[0].reference is not None]
LENIENT = [each for each in LOOPS if each[0].lenient]


def loops(which: list[tuple[Kernel, int]]) -> pytest.MarkDecorator:
    """A test for each of these, named after the dtypes of the inputs."""
    names = ["-".join((kernel.name, *kernel.loops[loop][0])) for kernel, loop in which]
    return pytest.mark.parametrize(("kernel", "loop"), which, ids=names)


@pytest.mark.parametrize("text", EXAMPLES)
def test_example(text: str) -> None:
    tree = ast.parse(text.strip(), mode="eval").body
    match tree:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            found, wanted = (eval(ast.unparse(side), dict(NAMES)) for side in (left, right))
            if not isinstance(wanted, (bool, str, list, np.dtype, type)):
                return agree(found, wanted)
            assert found == wanted
        case _:
            assert eval(text.strip(), dict(NAMES))
    return None


def test_all_kernels_are_called() -> None:
    left = [kernel for kernel in KERNELS if kernel.needs is not None and (kernel.changes or not quoted(kernel))]
    others = [f"{kernel.name} ({kernel.needs})" for kernel in left]
    if others:
        pytest.skip(f"called by their examples alone: {', '.join(others)}")


@loops(REFERENCED)
@pytest.mark.parametrize("n", [1, 33, 2000])
def test_reference(kernel: Kernel, loop: int, n: int) -> None:
    call = make(kernel, loop, n)
    agree(call.own()(), call.numpys()(), n)


@loops(LENIENT)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_changes_nothing(kernel: Kernel, loop: int, layout: str) -> None:
    call = make(kernel, loop, 1500)
    agree(call.laid(LAYOUTS[layout]).own()(), call.own()(), 1500)


@loops(LOOPS)
def test_results_have_the_dtypes_of_the_loop(kernel: Kernel, loop: int) -> None:
    found = [each.dtype for each in parts(make(kernel, loop, 5).own()())]
    assert found == [np.dtype(each) for each in kernel.loops[loop][1]]


@loops(LOOPS)
def test_threads_give_the_same_bits(kernel: Kernel, loop: int) -> None:
    run = make(kernel, loop, 100_000 if kernel.form != "body" else 3000).own()
    with gilexample.num_threads(1):
        wanted = [each.tobytes() for each in parts(run())]
    with gilexample.num_threads(3), ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda _: run(), range(8)):
            assert [each.tobytes() for each in parts(result)] == wanted


@pytest.mark.parametrize("kernel", [each for each in KERNELS if each.examples and not each.changes], ids=lambda kernel: kernel.name)
def test_calls_of_examples(kernel: Kernel) -> None:
    for call in quoted(kernel):
        size = sum(x.size for x in call.arguments)
        with gilexample.num_threads(1):
            wanted = call.own()()
        agree(call.own()(), wanted, 0)
        flat = kernel.form != "reduce" or all(x.ndim < 2 for x in call.arguments)
        # Of others `test_reference` does it, with arrays of one shape.
        if kernel.needs is not None and kernel.reference is not None and flat:
            agree(wanted, call.numpys()(), size)
        for change in LAYOUTS.values() if kernel.lenient else ():
            agree(call.laid(change).own()(), wanted, size)


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)
def test_pickle_gives_the_kernel_itself(kernel: Kernel) -> None:
    function = NAMES[kernel.name]
    assert pickle.loads(pickle.dumps(function)) is function
