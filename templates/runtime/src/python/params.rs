//! Params of a call: what was given, what stands in for the rest, and the conditions over them.

use pyo3::prelude::*;

use super::call::Call;
use super::{error, param};
use crate::block::Loop;
use crate::condition::Op;
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

/// A slot for each param, after all conditions were looked at.
pub fn slots<L: Loop>(kernel: &Kernel<L>, it: &L, given: &[Option<&Bound<'_, PyAny>>]) -> PyResult<Vec<Slot>> {
    let mut slots = Vec::with_capacity(given.len());
    let mut values = Vec::with_capacity(given.len());
    for ((declared, &ty), object) in kernel.params.iter().zip(it.params()).zip(given) {
        let (slot, value) = match (object, declared.default) {
            (Some(object), _) => param::read(kernel.name, declared.name, ty, object)?,
            (None, Some(default)) => (param::write(default, ty), default),
            (None, None) => return Err(error::missing(kernel.name, declared.name)),
        };
        slots.push(slot);
        values.push(value);
    }
    for condition in kernel.require {
        let text = condition.text;
        let shown = || named(kernel, it, condition.program, &values);
        match condition.holds(&values) {
            Ok(true) => {}
            Ok(false) => return Err(error::condition(kernel.name, text, &shown())),
            Err(_) => return Err(error::undefined(kernel.name, text, &shown())),
        }
    }
    Ok(slots)
}

/// `k = 3, ddof = 0.5` for the params that a program reads.
fn named<L: Loop>(kernel: &Kernel<L>, it: &L, program: &[Op], values: &[Value]) -> String {
    let mut places: Vec<usize> = program
        .iter()
        .filter_map(|op| match op {
            Op::Param(place) => Some(*place),
            _ => None,
        })
        .collect();
    places.sort_unstable();
    places.dedup();
    let named = places.iter().filter_map(|&place| {
        let (param, ty, value) = (kernel.params.get(place)?, it.params().get(place)?, values.get(place)?);
        let shown = match (ty, value) {
            (ScalarType::Choice(choices), Value::Int(index)) => format!("'{}'", choices.get(*index as usize)?),
            (_, Value::Bool(b)) => if *b { "True" } else { "False" }.to_owned(),
            (_, Value::Int(i)) => i.to_string(),
            (_, Value::UInt(u)) => u.to_string(),
            (_, Value::Float(f)) => format!("{f:?}"),
        };
        Some(format!("{} = {shown}", param.name))
    });
    named.collect::<Vec<_>>().join(", ")
}
