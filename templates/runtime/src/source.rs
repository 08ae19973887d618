//! This crate's own files as text: the generator writes them beside the kernels.

macro_rules! files {
    ($($path:literal)*) => {
        /// Path within the crate and text of each file that a build needs, sorted by path.
        pub const FILES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../", $path)))),*];
    };
}

files! {
    "Cargo.toml"
    "build.rs"
    "src/along.rs"
    "src/argument.rs"
    "src/block.rs"
    "src/block/fold.rs"
    "src/block/item.rs"
    "src/body.rs"
    "src/chain.rs"
    "src/columns.rs"
    "src/convert.rs"
    "src/copied.rs"
    "src/cut.rs"
    "src/dense.rs"
    "src/dims.rs"
    "src/divide.rs"
    "src/door.rs"
    "src/down.rs"
    "src/dtype.rs"
    "src/element.rs"
    "src/elementwise.rs"
    "src/failure.rs"
    "src/flags.rs"
    "src/fold.rs"
    "src/formula.rs"
    "src/half.rs"
    "src/interrupt.rs"
    "src/items.rs"
    "src/kernel.rs"
    "src/level.rs"
    "src/lib.rs"
    "src/macros.rs"
    "src/macros/body.rs"
    "src/macros/fold.rs"
    "src/macros/loops.rs"
    "src/macros/map.rs"
    "src/macros/reduce.rs"
    "src/macros/scan.rs"
    "src/macros/state.rs"
    "src/map.rs"
    "src/math.rs"
    "src/math/angle.rs"
    "src/math/angle/two_over_pi.rs"
    "src/math/complex.rs"
    "src/math/complex/arithmetic.rs"
    "src/math/complex/exact.rs"
    "src/math/complex/exponential.rs"
    "src/math/complex/hyperbolic.rs"
    "src/math/complex/inverse.rs"
    "src/math/complex/logarithm.rs"
    "src/math/complex/power.rs"
    "src/math/complex/real.rs"
    "src/math/complex/scaling.rs"
    "src/math/double.rs"
    "src/math/error_function.rs"
    "src/math/error_function/tables.rs"
    "src/math/exponential.rs"
    "src/math/hyperbolic.rs"
    "src/math/inverse.rs"
    "src/math/logarithm.rs"
    "src/math/polynomial.rs"
    "src/math/power.rs"
    "src/math/roots.rs"
    "src/math/rounding.rs"
    "src/math/trigonometric.rs"
    "src/outcome.rs"
    "src/overlap.rs"
    "src/pace.rs"
    "src/pool.rs"
    "src/prelude.rs"
    "src/prelude/analytic.rs"
    "src/prelude/arithmetic.rs"
    "src/prelude/extremes.rs"
    "src/prelude/integer.rs"
    "src/prelude/parts.rs"
    "src/prelude/power.rs"
    "src/prelude/real.rs"
    "src/prelude/round.rs"
    "src/prelude/views.rs"
    "src/python.rs"
    "src/python/array.rs"
    "src/python/axes.rs"
    "src/python/body.rs"
    "src/python/call.rs"
    "src/python/callable.rs"
    "src/python/cores.rs"
    "src/python/elementwise.rs"
    "src/python/ending.rs"
    "src/python/error.rs"
    "src/python/folding.rs"
    "src/python/function.rs"
    "src/python/gil.rs"
    "src/python/gufunc.rs"
    "src/python/intake.rs"
    "src/python/layout.rs"
    "src/python/map.rs"
    "src/python/module.rs"
    "src/python/near.rs"
    "src/python/near_items.rs"
    "src/python/numpy.rs"
    "src/python/operands.rs"
    "src/python/outputs.rs"
    "src/python/param.rs"
    "src/python/params.rs"
    "src/python/pieces.rs"
    "src/python/places.rs"
    "src/python/reduce.rs"
    "src/python/results.rs"
    "src/python/run.rs"
    "src/python/serial.rs"
    "src/python/strided.rs"
    "src/python/strip.rs"
    "src/python/threads.rs"
    "src/python/ufunc.rs"
    "src/quiet.rs"
    "src/reduce.rs"
    "src/report.rs"
    "src/resolve.rs"
    "src/scalar.rs"
    "src/scan.rs"
    "src/shape.rs"
    "src/sink.rs"
    "src/slice_flags.rs"
    "src/slices.rs"
    "src/source.rs"
    "src/special.rs"
    "src/stream.rs"
    "src/sync.rs"
    "src/team.rs"
    "src/threads.rs"
    "src/tile.rs"
    "src/tree.rs"
    "src/versions.rs"
    "src/view.rs"
    "src/walk.rs"
    "src/words.rs"
    "src/worker.rs"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn every_file_of_the_crate_is_listed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = vec!["Cargo.toml".to_string(), "build.rs".to_string()];
        let mut folders = vec![root.join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        found.sort();
        assert_eq!(super::FILES.iter().map(|(path, _)| *path).collect::<Vec<_>>(), found);
    }
}
