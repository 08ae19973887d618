"""The bodies of the cookbook against SciPy and NumPy: batches, layouts, dtypes, axes."""

import cookbook
import kernels
import layouts
import numpy as np
import pytest
import scipy.interpolate
import scipy.linalg
import scipy.ndimage
import scipy.signal
import scipy.spatial
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

rng = np.random.default_rng(5)


def close(found, wanted, rtol=1e-12):
    wanted = np.asarray(wanted)
    eps = 1e-5 if found.dtype in ("f4", "c8") else rtol
    scale = np.max(np.abs(wanted[np.isfinite(wanted)]), initial=1.0)
    np.testing.assert_allclose(found, wanted, rtol=eps, atol=eps * scale)


def distances(x, y):
    return np.stack([scipy.spatial.distance.cdist(a, y) for a in x.reshape(-1, *x.shape[-2:])]).reshape(*x.shape[:-1], len(y))


def everywhere(function, x):
    """A function of one dimension along the last axis."""
    return np.apply_along_axis(function, -1, x)


def toeplitz(r):
    """The predictor by solving the whole system."""
    return np.concatenate([[1.0], -scipy.linalg.solve_toeplitz(r[:-1], r[1:])])


def escapes(c, steps):
    z, k = np.zeros_like(c), np.zeros(c.shape, "i8")
    for _ in range(steps):
        inside = z.real**2 + z.imag**2 <= 4
        z[inside] = z[inside] ** 2 + c[inside]
        k += inside
    return k


def bilinear(z, at):
    grid = tuple(np.arange(float(n)) for n in z.shape)
    return scipy.interpolate.RegularGridInterpolator(grid, z, bounds_error=False)(at)


def autocorrelation(shape):
    x = rng.normal(size=(*shape, 40))
    return np.stack([(x[..., lag:] * x[..., : 40 - lag]).sum(-1) for lag in range(7)], axis=-1)


#: For each kernel: how it is called, its arguments, and what the same is elsewhere.
CASES = {
    "pairwise_distance": ({}, [rng.normal(size=(2, 70, 5)), rng.normal(size=(150, 5))], distances),
    "unwrap": ({}, [np.cumsum(rng.uniform(-9, 9, (3, 200)), -1)], np.unwrap),
    "moving_mean": (
        {"window": 7},
        [rng.normal(size=(3, 9000))],
        lambda x: scipy.ndimage.uniform_filter1d(x, 7)[..., 3:-3],
    ),
    "moving_median": ({"window": 5}, [rng.normal(size=(3, 100))], lambda x: scipy.ndimage.median_filter(x, (1, 5))[..., 2:-2]),
    "savgol": ({"window": 7}, [rng.normal(size=(3, 50))], lambda x: scipy.signal.savgol_filter(x, 7, 2)),
    "recurrence": (
        {},
        [np.full((3, 60), 0.7), rng.normal(size=(3, 60))],
        lambda a, x: scipy.signal.lfilter([1.0], [1.0, -0.7], x),
    ),
    "softmax": ({}, [rng.normal(size=(4, 333)) * 30], lambda x: scipy.special.softmax(x, -1)),
    "histogram": (
        {"bins": 13, "low": -2.0, "high": 2.0},
        [rng.normal(size=(3, 500))],
        lambda x: everywhere(lambda row: np.histogram(row, 13, (-2, 2))[0], x),
    ),
    "matmul4": ({}, [rng.normal(size=(6, 1, 4, 4)), rng.normal(size=(5, 4, 4))], np.matmul),
    "solve": ({}, [rng.normal(size=(5, 8, 8)), rng.normal(size=(5, 8))], lambda a, b: np.linalg.solve(a, b[..., None])[..., 0]),
    "laplace": ({}, [rng.normal(size=(3, 20, 30))], lambda u: np.stack([scipy.ndimage.laplace(each, mode="nearest") for each in u])),
    "interpolate": ({}, [rng.normal(size=(9, 7)), rng.uniform(-1, 9, (200, 2))], bilinear),
    "mandelbrot": ({"steps": 60}, [rng.uniform(-2, 1, (20, 30)) + 1j * rng.uniform(-1, 1, (20, 30))], lambda c: escapes(c, 60)),
    "levinson": ({}, [autocorrelation((4,))], lambda r: everywhere(toeplitz, r)),
}


def call(name, arguments):
    given, _, _ = CASES[name]
    found = getattr(cookbook, name)(*arguments, **given)
    return found[0] if isinstance(found, tuple) else found


