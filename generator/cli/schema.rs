//! `kernelgen schema`: the JSON Schema of the spec language.

use crate::diag::Result;
use crate::spec;

use super::terminal::Terminal;

pub(super) fn run(terminal: &Terminal) -> Result<()> {
    let schema = spec::schema();
    terminal.result(&format!("{schema:#}"), &schema);
    Ok(())
}
