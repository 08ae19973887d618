//! Arrays as Rust callers hand them in: slices and `ndarray` views of any layout.

use std::marker::PhantomData;

use ndarray::{ArrayBase, ArrayD, ArrayView, Data, Dimension, IxDyn};

use crate::block::{Fold, Map};
use crate::element::Element;
use crate::elementwise::{Elementwise, Place};
use crate::fold::{FoldError, fold_walk};
use crate::prelude::stored::Stored;
use crate::scalar::Slot;
use crate::shape::{broadcast, c_order};
use crate::sink::Target;
use crate::tile::{Layout, Source};
use crate::walk::{Walk, WalkError};

/// A borrowed array of any shape and layout, made from a slice, a `Vec`, an array or anything of `ndarray`'s.
pub struct View<'a, T> {
    layout: Layout,
    borrowed: PhantomData<&'a T>,
}

/// A [`View`] of what arrays of a dtype hold.
pub type Operand<'a, D> = View<'a, <D as Stored>::Element>;

impl<T> View<'_, T> {
    /// Where the elements are.
    pub fn into_layout(self) -> Layout {
        self.layout
    }
}

impl<'a, T: Element> From<&'a [T]> for View<'a, T> {
    fn from(slice: &'a [T]) -> Self {
        View::new(slice.as_ptr(), vec![slice.len()], vec![size_of::<T>() as isize])
    }
}

impl<'a, T: Element> From<&'a Vec<T>> for View<'a, T> {
    fn from(vec: &'a Vec<T>) -> Self {
        vec.as_slice().into()
    }
}

impl<'a, T: Element, const N: usize> From<&'a [T; N]> for View<'a, T> {
    fn from(array: &'a [T; N]) -> Self {
        array.as_slice().into()
    }
}

impl<'a, T: Element, D: Dimension> From<ArrayView<'a, T, D>> for View<'a, T> {
    fn from(view: ArrayView<'a, T, D>) -> Self {
        let size = size_of::<T>() as isize;
        let strides = view.strides().iter().map(|stride| stride * size).collect();
        View::new(view.as_ptr(), view.shape().to_vec(), strides)
    }
}

impl<'a, T: Element, S: Data<Elem = T>, D: Dimension> From<&'a ArrayBase<S, D>> for View<'a, T> {
    fn from(array: &'a ArrayBase<S, D>) -> Self {
        array.view().into()
    }
}

impl<T: Element> View<'_, T> {
    fn new(data: *const T, dims: Vec<usize>, strides: Vec<isize>) -> Self {
        let source = Source { data: data.cast(), dtype: T::DTYPE, swapped: false, aligned: true };
        View { layout: Layout { dims, strides, source }, borrowed: PhantomData }
    }
}

/// Folds borrowed arrays; `None` for no elements without an identity.
///
/// # Panics
/// If the shapes do not broadcast, or if there is no memory for a tile.
///
/// # Safety
/// The layouts are those of [`View`]s that are still borrowed, of the fold's input dtypes. `params` and `outputs` have a slot
/// for each of the fold's, and the former are written.
pub unsafe fn fold_views(it: &Fold, layouts: &[Layout], params: &[Slot], outputs: &mut [Slot]) -> Option<()> {
    let mut walk = match Walk::new(it.inputs, it.any_order, layouts) {
        Ok(walk) => walk,
        Err(WalkError::Shapes) => do_not_broadcast(layouts),
        Err(WalkError::TooLarge) => panic!("the broadcast operands are too big for an array"),
        Err(WalkError::Complex) => unreachable!("views are of the fold's own dtypes"),
    };
    // SAFETY: views are readable, and the walk is made for the fold's dtypes.
    match unsafe { fold_walk(it, &mut walk, params, outputs) } {
        Ok(()) => Some(()),
        Err(FoldError::Empty) => None,
        Err(FoldError::NoMemory) => panic!("no memory for a tile"),
    }
}

/// An array of what arrays of a dtype hold.
pub type Owned<D> = ArrayD<<D as Stored>::Element>;

/// Room for a result, in C order.
pub struct Result<D: Stored> {
    shape: Vec<usize>,
    elements: Vec<D::Element>,
}

impl<D: Stored> Result<D> {
    /// Room for an array of `shape`.
    ///
    /// # Panics
    /// If there is no memory for it.
    pub fn new(shape: &[usize]) -> Self {
        let mut elements = Vec::new();
        if elements.try_reserve_exact(shape.iter().product()).is_err() {
            panic!("no memory for a result of shape {shape:?}");
        }
        Result { shape: shape.to_vec(), elements }
    }

    /// Where the elements are to be written.
    pub fn place(&mut self) -> Place {
        let target = Target { data: self.elements.as_mut_ptr().cast(), dtype: D::DTYPE, swapped: false, aligned: true };
        Place { strides: c_order(&self.shape, size_of::<D::Element>()), target }
    }

    /// The array.
    ///
    /// # Safety
    /// Every element was written.
    pub unsafe fn into_array(mut self) -> Owned<D> {
        let n = self.shape.iter().product();
        // SAFETY: room was made for `n` elements, and the caller vouches for them.
        unsafe { self.elements.set_len(n) };
        // SAFETY: the shape has as many elements as the vector, in C order.
        unsafe { ArrayD::from_shape_vec_unchecked(IxDyn(&self.shape), self.elements) }
    }
}

/// The shape that borrowed arrays broadcast to.
///
/// # Panics
/// If they do not, or to more elements than an array can have.
pub fn shape(layouts: &[Layout]) -> Vec<usize> {
    let shapes: Vec<&[usize]> = layouts.iter().map(|layout| &layout.dims[..]).collect();
    let Ok(shape) = broadcast(&shapes) else { do_not_broadcast(layouts) };
    let elements = shape.iter().try_fold(1isize, |n, &dim| n.checked_mul(isize::try_from(dim).ok()?));
    assert!(elements.is_some() || shape.contains(&0), "the broadcast operands are too big for an array");
    shape
}

/// Computes every element of borrowed arrays that broadcast to the shape of `places`.
///
/// # Panics
/// If there is no memory for a tile.
///
/// # Safety
/// The layouts are those of [`View`]s that are still borrowed, of the loop's input dtypes; the places are those of [`Result`]s of
/// its output dtypes and of the layouts' [`shape`]. `params` has a slot for each of the loop's.
pub unsafe fn map_views(map: &Map, shape: &[usize], layouts: &[Layout], params: &[Slot], places: &[Place]) {
    let Some(mut way) = Elementwise::new(map, shape, layouts, places) else {
        unreachable!("views are of the loop's own dtypes")
    };
    // SAFETY: views are readable, results are writable and new.
    if unsafe { way.run(map, params) }.is_err() {
        panic!("no memory for a tile");
    }
}

fn do_not_broadcast(layouts: &[Layout]) -> ! {
    let shapes: Vec<&[usize]> = layouts.iter().map(|layout| &layout.dims[..]).collect();
    panic!("operands could not be broadcast together with shapes {shapes:?}")
}
