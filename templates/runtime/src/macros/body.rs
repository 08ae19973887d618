//! `body!`: the loop over items around the statements of a spec.

/// Declares a body kernel: a module for each loop, with its [`Body`](crate::block::Body) as `LOOP`.
///
/// ```
/// use kernelgen_runtime::body::{Core, Dim, Kernel};
///
/// kernelgen_runtime::body! {
///     /// The running sum of `x`.
///     fn running(x: ArrayView1<T>, y: ArrayViewMut1<T>);
///     dtypes (T) -> (T);
///     dims (n, n0);
///     for f64 { T = f64 }
///     body {
///         let mut sum = T(0.0);
///         for i in 0..n {
///             sum += x[i];
///             y[i] = sum;
///         }
///     }
/// }
///
/// static KERNEL: Kernel = Kernel {
///     core: Core { dims: &["n"], operands: &[&[Dim::Named(0)], &[Dim::Named(0)]], ..Core::NONE },
///     ..Kernel::DEFAULT
/// };
///
/// fn main() {
///     let x = [1.0, 2.0, 3.0];
///     let mut y = [0.0; 3];
///     f64((&x).into(), (&mut y).into()).expect("it does not fail");
///     assert_eq!(y, [1.0, 3.0, 6.0]);
/// }
/// ```
///
/// `dtypes` are those of inputs and inouts, of outputs, and behind `with` of scratch arrays; the arguments are in the order
/// inputs, inouts, scratch, outputs. Items that a body file has beside its function stand in `items { ... }`, and the arguments as
/// that function has them behind `body`: `body [x: ArrayView1<f64>] [mut y: ArrayViewMut1<f64>] { ... }`. The axes of all are
/// in the table `KERNEL` beside the call. `dims` are its dimensions and where a piece of a call starts.
#[macro_export]
macro_rules! body {
    (
        $(#[$doc:meta])*
        fn $name:ident ($($operands:tt)*);
        dtypes ($($in:ident),*) -> ($($out:ident),*) $(with ($($scratch:ident),*))?;
        dims ($($dim:ident),*);
        $(for $loop:ident $types:tt)+
        $(items { $($items:tt)* })*
        body $([$($argument:tt)*])* $body:block
    ) => {
        $crate::body! { @loops [$($loop $types)+] {
            [$(#[$doc])*] ($($operands)*) [$($in)*] [$($out)*] [$($($scratch)*)?] [$($dim)*] [$($($items)*)*]
            [$([$($argument)*])*] $body
        } }
    };

    (@loops [$($loop:ident $types:tt)+] $shared:tt) => {
        $($crate::body! { @loop $loop $types $shared })+
    };

    (@loop $loop:ident { $($variable:ident = $dtype:ident),* $(,)? } {
        [$($doc:tt)*] ($($x:ident: $xt:ty),* $(; $($param:tt)*)?)
        [$($in:ident)*] [$($out:ident)*] [$($scratch:ident)*] [$($dim:ident)*] $items:tt $arguments:tt $body:tt
    }) => {
        #[doc(hidden)]
        #[allow(unused, missing_docs, non_camel_case_types, non_snake_case, clippy::all, clippy::pedantic)]
        pub mod $loop {
            use $crate::prelude::views::*;
            $crate::__loop! { @types [$($variable $dtype)*] [$($($param)*)?] }
            $crate::__loop! { @levels body (
                ($($x: $xt),*) [$($($param)*)?] [$($dim)*] $items $arguments $body
            ) }

            /// What the drivers are given of this loop.
            pub static LOOP: $crate::block::Body = $crate::block::Body {
                inputs: &[$(<stored::$in as $crate::prelude::stored::Stored>::DTYPE),*],
                scratch: &[$(<stored::$scratch as $crate::prelude::stored::Stored>::DTYPE),*],
                outputs: &[$(<stored::$out as $crate::prelude::stored::Stored>::DTYPE),*],
                params: $crate::__loop!(@scalars $($($param)*)?),
                levels: [v2::__FUNCTIONS, v3::__FUNCTIONS, v4::__FUNCTIONS],
            };

            $crate::body! { @call [$($doc)*] [$($variable $dtype)*] ($($x: $xt),*) [$($($param)*)?] [$($dim)*] }
        }
        pub use $loop::call as $loop;
    };

    // The same from Rust, for one item.
    (@call [$($doc:tt)*] [$($variable:ident $dtype:ident)*] ($($x:ident: $xt:ty),*)
        [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] [$($dim:ident)*]
    ) => {
        $($doc)*
        ///
        /// One item: inputs, arrays that are changed, room to work in, outputs, then the params.
        $(#[doc = concat!("`", stringify!($variable), "` is `", stringify!($dtype), "`.")])*
        ///
        /// # Errors
        /// What the body fails with, and shapes that do not fit together.
        pub fn call($($x: $xt,)* $($p: $($choice)? $($pt)?,)*) -> Result<(), $crate::failure::Failure> {
            let shapes = [$($crate::argument::Argument::item_shape(&$x)),*];
            let params = [$($crate::scalar::Scalar::value($p)),*];
            let core = &super::KERNEL.core;
            let lengths = $crate::dims::Lengths::of_item(core, LOOP.inputs.len(), &shapes, &params)?;
            let mut next = lengths.dims.into_iter();
            $(let $dim: usize = next.next().unwrap_or(0);)*
            match $crate::level::level() {
                $crate::level::Level::V2 => v2::__item($($x,)* $($p,)* $($dim),*),
                // SAFETY: the CPU has what the level needs.
                #[allow(unused_unsafe)]
                $crate::level::Level::V3 => unsafe { v3::__item($($x,)* $($p,)* $($dim),*) },
                // SAFETY: the CPU has what the level needs.
                #[allow(unused_unsafe)]
                $crate::level::Level::V4 => unsafe { v4::__item($($x,)* $($p,)* $($dim),*) },
            }
        }
    };

    (@level [$($attribute:tt)*] (
        ($($x:ident: $xt:ty),*) [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] [$($dim:ident)*]
        [$($items:tt)*] [$([$($argument:tt)*])*] $body:tt
    )) => {
        use $crate::failure::Failure;
        use $crate::{check, fail};

        $($items)*

        $($attribute)*
        pub(super) fn __item($(mut $x: $xt,)* $($p: $($choice)? $($pt)?,)* $($dim: usize),*) -> Result<(), Failure> {
            $crate::body! { @rename [$([$($argument)*])*] [$($x)* $($p)*] }
            $crate::failure::Ending::ending($body)
        }

        $($attribute)*
        unsafe fn __items(
            operands: *const $crate::block::Operand,
            n: usize,
            dims: *const usize,
            params: *const Slot,
        ) -> Result<(), Failure> {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            let mut next = dims;
            $(
                // SAFETY: there is a length for each dimension.
                let $dim = unsafe { *next };
                next = next.wrapping_add(1);
            )*
            let mut k = 0;
            while k < n {
                let mut next = operands;
                $(
                    // SAFETY: there is an operand for each argument, made for its type, and an item number k.
                    let $x: $xt = unsafe { $crate::argument::Argument::of(&*next, k) };
                    next = next.wrapping_add(1);
                )*
                __item($($x,)* $($p,)* $($dim),*)?;
                k += 1;
            }
            Ok(())
        }

        /// The function of this level.
        pub(super) const __FUNCTIONS: $crate::block::ItemsFn = __items;
    };

    // The arguments by the names that a body file's function has for them: all are held first, because one may have the name of another.
    (@rename [] $names:tt) => {};
    (@rename [$($argument:tt)+] $names:tt) => {
        $crate::body! { @hold [] [$($argument)+] $names }
    };
    (@hold [$($held:tt)*] [$argument:tt $($arguments:tt)*] [$x:ident $($names:ident)*]) => {
        let held = $x;
        $crate::body! { @hold [$($held)* [held $argument]] [$($arguments)*] [$($names)*] }
    };
    (@hold [$([$held:ident [$($argument:tt)*]])*] [] []) => {
        $(let $($argument)* = $held;)*
    };
}
