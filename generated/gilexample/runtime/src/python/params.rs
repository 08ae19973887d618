//! Params of a call: what was given, what stands in for the rest, and the conditions over them.

use pyo3::prelude::*;

use super::call::Call;
use super::{error, param};
use crate::block::Loop;
use crate::dtype::Kind;
use crate::formula::{Op, Scope};
use crate::kernel::Kernel;
use crate::scalar::{ScalarType, Slot, Value};

/// The keyword arguments by the place of their param; those that are none go to `other`, which says whether it knows them.
pub fn given<'a, 'py, L: Loop>(
    kernel: &Kernel<L>,
    call: &'a Call<'py>,
    mut other: impl FnMut(&str, &'a Bound<'py, PyAny>) -> bool,
) -> PyResult<Vec<Option<&'a Bound<'py, PyAny>>>> {
    let mut given = vec![None; kernel.params.len()];
    let names = call.keywords.iter().flat_map(|names| names.iter());
    for (name, value) in names.zip(&call.arguments[call.positional..]) {
        let name = name.extract::<String>()?;
        match kernel.params.iter().position(|param| param.name == name) {
            Some(place) => given[place] = Some(value),
            None if other(&name, value) => {}
            None => return Err(error::keyword(kernel.name, &name)),
        }
    }
    Ok(given)
}

/// What was given for a param, or stands in for it: `None` where that is made of the dimensions of the call.
pub type Read = Option<(Slot, Value)>;

/// A slot for each param, after all conditions were looked at.
pub fn slots<L: Loop>(kernel: &Kernel<L>, it: &L, given: &[Option<&Bound<'_, PyAny>>]) -> PyResult<Vec<Slot>> {
    let (slots, values) = complete(kernel, it, read(kernel, it, given)?, &[])?;
    require(kernel, it, &values, &[])?;
    Ok(slots)
}

/// Reads what was given. Python code may run.
pub fn read<L: Loop>(kernel: &Kernel<L>, it: &L, given: &[Option<&Bound<'_, PyAny>>]) -> PyResult<Vec<Read>> {
    let each = kernel.params.iter().zip(it.params()).zip(given);
    each.map(|((declared, &ty), object)| match (object, declared.default) {
        (Some(object), _) if declared.formula.is_some() && object.is_none() => Ok(None),
        (Some(object), _) => param::read(kernel.name, declared.name, ty, object).map(Some),
        (None, Some(default)) => Ok(Some((param::write(default, ty), default))),
        (None, None) if declared.formula.is_some() => Ok(None),
        (None, None) => Err(error::missing(kernel.name, declared.name)),
    })
    .collect()
}

/// A slot and a value for each param: those that are made of others, and of the dimensions, are computed.
pub fn complete<L: Loop>(
    kernel: &Kernel<L>,
    it: &L,
    read: Vec<Read>,
    dims: &[usize],
) -> PyResult<(Vec<Slot>, Vec<Value>)> {
    let (mut slots, mut values) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
    for ((declared, &ty), read) in kernel.params.iter().zip(it.params()).zip(read) {
        let (slot, value) = match (read, &declared.formula) {
            (Some(read), _) => read,
            (None, Some(formula)) => {
                let value = formula.value(Scope { params: &values, dims });
                let fits = value.ok().filter(|value| fits(*value, ty));
                let value = fits.ok_or_else(|| error::computed(kernel.name, declared.name, formula.text))?;
                (param::write(value, ty), value)
            }
            (None, None) => return Err(error::missing(kernel.name, declared.name)),
        };
        slots.push(slot);
        values.push(value);
    }
    Ok((slots, values))
}

/// Whether a computed default is a value of a param's type.
fn fits(value: Value, ty: ScalarType) -> bool {
    match (ty, value) {
        (ScalarType::Size, Value::Int(size)) => size >= 0,
        (ScalarType::Number(dtype), Value::Int(i)) => dtype.kind() >= Kind::Float || dtype.holds(i),
        (ScalarType::Number(dtype), Value::Float(_)) => dtype.kind() >= Kind::Float,
        _ => false,
    }
}

/// Refuses a call whose params and dimensions do not satisfy every condition.
pub fn require<L: Loop>(kernel: &Kernel<L>, it: &L, params: &[Value], dims: &[usize]) -> PyResult<()> {
    let scope = Scope { params, dims };
    for condition in kernel.require {
        let text = condition.text;
        let shown = || named(kernel, it, condition.program, scope);
        match condition.holds(scope) {
            Ok(true) => {}
            Ok(false) => return Err(error::condition(kernel.name, text, &shown())),
            Err(_) => return Err(error::undefined(kernel.name, text, &shown())),
        }
    }
    Ok(())
}

/// `k = 3, n = 5` for the params and dimensions that a program reads.
fn named<L: Loop>(kernel: &Kernel<L>, it: &L, program: &[Op], scope: Scope<'_>) -> String {
    let mut named: Vec<String> = Vec::new();
    for op in program {
        let each = match op {
            Op::Param(place) => param_named(kernel, it, *place, scope),
            Op::Dim(place) => kernel.core.dims.get(*place).map(|name| format!("{name} = {}", scope.dims[*place])),
            _ => None,
        };
        named.extend(each.filter(|each| !named.contains(each)));
    }
    named.join(", ")
}

fn param_named<L: Loop>(kernel: &Kernel<L>, it: &L, place: usize, scope: Scope<'_>) -> Option<String> {
    let (param, ty, value) = (kernel.params.get(place)?, it.params().get(place)?, scope.params.get(place)?);
    let shown = match (ty, value) {
        (ScalarType::Choice(choices), Value::Int(index)) => format!("'{}'", choices.get(*index as usize)?),
        (_, Value::Bool(b)) => if *b { "True" } else { "False" }.to_owned(),
        (_, Value::Int(i)) => i.to_string(),
        (_, Value::UInt(u)) => u.to_string(),
        (_, Value::Float(f)) => format!("{f:?}"),
    };
    Some(format!("{} = {shown}", param.name))
}
