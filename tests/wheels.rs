//! From specs to wheels to Python: the command as a newcomer runs it, and pytest on what it builds.
//!
//! Everything is kept below `target/tmp/wheels`: a virtual environment for each state of `tests/python/requirements.txt`, a
//! cache of kernelgen's own, sources and wheels. Needs cargo, and a python3 with venv and pip.

mod environment;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::SystemTime;

use environment::{BIN, environment, succeed};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheels")
}

/// An empty folder for one test.
fn fresh(name: &str) -> PathBuf {
    let path = folder().join(name);
    if path.exists() {
        fs::remove_dir_all(&path).expect("removed");
    }
    fs::create_dir_all(&path).expect("created");
    path
}

/// The Python of a virtual environment with all that the tests need.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| environment(&folder(), Path::new("tests/python/requirements.txt")).join(BIN).join("python"))
}

/// The command, run in `dir`.
fn kernelgen(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
    command.args(arguments).current_dir(dir).env("KERNELGEN_CACHE_DIR", folder().join("cache"));
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a successful run says on stdout and on stderr.
#[track_caller]
fn said(output: Output) -> (String, String) {
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{}\n{out}{err}", output.status);
    (out, err)
}

/// Builds the packages below `specs` of this repository: the wheels' paths, one a line, and what was told meanwhile.
#[track_caller]
fn build(specs: &str, format: &str) -> (String, String) {
    let (out, dist) = (folder().join("out"), folder().join("dist"));
    let folders = ["--out", &out.to_string_lossy(), "--dist", &dist.to_string_lossy()].map(str::to_owned);
    let folders = folders.each_ref().map(String::as_str);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    said(kernelgen(root, &[&["build", specs, "--message-format", format], &folders[..]].concat()))
}

const SPECS: [&str; 3] = ["specs", "tests/python/specs", "tests/yardstick/specs"];

/// The wheels of all specs, built once.
fn wheels() -> &'static [PathBuf] {
    static WHEELS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    WHEELS.get_or_init(|| {
        let built = SPECS.map(|specs| build(specs, "human").0).concat();
        built.lines().map(PathBuf::from).collect()
    })
}

/// The Python that has all wheels.
fn installed() -> &'static Path {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"];
        succeed(Command::new(python()).args(pip).args(wheels()));
    });
    python()
}

#[test]
fn the_python_tests_pass_on_the_built_wheels() {
    let pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/python"];
    succeed(Command::new(installed()).args(pytest).env("PYTHONDONTWRITEBYTECODE", "1"));
}

#[test]
fn the_tests_and_the_benchmark_that_wheels_bring_run() {
    let pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "gilexample", "cookbook"];
    succeed(Command::new(installed()).args(pytest).current_dir(folder()));
    let bench = Command::new(installed()).args(["-m", "gilexample.bench", "--size", "1000"]).output().expect("runs");
    let (table, _) = said(bench);
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let kernels: Vec<_> = rows.iter().filter_map(|row| row.first().copied()).collect();
    assert_eq!(kernels, ["axpy", "axpy", "pairwise_distance", "pairwise_distance", "sum"], "{table}");
    for row in rows {
        let ratio: f64 = row.last().and_then(|cell| cell.parse().ok()).expect("a ratio");
        assert!(ratio > 0.0 && row[4] == "us", "{table}");
    }
}

/// NumPy's ufuncs replaced by ours in NumPy's own tests: `tests/yardstick/README.md`.
#[test]
#[cfg(target_os = "linux")]
fn numpys_own_tests_pass_or_are_explained() {
    succeed(Command::new(installed()).arg("tests/yardstick/run.py").env("PYTHONDONTWRITEBYTECODE", "1"));
}

/// bottleneck's reductions replaced by ours in bottleneck's own tests.
#[test]
#[cfg(target_os = "linux")]
fn bottlenecks_own_tests_pass_or_are_explained() {
    succeed(Command::new(installed()).arg("tests/yardstick/bottleneck.py").env("PYTHONDONTWRITEBYTECODE", "1"));
}

#[test]
fn wheels_are_for_every_python_from_3_11_on() {
    let packages = ["cookbook", "gilexample", "options", "prelude", "yardstick", "yardstick_bottleneck"];
    for (wheel, package) in wheels().iter().zip(packages) {
        let name = wheel.file_name().expect("a name").to_string_lossy();
        assert!(name.starts_with(&format!("{package}-0.1.0-cp311-abi3-")), "{name}");
    }
    assert_eq!(wheels().len(), 6);
}

/// The files below a folder, with their sizes and the times of their last change.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, (u64, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.append(&mut snapshot(&path));
        } else {
            let data = path.metadata().expect("readable");
            found.insert(path, (data.len(), data.modified().expect("a time")));
        }
    }
    found
}

