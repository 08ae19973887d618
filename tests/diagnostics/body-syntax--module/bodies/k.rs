mod helper;

fn k(x: ArrayView1<f64>, mut y: ArrayViewMut1<f64>) -> () {
    if n == 0 {
        return;
    }
    y[0] = helper::twice(x[0]);
}
