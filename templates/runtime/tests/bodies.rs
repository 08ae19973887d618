//! Bodies over arrays of any layout, against a plain loop; from Rust, and by the driver that Python's calls take.

use kernelgen_runtime::block::Body;
use kernelgen_runtime::body::{Core, Dim, Formula, Kernel, Op};
use kernelgen_runtime::cut::Means;
use kernelgen_runtime::dims::Lengths;
use kernelgen_runtime::dtype::DType;
use kernelgen_runtime::failure::Kind;
use kernelgen_runtime::flags::Flags;
use kernelgen_runtime::items::{Access, Array, Items, Part};
use kernelgen_runtime::team;
use kernelgen_runtime::tile::{Layout, Source};

mod running {
    use super::*;

    kernelgen_runtime::body! {
        /// Running sums of the rows of `x`, weighted; and their total, as far as `x` is positive.
        fn running(x: ArrayView2<f64>, w: [f64; 2], sums: ArrayViewMut1<f64>, y: ArrayViewMut2<f64>, total: &mut f64);
        dtypes (f64, f64) -> (f64, f64) with (f64);
        dims (m, n, _start);
        for f64 {}
        items { const NOTHING: f64 = 0.0; }
        body {
            sums.fill(NOTHING);
            *total = NOTHING;
            for i in 0..m {
                for j in 0..n {
                    sums[i] += x[[i, j]] * w[0] + w[1];
                    y[[i, j]] = sums[i];
                }
                if sums[i] < 0.0 {
                    fail!(Value, "row {i} is negative");
                }
                *total += sums[i];
            }
        }
    }

    const M: Dim = Dim::Named(0);
    const N: Dim = Dim::Named(1);

    pub static KERNEL: Kernel = Kernel {
        name: "running",
        core: Core {
            dims: &["m", "n"],
            operands: &[&[M, N], &[Dim::Fixed(2)], &[M], &[M, N], &[]],
            signature: "(m,n),(2)->(m,n),()",
            ..Core::NONE
        },
        ..Kernel::DEFAULT
    };
}

/// An array in a buffer of its own: the shape, and for each axis how it lies.
struct Laid {
    dims: Vec<usize>,
    strides: Vec<isize>,
    offset: usize,
    buffer: Vec<f64>,
}

impl Laid {
    /// `way` says what is done to the buffer: 0 in C order, 1 in Fortran order, 2 backwards, 3 with gaps.
    fn new(dims: &[usize], way: usize, value: impl Fn(usize) -> f64) -> Laid {
        let gap = if way == 3 { 3 } else { 1 };
        let mut strides = vec![0isize; dims.len()];
        let mut step = gap as isize;
        let order: Vec<usize> = if way == 1 { (0..dims.len()).collect() } else { (0..dims.len()).rev().collect() };
        for axis in order {
            strides[axis] = step;
            step *= dims[axis].max(1) as isize;
        }
        let mut offset = 0;
        if way == 2 {
            for (stride, dim) in strides.iter_mut().zip(dims) {
                offset += *stride as usize * dim.saturating_sub(1);
                *stride = -*stride;
            }
        }
        let mut laid = Laid { dims: dims.to_vec(), strides, offset, buffer: vec![f64::NAN; step as usize + 1] };
        for k in 0..dims.iter().product() {
            let place = laid.place(k);
            laid.buffer[place] = value(k);
        }
        laid
    }

    /// Where the element number `k` in C order is.
    fn place(&self, k: usize) -> usize {
        let mut rest = k;
        let mut place = self.offset as isize;
        for (dim, stride) in self.dims.iter().zip(&self.strides).rev() {
            place += (rest % dim) as isize * stride;
            rest /= dim;
        }
        place as usize
    }

    fn values(&self) -> Vec<f64> {
        (0..self.dims.iter().product()).map(|k| self.buffer[self.place(k)]).collect()
    }

    fn part(&mut self, access: Access, swapped: bool) -> Part {
        let data = self.buffer[self.offset..].as_mut_ptr().cast::<u8>().cast_const();
        let source = Source { data, dtype: DType::F64, swapped, aligned: true };
        let strides = self.strides.iter().map(|stride| stride * 8).collect();
        let layout = Layout { dims: self.dims.clone(), strides, source };
        Part::Array(Array { layout, access, in_order: false, fill: None })
    }
}

