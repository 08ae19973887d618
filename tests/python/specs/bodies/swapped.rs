mod weight {
    /// By how much the second one counts more.
    pub const MORE: f64 = 10.0;
}

fn item(x: f64) -> f64 {
    weight::MORE * x
}

fn swapped(y: ArrayView1<f64>, x: ArrayView1<f64>, mut out: ArrayViewMut1<f64>) -> () {
    for i in 0..n {
        out[i] = y[i] - item(x[i]);
        if out[i] > 1000.0 {
            return;
        }
    }
}
