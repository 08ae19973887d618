//! What a module says of threads: which calls may be made at once, and what other threads may do to the arrays of a call.

use crate::model::{Form, Gil, Kernel, Package, Role};

use super::text::wrapped;

/// The notes of a module's docstring.
pub(super) fn notes(package: &Package) -> String {
    let named = |wanted: fn(&Kernel) -> bool| {
        let names: Vec<_> =
            package.kernels.iter().filter(|kernel| wanted(kernel)).map(|kernel| &*kernel.name).collect();
        (!names.is_empty()).then(|| format!("`{}`", names.join("`, `")))
    };
    let mut notes = vec![
        "Threads may call these functions at once, on the same arrays, too: calls share nothing but what `set_num_threads` \
         says, which holds for the whole process. `num_threads` holds for the thread that uses it."
            .to_owned(),
    ];
    let mut gil =
        "Large calls release the GIL, and several threads may compute them: results have the same bits on any number of those."
            .to_owned();
    if let Some(names) = named(|kernel| kernel.gil == Gil::Hold) {
        gil.push_str(&format!(" The GIL is held by {names}."));
    }
    notes.push(gil);
    let mut reads = "No other thread should write to what a call reads: each element is then the one before or the one after, as it happens."
        .to_owned();
    if let Some(names) = named(|kernel| matches!(kernel.form, Form::Body(_))) {
        reads.push_str(&format!(
            " With {names} none may: such code is handed the arrays themselves, and what comes of it is undefined."
        ));
    }
    notes.push(reads);
    let changed = named(|kernel| kernel.inputs.iter().any(|input| input.role == Role::Change));
    let changed = changed.map(|names| format!(", and an array that {names} changes in place,")).unwrap_or_default();
    notes.push(format!(
        "An `out`{changed} belongs to the call that writes to it until that returns: other threads may neither read nor write those \
         elements."
    ));
    notes.push(
        "Nobody may free or move the memory of an array that a call uses, as `resize` with `refcheck=False` does, or closing the file \
         that is mapped below it."
            .to_owned(),
    );
    notes.push("Free-threaded Python enables the GIL when it imports this module, with a RuntimeWarning.".to_owned());
    let paragraphs: Vec<String> = notes.iter().map(|note| wrapped(note, 0)).collect();
    format!("Notes\n-----\n{}\n", paragraphs.join("\n\n"))
}
