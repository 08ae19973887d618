"""bottleneck's own tests, with kernelgen's reductions in the place of bottleneck's. See README.md."""

import sys
import tempfile
from pathlib import Path

# Run as a script, this file must not be what `import bottleneck` finds.
sys.path.pop(0)

import bottleneck
import pytest
import yardstick_bottleneck as ours

FILES = ["reduce_test.py", "input_modification_test.py", "list_input_test.py", "scalar_input_test.py", "memory_test.py"]

# Why a test is lost, by a part of its name and a part of what it fails with.
EXPLAINED = {
    ("test_arg_parsing", "got an unexpected keyword argument 'a'"): "inputs are given by position: NumPy's ufuncs have it so",
}


class Outcomes:
    """What became of each test."""

    def __init__(self):
        self.passed, self.failed = set(), {}

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed[report.nodeid] = str(report.longrepr)
        elif report.passed and report.when == "call":
            self.passed.add(report.nodeid)


def run(functions):
    """Runs the tests where bottleneck's list of reductions is `functions`."""
    listed = bottleneck.get_functions
    bottleneck.get_functions = lambda which, as_string=False: (
        listed(which, as_string) if as_string else [functions(each) for each in listed(which)]
    )
    for name in [name for name in sys.modules if name.startswith("bottleneck.tests")]:
        del sys.modules[name]
    folder, outcomes = Path(bottleneck.__file__).parent / "tests", Outcomes()
    options = ["-q", "-p", "no:cacheprovider", "--no-header", "--no-summary", "-k", "not median", "--rootdir", tempfile.gettempdir()]
    pytest.main([*options, *(str(folder / name) for name in FILES)], plugins=[outcomes])
    bottleneck.get_functions = listed
    return outcomes


def main():
    before = run(lambda function: function)
    after = run(lambda function: getattr(ours, function.__name__, function))
    lost = sorted(test for test in before.passed if test not in after.passed)
    used, unexplained = set(), 0
    for test in lost:
        said = after.failed.get(test, "it was not run")
        reasons = [key for key in EXPLAINED if key[0] in test and key[1] in said]
        used.update(reasons)
        if not reasons:
            unexplained += 1
            print(f"LOST {test}\n{said}\n")
    outdated = set(EXPLAINED) - used
    for part, said in sorted(outdated):
        print(f"OUTDATED {part}: no test is lost for {said!r} any more")
    print(f"{len(before.passed)} pass with bottleneck's, {len(lost)} of them lost, {unexplained} without an explanation")
    return 1 if unexplained or outdated or not before.passed else 0


if __name__ == "__main__":
    sys.exit(main())
