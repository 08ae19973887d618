//! The loops around the text of a spec.
//!
//! The text must stand inside the `#[target_feature]` function itself: a closure or a function called from there would be
//! compiled without the instruction set. So a macro prints it, for each dtype and level. Names of locals (`x`, `a`, `b`,
//! `i`, ...) come from the call, because locals are hygienic; types (`T`) are found in the module that the macro writes.

mod loops;

mod map;

mod reduce;
