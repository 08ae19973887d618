//! Prose of a spec: refused, or found again in what is generated when Rust and Python read it.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use kernelgen::build::RenderedPackage;
use proptest::prelude::*;
use serde_json::json;
use syn::visit::{self, Visit};

use super::answer::{Folder, Shown, answer};
use super::try_many;

/// What ends a string or a comment in some language, or looks other than it is.
const ODD: [&str; 38] = [
    "\"",
    "\"\"",
    "\"\"\"",
    "'",
    "'''",
    "\\",
    "\\\\",
    "\\\"",
    "\"#",
    "\"##",
    "r#\"",
    "#",
    "{{",
    "}}",
    "{{ x }}",
    "{%",
    "{#",
    "#}",
    "*/",
    "/*",
    "//",
    "///",
    "`",
    "```",
    "\r\n",
    "\n",
    "\n\n",
    "\r",
    "\t",
    "\u{202e}",
    "\u{200b}",
    "\u{2028}",
    "\u{feff}",
    "\u{e000}0\u{e001}",
    "ß",
    "数",
    "\u{7f}",
    "${x}",
];

fn prose() -> impl Strategy<Value = Shown> {
    let word = prop_oneof![
        3 => (0..ODD.len()).prop_map(|odd| ODD[odd].to_owned()),
        2 => "[ -~]{1,8}",
        1 => any::<char>().prop_map(String::from),
        1 => Just(" ".to_owned()),
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| Shown(words.concat()))
}

/// Characters that nobody sees, and that are not refused.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e000}' | '\u{e001}')
        || c == '\r'
}

/// How a text is shown: line ends are `\n`, tabs are blanks, what is hidden is spelled out.
fn shown(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let lines = text.trim().lines().map(|line| {
        let spelled = line.trim_end().chars().map(|c| match c {
            '\t' => "    ".to_owned(),
            c if is_hidden(c) => c.escape_unicode().to_string(),
            c => c.to_string(),
        });
        spelled.collect::<String>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn one_line(text: &str) -> String {
    shown(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spec(texts: &[Shown; 6]) -> String {
    let [package, summary, doc, input, output, example] =
        texts.each_ref().map(|text| toml::Value::from(text.0.as_str()));
    format!(
        "[package]\nname = \"prose\"\nversion = \"1.0\"\nsummary = {package}\nauthors = [{{ name = {package} }}]\n\
         [kernel.total]\nsummary = {summary}\ndoc = {doc}\ndocs = {{ x = {input}, k = {output} }}\n\
         inputs = [\"x: f64\"]\nparams = [\"k: usize = 1\", 'mode: \"a\" | \"b-c\" = \"b-c\"']\n\
         outputs = [{{ name = \"out\", dtype = \"f64\", doc = {output} }}]\nexamples = [{example}]\n\
         reduce = {{ identity = 0, combine = \"a + b\" }}\n"
    )
}

/// The string that a field of a table in Rust holds.
struct Field<'a> {
    name: &'a str,
    value: Option<String>,
}

impl<'ast> Visit<'ast> for Field<'_> {
    fn visit_field_value(&mut self, node: &'ast syn::FieldValue) {
        if let (syn::Member::Named(name), syn::Expr::Lit(literal)) = (&node.member, &node.expr)
            && let syn::Lit::Str(text) = &literal.lit
            && name == self.name
        {
            self.value = Some(text.value());
        }
        visit::visit_field_value(self, node);
    }
}

fn text<'a>(package: &'a RenderedPackage, path: &str) -> &'a str {
    &package.files.get(Path::new(path)).unwrap_or_else(|| panic!("{path} is not there")).text
}

/// Looks for the prose in the Rust table, and in pyproject.toml.
fn look(package: &RenderedPackage, texts: &[Shown; 6]) {
    let [summary_of_package, summary, doc, input, output, _] = texts.each_ref().map(|text| text.0.as_str());
    let file = syn::parse_file(text(package, "src/total.rs")).expect("Rust");
    let mut field = Field { name: "doc", value: None };
    field.visit_file(&file);
    let docstring = field.value.expect("a docstring");
    let mut head = one_line(summary);
    if head.is_empty() {
        head = "The kernel `total`.".to_owned();
    }
    let doc = shown(doc);
    let gap = if doc.is_empty() { "" } else { "\n\n" };
    let wanted = format!("{head}{gap}{doc}\n\nParameters\n");
    assert!(docstring.starts_with(&wanted), "{docstring:?} does not start with {wanted:?}");
    // Lines of arguments are broken at blanks.
    let flat = docstring.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [input, output].map(one_line).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")) {
        assert!(flat.contains(&text), "{docstring:?} has no {text:?}");
    }
    let project: toml::Table = text(package, "pyproject.toml").parse().expect("TOML");
    let mut description = one_line(summary_of_package);
    if description.is_empty() {
        description = "The kernels of `prose`.".to_owned();
    }
    assert_eq!(project["project"]["description"].as_str(), Some(&*description));
}

const READ: &str = "
import ast, json, sys
for case in json.load(open(sys.argv[1])):
    for path, text in case['files'].items():
        try:
            found = ast.get_docstring(ast.parse(text), clean=False)
        except SyntaxError as error:
            sys.exit(f'{path}: {error}\\n{text}')
        if path.startswith('__init__') and found.split('\\n\\nNotes\\n-----\\n')[0] != case['doc']:
            sys.exit(f'{path}: {found!r} does not begin with {case[\"doc\"]!r}')
";

#[test]
fn prose_is_refused_or_found_again() {
    let folder = Folder::new();
    let read = Mutex::new(Vec::new());
    let texts = [(); 6].map(|()| prose());
    try_many(500, texts, |texts| {
        let path = folder.write("prose.toml", spec(&texts));
        let packages = match answer(&path) {
            Ok(packages) => packages,
            Err(report) => {
                let said =
                    report.plain().iter().all(|each| ["text-control", "one-line", "empty-text"].contains(&each.code));
                assert!(said, "{}", report.short());
                return;
            }
        };
        look(&packages[0], &texts);
        let files = ["__init__.py", "__init__.pyi", "_threadpool.py"]
            .map(|name| (name.to_owned(), json!(text(&packages[0], &format!("python/prose/{name}")))));
        let summary = one_line(&texts[0].0);
        let doc = if summary.is_empty() { "The kernels of `prose`.".to_owned() } else { summary };
        let files: serde_json::Map<_, _> = files.into_iter().collect();
        read.lock().expect("whole").push(json!({ "doc": doc, "files": files }));
    });
    let read = read.into_inner().expect("whole");
    assert!(read.len() > 50, "only {} texts were accepted", read.len());
    let cases = folder.write("cases.json", json!(read).to_string());
    let python = if cfg!(windows) { "python" } else { "python3" };
    let output = Command::new(python).args(["-c", READ]).arg(cases).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
