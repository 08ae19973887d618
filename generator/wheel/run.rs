//! One run of maturin on one crate, and what to make of its failure.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::diag::{Error, Result};
use crate::output::disk::read;

use super::maturin::Maturin;
use super::rustc::complaints;
use super::tools::Python;
use super::{Crate, Kind, Options, Progress, report};

/// All that maturin has to be told.
pub(super) struct Run<'a> {
    pub(super) package: Crate<'a>,
    pub(super) options: &'a Options,
    pub(super) kind: Kind,
    pub(super) python: &'a Python,
    /// The shared target folder.
    pub(super) target: &'a Path,
    /// The one copy of the runtime that all packages compile.
    pub(super) runtime: &'a Path,
    /// Where maturin leaves the wheel.
    pub(super) out: &'a Path,
}

impl Run<'_> {
    /// Runs maturin; its failure is a report on the specs where rustc rejected their text.
    pub(super) fn wheel(&self, maturin: &Maturin, progress: &mut dyn FnMut(Progress<'_>)) -> Result<()> {
        let mut command = maturin.command();
        command.args(["build", "--profile", self.options.profile.name()]);
        command.arg("--manifest-path").arg(self.package.dir.join("Cargo.toml"));
        command.arg("--out").arg(self.out).arg("--interpreter").arg(self.kind.interpreter(self.python));
        command.args(self.cargo_flags());
        let (status, said) = self.watch(command, progress)?;
        if status.success() {
            return Ok(());
        }
        if let Some(error) = network(&said) {
            return Err(error);
        }
        let bugs = self.explain()?;
        if bugs.is_empty() {
            progress(Progress::Failed(&said));
            return Err(failure(status.to_string()));
        }
        bugs.iter().for_each(|text| progress(Progress::Failed(text)));
        Err(failure("rustc rejects text of kernelgen's own, which is a bug in kernelgen".to_owned()))
    }

    /// `--locked` where kernelgen gave the lock file and it is complete; the runtime in its shared place; no places of this machine in
    /// what is compiled; the features.
    fn cargo_flags(&self) -> Vec<String> {
        let locked = self.package.files.get(Path::new("Cargo.lock")).map(|_| "--locked".to_owned());
        let offline = self.options.offline.then(|| "--offline".to_owned());
        let paths = toml::Value::Array(vec![self.runtime.to_string_lossy().into_owned().into()]);
        let places = [(Some(self.runtime.to_path_buf()), "runtime"), (cargo_home(), "cargo")];
        let places = places.into_iter().filter_map(|(place, name)| Some((place?, name)));
        let remap = places.map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()).into());
        // Added to what cargo's own settings say; a `RUSTFLAGS` of the user's comes before both.
        let flags = toml::Value::Array(remap.collect());
        let settings = [format!("paths={paths}"), format!("build.rustflags={flags}")];
        let settings = settings.into_iter().flat_map(|setting| ["--config".to_owned(), setting]);
        let features = self.kind.features().iter().map(|&flag| flag.to_owned());
        locked.into_iter().chain(offline).chain(settings).chain(features).collect()
    }

    fn watch(
        &self,
        mut command: Command,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(std::process::ExitStatus, String)> {
        let crates = read(&self.package.dir.join("Cargo.lock"))?.unwrap_or_default().matches("[[package]]").count();
        command.env("CARGO_TARGET_DIR", self.target).env("CARGO_TERM_COLOR", "never");
        command.env("CARGO_TERM_PROGRESS_WHEN", "never").env("NO_COLOR", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|source| failure(format!("maturin does not start: {source}")))?;
        let mut said = String::new();
        let (mut begun, mut torn) = (0, false);
        if let Some(stderr) = child.stderr.take() {
            for line in BufReader::new(stderr).split(b'\n').map_while(std::io::Result::ok) {
                let line = String::from_utf8_lossy(&line);
                progress(Progress::Line(&line));
                if let Some(name) = compiled(&line, &mut torn) {
                    begun += 1;
                    progress(Progress::Compiling(name, begun, crates.max(begun)));
                }
                said.push_str(&line);
                said.push('\n');
            }
        }
        let status = child.wait().map_err(|source| failure(format!("maturin cannot be waited for: {source}")))?;
        Ok((status, said))
    }

    /// Compiles once more with messages that can be read, as maturin did, so that only what failed
    /// is compiled again. Fails with a report if the fault is in the specs; else says what rustc
    /// complains of.
    fn explain(&self) -> Result<Vec<String>> {
        let mut command = Command::new("cargo");
        command.args(["rustc", "--lib", "--crate-type", "cdylib", "--message-format", "json"]);
        command.args(["--profile", self.options.profile.name()]).args(self.cargo_flags());
        command.current_dir(self.package.dir).env("CARGO_TARGET_DIR", self.target);
        command.env("PYO3_BUILD_EXTENSION_MODULE", "1");
        if self.kind.is_of(self.python) {
            command.env("PYO3_PYTHON", &self.python.base).env("PYTHON_SYS_EXECUTABLE", &self.python.base);
            command.env("PYO3_ENVIRONMENT_SIGNATURE", &self.python.signature);
        }
        command.envs(self.config_file().map(|path| ("PYO3_CONFIG_FILE", path)));
        let output = command.stdin(Stdio::null()).output();
        let output = output.map_err(|source| failure(format!("cargo does not start: {source}")))?;
        let found = complaints(&String::from_utf8_lossy(&output.stdout), self.package.files);
        if !found.mistakes.is_empty() {
            return Err(report(self.package.sources, found.mistakes));
        }
        Ok(found.bugs)
    }

    /// The file in which maturin told pyo3's build script of the interpreter.
    fn config_file(&self) -> Option<PathBuf> {
        let entries = std::fs::read_dir(self.target.join("maturin")).ok()?;
        let mut paths = entries.flatten().map(|entry| entry.path());
        paths.find(|path| path.to_string_lossy().ends_with(self.kind.config_file()))
    }
}

