//! Params: from a Python scalar to the slot that block functions read.

use num_complex::Complex;
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyString};

use super::error;
use super::numpy::NumPy;
use crate::dtype::{DType, Kind};
use crate::scalar::{ScalarType, Slot, Value};

/// Writes a number as the type `ty`, and gives it as conditions see it.
macro_rules! write_number {
    ($slot:ident, $dtype:expr, $value:expr) => {
        match $dtype {
            DType::Bool => $slot.write($value as u8 != 0),
            DType::I8 => $slot.write($value as i8),
            DType::U8 => $slot.write($value as u8),
            DType::I16 => $slot.write($value as i16),
            DType::U16 => $slot.write($value as u16),
            DType::I32 => $slot.write($value as i32),
            DType::U32 => $slot.write($value as u32),
            DType::I64 => $slot.write($value as i64),
            DType::U64 => $slot.write($value as u64),
            DType::F16 | DType::F32 => $slot.write($value as f32),
            DType::F64 => $slot.write($value as f64),
            DType::C64 => $slot.write(Complex::new($value as f32, 0.0)),
            DType::C128 => $slot.write(Complex::new($value as f64, 0.0)),
        }
    };
}

/// The slot of a value that fits its type.
pub fn write(value: Value, ty: ScalarType) -> Slot {
    let mut slot = Slot::ZERO;
    match (ty, value) {
        (ScalarType::Number(dtype), Value::Bool(b)) => write_number!(slot, dtype, u8::from(b)),
        (ScalarType::Number(dtype), Value::Int(i)) => write_number!(slot, dtype, i),
        (ScalarType::Number(dtype), Value::UInt(u)) => write_number!(slot, dtype, u),
        (ScalarType::Number(dtype), Value::Float(f)) => write_number!(slot, dtype, f),
        (_, Value::Int(i)) => slot.write(i as usize),
        (_, Value::UInt(u)) => slot.write(u as usize),
        (_, Value::Bool(b)) => slot.write(usize::from(b)),
        (_, Value::Float(f)) => slot.write(f as usize),
    }
    slot
}

/// A value as a Python number.
pub fn object(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    Ok(match value {
        Value::Bool(b) => PyBool::new(py, b).to_owned().into_any(),
        Value::Int(i) => i.into_pyobject(py)?.into_any(),
        Value::UInt(u) => u.into_pyobject(py)?.into_any(),
        Value::Float(f) => PyFloat::new(py, f).into_any(),
    })
}

/// A slot as a Python number, which takes the dtype of the arrays beside it; sizes and choices as whole numbers.
pub fn number<'py>(py: Python<'py>, ty: ScalarType, slot: &Slot) -> PyResult<Bound<'py, PyAny>> {
    macro_rules! read {
        ($type:ty) => {
            // SAFETY: the slot was written for its type.
            unsafe { slot.read::<$type>() }
        };
    }
    let value = match ty {
        ScalarType::Size | ScalarType::Choice(_) => Value::UInt(read!(usize) as u64),
        ScalarType::Number(dtype) => match dtype {
            DType::Bool => Value::Bool(read!(bool)),
            DType::I8 => Value::Int(read!(i8).into()),
            DType::U8 => Value::Int(read!(u8).into()),
            DType::I16 => Value::Int(read!(i16).into()),
            DType::U16 => Value::Int(read!(u16).into()),
            DType::I32 => Value::Int(read!(i32).into()),
            DType::U32 => Value::Int(read!(u32).into()),
            DType::I64 => Value::Int(read!(i64)),
            DType::U64 => Value::UInt(read!(u64)),
            DType::F16 | DType::F32 => Value::Float(read!(f32).into()),
            DType::F64 => Value::Float(read!(f64)),
            DType::C64 => {
                let z = read!(Complex<f32>);
                return Ok(PyComplex::from_doubles(py, z.re.into(), z.im.into()).into_any());
            }
            DType::C128 => {
                let z = read!(Complex<f64>);
                return Ok(PyComplex::from_doubles(py, z.re, z.im).into_any());
            }
        },
    };
    object(py, value)
}

/// Reads a param of a call: its slot, and its value for conditions (of a complex number, the real part).
pub fn read(kernel: &str, name: &str, ty: ScalarType, object: &Bound<'_, PyAny>) -> PyResult<(Slot, Value)> {
    let value = match ty {
        ScalarType::Number(dtype) if dtype.kind() == Kind::Complex => {
            return read_complex(kernel, name, dtype, object);
        }
        ScalarType::Number(dtype) => read_number(kernel, name, dtype, object)?,
        ScalarType::Size => read_size(kernel, name, object)?,
        ScalarType::Choice(values) => read_choice(kernel, name, values, object)?,
    };
    Ok((write(value, ty), value))
}

