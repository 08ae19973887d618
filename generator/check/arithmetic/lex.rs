//! Words and signs of kernelgen's arithmetic.

use std::ops::Range;

use super::Wrong;

/// A word or sign.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    /// A name or keyword.
    Word(&'a str),
    /// A whole number.
    Int(i64),
    /// A float.
    Float(f64),
    /// A quoted string.
    Text(&'a str),
    /// An operator, bracket or comma.
    Sign(&'static str),
}

const SIGNS: [&str; 20] =
    ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "{", "}", ",", "//"];
/// More than any condition; keeps the trees small that are walked recursively.
const MOST: usize = 1000;

/// The tokens of a text with their places.
pub fn tokens(text: &str) -> Result<Vec<(Token<'_>, Range<usize>)>, Wrong> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let word = |more: fn(char) -> bool| rest.find(|c| !more(c)).unwrap_or(rest.len());
        let (token, length) = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first.is_ascii_digit() {
            number(rest, at)?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let length = word(|c| c.is_ascii_alphanumeric() || c == '_');
            (Token::Word(&rest[..length]), length)
        } else if first == '"' {
            let Some(end) = rest[1..].find('"') else {
                return Err(Wrong::new("a quote is not closed", at..text.len()));
            };
            (Token::Text(&rest[1..=end]), end + 2)
        } else if rest.starts_with("//") {
            return Err(Wrong::new("`//` is not an operator: `/` rounds down already", at..at + 2));
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            let why = format!("`{}` means nothing here", first.escape_debug());
            return Err(Wrong::new(why, at..at + first.len_utf8()));
        };
        found.push((token, at..at + length));
        if found.len() > MOST {
            return Err(Wrong::new("this is too long", 0..text.len()));
        }
        at += length;
    }
    Ok(found)
}

/// The number at the start of `rest`.
fn number(rest: &str, at: usize) -> Result<(Token<'_>, usize), Wrong> {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let sign = matches!(byte, b'+' | b'-') && matches!(bytes[end - 1], b'e' | b'E');
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || sign) {
            break;
        }
        end += 1;
    }
    let digits = rest[..end].replace('_', "");
    let token = if let Ok(int) = digits.parse() {
        Token::Int(int)
    } else if digits.contains(['.', 'e', 'E'])
        && let Ok(float) = digits.parse()
    {
        Token::Float(float)
    } else {
        return Err(Wrong::new(format!("`{}` is not a number of 64 bits", &rest[..end]), at..at + end));
    };
    Ok((token, end))
}
