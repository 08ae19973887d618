//! The Python side of kernelgen as its users meet it: the wheel with the command, and the build backend behind pip.
//!
//! `tests/plugin` has the projects. Everything is kept below `target/tmp/plugin`, except what is compiled: kernelgen itself is
//! the command that cargo has built, and kernels use the cache of `tests/wheels.rs`. Needs cargo, a network at the first
//! run, and a python3 with venv and pip.

mod environment;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::{env, fs};

use environment::{BIN, environment, succeed};

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn folder() -> PathBuf {
    temporary().join("plugin")
}

/// One build at a time: the tests install into one environment.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An environment of somebody who has no kernelgen.
fn other() -> &'static Path {
    static OTHER: LazyLock<PathBuf> =
        LazyLock::new(|| environment(&folder().join("other"), &checkout().join("tests/plugin/requirements.txt")));
    &OTHER
}

/// An environment of somebody who has installed kernelgen.
fn user() -> &'static Path {
    static USER: LazyLock<PathBuf> = LazyLock::new(|| {
        let venv = environment(&folder().join("user"), &checkout().join("tests/plugin/requirements.txt"));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"];
        succeed(Command::new(venv.join(BIN).join("python")).args(pip).arg(wheel()));
        venv
    });
    &USER
}

/// The wheel of kernelgen, with the command as cargo has built it for these tests.
fn wheel() -> &'static Path {
    static WHEEL: LazyLock<PathBuf> = LazyLock::new(|| {
        let dist = folder().join("dist");
        let _ = fs::remove_dir_all(&dist);
        let maturin = other().join(BIN).join("maturin");
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        let mut command = Command::new(maturin);
        command.args(["build", "--quiet", "--profile", profile, "--compatibility", "linux", "--out"]).arg(&dist);
        command.current_dir(checkout()).env("CARGO_TARGET_DIR", temporary().parent().expect("the target folder"));
        let (well, told) = said(&mut command);
        assert!(well, "{told}");
        files(&dist).pop().expect("a wheel")
    });
    &WHEEL
}

/// A folder with all that pip needs to build a project and to test it: kernelgen as it is here, and what comes from an index.
fn house() -> &'static Path {
    static HOUSE: LazyLock<PathBuf> = LazyLock::new(|| {
        let (fetched, house) = (folder().join("fetched"), folder().join("house"));
        if !fetched.exists() {
            let download = ["-m", "pip", "download", "--quiet", "maturin>=1.9,<2", "pytest>=8", "--dest"];
            succeed(Command::new(other().join(BIN).join("python")).args(download).arg(&fetched));
        }
        let _ = fs::remove_dir_all(&house);
        copy(&fetched, &house);
        fs::copy(wheel(), house.join(wheel().file_name().expect("a name"))).expect("copied");
        house
    });
    &HOUSE
}

/// The files directly in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()).collect()
}

/// A copy of a project of `tests/plugin`, and somebody at work on it.
struct Project {
    dir: PathBuf,
    venv: PathBuf,
}

impl Project {
    /// Its path has a space in it.
    fn new(name: &str, test: &str) -> Project {
        let dir = folder().join("with a space").join(test);
        let _ = fs::remove_dir_all(&dir);
        copy(&checkout().join("tests/plugin").join(name), &dir);
        Project { dir, venv: user().to_path_buf() }
    }

    fn edit(&self, path: &str, old: &str, new: &str) {
        let path = self.dir.join(path);
        let text = fs::read_to_string(&path).expect("a file of the project");
        assert!(text.contains(old), "{} has no {old}", path.display());
        fs::write(path, text.replace(old, new)).expect("written");
    }

    /// Python in the project's environment, which imports nothing from the folder that it runs in.
    fn python(&self) -> Command {
        let mut command = Command::new(self.venv.join(BIN).join("python"));
        command.current_dir(self.dir.parent().expect("a folder"));
        command.env("KERNELGEN_CACHE_DIR", temporary().join("wheels/cache")).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PYTHONSAFEPATH", "1");
        // What pip would fetch to build with is in the environment already. The value is pip's way to say so.
        command.env("PIP_NO_BUILD_ISOLATION", "false").env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        command.env_remove("CARGO_TARGET_DIR");
        command
    }

    /// A command of pip's on the project.
    fn pip(&self, arguments: &[&str]) -> Command {
        let mut command = self.python();
        command.args(["-m", "pip"]).args(arguments).current_dir(&self.dir);
        command
    }

