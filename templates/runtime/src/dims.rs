//! Core dimensions: what one item of a body's operands looks like, and how long its axes are in a call.

use crate::failure::{Failure, Kind};
use crate::formula::{Formula, Op, Scope};
use crate::scalar::Value;

/// The core dimensions of a kernel. Empty for kernels that go element by element.
#[derive(Debug, Clone, Copy)]
pub struct Core {
    /// The dimensions that inputs decide about, as a body sees them.
    pub dims: &'static [&'static str],
    /// The axes of one item of each operand: inputs, inouts, scratch, outputs.
    pub operands: &'static [&'static [Dim]],
    /// What is said of each output; nothing of those beyond.
    pub outputs: &'static [Output],
    /// The dimension along which a call may be cut into pieces.
    pub over: Option<usize>,
    /// The same as NumPy writes it, `(m,d),(n,d)->(m,n)`. What NumPy cannot know has a name of its own.
    pub signature: &'static str,
}

impl Core {
    /// No core dimensions.
    pub const NONE: Core = Core { dims: &[], operands: &[], outputs: &[], over: None, signature: "" };

    /// What is said of the output at `place`.
    pub fn output(&self, place: usize) -> Output {
        self.outputs.get(place).copied().unwrap_or(Output::ANY)
    }
}

/// How a body wants the items of an output.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// What they hold before the body sees them.
    pub fill: Option<Value>,
    /// Whether their elements lie side by side, in C order.
    pub in_order: bool,
}

impl Output {
    /// Whatever they hold, as they lie.
    pub const ANY: Output = Output { fill: None, in_order: false };
}

/// How long an axis of an item is.
#[derive(Debug, Clone, Copy)]
pub enum Dim {
    /// As long as every other axis of this dimension, by its place in [`Core::dims`].
    Named(usize),
    /// Of this length.
    Fixed(usize),
    /// As the formula says.
    Computed(Formula),
    /// As the formula says, which tells the length of this dimension where nothing else does: `r + 1`.
    Solved(usize, Formula),
}

impl Dim {
    /// What the spec says of the length.
    pub fn said(&self, core: &Core) -> String {
        match self {
            Dim::Named(place) => core.dims[*place].to_owned(),
            Dim::Fixed(length) => length.to_string(),
            Dim::Computed(formula) | Dim::Solved(_, formula) => formula.text.to_owned(),
        }
    }
}

/// Why the axes of a call do not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// The operand.
    pub operand: usize,
    /// The axis of its item.
    pub axis: usize,
    /// What is wrong.
    pub why: Why,
}

impl Misfit {
    /// What does not fit, in a few words.
    fn in_words(&self, core: &Core) -> String {
        let Misfit { operand, axis, why } = self;
        let said = core.operands[*operand][*axis].said(core);
        let why = match why {
            Why::Wanted { found, wanted } => format!("has length {found}, and {wanted} is wanted"),
            Why::Unsolved { found } => format!("has length {found}, which it never has"),
            Why::Negative(length) => format!("would have length {length}"),
            Why::Undefined => "has no length".to_owned(),
        };
        format!("axis {axis} of operand {operand}, {said}, {why}")
    }
}

/// What is wrong with the length of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is not the one that is wanted.
    Wanted {
        /// How long it is.
        found: usize,
        /// How long it should be.
        wanted: i64,
    },
    /// No length of the dimension makes it this long.
    Unsolved {
        /// How long it is.
        found: usize,
    },
    /// It would be negative.
    Negative(i64),
    /// Its formula has no value.
    Undefined,
}

/// The length of a dimension that is not known yet.
const UNKNOWN: usize = usize::MAX;

/// The lengths of a call's dimensions.
#[derive(Debug, Clone)]
pub struct Lengths {
    /// In the order of [`Core::dims`], then where the piece starts along the dimension that a call is cut along.
    pub dims: Vec<usize>,
}

impl Lengths {
    /// The lengths that arrays have along axes that are named: `items` has the shape of an item for each input and inout, `None`
    /// for those that say nothing.
    pub fn named(core: &Core, items: &[Option<&[usize]>]) -> Result<Lengths, Misfit> {
        let mut dims = vec![UNKNOWN; core.dims.len() + 1];
        dims[core.dims.len()] = 0;
        for (operand, axis, dim, found) in axes(core, items) {
            let Dim::Named(place) = *dim else { continue };
            let known = &mut dims[place];
            if *known == UNKNOWN {
                *known = found;
            } else if *known != found {
                let why = Why::Wanted { found, wanted: *known as i64 };
                return Err(Misfit { operand, axis, why });
            }
        }
        Ok(Lengths { dims })
    }

    /// Adds the lengths that formulas tell; without `params`, those that no param has a part in.
    pub fn tell(&mut self, core: &Core, items: &[Option<&[usize]>], params: Option<&[Value]>) -> Result<(), Misfit> {
        for (operand, axis, dim, found) in axes(core, items) {
            let Dim::Solved(place, formula) = dim else { continue };
            let has_params = formula.program.iter().any(|op| matches!(op, Op::Param(_)));
            if self.dims[*place] == UNKNOWN && (params.is_some() || !has_params) {
                let solved = self.solution(*place, formula, found, params.unwrap_or(&[]));
                self.dims[*place] = solved.ok_or(Misfit { operand, axis, why: Why::Unsolved { found } })?;
            }
        }
        Ok(())
    }