#[test]
fn items_are_computed_wherever_they_lie() {
    let body: &Body = &running::f64::LOOP;
    for (outer, m, n) in [(vec![], 2, 3), (vec![4], 3, 2), (vec![2, 1, 3], 1, 5), (vec![3], 0, 4), (vec![0], 2, 2)] {
        for way in 0..16 {
            let (in_way, out_way, swapped) = (way % 4, way / 4, way % 5 == 1);
            let shape = [&outer[..], &[m, n]].concat();
            let value = |k: usize| (k % 7) as f64 * 0.25;
            let stored = |k: usize| if swapped { f64::from_bits(value(k).to_bits().swap_bytes()) } else { value(k) };
            let mut x = Laid::new(&shape, in_way, stored);
            let mut w = Laid::new(&[2], 0, |k| [2.0, 0.5][k]);
            let mut y = Laid::new(&shape, out_way, |_| -1.0);
            let mut total = Laid::new(&outer, out_way, |_| -1.0);
            let parts = vec![
                x.part(Access::Read, swapped),
                w.part(Access::Read, false),
                Part::Scratch,
                y.part(Access::Write, false),
                total.part(Access::Write, false),
            ];
            let core = &running::KERNEL.core;
            let given: [Option<&[usize]>; 2] = [Some(&[m, n]), Some(&[2])];
            let mut lengths = Lengths::named(core, &given).expect("they fit");
            lengths.solve(core, &given, &[]).expect("they fit");
            let shapes = (0..5).map(|operand| lengths.item(core, operand, &[]).expect("lengths")).collect();
            let items = Items::new(body, &outer, shapes, parts).expect("a way");
            // Pieces as small as they may be, for so many threads.
            let means = Means { threads: 1 + way % 3, cost: 1e6 };
            // SAFETY: all arrays are alive, what is written is shared with nobody.
            let flags = unsafe { team::compute(&items, body, core, &lengths, &[], means) }.expect("it does not fail");
            assert_eq!(flags, Flags::NONE);
            let mut wanted = Vec::new();
            let mut totals = Vec::new();
            for item in 0..outer.iter().product() {
                let mut sum_of_rows = 0.0;
                for i in 0..m {
                    let mut sum = 0.0;
                    for j in 0..n {
                        sum += value((item * m + i) * n + j) * 2.0 + 0.5;
                        wanted.push(sum);
                    }
                    sum_of_rows += sum;
                }
                totals.push(sum_of_rows);
            }
            assert_eq!(y.values(), wanted, "{outer:?} {m} {n} {way}");
            assert_eq!(total.values(), totals, "{outer:?} {m} {n} {way}");
            drop(x);
        }
    }
}

#[test]
fn a_body_is_a_function_of_rust() {
    let x = ndarray::array![[1.0, 2.0], [3.0, -9.0]];
    let (mut y, mut sums, mut total) = (ndarray::Array2::zeros((2, 2)), ndarray::Array1::zeros(2), 0.0);
    let mut call = |w| running::f64(x.view(), w, sums.view_mut(), y.view_mut(), &mut total);
    let failure = call([1.0, 0.0]).expect_err("a negative row");
    assert_eq!((failure.kind, &*failure.message), (Kind::Value, "row 1 is negative"));
    call([0.0, 1.0]).expect("it does not fail");
    assert_eq!((y, total), (ndarray::array![[1.0, 2.0], [1.0, 2.0]], 4.0));
}

#[test]
fn lengths_are_computed_with_params() {
    const CORE: Core = Core {
        dims: &["n"],
        operands: &[
            &[Dim::Named(0)],
            &[Dim::Computed(Formula { text: "n - k", program: &[Op::Dim(0), Op::Param(0), Op::Sub] })],
        ],
        ..Core::NONE
    };
    let lengths = Lengths::named(&CORE, &[Some(&[5])]).expect("they fit");
    let length = |k: i64| lengths.item(&CORE, 1, &[kernelgen_runtime::body::Value::Int(k)]);
    assert_eq!(length(2), Ok(vec![3]));
    assert!(length(6).is_err() && length(i64::MIN).is_err());
}
