"""Makes `threadpoolctl` know this package: its `threadpool_info` and `threadpool_limits` reach the kernels' threads."""
# Written by kernelgen from the specs of gilexample: edit those.

import sys
import typing
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_API = "kernelgen"


def register() -> None:
    """Tells threadpoolctl of kernelgen's packages: now if it is there, else as soon as somebody imports it.

    To import it here would cost every program 8 ms, and set an environment variable.
    """
    if "threadpoolctl" in sys.modules:
        _add_controller(sys.modules["threadpoolctl"])
    elif PathFinder in sys.meta_path and not any(getattr(finder, "user_api", None) == _API for finder in sys.meta_path):
        sys.meta_path.insert(sys.meta_path.index(PathFinder), _Finder())


class _Finder:
    """Finds threadpoolctl where Python would have found it a moment later, and follows its import."""

    user_api = _API

    def find_spec(
        self, name: str, path: typing.Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of threadpoolctl; None for every other module."""
        if name != "threadpoolctl":
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None:
            _follow(spec.loader)
        return spec


def _follow(loader: typing.Any) -> None:
    """Adds the controller when the loader has run the module."""

    def exec_module(module: ModuleType) -> None:
        loader.__dict__.pop("exec_module", None)
        loader.exec_module(module)
        _add_controller(module)

    # A loader that takes no attributes goes its way without us.
    if hasattr(loader, "__dict__") and not isinstance(loader, type):
        loader.exec_module = exec_module


def _add_controller(threadpoolctl: typing.Any) -> None:
    """Registers one controller, which is for the packages of the whole process."""
    # Before 3.3 there is none of these, and a library is taken by its file name alone.
    if not hasattr(getattr(threadpoolctl, "OpenMPController", None), "check_symbols"):
        return
    base = threadpoolctl.LibController
    if any(getattr(each, "user_api", None) == _API for each in base.__subclasses__()):
        return

    from ctypes import c_int

    class KernelgenController(base):  # type: ignore[misc, valid-type]
        """The threads of one package that kernelgen wrote."""

        user_api = internal_api = _API
        filename_prefixes = ("_native",)
        check_symbols = ("kernelgen_get_num_threads", "kernelgen_set_num_threads")

        def get_num_threads(self) -> int:
            """How many threads may compute a call."""
            function = self.dynlib.kernelgen_get_num_threads
            function.argtypes, function.restype = [], c_int
            return int(function())

        def set_num_threads(self, num_threads: int) -> None:
            """Says how many threads may compute a call."""
            function = self.dynlib.kernelgen_set_num_threads
            function.argtypes, function.restype = [c_int], None
            function(num_threads)

        def get_version(self) -> None:
            """A library does not say which version it is of."""

        def set_additional_attributes(self) -> None:
            """There are none."""

    threadpoolctl.register(KernelgenController)
