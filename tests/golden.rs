//! `generated/` is what `kernelgen generate specs/gilexample --out generated` writes.

use std::path::Path;

use kernelgen::{Build, output};

#[test]
fn generated_is_what_the_specs_give() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let build = Build::new().specs(root.join("specs/gilexample")).out_dir(root.join("generated"));
    for package in build.render().unwrap().packages {
        output::check(&package.files, &package.dir).unwrap_or_else(|error| {
            panic!("{error}\nto mend this: cargo run -- generate specs/gilexample --out generated")
        });
    }
}
