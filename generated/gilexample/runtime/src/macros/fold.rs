//! The block functions of a fold: a state in lanes along a row, or one for each column down many rows.

/// What `reduce!` prints for each instruction-set level.
#[doc(hidden)]
#[macro_export]
macro_rules! __fold {
    (@keep [] $($x:ident)+) => { true };
    (@keep [nan] $($x:ident)+) => { true $(& ($x == $x))+ };

    // Whether a combination asks for the order of its sides.
    (@minds []) => { false };
    (@minds [$in_order:ident]) => { true };

    (@identity $kind:ident [] [$($attribute:tt)*] $params:tt) => { const IDENTITY: Option<unsafe fn(*const Slot, *mut Slot)> = None; };
    (@identity $kind:ident [$identity:block] [$($attribute:tt)*] [$($param:tt)*]) => {
        $($attribute)*
        unsafe fn identity(params: *const Slot, to: *mut Slot) {
            $crate::__loop! { @params params $($param)* }
            let state: State = $crate::__state!(@close $kind $identity);
            // SAFETY: there is room for a state.
            unsafe { to.cast::<Counted>().write(Counted { state, kept: Kept::one(false) }) }
        }
        const IDENTITY: Option<unsafe fn(*const Slot, *mut Slot)> = Some(identity);
    };

    // The outputs of a state: one expression, a tuple, or the fields in their order.
    (@outputs $kind:ident $state:ident $elements:ident $fields:tt [$s:ident $n:ident $finish:block]) => {{
        let $s = $crate::__state!(@open $kind $state);
        let $n: usize = $elements;
        $finish
    }};
    (@outputs $kind:ident $state:ident $elements:ident { $($field:ident: $ft:ident),+ $(,)? } []) => { ($($state.$field),+) };

    // Joins an element to each lane. The new lanes are others than the old ones: stores to places that already hold what is stored
    // would become conditional, and lanes that are stored to on condition stay in memory.
    (@step $in_order:literal, $lanes:ident, $j:ident, $lifted:expr, [$($p:ident)*]) => {
        let mut next = std::mem::MaybeUninit::<Lanes>::uninit();
        let to = Columns::of(next.as_mut_ptr());
        let mut $j = 0;
        while $j < LANES {
            to.set($j, joined::<$in_order>($lanes.get($j), $lifted, $($p,)*));
            $j += 1;
        }
        $lanes = next.assume_init();
    };

    // States of many results. What is written is an argument of its own: the compiler is told that it overlaps nothing that is read.
    (@join [$($attribute:tt)*] [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] { $($field:ident: $ft:ident),+ $(,)? }) => {
        $($attribute)*
        unsafe fn joins(
            n: usize,
            a: Columns,
            b: Columns,
            $($field: &mut [MaybeUninit<$ft>],)+
            kept: &mut [MaybeUninit<Kept>],
            given: ($($($choice)? $($pt)?,)*),
        ) {
            struct To<'a> {
                $($field: &'a mut [MaybeUninit<$ft>],)+
                __kept: &'a mut [MaybeUninit<Kept>],
            }
            let to = To { $($field: &mut $field[..n],)+ __kept: &mut kept[..n] };
            // A param may have the name of a field.
            let ($($p,)*) = given;
            let mut c = 0;
            while c < n {
                // SAFETY: both hold `n` states.
                let state = unsafe { joined::<false>(a.get(c), b.get(c), $($p,)*) };
                $(to.$field[c].write(state.state.$field);)+
                to.__kept[c].write(state.kept);
                c += 1;
            }
        }

        $($attribute)*
        unsafe fn join(inputs: *const *const u8, outputs: *const *mut u8, n: usize, params: *const Slot) {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            let given = ($($p,)*);
            // SAFETY: there is a pointer for each field of `a`, of `b`, and of what they come to, which overlaps nothing else.
            unsafe {
                let [a, b] = [inputs, inputs.wrapping_add(FIELDS.len())].map(|columns| Columns::new(columns.cast()));
                let to = Columns::new(outputs);
                $(let $field = std::slice::from_raw_parts_mut(to.$field.cast::<MaybeUninit<$ft>>(), n);)+
                let kept = std::slice::from_raw_parts_mut(to.__kept.cast::<MaybeUninit<Kept>>(), n);
                joins(n, a, b, $($field,)+ kept, given)
            }
        }
    };

    // A row in lanes, each starting from its first element; then the lanes by halves.
    (@along $in_order:literal $whole:ident $index:ident [$($x:ident)+] [$($p:ident)*]) => {
        // SAFETY: the rows hold `whole` values.
        unsafe {
            // What the lanes start from goes through memory, else the compiler would leave the lanes there, too.
            let mut room = std::mem::MaybeUninit::<Lanes>::uninit();
            let start = Columns::of(room.as_mut_ptr());
            let mut j = 0;
            while j < LANES {
                start.set(j, lift($($x.get(j),)+ $index.get(j), $($p,)*));
                j += 1;
            }
            let mut lanes = start.load(0);
            let mut k = LANES;
            while k < $whole {
                $($x.look_ahead::<LANES>(k);)+
                $crate::__fold! { @step $in_order, lanes, j, lift($($x.get(k + j),)+ $index.get(k + j), $($p,)*), [$($p)*] }
                k += LANES;
            }
            start.store(0, lanes);
            let mut width = LANES / 2;
            while width > 0 {
                let mut j = 0;
                while j < width {
                    start.set(j, joined::<false>(start.get(j), start.get(j + width), $($p,)*));
                    j += 1;
                }
                width /= 2;
            }
            start.get(0)
        }
    };

    // Rows one after the other, a group of columns at a time: their states stay in registers for all steps.
    (@down $in_order:literal $steps:ident $columns:ident [$($x:ident)+] [$($p:ident)*]) => {
        // SAFETY: the rows of every step hold `n` values, and the columns have room for as many states.
        unsafe {
            let (n, index) = ($steps.n, $steps.index);
            let mut from = 0;
            if $steps.begins {
                // A loop of its own: the next one finds its states where any step before has left them.
                let mut c = 0;
                while c < n {
                    $columns.set(c, lift($($x.row.get(c),)+ index.get(c), $($p,)*));
                    c += 1;
                }
                from = 1;
            }
            let whole = n / LANES * LANES;
            let mut c = 0;
            while c < whole {
                let mut lanes = $columns.load(c);
                let mut k = from;
                let (later, place) = $steps.ahead(c, whole);
                while k < $steps.steps {
                    $($x.at(later + k).foresee::<LANES>(place);)+
                    $(let $x = $x.at(k);)+
                    let moved = k as core::primitive::i64 * $steps.index_step;
                    $crate::__fold! { @step $in_order, lanes, j, lift($($x.get(c + j),)+ index.get(c + j) + moved, $($p,)*), [$($p)*] }
                    k += 1;
                }
                $columns.store(c, lanes);
                c += LANES;
            }
            while c < n {
                let mut state = $columns.get(c);
                let mut k = from;
                while k < $steps.steps {
                    let lifted = lift($($x.at(k).get(c),)+ index.get(c) + k as core::primitive::i64 * $steps.index_step, $($p,)*);
                    state = joined::<$in_order>(state, lifted, $($p,)*);
                    k += 1;
                }
                $columns.set(c, state);
                c += 1;
            }
        }
    };

    (@level [$($attribute:tt)*] (
        ($($x:ident: $xt:ident),+) [$($p:ident: $([$choice:ident])? $($pt:ident)?),*] ($($o:ident: $ot:ident),+)
        $kind:ident $state:tt $skip:tt $cumulative:tt $identity:tt ([$($i:ident)?] $map:block)
        ($combine:ident $a:ident $b:ident [$($in_order:ident)?] $combination:block) $finish:tt
    )) => {
        use std::mem::MaybeUninit;

        // The text, once. Inlined into the functions below, it is compiled for their instruction set.
        #[inline(always)]
        fn lift($($x: $xt,)+ index: core::primitive::i64, $($p: $($choice)? $($pt)?,)*) -> Counted {
            $(let $i: core::primitive::i64 = index;)?
            let kept = Kept::one($crate::__fold!(@keep $skip $($x)+));
            let state: State = $crate::__state!(@close $kind $map);
            Counted { state, kept }
        }

        #[inline(always)]
        fn joined<const IN_ORDER: bool>(left: Counted, right: Counted, $($p: $($choice)? $($pt)?,)*) -> Counted {
            $(let $in_order = IN_ORDER;)?
            use $crate::prelude::arithmetic::select;
            let ($a, $b) = ($crate::__state!(@open $kind left.state), $crate::__state!(@open $kind right.state));
            let state: State = $crate::__state!(@close $kind $combination);
            let state = select(right.kept.is_none(), left.state, select(left.kept.is_none(), right.state, state));
            Counted { state, kept: left.kept.and(right.kept) }
        }

        $($attribute)*
        unsafe fn block(inputs: *const Row, n: usize, index: Index, params: *const Slot, to: *mut Slot) {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            let mut next = inputs;
            $(
                // SAFETY: there is a row for each input.
                let $x: Row = unsafe { *next };
                next = next.wrapping_add(1);
            )+
            // Whole rows of lanes first, then the lanes by halves.
            let whole = if $crate::reduce!(@ordered ($combine)) { 0 } else { n / LANES * LANES };
            let mut folded = None;
            if whole > 0 {
                folded = Some(if true $(&& $x.is_dense::<$xt>())+ {
                    $( let $x = $x.dense::<$xt>(); )+
                    // Whoever minds the order is told, and does without the table of indices, which is as long as the row.
                    let minds = $crate::reduce!(@indexed ([$($i)?] $map)) && $crate::__fold!(@minds [$($in_order)?]);
                    match index.without_table().filter(|_| minds) {
                        Some(index) => $crate::__fold! { @along true whole index [$($x)+] [$($p)*] },
                        None => $crate::__fold! { @along false whole index [$($x)+] [$($p)*] },
                    }
                } else {
                    $crate::__fold! { @along false whole index [$($x)+] [$($p)*] }
                });
            }
            // What is left of the block, in order.
            if whole < n {
                // SAFETY: the rows hold `n` values.
                let mut rest = unsafe { lift($($x.get(whole),)+ index.get(whole), $($p,)*) };
                let mut k = whole + 1;
                while k < n {
                    // SAFETY: likewise.
                    let lifted = unsafe { lift($($x.get(k),)+ index.get(k), $($p,)*) };
                    rest = joined::<false>(rest, lifted, $($p,)*);
                    k += 1;
                }
                folded = Some(match folded {
                    Some(rows) => joined::<false>(rows, rest, $($p,)*),
                    None => rest,
                });
            }
            if let Some(folded) = folded {
                // SAFETY: there is room for a state.
                unsafe { to.cast::<Counted>().write(folded) }
            }
        }

        $($attribute)*
        unsafe fn steps(steps: &Steps, params: *const Slot, columns: *const *mut u8) {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            let mut next = steps.inputs;
            $(
                // SAFETY: there are rows for each input.
                let $x: Plane = unsafe { *next };
                next = next.wrapping_add(1);
            )+
            // SAFETY: there is a pointer for each field.
            let columns = unsafe { Columns::new(columns) };
            if true $(&& $x.row.is_dense::<$xt>())+ {
                $( let $x = $x.dense::<$xt>(); )+
                if steps.in_order && $crate::__fold!(@minds [$($in_order)?]) {
                    $crate::__fold! { @down true steps columns [$($x)+] [$($p)*] }
                } else {
                    $crate::__fold! { @down false steps columns [$($x)+] [$($p)*] }
                }
            } else {
                $crate::__fold! { @down false steps columns [$($x)+] [$($p)*] }
            }
        }

        $($attribute)*
        unsafe fn combine(a: *mut Slot, b: *const Slot, params: *const Slot) {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            // SAFETY: both hold states.
            let (left, right) = unsafe { (a.cast::<Counted>().read(), b.cast::<Counted>().read()) };
            // SAFETY: `a` has room for a state.
            unsafe { a.cast::<Counted>().write(joined::<false>(left, right, $($p,)*)) }
        }

        $crate::__fold! { @join [$($attribute)*] [$($p: $([$choice])? $($pt)?),*] $state }

        $crate::__fold! { @identity $kind $identity [$($attribute)*] [$($p: $([$choice])? $($pt)?),*] }

        struct Outputs<'a> {
            $($o: &'a mut [MaybeUninit<$ot>]),+
        }

        // Outputs as arguments of their own: the compiler is told that what is written overlaps nothing that is read.
        $($attribute)*
        unsafe fn ends(
            n: usize,
            columns: Columns,
            counts: *const core::primitive::i64,
            $($o: &mut [MaybeUninit<$ot>],)+
            $($p: $($choice)? $($pt)?,)*
        ) {
            let outputs = Outputs { $($o: &mut $o[..n]),+ };
            let mut c = 0;
            while c < n {
                // SAFETY: the columns hold `n` states, and as many counts are there.
                let (state, elements) = unsafe { (columns.get(c).state, counts.add(c).read() as usize) };
                let ($($o),+): ($($ot),+) = $crate::__fold!(@outputs $kind state elements $state $finish);
                $(outputs.$o[c].write($o);)+
                c += 1;
            }
        }

        $($attribute)*
        unsafe fn finish(inputs: *const *const u8, outputs: *const *mut u8, n: usize, params: *const Slot) {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            // SAFETY: there is a pointer for each field, and one to the counts.
            let (columns, counts) = unsafe { (Columns::new(inputs.cast()), *inputs.wrapping_add(FIELDS.len())) };
            let mut next = outputs;
            $(
                // SAFETY: there is a pointer for each output, to room for `n` values that overlaps nothing else.
                let $o = unsafe { std::slice::from_raw_parts_mut((*next).cast::<MaybeUninit<$ot>>(), n) };
                next = next.wrapping_add(1);
            )+
            // SAFETY: the columns hold `n` states.
            unsafe { ends(n, columns, counts.cast(), $($o,)+ $($p,)*) }
        }

        $crate::__scan! {
            $cumulative [$($attribute)*] [$($x: $xt),+] [$($p: $([$choice])? $($pt)?),*] ($($o: $ot),+) $kind $state $finish
        }

        /// The table of this level.
        pub(super) const FUNCTIONS: $crate::block::FoldFns =
            $crate::block::FoldFns { block, steps, combine, join, identity: IDENTITY, finish, scan: SCAN };
    };
}
