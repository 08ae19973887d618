"""The kernels of gilexample beside their references: `python -m gilexample.bench`."""
# Written by kernelgen from the specs of gilexample: edit those.

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from .tests.calls import Call, make, parts
from .tests.kernels import KERNELS

#: How long each of the two is called, in seconds.
TIME = 0.2
HEAD = ("kernel", "dtypes", "bytes", "time", "GB/s", "reference", "ratio")
ROW = "{:24} {:24} {:>10} {:>12} {:>8} {:>12} {:>7}"


def seconds(run: Callable[[], Any]) -> float:
    """The shortest of as many calls as there is time for, three at least."""
    times: list[float] = []
    end = time.perf_counter() + TIME
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def row(call: Call, dtypes: tuple[str, ...]) -> str:
    """A line of the table: the ratio is how many times longer NumPy takes."""
    run = call.own()
    size = sum(each.nbytes for each in call.arguments) + sum(each.nbytes for each in parts(run()))
    mine = seconds(run)
    cells = [call.kernel.name, ", ".join(dict.fromkeys(dtypes)), f"{size:,}", f"{mine * 1e6:,.1f} us", f"{size / mine / 1e9:.2f}"]
    if call.kernel.reference is None:
        return ROW.format(*cells, "", "").rstrip()
    theirs = seconds(call.numpys())
    return ROW.format(*cells, f"{theirs * 1e6:,.1f} us", f"{theirs / mine:.2f}")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m gilexample.bench", description=__doc__)
    parser.add_argument("kernels", nargs="*", help="those to run [default: all]")
    parser.add_argument("--size", type=int, action="append", help="elements of a call [default: 1000 and 1000000]")
    options = parser.parse_args()
    known = [kernel.name for kernel in KERNELS]
    for name in options.kernels:
        if name not in known:
            parser.error(f"there is no kernel {name}: there are {', '.join(known)}")
    print(ROW.format(*HEAD))
    for kernel in KERNELS:
        if options.kernels and kernel.name not in options.kernels:
            continue
        if kernel.needs is not None:
            print(f"{kernel.name:24} needs arguments of its own: {kernel.needs}")
            continue
        for loop, (dtypes, _) in enumerate(kernel.loops):
            for size in options.size or [1000, 1_000_000]:
                # An item of a body has about a dozen elements.
                items = size if kernel.form != "body" else max(1, size // 12)
                with np.errstate(all="ignore"):
                    print(row(make(kernel, loop, items), dtypes), flush=True)


if __name__ == "__main__":
    main()
