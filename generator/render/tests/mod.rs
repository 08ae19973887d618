//! Whole packages rendered from values made by hand.

mod body;
mod elementwise;

use std::path::Path;

use super::*;
use crate::diag::Sources;
use crate::model::*;

const HOSTILE: &str = "a \"# b \"\"\" {{ c }} */ \u{202e}d \\ e\u{e000}0\u{e001}\r\n```\n'''";

fn fragment(text: &str) -> Fragment {
    let block = text.starts_with('{');
    let source = Some(Sources::default().add("sum.toml", String::new()));
    Fragment {
        text: text.to_owned(),
        block,
        source,
        offsets: (100..=100 + text.len()).collect(),
        divisions: Vec::new(),
        returns: Vec::new(),
    }
}

fn input(name: &str, ty: &Type) -> Input {
    Input {
        name: name.to_owned(),
        ty: ty.clone(),
        default: None,
        cast: Cast::Safe,
        copying: Copying::Tile,
        align: 1,
        role: Role::Read,
        dims: Vec::new(),
        in_order: false,
        doc: String::new(),
    }
}

fn output(name: &str, ty: &Type) -> Output {
    Output { name: name.to_owned(), ty: ty.clone(), dims: Vec::new(), fill: None, in_order: false, doc: String::new() }
}

fn sum() -> Kernel {
    let f64 = Type::Fixed(DType::F64);
    Kernel {
        name: "sum".to_owned(),
        file: "sum.toml".to_owned(),
        summary: "Sum of all elements of `x`, in double precision.".to_owned(),
        doc: String::new(),
        variables: Vec::new(),
        loops: vec![Loop { name: "f64".to_owned(), types: Vec::new(), form: None }],
        inputs: vec![input("x", &f64)],
        scratch: Vec::new(),
        outputs: vec![output("total", &f64)],
        dims: Vec::new(),
        over: None,
        params: Vec::new(),
        require: Vec::new(),
        gil: Gil::Auto,
        parallel: Parallel::Auto,
        cost: 0.35,
        identity: Identity::None,
        form: Form::Reduce(Box::new(Reduce {
            state: State::Value(f64),
            identity: Some(fragment("0.0")),
            map: fragment("x"),
            combine: fragment("a + b"),
            finish: None,
            ordered: false,
            skip: false,
            cumulative: false,
        })),
        reference: None,
        examples: vec!["sum([1, 2, 3]) == 6.0".to_owned(), "np.isnan(sum([np.nan]))".to_owned()],
    }
}

/// Whatever a kernel can have, with hostile text wherever text is free.
fn everything() -> Kernel {
    let variable = Type::Variable(0);
    let f64 = Type::Fixed(DType::F64);
    let param =
        |name: &str, ty, default| Param { name: name.to_owned(), ty, default, computed: None, doc: HOSTILE.to_owned() };
    let types = [DType::F32, DType::F64];
    let mut loops: Vec<Loop> =
        types.iter().map(|dtype| Loop { name: dtype.name().to_owned(), types: vec![*dtype], form: None }).collect();
    let reduce = Reduce {
        state: State::Fields(vec![("n".to_owned(), f64.clone()), ("mean".to_owned(), f64.clone())]),
        identity: None,
        map: fragment("(1.0, f64(x)) // why"),
        combine: fragment("{\n        let n = a.n + b.n;\n\n        (n, a.mean)\n    }"),
        finish: Some(fragment(
            "if s.n > ddof {\n            (T(s.mean), s.n)\n        } else {\n            (T(0.0), ddof)\n        }",
        )),
        ordered: true,
        skip: true,
        cumulative: false,
    };
    loops[0].form = Some(Form::Reduce(Box::new(reduce.clone())));
    let mut kernel = sum();
    kernel.name = "mean_var".to_owned();
    kernel.summary = HOSTILE.to_owned();
    kernel.doc = HOSTILE.to_owned();
    kernel.variables = vec!["T".to_owned()];
    kernel.loops = loops;
    kernel.inputs[0].ty = variable.clone();
    kernel.inputs.push(Input {
        cast: Cast::SameKind,
        copying: Copying::Never,
        align: 64,
        doc: HOSTILE.to_owned(),
        ..input("w", &f64)
    });
    kernel.outputs = vec![Output { doc: HOSTILE.to_owned(), ..output("mean", &variable) }, output("var", &f64)];
    let mode =
        ParamType::Choice { type_name: "Mode".to_owned(), values: vec!["zero-pad".to_owned(), HOSTILE.to_owned()] };
    kernel.params = vec![
        param("ddof", ParamType::Scalar(f64.clone()), Some(Literal::Int(0))),
        param("k", ParamType::Usize, None),
        param("fill", ParamType::Scalar(variable), Some(Literal::Float(f64::NAN))),
        param("mode", mode, Some(Literal::Text("zero-pad".to_owned()))),
    ];
    kernel.require =
        vec![Formula { text: HOSTILE.to_owned(), program: vec![Op::Param(1), Op::Int(0), Op::Apply("Gt")] }];
    kernel.gil = Gil::Release;
    kernel.form = Form::Reduce(Box::new(reduce));
    kernel.examples.push(HOSTILE.to_owned());
    kernel
}

