fn pairwise_distance(x: ArrayView2<T>, y: ArrayView2<T>, mut dist: ArrayViewMut2<T>) {
    for i in 0..m {
        for j in 0..n {
            dist[[i, j]] = sqrt(square(x.row(i), y.row(j)));
        }
        check!();
    }
}

/// The square of a distance.
#[inline(always)]
fn square(x: ArrayView1<T>, y: ArrayView1<T>) -> T {
    let mut sum = T(0.0);
    for (a, b) in x.iter().zip(y) {
        sum += (a - b) * (a - b);
    }
    sum
}
