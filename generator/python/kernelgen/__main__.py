"""`python -m kernelgen`: the command of this Python, whatever PATH says."""

import os
import subprocess
import sys

from .command import find


def main() -> int:
    """Runs the command with this process's arguments; gives its exit code."""
    line = [find("kernelgen"), *sys.argv[1:]]
    if os.name != "nt":
        # The same process goes on, and takes signals.
        os.execv(line[0], line)
    return subprocess.run(line).returncode


if __name__ == "__main__":
    sys.exit(main())
