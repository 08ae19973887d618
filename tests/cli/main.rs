//! The command as its users meet it: exit codes, messages, files. No test needs a network.

mod folder;
#[cfg(unix)]
mod tools;

use folder::Temp;

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
