fn k<T: Copy>(x: ArrayView1<T>, mut y: ArrayViewMut1<T>) {
    y[0] = x[0];
}
