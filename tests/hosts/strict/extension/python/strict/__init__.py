"""The kernels and the host's own function."""

from ._native import (
    MeanVarResult,
    StandardizeResult,
    center,
    differences,
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
    "center",
    "differences",
    "double",
    "gauss",
    "largest",
    "mean_var",
    "standardize",
    "sum",
    "weighted",
]
