"""What an editable installation puts beside other modules: kernels are built anew on import when their specs changed.

`KERNELGEN_EDITABLE_VERBOSE` shows what the build says; `KERNELGEN_EDITABLE_SKIP` imports what is there.
"""

import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

STATE = ".state"


def state(root, watched):
    """A text that changes with any file of these files and folders."""
    digest = hashlib.sha256()
    for top in (Path(root, name) for name in watched):
        paths = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in paths:
            if path.is_file():
                status = path.stat()
                digest.update(f"{path.relative_to(root)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class Finder(importlib.abc.MetaPathFinder):
    """Finds one module: the kernels, built anew if need be."""

    def __init__(self, name, root, place, watched, profile):
        self.name, self.root, self.place = name, Path(root), Path(place)
        self.watched, self.profile = watched, profile

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        if not os.environ.get("KERNELGEN_EDITABLE_SKIP") and self.is_stale():
            with locked(self.place / ".lock"):
                if self.is_stale():
                    self.build()
        folder = self.place.joinpath(*fullname.split(".")[:-1])
        return importlib.machinery.PathFinder.find_spec(fullname, [str(folder)])

    def is_stale(self):
        """Whether the kernels are there, and were not built of what the specs say now."""
        try:
            return (self.place / STATE).read_text(encoding="utf-8") != state(self.root, self.watched)
        except OSError:
            return self.root.is_dir()

    def build(self):
        """Builds the kernels, and says so; an `ImportError` with the report if that fails."""
        if importlib.util.find_spec("kernelgen") is None:
            say(f"the specs of {self.name} have changed, and kernelgen is not here to build them: `pip install kernelgen`")
            return
        say(f"the specs of {self.name} have changed: building")
        begun = time.monotonic()
        line = [sys.executable, "-m", "kernelgen.editable", self.profile]
        loud = bool(os.environ.get("KERNELGEN_EDITABLE_VERBOSE"))
        streams = {} if loud else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = subprocess.run(line, cwd=self.root, encoding="utf-8", errors="replace", **streams)
        if done.returncode != 0:
            report = " its report is above" if loud else f"\n{report_of(done.stdout)}"
            raise ImportError(f"{self.name} could not be built:{report}", name=self.name)
        say(f"{self.name} was built in {time.monotonic() - begun:.1f} s")


def report_of(said):
    """What a build complained of, without what it told of its progress."""
    lines = said.rstrip().split("\n")
    return "\n".join(line for line in lines if ": compiling " not in line)


def say(text):
    """A line for whoever watches."""
    print(f"kernelgen: {text}", file=sys.stderr, flush=True)


@contextmanager
def locked(path):
    """Lets one process at a time build; the others wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(name, root, place, watched, profile):
    """Asks a finder first where the kernels are."""
    sys.meta_path.insert(0, Finder(name, root, place, watched, profile))
