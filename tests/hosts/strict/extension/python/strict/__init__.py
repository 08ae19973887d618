"""The kernels and the host's own function."""

from ._native import MeanVarResult, double, largest, mean_var, sum, weighted

__all__ = ["MeanVarResult", "double", "largest", "mean_var", "sum", "weighted"]
