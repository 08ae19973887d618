//! Random kernels that are right.

use super::dice::Dice;
use super::expression::{Class, Scope, Type, value};
use super::fragments;
use super::operands::{Names, Types, input, literal, params, quoted};

/// Names of kernels that something else has, too.
const KERNELS: [&str; 24] = [
    "total", "sum", "kernel", "map", "reduce", "body", "select", "numpy", "python", "runtime", "gil", "block",
    "prelude", "print", "int", "object", "T", "Input", "pyo3", "ndarray", "f64", "vec", "option", "test",
];

/// A kernel of a package's spec, `[kernel.NAME]` and what follows.
pub fn kernel(dice: &mut Dice<'_>, place: usize) -> String {
    // Two of a package must not have one name, even in another case.
    let name = KERNELS.get(place).map_or_else(|| format!("kernel_{place}"), |name| (*name).to_owned());
    let mut text = format!("\n[kernel.{name}]\n");
    let mut names = Names::default();
    let form = match dice.below(3) {
        0 => elementwise(dice, &mut names),
        1 => fold(dice, &mut names),
        _ => fragments::body(dice, &mut names),
    };
    text += &form;
    for (key, values) in [
        ("gil", &["\"auto\"", "\"release\"", "\"hold\""][..]),
        ("cost", &["\"light\"", "\"heavy\"", "2", "0.125"]),
        ("summary", &["\"It ends in `code`\"", "'a \\ b \"#'", "\"\"\"{{ x }}\"\"\""]),
        ("doc", &["'''\nOne.\n\n    /* two */ \"#\n'''", "\"/// \\\"\\\"\\\" \\\\\""]),
    ] {
        if dice.once_in(4) {
            text += &format!("{key} = {}\n", dice.of(values));
        }
    }
    if dice.once_in(4) && !text.contains("\nparallel") {
        text += "parallel = false\n";
    }
    text
}

/// A key with a list.
pub fn list(key: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("{key} = [{}]\n", items.join(", ")) }
}

/// The inputs of a kernel without axes: every variable is the type of one.
fn inputs(dice: &mut Dice<'_>, types: &Types, names: &mut Names, not: &[&str], scope: &mut Scope) -> Vec<String> {
    let more = dice.below(3) + usize::from(types.variables.is_empty());
    let mut all: Vec<Type> = types.variables.clone();
    all.extend((0..more).map(|_| types.any(dice)));
    let mut lines = Vec::new();
    let first_default = if dice.once_in(4) { 1 + dice.below(3) } else { all.len() };
    for (place, ty) in all.into_iter().enumerate() {
        let name = names.fresh(dice, not);
        let default = (place >= first_default).then(|| literal(dice, &ty));
        lines.push(input(dice, &name, &ty, "", default.as_deref()));
        scope.values.push((name, ty));
    }
    lines
}

fn elementwise(dice: &mut Dice<'_>, names: &mut Names) -> String {
    let types = Types::new(dice, names, true);
    let mut scope = Scope::default();
    let inputs = inputs(dice, &types, names, &[], &mut scope);
    let params: Vec<_> = params(dice, &types, names, &[], &mut scope).iter().map(|param| quoted(param)).collect();
    let outputs: Vec<_> = (0..1 + dice.below(2)).map(|_| (names.fresh(dice, &[]), types.any(dice))).collect();
    scope.taken = names.all().to_vec();
    let own = |dice: &mut Dice<'_>| fragments::outputs(dice, &outputs, &scope);
    let map = own(dice);
    let mut text = format!("{}{}{}map = {map}\n", types.line, list("inputs", &inputs), list("params", &params));
    let lines: Vec<_> = outputs.iter().map(|(name, ty)| quoted(&format!("{name}: {}", ty.name))).collect();
    text += &list("outputs", &lines);
    let plain = inputs.len() == 2 && !inputs.iter().any(|input| input.contains(" = "));
    if plain && params.is_empty() && outputs.len() == 1 && dice.once_in(2) {
        text += *dice.of(&["identity = 0\n", "identity = 1\n", "reorderable = true\n"]);
    }
    if let (Some(name), true) = (&types.loop_name, dice.once_in(3)) {
        text += &format!("loops.{name}.map = {}\n", own(dice));
    }
    text
}

fn fold(dice: &mut Dice<'_>, names: &mut Names) -> String {
    let not = ["a", "b", "s", "n", "i"];
    let types = Types::new(dice, names, true);
    let mut scope = Scope::default();
    let inputs = inputs(dice, &types, names, &not, &mut scope);
    let mut of_params = Scope::default();
    let params: Vec<_> = params(dice, &types, names, &not, &mut of_params).iter().map(|param| quoted(param)).collect();
    let outputs: Vec<_> = (0..1 + dice.below(2)).map(|_| (names.fresh(dice, &not), types.any(dice))).collect();
    let fields: Option<Vec<(String, Type)>> = (outputs.len() > 1 || dice.once_in(2)).then(|| {
        let mut own = Names::default();
        (0..1 + dice.below(3)).map(|_| (own.fresh(dice, &[]), types.any(dice))).collect()
    });
    of_params.taken = names.all().to_vec();
    scope.values.extend(of_params.values.clone());
    scope.conditions = of_params.conditions.clone();
    scope.taken = of_params.taken.clone();
    let mut text = format!("{}{}{}", types.line, list("inputs", &inputs), list("params", &params));
    let lines: Vec<_> = outputs.iter().map(|(name, ty)| quoted(&format!("{name}: {}", ty.name))).collect();
    text += &list("outputs", &lines);
    let state: Vec<Type> = match &fields {
        Some(fields) => fields.iter().map(|(_, ty)| ty.clone()).collect(),
        None => vec![outputs[0].1.clone()],
    };
    if let Some(fields) = &fields {
        let fields: Vec<_> = fields.iter().map(|(name, ty)| quoted(&format!("{name}: {}", ty.name))).collect();
        text += &list("reduce.state", &fields);
    }
    let bound = |name: &str| match &fields {
        Some(fields) => fields.iter().map(|(field, ty)| (format!("{name}.{field}"), ty.clone())).collect(),
        None => vec![(name.to_owned(), outputs[0].1.clone())],
    };
    let of_state = |dice: &mut Dice<'_>, scope: &Scope| {
        let values: Vec<_> = state.iter().map(|ty| value(dice, ty, scope, 2)).collect();
        match &fields {
            None => values.concat(),
            Some(_) => format!("({},)", values.join(", ")),
        }
    };
    let element = scope.with([("i".to_owned(), Type::new("i64", Class::Int, false))]);
    let both = of_params.with(bound("a").into_iter().chain(bound("b")));
    text += &format!("reduce.map = {}\n", quoted(&of_state(dice, &element)));
    text += &format!("reduce.combine = {}\n", quoted(&of_state(dice, &both)));
    if dice.once_in(2) {
        text += &format!("reduce.identity = {}\n", quoted(&of_state(dice, &of_params)));
    } else if fields.is_none() && dice.once_in(2) && state[0].class != Class::Bool {
        text += "reduce.identity = 0\n";
    }
    if fields.is_some() || dice.once_in(2) {
        let last = of_params.with(bound("s")).with([("n".to_owned(), Type::new("usize", Class::Count, false))]);
        text += &format!("reduce.finish = {}\n", fragments::outputs(dice, &outputs, &last));
    }
    for line in ["reduce.ordered = true\n", "reduce.skip = \"nan\"\n", "reduce.cumulative = true\n"] {
        if dice.once_in(4) {
            text += line;
        }
    }
    text
}
