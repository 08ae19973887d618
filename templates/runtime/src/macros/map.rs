//! `map!`: the loop over elements around the text of a spec.

/// Declares an elementwise kernel: a module for each loop, with its [`Map`](crate::block::Map) as `LOOP`.
///
/// ```
/// kernelgen_runtime::map! {
///     /// `a * x + y`.
///     fn axpy(a: T, x: T, y: T) -> (out: T);
///     for f32 { T = f32 }
///     for f64 { T = f64 }
///     map { a * x + y }
/// }
///
/// fn main() {
///     let sum = f64(&[2.0], &[1.0, 2.0], &[0.5, 0.5]);
///     assert_eq!(sum.as_slice(), Some(&[2.5, 4.5][..]));
/// }
/// ```
///
/// Several outputs are a tuple: `fn parts(x: f64) -> (whole: f64, rest: f64);` with `map { (trunc(x), x - trunc(x)) }`.
///
/// `usual;` before `map` is for a text with `sin`, `cos`, `tan`, `pow` or a logarithm: it is compiled for usual arguments of these, and once
/// more for all, for blocks with another one. Without it the text is slower, and right all the same.
#[macro_export]
macro_rules! map {
    (
        $(#[$doc:meta])*
        fn $name:ident $operands:tt -> $outputs:tt;
        $(for $loop:ident $types:tt)+
        map $map:block
    ) => {
        $crate::map! { @loops [$($loop $types)+] { [$(#[$doc])*] $operands $outputs $map [] } }
    };
    (
        $(#[$doc:meta])*
        fn $name:ident $operands:tt -> $outputs:tt;
        $(for $loop:ident $types:tt)+
        usual;
        map $map:block
    ) => {
        $crate::map! { @loops [$($loop $types)+] { [$(#[$doc])*] $operands $outputs $map [usual] } }
    };

    // What every loop shares is one token tree from here on: two lists of different lengths cannot repeat together.
    (@loops [$($loop:ident $types:tt)+] $shared:tt) => {
        $($crate::map! { @loop $loop $types $shared })+
    };

    (@loop $loop:ident { $($variable:ident = $dtype:ident),* $(,)? } {
        [$($doc:tt)*] ($($x:ident: $xt:ident),+ $(; $($param:tt)*)?) $outputs:tt $map:tt $usual:tt
    }) => {
        #[doc(hidden)]
        #[allow(unused, missing_docs, non_camel_case_types, non_snake_case, clippy::all, clippy::pedantic)]
        pub mod $loop {
            $crate::__loop! { @types [$($variable $dtype)*] [$($($param)*)?] }
            $crate::map! { @twice $usual (($($x: $xt),+) [$($($param)*)?] $outputs $map) }

            /// What the drivers are given of this loop.
            pub static LOOP: $crate::block::Map = {
                $crate::block::Map {
                    inputs: $crate::__loop!(@dtypes ($($x: $xt),+)),
                    outputs: $crate::__loop!(@dtypes $outputs),
                    params: $crate::__loop!(@scalars $($($param)*)?),
                    levels: [v2::FUNCTIONS, v3::FUNCTIONS, v4::FUNCTIONS],
                    again: AGAIN,
                }
            };

            $crate::map! { @call [$($doc)*] [$($variable $dtype)*] ($($x: $xt),+) [$($($param)*)?] $outputs }
        }
        pub use $loop::call as $loop;
    };

    (@twice [] $text:tt) => {
        $crate::__loop! { @levels map $text }
        const AGAIN: Option<[$crate::block::MapBlock; 3]> = None;
    };
    (@twice [usual] $text:tt) => {
        $crate::__loop! { @levels [baseline_usual fused_usual] map $text }
        mod again {
            use super::*;
            $crate::__loop! { @levels map $text }
            pub const FUNCTIONS: [$crate::block::MapBlock; 3] = [v2::FUNCTIONS, v3::FUNCTIONS, v4::FUNCTIONS];
        }
        const AGAIN: Option<[$crate::block::MapBlock; 3]> = Some(again::FUNCTIONS);
    };

    // The same from Rust: views in, arrays out.
    (@call [$($doc:tt)*] [$($variable:ident $dtype:ident)*] ($($x:ident: $xt:ident),+)
        [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] ($($o:ident: $ot:ident),+)
    ) => {
        $($doc)*
        ///
        /// Takes slices, arrays, `Vec`s, and the arrays and views of `ndarray`; several are broadcast. Gives arrays in C order.
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
            $(let mut $o = $crate::view::Result::<stored::$ot>::new(&shape);)+
            // SAFETY: the views are borrowed for as long as this call runs, the types of all are the loop's.
            unsafe { $crate::view::map_views(&LOOP, &shape, &layouts, &params, &[$($o.place()),+]) };
            // SAFETY: every element was written.
            ($(unsafe { $o.into_array() }),+)
        }
    };

    (@level [$($attribute:tt)*]
        (($($x:ident: $xt:ident),+) [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] ($($o:ident: $ot:ident),+) $map:block)
    ) => {
        use std::mem::MaybeUninit;

        struct Outputs<'a> {
            $($o: &'a mut [MaybeUninit<$ot>]),+
        }

        // Outputs as arguments of their own: the compiler is told that what is written overlaps nothing that is read.
        // Inputs stay pointers: other threads may write to them meanwhile, and each value is read once.
        $($attribute)*
        unsafe fn rows(n: usize, $($x: *const $xt,)+ $($o: &mut [MaybeUninit<$ot>],)+ $($p: $($choice)? $($pt)?,)*) {
            let outputs = Outputs { $($o: &mut $o[..n]),+ };
            let mut k = 0;
            while k < n {
                // SAFETY: k < n, and each input points at `n` values.
                $(let $x: $xt = unsafe { $x.add(k).read() };)+
                let ($($o),+): ($($ot),+) = $map;
                $(outputs.$o[k].write($o);)+
                k += 1;
            }
        }

        $($attribute)*
        unsafe fn block(inputs: *const *const u8, outputs: *const *mut u8, n: usize, params: *const Slot) {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            let mut next = inputs;
            $(
                // SAFETY: there is a pointer for each input.
                let $x = unsafe { *next }.cast::<$xt>();
                next = next.wrapping_add(1);
            )+
            let mut next = outputs;
            $(
                // SAFETY: there is a pointer for each output, to room for `n` values that overlaps nothing else.
                let $o = unsafe { std::slice::from_raw_parts_mut((*next).cast::<MaybeUninit<$ot>>(), n) };
                next = next.wrapping_add(1);
            )+
            // SAFETY: the inputs hold `n` values.
            unsafe { rows(n, $($x,)+ $($o,)+ $($p,)*) }
        }

        /// The block function of this level.
        pub(super) const FUNCTIONS: $crate::block::MapBlock = block;
    };
}
