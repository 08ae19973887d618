"""Reductions of tests/bench/specs, NumPy and bottleneck, along axes of float64 arrays; one thread, interleaved, the best of many."""

import sys
import warnings

import bench
import bottleneck
import numpy as np
from turns import best

ARRAYS = {
    "1e5": ((100_000,), [None]),
    "1e7": ((10_000_000,), [None]),
    "4000x2500": ((4000, 2500), [None, 0, 1]),
    "1000000x3": ((1_000_000, 3), [None, 0, 1]),
}

PEERS = {
    "sum": [np.sum, np.add.reduce, bottleneck.nansum],
    "max": [np.max, bottleneck.nanmax],
    "argmax": [np.argmax, bottleneck.nanargmax],
    "argmax_of_numbers": [np.argmax, bottleneck.nanargmax],
    "nanmean": [np.nanmean, bottleneck.nanmean],
    "mean_var": [lambda x, axis: (np.mean(x, axis=axis), np.var(x, axis=axis)),
                 lambda x, axis: (bottleneck.nanmean(x, axis=axis), bottleneck.nanvar(x, axis=axis))],
}


def main():
    bench.set_num_threads(1)
    warnings.simplefilter("ignore")
    print(f"instruction set {bench.show_config()['instruction_set']}, NumPy {np.__version__}, bottleneck {bottleneck.__version__}")
    print("| array | axis | kernel | kernelgen, ms | fastest peer, ms | kernelgen / peer |")
    print("|---|---|---|---|---|---|")
    for name, (shape, axes) in ARRAYS.items():
        x = np.random.default_rng(0).random(shape)
        for axis in axes:
            for kernel in sys.argv[1:] or PEERS:
                functions = [getattr(bench, kernel), *PEERS[kernel]]
                calls = [lambda function=function: function(x, axis=axis) for function in functions]
                own, *others = best(calls, 300 if x.size < 1e6 else 15)
                peer = min(others)
                print(f"| {name} | {axis} | `{kernel}` | {own * 1e3:.3g} | {peer * 1e3:.3g} | {own / peer:.2f} |", flush=True)


if __name__ == "__main__":
    main()