    /// What a script says on both streams, and whether it ended well.
    fn script(&self, text: &str) -> (bool, String) {
        said(self.python().args(["-c", text]))
    }

    /// The same for a script that must end well.
    #[track_caller]
    fn check(&self, text: &str) -> String {
        let (well, said) = self.script(text);
        assert!(well, "{text}\n{said}");
        said
    }
}

/// What a command says on both streams, and whether it ended well.
fn said(command: &mut Command) -> (bool, String) {
    let output: Output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    (output.status.success(), said)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for path in files(from) {
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

#[test]
fn the_wheel_of_kernelgen_has_the_command_and_the_backend() {
    let _turn = turn();
    let name = wheel().file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with(concat!("kernelgen-", env!("CARGO_PKG_VERSION"), "-py3-none-")), "{name}");
    let project = Project { dir: folder().join("nowhere"), venv: user().to_path_buf() };
    let version = concat!("kernelgen ", env!("CARGO_PKG_VERSION"));
    let (_, by_module) = said(project.python().args(["-m", "kernelgen", "--version"]));
    let (_, by_name) = said(Command::new(user().join(BIN).join("kernelgen")).arg("--version"));
    assert_eq!([by_module.trim(), by_name.trim()], [version; 2]);
    // Exit codes come through.
    let output = project.python().args(["-m", "kernelgen", "check", "nowhere"]).output().expect("runs");
    assert_eq!(output.status.code(), Some(2));
    project.check(
        "import importlib.metadata as m, kernelgen, kernelgen.build as b
assert kernelgen.__version__ == m.version('kernelgen')
assert [r.split('>')[0] for r in m.requires('kernelgen')] == ['maturin'], m.requires('kernelgen')
assert {f.name for f in m.files('kernelgen')} >= {'LICENSE-MIT', 'LICENSE-APACHE'}
assert '# kernelgen' in m.metadata('kernelgen').get_payload()
assert all(callable(getattr(b, name)) for name in b.__all__) and len(b.__all__) == 8",
    );
}

/// In an isolated environment, as by default; pip takes what goes into that from a folder.
#[test]
fn pip_installs_specs_with_the_metadata_of_their_project() {
    let _turn = turn();
    let project = Project::new("plain", "plain");
    let mut install = project.pip(&["install", "--no-index", "--no-deps", "--force-reinstall", "."]);
    install.env_remove("PIP_NO_BUILD_ISOLATION");
    // pip separates these by blanks, and would take the path with a space for two.
    let links = project.dir.join("links");
    copy(house(), &links);
    let (well, told) = said(install.arg("--find-links").arg(&links));
    assert!(well, "{told}");
    project.check(
        "import importlib.metadata as m, numpy as np, plain_kernels as p
assert p.total([1, 2, 3]) == 6 and p.reversed([1.0, 2.0]).tolist() == [2.0, 1.0] and p.__version__ == '0.3.0'
d = m.metadata('plain-kernels')
assert d['Name'] == 'plain-kernels' and d['Version'] == '0.3.0' and d['Summary'] == 'Kernels and nothing else.', d
assert d['License-Expression'] == 'MIT' and d.get_all('License-File') == ['licenses/MIT.txt'], d
assert d['Author-email'] == 'Ada <ada@example.org>' and d['Keywords'] == 'numpy', d
assert d['Requires-Python'] == '>=3.11' and d.get_all('Classifier') == ['Topic :: Scientific/Engineering'], d
assert d.get_all('Requires-Dist') == ['numpy>=2.1', \"numpy>=2.5 ; python_full_version >= '3.15'\", \"pytest ; extra == 'test'\"], d
assert d.get_all('Project-URL') == ['Home, https://example.org']
assert d.get_payload().startswith('# Plain\\n\\nA README with “signs” of its own.'), d.get_payload()
files = {str(f) for f in m.files('plain-kernels')}
assert any(f.endswith('licenses/MIT.txt') for f in files) and 'plain_kernels/py.typed' in files, files
assert not any('specs' in f or 'runtime' in f for f in files), files
(entry,) = m.entry_points(group='plain')
assert entry.load() is p.total",
    );
    let (_, config) = said(&mut Command::new(user().join(BIN).join("plain-config")));
    assert!(config.contains("'runtime': "), "{config}");
    assert!(!project.dir.join("dist").exists());
}

#[test]
fn a_source_distribution_builds_without_kernelgen_and_without_a_network() {
    let _turn = turn();
    let mut project = Project::new("plain", "sdist");
    let build = ["-m", "build", "--no-isolation", "--sdist", "."];
    let (well, told) = said(project.python().args(build).current_dir(&project.dir));
    assert!(well && told.contains("plain_kernels-0.3.0.tar.gz"), "{told}");
    let archive = project.dir.join("dist/plain_kernels-0.3.0.tar.gz");
    let list = "import sys, tarfile; print(*sorted(tarfile.open(sys.argv[1]).getnames()), sep='\\n')";
    let (_, names) = said(project.python().args(["-c", list]).arg(&archive));
    for name in [
        "Cargo.lock",
        "Cargo.toml",
        "PKG-INFO",
        "README.md",
        "licenses/MIT.txt",
        "pyproject.toml",
        "python/plain_kernels/__init__.pyi",
        "runtime/src/lib.rs",
        "specs/bodies/reversed.rs",
        "specs/plain.toml",
        "src/total.rs",
        "tests/data/numbers.txt",
        "tests/test_plain.py",
    ] {
        let whole = format!("plain_kernels-0.3.0/{name}");
        assert!(names.lines().any(|line| line == whole), "no {name} in\n{names}");
    }

    let foreign = "import sys, tarfile, tomllib
with tarfile.open(sys.argv[1]) as archive:
    tool = tomllib.load(archive.extractfile('plain_kernels-0.3.0/pyproject.toml'))['tool']
print(sorted(tool), tool['pytest'])";
    let (_, tools) = said(project.python().args(["-c", foreign]).arg(&archive));
    assert_eq!(tools, "['maturin', 'pytest'] {'ini_options': {'testpaths': ['tests']}}\n");

    project.venv = other().to_path_buf();
    let (well, _) = project.script("import kernelgen");
    assert!(!well, "kernelgen is there");
    // The first test of all fetches crates; from then on no network is needed.
    let mut install = project.pip(&["install", "--no-index", "--no-deps", "--force-reinstall"]);
    install.arg(&archive).env("CARGO_TARGET_DIR", folder().join("target"));
    install.env("CARGO_NET_OFFLINE", "true").env("MATURIN_PEP517_ARGS", "--profile dev --locked");
    let path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    install.env("PATH", env::join_paths([other().join(BIN)].into_iter().chain(path)).expect("a path"));
    let (well, told) = said(&mut install);
    assert!(well, "{told}");
    project.check(
        "import importlib.metadata as m, plain_kernels as p
assert p.total([1, 2, 3]) == 6 and p.reversed([1.0, 2.0]).tolist() == [2.0, 1.0]
assert m.version('plain-kernels') == '0.3.0' and m.metadata('plain-kernels')['License-Expression'] == 'MIT'",
    );
}

#[test]
fn python_code_of_its_own_gets_kernels_within() {
    let _turn = turn();
    let project = Project::new("mixed", "mixed");
    let wheel = |project: &Project| {
        let (well, told) = said(&mut project.pip(&["wheel", "--no-deps", "--wheel-dir", "dist", "."]));
        assert!(well, "{told}");
        let list = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
        let (_, names) = said(project.python().args(["-c", list]).arg(&files(&project.dir.join("dist"))[0]));
        names
    };
    let names = wheel(&project);
    for name in ["mixed/__init__.py", "mixed/table.bin", "mixed/_kernels/__init__.py", "mixed/_kernels/_native."] {
        assert!(names.lines().any(|line| line.starts_with(name)), "no {name} in\n{names}");
    }
    let table = |path: &str| fs::read(path).expect("the table");
    let copied = project.dir.join("build/kernelgen/mixed._kernels/python/mixed/table.bin");
    assert_eq!(table("tests/plugin/mixed/src/mixed/table.bin"), table(&copied.to_string_lossy()));

    project.edit("specs/kernels.toml", "[package]", "[package]\nname = \"mixed.fast\"");
    project.edit("src/mixed/__init__.py", "._kernels", ".fast");
    fs::remove_dir_all(project.dir.join("dist")).expect("removed");
    let names = wheel(&project);
    assert!(names.contains("mixed/fast/_native.") && !names.contains("mixed/_kernels"), "{names}");
    let site = project.dir.join("site");
    let wheel = files(&project.dir.join("dist")).pop().expect("a wheel");
    succeed(project.pip(&["install", "--quiet", "--no-deps", "--target"]).arg(&site).arg(wheel));
    let script = "import mixed, mixed.fast; assert mixed.mean([1, 2]) == 1.5 and mixed.total is mixed.fast.total";
    succeed(project.python().args(["-c", script]).env("PYTHONPATH", site));

    project.edit("specs/kernels.toml", "mixed.fast", "mixed");
    let (well, told) = said(&mut project.pip(&["wheel", "--no-deps", "."]));
    assert!(!well && told.contains("`mixed` is a Python module of the project's own"), "{told}");
}

#[test]
fn mistakes_reach_pip_as_reports_and_never_as_tracebacks() {
    let _turn = turn();
    let project = Project::new("plain", "mistake");
    let refused = |arguments: &[&str]| {
        let (well, told) = said(&mut project.pip(arguments));
        assert!(!well && !told.contains("Traceback"), "{told}");
        told
    };
    project.edit("specs/plain.toml", "x: f64\"", "x: f65\"");
    let drawn =
        ["error[unknown-dtype]: unknown dtype `f65`", "--> specs/plain.toml:6:16", "= help: did you mean `f64`?"];
    for arguments in [&["install", "--no-deps", "."][..], &["install", "--no-deps", "-e", "."]] {
        let told = refused(arguments);
        assert!(drawn.iter().all(|line| told.contains(line)), "{told}");
        assert_eq!(told.matches("error[unknown-dtype]").count(), 1, "{told}");
    }
    project.edit("specs/plain.toml", "x: f65\"", "x: f64\"");
    project.edit("specs/bodies/reversed.rs", "x[n", "z[n");
    let told = refused(&["install", "--no-deps", "."]);
    assert!(
        told.contains("error[rustc]: cannot find value `z`") && told.contains("specs/bodies/reversed.rs:3:"),
        "{told}"
    );

    project.edit("specs/bodies/reversed.rs", "z[n", "x[n");
    let told = refused(&["install", "--no-deps", "-C", "profile=fast", "."]);
    assert!(told.contains("error: there is no profile `fast`"), "{told}");
    project.edit("pyproject.toml", "readme = \"README.md\"", "readme = \"READ.md\"");
    let told = refused(&["install", "--no-deps", "."]);
    assert!(told.contains("could not read `READ.md`"), "{told}");
    fs::rename(project.dir.join("specs"), project.dir.join("spec")).expect("renamed");
    let told = refused(&["install", "--no-deps", "."]);
    assert!(told.contains("could not read `specs`"), "{told}");
}

#[test]
fn an_editable_installation_builds_itself_again() {
    let _turn = turn();
    let project = Project::new("mixed", "editable");
    let (well, told) = said(&mut project.pip(&["install", "--no-deps", "-e", "."]));
    assert!(well, "{told}");
    let source = "import mixed, pathlib; print(pathlib.Path(mixed.__file__).parents[1])";
    assert_eq!(project.check(source).trim(), project.dir.join("src").display().to_string());
    project.check(
        "import importlib.metadata as m
needed = [each for each in m.metadata('mixed').get_all('Requires-Dist') if ';' not in each]
assert needed == ['numpy>=2.1', 'packaging', 'kernelgen==' + m.version('kernelgen')], needed
assert m.version('mixed') == '1.2'",
    );

    let total = "import mixed; print(mixed.total([1, 2]))";
    assert_eq!(project.check(total), "3.0\n", "nothing has changed, and nothing is said");
    project.edit("src/mixed/__init__.py", "return total(x)", "return 2 * total(x)");
    assert_eq!(project.check("import mixed; print(mixed.mean([1, 2]))"), "3.0\n", "Python code is the project's");

    project.edit("specs/kernels.toml", "a + b", "a + b + 1.0");
    let old = said(project.python().args(["-c", total]).env("KERNELGEN_EDITABLE_SKIP", "1"));
    assert_eq!(old, (true, "3.0\n".to_owned()));
    // Of two at once one builds, the other waits for it.
    let mut both = [0, 1].map(|_| {
        let pipe = std::process::Stdio::piped;
        project.python().args(["-c", total]).stdout(pipe()).stderr(pipe()).spawn().expect("runs")
    });
    let both = both.each_mut().map(|child| child.wait().expect("ends").success());
    assert_eq!(both, [true; 2]);
    assert_eq!(project.check(total), "5.0\n");

    project.edit("specs/kernels.toml", "1.0", "2.0");
    let told = project.check(total);
    assert!(told.contains("kernelgen: the specs of mixed._kernels have changed: building\n"), "{told}");
    assert!(told.contains("kernelgen: mixed._kernels was built in ") && !told.contains(": compiling "), "{told}");
    assert!(told.starts_with("7.0\n"), "{told}");
    project.edit("specs/kernels.toml", "2.0", "3.0");
    let (_, told) = said(project.python().args(["-c", total]).env("KERNELGEN_EDITABLE_VERBOSE", "1"));
    assert!(told.contains("\nmixed._kernels: built in ") && told.contains("9.0\n"), "{told}");

    project.edit("specs/kernels.toml", "x: f64", "x: f65");
    let (well, told) = project.script(total);
    assert!(!well && told.contains("ImportError: mixed._kernels could not be built:\nerror[unknown-dtype]"), "{told}");
    assert!(told.contains("--> specs/kernels.toml:"), "{told}");
    project.edit("specs/kernels.toml", "x: f65", "x: f64");
    assert!(project.check(total).contains("9.0\n"));

    // Without kernelgen what is there is imported, and how to have it built is said.
    succeed(&mut project.pip(&["uninstall", "--quiet", "--yes", "kernelgen"]));
    project.edit("specs/kernels.toml", "3.0", "4.0");
    let told = project.check(total);
    assert!(told.contains("9.0\n") && told.contains("`pip install kernelgen`"), "{told}");
    succeed(project.pip(&["install", "--quiet", "--no-deps", "--no-index"]).arg(wheel()));
    succeed(&mut project.pip(&["uninstall", "--quiet", "--yes", "mixed"]));
    let (well, _) = project.script("import mixed");
    assert!(!well);
}

/// From an empty folder to an installed kernel that follows its body, with the commands of the project's README.
#[test]
fn a_new_project_is_installed_tested_and_edited() {
    let _turn = turn();
    let place = folder().join("walk");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).expect("a folder");
    let kernelgen = user().join(BIN).join("kernelgen");
    let new = ["new", "walked", "--template", "body"];
    succeed(Command::new(&kernelgen).args(new).current_dir(&place));
    let project = Project { dir: place.join("walked"), venv: user().to_path_buf() };
    let readme = fs::read_to_string(project.dir.join("README.md")).expect("a README");
    assert!(readme.contains("\n    pip install -e \".[test]\"\n    pytest\n"), "{readme}");
    let mut install = project.pip(&["install", "-e", ".[test]"]);
    // What is built with goes into an environment of its own, as by default.
    install.env_remove("PIP_NO_BUILD_ISOLATION").env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", house());
    let (well, told) = said(&mut install);
    assert!(well, "{told}");
    let test = |project: &Project| {
        let mut pytest = project.python();
        said(pytest.args(["-m", "pytest", "-p", "no:cacheprovider"]).current_dir(&project.dir))
    };
    let (well, told) = test(&project);
    assert!(well && !told.contains("skipped"), "{told}");
    assert!(told.contains("tests/test_walked.py ...") && told.contains("walked/tests/test_kernels.py ..."), "{told}");

    let call = "import walked; print(walked.smooth([1.0, 2.0, 6.0]).tolist())";
    assert_eq!(project.check(call), "[1.5, 3.0, 4.0]\n");
    project.edit("specs/bodies/smooth.rs", "sum / T(last - first + 1)", "sum");
    let told = project.check(call);
    assert!(told.starts_with("[3.0, 9.0, 8.0]\n") && told.contains("the specs of walked have changed"), "{told}");
    let (well, told) = test(&project);
    assert!(!well && told.contains("test_example"), "the tests do not see the new body: {told}");
    succeed(&mut project.pip(&["uninstall", "--quiet", "--yes", "walked"]));

    // Without pip, the command makes the wheel.
    let mut build = Command::new(kernelgen);
    build.arg("build").current_dir(&project.dir).env("KERNELGEN_CACHE_DIR", temporary().join("wheels/cache"));
    let (well, told) = said(&mut build);
    assert!(well && told.contains("dist/walked-0.1.0-cp311-abi3-"), "{told}");
}

#[test]
fn a_cell_of_a_notebook_is_a_spec() {
    let _turn = turn();
    let project = Project { dir: folder().join("notebook"), venv: user().to_path_buf() };
    succeed(project.python().arg(checkout().join("tests/plugin/notebook.py")));
}
