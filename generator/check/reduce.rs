//! The form `reduce`: a state, and the fragments that make, join and finish it.

use super::dtypes::Types;
use super::fragment;
use super::names::{Names, Role};
use super::operands::Operand;
use super::params;
use super::parts::Parts;
use super::scope::{Binding, Context};
use crate::diag::{Diagnostic, did_you_mean, mistakes};
use crate::model::{DType, Fragment, Literal, ParamType, Reduce, State, Type};
use crate::spec::{self, Expression, Scalar, Text};

/// Checks one `reduce` against the kernel that it is of.
pub fn check(given: &spec::Reduce, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Option<Reduce> {
    let ordered = given.ordered.as_ref().is_some_and(|ordered| ordered.value);
    let Some(combine) = &given.combine else {
        log.push(mistakes::MISSING_KEY.at(&given.span, &[&"combine", &"reduce = { combine = \"a + b\" }"]));
        return None;
    };
    let state = state(given, parts, log)?;
    let types = state_types(&state);
    let bound = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), binding(&state))).collect::<Vec<_>>();
    let scope = |own: Vec<(String, Binding)>, results: Vec<Type>| Context {
        types: parts.types,
        bindings: own.into_iter().chain(param_bindings(parts)).collect(),
        results,
        integers: parts.integers || types.iter().any(|ty| parts.types.dtypes(ty).any(DType::is_integer)),
    };
    own_names(parts, log);
    let combine = fragment::check(combine, &scope(bound(&["a", "b"]), types.clone()), log);
    let map = map(given, parts, &state, &scope(element_bindings(parts), types.clone()), log);
    let outputs: Vec<Type> = parts.outputs.iter().map(|output| output.ty.clone()).collect();
    let mut last = bound(&["s"]);
    last.push(("n".to_owned(), Binding::Other));
    let finish = match &given.finish {
        Some(finish) => finished(finish, parts, &scope(last, outputs), log).map(Some),
        None => implied_finish(given, &state, parts, log),
    };
    let identity = match &given.identity {
        Some(identity) => self::identity(identity, &state, &scope(Vec::new(), types.clone()), log).map(Some),
        None => Some(None),
    };
    later(given, log);
    Some(Reduce { state, identity: identity?, map: map?, combine: combine?, finish: finish?, ordered })
}

/// `skip` and `cumulative`: checked, and refused as not yet possible.
fn later(given: &spec::Reduce, log: &mut Vec<Diagnostic>) {
    if let Some(skip) = &given.skip {
        log.push(if skip.value == "nan" {
            mistakes::NOT_YET.at(&skip.span, &[&"`skip`"])
        } else {
            mistakes::UNKNOWN_VALUE
                .at(&skip.span, &[&skip.value.escape_debug(), &"skip"])
                .help("the one value is \"nan\"")
        });
    }
    if let Some(cumulative) = given.cumulative.as_ref().filter(|cumulative| cumulative.value) {
        log.push(mistakes::NOT_YET.at(&cumulative.span, &[&"scans (`cumulative`)"]));
    }
}

