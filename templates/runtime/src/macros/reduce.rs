//! `reduce!`: a fold around the text of a spec.

/// Declares a reduction: a module for each loop, with its [`Fold`](crate::block::Fold) as `LOOP`.
///
/// ```
/// kernelgen_runtime::reduce! {
///     /// Mean of `x`.
///     fn mean(x: T) -> (mean: f64);
///     for f32 { T = f32 }
///     for f64 { T = f64 }
///     state { n: f64, sum: f64 }
///     identity { (0.0, 0.0) }
///     map { (1.0, f64(x)) }
///     combine(a, b) { (a.n + b.n, a.sum + b.sum) }
///     finish(s, n) { s.sum / s.n }
/// }
///
/// fn main() {
///     assert_eq!(mean::f64(&[1.0, 2.0]), 1.5);
///     // In pieces, as a distributed engine would.
///     let [a, b] = [f32::partial(&[1.0, 2.0]), f32::partial(&[6.0])];
///     assert_eq!(f32::finish(f32::combine(a, b)), 3.0);
/// }
/// # mod mean { pub use super::f64; }
/// ```
///
/// `map(i)` gives the element's index the name `i`, and `finish(s, n)` the number of elements the name `n`.
/// `combine(a, b, in_order)` gives the name `in_order` to whether every element of `b` is known to come after every one of `a`.
/// `combine_in_order` in place of `combine` folds elements left to right instead of in lanes; `skip nan` after the state leaves out
/// elements with a NaN in any input, and `cumulative;` gives a result for each element, of all up to it.
#[macro_export]
macro_rules! reduce {
    (
        $(#[$doc:meta])*
        fn $name:ident $operands:tt -> $outputs:tt;
        $(for $loop:ident $types:tt)+
        state $state:tt
        $(skip $skip:ident)?
        $(cumulative $cumulative:tt)?
        $(identity $identity:block)?
        map $(($i:ident))? $map:block
        $combine:ident($a:ident, $b:ident $(, $in_order:ident)?) $combination:block
        $(finish($s:ident, $n:ident) $finish:block)?
    ) => {
        $crate::reduce! { @loops [$($loop $types)+] {
            [$(#[$doc])*] $operands $outputs $state [$($skip)?] [$($cumulative)?] [$($identity)?] ([$($i)?] $map) ($combine $a $b [$($in_order)?] $combination)
            [$($s $n $finish)?]
        } }
    };

    // What every loop shares is one token tree from here on: two lists of different lengths cannot repeat together.
    (@loops [$($loop:ident $types:tt)+] $shared:tt) => {
        $($crate::reduce! { @loop $loop $types $shared })+
    };

    // A state is a struct of fields; a bare value is kept in a struct of one.
    (@loop $loop:ident $types:tt { $doc:tt $operands:tt $outputs:tt { $($field:tt)* } $($rest:tt)* }) => {
        $crate::reduce! { @module $loop $types { $doc $operands $outputs fields { $($field)* } $($rest)* } }
    };
    (@loop $loop:ident $types:tt { $doc:tt $operands:tt $outputs:tt $value:ident $($rest:tt)* }) => {
        $crate::reduce! { @module $loop $types { $doc $operands $outputs bare { value: $value } $($rest)* } }
    };

    (@module $loop:ident { $($variable:ident = $dtype:ident),* $(,)? } {
        [$($doc:tt)*] ($($x:ident: $xt:ident),+ $(; $($param:tt)*)?) $outputs:tt $kind:ident $state:tt $skip:tt $cumulative:tt $identity:tt $map:tt
        $combine:tt $finish:tt
    }) => {
        #[doc(hidden)]
        #[allow(unused, missing_docs, non_camel_case_types, non_snake_case, clippy::all, clippy::pedantic)]
        pub mod $loop {
            $crate::__loop! { @types [$($variable $dtype)*] [$($($param)*)?] }
            $crate::__state! { @types $kind $state $skip }
            $crate::__loop! { @levels __fold (
                ($($x: $xt),+) [$($($param)*)?] $outputs $kind $state $skip $cumulative $identity $map $combine $finish
            ) }

            /// What the drivers are given of this loop.
            pub static LOOP: $crate::block::Fold = {
                $crate::block::Fold {
                    inputs: $crate::__loop!(@dtypes ($($x: $xt),+)),
                    outputs: $crate::__loop!(@dtypes $outputs),
                    params: $crate::__loop!(@scalars $($($param)*)?),
                    fields: {
                        assert!(FIELDS.len() <= $crate::fold::MAX_FIELDS, "too many fields of a state");
                        FIELDS
                    },
                    ordered: $crate::reduce!(@ordered $combine),
                    indexed: $crate::reduce!(@indexed $map),
                    skips: $crate::reduce!(@skips $skip),
                    scans: $crate::reduce!(@scans $cumulative),
                    bare: $crate::reduce!(@bare $kind $finish),
                    state_slots: size_of::<Counted>().div_ceil(16),
                    levels: [v2::FUNCTIONS, v3::FUNCTIONS, v4::FUNCTIONS],
                }
            };

            $crate::reduce! { @call $cumulative [$($doc)*] [$($variable $dtype)*] ($($x: $xt),+) [$($($param)*)?] $outputs $identity }
        }
        pub use $loop::call as $loop;
    };

    (@ordered (combine $($rest:tt)*)) => { false };
    (@ordered (combine_in_order $($rest:tt)*)) => { true };
    (@indexed ([] $map:block)) => { false };
    (@indexed ([$i:ident] $map:block)) => { true };
    (@bare bare []) => { true };
    (@bare $kind:ident $finish:tt) => { false };
    (@scans []) => { false };
    (@scans $cumulative:tt) => { true };
    (@skips []) => { false };
    (@skips [nan]) => { true };

    // The same from Rust: views in, values out.
    (@call [] [$($doc:tt)*] [$($variable:ident $dtype:ident)*] ($($x:ident: $xt:ident),+) [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] $outputs:tt $identity:tt) => {
        $($doc)*
        ///
        /// Takes slices, arrays, `Vec`s, and the arrays and views of `ndarray`; several are broadcast.
        $(#[doc = concat!("`", stringify!($variable), "` is `", stringify!($dtype), "`.")])*
        ///
        /// # Panics
        /// If the shapes do not broadcast.
        pub fn call<'a>(
            $($x: impl Into<$crate::view::Operand<'a, stored::$xt>>,)+
            $($p: $($choice)? $($pt)?,)*
        ) -> $crate::reduce!(@maybe $identity $crate::reduce!(@values $outputs)) {
            let part = partial($($x,)+ $($p,)*);
            $crate::reduce!(@each $identity part, |part| finish(part, $($p,)*))
        }

        /// The state of some of the elements, for [`combine`] and [`finish`].
        ///
        /// # Panics
        /// If the shapes do not broadcast.
        pub fn partial<'a>(
            $($x: impl Into<$crate::view::Operand<'a, stored::$xt>>,)+
            $($p: $($choice)? $($pt)?,)*
        ) -> $crate::reduce!(@maybe $identity Partial) {
            let layouts = [$($x.into().into_layout()),+];
            let params = [$($crate::scalar::Scalar::slot($p)),*];
            // SAFETY: the views are borrowed for as long as this call runs, the types of all are the loop's.
            let folded = unsafe { $crate::view::fold_views::<Counted>(&LOOP, &layouts, &params) };
            let part = folded.map(|(state, elements)| Partial { state, elements });
            $crate::reduce!(@certain $identity part)
        }

        /// The state of the elements of two parts together.
        pub fn combine(a: Partial, b: Partial, $($p: $($choice)? $($pt)?,)*) -> Partial {
            let params = [$($crate::scalar::Scalar::slot($p)),*];
            // SAFETY: the states and the params are the loop's.
            let state = unsafe { $crate::view::combine_states(&LOOP, a.state, &b.state, &params) };
            Partial { state, elements: a.elements + b.elements }
        }

        /// What a state comes to.
        pub fn finish(part: Partial, $($p: $($choice)? $($pt)?,)*) -> $crate::reduce!(@values $outputs) {
            let params = [$($crate::scalar::Scalar::slot($p)),*];
            let mut outputs = [$crate::scalar::Slot::ZERO; $crate::reduce!(@count $outputs)];
            // SAFETY: the state and the params are the loop's, and there is a slot for each output.
            unsafe { $crate::view::finish_state(&LOOP, &part.state, part.elements, &params, &mut outputs) };
            $crate::reduce!(@read outputs $outputs)
        }
    };
    // A scan: views in, arrays of one dimension out.
    (@call [;] [$($doc:tt)*] [$($variable:ident $dtype:ident)*] ($($x:ident: $xt:ident),+)
        [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] ($($o:ident: $ot:ident),+) $identity:tt
    ) => {
        $($doc)*
        ///
        /// Takes slices, arrays, `Vec`s, and the arrays and views of `ndarray`; several are broadcast. Gives an element for each of
        /// theirs, in C order.
        $(#[doc = concat!("`", stringify!($variable), "` is `", stringify!($dtype), "`.")])*
        ///
        /// # Panics
        /// If the shapes do not broadcast, or if there is no memory for the result.
        pub fn call<'a>(
            $($x: impl Into<$crate::view::Operand<'a, stored::$xt>>,)+
            $($p: $($choice)? $($pt)?,)*
        ) -> ($($crate::view::Owned<stored::$ot>),+) {
            let layouts = [$($x.into().into_layout()),+];
            let params = [$($crate::scalar::Scalar::slot($p)),*];
            let shape = $crate::view::shape(&layouts);
            $(let mut $o = $crate::view::Result::<stored::$ot>::new(&[shape.iter().product()]);)+
            // SAFETY: the views are borrowed for as long as this call runs, the types of all are the loop's.
            unsafe { $crate::view::scan_views(&LOOP, &shape, &layouts, &params, &[$($o.place()),+]) };
            // SAFETY: every element was written.
            ($(unsafe { $o.into_array() }),+)
        }
    };
    (@count ($($o:ident: $ot:ident),+)) => { [$(stringify!($o)),+].len() };
    (@values ($($o:ident: $ot:ident),+)) => { ($($ot),+) };
    // Without an identity, of no elements there is nothing.
    (@maybe [] $ty:ty) => { Option<$ty> };
    (@maybe $identity:tt $ty:ty) => { $ty };
    (@each [] $part:ident, |$each:ident| $value:expr) => { $part.map(|$each| $value) };
    (@each $identity:tt $part:ident, |$each:ident| $value:expr) => {{ let $each = $part; $value }};
    (@certain [] $part:ident) => { $part };
    (@certain $identity:tt $part:ident) => { $part.unwrap_or_else(|| unreachable!("a fold with an identity has a state")) };
    (@read $slots:ident ($($o:ident: $ot:ident),+)) => {{
        let mut slots = $slots.iter();
        // SAFETY: each slot was written with a value of its output's type.
        ($( slots.next().map(|slot| unsafe { slot.read::<$ot>() }).unwrap_or_default() ),+)
    }};
}
