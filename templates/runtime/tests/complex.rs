//! Complex functions: the special values of C99 and NumPy, points where simple formulas lose digits, and flags.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2, FRAC_PI_4, FRAC_PI_6, LOG2_E, PI, TAU};

use kernelgen_runtime::math::complex::*;
use num_complex::Complex;

type Function = fn(Complex<f64>) -> Complex<f64>;
/// An argument and a value, each as real and imaginary part.
type Row = (f64, f64, f64, f64);

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
/// Three quarters of a half turn.
const WIDE: f64 = 3.0 * FRAC_PI_4;

/// All functions of one argument with complex values.
const FUNCTIONS: [(&str, Function); 19] = [
    ("acos", acos),
    ("asin", asin),
    ("atan", atan),
    ("cos", cos),
    ("cosh", cosh),
    ("exp", exp),
    ("exp2", exp2),
    ("expm1", expm1),
    ("log", log),
    ("log10", log10),
    ("log1p", log1p),
    ("log2", log2),
    ("sign", sign),
    ("sin", sin),
    ("sinh", sinh),
    ("sqrt", sqrt),
    ("tan", tan),
    ("tanh", tanh),
    ("reciprocal", |z| divide(Complex::ONE, z)),
];

/// Whether they are the same number, zeros told apart; all NaNs are.
fn same(a: f64, b: f64) -> bool {
    a.is_nan() && b.is_nan() || a == b && a.is_sign_negative() == b.is_sign_negative()
}

/// Whether they agree but for the last digits.
fn close(a: f64, b: f64) -> bool {
    same(a, b) || (a - b).abs() <= 8.0 * f64::EPSILON * b.abs() || (a - b).abs() <= f64::from_bits(1)
}

/// Holds values against a table, and those of conjugates with them.
fn check(name: &str, f: Function, rows: &[Row]) {
    for &(x, y, real, imaginary) in rows {
        for side in [1.0, -1.0] {
            let (z, wanted) = (Complex::new(x, side * y), Complex::new(real, side * imaginary));
            let value = f(z);
            let good = |a: f64, b: f64| close(a, b) && a.is_sign_negative() == b.is_sign_negative() || same(a, b);
            assert!(good(value.re, wanted.re) && good(value.im, wanted.im), "{name}({z}) = {value}, not {wanted}");
        }
    }
}

/// The same where C99 leaves the signs of infinities and zeros open.
fn check_sizes(name: &str, f: Function, rows: &[Row]) {
    for &(x, y, real, imaginary) in rows {
        for z in [Complex::new(x, y), Complex::new(x, -y)] {
            let value = f(z);
            let wanted = Complex::new(real, imaginary);
            let good = same(value.re.abs(), wanted.re) && same(value.im.abs(), wanted.im);
            assert!(good, "{name}({z}) = {value}, not {wanted} with any signs");
        }
    }
}

#[test]
fn exponentials_at_special_values() {
    let rows = [
        (0.0, 0.0, 1.0, 0.0),
        (-0.0, 0.0, 1.0, 0.0),
        (2.0, INF, NAN, NAN),
        (2.0, NAN, NAN, NAN),
        (INF, 0.0, INF, 0.0),
        (-INF, 2.0, -0.0, 0.0),
        (INF, 2.0, -INF, INF),
        (NAN, 0.0, NAN, 0.0),
        (NAN, 2.0, NAN, NAN),
        (NAN, NAN, NAN, NAN),
        (1e300, 1e-300, INF, INF),
    ];
    check("exp", exp, &rows);
    check_sizes(
        "exp",
        exp,
        &[(-INF, INF, 0.0, 0.0), (INF, INF, INF, NAN), (-INF, NAN, 0.0, 0.0), (INF, NAN, INF, NAN)],
    );
    check("exp2", exp2, &[(0.0, 0.0, 1.0, 0.0), (3.0, 0.0, 8.0, 0.0), (INF, 0.0, INF, 0.0), (-INF, 1.0, 0.0, 0.0)]);
    check("exp2", exp2, &[(2.0, INF, NAN, NAN), (NAN, 0.0, NAN, 0.0)]);
    assert!(exp2(z(0.0, 1.7e308)).is_finite());
    let rows = [
        (0.0, 0.0, 0.0, 0.0),
        (INF, 0.0, INF, 0.0),
        (-INF, 2.0, -1.0, 0.0),
        (INF, 2.0, -INF, INF),
        (2.0, INF, NAN, NAN),
        (NAN, 0.0, NAN, 0.0),
        (NAN, 2.0, NAN, NAN),
    ];
    check("expm1", expm1, &rows);
    check_sizes("expm1", expm1, &[(-INF, INF, 1.0, 0.0), (INF, INF, INF, NAN), (INF, NAN, INF, NAN)]);
}

