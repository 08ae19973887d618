//! The view of a kernel's Rust file: every decision that its template prints.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::diag::Result;
use crate::model::{
    Cast, Copying, Form, Fragment, Gil, Identity, Input, Kernel, Literal, Loop, Op, Package, Parallel, Param,
    ParamType, Reduce, Role, State, camel_case,
};

use super::files::File;
use super::fragment::{braced, names};
use super::pieces::Pieces;
use super::rust::{bindings, float, param_type, string, type_name};
use super::text::list;
use super::{body, docs, python, rustdoc, templates};

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    title: String,
    file: String,
    form: &'static str,
    imports: String,
    comment: Vec<String>,
    choices: Vec<Choice>,
    calls: Vec<Call>,
    table: Vec<Field>,
}

#[derive(Serialize)]
struct Choice {
    name: String,
    variants: String,
}

/// One call of the runtime's macro: the loops that share a form.
#[derive(Serialize)]
struct Call {
    signature: String,
    /// What stands between the signature and the loops.
    heads: Vec<String>,
    loops: Vec<String>,
    parts: Vec<String>,
}

/// A field of the kernel's table.
#[derive(Serialize)]
struct Field {
    name: &'static str,
    value: String,
}

/// The file of a kernel.
pub(super) fn render(kernel: &Kernel, package: &Package) -> Result<File> {
    let mut pieces = Pieces::default();
    let calls = forms(kernel).into_iter().map(|(form, loops)| call(kernel, form, &loops, &mut pieces)).collect();
    let table = table(kernel, package);
    let view = View {
        name: &kernel.name,
        title: format!("`{}`: {}", kernel.name, docs::summary(kernel)),
        file: super::text::one_line(&kernel.file),
        form: kernel.form.name(),
        imports: imports(kernel, &table),
        comment: rustdoc::comment(kernel),
        choices: kernel.params.iter().filter_map(choice).collect(),
        calls,
        table,
    };
    Ok(pieces.resolve(&templates::KERNEL.render(&view)?))
}

/// Each form of a kernel with the loops that it computes: the common one first.
fn forms(kernel: &Kernel) -> Vec<(&Form, Vec<&Loop>)> {
    let common: Vec<&Loop> = kernel.loops.iter().filter(|each| each.form.is_none()).collect();
    let own = kernel.loops.iter().filter_map(|each| each.form.as_ref().map(|form| (form, vec![each])));
    let common = (!common.is_empty()).then_some((&kernel.form, common));
    common.into_iter().chain(own).collect()
}

fn call(kernel: &Kernel, form: &Form, loops: &[&Loop], pieces: &mut Pieces) -> Call {
    Call {
        signature: match form {
            Form::Map(_) | Form::Reduce(_) => signature(kernel),
            Form::Body(_) => body::signature(kernel),
        },
        heads: match form {
            Form::Map(_) | Form::Reduce(_) => Vec::new(),
            Form::Body(_) => body::heads(kernel),
        },
        loops: loops.iter().map(|each| format!("{} {}", each.name, bindings(kernel, each))).collect(),
        parts: match form {
            Form::Map(map) => usual(&map.map).into_iter().chain([part("map", &map.map, pieces)]).collect(),
            Form::Reduce(reduce) => fold(reduce, kernel, pieces),
            Form::Body(body) => body::parts(body, pieces),
        },
    }
}

/// Has a text compiled twice whose functions have a faster form for usual arguments.
fn usual(map: &Fragment) -> Option<String> {
    ["sin", "cos", "tan", "log", "log2", "log10", "log1p", "pow"]
        .iter()
        .any(|function| names(map, function))
        .then(|| "usual;".to_owned())
}

fn signature(kernel: &Kernel) -> String {
    let inputs = kernel.inputs.iter().map(|input| format!("{}: {}", input.name, type_name(&input.ty, kernel)));
    let params = kernel.params.iter().map(|param| param_type(param, kernel));
    let outputs = kernel.outputs.iter().map(|output| format!("{}: {}", output.name, type_name(&output.ty, kernel)));
    let [inputs, params, outputs] = [inputs.collect::<Vec<_>>(), params.collect(), outputs.collect()];
    let groups = [inputs.join(", "), params.join(", ")];
    let groups = if kernel.params.is_empty() { &groups[..1] } else { &groups[..] };
    let (name, outputs) = (&kernel.name, outputs.join(", "));
    let line = format!("fn {name}({}) -> ({outputs})", groups.join("; "));
    if line.chars().count() < 95 {
        return line;
    }
    let inner = " ".repeat(8);
    format!("fn {name}(\n{inner}{}\n    ) -> ({outputs})", groups.join(&format!(";\n{inner}")))
}

