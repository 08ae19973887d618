//! Specs that are right: what the check makes of them.

use std::path::Path;

use kernelgen::model::{Cast, Copying, DType, Form, Fragment, Identity, Kernel, Literal, Op, Parallel, Reduce};
use kernelgen::{check, spec};

/// The kernels of `tests/right_specs.toml`.
fn kernels() -> Vec<Kernel> {
    let loaded = spec::load(Path::new("tests/right_specs.toml")).expect("readable");
    let mut packages = check::check(&loaded).expect("right");
    packages.remove(0).kernels
}

fn kernel(name: &str) -> Kernel {
    kernels().into_iter().find(|kernel| kernel.name == name).expect("a kernel of that name")
}

fn reduce(kernel: &Kernel) -> &Reduce {
    let Form::Reduce(reduce) = &kernel.form else { panic!("a fold") };
    reduce
}

#[test]
fn kernels_keep_their_order_and_loops_take_numpys() {
    let names: Vec<_> = kernels().into_iter().map(|kernel| kernel.name).collect();
    let folds = ["argmax", "dot", "max", "count", "norm", "mean", "variance"];
    let maps = ["logaddexp", "mask", "magnitude", "share"];
    assert_eq!(names, folds.into_iter().chain(maps).collect::<Vec<_>>());
    let loops = |name: &str| kernel(name).loops.into_iter().map(|each| each.name).collect::<Vec<_>>();
    assert_eq!(loops("argmax"), ["u8", "i64", "f64"]);
    assert_eq!(loops("dot"), ["c64_f32", "c128_f64"]);
    assert_eq!(loops("mean"), ["f16"]);
    assert_eq!(loops("magnitude"), ["c64_f32", "c128_f64"]);
}

#[test]
fn what_is_left_out_is_written() {
    let argmax = kernel("argmax");
    assert_eq!(reduce(&argmax).finish.as_ref().map(|finish| finish.text.as_str()), Some("(s.v, s.at)"));
    assert_eq!(argmax.inputs[0].doc, "The data.");
    let mean = kernel("mean");
    assert_eq!(reduce(&mean).map.text, "f64(x)");
    let dot = kernel("dot");
    assert_eq!(reduce(&dot).identity.as_ref().map(|identity| identity.text.as_str()), Some("T(0.0)"));
    assert_eq!((dot.inputs[1].cast, dot.inputs[1].copying), (Cast::SameKind, Copying::Never));
    assert_eq!(dot.inputs[1].align, 64);
}

#[test]
fn params_and_conditions() {
    let count = kernel("count");
    assert_eq!(count.params[1].default, Some(Literal::Int(1)));
    assert_eq!(count.params[2].default, Some(Literal::Text("valid".to_owned())));
    assert_eq!(count.require[0].program, [Op::Param(1), Op::Int(0), Op::Apply("Gt")]);
    assert_eq!(count.require[1].program, [Op::Param(2), Op::Choice(1), Op::Apply("Ne"), Op::Param(3), Op::Apply("Or")]);
}

#[test]
fn a_kernel_has_the_options_of_its_package_unless_it_has_its_own() {
    let of = |name: &str| (kernel(name).parallel, kernel(name).cost);
    assert_eq!(of("argmax"), (Parallel::Auto, 50.0));
    assert_eq!(of("dot"), (Parallel::Never, 0.8));
    assert_eq!(of("max"), (Parallel::Never, 2.0));
}

#[test]
fn integer_divisions_are_found_outermost_first() {
    let max = kernel("max");
    assert_eq!(max.loops[0].types, [DType::I32]);
    let Some(Form::Reduce(reduce)) = &max.loops[0].form else { panic!("a form of its own") };
    let combine = &reduce.combine;
    let parts: Vec<_> = combine
        .divisions
        .iter()
        .map(|each| (&combine.text[each.left.clone()], &combine.text[each.right.clone()], each.remainder))
        .collect();
    assert_eq!(parts, [("a / 2", "3", true), ("a", "2", false)]);
}

#[test]
fn fragments_know_their_place() {
    let source = std::fs::read_to_string("tests/right_specs.toml").expect("readable");
    for kernel in kernels() {
        let fragments = match &kernel.form {
            Form::Map(map) => vec![&map.map],
            Form::Reduce(reduce) => vec![&reduce.combine, &reduce.map],
            Form::Body(body) => vec![&body.text],
        };
        // A tuple that was joined of a table starts with a bracket of kernelgen's own.
        let verbatim = |fragment: &&Fragment| fragment.source.is_some() && kernel.name != "share";
        for fragment in fragments.into_iter().filter(verbatim) {
            assert_eq!(fragment.offsets.len(), fragment.text.len() + 1);
            let start = fragment.offsets[0];
            assert!(source[start..].starts_with(&fragment.text[..3]), "{}", fragment.text);
        }
    }
}

#[test]
fn floats_are_divided_as_written() {
    let variance = kernel("variance");
    let fold = reduce(&variance);
    assert!(fold.combine.block && fold.combine.divisions.is_empty());
    assert!(fold.finish.as_ref().is_some_and(|finish| finish.divisions.is_empty()));
}

#[test]
fn ufuncs_are_the_maps_that_say_no_more_than_numpys() {
    let ufuncs: Vec<_> = kernels().into_iter().filter(Kernel::is_ufunc).map(|kernel| kernel.name).collect();
    assert_eq!(ufuncs, ["logaddexp", "mask", "magnitude"]);
    assert_eq!(kernel("logaddexp").identity, Identity::Value(Literal::Float(f64::NEG_INFINITY)));
    assert_eq!(kernel("mask").identity, Identity::Value(Literal::Int(1)));
    assert_eq!(kernel("magnitude").identity, Identity::None);
}

#[test]
fn a_table_by_output_is_a_tuple_in_their_order() {
    let share = kernel("share");
    let Form::Map(map) = &share.form else { panic!("a map") };
    let parts = map.map.divisions.iter().map(|each| &map.map.text[each.left.start..each.right.end]);
    assert_eq!((&*map.map.text, parts.collect::<Vec<_>>()), ("(x / by, y % by)", vec!["x / by", "y % by"]));
    let Some(Form::Map(own)) = &share.loops[1].form else { panic!("a form of its own") };
    assert!(own.map.divisions.is_empty(), "floats are divided as written");
}
