//! The Python face: what NumPy users call.

pub mod array;
pub mod axes;
pub mod call;
pub mod callable;
pub mod elementwise;
pub mod error;
pub mod folding;
pub mod function;
pub mod intake;
pub mod map;
pub mod module;
pub mod near;
pub mod numpy;
pub mod operands;
pub mod param;
pub mod params;
pub mod pieces;
pub mod reduce;
pub mod results;
pub mod run;
pub mod serial;
pub mod strided;
pub mod strip;
pub mod ufunc;