fn state(state: &State, kernel: &Kernel) -> String {
    match state {
        State::Value(ty) => format!("state {}", type_name(ty, kernel)),
        State::Fields(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, ty)| format!("{name}: {}", type_name(ty, kernel))).collect();
            list("state { ", &fields, " }", 4, 4)
        }
    }
}

fn fold(reduce: &Reduce, kernel: &Kernel, pieces: &mut Pieces) -> Vec<String> {
    let combine = if reduce.ordered { "combine_in_order" } else { "combine" };
    let sides = if names(&reduce.combine, "in_order") { "a, b, in_order" } else { "a, b" };
    let combine = format!("{combine}({sides})");
    let parts = [
        ("identity", reduce.identity.as_ref()),
        (if names(&reduce.map, "i") { "map(i)" } else { "map" }, Some(&reduce.map)),
        (&combine, Some(&reduce.combine)),
        ("finish(s, n)", reduce.finish.as_ref()),
    ];
    let given = parts.into_iter().filter_map(|(head, fragment)| Some((head, fragment?)));
    let parts = given.map(|(head, fragment)| part(head, fragment, pieces));
    let skip = reduce.skip.then(|| "skip nan".to_owned());
    let cumulative = reduce.cumulative.then(|| "cumulative;".to_owned());
    std::iter::once(state(&reduce.state, kernel)).chain(skip).chain(cumulative).chain(parts).collect()
}

fn part(head: &str, fragment: &Fragment, pieces: &mut Pieces) -> String {
    format!("{head} {}", braced(fragment, pieces, head.len() + 5, 4))
}

fn choice(param: &Param) -> Option<Choice> {
    let ParamType::Choice { type_name, values } = &param.ty else { return None };
    let variants: Vec<_> = values.iter().map(|value| format!("{} = {}", camel_case(value), string(value))).collect();
    Some(Choice { name: type_name.clone(), variants: list("{ ", &variants, " }", 14 + type_name.len(), 4) })
}

fn table(kernel: &Kernel, package: &Package) -> Vec<Field> {
    let loops = kernel.loops.iter().map(|each| format!("&{}::LOOP", each.name));
    let mut table = vec![
        Field { name: "name", value: string(&kernel.name) },
        Field { name: "signature", value: string(&python::text_signature(kernel)) },
        Field { name: "doc", value: string(&docs::docstring(kernel, package)) },
        slice("loops", loops),
        slice("inputs", kernel.inputs.iter().map(input)),
        slice("params", kernel.params.iter().map(param)),
        Field { name: "outputs", value: outputs(kernel) },
    ];
    if !kernel.require.is_empty() {
        table.push(slice("require", kernel.require.iter().map(|each| formula(&each.text, &each.program))));
    }
    let gil = match kernel.gil {
        Gil::Auto => None,
        Gil::Release => Some("Gil::Release"),
        Gil::Hold => Some("Gil::Hold"),
    };
    table.extend(gil.map(|gil| Field { name: "gil", value: gil.to_owned() }));
    if kernel.parallel == Parallel::Never {
        table.push(Field { name: "parallel", value: "Parallel::Never".to_owned() });
    }
    table.push(Field { name: "cost", value: format!("{:?}", kernel.cost) });
    let identity = match &kernel.identity {
        Identity::None => None,
        Identity::Reorderable => Some("Identity::Reorderable".to_owned()),
        Identity::Value(literal) => Some(format!("Identity::Value({})", value(literal))),
    };
    table.extend(identity.map(|value| Field { name: "identity", value }));
    if matches!(kernel.form, Form::Body(_)) {
        table.push(Field { name: "core", value: body::core(kernel) });
    }
    table
}

fn outputs(kernel: &Kernel) -> String {
    let names: Vec<_> = kernel.outputs.iter().map(|output| string(&output.name)).collect();
    match (names.as_slice(), python::result_class(kernel)) {
        ([name], _) => format!("Outputs::one(&[{name}])"),
        (names, Some(class)) => format!("Outputs::named({}, &[{}])", string(&class), names.join(", ")),
        (names, None) => format!("Outputs::plain(&[{}])", names.join(", ")),
    }
}

