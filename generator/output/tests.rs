//! Folders before and after.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::MARKER;
use crate::diag::Action;
use crate::render::File;

/// A folder of its own for a test, removed at the end.
struct Temp(PathBuf);

impl Temp {
    fn new(name: &str) -> Temp {
        let path = std::env::temp_dir().join(format!("kernelgen-output-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        Temp(path)
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn files(texts: &[(&str, &str)]) -> Files {
    texts
        .iter()
        .map(|(path, text)| (PathBuf::from(path), File { text: (*text).to_owned(), pieces: Vec::new() }))
        .collect()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn writes_what_changed_and_prunes_what_is_stale() {
    let dir = Temp::new("prune");
    assert_eq!(write(&files(&[("a", "1"), ("src/b", "2")]), &dir.0).unwrap().changed, 3);
    fs::write(dir.0.join("mine"), "").unwrap();
    let next = files(&[("a", "1"), ("c", "3")]);
    assert!(matches!(check(&next, &dir.0), Err(Error::Stale(stale)) if stale.len() == 3));
    assert_eq!(write(&next, &dir.0).unwrap().changed, 3);
    assert_eq!(names(&dir.0), [".kernelgen", "a", "c", "mine"]);
    assert_eq!(write(&next, &dir.0).unwrap().changed, 0);
    check(&next, &dir.0).unwrap();
}

#[test]
fn leaves_other_peoples_files_alone() {
    let dir = Temp::new("foreign");
    fs::create_dir_all(&dir.0).unwrap();
    fs::write(dir.0.join("thesis.txt"), "years").unwrap();
    assert!(matches!(write(&files(&[("a", "1")]), &dir.0), Err(Error::Setup { .. })));
    assert_eq!(names(&dir.0), ["thesis.txt"]);

    fs::remove_file(dir.0.join("thesis.txt")).unwrap();
    write(&files(&[("a", "1")]), &dir.0).unwrap();
    fs::write(dir.0.join("b"), "mine").unwrap();
    let refused = write(&files(&[("a", "2"), ("b", "2")]), &dir.0);
    assert!(matches!(refused, Err(Error::Setup { message, .. }) if message.contains("not written by kernelgen")));
    assert_eq!(fs::read_to_string(dir.0.join("a")).unwrap(), "1");
}

#[test]
fn a_marker_that_lists_files_elsewhere_removes_none_of_them() {
    let dir = Temp::new("marker");
    fs::create_dir_all(dir.0.join("out")).unwrap();
    fs::write(dir.0.join("precious"), "").unwrap();
    fs::write(dir.0.join("out").join(MARKER), "../precious\n").unwrap();
    write(&files(&[("a", "1")]), &dir.0.join("out")).unwrap();
    assert!(dir.0.join("precious").exists());
}

#[test]
fn one_writer_at_a_time() {
    let dir = Temp::new("lock");
    let first = write(&files(&[("a", "1")]), &dir.0).unwrap();
    let refused = write(&files(&[("a", "2")]), &dir.0);
    assert!(matches!(refused, Err(Error::Setup { message, .. }) if message.contains("another kernelgen")));
    drop(first);
    write(&files(&[("a", "2")]), &dir.0).unwrap();
}

#[test]
fn a_file_in_the_way_is_named() {
    let dir = Temp::new("file");
    fs::write(&dir.0, "").unwrap();
    let refused = write(&files(&[("a", "1")]), &dir.0);
    assert!(matches!(refused, Err(Error::Setup { message, .. }) if message.contains("is a file")));
    fs::remove_file(&dir.0).unwrap();
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let dir = Temp::new("link");
    let elsewhere = Temp::new("elsewhere");
    fs::create_dir_all(&elsewhere.0).unwrap();
    fs::create_dir_all(&dir.0).unwrap();
    fs::write(dir.0.join(MARKER), "").unwrap();
    std::os::unix::fs::symlink(&elsewhere.0, dir.0.join("src")).unwrap();
    assert!(matches!(write(&files(&[("src/a", "1")]), &dir.0), Err(Error::Setup { .. })));
    assert!(names(&elsewhere.0).is_empty());
}

#[test]
fn a_copy_that_fails_names_the_file_that_it_is_for() {
    let dir = Temp::new("copy");
    fs::create_dir_all(&dir.0).unwrap();
    let (from, missing, nowhere) = (dir.0.join("from"), dir.0.join("missing"), dir.0.join("nowhere/to"));
    fs::write(&from, "1").unwrap();
    let blamed = |from, to| match disk::copy(from, to) {
        Err(Error::Io { action, path, .. }) => (action, path),
        other => panic!("{other:?}"),
    };
    assert_eq!(blamed(&missing, &from), (Action::Read, missing.clone()));
    assert_eq!(blamed(&from, &nowhere), (Action::Write, nowhere.clone()));
    assert_eq!(fs::read_to_string(&from).unwrap(), "1");
}
