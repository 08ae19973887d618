//! Values of the error functions at the multiples of 1/128, computed by the compiler in integers of 2^-110.
//!
//! `erfc(r)` is `scaled(r) * exp(-r²)`. Of the first factor there is a series from each multiple to the one below: with the terms `t_k`,
//! `(k + 1) t_(k+1) = -2 r h t_k + 2 h² t_(k-1)`, where `r` and `h` are multiples of 1/128. An error of one value is less by `exp(h² - 2 r h)`
//! in the next, so that it does not matter from what the first one starts far enough above. The second factor is the product of those of
//! each step, which are a geometric sequence.

/// Steps to the unit, and of units that `erf` and `erfc` need.
pub const STEPS: usize = 128;
pub const ERF_UNITS: usize = 6;
pub const ERFC_UNITS: usize = 28;

/// By how much values of `erfc` are larger than they should be, so that none is subnormal: 2^128.
const MORE: u64 = 128;

/// `erf(k / 128)` and its derivative there; the last ones are those of infinity.
pub static ERF: [[f64; 2]; 1024] = TABLES.0;

/// `2^128 * erfc(k / 128)`, and the same of the derivative but for the sign. (Of such a length that the last bits of a number are an index.)
pub static ERFC: [[f64; 2]; 4096] = TABLES.1;

const TABLES: ([[f64; 2]; 1024], [[f64; 2]; 4096]) = tables();

const BITS: u32 = 110;
const ONE: i128 = 1 << BITS;
/// `2 / sqrt(pi)`.
const FIRST: i128 = 1464719901136543819340357084100095;
/// The square of the steps.
const SQUARE: i128 = (STEPS * STEPS) as i128;

/// The product of two numbers of less than 2.
const fn product(a: i128, b: i128) -> i128 {
    const HALF: u32 = BITS / 2;
    const LOW: i128 = (1 << HALF) - 1;
    let (high, low) = ((a >> HALF, b >> HALF), (a & LOW, b & LOW));
    high.0 * high.1 + ((high.0 * low.1 + low.0 * high.1) >> HALF)
}

/// The nearest float to a number, divided by a power of 2.
const fn float(number: i128, down: u64, more: u64) -> f64 {
    number as f64 * (1.0 / ONE as f64) * f64::from_bits((1023 + more - down) << 52)
}

/// `exp(r²) * erfc(r)`.
const fn scaled() -> [i128; ERFC_UNITS * STEPS + 1] {
    let mut table = [0; ERFC_UNITS * STEPS + 1];
    // From 2 units above the last one on, by which an error is less than 2^-160 of what it was.
    let (mut step, mut value) = ((ERFC_UNITS + 2) * STEPS, 0);
    while step > 0 {
        let r = step as i128;
        let (mut before, mut term, mut k) = (value, (FIRST - 2 * r * value / STEPS as i128) / STEPS as i128, 1);
        while k < 20 {
            value += term;
            k += 1;
            (before, term) = (term, (2 * before - 2 * r * term) / (SQUARE * k));
        }
        step -= 1;
        if step < table.len() {
            table[step] = value;
        }
    }
    table
}

const fn tables() -> ([[f64; 2]; 1024], [[f64; 2]; 4096]) {
    let scaled = scaled();
    let (mut erf, mut erfc) = ([[1.0, 0.0]; 1024], [[0.0; 2]; 4096]);
    // exp(-1 / 128²), by which the first step is less than 1; the next is so by this and its square, and so on.
    let (mut less, mut term, mut k) = (ONE, ONE, 1);
    while k < 20 {
        term = -term / (SQUARE * k);
        less += term;
        k += 1;
    }
    let square = product(less, less);
    // exp(-r²) is `exponential / 2^down`.
    let (mut exponential, mut down) = (ONE, 0);
    let mut step = 0;
    while step < scaled.len() {
        let (value, slope) = (product(scaled[step], exponential), product(FIRST, exponential));
        erfc[step] = [float(value, down, MORE), float(slope, down, MORE)];
        if step <= ERF_UNITS * STEPS {
            // Of nothing, rounding leaves 2^-101.
            let rest = if step == 0 { 0 } else { ONE - (value >> down) };
            erf[step] = [float(rest, 0, 0), float(slope, down, 0)];
        }
        (exponential, less) = (product(exponential, less), product(less, square));
        if exponential < ONE / 2 {
            exponential *= 2;
            down += 1;
        }
        step += 1;
    }
    (erf, erfc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_functions() {
        // Computed with 80 digits.
        let exact = [
            (1, [0.008815282895179188, 1.128310298398467], [3.3728268159228923e+38, 3.839440989603007e+38]),
            (100, [0.7307772924108472, 0.6128902939630436], [9.16117401673006e+37, 2.0855575989261425e+38]),
            (768, [1.0, 2.617301239249265e-16], [7.322786944044545e+21, 8.906214606368453e+22]),
            (2000, [1.0, 0.0], [1.147184604900716e-69, 3.5922641023971366e-68]),
            (3584, [1.0, 0.0], [2.233346620760075e-304, 1.251470717270453e-302]),
        ];
        for (step, erf, erfc) in exact {
            assert_eq!((ERF[step.min(1023)], ERFC[step]), (erf, erfc), "{step}");
        }
    }
}
