//! Generates the kernels and their stubs.

fn main() -> Result<(), kernelgen::Error> {
    kernelgen::Build::new().specs("specs").stubs("python/strict/_kernels.pyi").generate()
}
