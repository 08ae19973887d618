//! Specs that are hostile, broken or huge: none makes the generator panic, hang, or write what it should not.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kernelgen::diag::Result;
use kernelgen::{check, model, spec};

const PACKAGE: &str = "[package]\nname = \"bad\"\nversion = \"1.0\"\n";

fn load_and_check(path: &Path) -> Result<Vec<model::Package>> {
    check::check(&spec::load(path)?)
}

/// A folder of its own, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("kernelgen-bad-specs-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        // A run that was killed may have had this number.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Checks a text as the one file of a package.
fn checked(text: impl AsRef<[u8]>) -> std::result::Result<(), String> {
    let folder = Folder::new();
    let path = folder.path().join("bad.toml");
    std::fs::write(&path, text).expect("written");
    load_and_check(&path).map(drop).map_err(|error| error.to_string())
}

fn kernel(name: &str, rest: &str) -> String {
    format!("{PACKAGE}[kernel.{name}]\ninputs = [\"x: f64\"]\noutputs = [\"out: f64\"]\n{rest}\n")
}

fn sum(name: &str) -> String {
    kernel(name, "reduce = { identity = 0, combine = \"a + b\" }")
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>, code: &str) {
    let drawing = checked(text).expect_err("refused");
    assert!(drawing.contains(&format!("error[{code}]")), "{code} not in:\n{drawing:.2000}");
}

#[test]
fn encodings() {
    assert_eq!(checked(format!("\u{feff}{}", sum("total"))), Ok(()));
    assert_eq!(checked(sum("total").replace('\n', "\r\n")), Ok(()));
    let utf16: Vec<u8> = "\u{feff}[package]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(utf16, "not-utf8");
    refused(b"[package]\nname = \"\xff\"", "not-utf8");
    refused(format!("{}\0", sum("total")), "nul-byte");
    refused("", "missing-package");
}

#[test]
fn depth_is_bounded() {
    for (open, close) in [("[", "]"), ("{ a = ", " }")] {
        refused(format!("{PACKAGE}x = {}{}", open.repeat(20_000), close.repeat(20_000)), "toml-syntax");
    }
    refused(format!("{PACKAGE}x{} = 1", ".x".repeat(20_000)), "toml-syntax");
    for (open, close) in
        [("(", ")"), ("{", "}"), ("-", ""), ("!", ""), ("&", ""), ("if a > b { a } else ", "{ b }"), ("|| ", "")]
    {
        for depth in [500, 1400, 20_000] {
            let text = format!("{}a{}", open.repeat(depth), close.repeat(depth));
            // Whatever is said of it, it is said.
            let _ = checked(kernel("total", &format!("reduce = {{ identity = 0, combine = \"{text}\" }}")));
        }
    }
    let long = "a + ".repeat(20_000) + "b";
    refused(kernel("total", &format!("reduce = {{ identity = 0, combine = \"{long}\" }}")), "fragment-too-deep");
}

#[test]
fn names_that_are_taken() {
    for name in [
        "match",
        "type",
        "None",
        "self",
        "Self",
        "crate",
        "2d",
        "\"../evil\"",
        "\"a b\"",
        "\"größe\"",
        "\"\"",
        "\"a\\u0000b\"",
        "lambda",
    ] {
        refused(sum(name), "invalid-name");
    }
    for name in [
        "show_config",
        "set_num_threads",
        "get_num_threads",
        "num_threads",
        "bench",
        "tests",
        "_native",
        "lib",
        "__init__",
        "std",
    ] {
        refused(sum(name), "reserved-name");
    }
    for name in ["sum", "abs", "print", "py", "exp", "numpy", "bad"] {
        assert_eq!(checked(sum(name)), Ok(()), "{name}");
    }
    refused(sum("total").replace("\"x: f64\"", "\"Ok: f64\""), "reserved-name");
    refused(sum("total") + "\n[kernel.TOTAL]\ninputs = [\"x: f64\"]", "similar-names");
}

