//! kernelgen's own arithmetic, evaluated before a call: conditions of `require`, sizes of core dimensions, defaults of params.

/// A number or bool of a call or of a spec.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number too large for an `Int`.
    UInt(u64),
    /// A float.
    Float(f64),
}

/// A condition or a number that is made of the params and core dimensions of a call.
#[derive(Debug, Clone, Copy)]
pub struct Formula {
    /// As the spec has it, for the error.
    pub text: &'static str,
    /// The same in postfix order.
    pub program: &'static [Op],
}

/// A step of a program: a value is pushed, an operator pops its operands and pushes its result.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum Op {
    /// Push the param at this place.
    Param(usize),
    /// Push the length of the core dimension at this place.
    Dim(usize),
    /// Push a whole number.
    Int(i64),
    /// Push a float.
    Float(f64),
    /// Push a choice by its index, or a bool as 0 or 1.
    Choice(usize),
    Add,
    Sub,
    Mul,
    /// Rounded down.
    Div,
    /// With the sign of the right operand.
    Rem,
    Min,
    Max,
    /// Rounded up.
    CeilDiv,
    Neg,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    And,
    Or,
    Not,
    /// From a condition and two values.
    Select,
}

/// A program without a value: a number left 64 bits, or something was divided by zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undefined;

/// What formulas are made of.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The value of each param.
    pub params: &'a [Value],
    /// The length of each core dimension.
    pub dims: &'a [usize],
}

impl Formula {
    /// Whether the condition holds.
    pub fn holds(&self, scope: Scope<'_>) -> Result<bool, Undefined> {
        self.run(scope).map(Number::truth)
    }

    /// The whole number that it is.
    pub fn size(&self, scope: Scope<'_>) -> Result<i64, Undefined> {
        match self.run(scope)? {
            Number::Int(size) => Ok(size),
            Number::Float(_) => Err(Undefined),
        }
    }

    /// The number that it is, as a param.
    pub fn value(&self, scope: Scope<'_>) -> Result<Value, Undefined> {
        Ok(match self.run(scope)? {
            Number::Int(i) => Value::Int(i),
            Number::Float(f) => Value::Float(f),
        })
    }

    fn run(&self, scope: Scope<'_>) -> Result<Number, Undefined> {
        let mut stack = Vec::with_capacity(self.program.len());
        for op in self.program {
            let value = op.apply(&mut stack, scope)?;
            stack.push(value);
        }
        stack.pop().ok_or(Undefined)
    }
}

/// A number on the stack.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    fn of(value: Value) -> Result<Number, Undefined> {
        Ok(match value {
            Value::Bool(b) => Number::Int(b.into()),
            Value::Int(i) => Number::Int(i),
            Value::UInt(u) => Number::Int(u.try_into().map_err(|_| Undefined)?),
            Value::Float(f) => Number::Float(f),
        })
    }

    fn float(self) -> f64 {
        match self {
            Number::Int(i) => i as f64,
            Number::Float(f) => f,
        }
    }

    fn truth(self) -> bool {
        self.float() != 0.0
    }
}

