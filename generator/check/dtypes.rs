//! Dtypes, type variables, and the loops that they make.

use std::collections::BTreeSet;

use super::names::{Names, Role};
use crate::diag::{Diagnostic, Span, did_you_mean, mistakes};
use crate::model::{DType, Type};
use crate::spec::{Dtypes, Spanned, Text};

/// More combinations than this make a slip, not a kernel.
const MOST_LOOPS: usize = 200;

/// The type variables of a kernel and their combinations.
#[derive(Debug, Default)]
pub struct Types {
    /// Names of the variables.
    pub variables: Vec<String>,
    /// Where each is declared.
    pub spans: Vec<Span>,
    /// A dtype for each variable, loop by loop; one empty combination without variables.
    pub combinations: Vec<Vec<DType>>,
}

impl Types {
    /// Reads `dtypes`.
    pub fn check(given: Option<&Spanned<Dtypes>>, names: &mut Names, log: &mut Vec<Diagnostic>) -> Self {
        let mut types = Types { combinations: vec![Vec::new()], ..Types::default() };
        match given.map(|given| (&given.value, &given.span)) {
            None => {}
            Some((Dtypes::Product(variables), span)) => {
                for (name, dtypes) in variables {
                    if !names.take(&name.value, &name.span, Role::Variable, log) {
                        continue;
                    }
                    types.variables.push(name.value.clone());
                    types.spans.push(name.span.clone());
                    let dtypes = distinct(dtypes, &name.span, log);
                    let longer = |row: &Vec<DType>| -> Vec<Vec<DType>> {
                        dtypes.iter().map(|dtype| [row.as_slice(), &[*dtype]].concat()).collect()
                    };
                    types.combinations = types.combinations.iter().flat_map(longer).take(MOST_LOOPS + 1).collect();
                }
                if types.combinations.len() > MOST_LOOPS {
                    log.push(mistakes::TOO_MANY_LOOPS.at(span, &[&MOST_LOOPS]));
                }
            }
            Some((Dtypes::Combinations(rows), span)) => types.read_rows(rows, span, names, log),
        }
        types
    }

    fn read_rows(
        &mut self,
        rows: &[Spanned<Vec<(crate::spec::Name, Text)>>],
        span: &Span,
        names: &mut Names,
        log: &mut Vec<Diagnostic>,
    ) {
        let Some(first) = rows.first() else {
            log.push(mistakes::EMPTY_DTYPES.at(span, &[]));
            return;
        };
        for (name, _) in &first.value {
            if names.take(&name.value, &name.span, Role::Variable, log) {
                self.variables.push(name.value.clone());
                self.spans.push(name.span.clone());
            }
        }
        self.combinations.clear();
        for row in rows.iter().take(MOST_LOOPS) {
            let same = row.value.len() == self.variables.len();
            let find = |variable: &String| row.value.iter().find(|(name, _)| name.value == *variable);
            let found: Option<Vec<_>> = self.variables.iter().map(find).collect();
            let Some(found) = found.filter(|_| same) else {
                log.push(mistakes::UNEVEN_DTYPES.at(&row.span, &[&self.variables.join(", ")]));
                continue;
            };
            let dtypes: Option<Vec<_>> =
                found.iter().map(|(_, text)| dtype(&text.value, &text.span, &[], log)).collect();
            let Some(dtypes) = dtypes else { continue };
            if self.combinations.contains(&dtypes) {
                log.push(mistakes::DUPLICATE_DTYPE.at(&row.span, &[&"this combination"]));
            } else {
                self.combinations.push(dtypes);
            }
        }
    }

    /// The type that a text names.
    pub fn parse(&self, name: &str, span: &Span, log: &mut Vec<Diagnostic>) -> Option<Type> {
        if let Some(place) = self.variables.iter().position(|variable| variable == name) {
            return Some(Type::Variable(place));
        }
        dtype(name, span, &self.variables, log).map(Type::Fixed)
    }

    /// The same with some of the combinations.
    pub fn only(&self, keep: impl Fn(&[DType]) -> bool) -> Types {
        let combinations = self.combinations.iter().filter(|types| keep(types)).cloned().collect();
        Types { variables: self.variables.clone(), spans: self.spans.clone(), combinations }
    }

    /// Whether no two combinations have the same dtypes at these places.
    pub fn are_told_apart_by(&self, places: &[usize]) -> bool {
        let seen = |types: &Vec<DType>| places.iter().map(|place| types[*place]).collect::<Vec<_>>();
        self.combinations.iter().map(seen).collect::<BTreeSet<_>>().len() == self.combinations.len()
    }

    /// The dtypes that a type has in the loops.
    pub fn dtypes(&self, ty: &Type) -> impl Iterator<Item = DType> {
        self.combinations.iter().map(move |types| ty.in_loop(types))
    }

    /// The name of a type in specs and in generated Rust.
    pub fn name(&self, ty: &Type) -> &str {
        match ty {
            Type::Fixed(dtype) => dtype.name(),
            Type::Variable(place) => &self.variables[*place],
        }
    }
}

