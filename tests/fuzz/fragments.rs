//! Random texts for several outputs, and random bodies.

use super::dice::Dice;
use super::expression::{Class, Scope, Type, condition, value};
use super::kernel::list;
use super::operands::{Names, Types, input, literal, params, quoted};

/// What stands behind `map =` or `finish =`: one expression, a tuple, or a table.
pub fn outputs(dice: &mut Dice<'_>, outputs: &[(String, Type)], scope: &Scope) -> String {
    let values: Vec<_> = outputs.iter().map(|(_, ty)| value(dice, ty, scope, 3)).collect();
    if dice.once_in(3) {
        let table = outputs.iter().zip(&values).map(|((name, _), value)| format!("{name} = {}", quoted(value)));
        return format!("{{ {} }}", table.collect::<Vec<_>>().join(", "));
    }
    quoted(&if values.len() == 1 { values.concat() } else { format!("({})", values.join(", ")) })
}

/// Axes of an array: how they are written, and one element of it.
fn axes(dice: &mut Dice<'_>, dims: &[String], computed: bool) -> (String, String) {
    let (m, n) = (&dims[0], &dims[1]);
    match dice.below(if computed { 7 } else { 5 }) {
        0 => (String::new(), String::new()),
        1 => (format!("[{n}]"), "[0]".to_owned()),
        2 => (format!("[{m}, {n}]"), "[[0, 0]]".to_owned()),
        3 => ("[2, 3]".to_owned(), "[1][2]".to_owned()),
        4 => (format!("[{n}, 3]"), "[[0, 2]]".to_owned()),
        5 => (format!("[{n} + 1]"), "[0]".to_owned()),
        _ => (format!("[2 * {m}, {n} % 2 + 1]"), "[[0, 1]]".to_owned()),
    }
}

/// A kernel whose form is `body.rust`.
pub fn body(dice: &mut Dice<'_>, names: &mut Names) -> String {
    let types = Types::new(dice, names, false);
    let dims = [names.fresh(dice, &[]), names.fresh(dice, &[])];
    let mut scope = Scope::default();
    // The first input tells both dims.
    let mut all = vec![types.any(dice)];
    all.extend(types.variables.clone());
    all.extend((0..dice.below(2)).map(|_| types.any(dice)));
    let mut inputs = Vec::new();
    for (place, ty) in all.iter().enumerate() {
        let name = names.fresh(dice, &[]);
        let (written, element) = match place {
            0 => (format!("[{}, {}]", dims[0], dims[1]), "[[0, 0]]".to_owned()),
            _ => axes(dice, &dims, true),
        };
        inputs.push(input(dice, &name, ty, &written, None));
        scope.values.push((format!("{name}{element}"), ty.clone()));
    }
    if dice.once_in(3) {
        let (name, ty) = (names.fresh(dice, &[]), types.any(dice));
        let default = literal(dice, &ty);
        if dice.once_in(2) {
            inputs.push(quoted(&format!("{name}: {}[{}]?", ty.name, dims[1])));
            let nothing = if ty.class == Class::Bool { "false".to_owned() } else { format!("{}(0)", ty.name) };
            scope.values.push((format!("{name}.map_or({nothing}, |v| v[0])"), ty));
        } else {
            inputs.push(input(dice, &name, &ty, "", Some(&default)));
            scope.values.push((name, ty));
        }
    }
    let optional = inputs.last().is_some_and(|last| last.contains(" = ") && last.starts_with(['"', '\'']))
        || inputs.iter().any(|each| each.contains("default"));
    let mut statements = String::new();
    let mut written = Vec::new();
    let lists = [
        ("inouts", usize::from(!optional && dice.once_in(3))),
        ("scratch", dice.below(2)),
        ("outputs", 1 + dice.below(2)),
    ];
    let mut text = format!("{}{}", types.line, list("inputs", &inputs));
    for (key, most) in lists {
        let mut operands = Vec::new();
        for _ in 0..most {
            let (name, ty) = (names.fresh(dice, &[]), types.any(dice));
            let (axes, _) = axes(dice, &dims, key != "inouts");
            let fill =
                if key == "outputs" && dice.once_in(3) { format!(" = {}", literal(dice, &ty)) } else { String::new() };
            operands.push(quoted(&format!("{name}: {}{axes}{fill}", ty.name)));
            written.push((name, ty, axes));
        }
        text += &list(key, &operands);
    }
    let params: Vec<_> = params(dice, &types, names, &[], &mut scope).iter().map(|param| quoted(param)).collect();
    text += &list("params", &params);
    scope.values.extend(dims.iter().map(|dim| (dim.clone(), Type::new("usize", Class::Count, false))));
    scope.taken = names.all().to_vec();
    if dice.once_in(2) {
        statements += &format!(
            "for j in 0..{} {{\n    check!();\n    if {} {{\n        return;\n    }}\n}}\n",
            dims[0],
            condition(dice, &scope, 2)
        );
    }
    if dice.once_in(3) {
        statements +=
            &format!("if {} {{\n    fail!(Value, \"no {{}}\", {});\n}}\n", condition(dice, &scope, 2), dims[1]);
    }
    for (name, ty, axes) in &written {
        let value = value(dice, ty, &scope, 3);
        statements += &match &**axes {
            "" => format!("*{name} = {value};\n"),
            "[2, 3]" => format!("*{name} = [[{value}; 3]; 2];\n"),
            _ => format!("{name}.fill({value});\n"),
        };
    }
    if dice.once_in(3) {
        text += &list("require", &[quoted(&format!("{} >= 0 && {} < 1000", dims[0], dims[1]))]);
    }
    text + &format!("body.rust = '''\n{statements}'''\n")
}
