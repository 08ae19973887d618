//! Wheels as others see them: for which interpreters they say they are, what they use of those, and where one of them runs.
//!
//! `tests/tags` has what looks at them. Everything is kept below `target/tmp/tags`, except what is compiled: the cache is that of
//! `tests/wheels.rs`. Needs cargo, a network at the first run, and a python3 with venv and pip.

mod environment;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{env, fs};

use environment::{BIN, environment, succeed};
use serde_json::{Value, json};

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn folder() -> PathBuf {
    temporary().join("tags")
}

/// Python with what looks at wheels.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        environment(&folder(), &checkout().join("tests/tags/requirements.txt")).join(BIN).join("python")
    })
}

/// The wheels of gilexample that `options` ask for, built in a folder of this name.
#[track_caller]
fn build(name: &str, options: &[&str]) -> Vec<PathBuf> {
    // One at a time: who finds another at work in the same folder gives up.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = folder().join(name);
    fs::create_dir_all(&dir).expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
    command.arg("build").arg(checkout().join("specs/gilexample")).args(options).current_dir(&dir);
    let output = command.env("KERNELGEN_CACHE_DIR", temporary().join("wheels/cache")).output().expect("runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8_lossy(&output.stdout).lines().map(|path| dir.join(path)).collect()
}

/// The wheel that most people install.
fn abi3() -> &'static Path {
    static ABI3: OnceLock<PathBuf> = OnceLock::new();
    ABI3.get_or_init(|| build("one", &["--wheels", "abi3"]).remove(0))
}

/// The others, which no Python here imports: compiled quickly, so that even what a better compiler would leave out is looked at.
fn others() -> &'static [PathBuf] {
    static OTHERS: OnceLock<Vec<PathBuf>> = OnceLock::new();
    OTHERS.get_or_init(|| build("one", &["--wheels", "free-threaded,abi3t", "--profile", "dev"]))
}