/// The dtypes of one variable, each once.
fn distinct(texts: &[Text], variable: &Span, log: &mut Vec<Diagnostic>) -> Vec<DType> {
    if texts.is_empty() {
        log.push(mistakes::EMPTY_DTYPES.at(variable, &[]));
    }
    let mut found = Vec::new();
    for text in texts {
        let Some(dtype) = dtype(&text.value, &text.span, &[], log) else { continue };
        if found.contains(&dtype) {
            log.push(mistakes::DUPLICATE_DTYPE.at(&text.span, &[&format!("`{}`", dtype.name())]));
        } else {
            found.push(dtype);
        }
    }
    found
}

/// The dtype of a name, or what to write instead.
fn dtype(name: &str, span: &Span, variables: &[String], log: &mut Vec<Diagnostic>) -> Option<DType> {
    let found = DType::from_name(name);
    if found.is_none() {
        let diagnostic = if let Some((what, way)) = unsupported(name) {
            mistakes::UNSUPPORTED_DTYPE.at(span, &[&name, &what]).help(way)
        } else if let Some(help) = mistaken(name) {
            mistakes::UNKNOWN_DTYPE.at(span, &[&name]).help(help)
        } else {
            let mut known: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
            known.extend(variables.iter().map(String::as_str));
            mistakes::UNKNOWN_DTYPE.at(span, &[&name]).help(did_you_mean(name, "dtypes", &known))
        };
        log.push(diagnostic);
    }
    found
}

/// What to write for a name that means something elsewhere.
fn mistaken(name: &str) -> Option<String> {
    let (write, why) = match name {
        "f2" => ("f16", "kernelgen counts bits, as Rust does; `f2` counts bytes"),
        "f4" => ("f32", "kernelgen counts bits, as Rust does; `f4` counts bytes"),
        "f8" => ("f64", "kernelgen counts bits, as Rust does; `f8` counts bytes"),
        "i1" => ("i8", "kernelgen counts bits, as Rust does; `i1` counts bytes"),
        "i2" => ("i16", "kernelgen counts bits, as Rust does; `i2` counts bytes"),
        "i4" => ("i32", "kernelgen counts bits, as Rust does; `i4` counts bytes"),
        "u1" => ("u8", "kernelgen counts bits, as Rust does; `u1` counts bytes"),
        "u2" => ("u16", "kernelgen counts bits, as Rust does; `u2` counts bytes"),
        "u4" => ("u32", "kernelgen counts bits, as Rust does; `u4` counts bytes"),
        "c8" => ("c64", "kernelgen counts bits; `c8` counts bytes"),
        "c16" => ("c128", "kernelgen counts bits; `c16` counts bytes"),
        "int" | "long" | "longlong" | "isize" => ("i64", "the size of the word differs from platform to platform"),
        "uint" | "ulong" => ("u64", "the size of the word differs from platform to platform"),
        "usize" => ("i64", "`usize` is for params; arrays of sizes are `i64`, NumPy's `intp`"),
        "half" => ("f16", "dtypes are named by their bits"),
        "float" | "double" => ("f64", "Python's and NumPy's float has 64 bits"),
        "single" => ("f32", "dtypes are named by their bits"),
        "complex" | "cdouble" => ("c128", "Python's complex has 128 bits"),
        "char" | "byte" => ("i8", "dtypes are named by their bits"),
        "boolean" | "bool_" => ("bool", "the name is `bool`"),
        _ => return None,
    };
    Some(format!("write `{write}`: {why}"))
}

/// What NumPy has and kernelgen has not: its name in words, and the way around.
fn unsupported(name: &str) -> Option<(&'static str, &'static str)> {
    const VIEW: &str = "pass the integers below: `i64` in the spec, and `x.view(\"i8\")` in the call";
    match name {
        "object" | "object_" | "O" => {
            Some(("Python objects", "convert the array to a number dtype first: `x.astype(float)`"))
        }
        "str" | "string" | "bytes" | "str_" | "bytes_" | "U" | "S" => {
            Some(("text", "number the texts first: `np.unique(x, return_inverse=True)` gives codes, `i64`"))
        }
        "datetime64" | "datetime" => Some(("dates", VIEW)),
        "timedelta64" | "timedelta" => Some(("durations", VIEW)),
        "void" | "record" => {
            Some(("structured elements", "make each field an input, and pass `x[\"field\"]`: fields are not copied"))
        }
        "longdouble" | "float128" | "float96" | "f128" | "clongdouble" | "c256" => {
            Some(("extended precision", "write `f64`; Rust has no wider float"))
        }
        "list" | "tuple" | "List" | "Vec" => Some((
            "lists of arrays",
            "stack arrays of one shape along an axis; join rows of different lengths, with where each begins beside them: \
             `indptr: i64[r + 1]`",
        )),
        "i128" | "u128" => Some(("128-bit integers", "NumPy has none; write `i64` or `u64`")),
        _ => None,
    }
}
