//! The Python face: what NumPy users call.

pub mod array;
pub mod call;
pub mod error;
pub mod module;
pub mod numpy;
pub mod operands;
pub mod param;
pub mod params;
pub mod reduce;
pub mod run;
