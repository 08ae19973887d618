//! Operands of a call: the loop that they take, and the way through them.

use pyo3::prelude::*;

use super::array::Array;
use super::error;
use super::intake::{self, Intake};
use super::numpy::NumPy;
use crate::block::Loop;
use crate::dtype::{Cast, DType};
use crate::kernel::{Copying, Input, Kernel, Role};
use crate::resolve;
use crate::tile::Layout;
use crate::walk::{WalkError, common_shape};

/// Refuses too few or too many positional arguments; `more` may follow the inputs.
pub fn count<L: Loop>(kernel: &Kernel<L>, came: usize, more: usize) -> PyResult<()> {
    let required = kernel.inputs.iter().rposition(Input::is_required).map_or(0, |last| last + 1);
    let most = kernel.inputs.len() + more;
    if came < required || came > most {
        return Err(error::count(kernel.name, required, most, came));
    }
    Ok(())
}

/// Takes the positional arguments of a call, and what stands for the inputs that it leaves out.
pub fn take<'py, L: Loop>(
    kernel: &Kernel<L>,
    py: Python<'py>,
    numpy: &NumPy,
    arguments: &[Bound<'py, PyAny>],
) -> PyResult<Vec<Intake<'py>>> {
    count(kernel, arguments.len(), 0)?;
    let each = kernel.inputs.iter().enumerate().map(|(place, input)| match (arguments.get(place), input.default) {
        (Some(object), _) if input.role == Role::Change => intake::changed(numpy, kernel.name, input, object),
        (Some(object), _) if input.role == Role::Optional && object.is_none() => Ok(Intake::Nothing),
        (Some(object), _) => intake::take(numpy, kernel.name, input, object),
        (None, Some(default)) => Intake::default(numpy, py, default),
        (None, None) => Ok(Intake::Nothing),
    });
    each.collect()
}

/// The loop that these arguments take.
pub fn resolve<L: Loop>(kernel: &Kernel<L>, taken: &[Intake<'_>]) -> PyResult<&'static L> {
    let rules = kernel.inputs.iter().map(|input| input.cast);
    let arguments: Option<Vec<_>> = taken.iter().map(Intake::argument).collect();
    let found =
        arguments.and_then(|arguments| resolve::resolve(kernel.loops.iter().map(|it| it.inputs()), &arguments, rules));
    if let Some(number) = found {
        return Ok(kernel.loops[number]);
    }
    let came: Vec<String> = taken.iter().map(Intake::dtype_name).collect();
    let names = |it: &&L| -> Vec<&str> { it.inputs().iter().map(|dtype| dtype.name()).collect() };
    Err(match kernel.inputs {
        [input] => {
            let wanted: Vec<&str> = kernel.loops.iter().flat_map(names).collect();
            error::dtype(kernel.name, input.name, &wanted.join(" or "), input.cast, &came[0])
        }
        _ => {
            let loops: Vec<String> = kernel.loops.iter().map(|it| format!("({})", names(it).join(", "))).collect();
            error::no_loop(kernel.name, &came, &loops)
        }
    })
}

/// Arrays of whatever was taken: Python numbers become arrays now that their dtype is known, and whole copies are made where
/// the spec asks for them.
pub fn arrays<'py, L: Loop>(
    kernel: &Kernel<L>,
    numpy: &NumPy,
    taken: Vec<Intake<'py>>,
    it: &L,
) -> PyResult<Vec<Array<'py>>> {
    let each = taken.into_iter().zip(kernel.inputs).zip(it.inputs());
    each.filter_map(|((taken, input), &wanted)| array(numpy, taken, input, wanted).transpose()).collect()
}

/// The array of one argument, if there is one.
pub fn array<'py>(numpy: &NumPy, taken: Intake<'py>, input: &Input, wanted: DType) -> PyResult<Option<Array<'py>>> {
    Ok(Some(match taken {
        Intake::Nothing => return Ok(None),
        Intake::Number(object, _) => Array::convert(numpy, &object, wanted, false)?,
        Intake::Array(array) if input.copying == Copying::Array => Array::convert(numpy, array.as_any(), wanted, true)?,
        Intake::Array(array) => array,
    }))
}

/// Copies the layouts of arrays and holds them against what the spec asks for. No Python code may run from here until the
/// loop is done.
pub fn layouts<L: Loop>(kernel: &Kernel<L>, arrays: &[Array<'_>], it: &L) -> PyResult<Vec<Layout>> {
    let each = arrays.iter().zip(kernel.inputs).zip(it.inputs());
    each.map(|((array, input), &wanted)| layout(kernel.name, array, input, wanted)).collect()
}

/// The layout of one array, as [`layouts`] has it.
pub fn layout(kernel: &str, array: &Array<'_>, input: &Input, wanted: DType) -> PyResult<Layout> {
    let layout = array
        .layout()
        .ok_or_else(|| error::dtype(kernel, input.name, wanted.name(), input.cast, &array.dtype_name()))?;
    accept(kernel, input, &layout, wanted)?;
    Ok(layout)
}

/// Refuses what `align` and `copy = "never"` do, and a dtype that Python code gave the array after the loop was chosen.
fn accept(kernel: &str, input: &Input, layout: &Layout, wanted: DType) -> PyResult<()> {
    let source = layout.source;
    if !source.dtype.casts(wanted, input.cast) {
        return Err(error::dtype(kernel, input.name, wanted.name(), input.cast, source.dtype.name()));
    }
    if !(source.data as usize).is_multiple_of(input.align) {
        return Err(error::align(kernel, input.name, input.align));
    }
    let swapped = source.swapped && source.dtype.size() > 1;
    if swapped && input.cast == Cast::No {
        let came = format!("{} in the other byte order", source.dtype.name());
        return Err(error::dtype(kernel, input.name, wanted.name(), input.cast, &came));
    }
    if input.copying != Copying::Never {
        return Ok(());
    }
    if source.dtype != wanted {
        return Err(error::never_converts(kernel, input.name, wanted.name(), source.dtype.name()));
    }
    let (property, wanted) = if swapped {
        ("in the other byte order", "in native byte order")
    } else if !source.aligned {
        ("not aligned", "aligned")
    } else if !layout.is_contiguous() {
        ("not C-contiguous", "C-contiguous")
    } else {
        return Ok(());
    };
    Err(error::never_mends(kernel, input.name, property, wanted))
}

/// The shape that the operands broadcast to.
pub fn shape(kernel: &str, layouts: &[Layout]) -> PyResult<Vec<usize>> {
    common_shape(&layouts.iter().collect::<Vec<_>>()).map_err(|error| match error {
        WalkError::Shapes => mismatch(kernel, layouts.iter().map(|layout| &layout.dims[..])),
        WalkError::TooLarge => error::too_large(kernel),
    })
}

/// Shapes that do not broadcast.
pub fn mismatch<'a>(kernel: &str, shapes: impl Iterator<Item = &'a [usize]>) -> PyErr {
    error::shapes(kernel, &shapes.map(shown).collect::<Vec<_>>())
}

/// A shape as NumPy prints it.
pub fn shown(shape: &[usize]) -> String {
    match shape {
        [one] => format!("({one},)"),
        many => format!("({})", many.iter().map(usize::to_string).collect::<Vec<_>>().join(",")),
    }
}
