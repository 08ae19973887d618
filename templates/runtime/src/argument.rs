//! What bodies are handed: values, small arrays, and `ndarray` views of one item.

use ndarray::{ArrayView, ArrayViewMut, Axis, Dim, IntoDimension, RawArrayView, RawArrayViewMut, ShapeBuilder};
use num_complex::Complex;

use crate::block::Operand;

/// A type that bodies take an operand as.
///
/// # Safety
/// [`of`](Argument::of) reads and writes nothing but what the operand holds.
pub unsafe trait Argument {
    /// The argument that is made of the item number `k` of an operand.
    ///
    /// # Safety
    /// The operand holds values of this type, with as many axes; it is alive and used by nobody else (read by nobody else, if it
    /// is written to) for as long as the argument is. What is written by reference lies side by side.
    unsafe fn of(operand: &Operand, k: usize) -> Self;

    /// The shape of the item; `None` if there is none.
    fn item_shape(&self) -> Option<Vec<usize>>;
}

/// A value, or a small array whose lengths Rust knows.
///
/// # Safety
/// Made of values and nothing else, side by side.
pub unsafe trait Fixed: Copy {
    /// Whether elements with these strides lie side by side.
    ///
    /// # Safety
    /// There is a stride for each axis.
    unsafe fn is_dense(strides: *const isize) -> bool;

    /// Reads the elements, one by one.
    ///
    /// # Safety
    /// There is a stride for each axis, and every element is readable.
    unsafe fn load(data: *const u8, strides: *const isize) -> Self;

    /// The length of each axis.
    fn lengths() -> Vec<usize>;
}

// SAFETY: an array of what is made of values.
unsafe impl<X: Fixed, const N: usize> Fixed for [X; N] {
    #[inline(always)]
    unsafe fn is_dense(strides: *const isize) -> bool {
        // SAFETY: a stride for this axis, and those of `X`.
        unsafe { *strides == const { size_of::<X>() as isize } && X::is_dense(strides.add(1)) }
    }

    #[inline(always)]
    unsafe fn load(data: *const u8, strides: *const isize) -> Self {
        // SAFETY: a stride for this axis, and those of `X`; N elements are there.
        std::array::from_fn(|k| unsafe { X::load(data.offset(k as isize * *strides), strides.add(1)) })
    }

    fn lengths() -> Vec<usize> {
        [&[N][..], &X::lengths()].concat()
    }
}

// SAFETY: reads the array's elements.
unsafe impl<X: Fixed, const N: usize> Argument for [X; N] {
    #[inline(always)]
    unsafe fn of(operand: &Operand, k: usize) -> Self {
        let data = operand.item(k);
        // SAFETY: the caller vouches for the operand.
        unsafe {
            if Self::is_dense(operand.strides) { data.cast::<Self>().read() } else { Self::load(data, operand.strides) }
        }
    }

    fn item_shape(&self) -> Option<Vec<usize>> {
        Some(Self::lengths())
    }
}

// SAFETY: a reference to what the operand holds.
unsafe impl<X: Fixed> Argument for &mut X {
    #[inline(always)]
    unsafe fn of(operand: &Operand, k: usize) -> Self {
        // SAFETY: the caller vouches for the operand, and that elements lie side by side.
        unsafe { &mut *operand.item(k).cast::<X>() }
    }

    fn item_shape(&self) -> Option<Vec<usize>> {
        Some(X::lengths())
    }
}

// SAFETY: an argument of the operand, if there is one.
unsafe impl<A: Argument> Argument for Option<A> {
    #[inline(always)]
    unsafe fn of(operand: &Operand, k: usize) -> Self {
        // SAFETY: passed on.
        (!operand.data.is_null()).then(|| unsafe { A::of(operand, k) })
    }

    fn item_shape(&self) -> Option<Vec<usize>> {
        self.as_ref().and_then(A::item_shape)
    }
}

macro_rules! values {
    ($($value:ty),*) => {
        $(
            // SAFETY: a value.
            unsafe impl Fixed for $value {
                #[inline(always)]
                unsafe fn is_dense(_: *const isize) -> bool {
                    true
                }

                #[inline(always)]
                unsafe fn load(data: *const u8, _: *const isize) -> Self {
                    // SAFETY: the caller vouches for the value.
                    unsafe { data.cast::<Self>().read() }
                }

                fn lengths() -> Vec<usize> {
                    Vec::new()
                }
            }

            // SAFETY: reads one value.
            unsafe impl Argument for $value {
                #[inline(always)]
                unsafe fn of(operand: &Operand, k: usize) -> Self {
                    // SAFETY: the caller vouches for the value.
                    unsafe { operand.item(k).cast::<Self>().read() }
                }

                fn item_shape(&self) -> Option<Vec<usize>> {
                    Some(Vec::new())
                }
            }
        )*
    };
}
values!(bool, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Complex<f32>, Complex<f64>);

