"""Where the commands are that packages brought with them."""

import shutil
from importlib.metadata import PackageNotFoundError, files


def find(package: str) -> str:
    """The path of a package's executable of the same name: the one that was installed with it, else one on PATH.

    Where executables go differs among prefixes, `--user`, `--target` and the environments that frontends build in;
    what the installer wrote down is right for all of them.
    """
    names = (package, f"{package}.exe")
    try:
        installed = [file.locate() for file in files(package) or [] if file.name in names]
    except PackageNotFoundError:
        installed = []
    for path in installed:
        if path.is_file():
            return str(path)
    on_path = shutil.which(package)
    if on_path is None:
        raise FileNotFoundError(f"the command `{package}` was not found")
    return on_path
