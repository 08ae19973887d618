//! The state of a fold as types: one, in lanes, and in columns.

/// What `reduce!` prints for a state.
#[doc(hidden)]
#[macro_export]
macro_rules! __state {
    // The state, how many elements it is made of, and both in lanes and in columns.
    (@types $kind:ident { $($field:ident: $ft:ident),+ $(,)? } $skip:tt) => {
        use $crate::block::{Every, Index, Plane, Row, Steps, Tally};

        #[derive(Clone, Copy, Debug)]
        pub struct State { $(pub $field: $ft),+ }

        type Kept = $crate::__state!(@tally $skip);

        #[derive(Clone, Copy, Debug)]
        pub struct Counted { state: State, kept: Kept }

        /// What a fold of some elements comes to, unfinished.
        #[derive(Clone, Copy, Debug)]
        pub struct Partial { state: Counted, elements: usize }

        const FIELDS: &[$crate::block::Field] = $crate::__state!(@fields $kind $skip $($field: $ft),+);
        const LANES: usize = $crate::block::lanes(size_of::<Counted>(), $crate::block::widest(&[$(size_of::<$ft>()),+]));

        struct Lanes { $($field: [$ft; LANES],)+ __kept: [Kept; LANES] }
        impl Lanes {
            #[inline(always)]
            fn get(&self, j: usize) -> Counted {
                Counted { state: State { $($field: self.$field[j]),+ }, kept: self.__kept[j] }
            }
            #[inline(always)]
            fn set(&mut self, j: usize, value: Counted) {
                $(self.$field[j] = value.state.$field;)+
                self.__kept[j] = value.kept;
            }
        }

        #[derive(Clone, Copy)]
        struct Columns { $($field: *mut $ft,)+ __kept: *mut Kept }
        impl Columns {
            /// # Safety
            /// There is a pointer for each field.
            #[inline(always)]
            unsafe fn new(columns: *const *mut u8) -> Self {
                let mut next = columns;
                $(
                    // SAFETY: the caller vouches for the pointer.
                    let $field = unsafe { *next }.cast::<$ft>();
                    next = next.wrapping_add(1);
                )+
                // SAFETY: where elements are counted, the count is a field.
                let kept = if const { size_of::<Kept>() == 0 } { std::ptr::dangling_mut() } else { unsafe { *next }.cast() };
                Columns { $($field,)+ __kept: kept }
            }
            /// # Safety
            /// There are lanes, as long as the columns are used.
            #[inline(always)]
            unsafe fn of(lanes: *mut Lanes) -> Self {
                // SAFETY: the caller vouches for the lanes.
                unsafe { Columns { $($field: (&raw mut (*lanes).$field).cast(),)+ __kept: (&raw mut (*lanes).__kept).cast() } }
            }
            /// # Safety
            /// The columns hold a state at `c`.
            #[inline(always)]
            unsafe fn get(self, c: usize) -> Counted {
                // SAFETY: the caller vouches for the state.
                unsafe { Counted { state: State { $($field: self.$field.add(c).read()),+ }, kept: self.__kept.add(c).read() } }
            }
            /// # Safety
            /// The columns have room at `c`.
            #[inline(always)]
            unsafe fn set(self, c: usize, value: Counted) {
                // SAFETY: the caller vouches for the room.
                unsafe {
                    $(self.$field.add(c).write(value.state.$field);)+
                    self.__kept.add(c).write(value.kept);
                }
            }
            /// # Safety
            /// The columns hold `LANES` states from `c` on.
            #[inline(always)]
            unsafe fn load(self, c: usize) -> Lanes {
                // SAFETY: the caller vouches for the states.
                unsafe { Lanes { $($field: self.$field.add(c).cast::<[$ft; LANES]>().read(),)+ __kept: self.__kept.add(c).cast::<[Kept; LANES]>().read() } }
            }
            /// # Safety
            /// The columns have room for `LANES` states from `c` on.
            #[inline(always)]
            unsafe fn store(self, c: usize, lanes: Lanes) {
                // SAFETY: the caller vouches for the room.
                unsafe {
                    $(self.$field.add(c).cast::<[$ft; LANES]>().write(lanes.$field);)+
                    self.__kept.add(c).cast::<[Kept; LANES]>().write(lanes.__kept);
                }
            }
        }

        $crate::__state! { @build $kind $($field: $ft),+ }
    };
    (@tally []) => { Every };
    (@tally [nan]) => { core::primitive::i64 };

    (@fields $kind:ident [] $($field:ident: $ft:ident),+) => {
        &[$($crate::__state!(@field $kind $field: $ft)),+]
    };
    (@fields $kind:ident [nan] $($field:ident: $ft:ident),+) => {
        &[$($crate::__state!(@field $kind $field: $ft),)+ $crate::block::Field {
            name: "",
            dtype: $crate::dtype::DType::I64,
            offset: std::mem::offset_of!(Counted, kept),
        }]
    };
    (@field $kind:ident $field:ident: $ft:ident) => {
        $crate::block::Field {
            name: stringify!($field),
            dtype: <stored::$ft as $crate::prelude::stored::Stored>::DTYPE,
            offset: std::mem::offset_of!(Counted, state) + std::mem::offset_of!(State, $field),
        }
    };

    // What a fragment may give for a state: the state, or a tuple of its fields.
    (@build bare $value:ident: $ft:ident) => {};
    (@build fields $($field:ident: $ft:ident),+) => {
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

    // From a struct to what fragments see, and back.
    (@open fields $struct:expr) => { $struct };
    (@open bare $struct:expr) => { $struct.value };
    (@close fields $shown:expr) => { Build::build($shown) };
    (@close bare $shown:expr) => { State { value: $shown } };
}
