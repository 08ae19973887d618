//! The command as its users meet it: exit codes, messages, files. No test needs a network.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of its own for a test, removed at the end.
struct Temp(PathBuf);

impl Temp {
    fn new(name: &str) -> Temp {
        let path = std::env::temp_dir().join(format!("kernelgen-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Temp(path)
    }

    /// A folder with the sum kernel in `specs/`.
    fn with_specs(name: &str) -> Temp {
        let temp = Temp::new(name);
        temp.write("specs/sum.toml", include_str!("../specs/gilexample/sum.toml"));
        temp
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// `kernelgen ARGUMENTS` in this folder, with a cache in it.
    fn run(&self, arguments: &str) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
        command.current_dir(&self.0).args(arguments.split(' ')).env("KERNELGEN_CACHE_DIR", self.0.join("cache"));
        command
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    #[track_caller]
    fn says(&self, code: i32, words: &str) {
        assert!(self.code == code && self.err.contains(words), "wanted {code} and {words:?} of {self:#?}");
        assert!(!self.err.contains("panicked"), "{self:#?}");
    }
}

#[test]
fn explain_prints_the_head_of_a_body_that_is_not_written_yet() {
    let temp = Temp::new("explain");
    let spec = r#"[package]
name    = "demo"
version = "1.0"

[kernel.smooth]
dtypes    = { T = ["f32", "f64"] }
inputs    = ["x: T[n]", "p: T[2, 3]", "w: T[n]?"]
params    = ["k: usize", 'mode: "a" | "b" = "a"']
inouts    = ["z: T[n]"]
scratch   = ["buf: T[n, k]"]
outputs   = ["y: T[n]", "total: T"]
body.file = "bodies/smooth.rs"
"#;
    temp.write("specs/demo.toml", spec);
    let ran = temp.run("explain smooth");
    assert_eq!(ran.code, 0, "{ran:?}");
    let wanted = "\
// demo.smooth(x, p, w, z, /, *, k, mode=\"a\", out=None, axes=...)
// The kernel `smooth`.
// T is f32 or f64.
// In reach: n: usize.
fn smooth(
    x: ArrayView1<T>,
    p: [[T; 3]; 2],
    w: Option<ArrayView1<T>>,
    mut z: ArrayViewMut1<T>,
    mut buf: ArrayViewMut2<T>,
    mut y: ArrayViewMut1<T>,
    total: &mut T,
    k: usize,
    mode: Mode,
) {
}
";
    assert_eq!(ran.out, wanted);
    // What is printed is what `check` takes.
    let head = ran.out.split_once("fn smooth").map(|(_, head)| head.replace("{\n}", "{ *total = T(0); }")).unwrap();
    temp.write("specs/bodies/smooth.rs", &format!("fn smooth{head}"));
    assert_eq!(temp.run("check").code, 0);
    let ran = temp.run("explain rough");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("there is no kernel `rough` in `specs`"), "{ran:?}");
}

#[test]
fn exit_codes_and_messages() {
    let temp = Temp::with_specs("codes");
    temp.write("wrong/sum.toml", &temp.read("specs/sum.toml").replace("x: f64", "x: f65"));
    temp.write("foreign/gilexample/thesis.txt", "years of work");
    temp.write("file", "");
    for (arguments, code, words) in [
        ("check", 0, "gilexample: sum"),
        ("check specs/sum.toml", 0, "gilexample: sum"),
        ("check wrong", 1, "f65"),
        ("check --message-format short wrong", 1, "wrong/sum.toml:"),
        ("check nowhere", 2, "nowhere"),
        ("check --nonsense", 2, "--nonsense"),
        ("generate wrong --out made", 1, "f65"),
        ("generate --out foreign", 2, "not written by kernelgen"),
        ("generate --out file", 2, "file"),
        ("generate --out specs", 2, "lies among the specs"),
        ("new 9lives", 2, "`9lives` is no name"),
        ("new ../up", 2, "is no name"),
        ("new match", 2, "`match` is no name"),
        ("new specs", 2, "`specs` exists already"),
    ] {
        temp.run(arguments).says(code, words);
    }
    assert!(!temp.0.join("made").exists());
    assert!(!temp.0.join("match").exists());
    assert_eq!(temp.read("foreign/gilexample/thesis.txt"), "years of work");
}

#[test]
fn mistakes_and_errors_as_json() {
    let temp = Temp::with_specs("json");
    temp.write("wrong/sum.toml", &temp.read("specs/sum.toml").replace("x: f64", "x: f65"));
    for (arguments, kind) in [
        ("check wrong --message-format json", "mistake"),
        ("check nowhere --message-format json", "error"),
        ("generate --out made --dry-run --message-format json", "file"),
        ("generate --out made --message-format json", "package"),
    ] {
        let ran = temp.run(arguments);
        assert!(!ran.out.is_empty(), "{ran:#?}");
        for line in ran.out.lines() {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(object["kind"], kind, "{line}");
        }
    }
}

#[test]
fn generate_writes_lists_and_compares() {
    let temp = Temp::with_specs("generate");
    let ran = temp.run("generate --out made --dry-run");
    assert!(ran.out.contains("create made/gilexample/src/sum.rs"), "{ran:#?}");
    assert!(!temp.0.join("made").exists());

    temp.run("generate --out made --check").says(1, "kernelgen generate specs --out made");
    temp.run("generate --out made").says(0, "files written");
    temp.run("generate --out made").says(0, "nothing has changed");
    temp.run("generate --out made --check").says(0, "");

    temp.write("made/gilexample/src/sum.rs", "// mine\n");
    let ran = temp.run("generate --out made --check");
    ran.says(1, "kernelgen generate specs --out made");
    assert!(ran.out.contains("\n-// mine\n+//! `sum`"), "{ran:#?}");
}

#[test]
fn a_folder_that_is_being_written_is_left_alone() {
    let temp = Temp::with_specs("lock");
    let build = kernelgen::Build::new().specs(temp.0.join("specs")).out_dir(temp.0.join("made"));
    let rendered = build.render().unwrap();
    let package = &rendered.packages[0];
    let written = kernelgen::output::write(&package.files, &package.dir).unwrap();
    temp.run("generate --out made").says(2, "another kernelgen is writing");
    drop(written);
    temp.run("generate --out made").says(0, "");
}

#[test]
fn a_workflow_is_printed_or_written_and_nobody_elses_is_touched() {
    let temp = Temp::with_specs("ci");
    let printed = temp.run("ci github");
    assert_eq!(printed.code, 0, "{printed:?}");
    for words in
        ["  SPECS: \"specs\"\n", "          - gilexample\n", "uses: pypa/cibuildwheel@", "${{ matrix.package }}"]
    {
        assert!(printed.out.contains(words), "{words}: {}", printed.out);
    }
    assert!(!temp.0.join(".github").exists());

    let place = ".github/workflows/wheels.yml";
    temp.run("ci github --write").says(0, "commit it");
    assert_eq!(temp.read(place), printed.out);
    temp.write("specs/other/other.toml", &temp.read("specs/sum.toml").replace("gilexample", "other"));
    temp.run("ci github --write").says(0, "");
    assert!(temp.read(place).contains("          - gilexample\n          - other\n"), "{}", temp.read(place));

    temp.write(place, "name: mine\n");
    temp.run("ci github --write").says(2, "was not written by kernelgen");
    assert_eq!(temp.read(place), "name: mine\n");
    temp.run(&format!("ci github {}", temp.0.join("specs").display())).says(2, "is a path of this machine");
    temp.write("specs/sum.toml", &temp.read("specs/sum.toml").replace("x: f64", "x: f65"));
    temp.run("ci github").says(1, "f65");
}

#[test]
fn a_new_project_is_right_as_it_is() {
    let temp = Temp::new("new");
    temp.run("new stars").says(0, "next:\n    cd stars\n    pip install ");
    temp.run("check stars/specs").says(0, "stars: sum_of_squares");
    assert!(temp.read("stars/tests/test_stars.py").contains("import stars"));
    temp.run("new stars").says(2, "exists already");
    // The schema that the spec's first line names is the one that is printed.
    let first = temp.read("stars/specs/stars.toml").lines().next().unwrap().to_owned();
    let path = first.strip_prefix("#:schema ./").unwrap();
    assert_eq!(temp.read(&format!("stars/specs/{path}")), temp.run("schema").out);
}

#[cfg(unix)]
mod tools {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const CARGO: (&str, &str) = ("cargo", "echo cargo 1.95.0");
    const RUSTC: (&str, &str) = ("rustc", "echo rustc 1.95.0");
    const PYTHON: (&str, &str) = (
        "python3",
        "case $1 in -c) printf '%s\\n' $0 $0 cpython-3.11-64bit 3.11 0;; *) echo no network >&2; exit 1;; esac",
    );
    /// Leaves a wheel where it is told to, and a line for each run.
    const MATURIN: (&str, &str) = (
        "maturin",
        "if [ $1 = --version ]; then echo maturin 1.9.0; exit; fi
         echo run >> runs
         while [ $# -gt 1 ]; do [ $1 = --out ] && out=$2; shift; done
         echo wheel > $out/gilexample-0.1.0-cp311-abi3-any.whl",
    );

    impl Temp {
        /// Runs with nothing on PATH but these scripts.
        fn run_with(&self, tools: &[(&str, &str)], arguments: &str) -> Ran {
            let bin = self.0.join("bin");
            let _ = fs::remove_dir_all(&bin);
            fs::create_dir_all(&bin).unwrap();
            for (name, script) in tools {
                let path = self.write(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"));
                fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
            }
            self.command(arguments).env("PATH", bin).output().unwrap().into()
        }
    }

    #[test]
    fn what_is_missing_is_said_in_a_sentence() {
        let temp = Temp::with_specs("missing");
        let old_rustc = ("rustc", "echo rustc 1.80.1");
        let old_python = ("python3", "printf '%s\\n' $0 $0 cpython-3.9-64bit 3.9 0");
        let old_maturin = ("maturin", "echo maturin 1.4.0");
        for (tools, words) in [
            (&[][..], "cargo was not found"),
            (&[CARGO], "rustc was not found"),
            (&[CARGO, old_rustc], "rustc 1.80.1 is too old"),
            (&[CARGO, RUSTC], "no Python 3.11 or newer was found"),
            (&[CARGO, RUSTC, old_python], "no Python 3.11 or newer was found"),
            (&[CARGO, RUSTC, PYTHON], "could not be fetched (no network)"),
            (&[CARGO, RUSTC, PYTHON, old_maturin], "could not be fetched (no network)"),
        ] {
            let ran = temp.run_with(tools, "build");
            ran.says(2, words);
            assert!(ran.err.contains("  help: "), "{ran:#?}");
        }
        temp.run_with(&[CARGO, RUSTC, PYTHON], "build --offline").says(2, "`--offline` forbids");
        temp.run_with(&[CARGO, RUSTC, PYTHON], "build --python nosuch").says(2, "`nosuch` is not a Python");
        assert!(fs::read_dir(temp.0.join("dist")).map_or(0, Iterator::count) == 0);
    }

    #[test]
    fn a_wheel_is_built_once() {
        let temp = Temp::with_specs("once");
        let tools = [CARGO, RUSTC, PYTHON, MATURIN];
        let first = temp.run_with(&tools, "build");
        first.says(0, "pip install dist/gilexample-0.1.0-cp311-abi3-any.whl");
        first.says(0, "python -c 'import gilexample; print(gilexample.sum([1, 2, 3]))'");
        assert_eq!(first.out, "dist/gilexample-0.1.0-cp311-abi3-any.whl\n");
        temp.run_with(&tools, "build").says(0, "nothing has changed");
        assert_eq!(temp.read("runs"), "run\n");

        temp.write("specs/sum.toml", &temp.read("specs/sum.toml").replace("a + b", "b + a"));
        temp.run_with(&tools, "build").says(0, "built in");
        fs::remove_file(temp.0.join("dist/gilexample-0.1.0-cp311-abi3-any.whl")).unwrap();
        temp.run_with(&tools, "build").says(0, "built in");
        assert_eq!(temp.read("runs"), "run\nrun\nrun\n");
    }

    #[test]
    fn a_failed_build_leaves_the_former_wheel() {
        let temp = Temp::with_specs("failed");
        temp.write("dist/gilexample-0.1.0-cp311-abi3-any.whl", "former");
        let unreachable =
            ("maturin", "[ $1 = --version ] && echo maturin 1.9.0 || { echo error: failed to download >&2; exit 1; }");
        temp.run_with(&[CARGO, RUSTC, PYTHON, unreachable], "build").says(2, "could not be fetched");
        let full = ("maturin", "[ $1 = --version ] && echo maturin 1.9.0 || { echo disk is full >&2; exit 1; }");
        temp.run_with(&[CARGO, RUSTC, PYTHON, full], "build").says(2, "disk is full");
        let left: Vec<_> = fs::read_dir(temp.0.join("dist")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["gilexample-0.1.0-cp311-abi3-any.whl"]);
        assert_eq!(temp.read("dist/gilexample-0.1.0-cp311-abi3-any.whl"), "former");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let temp = Temp::with_specs("readonly");
        let folder = temp.0.join("made");
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        // Root may write anywhere.
        if fs::write(folder.join("probe"), "").is_err() {
            temp.run("generate --out made").says(2, "made");
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        temp.write("file", "");
        temp.run("generate --out file/deep").says(2, "file");
    }

    #[test]
    fn a_hostile_rustc_message_is_shown_where_the_text_is() {
        let temp = Temp::with_specs("rustc");
        temp.run("generate --out build/kernelgen").says(0, "");
        let rust = temp.read("build/kernelgen/gilexample/src/sum.rs");
        let start = rust.find("a + b").unwrap();
        let message = format!(
            r#"{{"message":{{"message":"cannot add","level":"error","spans":[{{"file_name":"src/sum.rs","byte_start":{},"byte_end":{},"is_primary":true,"label":"no such sum","expansion":null}}],"children":[],"rendered":""}}}}"#,
            start + 2,
            start + 3
        );
        let cargo = format!("[ $1 = --version ] && echo cargo 1.95.0 || {{ echo '{message}'; exit 1; }}");
        let maturin = ("maturin", "[ $1 = --version ] && echo maturin 1.9.0 || exit 1");
        let ran = temp.run_with(&[("cargo", &cargo), RUSTC, PYTHON, maturin], "build");
        ran.says(1, "cannot add");
        let spec = temp.read("specs/sum.toml");
        let line = 1 + spec.lines().position(|line| line.contains("a + b\"")).unwrap();
        assert!(ran.err.contains(&format!("specs/sum.toml:{line}:")), "{ran:#?}");
    }
}
