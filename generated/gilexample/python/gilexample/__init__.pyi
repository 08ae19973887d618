"""Kernels over NumPy arrays that release the GIL and copy nothing."""
# Written by kernelgen from the specs of gilexample: edit those.

# mypy: disable-error-code="overload-overlap"
# pyright: reportOverlappingOverload=false, reportInvalidTypeVarUse=false

import builtins as _builtins
import collections.abc as _abc
import typing as _typing

import numpy as _np
import numpy.typing as _npt

__version__: _builtins.str

__all__ = [
    "axpy",
    "get_num_threads",
    "num_threads",
    "pairwise_distance",
    "set_num_threads",
    "show_config",
    "sum",
]

_Bool: _typing.TypeAlias = _builtins.bool | _np.bool
_Axis: _typing.TypeAlias = _typing.SupportsIndex | _builtins.tuple[_typing.SupportsIndex, ...] | None
_Axes: _typing.TypeAlias = _builtins.list[_typing.SupportsIndex | _builtins.tuple[_typing.SupportsIndex, ...]]
_AnyArray: _typing.TypeAlias = _npt.NDArray[_typing.Any]
_Scalar: _typing.TypeAlias = _builtins.complex | _np.number[_typing.Any] | _np.bool
_Array = _typing.TypeVar("_Array", bound=_AnyArray)
_R1 = _typing.TypeVar("_R1", bound=_np.generic, covariant=True)

class _JustFloat(_typing.Protocol):
    """A `float`, and none of what is derived from it: `numpy.float64` has a dtype to keep."""

    @property  # type: ignore[override]
    def __class__(self) -> _builtins.type[_builtins.float]: ...
    @__class__.setter
    def __class__(self, value: _builtins.type[_builtins.float], /) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]
    def hex(self) -> _builtins.str: ...

class _JustComplex(_typing.Protocol):
    """The same of `complex`."""

    @property  # type: ignore[override]
    def __class__(self) -> _builtins.type[_builtins.complex]: ...
    @__class__.setter
    def __class__(self, value: _builtins.type[_builtins.complex], /) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]
    def __complex__(self) -> _builtins.complex: ...

_FloatList: _typing.TypeAlias = _abc.Sequence[_builtins.float | _FloatList]
_SafeFloat32: _typing.TypeAlias = _np.float16 | _np.float32
_Float32Like: _typing.TypeAlias = _SafeFloat32 | _builtins.int | _JustFloat
_ArrayLikeFloat32: _typing.TypeAlias = _npt.NDArray[_SafeFloat32] | _Float32Like
_SafeFloat64: _typing.TypeAlias = _np.int32 | _np.uint32 | _np.int64 | _np.uint64 | _np.float16 | _np.float32 | _np.float64
_Float64Like: _typing.TypeAlias = _SafeFloat64 | _builtins.int | _JustFloat
_ArrayLikeFloat64: _typing.TypeAlias = _npt.NDArray[_SafeFloat64] | _Float64Like | _FloatList
_Float32_1 = _typing.TypeVar("_Float32_1", bound=_ArrayLikeFloat32)
_Float32_2 = _typing.TypeVar("_Float32_2", bound=_ArrayLikeFloat32)
_Float32_3 = _typing.TypeVar("_Float32_3", bound=_ArrayLikeFloat32)
_Float64_1 = _typing.TypeVar("_Float64_1", bound=_ArrayLikeFloat64)
_Float64_2 = _typing.TypeVar("_Float64_2", bound=_ArrayLikeFloat64)
_Float64_3 = _typing.TypeVar("_Float64_3", bound=_ArrayLikeFloat64)

class _UFuncOptions(_typing.TypedDict, total=False):
    casting: _typing.Literal["no", "equiv", "safe", "same_kind", "unsafe"]
    order: _typing.Literal["K", "A", "C", "F"] | None
    subok: _builtins.bool

class _UFuncKeywords(_UFuncOptions, total=False):
    dtype: _npt.DTypeLike | None
    signature: _builtins.str | _builtins.tuple[_npt.DTypeLike | None, ...] | None

class _UFunc_3_1(_typing.Protocol[_R1]):
    """A `numpy.ufunc` of 3 inputs and 1 output."""

    @property
    def __name__(self) -> _builtins.str: ...
    @property
    def nin(self) -> _typing.Literal[3]: ...
    @property
    def nout(self) -> _typing.Literal[1]: ...
    @property
    def nargs(self) -> _typing.Literal[4]: ...
    @property
    def ntypes(self) -> _builtins.int: ...
    @property
    def types(self) -> _builtins.list[_builtins.str]: ...
    @property
    def identity(self) -> _typing.Any: ...
    @property
    def signature(self) -> None: ...

