//! Specs that are right: what the check makes of them.

use std::path::Path;

use kernelgen::model::{Cast, Copying, DType, Form, Kernel, Literal, Op, Reduce};
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
    let Form::Reduce(reduce) = &kernel.form;
    reduce
}

#[test]
fn kernels_keep_their_order_and_loops_take_numpys() {
    let names: Vec<_> = kernels().into_iter().map(|kernel| kernel.name).collect();
    assert_eq!(names, ["argmax", "dot", "max", "count", "norm", "mean", "variance"]);
    let loops = |name: &str| kernel(name).loops.into_iter().map(|each| each.name).collect::<Vec<_>>();
    assert_eq!(loops("argmax"), ["u8", "i64", "f64"]);
    assert_eq!(loops("dot"), ["c64_f32", "c128_f64"]);
    assert_eq!(loops("mean"), ["f16"]);
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
        let reduce = reduce(&kernel);
        for fragment in [&reduce.combine, &reduce.map].into_iter().filter(|fragment| fragment.source.is_some()) {
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
