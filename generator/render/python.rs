//! Python literals and signatures: the one place where text of a spec becomes a Python token.

use crate::model::{Form, Kernel, Literal, Param, ParamType, Role, camel_case};

use super::text::hidden;

/// A string literal in double quotes.
pub(super) fn string(text: &str) -> String {
    let escaped: String = text.chars().map(escape).collect();
    format!("\"{escaped}\"")
}

fn escape(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        c if hidden(c) => format!("\\U{:08x}", u32::from(c)),
        c => c.to_string(),
    }
}

/// A docstring in triple quotes, of [`visible`](super::text::visible) text.
pub(super) fn docstring(text: &str) -> String {
    let mut escaped = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let quotes = text.len() - text.trim_end_matches('"').len();
    // Quotes at the end that are not three together would close it too early.
    if !quotes.is_multiple_of(3) {
        escaped.pop();
        escaped.push_str("\\\"");
    }
    format!("\"\"\"{escaped}\"\"\"")
}

/// A default as Python writes it, such that `inspect.signature` can read it: `nan` is no literal.
pub(super) fn literal(value: &Literal) -> String {
    match value {
        Literal::Bool(true) => "True".to_owned(),
        Literal::Bool(false) => "False".to_owned(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) if value.is_nan() => "1e999 - 1e999".to_owned(),
        Literal::Float(value) if value.is_infinite() => if *value > 0.0 { "1e999" } else { "-1e999" }.to_owned(),
        Literal::Float(value) => format!("{value:?}"),
        Literal::Text(text) => string(text),
    }
}

/// The default of a param in the type that it has: `0` of a float is `0.0`.
pub(super) fn default(param: &Param) -> Option<Literal> {
    let float = matches!(&param.ty, ParamType::Scalar(ty) if super::dtypes::is_always_inexact(ty));
    param.default.clone().map(|value| match value {
        #[allow(clippy::cast_precision_loss)]
        Literal::Int(value) if float => Literal::Float(value as f64),
        value => value,
    })
}

/// The arguments that are the kernel's own: `(x, /, *, ddof=0.0)`.
pub(super) fn call(kernel: &Kernel) -> String {
    signature(kernel, |_| String::new(), |_| String::new(), &[], &[])
}

/// What `inspect.signature` is told. That of a ufunc is as NumPy has it for its own.
pub(super) fn text_signature(kernel: &Kernel) -> String {
    if kernel.is_ufunc() {
        let inputs: Vec<_> = kernel.inputs.iter().map(|input| input.name.as_str()).collect();
        let outputs = vec!["None"; kernel.outputs.len()];
        let out = if outputs.len() == 1 { "None".to_owned() } else { format!("({})", outputs.join(", ")) };
        let own = match kernel.form {
            Form::Body(_) if !kernel.item_keywords().is_empty() => "axes=..., axis=..., keepdims=False",
            // Without axes of items, a ufunc like any other.
            Form::Body(_) | Form::Map(_) | Form::Reduce(_) => "where=True",
        };
        return format!(
            "({}, /, out={out}, *, {own}, casting='same_kind', order='K', dtype=None, subok=True, signature=None)",
            inputs.join(", ")
        );
    }
    let (more, keywords): (&[&str], &[&str]) = match kernel.form {
        Form::Map(_) => (&[], &["out=None", "where=True"]),
        Form::Reduce(_) if kernel.is_scan() => (&["axis=None"], &["out=None"]),
        Form::Reduce(_) if kernel.takes_initial() => {
            (&["axis=None"], &["out=None", "keepdims=False", "where=True", "initial=..."])
        }
        Form::Reduce(_) => (&["axis=None"], &["out=None", "keepdims=False", "where=True"]),
        Form::Body(_) => return signature(kernel, |_| String::new(), |_| String::new(), &[], &body_keywords(kernel)),
    };
    signature(kernel, |_| String::new(), |_| String::new(), more, keywords)
}