class _Calls_axpy(_UFunc_3_1[_np.float32 | _np.float64], _typing.Protocol):
    @_typing.overload
    def __call__(self, x1: _npt.ArrayLike, x2: _npt.ArrayLike, x3: _npt.ArrayLike, /, out: _Array | _builtins.tuple[_Array], *, where: _npt.ArrayLike = True, **kwargs: _typing.Unpack[_UFuncKeywords]) -> _Array: ...
    @_typing.overload
    def __call__(self, a: _builtins.bool, x: _builtins.bool, y: _builtins.bool, /, out: None = None, *, where: _Bool = True, **kwargs: _typing.Unpack[_UFuncOptions]) -> _np.float32: ...
    @_typing.overload
    def __call__(self, a: _builtins.float, x: _builtins.float, y: _builtins.float, /, out: None = None, *, where: _Bool = True, **kwargs: _typing.Unpack[_UFuncOptions]) -> _np.float64: ...
    @_typing.overload
    def __call__(self, a: _Float32Like, x: _Float32Like, y: _Float32Like, /, out: None = None, *, where: _Bool = True, **kwargs: _typing.Unpack[_UFuncOptions]) -> _np.float32: ...
    @_typing.overload
    def __call__(self, a: _Float64Like, x: _Float64Like, y: _Float64Like, /, out: None = None, *, where: _Bool = True, **kwargs: _typing.Unpack[_UFuncOptions]) -> _np.float64: ...
    @_typing.overload
    def __call__(self, a: _Float32_1, x: _Float32_2, y: _Float32_3, /, out: None = None, *, where: _npt.ArrayLike = True, **kwargs: _typing.Unpack[_UFuncOptions]) -> _npt.NDArray[_np.float32]: ...
    @_typing.overload
    def __call__(self, a: _Float64_1, x: _Float64_2, y: _Float64_3, /, out: None = None, *, where: _npt.ArrayLike = True, **kwargs: _typing.Unpack[_UFuncOptions]) -> _npt.NDArray[_np.float64]: ...
    @_typing.overload
    def __call__(self, x1: _Scalar, x2: _Scalar, x3: _Scalar, /, out: None = None, *, where: _Bool = True, **kwargs: _typing.Unpack[_UFuncKeywords]) -> _np.float32 | _np.float64: ...
    @_typing.overload
    def __call__(self, x1: _npt.ArrayLike, x2: _npt.ArrayLike, x3: _npt.ArrayLike, /, out: None = None, *, where: _npt.ArrayLike = True, **kwargs: _typing.Unpack[_UFuncKeywords]) -> _npt.NDArray[_np.float32 | _np.float64]: ...

class _GUFunc_pairwise_distance(_typing.Protocol):
    """A `numpy.ufunc` of 2 inputs and 1 output."""

    @property
    def __name__(self) -> _builtins.str: ...
    @property
    def nin(self) -> _typing.Literal[2]: ...
    @property
    def nout(self) -> _typing.Literal[1]: ...
    @property
    def nargs(self) -> _typing.Literal[3]: ...
    @property
    def ntypes(self) -> _builtins.int: ...
    @property
    def types(self) -> _builtins.list[_builtins.str]: ...
    @property
    def identity(self) -> _typing.Any: ...
    @property
    def signature(self) -> _builtins.str: ...

class _Calls_pairwise_distance(_GUFunc_pairwise_distance, _typing.Protocol):
    @_typing.overload
    def __call__(self, x: _npt.ArrayLike, y: _npt.ArrayLike, /, out: _Array | _builtins.tuple[_Array], *, axes: _Axes = ..., axis: _typing.SupportsIndex = ..., keepdims: _builtins.bool = False, **kwargs: _typing.Unpack[_UFuncKeywords]) -> _Array: ...
    @_typing.overload
    def __call__(self, x: _Float32_1, y: _Float32_2, /, out: None = None, *, axes: _Axes = ..., axis: _typing.SupportsIndex = ..., keepdims: _builtins.bool = False, **kwargs: _typing.Unpack[_UFuncOptions]) -> _npt.NDArray[_np.float32]: ...
    @_typing.overload
    def __call__(self, x: _Float64_1, y: _Float64_2, /, out: None = None, *, axes: _Axes = ..., axis: _typing.SupportsIndex = ..., keepdims: _builtins.bool = False, **kwargs: _typing.Unpack[_UFuncOptions]) -> _npt.NDArray[_np.float64]: ...
    @_typing.overload
    def __call__(self, x: _npt.ArrayLike, y: _npt.ArrayLike, /, out: None = None, *, axes: _Axes = ..., axis: _typing.SupportsIndex = ..., keepdims: _builtins.bool = False, **kwargs: _typing.Unpack[_UFuncKeywords]) -> _npt.NDArray[_np.float32 | _np.float64]: ...

axpy: _typing.Final[_Calls_axpy]
"""`a * x + y`, element by element."""

pairwise_distance: _typing.Final[_Calls_pairwise_distance]
"""Distance of each row of `x` from each row of `y`."""

class _Reduction_sum(_typing.Protocol):
    @_typing.overload
    def __call__(self, x: _npt.ArrayLike, /, axis: _Axis = None, *, out: _Array | _builtins.tuple[_Array], keepdims: _builtins.bool = False, where: _npt.ArrayLike = True, initial: _Scalar | None = ...) -> _Array: ...
    @_typing.overload
    def __call__(self, x: _npt.ArrayLike, /, axis: None = None, *, out: None = None, keepdims: _typing.Literal[False] = False, where: _npt.ArrayLike = True, initial: _Scalar | None = ...) -> _np.float64: ...
    @_typing.overload
    def __call__(self, x: _npt.ArrayLike, /, axis: _Axis = None, *, out: None = None, keepdims: _builtins.bool = False, where: _npt.ArrayLike = True, initial: _Scalar | None = ...) -> _typing.Any: ...
    def partial(self, x: _npt.ArrayLike, /, axis: _Axis = None, *, keepdims: _builtins.bool = False, where: _npt.ArrayLike = True) -> _typing.Any: ...
    def combine(self, a: _npt.ArrayLike, b: _npt.ArrayLike, /) -> _typing.Any: ...
    def finish(self, state: _npt.ArrayLike, /) -> _typing.Any: ...

sum: _typing.Final[_Reduction_sum]
"""Sum of all elements of `x`, in double precision."""

def show_config() -> _builtins.dict[_builtins.str, _builtins.str]: ...
def get_num_threads() -> _builtins.int: ...
def set_num_threads(n: _builtins.int | None, /) -> None: ...

@_typing.final
class num_threads:
    def __new__(cls, n: _builtins.int, /) -> num_threads: ...
    def __enter__(self) -> num_threads: ...
    def __exit__(self, *exc: _builtins.object) -> None: ...
