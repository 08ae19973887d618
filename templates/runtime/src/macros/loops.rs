//! What the macros of all forms print around a loop's text: types, levels, params, tables.

/// The parts that `map!` and `reduce!` share.
#[doc(hidden)]
#[macro_export]
macro_rules! __loop {
    // Names of types within a loop: dtypes, type variables, enums of params.
    (@types [$($variable:ident $dtype:ident)*] [$($p:ident: $([$choice:ident])? $($pt:ident)?),*]) => {
        use $crate::prelude::types::*;
        use $crate::prelude::conversions::*;
        $(
            type $variable = <$crate::prelude::stored::$dtype as $crate::prelude::stored::Stored>::Value;
            use $crate::prelude::conversions::$dtype as $variable;
        )*
        $($(use super::$choice;)?)*
        mod stored {
            pub use $crate::prelude::stored::*;
            $(pub use $crate::prelude::stored::$dtype as $variable;)*
        }
    };

    // A module for each instruction-set level, with what the form prints as `FUNCTIONS`. Without FMA a prelude of its own.
    (@levels $form:ident $text:tt) => {
        $crate::__loop! { @levels [baseline fused] $form $text }
    };
    (@levels [$baseline:ident $fused:ident] $form:ident $text:tt) => {
        mod v2 {
            use super::*;
            use $crate::prelude::$baseline::*;
            use $crate::scalar::Slot;
            $crate::$form! { @level [] $text }
        }
        #[cfg(target_arch = "x86_64")]
        mod v3 {
            use super::*;
            use $crate::prelude::$fused::*;
            use $crate::scalar::Slot;
            $crate::$form! { @level [#[target_feature(enable = "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]] $text }
        }
        #[cfg(target_arch = "x86_64")]
        mod v4 {
            use super::*;
            use $crate::prelude::$fused::*;
            use $crate::scalar::Slot;
            $crate::$form! {
                @level [#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]]
                $text
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        use v2 as v3;
        #[cfg(not(target_arch = "x86_64"))]
        use v2 as v4;
    };

    (@dtypes ($($x:ident: $xt:ident),+)) => {{
        const DTYPES: &[$crate::dtype::DType] = &[$(<stored::$xt as $crate::prelude::stored::Stored>::DTYPE),+];
        assert!(DTYPES.len() <= $crate::walk::MAX_OPERANDS, "too many operands");
        DTYPES
    }};

    // Params: `name: type` or `name: [Enum]`.
    (@scalars $($p:ident: $([$choice:ident])? $($pt:ident)?),*) => {
        &[$(<$($choice)? $($pt)? as $crate::scalar::Scalar>::TYPE),*]
    };
    (@params $slots:ident $($p:ident: $([$choice:ident])? $($pt:ident)?),*) => {
        let mut next = $slots;
        $(
            // SAFETY: there is a slot for each param, written for its type.
            let $p: $($choice)? $($pt)? = unsafe { $crate::scalar::Scalar::read(&*next) };
            next = next.wrapping_add(1);
        )*
    };
}
