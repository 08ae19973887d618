//! Which loop a call takes, from the dtypes of its arguments.

use crate::dtype::{Cast, DType, Kind};

/// What decides about an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// An array or NumPy scalar of this dtype.
    Of(DType),
    /// A Python `int`, `float` or `complex`, which takes the dtype of the others (NEP 50).
    Weak(Kind),
    /// Nothing, where an input may be left out.
    Nothing,
}

impl Argument {
    /// What a Python scalar is where nothing else decides.
    fn alone(self) -> Argument {
        match self {
            Argument::Of(_) | Argument::Nothing => self,
            Argument::Weak(Kind::Complex) => Argument::Of(DType::C128),
            Argument::Weak(Kind::Float) => Argument::Of(DType::F64),
            Argument::Weak(_) => Argument::Of(DType::I64),
        }
    }

    fn fits_exactly(self, wanted: DType) -> bool {
        match self {
            Argument::Of(dtype) => dtype == wanted,
            Argument::Weak(kind) => kind.fits(wanted),
            Argument::Nothing => true,
        }
    }

    fn casts(self, wanted: DType, rule: Cast) -> bool {
        match self {
            Argument::Of(dtype) => dtype.casts(wanted, rule),
            Argument::Weak(kind) => kind.fits(wanted),
            Argument::Nothing => true,
        }
    }
}

impl Kind {
    /// What NEP 50 tells apart when it compares scalars with arrays: bools, integers, and everything inexact.
    pub fn rank(self) -> u8 {
        match self {
            Kind::Bool => 0,
            Kind::Unsigned | Kind::Signed => 1,
            Kind::Float | Kind::Complex => 2,
        }
    }

    /// Whether a Python scalar of this kind may become `dtype` without losing its kind.
    fn fits(self, dtype: DType) -> bool {
        match (self, dtype.kind()) {
            (Kind::Complex, to) => to == Kind::Complex,
            (Kind::Float, to) => to >= Kind::Float,
            (_, to) => to != Kind::Bool,
        }
    }
}

/// The number of the loop to take: the first that fits exactly, else the first to which every argument casts by its rule.
/// `loops` are the input dtypes of each loop, in the order in which they are tried.
pub fn resolve<'a>(
    loops: impl Iterator<Item = &'a [DType]> + Clone,
    arguments: &[Argument],
    rules: impl Iterator<Item = Cast> + Clone,
) -> Option<usize> {
    // A Python scalar of a kind above all arrays' decides as if it were alone, and so do those beside it.
    let rank = |argument: &Argument| match argument {
        Argument::Of(dtype) => (Some(dtype.kind().rank()), None),
        Argument::Weak(kind) => (None, Some(kind.rank())),
        Argument::Nothing => (None, None),
    };
    let strongest = arguments.iter().map(rank).fold((None, None), |(a, b), (c, d)| (a.max(c), b.max(d)));
    let alone: Vec<Argument>;
    let arguments = if strongest.1 > strongest.0 {
        alone = arguments.iter().map(|argument| argument.alone()).collect();
        &alone
    } else {
        arguments
    };
    let exact = |inputs: &&[DType]| arguments.iter().zip(*inputs).all(|(a, &wanted)| a.fits_exactly(wanted));
    let castable = |inputs: &&[DType]| {
        arguments.iter().zip(*inputs).zip(rules.clone()).all(|((a, &wanted), rule)| a.casts(wanted, rule))
    };
    let mut numbered = loops.clone().enumerate();
    numbered
        .find(|(_, inputs)| exact(inputs))
        .or_else(|| loops.enumerate().find(|(_, inputs)| castable(inputs)))
        .map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Argument::{Of, Weak};
    use DType::*;

    #[test]
    fn calls_resolve_as_numpys_ufuncs_do() {
        let floats: &[&[DType]] = &[&[F32, F32], &[F64, F64]];
        let mixed: &[&[DType]] = &[&[I32, I32], &[I64, I64], &[F64, F64], &[C128, C128]];
        for (loops, arguments, expected) in [
            (floats, [Of(F32), Of(F32)], Some(0)),
            (floats, [Of(F32), Of(F64)], Some(1)),
            (floats, [Of(I16), Of(U8)], Some(0)),
            (floats, [Of(I32), Of(U8)], Some(1)),
            (floats, [Of(C64), Of(F32)], None),
            (floats, [Of(F32), Weak(Kind::Float)], Some(0)),
            (floats, [Weak(Kind::Float), Weak(Kind::Signed)], Some(1)),
            (mixed, [Of(I32), Weak(Kind::Signed)], Some(0)),
            (mixed, [Of(I32), Weak(Kind::Float)], Some(2)),
            (mixed, [Of(Bool), Weak(Kind::Signed)], Some(1)),
            (floats, [Of(I16), Weak(Kind::Float)], Some(1)),
            (floats, [Of(F32), Weak(Kind::Complex)], None),
            (mixed, [Of(I32), Weak(Kind::Complex)], Some(3)),
            (mixed, [Of(U64), Of(I64)], Some(2)),
            (mixed, [Of(Bool), Of(Bool)], Some(0)),
        ] {
            let found = resolve(loops.iter().copied(), &arguments, [Cast::Safe; 2].into_iter());
            assert_eq!(found, expected, "{arguments:?}");
        }
    }
}
