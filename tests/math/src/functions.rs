//! The table: one line a function.

use kernelgen_runtime::math;

use crate::function::Law::*;
use crate::function::{Function, Of, functions};

const INFINITY: f64 = f64::INFINITY;

functions! {
    exp(x): exponential::{exp_f32, exp_f64}, {expf, exp, rest_exp}, 2.0,
        [Rises(-INFINITY, INFINITY), Results(0.0, INFINITY), Exact(|x, _| x == 0.0)];
    log(x): logarithm::{log_f32, log_f64}, {logf, log, rest_log}, 2.0,
        [Rises(0.0, INFINITY), Pole(0.0), Exact(|x, _| x == 1.0)];
}