/// The crate of which a line says that it is being compiled. Cargo writes `   Compiling` first and ` gilexample v0.0.0` with the
/// line's end then, and whatever maturin writes, in pieces of its own, may come between the two: `torn` remembers it.
fn compiled<'a>(line: &'a str, torn: &mut bool) -> Option<&'a str> {
    let (begins, rest) = line.split_once("Compiling").map_or((false, line), |(_, rest)| (true, rest));
    *torn |= begins;
    let words: Vec<&str> = rest.split(' ').filter(|_| *torn).collect();
    let is_version =
        |word: &str| word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let name = words.windows(2).find(|pair| !pair[0].is_empty() && is_version(pair[1])).map(|pair| pair[0]);
    *torn &= name.is_none();
    name
}

/// Where cargo keeps the sources of crates.
fn cargo_home() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CARGO_HOME")
        .or_else(|| set(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(|home| home.join(".cargo")))
}

/// A tool that did not do its work, for no fault of the specs.
pub(super) fn failure(status: String) -> Error {
    Error::Tool { command: "maturin build".to_owned(), status }
}

/// The sentence for a machine that lacks crates and cannot reach them.
fn network(said: &str) -> Option<Error> {
    const SIGNS: [&str; 6] = [
        "failed to download",
        "failed to get `",
        "Could not resolve host",
        "download of config.json failed",
        "you may want to run without",
        "without the offline flag",
    ];
    SIGNS.iter().any(|sign| said.contains(sign)).then(|| Error::Setup {
        message: "the crates that generated packages stand on are not in cargo's cache, and could not be fetched"
            .to_owned(),
        help: "run this once where there is a network and without `--offline`; later builds need none".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_read_from_lines_that_are_torn() {
        let lines = [
            ("   Compiling pyo3 v0.30.1", Some("pyo3")),
            ("   CompilingWarning: the package was not listed", None),
            ("Warning: the package was not listed", None),
            (" gilexample v0.0.0 (/home/ada/gilexample)", Some("gilexample")),
            (" gilexample v0.0.0 (/home/ada/gilexample)", None),
            ("Warning: The package path+file:///home/ada/runtime#kernelgen-runtime@0.1.0   Compiling was not", None),
            ("Warning: The package path+file:///home/ada/runtime demo v0.0.0 (/home/ada/a demo)", Some("demo")),
            ("   CompilingWarning: The package other v0.0.0 (/home/ada/other)", Some("other")),
            (" listed", None),
            ("    Finished `release` profile [optimized] target(s) in 9.29s", None),
            ("Compiling demo v0.0.0", Some("demo")),
        ];
        let mut torn = false;
        for (line, name) in lines {
            assert_eq!(compiled(line, &mut torn), name, "{line}");
        }
    }
}
