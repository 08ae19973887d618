//! Kernels inside somebody's own crate, built as its author builds them: cargo, maturin, pip.
//!
//! `plain` is made of the blocks of docs/building.md, one after the other; `strict` is a copy of
//! `tests/hosts/strict`. Everything is kept below `target/tmp/hosts`, with one target folder, so that pyo3 is compiled
//! once. Needs cargo, a network at the first run, and a python3 with venv and pip.

mod environment;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use std::{env, fs};

use environment::{BIN, environment, succeed, warns};

const DOCUMENT: &str = include_str!("../docs/building.md");
const SECTION: &str = "\n## In your own crate, from build.rs\n";

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosts")
}

/// One build at a time: they share a target folder, and one of them is timed.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A host crate on disk, and what its author has around it.
struct Host {
    dir: PathBuf,
}

impl Host {
    /// An empty folder, and room for what stands beside it. Its path has a space in it.
    fn new(name: &str) -> Host {
        let parent = folder().join("with a space").join(name);
        let _ = fs::remove_dir_all(&parent);
        fs::create_dir_all(&parent).expect("a folder");
        Host { dir: parent.join("host") }
    }

    /// A copy of `tests/hosts/strict`. To cargo all copies are one crate, in one place of the target folder: what makes it
    /// build them anew is that their files are new.
    fn strict(name: &str) -> Host {
        let host = Host::new(name);
        copy(&checkout().join("tests/hosts/strict"), &host.dir);
        host
    }

    /// Writes a file; what a manifest takes from `../kernelgen` is in this checkout.
    fn write(&self, path: &str, text: &str) {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, here(text)).expect("written");
    }

    fn edit(&self, path: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.dir.join(path)).expect("a file of the host");
        assert!(text.contains(old), "{path} has no {old}");
        self.write(path, &text.replace(old, new));
    }

    /// A command in the host's folder, in the virtual environment.
    fn command(&self, program: &str) -> Command {
        static VENV: LazyLock<PathBuf> =
            LazyLock::new(|| environment(&folder(), &checkout().join("tests/hosts/requirements.txt")));
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([VENV.join(BIN)].into_iter().chain(env::split_paths(&path))).expect("a path");
        let mut command = Command::new(find(program, &path));
        command.current_dir(&self.dir).env("PATH", path).env("VIRTUAL_ENV", &*VENV);
        command.env("CARGO_TARGET_DIR", folder().join("target")).env("CARGO_TERM_COLOR", "never");
        // What pip would fetch to build with is in the environment already. The value is pip's way to say so.
        command.env("PIP_NO_BUILD_ISOLATION", "false").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// Runs a command line that must end well: what it says on both streams.
    #[track_caller]
    fn run(&self, line: &str) -> String {
        let (output, said) = self.output(line);
        assert!(output.status.success(), "{line}: {}\n{said}", output.status);
        said
    }

    /// The same for one that must fail.
    #[track_caller]
    fn fail(&self, line: &str) -> String {
        let (output, said) = self.output(line);
        assert!(!output.status.success(), "{line}\n{said}");
        said
    }

    fn output(&self, line: &str) -> (Output, String) {
        let (program, arguments) = line.split_once(' ').unwrap_or((line, ""));
        let mut command = self.command(program);
        let output = command.args(arguments.split_whitespace()).output();
        let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
        (output, said)
    }

    /// Runs pytest on the installed wheel.
    fn pytest(&self, tests: &str) {
        let tests = checkout().join("tests/hosts").join(tests);
        let pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"];
        // Not in the host's folder, which Python would import in place of the wheel.
        succeed(self.command("python").args(pytest).arg(tests).current_dir(folder()));
    }
}

/// The text with its path dependencies on kernelgen in this checkout.
fn here(text: &str) -> String {
    text.replace("\"../kernelgen", &format!("\"{}", checkout().display().to_string().replace('\\', "/")))
}