#[test]
fn logarithms_at_special_values() {
    let rows = [
        (-0.0, 0.0, -INF, PI),
        (0.0, 0.0, -INF, 0.0),
        (1.0, 0.0, 0.0, 0.0),
        (-1.0, 0.0, 0.0, PI),
        (2.0, INF, INF, FRAC_PI_2),
        (2.0, NAN, NAN, NAN),
        (-INF, 2.0, INF, PI),
        (INF, 2.0, INF, 0.0),
        (-INF, INF, INF, WIDE),
        (INF, INF, INF, FRAC_PI_4),
        (INF, NAN, INF, NAN),
        (-INF, NAN, INF, NAN),
        (NAN, 2.0, NAN, NAN),
        (NAN, INF, INF, NAN),
        (NAN, NAN, NAN, NAN),
    ];
    check("log", log, &rows);
    let shifted: Vec<Row> =
        rows.iter().filter(|row| row.0 != 0.0).map(|row| (row.0 - 1.0, row.1, row.2, row.3)).collect();
    check("log1p", log1p, &shifted);
    check("log1p", log1p, &[(0.0, 0.0, 0.0, 0.0), (-0.0, 0.0, 0.0, 0.0), (-1.0, 0.0, -INF, 0.0)]);
    check("log2", log2, &[(8.0, 0.0, 3.0, 0.0), (-0.0, 0.0, -INF, PI * LOG2_E), (INF, NAN, INF, NAN)]);
    check("log10", log10, &[(1000.0, 0.0, 3.0, 0.0), (0.0, 0.0, -INF, 0.0), (2.0, NAN, NAN, NAN)]);
}

#[test]
fn roots_at_special_values() {
    let rows = [
        (0.0, 0.0, 0.0, 0.0),
        (-0.0, 0.0, 0.0, 0.0),
        (-4.0, 0.0, 0.0, 2.0),
        (2.0, INF, INF, INF),
        (NAN, INF, INF, INF),
        (-INF, INF, INF, INF),
        (2.0, NAN, NAN, NAN),
        (-INF, 2.0, 0.0, INF),
        (INF, 2.0, INF, 0.0),
        (INF, NAN, INF, NAN),
        (NAN, 2.0, NAN, NAN),
        (NAN, NAN, NAN, NAN),
    ];
    check("sqrt", sqrt, &rows);
    check_sizes("sqrt", sqrt, &[(-INF, NAN, NAN, INF)]);
}

/// `-i f(iz)`: what trigonometric functions are by hyperbolic ones.
fn turned(f: Function, z: Complex<f64>) -> Complex<f64> {
    let value = f(Complex::new(-z.im, z.re));
    Complex::new(value.im, -value.re)
}

#[test]
fn hyperbolic_functions_at_special_values() {
    let rows = [
        (0.0, 0.0, 0.0, 0.0),
        (2.0, INF, NAN, NAN),
        (2.0, NAN, NAN, NAN),
        (INF, 0.0, INF, 0.0),
        (INF, 2.0, -INF, INF),
        (NAN, 0.0, NAN, 0.0),
        (NAN, 2.0, NAN, NAN),
        (NAN, NAN, NAN, NAN),
    ];
    let open = [(0.0, INF, 0.0, NAN), (0.0, NAN, 0.0, NAN), (INF, INF, INF, NAN), (INF, NAN, INF, NAN)];
    odd("sinh", sinh, sin, &rows, &open);

    let rows = [
        (0.0, 0.0, 1.0, 0.0),
        (2.0, INF, NAN, NAN),
        (2.0, NAN, NAN, NAN),
        (INF, 0.0, INF, 0.0),
        (INF, 2.0, -INF, INF),
        (NAN, 2.0, NAN, NAN),
        (NAN, NAN, NAN, NAN),
    ];
    let open =
        [(0.0, INF, NAN, 0.0), (0.0, NAN, NAN, 0.0), (INF, INF, INF, NAN), (INF, NAN, INF, NAN), (NAN, 0.0, NAN, 0.0)];
    check("cosh", cosh, &rows);
    check("cosh", |z| cosh(-z), &rows);
    check("cos", |z| cos(Complex::new(z.im, -z.re)), &rows);
    check_sizes("cosh", cosh, &open);
    check_sizes("cos", |z| cos(Complex::new(z.im, -z.re)), &open);

    let rows = [
        (0.0, 0.0, 0.0, 0.0),
        (0.0, INF, 0.0, NAN),
        (2.0, INF, NAN, NAN),
        (0.0, NAN, 0.0, NAN),
        (2.0, NAN, NAN, NAN),
        (INF, 0.0, 1.0, 0.0),
        (INF, 1.0, 1.0, 0.0),
        (INF, 2.0, 1.0, -0.0),
        (NAN, 0.0, NAN, 0.0),
        (NAN, 2.0, NAN, NAN),
        (NAN, NAN, NAN, NAN),
    ];
    odd("tanh", tanh, tan, &rows, &[(INF, INF, 1.0, 0.0), (INF, NAN, 1.0, 0.0)]);
}

