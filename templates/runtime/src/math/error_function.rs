//! The error function and its complement.
//!
//! `erf(x)` is `x` times a quotient of polynomials in `x²`, up to where it rounds to 1; `erfc(x)` from 0 up is `exp(-x²)` times one of
//! polynomials in `x`. No coefficient is negative, so that nothing cancels, and each polynomial is summed as two, of even and of
//! odd powers, which halves both the roundings and the wait for them. An error of `x²` would be one of the exponent: the square
//! is had in two parts, of which the low one goes into the remainder of the exponential's reduction.
//!
//! Coefficients: rational least squares at Chebyshev points, relative error below 2^-57 and 2^-27; `tests/math/coefficients.py` computes them.

use super::polynomial::{Float, halves, horner};

/// Adding it rounds a number of less than 2^51 to the nearest integer, which then stands in the last bits.
const ROUND_F64: f64 = 6755399441055744.0;

/// The same for less than 2^22.
const ROUND_F32: f32 = 12582912.0;

/// The same in four parts.
#[inline(always)]
fn quarters<const FUSED: bool, V: Float, const A: usize, const B: usize, const C: usize, const D: usize>(
    x: V,
    square: V,
    fourth: V,
    a: [V; A],
    b: [V; B],
    c: [V; C],
    d: [V; D],
) -> V {
    let low = horner::<FUSED, V, B>(fourth, b).times_plus::<FUSED>(x, horner::<FUSED, V, A>(fourth, a));
    let high = horner::<FUSED, V, D>(fourth, d).times_plus::<FUSED>(x, horner::<FUSED, V, C>(fourth, c));
    high.times_plus::<FUSED>(square, low)
}

/// `erf(x)`.
#[inline(always)]
pub fn erf_f64<const FUSED: bool>(x: f64) -> f64 {
    let a = x.abs();
    let square = a * a;
    let square = if square > 36.0 { 36.0 } else { square };
    let fourth = square * square;
    let above = halves::<FUSED, _, 7, 6>(
        square,
        fourth,
        [
            1.1283791670955126,
            0.06701858253763296,
            0.0008920345730714049,
            4.276169929768757e-06,
            8.137010200157787e-09,
            5.018482891189042e-12,
            7.828991269808841e-17,
        ],
        [
            0.2231417516897076,
            0.007124071771426218,
            6.1025804625043276e-05,
            1.9378332946178324e-07,
            2.2409750826543866e-10,
            4.596228072082087e-14,
        ],
    );
    let below = halves::<FUSED, _, 7, 7>(
        square,
        fourth,
        [
            1.0,
            0.1364228596416684,
            0.002659770876554373,
            1.6774041273124135e-05,
            4.112094750992006e-08,
            3.518117043176161e-11,
            2.4681017497400957e-15,
        ],
        [
            0.5310875618734463,
            0.0224885983921486,
            0.00023881353447583335,
            9.337669119438968e-07,
            1.4037336915007246e-09,
            5.67105002059559e-13,
            1.1085794061129078e-18,
        ],
    );
    let value = a * above / below;
    (if value > 1.0 { 1.0 } else { value }).copysign(x)
}

/// `erf(x)`.
#[inline(always)]
pub fn erf_f32<const FUSED: bool>(x: f32) -> f32 {
    let a = x.abs();
    let square = a * a;
    let square = if square > 15.4 { 15.4 } else { square };
    let fourth = square * square;
    let above = halves::<FUSED, _, 3, 3>(
        square,
        fourth,
        [1.1283792, 0.055686712, 0.00040966665],
        [0.19263233, 0.00421257, 6.7334054e-06],
    );
    let below = halves::<FUSED, _, 4, 3>(
        square,
        fourth,
        [1.0, 0.11736687, 0.0014163243, 2.5703517e-07],
        [0.5040494, 0.016261818, 7.216057e-05],
    );
    let value = a * above / below;
    (if value > 1.0 { 1.0 } else { value }).copysign(x)
}