@pytest.mark.parametrize("name", CASES)
def test_a_kernel_of_the_cookbook_is_what_scipy_has(name):
    _, arguments, elsewhere = CASES[name]
    close(call(name, arguments), elsewhere(*arguments), 1e-9)


@pytest.mark.parametrize("layout", layouts.ALL)
@pytest.mark.parametrize("name", CASES)
def test_layout_changes_nothing(name, layout):
    _, arguments, _ = CASES[name]
    np.testing.assert_array_equal(call(name, [layout(each) for each in arguments]), call(name, arguments))


@pytest.mark.parametrize("name", [name for name, (_, arguments, _) in CASES.items() if arguments[0].dtype == "f8"])
def test_other_dtypes_are_converted_item_by_item(name):
    _, arguments, elsewhere = CASES[name]
    single = [each.astype("f4") for each in arguments]
    close(call(name, single), elsewhere(*[each.astype("f8") for each in single]), 1e-5)


BODIES = [kernel for kernel in kernels.ALL if kernel.form == "body" and "reference" in kernel.spec]


@pytest.mark.parametrize("kernel", BODIES, ids=str)
def test_references_hold_along_other_axes_too(kernel):
    arguments = {
        "geodetic_to_cartesian": [rng.uniform(-80, 80, (7, 3))],
        **{name: arguments for name, (_, arguments, _) in CASES.items()},
        "histogram": [rng.uniform(size=400)],
    }[kernel.name]
    params = {"moving_mean": {"window": 4}, "moving_median": {"window": 3}}.get(kernel.name, {})
    names = {"bins": 10, "low": 0.0, "high": 1.0, "period": 2 * np.pi, **params}
    close(np.asarray(kernel.function(*arguments, **params)), kernel.reference(arguments, names), 1e-9)
    if len(arguments) == 1 and arguments[0].ndim > 1 and "3]" not in kernel.spec["inputs"][0]:
        found = kernel.function(*arguments, axis=0, **params) if arguments[0].shape[0] > 3 else None
        if found is not None:
            close(found, kernel.reference(arguments, names, axis=0), 1e-9)


@given(st.integers(1, 5), st.integers(0, 80), st.integers(0, 2**32))
def test_a_filter_in_place_is_scipys(sections, n, seed):
    rng = np.random.default_rng(seed)
    sos = np.concatenate([rng.normal(size=(sections, 3)), np.ones((sections, 1)), rng.uniform(-0.4, 0.4, (sections, 2))], 1)
    x = rng.normal(size=(2, n, 3))
    wanted = scipy.signal.sosfilt(sos, x, axis=1) if n else x.copy()
    assert cookbook.sosfilt(sos, x, axes=[(0, 1), 1]) is None
    close(x, wanted, 1e-10)


def test_a_section_that_is_not_normalized_is_refused():
    with pytest.raises(ValueError, match=r"sosfilt\(\): section 1 is not normalized: its fourth number is 2, not 1"):
        cookbook.sosfilt([[1, 0, 0, 1, 0, 0], [1, 0, 0, 2, 0, 0]], np.ones(3))


@given(st.integers(3, 40).map(lambda k: 2 * k + 1), st.integers(0, 400), st.integers(0, 2**32))
def test_windows_of_any_width(window, more, seed):
    x = np.random.default_rng(seed).integers(-50, 50, window + more)
    views = np.lib.stride_tricks.sliding_window_view(x, window)
    np.testing.assert_array_equal(cookbook.moving_median(x, window=window), np.median(views, axis=-1))
    np.testing.assert_allclose(cookbook.moving_mean(x, window=window), views.mean(-1), rtol=1e-12, atol=1e-12)


@given(st.lists(st.booleans(), max_size=60))
def test_runs_are_what_differences_say(flags):
    edges = np.diff(np.concatenate([[0], np.array(flags, "i1"), [0]]))
    begin, end = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    found = cookbook.runs(np.array(flags, bool))
    assert found.count == len(begin)
    np.testing.assert_array_equal(found.begin[: found.count], begin)
    np.testing.assert_array_equal(found.end[: found.count], end)
    assert (found.begin[found.count :] == -1).all()


def test_room_that_is_not_enough_is_said():
    with pytest.raises(ValueError, match=r"runs\(\): there are more than 1 runs"):
        cookbook.runs([True, False, True], room=1)


def test_a_singular_matrix_is_a_linalg_error():
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        cookbook.solve(np.zeros((2, 3, 3)), np.ones(3))