/// Checks an odd hyperbolic function on both sides of zero, and the trigonometric one that goes with it.
fn odd(name: &str, hyperbolic: Function, trigonometric: Function, rows: &[Row], open: &[Row]) {
    let sides: [&dyn Fn(Complex<f64>) -> Complex<f64>; 2] = [&hyperbolic, &|z| -hyperbolic(-z)];
    for f in sides {
        for &(x, y, real, imaginary) in rows {
            for side in [1.0, -1.0] {
                let (z, wanted) = (Complex::new(x, side * y), Complex::new(real, side * imaginary));
                let value = f(z);
                assert!(same(value.re, wanted.re) && same(value.im, wanted.im), "{name}({z}) = {value}, not {wanted}");
                let (direct, value) = (trigonometric(z), turned(hyperbolic, z));
                assert!(
                    same(direct.re, value.re) && same(direct.im, value.im),
                    "-i {name}(i {z}) = {value}, not {direct}"
                );
            }
        }
    }
    check_sizes(name, hyperbolic, open);
}

#[test]
fn inverse_functions_at_special_values() {
    let rows = [
        (0.0, 0.0, FRAC_PI_2, -0.0),
        (-0.0, 0.0, FRAC_PI_2, -0.0),
        (1.0, 0.0, 0.0, -0.0),
        (-1.0, 0.0, PI, -0.0),
        (2.0, 0.0, 0.0, -1.3169578969248167),
        (-2.0, 0.0, PI, -1.3169578969248167),
        (0.0, NAN, FRAC_PI_2, NAN),
        (-0.0, NAN, FRAC_PI_2, NAN),
        (2.0, INF, FRAC_PI_2, -INF),
        (2.0, NAN, NAN, NAN),
        (-INF, 2.0, PI, -INF),
        (INF, 2.0, 0.0, -INF),
        (-INF, INF, WIDE, -INF),
        (INF, INF, FRAC_PI_4, -INF),
        (NAN, 2.0, NAN, NAN),
        (NAN, INF, NAN, -INF),
        (NAN, NAN, NAN, NAN),
    ];
    check("acos", acos, &rows);
    check_sizes("acos", acos, &[(INF, NAN, NAN, INF), (-INF, NAN, NAN, INF)]);

    let rows = [
        (0.0, 0.0, 0.0, 0.0),
        (1.0, 0.0, FRAC_PI_2, 0.0),
        (2.0, 0.0, FRAC_PI_2, 1.3169578969248167),
        (0.0, NAN, 0.0, NAN),
        (2.0, INF, 0.0, INF),
        (2.0, NAN, NAN, NAN),
        (INF, 2.0, FRAC_PI_2, INF),
        (INF, INF, FRAC_PI_4, INF),
        (NAN, 2.0, NAN, NAN),
        (NAN, INF, NAN, INF),
        (NAN, NAN, NAN, NAN),
    ];
    check("asin", asin, &rows);
    check("asin", |z| -asin(-z), &rows);
    check_sizes("asin", asin, &[(INF, NAN, NAN, INF)]);

    let rows = [
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 1.0, 0.0, INF),
        (0.0, 2.0, FRAC_PI_2, 0.5493061443340549),
        (2.0, INF, FRAC_PI_2, 0.0),
        (2.0, NAN, NAN, NAN),
        (INF, 2.0, FRAC_PI_2, 0.0),
        (INF, INF, FRAC_PI_2, 0.0),
        (NAN, 0.0, NAN, 0.0),
        (NAN, 2.0, NAN, NAN),
        (NAN, INF, NAN, 0.0),
        (NAN, NAN, NAN, NAN),
    ];
    check("atan", atan, &rows);
    check("atan", |z| -atan(-z), &rows);
    check_sizes("atan", atan, &[(INF, NAN, FRAC_PI_2, 0.0)]);
}

