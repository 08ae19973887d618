//! Reads a file as text, or says why it is none.

use std::path::Path;

use crate::diag::{Action, Diagnostic, Error, Result, SourceId, Sources, Span, mistakes};

/// More than any hand-written spec; keeps a stray file from filling the memory.
const LARGEST: u64 = 32 << 20;

/// Adds a file to the sources. False, with a diagnostic, if it is not text; a byte order mark is left out.
pub fn read(path: &Path, sources: &mut Sources, log: &mut Vec<Diagnostic>) -> Result<(SourceId, bool)> {
    let failed = |source| Error::Io { action: Action::Read, path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > LARGEST {
        let message = format!("`{}` is larger than {} MB", path.display(), LARGEST >> 20);
        return Err(Error::Setup {
            message,
            help: "a spec is text written by hand: move the file elsewhere".to_owned(),
        });
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let source = sources.add(path, String::new());
        log.push(mistakes::NOT_UTF8.file(source, &[&"it is UTF-16"]));
        return Ok((source, false));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let (text, valid) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(error) => (String::from_utf8_lossy(bytes).into_owned(), Some(error.valid_up_to())),
    };
    let nul = text.find('\0');
    let source = sources.add(path, text);
    if let Some(at) = valid {
        log.push(mistakes::NOT_UTF8.at(&Span::new(source, at..at + 1), &[&"not UTF-8 from here"]));
    } else if let Some(at) = nul {
        log.push(mistakes::NUL_BYTE.at(&Span::new(source, at..at + 1), &[]));
    }
    Ok((source, valid.is_none() && nul.is_none()))
}
