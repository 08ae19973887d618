"""Peers that are compiled: what one would write by hand, for this machine alone. Built once for each state of their source."""

import hashlib
import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "target" / "bench" / "peers"
#: The suffix of an extension module.
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
FLAGS = ["-O3", "-march=native", "-ffast-math"]
SETUP = """
from Cython.Build import cythonize
from setuptools import Extension, setup
peer = Extension("{name}", ["{name}.pyx"], extra_compile_args={flags}, extra_link_args={link}, libraries=["mvec", "m"])
setup(name="{name}", ext_modules=cythonize([peer]))
"""


class NotBuilt(Exception):
    """A compiler is missing, or says no."""


def build(name, kind, source, threads):
    """The module of a source, from a folder of its own. `kind` is a function that compiles it there."""
    openmp = ["-fopenmp"] if threads else []
    made_of = "\n".join([sys.version, np.__version__, kind.__name__, source, *openmp])
    folder = BUILT / f"{name}-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"
    module = folder / f"{name}{SUFFIX}"
    if not module.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kind(folder, name, source, openmp)
    found = importlib.util.spec_from_file_location(name, module)
    loaded = importlib.util.module_from_spec(found)
    found.loader.exec_module(loaded)
    return loaded


def cython(folder, name, source, openmp):
    """By Cython and the C compiler, with libmvec."""
    (folder / f"{name}.pyx").write_text(source)
    (folder / "setup.py").write_text(SETUP.format(name=name, flags=FLAGS + openmp, link=openmp))
    run(["setup.py", "-q", "build_ext", "--inplace"], folder)


def pythran(folder, name, source, openmp):
    """By Pythran and the C++ compiler."""
    (folder / f"{name}.py").write_text(source)
    run(["-m", "pythran.run", *FLAGS, *openmp, f"{name}.py", "-o", f"{name}{SUFFIX}"], folder)


def run(command, folder):
    """A step of Python's, whose failure says the last line of what it said."""
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise NotBuilt(said.replace(sys.executable, "python").replace(str(ROOT), "."))
