//! The form of a kernel, and the texts that single loops have instead.

use super::parts::Parts;
use super::{body, map, reduce};
use crate::diag::{Diagnostic, Sources, did_you_mean, mistakes};
use crate::model::{DType, Form, Loop};
use crate::spec::{self, Forms, Name};

/// Checks all forms of a kernel, each against the dtypes of its loops: returns the common one, and puts those of
/// `loops.DTYPE` where they belong.
pub fn check(
    given: &spec::Kernel,
    parts: &Parts<'_>,
    loops: &mut [Loop],
    sources: &Sources,
    log: &mut Vec<Diagnostic>,
) -> Option<Form> {
    let own = |types: &[DType]| {
        let found = loops.iter().find(|each| each.types == types);
        found.is_some_and(|found| given.loops.iter().any(|(name, _)| loop_name(name) == found.name))
    };
    let types = parts.types.only(|types| !own(types));
    let common = form(&given.forms, given, &parts.with(&types), sources, log);
    for (name, forms) in &given.loops {
        let Some(found) = loops.iter_mut().find(|found| found.name == loop_name(name)) else {
            let known: Vec<_> = loops.iter().map(|found| found.name.as_str()).collect();
            let help = did_you_mean(&name.value, "loops", &known);
            log.push(mistakes::UNKNOWN_LOOP.at(&name.span, &[&name.value]).help(help));
            continue;
        };
        if let [Some(own), Some(common)] = [forms, &given.forms].map(key)
            && own != common
        {
            log.push(mistakes::LOOP_FORM.at(&name.span, &[&name.value, &own, &common]));
            continue;
        }
        let before = log.len();
        let types = parts.types.only(|types| types == found.types);
        let form = self::form(forms, given, &parts.with(&types), sources, log);
        if log.len() == before {
            found.form = form;
        }
    }
    common
}

/// What a loop is called, whichever name of a dtype the spec has.
fn loop_name(name: &Name) -> &str {
    DType::from_name(&name.value).map_or(&*name.value, |dtype| dtype.name())
}

/// The key of the one form that is given.
fn key(forms: &Forms) -> Option<&'static str> {
    match (&forms.map, &forms.reduce, &forms.body) {
        (Some(_), None, None) => Some("map"),
        (None, Some(reduce), None) if reduce.cumulative.as_ref().is_some_and(|flag| flag.value) => {
            Some("cumulative reduce")
        }
        (None, Some(_), None) => Some("reduce"),
        (None, None, Some(_)) => Some("body"),
        _ => None,
    }
}

/// The one form of a kernel or loop.
fn form(
    forms: &Forms,
    given: &spec::Kernel,
    parts: &Parts<'_>,
    sources: &Sources,
    log: &mut Vec<Diagnostic>,
) -> Option<Form> {
    match (&forms.map, &forms.reduce, &forms.body) {
        (Some(map), None, None) => map::check(map, parts, log).map(Form::Map),
        (None, Some(reduce), None) => reduce::check(reduce, parts, log).map(Box::new).map(Form::Reduce),
        (None, None, Some(body)) => body::check(body, parts, sources, log).map(Box::new).map(Form::Body),
        several => {
            let count = if matches!(several, (None, None, None)) { "none" } else { "several" };
            log.push(mistakes::ONE_FORM.at(&given.name.span, &[&given.name.value, &count]));
            None
        }
    }
}
