//! Which instruction set the block functions of this process run on: decided once.
//!
//! Each block function is compiled three times on x86-64. The levels are those of the x86-64 psABI; `v2` stands for whatever
//! the target guarantees. Other architectures have one level.

use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction-set level, usable as an index into a table of block functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What the compilation target guarantees.
    V2,
    /// AVX2, FMA and what came with them.
    V3,
    /// AVX-512 F, BW, CD, DQ, VL.
    V4,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Level; 3] = [Level::V2, Level::V3, Level::V4];

    /// The name in `show_config()` and `KERNELGEN_DISABLE_CPU_FEATURES`.
    pub fn name(self) -> &'static str {
        match self {
            Level::V2 => "v2",
            Level::V3 => "v3",
            Level::V4 => "v4",
        }
    }
}

/// The highest level that this CPU has.
#[cfg(target_arch = "x86_64")]
pub fn highest() -> Level {
    let v3 = is_x86_feature_detected!("avx")
        && is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("movbe")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("f16c");
    let v4 = v3
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    match (v3, v4) {
        (_, true) => Level::V4,
        (true, false) => Level::V3,
        (false, false) => Level::V2,
    }
}

/// The highest level that this CPU has: the only one.
#[cfg(not(target_arch = "x86_64"))]
pub fn highest() -> Level {
    Level::V2
}

/// The level in use: the highest that the CPU has and `KERNELGEN_DISABLE_CPU_FEATURES` leaves
/// (names of levels, apart by spaces or commas; naming one takes the higher ones with it).
#[inline]
pub fn level() -> Level {
    /// One more than the level's index; 0 before the first call. Every thread computes the same value.
    static CHOSEN: AtomicU8 = AtomicU8::new(0);
    match CHOSEN.load(Ordering::Relaxed) {
        1 => Level::V2,
        2 => Level::V3,
        3 => Level::V4,
        _ => {
            let disabled = std::env::var("KERNELGEN_DISABLE_CPU_FEATURES").unwrap_or_default();
            let chosen = without(highest(), &disabled);
            CHOSEN.store(chosen as u8 + 1, Ordering::Relaxed);
            chosen
        }
    }
}

/// `highest`, or the highest level below every one that `disabled` names.
fn without(highest: Level, disabled: &str) -> Level {
    let named = |level: Level| disabled.split([' ', ',']).any(|word| word.eq_ignore_ascii_case(level.name()));
    if named(Level::V3) {
        Level::V2
    } else if named(Level::V4) {
        highest.min(Level::V3)
    } else {
        highest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disabling_a_level_takes_the_higher_ones_with_it() {
        for (disabled, highest, expected) in [
            ("", Level::V4, Level::V4),
            ("v4", Level::V4, Level::V3),
            ("V3", Level::V4, Level::V2),
            ("v4, v3", Level::V3, Level::V2),
            ("v4", Level::V2, Level::V2),
            ("avx", Level::V3, Level::V3),
        ] {
            assert_eq!(without(highest, disabled), expected, "{disabled:?}");
        }
    }
}
