//! Elementwise kernels over operands of any layout, block by block.

use std::ops::Range;
use std::ptr;

use crate::block::Map;
use crate::cut::Means;
use crate::divide::{Pieces, divide};
use crate::failure::Failure;
use crate::flags::Flags;
use crate::report::Report;
use crate::scalar::Slot;
use crate::shape::Nest;
use crate::sink::{Place, Sink};
use crate::tile::{Layout, NoMemory, Rows, Tile};
use crate::walk::{MAX_OPERANDS, advance};

/// Elements that are computed at once: few enough that all tiles of a call stay in the first-level cache.
const STEP: usize = 256;

/// A way through inputs and outputs of any layout.
pub struct Elementwise {
    nest: Nest,
    inputs: Vec<Tile>,
    outputs: Vec<Sink>,
    /// The index of each loop, outermost first.
    position: Vec<usize>,
}

impl Elementwise {
    /// The way for a loop; `None` where complex values would have to become real. `shape` is what the inputs broadcast to.
    pub fn new(map: &Map, shape: &[usize], inputs: &[Layout], outputs: &[Place]) -> Option<Elementwise> {
        debug_assert!(inputs.len() == map.inputs.len() && outputs.len() == map.outputs.len());
        let read = inputs.iter().map(|input| (&input.dims[..], &input.strides[..]));
        let written = outputs.iter().map(|output| (shape, &output.strides[..]));
        let axes: Vec<(&[usize], &[isize])> = read.chain(written).collect();
        // Elements have nothing to do with each other: any order will do, and that of memory is the fastest.
        let (nest, offsets) = Nest::new(shape, &axes).in_memory_order(axes.len());
        let (offsets_in, offsets_out) = offsets.split_at(inputs.len());
        let tile = |((input, offset), &dtype): ((&Layout, &isize), _)| {
            let mut source = input.source;
            let rows = if outputs.iter().any(|output| output.target.data.cast_const() == source.data) {
                Rows::Apart
            } else {
                Rows::Dense
            };
            source.data = source.data.wrapping_offset(*offset);
            Tile::new(source, dtype, rows)
        };
        let sink = |((output, &offset), &dtype): ((&Place, &isize), _)| output.sink(offset, dtype);
        Some(Elementwise {
            inputs: inputs.iter().zip(offsets_in).zip(map.inputs).map(tile).collect::<Option<_>>()?,
            outputs: outputs.iter().zip(offsets_out).zip(map.outputs).map(sink).collect::<Option<_>>()?,
            position: vec![0; nest.dims.len()],
            nest,
        })
    }

    /// Elements in all.
    pub fn len(&self) -> usize {
        self.nest.len()
    }

    /// Whether there is nothing to compute.
    pub fn is_empty(&self) -> bool {
        self.nest.is_empty()
    }

    /// Computes every element, and gives the floating-point flags to report.
    ///
    /// # Errors
    /// If there is no memory, or if the computation is to end.
    ///
    /// # Safety
    /// The inputs are readable and the outputs writable; an output shares memory with nothing else but an input of the very
    /// same elements. `map` is the loop that this was made for, and `params` has a slot for each of its params.
    pub unsafe fn run(&mut self, map: &Map, params: &[Slot], means: Means) -> Result<Flags, Failure> {
        let cut = means.cut(self.len(), STEP);
        if cut.is_whole() {
            // SAFETY: passed on.
            return Ok(unsafe { self.compute(map, params, 0..self.len())? });
        }
        let way = &*self;
        let work = |pieces: &mut Pieces<'_>| {
            let (mut own, mut flags) = (way.again(), Flags::NONE);
            while let Some((_, piece)) = pieces.next() {
                // SAFETY: passed on.
                flags = flags.and(unsafe { own.compute(map, params, piece)? });
            }
            Ok::<_, Failure>(flags)
        };
        // SAFETY: elements have nothing to do with each other.
        Ok(unsafe { divide(cut, work)? }.into_iter().fold(Flags::NONE, Flags::and))
    }

    /// The same for another thread.
    fn again(&self) -> Elementwise {
        Elementwise {
            nest: self.nest.clone(),
            inputs: self.inputs.iter().map(Tile::again).collect(),
            outputs: self.outputs.iter().map(Sink::again).collect(),
            position: self.position.clone(),
        }
    }

    /// Computes some of the elements.
    ///
    /// # Safety
    /// As for [`run`](Elementwise::run); there are such elements.
    unsafe fn compute(&mut self, map: &Map, params: &[Slot], elements: Range<usize>) -> Result<Flags, NoMemory> {
        let Elementwise { nest, inputs, outputs, position } = self;
        let (read, written) = nest.strides.split_at(inputs.len());
        let mut from = [ptr::null::<u8>(); MAX_OPERANDS];
        let mut to = [ptr::null_mut::<u8>(); MAX_OPERANDS];
        let mut report = Report::start();
        position.fill(0);
        advance(&nest.dims, position, elements.start);
        for start in elements.clone().step_by(STEP) {
            let len = STEP.min(elements.end - start);
            for ((tile, strides), from) in inputs.iter_mut().zip(read).zip(&mut from) {
                // SAFETY: the input is readable, and `len` elements are left.
                *from = unsafe { tile.values(&nest.dims, strides, position, len)? }.data;
            }
            for ((sink, strides), to) in outputs.iter_mut().zip(written).zip(&mut to) {
                // SAFETY: the output is writable, and `len` elements are left.
                *to = unsafe { sink.room(&nest.dims, strides, position, len)? };
            }
            // SAFETY: rows of `len` values, side by side; where an input is written to, its values are a copy.
            unsafe { report.block(map, &from, &to, len, params) };
            for (sink, strides) in outputs.iter_mut().zip(written) {
                // SAFETY: the values were written just now.
                unsafe { sink.store(&nest.dims, strides, position, len)? };
            }
            report.flags.stored();
            advance(&nest.dims, position, len);
        }
        Ok(report.flags)
    }
}
