//! The floating-point exception flags of this thread.
//!
//! The CPU raises flags for what a loop computed and threw away, too, so values must bear them out. Integers raise none: what
//! divides them declares it, and is believed.

use std::cell::Cell;

/// Flags raised since the last [`clear`], as NumPy numbers them; those that were declared are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flags(pub u32);

thread_local! {
    /// What [`declare`] was told since the last [`clear`].
    static DECLARED: Cell<u32> = const { Cell::new(0) };
}

/// Bits by which declared flags are moved.
const APART: u32 = 8;

impl Flags {
    /// A finite number was divided by zero.
    pub const DIVIDE: Flags = Flags(1);
    /// A result was too large.
    pub const OVERFLOW: Flags = Flags(2);
    /// An operation had no answer.
    pub const INVALID: Flags = Flags(8);

    /// No flag.
    pub const NONE: Flags = Flags(0);

    /// Those that were declared.
    pub fn declared(self) -> Flags {
        Flags(self.0 >> APART)
    }

    /// Takes in what the conversion of results raised: numbers too large for an array's dtype.
    #[inline(always)]
    pub fn stored(&mut self) {
        let raised = raised();
        if raised != Flags::NONE {
            *self = self.and(Flags((raised.0 | raised.declared().0) & Flags::OVERFLOW.0));
            clear();
        }
    }

    /// Those of `self` and `others`.
    pub fn and(self, others: Flags) -> Flags {
        Flags(self.0 | others.0)
    }
}

/// Raises flags on purpose.
#[cold]
pub fn declare(flags: Flags) {
    DECLARED.set(DECLARED.get() | flags.0);
}

/// Lowers the flags that [`raised`] looks at.
#[inline(always)]
pub fn clear() {
    DECLARED.set(0);
    #[cfg(target_arch = "x86_64")]
    {
        // Writing the register is dear, and the flag of inexact results is nearly always raised: it may stay.
        let control = control();
        if control & REPORTED != 0 {
            set_control(control & !REPORTED);
        }
    }
    #[cfg(target_arch = "aarch64")]
    set_status(0);
}

/// The CPU's flags, and what else its register holds, at one moment.
#[derive(Clone, Copy)]
pub struct Register(u64);

impl Register {
    /// The flags as they are.
    pub fn save() -> Register {
        #[cfg(target_arch = "x86_64")]
        return Register(control().into());
        #[cfg(target_arch = "aarch64")]
        return Register(status());
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        Register(0)
    }

    /// Makes the CPU's flags what they were, whatever was raised since.
    pub fn restore(self) {
        #[cfg(target_arch = "x86_64")]
        set_control(self.0 as u32);
        #[cfg(target_arch = "aarch64")]
        set_status(self.0);
    }
}

/// Raises flags as the CPU would, for those who look at its own.
pub fn raise(flags: Flags) {
    #[cfg(target_arch = "x86_64")]
    {
        let raised = flags.0 & (Flags::INVALID.0 | Flags::DIVIDE.0 | Flags::OVERFLOW.0);
        set_control(control() | (raised >> 3 & 1) | (raised & 1) << 2 | (raised & 2) << 2);
    }
    #[cfg(target_arch = "aarch64")]
    {
        let raised = u64::from(flags.0 & (Flags::INVALID.0 | Flags::DIVIDE.0 | Flags::OVERFLOW.0));
        set_status(status() | (raised >> 3 & 1) | (raised & 1) << 1 | (raised & 2) << 1);
    }
    let _ = flags;
}

/// Takes over what another thread [`raised`].
pub fn take_over(raised: Flags) {
    if raised != Flags::NONE {
        raise(raised);
        declare(raised.declared());
    }
}

/// The flags raised since.
#[inline(always)]
pub fn raised() -> Flags {
    Flags(hardware().0 | DECLARED.get() << APART)
}

/// Those that the CPU raised.
#[inline(always)]
fn hardware() -> Flags {
    #[cfg(target_arch = "x86_64")]
    {
        let raised = control();
        // Invalid 1, divide 4, overflow 8.
        Flags((raised & 1) << 3 | (raised & 4) >> 2 | (raised & 8) >> 2)
    }
    #[cfg(target_arch = "aarch64")]
    {
        let raised = status();
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

/// Sets the register of SSE to what it held here or in the thread that this one helps, but for the sticky flags.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn set_control(control: u32) {
    // SAFETY: rounding and masks are those under which the same computation runs elsewhere; nothing is trapped that was not.
    unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &control, options(nostack, readonly)) };
}

/// The floating-point status register, which holds nothing but sticky flags.
#[cfg(target_arch = "aarch64")]
#[inline(always)]
fn status() -> u64 {
    let status: u64;
    // SAFETY: FPSR is read.
    unsafe { std::arch::asm!("mrs {}, fpsr", out(reg) status, options(nostack, nomem)) };
    status
}

/// Sets the status register.
#[cfg(target_arch = "aarch64")]
#[inline(always)]
fn set_status(status: u64) {
    // SAFETY: sticky flags change, nothing else.
    unsafe { std::arch::asm!("msr fpsr, {}", in(reg) status, options(nostack, nomem)) };
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
        for flag in [Flags::DIVIDE, Flags::OVERFLOW, Flags::INVALID] {
            raise(flag);
            assert_eq!(raised(), flag);
            clear();
        }
        declare(Flags::DIVIDE);
        raise(Flags::INVALID);
        let theirs = raised();
        clear();
        take_over(theirs);
        assert_eq!((raised(), raised().declared()), (theirs, Flags::DIVIDE));
        clear();
        declare(Flags::DIVIDE);
        assert_eq!((raised().declared(), raised() == Flags::NONE), (Flags::DIVIDE, false));
        clear();
        assert_eq!(raised(), Flags::NONE);
    }
}
