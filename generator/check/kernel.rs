//! A kernel as a whole: its operands, its loops, its form.

use std::collections::BTreeMap;

use super::dims::Known;
use super::dtypes::Types;
use super::names::{self, Names, Role};
use super::operands::Operand;
use super::parts::Parts;
use super::{cost, dims, elementwise, forms, map, options, parallel, params, prose, require};
use crate::diag::{Diagnostic, Sources, mistakes};
use crate::model::{self, Cast, Copying, DType, Dim, Identity, Input, Kernel, Loop, Output, ParamType, Scratch, Type};
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
    let declared = Operand::list(&given.params, Role::Param, &mut Names::default(), &mut Vec::new());
    let body = given.forms.body.is_some();
    let named: Vec<String> = declared.iter().map(|param| param.name.clone()).collect();
    let known = if body { dims::known(&[&arrays, &inouts], &named, &mut names, log) } else { Known::default() };
    let dims = &known.names;
    let params = params::check(&given.params, dims, &types, &mut names, log);
    let mut axes = [const { Vec::new() }; 4];
    if body {
        axes = dims::check([&arrays, &inouts, &scratch, &results], &known, &params, &types, log);
        order(&arrays, &inouts, log);
    } else {
        elementwise::check(given, &arrays, &results, log);
    }
    let [input_axes, inout_axes, scratch_axes, output_axes] = axes;
    let of = |axes: Vec<Vec<Dim>>, n: usize| axes.into_iter().chain(std::iter::repeat_with(Vec::new)).take(n);
    let mut inputs = Vec::new();
    for (operand, axes) in arrays.iter().zip(of(input_axes, arrays.len())) {
        inputs.extend(input(operand, axes, &types, log));
    }
    for (operand, axes) in inouts.iter().zip(inout_axes) {
        inputs.extend(inout(operand, axes, &types, log));
    }
    let mut rooms = Vec::new();
    for (operand, dims) in scratch.iter().zip(of(scratch_axes, scratch.len())) {
        options::no_array_keys(operand, "a scratch array", log);
        let ty = types.parse(operand.dtype.text(), &operand.dtype.span(), log);
        rooms.extend(ty.map(|ty| Scratch { name: operand.name.clone(), ty, dims }));
    }
    let mut outputs = Vec::new();
    for (operand, axes) in results.iter().zip(of(output_axes, results.len())) {
        outputs.extend(output(operand, axes, &types, log));
    }
    variables_occur(&types, &arrays, &inouts, &results, log);
    let spans = [&arrays, &inouts, &scratch, &results, &declared].into_iter().flatten();
    let spans: BTreeMap<_, _> = spans.map(|operand| (operand.name.clone(), operand.span.clone())).collect();
    let require = require::check(&given.require, &require::scope(&params, dims, &types), log);
    prose::check(given, &spans, log);
    let options = merged(&given.options, defaults);
    let gil = options::gil(&options, log);
    let parallel = options::parallel(&options, body, log);
    let cost = options::cost(&options, log);
    options::cfunc(&options, body, log);
    let complete = inputs.len() == arrays.len() + if body { inouts.len() } else { 0 }
        && outputs.len() == given.outputs.len()
        && rooms.len() == given.scratch.len()
        && params.len() == given.params.len();
    let parts = Parts {
        types: &types,
        inputs: &inputs,
        scratch: &rooms,
        outputs: &outputs,
        params: &params,
        spans,
        body,
        dims,
        kernel: &given.name.value,
        name: &given.name.span,
    };
    let over = parallel::over(&options, dims, &parts, &mut names, log);
    let mut loops = loops(&types, &inputs, &outputs);
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
    let cost = cost.unwrap_or_else(|| cost::estimate(&form, &loops, &inputs, &outputs));
    let mut kernel = Kernel {
        name: given.name.value.clone(),
        file: given.file.clone(),
        summary: text(&given.summary),
        doc: text(&given.doc),
        variables: types.variables.clone(),
        loops,
        inputs,
        scratch: rooms,
        outputs,
        dims: known.names,
        over,
        params,
        require,
        gil,
        parallel,
        cost,
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

fn input(operand: &Operand<'_>, dims: Vec<Dim>, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Input> {
    let ty = array_type(operand, types, log);
    let array = array_keys(operand, Cast::Safe, log);
    let ty = ty?;
    let default = match &operand.default {
        None => None,
        Some(given) => Some(params::default(given, &ParamType::Scalar(ty.clone()), types, log)?),
    };
    let role = if operand.optional.is_some() { model::Role::Optional } else { model::Role::Read };
    if let (Some(optional), Some(_)) = (&operand.optional, &default) {
        log.push(mistakes::OPTIONAL_DEFAULT.at(optional, &[]));
    }
    Some(Input { name: operand.name.clone(), ty, default, role, dims, ..array })
}

fn inout(operand: &Operand<'_>, dims: Vec<Dim>, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Input> {
    for span in operand.optional.iter().chain(operand.default.as_ref().map(|_| &operand.span)) {
        log.push(mistakes::INOUT_DEFAULT.at(span, &[]));
    }
    let ty = array_type(operand, types, log);
    let array = array_keys(operand, Cast::Equiv, log);
    if array.copying == Copying::Array {
        let span = operand.long.and_then(|long| long.copy.as_ref()).map_or(&operand.span, |copy| &copy.span);
        log.push(mistakes::UNKNOWN_VALUE.at(span, &[&"array", &"copy"]).help("an inout is changed where it is"));
    }
    Some(Input { name: operand.name.clone(), ty: ty?, role: model::Role::Change, dims, ..array })
}

/// The type of an array's elements.
fn array_type(operand: &Operand<'_>, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Type> {
    if operand.dtype.text() == "usize" || operand.dtype.text().starts_with('"') {
        log.push(mistakes::PARAM_TYPE.at(&operand.dtype.span(), &[&operand.dtype.text()]));
        return None;
    }
    types.parse(operand.dtype.text(), &operand.dtype.span(), log)
}

/// What the long form says of an array that is passed in.
fn array_keys(operand: &Operand<'_>, cast: Cast, log: &mut Vec<Diagnostic>) -> Input {
    let long = operand.long;
    Input {
        name: String::new(),
        ty: Type::Fixed(DType::F64),
        default: None,
        cast: options::cast(long.and_then(|long| long.cast.as_ref()), cast, log),
        copying: options::copying(long.and_then(|long| long.copy.as_ref()), log),
        align: options::align(long.and_then(|long| long.align.as_ref()), log),
        role: model::Role::Read,
        dims: Vec::new(),
        in_order: options::layout(long.and_then(|long| long.layout.as_ref()), log),
        doc: doc(operand),
    }
}

fn output(operand: &Operand<'_>, dims: Vec<Dim>, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Output> {
    options::no_array_keys(operand, "an output", log);
    let ty = array_type(operand, types, log)?;
    let fill = match &operand.default {
        None => None,
        Some(given) => Some(params::default(given, &ParamType::Scalar(ty.clone()), types, log)?),
    };
    let in_order = options::layout(operand.long.and_then(|long| long.layout.as_ref()), log);
    Some(Output { name: operand.name.clone(), ty, dims, fill, in_order, doc: doc(operand) })
}

/// Refuses inputs that a call may leave out where others follow.
fn order(inputs: &[Operand<'_>], inouts: &[Operand<'_>], log: &mut Vec<Diagnostic>) {
    let may_be_left_out = |operand: &Operand<'_>| operand.default.is_some() || operand.optional.is_some();
    let last = inputs.iter().rposition(|operand| !may_be_left_out(operand)).unwrap_or(0);
    for (place, operand) in inputs.iter().enumerate().filter(|(_, operand)| may_be_left_out(operand)) {
        // One that is not there can be said to be None, but nothing stands for a default.
        if place < last || operand.default.is_some() && !inouts.is_empty() {
            log.push(mistakes::DEFAULT_ORDER.at(&operand.span, &[&operand.name]));
            return;
        }
    }
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

/// The loops in the order in which NumPy's type resolution wants them.
fn loops(types: &Types, inputs: &[Input], outputs: &[Output]) -> Vec<Loop> {
    let mut combinations = types.combinations.clone();
    combinations.sort_by_key(|types| inputs.iter().map(|input| input.ty.in_loop(types)).collect::<Vec<_>>());
    let first = inputs.first().map(|input| &input.ty).or(outputs.first().map(|output| &output.ty));
    let name = |types: &[DType]| match (types, first) {
        ([], Some(ty)) => ty.in_loop(types).name().to_owned(),
        _ => types.iter().map(|dtype| dtype.name()).collect::<Vec<_>>().join("_"),
    };
    combinations.into_iter().map(|types| Loop { name: name(&types), types, form: None }).collect()
}
