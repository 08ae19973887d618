//! Roots, by the platform's library for now.

/// The cube root.
#[inline(always)]
pub fn cbrt_f32<const FUSED: bool>(x: f32) -> f32 {
    x.cbrt()
}

/// The cube root.
#[inline(always)]
pub fn cbrt_f64<const FUSED: bool>(x: f64) -> f64 {
    x.cbrt()
}

/// `sqrt(x² + y²)`.
#[inline(always)]
pub fn hypot_f32<const FUSED: bool>(x: f32, y: f32) -> f32 {
    x.hypot(y)
}

/// `sqrt(x² + y²)`.
#[inline(always)]
pub fn hypot_f64<const FUSED: bool>(x: f64, y: f64) -> f64 {
    x.hypot(y)
}
