//! A kernel as a whole: its operands, its loops, its form.

use std::collections::BTreeMap;

use super::dtypes::Types;
use super::names::{self, Names, Role};
use super::operands::Operand;
use super::parts::Parts;
use super::{body, forms, map, options, params, prose, require};
use crate::diag::{Diagnostic, Sources, mistakes};
use crate::model::{DType, Identity, Input, Kernel, Loop, Output, ParamType};
use crate::spec::{self, Options};

/// Checks one kernel; `None` if it can't be generated.
pub fn check(given: &spec::Kernel, defaults: &Options, sources: &Sources, log: &mut Vec<Diagnostic>) -> Option<Kernel> {
    let before = log.len();
    names::kernel(&given.name, log);
    let mut names = Names::default();
    let types = Types::check(given.dtypes.as_ref(), &mut names, log);
    let arrays = Operand::list(&given.inputs, Role::Array, &mut names, log);
    let inouts = Operand::list(&given.inouts, Role::Array, &mut names, log);
    let scratch = Operand::list(&given.scratch, Role::Array, &mut names, log);
    let results = Operand::list(&given.outputs, Role::Output, &mut names, log);
    let params = params::check(&given.params, &types, &mut names, log);
    let body = given.forms.body.is_some();
    let inputs: Vec<_> = arrays.iter().filter_map(|operand| input(operand, &types, log)).collect();
    let outputs: Vec<_> = results.iter().filter_map(|operand| output(operand, &types, log)).collect();
    for operand in inouts.iter().chain(&scratch) {
        types.parse(operand.dtype.text(), &operand.dtype.span(), log);
    }
    variables_occur(&types, &arrays, &inouts, &results, log);
    let spans = arrays
        .iter()
        .chain(&inouts)
        .chain(&scratch)
        .chain(&results)
        .map(|operand| (operand.name.clone(), operand.span.clone()));
    let mut spans: BTreeMap<_, _> = spans.collect();
    spans.extend(
        Operand::list(&given.params, Role::Param, &mut Names::default(), &mut Vec::new())
            .into_iter()
            .map(|param| (param.name, param.span)),
    );
    let dims = if body {
        body::dims(&[&arrays, &inouts, &scratch, &results], &params, &types, &mut names, log)
    } else {
        elementwise(given, &arrays, &results, log);
        Vec::new()
    };
    let require = require::check(&given.require, &require::scope(&params, &dims, &types), log);
    prose::check(given, &spans, log);
    options::threads(&merged(&given.options, defaults), body, log);
    let gil = options::gil(&given.options, defaults, log);
    let complete = inputs.len() == given.inputs.len()
        && outputs.len() == given.outputs.len()
        && params.len() == given.params.len();
    let parts =
        Parts { types: &types, inputs: &inputs, outputs: &outputs, params: &params, spans, name: &given.name.span };
    let mut loops = loops(&types, &inputs);
    if given.inputs.is_empty() && given.inouts.is_empty() && !body {
        log.push(mistakes::MISSING_KEY.at(&given.name.span, &[&"inputs", &"inputs = [\"x: f64\"]"]));
    }
    if given.outputs.is_empty() && given.inouts.is_empty() {
        log.push(mistakes::MISSING_KEY.at(&given.name.span, &[&"outputs", &"outputs = [\"out: f64\"]"]));
    }
    // Fragments are read against operands: with half of these wrong, they would be blamed for it.
    if !complete || parts.inputs.is_empty() && !body || parts.outputs.is_empty() && given.inouts.is_empty() {
        return None;
    }
    let form = forms::check(given, &parts, &mut loops, sources, log);
    let identity = if given.forms.map.is_some() { map::identity(given, &parts, log) } else { Identity::None };
    let text = |text: &Option<spec::Text>| text.as_ref().map(|text| text.value.trim().to_owned()).unwrap_or_default();
    let form = form.filter(|_| log.len() == before)?;
    let mut kernel = Kernel {
        name: given.name.value.clone(),
        file: given.file.clone(),
        summary: text(&given.summary),
        doc: text(&given.doc),
        variables: types.variables.clone(),
        loops,
        inputs,
        outputs,
        params,
        require,
        gil,
        identity,
        form,
        reference: given.reference.as_ref().map(|text| text.value.clone()),
        examples: given.examples.iter().map(|text| text.value.clone()).collect(),
    };
    prose::fill(given, &mut kernel);
    Some(kernel)
}

/// The kernel's own options where it has them, else the package's.
fn merged(own: &Options, defaults: &Options) -> Options {
    Options {
        gil: own.gil.clone().or_else(|| defaults.gil.clone()),
        parallel: own.parallel.clone().or_else(|| defaults.parallel.clone()),
        cost: own.cost.clone().or_else(|| defaults.cost.clone()),
        cfunc: own.cfunc.clone().or_else(|| defaults.cfunc.clone()),
    }
}

fn input(operand: &Operand<'_>, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Input> {
    if operand.dtype.text() == "usize" || operand.dtype.text().starts_with('"') {
        log.push(mistakes::PARAM_TYPE.at(&operand.dtype.span(), &[&operand.dtype.text()]));
        return None;
    }
    let ty = types.parse(operand.dtype.text(), &operand.dtype.span(), log);
    let long = operand.long;
    let cast = options::cast(long.and_then(|long| long.cast.as_ref()), log);
    let copying = options::copying(long.and_then(|long| long.copy.as_ref()), log);
    options::layout(long.and_then(|long| long.layout.as_ref()), log);
    let align = options::align(long.and_then(|long| long.align.as_ref()), log);
    let doc = doc(operand);
    let ty = ty?;
    let default = match &operand.default {
        None => None,
        Some(given) => Some(params::default(given, &ParamType::Scalar(ty.clone()), types, log)?),
    };
    Some(Input { name: operand.name.clone(), ty, default, cast, copying, align, doc })
}

