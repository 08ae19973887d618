//! Elementwise kernels over any layout, without Python: each element is what the text makes of it alone.

use kernelgen_runtime::math::exponential::{exp_f32, exp_f64};
use kernelgen_runtime::math::logarithm::{log_f32, log_f64};
use kernelgen_runtime::math::rounding::*;
use ndarray::{Array2, ArrayD, Axis, s};

mod axpy {
    kernelgen_runtime::map! {
        /// `a * x + y`.
        fn axpy(a: T, x: T, y: T) -> (out: T);
        for f32 { T = f32 }
        for f64 { T = f64 }
        for i64 { T = i64 }
        map { a * x + y }
    }
}

mod parts {
    kernelgen_runtime::map! {
        /// Whole part and fraction, and whether there is one, of `x * by`.
        fn parts(x: f64; by: f64) -> (whole: f64, fraction: f64, broken: bool);
        for f64 {}
        map {
            {
                let x = x * by;
                (trunc(x), x - trunc(x), x != trunc(x))
            }
        }
    }
}

mod doubled {
    kernelgen_runtime::map! {
        /// Twice a half, computed in single precision.
        fn doubled(x: f16) -> (out: f16);
        for f16 {}
        map { x + x }
    }
}

/// A matrix of whole numbers.
fn matrix(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| (i * columns + j) as f64)
}

#[test]
fn every_layout_gives_the_same_elements() {
    let x = matrix(37, 53);
    let wanted = x.mapv(|x| 2.0 * x + 1.0).into_dyn();
    let spread = Array2::from_shape_fn((74, 106), |(i, j)| x[[i / 2, j / 2]]);
    let mut reversed = x.slice(s![..;-1, ..;-1]).to_owned();
    reversed.invert_axis(Axis(0));
    reversed.invert_axis(Axis(1));
    let transposed = x.t().to_owned();
    assert_eq!(axpy::f64(&[2.0], &x, &[1.0]), wanted);
    assert_eq!(axpy::f64(&[2.0], spread.slice(s![..;2, ..;2]), &[1.0]), wanted);
    assert_eq!(axpy::f64(&[2.0], reversed.view(), &[1.0]), wanted);
    assert_eq!(axpy::f64(&[2.0], transposed.t(), &[1.0]), wanted);
}

#[test]
fn shapes_are_broadcast() {
    let (column, row) = (matrix(40, 1), matrix(1, 60));
    let wanted = Array2::from_shape_fn((40, 60), |(i, j)| i as f64 * 3.0 + j as f64).into_dyn();
    assert_eq!(axpy::f64(&column, &[3.0], &row), wanted);
    assert_eq!(axpy::i64(&[], &[3], &[4]), ArrayD::<i64>::zeros(vec![0]));
}

#[test]
fn several_outputs_and_params() {
    let (whole, fraction, broken) = parts::f64(&[0.75, -1.0], 2.0);
    assert_eq!(whole.as_slice(), Some(&[1.0, -2.0][..]));
    assert_eq!(fraction.as_slice(), Some(&[0.5, 0.0][..]));
    assert_eq!(broken.as_slice(), Some(&[true, false][..]));
}

#[test]
fn halves_are_rounded_once_when_they_are_stored() {
    use kernelgen_runtime::half::Half;
    let values: Vec<Half> = (0..3000).map(|k| Half::from_f32(k as f32 / 7.0)).collect();
    let found = doubled::f16(&values);
    assert!(found.iter().zip(&values).all(|(found, x)| *found == Half::from_f32(2.0 * x.to_f32())));
}

/// Numbers of every size and sign, and those at which the formulas change.
fn numbers() -> impl Iterator<Item = f64> {
    let sizes = (-1080..1024).flat_map(|k| [1.0, 1.2, 1.9].map(|m| m * 2f64.powi(k)));
    let near = (0..2000).map(|k| 0.4 + f64::from(k) * 0.001);
    let ends = [0.0, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NAN, 709.78, 709.79, 745.1, 745.2, 0.5, 1.5, 2.5];
    sizes.chain(near).chain(ends).flat_map(|x| [x, -x])
}

/// Whether two floats are within `ulps` of each other, or both NaN.
fn close(a: f64, b: f64, ulps: f64, eps: f64, tiny: f64) -> bool {
    a == b && a.is_sign_negative() == b.is_sign_negative()
        || a.is_nan() && b.is_nan()
        || (a - b).abs() <= ulps * (eps * b.abs()).max(tiny)
}

#[test]
fn exp_and_log_are_those_of_the_platform_with_and_without_fma() {
    for x in numbers() {
        for (found, wanted) in [
            (exp_f64::<true>(x), x.exp()),
            (exp_f64::<false>(x), x.exp()),
            (log_f64::<true, true>(x), x.ln()),
            (log_f64::<false, true>(x), x.ln()),
        ] {
            assert!(close(found, wanted, 1.5, f64::EPSILON, f64::from_bits(1)), "{x:e}: {found:e}, not {wanted:e}");
        }
        let x = x as f32;
        let (exp, log) = (f64::from(x).exp() as f32, f64::from(x).ln() as f32);
        for (found, wanted) in [
            (exp_f32::<true>(x), exp),
            (exp_f32::<false>(x), exp),
            (log_f32::<true, true>(x), log),
            (log_f32::<false, true>(x), log),
        ] {
            let (eps, tiny) = (f64::from(f32::EPSILON), f64::from(f32::from_bits(1)));
            assert!(close(found.into(), wanted.into(), 1.5, eps, tiny), "{x:e}: {found:e}, not {wanted:e}");
        }
    }
}

#[test]
fn rounding_without_the_instruction_is_that_with_it() {
    for x in numbers() {
        for (found, wanted) in [
            (floor_f64::<false>(x), x.floor()),
            (ceil_f64::<false>(x), x.ceil()),
            (trunc_f64::<false>(x), x.trunc()),
            (round_f64::<false>(x), x.round_ties_even()),
            (floor_f32::<false>(x as f32).into(), f64::from((x as f32).floor())),
            (ceil_f32::<false>(x as f32).into(), f64::from((x as f32).ceil())),
            (trunc_f32::<false>(x as f32).into(), f64::from((x as f32).trunc())),
            (round_f32::<false>(x as f32).into(), f64::from((x as f32).round_ties_even())),
        ] {
            assert!(close(found, wanted, 0.0, 0.0, 0.0), "{x:e}: {found:e}, not {wanted:e}");
        }
    }
}
