"""Sums over NumPy arrays that release the GIL and copy nothing."""
# Written by kernelgen from the specs of gilexample: edit those.

import builtins as _builtins
import typing as _typing

import numpy as _np
import numpy.typing as _npt

__version__: _builtins.str
__all__: _builtins.list[_builtins.str]

def sum(x: _npt.ArrayLike, /) -> _np.float64:
    """Sum of all elements of `x`, in double precision."""
    ...

def show_config() -> _builtins.dict[_builtins.str, _builtins.str]: ...
