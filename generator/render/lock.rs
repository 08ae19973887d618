//! `Cargo.lock`: the runtime's dependencies as kernelgen was tested with them, and the package's own entry.

use crate::model::Package;

use super::files::File;
use super::manifest::crate_name;

const SHIPPED: &str = include_str!("../../templates/package/Cargo.lock");
const ENTRY: &str = "[[package]]\n";

/// The lock file; none where it cannot be complete, and cargo has to write it: a package with crates
/// of its own, or one that is called like a dependency.
pub(super) fn render(package: &Package) -> Option<File> {
    let name = crate_name(package);
    let taken = SHIPPED.lines().any(|line| line == format!("name = \"{name}\""));
    if taken || !package.crates.is_empty() {
        return None;
    }
    let own = format!("name = \"{name}\"\nversion = \"0.0.0\"\ndependencies = [\n \"kernelgen-runtime\",\n]\n");
    let mut entries = SHIPPED.split(ENTRY);
    let head = entries.next().unwrap_or_default();
    let mut entries: Vec<String> = entries.map(|entry| format!("{}\n", entry.trim_end())).chain([own]).collect();
    entries.sort_by(|a, b| entry_name(a).cmp(entry_name(b)));
    let entries: Vec<String> = entries.into_iter().map(|entry| format!("{ENTRY}{entry}")).collect();
    Some(File::plain(format!("{head}{}", entries.join("\n"))))
}

fn entry_name(entry: &str) -> &str {
    entry.lines().next().unwrap_or_default()
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_lock_has_the_dependencies_of_the_runtime() {
        let text = kernelgen_runtime::source::FILES.iter().find(|(path, _)| *path == "Cargo.toml").unwrap().1;
        let manifest: toml::Table = text.parse().unwrap();
        let tables = ["dependencies", "build-dependencies"].map(|table| manifest[table].as_table().unwrap());
        let wanted: BTreeSet<&str> = tables.into_iter().flat_map(|table| table.keys().map(String::as_str)).collect();

        let lock: toml::Table = super::SHIPPED.parse().unwrap();
        let packages = lock["package"].as_array().unwrap();
        let runtime = packages.iter().find(|each| each["name"].as_str() == Some("kernelgen-runtime")).unwrap();
        let locked = runtime["dependencies"].as_array().unwrap().iter().filter_map(|each| each.as_str()).collect();
        assert_eq!(wanted, locked, "templates/README.md says how to renew templates/package/Cargo.lock");
    }
}
