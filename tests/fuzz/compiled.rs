//! Random kernels that are right: accepted, and compiled.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::answer::{Folder, Shown, answer};
use super::dice::Dice;
use super::kernel::kernel;
use super::{fire, runner, try_many};

/// Kernels that did not compile once.
const ONCE: &str = include_str!("corpus/compiles.toml");
const PACKAGE: &str = "[package]\nname = \"random\"\nversion = \"1.0\"\n";
/// Kernels of one package.
const KERNELS: usize = 20;

fn rolls() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..300)
}

#[test]
fn right_specs_are_accepted() {
    let folder = Folder::new();
    let specs = (rolls(), 0..24_usize)
        .prop_map(|(rolls, place)| Shown(format!("{PACKAGE}{}", kernel(&mut Dice::new(&rolls), place))));
    try_many(400, specs, |spec| {
        let path = folder.write("random.toml", spec.0);
        if let Err(report) = answer(&path) {
            panic!("{}", report.human(false));
        }
    });
}

/// `cargo check` on a package. All share a target folder, so that what they stand on is compiled once.
fn compile(spec: &str, place: usize) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let folder = target.join("specs").join(place.to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("random.toml");
    std::fs::write(&path, spec).expect("written");
    // One place for all packages: to cargo, another place is another runtime.
    let packages = kernelgen::Build::new().specs(&path).out_dir(target.join("packages")).packages();
    let package = packages.unwrap_or_else(|error| panic!("{error}")).remove(0);
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--quiet", "--locked", "--message-format", "short"]).current_dir(&package.dir);
    cargo.env("CARGO_TARGET_DIR", target.join("target")).env("CARGO_TERM_COLOR", "never");
    let output = cargo.output().expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", path.display());
}

#[test]
fn right_specs_compile() {
    for place in 0..fire().unwrap_or(1) as usize {
        let mut runner = runner(1);
        let kernels = (0..KERNELS).map(|kernel_place| {
            let rolls = prop::collection::vec(any::<u16>(), 300).new_tree(&mut runner).expect("numbers").current();
            kernel(&mut Dice::new(&rolls), (kernel_place + place * KERNELS) % 40)
        });
        let (_, once) = ONCE.split_once("\n[kernel.").expect("kernels");
        compile(&format!("{PACKAGE}{}\n[kernel.{once}", kernels.collect::<String>()), place);
    }
}
