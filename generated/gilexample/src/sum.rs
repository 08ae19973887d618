//! `sum`: Sum of all elements of `x`, in double precision.
//!
//! Written by kernelgen from sum.toml: edit that.
#![forbid(unsafe_code)]

use kernelgen_runtime::reduce::{Input, Kernel, Outputs};

kernelgen_runtime::reduce! {
    /// Sum of all elements of `x`, in double precision.
    ///
    /// Whatever the dtype of `x`, elements are added as 64-bit floats, in blocks that
    /// are summed pairwise: the error grows with the logarithm of the size.
    fn sum(x: f64) -> (total: f64);
    for f64 {}
    state f64
    identity { 0.0 }
    map { x }
    combine(a, b) { a + b }
}

/// What Python is told of `sum`.
#[rustfmt::skip]
pub static KERNEL: Kernel = Kernel {
    name: "sum",
    signature: "(x, /, axis=None, *, out=None, keepdims=False, where=True, initial=...)",
    doc: r#"Sum of all elements of `x`, in double precision.

Whatever the dtype of `x`, elements are added as 64-bit floats, in blocks that
are summed pairwise: the error grows with the logarithm of the size.

Parameters
----------
x : array_like of float64
axis : None or int or tuple of ints, optional
    The axes along which elements are folded: all of them by default.
out : ndarray, optional
    Where results are put, of the shape that they have.
keepdims : bool, default False
    Whether folded axes are left in the result, with size one.
where : array_like of bool, default True
    Which elements are taken.
initial : scalar, optional
    What the fold begins with.

Returns
-------
total : ndarray or scalar of float64

Raises
------
TypeError
    If an argument cannot be converted to the dtypes above.

Notes
-----
Other dtypes are accepted where NumPy casts them safely. No array is
copied; of an `out` that overlaps an input, a copy is made. The GIL is
released while a large array is read: no other thread may write to it
meanwhile.

Examples
--------
>>> import numpy as np
>>> from gilexample import sum
>>> print(sum([1, 2, 3]))
6.0
>>> print(sum(np.ones((2, 3), dtype='>f4').T))
6.0
>>> print(sum([]))
0.0"#,
    loops: &[&f64::LOOP],
    inputs: &[Input::new("x")],
    params: &[],
    outputs: Outputs::one(&["total"]),
    cost: 0.35,
    ..Kernel::DEFAULT
};
