//! `cargo run --release --manifest-path tests/math/Cargo.toml -- table` measures the largest error of each function and prints a
//! table of them; with `--write` it goes into docs/performance.md. Names of functions after it are looked at alone, and with
//! `--quick` no function has every `f32` looked at.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use accuracy::float::Float;
use accuracy::function::{Function, levels};
use accuracy::functions::FUNCTIONS;
use accuracy::parallel::{every, sampled};
use accuracy::survey::Survey;
use kernelgen_runtime::level::Level;

/// Chunks of 4096 random arguments of each function that has not every `f32` looked at.
const CHUNKS: u64 = 5000;
/// The same where it shall be quick.
const FEW: u64 = 600;
const MARKERS: [&str; 2] = ["<!-- accuracy -->\n", "<!-- /accuracy -->"];

/// The two columns of a type: with FMA, and without.
fn columns<F: Float>(survey: &Survey<F>) -> String {
    assert!(levels().count() == 3, "this CPU does not have all levels");
    let shown = |level: Level| {
        let worst = survey.worst[level as usize];
        eprintln!("{survey}, {}: {:.4} ULP at {:?}", level.name(), worst.error, worst.at);
        // Rounded up: a bound stays one.
        format!("{:.2}", (worst.error * 100.0).ceil() / 100.0)
    };
    survey.broken.iter().for_each(|text| eprintln!("{text}"));
    format!("{} | {}", shown(Level::V4), shown(Level::V2))
}

/// The row of a function.
fn row(function: &Function, quick: bool) -> String {
    let chunks = if quick { FEW } else { CHUNKS };
    let of_f64 = columns(&sampled::<f64>(function, chunks));
    let all = function.arity == 1 && !quick;
    let of_f32 = columns::<f32>(&if all { every(function) } else { sampled(function, chunks) });
    format!("| `{}` | {of_f64} | {of_f32} |\n", function.name)
}

fn table(names: &[String], quick: bool) -> String {
    let chosen = FUNCTIONS.iter().filter(|function| names.is_empty() || names.iter().any(|name| name == function.name));
    let head = "| largest error, ULP | f64, v3 and v4 | f64, v2 | f32, v3 and v4 | f32, v2 |\n|---|---|---|---|---|\n";
    head.to_owned() + &chosen.map(|function| row(function, quick)).collect::<String>()
}

/// Puts the table between its markers.
fn write(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/performance.md");
    let text = fs::read_to_string(&path).expect("docs/performance.md");
    let (before, rest) = text.split_once(MARKERS[0]).expect("the first marker");
    let (_, after) = rest.split_once(MARKERS[1]).expect("the second marker");
    fs::write(&path, [before, MARKERS[0], "\n", table, "\n", MARKERS[1], after].concat()).expect("written");
}

fn main() -> ExitCode {
    let (options, words): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|word| word.starts_with("--"));
    let [to_file, quick] = ["--write", "--quick"].map(|option| options == [option]);
    let known = words.first().is_some_and(|word| word == "table") && (options.is_empty() || to_file || quick);
    if !known || to_file && words.len() > 1 {
        eprintln!("usage: table [--quick] [NAME ...], or table --write");
        return ExitCode::from(2);
    }
    let table = table(&words[1..], quick);
    print!("{table}");
    if to_file {
        write(&table);
    }
    ExitCode::SUCCESS
}
