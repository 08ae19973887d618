"""Who is measured: kernelgen's packages and the peers, each as the names that its expressions see. A peer that can't be had says why."""

import ctypes
import importlib
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FunctionType

import handmade
import numpy as np

PEERS = Path(__file__).resolve().parent / "peers"
#: Of `kernelgen build`, for specs/ and tests/bench/specs.
PACKAGES = ["gilexample", "cookbook", "bench", "functions"]
SCIPY = {"distance": "spatial.distance", "special": "special"}
SVML = ["libintlc.so.5", "libirc.so", "libsvml.so"]


class Contenders:
    """Namespaces by the peer's name, and what is missing."""

    def __init__(self, threads, only=None):
        self.threads = threads
        self.missing = {}
        self.packages = {name: importlib.import_module(name) for name in PACKAGES}
        self.names = {"kernelgen": dict(self.packages)}
        for peer, load in LOADERS.items():
            if only is None or peer in only:
                self.add(peer, lambda load=load: load(threads))
        for package in self.packages.values():
            package.set_num_threads(threads)

    def add(self, peer, load):
        """Takes a peer in, or notes why it can't be had."""
        try:
            self.names[peer] = load()
        except (ImportError, OSError, handmade.NotBuilt) as error:
            self.missing[peer] = f"{type(error).__name__}: {error}".splitlines()[0]
        gradual_underflow()

    def expressions(self, row):
        """What each contender of a row evaluates."""
        own = {"kernelgen": row.ours, "NumPy": row.numpy, "numexpr": row.numexpr, "bottleneck": row.bottleneck, "SciPy": row.scipy}
        name = row.hand.partition("(")[0]
        own |= {peer: row.hand for peer in ("Cython", "Numba", "Pythran") if name and name in self.names.get(peer, {})}
        return {peer: text for peer, text in own.items() if text and peer in self.names}


def gradual_underflow():
    """Undoes what loading a library linked with `-ffast-math` (Pythran's) does to the whole process: subnormal numbers become 0."""
    if sys.platform == "linux":
        ctypes.CDLL(None).fesetenv(ctypes.c_void_p(-1))  # FE_DFL_ENV
    assert np.array([1e-310])[0] / 2 > 0, "subnormal numbers are flushed to 0"


def source(name):
    return (PEERS / name).read_text()


def local(name):
    """A module of the folder `peers`."""
    sys.path.insert(0, str(PEERS))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(PEERS))


def load_svml():
    """Makes the libraries of icc_rt known before Numba looks for them; without them its functions are slower."""
    for name in SVML:
        try:
            ctypes.CDLL(str(Path(sys.prefix, "lib", name)), mode=ctypes.RTLD_GLOBAL)
        except OSError:
            return


def jit(function, threads):
    """A function by Numba, as fast as it may be."""
    import numba

    return numba.njit(fastmath=True, nogil=True, error_model="numpy", parallel=threads > 1)(function)


def numba_kernels(threads):
    load_svml()
    kernels = vars(local("numba_kernels"))
    return {name: jit(each, threads) for name, each in kernels.items() if isinstance(each, FunctionType)}


def numexpr(threads):
    """numexpr, which looks for names in a frame."""
    module = importlib.import_module("numexpr")
    module.set_num_threads(threads)
    return {"ne": module}


#: How the names of each peer are made, for a number of threads.
LOADERS = {
    "NumPy": lambda threads: {"np": np, "np_kernels": local("numpy_kernels")},
    "Cython": lambda threads: vars(handmade.build("kernels", handmade.cython, source("kernels.pyx"), threads > 1)),
    "Numba": numba_kernels,
    "Pythran": lambda threads: vars(handmade.build("pythran_kernels", handmade.pythran, source("pythran_kernels.py"), threads > 1)),
    "numexpr": numexpr,
    "bottleneck": lambda threads: {"bn": importlib.import_module("bottleneck")},
    "SciPy": lambda threads: {name: importlib.import_module(f"scipy.{path}") for name, path in SCIPY.items()},
}


def versions():
    """Of everybody who is there."""
    found = {}
    for name in ["numpy", "scipy", "Cython", "numba", "icc_rt", "pythran", "numexpr", "Bottleneck"]:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    try:
        import numba

        found["SVML"] = numba.config.USING_SVML
    except ImportError:
        found["SVML"] = False
    return found


def bandwidth(contenders, n=10_000_000):
    """Bytes a second of the faster of a copy and a triad of 80 MB arrays, by that many threads; each byte counted once."""
    from concurrent.futures import ThreadPoolExecutor

    from turns import best

    x, y, out = np.random.default_rng(0).random((3, n))
    count = contenders.threads
    edges = np.linspace(0, n, count + 1).astype(int)
    with ThreadPoolExecutor(count) as pool:
        copy = lambda a, b: np.copyto(out[a:b], x[a:b])
        calls = [lambda: list(pool.map(copy, edges[:-1], edges[1:]))]
        if "Cython" in contenders.names:
            calls.append(lambda: contenders.names["Cython"]["triad"](2.0, x, y, out))
        times = best(calls, 20)
    return max(bytes * n / each for bytes, each in zip((16, 24), times))


def namespace(contenders, peer, arguments):
    """What a contender's expressions see: its names, the inputs, an `out` of its own."""
    own = {"out": np.empty_like(arguments["out"])} if "out" in arguments else {}
    return {**contenders.names[peer], **arguments, **own}