    /// Adds the lengths that formulas tell, and holds every axis of an array against what is said of it.
    pub fn solve(&mut self, core: &Core, items: &[Option<&[usize]>], params: &[Value]) -> Result<(), Misfit> {
        self.tell(core, items, Some(params))?;
        for (operand, axis, dim, found) in axes(core, items) {
            let misfit = |why| Misfit { operand, axis, why };
            let wanted = self.length(dim, params).map_err(misfit)?;
            if wanted != found {
                return Err(misfit(Why::Wanted { found, wanted: wanted as i64 }));
            }
        }
        Ok(())
    }

    /// The lengths of one item's dimensions, from the shape of each operand, the first `inputs` of which say how long they are.
    ///
    /// # Errors
    /// If the shapes do not fit together.
    pub fn of_item(
        core: &Core,
        inputs: usize,
        shapes: &[Option<Vec<usize>>],
        params: &[Value],
    ) -> Result<Lengths, Failure> {
        let items: Vec<Option<&[usize]>> = shapes.iter().map(Option::as_deref).collect();
        let misfit = |misfit: Misfit| Failure::new(Kind::Value, misfit.in_words(core));
        let mut lengths = Lengths::named(core, &items[..inputs]).map_err(misfit)?;
        lengths.solve(core, &items, params).map_err(misfit)?;
        Ok(lengths)
    }

    /// The length of the dimension at `place` that makes a formula, linear in it, come to `found`.
    fn solution(&self, place: usize, formula: &Formula, found: usize, params: &[Value]) -> Option<usize> {
        let mut dims = self.dims.clone();
        let mut at = |length: usize| {
            dims[place] = length;
            formula.size(Scope { params, dims: &dims }).ok()
        };
        let (first, second) = (at(0)?, at(1)?);
        let slope = second.checked_sub(first)?;
        let rise = i64::try_from(found).ok()?.checked_sub(first)?;
        let length = rise.checked_div(slope)?;
        (length.checked_mul(slope) == Some(rise)).then(|| usize::try_from(length).ok()).flatten()
    }

    /// The length of an axis.
    pub fn length(&self, dim: &Dim, params: &[Value]) -> Result<usize, Why> {
        match dim {
            Dim::Named(place) => Ok(self.dims[*place]),
            Dim::Fixed(length) => Ok(*length),
            Dim::Computed(formula) | Dim::Solved(_, formula) => {
                let length = formula.size(self.scope(params)).map_err(|_| Why::Undefined)?;
                usize::try_from(length).map_err(|_| Why::Negative(length))
            }
        }
    }

    /// The shape of an operand's item.
    pub fn item(&self, core: &Core, operand: usize, params: &[Value]) -> Result<Vec<usize>, Misfit> {
        let length = |(axis, dim)| self.length(dim, params).map_err(|why| Misfit { operand, axis, why });
        core.operands[operand].iter().enumerate().map(length).collect()
    }

    /// What formulas are made of.
    pub fn scope<'a>(&'a self, params: &'a [Value]) -> Scope<'a> {
        Scope { params, dims: &self.dims }
    }
}

/// Every axis of every array: the operand, the axis of its item, what is said of it, and how long it is.
fn axes<'a>(
    core: &'a Core,
    items: &'a [Option<&'a [usize]>],
) -> impl Iterator<Item = (usize, usize, &'a Dim, usize)> + 'a {
    let present = core.operands.iter().zip(items).enumerate();
    present.filter_map(|(operand, (dims, item))| Some((operand, dims, (*item)?))).flat_map(|(operand, dims, item)| {
        dims.iter().zip(item).enumerate().map(move |(axis, (dim, &found))| (operand, axis, dim, found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `x: T[m, d], p: T[d, 3], indptr: i64[r + 1]`.
    const CORE: Core = Core {
        dims: &["m", "d", "r"],
        operands: &[
            &[Dim::Named(0), Dim::Named(1)],
            &[Dim::Named(1), Dim::Fixed(3)],
            &[Dim::Solved(
                2,
                Formula { text: "2*r + 1", program: &[Op::Int(2), Op::Dim(2), Op::Mul, Op::Int(1), Op::Add] },
            )],
        ],
        outputs: &[],
        over: None,
        signature: "",
    };

    fn solved(items: &[Option<&[usize]>]) -> Result<Vec<usize>, Misfit> {
        let mut lengths = Lengths::named(&CORE, items)?;
        lengths.solve(&CORE, items, &[])?;
        Ok(lengths.dims)
    }

    #[test]
    fn lengths_follow_from_the_arrays() {
        assert_eq!(solved(&[Some(&[7, 2]), Some(&[2, 3]), Some(&[9])]), Ok(vec![7, 2, 4, 0]));
        assert_eq!(solved(&[Some(&[0, 0]), Some(&[0, 3]), Some(&[1])]), Ok(vec![0, 0, 0, 0]));
        let misfit = |operand, axis, why| Err(Misfit { operand, axis, why });
        assert_eq!(
            solved(&[Some(&[7, 2]), Some(&[4, 3]), Some(&[9])]),
            misfit(1, 0, Why::Wanted { found: 4, wanted: 2 })
        );
        assert_eq!(
            solved(&[Some(&[7, 2]), Some(&[2, 4]), Some(&[9])]),
            misfit(1, 1, Why::Wanted { found: 4, wanted: 3 })
        );
        assert_eq!(solved(&[Some(&[7, 2]), Some(&[2, 3]), Some(&[8])]), misfit(2, 0, Why::Unsolved { found: 8 }));
        assert_eq!(solved(&[Some(&[7, 2]), Some(&[2, 3]), Some(&[0])]), misfit(2, 0, Why::Unsolved { found: 0 }));
    }
}
