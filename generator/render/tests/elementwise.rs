//! Elementwise kernels: ufuncs, and functions with the same broadcasting.

use super::*;

/// `a * x + y`, a ufunc.
fn axpy() -> Kernel {
    let variable = Type::Variable(0);
    let types = [DType::F32, DType::F64];
    let mut kernel = sum();
    kernel.inputs = ["a", "x", "y"].map(|name| input(name, &variable)).to_vec();
    kernel.outputs = vec![output("out", &variable)];
    kernel.name = "axpy".to_owned();
    kernel.summary = "`a * x + y`.".to_owned();
    kernel.variables = vec!["T".to_owned()];
    kernel.loops = types.map(|dtype| Loop { name: dtype.name().to_owned(), types: vec![dtype], form: None }).to_vec();
    kernel.form = Form::Map(Map { map: fragment("a * x + y") });
    kernel.examples = vec!["axpy(2.0, 3.0, 1.0) == 7.0".to_owned()];
    kernel
}

#[test]
fn a_ufunc_reads_well() {
    let files = render(&package(vec![axpy()]), &[]).unwrap();
    let rust = text(&files, "src/axpy.rs");
    let (before, after) = rust.split_once("    doc: r#\"").unwrap();
    let (doc, after) = after.split_once("\"#,\n").unwrap();
    assert_eq!(format!("{before}    doc: DOC,\n{after}"), AXPY);
    for line in [
        "\nout : ndarray, optional\n",
        "\ncasting, order, dtype, subok, signature : optional\n",
        "\nout : ndarray or scalar of float32 or float64\n",
    ] {
        assert!(doc.contains(line), "{doc}");
    }
    assert!(text(&files, "src/lib.rs").contains("    map axpy;\n"));
    assert!(text(&files, "README.md").contains("- `axpy(a, x, y, /)`: "));
    let stub = text(&files, "python/gilexample/__init__.pyi");
    assert!(stub.contains("class _UFunc_3_1(_typing.Protocol[_R1]):\n") && !stub.contains("def reduce("), "{stub}");
    assert!(stub.contains("\naxpy: _typing.Final[_Calls_axpy]\n"), "{stub}");
    let rows: Vec<_> = stub.lines().filter_map(|line| line.trim().strip_prefix("def __call__(self, a: ")).collect();
    let row = |input: &str, returns: &str| {
        rows.iter()
            .position(|row| row.starts_with(&format!("{input}, x: ")) && row.ends_with(&format!("-> {returns}: ...")))
    };
    let wanted = [
        ("_builtins.float", "_np.float64"),
        ("_Float32Like", "_np.float32"),
        ("_Float64Like", "_np.float64"),
        ("_Float32_1", "_npt.NDArray[_np.float32]"),
        ("_Float64_1", "_npt.NDArray[_np.float64]"),
    ];
    let places = wanted.map(|(input, returns)| row(input, returns).unwrap_or_else(|| panic!("{input}\n{stub}")));
    assert!(places.is_sorted(), "{stub}");
}

const AXPY: &str = "\
//! `axpy`: `a * x + y`.
//!
//! Written by kernelgen from sum.toml: edit that.
#![forbid(unsafe_code)]

use kernelgen_runtime::map::{Input, Kernel, Outputs};

kernelgen_runtime::map! {
    /// `a * x + y`.
    fn axpy(a: T, x: T, y: T) -> (out: T);
    for f32 { T = f32 }
    for f64 { T = f64 }
    map { a * x + y }
}

/// What Python is told of `axpy`.
#[rustfmt::skip]
pub static KERNEL: Kernel = Kernel {
    name: \"axpy\",
    signature: \"(a, x, y, /, out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True, \
signature=None)\",
    doc: DOC,
    loops: &[&f32::LOOP, &f64::LOOP],
    inputs: &[Input::new(\"a\"), Input::new(\"x\"), Input::new(\"y\")],
    params: &[],
    outputs: Outputs::one(&[\"out\"]),
    cost: 0.35,
    ..Kernel::DEFAULT
};
";

#[test]
fn several_results_are_a_plain_tuple_of_a_ufunc_and_a_named_one_of_a_function() {
    let mut pair = axpy();
    pair.outputs.push(Output { name: "rest".to_owned(), ..pair.outputs[0].clone() });
    pair.form = Form::Map(Map { map: fragment("(a, x)") });
    let mut function = pair.clone();
    function.name = "clip".to_owned();
    function.inputs[2].default = Some(Literal::Int(1));
    let mut folding = axpy();
    folding.name = "add".to_owned();
    folding.inputs.pop();
    folding.identity = Identity::Value(Literal::Int(0));
    let files = render(&package(vec![pair, function, folding]), &[]).unwrap();
    let [pair, function, folding] = ["axpy", "clip", "add"].map(|name| text(&files, &format!("src/{name}.rs")));
    assert!(pair.contains("    outputs: Outputs::plain(&[\"out\", \"rest\"]),\n"), "{pair}");
    assert!(pair.contains("(a, x, y, /, out=(None, None), *, where=True, casting="), "{pair}");
    assert!(function.contains("    outputs: Outputs::named(\"ClipResult\", &[\"out\", \"rest\"]),\n"), "{function}");
    assert!(function.contains("    signature: \"(a, x, y=1, /, *, out=None, where=True)\",\n"), "{function}");
    assert!(folding.contains("    identity: Identity::Value(Value::Int(0)),\n"), "{folding}");
    assert!(folding.contains("use kernelgen_runtime::map::{Identity, Input, Kernel, Outputs, Value};\n"), "{folding}");
    let stub = text(&files, "python/gilexample/__init__.pyi");
    assert!(
        stub.contains("class ClipResult(_typing.NamedTuple, _typing.Generic[_V1, _V2]):\n    out: _V1\n"),
        "{stub}"
    );
    assert!(
        stub.contains("    def reduce(\n") && stub.contains(" -> _builtins.tuple[_np.float32, _np.float32]: ...\n"),
        "{stub}"
    );
}
