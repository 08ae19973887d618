"""The table of what is measured: each row's inputs, our call, the peers' calls, and why we are behind, if we are.

A call is a Python expression over the inputs. Where there is an input `out`, each contender writes to one of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import inputs


@dataclass(frozen=True)
class Row:
    """What is measured against what."""

    key: str
    title: str
    inputs: Callable[[int], dict]
    #: Elements; `inputs` is called with it.
    n: int
    ours: str
    #: The reference, too, unless there is a `check`.
    numpy: str
    #: For Cython, Numba and Pythran, each of which has a function of this name, or has not.
    hand: str = ""
    numexpr: str = ""
    bottleneck: str = ""
    scipy: str = ""
    #: What the results are compared with.
    check: str = ""
    #: Bytes read and written for an element, at least; 0 where memory is not what counts.
    bytes: int = 0
    #: How far a result may be from the reference; 0 and 0 is exactly.
    rtol: float = 1e-12
    atol: float = 0.0
    #: Measured for n from 10 to 10⁷, too.
    sweep: bool = False
    #: Printed where the best peer is ahead by more than 5 %.
    why: str = ""


LARGE, MEDIUM = 10_000_000, 100_000

SUMS = [
    Row("sum-1e5", "`sum` of 10⁵", inputs.vector, MEDIUM, "gilexample.sum(x)", "np.sum(x)", "sum(x)", bottleneck="bn.nansum(x)", sweep=True,
        why="not shown. Instruction set and alignment make no difference to it; the lanes that are added up after each 1024 elements may. "
            "By two threads: ours is not divided; to wake a thread that sleeps may take as long as the sum, and OpenMP's spin."),
    Row("sum-1e7", "`sum` of 10⁷", inputs.vector, LARGE, "gilexample.sum(x)", "np.sum(x)", "sum(x)", bottleneck="bn.nansum(x)",
        numexpr="ne.evaluate('sum(x)')", bytes=8,
        why="not shown; all wait for memory, and who is ahead changes from run to run."),
    Row("sum-f32", "`sum` of 10⁷ f32 as f64", inputs.single, LARGE, "gilexample.sum(x)", "np.sum(x, dtype=np.float64)", "sum_f32(x)", bytes=4,
        why="the peers have a loop for f32; `gilexample.sum` has one for f64, to which 1024 elements at a time are converted."),
    Row("sum-swapped", "`sum` of 10⁷, byte-swapped", inputs.swapped, LARGE, "gilexample.sum(x)", "np.sum(x)", bytes=8),
    Row("sum-strided", "`sum` of 10⁷, `x[::2]`", inputs.strided, LARGE, "gilexample.sum(x)", "np.sum(x)", "sum_strided(x)",
        bottleneck="bn.nansum(x)", bytes=8),
    Row("sum-unaligned", "`sum` of 10⁷, unaligned", inputs.unaligned, LARGE, "gilexample.sum(x)", "np.sum(x)", "sum_unaligned(x)",
        bottleneck="bn.nansum(x)", bytes=8,
        why="Numba compiles a loop for unaligned arrays; ours copies 1024 elements at a time, for any loop."),
    Row("sum-axis0", "`sum`, axis 0 of 4000 × 2500", inputs.matrix, LARGE, "gilexample.sum(x, axis=0)", "np.sum(x, axis=0)",
        "sum_columns(x)", bottleneck="bn.nansum(x, axis=0)", bytes=8,
        why="probably the tree over rows, for the error of a pairwise sum and the same bits by threads, where the peers add to one row."),
    Row("cumsum", "`cumsum` of 10⁷, `out=`", inputs.vector_out, LARGE, "cookbook.cumsum(x, out=out)", "np.cumsum(x, out=out)",
        "cumsum(x, out)", bytes=16, rtol=1e-9,
        why="not shown; each sum waits for the one before, in all of them."),
]

MAPS = [
    Row("axpy-1e5", "`axpy` of 10⁵, new", inputs.axpy, MEDIUM, "bench.axpy(a, x, y)", "a * x + y", "axpy_new(a, x, y)",
        numexpr="ne.evaluate('a * x + y')",
        why="as by `out=`, and NumPy makes the new array for all of them."),
    Row("axpy-1e5-out", "`axpy` of 10⁵, `out=`", inputs.axpy, MEDIUM, "bench.axpy(a, x, y, out=out)",
        "np.add(np.multiply(a, x, out=out), y, out=out)", "axpy(a, x, y, out)", numexpr="ne.evaluate('a * x + y', out=out)", sweep=True,
        why="not shown; loads and stores in the second-level cache are all there is. By two threads: OpenMP's have fixed halves, for which "
            "they spin; ours take pieces from shares, which costs some microseconds a call."),
    Row("axpy-1e7", "`axpy` of 10⁷, new", inputs.axpy, LARGE, "bench.axpy(a, x, y)", "a * x + y", "axpy_new(a, x, y)",
        numexpr="ne.evaluate('a * x + y')", bytes=24,
        why="not shown; the system clears the pages of a new array, by whichever thread touches them first."),
    Row("axpy-1e7-out", "`axpy` of 10⁷, `out=`", inputs.axpy, LARGE, "bench.axpy(a, x, y, out=out)",
        "np.add(np.multiply(a, x, out=out), y, out=out)", "axpy(a, x, y, out)", numexpr="ne.evaluate('a * x + y', out=out)", bytes=24,
        why="not shown. A large `out` is written past the caches; to write it through them was tried, and is slower still."),
    Row("axpy-swapped", "`axpy` of 10⁶, `x` byte-swapped", inputs.axpy_swapped, 1_000_000, "bench.axpy(a, x, y, out=out)",
        "np.add(np.multiply(a, x, out=out), y, out=out)"),
    Row("axpy-mixed", "`axpy` of 10⁶, `x` f32", inputs.axpy_mixed, 1_000_000, "bench.axpy(a, x, y, out=out)",
        "np.add(np.multiply(a, x, out=out, dtype=np.float64), y, out=out)", "axpy_mixed(a, x, y, out)",
        why="Numba compiles a loop for `f32`; ours is one for `f64`, for which 1024 elements at a time are converted."),
    Row("axpy-strided", "`axpy` of 10⁶, `x[::-2]`", inputs.axpy_strided, 1_000_000, "bench.axpy(a, x, y, out=out)",
        "np.add(np.multiply(a, x, out=out), y, out=out)", "axpy_strided(a, x, y, out)", numexpr="ne.evaluate('a * x + y', out=out)",
        why="Numba compiles a loop for strides; ours gathers 1024 elements at a time for a loop over elements side by side."),
    Row("gauss", "`exp(-x * x)` of 10⁶", inputs.vector_out, 1_000_000, "bench.gauss(x, out=out)",
        "np.exp(np.negative(np.multiply(x, x, out=out), out=out), out=out)", "gauss(x, out)",
        numexpr="ne.evaluate('exp(-x * x)', out=out)", sweep=True,
        why="not shown; level on one thread, and by two threads who is ahead changes from run to run, with the clock of the cores."),
    Row("logsqrt", "`log(x) * sqrt(x)` of 10⁶", inputs.vector_out, 1_000_000, "bench.logsqrt(x, out=out)",
        "np.multiply(np.log(x, out=out), np.sqrt(x), out=out)", "logsqrt(x, out)", numexpr="ne.evaluate('log(x) * sqrt(x)', out=out)", atol=1e-15,
        why="`log`, see below: a division and 1.2 ulps where libmvec has a table and 4."),
    Row("black-scholes", "Black-Scholes of 10⁶", inputs.options, 1_000_000, "bench.black_scholes(spot, strike, time, out=out)",
        "np_kernels.black_scholes(spot, strike, time)", "black_scholes(spot, strike, time, out)", rtol=1e-11, atol=1e-12, sweep=True,
        why="not shown: ahead function by function, see below."),
    Row("sin-cos", "`sin(x) * cos(x)` of 10⁶", inputs.angles, 1_000_000, "functions.sin_cos(x, out=out)",
        "np.multiply(np.sin(x, out=out), np.cos(x), out=out)", "sin_cos(x, out)", numexpr="ne.evaluate('sin(x) * cos(x)', out=out)",
        rtol=1e-13, atol=1e-15),
    Row("leaky", "`where(x > 0, x, a * x)` of 10⁷", inputs.leaky, LARGE, "bench.leaky(a, x, out=out)", "np.where(x > 0, x, a * x)",
        "leaky(a, x, out)", numexpr="ne.evaluate('where(x > 0, x, a * x)', out=out)", bytes=16, rtol=0.0,
        why="a large `out` is written past the caches; on one thread of this machine that loses 5 % here, and gains as much for `axpy`."),
]

BODIES = [
    Row("mandelbrot", "Mandelbrot, 1000 × 1000, 100 steps", inputs.plane, 1_000_000, "cookbook.mandelbrot(c, steps=100, out=out)",
        "np_kernels.mandelbrot(c, 100)", "mandelbrot(c, 100, out)", rtol=0.0,
        why="each step waits for the one before; the peers join products and sums into one instruction (`-ffast-math`), ours rounds as it is written."),
    Row("softmax", "softmax of rows, 2000 × 1000", inputs.rows, 2_000_000, "cookbook.softmax(x, out=out)", "np_kernels.softmax(x)",
        "softmax(x, out)", rtol=1e-11,
        why="not shown; a maximum, exponentials, a sum and products over each row, in the nearest cache."),
    Row("pairwise", "pairwise distance, 1500 × 1500 × 16", inputs.points, 1500 * 1500, "cookbook.pairwise_distance(x, y, out=out)",
        "np_kernels.pairwise_distance(x, y)", "pairwise_distance(x, y, out)", scipy="distance.cdist(x, y, out=out)", check="distance.cdist(x, y)"),
    Row("moving-mean", "moving mean of 10⁶, window 5", inputs.series, 1_000_000, "cookbook.moving_mean(x, window=5, out=out)",
        "np_kernels.moving_mean(x, 5)", "moving_mean(x, 5, out)", bottleneck="bn.move_mean(x, 5)[4:]", rtol=1e-9, atol=1e-9),
    Row("matmul4", "20000 products of 4 × 4", inputs.small_matrices, 20_000, "cookbook.matmul4(x, y, out=out)", "np.matmul(x, y, out=out)",
        "matmul4(x, y, out)", rtol=1e-11, atol=1e-12,
        why="not shown; level on one thread. By two threads as `axpy` of 10⁵, probably."),
]

CALLS = [
    Row("call-sum", "call: `sum` of 10", inputs.vector, 10, "gilexample.sum(x)", "np.add.reduce(x)", "sum_small(x)", bottleneck="bn.nansum(x)"),
    Row("call-axpy", "call: `axpy` of 10, new", inputs.axpy, 10, "bench.axpy(a, x, y)", "a * x + y", "axpy_small_new(a, x, y)",
        numexpr="ne.evaluate('a * x + y')"),
    Row("call-axpy-out", "call: `axpy` of 10, `out=`", inputs.axpy, 10, "bench.axpy(a, x, y, out=out)",
        "np.add(np.multiply(a, x, out=out), y, out=out)", "axpy_small(a, x, y, out)", numexpr="ne.evaluate('a * x + y', out=out)"),
    Row("call-matmul4", "call: a product of 4 × 4, `out=`", inputs.small_matrices, 1, "cookbook.matmul4(x, y, out=out)", "np.matmul(x, y, out=out)",
        "matmul4(x, y, out)", rtol=1e-11, atol=1e-12),
]

ROWS = SUMS + MAPS + BODIES + CALLS
