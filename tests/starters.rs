//! What `kernelgen new` makes, with each template: the commands that it prints are run as they are printed.
//!
//! So are those of the README. What installs kernelgen from its clone is printed too, and is done once. The caches are those of tests/wheels.rs and tests/hosts.rs, so that only the kernels
//! themselves are compiled here.
#![cfg(unix)]

mod environment;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::{env, fs};

use environment::{BIN, environment, warns};

const COMMAND: &str = env!("CARGO_BIN_EXE_kernelgen");

fn tmp() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// One at a time: they install into one environment.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A command in an empty folder's `place`, with kernelgen and a virtual environment's Python on PATH.
fn command(program: &str, place: &Path) -> Command {
    let venv = environment(&tmp().join("hosts"), Path::new("tests/hosts/requirements.txt"));
    let own = [venv.join(BIN), Path::new(COMMAND).parent().expect("a folder").to_path_buf()];
    let path = env::var_os("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command
        .current_dir(place)
        .env("PATH", env::join_paths(own.into_iter().chain(env::split_paths(&path))).expect("a path"));
    command.env("VIRTUAL_ENV", venv).env("KERNELGEN_CACHE_DIR", tmp().join("wheels/cache"));
    command.env("CARGO_TARGET_DIR", tmp().join("hosts/target")).env("PYTHONDONTWRITEBYTECODE", "1");
    // What pip would fetch to build with is in the environment already. The value is pip's way to say so.
    command.env("PIP_NO_BUILD_ISOLATION", "false").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    command
}

/// What a successful run says on both streams.
#[track_caller]
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    assert!(output.status.success(), "{}\n{said}", output.status);
    said
}

/// Takes away what an earlier run installed: pip leaves a wheel alone whose version is there already.
fn uninstall(name: &str) {
    said(command("pip", tmp()).args(["uninstall", "--quiet", "--yes", name]));
}

/// Installs kernelgen by the line that is printed for it, once: with the command as cargo has built it for these tests.
fn install_kernelgen(line: &str) {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        let mut install = command("sh", tmp());
        install.args(["-c", line]).env("CARGO_TARGET_DIR", tmp().parent().expect("the target folder"));
        install.env("MATURIN_PEP517_ARGS", format!("--profile {profile}"));
        said(&mut install);
    });
}

fn clone() -> String {
    format!("pip install \"{}\"", env!("CARGO_MANIFEST_DIR"))
}

/// Starts a project and does what is printed: its folder, and what the last command says.
fn walk(template: &str) -> (PathBuf, String) {
    let place = tmp().join("starters").join(template);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).expect("a folder");
    let name = format!("new_{}", template.replace('-', "_"));
    uninstall(&name);
    let started = said(command(COMMAND, &place).args(["new", &name, "--template", template]));
    let (_, next) = started.split_once("next:\n").expect("the next commands");
    let (first, own): (Vec<_>, Vec<_>) = next.lines().map(str::trim).partition(|line| *line == clone());
    assert_eq!(first.len(), usize::from(template != "build-rs"), "{next}");
    first.into_iter().for_each(install_kernelgen);
    let readme = fs::read_to_string(place.join(&name).join("README.md")).expect("a README");
    // There pip is taken to find kernelgen.
    let same =
        own[1..].iter().all(|line| readme.contains(&format!("    {}\n", line.replace(" --no-build-isolation", ""))));
    assert!(same, "the README has other commands:\n{readme}");
    (place.join(name), said(command("sh", &place).args(["-c", &own.join(" && ")])))
}

#[test]
fn each_template_builds_and_passes_its_tests() {
    let _turn = turn();
    for template in ["reduce", "map", "body", "mixed", "build-rs"] {
        let (project, told) = walk(template);
        assert!(told.contains(" passed") && !told.contains("skipped"), "{template}: {told}");
        assert!(!warns(&told), "{template}: {told}");
        let brought = usize::from(template != "build-rs");
        for (file, times) in
            [(format!("tests/test_{}.py .", name(&project)), 1), ("test_kernels.py .".to_owned(), brought)]
        {
            assert_eq!(told.matches(&file).count(), times, "{template}: {file}: {told}");
        }
        assert!(project.join("specs/kernelgen.schema.json").is_file());
        // Nothing that stands in a file to commit is of this machine.
        for path in ["Cargo.toml", "pyproject.toml", "README.md"] {
            let text = fs::read_to_string(project.join(path)).unwrap_or_default();
            assert!(!text.contains(env!("CARGO_MANIFEST_DIR")), "{template}: {path}");
        }
    }
}

fn name(project: &Path) -> String {
    project.file_name().expect("a name").to_string_lossy().into_owned()
}

/// The blocks marked `sh` of the README, one after the other in an empty folder.
#[test]
fn the_readme_leads_to_an_installed_kernel() {
    let _turn = turn();
    let readme = include_str!("../README.md");
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script: String = ["set -e\n"].into_iter().chain(blocks).collect();
    assert!(script.contains("kernelgen new stats"), "{script}");
    let place = tmp().join("starters/readme");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).expect("a folder");
    uninstall("stats");
    install_kernelgen(&clone());
    let told = said(command("sh", &place).args(["-c", &script]));
    assert!(
        ["a build can work", "\n14.0\n", "\n36.0\n", "dist/stats-"].iter().all(|words| told.contains(words)),
        "{told}"
    );
}
