//! What single loops take and give: rows for overloads, in the order in which a call looks for its loop.
//!
//! The first row that fits is the first loop to which all arguments cast safely, as it is for a call. Python's own numbers
//! take part as NumPy has them: beside arrays of their kind they adapt, alone they are of NumPy's default dtypes.
//! `numpy.float64` is a `float` to checkers, but no such number: `_JustFloat` leaves it out. What a call does beyond that is
//! left open, to the overload for all loops alike.

use std::collections::BTreeSet;

use crate::diag::Result;
use crate::model::{Cast, DType, Input, Kernel, Literal, Loop, Role};

use super::elementwise::is_map;
use super::scalars;
use crate::render::{dtypes, templates};

/// Python's numbers, from narrow to wide, and the dtypes that NumPy takes them for.
const NUMBERS: [(&str, DType); 4] =
    [("bool", DType::Bool), ("int", DType::I64), ("float", DType::F64), ("complex", DType::C128)];

/// One overload's worth of arguments.
pub(super) struct Row<'a> {
    kind: Kind,
    kernel: &'a Kernel,
    types: &'a [DType],
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// Nothing but Python's numbers: one for each input.
    Numbers(Vec<&'static str>),
    /// Scalars that cast to the loop's dtypes.
    Scalars,
    /// Arrays, and what can be made one.
    Arrays,
}

impl Row<'_> {
    /// Whether no argument is an array.
    pub(super) fn is_scalar(&self) -> bool {
        self.kind != Kind::Arrays
    }

    /// The annotation of an input.
    pub(super) fn input(&self, input: &Input) -> String {
        let dtype = input.ty.in_loop(self.types);
        let place = self.kernel.inputs.iter().position(|other| other.name == input.name).unwrap_or(0);
        let taken = match (&self.kind, input.role) {
            (_, Role::Change) => format!("_npt.NDArray[_np.{}]", dtype.numpy_name()),
            (Kind::Numbers(numbers), _) => format!("_builtins.{}", numbers[place]),
            (Kind::Scalars, _) => like(dtype),
            // A default is none of a variable's.
            (Kind::Arrays, _) if input.default.is_some() => array_like(dtype),
            (Kind::Arrays, _) => variable(dtype, place),
        };
        if input.role == Role::Optional { format!("{taken} | None") } else { taken }
    }

    /// The scalar types of the outputs.
    pub(super) fn outputs(&self) -> Vec<String> {
        let outputs = self.kernel.outputs.iter();
        outputs.map(|output| format!("_np.{}", output.ty.in_loop(self.types).numpy_name())).collect()
    }
}

/// The rows of a kernel: none if all loops give the same, or if what an input accepts is not NumPy's rule. Those for scalars
/// alone come first: of them an elementwise kernel gives scalars.
pub(super) fn rows(kernel: &Kernel) -> Vec<Row<'_>> {
    let same = scalars(kernel).iter().all(|scalar| !scalar.contains('|'));
    let numpys = |input: &Input| input.role == Role::Change || input.cast == Cast::Safe;
    if same || kernel.inputs.is_empty() || !kernel.inputs.iter().all(numpys) {
        return Vec::new();
    }
    let single = kernel.inputs.iter().all(|input| input.dims.is_empty() && input.role != Role::Change);
    let mut rows = if single { numbers(kernel) } else { Vec::new() };
    if is_map(kernel) {
        rows.extend(kernel.loops.iter().map(|each| Row { kind: Kind::Scalars, kernel, types: &each.types }));
    }
    rows.extend(kernel.loops.iter().map(|each| Row { kind: Kind::Arrays, kernel, types: &each.types }));
    rows
}

/// The loops of calls with numbers of Python's alone. A kind stands for those before it where their loop is the same.
fn numbers(kernel: &Kernel) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for widest in 0..NUMBERS.len() {
        let numbers: Option<Vec<_>> = kernel.inputs.iter().map(|input| number(input, kernel, widest)).collect();
        let Some(numbers) = numbers else { continue };
        let casts = |(input, (_, dtype)): (&Input, &(&str, DType)), each: &Loop| {
            dtype.casts_safely_to(input.ty.in_loop(&each.types))
        };
        let loops = &mut kernel.loops.iter();
        let Some(each) = loops.find(|each| kernel.inputs.iter().zip(&numbers).all(|pair| casts(pair, each))) else {
            continue;
        };
        if rows.last().is_some_and(|last| last.types == each.types) {
            rows.pop();
        }
        let names = numbers.into_iter().map(|(name, _)| name).collect();
        rows.push(Row { kind: Kind::Numbers(names), kernel, types: &each.types });
    }
    rows
}

