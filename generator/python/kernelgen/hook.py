"""What an editable installation puts beside other modules: kernels are built anew on import when their specs changed.

`KERNELGEN_EDITABLE_VERBOSE` shows what the build says; `KERNELGEN_EDITABLE_SKIP` imports what is there.
"""

# This runs when Python starts, also where a frontend has taken the standard library off the path: whatever else is
# needed is imported when it is.
import os
import sys

STATE = ".state"
BUSY = ".lock"


def state(root, watched):
    """A text that changes with any file of these files and folders."""
    import hashlib
    from pathlib import Path

    digest = hashlib.sha256()
    for top in (Path(root, name) for name in watched):
        paths = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in paths:
            # Editors keep files of their own beside ours.
            if path.is_file() and not path.name.startswith("."):
                status = path.stat()
                digest.update(f"{path.relative_to(root)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


class Finder:
    """Finds one module: the kernels, built anew if need be."""

    def __init__(self, name, root, place, watched, profile):
        self.name, self.root, self.place = name, root, place
        self.watched, self.profile = watched, profile

    def find_spec(self, fullname, path=None, target=None):
        """What Python asks before it looks elsewhere."""
        if fullname != self.name:
            return None
        from importlib.machinery import PathFinder

        if not os.environ.get("KERNELGEN_EDITABLE_SKIP") and self.is_stale():
            self.build()
        return PathFinder.find_spec(fullname, [os.path.join(self.place, *fullname.split(".")[:-1])])

    def is_stale(self):
        """Whether the kernels were built of something else than what the specs say now."""
        if not os.path.isdir(self.root):
            return False
        try:
            with open(os.path.join(self.place, STATE), encoding="utf-8") as file:
                return file.read() != state(self.root, self.watched)
        except FileNotFoundError:
            return True

    def build(self):
        """Builds the kernels, and says so; an `ImportError` with the report if that fails."""
        import importlib.util
        import subprocess
        import time

        if importlib.util.find_spec("kernelgen") is None:
            say(f"the specs of {self.name} have changed; to have it built, `pip install kernelgen`")
            return
        with open(os.path.join(self.place, BUSY), "ab") as file:
            wait_for(file)
            if not self.is_stale():
                return
            say(f"the specs of {self.name} have changed: building")
            begun = time.monotonic()
            line = [sys.executable, "-m", "kernelgen.editable", self.profile]
            loud = bool(os.environ.get("KERNELGEN_EDITABLE_VERBOSE"))
            line, streams = (line, {}) if loud else ([*line, "--quiet"], {"stderr": subprocess.PIPE})
            done = subprocess.run(line, cwd=self.root, encoding="utf-8", errors="replace", **streams)
            if done.returncode != 0:
                report = "its report is above" if loud else done.stderr.rstrip()
                raise ImportError(f"{self.name} could not be built:\n{report}", name=self.name)
            say(f"{self.name} was built in {time.monotonic() - begun:.1f} s")


def say(text):
    """A line for whoever watches."""
    print(f"kernelgen: {text}", file=sys.stderr, flush=True)


def wait_for(file):
    """Waits until no other process builds. The file is locked until it is closed."""
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)


def install(name, root, place, watched, profile):
    """Has Python ask for the kernels here first."""
    sys.meta_path.insert(0, Finder(name, root, place, watched, profile))
