"""Kernels in a notebook: `%load_ext kernelgen`, then cells that begin with `%%kernel` and go on as a spec."""

import hashlib
import importlib
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, magics_class

from .command import find
from .unpack import unpack

PROJECT = """[build-system]
requires = ["kernelgen"]
build-backend = "kernelgen.build"

[project]
name = "{name}"
version = "0"
"""


@magics_class
class Kernels(Magics):
    """`%%kernel`. What it builds is kept until Python ends."""

    def __init__(self, shell):
        super().__init__(shell)
        self.folder = tempfile.TemporaryDirectory(prefix="kernelgen-", ignore_cleanup_errors=True)
        self.site = Path(self.folder.name, "site")
        # For the processes, too, that this one hands kernels to.
        sys.path.append(str(self.site))

    @cell_magic
    def kernel(self, line, cell):
        """Builds the kernels of a cell's spec and binds them to their names."""
        if line.strip():
            raise UsageError("%%kernel takes nothing on its own line: the spec begins on the next one")
        # A module cannot be loaded twice: each text is a module of its own.
        name = f"cell_{hashlib.sha256(cell.encode()).hexdigest()[:16]}"
        if name not in sys.modules:
            begun = time.monotonic()
            self.build(name, cell)
            print(f"built in {time.monotonic() - begun:.1f} s", file=sys.stderr)
        module = importlib.import_module(name)
        self.shell.push({each: getattr(module, each) for each in tomllib.loads(cell)["kernel"]})

    def build(self, name, cell):
        """Builds the module of a cell and puts it where Python finds it."""
        project = Path(self.folder.name, name)
        (project / "specs").mkdir(parents=True, exist_ok=True)
        (project / "pyproject.toml").write_text(PROJECT.format(name=name), encoding="utf-8")
        # The cell's first line is its magic: lines are counted as the notebook counts them.
        (project / "specs" / "cell.toml").write_text(f"\n{cell}", encoding="utf-8")
        line = [find("kernelgen"), "build", "--backend", "--quiet", "--python", sys.executable]
        done = subprocess.run(line, cwd=project, capture_output=True, encoding="utf-8", errors="replace")
        if done.returncode != 0:
            raise UsageError(f"the cell could not be built\n{done.stderr.rstrip()}")
        if "name" in tomllib.loads(cell).get("package", {}):
            raise UsageError("leave `name` out of the `[package]` of a cell: kernels are bound to their own names")
        unpack(project / done.stdout.strip(), self.site)
        importlib.invalidate_caches()
