//! What the TOML says, as typed: packages found on disk, files parsed, keys and kinds of values known.
//!
//! Nothing here knows what a kernel means; `check` decides that. Loading goes on after a mistake, so
//! that a run reports all of them at once.

mod find;
mod form;
mod kernel;
mod load;
mod offsets;
mod operand;
mod options;
mod package;
mod parse;
mod project;
mod pyproject;
mod reader;
#[cfg(feature = "cli")]
mod schema;
mod text;
mod version;

pub use form::{Body, Expression, Forms, Reduce};
pub use kernel::{Dtypes, Kernel};
pub use load::{Folder, Loaded, load};
pub use operand::{LongOperand, Operand};
pub use options::{Options, Parallel};
pub use package::{Author, Crate, Package};
pub use project::Project;
pub use reader::{Name, Scalar, Spanned, Text};
#[cfg(feature = "cli")]
pub use schema::schema;
