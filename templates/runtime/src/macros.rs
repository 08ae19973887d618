//! The loops around the text of a spec.
//!
//! The text must become part of the `#[target_feature]` function itself: a closure, or a function that is not inlined there, is
//! compiled without the instruction set. So a macro prints it, for each dtype and level. Names of locals (`x`, `a`, `b`,
//! `i`, ...) come from the call, because locals are hygienic; types (`T`) are found in the module that the macro writes.

mod body;

mod fold;

mod loops;

mod map;

mod reduce;

mod scan;

mod state;
