//! The view of a body: its function's head, its core dimensions, and the statements.

use crate::model::{Body, Dim, Fragment, Input, Kernel, Length, Literal, Output, Role, Type};

use super::fragment::braced;
use super::kernel::{formula, value};
use super::pieces::Pieces;
use super::rust::{param_type, string, type_name};
use super::text::list;

/// As many elements as a body is handed by value.
const FEW: usize = 64;

/// The arguments of a kernel's function: inputs, inouts, scratch and outputs, then the params.
pub(super) struct Arguments {
    pub operands: Vec<String>,
    pub params: Vec<String>,
}

/// The arguments of a kernel's function, `x: ArrayView1<T>`.
pub(super) fn arguments(kernel: &Kernel) -> Arguments {
    let argument = |name: &str, ty: &Type, dims: &[Dim], written, optional: bool| {
        let ty = argument_type(type_name(ty, kernel), dims, written);
        if optional { format!("{name}: Option<{ty}>") } else { format!("{name}: {ty}") }
    };
    let inputs = kernel.inputs.iter().map(|input| {
        let written = input.role == Role::Change;
        argument(&input.name, &input.ty, &input.dims, written, input.role == Role::Optional)
    });
    let scratch = kernel.scratch.iter().map(|room| argument(&room.name, &room.ty, &room.dims, true, false));
    let outputs = kernel.outputs.iter().map(|output| argument(&output.name, &output.ty, &output.dims, true, false));
    Arguments {
        operands: inputs.chain(scratch).chain(outputs).collect(),
        params: kernel.params.iter().map(|param| param_type(param, kernel)).collect(),
    }
}

/// The type that an operand has in a body.
fn argument_type(ty: String, dims: &[Dim], written: bool) -> String {
    match (fixed(dims), written) {
        (Some(lengths), _) => {
            let array = lengths.iter().rev().fold(ty, |inner, length| format!("[{inner}; {length}]"));
            if written { format!("&mut {array}") } else { array }
        }
        (None, false) => format!("ArrayView{}<{ty}>", dims.len()),
        (None, true) => format!("ArrayViewMut{}<{ty}>", dims.len()),
    }
}

/// The lengths of axes that are numbers all, and make few elements.
fn fixed(dims: &[Dim]) -> Option<Vec<usize>> {
    let lengths = dims.iter().map(|dim| match dim.length {
        Length::Fixed(length) => Some(length),
        _ => None,
    });
    let lengths: Vec<usize> = lengths.collect::<Option<_>>()?;
    let elements = lengths.iter().try_fold(1usize, |n, &length| n.checked_mul(length));
    elements.is_some_and(|n| n <= FEW).then_some(lengths)
}

/// The head of a body file's function, ready to be filled, with what else is in reach.
pub(super) fn head(kernel: &Kernel) -> String {
    let Arguments { operands, params } = arguments(kernel);
    let operands =
        operands.into_iter().map(|each| if each.contains(": ArrayViewMut") { format!("mut {each}") } else { each });
    // The enum of a choice stands in brackets for the macro.
    let params = params.into_iter().map(|each| each.replace(": [", ": ").replace(']', ""));
    let arguments: Vec<String> = operands.chain(params).collect();
    let mut lines = Vec::new();
    for (place, variable) in kernel.variables.iter().enumerate() {
        let dtypes = super::dtypes::over_loops(&Type::Variable(place), kernel);
        let names: Vec<&str> = dtypes.iter().map(|dtype| dtype.name()).collect();
        lines.push(format!("// {variable} is {}.", names.join(" or ")));
    }
    if !kernel.dims.is_empty() {
        let mut dims = kernel.dims.clone();
        dims.extend(kernel.over.map(|_| start(kernel)));
        lines.push(format!("// In reach: {}: usize.", dims.join(", ")));
    }
    lines.push(format!("{} {{", list(&format!("fn {}(", kernel.name), &arguments, ")", 2, 0)));
    lines.push("}".to_owned());
    lines.join("\n")
}

/// The line that names the function.
pub(super) fn signature(kernel: &Kernel) -> String {
    let Arguments { operands, params } = arguments(kernel);
    let mut groups = vec![operands.join(", "), params.join(", ")];
    groups.retain(|group| !group.is_empty());
    let line = format!("fn {}({})", kernel.name, groups.join("; "));
    if line.chars().count() < 95 {
        return line;
    }
    let inner = " ".repeat(8);
    format!("fn {}(\n{inner}{}\n    )", kernel.name, groups.join(&format!(";\n{inner}")))
}

/// The lines between the function and its loops: dtypes and dimensions.
pub(super) fn heads(kernel: &Kernel) -> Vec<String> {
    let names =
        |types: &mut dyn Iterator<Item = &Type>| types.map(|ty| type_name(ty, kernel)).collect::<Vec<_>>().join(", ");
    let inputs = names(&mut kernel.inputs.iter().map(|input| &input.ty));
    let outputs = names(&mut kernel.outputs.iter().map(|output| &output.ty));
    let scratch = names(&mut kernel.scratch.iter().map(|room| &room.ty));
    let with = if kernel.scratch.is_empty() { String::new() } else { format!(" with ({scratch})") };
    let dims: Vec<&str> = kernel.dims.iter().map(String::as_str).collect();
    let start = start(kernel);
    let dims = dims.into_iter().chain([start.as_str()]).collect::<Vec<_>>().join(", ");
    vec![format!("dtypes ({inputs}) -> ({outputs}){with};"), format!("dims ({dims});")]
}