fn state(given: &spec::Reduce, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Option<State> {
    let Some(fields) = &given.state else {
        return match parts.outputs {
            [output] => Some(State::Value(output.ty.clone())),
            _ => {
                log.push(mistakes::MISSING_STATE.at(&given.span, &[&parts.outputs.len()]));
                None
            }
        };
    };
    if fields.value.is_empty() {
        log.push(mistakes::EMPTY_LIST.at(&fields.span, &[&"state", &"state = [\"v: f64\"]"]));
        return None;
    }
    let before = log.len();
    let operands = Operand::list(&fields.value, Role::Field, &mut Names::default(), log);
    let mut read = Vec::new();
    for field in &operands {
        super::options::no_array_keys(field, "a field of a state", log);
        if field.default.is_some() {
            log.push(mistakes::FIELD_DEFAULT.at(&field.span, &[]));
        }
        let ty = parts.types.parse(field.dtype.text(), &field.dtype.span(), log);
        read.extend(ty.map(|ty| (field.name.clone(), ty)));
    }
    (log.len() == before).then_some(State::Fields(read))
}

fn state_types(state: &State) -> Vec<Type> {
    match state {
        State::Value(ty) => vec![ty.clone()],
        State::Fields(fields) => fields.iter().map(|(_, ty)| ty.clone()).collect(),
    }
}

fn binding(state: &State) -> Binding {
    match state {
        State::Value(ty) => Binding::Value(ty.clone()),
        State::Fields(fields) => Binding::Fields(fields.clone()),
    }
}

/// The params as names of a fragment.
pub fn param_bindings(parts: &Parts<'_>) -> Vec<(String, Binding)> {
    let binding = |ty: &ParamType| match ty {
        ParamType::Scalar(ty) => Binding::Value(ty.clone()),
        _ => Binding::Other,
    };
    parts.params.iter().map(|param| (param.name.clone(), binding(&param.ty))).collect()
}

/// The inputs and the index as names of `map`.
fn element_bindings(parts: &Parts<'_>) -> Vec<(String, Binding)> {
    let inputs = parts.inputs.iter().map(|input| (input.name.clone(), Binding::Value(input.ty.clone())));
    inputs.chain([("i".to_owned(), Binding::Value(Type::Fixed(DType::I64)))]).collect()
}

/// Names that the fragments of a fold have of their own can't be an input's or a param's.
fn own_names(parts: &Parts<'_>, log: &mut Vec<Diagnostic>) {
    for input in parts.inputs.iter().filter(|input| input.name == "i") {
        log.push(
            mistakes::RESERVED_NAME.at(&parts.span_of(&input.name), &[&"i", &"in `map` it is the element's index"]),
        );
    }
    for param in parts.params {
        let why = match &*param.name {
            "i" => "in `map` it is the element's index",
            "a" | "b" => "in `combine` it is a state",
            "s" => "in `finish` it is the state",
            "n" => "in `finish` it is the number of elements",
            _ => continue,
        };
        log.push(mistakes::RESERVED_NAME.at(&parts.span_of(&param.name), &[&param.name, &why]));
    }
}

/// `map`, or the input itself where it casts safely to the state.
fn map(
    given: &spec::Reduce,
    parts: &Parts<'_>,
    state: &State,
    context: &Context<'_>,
    log: &mut Vec<Diagnostic>,
) -> Option<Fragment> {
    if let Some(map) = &given.map {
        return fragment::check(map, context, log);
    }
    let why = match (state, parts.inputs) {
        (State::Value(ty), [input]) if input.ty == *ty => return Some(fragment::own(input.name.clone())),
        (State::Value(ty), [input]) => {
            let mut pairs = parts.types.dtypes(&input.ty).zip(parts.types.dtypes(ty));
            let (from, to) = (parts.types.name(&input.ty), parts.types.name(ty));
            if pairs.all(|(from, to)| from.casts_safely_to(to)) {
                return Some(fragment::own(format!("{to}({})", input.name)));
            }
            format!("`{}` is `{from}`, which does not cast safely to the state's `{to}`", input.name)
        }
        (State::Fields(_), _) => "the state has fields".to_owned(),
        (_, inputs) => format!("there are {} inputs", inputs.len()),
    };
    let first = parts.inputs.first().map_or("x", |input| &*input.name);
    let example: Vec<_> = state_types(state).iter().map(|ty| format!("{}({first})", parts.types.name(ty))).collect();
    let example =
        if matches!(state, State::Fields(_)) { format!("({},)", example.join(", ")) } else { example.concat() };
    log.push(
        mistakes::MISSING_MAP
            .at(&given.span, &[&why, &example.replacen(",)", if example.contains(", ") { ")" } else { ",)" }, 1)]),
    );
    None
}

/// `finish` in its three forms, as one fragment.
fn finished(
    given: &Expression,
    parts: &Parts<'_>,
    context: &Context<'_>,
    log: &mut Vec<Diagnostic>,
) -> Option<Fragment> {
    match given {
        Expression::One(text) => fragment::check(text, context, log),
        Expression::ByOutput(span, texts) => by_output(span, texts, parts, context, log),
    }
}

/// A table by output, joined to a tuple.
pub fn by_output(
    span: &crate::diag::Span,
    texts: &[(spec::Name, Text)],
    parts: &Parts<'_>,
    context: &Context<'_>,
    log: &mut Vec<Diagnostic>,
) -> Option<Fragment> {
    let known: Vec<_> = parts.outputs.iter().map(|output| output.name.as_str()).collect();
    let before = log.len();
    for (name, _) in texts.iter().filter(|(name, _)| !known.contains(&&*name.value)) {
        let help = did_you_mean(&name.value, "outputs", &known);
        log.push(mistakes::UNKNOWN_OUTPUT.at(&name.span, &[&name.value]).help(help));
    }
    let mut fragments = Vec::new();
    for output in parts.outputs {
        let Some((_, text)) = texts.iter().find(|(name, _)| name.value == output.name) else {
            log.push(mistakes::MISSING_OUTPUT.at(span, &[&output.name]));
            continue;
        };
        let context = Context { bindings: context.bindings.clone(), results: vec![output.ty.clone()], ..*context };
        fragments.extend(fragment::check(text, &context, log));
    }
    (log.len() == before).then(|| join(fragments))
}

/// Several fragments as a tuple, each byte with its place.
fn join(mut fragments: Vec<Fragment>) -> Fragment {
    if fragments.len() == 1 {
        return fragments.remove(0);
    }
    let mut tuple = fragment::own(String::new());
    tuple.offsets.clear();
    let mut add = |text: &str, offsets: &[usize]| {
        tuple.text.push_str(text);
        tuple.offsets.extend_from_slice(offsets);
    };
    let mut end = 0;
    for (place, fragment) in fragments.iter().enumerate() {
        let (start, glue) = (fragment.offsets.first().copied().unwrap_or(end), if place == 0 { "(" } else { ", " });
        add(glue, &vec![start; glue.len()]);
        add(&fragment.text, &fragment.offsets[..fragment.text.len()]);
        end = fragment.offsets.last().copied().unwrap_or(start);
    }
    add(")", &[end, end]);
    let mut start = 0;
    for (place, fragment) in fragments.into_iter().enumerate() {
        start += if place == 0 { 1 } else { 2 };
        let moved = |range: std::ops::Range<usize>| range.start + start..range.end + start;
        tuple.divisions.extend(fragment.divisions.into_iter().map(|division| crate::model::Division {
            left: moved(division.left),
            right: moved(division.right),
            ..division
        }));
        tuple.source = fragment.source;
        start += fragment.text.len();
    }
    tuple
}

/// Without `finish` the outputs are the state, or its fields one by one.
fn implied_finish(
    given: &spec::Reduce,
    state: &State,
    parts: &Parts<'_>,
    log: &mut Vec<Diagnostic>,
) -> Option<Option<Fragment>> {
    let types = state_types(state);
    if !types.iter().eq(parts.outputs.iter().map(|output| &output.ty)) {
        log.push(mistakes::MISSING_FINISH.at(&given.span, &[]));
        return None;
    }
    Some(match state {
        State::Value(_) => None,
        State::Fields(fields) => {
            let values: Vec<_> = fields.iter().map(|(name, _)| format!("s.{name}")).collect();
            Some(fragment::own(if values.len() == 1 { values.concat() } else { format!("({})", values.join(", ")) }))
        }
    })
}

/// `identity`: Rust in a string, or a number or bool that becomes the state's.
fn identity(given: &Scalar, state: &State, context: &Context<'_>, log: &mut Vec<Diagnostic>) -> Option<Fragment> {
    if let Scalar::Text(text) = given {
        return fragment::check(text, context, log);
    }
    let State::Value(ty) = state else {
        log.push(mistakes::IDENTITY_FIELDS.at(given.span(), &[]));
        return None;
    };
    let Some(literal) = params::plain(given).and_then(|literal| params::fit(literal, ty, context.types)) else {
        log.push(mistakes::IDENTITY_TYPE.at(given.span(), &[&context.types.name(ty)]));
        return None;
    };
    Some(fragment::own(constant(&literal, ty, context.types)))
}

/// A literal as Rust of a type.
fn constant(literal: &Literal, ty: &Type, types: &Types) -> String {
    let name = types.name(ty);
    let plain = matches!(ty, Type::Fixed(dtype) if !matches!(dtype, DType::F16 | DType::C64 | DType::C128));
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Float(value) if value.is_nan() => format!("{name}::NAN"),
        Literal::Float(value) if value.is_infinite() => format!("{}{name}::INF", if *value < 0.0 { "-" } else { "" }),
        Literal::Float(value) if plain => format!("{value:?}"),
        Literal::Float(value) => format!("{name}({value:?})"),
        Literal::Int(value) if plain => value.to_string(),
        Literal::Int(value) => format!("{name}({value})"),
        Literal::Text(_) => String::new(),
    }
}
