//! Half precision as NumPy stores it: sixteen bits, converted with rounding to the nearest, ties to even.

/// A `float16` element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Half(pub u16);

impl Half {
    /// The value, exactly.
    #[inline(always)]
    pub fn to_f32(self) -> f32 {
        let bits = self.0 as u32;
        let sign = (bits & 0x8000) << 16;
        let magnitude = bits & 0x7fff;
        // The fields of a half moved to a float's places, then the exponent's bias mended by an exact product:
        // 2^(127 - 15). Subnormals come out right with it.
        let scaled = f32::from_bits(magnitude << 13) * f32::from_bits(0x7780_0000);
        let finite = scaled.to_bits();
        let special = (magnitude << 13) | 0x7f80_0000;
        f32::from_bits(sign | if magnitude >= 0x7c00 { special } else { finite })
    }

    /// The nearest half of `x`.
    #[inline(always)]
    pub fn from_f32(x: f32) -> Half {
        let bits = x.to_bits();
        let sign = ((bits >> 16) & 0x8000) as u16;
        let magnitude = bits & 0x7fff_ffff;
        let half = if magnitude > 0x7f80_0000 {
            // A NaN keeps the high bits of its payload, and one bit set so that it stays a NaN.
            0x7c00 | ((magnitude >> 13) & 0x03ff) as u16 | u16::from((magnitude >> 13) & 0x03ff == 0)
        } else if magnitude >= 0x477f_f000 {
            0x7c00
        } else if magnitude < 0x3880_0000 {
            // Below the least normal half: adding 0.5 puts the bits of the subnormal last, rounded by the addition.
            let aligned = f32::from_bits(magnitude) + 0.5;
            (aligned.to_bits() - 0x3f00_0000) as u16
        } else {
            let even = (magnitude >> 13) & 1;
            ((magnitude + 0x0fff + even - 0x3800_0000) >> 13) as u16
        };
        Half(sign | half)
    }

    /// The nearest half of `x`, rounded once.
    #[inline(always)]
    pub fn from_f64(x: f64) -> Half {
        // Rounding to odd on the way to single precision leaves the second rounding right (Boldo and Melquiond 2008).
        let near = x as f32;
        let exact = near as f64 == x || x.is_nan() || near.is_infinite();
        let bits = near.to_bits();
        let towards_zero = if (near as f64).abs() > x.abs() { bits.wrapping_sub(1) } else { bits };
        Half::from_f32(if exact { near } else { f32::from_bits(towards_zero | 1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_survives_the_way_there_and_back() {
        for bits in 0..=u16::MAX {
            let half = Half(bits);
            let value = half.to_f32();
            if value.is_nan() {
                assert!(Half::from_f32(value).to_f32().is_nan());
            } else {
                assert_eq!(Half::from_f32(value), half);
                assert_eq!(Half::from_f64(value as f64), half);
            }
        }
    }

    #[test]
    fn halfway_cases_round_to_even_and_only_once() {
        let cases = [
            (1.0 + 1.0 / 2048.0, 1.0),
            (1.0 + 3.0 / 2048.0, 1.0 + 4.0 / 2048.0),
            (1.0 + 1.0 / 2048.0 + 1e-12, 1.0 + 2.0 / 2048.0),
            (65519.999, 65504.0),
            (65520.0, f64::INFINITY),
            (2f64.powi(-25), 0.0),
            (2f64.powi(-25) * 1.0000001, 2f64.powi(-24)),
        ];
        for (x, expected) in cases {
            assert_eq!(Half::from_f64(x).to_f32() as f64, expected, "{x}");
            assert_eq!(Half::from_f64(-x).to_f32() as f64, -expected, "-{x}");
        }
    }
}
