//! `pairwise_distance`: Distance of each row of `x` from each row of `y`.
//!
//! Written by kernelgen from pairwise_distance.toml: edit that.
#![forbid(unsafe_code)]

use kernelgen_runtime::body::{Core, Dim, Input, Kernel, Outputs};

kernelgen_runtime::body! {
    /// Distance of each row of `x` from each row of `y`.
    ///
    /// - `x`: Points, one a row.
    /// - `y`: Other points.
    /// - `dist`: A row for each point of `x`.
    fn pairwise_distance(x: ArrayView2<T>, y: ArrayView2<T>, dist: ArrayViewMut2<T>);
    dtypes (T, T) -> (T);
    dims (m, d, n, m0);
    for f32 { T = f32 }
    for f64 { T = f64 }
    items {
        /// The square of a distance.
        #[inline(always)]
        fn square(x: ArrayView1<T>, y: ArrayView1<T>) -> T {
            let mut sum = T(0.0);
            for (a, b) in x.iter().zip(y) {
                sum += (a - b) * (a - b);
            }
            sum
        }
    }
    body
        [x: ArrayView2<T>]
        [y: ArrayView2<T>]
        [mut dist: ArrayViewMut2<T>]
    {
        for i in 0..m {
            for j in 0..n {
                dist[[i, j]] = sqrt(square(x.row(i), y.row(j)));
            }
            check!();
        }
    }
}

/// What Python is told of `pairwise_distance`.
#[rustfmt::skip]
pub static KERNEL: Kernel = Kernel {
    name: "pairwise_distance",
    signature: "(x, y, /, out=None, *, axes=..., axis=..., keepdims=False, casting='same_kind', order='K', dtype=None, subok=True, signature=None)",
    doc: r#"Distance of each row of `x` from each row of `y`.

Parameters
----------
x : array_like of float32 or float64, shape (..., m, d)
    Points, one a row.
y : array_like of float32 or float64, shape (..., n, d)
    Other points.
out : ndarray, optional
    Where results are put, of the shape that they have.
axes : list of tuples of ints, optional
    Which axes make an item, for each input and output: by default the last
    ones.
axis : optional
    As all generalized ufuncs have it; it means nothing here.
keepdims : optional
    As all generalized ufuncs have it; it means nothing here.
casting, order, dtype, subok, signature : optional
    As all ufuncs of NumPy have them.

Returns
-------
dist : ndarray of float32 or float64, shape (..., m, n)
    A row for each point of `x`.

Raises
------
TypeError
    If an argument cannot be converted to the dtypes above.
ValueError
    If shapes do not fit together.

Notes
-----
A generalized `numpy.ufunc` of signature ``(m,d),(n,d)->(m,n)``. Other
dtypes are accepted where NumPy casts them safely. Leading axes are looped
over, and broadcast against each other. No array is copied; one item at a
time is where its dtype, byte order or alignment asks for it, and an `out`
that overlaps an input. The GIL is released while large arrays are
computed: no other thread may write to them meanwhile.

Examples
--------
>>> from gilexample import pairwise_distance
>>> print(pairwise_distance([[0.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]])[0, 0])
5.0"#,
    loops: &[&f32::LOOP, &f64::LOOP],
    inputs: &[Input::new("x"), Input::new("y")],
    params: &[],
    outputs: Outputs::one(&["dist"]),
    cost: 8.0,
    core: Core {
        dims: &["m", "d", "n"],
        operands: &[
            &[Dim::Named(0), Dim::Named(1)],
            &[Dim::Named(2), Dim::Named(1)],
            &[Dim::Named(0), Dim::Named(2)],
        ],
        over: Some(0),
        signature: "(m,d),(n,d)->(m,n)",
        ..Core::NONE
    },
    ..Kernel::DEFAULT
};
