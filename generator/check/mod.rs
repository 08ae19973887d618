//! From what a spec says to what it means: every rule of the language, one concern a file.
//!
//! All mistakes of a run are collected. What is right but can't be generated yet is reported only
//! for a file that has no other mistake.

mod arithmetic;
mod body;
mod cost;
mod dims;
mod dtypes;
mod elementwise;
mod expression;
mod forms;
mod fragment;
mod kernel;
mod literals;
mod map;
mod names;
mod operands;
mod options;
mod package;
mod parallel;
mod params;
mod parts;
mod prelude;
mod prose;
mod reduce;
mod require;
mod results;
mod scope;
mod tokens;

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Error, Report, Result, mistakes};
use crate::model::Package;
use crate::spec::Loaded;

/// syn's parser and its trees are recursive. Fragments are kept from nesting deeply, and this stack is
/// wide enough for what is let through.
const STACK: usize = 256 << 20;

/// Checks everything that was loaded, or reports all that is wrong with it.
pub fn check(loaded: &Loaded) -> Result<Vec<Package>> {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let checked = std::thread::scope(|scope| thread.spawn_scoped(scope, || check_all(loaded)).map(|run| run.join()));
    let (packages, log) = match checked {
        Ok(Ok(checked)) => checked,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => check_all(loaded),
    };
    if log.is_empty() { Ok(packages) } else { Err(Error::Specs(Report::new(loaded.sources.clone(), log))) }
}

fn check_all(loaded: &Loaded) -> (Vec<Package>, Vec<Diagnostic>) {
    let mut log = loaded.diagnostics.clone();
    let packages = loaded.folders.iter().map(|folder| package::check(folder, &loaded.sources, &mut log)).collect();
    package::apart(&loaded.folders, &mut log);
    mistakes_first(&mut log);
    (packages, log)
}

/// Leaves out what is most likely a consequence of another mistake in the same file: a key is missing
/// because it is misspelt, a table is strange because a bracket is not closed, and "not yet" is of no
/// interest before the file is right.
fn mistakes_first(log: &mut Vec<Diagnostic>) {
    const READING: [&str; 5] = [
        mistakes::UNKNOWN_KEY.code,
        mistakes::MISSING_KEY.code,
        mistakes::ONE_FORM.code,
        mistakes::NO_KERNELS.code,
        mistakes::NOT_YET.code,
    ];
    const KEYS: [&str; 3] = [mistakes::MISSING_KEY.code, mistakes::ONE_FORM.code, mistakes::NOT_YET.code];
    let file = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span.source);
    let mut hidden: BTreeMap<_, &[&str]> = BTreeMap::new();
    for diagnostic in log.iter() {
        let consequences: &[&str] = match diagnostic.code {
            code if code == mistakes::TOML_SYNTAX.code => &READING,
            code if code == mistakes::UNKNOWN_KEY.code || code == mistakes::WRONG_TYPE.code => &KEYS,
            code if code == mistakes::NOT_YET.code => continue,
            _ => &KEYS[2..],
        };
        let known = hidden.entry(file(diagnostic)).or_insert(consequences);
        if consequences.len() > known.len() {
            *known = consequences;
        }
    }
    log.retain(|diagnostic| !hidden.get(&file(diagnostic)).is_some_and(|codes| codes.contains(&diagnostic.code)));
}
