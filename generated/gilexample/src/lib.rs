//! Kernels over NumPy arrays that release the GIL and copy nothing.
//!
//! Written by kernelgen from the specs of `gilexample`: edit those.
#![forbid(unsafe_code)]

pub mod axpy;
pub mod pairwise_distance;
pub mod sum;

kernelgen_runtime::module! {
    /// Kernels over NumPy arrays that release the GIL and copy nothing.
    mod _native in "gilexample" for numpy ">=2.1";
    map axpy;
    body pairwise_distance;
    reduce sum;
}
