"""What the figures were measured on."""

import datetime
import os
import platform
import re
import subprocess
from pathlib import Path


def described(result):
    """One paragraph: machine, system, date, versions."""
    versions = result["versions"]
    shown = ", ".join(f"{name} {each}" for name, each in versions.items() if each and name not in ("SVML", "icc_rt"))
    svml = f" (SVML by icc_rt {versions['icc_rt']})" if versions["SVML"] else " (no SVML)"
    shown = re.sub(r"(numba [^,]+)", lambda found: found[1] + svml, shown)
    month = datetime.date.today().strftime("%B %Y")
    return (
        f"Machine: {cpu()}, {len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores, caches {caches()}; "
        f"instruction set {result['level']}; {platform.system()}, {compiler()}; {month}.\n"
        f"Python {platform.python_version()}, {shown}."
    )


def cpu():
    """The model's name."""
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor() or platform.machine()


def caches():
    """Sizes of the first core's caches, as the system tells them."""
    found = []
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        if (folder / "type").read_text().strip() != "Instruction":
            found.append(f"L{(folder / 'level').read_text().strip()} {(folder / 'size').read_text().strip()}")
    return ", ".join(found) or "unknown"


def compiler():
    """Of the peers in C."""
    try:
        return subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    except (OSError, IndexError):
        return "no C compiler"
