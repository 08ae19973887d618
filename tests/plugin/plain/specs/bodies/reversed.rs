fn reversed(x: ArrayView1<f64>, mut y: ArrayViewMut1<f64>) {
    for i in 0..n {
        y[i] = x[n - 1 - i];
    }
}