/// Values from mpmath, rounded to doubles.
#[test]
fn accuracy_where_digits_are_at_stake() {
    let table: &[(&str, Function, &[Row])] = &[
        (
            "exp",
            exp,
            &[
                (1.0, 2.0, -1.1312043837568135, 2.4717266720048188),
                (709.9, 0.8, 1.4083243747866555e308, 1.4500650771141882e308),
                (1100.0, 1e-300, INF, 5.295781932186035e177),
                (-745.0, 0.5, 5e-324, 0.0),
                (0.5, 1e22, 0.8626353458257683, -1.4050416679198885),
                (-730.0, 3.0, -9.13398e-318, 1.302016e-318),
            ],
        ),
        (
            "exp2",
            exp2,
            &[
                (1.0, 2.0, 0.36691394948660333, 1.9660554808224875),
                (3.5, 709.5, -1.451769822729704, 11.220176664465287),
                (0.5, 1000000000000000.0, 0.40902115801098804, -1.3537731317688908),
                (1020.0, 1e-20, 1.1235582092889474e307, 7.787912049636148e286),
                (-1070.0, 0.3, 8e-323, 1.5e-323),
            ],
        ),
        (
            "expm1",
            expm1,
            &[
                (1e-10, 1e-10, 1e-10, 1.0000000001000001e-10),
                (1e-300, -1e-200, 1e-300, -1e-200),
                (0.3, TAU, 0.3498588075760031, -3.3062005359976304e-16),
                (709.9, -0.8, 1.4083243747866555e308, -1.4500650771141882e308),
                (-40.0, 1.0, -1.0, 3.574866839013031e-18),
            ],
        ),
        (
            "log",
            log,
            &[
                (0.6, 0.8, 2.2204460492503132e-17, 0.9272952180016123),
                (0.8, -0.6000000000000001, 8.881784197001252e-17, -0.6435011087932845),
                (1.0, 1e-09, 5e-19, 1e-09),
                (1e-160, 1.0, 5e-321, FRAC_PI_2),
                (5e-324, 5e-324, -744.0934983311013, FRAC_PI_4),
                (1.7e308, 1.7e308, 710.0734104835083, FRAC_PI_4),
                (-3.0, 1e-300, 1.0986122886681098, PI),
            ],
        ),
        (
            "log2",
            log2,
            &[
                (8.0, 1.0, 3.011183906514227, 0.1794063339423868),
                (0.6, 0.8, 3.203426503814918e-17, 1.3378042124509764),
                (-1e-320, 1e-310, -1029.7977094150824, 2.266180071057865),
            ],
        ),
        (
            "log10",
            log10,
            &[
                (1000.0, 1.0, 3.0000002171471323, 0.0004342943371385114),
                (0.6, -0.8, 9.643274665532871e-18, -0.40271919627337316),
                (1e308, 1e308, 308.150514997832, 0.34109408846046035),
            ],
        ),
        (
            "log1p",
            log1p,
            &[
                (1e-20, 1e-20, 1e-20, 1e-20),
                (-5e-17, 1e-08, 4.3873667468111174e-33, 1e-08),
                (-0.4, 0.8, 2.2204460492503132e-17, 0.9272952180016123),
                (-1.0, 1e-300, -690.7755278982137, FRAC_PI_2),
                (-1.6, -0.8, 8.881784197001252e-17, -2.2142974355881813),
                (1e300, 1e300, 691.1221014884936, FRAC_PI_4),
                (1e-300, 1e-200, 1e-300, 1e-200),
            ],
        ),
        (
            "sqrt",
            sqrt,
            &[
                (3.0, 4.0, 2.0, 1.0),
                (-1.0, 1e-300, 5e-301, 1.0),
                (5e-324, 5e-324, 2.4421097261308304e-162, 1.0115549693666347e-162),
                (1.7e308, -1.7e308, 1.4325088230154573e154, -5.933645827121221e153),
                (-1e-310, 2e-312, 9.999500087488751e-158, 1.0000499937513108e-155),
                (1e-08, 1.0, 0.7071067847220814, 0.7071067776510136),
            ],
        ),
        (
            "sin",
            sin,
            &[
                (1.0, 2.0, 3.165778513216168, 1.9596010414216058),
                (PI, 1e-08, 1.2246467991473532e-16, -1e-08),
                (1.5, 710.3, 1.5040117245599594e308, 1.0665675727653333e307),
                (1e22, -0.5, -0.9609638057684242, -0.2726447684343254),
            ],
        ),
        (
            "cos",
            cos,
            &[
                (1.0, 2.0, 2.0327230070196656, -3.0518977991518),
                (FRAC_PI_2, 1e-08, 6.123233995736766e-17, -1e-08),
                (1.5, -710.3, 1.0665675727653333e307, 1.5040117245599594e308),
                (1e22, 0.5, 0.5899905773914429, 0.44407786215146433),
            ],
        ),
        (
            "tan",
            tan,
            &[
                (1.0, 2.0, 0.03381282607989669, 1.0147936161466335),
                (FRAC_PI_2, 1e-10, 6123.233995734469, 9999999999.99625),
                (0.5, 25.0, 3.2459740680285573e-22, 1.0),
                (0.7, -300.0, 5.223665135040887e-261, -1.0),
                (1e22, 0.1, -1.5711922820876372, 0.3547307295060825),
            ],
        ),
        (
            "asin",
            asin,
            &[
                (0.5, 0.25, 0.5016088532755008, 0.2813960562452928),
                (1.0, 1e-20, 1.5707963266948965, 1e-10),
                (1.0000000000000002, 1e-20, 1.570796326794422, 2.1073424260789764e-08),
                (0.5, 1e-310, FRAC_PI_6, 1.15470053837923e-310),
                (1e-200, 1.0, 7.071067811865475e-201, 0.881373587019543),
                (1.5, -1e-12, 1.5707963267940022, -0.9624236501192069),
                (1e200, 1e308, 1e-108, 709.889355822726),
                (-2.0, 3.0, -0.5706527843210994, 1.9833870299165355),
                (268435455.0, 1.0, 1.5707963230696063, 20.101268232513124),
            ],
        ),
        (
            "acos",
            acos,
            &[
                (0.5, 0.25, 1.0691874735193958, -0.2813960562452928),
                (1.0, 1e-20, 1e-10, -1e-10),
                (1.0000000000000002, 1e-20, 4.745313280009497e-13, -2.1073424260789764e-08),
                (0.9999999999999999, -1e-09, 3.162277835446535e-05, 3.162277484890234e-05),
                (-1.0, 1e-30, 3.1415926535897922, -1e-15),
                (1e-200, 1.0, FRAC_PI_2, -0.881373587019543),
                (-1e308, 1e-05, PI, -709.889355822726),
                (-2.0, -3.0, 2.141449111115996, 1.9833870299165355),
            ],
        ),
        (
            "atan",
            atan,
            &[
                (0.5, 0.25, 0.4842544903299662, 0.20058661813123432),
                (1e-20, 1.0, FRAC_PI_4, 23.37242452022043),
                (1e-300, 1.0, FRAC_PI_4, 345.73433753938684),
                (1e-09, 0.9999999999999999, 0.7853981081362971, 10.708206508753175),
                (0.0, 1.0000000000000002, FRAC_PI_2, 18.36840028483855),
                (1e200, 1e200, FRAC_PI_2, 5e-201),
                (3.0, -1e-300, 1.2490457723982544, -1e-301),
                (1e-10, -5.0, 1.57079632679073, -0.2027325540540822),
                (1000000000000000.0, 1.0, 1.5707963267948957, 1e-30),
            ],
        ),
        (
            "sinh",
            sinh,
            &[
                (1.0, 2.0, -0.4890562590412937, 1.4031192506220407),
                (1e-08, PI, -1e-08, 1.2246467991473532e-16),
                (710.3, 1.5, 1.0665675727653333e307, 1.5040117245599594e308),
                (-0.5, 1e22, -0.2726447684343254, -0.9609638057684242),
            ],
        ),
        (
            "cosh",
            cosh,
            &[
                (1.0, 2.0, -0.64214812471552, 1.0686074213827783),
                (1e-08, FRAC_PI_2, 6.123233995736766e-17, 1e-08),
                (-710.3, 1.5, 1.0665675727653333e307, -1.5040117245599594e308),
                (0.5, 1e22, 0.5899905773914429, -0.44407786215146433),
            ],
        ),
        (
            "tanh",
            tanh,
            &[
                (1.0, 2.0, 1.16673625724092, -0.24345820118572525),
                (1e-10, FRAC_PI_2, 9999999999.99625, 6123.233995734469),
                (25.0, 0.5, 1.0, 3.2459740680285573e-22),
                (-300.0, 0.7, -1.0, 5.223665135040887e-261),
                (0.1, 1e22, 0.3547307295060825, -1.5711922820876372),
            ],
        ),
        (
            "sign",
            sign,
            &[
                (3.0, 4.0, 0.6, 0.8),
                (5e-324, 5e-324, FRAC_1_SQRT_2, FRAC_1_SQRT_2),
                (-1.7e308, 1.7e308, -FRAC_1_SQRT_2, FRAC_1_SQRT_2),
            ],
        ),
    ];
    for (name, f, rows) in table {
        check(name, *f, rows);
    }
}