/// What a body calls the start of its piece.
fn start(kernel: &Kernel) -> String {
    match kernel.over.and_then(|place| kernel.dims.get(place)) {
        Some(dim) => format!("{dim}0"),
        None => "_start".to_owned(),
    }
}

/// The parts that hold the user's text.
pub(super) fn parts(body: &Body, pieces: &mut Pieces) -> Vec<String> {
    let items = body.items.iter().map(|items| format!("items {}", braced(items, pieces, 10, 4)));
    let mut parts: Vec<String> = items.collect();
    let mut mark = |argument: &Fragment| pieces.mark(&argument.text, argument.source, &argument.offsets);
    let arguments: Vec<String> = body.arguments.iter().map(|argument| format!("[{}]", mark(argument))).collect();
    let mut head = "body".to_owned();
    for argument in arguments {
        head.push_str("\n        ");
        head.push_str(&argument);
    }
    let (gap, column) = if body.arguments.is_empty() { (" ", 9) } else { ("\n    ", 4) };
    parts.push(format!("{head}{gap}{}", braced(&body.text, pieces, column, 4)));
    parts
}

/// The table of core dimensions.
pub(super) fn core(kernel: &Kernel) -> String {
    let dims: Vec<String> = kernel.dims.iter().map(|dim| string(dim)).collect();
    let inputs = kernel.inputs.iter().map(|input| &input.dims);
    let axes = inputs.chain(kernel.scratch.iter().map(|room| &room.dims));
    let axes = axes.chain(kernel.outputs.iter().map(|output| &output.dims));
    let axes: Vec<String> =
        axes.map(|dims| format!("&[{}]", dims.iter().map(dim).collect::<Vec<_>>().join(", "))).collect();
    let mut fields = vec![format!("dims: &[{}]", dims.join(", ")), list("operands: &[", &axes, "]", 18, 8)];
    if kernel.outputs.iter().any(is_particular) {
        let outputs: Vec<String> = kernel.outputs.iter().map(output).collect();
        fields.push(format!("outputs: &[{}]", outputs.join(", ")));
    }
    if let Some(place) = kernel.over {
        fields.push(format!("over: Some({place})"));
    }
    fields.push(format!("signature: {}", string(&numpy_signature(kernel))));
    fields.push("..Core::NONE".to_owned());
    format!("Core {{\n        {},\n    }}", fields.join(",\n        ")).replace("..Core::NONE,", "..Core::NONE")
}

fn dim(dim: &Dim) -> String {
    let formula = |program| formula(&dim.text, program);
    match &dim.length {
        Length::Named(place) => format!("Dim::Named({place})"),
        Length::Fixed(length) => format!("Dim::Fixed({length})"),
        Length::Computed(program) => format!("Dim::Computed({})", formula(program)),
        Length::Solved(place, program) => format!("Dim::Solved({place}, {})", formula(program)),
    }
}

/// Whether there is something to say of an output.
fn is_particular(output: &Output) -> bool {
    output.fill.is_some() || is_in_order(output)
}

/// Whether a body finds an output's items in C order: it says so, or is handed a reference to a small array.
fn is_in_order(output: &Output) -> bool {
    output.in_order || !output.dims.is_empty() && fixed(&output.dims).is_some()
}

/// Whether an input that is changed in place must be in C order for the same reason.
pub(super) fn input_is_in_order(input: &Input) -> bool {
    input.in_order || input.role == Role::Change && !input.dims.is_empty() && fixed(&input.dims).is_some()
}

fn output(output: &Output) -> String {
    let fill = |fill: &Literal| format!("fill: Some({})", value(fill));
    let fields: Vec<String> =
        [output.fill.as_ref().map(fill), is_in_order(output).then(|| "in_order: true".to_owned())]
            .into_iter()
            .flatten()
            .collect();
    match fields.len() {
        0 => "Output::ANY".to_owned(),
        2 => format!("Output {{ {} }}", fields.join(", ")),
        _ => format!("Output {{ {}, ..Output::ANY }}", fields.join(", ")),
    }
}

/// The signature as NumPy writes it: lengths that it cannot compute are dimensions of their own.
pub(super) fn numpy_signature(kernel: &Kernel) -> String {
    let mut computed: Vec<String> = Vec::new();
    let mut name = |dim: &Dim| match &dim.length {
        Length::Named(_) => dim.text.clone(),
        Length::Fixed(length) if *length > 0 => length.to_string(),
        // NumPy has no fixed length of 0 either.
        Length::Fixed(_) | Length::Computed(_) | Length::Solved(..) => {
            let place = computed.iter().position(|text| *text == dim.text).unwrap_or_else(|| {
                computed.push(dim.text.clone());
                computed.len() - 1
            });
            format!("_{place}")
        }
    };
    let mut operand = |dims: &[Dim]| format!("({})", dims.iter().map(&mut name).collect::<Vec<_>>().join(","));
    let inputs: Vec<String> = kernel.inputs.iter().map(|input| operand(&input.dims)).collect();
    let outputs: Vec<String> = kernel.outputs.iter().map(|output| operand(&output.dims)).collect();
    format!("{}->{}", inputs.join(","), outputs.join(","))
}
