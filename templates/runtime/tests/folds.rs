//! Folds written with `reduce!`, run by the drivers without Python: layouts, dtypes, levels, states.

use kernelgen_runtime::along::{Along, Ending};
use kernelgen_runtime::block::{Fold, Index, Row};
use kernelgen_runtime::cut::Means;
use kernelgen_runtime::dtype::DType;
use kernelgen_runtime::fold::{FoldError, Start, States, finish, fold, outputs_in};
use kernelgen_runtime::scalar::Slot;
use kernelgen_runtime::sink::{Place, Target};
use kernelgen_runtime::tile::{Layout, Source};

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
        combine(a, b, in_order) { if (b.v > a.v) | (!in_order & (b.v == a.v) & (b.at < a.at)) { b } else { a } }
        finish(s, n) { s.at }
    }
}

mod order {
    kernelgen_runtime::reduce! {
        /// 1 if an order was told of, and 2 more where there was none.
        fn order(x: i8) -> (code: i64);
        for i8 {}
        state { first: i64, last: i64, told: bool, wrong: bool }
        map(i) { (i, i, false, x != x) }
        combine(a, b, in_order) {
            let wrong = in_order & (b.first <= a.last);
            let (first, last) = (a.first.min(b.first), a.last.max(b.last));
            (first, last, a.told | b.told | in_order, a.wrong | b.wrong | wrong)
        }
        finish(s, n) { i64(s.told) + 2 * i64(s.wrong) }
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

mod latest {
    kernelgen_runtime::reduce! {
        fn latest(x: i64) -> (value: i64);
        for i64 {}
        state i64
        map { x }
        combine_in_order(a, b) { b }
    }
}

mod nanmean {
    kernelgen_runtime::reduce! {
        fn nanmean(x: f64) -> (mean: f64);
        for f64 {}
        state f64
        skip nan
        identity { 0.0 }
        map { x }
        combine(a, b) { a + b }
        finish(s, n) { s / n as core::primitive::f64 }
    }
}

/// Pieces as small as they may be, for three threads.
const DIVIDED: Means = Means { threads: 3, cost: 1e6 };

/// Runs a fold of one or more operands of `n` elements, each `stride` elements apart, by one thread and by several.
fn run(it: &Fold, operands: &[(*const u8, DType, isize)], n: usize, params: &[Slot]) -> Result<[Slot; 4], FoldError> {
    let layouts: Vec<Layout> = operands
        .iter()
        .map(|&(data, dtype, stride)| Layout {
            dims: vec![n],
            strides: vec![stride * dtype.size() as isize],
            source: Source { data, dtype, swapped: false, aligned: true },
        })
        .collect();
    let mut outputs = [Slot::ZERO; 4];
    let places: Vec<Place> = it
        .outputs
        .iter()
        .zip(&mut outputs)
        .map(|(&dtype, slot)| Place {
            strides: vec![],
            target: Target { data: std::ptr::from_mut(slot).cast(), dtype, swapped: false, aligned: true },
        })
        .collect();
    let way = Along::new(it, &[n], &[true], &layouts, None, &places, Ending::Outputs).expect("a way to convert");
    // SAFETY: each place is a slot, of two words.
    let word = |place: &Place| unsafe { place.target.data.cast::<[u64; 2]>().read() };
    let bits = || places.iter().map(word).collect::<Vec<_>>();
    // SAFETY: every operand of these tests has `n` elements at its stride.
    unsafe { way.run(it, params, Start::Identity, Means::ONE)? };
    let alone = bits();
    // SAFETY: as above.
    unsafe { way.run(it, params, Start::Identity, DIVIDED)? };
    assert_eq!(bits(), alone, "{n}");
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

/// A fold of one input along the axes that `folded` says, to a result in C order.
fn along<V: Copy + Default + PartialEq + std::fmt::Debug>(it: &Fold, layout: Layout, folded: &[bool]) -> Vec<V> {
    let kept: Vec<usize> =
        layout.dims.iter().zip(folded).filter(|(_, folded)| !**folded).map(|(&dim, _)| dim).collect();
    let mut results = vec![V::default(); kept.iter().product()];
    let strides = kernelgen_runtime::shape::c_order(&kept, size_of::<V>());
    let data = results.as_mut_ptr().cast();
    let place = Place { strides, target: Target { data, dtype: it.outputs[0], swapped: false, aligned: true } };
    let shape = layout.dims.clone();
    let way = Along::new(it, &shape, folded, &[layout], None, &[place], Ending::Outputs).expect("a way to convert");
    // SAFETY: the layouts of these tests are inside their arrays.
    unsafe { way.run(it, &[], Start::Identity, Means::ONE).expect("elements") };
    let alone = results.clone();
    results.fill(V::default());
    // SAFETY: as above.
    unsafe { way.run(it, &[], Start::Identity, DIVIDED).expect("elements") };
    assert_eq!(results, alone, "{shape:?} {folded:?}");
    results
}

#[test]
fn a_combination_is_told_of_an_order_only_where_there_is_one() {
    let x = vec![0i8; 300_000];
    // Rows of 300, columns of 500: in C order, in Fortran order, backwards, with gaps.
    for (strides, told) in [
        ([300, 1], [1, 1, 1]),
        ([1, 500], [0, 1, 0]),
        ([-300, -1], [0, 0, 0]),
        ([600, 2], [0, 0, 0]),
        ([1, -500], [0, 1, 0]),
    ] {
        let first = [500isize, 300].iter().zip(strides).map(|(dim, step): (_, isize)| (dim - 1) * (-step).max(0)).sum();
        let data = x.as_ptr().wrapping_offset(first).cast();
        let source = Source { data, dtype: DType::I8, swapped: false, aligned: true };
        for (folded, told) in [[true, true], [true, false], [false, true]].into_iter().zip(told) {
            let layout = Layout { dims: vec![500, 300], strides: strides.to_vec(), source };
            let codes = along::<i64>(&order::i8::LOOP, layout, &folded);
            assert!(codes.iter().all(|&code| code < 2), "{strides:?} {folded:?}");
            assert!(codes[0] >= told, "{strides:?} {folded:?}");
        }
    }
}

#[test]
fn every_way_along_every_axis_gives_what_a_plain_loop_gives() {
    let shapes: [&[usize]; 12] = [
        &[7],
        &[1],
        &[3, 5],
        &[700, 3],
        &[3, 700],
        &[40, 50],
        &[5, 6, 7],
        &[2, 3000, 2],
        &[100, 1, 20],
        &[6, 33, 40],
        &[2, 3, 4, 5],
        &[2100, 1],
    ];
    for shape in shapes {
        let n: usize = shape.iter().product();
        let values: Vec<i8> = (0..2 * n).map(|k| ((k * 7919) % 251) as i8).collect();
        for order in 0..4 {
            // C order, Fortran order, backwards, every second element.
            let mut strides = vec![0isize; shape.len()];
            let mut step = if order == 3 { 2 } else { 1 };
            let axes: Vec<usize> =
                if order == 1 { (0..shape.len()).collect() } else { (0..shape.len()).rev().collect() };
            for axis in axes {
                strides[axis] = step;
                step *= shape[axis] as isize;
            }
            let first = if order == 2 { n as isize - 1 } else { 0 };
            if order == 2 {
                strides.iter_mut().for_each(|stride| *stride = -*stride);
            }
            let at = |position: &[usize]| {
                let offset: isize = position.iter().zip(&strides).map(|(&at, step)| at as isize * step).sum();
                values[(first + offset) as usize]
            };
            for folded in 1u32..1 << shape.len() {
                let folded: Vec<bool> = (0..shape.len()).map(|axis| folded & 1 << axis != 0).collect();
                let layout = || Layout {
                    dims: shape.to_vec(),
                    strides: strides.clone(),
                    source: Source {
                        data: values.as_ptr().wrapping_offset(first).cast(),
                        dtype: DType::I8,
                        swapped: false,
                        aligned: true,
                    },
                };
                let mut expected: Vec<Vec<i8>> = Vec::new();
                let kept: Vec<usize> = (0..shape.len()).filter(|&axis| !folded[axis]).map(|axis| shape[axis]).collect();
                expected.resize(kept.iter().product(), Vec::new());
                for k in 0..n {
                    let mut position = vec![0; shape.len()];
                    kernelgen_runtime::walk::advance(shape, &mut position, k);
                    let result = (0..shape.len())
                        .filter(|&axis| !folded[axis])
                        .fold(0, |at, axis| at * shape[axis] + position[axis]);
                    expected[result].push(at(&position));
                }
                let case = format!("{shape:?} {order} {folded:?}");
                let sums: Vec<f64> = expected.iter().map(|each| each.iter().map(|&x| f64::from(x)).sum()).collect();
                assert_eq!(along::<f64>(&sum::f64::LOOP, layout(), &folded), sums, "{case}");
                let first_largest =
                    |each: &Vec<i8>| each.iter().enumerate().rev().max_by_key(|(_, x)| **x).unwrap().0 as i64;
                let places: Vec<i64> = expected.iter().map(first_largest).collect();
                assert_eq!(along::<i64>(&argmax::i8::LOOP, layout(), &folded), places, "{case}");
                let lasts: Vec<i64> = expected.iter().map(|each| i64::from(*each.last().unwrap())).collect();
                assert_eq!(along::<i64>(&latest::i64::LOOP, layout(), &folded), lasts, "{case}");
                assert!(along::<i64>(&order::i8::LOOP, layout(), &folded).iter().all(|&code| code < 2), "{case}");
            }
        }
    }
}

/// Rows that lie in the array are folded more than a block at a time: the bits are those of a few columns alone, whatever is at the end.
#[test]
fn long_rows_have_the_bits_of_short_ones() {
    const ROWS: usize = 70;
    for n in [1024usize, 1025, 4096, 4500, 9000] {
        let x: Vec<f64> = (0..ROWS * n).map(|k| (k as f64 * 0.7).sin() * 10f64.powi((k % 7) as i32)).collect();
        let layout = |first: usize, len: usize| Layout {
            dims: vec![ROWS, len],
            strides: vec![8 * n as isize, 8],
            source: Source { data: x[first..].as_ptr().cast(), dtype: DType::F64, swapped: false, aligned: true },
        };
        let it = &sum::f64::LOOP;
        let short: Vec<f64> = (0..n)
            .step_by(300)
            .flat_map(|first| along::<f64>(it, layout(first, 300.min(n - first)), &[true, false]))
            .collect();
        assert_eq!(along::<f64>(it, layout(0, n), &[true, false]), short, "{n}");
        // To places with gaps, as halves of the precision: by a room of a block.
        let mut results = vec![[0.0f32; 2]; n];
        let target = Target { data: results.as_mut_ptr().cast(), dtype: DType::F32, swapped: false, aligned: true };
        let places = [Place { strides: vec![8], target }];
        let way = Along::new(it, &[ROWS, n], &[true, false], &[layout(0, n)], None, &places, Ending::Outputs);
        // SAFETY: the layout is inside its array, and there is a place for each column.
        unsafe { way.expect("a way to convert").run(it, &[], Start::Identity, Means::ONE).expect("elements") };
        assert_eq!(results, short.iter().map(|&x| [x as f32, 0.0]).collect::<Vec<_>>(), "{n}");
    }
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
            let next = |first: usize, len: usize, inputs: &mut [Row; 1]| {
                inputs[0] = Row::new(x[first..].as_ptr().cast(), 8);
                Ok((len, Index::following(first as i64)))
            };
            let (it, mut states) = (&sum::f64::LOOP, States::new());
            // SAFETY: `x` is contiguous and long enough.
            unsafe {
                let (state, n) = fold(it, n, &[], Start::Identity, &mut states, next).unwrap();
                finish(it, state.unwrap(), n, &[], &outputs_in::<1>(&mut outputs));
            }
            best = best.min(start.elapsed().as_nanos() as f64);
        }
        println!("{:16} {n:7} {:.3} ns an element", "sum, no tiles", best / n as f64);
    }
}
