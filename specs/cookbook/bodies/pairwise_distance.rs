//! Many points of `y` at a time: their sums stay in registers while the coordinates go by.

/// Points of `y` that are taken at once.
const WIDTH: usize = 64;

fn pairwise_distance(
    x: ArrayView2<f64>,
    y: ArrayView2<f64>,
    mut columns: ArrayViewMut2<f64>,
    mut dist: ArrayViewMut2<f64>,
) {
    columns.assign(&y.t());
    let columns = slice(&columns);
    for i in 0..m {
        let mut start = 0;
        while start + WIDTH <= n {
            let mut sums = [0.0; WIDTH];
            for k in 0..d {
                let (a, b) = (x[[i, k]], &columns[k * n + start..k * n + start + WIDTH]);
                for j in 0..WIDTH {
                    sums[j] += (a - b[j]) * (a - b[j]);
                }
            }
            for j in 0..WIDTH {
                dist[[i, start + j]] = sqrt(sums[j]);
            }
            start += WIDTH;
        }
        for j in start..n {
            let sum: f64 = (0..d).map(|k| (x[[i, k]] - y[[j, k]]) * (x[[i, k]] - y[[j, k]])).sum();
            dist[[i, j]] = sqrt(sum);
        }
        check!();
    }
}
