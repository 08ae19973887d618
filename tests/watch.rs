//! `kernelgen watch` beside an editor: each change is built or reported. Uses the cache of `tests/wheels.rs`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{fs, thread};

const SPEC: &str = "[kernel.total]
inputs  = [\"x: f64\"]
outputs = [\"total: f64\"]
reduce  = { identity = 0, combine = \"a + b\" }
";

/// A running `kernelgen watch`, ended with the test.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(dir: &Path) -> Watch {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheels/cache");
        let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
        command.arg("watch").current_dir(dir).env("KERNELGEN_CACHE_DIR", cache);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("runs");
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Watch { child, lines }
    }

    /// What it says until it waits for a change again.
    fn turn(&self) -> String {
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(600)).unwrap_or_else(|_| panic!("no end:\n{said}"));
            if line.starts_with("watching `specs`") {
                return said;
            }
            said.extend([&line, "\n"]);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_change_is_built_or_reported() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("watch");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(dir.join("specs")).expect("a folder");
    let write = |text: &str| fs::write(dir.join("specs/watched.toml"), text).expect("written");
    fs::write(dir.join("specs/package.toml"), "[package]\nname = \"watched\"\nversion = \"1\"\n").expect("written");
    write(SPEC);
    let watch = Watch::start(&dir);
    let said = watch.turn();
    assert!(said.contains("watched: built in ") && !said.contains("next:"), "{said}");
    write(&SPEC.replace("f64", "f65"));
    let said = watch.turn();
    assert!(said.contains("error[unknown-dtype]") && said.contains("--> specs/watched.toml:2:"), "{said}");
    write(&SPEC.replace("a + b", "a * b"));
    let said = watch.turn();
    assert!(said.contains("watched: built in ") && !said.contains("error"), "{said}");
    fs::write(dir.join("specs/other.toml"), SPEC.replace("total", "other")).expect("written");
    let said = watch.turn();
    assert!(said.contains("watched: built in "), "a new file is noticed: {said}");
}
