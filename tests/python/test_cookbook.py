"""Every elementwise kernel and every fold against its `reference`, and every example of every spec.

Both texts come from the specs themselves.
"""

import doctest
import importlib
import inspect

import cookbook
import kernels
import layouts
import numpy as np
import pytest

#: Values of params to try besides the defaults; required ones are here always.
PARAMS = {
    "cookbook.leaky_relu": [{"slope": 0.25}],
    "cookbook.loan": [{"rate": 0.05}],
    "cookbook.chebyshev": [{"degree": 0}, {"degree": 6}],
    "cookbook.limit": [{"knee": "soft"}],
    "cookbook.mean_var": [{"ddof": 1.0}, {"ddof": 0.5}],
    "cookbook.count_above": [{"threshold": 1}, {"threshold": 3}],
    "cookbook.distance": [{"metric": "manhattan"}, {"metric": "chebyshev"}],
    "cookbook.affine": [{"start": -2.0}],
}
REFERENCED = [kernel for kernel in kernels.ALL if "reference" in kernel.spec and kernel.form != "body"]
FOLDS = [kernel for kernel in REFERENCED if kernel.form == "reduce" and not kernel.is_scan]
#: Keywords that are none of a kernel's params.
KEYWORDS = {"out", "where", "casting", "order", "dtype", "subok", "signature", "keepdims", "initial"}
SIZES = [1, 2, 7, 33, 1000, 1024, 1025, 3000, 20_000]


def values(dtype, n, seed, positive):
    """Values whose products stay in range, of both signs unless `positive`."""
    rng = np.random.default_rng([n, seed])
    if dtype.kind == "b":
        return rng.random(n) < 0.5
    if dtype.kind in "iu":
        return rng.integers(1 if positive or dtype.kind == "u" else -5, 6, n).astype(dtype)
    x = rng.uniform(0.9, 1.1, n)
    if dtype.kind == "c":
        x = x * np.exp(1j * rng.uniform(-0.1, 0.1, n))
    return (x if positive else x * rng.choice([-1, 1], n)).astype(dtype)


def calls(kernel):
    """The params of each call to try, as given and as they are with the defaults."""
    signature = inspect.signature(kernel.function).parameters.items()
    defaults = {n: each.default for n, each in signature if each.kind is each.KEYWORD_ONLY and n not in KEYWORDS}
    required = [name for name, default in defaults.items() if default is inspect.Parameter.empty]
    given = PARAMS.get(str(kernel), []) + ([] if required else [{}])
    return [(params, {**defaults, **params}) for params in given]


def agree(found, wanted, n=1):
    """Within what the order of `n` operations can change, in the dtype that came."""
    if isinstance(wanted, tuple):
        assert len(found) == len(wanted)
        return [agree(*pair, n) for pair in zip(found, wanted)]
    found, wanted = np.asarray(found), np.asarray(wanted)
    eps = 0.0 if found.dtype.kind not in "fc" else (4 if found.dtype == "f2" else 1e3) * np.finfo(found.dtype).eps
    np.testing.assert_allclose(found, wanted, rtol=eps, atol=eps * n, equal_nan=True)


@pytest.mark.parametrize("kernel", REFERENCED, ids=str)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_kernel_is_its_reference(kernel):
    for dtypes, _ in kernel.loops():
        for n in SIZES:
            arguments = [values(dtype, n, seed, len(dtypes) > 1) for seed, dtype in enumerate(dtypes)]
            for params, names in calls(kernel):
                found = kernel.function(*arguments, **params)
                agree(found, kernel.reference(arguments, names), n if kernel.form == "reduce" else 1)


@pytest.mark.parametrize("kernel", REFERENCED, ids=str)
def test_layout_and_shape_change_nothing(kernel):
    for dtypes, _ in kernel.loops():
        arguments = [values(dtype, 3000, seed, len(dtypes) > 1).reshape(3, 40, 25) for seed, dtype in enumerate(dtypes)]
        params, _ = calls(kernel)[0]
        wanted = kernel.function(*arguments, **params)
        for layout in layouts.ALL:
            agree(kernel.function(*map(layout, arguments), **params), wanted, 3000)


