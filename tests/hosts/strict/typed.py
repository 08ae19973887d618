"""What mypy --strict must accept of the strict host's stubs."""

from typing import Any, assert_type

import numpy as np
import strict

assert_type(strict.sum([1, 2, 3]), np.float64)
assert_type(strict.largest(np.arange(3)), np.int64)
assert_type(strict.mean_var([1.0], ddof=1, of="centred"), strict.MeanVarResult[np.float64, np.float64])
assert_type(strict.mean_var([1.0]).var, np.float64)
assert_type(strict.double(1.0), float)
assert_type(strict.differences([1.0, 2.0], [1.0, 0.0]), np.ndarray[tuple[Any, ...], np.dtype[np.float64]])
assert_type(strict.differences([[1.0, 2.0]], [1.0, 0.0], axes=[0, 0, (0,)]), np.ndarray[tuple[Any, ...], np.dtype[np.float64]])
out = np.empty(1)
assert_type(strict.differences([1.0, 2.0], [1.0, 0.0], out=out), np.ndarray[tuple[int], np.dtype[np.float64]])
strict.center(out, axis=0, keepdims=True)
