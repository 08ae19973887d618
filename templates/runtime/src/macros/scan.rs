//! The block function of a scan.

/// What `reduce!` prints for a scan on each instruction-set level.
#[doc(hidden)]
#[macro_export]
macro_rules! __scan {
    // An output for each element, of all elements up to it.
    ([] $attribute:tt $inputs:tt $params:tt $outputs:tt $kind:ident $state:tt $finish:tt) => {
        const SCAN: Option<$crate::block::ScanFn> = None;
    };
    ([;] [$($attribute:tt)*] [$($x:ident: $xt:ident),+] [$($p:ident: $([$choice:ident])? $($pt:ident)?),*]
        ($($o:ident: $ot:ident),+) $kind:ident $state:tt $finish:tt
    ) => {
        $($attribute)*
        unsafe fn scans(
            n: usize,
            index: Index,
            seen: usize,
            carry: &mut Option<Counted>,
            $($x: Row,)+
            $($o: &mut [MaybeUninit<$ot>],)+
            $($p: $($choice)? $($pt)?,)*
        ) -> usize {
            let outputs = Outputs { $($o: &mut $o[..n]),+ };
            let mut nothing = 0;
            let mut k = 0;
            while k < n {
                // SAFETY: the rows hold `n` values.
                let lifted = unsafe { lift($($x.get(k),)+ index.get(k), $($p,)*) };
                let now = match *carry {
                    Some(before) => joined::<false>(before, lifted, $($p,)*),
                    None => lifted,
                };
                *carry = Some(now);
                let elements = now.kept.of(seen + k + 1);
                nothing += usize::from(elements == 0);
                let state = now.state;
                let ($($o),+): ($($ot),+) = $crate::__fold!(@outputs $kind state elements $state $finish);
                $(outputs.$o[k].write($o);)+
                k += 1;
            }
            nothing
        }

        $($attribute)*
        unsafe fn scan(steps: &$crate::block::Scan, params: *const Slot, carry: *mut Slot, outputs: *const *mut u8) -> usize {
            $crate::__loop! { @params params $($p: $([$choice])? $($pt)?),* }
            let mut next = steps.inputs;
            $(
                // SAFETY: there is a row for each input.
                let $x: Row = unsafe { *next };
                next = next.wrapping_add(1);
            )+
            let mut next = outputs;
            $(
                // SAFETY: there is a pointer for each output, to room for `n` values that overlaps nothing else.
                let $o = unsafe { std::slice::from_raw_parts_mut((*next).cast::<MaybeUninit<$ot>>(), steps.n) };
                next = next.wrapping_add(1);
            )+
            // SAFETY: a state was left there, unless this is where it begins.
            let mut state = (!steps.begins).then(|| unsafe { carry.cast::<Counted>().read() });
            // SAFETY: the rows hold `n` values.
            let nothing = unsafe { scans(steps.n, steps.index, steps.seen, &mut state, $($x,)+ $($o,)+ $($p,)*) };
            if let Some(state) = state {
                // SAFETY: there is room for a state.
                unsafe { carry.cast::<Counted>().write(state) }
            }
            nothing
        }
        const SCAN: Option<$crate::block::ScanFn> = Some(scan);
    };
}
