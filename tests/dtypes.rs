//! The generator and the runtime have a table of dtypes each, because neither knows the other: they say the same.

use kernelgen::model::DType;
use kernelgen_runtime::dtype;

#[test]
fn both_tables_of_dtypes_agree() {
    let pairs: Vec<_> = DType::ALL.into_iter().zip(dtype::DType::ALL).collect();
    assert_eq!(DType::ALL.len(), dtype::DType::ALL.len());
    for (ours, theirs) in &pairs {
        assert_eq!(ours.numpy_name(), theirs.name());
        assert_eq!(ours.size(), theirs.size());
        for (to, their_to) in &pairs {
            let name = format!("{} to {}", ours.name(), to.name());
            assert_eq!(ours.casts_safely_to(*to), theirs.casts_safely(*their_to), "{name}");
        }
    }
}
