"""What a user sees of a generated package besides its results."""

import copy
import importlib
import importlib.metadata
import inspect
import pickle

import child
import cookbook
import gilexample
import kernels
import numpy as np
import options
import pytest

SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "Examples"]


@pytest.mark.parametrize("package", kernels.PACKAGES)
def test_all_lists_what_there_is(package):
    module = importlib.import_module(package)
    names = {kernel.name for kernel in kernels.ALL if kernel.package == package}
    own = {"show_config", "get_num_threads", "set_num_threads", "num_threads"}
    assert names | own <= set(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
    assert [name for name in dir(module) if not name.startswith("_") and name not in module.__all__] == []
    assert module.__version__ == importlib.metadata.version(package) == "0.1.0"
    assert "Threads may call these functions at once" in module.__doc__


@pytest.mark.parametrize("kernel", kernels.ALL, ids=str)
def test_a_kernel_knows_who_it_is(kernel):
    function = kernel.function
    assert (function.__module__, function.__name__, function.__qualname__) == (kernel.package, kernel.name, kernel.name)
    assert pickle.loads(pickle.dumps(function)) is function
    assert copy.deepcopy(function) is function
    assert callable(function)


@pytest.mark.parametrize("kernel", kernels.ALL, ids=str)
def test_signatures_can_be_inspected(kernel):
    parameters = list(inspect.signature(kernel.function).parameters.values())
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_ONLY]
    if kernel.form == "reduce":
        assert parameters.pop(len(positional)).name == "axis"
    keywords = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]
    outputs = ["out"] if kernel.names("outputs") else []
    items = [name for name in ("axes", "axis", "keepdims") if name in keywords]
    further = {"reduce": ["out", "keepdims", "where"], "map": ["out", "where"], "body": outputs + items}[kernel.form]
    if kernel.is_scan:
        further = ["out"]
    elif kernel.form == "reduce" and "state" not in kernel.spec["reduce"] and "finish" not in kernel.spec["reduce"]:
        further.append("initial")
    if kernel.is_ufunc:
        # As all ufuncs have them; `out` may be given by position.
        has_axes = "[" in "".join(str(each) for each in kernel.spec["inputs"] + kernel.spec["outputs"])
        own = ["axes", "axis", "keepdims"] if kernel.form == "body" and has_axes else ["where"]
        further = own + ["casting", "order", "dtype", "subok", "signature"]
        assert parameters.pop(len(positional)).name == "out"
    inputs = kernel.names("inputs") + kernel.names("inouts")
    assert (positional, keywords) == (inputs, kernel.names("params") + further)
    assert len(positional) + len(keywords) == len(parameters)


@pytest.mark.parametrize(
    ("function", "signature"),
    [
        (gilexample.sum, "(x, /, axis=None, *, out=None, keepdims=False, where=True, initial=Ellipsis)"),
        (cookbook.is_close, "(x, y, /, *, rtol=1e-05, atol=1e-08, out=None, where=True)"),
        (cookbook.lerp, "(x, y, t=0.5, /, *, out=None, where=True)"),
        (cookbook.moving_mean, "(x, /, *, window, out=None, axes=Ellipsis, axis=Ellipsis)"),
        (cookbook.sosfilt, "(sos, x, /, *, axes=Ellipsis)"),
        (options.scaled_dot, "(x, y, /, *, scale=1.0, out=None, axes=Ellipsis, axis=Ellipsis, keepdims=False)"),
        (options.grid, "(*, m, n, step=1.0, out=None, axes=Ellipsis)"),
        (cookbook.mandelbrot, "(c, /, *, steps=100, out=None)"),
        (cookbook.mean_var, "(x, /, axis=None, *, ddof=0.0, out=None, keepdims=False, where=True)"),
        (cookbook.count_above, "(x, /, axis=None, *, threshold, out=None, keepdims=False, where=True, initial=Ellipsis)"),
        (cookbook.distance, "(x, y, /, axis=None, *, metric='euclidean', out=None, keepdims=False, where=True)"),
        (
            options.echo,
            "(x, /, axis=None, *, flag=True, small=-7, big=7, size=3, single=0.1, double=inf, pair=2.0, mode='same', "
            "out=None, keepdims=False, where=True)",
        ),
    ],
)
def test_signature(function, signature):
    assert str(inspect.signature(function)) == signature


