/// By how much `b` is larger.
#[inline(always)]
fn difference(a: f64, b: f64) -> f64 {
    b - a
}

fn differences(x: ArrayView1<f64>, scale: [f64; 2], mut d: ArrayViewMut1<f64>) {
    for i in 0..n {
        d[i] = difference(x[i], x[i + 1]) * scale[0] + scale[1];
    }
}
