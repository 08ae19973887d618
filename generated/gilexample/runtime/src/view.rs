//! Arrays as Rust callers hand them in: slices and `ndarray` views of any layout.

use std::marker::PhantomData;

use ndarray::{ArrayBase, ArrayD, ArrayView, Data, Dimension, IxDyn};

use crate::block::{Fold, Map};
use crate::cut::Means;
use crate::element::Element;
use crate::elementwise::Elementwise;
use crate::fold::{Start, States, finish, outputs_in};
use crate::prelude::stored::Stored;
use crate::scalar::Slot;
use crate::scan::Scans;
use crate::shape::{broadcast, c_order};
use crate::sink::{Place, Target};
use crate::slices::Slices;
use crate::tile::{Layout, Source};
use crate::walk::{Loops, MAX_OPERANDS};

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

/// Folds borrowed arrays to a state `S`, and says how many elements there were; `None` for none without an identity.
///
/// # Panics
/// If the shapes do not broadcast, or if there is no memory for a tile.
///
/// # Safety
/// The layouts are those of [`View`]s that are still borrowed, of the fold's input dtypes. `params` has a slot for each of the fold's,
/// and `S` is its state.
pub unsafe fn fold_views<S: Copy>(it: &Fold, layouts: &[Layout], params: &[Slot]) -> Option<(S, usize)> {
    let shape = shape(layouts);
    let loops = Loops::new(it, &shape, &vec![true; shape.len()], layouts, None, &[], &[]);
    let Some(mut slices) = Slices::new(it, &loops) else { unreachable!("views are of the fold's own dtypes") };
    let mut states = States::new();
    // SAFETY: views are readable, and the way is made for the fold's dtypes.
    match unsafe { slices.fold(it, params, Start::Identity, &mut states) } {
        // SAFETY: a state of the loop's.
        Ok((state, elements)) => state.map(|state| (unsafe { std::ptr::from_ref(state).cast::<S>().read() }, elements)),
        Err(_) => panic!("no memory for a tile"),
    }
}

/// Writes a result for each element of borrowed arrays that broadcast to `shape`, in C order.
///
/// # Panics
/// If there is no memory for a tile.
///
/// # Safety
/// As for [`fold_views`]; the places are those of [`Result`]s of one dimension, with as many elements as `shape`.
pub unsafe fn scan_views(it: &Fold, shape: &[usize], layouts: &[Layout], params: &[Slot], places: &[Place]) {
    let Some(scan) = Scans::new(it, shape, None, layouts, places) else {
        unreachable!("views are of the fold's own dtypes")
    };
    // SAFETY: views are readable, results are writable and new.
    if unsafe { scan.run(it, params, Means::ONE) }.is_err() {
        panic!("no memory for a tile, or nothing that stands for no elements");
    }
}

/// The combination of two states.
///
/// # Safety
/// `S` is the loop's state, and `params` has a slot for each of its params.
pub unsafe fn combine_states<S: Copy>(it: &Fold, a: S, b: &S, params: &[Slot]) -> S {
    const { assert!(align_of::<S>() <= align_of::<Slot>()) };
    let mut a = a;
    // SAFETY: the caller vouches for the states, which are no larger than their slots.
    unsafe { (it.functions().combine)((&raw mut a).cast(), std::ptr::from_ref(b).cast(), params.as_ptr()) };
    a
}

/// Makes outputs of a state of `elements`.
///
/// # Safety
/// `S` is the loop's state, and there are slots for its params and outputs.
pub unsafe fn finish_state<S: Copy>(it: &Fold, state: &S, elements: usize, params: &[Slot], outputs: &mut [Slot]) {
    let outputs = outputs_in::<MAX_OPERANDS>(outputs);
    // SAFETY: passed on.
    unsafe { finish(it, std::ptr::from_ref(state).cast(), elements, params, &outputs) };
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
    if unsafe { way.run(map, params, Means::ONE) }.is_err() {
        panic!("no memory for a tile");
    }
}

fn do_not_broadcast(layouts: &[Layout]) -> ! {
    let shapes: Vec<&[usize]> = layouts.iter().map(|layout| &layout.dims[..]).collect();
    panic!("operands could not be broadcast together with shapes {shapes:?}")
}
