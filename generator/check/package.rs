//! A package: what the wheel's metadata wants, and its kernels.

use std::collections::BTreeMap;

use super::{kernel, names, prose};
use crate::diag::{Diagnostic, Mistake, Sources, mistakes};
use crate::model;
use crate::spec::{self, Folder, Text};

/// Checks one package. What is wrong has been reported; the package is then not to be used.
pub fn check(folder: &Folder, sources: &Sources, log: &mut Vec<Diagnostic>) -> model::Package {
    let given = &folder.package;
    distinct(&folder.kernels, log);
    let mut kernels: Vec<_> = folder.kernels.iter().collect();
    kernels.sort_by(|left, right| {
        (&left.file, left.name.span.range.start).cmp(&(&right.file, right.name.span.range.start))
    });
    if kernels.is_empty() && !folder.partial {
        log.push(mistakes::NO_KERNELS.at(&given.span, &[]));
    }
    let text = |text: &Option<Text>, default: &str| text.as_ref().map_or(default, |text| text.value.trim()).to_owned();
    metadata(given, log);
    let project = folder.project.as_ref().map(|project| project_of(project, folder, log));
    let crates = given.crates.iter().map(|(name, given)| {
        let part = model::Crate {
            version: text(&given.version, "*"),
            features: given.features.iter().map(|feature| feature.value.clone()).collect(),
            default_features: given.default_features.as_ref().is_none_or(|flag| flag.value),
        };
        (name.value.clone(), part)
    });
    model::Package {
        name: text(&given.name, ""),
        version: text(&given.version, ""),
        summary: text(&given.summary, ""),
        license: given.license.as_ref().map(|license| license.value.trim().to_owned()),
        authors: given.authors.iter().map(author).collect(),
        requires_python: text(&given.requires_python, ">=3.11"),
        numpy: text(&given.numpy, ">=2.1"),
        requires: given.requires.iter().map(|text| text.value.trim().to_owned()).collect(),
        crates: crates.collect(),
        project,
        kernels: kernels
            .into_iter()
            .filter_map(|given| kernel::check(given, &folder.package.defaults, sources, log))
            .collect(),
    }
}

/// The project around a package.
fn project_of(given: &spec::Project, folder: &Folder, log: &mut Vec<Diagnostic>) -> model::Project {
    const KNOWN: [&str; 7] =
        ["version", "description", "readme", "requires-python", "license", "authors", "dependencies"];
    for text in given.dynamic.iter().filter(|text| !KNOWN.contains(&&*text.value)) {
        log.push(mistakes::DYNAMIC.at(&text.span, &[&text.value.escape_debug()]));
    }
    model::Project {
        root: given.root.clone(),
        metadata: given.metadata.clone(),
        tools: given.tools.clone(),
        python: given.python.clone(),
        specs: folder.path.clone(),
    }
}

/// Packages of one run have different names: each is written to a folder of its name.
pub fn apart(folders: &[Folder], log: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, &Text> = BTreeMap::new();
    for name in folders.iter().filter_map(|folder| folder.package.name.as_ref()) {
        match seen.get(&*name.value) {
            None => drop(seen.insert(&name.value, name)),
            Some(first) => {
                let diagnostic = mistakes::SAME_PACKAGE.at(&name.span, &[&name.value]);
                log.push(diagnostic.label(&first.span, "first used here"));
            }
        }
    }
}

fn author(given: &spec::Author) -> model::Author {
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    model::Author { name: text(&given.name), email: text(&given.email) }
}

/// Kernels are files of Rust and names of Python: each name once, also where case does not count.
fn distinct(kernels: &[spec::Kernel], log: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, &spec::Name> = BTreeMap::new();
    for kernel in kernels {
        match seen.get(&kernel.name.value.to_lowercase()) {
            None => drop(seen.insert(kernel.name.value.to_lowercase(), &kernel.name)),
            Some(first) => {
                let same = first.value == kernel.name.value;
                let mistake = if same { mistakes::DUPLICATE_NAME } else { mistakes::SIMILAR_NAMES };
                let diagnostic = mistake.at(&kernel.name.span, &[&kernel.name.value, &first.value]);
                log.push(diagnostic.label(&first.span, "first used here"));
            }
        }
    }
}