#[test]
fn fragments_that_would_escape() {
    for (text, code) in [
        ("} fn evil() {", "fragment-syntax"),
        ("a + b } } fn evil() { {", "fragment-syntax"),
        ("a + b; evil()", "fragment-syntax"),
        ("include_str!(\\\"x\\\")", "fragment-macro"),
        ("include!(env!(\\\"HOME\\\"))", "fragment-macro"),
        ("core::arch::asm!(\\\"nop\\\")", "fragment-macro"),
        ("matches!(a, _ if { unsafe { evil() } })", "fragment-unsafe"),
        ("{ extern crate std as evil; a }", "fragment-item"),
        ("{ mod evil { } a }", "fragment-item"),
        ("{ #![allow(unsafe_code)] a }", "fragment-attribute"),
        ("{ /// doc\\n a }", "fragment-attribute"),
        ("a /* open", "fragment-syntax"),
    ] {
        refused(kernel("total", &format!("reduce = {{ identity = 0, combine = \"{text}\" }}")), code);
    }
    assert_eq!(checked(kernel("total", "reduce = { identity = 0, combine = \"a + b // the sum\" }")), Ok(()));
}

#[test]
fn prose_is_taken_as_it_is_or_refused() {
    let text = "doc = '''\"# {{ x }} {% y %} */ \"\"\" \\\\ ${z}'''\nreduce = { identity = 0, combine = \"a + b\" }";
    assert_eq!(checked(kernel("total", text)), Ok(()));
    refused(kernel("total", "doc = \"\\u202e\"\nreduce = { combine = \"a + b\" }"), "text-control");
    refused(sum("total").replace("\"1.0\"", "\"1.0\\n[dependencies]\""), "package-version");
    refused(sum("total").replace("\n[kernel", "\nlicense = \"MIT\\nx = 1\"\n[kernel"), "license");
}

#[test]
fn bodies_stay_inside_their_folder() {
    for file in ["../../../etc/passwd", "/etc/passwd", "a/../../b.rs", "..\\\\b.rs"] {
        refused(kernel("total", &format!("body = {{ file = \"{file}\" }}")), "body-outside");
    }
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_a_body_outside() {
    let (folder, outside) = (Folder::new(), Folder::new());
    std::fs::write(outside.path().join("total.rs"), "fn total() {}").expect("written");
    std::os::unix::fs::symlink(outside.path().join("total.rs"), folder.path().join("total.rs")).expect("linked");
    std::fs::write(folder.path().join("a.toml"), kernel("total", "body = { file = \"total.rs\" }")).expect("written");
    let error = load_and_check(folder.path()).expect_err("refused");
    assert!(error.to_string().contains("error[body-outside]"), "{error}");
}

#[test]
fn many_kernels_take_time_in_proportion() {
    let taken = |kernels: usize| {
        let mut text = PACKAGE.to_owned();
        for place in 0..kernels {
            text += &format!("[kernel.k{place}]\ninputs = [\"x: f65\"]\n");
        }
        let start = Instant::now();
        let drawing = checked(text).expect_err("refused");
        assert!(drawing.contains("and ") && drawing.contains("more mistakes"), "{drawing:.500}");
        start.elapsed()
    };
    // Eight times as long, were it not for a machine that is busy at times; its square is 64.
    let in_proportion = || taken(80_000) < 24 * taken(10_000);
    assert!((0..3).any(|_| in_proportion()));
}

#[test]
fn a_usual_folder_is_checked_at_once() {
    let folder = Folder::new();
    for place in 0..10 {
        let text = sum(&format!("k{place}"));
        let text = if place == 0 { text } else { text.replace(PACKAGE, "") };
        std::fs::write(folder.path().join(format!("k{place}.toml")), text).expect("written");
    }
    let taken = || {
        let start = Instant::now();
        let packages = load_and_check(folder.path()).expect("right");
        assert_eq!(packages[0].kernels.len(), 10);
        start.elapsed()
    };
    let least = (0..10).map(|_| taken()).min().expect("ten of them");
    assert!(least < Duration::from_millis(50), "{least:?}");
}
