//! `axpy`: `a * x + y`, element by element.
//!
//! Written by kernelgen from axpy.toml: edit that.
#![forbid(unsafe_code)]

use kernelgen_runtime::map::{Input, Kernel, Outputs};

kernelgen_runtime::map! {
    /// `a * x + y`, element by element.
    ///
    /// In one pass, without an array for `a * x`. The product is rounded before the
    /// sum, so that the result is that of NumPy's `a * x + y`, bit by bit.
    ///
    /// - `a`: How much of `x`.
    /// - `x`: What is scaled.
    /// - `y`: What is added.
    fn axpy(a: T, x: T, y: T) -> (out: T);
    for f32 { T = f32 }
    for f64 { T = f64 }
    map { a * x + y }
}

/// What Python is told of `axpy`.
#[rustfmt::skip]
pub static KERNEL: Kernel = Kernel {
    name: "axpy",
    signature: "(a, x, y, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True, signature=None)",
    doc: r#"`a * x + y`, element by element.

In one pass, without an array for `a * x`. The product is rounded before the
sum, so that the result is that of NumPy's `a * x + y`, bit by bit.

Parameters
----------
a : array_like of float32 or float64
    How much of `x`.
x : array_like of float32 or float64
    What is scaled.
y : array_like of float32 or float64
    What is added.
out : ndarray, optional
    Where results are put, of the shape that the inputs broadcast to.
where : array_like of bool, default True
    Which elements are computed. The others keep what `out` holds; in a new
    array they are not set.
casting, order, dtype, subok, signature : optional
    As all ufuncs of NumPy have them.

Returns
-------
out : ndarray or scalar of float32 or float64

Raises
------
TypeError
    If an argument cannot be converted to the dtypes above.

Notes
-----
A `numpy.ufunc`. Other dtypes are accepted where NumPy casts them safely.
The inputs are broadcast against each other. No array is copied, except
where `out` overlaps an input in part. The GIL is released while large
arrays are computed: no other thread may write to them meanwhile.

Examples
--------
>>> import numpy as np
>>> from gilexample import axpy
>>> print(axpy(2.0, 3.0, 1.0))
7.0
>>> print(np.array_equal(axpy(2, [1, 2, 3], 0.5), [2.5, 4.5, 6.5]))
True
>>> print(axpy(np.float32(2), np.ones(3, 'f4'), 1).dtype == np.float32)
True
>>> print(isinstance(axpy, np.ufunc))
True"#,
    loops: &[&f32::LOOP, &f64::LOOP],
    inputs: &[Input::new("a"), Input::new("x"), Input::new("y")],
    params: &[],
    outputs: Outputs::one(&["out"]),
    cost: 1.2,
    ..Kernel::DEFAULT
};
