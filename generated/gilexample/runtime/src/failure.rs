//! What a body has instead of results: an error with a message.

use std::fmt;

/// Which exception Python sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `ValueError`.
    Value,
    /// `IndexError`.
    Index,
    /// `ArithmeticError`.
    Arithmetic,
    /// `numpy.linalg.LinAlgError`.
    LinAlg,
    /// `RuntimeError`.
    Runtime,
    /// `MemoryError`.
    Memory,
    /// What a signal handler raised: Ctrl-C, as a rule.
    Interrupted,
}

/// Why a body gave up. Made by [`fail!`](crate::fail), and by `?` of every error of Rust's.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which exception Python sees.
    pub kind: Kind,
    /// What it says.
    pub message: String,
}

impl Failure {
    /// A failure with a message.
    #[cold]
    pub fn new(kind: Kind, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into() }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.message)
    }
}

// `Failure` itself is no `Error`, or this would be two implementations in one.
impl<E: std::error::Error> From<E> for Failure {
    #[cold]
    fn from(error: E) -> Failure {
        Failure::new(Kind::Value, error.to_string())
    }
}

/// What the statements of a body come to: nothing, or a `Result` of nothing.
pub trait Ending {
    /// The same as a result.
    fn ending(self) -> Result<(), Failure>;
}

impl Ending for () {
    #[inline(always)]
    fn ending(self) -> Result<(), Failure> {
        Ok(())
    }
}

/// What a function gives: the way to name the type of statements that never end.
pub trait Gives {
    /// Its type.
    type Type;
}

impl<T> Gives for fn() -> T {
    type Type = T;
}

impl Ending for <fn() -> ! as Gives>::Type {
    fn ending(self) -> Result<(), Failure> {
        self
    }
}

impl<E: Into<Failure>> Ending for Result<(), E> {
    #[inline(always)]
    fn ending(self) -> Result<(), Failure> {
        self.map_err(Into::into)
    }
}

/// Leaves a body with an exception: `fail!(Value, "row {i} is empty")`. The kinds are `Value`, `Index`, `Arithmetic`, `LinAlg`
/// and `Runtime`.
#[macro_export]
macro_rules! fail {
    ($kind:ident, $($message:tt)+) => {
        return ::core::result::Result::Err($crate::failure::Failure::new(
            $crate::failure::Kind::$kind,
            ::std::format!($($message)+),
        ))
    };
}
