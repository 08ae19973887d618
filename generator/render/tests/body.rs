//! Bodies: gufuncs and functions over items.

use super::*;

fn named(text: &str, place: usize) -> Dim {
    Dim { text: text.to_owned(), length: Length::Named(place) }
}

/// `y` of every window of `x`, with whatever a body can have.
fn windows() -> Kernel {
    let f64 = Type::Fixed(DType::F64);
    let program = vec![Op::Dim(0), Op::Int(1), Op::Apply("Add")];
    let mut kernel = sum();
    kernel.name = "windows".to_owned();
    kernel.dims = vec!["n".to_owned()];
    kernel.inputs = vec![
        Input { dims: vec![named("n", 0)], in_order: true, ..input("x", &f64) },
        Input { role: Role::Optional, ..input("w", &f64) },
        Input {
            role: Role::Change,
            dims: vec![Dim { text: "2".to_owned(), length: Length::Fixed(2) }],
            ..input("z", &f64)
        },
    ];
    kernel.scratch = vec![Scratch { name: "buf".to_owned(), ty: f64.clone(), dims: vec![named("n", 0); 2] }];
    let longer = Dim { text: "n + 1".to_owned(), length: Length::Computed(program) };
    kernel.outputs = vec![Output { dims: vec![longer], fill: Some(Literal::Float(0.5)), ..output("y", &f64) }];
    let returns = vec![6];
    kernel.form = Form::Body(Box::new(Body {
        text: Fragment { returns, ..fragment("return;") },
        items: vec![fragment("fn f() {}")],
        arguments: Vec::new(),
    }));
    kernel
}

#[test]
fn a_body_reads_well() {
    let rust = text(&render(&package(vec![windows()]), &[]).unwrap(), "src/windows.rs");
    for lines in [
        "    fn windows(\n        x: ArrayView1<f64>, w: Option<f64>, z: &mut [f64; 2], buf: ArrayViewMut2<f64>, y: ArrayViewMut1<f64>\n",
        "    );\n    dtypes (f64, f64, f64) -> (f64) with (f64);\n    dims (n, _start);\n    for f64 {}\n",
        "\n    items { fn f() {} }\n    body { return Ok(()); }\n}\n",
        "        Input { in_order: true, ..Input::new(\"x\") },\n        Input { role: Role::Optional, ..Input::new(\"w\") },\n",
        "        Input { role: Role::Change, in_order: true, ..Input::new(\"z\") },\n",
        "        outputs: &[Output { fill: Some(Value::Float(0.5)), ..Output::ANY }],\n",
        "        signature: \"(n),(),(2)->(_0)\",\n        ..Core::NONE\n    },\n",
    ] {
        assert!(rust.contains(lines), "{lines}\n{rust}");
    }
}

#[test]
fn a_gufunc_has_a_protocol_of_its_own() {
    let mut kernel = windows();
    kernel.inputs.truncate(1);
    let stub = text(&render(&package(vec![kernel]), &[]).unwrap(), "python/gilexample/__init__.pyi");
    for line in [
        "class _GUFunc_windows(_typing.Protocol):\n",
        "class _Calls_windows(_GUFunc_windows, _typing.Protocol):\n",
        "windows: _typing.Final[_Calls_windows]\n",
    ] {
        assert!(stub.contains(line), "{stub}");
    }
}
