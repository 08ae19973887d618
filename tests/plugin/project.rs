//! Projects that somebody works on, with a kernelgen that is installed or with none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use crate::environment::{BIN, environment, succeed};

pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn temporary() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

pub fn folder() -> PathBuf {
    temporary().join("plugin")
}

/// One build at a time: the tests install into one environment.
pub fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An environment of somebody who has no kernelgen.
pub fn other() -> &'static Path {
    static OTHER: LazyLock<PathBuf> =
        LazyLock::new(|| environment(&folder().join("other"), &checkout().join("tests/plugin/requirements.txt")));
    &OTHER
}

/// An environment of somebody who has installed kernelgen.
pub fn user() -> &'static Path {
    static USER: LazyLock<PathBuf> = LazyLock::new(|| {
        let venv = environment(&folder().join("user"), &checkout().join("tests/plugin/requirements.txt"));
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--force-reinstall"];
        succeed(Command::new(venv.join(BIN).join("python")).args(pip).arg(wheel()));
        venv
    });
    &USER
}

/// The wheel of kernelgen, with the command as cargo has built it for these tests.
pub fn wheel() -> &'static Path {
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
pub fn house() -> &'static Path {
    static HOUSE: LazyLock<PathBuf> = LazyLock::new(|| {
        let (fetched, house) = (folder().join("fetched"), folder().join("house"));
        if !fetched.exists() {
            // Whole or not at all: pip makes the folder first.
            let part = folder().join("fetched.part");
            let download = ["-m", "pip", "download", "--quiet", "maturin>=1.9,<2", "pytest>=8", "--dest"];
            succeed(Command::new(other().join(BIN).join("python")).args(download).arg(&part));
            fs::rename(part, &fetched).expect("moved");
        }
        let _ = fs::remove_dir_all(&house);
        copy(&fetched, &house);
        fs::copy(wheel(), house.join(wheel().file_name().expect("a name"))).expect("copied");
        house
    });
    &HOUSE
}

/// The files directly in a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()).collect()
}

/// A copy of a project of `tests/plugin`, and somebody at work on it.
pub struct Project {
    pub dir: PathBuf,
    pub venv: PathBuf,
}

impl Project {
    /// Its path has a space in it.
    pub fn new(name: &str, test: &str) -> Project {
        let dir = folder().join("with a space").join(test);
        let _ = fs::remove_dir_all(&dir);
        copy(&checkout().join("tests/plugin").join(name), &dir);
        Project { dir, venv: user().to_path_buf() }
    }

    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let path = self.dir.join(path);
        let text = fs::read_to_string(&path).expect("a file of the project");
        assert!(text.contains(old), "{} has no {old}", path.display());
        fs::write(path, text.replace(old, new)).expect("written");
    }

    /// Python in the project's environment, which imports nothing from the folder that it runs in.
    pub fn python(&self) -> Command {
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
    pub fn pip(&self, arguments: &[&str]) -> Command {
        let mut command = self.python();
        command.args(["-m", "pip"]).args(arguments).current_dir(&self.dir);
        command
    }

    /// What a script says on both streams, and whether it ended well.
    pub fn script(&self, text: &str) -> (bool, String) {
        said(self.python().args(["-c", text]))
    }

    /// The same for a script that must end well.
    #[track_caller]
    pub fn check(&self, text: &str) -> String {
        let (well, said) = self.script(text);
        assert!(well, "{text}\n{said}");
        said
    }
}

/// What a command says on both streams, and whether it ended well.
pub fn said(command: &mut Command) -> (bool, String) {
    let output: Output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    (output.status.success(), said)
}

pub fn copy(from: &Path, to: &Path) {
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
