//! Builds a wheel of a written crate: maturin and cargo at work, their words made ours.

mod cache;
mod doctor;
mod kind;
mod maturin;
mod run;
mod rustc;
mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::diag::{Action, Report, Result, Sources};
use crate::output::disk::{create_folder, failed, read, remove_folder, rename, replace};
use crate::render::Files;

pub use doctor::{Finding, examine};
pub use kind::Kind;

/// How a wheel is built.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the wheel goes.
    pub dist: PathBuf,
    /// The Python to build with; by default the first that is new enough.
    pub python: Option<PathBuf>,
    /// For which interpreters; by default for the Python in use.
    pub kind: Option<Kind>,
    /// Whether cargo and pip may use the network.
    pub offline: bool,
    /// How much rustc optimizes.
    pub profile: Profile,
}

/// How much rustc optimizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// As much as it can.
    #[default]
    Release,
    /// Not at all, for a quick build.
    Dev,
}

impl Profile {
    /// Cargo's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Release => "release",
            Profile::Dev => "dev",
        }
    }
}

/// What is going on, for whoever waits.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// Something that happens once and takes a while.
    Note(&'a str),
    /// A crate is being compiled: its name, how many were begun, how many there are at most.
    Compiling(&'a str, usize, usize),
    /// A line of a tool's own.
    Line(&'a str),
    /// What a tool said that failed for no fault of the specs.
    Failed(&'a str),
}

/// A crate on disk and what it was written from.
#[derive(Debug, Clone, Copy)]
pub struct Crate<'a> {
    /// Its folder.
    pub dir: &'a Path,
    /// Its files.
    pub files: &'a Files,
    /// The specs, for rustc's errors.
    pub sources: &'a Sources,
}

/// A finished wheel.
#[derive(Debug, Clone)]
pub struct Wheel {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it was there before, and nothing had changed.
    pub kept: bool,
}

/// Builds the wheel of `package`, unless the one in `dist` is made of the same.
pub fn build(package: Crate<'_>, options: &Options, progress: &mut dyn FnMut(Progress<'_>)) -> Result<Wheel> {
    let rust = tools::rust()?;
    let cache = cache::folder()?;
    let stamp = cache::stamp(package.files, &rust, options)?;
    let stamp_path = cache::stamp_path(&cache, package.dir, options);
    if let Some(path) = kept(&stamp_path, &stamp, &options.dist)? {
        return Ok(Wheel { path, kept: true });
    }
    let python = tools::python(options.python.as_deref())?;
    create_folder(&cache)?;
    let maturin = maturin::find(&python.path, &cache, options.offline, progress)?;
    // Of a fixed name, so that what a killed run left is taken away. Its maturin may still be at work, and leaves a wheel
    // where it was told to: in another folder within.
    let name = package.dir.file_name().unwrap_or_default().to_string_lossy();
    let stage = options.dist.join(format!(".kernelgen.{name}"));
    let out = stage.join(std::process::id().to_string());
    remove_folder(&stage)?;
    create_folder(&out)?;
    let target = cache::target(&cache, package.files, &rust, options.profile);
    let runtime = cache::runtime(&target, package.files)?;
    let kind = options.kind.unwrap_or(Kind::of(&python));
    let run = run::Run { package, options, kind, python: &python, target: &target, runtime: &runtime, out: &out };
    let path = run.wheel(&maturin, progress).and_then(|()| take(&out, &options.dist));
    remove_folder(&stage)?;
    let path = path?;
    create_folder(stamp_path.parent().unwrap_or(&cache))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    replace(&stamp_path, &format!("{stamp}\n{name}\n{}\n", state(&path)?))?;
    Ok(Wheel { path, kept: false })
}

/// The wheel that an earlier run left, if it was made of the same and is as it was left.
fn kept(stamp_path: &Path, stamp: &str, dist: &Path) -> Result<Option<PathBuf>> {
    let text = read(stamp_path)?.unwrap_or_default();
    let [was, name, left] = text.lines().collect::<Vec<_>>()[..] else { return Ok(None) };
    let path = dist.join(name);
    let whole = path.is_file() && state(&path)? == left;
    Ok((was == stamp && whole).then_some(path))
}

/// Moves the wheel that maturin left in `stage` to `dist`, whole.
fn take(stage: &Path, dist: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(stage).map_err(failed(Action::Read, stage))?;
    let mut wheels = entries.flatten().map(|entry| entry.path());
    let wheel = wheels.find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    let wheel = wheel.ok_or_else(|| run::failure("maturin left no wheel".to_owned()))?;
    let path = dist.join(wheel.file_name().unwrap_or_default());
    rename(&wheel, &path)?;
    Ok(path)
}

/// What tells a file from another that was put in its place: its length, and when it was written.
fn state(path: &Path) -> Result<String> {
    let data = fs::metadata(path).map_err(failed(Action::Read, path))?;
    let written = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Ok(format!("{} {}", data.len(), written.map_or(0, |time| time.as_nanos())))
}

/// The specs' mistakes that rustc found.
fn report(sources: &Sources, mistakes: Vec<crate::diag::Diagnostic>) -> crate::diag::Error {
    Report::new(sources.clone(), mistakes).into()
}
