//! Elements copied word by word: gathered into a row, scattered out of one, bytes swapped on the way.

use std::mem::MaybeUninit;

use crate::dtype::DType;
use crate::level::{Level, level};

/// Copies `n` elements, `stride` bytes apart from `from` on, to a row at `to`, in native byte order.
///
/// # Safety
/// The elements are readable, whatever their alignment, and `to` has room for them, aligned for their words.
pub type Gather = unsafe fn(from: *const u8, stride: isize, n: usize, to: *mut u8);

/// Copies `n` elements from a row at `from` to places `stride` bytes apart from `to` on, out of native byte order.
///
/// # Safety
/// `from` holds the elements, aligned for their words, and the places are writable, whatever their alignment.
pub type Scatter = unsafe fn(from: *const u8, stride: isize, n: usize, to: *mut u8);

/// The gathering loop for elements of `C` words `U`.
///
/// # Safety
/// `n` elements of `C` words lie `stride` bytes apart from `from` on, and `to` has room for them, aligned for a word.
#[inline(always)]
unsafe fn gather_words<U: Word, const C: usize, const SWAP: bool>(
    from: *const u8,
    stride: isize,
    n: usize,
    to: *mut u8,
) {
    let size = const { size_of::<[U; C]>() as isize };
    // SAFETY: passed on. A stride that the compiler knows is vectorized.
    unsafe {
        if stride == 0 {
            let words = from.cast::<[U; C]>().read_unaligned();
            let words = if SWAP { words.map(U::swap) } else { words };
            std::slice::from_raw_parts_mut(to.cast::<MaybeUninit<[U; C]>>(), n).fill(MaybeUninit::new(words));
        } else if stride == size {
            gather_apart::<U, C, SWAP>(from, size, n, to)
        } else if stride == 2 * size {
            gather_apart::<U, C, SWAP>(from, 2 * size, n, to)
        } else if stride == 3 * size {
            gather_apart::<U, C, SWAP>(from, 3 * size, n, to)
        } else if stride == 4 * size {
            gather_apart::<U, C, SWAP>(from, 4 * size, n, to)
        } else if stride == -size {
            gather_apart::<U, C, SWAP>(from, -size, n, to)
        } else {
            gather_apart::<U, C, SWAP>(from, stride, n, to)
        }
    }
}

/// The loop itself.
///
/// # Safety
/// As for [`gather_words`].
#[inline(always)]
unsafe fn gather_apart<U: Word, const C: usize, const SWAP: bool>(
    from: *const u8,
    stride: isize,
    n: usize,
    to: *mut u8,
) {
    let load = |k: usize| {
        // SAFETY: k < n elements, `stride` bytes apart; no alignment is asked of them.
        let words = unsafe { from.offset(k as isize * stride).cast::<[U; C]>().read_unaligned() };
        if SWAP { words.map(U::swap) } else { words }
    };
    let to = to.cast::<[U; C]>();
    for k in 0..n {
        // SAFETY: room for n elements.
        unsafe { to.add(k).write(load(k)) };
    }
}

/// The scattering loop for elements of `C` words `U`.
///
/// # Safety
/// `from` holds `n` elements of `C` words, aligned for a word; there is room for them `stride` bytes apart from `to` on.
#[inline(always)]
unsafe fn scatter_words<U: Word, const C: usize, const SWAP: bool>(
    from: *const u8,
    stride: isize,
    n: usize,
    to: *mut u8,
) {
    let from = from.cast::<[U; C]>();
    let store = |k: usize, stride: isize| {
        // SAFETY: k < n elements on both sides; no alignment is asked of the places.
        unsafe {
            let words = from.add(k).read();
            let words = if SWAP { words.map(U::swap) } else { words };
            to.offset(k as isize * stride).cast::<[U; C]>().write_unaligned(words);
        }
    };
    let size = const { size_of::<[U; C]>() as isize };
    // A stride that the compiler knows is vectorized.
    if stride == size { (0..n).for_each(|k| store(k, size)) } else { (0..n).for_each(|k| store(k, stride)) }
}

/// The copying loops, compiled for the baseline and for AVX2.
struct Words<U, const C: usize, const SWAP: bool>(std::marker::PhantomData<U>);

impl<U: Word, const C: usize, const SWAP: bool> Words<U, C, SWAP> {
    /// # Safety
    /// As for [`Gather`].
    unsafe fn gather_base(from: *const u8, stride: isize, n: usize, to: *mut u8) {
        // SAFETY: passed on.
        unsafe { gather_words::<U, C, SWAP>(from, stride, n, to) }
    }

    /// # Safety
    /// As for [`Gather`], on a CPU of level v3 or higher.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]
    unsafe fn gather_wide(from: *const u8, stride: isize, n: usize, to: *mut u8) {
        // SAFETY: passed on.
        unsafe { gather_words::<U, C, SWAP>(from, stride, n, to) }
    }

    /// # Safety
    /// As for [`Scatter`].
    unsafe fn scatter_base(from: *const u8, stride: isize, n: usize, to: *mut u8) {
        // SAFETY: passed on.
        unsafe { scatter_words::<U, C, SWAP>(from, stride, n, to) }
    }

    /// # Safety
    /// As for [`Scatter`], on a CPU of level v3 or higher.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]
    unsafe fn scatter_wide(from: *const u8, stride: isize, n: usize, to: *mut u8) {
        // SAFETY: passed on.
        unsafe { scatter_words::<U, C, SWAP>(from, stride, n, to) }
    }

    fn at(level: Level) -> (Gather, Scatter) {
        #[cfg(target_arch = "x86_64")]
        if level >= Level::V3 {
            return (Self::gather_wide, Self::scatter_wide);
        }
        let _ = level;
        (Self::gather_base, Self::scatter_base)
    }
}

/// An unsigned integer of a word's size.
trait Word: Copy {
    fn swap(self) -> Self;
}

macro_rules! word {
    ($($word:ident)*) => {
        $(impl Word for $word {
            #[inline(always)]
            fn swap(self) -> Self {
                self.swap_bytes()
            }
        })*
    };
}
word!(u8 u16 u32 u64);

/// The gathering loop for a dtype and byte order.
pub fn gather(dtype: DType, swapped: bool) -> Gather {
    loops(dtype, swapped).0
}

/// The scattering loop for a dtype and byte order.
pub fn scatter(dtype: DType, swapped: bool) -> Scatter {
    loops(dtype, swapped).1
}

fn loops(dtype: DType, swapped: bool) -> (Gather, Scatter) {
    let level = level();
    match (dtype.word(), dtype.size() / dtype.word(), swapped) {
        (1, ..) => Words::<u8, 1, false>::at(level),
        (2, _, false) => Words::<u16, 1, false>::at(level),
        (2, _, true) => Words::<u16, 1, true>::at(level),
        (4, 1, false) => Words::<u32, 1, false>::at(level),
        (4, 1, true) => Words::<u32, 1, true>::at(level),
        (4, _, false) => Words::<u32, 2, false>::at(level),
        (4, _, true) => Words::<u32, 2, true>::at(level),
        (_, 1, false) => Words::<u64, 1, false>::at(level),
        (_, 1, true) => Words::<u64, 1, true>::at(level),
        (_, _, false) => Words::<u64, 2, false>::at(level),
        (_, _, true) => Words::<u64, 2, true>::at(level),
    }
}
