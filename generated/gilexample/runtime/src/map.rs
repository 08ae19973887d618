//! What the module of an elementwise kernel imports.

use crate::block::Map;
pub use crate::kernel::{Cast, Copying, Formula, Gil, Identity, Input, Op, Outputs, Parallel, Param, Value};

/// An elementwise kernel as its module declares it.
pub type Kernel = crate::kernel::Kernel<Map>;

impl Kernel {
    /// How many results a call has.
    #[inline(always)]
    pub fn outputs(&self) -> usize {
        self.loops.first().map_or(0, |map| map.outputs.len())
    }
}
