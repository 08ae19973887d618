//! Folds written with `reduce!`, run by the drivers without Python: layouts, dtypes, levels, states.

use kernelgen_runtime::block::{Fold, Row};
use kernelgen_runtime::dtype::DType;
use kernelgen_runtime::fold::{FoldError, fold, fold_walk};
use kernelgen_runtime::scalar::Slot;
use kernelgen_runtime::tile::{Layout, Source};
use kernelgen_runtime::walk::Walk;

mod sum {
    kernelgen_runtime::reduce! {
        fn sum(x: T) -> (total: T);
        for f64 { T = f64 }
        for f32 { T = f32 }
        for c128 { T = c128 }
        state T
        identity { T(0.0) }
        map { x }
        combine(a, b) { a + b }
    }
}

mod argmax {
    kernelgen_runtime::reduce! {
        fn argmax(x: T) -> (at: i64);
        for f64 { T = f64 }
        for bool { T = bool }
        for i8 { T = i8 }
        state { v: T, at: i64 }
        map(i) { (x, i) }
        combine(a, b) { if (b.v > a.v) | ((b.v == a.v) & (b.at < a.at)) { b } else { a } }
        finish(s, n) { s.at }
    }
}

mod mean_var {
    kernelgen_runtime::reduce! {
        fn mean_var(x: f64; ddof: f64) -> (mean: f64, var: f64);
        for f64 {}
        state { n: f64, mean: f64, m2: f64 }
        map { (1.0, x, 0.0) }
        combine(a, b) {
            let n = a.n + b.n;
            let d = b.mean - a.mean;
            (n, a.mean + d * b.n / n, a.m2 + b.m2 + d * d * a.n * b.n / n)
        }
        finish(s, n) { (s.mean, s.m2 / (s.n - ddof)) }
    }
}

mod last {
    kernelgen_runtime::choice! {
        pub enum Side { First = "first", Last = "last" }
    }

    kernelgen_runtime::reduce! {
        fn pick(x: i64, y: f16; side: [Side]) -> (value: i64);
        for i64 {}
        state i64
        map { x + i64(y) }
        combine_in_order(a, b) { if side == Side::First { a } else { b } }
    }
}

/// Runs a fold of one or more operands of `n` elements, each `stride` elements apart.
fn run(it: &Fold, operands: &[(*const u8, DType, isize)], n: usize, params: &[Slot]) -> Result<[Slot; 4], FoldError> {
    let layouts: Vec<Layout> = operands
        .iter()
        .map(|&(data, dtype, stride)| Layout {
            dims: vec![n],
            strides: vec![stride * dtype.size() as isize],
            source: Source { data, dtype, swapped: false, aligned: true },
        })
        .collect();
    let mut walk = Walk::new(it.inputs, it.any_order, &layouts).expect("a way to convert");
    let mut outputs = [Slot::ZERO; 4];
    // SAFETY: every operand of these tests has `n` elements at its stride.
    unsafe { fold_walk(it, &mut walk, params, &mut outputs)? };
    Ok(outputs)
}

fn read<V: Copy>(slot: &Slot) -> V {
    // SAFETY: each test reads the type that its kernel's output has.
    unsafe { slot.read() }
}

#[test]
fn a_sum_is_as_good_as_pairwise_and_blind_to_layout() {
    for n in [0, 1, 2, 31, 32, 33, 100, 1023, 1024, 1025, 5000, 100_000] {
        let x: Vec<f64> = (0..n).map(|k| 1.0 / (k as f64 + 1.0)).collect();
        let twice: Vec<f64> = x.iter().flat_map(|&v| [v, 1e300]).collect();
        let total: f64 = read(&run(&sum::f64::LOOP, &[(x.as_ptr().cast(), DType::F64, 1)], n, &[]).unwrap()[0]);
        let strided: f64 = read(&run(&sum::f64::LOOP, &[(twice.as_ptr().cast(), DType::F64, 2)], n, &[]).unwrap()[0]);
        assert_eq!(total.to_bits(), strided.to_bits(), "{n}");
        // Neumaier's compensated sum is exact to the last bit here.
        let (sum, lost) = x.iter().fold((0.0f64, 0.0), |(sum, lost), &v| (sum + v, lost + (sum - (sum + v) + v)));
        let exact = sum + lost;
        assert!((total - exact).abs() <= 4.0 * f64::EPSILON * exact, "{n}: {total} {exact}");
    }
}