fn read_number(kernel: &str, name: &str, dtype: DType, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let wrong = |wanted: &str| error::param_type(kernel, name, wanted, &came(object));
    match dtype.kind() {
        Kind::Bool => {
            let numpy = NumPy::get(object.py())?;
            if object.is_instance_of::<PyBool>() || object.is_instance(numpy.bool.bind(object.py()))? {
                Ok(Value::Bool(object.is_truthy()?))
            } else {
                Err(wrong("a bool"))
            }
        }
        Kind::Float => {
            if object.is_instance_of::<PyString>() {
                return Err(wrong("a real number"));
            }
            let number = object.extract::<f64>().map_err(|error| {
                match error.is_instance_of::<PyOverflowError>(object.py()) {
                    true => error::param_overflow(kernel, name, "a number that fits float64", &shown(object)),
                    false => wrong("a real number"),
                }
            })?;
            single(kernel, name, dtype, &[number], object).map(|()| Value::Float(number))
        }
        _ => {
            let whole = whole(object).ok_or_else(|| wrong("a whole number"))??;
            let bits = dtype.size() as u32 * 8;
            let (low, high) = match dtype.kind() {
                Kind::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
                _ => (0, (1i128 << bits) - 1),
            };
            if whole < low || whole > high {
                let wanted = format!("a whole number that fits {}", dtype.name());
                return Err(error::param_overflow(kernel, name, &wanted, &shown(object)));
            }
            Ok(match i64::try_from(whole) {
                Ok(value) => Value::Int(value),
                Err(_) => Value::UInt(whole as u64),
            })
        }
    }
}

fn read_size(kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let wanted = "a whole number that is not negative";
    let whole = whole(object).ok_or_else(|| error::param_type(kernel, name, wanted, &came(object)))??;
    match i64::try_from(whole) {
        Ok(value) if value >= 0 => Ok(Value::Int(value)),
        _ => Err(error::param_value(kernel, name, wanted, &shown(object))),
    }
}

fn read_choice(kernel: &str, name: &str, values: &[&str], object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let wanted = values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(" or ");
    let Ok(text) = object.extract::<String>() else {
        return Err(error::param_type(kernel, name, &wanted, &came(object)));
    };
    match values.iter().position(|value| *value == text) {
        Some(index) => Ok(Value::Int(index as i64)),
        None => Err(error::param_value(kernel, name, &wanted, &format!("'{text}'"))),
    }
}

fn read_complex(kernel: &str, name: &str, dtype: DType, object: &Bound<'_, PyAny>) -> PyResult<(Slot, Value)> {
    let wrong = || error::param_type(kernel, name, "a number", &came(object));
    if object.is_instance_of::<PyString>() {
        return Err(wrong());
    }
    let number = object.py().get_type::<PyComplex>().call1((object,)).map_err(|_| wrong())?;
    let number = number.cast_into::<PyComplex>().map_err(|_| wrong())?;
    let (re, im) = (number.real(), number.imag());
    single(kernel, name, dtype, &[re, im], object)?;
    let mut slot = Slot::ZERO;
    match dtype {
        DType::C64 => slot.write(Complex::new(re as f32, im as f32)),
        _ => slot.write(Complex::new(re, im)),
    }
    Ok((slot, Value::Float(re)))
}

/// Refuses numbers that are infinite in single precision only, for a dtype that is computed so.
fn single(kernel: &str, name: &str, dtype: DType, numbers: &[f64], object: &Bound<'_, PyAny>) -> PyResult<()> {
    let single = matches!(dtype, DType::F16 | DType::F32 | DType::C64);
    if single && numbers.iter().any(|number| number.is_finite() && (*number as f32).is_infinite()) {
        let wanted = format!("a number that fits {}", dtype.name());
        return Err(error::param_overflow(kernel, name, &wanted, &shown(object)));
    }
    Ok(())
}

/// A whole number by `__index__`; `None` for what has none, such as a float. What fits no 64 bits comes as the least or
/// greatest of 128, which fit nothing either.
fn whole(object: &Bound<'_, PyAny>) -> Option<PyResult<i128>> {
    if object.is_instance_of::<PyFloat>() || !object.hasattr("__index__").unwrap_or(false) {
        return None;
    }
    let small = object.extract::<i64>().map(i128::from);
    let number = small.or_else(|_| object.extract::<u64>().map(i128::from));
    Some(match number {
        // It has the method for other values: an array of floats.
        Err(error) if error.is_instance_of::<PyTypeError>(object.py()) => return None,
        Err(error) if error.is_instance_of::<PyOverflowError>(object.py()) => {
            object.lt(0i64).map(|negative| if negative { i128::MIN } else { i128::MAX })
        }
        number => number,
    })
}

/// What came, in a few words.
pub fn came(object: &Bound<'_, PyAny>) -> String {
    let class = object.get_type();
    match class.name() {
        Ok(name) => name.to_string(),
        Err(_) => "an object".to_string(),
    }
}

/// The value that came, as Python prints it.
fn shown(object: &Bound<'_, PyAny>) -> String {
    object.repr().map(|repr| repr.to_string()).unwrap_or_else(|_| came(object))
}