/// Shape and strides of an item as `ndarray` wants them: in elements, none of them negative.
struct Frame<const N: usize> {
    data: *mut u8,
    shape: [usize; N],
    strides: [usize; N],
    backwards: [bool; N],
}

impl<const N: usize> Frame<N> {
    /// # Safety
    /// The operand has `N` axes, its strides are multiples of `size`.
    #[inline(always)]
    unsafe fn of(operand: &Operand, k: usize, size: usize) -> Self {
        let mut frame = Frame { data: operand.item(k), shape: [0; N], strides: [0; N], backwards: [false; N] };
        for axis in 0..N {
            // SAFETY: there are as many.
            let (dim, stride) = unsafe { (*operand.dims.add(axis), *operand.strides.add(axis)) };
            frame.shape[axis] = dim;
            frame.strides[axis] = stride.unsigned_abs() / size;
            if stride < 0 && dim > 0 {
                frame.data = frame.data.wrapping_offset(stride * (dim as isize - 1));
                frame.backwards[axis] = true;
            }
        }
        frame
    }
}

macro_rules! views {
    ($($n:literal),*) => {
        $(
            // SAFETY: a view of what the operand holds.
            unsafe impl<X: Fixed> Argument for ArrayView<'_, X, Dim<[usize; $n]>> {
                #[inline(always)]
                unsafe fn of(operand: &Operand, k: usize) -> Self {
                    // SAFETY: the caller vouches for the operand.
                    unsafe {
                        let frame = Frame::<$n>::of(operand, k, size_of::<X>());
                        let shape = frame.shape.into_dimension().strides(frame.strides.into_dimension());
                        let mut view = RawArrayView::from_shape_ptr(shape, frame.data.cast::<X>()).deref_into_view();
                        for (axis, backwards) in frame.backwards.into_iter().enumerate() {
                            if backwards {
                                view.invert_axis(Axis(axis));
                            }
                        }
                        view
                    }
                }

                fn item_shape(&self) -> Option<Vec<usize>> {
                    Some(self.shape().to_vec())
                }
            }

            // SAFETY: a view of what the operand holds, and nobody else has.
            unsafe impl<X: Fixed> Argument for ArrayViewMut<'_, X, Dim<[usize; $n]>> {
                #[inline(always)]
                unsafe fn of(operand: &Operand, k: usize) -> Self {
                    // SAFETY: the caller vouches for the operand.
                    unsafe {
                        let frame = Frame::<$n>::of(operand, k, size_of::<X>());
                        let shape = frame.shape.into_dimension().strides(frame.strides.into_dimension());
                        let raw = RawArrayViewMut::from_shape_ptr(shape, frame.data.cast::<X>());
                        let mut view = raw.deref_into_view_mut();
                        for (axis, backwards) in frame.backwards.into_iter().enumerate() {
                            if backwards {
                                view.invert_axis(Axis(axis));
                            }
                        }
                        view
                    }
                }

                fn item_shape(&self) -> Option<Vec<usize>> {
                    Some(self.shape().to_vec())
                }
            }
        )*
    };
}
views!(1, 2, 3, 4, 5, 6);

#[cfg(test)]
mod tests {
    use ndarray::{ArrayView2, ArrayViewMut1};

    use super::*;

    #[test]
    fn items_are_seen_as_they_lie() {
        let values: Vec<f64> = (0..24).map(f64::from).collect();
        let last = values[23..].as_ptr().cast::<u8>().cast_mut();
        let (dims, strides) = ([2, 3], [-96, -16]);
        let operand = Operand { data: last, step: -8, dims: dims.as_ptr(), strides: strides.as_ptr() };
        // SAFETY: every second value of each half, backwards, from the last one or the one before.
        unsafe {
            let view: ArrayView2<'_, f64> = Argument::of(&operand, 0);
            assert_eq!(view, ndarray::array![[23., 21., 19.], [11., 9., 7.]]);
            let array: [[f64; 3]; 2] = Argument::of(&operand, 1);
            assert_eq!(array, [[22., 20., 18.], [10., 8., 6.]]);
        }
    }

    #[test]
    fn what_is_missing_is_none() {
        let operand = Operand { data: std::ptr::null_mut(), step: 0, dims: [0].as_ptr(), strides: [0].as_ptr() };
        // SAFETY: there is nothing.
        assert!(unsafe { <Option<ArrayViewMut1<'_, f32>>>::of(&operand, 0) }.is_none());
    }
}