/// Everything of `[package]` that goes into manifests.
fn metadata(given: &spec::Package, log: &mut Vec<Diagnostic>) {
    let mut required = |text: &Option<Text>, key: &str, example: &str| {
        if text.is_none() {
            log.push(mistakes::MISSING_KEY.at(&given.span, &[&key, &example]));
        }
    };
    required(&given.name, "name", "name = \"stats\"");
    required(&given.version, "version", "version = \"0.1.0\"");
    if let Some(name) = &given.name {
        let mut start = 0;
        for part in name.value.split('.') {
            let span = if part.is_empty() { name.span.clone() } else { name.part(start..start + part.len()) };
            names::identifier(part, &span, log);
            start += part.len() + 1;
        }
        if ["numpy", "kernelgen", "kernelgen_runtime", "std", "core", "test"].contains(&&*name.value) {
            let why = "a package of this name would hide another one";
            log.push(mistakes::RESERVED_NAME.at(&name.span, &[&name.value, &why]));
        }
    }
    let mut demand = |text: Option<&Text>, right: fn(&str) -> bool, mistake: Mistake| {
        if let Some(text) = text
            && !right(text.value.trim())
        {
            log.push(mistake.at(&text.span, &[&text.value.escape_debug()]));
        }
    };
    demand(given.version.as_ref(), is_version, mistakes::PACKAGE_VERSION);
    demand(given.license.as_ref(), is_license, mistakes::LICENSE);
    demand(given.requires_python.as_ref(), is_specifiers, mistakes::SPECIFIER);
    demand(given.numpy.as_ref(), is_specifiers, mistakes::SPECIFIER);
    given.requires.iter().for_each(|text| demand(Some(text), is_requirement, mistakes::REQUIREMENT));
    for (name, part) in &given.crates {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if !name.value.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.value.chars().all(plain) {
            log.push(mistakes::CRATE_NAME.at(&name.span, &[&name.value.escape_debug()]));
        }
        let version = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || " .,*+-<>=^~".contains(c))
        };
        if let Some(text) = part.version.as_ref().filter(|text| !version(&text.value)) {
            log.push(mistakes::CRATE_VERSION.at(&text.span, &[&text.value.escape_debug()]));
        }
    }
    let people = given.authors.iter().flat_map(|author| author.name.iter().chain(&author.email));
    for text in people.chain(&given.summary) {
        if prose::characters(text, log) {
            prose::one_line(text, if text.value.contains('@') { "email" } else { "text" }, log);
        }
    }
}

/// A version by PEP 440: `[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]`, in its usual spelling.
fn is_version(text: &str) -> bool {
    let (public, local) = text.split_once('+').map_or((text, None), |(public, local)| (public, Some(local)));
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    if local.is_some_and(|local| !local.split('.').all(word)) {
        return false;
    }
    let rest = match public.split_once('!') {
        Some((epoch, rest)) if number(epoch) => rest,
        Some(_) => return false,
        None => public,
    };
    let release = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (release, mut rest) = rest.split_at(release);
    let (release, dotted) = release.strip_suffix('.').map_or((release, false), |release| (release, true));
    if !release.split('.').all(number) {
        return false;
    }
    let mut dotted = dotted;
    for (words, dot) in [(&["a", "b", "rc"][..], false), (&["post"], true), (&["dev"], true)] {
        let Some(after) = words.iter().find_map(|word| rest.strip_prefix(word)).filter(|_| dotted == dot) else {
            continue;
        };
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        if digits == 0 {
            return false;
        }
        rest = &after[digits..];
        dotted = rest.starts_with('.');
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    rest.is_empty() && !dotted
}

fn number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 18 && text.chars().all(|c| c.is_ascii_digit())
}

/// An SPDX expression: names, versions, brackets, AND, OR, WITH.
fn is_license(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || " .-+():".contains(c);
    !text.is_empty() && text.len() <= 200 && text.chars().all(plain)
}

/// Version specifiers, `>=3.11,<4`.
fn is_specifiers(text: &str) -> bool {
    text.split(',').all(|one| {
        let one = one.trim();
        let version = one.trim_start_matches(['=', '!', '<', '>', '~']);
        let operator = &one[..one.len() - version.len()];
        let wild = version.trim().strip_suffix(".*").unwrap_or(version.trim());
        ["==", "!=", "<=", ">=", "<", ">", "~=", "==="].contains(&operator) && is_version(wild)
    })
}

/// A requirement by PEP 508, without URLs: `pandas[extra] >=2; marker`.
fn is_requirement(text: &str) -> bool {
    let (wanted, marker) = text.split_once(';').map_or((text, ""), |(wanted, marker)| (wanted, marker));
    let name = wanted.find(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c)).unwrap_or(wanted.len());
    let (name, rest) = wanted.trim_start().split_at(name.min(wanted.trim_start().len()));
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((extras, rest)) if extras.chars().all(|c| c.is_ascii_alphanumeric() || "._-, ".contains(c)) => rest,
        _ => rest,
    };
    let printable = marker.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && printable
        && (rest.trim().is_empty() || is_specifiers(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_pep_440() {
        for right in ["1", "0.1.0", "1!2.0", "1.0a1", "1.0rc2.post3.dev4", "1.0.dev0", "1.0+local.7", "2024.1.post1"] {
            assert!(is_version(right), "{right}");
        }
        for wrong in ["", "1.", "v1", "1.0-beta", "1.0a", "1..0", "1.0\nx", "1.0+", "1.0.a1", "1.0post1"] {
            assert!(!is_version(wrong), "{wrong}");
        }
    }

    #[test]
    fn requirements_name_packages_and_versions() {
        assert!(is_specifiers(">=3.11, <4") && is_specifiers("==2.*") && !is_specifiers("3.11") && !is_specifiers(""));
        assert!(is_requirement("pandas") && is_requirement("dask[array]>=2024.1; python_version < \"3.13\""));
        assert!(!is_requirement("") && !is_requirement("a b") && !is_requirement("pandas @ file:///tmp/x"));
    }
}
