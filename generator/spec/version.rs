//! Refuses what only TOML 1.1 allows, which other readers of the same file would not understand.

use crate::diag::{Diagnostic, SourceId, Span, mistakes};

/// Reports newlines and trailing commas in inline tables, and the escapes `\e` and `\x`. The text is
/// known to parse, so that this may be a scan of brackets and strings.
pub fn refuse_later(raw: &str, source: SourceId, log: &mut Vec<Diagnostic>) {
    let bytes = raw.as_bytes();
    let mut open = Vec::new();
    let mut comma = None;
    let mut at = 0;
    let mut report = |range, what: &str, instead: &str| {
        log.push(mistakes::TOML_VERSION.at(&Span::new(source, range), &[&what, &instead]));
    };
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'#' => at = raw[start..].find('\n').map_or(bytes.len(), |end| start + end),
            b'"' | b'\'' => {
                at = string_end(raw, start);
                if let Some(escape) = late_escape(&raw[start..at]) {
                    let place = start + escape;
                    report(
                        place..place + 2,
                        &format!("the escape `{}`", &raw[place..place + 2]),
                        "write `\\u001b` or another `\\u` escape instead",
                    );
                }
            }
            b'[' | b'{' => open.push(byte),
            b']' => drop(open.pop()),
            b'}' => {
                open.pop();
                if let Some(comma) = comma {
                    report(comma..comma + 1, "a comma at the end of an inline table", "leave the comma out");
                }
            }
            b'\n' if open.last() == Some(&b'{') => {
                let line_end = start - usize::from(raw[..start].ends_with('\r'));
                report(line_end..line_end, "a newline in an inline table", SUB_TABLE);
                // Once for a table is enough: the rest of it is read as if it were an array.
                open.pop();
                open.push(b'[');
            }
            _ => {}
        }
        comma = match byte {
            b',' if open.last() == Some(&b'{') => Some(start),
            b' ' | b'\t' => comma,
            _ => None,
        };
    }
}

const SUB_TABLE: &str = "write a sub-table instead: `[kernel.NAME.reduce]` and a line for each key, or dotted keys";

/// The byte after the closing quote of the string that starts at `start`.
fn string_end(raw: &str, start: usize) -> usize {
    let bytes = raw.as_bytes();
    let quote = bytes[start];
    let long = raw[start..].starts_with("\"\"\"") || raw[start..].starts_with("'''");
    let mut at = start + if long { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        if byte == b'\\' && quote == b'"' {
            at += 2;
        } else if byte == quote && !long {
            return at + 1;
        } else if byte == quote && bytes[at..].starts_with(&[quote; 3]) {
            // Up to two quotes may stand before the closing three.
            let run = bytes[at..].iter().take(5).take_while(|&&byte| byte == quote).count();
            return at + run;
        } else {
            at += 1;
        }
    }
    raw.len()
}

/// The place of an escape that TOML 1.0 has not.
fn late_escape(string: &str) -> Option<usize> {
    if !string.starts_with('"') {
        return None;
    }
    let bytes = string.as_bytes();
    let mut at = 0;
    while at + 1 < bytes.len() {
        match (bytes[at], bytes[at + 1]) {
            (b'\\', b'e' | b'x') => return Some(at),
            (b'\\', _) => at += 2,
            _ => at += 1,
        }
    }
    None
}
