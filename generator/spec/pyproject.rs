//! What the `pyproject.toml` beside a package's folder says of it.

use std::path::Path;

use toml::de::DeValue;

use super::package::{Author, Package};
use super::project::Project;
use super::reader::{Reader, Text};
use super::{parse, text};
use crate::diag::{Diagnostic, Result, Sources, mistakes};

/// Fills in what `[package]` leaves out, and reports what both say differently. Import name and
/// name of the distribution may differ, so that names are never in conflict. Gives the project if it is one that
/// kernelgen builds.
pub fn complete(
    package: &mut Package,
    folder: &Path,
    sources: &mut Sources,
    log: &mut Vec<Diagnostic>,
) -> Result<Option<Project>> {
    let Some(beside) = folder.parent() else { return Ok(None) };
    let path = beside.join("pyproject.toml");
    if !path.is_file() {
        return Ok(None);
    }
    let (source, readable) = text::read(&path, sources, log)?;
    if !readable {
        return Ok(None);
    }
    let raw = sources.text(source);
    let document = parse::document(raw, source, log);
    let mut reader = Reader { source, raw, log };
    let mut ours = Project::read(&mut reader, beside, document.get_ref());
    let Some(DeValue::Table(project)) = document.get_ref().get("project").map(|value| value.get_ref()) else {
        return Ok(ours);
    };
    let named = package.name.is_some();
    for (key, value) in reader.entries(project) {
        let example = format!("{} = \"...\"", key.value);
        let mine = match &*key.value {
            "name" => {
                if package.name.is_none() {
                    package.name =
                        reader.text(value, &example).map(|name| Text { value: name.value.replace('-', "_"), ..name });
                }
                continue;
            }
            "authors" => {
                if package.authors.is_empty() {
                    let items = reader.list(value, "authors = [{ name = \"Ada\" }]");
                    package.authors = items.into_iter().filter_map(|item| Author::read(&mut reader, item)).collect();
                }
                continue;
            }
            "dynamic" => {
                if let Some(ours) = &mut ours {
                    ours.dynamic = reader.texts(value, "dynamic = [\"version\"]");
                }
                continue;
            }
            "license" if value.get_ref().is_table() => continue,
            "version" => &mut package.version,
            "description" => &mut package.summary,
            "license" => &mut package.license,
            "requires-python" => &mut package.requires_python,
            _ => continue,
        };
        let Some(theirs) = reader.text(value, &example) else { continue };
        match mine {
            None => *mine = Some(theirs),
            Some(mine) if mine.value.trim() != theirs.value.trim() => {
                let conflict = mistakes::PYPROJECT_CONFLICT.at(&mine.span, &[&key.value, &mine.value, &theirs.value]);
                reader.log.push(conflict.label(&theirs.span, format!("here it is `{}`", theirs.value)));
            }
            Some(_) => {}
        }
    }
    if let (Some(name), Some(ours)) = (&mut package.name, &ours) {
        ours.make_room(name, named, reader.log);
    }
    Ok(ours)
}