fn package(kernels: Vec<Kernel>) -> Package {
    Package {
        name: "gilexample".to_owned(),
        version: "0.1.0".to_owned(),
        summary: "Example kernels.".to_owned(),
        license: None,
        authors: Vec::new(),
        requires_python: ">=3.11".to_owned(),
        numpy: ">=2.1".to_owned(),
        requires: Vec::new(),
        crates: Default::default(),
        project: None,
        kernels,
    }
}

fn text(files: &Files, path: &str) -> String {
    files.get(Path::new(path)).map(|file| file.text.clone()).unwrap_or_default()
}

#[test]
fn the_sum_kernel_reads_well() {
    let files = render(&package(vec![sum()]), &[]).unwrap();
    let rust = text(&files, "src/sum.rs");
    assert!(rust.contains("    identity { 0.0 }\n    map { x }\n    combine(a, b) { a + b }\n}\n"), "{rust}");
    assert!(text(&files, "src/lib.rs").contains("pub mod sum;\n\nkernelgen_runtime::module! {\n"));
    let stub = text(&files, "python/gilexample/__init__.pyi");
    assert!(stub.contains("    def __call__(self, x: _npt.ArrayLike, /, axis: None = None, *, "), "{stub}");
    assert_eq!(rust, text(&render(&package(vec![sum()]), &[]).unwrap(), "src/sum.rs"));
}

#[test]
fn a_kernel_of_one_thread_says_so() {
    let mut kernel = sum();
    kernel.parallel = Parallel::Never;
    kernel.cost = 50.0;
    let rust = text(&render(&package(vec![kernel]), &[]).unwrap(), "src/sum.rs");
    assert!(rust.contains("    parallel: Parallel::Never,\n    cost: 50.0,\n"), "{rust}");
    assert!(rust.contains("use kernelgen_runtime::reduce::{Input, Kernel, Outputs, Parallel};\n"), "{rust}");
}

