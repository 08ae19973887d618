//! Compiles the functions in extended precision. core-math needs a C compiler anyway.

fn main() {
    println!("cargo::rerun-if-changed=src/rest.c");
    cc::Build::new().file("src/rest.c").opt_level(2).compile("rest");
}
