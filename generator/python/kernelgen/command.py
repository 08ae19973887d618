"""Where the command `kernelgen` is that came with this package."""

import shutil
from importlib.metadata import PackageNotFoundError, files

NAMES = ("kernelgen", "kernelgen.exe")


def find() -> str:
    """The path of the executable: the one that was installed with this package, else the one on PATH.

    Where executables go differs among prefixes, `--user`, `--target` and the environments that frontends build in;
    what the installer wrote down is right for all of them.
    """
    try:
        installed = [file.locate() for file in files("kernelgen") or [] if file.name in NAMES]
    except PackageNotFoundError:
        installed = []
    for path in installed:
        if path.is_file():
            return str(path)
    on_path = shutil.which("kernelgen")
    if on_path is None:
        raise FileNotFoundError("the command `kernelgen` was not found: `pip install --force-reinstall kernelgen`")
    return on_path
