//! The output folder under fire: runs that are killed, two at once, a disk that is full or read-only.
//!
//! `KERNELGEN_FIRE=50` fires as often, and at other moments in each run.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder of its own for a test, removed at the end.
struct Temp(PathBuf);

impl Temp {
    /// A folder with two versions of a package's specs, which have few files in common.
    fn new(name: &str) -> Temp {
        let path = std::env::temp_dir().join(format!("kernelgen-fire-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        let temp = Temp(path);
        for (version, first) in [("one", 0), ("two", 30)] {
            let kernels: String = (first..first + 40).map(kernel).collect();
            temp.write(&format!("{version}/fire.toml"), &package(version, &kernels));
        }
        temp
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn start(&self, arguments: &str) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
        command.current_dir(&self.0).args(arguments.split(' ')).env("KERNELGEN_CACHE_DIR", self.0.join("cache"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    #[track_caller]
    fn run(&self, arguments: &str, code: i32) -> String {
        said(self.start(arguments).wait_with_output().unwrap(), code)
    }

    /// The files below a folder, with their texts.
    fn files(&self, folder: &str) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        collect(&self.0.join(folder), Path::new(""), &mut found);
        found
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn package(version: &str, kernels: &str) -> String {
    format!("[package]\nname = \"fire\"\nversion = \"1.0\"\nsummary = \"Version {version}.\"\n{kernels}")
}

fn kernel(number: usize) -> String {
    format!("[kernel.k{number}]\ninputs = [\"x: f64\"]\noutputs = [\"out: f64\"]\nmap = \"x + {number}.0\"\n")
}

#[track_caller]
fn said(output: Output, code: i32) -> String {
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{err}");
    assert!(!err.contains("panicked"), "{err}");
    err
}

fn collect(root: &Path, below: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(root.join(below)).into_iter().flatten() {
        let path = below.join(entry.unwrap().file_name());
        if root.join(&path).is_dir() {
            collect(root, &path, found);
        } else {
            found.insert(path.clone(), fs::read_to_string(root.join(&path)).unwrap());
        }
    }
}

fn fire() -> Option<usize> {
    std::env::var("KERNELGEN_FIRE").ok().map(|wanted| wanted.parse().expect("KERNELGEN_FIRE is a number"))
}

/// Moments within a time: spread over it, or at random.
fn moments(shots: usize, time: Duration) -> impl Iterator<Item = Duration> {
    (0..fire().unwrap_or(shots)).map(move |shot| {
        let part = match fire() {
            // The clock is random enough for this.
            Some(_) => f64::from(Instant::now().elapsed().subsec_nanos().wrapping_add(now()) % 9973) / 9973.0,
            None => shot as f64 / shots as f64,
        };
        time.mul_f64(part)
    })
}

fn now() -> u32 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().subsec_nanos() / 7
}

/// What a run is waited for to have made, before it is killed a moment later.
const SIGNS: [&str; 3] = ["", ".kernelgen.lock", "src/k69.rs"];

/// Kills a run some time after the sign, if it has not ended by then.
fn kill(temp: &Temp, arguments: &str, sign: &str, moment: Duration) {
    let mut child = temp.start(arguments);
    let sign = temp.0.join("made/fire").join(sign);
    while !sign.exists() && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
    let start = Instant::now();
    while start.elapsed() < moment {
        std::hint::spin_loop();
    }
    let _ = child.kill();
    child.wait().unwrap();
}

/// Fails unless each file is that of the one version or of the other, and all but what a run has for itself are listed.
#[track_caller]
fn is_whole(found: &BTreeMap<PathBuf, String>, versions: &[&BTreeMap<PathBuf, String>]) {
    let marker = found.get(Path::new(".kernelgen")).map_or("", |text| text);
    for (path, text) in found {
        let own = path.starts_with(".kernelgen.new") || path == Path::new(".kernelgen.lock");
        if own || path == Path::new(".kernelgen") {
            continue;
        }
        let known = versions.iter().any(|version| version.get(path) == Some(text));
        assert!(known, "{} is of neither version:\n{text}", path.display());
        assert!(marker.lines().any(|line| Path::new(line) == path), "{} is not listed", path.display());
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_one_mends_the_rest() {
    let temp = Temp::new("killed");
    temp.run("generate two --out made", 0);
    let two = temp.files("made/fire");
    fs::remove_dir_all(temp.0.join("made")).unwrap();
    let start = Instant::now();
    temp.run("generate one --out made", 0);
    let (whole, one) = (start.elapsed(), temp.files("made/fire"));
    let outside = [temp.files("one"), temp.files("two")];
    for (shot, moment) in moments(12, whole).enumerate() {
        // The later the sign, the less is left of the run.
        let (sign, moment) = (SIGNS[shot % 3], moment.div_f64([1.0, 4.0, 20.0][shot % 3]));
        if shot % 4 == 3 {
            // The first run into a folder.
            fs::remove_dir_all(temp.0.join("made")).unwrap();
            kill(&temp, "generate one --out made", sign, moment);
            is_whole(&temp.files("made/fire"), &[&one]);
        } else {
            kill(&temp, "generate two --out made", sign, moment);
            is_whole(&temp.files("made/fire"), &[&one, &two]);
        }
        temp.run("generate one --out made", 0);
        temp.run("generate one --out made --check", 0);
        let left: Vec<_> = temp.files("made/fire").into_keys().filter(|path| !one.contains_key(path)).collect();
        assert!(left.is_empty(), "left by shot {shot}, {moment:?} after its start or {sign:?}: {left:?}");
        assert!([temp.files("one"), temp.files("two")] == outside, "specs were changed");
        assert_eq!(fs::read_dir(&temp.0).unwrap().count(), 3, "only specs and what was made of them");
    }
}

#[test]
fn several_runs_at_once_leave_what_one_of_them_wrote() {
    let temp = Temp::new("both");
    let mut versions = Vec::new();
    for version in ["one", "two"] {
        temp.run(&format!("generate {version} --out made"), 0);
        versions.push(temp.files("made/fire"));
    }
    for _ in moments(5, Duration::ZERO) {
        let runs = ["one", "two", "one", "two"].map(|version| temp.start(&format!("generate {version} --out made")));
        let ended = runs.map(|run| run.wait_with_output().unwrap());
        assert!(ended.iter().any(|run| run.status.success()), "nobody wrote");
        for run in ended.into_iter().filter(|run| !run.status.success()) {
            let err = said(run, 2);
            assert!(err.contains("another kernelgen is writing"), "{err}");
        }
        assert!(versions.contains(&temp.files("made/fire")));
    }
}

/// A file system of its own, unmounted at the end.
struct Mount(PathBuf);

impl Mount {
    /// Says so and gives nothing where none may be mounted.
    fn new(at: PathBuf, size: &str) -> Option<Mount> {
        fs::create_dir_all(&at).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "kernelgen"], &at);
        if !mounted {
            eprintln!("skipped: no file system may be mounted here");
        }
        mounted.then_some(Mount(at))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn mount(options: &[&str], at: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(options).arg(at).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn a_disk_that_is_full_or_read_only_leaves_the_former_output() {
    let temp = Temp::new("full");
    let Some(disk) = Mount::new(temp.0.join("made"), "3m") else { return };
    temp.run("generate one --out made", 0);
    let one = temp.files("made/fire");
    let filler = disk.0.join("filler");
    // Ever less room, down to none.
    for free in [64, 16, 8, 4, 0] {
        let _ = fs::remove_file(&filler);
        let fill = format!("cat /dev/zero > {0} 2> /dev/null; truncate -s -{free}k {0}", filler.display());
        Command::new("sh").args(["-c", &fill]).status().unwrap();
        let err = temp.run("generate two --out made", 2);
        assert!(err.contains("No space left") && err.lines().count() == 1, "{err}");
        fs::remove_file(&filler).unwrap();
        assert!(temp.files("made/fire") == one, "{free} kB were free");
        temp.run("generate one --out made --check", 0);
    }
    assert!(mount(&["-o", "remount,ro"], &disk.0), "mounted read-only");
    let err = temp.run("generate two --out made", 2);
    assert!(err.contains("Read-only") && err.lines().count() == 1, "{err}");
    assert!(temp.files("made/fire") == one, "changed where nothing can be written");
    temp.run("generate one --out made --check", 0);
    assert!(mount(&["-o", "remount,rw"], &disk.0), "mounted for writing");
    temp.run("generate two --out made", 0);
    temp.run("generate two --out made --check", 0);
}

const CARGO: &str = "echo cargo 1.95.0";
const RUSTC: &str = "echo rustc 1.95.0";
const PYTHON: &str = "printf '%s\\n' $0 $0 cpython-3.11-64bit 3.11 0";
/// Leaves a wheel whose name and content are those of the sources, half of it at a time. It is not killed with its parent.
const MATURIN: &str = "if [ $1 = --version ]; then echo maturin 1.9.0; exit; fi
while [ $# -gt 1 ]; do case $1 in --out) out=$2;; --manifest-path) crate=$(dirname $2);; esac; shift; done
version=$(sed -n 's/^version = \"\\(.*\\)\"/\\1/p' $crate/pyproject.toml)
sleep 0.1; echo begin $version > $out/fire-$version-cp311-abi3-any.whl
sleep 0.05; echo end $version >> $out/fire-$version-cp311-abi3-any.whl";

#[test]
fn a_killed_build_leaves_the_former_wheel_or_the_new_one() {
    use std::os::unix::fs::PermissionsExt;

    let temp = Temp::new("build");
    for (name, script) in [("cargo", CARGO), ("rustc", RUSTC), ("python3", PYTHON), ("maturin", MATURIN)] {
        temp.write(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(temp.0.join("bin").join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("{}:/usr/bin:/bin", temp.0.join("bin").display());
    let build = |number: usize| {
        let spec = package("of wheels", &kernel(0)).replace("\"1.0\"", &format!("\"1.{number}\""));
        temp.write("wheels/fire.toml", &spec);
        let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
        command.current_dir(&temp.0).args(["build", "wheels"]).env("KERNELGEN_CACHE_DIR", temp.0.join("cache"));
        command.env("PATH", &path).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let wheel = |number: usize| temp.0.join(format!("dist/fire-1.{number}-cp311-abi3-any.whl"));
    let start = Instant::now();
    said(build(0).wait_with_output().unwrap(), 0);
    for (shot, moment) in moments(10, start.elapsed()).enumerate() {
        let number = 2 * shot + 1;
        let mut killed = build(number);
        std::thread::sleep(moment);
        let _ = killed.kill();
        killed.wait().unwrap();
        // The next one begins while the maturin of the killed one is at work.
        let ended = build(number + 1).wait_with_output().unwrap();
        let out = String::from_utf8(ended.stdout.clone()).unwrap();
        said(ended, 0);
        assert_eq!(out.trim(), format!("dist/fire-1.{}-cp311-abi3-any.whl", number + 1), "{moment:?}");
        assert!(wheel(number + 1).exists());
        for of in (0..=number + 1).filter(|of| wheel(*of).exists()) {
            assert_eq!(fs::read_to_string(wheel(of)).unwrap(), format!("begin 1.{of}\nend 1.{of}\n"), "{moment:?}");
        }
        let left = fs::read_dir(temp.0.join("dist")).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with('.')).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
