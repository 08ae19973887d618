//! What of a project goes with its kernels into the wheel and the source distribution: Python code, README, licences, specs, tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::diag::{Action, Error, Result, Sources};
use crate::model::{Package, Project};
use crate::output::disk::failed;
use crate::render::{Files, SPECS, TESTS};

/// Licence files of a project that names none, as the packaging standards have them.
const LICENSES: [&str; 4] = ["LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"];

/// Adds what goes with `package` to its files, as copies.
pub(super) fn add(package: &Package, sources: &Sources, files: &mut Files) -> Result<()> {
    let Some(project) = &package.project else { return Ok(()) };
    for path in readme(project).into_iter().chain(licenses(project)?) {
        files.copy(&path, project.root.join(&path));
    }
    for path in sources.paths().filter_map(|path| path.strip_prefix(&project.specs).ok()) {
        files.copy(Path::new(SPECS).join(path), project.specs.join(path));
    }
    let (tests, mut found) = (project.root.join(TESTS), BTreeSet::new());
    if tests.is_dir() {
        code(&tests, &mut found)?;
    }
    for path in &found {
        files.copy(path.strip_prefix(&project.root).unwrap_or(path), path);
    }
    let Some(python) = &project.python else { return Ok(()) };
    let (source, mut found) = (project.root.join(python), BTreeSet::new());
    // Beside a project's own files only the package itself is meant.
    let flat = python.components().all(|part| part == Component::CurDir);
    let package = package.name.split('.').next().filter(|_| flat);
    let folder = package.map_or(source.clone(), |package| source.join(package));
    if folder.is_dir() {
        code(&folder, &mut found)?;
    }
    for path in &found {
        let inside = path.strip_prefix(&source).unwrap_or(path);
        files.copy(Path::new("python").join(inside), path);
    }
    Ok(())
}

/// Fails unless there is one package, and a project around it.
pub(super) fn one<'a>(packages: impl Iterator<Item = &'a Package>, specs: &Path) -> Result<()> {
    let (ours, others): (Vec<_>, Vec<_>) = packages.partition(|package| package.project.is_some());
    if ours.len() == 1 && others.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = ours.iter().chain(&others).map(|package| format!("`{}`", package.name)).collect();
    let (specs, names) = (specs.display(), names.join(", "));
    Err(match names.contains(',') {
        true => Error::Setup {
            message: format!("a pyproject.toml builds one package, and `{specs}` has several: {names}"),
            help: "give each a folder of its own, with a `pyproject.toml` and `specs/`".to_owned(),
        },
        false => Error::Setup {
            message: format!("the specs of {names} are not in a folder beside a pyproject.toml that kernelgen builds"),
            help: format!("put them into `{specs}` itself, and say `build-backend = \"kernelgen.build\"`"),
        },
    })
}

/// The files that `readme` and a `license` of the old kind name.
fn readme(project: &Project) -> Vec<PathBuf> {
    let named = |key: &str| match project.metadata.get(key) {
        Some(toml::Value::String(path)) if key == "readme" => Some(path.into()),
        Some(toml::Value::Table(table)) => table.get("file").and_then(toml::Value::as_str).map(PathBuf::from),
        _ => None,
    };
    ["readme", "license"].into_iter().filter_map(named).filter(|path| is_inside(path)).collect()
}

/// The files that `license-files` names.
fn licenses(project: &Project) -> Result<Vec<PathBuf>> {
    let given = project.metadata.get("license-files").and_then(toml::Value::as_array);
    let given = given.map(|list| list.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>());
    let root = glob::Pattern::escape(&project.root.to_string_lossy());
    let mut found = Vec::new();
    for pattern in given.as_deref().unwrap_or(&LICENSES) {
        let whole = Path::new(&root).join(pattern);
        let paths = glob::glob(&whole.to_string_lossy()).map_err(|error| Error::Setup {
            message: format!("`{pattern}` of `license-files` is no pattern of paths: {error}"),
            help: "write it as `LICENSE*` or `licenses/*.txt`".to_owned(),
        })?;
        let inside = |path: PathBuf| path.strip_prefix(&project.root).map(Path::to_path_buf).ok();
        found.extend(paths.flatten().filter(|path| path.is_file()).filter_map(inside));
    }
    found.retain(|path| is_inside(path));
    Ok(found)
}

fn is_inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// The files below a folder of Python code, without what Python and other tools leave there.
fn code(folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(failed(Action::Read, folder))? {
        let path = entry.map_err(failed(Action::Read, folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && name != "__pycache__" && !name.ends_with(".egg-info") {
                code(&path, found)?;
            }
        } else if !name.ends_with(".pyc") {
            found.insert(path);
        }
    }
    Ok(())
}
