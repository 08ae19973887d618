//! Stores that go past the caches: of a result that is larger than these, nobody will find anything there. A line that is written
//! whole need not be read first, which is a third of what `a * x + y` has to move.

use crate::block::LINE;

/// Bytes of a result from which on it is streamed: what is smaller may be read from a cache before long.
pub const MUCH: usize = 32 << 20;

/// Copies `bytes` bytes to a place that is not read soon.
///
/// # Safety
/// They are readable, the place is writable, and they share nothing.
pub unsafe fn stream(from: *const u8, to: *mut u8, bytes: usize) {
    let head = to.align_offset(LINE).min(bytes);
    let lines = (bytes - head) / LINE * LINE;
    // SAFETY: `head` and `lines` bytes are there, then the rest; the lines begin at a multiple of their size.
    unsafe {
        std::ptr::copy_nonoverlapping(from, to, head);
        stream_lines(from.add(head), to.add(head), lines);
        let done = head + lines;
        std::ptr::copy_nonoverlapping(from.add(done), to.add(done), bytes - done);
    }
}

/// Makes what was streamed visible to other threads in its turn.
#[inline(always)]
pub fn fence() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 CPU has it.
    unsafe {
        std::arch::x86_64::_mm_sfence();
    }
}

/// Copies whole lines.
///
/// # Safety
/// As for [`stream`]; `to` is aligned to a line, and `bytes` a multiple of one.
#[cfg(target_arch = "x86_64")]
unsafe fn stream_lines(from: *const u8, to: *mut u8, bytes: usize) {
    use std::arch::x86_64::{__m128i, _mm_loadu_si128, _mm_stream_si128};
    for at in (0..bytes).step_by(LINE) {
        for part in (at..at + LINE).step_by(size_of::<__m128i>()) {
            // SAFETY: the bytes are there, and the place is aligned.
            unsafe { _mm_stream_si128(to.add(part).cast(), _mm_loadu_si128(from.add(part).cast())) };
        }
    }
}

/// Copies whole lines.
///
/// # Safety
/// As for [`stream`].
#[cfg(not(target_arch = "x86_64"))]
unsafe fn stream_lines(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: passed on.
    unsafe { std::ptr::copy_nonoverlapping(from, to, bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_streamed_arrives_from_anywhere_to_anywhere() {
        let from: Vec<u8> = (0..=255).cycle().take(2000).collect();
        for (start, offset, bytes) in [(0, 0, 2000), (1, 3, 1000), (5, 64, 64), (7, 1, 3), (0, 9, 0), (3, 63, 129)] {
            let mut to = vec![0u8; 2100];
            // SAFETY: there are so many bytes, and so much room.
            unsafe { stream(from[start..].as_ptr(), to[offset..].as_mut_ptr(), bytes.min(2000 - start)) };
            fence();
            let n = bytes.min(2000 - start);
            assert_eq!(to[offset..offset + n], from[start..start + n], "{start} {offset} {bytes}");
            assert!(to[..offset].iter().chain(&to[offset + n..]).all(|&byte| byte == 0));
        }
    }
}
