//! The Python side of kernelgen as its users meet it: the wheel with the command, and the build backend behind pip.
//!
//! `tests/plugin` has the projects. Everything is kept below `target/tmp/plugin`, except what is compiled: kernelgen itself is
//! the command that cargo has built, and kernels use the cache of `tests/wheels.rs`. Needs cargo, a network at the first
//! run, and a python3 with venv and pip.

mod edited;
#[path = "../environment/mod.rs"]
mod environment;
mod project;

use std::process::Command;
use std::{env, fs};

use environment::{BIN, succeed};
use project::{Project, checkout, copy, files, folder, house, other, said, turn, user, wheel};

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
fn a_cell_of_a_notebook_is_a_spec() {
    let _turn = turn();
    let project = Project { dir: folder().join("notebook"), venv: user().to_path_buf() };
    succeed(project.python().arg(checkout().join("tests/plugin/notebook.py")));
}
