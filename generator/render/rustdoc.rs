//! The documentation of a kernel's Rust functions: the spec's prose as Markdown that means only text.
//!
//! Untreated, `x[n]` would be a broken link, `<T>` a tag, and an indented line a test for `cargo test` to run.

use crate::model::Kernel;

use super::docs;
use super::text::{one_line, visible};

/// The lines of the comment: the summary, the text, and what is said of each argument.
pub(super) fn comment(kernel: &Kernel) -> Vec<String> {
    let inputs = kernel.inputs.iter().map(|each| (&each.name, &each.doc));
    let params = kernel.params.iter().map(|each| (&each.name, &each.doc));
    let outputs = kernel.outputs.iter().map(|each| (&each.name, &each.doc));
    let described = inputs.chain(params).chain(outputs).filter(|(_, doc)| !doc.trim().is_empty());
    let described: Vec<_> = described.map(|(name, doc)| format!("- `{name}`: {}", markdown(&one_line(doc)))).collect();
    let text = visible(&kernel.doc).lines().map(markdown).collect();
    let paragraphs = [vec![markdown(&docs::summary(kernel))], text, described];
    let paragraphs = paragraphs.into_iter().filter(|lines| !lines.is_empty()).map(|lines| commented(&lines));
    paragraphs.collect::<Vec<_>>().join("\n///\n").lines().map(str::to_owned).collect()
}

fn commented(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| if line.is_empty() { "///".to_owned() } else { format!("/// {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// A line of prose, in which only `code` is markup.
fn markdown(line: &str) -> String {
    let mut line = line.trim_start().to_owned();
    while line.contains("``") {
        line = line.replace("``", "`");
    }
    let balanced = line.matches('`').count().is_multiple_of(2);
    let mut out = String::with_capacity(line.len());
    let mut code = false;
    for c in line.chars() {
        match c {
            '`' if balanced => code = !code,
            '`' | '\\' | '*' | '[' | '<' | '&' if !code => out.push('\\'),
            '#' | '>' | '~' | '|' if out.is_empty() => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn prose_is_only_text() {
        assert_eq!(markdown("`x[n] * y` of x[n]*y <T>"), "`x[n] * y` of x\\[n]\\*y \\<T>");
        assert_eq!(markdown("    # indented, ``x[0]``"), "\\# indented, `x[0]`");
        assert_eq!(markdown("```rust"), "\\`rust");
    }
}