fn z(x: f64, y: f64) -> Complex<f64> {
    Complex::new(x, y)
}

#[test]
fn arithmetic_is_that_of_numpy() {
    let quotient = |a: (f64, f64), b: (f64, f64), wanted: (f64, f64)| {
        let value = divide(z(a.0, a.1), z(b.0, b.1));
        assert!(same(value.re, wanted.0) && same(value.im, wanted.1), "{a:?} / {b:?} = {value}");
    };
    quotient((1.0, 1.0), (0.0, 0.0), (INF, INF));
    quotient((1.0, 0.0), (-0.0, -0.0), (INF, NAN));
    quotient((0.0, 0.0), (0.0, 0.0), (NAN, NAN));
    quotient((-1.0, 2.0), (0.0, -0.0), (-INF, INF));
    quotient((4.0, 2.0), (1.0, 1.0), (3.0, -1.0));
    quotient((1e300, 1e300), (1e300, 1e300), (1.0, 0.0));
    quotient((1.0, 0.0), (INF, 1.0), (0.0, 0.0));
    quotient((1.0, 1.0), (INF, INF), (NAN, NAN));

    assert_eq!(abs(z(3.0, -4.0)), 5.0);
    assert_eq!(abs(z(NAN, -INF)), INF);
    assert!(abs(z(NAN, 1.0)).is_nan());
    assert_eq!(abs(z(5e-324, 1e-323)), 1e-323);

    let rows = [
        (-0.0, 0.0, 0.0, 0.0),
        (INF, 2.0, 1.0, 0.0),
        (-INF, NAN, -1.0, 0.0),
        (INF, INF, NAN, NAN),
        (2.0, NAN, NAN, NAN),
    ];
    for (x, y, real, imaginary) in rows {
        let value = sign(z(x, y));
        assert!(same(value.re, real) && same(value.im, imaginary), "sign({x}, {y}) = {value}");
    }
}

