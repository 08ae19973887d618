"""Peers in C by Cython: what one would write by hand, compiled for this machine alone."""

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

SETUP = """
from Cython.Build import cythonize
from setuptools import Extension, setup
flags = ["-O3", "-march=native", "-ffast-math", *{flags}]
peer = Extension("peer", ["peer.pyx"], extra_compile_args=flags, extra_link_args={flags}, libraries={libraries})
setup(name="peer", ext_modules=cythonize([peer]))
"""


def cython(source, flags=(), libraries=("m",)):
    """The module of a source, built in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "peer.pyx").write_text(source)
        Path(folder, "setup.py").write_text(SETUP.format(flags=list(flags), libraries=list(libraries)))
        command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        sys.path.insert(0, folder)
        return importlib.import_module("peer")
