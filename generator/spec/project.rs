//! A project that kernelgen is the build backend of: what of its `pyproject.toml` goes into the wheel.

use std::path::{Component, Path, PathBuf};

use toml::de::DeTable;

use super::reader::{Reader, Text};
use crate::diag::{Diagnostic, mistakes};

/// The value of `build-backend` by which a project is ours.
const BACKEND: &str = "kernelgen.build";
/// Where Python code of its own is if nobody says otherwise.
const SOURCE: &str = "src";

/// A project around a folder of specs.
#[derive(Debug)]
pub struct Project {
    /// The folder of its `pyproject.toml`.
    pub root: PathBuf,
    /// `[project]` as written.
    pub metadata: toml::Table,
    /// `[tool]` as written, without what is said to kernelgen and to maturin.
    pub tools: toml::Table,
    /// What of it is said elsewhere, `dynamic`.
    pub dynamic: Vec<Text>,
    /// The folder with Python packages of its own, within the root.
    pub python: Option<PathBuf>,
}

impl Project {
    /// Reads a `pyproject.toml`; `None` where it has another backend.
    pub(super) fn read(reader: &mut Reader<'_>, root: &Path, document: &DeTable<'_>) -> Option<Project> {
        let backend = document.get("build-system")?.get_ref().get("build-backend")?;
        if backend.get_ref().as_str() != Some(BACKEND) {
            return None;
        }
        let mut python = root.join(SOURCE).is_dir().then(|| PathBuf::from(SOURCE));
        let tool = document.get("tool").and_then(|tool| tool.get_ref().get("kernelgen"));
        for (key, value) in tool.map(|tool| reader.table(tool, "[tool.kernelgen]")).unwrap_or_default() {
            match &*key.value {
                "python-source" => {
                    let Some(text) = reader.text(value, "python-source = \"src\"") else { continue };
                    let inside = Path::new(&text.value).components();
                    let inside =
                        inside.into_iter().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
                    if inside && root.join(&text.value).is_dir() {
                        python = Some(text.value.into());
                    } else {
                        reader.log.push(mistakes::PYTHON_SOURCE.at(&text.span, &[&text.value]));
                    }
                }
                _ => reader.unknown(&key, "`[tool.kernelgen]`", &["python-source"]),
            }
        }
        // What is no TOML has been reported.
        let whole: toml::Table = reader.raw.parse().unwrap_or_default();
        let metadata = whole.get("project").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let mut tools = whole.get("tool").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        tools.retain(|name, _| !matches!(name, "kernelgen" | "maturin"));
        Some(Project { root: root.to_path_buf(), metadata, tools, dynamic: Vec::new(), python })
    }

    /// Kernels of a project with Python code of its own are a module within it: `mypkg._kernels` if the spec does not
    /// name another.
    pub(super) fn make_room(&self, name: &mut Text, named: bool, log: &mut Vec<Diagnostic>) {
        if !named && self.has_package(&name.value) {
            name.value.push_str("._kernels");
        }
        // A module that is a single file can hold no other.
        let above = name.value.match_indices('.').map(|(end, _)| &name.value[..end]);
        let file = above.into_iter().find(|module| self.has_file(module) && !self.has_package(module));
        let taken = self.has_package(&name.value) || self.has_file(&name.value);
        if let Some(module) = file.or(taken.then_some(&name.value)) {
            log.push(mistakes::NAME_OF_CODE.at(&name.span, &[&module]));
        }
    }

    fn has_package(&self, module: &str) -> bool {
        self.place(module).is_some_and(|path| path.join("__init__.py").is_file())
    }

    fn has_file(&self, module: &str) -> bool {
        self.place(module).is_some_and(|path| path.with_extension("py").is_file())
    }

    /// Where Python code of the project's own would be that is called so.
    fn place(&self, module: &str) -> Option<PathBuf> {
        self.python.as_ref().map(|python| self.root.join(python).join(module.replace('.', "/")))
    }
}
