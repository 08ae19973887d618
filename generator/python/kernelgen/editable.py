"""Editable installations: a wheel that imports kernels from the project's `build/`, where they are built again.

`python -m kernelgen.editable PROFILE [--quiet]` in a project's folder builds its kernels there: what the hook runs on import when
specs have changed.
"""

import base64
import hashlib
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

from . import __version__, hook
from .build import OUT, SPECS, wheel
from .unpack import unpack

PLACE = OUT / "editable"


def build(directory: Path, profile: str) -> Path:
    """Builds the kernels in place, and the wheel that leads to them; gives the wheel's path."""
    built, name = build_in_place(profile)
    root = Path.cwd()
    module = f"_kernelgen_editable_{name.replace('.', '_')}"
    text = Path(hook.__file__).read_text(encoding="utf-8")
    watched = [SPECS, "pyproject.toml"]
    call = f"install({name!r}, {str(root)!r}, {str(root / PLACE)!r}, {watched!r}, {profile!r})"
    # Static tools read the paths, Python runs the line that imports.
    paths = [str(path) for path in (*python_source(root), root / PLACE)]
    files = {
        f"{module}.py": f"{text}\n\n{call}\n".encode(),
        f"{module}.pth": "\n".join([*paths, f"import {module}", ""]).encode(),
    }
    with zipfile.ZipFile(built) as archive:
        for info in archive.infolist():
            place = PurePosixPath(info.filename)
            if place.parts[0].endswith(".dist-info") and place.name != "RECORD":
                files[info.filename] = archive.read(info)
                if place.name == "METADATA":
                    files[info.filename] = with_kernelgen(files[info.filename])
                if place.name == "WHEEL":
                    record = str(place.with_name("RECORD"))
    return write_wheel(directory / built.name, files, record)


def build_in_place(profile: str, *options: str) -> tuple[Path, str]:
    """Builds the wheel, and unpacks its kernels into `PLACE`: the wheel's path and the kernels' module."""
    state = hook.state(Path.cwd(), [SPECS, "pyproject.toml"])
    built = wheel(OUT / "wheels", profile, *options)
    name = unpack(built, PLACE)
    (PLACE / hook.STATE).write_text(state, encoding="utf-8")
    return built, name


def python_source(root: Path) -> list[Path]:
    """The folder with Python code of the project's own, if there is one."""
    with (root / "pyproject.toml").open("rb") as file:
        tool = tomllib.load(file).get("tool", {}).get("kernelgen", {})
    folder = root / tool.get("python-source", "src")
    return [folder] if folder.is_dir() else []


def with_kernelgen(metadata: bytes) -> bytes:
    """The metadata with kernelgen among what is required: to build again."""
    head, blank, body = metadata.partition(b"\n\n")
    return head + f"\nRequires-Dist: kernelgen=={__version__}".encode() + blank + body


def write_wheel(path: Path, files: dict[str, bytes], record: str) -> Path:
    """Writes a wheel of these files and the list of them."""
    lines = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(data)}\n")
            archive.writestr(name, data)
        archive.writestr(record, "".join([*lines, f"{record},,\n"]))
    return path


if __name__ == "__main__":
    build_in_place(*sys.argv[1:])
