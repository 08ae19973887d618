//! What a spec means: packages, kernels and their parts, valid by construction.
//!
//! `check` builds these values and `render` reads them. They know where a piece of text came from
//! (a [`Fragment`] keeps its origin), and nothing of TOML.

mod dtype;
mod kernel;
mod name;
mod package;

pub use dtype::DType;
pub use kernel::{
    Body, Cast, Copying, Dim, Division, Form, Formula, Fragment, Gil, Identity, Input, Kernel, Length, Literal, Loop,
    Map, Op, Output, Param, ParamType, Reduce, Role, Scratch, State, Type,
};
pub use name::camel_case;
pub use package::{Author, Crate, Package};
