//! Prose of the specs, made safe to read wherever it is printed.

use super::pieces::is_mark;

/// `text` with `\n` line ends, no trailing blanks, and every character that a reader cannot see, or
/// that reorders what he sees, spelled out as `\u{202e}`.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").trim().lines() {
        for c in line.trim_end().chars() {
            match c {
                '\t' => out.push_str("    "),
                c if hidden(c) => out.extend(c.escape_unicode()),
                c => out.push(c),
            }
        }
        out.push('\n');
    }
    out.pop();
    out
}

/// [`visible`] text on one line.
pub(super) fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character must be escaped: controls, marks of direction, line separators, and the
/// marks of [`super::pieces`].
pub(super) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || is_mark(c)
}

/// `items` on one line between `open` and `close` if that ends before column 100, else a line each.
///
/// `column` is where `open` stands, `indent` the indentation of its line.
pub(super) fn list(open: &str, items: &[String], close: &str, column: usize, indent: usize) -> String {
    let line = format!("{open}{}{close}", items.join(", "));
    if column + line.chars().count() < 100 {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    let lines: String = items.iter().map(|item| format!("{inner}{item},\n")).collect();
    format!("{}\n{lines}{}{}", open.trim_end(), " ".repeat(indent), close.trim_start())
}

/// Text in lines of at most 75 columns, indented.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= 75 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{}{word}", " ".repeat(indent))),
        }
    }
    lines.join("\n")
}
