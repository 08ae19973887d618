//! What the runtime keeps for the whole process: constants, atomics and cells that are filled once. So threads, with a GIL or
//! without, share nothing that one of them changes under another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What lets a value be changed through a shared reference, and is neither an atomic nor filled once.
const CHANGEABLE: [&str; 7] = ["Cell", "RefCell", "UnsafeCell", "SyncUnsafeCell", "Mutex", "RwLock", "Condvar"];
/// The cells that are filled once.
const ONCE: [&str; 4] = ["Once", "OnceLock", "LazyLock", "PyOnceLock"];
/// The types that the runtime itself says may be shared, each with its reason beside the `unsafe impl`.
const SHARED: [&str; 2] = ["Job", "NumPy"];

/// A static of the runtime's.
#[derive(Debug)]
struct Static {
    place: String,
    mutable: bool,
    /// The names in its type.
    names: BTreeSet<String>,
}

/// The runtime's files, as tokens: what stands in macros is code, too.
fn files(folder: &Path) -> Vec<(PathBuf, TokenStream)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("text");
            let tokens = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            found.push((path, tokens));
        }
    }
    found
}

fn runtime() -> Vec<(PathBuf, TokenStream)> {
    let found = files(Path::new("templates/runtime/src"));
    assert!(found.len() > 80, "the runtime was not found");
    found
}

/// The identifiers among tokens, however deep.
fn names(tokens: &[TokenTree]) -> BTreeSet<String> {
    let name = |token: &TokenTree| match token {
        TokenTree::Ident(name) => BTreeSet::from([name.to_string()]),
        TokenTree::Group(group) => names(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => BTreeSet::new(),
    };
    tokens.iter().flat_map(name).collect()
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

fn is_name(token: Option<&TokenTree>, wanted: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(name)) if *name == wanted)
}

/// The statics among tokens, but for those that each thread has for itself.
fn statics(path: &Path, tokens: TokenStream, found: &mut Vec<Static>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (k, token) in tokens.iter().enumerate() {
        let before = |n: usize| k.checked_sub(n).and_then(|k| tokens.get(k));
        match token {
            TokenTree::Group(_) if is_punct(before(1), '!') && is_name(before(2), "thread_local") => {}
            TokenTree::Group(group) => statics(path, group.stream(), found),
            // Not the lifetime.
            TokenTree::Ident(word) if word == "static" && !is_punct(before(1), '\'') => {
                let rest = &tokens[k + 1..];
                let colon = rest.iter().position(|token| is_punct(Some(token), ':')).expect("a type");
                let end = rest.iter().position(|token| is_punct(Some(token), '=')).expect("a value");
                let place = format!("{}: {}", path.display(), TokenStream::from_iter(rest[..end].iter().cloned()));
                found.push(Static { place, mutable: is_name(rest.first(), "mut"), names: names(&rest[colon..end]) });
            }
            _ => {}
        }
    }
}

/// For each struct and enum, the names in the types of its fields.
fn types(tokens: TokenStream, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (k, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => types(group.stream(), found),
            TokenTree::Ident(word) if ["struct", "enum", "union"].iter().any(|kind| word == kind) => {
                let Some(TokenTree::Ident(name)) = tokens.get(k + 1) else { continue };
                let is_end = |token: &TokenTree| match token {
                    TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                    token => is_punct(Some(token), ';'),
                };
                let end = tokens[k..].iter().position(is_end).map_or(tokens.len(), |end| k + end + 1);
                found.entry(name.to_string()).or_default().extend(names(&tokens[k + 2..end]));
            }
            _ => {}
        }
    }
}

#[test]
fn every_static_is_a_constant_an_atomic_or_filled_once() {
    let (mut all, mut inside) = (Vec::new(), BTreeMap::new());
    for (path, tokens) in runtime() {
        statics(&path, tokens.clone(), &mut all);
        types(tokens, &mut inside);
    }
    assert!(all.len() > 10 && inside.len() > 50, "they were not found");
    for each in &all {
        assert!(!each.mutable, "{}", each.place);
        // All that can be reached from it, through fields and whatever stands in a cell.
        let mut reached: BTreeSet<&String> = BTreeSet::new();
        let mut next: Vec<&String> = each.names.iter().collect();
        while let Some(name) = next.pop() {
            if reached.insert(name) {
                next.extend(inside.get(name).into_iter().flatten());
            }
        }
        let changeable: Vec<_> = reached.iter().filter(|name| CHANGEABLE.contains(&name.as_str())).collect();
        assert!(changeable.is_empty(), "{} can be changed by {changeable:?}", each.place);
    }
    let has = |name: &str| all.iter().any(|each| each.names.contains(name));
    assert!(has("AtomicPtr") && ONCE.into_iter().any(has), "{all:?}");
}

#[test]
fn these_types_are_shared_on_our_own_word() {
    let mut found = BTreeSet::new();
    for (path, tokens) in runtime() {
        let file: syn::File = syn::parse2(tokens).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for item in &file.items {
            let syn::Item::Impl(each) = item else { continue };
            let is_sync = |path: &syn::Path| path.segments.last().is_some_and(|last| last.ident == "Sync");
            if each.unsafety.is_some() && each.trait_.as_ref().is_some_and(|(path, _)| is_sync(path)) {
                let syn::Type::Path(of) = &*each.self_ty else { panic!("{}", path.display()) };
                found.insert(of.path.segments.last().expect("a name").ident.to_string());
            }
        }
    }
    assert_eq!(found, SHARED.map(str::to_owned).into());
}
