"""The kernels and the host's own function."""

from ._native import (
    MeanVarResult,
    StandardizeResult,
    double,
    gauss,
    largest,
    mean_var,
    standardize,
    sum,
    weighted,
)

__all__ = [
    "MeanVarResult",
    "StandardizeResult",
    "double",
    "gauss",
    "center",
    "differences",
    "largest",
    "mean_var",
    "standardize",
    "sum",
    "weighted",
]
