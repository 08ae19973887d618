//! `Cargo.toml` and `pyproject.toml`, only ever through a serializer: no text of a spec can leave
//! its string.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Author, Package};

use super::files::File;
use super::text::one_line;
use super::{SPECS, TESTS};

/// The crate's name: the import name in characters that cargo allows.
pub(super) fn crate_name(package: &Package) -> String {
    package.name.replace('.', "-")
}

/// The name of the wheel's project: the import name without the underscores that may not be at its ends.
fn project_name(package: &Package) -> String {
    package.name.trim_matches('_').to_owned()
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Cargo {
    package: CargoPackage,
    lib: Lib,
    features: BTreeMap<&'static str, [&'static str; 1]>,
    dependencies: BTreeMap<String, Dependency>,
    profile: BTreeMap<&'static str, Profile>,
    workspace: Workspace,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct CargoPackage {
    name: String,
    version: &'static str,
    edition: &'static str,
    rust_version: &'static str,
    publish: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Lib {
    crate_type: [&'static str; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Dependency {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    features: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_features: Option<bool>,
}

/// Integers wrap, as NumPy's do; the rest is what a small extension builds fastest with.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Profile {
    overflow_checks: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    codegen_units: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strip: Option<&'static str>,
}

/// The crate stands alone, wherever it is written; the runtime's own tests are not its concern.
#[derive(Serialize)]
struct Workspace {
    exclude: [&'static str; 1],
}

/// `Cargo.toml`.
pub(super) fn cargo(package: &Package) -> Result<File, toml::ser::Error> {
    let runtime = Dependency { path: Some("runtime"), version: None, features: Vec::new(), default_features: None };
    let crates = package.crates.iter().map(|(name, each)| {
        let dependency = Dependency {
            path: None,
            version: Some(each.version.clone()),
            features: each.features.clone(),
            default_features: (!each.default_features).then_some(false),
        };
        (name.clone(), dependency)
    });
    let checked = || Profile { overflow_checks: false, codegen_units: None, strip: None };
    let release = Profile { overflow_checks: false, codegen_units: Some(1), strip: Some("symbols") };
    let manifest = Cargo {
        package: CargoPackage {
            name: crate_name(package),
            version: "0.0.0",
            edition: "2024",
            rust_version: "1.88",
            publish: false,
        },
        lib: Lib { crate_type: ["cdylib", "rlib"] },
        features: BTreeMap::from([
            ("default", ["abi3"]),
            ("abi3", ["kernelgen-runtime/abi3-py311"]),
            ("abi3t", ["kernelgen-runtime/abi3t-py315"]),
        ]),
        dependencies: crates.chain([("kernelgen-runtime".to_owned(), runtime)]).collect(),
        profile: BTreeMap::from([("dev", checked()), ("test", checked()), ("release", release)]),
        workspace: Workspace { exclude: ["runtime"] },
    };
    Ok(File::plain(header(package, &toml::to_string(&manifest)?)))
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Pyproject {
    build_system: BuildSystem,
    project: Metadata,
    tool: Tools,
}

/// `[tool]`: what maturin is told, and what a project says to others.
#[derive(Serialize)]
struct Tools {
    maturin: Maturin,
    #[serde(flatten)]
    others: toml::Table,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct BuildSystem {
    requires: [&'static str; 1],
    build_backend: &'static str,
}

/// `[project]`: of the specs alone, or what a project of its own says around them.
#[derive(Serialize)]
#[serde(untagged)]
enum Metadata {
    Specs(Project),
    Project(toml::Table),
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    name: String,
    version: String,
    description: String,
    readme: &'static str,
    requires_python: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person>,
    dependencies: Vec<String>,
    /// What its own tests need.
    optional_dependencies: BTreeMap<&'static str, [&'static str; 1]>,
}

#[derive(Serialize)]
struct Person {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Maturin {
    module_name: String,
    python_source: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    include: Vec<Include>,
    sbom: Sbom,
}

/// maturin's list of what a wheel is made of has the time, a random number and places of the machine in it: no two wheels would be the same.
#[derive(Serialize)]
struct Sbom {
    rust: bool,
}

/// Files that a source distribution carries, and a wheel does not.
#[derive(Serialize)]
struct Include {
    path: String,
    format: &'static str,
}

/// `pyproject.toml`.
pub(super) fn pyproject(package: &Package) -> Result<File, toml::ser::Error> {
    let project = package.project.as_ref();
    let carried = project.iter().flat_map(|_| [SPECS, TESTS]);
    let maturin = Maturin {
        module_name: format!("{}._native", package.name),
        python_source: "python",
        include: carried.map(|folder| Include { path: format!("{folder}/**/*"), format: "sdist" }).collect(),
        sbom: Sbom { rust: false },
    };
    let manifest = Pyproject {
        build_system: BuildSystem { requires: ["maturin>=1.9,<2"], build_backend: "maturin" },
        project: metadata(package)?,
        tool: Tools { maturin, others: project.map(|project| project.tools.clone()).unwrap_or_default() },
    };
    Ok(File::plain(header(package, &toml::to_string(&manifest)?)))
}

fn metadata(package: &Package) -> Result<Metadata, toml::ser::Error> {
    let numpy = [format!("numpy{}", package.numpy), "numpy>=2.5; python_version >= '3.15'".to_owned()];
    let specs = Project {
        name: project_name(package),
        version: package.version.clone(),
        description: one_line(&super::package::summary(package)),
        readme: "README.md",
        requires_python: package.requires_python.clone(),
        license: package.license.clone(),
        authors: package.authors.iter().map(person).collect(),
        dependencies: numpy.into_iter().chain(package.requires.iter().cloned()).collect(),
        optional_dependencies: BTreeMap::from([("test", ["pytest>=8"])]),
    };
    let Some(project) = &package.project else { return Ok(Metadata::Specs(specs)) };
    let mut whole = toml::Table::try_from(specs)?;
    for (key, value) in &project.metadata {
        match (key.as_str(), value, whole.get_mut(key)) {
            // Nothing is left to be found out.
            ("dynamic", ..) => {}
            ("dependencies", toml::Value::Array(more), Some(toml::Value::Array(all))) => {
                all.extend(more.iter().cloned())
            }
            ("optional-dependencies", toml::Value::Table(more), Some(toml::Value::Table(all))) => {
                all.extend(more.clone())
            }
            _ => drop(whole.insert(key.clone(), value.clone())),
        }
    }
    Ok(Metadata::Project(whole))
}

fn person(author: &Author) -> Person {
    Person { name: author.name.clone(), email: author.email.clone() }
}

fn header(package: &Package, manifest: &str) -> String {
    format!("# Written by kernelgen from the specs of {}: edit those.\n\n{manifest}", package.name)
}
