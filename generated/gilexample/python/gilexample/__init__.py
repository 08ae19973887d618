"""Kernels over NumPy arrays that release the GIL and copy nothing."""
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