@pytest.mark.parametrize("kernel", kernels.ALL, ids=str)
def test_docstrings_are_numpydoc(kernel):
    doc = inspect.getdoc(kernel.function)
    lines = doc.splitlines()
    if kernel.is_ufunc:
        assert lines[0].startswith(f"{kernel.name}({', '.join(kernel.names('inputs'))}, /, out=")
        lines = lines[2:]
    assert lines[0] == kernel.spec.get("summary", lines[0]) and lines[0].endswith(".")
    assert lines[1] == ""
    found = [lines[k - 1] for k, line in enumerate(lines) if k and line and set(line) == {"-"}]
    assert found == [section for section in SECTIONS if section in found]
    assert found[: 1 + ("outputs" in kernel.spec)] == ["Parameters", "Returns"][: 1 + ("outputs" in kernel.spec)]
    assert all(len(lines[k]) == len(lines[k - 1]) for k, line in enumerate(lines) if line and set(line) == {"-"})
    for name in [name for key in ("inputs", "inouts", "params", "outputs") for name in kernel.names(key)]:
        assert any(line.startswith(f"{name} : ") for line in lines), name
    for text in kernel.spec.get("docs", {}).values():
        assert text in " ".join(doc.split())
    if "doc" in kernel.spec:
        assert kernel.spec["doc"].strip() in doc


def test_several_results_are_a_named_tuple():
    result = cookbook.mean_var([1.0, 3.0])
    assert repr(result) == "MeanVarResult(mean=np.float64(2.0), var=np.float64(1.0))"
    assert (result.mean, result.var) == tuple(result) == (2.0, 1.0)
    assert pickle.loads(pickle.dumps(result)) == result
    assert type(result) is cookbook.MeanVarResult
    assert cookbook.MeanVarResult.__module__ == "cookbook"
    assert type(cookbook.minmax(np.array([1, 2], "i4")).smallest) is np.int32


def test_show_config():
    config = gilexample.show_config()
    assert config["instruction_set"] in ("v2", "v3", "v4")
    assert config["runtime"]
    assert "instruction_set" in gilexample.show_config.__doc__


def test_without_numpy_the_import_error_says_so(tmp_path):
    (tmp_path / "numpy.py").write_text("raise ImportError('not here')")
    said = child.run(
        """
        try:
            import gilexample
        except ImportError as error:
            print(type(error).__name__, error)
        """,
        PYTHONPATH=str(tmp_path),
    )
    assert said.startswith("ImportError gilexample needs NumPy >=2.1")
    assert "pip install" in said


@pytest.mark.parametrize("version", ["1.26.4", "2.0.2", "2.1.0rc1"])
def test_a_numpy_that_is_too_old_is_an_import_error_that_says_so(tmp_path, version):
    (tmp_path / "numpy.py").write_text(f"__version__ = {version!r}")
    said = child.run(
        """
        try:
            import gilexample
        except Exception as error:
            print(type(error).__name__, error)
        """,
        PYTHONPATH=str(tmp_path),
    )
    refused = f'ImportError gilexample needs NumPy >=2.1, and this is NumPy {version}: pip install "numpy>=2.1"'
    assert (said.strip() == refused) == (version != "2.1.0rc1")


@pytest.mark.parametrize("n", [1, 1024, 100_000])
@pytest.mark.parametrize("dtype", ["f8", ">f8"])
def test_a_panic_is_a_runtime_error_and_quiet(n, dtype, capfd):
    x = np.ones(n, dtype)
    x[-1] = 1e301
    for _ in range(3):
        with pytest.raises(RuntimeError, match=r"fragile\(\) panicked: 1e301 is too much"):
            options.fragile(x)
    assert options.fragile(x[:-1]) == n - 1
    assert capfd.readouterr() == ("", "")


def test_a_panic_in_another_thread_is_quiet_too():
    child.run("""
        import threading
        import options, numpy as np

        errors = []

        def work():
            try:
                options.fragile(np.full(100_000, 1e301))
            except RuntimeError as error:
                errors.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert len(errors) == 4
    """)


def test_an_impossible_allocation_is_a_memory_error():
    huge = np.broadcast_to(np.float32(1), (2**50,))
    with pytest.raises(MemoryError):
        options.whole(huge)
