//! What a spec means: packages, kernels and their parts, valid by construction.
//!
//! `check` builds these values and `render` reads them. They know where a piece of text came from
//! (a [`Fragment`] keeps its origin), and nothing of TOML, except that a project's
//! metadata are kept as it wrote them.

mod dtype;
mod kernel;
mod name;
mod operand;
mod package;

pub use dtype::DType;
pub use kernel::{
    Body, Division, Form, Formula, Fragment, Gil, Identity, Kernel, Loop, Map, Op, Parallel, Reduce, State,
};
pub use name::camel_case;
pub use operand::{Cast, Copying, Dim, Input, Length, Literal, Output, Param, ParamType, Role, Scratch, Type};
pub use package::{Author, Crate, Package, Project};