/// What `look.py` finds in a wheel; `places` are the ones that were found in its library.
fn look(wheel: &Path, places: &[&Path]) -> Value {
    let output = Command::new(python()).arg(checkout().join("tests/tags/look.py")).arg(wheel).args(places).output();
    let output = output.expect("runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn each_kind_of_wheel_is_what_its_name_says() {
    let [free_threaded, abi3t] = others() else { panic!("{:?}", others()) };
    let home = env::home_dir().expect("a home");
    for (wheel, tags) in [
        (abi3(), json!(["cp311-abi3"])),
        (free_threaded, json!(["cp314-cp314t"])),
        (abi3t, json!(["cp315-abi3", "cp315-abi3t"])),
    ] {
        let name = wheel.file_name().expect("a name").to_string_lossy();
        let found = look(wheel, &[temporary(), &home]);
        assert_eq!(found["tags"], tags, "{name}");
        assert_eq!(found["python"], ">=3.11", "{name}");
        let numpy = json!(["numpy>=2.1", "numpy>=2.5 ; python_full_version >= '3.15'"]);
        assert_eq!(found["requires"].as_array().map(|all| json!(all[..2])), Some(numpy), "{name}");
        let library = found["library"].as_str().expect("a library");
        let foreign: Vec<&str> =
            found["foreign"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        let later = found["later"].as_array().expect("a list");
        if wheel == free_threaded {
            assert!(name.contains("-cp314-cp314t-") && !library.contains("abi3"), "{name}: {library}");
            // There is no stable ABI of free-threaded CPython before 3.15; what is used beyond that of 3.14 is documented.
            assert!(foreign.iter().all(|symbol| !symbol.starts_with('_')), "{name}: {foreign:?}");
        } else if wheel == abi3t {
            assert!(name.contains("-cp315-abi3.abi3t-") && library.contains(".abi3t"), "{name}: {library}");
            // Of our own, not CPython's: how a module is found from 3.15 on, which abi3audit does not know yet.
            assert_eq!((foreign, later.len()), (vec!["PyModExport__native"], 0), "{name}");
        } else {
            assert!(name.contains("-cp311-abi3-") && library.contains(".abi3."), "{name}: {library}");
            assert_eq!((foreign, later.len()), (vec![], 0), "{name}");
            assert_eq!(found["places"], json!([]), "{name}");
        }
    }
}

#[test]
fn a_wheel_of_each_kind_is_kept() {
    others();
    let before: Vec<_> =
        others().iter().map(|wheel| fs::metadata(wheel).expect("there").modified().expect("a time")).collect();
    let again = build("one", &["--wheels", "abi3t,free-threaded", "--profile", "dev"]);
    assert_eq!(again, others());
    let after: Vec<_> =
        again.iter().map(|wheel| fs::metadata(wheel).expect("there").modified().expect("a time")).collect();
    assert_eq!(before, after);
}

#[test]
fn the_same_specs_give_the_same_bytes_in_another_folder() {
    let elsewhere = build("another folder", &["--wheels", "abi3", "--dist", "wheels here"]).remove(0);
    assert_eq!(elsewhere.file_name(), abi3().file_name());
    assert!(fs::read(&elsewhere).expect("a wheel") == fs::read(abi3()).expect("a wheel"), "{}", elsewhere.display());
}

#[test]
fn twine_takes_all_wheels_and_the_source_distribution() {
    let project = folder().join("one/build/kernelgen/gilexample/Cargo.toml");
    let sdist = folder().join("sdist");
    abi3();
    let write = ["-m", "maturin", "pep517", "write-sdist", "--sdist-directory"];
    succeed(Command::new(python()).args(write).arg(&sdist).arg("--manifest-path").arg(project));
    let archive = sdist.join("gilexample-0.1.0.tar.gz");
    let check = ["-m", "twine", "check", "--strict"];
    succeed(Command::new(python()).args(check).arg(abi3()).args(others()).arg(archive));
}

/// The Pythons of this machine from 3.11 on, by version: those on PATH, and those of pyenv.
fn interpreters() -> BTreeMap<String, PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = env::split_paths(&path).collect();
    let pyenv = env::var_os("PYENV_ROOT").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".pyenv")));
    let versions = pyenv.and_then(|pyenv| fs::read_dir(pyenv.join("versions")).ok());
    places.extend(versions.into_iter().flatten().flatten().map(|entry| entry.path().join(BIN)));
    let mut found = BTreeMap::new();
    for (place, minor) in places.iter().flat_map(|place| (11..20).map(move |minor| (place, minor))) {
        let python = place.join(format!("python3.{minor}"));
        const ASK: &str = "import sys, sysconfig, venv, ensurepip; print('%d.%d' % sys.version_info[:2], \
                           sysconfig.get_config_var('Py_GIL_DISABLED') or 0)";
        let said = Command::new(&python).args(["-c", ASK]).output().map(|said| said.stdout).unwrap_or_default();
        // Shims of pyenv are there for versions that are not.
        if String::from_utf8_lossy(&said).trim() == format!("3.{minor} 0") {
            found.entry(format!("3.{minor}")).or_insert(python);
        }
    }
    found
}

/// The newest NumPy, or the oldest that there is for this Python from that on which the package asks for.
fn install_numpy(python: &Path, oldest: bool) {
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "pytest>=8"];
    let install = |numpy: &str| Command::new(python).args(pip).arg(numpy).stderr(std::process::Stdio::null()).status();
    let mut wanted =
        (1..10).map(|minor| format!("numpy=={}", if minor == 1 { "2.1.0".into() } else { format!("2.{minor}.*") }));
    let installed = match oldest {
        true => wanted.any(|numpy| install(&numpy).is_ok_and(|status| status.success())),
        false => install("numpy").is_ok_and(|status| status.success()),
    };
    assert!(installed, "{}: no NumPy could be installed", python.display());
}

#[test]
fn one_wheel_runs_on_every_python_here_with_the_oldest_and_the_newest_numpy() {
    let interpreters = interpreters();
    assert!(!interpreters.is_empty(), "no Python from 3.11 on was found");
    for version in (11..16).map(|minor| format!("3.{minor}")).filter(|version| !interpreters.contains_key(version)) {
        println!("not here, not tried: CPython {version}");
    }
    for (version, interpreter) in &interpreters {
        for oldest in [true, false] {
            let venv = folder().join(format!("python{version}-{}", if oldest { "oldest" } else { "newest" }));
            let python = venv.join(BIN).join("python");
            if !venv.join("complete").exists() {
                succeed(Command::new(interpreter).args(["-m", "venv", "--clear"]).arg(&venv));
                install_numpy(&python, oldest);
                fs::write(venv.join("complete"), "").expect("written");
            }
            let pip =
                ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"];
            succeed(Command::new(&python).args(pip).arg(abi3()));
            let pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "gilexample"];
            succeed(Command::new(&python).args(pytest).current_dir(&venv));
        }
    }
}
