"""One call of each kernel and loop in several layouts, each on one thread and on three: `python once.py [NAME...]`.

What memcheck and helgrind are given to look at: `valgrind.sh`. Says how many calls there were, and which threads and layouts disagree.
"""

import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))

import arguments
import cookbook
import gilexample
import kernels
import layouts
import numpy as np
import options

APART = {"spin", "cut", "shared_sleeps", "alone_sleeps", "held_sleeps"}
LAYOUTS = [np.ascontiguousarray, layouts.strided, layouts.everything_at_once]


def both(call):
    """What one thread makes of a call, and what three do."""
    for threads in (1, 3):
        with options.num_threads(threads), cookbook.num_threads(threads), gilexample.num_threads(threads):
            yield call.outcome()


def main(wanted):
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    random = np.random.default_rng(0)
    count, differ = 0, []
    for kernel in kernels.ALL:
        if kernel.name in APART or wanted and str(kernel) not in wanted:
            continue
        for loop in arguments.loops(kernel):
            leading, longest = ((5,), 9) if kernel.form == "body" else ((3, 700), 0)
            plain = arguments.call(kernel, random, loop, leading, longest)
            for lay in LAYOUTS:
                given = [x if x is None else lay(x) for x in plain.arguments]
                alone, shared = both(arguments.Call(kernel, given, plain.params))
                count += 2
                if alone != shared:
                    differ.append(f"{plain}: {lay.__name__}")
    print(count, "calls;", differ or "one thread and three agree")


main(sys.argv[1:])