fn body_keywords(kernel: &Kernel) -> Vec<&'static str> {
    let out = (!kernel.outputs.is_empty()).then_some("out=None");
    let of_items = kernel.item_keywords().into_iter().map(|keyword| match keyword {
        "axes" => "axes=...",
        "axis" => "axis=...",
        _ => "keepdims=False",
    });
    out.into_iter().chain(of_items).collect()
}

/// `(x: A, /, axis=None, *, ddof: B = 0.0, out=None)`: names with what `input` and `param` say of each, then `keywords`. The inputs
/// are followed by `more`.
pub(super) fn signature(
    kernel: &Kernel,
    input: impl Fn(&crate::model::Input) -> String,
    param: impl Fn(&Param) -> String,
    more: &[&str],
    keywords: &[&str],
) -> String {
    let mut arguments = Vec::new();
    for (place, each) in kernel.inputs.iter().enumerate() {
        let annotation = input(each);
        let last = kernel.inputs.iter().rposition(|other| other.default.is_none() && other.role != Role::Optional);
        let nothing =
            || (each.role == Role::Optional && last.is_none_or(|last| place > last)).then(|| "None".to_owned());
        let default = each.default.as_ref().map(literal).or_else(nothing);
        let default = default.map(|value| format!("{}{value}", equals(&annotation)));
        arguments.push(format!("{}{annotation}{}", each.name, default.unwrap_or_default()));
    }
    if !arguments.is_empty() {
        arguments.push("/".to_owned());
    }
    arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
    if !kernel.params.is_empty() || !keywords.is_empty() {
        arguments.push("*".to_owned());
    }
    arguments.extend(kernel.params.iter().map(|each| keyword(each, &param)));
    arguments.extend(keywords.iter().map(|keyword| (*keyword).to_owned()));
    format!("({})", arguments.join(", "))
}

/// What stands between a name with this annotation and its default.
fn equals(annotation: &str) -> &'static str {
    if annotation.is_empty() { "=" } else { " = " }
}

/// A param among the arguments: `ddof: B = 0.0`.
fn keyword(each: &Param, param: impl Fn(&Param) -> String) -> String {
    let annotation = param(each);
    // What stands in is made of dimensions: None says that it is to.
    let nothing = each.computed.as_ref().map(|_| "None".to_owned());
    let annotation =
        if nothing.is_some() && !annotation.is_empty() { format!("{annotation} | None") } else { annotation };
    let default = default(each).map(|value| literal(&value)).or(nothing);
    let default = default.map(|value| format!("{}{value}", equals(&annotation)));
    format!("{}{annotation}{}", each.name, default.unwrap_or_default())
}

/// `, *, ddof: B = 0.0`: the params of a kernel behind other arguments; nothing if it has none.
pub(super) fn params(kernel: &Kernel, param: impl Fn(&Param) -> String) -> String {
    let params: Vec<_> = kernel.params.iter().map(|each| keyword(each, &param)).collect();
    if params.is_empty() { String::new() } else { format!(", *, {}", params.join(", ")) }
}

/// The named tuple of a function with several outputs; those of a ufunc come as a plain tuple.
pub(super) fn result_class(kernel: &Kernel) -> Option<String> {
    (kernel.outputs.len() > 1 && !kernel.is_ufunc()).then(|| format!("{}Result", camel_case(&kernel.name)))
}

#[cfg(test)]
mod tests {
    use super::docstring;

    #[test]
    fn a_docstring_ends_where_it_should() {
        for (text, wanted) in [
            ("a", r#""""a""""#),
            (r#"a ""#, r#""""a \"""""#),
            (r#"a \""#, r#""""a \\\"""""#),
            (r#"a \"#, r#""""a \\""""#),
            (r#"a """"#, r#""""a \"\"\"""""#),
            (r#"a """""#, r#""""a \"\"\"\"""""#),
            (r#"a """""""#, r#""""a \"\"\"\"\"\"""""#),
        ] {
            assert_eq!(docstring(text), wanted, "{text}");
        }
    }
}