@pytest.mark.parametrize("kernel", REFERENCED, ids=str)
def test_results_are_of_the_dtypes_that_the_loop_says(kernel):
    for dtypes, outputs in kernel.loops():
        params, _ = calls(kernel)[0]
        # Scalars of NumPy's where there is one result: of folds, and of elementwise kernels of scalars.
        for shape in [3] if kernel.form == "reduce" else [3, ()]:
            found = kernel.function(*[np.ones(shape, dtype)[()] for dtype in dtypes], **params)
            found = found if isinstance(found, tuple) else (found,)
            assert [each.dtype for each in found] == outputs
            scalar = kernel.form == "reduce" and not kernel.is_scan or shape == ()
            assert [type(each) for each in found] == [dtype.type if scalar else np.ndarray for dtype in outputs]


@pytest.mark.parametrize("kernel", FOLDS, ids=str)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nothing_gives_the_identity_or_a_value_error(kernel):
    for dtypes, _ in kernel.loops():
        arguments = [np.empty(0, dtype) for dtype in dtypes]
        for params, names in calls(kernel):
            if "identity" not in kernel.spec["reduce"]:
                with pytest.raises(ValueError, match=f"operation {kernel.name} which has no identity"):
                    kernel.function(*arguments, **params)
                continue
            found = kernel.function(*arguments, **params)
            try:
                wanted = kernel.reference(arguments, names)
            except (ValueError, ZeroDivisionError):
                continue
            agree(found, wanted)


@pytest.mark.parametrize("name", ["minimum", "maximum", "minmax", "argmax", "norm", "logsumexp", "mean"])
@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf, -0.0])
@pytest.mark.parametrize("n", [1, 3, 1024, 1500])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_special_values_are_numpys(name, special, n):
    (kernel,) = [each for each in REFERENCED if each.name == name]
    params, names = calls(kernel)[0]
    for places in ([0], [n - 1], [n // 2], [n // 2, n - 1]):
        x = values(np.dtype("f8"), n, 0, False)
        x[places] = special
        agree(kernel.function(x, **params), kernel.reference([x], names), n)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_mean_beside_a_variance_is_the_mean():
    """Of infinities too, which have no variance."""
    for x in ([1.0, np.inf], [-np.inf, 1.0, 2.0], [np.nan, 1.0], [np.inf, -np.inf]):
        mean, var = cookbook.mean_var(x)
        agree(mean, np.mean(x))
        assert not np.isfinite(var)


EXAMPLES = [(kernel, text) for kernel in kernels.ALL for text in kernel.spec.get("examples", [])]


@pytest.mark.parametrize(("kernel", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_example(kernel, text):
    found, wanted = kernel.example(text)
    if isinstance(wanted, (bool, str, list, np.dtype, type)):
        assert found == wanted
    else:
        agree(found, wanted)


@pytest.mark.parametrize("package", kernels.PACKAGES)
def test_docstrings_show_what_is_printed(package):
    module = importlib.import_module(package)
    runner, parser = doctest.DocTestRunner(verbose=False), doctest.DocTestParser()
    for name in module.__all__:
        said = []
        test = parser.get_doctest(getattr(module, name).__doc__ or "", {}, f"{package}.{name}", None, 0)
        runner.run(test, out=said.append)
        assert not said, "".join(said)


def test_every_kernel_of_the_cookbook_is_held_to_something():
    for kernel in kernels.ALL:
        # Bodies are held to SciPy in test_fields.py.
        wanted = {"examples"} if kernel.form == "body" else {"reference", "examples"}
        assert kernel.package == "options" or wanted <= kernel.spec.keys(), kernel