#[test]
fn a_module_says_what_threads_may_do() {
    let init = |kernel: Kernel| {
        let text = text(&render(&package(vec![kernel]), &[]).unwrap(), "python/gilexample/__init__.py");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let plain = init(sum());
    assert!(plain.contains("Threads may call these functions at once"), "{plain}");
    assert!(!plain.contains("The GIL is held") && !plain.contains("changes in place"), "{plain}");
    let mut held = sum();
    held.gil = Gil::Hold;
    held.inputs[0].role = Role::Change;
    let held = init(held);
    assert!(held.contains("The GIL is held by `sum`."), "{held}");
    assert!(held.contains("An `out`, and an array that `sum` changes in place, belongs to the call"), "{held}");
}

#[test]
fn generated_rust_leads_back_to_the_spec() {
    let files = render(&package(vec![sum()]), &[]).unwrap();
    let file = files.get(Path::new("src/sum.rs")).unwrap();
    let start = file.text.find("a + b").unwrap();
    let span = file.origin(start + 4..start + 5).unwrap();
    assert_eq!(span.range, 104..105);
    assert_eq!(file.origin(0..3), None);
}

#[test]
fn hostile_text_stays_where_it_belongs() {
    let mut package = package(vec![sum(), everything()]);
    package.version = "1\"\n[tool.evil]".to_owned();
    package.license = Some(HOSTILE.to_owned());
    package.summary = HOSTILE.to_owned();
    package.authors = vec![Author { name: Some(HOSTILE.to_owned()), email: None }];
    let mut divided = everything();
    divided.name = "divided".to_owned();
    divided.loops[0].form = None;
    divided.form = Form::Map(Map { map: fragment("(x, w) // why") });
    package.kernels.push(divided);
    let files = render(&package, &[]).unwrap();
    for manifest in ["Cargo.toml", "pyproject.toml"] {
        let parsed: toml::Table = text(&files, manifest).parse().unwrap();
        assert!(parsed.get("tool").and_then(|tool| tool.get("evil")).is_none());
    }
    for (path, expected) in [("src/lib.rs", 4), ("src/mean_var.rs", 5), ("src/divided.rs", 4)] {
        let rust = text(&files, path);
        let parsed = syn::parse_file(&rust).unwrap_or_else(|error| panic!("{error}\n{rust}"));
        assert_eq!(parsed.items.len(), expected, "{rust}");
        assert!(!rust.chars().any(|c| c == '\u{202e}' || c == '\u{e000}'), "{rust}");
    }
}

#[test]
fn a_package_called_like_a_dependency_gets_no_lock_of_ours() {
    let mut package = package(vec![sum()]);
    let entry =
        "name = \"gilexample\"\nversion = \"0.0.0\"\ndependencies = [\n \"kernelgen-runtime\",\n]\n\n[[package]]\n";
    assert!(text(&render(&package, &[]).unwrap(), "Cargo.lock").contains(entry));
    package.name = "ndarray".to_owned();
    assert!(render(&package, &[]).unwrap().get(Path::new("Cargo.lock")).is_none());
}

#[test]
fn packages_inside_a_host_are_modules_to_include() {
    let mut dotted = package(vec![sum(), everything()]);
    dotted.name = "mypkg._kernels".to_owned();
    dotted.summary = HOSTILE.to_owned();
    let files = embed(&[package(vec![sum()]), dotted], Path::new("/out put/kernelgen")).unwrap();
    let paths: Vec<_> = files.iter().map(|(path, _)| path.to_string_lossy().replace('\\', "/")).collect();
    let kernels = ["mypkg__kernels/mean_var.rs", "mypkg__kernels/sum.rs", "mypkg__kernels.rs"];
    assert_eq!(paths, [&["gilexample/sum.rs", "gilexample.rs"][..], &kernels].concat());
    for (path, _) in files.iter() {
        let rust = text(&files, &path.to_string_lossy());
        syn::parse_file(&rust).unwrap_or_else(|error| panic!("{error}\n{rust}"));
    }
    let module = text(&files, "mypkg__kernels.rs");
    assert!(module.contains("pub mod mypkg__kernels {\n"), "{module}");
    assert!(
        module.contains("    #[path = \"/out put/kernelgen/mypkg__kernels/sum.rs\"]\n    pub mod sum;\n"),
        "{module}"
    );
    assert!(module.contains("        reduce sum;\n        reduce mean_var;\n"), "{module}");
}

#[test]
fn the_stub_of_a_host_has_the_kernels_of_all_packages_and_nothing_else() {
    let mut other = package(vec![everything()]);
    other.name = "other".to_owned();
    let stub = embedded_stub(&[package(vec![sum()]), other]).unwrap();
    assert!(
        stub.contains("sum: _typing.Final[_Reduction_sum]")
            && stub.contains("class _Reduction_mean_var(")
            && stub.contains("class MeanVarResult("),
        "{stub}"
    );
    assert_eq!(stub.matches("import numpy as _np\n").count(), 1, "{stub}");
    assert!(!stub.contains("__version__") && !stub.contains("show_config"), "{stub}");
}

#[test]
fn rust_functions_are_documented_with_the_prose_of_the_spec() {
    let mut kernel = sum();
    kernel.doc = "Over `x[i]`:\n\n    see x[i] or <T>.".to_owned();
    kernel.inputs[0].doc = "What is summed.".to_owned();
    let rust = text(&render(&package(vec![kernel]), &[]).unwrap(), "src/sum.rs");
    let comment = "    /// Sum of all elements of `x`, in double precision.\n    ///\n    /// Over `x[i]`:\n    ///\n    \
        /// see x\\[i] or \\<T>.\n    ///\n    /// - `x`: What is summed.\n    fn sum(x: f64)";
    assert!(rust.contains(comment), "{rust}");
}
