"""Ways in which the same elements may lie in memory."""
# Written by kernelgen from the specs of gilexample: edit those.

from collections.abc import Callable
from typing import Any

import numpy as np


def _packed(x: Any) -> Any:
    """As a field of records: strides that no item size divides, and no alignment."""
    records = np.zeros(x.shape, [("before", "u1"), ("x", x.dtype)])
    records["x"] = x
    return records["x"]


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "swapped": lambda x: x.astype(x.dtype.newbyteorder()),
    "strided": lambda x: np.repeat(x, 2, axis=0)[::2],
    "reversed": lambda x: x[::-1].copy()[::-1],
    "fortran": np.asfortranarray,
    "packed": _packed,
    "list": lambda x: x.tolist() if x.dtype in (np.float64, np.complex128, np.bool) else x,
}