impl Op {
    fn apply(self, stack: &mut Vec<Number>, scope: Scope<'_>) -> Result<Number, Undefined> {
        let mut pop = || stack.pop().ok_or(Undefined);
        let bool = |b: bool| Ok(Number::Int(b.into()));
        match self {
            Op::Param(place) => return Number::of(*scope.params.get(place).ok_or(Undefined)?),
            Op::Dim(place) => {
                let dim = *scope.dims.get(place).ok_or(Undefined)?;
                return dim.try_into().map(Number::Int).map_err(|_| Undefined);
            }
            Op::Int(i) => return Ok(Number::Int(i)),
            Op::Float(f) => return Ok(Number::Float(f)),
            Op::Choice(index) => return Ok(Number::Int(index as i64)),
            Op::Not => return bool(!pop()?.truth()),
            Op::Neg => {
                return match pop()? {
                    Number::Int(i) => i.checked_neg().map(Number::Int).ok_or(Undefined),
                    Number::Float(f) => Ok(Number::Float(-f)),
                };
            }
            Op::Select => {
                let (no, yes, condition) = (pop()?, pop()?, pop()?);
                return Ok(if condition.truth() { yes } else { no });
            }
            _ => {}
        }
        let (right, left) = (pop()?, pop()?);
        match (self, left, right) {
            (Op::And, ..) => return bool(left.truth() && right.truth()),
            (Op::Or, ..) => return bool(left.truth() || right.truth()),
            (_, Number::Int(a), Number::Int(b)) => {
                let exact = match self {
                    Op::Add => a.checked_add(b),
                    Op::Sub => a.checked_sub(b),
                    Op::Mul => a.checked_mul(b),
                    Op::Div => a.checked_div_euclid(b).map(|_| floor_div(a, b)),
                    Op::Rem => a.checked_rem_euclid(b).map(|_| a - floor_div(a, b) * b),
                    Op::CeilDiv => a.checked_neg().and_then(|n| n.checked_div_euclid(b).map(|_| -floor_div(n, b))),
                    Op::Min => Some(a.min(b)),
                    Op::Max => Some(a.max(b)),
                    _ => return bool(self.compares(a.cmp(&b))),
                };
                return exact.map(Number::Int).ok_or(Undefined);
            }
            _ => {}
        }
        let (a, b) = (left.float(), right.float());
        Ok(Number::Float(match self {
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a * b,
            Op::Div => (a / b).floor(),
            Op::Rem => a - (a / b).floor() * b,
            Op::CeilDiv => (a / b).ceil(),
            Op::Min => a.min(b),
            Op::Max => a.max(b),
            // Nothing holds for a NaN but that it differs.
            _ => {
                return bool(a.partial_cmp(&b).map_or(self == Op::Ne, |order| self.compares(order)));
            }
        }))
    }

    fn compares(self, order: std::cmp::Ordering) -> bool {
        match self {
            Op::Eq => order.is_eq(),
            Op::Ne => order.is_ne(),
            Op::Lt => order.is_lt(),
            Op::Le => order.is_le(),
            Op::Gt => order.is_gt(),
            _ => order.is_ge(),
        }
    }
}

/// The quotient rounded down; `b` is not zero and the quotient fits.
fn floor_div(a: i64, b: i64) -> i64 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_evaluated_as_their_conditions_read() {
        let holds =
            |program: &'static [Op], params: &[Value]| Formula { text: "", program }.holds(Scope { params, dims: &[] });
        let k = [Value::Int(-7), Value::Float(f64::NAN)];
        // k / 2 == -4, k % 2 == 1, ceil_div(k, 2) == -3
        assert_eq!(holds(&[Op::Param(0), Op::Int(2), Op::Div, Op::Int(-4), Op::Eq], &k), Ok(true));
        assert_eq!(holds(&[Op::Param(0), Op::Int(2), Op::Rem, Op::Int(1), Op::Eq], &k), Ok(true));
        assert_eq!(holds(&[Op::Param(0), Op::Int(2), Op::CeilDiv, Op::Int(-3), Op::Eq], &k), Ok(true));
        // nan >= 0, nan != nan
        assert_eq!(holds(&[Op::Param(1), Op::Int(0), Op::Ge], &k), Ok(false));
        assert_eq!(holds(&[Op::Param(1), Op::Param(1), Op::Ne], &k), Ok(true));
        // if k > 0 { 1 } else { 0 }
        assert_eq!(holds(&[Op::Param(0), Op::Int(0), Op::Gt, Op::Int(1), Op::Int(0), Op::Select], &k), Ok(false));
        assert_eq!(holds(&[Op::Param(0), Op::Int(0), Op::Div], &k), Err(Undefined));
        assert_eq!(holds(&[Op::Int(i64::MIN), Op::Int(-1), Op::Div], &k), Err(Undefined));
    }
}
