//! What the module of a body kernel imports.

use crate::block::Body;
pub use crate::dims::{Core, Dim, Output};
pub use crate::kernel::{Cast, Copying, Formula, Gil, Input, Op, Outputs, Parallel, Param, Role, Value};

/// A body kernel as its module declares it.
pub type Kernel = crate::kernel::Kernel<Body>;
