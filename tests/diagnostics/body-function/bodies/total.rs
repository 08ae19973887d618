fn totl(x: f64, out: &mut f64) {
    *out = x;
}