/// `erfc(x)`.
#[inline(always)]
pub fn erfc_f64<const FUSED: bool>(x: f64) -> f64 {
    const LOG2: [f64; 3] = [0.6931471806019545, -4.200915072890502e-11, 2.0941744292700725e-21];
    const LOG2_FUSED: [f64; 2] = [std::f64::consts::LN_2, 2.3190468138462996e-17];
    // From here on the result is zero, or 2.
    let a = x.abs();
    let a = if a > 28.0 { 28.0 } else { a };
    let square = a * a;
    let fourth = square * square;
    let above = quarters::<FUSED, _, 3, 3, 3, 2>(
        a,
        square,
        fourth,
        [1.0, 1.0668454809488481, 0.0034862750086897512],
        [2.347866668212044, 0.40860977433519596, 0.0003240516045226752],
        [2.732093197495537, 0.1157283791235279, 1.4800862895575743e-05],
        [2.036453181946073, 0.02396506520504087],
    );
    let below = quarters::<FUSED, _, 3, 3, 3, 3>(
        a,
        square,
        fourth,
        [1.0, 3.9511202553124996, 0.04276415536986785],
        [3.476245835307557, 1.9904391112655058, 0.006192378487624742],
        [5.654616577759102, 0.745193272917921, 0.0005743665143291297],
        [5.693011668958909, 0.20819972500587844, 2.6233846435982974e-05],
    );
    let (square, low) = if FUSED {
        (square, a.mul_add(a, -square))
    } else {
        let high = f64::from_bits(a.to_bits() & 0xffff_ffff_f800_0000);
        (high * high, (a - high) * (a + high))
    };
    // The last bits are those of the exponent of 2^(k + 200), which no result makes subnormal.
    let shifted = square.times_plus::<FUSED>(-std::f64::consts::LOG2_E, ROUND_F64 + 1223.0);
    let k = shifted - (ROUND_F64 + 1223.0);
    let r = if FUSED {
        (-k).mul_add(LOG2_FUSED[1], (-k).mul_add(LOG2_FUSED[0], -square)) - low
    } else {
        (((-square - k * LOG2[0]) - k * LOG2[1]) - k * LOG2[2]) - low
    };
    let rr = r * r;
    let p = halves::<FUSED, _, 5, 5>(
        r,
        rr,
        [
            0.5000000000000013,
            0.04166666666651165,
            0.0013888888947856933,
            2.4801489173684773e-05,
            2.7631528132690443e-07,
        ],
        [
            0.16666666666666685,
            0.008333333333316302,
            0.0001984126989796006,
            2.7557233461060226e-06,
            2.5112478479129074e-08,
        ],
    );
    let q = above / below;
    let value = q.times_plus::<FUSED>(rr.times_plus::<FUSED>(p, r), q);
    let value = value * f64::from_bits(shifted.to_bits() << 52) * 6.223015277861142e-61;
    if x < 0.0 { 2.0 - value } else { value }
}

/// `erfc(x)`.
#[inline(always)]
pub fn erfc_f32<const FUSED: bool>(x: f32) -> f32 {
    const LOG2: [f32; 2] = [0.6933594, -0.00021219444];
    let a = x.abs();
    let a = if a > 10.5 { 10.5 } else { a };
    let square = a * a;
    let above = halves::<FUSED, _, 3, 2>(a, square, [1.0, 0.7390024, 0.033568997], [1.2453358, 0.23280118]);
    let below = halves::<FUSED, _, 3, 3>(a, square, [1.0, 2.4174423, 0.41265318], [2.3737156, 1.3391997, 0.05949888]);
    let (square, low) = if FUSED {
        (square, a.mul_add(a, -square))
    } else {
        let high = f32::from_bits(a.to_bits() & 0xffff_f000);
        (high * high, (a - high) * (a + high))
    };
    let shifted = square.times_plus::<FUSED>(-std::f32::consts::LOG2_E, ROUND_F32 + 191.0);
    let k = shifted - (ROUND_F32 + 191.0);
    let r = (-k).times_plus::<FUSED>(LOG2[1], (-k).times_plus::<FUSED>(LOG2[0], -square)) - low;
    let p = horner::<FUSED, _, 5>(r, [0.5, 0.16666515, 0.04166626, 0.008369166, 0.0013946469]);
    let q = above / below;
    let value = q.times_plus::<FUSED>((r * r).times_plus::<FUSED>(p, r), q);
    let value = value * f32::from_bits(shifted.to_bits() << 23) * 5.421011e-20;
    if x < 0.0 { 2.0 - value } else { value }
}
