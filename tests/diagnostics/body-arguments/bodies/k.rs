fn k(x: ArrayView1<f64>) -> f64 {
    x[0]
}