/// Copies a folder of text files, each through [`here`].
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("readable").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::write(target, here(&fs::read_to_string(&path).expect("text"))).expect("written");
        }
    }
}

/// A program on `path`; [`Command`] itself looks on the path of this process.
fn find(program: &str, path: &OsString) -> PathBuf {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path).map(|folder| folder.join(&name)).find(|path| path.is_file()).unwrap_or_else(|| name.into())
}

/// The crates that a build compiled.
fn compiled(said: &str) -> Vec<&str> {
    let lines = said.lines().filter_map(|line| line.trim_start().strip_prefix("Compiling "));
    lines.filter_map(|rest| rest.split(' ').next()).collect()
}

/// Looks for words on a page of what rustdoc wrote of the strict host.
#[track_caller]
fn documents(item: &str, words: &[&str]) {
    let page = folder().join("target/doc/strict").join(format!("{item}.html"));
    let page = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    for word in words {
        assert!(page.contains(word), "{item} has no {word}");
    }
}

/// The blocks of the section on build.rs: what kind each is, and its text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let (_, section) = DOCUMENT.split_once(SECTION).expect("the section");
    let section = section.split("\n## ").next().unwrap_or(section);
    let fenced = section.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a block of lines")).collect()
}

/// Goes through the blocks: files are written, commands run. Gives what the commands say.
fn walk(host: &Host) -> String {
    let parent = host.dir.parent().expect("a folder").to_path_buf();
    let mut said = String::new();
    let decoy = parent.join("Cargo.toml");
    let mut dir = parent;
    for (kind, text) in blocks() {
        if kind != "sh" {
            let (first, _) = text.split_once('\n').expect("a file of lines");
            let path = first.trim_start_matches(['#', '/', ' ']);
            host.write(path, &format!("{text}\n"));
            continue;
        }
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("cd ") {
                dir.push(name);
                continue;
            }
            if line.starts_with("cargo new") {
                // Otherwise it makes the crate a member of the workspace that it finds above, this repository's.
                fs::write(&decoy, "[workspace]\n").expect("written");
            }
            let mut shell = host.command("sh");
            let output = shell.args(["-c", line]).current_dir(&dir).output().expect("a shell");
            let _ = fs::remove_file(&decoy);
            let out = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{line}\n{out}{}", String::from_utf8_lossy(&output.stderr));
            said.push_str(&out);
        }
    }
    assert_eq!(dir, host.dir, "the walk ends in the host's folder");
    said
}

#[cfg(unix)]
#[test]
fn the_walk_of_the_document_leads_to_a_wheel() {
    let _turn = turn();
    let host = Host::new("plain");
    let said = walk(&host);
    assert_eq!(said.matches("6.0 42.0\n").count(), 2, "{said}");
    assert!(said.contains("test tests::kernels_are_functions ... ok"), "{said}");
    assert!(said.contains("sum: _typing.Final[_Reduction_sum]\n"), "{said}");
    host.pytest("plain");
}

#[test]
fn a_strict_host_builds_without_a_warning_and_tests_without_python() {
    let _turn = turn();
    let host = Host::strict("strict");
    for line in [
        "cargo test --no-default-features",
        "cargo clippy --no-default-features --all-targets -- -D warnings",
        "cargo doc --no-default-features --no-deps",
    ] {
        let (output, said) = host.output(line);
        assert!(output.status.success() && !warns(&said), "{line}\n{said}");
    }
    documents("gilexample/sum/fn.f64", &["in double precision", "summed pairwise", "Operand"]);
    documents(
        "stats/mean_var/fn.f32",
        &["Mean and variance", "<code>T</code> is <code>f32</code>", "<code>ddof</code>: "],
    );

    let said = host.run("cargo test --no-default-features --no-run --verbose");
    assert!(!said.contains("Running `") && !said.contains("Dirty"), "an unchanged build does something:\n{said}");
}