/// The widest number, no wider than one of `NUMBERS`, that an input takes in any loop. Its default is one of them.
fn number(input: &Input, kernel: &Kernel, widest: usize) -> Option<(&'static str, DType)> {
    let narrowest = match &input.default {
        Some(Literal::Float(_)) => DType::F64,
        Some(Literal::Int(_)) => DType::I64,
        Some(Literal::Bool(_) | Literal::Text(_)) | None => DType::Bool,
    };
    let dtypes = dtypes::over_loops(&input.ty, kernel);
    let taken = |&(_, dtype): &(&str, DType)| dtypes.iter().any(|to| dtype.casts_safely_to(*to));
    NUMBERS[..=widest].iter().rev().copied().find(taken).filter(|(_, dtype)| *dtype >= narrowest)
}

/// The aliases that rows of these kernels are written with, and the classes that those need.
pub(super) fn aliases(kernels: &[&Kernel]) -> Result<Vec<String>> {
    let (mut dtypes, mut places) = (BTreeSet::new(), BTreeSet::new());
    for row in kernels.iter().flat_map(|kernel| rows(kernel)) {
        for (place, input) in row.kernel.inputs.iter().enumerate().filter(|(_, input)| input.role != Role::Change) {
            let dtype = input.ty.in_loop(row.types);
            dtypes.insert(dtype);
            places.extend(input.default.is_none().then_some((dtype, place)));
        }
    }
    if dtypes.is_empty() {
        return Ok(Vec::new());
    }
    let used: BTreeSet<_> = dtypes.iter().filter_map(|&dtype| widest(dtype)).collect();
    let list = |name: &str| {
        let all = lists(name);
        format!("{all}: _typing.TypeAlias = _abc.Sequence[_builtins.{name} | {all}]")
    };
    let mut lines = vec![String::new(), templates::STUB_JUST.render(&())?];
    lines.extend(used.into_iter().map(list));
    lines.extend(dtypes.into_iter().flat_map(of_dtype));
    lines.extend(places.into_iter().map(|(dtype, place)| {
        let (name, bound) = (variable(dtype, place), array_like(dtype));
        format!("{name} = _typing.TypeVar(\"{name}\", bound={bound})")
    }));
    Ok(lines)
}

/// The widest of Python's numbers that lists may hold which are to become arrays of a dtype.
fn widest(dtype: DType) -> Option<&'static str> {
    NUMBERS.iter().rfind(|(_, from)| fits(*from, dtype)).map(|(name, _)| *name)
}

/// Whether an argument is sure to leave a call to loops of a dtype. A narrow dtype of a lesser kind may or may not: a number
/// of Python's beside it is then of NumPy's default dtype.
fn fits(from: DType, to: DType) -> bool {
    let surely = match from {
        DType::Bool => to == DType::Bool,
        _ if from.is_integer() => to.is_integer() || from.size() >= 4,
        _ => true,
    };
    surely && from.casts_safely_to(to)
}

/// What leaves a call to loops of a dtype: NumPy's types, then with Python's numbers, then arrays and nested lists.
fn of_dtype(dtype: DType) -> [String; 3] {
    let safe: Vec<_> = DType::ALL.into_iter().filter(|from| fits(*from, dtype)).collect();
    let safe: Vec<_> = safe.iter().map(|from| format!("_np.{}", from.numpy_name())).collect();
    let numbers = match dtype {
        DType::Bool => "_builtins.bool",
        _ if dtype.is_complex() => "_builtins.int | _JustFloat | _JustComplex",
        _ if dtype.is_inexact() => "_builtins.int | _JustFloat",
        _ => "_builtins.int",
    };
    let lists = widest(dtype).map(|name| format!(" | {}", lists(name))).unwrap_or_default();
    let (like, array_like, title) = (like(dtype), array_like(dtype), title(dtype.numpy_name()));
    [
        format!("_Safe{title}: _typing.TypeAlias = {}", safe.join(" | ")),
        format!("{like}: _typing.TypeAlias = _Safe{title} | {numbers}"),
        format!("{array_like}: _typing.TypeAlias = _npt.NDArray[_Safe{title}] | {like}{lists}"),
    ]
}

fn like(dtype: DType) -> String {
    format!("_{}Like", title(dtype.numpy_name()))
}

fn array_like(dtype: DType) -> String {
    format!("_ArrayLike{}", title(dtype.numpy_name()))
}

/// A type variable for an argument. Were it the alias itself, mypy would ask an expression for it, and take `np.ones(3, float)`
/// for an array of any dtype that is wanted.
fn variable(dtype: DType, place: usize) -> String {
    format!("_{}_{}", title(dtype.numpy_name()), place + 1)
}

/// The alias for lists of Python's numbers, and lists of these.
fn lists(number: &str) -> String {
    format!("_{}List", title(number))
}

fn title(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}