#[test]
fn every_level_gives_the_same_bits() {
    let x: Vec<f64> = (0..5000).map(|k| ((k * 7919) % 1013) as f64 / 7.0 - 50.0).collect();
    let at = |level| {
        let functions = *mean_var::f64::LOOP.at(level);
        let fixed = Fold { levels: [functions; 3], ..mean_var::f64::LOOP };
        let mut ddof = Slot::ZERO;
        ddof.write(1.0f64);
        let outputs = run(&fixed, &[(x.as_ptr().cast(), DType::F64, 1)], x.len(), &[ddof]).unwrap();
        [read::<f64>(&outputs[0]).to_bits(), read::<f64>(&outputs[1]).to_bits()]
    };
    let best = kernelgen_runtime::level::highest();
    for level in kernelgen_runtime::level::Level::ALL.into_iter().filter(|level| *level <= best) {
        assert_eq!(at(level), at(kernelgen_runtime::level::Level::V2), "{level:?}");
    }
}

#[test]
fn inputs_are_converted_by_tiles() {
    let x: Vec<i16> = (0..3000).map(|k| k % 100 - 50).collect();
    let total: f64 = read(&run(&sum::f64::LOOP, &[(x.as_ptr().cast(), DType::I16, 1)], x.len(), &[]).unwrap()[0]);
    assert_eq!(total, -1500.0);
    let total: num_complex::Complex<f64> =
        read(&run(&sum::c128::LOOP, &[(x.as_ptr().cast(), DType::I16, -1)], 1, &[]).unwrap()[0]);
    assert_eq!(total.re, -50.0);
}

#[test]
fn a_stored_bool_is_any_byte_but_zero() {
    let x: Vec<u8> = (0..2000).map(|k| if k == 1500 { 2 } else { 0 }).collect();
    let at: i64 = read(&run(&argmax::bool::LOOP, &[(x.as_ptr(), DType::Bool, 1)], x.len(), &[]).unwrap()[0]);
    assert_eq!(at, 1500);
}

#[test]
fn argmax_finds_the_first_occurrence() {
    for n in [1usize, 40, 1024, 3000] {
        let x: Vec<i8> = (0..n).map(|k| (k % 17) as i8).collect();
        let at: i64 = read(&run(&argmax::i8::LOOP, &[(x.as_ptr().cast(), DType::I8, 1)], n, &[]).unwrap()[0]);
        assert_eq!(at, (n as i64 - 1).min(16), "{n}");
    }
}

#[test]
fn a_fold_in_order_is_not_rearranged_and_reads_its_choice() {
    let x: Vec<i64> = (0..4000).collect();
    let y = [0x4900u16; 1]; // 10.0 as a half, broadcast
    for (choice, expected) in [(0usize, 10), (1, 4009)] {
        let mut side = Slot::ZERO;
        side.write(choice);
        let operands = [(x.as_ptr().cast(), DType::I64, 1), (y.as_ptr().cast(), DType::F16, 0)];
        let value: i64 = read(&run(&last::i64::LOOP, &operands, x.len(), &[side]).unwrap()[0]);
        assert_eq!(value, expected);
    }
}

