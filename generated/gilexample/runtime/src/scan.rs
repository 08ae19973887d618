//! Scans: a result for each element, of all elements up to it.

use std::ops::Range;

use crate::block::{BLOCK, Fold, Row, Scan};
use crate::cut::Means;
use crate::divide::{Pieces, divide};
use crate::flags::{self, Flags};
use crate::fold::{FoldError, Start};
use crate::interrupt::check;
use crate::outcome::{NaN, Outcome};
use crate::scalar::Slot;
use crate::shape::c_order;
use crate::sink::{Place, Sink};
use crate::slices::Slices;
use crate::special::{Specials, borne_out, look};
use crate::tile::Layout;
use crate::walk::{Loops, MAX_OPERANDS, MAX_READ, advance};

/// Elements of a long line after which somebody is asked whether to go on.
const ASKED: usize = 256 * BLOCK;

/// A way through the operands of a scan, in order: its results have the same bits whatever the layout.
pub struct Scans {
    loops: Loops,
    slices: Slices,
    outputs: Vec<Sink>,
    /// The loops over lines, then those along one.
    dims: Vec<usize>,
    /// Strides of each output.
    strides: Vec<Vec<isize>>,
}

impl Scans {
    /// The way along `axis` of operands that broadcast to `shape`, to places of that shape; or through all of them in C order, to
    /// places of one dimension. `None` where complex values would have to become real.
    pub fn new(it: &Fold, shape: &[usize], axis: Option<usize>, inputs: &[Layout], places: &[Place]) -> Option<Scans> {
        let folded: Vec<bool> = (0..shape.len()).map(|each| axis.is_none_or(|axis| axis == each)).collect();
        let strides = |place: &Place, of: bool| -> Vec<isize> {
            let all = match axis {
                Some(_) => place.strides.clone(),
                None => c_order(shape, 1).iter().map(|step| step * place.strides[0]).collect(),
            };
            all.into_iter().zip(&folded).filter(|(_, folded)| **folded == of).map(|(stride, _)| stride).collect()
        };
        let kept: Vec<Place> =
            places.iter().map(|place| Place { strides: strides(place, false), target: place.target }).collect();
        let along: Vec<Vec<isize>> = places.iter().map(|place| strides(place, true)).collect();
        let loops = Loops::new(it, shape, &folded, inputs, None, &kept, &along);
        let sink = |((place, &offset), &dtype): ((&Place, &isize), _)| place.sink(offset, dtype);
        let read = inputs.len();
        let first = loops.folded.strides.len() - places.len();
        let joined = |(kept, along): (&Vec<isize>, &Vec<isize>)| [&kept[..], along].concat();
        Some(Scans {
            slices: Slices::new(it, &loops)?,
            outputs: places.iter().zip(&loops.offsets).zip(it.outputs).map(sink).collect::<Option<_>>()?,
            dims: [&loops.kept.dims[..], &loops.folded.dims].concat(),
            strides: loops.kept.strides[read..].iter().zip(&loops.folded.strides[first..]).map(joined).collect(),
            loops,
        })
    }