#[test]
fn a_second_build_compiles_nothing_and_touches_no_file() {
    wheels();
    let files = || ["out", "dist"].map(|name| snapshot(&folder().join(name)));
    let before = files();
    for specs in SPECS {
        let (out, err) = build(specs, "json");
        assert!(out.lines().all(|line| line.contains(r#""kept":true"#)), "{out}");
        assert!(!err.contains("compiling"), "{err}");
    }
    assert_eq!(before, files());
}

/// Installs the wheel of a project and runs its own tests.
fn try_project(project: &Path, wheel: &str) {
    let site = project.join("site");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade", "--target"];
    succeed(Command::new(python()).args(pip).arg(&site).arg(wheel).current_dir(project));
    let pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--ignore=site"];
    succeed(Command::new(python()).args(pytest).env("PYTHONPATH", &site).current_dir(project));
}

#[test]
fn a_new_project_builds_passes_and_can_be_edited() {
    let parent = fresh("new");
    said(kernelgen(&parent, &["new", "demo"]));
    let project = parent.join("demo");
    let (wheel, _) = said(kernelgen(&project, &["build"]));
    try_project(&project, wheel.trim());

    let spec = project.join("specs/demo.toml");
    // With its reference and its example, which the package's own tests look at.
    let edited = fs::read_to_string(&spec).expect("the spec").replace("x * x", "x * x * x").replace("14.0", "36.0");
    fs::write(&spec, edited).expect("written");
    let (wheel, told) = said(kernelgen(&project, &["build", "--offline"]));
    let compiled: Vec<_> = told.lines().filter(|line| line.contains("compiling")).collect();
    assert!(
        compiled.len() == 1 && compiled[0].contains("compiling demo"),
        "only the kernels are compiled: {compiled:?}"
    );
    let test = project.join("tests/test_demo.py");
    let cubes = "import demo\n\ndef test_cubes():\n    assert demo.sum_of_squares([1, 2, 3]) == 36.0\n";
    fs::write(test, cubes).expect("written");
    try_project(&project, wheel.trim());
}

#[test]
fn what_rustc_rejects_is_shown_at_the_line_of_the_spec() {
    let project = fresh("rejected");
    let spec = r#"[package]
name    = "rejected"
version = "0.1.0"

[kernel.total]
dtypes  = { T = ["f32", "f64"] }
inputs  = ["x: T"]
outputs = ["total: T"]
reduce  = { identity = 0, combine = "a + b.weight" }
"#;
    fs::write(project.join("rejected.toml"), spec).expect("written");
    let output = kernelgen(&project, &["build", "rejected.toml"]);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("--> rejected.toml:9:44"), "{err}");
    assert!(err.contains("weight"), "{err}");
    assert!(!err.contains(".rs:"), "no line of generated code: {err}");
    assert!(!project.join("dist").exists() || snapshot(&project.join("dist")).is_empty());
}

#[test]
fn what_rustc_rejects_in_a_body_is_shown_at_its_own_line() {
    let project = fresh("rejected_body");
    let spec = r#"[package]
name    = "rejected"
version = "0.1.0"
crates  = { either = { version = "1", default-features = false } }

[kernel.inline]
dtypes    = { T = ["f32", "f64"] }
inputs    = ["x: T[n]"]
outputs   = ["y: T[n]"]
body.rust = '''
for i in 0..n {
    y[i] = x[i].weight;
}
'''

[kernel.filed]
inputs    = ["x: f64[n]"]
outputs   = ["y: f64[n]"]
body.file = "bodies/filed.rs"
"#;
    let body = "fn helper(x: f64) -> f64 {\n    x + true\n}\n\nfn filed(x: ArrayView1<f64>, mut y: ArrayViewMut1<f32>) {\n    \
                y[0] = helper(x[0]);\n}\n";
    fs::create_dir_all(project.join("bodies")).expect("a folder");
    fs::write(project.join("rejected.toml"), spec).expect("written");
    fs::write(project.join("bodies/filed.rs"), body).expect("written");
    let output = kernelgen(&project, &["build", "rejected.toml"]);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{err}");
    for place in ["--> rejected.toml:12:17", "bodies/filed.rs:2:7", "bodies/filed.rs:5:"] {
        assert!(err.contains(place), "{place}: {err}");
    }
    assert!(!err.contains("src/"), "no line of generated code: {err}");

    // With what is wrong mended, it builds with the crate.
    let spec = spec.replace("x[i].weight", "either::Either::<T, T>::Left(x[i]).into_inner()");
    fs::write(project.join("rejected.toml"), spec).expect("written");
    fs::write(project.join("bodies/filed.rs"), body.replace("true", "1.0").replace("f32", "f64")).expect("written");
    let (wheel, _) = said(kernelgen(&project, &["build", "rejected.toml"]));
    let site = project.join("site");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target"];
    succeed(Command::new(python()).args(pip).arg(&site).arg(wheel.trim()).current_dir(&project));
    let check =
        "import rejected; assert rejected.inline([1, 2]).tolist() == [1, 2]; assert rejected.filed([1.0])[0] == 2.0";
    succeed(Command::new(python()).args(["-c", check]).env("PYTHONPATH", &site).current_dir(&project));
}