#[test]
fn loops_are_functions_of_slices_and_ndarray_views() {
    let x = [1.0, 2.0, 3.0];
    assert_eq!(sum::f64(&x), 6.0);
    assert_eq!(sum::f64(&x[..0]), 0.0);
    assert_eq!(sum::f32(&vec![0.5f32; 4]), 2.0);
    let matrix = ndarray::Array2::from_shape_fn((40, 50), |(r, c)| (r * 50 + c) as f64);
    assert_eq!(sum::f64(&matrix), 1999000.0);
    assert_eq!(sum::f64(matrix.t()), 1999000.0);
    assert_eq!(sum::f64(matrix.slice(ndarray::s![..;-2, 3])), 20060.0);
    assert_eq!(mean_var::f64(&x, 1.0), Some((2.0, 1.0)));
    assert_eq!(argmax::i8(&[0i8; 0]), None);
    assert_eq!(argmax::bool(&[false, true, true]), Some(1));
    let half = kernelgen_runtime::half::Half::from_f32(0.5);
    assert_eq!(last::i64(&[1, 2, 3], &[half; 1], last::Side::Last), Some(3));
}

#[test]
fn an_empty_fold_needs_an_identity() {
    let x = [0.0f64; 1];
    let total: f64 = read(&run(&sum::f64::LOOP, &[(x.as_ptr().cast(), DType::F64, 1)], 0, &[]).unwrap()[0]);
    assert_eq!(total.to_bits(), 0.0f64.to_bits());
    let operands = [(x.as_ptr().cast(), DType::F64, 1)];
    assert!(matches!(run(&argmax::f64::LOOP, &operands, 0, &[]), Err(FoldError::Empty)));
}

/// Nanoseconds an element, in cache: `cargo test --release --no-default-features -- --ignored --nocapture speed`.
#[test]
#[ignore = "a measurement, not a test"]
fn speed() {
    for n in [1000usize, 10_000, 100_000] {
        let x: Vec<f64> = (0..n).map(|k| (k as f64).sin()).collect();
        let f: Vec<f32> = x.iter().map(|&v| v as f32).collect();
        let mut ddof = Slot::ZERO;
        ddof.write(0.0f64);
        let cases: [(&str, &Fold, *const u8, DType, &[Slot]); 6] = [
            ("sum f64", &sum::f64::LOOP, x.as_ptr().cast(), DType::F64, &[]),
            ("sum f32", &sum::f32::LOOP, f.as_ptr().cast(), DType::F32, &[]),
            ("sum f32 as f64", &sum::f64::LOOP, f.as_ptr().cast(), DType::F32, &[]),
            ("sum i64 as f64", &sum::f64::LOOP, x.as_ptr().cast(), DType::I64, &[]),
            ("argmax f64", &argmax::f64::LOOP, x.as_ptr().cast(), DType::F64, &[]),
            ("mean_var f64", &mean_var::f64::LOOP, x.as_ptr().cast(), DType::F64, std::slice::from_ref(&ddof)),
        ];
        for (name, it, data, dtype, params) in cases {
            let mut best = f64::INFINITY;
            for _ in 0..2_000_000 / n + 20 {
                let start = std::time::Instant::now();
                std::hint::black_box(run(it, &[(data, dtype, 1)], n, params).ok());
                best = best.min(start.elapsed().as_nanos() as f64);
            }
            println!("{name:16} {n:7} {:.3} ns an element", best / n as f64);
        }
        let mut outputs = [Slot::ZERO];
        let mut best = f64::INFINITY;
        for _ in 0..2_000_000 / n + 20 {
            let start = std::time::Instant::now();
            let next = |first: usize, _: usize, inputs: &mut [Row; 1]| {
                inputs[0] = Row { data: x[first..].as_ptr().cast(), stride: 8 };
                Ok(())
            };
            // SAFETY: `x` is contiguous and long enough.
            unsafe { fold(&sum::f64::LOOP, n, &[], &mut outputs, next).unwrap() };
            best = best.min(start.elapsed().as_nanos() as f64);
        }
        println!("{:16} {n:7} {:.3} ns an element", "sum, no tiles", best / n as f64);
    }
}
