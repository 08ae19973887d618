//! Items: the operands of a body's call, with leading dimensions that broadcast.

use std::ops::Range;

use crate::block::{BLOCK, Body};
use crate::dims::{Core, Dim};
use crate::dtype::{DType, Kind};
use crate::flags::Flags;
use crate::scalar::Slot;
use crate::shape::{Nest, c_order};
use crate::sink::Sink;
use crate::special::{Specials, borne_out, look};
use crate::tile::{Layout, NoMemory, Rows, Tile};
use crate::walk::advance;

/// An operand of a call.
#[derive(Clone)]
pub enum Part {
    /// An array.
    Array(Array),
    /// An optional input that is not given.
    Missing,
    /// Room for a body to work in.
    Scratch,
}

/// An array among the operands.
#[derive(Clone)]
pub struct Array {
    /// Leading axes, which broadcast, then those of an item.
    pub layout: Layout,
    /// What is done to it.
    pub access: Access,
    /// Whether an item must lie side by side, in C order.
    pub in_order: bool,
    /// What each item holds before the body sees it.
    pub fill: Option<Slot>,
}

/// What a body does to an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It reads.
    Read,
    /// It writes every element.
    Write,
    /// It changes what it finds.
    Change,
}

/// The operands of a call whose items are to be computed.
pub struct Items {
    /// What the leading axes broadcast to.
    pub outer: Vec<usize>,
    /// The shape of an item of each operand, in the order of a body's arguments.
    pub shapes: Vec<Vec<usize>>,
    /// What each operand is.
    pub parts: Vec<Part>,
}

impl Items {
    /// The items of a loop; `None` where complex values would have to become real.
    pub fn new(body: &Body, outer: &[usize], shapes: Vec<Vec<usize>>, parts: Vec<Part>) -> Option<Items> {
        let convert = |(part, &dtype): (&Part, &DType)| part.array().is_none_or(|array| array.converts(dtype));
        let items = Items { outer: outer.to_vec(), shapes, parts };
        items.parts.iter().zip(body.operands()).all(convert).then_some(items)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        if self.is_empty() { 0 } else { self.outer.iter().product() }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.outer.contains(&0)
    }

    /// Elements of an item, at least one: those of all its arrays together, but one where there are nothing but numbers.
    pub fn size(&self) -> usize {
        if self.shapes.iter().all(Vec::is_empty) {
            return 1;
        }
        let arrays = self.parts.iter().zip(&self.shapes).filter(|(part, _)| !matches!(part, Part::Scratch));
        let elements = arrays.map(|(_, shape)| shape.iter().fold(1usize, |n, &dim| n.saturating_mul(dim)));
        elements.fold(0, usize::saturating_add).max(1)
    }

    /// Elements of all items: what the work is estimated by.
    pub fn work(&self) -> usize {
        self.len().saturating_mul(self.size())
    }

    /// The operands from one place to another along a dimension.
    pub fn piece(&self, core: &Core, dim: usize, piece: Range<usize>) -> Items {
        let (mut shapes, mut parts) = (self.shapes.clone(), self.parts.clone());
        for ((dims, shape), part) in core.operands.iter().zip(&mut shapes).zip(&mut parts) {
            let axes = dims.iter().enumerate().filter(|(_, axis)| matches!(axis, Dim::Named(place) if *place == dim));
            for (axis, _) in axes {
                shape[axis] = piece.len();
                if let Part::Array(Array { layout, .. }) = part {
                    let axis = layout.dims.len() - dims.len() + axis;
                    layout.dims[axis] = piece.len();
                    let start = layout.strides[axis].wrapping_mul(piece.start as isize);
                    layout.source.data = layout.source.data.wrapping_offset(start);
                }
            }
        }
        Items { outer: self.outer.clone(), shapes, parts }
    }

    /// The flags that the values of all arrays bear out.
    ///
    /// # Safety
    /// The arrays are readable.
    pub unsafe fn borne_out(&self, raised: Flags) -> Result<Flags, NoMemory> {
        let (mut found, mut came) = (Specials::default(), Specials::default());
        for array in self.parts.iter().filter_map(Part::array) {
            let specials = if array.access == Access::Read { &mut came } else { &mut found };
            // SAFETY: passed on.
            unsafe { look_at_all(specials, &array.layout)? };
        }
        Ok(borne_out(raised, found, came))
    }
}

impl Part {
    /// The array, if it is one.
    pub fn array(&self) -> Option<&Array> {
        match self {
            Part::Array(array) => Some(array),
            Part::Missing | Part::Scratch => None,
        }
    }
}

impl Array {
    /// Whether its elements can be converted to what a body sees, and back.
    fn converts(&self, dtype: DType) -> bool {
        let source = self.layout.source;
        let read = || self.access == Access::Write || Tile::new(source, dtype, Rows::Dense).is_some();
        let written = || self.access == Access::Read || Sink::new(source.target(), dtype).is_some();
        read() && written()
    }

    /// Whether a body can be shown the array itself, its items having these steps.
    pub fn is_seen_as_it_lies(&self, dtype: DType, shape: &[usize], steps: &[isize]) -> bool {
        let source = self.layout.source;
        let size = dtype.size();
        let bools = dtype == DType::Bool && self.access != Access::Write;
        let as_stored = source.dtype == dtype && dtype != DType::F16 && !bools;
        let in_order = || c_order(shape, size).iter().zip(steps).zip(shape).all(|((a, b), &dim)| a == b || dim <= 1);
        as_stored
            && source.aligned
            && (!source.swapped || size == 1)
            && steps.iter().all(|step| step.unsigned_abs().is_multiple_of(size))
            && (!self.in_order || shape.contains(&0) || in_order())
    }
}

/// Adds what is special about all elements of an array.
///
/// # Safety
/// It is readable.
unsafe fn look_at_all(specials: &mut Specials, layout: &Layout) -> Result<(), NoMemory> {
    let source = layout.source;
    if source.dtype.kind() < Kind::Float {
        return Ok(());
    }
    let nest = Nest::new(&layout.dims, &[(&layout.dims, &layout.strides)]);
    let Some(mut tile) = Tile::new(source, source.dtype, Rows::Strided) else { return Ok(()) };
    let mut position = vec![0; nest.dims.len()];
    for start in (0..nest.len()).step_by(BLOCK) {
        let n = BLOCK.min(nest.len() - start);
        // SAFETY: `n` elements are left.
        unsafe {
            let row = tile.values(&nest.dims, &nest.strides[0], &position, n)?;
            look(specials, source.dtype, row, n);
        }
        advance(&nest.dims, &mut position, n);
    }
    Ok(())
}