#[test]
fn the_wheel_of_a_strict_host_has_its_own_functions_kernels_and_stubs() {
    let _turn = turn();
    let host = Host::strict("wheel");
    let build = "maturin build --release --manifest-path extension/Cargo.toml --out dist";
    let said = host.run(build);
    assert!(!warns(&said), "{said}");
    host.run("pip install --quiet --force-reinstall --no-deps --no-index --find-links dist strict");
    host.pytest("strict");
    let typed = checkout().join("tests/hosts/strict/typed.py");
    succeed(
        host.command("python").args(["-m", "mypy", "--strict", "--no-incremental"]).arg(typed).current_dir(folder()),
    );

    assert_eq!(compiled(&host.run(build)), [""; 0], "an unchanged build compiles something");
    host.edit("extension/specs/stats/stats.toml", "maximum(a, b)", "if a < b { b } else { a }");
    let start = Instant::now();
    assert_eq!(compiled(&host.run(build)), ["strict"]);
    println!("an edited body took {:.1} s, with the wheel", start.elapsed().as_secs_f64());
}

#[test]
fn a_mistake_reads_as_it_does_in_the_terminal() {
    let _turn = turn();
    let host = Host::strict("mistake");
    host.edit("extension/specs/sums/sum.toml", "x: f64", "x: f65");
    let said = host.fail("cargo check --no-default-features");
    let said: Vec<_> = said.lines().map(str::trim_start).collect();
    let drawn = "error[unknown-dtype]: unknown dtype `f65`\n--> specs/sums/sum.toml:";
    assert!(said.join("\n").contains(drawn), "{said:#?}");
    assert!(said.iter().any(|line| line.starts_with("= help: did you mean `f64`?")), "{said:#?}");
}

#[test]
fn what_rustc_rejects_names_the_generated_file() {
    let _turn = turn();
    let host = Host::strict("rejected");
    host.edit("extension/specs/sums/sum.toml", "a + b", "a + b.weight");
    let said = host.fail("cargo check --no-default-features");
    assert!(said.contains("gilexample/sum.rs:") && said.contains("a + b.weight"), "{said}");
}

#[test]
fn a_runtime_of_another_version_is_one_clear_error() {
    let _turn = turn();
    let host = Host::strict("version");
    copy(&checkout().join("templates/runtime"), &host.dir.join("runtime"));
    host.edit("runtime/Cargo.toml", concat!("\nversion = \"", env!("CARGO_PKG_VERSION")), "\nversion = \"99.0.0");
    host.edit("Cargo.toml", "[workspace]", "[workspace]\nexclude = [\"runtime\"]");
    let ours = here("\"../kernelgen/templates/runtime\"");
    host.edit("extension/Cargo.toml", &ours, "\"../runtime\"");
    host.edit("extension/src/lib.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/kernelgen/stats.rs\"));", "");
    fs::remove_dir_all(host.dir.join("extension/tests")).expect("removed");
    let said = host.fail("cargo check --no-default-features");
    assert!(said.contains("wrote this code, and kernelgen-runtime is of another version"), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("error")).count(), 2, "the error and cargo's:\n{said}");
}

#[test]
fn a_host_builds_offline() {
    let _turn = turn();
    let first = Host::strict("online");
    first.run("cargo fetch");
    let host = Host::strict("offline");
    host.run("cargo check --offline --no-default-features");
}

#[test]
fn the_document_counts_the_crates_of_a_build_script() {
    let host = Host { dir: checkout().to_path_buf() };
    let said =
        host.run("cargo tree --quiet --locked --no-default-features -e normal --prefix none --no-dedupe --format {p}");
    let mut crates: Vec<_> = said.lines().filter_map(|line| line.split(' ').next()).collect();
    crates.sort_unstable();
    crates.dedup();
    let sentence = format!("In a build script kernelgen brings {} crates", crates.len());
    assert!(DOCUMENT.contains(&sentence), "docs/building.md should say: {sentence}");
}