#[test]
fn powers() {
    let rows = [
        ((1.5, 2.5), (0.5, 0.0), (1.4858458781822983, 0.8412716408576514)),
        ((1.5, 2.5), (0.25, -0.75), (2.4201463527910447, -1.4669760548402757)),
        ((-3.0, 0.1), (2.0, 1.0), (0.20636795845428205, 0.3456277872695095)),
        ((0.6, 0.8), (7.0, 0.0), (0.9784704000000001, 0.20638720000000033)),
        ((1.1, -0.3), (-5.0, 0.0), (0.1231264796266022, 0.5041517076809957)),
        ((2.0, 0.0), (0.0, 1.0), (0.7692389013639721, 0.6389612763136348)),
    ];
    for ((x, y), (u, v), (real, imaginary)) in rows {
        let value = pow(z(x, y), z(u, v));
        assert!(
            abs(value - z(real, imaginary)) <= 8.0 * f64::EPSILON * abs(value),
            "({x}, {y}) ^ ({u}, {v}) = {value}"
        );
    }
    let special = [
        ((0.0, 0.0), (0.0, 0.0), (1.0, 0.0)),
        ((NAN, INF), (-0.0, 0.0), (1.0, 0.0)),
        ((0.0, -0.0), (2.0, 1.0), (0.0, 0.0)),
        ((0.0, 0.0), (-1.0, 0.0), (NAN, NAN)),
        ((0.0, 0.0), (0.0, 1.0), (NAN, NAN)),
        ((0.0, 0.0), (NAN, 0.0), (NAN, NAN)),
        ((2.0, -0.0), (1.0, 0.0), (2.0, -0.0)),
        ((0.0, 1.0), (2.0, 0.0), (-1.0, 0.0)),
        ((2.0, 0.0), (-2.0, 0.0), (0.25, 0.0)),
        ((2.0, -0.0), (4.0, 0.0), (16.0, 0.0)),
        ((INF, 1.0), (4.0, 0.0), (NAN, NAN)),
        ((INF, 1.0), (1.0, 0.0), (INF, 1.0)),
        ((2.0, 0.0), (INF, 0.0), (INF, NAN)),
    ];
    for ((x, y), (u, v), (real, imaginary)) in special {
        let value = pow(z(x, y), z(u, v));
        assert!(same(value.re, real) && same(value.im, imaginary), "({x}, {y}) ^ ({u}, {v}) = {value}");
    }
}

