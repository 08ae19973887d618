//! The way from a decoded TOML string back to the bytes of its file.

use std::ops::Range;

/// For each byte of `decoded`, and for its end, the byte of `raw` that it came from. `span` is the
/// string's place in `raw`, quotes included.
pub fn offsets(raw: &str, span: Range<usize>, decoded: &str) -> Vec<usize> {
    let text = &raw[span.clone()];
    let (quotes, escapes) = match text {
        _ if text.starts_with("'''") => (3, false),
        _ if text.starts_with("\"\"\"") => (3, true),
        _ if text.starts_with('\'') => (1, false),
        _ if text.starts_with('"') => (1, true),
        _ => (0, false),
    };
    // A string that is not closed ends in a character of its own.
    let closing = if text[quotes..].ends_with(&text[..quotes]) { quotes } else { 0 };
    let mut rest = &text[quotes..text.len() - closing];
    if quotes == 3 {
        rest = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest);
    }
    let end = span.end - closing;
    let mut offsets = Vec::with_capacity(decoded.len() + 1);
    while let Some(character) = rest.chars().next() {
        let at = end - rest.len();
        let (taken, made) = match character {
            '\\' if escapes => escape(rest),
            '\r' if rest.starts_with("\r\n") && decoded.as_bytes().get(offsets.len()) == Some(&b'\n') => (2, 1),
            _ => {
                offsets.extend(at..at + character.len_utf8());
                (character.len_utf8(), 0)
            }
        };
        offsets.extend(std::iter::repeat_n(at, made));
        rest = rest.get(taken..).unwrap_or("");
    }
    // A string that did not parse has been reported; its places are then as near as can be.
    offsets.resize(decoded.len(), end);
    offsets.push(end);
    offsets
}

/// The bytes that an escape takes in the file, and those that it makes.
fn escape(rest: &str) -> (usize, usize) {
    let code = |digits: usize| {
        let code = rest.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        (2 + digits, code.and_then(char::from_u32).map_or(1, char::len_utf8))
    };
    match rest.as_bytes().get(1) {
        Some(b'u') => code(4),
        Some(b'U') => code(8),
        Some(b'x') => code(2),
        Some(b' ' | b'\t' | b'\r' | b'\n') => {
            let after = &rest[1..];
            (1 + after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len(), 0)
        }
        _ => (2, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::offsets;
    use toml::de::DeTable;

    /// Decodes `k = STRING` and demands that each character came from where it stands.
    #[track_caller]
    fn check(string: &str, want: &[usize]) {
        let raw = format!("k={string}");
        let table = DeTable::parse(&raw).expect("valid TOML");
        let value = &table.get_ref()["k"];
        let decoded = value.get_ref().as_str().expect("a string");
        assert_eq!(offsets(&raw, value.span(), decoded), want, "{string:?}");
    }

    #[test]
    fn every_kind_of_string() {
        check("'ab'", &[3, 4, 5]);
        check("\"ab\"", &[3, 4, 5]);
        check("\"a\\nb\"", &[3, 4, 6, 7]);
        check("\"\\u00e9b\"", &[3, 3, 9, 10]);
        check("\"éb\"", &[3, 4, 5, 6]);
        check("'''\na\nb'''", &[6, 7, 8, 9]);
        check("\"\"\"\r\na\\\n  b\"\"\"", &[7, 12, 13]);
        check("'''a'''", &[5, 6]);
        check("''", &[3]);
    }

    #[test]
    fn crlf_is_one_newline_or_two_bytes() {
        let raw = "k='''a\r\nb'''";
        let table = DeTable::parse(raw).expect("valid TOML");
        let value = &table.get_ref()["k"];
        let decoded = value.get_ref().as_str().expect("a string");
        let found = offsets(raw, value.span(), decoded);
        assert_eq!(found.len(), decoded.len() + 1);
        assert_eq!(found[decoded.find('b').expect("b")], 8);
    }
}
