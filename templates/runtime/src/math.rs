//! Elementary functions, as text that a compiler can put into a vectorized loop.
//!
//! The real ones are scalar, without branches and calls: each is one formula with selects at its ends. `FUSED` says whether
//! `a * b + c` may be rounded once. On CPUs that have the instruction it makes a function faster and a little more exact; on
//! others it would be a call of a library. So a function has two sets of bits, one for all CPUs with FMA, one for those
//! without. Where a function has a pole or no answer, it raises the floating-point flag that NumPy's has.

pub mod complex;
pub mod double;
pub mod exponential;
pub mod logarithm;
pub mod polynomial;
pub mod power;
pub mod roots;
pub mod rounding;
