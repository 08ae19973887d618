"""Python code that uses kernels of its own package."""

from ._kernels import total

__all__ = ["mean", "total"]


def mean(x):
    """Mean of all elements of `x`."""
    return total(x) / len(x)
