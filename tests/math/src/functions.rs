//! The table: one line a function.

use std::f64::consts::PI;

use kernelgen_runtime::math;

use crate::function::Law::*;
use crate::function::{Function, Of, functions};

const INFINITY: f64 = f64::INFINITY;

functions! {
    exp(x): exponential::{exp_f32, exp_f64}, {expf, exp, rest_exp}, 2.0,
        [Rises(-INFINITY, INFINITY, 0), Results(0.0, INFINITY), Exact(|x, _| x == 0.0)];
    exp2(x): exponential::{exp2_f32, exp2_f64}, {exp2f, exp2, rest_exp2}, 2.0,
        [Rises(-INFINITY, INFINITY, 1), Results(0.0, INFINITY), Exact(|x, _| x.fract() == 0.0)];
    expm1(x): exponential::{expm1_f32, expm1_f64}, {expm1f, expm1, rest_expm1}, 2.0,
        [Rises(-INFINITY, INFINITY, 1), Results(-1.0, INFINITY)];
    log(x): logarithm::{log_f32<true>, log_f64<true>}, {logf, log, rest_log}, 2.0,
        [Rises(0.0, INFINITY, 0), Pole(0.0), Exact(|x, _| x == 1.0)];
    log2(x): logarithm::{log2_f32<true>, log2_f64<true>}, {log2f, log2, rest_log2}, 2.0,
        [Rises(0.0, INFINITY, 0), Pole(0.0), Exact(|x, _| x.log2().fract() == 0.0 && x.log2().exp2() == x)];
    log10(x): logarithm::{log10_f32<true>, log10_f64<true>}, {log10f, log10, rest_log10}, 2.0,
        [Rises(0.0, INFINITY, 0), Pole(0.0), Exact(|x, _| (0..=22).any(|k| x == 10f64.powi(k)))];
    log1p(x): logarithm::{log1p_f32<true>, log1p_f64<true>}, {log1pf, log1p, rest_log1p}, 2.0,
        [Rises(-1.0, INFINITY, 0), Pole(-1.0)];
    sin(x): trigonometric::{sin_f32<true>, sin_f64<true>}, {sinf, sin, rest_sin}, 2.0,
        [Odd, Rises(-PI / 2.0, PI / 2.0, 0), Results(-1.0, 1.0)];
    cos(x): trigonometric::{cos_f32<true>, cos_f64<true>}, {cosf, cos, rest_cos}, 2.0,
        [Even, Rises(-PI, 0.0, 0), Falls(0.0, PI, 0), Results(-1.0, 1.0)];
    tan(x): trigonometric::{tan_f32<true>, tan_f64<true>}, {tanf, tan, rest_tan}, 2.0,
        [Odd, Rises(-1.5707963, 1.5707963, 0)];
    asin(x): inverse::{asin_f32, asin_f64}, {asinf, asin, rest_asin}, 2.0,
        [Odd, Rises(-1.0, 1.0, 0), Results(-PI / 2.0, PI / 2.0)];
    acos(x): inverse::{acos_f32, acos_f64}, {acosf, acos, rest_acos}, 2.0,
        [Falls(-1.0, 1.0, 0), Results(0.0, PI), Exact(|x, _| x == 1.0)];
    atan(x): inverse::{atan_f32, atan_f64}, {atanf, atan, rest_atan}, 2.0,
        [Odd, Rises(-INFINITY, INFINITY, 2), Results(-PI / 2.0, PI / 2.0)];
    atan2(y, x): inverse::{atan2_f32, atan2_f64}, {atan2f, atan2, rest_atan2}, 2.0,
        [Odd, Results(-PI, PI)];
    sinh(x): hyperbolic::{sinh_f32, sinh_f64}, {sinhf, sinh, rest_sinh}, 2.0,
        [Odd, Rises(-INFINITY, INFINITY, 1)];
    cosh(x): hyperbolic::{cosh_f32, cosh_f64}, {coshf, cosh, rest_cosh}, 2.0,
        [Even, Falls(-INFINITY, 0.0, 0), Rises(0.0, INFINITY, 0), Results(1.0, INFINITY)];
    tanh(x): hyperbolic::{tanh_f32, tanh_f64}, {tanhf, tanh, rest_tanh}, 2.0,
        [Odd, Rises(-INFINITY, INFINITY, 2), Results(-1.0, 1.0)];
    erf(x): error_function::{erf_f32, erf_f64}, {erff, erf, rest_erf}, 2.0,
        [Odd, Rises(-INFINITY, INFINITY, 1), Results(-1.0, 1.0)];
    erfc(x): error_function::{erfc_f32, erfc_f64}, {erfcf, erfc, rest_erfc}, 4.0,
        [Falls(-INFINITY, INFINITY, 1), Results(0.0, 2.0), Exact(|x, _| x == 0.0)];
    pow(x, y): power::{pow_f32<true>, pow_f64<true>}, {powf, pow, rest_pow}, 4.0,
        [Pole(0.0), Exact(|x, y| y == 0.0 || y == 1.0 || x == 1.0)];
    cbrt(x): roots::{cbrt_f32, cbrt_f64}, {cbrtf, cbrt, rest_cbrt}, 2.0,
        [Odd, Rises(-INFINITY, INFINITY, 1), Exact(|x, _| x.cbrt().round().powi(3) == x && x.abs() < 1e15)];
    hypot(x, y): roots::{hypot_f32, hypot_f64}, {hypotf, hypot, rest_hypot}, 2.0,
        [Even, Commutes, Results(0.0, INFINITY), Exact(|x, y| x == 0.0 || y == 0.0)];
}
