//! `reduce!`: the loop of a fold around the text of a spec.

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
///     assert_eq!(f32::LOOP.inputs, [kernelgen_runtime::dtype::DType::F32]);
/// }
/// ```
///
/// `map(i)` gives the element's index the name `i`, and `finish(s, n)` the number of elements the name `n`.
/// `combine_in_order` in place of `combine` folds the elements of a block left to right instead of in lanes.
#[macro_export]
macro_rules! reduce {
    (
        $(#[$doc:meta])*
        fn $name:ident $operands:tt -> $outputs:tt;
        $(for $loop:ident $types:tt)+
        state $state:tt
        $(identity $identity:block)?
        map $(($i:ident))? $map:block
        $combine:ident($a:ident, $b:ident) $combination:block
        $(finish($s:ident, $n:ident) $finish:block)?
    ) => {
        $crate::reduce! { @loops [$($loop $types)+] {
            [$(#[$doc])*] $operands $outputs $state [$($identity)?] ([$($i)?] $map) ($combine $a $b $combination) [$($s $n $finish)?]
        } }
    };

    // What every loop shares is one token tree from here on: two lists of different lengths cannot repeat together.
    (@loops [$($loop:ident $types:tt)+] $shared:tt) => {
        $($crate::reduce! { @loop $loop $types $shared })+
    };

    (@loop $loop:ident { $($variable:ident = $dtype:ident),* $(,)? } {
        [$($doc:tt)*] ($($x:ident: $xt:ident),+ $(; $($param:tt)*)?) $outputs:tt $state:tt $identity:tt $map:tt $combine:tt $finish:tt
    }) => {
        #[doc(hidden)]
        #[allow(unused, missing_docs, non_camel_case_types, non_snake_case, clippy::all, clippy::pedantic)]
        pub mod $loop {
            $crate::__loop! { @types [$($variable $dtype)*] [$($($param)*)?] }
            $crate::reduce! { @state $state }
            $crate::__loop! { @levels reduce (($($x: $xt),+) [$($($param)*)?] $outputs $state $identity $map $combine $finish) }

            /// What the drivers are given of this loop.
            pub static LOOP: $crate::block::Fold = {
                $crate::block::Fold {
                    inputs: $crate::__loop!(@dtypes ($($x: $xt),+)),
                    outputs: $crate::__loop!(@dtypes $outputs),
                    params: $crate::__loop!(@scalars $($($param)*)?),
                    any_order: $crate::reduce!(@any_order $map $combine),
                    state_slots: size_of::<State>().div_ceil(16),
                    levels: [v2::FUNCTIONS, v3::FUNCTIONS, v4::FUNCTIONS],
                }
            };

            $crate::reduce! { @call [$($doc)*] [$($variable $dtype)*] ($($x: $xt),+) [$($($param)*)?] $outputs $identity }
        }
        pub use $loop::call as $loop;
    };

    // The same from Rust: views in, values out.
    (@call [$($doc:tt)*] [$($variable:ident $dtype:ident)*] ($($x:ident: $xt:ident),+) [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] $outputs:tt $identity:tt) => {
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
        ) -> $crate::reduce!(@result $outputs $identity) {
            let layouts = [$($x.into().into_layout()),+];
            let params = [$($crate::scalar::Scalar::slot($p)),*];
            let mut outputs = [$crate::scalar::Slot::ZERO; $crate::reduce!(@count $outputs)];
            // SAFETY: the views are borrowed for as long as this call runs, the types of all are the loop's.
            let folded = unsafe { $crate::view::fold_views(&LOOP, &layouts, &params, &mut outputs) };
            $crate::reduce!(@values folded outputs $outputs $identity)
        }
    };
    (@count ($($o:ident: $ot:ident),+)) => { [$(stringify!($o)),+].len() };
    (@result ($o:ident: $ot:ident) []) => { Option<$ot> };
    (@result ($o:ident: $ot:ident) $identity:tt) => { $ot };
    (@result ($($o:ident: $ot:ident),+) []) => { Option<($($ot),+)> };
    (@result ($($o:ident: $ot:ident),+) $identity:tt) => { ($($ot),+) };
    (@values $folded:ident $slots:ident $outputs:tt []) => {
        $folded.map(|()| $crate::reduce!(@read $slots $outputs))
    };
    (@values $folded:ident $slots:ident $outputs:tt $identity:tt) => {
        $crate::reduce!(@read $slots $outputs)
    };
    (@read $slots:ident ($($o:ident: $ot:ident),+)) => {{
        let mut slots = $slots.iter();
        // SAFETY: each slot was written with a value of its output's type.
        ($( slots.next().map(|slot| unsafe { slot.read::<$ot>() }).unwrap_or_default() ),+)
    }};

    // A state is a struct of fields; a bare value is kept in a struct of one.
    (@state { $($field:ident: $ft:ident),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug)]
        pub struct State { $(pub $field: $ft),+ }
        const LANES: usize = $crate::block::lanes(size_of::<State>(), $crate::block::widest(&[$(size_of::<$ft>()),+]));
        struct Lanes { $($field: [$ft; LANES]),+ }
        impl Lanes {
            #[inline(always)]
            fn new(first: State) -> Self { Lanes { $($field: [first.$field; LANES]),+ } }
        }
        /// What a fragment may give for a state: the state, or a tuple of its fields.
        trait Build { fn build(self) -> State; }
        impl Build for State {
            #[inline(always)]
            fn build(self) -> State { self }
        }
        impl Build for ($($ft,)+) {
            #[inline(always)]
            fn build(self) -> State { let ($($field,)+) = self; State { $($field),+ } }
        }
    };
    (@state $value:ident) => {
        #[derive(Clone, Copy, Debug)]
        pub struct State { pub value: $value }
        const LANES: usize = $crate::block::lanes(size_of::<State>(), size_of::<State>());
        struct Lanes { value: [$value; LANES] }
        impl Lanes {
            #[inline(always)]
            fn new(first: State) -> Self { Lanes { value: [first.value; LANES] } }
        }
    };

    // From a struct to what fragments see, and back; one lane of each field.
    (@open { $($field:tt)* } $struct:expr) => { $struct };
    (@open $value:ident $struct:expr) => { $struct.value };
    (@close { $($field:tt)* } $shown:expr) => { Build::build($shown) };
    (@close $value:ident $shown:expr) => { State { value: $shown } };
    (@lane { $($field:ident: $ft:ident),+ $(,)? } $lanes:ident $j:ident) => { State { $($field: $lanes.$field[$j]),+ } };
    (@lane $value:ident $lanes:ident $j:ident) => { State { value: $lanes.value[$j] } };
    (@set { $($field:ident: $ft:ident),+ $(,)? } $lanes:ident $j:ident $struct:expr) => {{ let state = $struct; $($lanes.$field[$j] = state.$field;)+ }};
    (@set $value:ident $lanes:ident $j:ident $struct:expr) => { $lanes.value[$j] = $struct.value };

    (@ordered (combine $($rest:tt)*)) => { false };
    (@ordered (combine_in_order $($rest:tt)*)) => { true };

    (@any_order ([] $map:block) (combine $($rest:tt)*)) => { true };
    (@any_order $map:tt $combine:tt) => { false };

    // Whole rows of lanes, each lane starting from its first element.
    (@rows $lanes:ident $whole:ident $first:ident $state:tt $inputs:tt $map:tt $combine:tt) => {
        $lanes = Lanes::new($crate::reduce!(@lift $state $inputs $map $first 0));
        let mut j = 1;
        while j < LANES {
            $crate::reduce!(@set $state $lanes j $crate::reduce!(@lift $state $inputs $map $first j));
            j += 1;
        }
        let mut k = LANES;
        while k < $whole {
            let mut j = 0;
            while j < LANES {
                $crate::reduce!(@set $state $lanes j $crate::reduce!(@combine $state $combine,
                    $crate::reduce!(@lane $state $lanes j), $crate::reduce!(@lift $state $inputs $map $first k + j)));
                j += 1;
            }
            k += LANES;
        }
    };

    // From the element number k to a state, and from two states to one.
    (@lift $state:tt ($($x:ident: $xt:ident),+) ([$($i:ident)?] $map:block) $first:ident $k:expr) => {{
        let k: usize = $k;
        $( let $i: i64 = $first + k as i64; )?
        // SAFETY: k < n, and every row holds n values.
        $( let $x: $xt = unsafe { $x.get(k) }; )+
        let lifted: State = $crate::reduce!(@close $state $map);
        lifted
    }};
    (@combine $state:tt ($combine:ident $a:ident $b:ident $combination:block), $left:expr, $right:expr) => {{
        let (left, right): (State, State) = ($left, $right);
        let ($a, $b) = ($crate::reduce!(@open $state left), $crate::reduce!(@open $state right));
        let combined: State = $crate::reduce!(@close $state $combination);
        combined
    }};

    (@identity [] [$($attribute:tt)*] $params:tt $state:tt) => { const IDENTITY: Option<unsafe fn(*const Slot, *mut Slot)> = None; };
    (@identity [$identity:block] [$($attribute:tt)*] [$($param:tt)*] $state:tt) => {
        $($attribute)*
        unsafe fn identity(params: *const Slot, state: *mut Slot) {
            $crate::__loop! { @params params $($param)* }
            let identity: State = $crate::reduce!(@close $state $identity);
            // SAFETY: `state` has room for a state.
            unsafe { state.cast::<State>().write(identity) }
        }
        const IDENTITY: Option<unsafe fn(*const Slot, *mut Slot)> = Some(identity);
    };

    // The outputs: the state itself, one expression, or a tuple.
    (@outputs $to:ident $state:tt $value:ident [] ($($o:ident: $ot:ident),+)) => {
        $crate::reduce! { @spread $to $state $value ($($o: $ot),+) }
    };
    (@outputs $to:ident $state:tt $value:ident [$s:ident $n:ident $finish:block] ($o:ident: $ot:ident)) => {
        let $s = $value;
        let $o: $ot = $finish;
        // SAFETY: there is a slot for the output.
        unsafe { (*$to).write($o) }
    };
    (@outputs $to:ident $state:tt $value:ident [$s:ident $n:ident $finish:block] ($($o:ident: $ot:ident),+)) => {
        let $s = $value;
        let ($($o,)+): ($($ot,)+) = $finish;
        // SAFETY: there is a slot for each output.
        $( unsafe { (*$to).write($o) }; $to = $to.wrapping_add(1); )+
    };
    (@spread $to:ident { $($field:ident: $ft:ident),+ $(,)? } $value:ident $outputs:tt) => {
        // SAFETY: there is a slot for each output.
        $( unsafe { (*$to).write($value.$field) }; $to = $to.wrapping_add(1); )+
    };
    (@spread $to:ident $bare:ident $value:ident $outputs:tt) => {
        // SAFETY: there is a slot for the output.
        unsafe { (*$to).write($value) }
    };

    (@level [$($attribute:tt)*] (($($x:ident: $xt:ident),+) [$($param:tt)*] $outputs:tt $state:tt $identity:tt
        $map:tt $combine:tt [$($s:ident $n:ident $finish:block)?])
    ) => {
        use $crate::block::Row;

        $($attribute)*
        unsafe fn block(inputs: *const Row, n: usize, first: i64, params: *const Slot, state: *mut Slot) {
            $crate::__loop! { @params params $($param)* }
            let mut next = inputs;
            $(
                // SAFETY: there is a row for each input.
                let $x: Row = unsafe { *next };
                next = next.wrapping_add(1);
            )+
            // Whole rows of lanes first, each lane starting from its first element; then the lanes by halves.
            let whole = if $crate::reduce!(@ordered $combine) { 0 } else { n / LANES * LANES };
            let mut folded = None;
            if whole > 0 {
                let mut lanes: Lanes;
                if true $(&& $x.is_dense::<$xt>())+ {
                    $( let $x = $x.dense::<$xt>(); )+
                    $crate::reduce! { @rows lanes whole first $state ($($x: $xt),+) $map $combine }
                } else {
                    $crate::reduce! { @rows lanes whole first $state ($($x: $xt),+) $map $combine }
                }
                let mut width = LANES / 2;
                while width > 0 {
                    let mut j = 0;
                    while j < width {
                        let other = j + width;
                        $crate::reduce!(@set $state lanes j
                            $crate::reduce!(@combine $state $combine, $crate::reduce!(@lane $state lanes j), $crate::reduce!(@lane $state lanes other)));
                        j += 1;
                    }
                    width /= 2;
                }
                let zero = 0;
                folded = Some($crate::reduce!(@lane $state lanes zero));
            }
            // What is left of the block, in order.
            if whole < n {
                let mut rest = $crate::reduce!(@lift $state ($($x: $xt),+) $map first whole);
                let mut k = whole + 1;
                while k < n {
                    rest = $crate::reduce!(@combine $state $combine, rest, $crate::reduce!(@lift $state ($($x: $xt),+) $map first k));
                    k += 1;
                }
                folded = Some(match folded {
                    Some(rows) => $crate::reduce!(@combine $state $combine, rows, rest),
                    None => rest,
                });
            }
            if let Some(folded) = folded {
                // SAFETY: `state` has room for a state.
                unsafe { state.cast::<State>().write(folded) }
            }
        }

        $($attribute)*
        unsafe fn combine(a: *mut Slot, b: *const Slot, params: *const Slot) {
            $crate::__loop! { @params params $($param)* }
            // SAFETY: both hold states.
            let (left, right) = unsafe { (a.cast::<State>().read(), b.cast::<State>().read()) };
            let combined: State = $crate::reduce!(@combine $state $combine, left, right);
            // SAFETY: `a` has room for a state.
            unsafe { a.cast::<State>().write(combined) }
        }

        $crate::reduce! { @identity $identity [$($attribute)*] [$($param)*] $state }

        $($attribute)*
        unsafe fn finish(state: *const Slot, n: usize, params: *const Slot, outputs: *mut Slot) {
            $crate::__loop! { @params params $($param)* }
            let mut outputs = outputs;
            // SAFETY: `state` holds a state.
            let state = unsafe { state.cast::<State>().read() };
            let state = $crate::reduce!(@open $state state);
            $( let $n = n; )?
            $crate::reduce! { @outputs outputs $state state [$($s $n $finish)?] $outputs }
        }

        /// The table of this level.
        pub(super) const FUNCTIONS: $crate::block::FoldFns =
            $crate::block::FoldFns { block, combine, identity: IDENTITY, finish };
    };
}
