//! From a path to everything its specs say.

use std::path::{Path, PathBuf};

use super::form::Body;
use super::kernel::Kernel;
use super::package::Package;
use super::project::Project;
use super::reader::{Reader, Text};
use super::{find, package, parse, pyproject, text};
use crate::diag::{Diagnostic, Result, SourceId, Sources, Span, mistakes};

/// What the specs of a run say, and what was wrong with how they say it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Every file that was read.
    pub sources: Sources,
    /// The packages, by path.
    pub folders: Vec<Folder>,
    /// Mistakes so far.
    pub diagnostics: Vec<Diagnostic>,
}

/// One package: a `[package]` table and the kernels of its folder.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// What `[package]` says, completed from a `pyproject.toml` beside the folder.
    pub package: Package,
    /// What is around the folder, where kernelgen is the build backend of a `pyproject.toml` there.
    pub project: Option<Project>,
    /// The kernels, by file name and place.
    pub kernels: Vec<Kernel>,
    /// Whether a file of the folder could not be read in full: what seems missing may stand there.
    pub partial: bool,
}

impl Loaded {
    /// Puts something else in the place of the body of kernels called `name`, whose file may not be written yet.
    pub fn forget_body(&mut self, name: &str) {
        let mut named = Vec::new();
        for kernel in self.folders.iter_mut().flat_map(|folder| &mut folder.kernels) {
            let Some(body) = kernel.forms.body.as_mut().filter(|_| kernel.name.value == name) else { continue };
            if let Some(file) = body.file.take() {
                named.push(file.span.clone());
                body.source = None;
                body.rust = Some(Text { value: "unreachable!();".to_owned(), ..file });
            }
        }
        let of_file = |diagnostic: &Diagnostic| diagnostic.labels.iter().any(|label| named.contains(&label.span));
        self.diagnostics.retain(|diagnostic| !of_file(diagnostic));
    }
}

/// Reads all packages under a folder, or the one package in a file.
pub fn load(path: &Path) -> Result<Loaded> {
    let mut loaded = Loaded::default();
    let found = find::packages(path)?;
    if found.is_empty() {
        loaded.diagnostics.push(mistakes::NO_SPECS.nowhere(&[&path.display()]));
    }
    for folder in found {
        read_folder(&mut loaded, folder)?;
    }
    Ok(loaded)
}

/// Reads one folder's files. A folder without a `[package]` and without a project of ours is reported and left out.
fn read_folder(loaded: &mut Loaded, found: find::Found) -> Result<()> {
    let Loaded { sources, diagnostics, folders } = loaded;
    let mut packages = Vec::new();
    let mut kernels = Vec::new();
    let mut partial = false;
    let mut first = None;
    for path in &found.files {
        let before = diagnostics.len();
        let (source, readable) = text::read(path, sources, diagnostics)?;
        first.get_or_insert(source);
        if readable {
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let raw = sources.text(source);
            let document = parse::document(raw, source, diagnostics);
            let mut reader = Reader { source, raw, log: diagnostics };
            package::read_document(&mut reader, &document, &file, &mut packages, &mut kernels);
        }
        partial |= diagnostics.len() > before;
    }
    for kernel in &mut kernels {
        for body in
            kernel.forms.body.iter_mut().chain(kernel.loops.iter_mut().filter_map(|(_, forms)| forms.body.as_mut()))
        {
            read_body(body, &found.path, sources, diagnostics)?;
        }
    }
    let mut packages = packages.into_iter();
    let (given, Some(source)) = (packages.next(), first) else { return Ok(()) };
    let missing = given.is_none();
    let mut package = given.unwrap_or_else(|| Package::unsaid(Span::new(source, 0..0)));
    for other in packages {
        let twice = mistakes::TWO_PACKAGES.at(&other.span, &[&found.path.display()]);
        diagnostics.push(twice.label(&package.span, "the first one"));
        partial = true;
    }
    let project = pyproject::complete(&mut package, &found.path, sources, diagnostics)?;
    // A project of ours may say all that a package needs.
    if missing && project.is_none() {
        if !partial {
            diagnostics.push(mistakes::MISSING_PACKAGE.file(source, &[&found.path.display()]));
        }
        return Ok(());
    }
    folders.push(Folder { path: found.path, package, project, kernels, partial });
    Ok(())
}

/// Reads the file that a body names, which must lie in the package's folder.
fn read_body(body: &mut Body, folder: &Path, sources: &mut Sources, log: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(file) = &body.file else { return Ok(()) };
    let inside = Path::new(&file.value).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let path = folder.join(&file.value);
    if !inside || file.value.contains('\\') {
        log.push(mistakes::BODY_OUTSIDE.at(&file.span, &[&file.value]));
        return Ok(());
    }
    let (Ok(real), Ok(root)) = (path.canonicalize(), root_of(folder).canonicalize()) else {
        log.push(mistakes::BODY_MISSING.at(&file.span, &[&path.display()]));
        return Ok(());
    };
    if !real.starts_with(root) {
        log.push(mistakes::BODY_OUTSIDE.at(&file.span, &[&file.value]));
    } else if !real.is_file() {
        log.push(mistakes::BODY_MISSING.at(&file.span, &[&path.display()]));
    } else {
        body.source = readable_source(text::read(&path, sources, log)?);
    }
    Ok(())
}

/// The handle of a file whose text is whole.
fn readable_source((source, readable): (SourceId, bool)) -> Option<SourceId> {
    readable.then_some(source)
}

/// A folder's path, where the empty one means the current folder.
fn root_of(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}
