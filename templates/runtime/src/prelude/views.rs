//! What only bodies see: the arrays of `ndarray`, and plain slices of what lies in C order.

pub use ndarray::{
    self, ArrayView, ArrayView1, ArrayView2, ArrayView3, ArrayView4, ArrayView5, ArrayView6, ArrayViewMut,
    ArrayViewMut1, ArrayViewMut2, ArrayViewMut3, ArrayViewMut4, ArrayViewMut5, ArrayViewMut6, Axis, Slice,
};
use ndarray::{ArrayBase, Data, DataMut, Dimension};

/// The elements of a view in C order, as operands with `layout = "C"`, scratch arrays and `row.row(i)` of these are.
///
/// # Panics
/// If they do not lie side by side.
#[inline(always)]
#[track_caller]
pub fn slice<S: Data, D: Dimension>(x: &ArrayBase<S, D>) -> &[S::Elem] {
    match x.as_slice() {
        Some(slice) => slice,
        None => apart(),
    }
}

/// The same to write to.
///
/// # Panics
/// If they do not lie side by side.
#[inline(always)]
#[track_caller]
pub fn slice_mut<S: DataMut, D: Dimension>(x: &mut ArrayBase<S, D>) -> &mut [S::Elem] {
    match x.as_slice_mut() {
        Some(slice) => slice,
        None => apart(),
    }
}

#[cold]
#[track_caller]
fn apart() -> ! {
    panic!("a slice of elements that do not lie side by side: say `layout = \"C\"` of the operand")
}
