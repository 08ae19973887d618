"""Python in a process of its own: for what may crash, hang, or must be set before the start."""

import os
import subprocess
import sys
import textwrap


def run(code, *, timeout=120, **environment):
    """Runs `code` to its end and gives what it printed; whatever it says on stderr is a failure."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=timeout, cwd=os.path.dirname(__file__),
        env={**os.environ, **environment},
    )
    assert (done.returncode, done.stderr) == (0, ""), f"exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()