    /// Elements in all.
    pub fn len(&self) -> usize {
        self.loops.kept.len().saturating_mul(self.loops.folded.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Computes every result. A line is computed by one thread: the order of its elements is part of the result.
    ///
    /// # Safety
    /// The inputs are readable and the places writable, and nothing that is written overlaps anything else. `it` is the loop that this
    /// was made for, and `params` has a slot for each of its params.
    pub unsafe fn run(&self, it: &Fold, params: &[Slot], means: Means) -> Result<Outcome, FoldError> {
        let lines = if self.is_empty() { 0 } else { self.loops.kept.len() };
        let cut = means.cut_units(lines, self.loops.folded.len());
        let work = |pieces: &mut Pieces<'_>| {
            let outputs = self.outputs.iter().map(Sink::again).collect();
            let mut own = Own { slices: self.slices.again(), outputs, outcome: Outcome::NONE };
            flags::clear();
            while let Some((_, lines)) = pieces.next() {
                // SAFETY: passed on.
                unsafe { self.lines(&mut own, it, params, lines)? };
            }
            Ok::<_, FoldError>(own.outcome)
        };
        // SAFETY: lines have nothing to do with each other.
        Ok(unsafe { divide(cut, work)? }.into_iter().fold(Outcome::NONE, Outcome::and))
    }

    /// Computes some of the lines.
    ///
    /// # Safety
    /// As for [`run`](Scans::run); there are such lines.
    unsafe fn lines(&self, own: &mut Own, it: &Fold, params: &[Slot], lines: Range<usize>) -> Result<(), FoldError> {
        let Some(scan) = it.functions().scan else { return Ok(()) };
        let Own { slices, outputs, outcome } = own;
        let n = self.loops.folded.len();
        let mut carry: Vec<Slot> = vec![Slot::ZERO; it.state_slots];
        // Where elements are left out, something has to stand for none.
        // SAFETY: room for a state.
        let stands = it.skips && unsafe { Start::Identity.write(it, params.as_ptr(), carry.as_mut_ptr()) };
        let none = carry.clone();
        let mut position = vec![0; self.dims.len()];
        let mut line = vec![0; self.loops.kept.dims.len()];
        advance(&self.dims, &mut position, lines.start * n);
        advance(&self.loops.kept.dims, &mut line, lines.start);
        let mut rows = [Row::EMPTY; MAX_READ];
        for _ in lines {
            slices.seek(&line);
            carry.copy_from_slice(&none);
            let mut came = Specials::default();
            for at in (0..n).step_by(BLOCK) {
                let len = BLOCK.min(n - at);
                if at % ASKED == 0 {
                    check()?;
                }
                let mut to = [std::ptr::null_mut(); MAX_OPERANDS];
                // SAFETY: as many elements are left, and places for as many results.
                unsafe {
                    let (len, index) = slices.next(it, len, &mut rows)?;
                    for ((sink, strides), to) in outputs.iter_mut().zip(&self.strides).zip(&mut to) {
                        *to = sink.room(&self.dims, strides, &position, len)?;
                    }
                    let begins = at == 0 && !stands;
                    let block = Scan { inputs: rows.as_ptr(), n: len, index, seen: at, begins };
                    let nothing = scan(&block, params.as_ptr(), carry.as_mut_ptr(), to.as_ptr());
                    if nothing > 0 && !stands {
                        outcome.nothing = true;
                        it.outputs.write_nan(&to, 0..nothing)?;
                    }
                    let raised = flags::raised();
                    if raised != Flags::NONE {
                        let mut found = Specials::default();
                        for (&dtype, to) in it.outputs.iter().zip(to) {
                            let row = Row::new(to.cast_const(), dtype.value().size() as isize);
                            look(&mut found, dtype, row, len);
                        }
                        for (&dtype, row) in it.inputs.iter().zip(rows) {
                            look(&mut came, dtype, row, len);
                        }
                        outcome.flags = outcome.flags.and(borne_out(raised, found, came));
                        flags::clear();
                    }
                    // What is special by now was so before whatever comes next.
                    for (&dtype, to) in it.outputs.iter().zip(to) {
                        let last = to.wrapping_add((len - 1) * dtype.value().size());
                        look(&mut came, dtype, Row::new(last.cast_const(), 0), 1);
                    }
                    for (sink, strides) in outputs.iter_mut().zip(&self.strides) {
                        sink.store(&self.dims, strides, &position, len)?;
                    }
                    outcome.flags.stored();
                }
                advance(&self.dims, &mut position, len);
            }
            advance(&self.loops.kept.dims, &mut line, 1);
        }
        Ok(())
    }
}

/// What a thread works with.
struct Own {
    slices: Slices,
    outputs: Vec<Sink>,
    outcome: Outcome,
}
