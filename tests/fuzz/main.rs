//! The generator under random specs: whatever it reads, it answers with diagnostics or with code, and what it accepts compiles.
//!
//! The cases are the same in every run. `KERNELGEN_FIRE=50` makes them random, and fifty times as many. A case that failed
//! once is a file of `corpus/`.

mod answer;
mod compiled;
mod corpus;
mod dice;
mod expression;
mod fragments;
mod kernel;
mod mutation;
mod operands;
mod prose;

use std::fmt::Debug;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// How many times as many cases as usual are wanted, if they are to be random.
fn fire() -> Option<u32> {
    let wanted = std::env::var("KERNELGEN_FIRE").ok()?;
    Some(wanted.parse().expect("KERNELGEN_FIRE is a number"))
}

fn runner(cases: u32) -> TestRunner {
    let rng_seed = if fire().is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    let cases = cases * fire().unwrap_or(1);
    TestRunner::new(Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() })
}

/// Runs a test on many cases, and shows the smallest one that fails.
fn try_many<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let tried = runner(cases).run(&strategy, |case| {
        test(case);
        Ok(())
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
}
