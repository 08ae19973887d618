//! The bits of 2 / π, cut into floats at every place where the argument of a trigonometric function may need them.
//!
//! Of `x * 2 / π` only the remainder modulo 4 matters. If `x` is a multiple of 2^e, then all of 2 / π that is a multiple of
//! 2^(2-e) falls away, and what is left of it begins at a bit that depends on the exponent of `x` alone.

/// 2 / π times 2^(64 n - 53), so that 53 zeros stand before its first bit; `tests/math/coefficients.py` prints it.
const WORDS: [u64; 20] = [
    0x0000000000000517,
    0xcc1b727220a94fe1,
    0x3abe8fa9a6ee06db,
    0x14acc9e21c820ff2,
    0x8b1d5ef5de2b0db9,
    0x2371d2126e970032,
    0x4977504e8c90e7f0,
    0xef58e5894d39f744,
    0x11afa975da24274c,
    0xe38135a2fbf209cc,
    0x8eb1cc1a99cfa4e4,
    0x22fc5defc941d8ff,
    0xc4bffef02cc07f79,
    0x788c5ad05368fb69,
    0xb3f6793e584dba7a,
    0x31fb34f2ff516ba9,
    0x3dd63f5f2f8bd9e8,
    0x39cfbc529497535f,
    0xdafd88fc6ae842b0,
    0x198237e3db5d5f86,
];

/// The digit of 2 / π whose `bits` bits begin with that of 2^(52 - from), times 2^scale. Digits go from minus half to half of
/// the base, so that a digit and those after it are 2 / π modulo 2^(53 - from), as near to zero as can be.
const fn digit(from: usize, bits: usize, scale: usize) -> f64 {
    let (word, shift) = (from / 64, from % 64);
    let window = WORDS[word] << shift | if shift == 0 { 0 } else { WORDS[word + 1] >> (64 - shift) };
    // Its first bit is its sign, and the bit after it rounds.
    let digit = (window as i64 >> (64 - bits)) + (window >> (63 - bits) & 1) as i64;
    let place = 1023 + scale + 53 - from - bits;
    digit as f64 * f64::from_bits((place as u64) << 52)
}

/// Bits of a digit for `f64`: four of them are enough beside the nearest that any `x` comes to a multiple of π/2.
pub const STEP: usize = 48;

/// [`DIGITS`] are larger than they should be by 2^500, since the last would be subnormal.
pub const SCALE: usize = 500;

/// Digits of 2 / π for each exponent: those of an `x` from 2^(e+1) to 2^(e+2) are at `e`, `e + STEP` and so on.
pub static DIGITS: [f64; 1024 + 3 * STEP] = {
    let mut digits = [0.0; 1024 + 3 * STEP];
    let mut from = 0;
    while from < digits.len() {
        digits[from] = digit(from, STEP, SCALE);
        from += 1;
    }
    digits
};

/// For an `x` of type `f32` from 2^(e+1) to 2^(e+2): a digit by which the product with `x` is exact in `f64`, and all the rest.
pub static DIGITS_F32: [[f64; 128]; 2] = {
    let mut digits = [[0.0; 128]; 2];
    let mut e = 0;
    while e < 128 {
        digits[0][e] = digit(e + 29, 29, 0);
        digits[1][e] = digit(e + 58, 53, 0);
        e += 1;
    }
    digits
};