#[test]
fn finite_numbers_have_values() {
    let sizes = [5e-324, 1e-310, 1e-300, 1e-8, 0.5, 1.0, 2.0, 709.5, 710.0, 1e18, 1e200, 1.7e308];
    let parts: Vec<f64> = sizes.iter().flat_map(|&size| [size, -size]).chain([0.0, -0.0]).collect();
    for (name, f) in FUNCTIONS {
        for &x in &parts {
            for &y in &parts {
                let value = f(z(x, y));
                let pole = name == "reciprocal" && x.abs().max(y.abs()) < 1e-300 || value.re.is_infinite() && y == 0.0;
                assert!(pole || !(value.re.is_nan() || value.im.is_nan()), "{name}({x}, {y}) = {value}");
            }
        }
    }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[test]
fn flags_are_raised() {
    use kernelgen_runtime::flags::{Flags, clear, raised};
    use std::hint::black_box;

    let invalid: &[Function] = &[exp, exp2, expm1, sinh, cosh, tanh];
    let turned: &[Function] = &[sin, cos, tan];
    let rows: &[(&[Function], (f64, f64), Flags)] = &[
        (invalid, (2.0, INF), Flags::INVALID),
        (&[exp, sinh, cosh], (INF, INF), Flags::INVALID),
        (&[sinh, cosh, tanh], (0.0, INF), Flags::INVALID),
        (turned, (INF, 2.0), Flags::INVALID),
        (&[log, log2, log10], (0.0, -0.0), Flags::DIVIDE),
        (&[log1p], (-1.0, 0.0), Flags::DIVIDE),
        (&[atan], (0.0, 1.0), Flags::DIVIDE),
        (&[exp, exp2, expm1, sinh, cosh], (1100.0, 1.0), Flags::OVERFLOW),
        (&[exp, exp2, expm1, sinh, cosh], (1100.0, 0.0), Flags::OVERFLOW),
        (&[sin, cos], (1.0, -800.0), Flags::OVERFLOW),
        (&[|z| pow(z, Complex::new(-1.0, 0.0))], (0.0, 0.0), Flags::INVALID),
        (&[|z| pow(z, Complex::new(3.0, 0.0))], (1e200, 0.0), Flags::OVERFLOW),
        (&[|z| divide(z, Complex::ZERO)], (1.0, 1.0), Flags::DIVIDE),
        (&[|z| divide(z, Complex::ZERO)], (0.0, 0.0), Flags::INVALID),
        (&[sqrt, log, sign, asin, acos, atan, tanh], (1.7e308, -1.7e308), Flags::NONE),
        (&[sqrt, log, sign, asin, acos, atan, tanh, exp, sinh], (5e-324, -1e-310), Flags::NONE),
        (&[sqrt, sign, asin, acos, atan, tanh, exp, sinh, log1p], (0.0, -0.0), Flags::NONE),
        (&[exp, sqrt, log, sinh, cosh, tanh, asin, acos, atan], (INF, 1.0), Flags::NONE),
    ];
    for &(functions, (x, y), flag) in rows {
        for (place, f) in functions.iter().enumerate() {
            let argument = black_box(z(x, y));
            clear();
            black_box(f(argument));
            let flags = raised();
            let good = if flag == Flags::NONE { flags == flag } else { flags.0 & flag.0 != 0 };
            assert!(good, "function {place} of ({x}, {y}): {flags:?}, not {flag:?}");
        }
    }
}