fn output(operand: &Operand<'_>, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Output> {
    options::no_array_keys(operand, "an output", log);
    if operand.dtype.text() == "usize" || operand.dtype.text().starts_with('"') {
        log.push(mistakes::PARAM_TYPE.at(&operand.dtype.span(), &[&operand.dtype.text()]));
        return None;
    }
    let ty = types.parse(operand.dtype.text(), &operand.dtype.span(), log)?;
    Some(Output { name: operand.name.clone(), ty, doc: doc(operand) })
}

fn doc(operand: &Operand<'_>) -> String {
    operand.long.and_then(|long| long.doc.as_ref()).map(|doc| doc.value.trim().to_owned()).unwrap_or_default()
}

/// Each type variable is found from an array, or no call could choose a loop. That of an output may follow from the
/// others: of `[{ T = "c64", R = "f32" }, { T = "c128", R = "f64" }]` an input needs only `T`.
fn variables_occur(
    types: &Types,
    inputs: &[Operand<'_>],
    inouts: &[Operand<'_>],
    outputs: &[Operand<'_>],
    log: &mut Vec<Diagnostic>,
) {
    let of = |operands: &[Operand<'_>], variable: &String| operands.iter().any(|each| each.dtype.text() == variable);
    let bound = |variable: &String| of(inputs, variable) || of(inouts, variable);
    let places: Vec<_> = (0..types.variables.len()).filter(|place| bound(&types.variables[*place])).collect();
    for (variable, span) in types.variables.iter().zip(&types.spans) {
        let follows = || !places.is_empty() && of(outputs, variable) && types.are_told_apart_by(&places);
        if !bound(variable) && !follows() {
            log.push(mistakes::UNBOUND_VARIABLE.at(span, &[variable]));
        }
    }
}

/// As many as the runtime walks.
const MOST_INPUTS: usize = 32;

/// As many as NumPy's ufuncs take in all; params are operands of the one below a function.
const MOST_OPERANDS: usize = 64;

/// Refuses what only a body can have.
fn elementwise(given: &spec::Kernel, inputs: &[Operand<'_>], outputs: &[Operand<'_>], log: &mut Vec<Diagnostic>) {
    let form = if given.forms.reduce.is_some() { "reduce" } else { "map" };
    for (key, operands) in [("inouts", &given.inouts), ("scratch", &given.scratch)] {
        if let Some(first) = operands.first() {
            let span = match first {
                spec::Operand::Short(text) => &text.span,
                spec::Operand::Long(long) => &long.span,
            };
            log.push(mistakes::WRONG_FORM.at(span, &[&key, &"body"]));
        }
    }
    for operand in inputs.iter().chain(outputs) {
        if let Some(dims) = &operand.dims {
            let span = dims.first().map_or(operand.span.clone(), |dim| dim.span());
            log.push(mistakes::DIMS_OUTSIDE_BODY.at(&span, &[&form]));
        }
    }
    for operand in inputs {
        if let Some(optional) = &operand.optional {
            log.push(mistakes::WRONG_FORM.at(optional, &[&"?", &"body"]));
        }
    }
    if let Some(operand) = inputs.get(MOST_INPUTS) {
        log.push(mistakes::TOO_MANY_INPUTS.at(&operand.span, &[&MOST_INPUTS]));
    }
    if let (Some(last), "map") = (outputs.last(), form)
        && inputs.len() + given.params.len() + outputs.len() > MOST_OPERANDS
    {
        log.push(mistakes::TOO_MANY_OPERANDS.at(&last.span, &[&MOST_OPERANDS]));
    }
    let mut given_before = inputs.iter().map(|operand| operand.default.is_some()).enumerate();
    let defaults_last = given_before.clone().skip_while(|(_, default)| !default).all(|(_, default)| default);
    if let Some((place, _)) = given_before.find(|(place, default)| *default && (*place == 0 || !defaults_last)) {
        log.push(mistakes::DEFAULT_ORDER.at(&inputs[place].span, &[&inputs[place].name]));
    }
    for operand in outputs.iter().filter(|operand| operand.default.is_some()) {
        log.push(mistakes::WRONG_FORM.at(&operand.span, &[&"a prefilled output", &"body"]));
    }
    let only_map = [
        ("identity", given.identity.as_ref().map(|value| value.span())),
        ("reorderable", given.reorderable.as_ref().map(|value| &value.span)),
    ];
    for (key, span) in only_map {
        if let (Some(span), true) = (span, form == "reduce") {
            let place =
                if key == "identity" { "map` (a fold has its own, `reduce.identity`), not `reduce" } else { "map" };
            log.push(mistakes::WRONG_FORM.at(span, &[&key, &place]));
        }
    }
}

/// The loops in the order in which NumPy's type resolution wants them.
fn loops(types: &Types, inputs: &[Input]) -> Vec<Loop> {
    let mut combinations = types.combinations.clone();
    combinations.sort_by_key(|types| inputs.iter().map(|input| input.ty.in_loop(types)).collect::<Vec<_>>());
    let name = |types: &[DType]| match (types, inputs.first()) {
        ([], Some(input)) => input.ty.in_loop(types).name().to_owned(),
        _ => types.iter().map(|dtype| dtype.name()).collect::<Vec<_>>().join("_"),
    };
    combinations.into_iter().map(|types| Loop { name: name(&types), types, form: None }).collect()
}
