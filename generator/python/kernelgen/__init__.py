"""kernelgen: describe a NumPy kernel in TOML, get a Python module written in Rust.

The command is `kernelgen`, or `python -m kernelgen`; the build backend for `pyproject.toml` is `kernelgen.build`.
"""

from importlib.metadata import version

__version__ = version("kernelgen")


def load_ipython_extension(shell):
    """What `%load_ext kernelgen` calls: `%%kernel` builds the spec in a cell."""
    from .notebook import Kernels

    shell.register_magics(Kernels)
