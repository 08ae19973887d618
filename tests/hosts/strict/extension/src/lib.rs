//! Kernels of two spec packages beside a function of the host's own.
#![forbid(unsafe_code)]
#![deny(missing_docs, unreachable_pub, warnings)]
#![deny(clippy::all, clippy::pedantic)]

include!(concat!(env!("OUT_DIR"), "/kernelgen/gilexample.rs"));
include!(concat!(env!("OUT_DIR"), "/kernelgen/stats.rs"));

#[cfg(feature = "python")]
#[pyo3::pymodule]
mod _native {
    use pyo3::prelude::*;

    /// Twice `x`.
    #[pyfunction]
    fn double(x: f64) -> f64 {
        2.0 * x
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::gilexample::register(module)?;
        super::stats::register(module)
    }
}
