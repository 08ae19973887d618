"""Kernels out of a wheel, into a folder that Python imports from."""

import os
import shutil
import zipfile
from pathlib import Path, PurePosixPath


def unpack(wheel: Path, folder: Path) -> str:
    """Puts the kernels of a wheel into a folder, and nothing else of it; gives their module's name."""
    with zipfile.ZipFile(wheel) as archive:
        names = [PurePosixPath(name) for name in archive.namelist()]
        package = next(name.parent for name in names if name.name.startswith("_native."))
        for name in names:
            if name.is_relative_to(package):
                put(archive, str(name), folder / name)
    return ".".join(package.parts)


def put(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Puts a file in its place whole: a process that has loaded the former one keeps it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with archive.open(name) as source, beside.open("wb") as target:
        shutil.copyfileobj(source, target)
    os.replace(beside, path)
