//! What the module of a reduction imports.

use crate::block::Fold;
pub use crate::kernel::{Cast, Copying, Formula, Gil, Input, Op, Outputs, Parallel, Param, Value};

/// A reduction as its module declares it.
pub type Kernel = crate::kernel::Kernel<Fold>;
