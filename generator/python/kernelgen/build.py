"""The build backend: `build-backend = "kernelgen.build"` in a `pyproject.toml` with a folder `specs/` beside it.

Each hook of PEP 517 and PEP 660 calls the command `kernelgen`, which writes an ordinary maturin project to
`build/kernelgen/` and builds it. What is wrong with a spec is reported by the command; the hook then ends the process
in silence, because a traceback of this file would be of no use to anybody.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

from .command import find

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

SPECS = "specs"
OUT = Path("build", "kernelgen")
PROFILES = ("release", "dev")

Settings = dict[str, Any] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Nothing: maturin comes with kernelgen."""
    return []


get_requires_for_build_sdist = get_requires_for_build_editable = get_requires_for_build_wheel


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Writes the wheel's metadata, and gives the name of their folder."""
    line = ["pep517", "write-dist-info", "--metadata-directory", metadata_directory, "--interpreter", sys.executable]
    return Path(maturin(*line, "--manifest-path", str(generate() / "Cargo.toml"))).name


def prepare_metadata_for_build_editable(metadata_directory: str, config_settings: Settings = None) -> str:
    """The same for an editable installation, which needs kernelgen to build again."""
    from . import editable

    name = prepare_metadata_for_build_wheel(metadata_directory, config_settings)
    metadata = Path(metadata_directory, name, "METADATA")
    metadata.write_bytes(editable.with_kernelgen(metadata.read_bytes()))
    return name


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Builds the wheel, and gives its name."""
    return wheel(Path(wheel_directory), profile(config_settings)).name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Builds the kernels in the project's `build/`, and a wheel that imports them from there."""
    from . import editable

    return editable.build(Path(wheel_directory), profile(config_settings)).name


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Packs the generated project and its specs, and gives the archive's name: it builds without kernelgen."""
    line = ["pep517", "write-sdist", "--sdist-directory", sdist_directory]
    return Path(maturin(*line, "--manifest-path", str(generate() / "Cargo.toml"))).name


def generate() -> Path:
    """Writes the generated project; gives its folder."""
    return Path(kernelgen("generate", SPECS, "--out", str(OUT)))


def wheel(directory: Path, profile: str, *options: str) -> Path:
    """Builds the wheel into a folder; gives its path."""
    line = ["build", SPECS, "--out", str(OUT), "--dist", str(directory), "--python", sys.executable]
    return Path(kernelgen(*line, "--profile", profile, *options))


def profile(config_settings: Settings) -> str:
    """The one setting: `pip install . -C profile=dev`."""
    settings = config_settings or {}
    for name in settings.keys() - {"profile"}:
        fail(f"there is no setting `{name}`", "there is one: `profile`")
    value = settings.get("profile", PROFILES[0])
    if value not in PROFILES:
        fail(f"there is no profile `{value}`", "take `release` or `dev`")
    return str(value)


def kernelgen(*arguments: str) -> str:
    """Runs the command for one package; gives the path that it prints."""
    return run([executable("kernelgen"), *arguments, "--backend"])


def maturin(*arguments: str) -> str:
    """Runs maturin; gives the last line that it prints."""
    if shutil.which("cargo") is None:
        fail("cargo was not found", "install Rust as https://rustup.rs says, then run this again")
    return run([executable("maturin"), *arguments])


def executable(package: str) -> str:
    """The path of a package's command."""
    try:
        return find(package)
    except FileNotFoundError as error:
        fail(str(error), f"run `pip install --force-reinstall {package}` where kernelgen is, then run this again")


def run(line: list[str]) -> str:
    """The last line of what a command prints; what it tells goes to our stderr."""
    done = subprocess.run(line, stdout=subprocess.PIPE, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(1)
    return done.stdout.strip().rpartition("\n")[2]


def fail(message: str, advice: str) -> NoReturn:
    """Ends the hook in the words of the command's own errors."""
    print(f"error: {message}\n  help: {advice}", file=sys.stderr)
    sys.exit(1)