fn slice(name: &'static str, items: impl Iterator<Item = String>) -> Field {
    Field { name, value: list("&[", &items.collect::<Vec<_>>(), "]", 6 + name.len(), 4) }
}

fn input(input: &Input) -> String {
    let cast = match input.cast {
        Cast::No => Some("No"),
        Cast::Equiv => Some("Equiv"),
        Cast::Safe => None,
        Cast::SameKind => Some("SameKind"),
        Cast::Unsafe => Some("Unsafe"),
    };
    let copying = match input.copying {
        Copying::Tile => None,
        Copying::Never => Some("Never"),
        Copying::Array => Some("Array"),
    };
    let role = match input.role {
        Role::Read => None,
        Role::Optional => Some("Optional"),
        Role::Change => Some("Change"),
    };
    let fields: String = [
        input.default.as_ref().map(|default| format!("default: Some({}), ", value(default))),
        cast.map(|cast| format!("cast: Cast::{cast}, ")),
        copying.map(|copying| format!("copying: Copying::{copying}, ")),
        (input.align > 1).then(|| format!("align: {}, ", input.align)),
        role.map(|role| format!("role: Role::{role}, ")),
        body::input_is_in_order(input).then(|| "in_order: true, ".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let new = format!("Input::new({})", string(&input.name));
    if fields.is_empty() { new } else { format!("Input {{ {fields}..{new} }}") }
}

fn param(param: &Param) -> String {
    let name = string(&param.name);
    let default = python::default(param);
    if let ParamType::Choice { values, .. } = &param.ty {
        let place = values.iter().position(|value| default == Some(Literal::Text(value.clone())));
        let values: Vec<_> = values.iter().map(|value| string(value)).collect();
        return format!("Param::choice({name}, &[{}], {place:?})", values.join(", "));
    }
    match (default, &param.computed) {
        (Some(default), _) => format!("Param::new({name}, {})", value(&default)),
        (None, Some(computed)) => {
            format!("Param::computed({name}, {})", formula(&computed.text, &computed.program))
        }
        (None, None) => format!("Param::required({name})"),
    }
}

/// A literal as a value of the table.
pub(super) fn value(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => format!("Value::Bool({value})"),
        Literal::Int(value) if i64::try_from(*value).is_ok() => format!("Value::Int({value})"),
        Literal::Int(value) => format!("Value::UInt({value})"),
        Literal::Float(value) => format!("Value::Float({})", float(*value)),
        Literal::Text(text) => string(text),
    }
}

/// A formula and its program.
pub(super) fn formula(text: &str, program: &[Op]) -> String {
    let program: Vec<_> = program.iter().map(op).collect();
    format!("Formula {{ text: {}, program: &[{}] }}", string(text), program.join(", "))
}

fn op(op: &Op) -> String {
    match op {
        Op::Param(place) => format!("Op::Param({place})"),
        Op::Dim(place) => format!("Op::Dim({place})"),
        Op::Int(value) => format!("Op::Int({value})"),
        Op::Float(value) => format!("Op::Float({})", float(*value)),
        Op::Choice(place) => format!("Op::Choice({place})"),
        Op::Apply(name) => format!("Op::{name}"),
    }
}

/// The `use` line of what the table names, as rustfmt prints it.
fn imports(kernel: &Kernel, table: &[Field]) -> String {
    const NAMES: [&str; 16] = [
        "Cast", "Copying", "Core", "Dim", "Formula", "Gil", "Identity", "Input", "Kernel", "Op", "Output", "Outputs",
        "Parallel", "Param", "Role", "Value",
    ];
    let used = |name: &&&str| {
        let uses = [format!("{name}::"), format!("{name} {{")];
        **name == "Kernel"
            || table.iter().any(|field| field.name != "doc" && uses.iter().any(|text| field.value.contains(text)))
    };
    let names: BTreeSet<_> = NAMES.iter().filter(used).copied().collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let path = format!("kernelgen_runtime::{}", kernel.form.name());
    let line = format!("use {path}::{{{names}}};");
    if line.len() <= 100 {
        return line;
    }
    format!("use {path}::{{\n    {names},\n}};")
}
