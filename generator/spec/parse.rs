//! Parses TOML 1.0, going on after mistakes.

use toml::Spanned;
use toml::de::DeTable;

use super::version;
use crate::diag::{Diagnostic, SourceId, Span, mistakes};

/// The tables of a file. What could not be parsed is reported and left out.
pub fn document<'a>(raw: &'a str, source: SourceId, log: &mut Vec<Diagnostic>) -> Spanned<DeTable<'a>> {
    let (document, errors) = DeTable::parse_recoverable(raw);
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        log.push(mistakes::TOML_SYNTAX.at(&Span::new(source, range), &[&error.message()]));
    }
    if errors.is_empty() {
        version::refuse_later(raw, source, log);
    }
    document
}
