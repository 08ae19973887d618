//! The floating-point exception flags of this thread.

/// Flags raised since the last [`clear`], as NumPy numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(pub u32);

impl Flags {
    /// A finite number was divided by zero.
    pub const DIVIDE: Flags = Flags(1);
    /// A result was too large.
    pub const OVERFLOW: Flags = Flags(2);
    /// An operation had no answer.
    pub const INVALID: Flags = Flags(8);

    /// No flag.
    pub const NONE: Flags = Flags(0);

    /// Whether one of `others` is raised.
    pub fn any(self, others: Flags) -> bool {
        self.0 & others.0 != 0
    }

    /// Those of `self` and `others`.
    pub fn and(self, others: Flags) -> Flags {
        Flags(self.0 | others.0)
    }
}

/// Lowers the flags that [`raised`] looks at.
#[inline(always)]
pub fn clear() {
    #[cfg(target_arch = "x86_64")]
    {
        // Writing the register is dear, and the flag of inexact results is nearly always raised: it may stay.
        let control = control();
        if control & REPORTED != 0 {
            let lowered = control & !REPORTED;
            // SAFETY: only the sticky flags change; rounding and masks stay as they are.
            unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &lowered, options(nostack, readonly)) };
        }
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the sticky flags of FPSR are cleared, nothing else.
    unsafe {
        std::arch::asm!("msr fpsr, {}", in(reg) 0u64, options(nostack, nomem));
    }
}

/// The flags raised since.
#[inline(always)]
pub fn raised() -> Flags {
    #[cfg(target_arch = "x86_64")]
    {
        let raised = control();
        // Invalid 1, divide 4, overflow 8.
        Flags((raised & 1) << 3 | (raised & 4) >> 2 | (raised & 8) >> 2)
    }
    #[cfg(target_arch = "aarch64")]
    {
        let raised: u64;
        // SAFETY: FPSR is read.
        unsafe { std::arch::asm!("mrs {}, fpsr", out(reg) raised, options(nostack, nomem)) };
        // Invalid 1, divide 2, overflow 4.
        Flags(((raised & 1) << 3 | (raised & 2) >> 1 | (raised & 4) >> 1) as u32)
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    Flags::NONE
}

/// Invalid, divide and overflow in the register of SSE.
#[cfg(target_arch = "x86_64")]
const REPORTED: u32 = 1 | 4 | 8;

/// The control and status register of SSE.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn control() -> u32 {
    let mut control = 0u32;
    // SAFETY: the register is stored into a local.
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &mut control, options(nostack)) };
    control
}

#[cfg(test)]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn each_operation_raises_its_flag() {
        for (x, y, flag) in [(1.0, 0.0, Flags::DIVIDE), (0.0, 0.0, Flags::INVALID), (1e300, 1e-300, Flags::OVERFLOW)] {
            clear();
            assert_eq!(raised(), Flags::NONE);
            black_box(black_box(x) / black_box(y));
            assert_eq!(raised(), flag);
        }
        clear();
    }
}
