//! Powers, by the platform's library for now.

/// `x` to the power of `y`.
#[inline(always)]
pub fn pow_f32<const FUSED: bool>(x: f32, y: f32) -> f32 {
    x.powf(y)
}

/// `x` to the power of `y`.
#[inline(always)]
pub fn pow_f64<const FUSED: bool>(x: f64, y: f64) -> f64 {
    x.powf(y)
}
