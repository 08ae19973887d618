//! The form `reduce`: a state, and the fragments that make, join and finish it.

use super::dtypes::Types;
use super::names::{Names, Role};
use super::operands::Operand;
use super::params;
use super::parts::Parts;
use super::scope::{Binding, Context};
use super::{expression, fragment};
use crate::diag::{Diagnostic, mistakes};
use crate::model::{DType, Fragment, Literal, Reduce, State, Type};
use crate::spec::{self, Scalar};

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
        bindings: own.into_iter().chain(parts.param_bindings()).collect(),
        results,
        own_division: parts.own_division() || types.iter().any(|ty| parts.types.dtypes(ty).any(DType::divides_apart)),
    };
    own_names(parts, log);
    let mut sides = bound(&["a", "b"]);
    sides.push(("in_order".to_owned(), Binding::Value(Type::Fixed(DType::Bool))));
    let combine = fragment::check(combine, &scope(sides, types.clone()), log);
    let map = map(given, parts, &state, &scope(element_bindings(parts), types.clone()), log);
    let outputs: Vec<Type> = parts.outputs.iter().map(|output| output.ty.clone()).collect();
    let mut last = bound(&["s"]);
    last.push(("n".to_owned(), Binding::Other));
    let finish = match &given.finish {
        Some(finish) => expression::check(finish, parts, &scope(last, outputs), log).map(Some),
        None => implied_finish(given, &state, parts, log),
    };
    let identity = match &given.identity {
        Some(identity) => self::identity(identity, &state, &scope(Vec::new(), types.clone()), log).map(Some),
        None => Some(None),
    };
    let skip = skip(given, log);
    let cumulative = given.cumulative.as_ref().is_some_and(|cumulative| cumulative.value);
    Some(Reduce {
        state,
        identity: identity?,
        map: map?,
        combine: combine?,
        finish: finish?,
        ordered,
        skip,
        cumulative,
    })
}

/// `skip`: whether elements with a NaN are left out.
fn skip(given: &spec::Reduce, log: &mut Vec<Diagnostic>) -> bool {
    let Some(skip) = &given.skip else { return false };
    if skip.value != "nan" {
        let help = "the one value is \"nan\"";
        log.push(mistakes::UNKNOWN_VALUE.at(&skip.span, &[&skip.value.escape_debug(), &"skip"]).help(help));
    }
    true
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

/// The inputs and the index as names of `map`.
fn element_bindings(parts: &Parts<'_>) -> Vec<(String, Binding)> {
    parts.input_bindings().into_iter().chain([("i".to_owned(), Binding::Value(Type::Fixed(DType::I64)))]).collect()
}

/// Names that the fragments of a fold have of their own can't be an input's or a param's.
fn own_names(parts: &Parts<'_>, log: &mut Vec<Diagnostic>) {
    for input in parts.inputs.iter().filter(|input| input.name == "i") {
        log.push(
            mistakes::RESERVED_NAME.at(&parts.span_of(&input.name), &[&"i", &"in `map` it is the element's index"]),
        );
    }
    let params = parts.params.iter().map(|param| (&param.name, parts.span_of(&param.name)));
    let variables = parts.types.variables.iter().zip(parts.types.spans.iter().cloned());
    for (name, span) in params.chain(variables) {
        let why = match &**name {
            "i" => "in `map` it is the element's index",
            "a" | "b" => "in `combine` it is a state",
            "in_order" => "in `combine` it says whether `b` comes after `a`",
            "s" => "in `finish` it is the state",
            "n" => "in `finish` it is the number of elements",
            _ => continue,
        };
        log.push(mistakes::RESERVED_NAME.at(&span, &[name, &why]));
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
