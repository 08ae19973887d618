//! What the generator answers to a spec, and that it is an answer.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use kernelgen::build::RenderedPackage;
use kernelgen::diag::{Error, Report};
use kernelgen::{Build, MARKER};

/// A text whose `Debug` is the text: what is shown of a case that fails can be put into the corpus.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown(pub String);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n---- as it is ----\n{}\n---- escaped ----\n{:?}\n----", self.0, self.0)
    }
}

/// A folder of its own, gone with the value.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("kernelgen-fuzz-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        // A run that was killed may have had this number.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The packages of a spec file, or its mistakes. Either is looked at: places of mistakes lie in their files, renderings are
/// the same each time, and each of their files is of its language.
pub fn answer(spec: &Path) -> Result<Vec<RenderedPackage>, Report> {
    let build = Build::new().specs(spec).out_dir("not-written");
    let rendered = match build.render() {
        Ok(rendered) => rendered,
        Err(Error::Specs(report)) => {
            look_at_mistakes(&report);
            return Err(report);
        }
        Err(error) => panic!("neither code nor mistakes: {error}"),
    };
    let again = build.render().expect("what was right").packages;
    assert_eq!(again.len(), rendered.packages.len());
    for (package, again) in rendered.packages.iter().zip(&again) {
        assert!(package.files.iter().map(text).eq(again.files.iter().map(text)), "two renderings differ");
        look_at_files(package);
    }
    Ok(rendered.packages)
}

fn text<'a>((path, file): (&'a Path, &'a kernelgen::render::File)) -> (&'a Path, &'a str) {
    (path, &file.text)
}

fn look_at_mistakes(report: &Report) {
    assert!(!report.diagnostics.is_empty(), "refused, and nothing is said");
    for mistake in &report.diagnostics {
        assert!(!mistake.code.is_empty() && !mistake.message.is_empty(), "{mistake:?}");
        assert!(!mistake.labels.is_empty(), "a mistake without a place: {mistake:?}");
        for label in &mistake.labels {
            let (text, range) = (report.sources.text(label.span.source), &label.span.range);
            let inside = range.start <= range.end && text.get(range.clone()).is_some();
            assert!(inside, "a place that is none of a file of {} bytes: {mistake:?}", text.len());
        }
    }
    assert_eq!(report.plain().len(), report.diagnostics.len());
    for drawing in [report.human(false), report.human(true), report.short()] {
        assert!(!drawing.is_empty());
    }
}

fn look_at_files(package: &RenderedPackage) {
    for (path, file) in package.files.iter().filter(|(path, _)| !path.starts_with("runtime")) {
        let what = || format!("{}:\n{}", path.display(), file.text);
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => drop(syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{error}: {}", what()))),
            Some("toml") => {
                drop(file.text.parse::<toml::Table>().unwrap_or_else(|error| panic!("{error}: {}", what())))
            }
            Some("py" | "pyi" | "md" | "typed" | "lock") | None => {}
            Some(other) => panic!("what is {other}?"),
        }
        assert!(path != Path::new(MARKER), "the marker is not rendered");
    }
}
