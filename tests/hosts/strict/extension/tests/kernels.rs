//! The kernels as Rust functions.

use ndarray::{array, s, Array1, Array2, ArrayView1};
use strict::gilexample::sum;
use strict::stats::mean_var::{self, Of};
use strict::stats::standardize::{self, Side};
use strict::stats::{center, differences, gauss, largest, weighted};

/// Whole numbers: sums of them are exact.
#[track_caller]
fn is(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < f64::EPSILON, "{found} is not {wanted}");
}

#[test]
fn slices_vectors_and_arrays() {
    let values = vec![1.0, 2.0, 3.0];
    is(sum::f64(&values), 6.0);
    is(sum::f64(&values[1..]), 5.0);
    is(sum::f64(&[1.0, 2.0, 3.0]), 6.0);
    is(sum::f64(&[]), 0.0);
}

#[test]
fn views_of_any_layout() {
    let ones = Array2::<f64>::ones((300, 50));
    is(sum::f64(&ones), 15000.0);
    is(sum::f64(ones.t()), 15000.0);
    is(sum::f64(ones.slice(s![..;-3, 1..])), 4900.0);
    is(sum::f64(ArrayView1::from(&[4.0, 5.0])), 9.0);
}

#[test]
fn several_inputs_are_broadcast() {
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    is(weighted::f64(&x, &[10.0, 1.0]), 46.0);
}

#[test]
#[should_panic(expected = "could not be broadcast together")]
fn shapes_that_do_not_broadcast() {
    weighted::f64(&[1.0, 2.0], &[1.0, 2.0, 3.0]);
}

#[test]
fn params_follow_the_arrays_and_results_are_tuples() {
    let (mean, var) = mean_var::f32(&[1.0, 2.0, 3.0], 1.0, Of::Sample);
    is(mean, 2.0);
    is(var, 1.0);
    is(mean_var::f64(&[1.0, 3.0], 0.0, Of::Centred).0, 0.0);
}

#[test]
fn elementwise_kernels_give_arrays() {
    let ones = Array2::<f64>::ones((300, 50));
    let curve = gauss::f64(ones.t());
    assert_eq!(curve.shape(), [50, 300]);
    assert!(curve.iter().all(|y| (y - (-1.0_f64).exp()).abs() < 1e-16));
    let (score, outside) = standardize::f32(&[1.0, 5.0, -9.0], &[1.0], &[2.0], 1.5, Side::Upper);
    assert_eq!(score.as_slice(), Some(&[0.0, 1.5, -5.0][..]));
    assert_eq!(outside.as_slice(), Some(&[false, true, false][..]));
}

#[test]
fn no_elements_and_no_identity() {
    assert_eq!(largest::i64(&[3, 7, 5]), Some(7));
    assert_eq!(largest::i64(&[]), None);
}

#[test]
fn bodies_take_views_of_one_item() {
    let mut x = array![1.0_f32, 2.0, 6.0];
    let mut mean = 0.0;
    center::f32(x.view_mut(), &mut mean).expect("it does not fail");
    is(mean.into(), 3.0);
    assert_eq!(x, array![-2.0, -1.0, 3.0]);
    let failure = center::f64(array![f64::NAN].view_mut(), &mut 0.0).expect_err("it fails");
    assert_eq!(failure.message, "x begins with NaN");
}

#[test]
fn lengths_of_views_must_fit() {
    let (x, mut d) = (array![1.0, 4.0, 9.0], Array1::zeros(2));
    differences::f64(x.slice(s![..;-1]), [2.0, 1.0], d.view_mut()).expect("it does not fail");
    assert_eq!(d, array![-9.0, -5.0]);
    let mut longer = Array1::zeros(3);
    let failure = differences::f64(x.view(), [1.0, 0.0], longer.view_mut()).expect_err("it fails");
    assert_eq!(failure.message, "axis 0 of operand 2, n, has length 3, and 2 is wanted");
}
