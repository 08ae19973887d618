//! A folder in which the command is run, and what it says there.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of its own for a test, removed at the end.
pub struct Temp(pub PathBuf);

impl Temp {
    /// An empty one.
    pub fn new(name: &str) -> Temp {
        let path = std::env::temp_dir().join(format!("kernelgen-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Temp(path)
    }

    /// A folder with the sum kernel in `specs/`.
    pub fn with_specs(name: &str) -> Temp {
        let temp = Temp::new(name);
        temp.write("specs/sum.toml", include_str!("../../specs/gilexample/sum.toml"));
        temp
    }

    /// Writes a file of the folder; gives its path.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// The text of a file of the folder.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// `kernelgen ARGUMENTS` in this folder, with a cache in it.
    pub fn run(&self, arguments: &str) -> Ran {
        self.command(arguments).output().unwrap().into()
    }

    /// The same, not yet run.
    pub fn command(&self, arguments: &str) -> Command {
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

/// How a command ended, and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    /// It ended with `code`, said `words`, and did not panic.
    #[track_caller]
    pub fn says(&self, code: i32, words: &str) {
        assert!(self.code == code && self.err.contains(words), "wanted {code} and {words:?} of {self:#?}");
        assert!(!self.err.contains("panicked"), "{self:#?}");
    }
}
