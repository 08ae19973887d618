"""Kernels over NumPy arrays that release the GIL and copy nothing.

Notes
-----
Threads may call these functions at once, on the same arrays, too: calls
share nothing but what `set_num_threads` says, which holds for the whole
process. `num_threads` holds for the thread that uses it.

Large calls release the GIL, and several threads may compute them: results
have the same bits on any number of those.

No other thread should write to what a call reads: each element is then the
one before or the one after, as it happens. With `pairwise_distance` none
may: such code is handed the arrays themselves, and what comes of it is
undefined.

An `out` belongs to the call that writes to it until that returns: other
threads may neither read nor write those elements.

Nobody may free or move the memory of an array that a call uses, as
`resize` with `refcheck=False` does, or closing the file that is mapped
below it.

Free-threaded Python enables the GIL when it imports this module, with a
RuntimeWarning.
"""
# Written by kernelgen from the specs of gilexample: edit those.

from . import _threadpool
from ._native import (
    axpy,
    get_num_threads,
    num_threads,
    pairwise_distance,
    set_num_threads,
    show_config,
    sum,
)

_threadpool.register()

__version__ = "0.1.0"

__all__ = [
    "axpy",
    "get_num_threads",
    "num_threads",
    "pairwise_distance",
    "set_num_threads",
    "show_config",
    "sum",
]
