//! Projects that are installed to be edited: they build themselves again.

use std::fs;
use std::process::Command;

use crate::environment::{BIN, succeed};
use crate::project::{Project, folder, house, said, temporary, turn, user, wheel};

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
