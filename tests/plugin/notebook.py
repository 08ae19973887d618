"""What a notebook does with cells of specs, in IPython without a browser."""

import contextlib
import io
import pickle

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

SPEC = """%%kernel
[kernel.total]
inputs  = ["x: f64"]
outputs = ["total: f64"]
reduce  = { identity = "0.0", combine = "a + b" }
"""

shell = InteractiveShell.instance()


def run(text):
    """What a cell gives, and what it says."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        result = shell.run_cell(text)
    return result, said.getvalue()


def fails(text, words):
    """A cell that must fail, without a traceback."""
    result, said = run(text)
    assert isinstance(result.error_in_exec, UsageError), result
    assert words in said and "Traceback" not in said, said


assert run("%load_ext kernelgen")[0].success
fails(SPEC.replace("%%kernel", "%%kernel fast"), "takes nothing on its own line")
result, said = run(SPEC)
assert result.success and said.startswith("built in "), said
assert run("total([1, 2, 3])")[0].result == 6.0
assert run(SPEC)[1] == "", "the same text is not built again"

former = shell.user_ns["total"]
assert run(SPEC.replace("a + b", "a + b + 1.0"))[0].success
total = shell.user_ns["total"]
assert (former([1, 2]), total([1, 2])) == (3.0, 5.0)
assert pickle.loads(pickle.dumps(total))([1, 2]) == 5.0

fails(SPEC.replace("x: f64", "x: f65"), "error[unknown-dtype]: unknown dtype `f65`\n --> specs/cell.toml:3:")
fails(SPEC.replace("a + b", "a + b.x"), "error[rustc]: ")
fails(SPEC.replace("[kernel", "[package]\nname = 'mine'\n[kernel"), "leave `name` out")
assert shell.user_ns["total"] is total
