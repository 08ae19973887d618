//! Elementary functions of complex numbers.
//!
//! Values at infinities, NaNs and signed zeros are those of C99, Annex G, and for what C99 does not have those of NumPy
//! or of the Python array API standard. Where NumPy reports a floating-point flag, an operation on the way raises it.
//! Infinities and zeros whose sign C99 leaves open have any.
//!
//! They are made of the real functions, in the text for CPUs without FMA: results have the same bits everywhere.
//!
//! Functions that odd or even symmetry leads back to others are written so: `sin(z) = -i sinh(iz)`.

mod arithmetic;
mod exact;
mod exponential;
mod hyperbolic;
mod inverse;
mod logarithm;
mod power;
mod real;
mod scaling;

pub use arithmetic::{abs, divide, sign};
pub use exponential::{exp, exp2, expm1};
pub use hyperbolic::{cos, cosh, sin, sinh, tan, tanh};
pub use inverse::{acos, asin, atan};
pub use logarithm::{log, log1p, log2, log10};
pub use power::{pow, sqrt};
