//! Arguments: those at which some function has a corner, and random ones of every kind.

use std::f64::consts::{LN_2, LN_10, PI};

use crate::float::Float;

/// How many arguments are drawn at once.
pub const CHUNK: usize = 4096;

/// Random numbers, the same each time: G. Steele's SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    /// Between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.bits() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// An integer between two.
    fn integer(&mut self, low: i64, high: i64) -> f64 {
        (low + self.below((high - low + 1) as u64) as i64) as f64
    }

    /// Of a random size between two powers of 2, and either sign.
    fn sized(&mut self, low: f64, high: f64) -> f64 {
        let size = self.between(low, high).exp2();
        if self.bits() & 1 == 0 { size } else { -size }
    }

    /// Any bits at all, but for NaNs that raise a flag by themselves.
    fn any<F: Float>(&mut self) -> F {
        quiet(F::of_bits(self.bits() & (F::SIGN | (F::SIGN - 1))))
    }

    /// A number not far from `x`, as floats lie.
    fn near<F: Float>(&mut self, x: F, bits: u32) -> F {
        if x.is_nan() {
            return x;
        }
        let far = self.below(u64::from(bits)) as u32;
        let steps = self.below(2 << far) as i64 - (1 << far);
        F::at(x.place() + steps)
    }
}

fn quiet<F: Float>(x: F) -> F {
    if x.is_nan() { F::of_bits(x.bits() | 1 << (F::FRACTION - 1)) } else { x }
}

/// The least multiples of π/2 among doubles: an argument this large and that close is where a reduction fails first.
const CLOSE_TO_PI: [u64; 4] =
    [0x7506_ac5b_262c_a1ff, 0x6ac5_b262_ca1f_f9c2, 0x41f2_9af6_7a2f_4b25, 0x4012_d97c_7f33_21d2];

/// Sizes at which functions have corners: ends of the type, poles, thresholds of overflow and underflow.
fn corners<F: Float>() -> Vec<f64> {
    let wide = |bits: u64| F::of_bits(bits).wide();
    let (tiny, least, most) = (wide(1), wide(1 << F::FRACTION), wide(F::INFINITE - 1));
    // A logarithm of the largest number to base e, and that of half of the smallest one.
    let (top, bottom) =
        (f64::from(F::BITS - F::FRACTION - 1).exp2() / 2.0, f64::from(F::LEAST - F::FRACTION as i32 - 1));
    let mut found = vec![0.0, tiny, 2.0 * tiny, least - tiny, least, most, f64::INFINITY, f64::NAN];
    for base in [1.0, LN_2, LN_2 / LN_10] {
        found.extend([top, top + 1.0, -F::LEAST as f64, -bottom, -1.0 - bottom].map(|exponent| exponent * base));
    }
    // Where expm1, tanh, erf and erfc come to their ends.
    found.extend([
        9.01, 17.33, 22.0, 37.43, 3.92, 5.92, 10.05, 26.54, 27.23, 0.1, 0.3, 0.7, 1e-3, 1e-8, 1e5, 1e22, 1e300,
    ]);
    found
}

/// The corners, with both signs and their neighbours.
pub fn specials<F: Float>() -> Vec<F> {
    let mut sizes = corners::<F>();
    sizes.extend([0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 8.0, 10.0, 16.0, PI / 4.0, PI / 2.0, PI, 1.5 * PI, 2.0 * PI]);
    with_neighbours(&sizes, &[0, 1, -1])
}

fn with_neighbours<F: Float>(sizes: &[f64], steps: &[i64]) -> Vec<F> {
    let mut found = Vec::new();
    for &size in sizes {
        let x = F::narrow(size);
        for &step in steps {
            let near = if x.is_nan() { x } else { F::at(x.place() + step) };
            found.extend([near, near.minus()]);
        }
    }
    found.iter_mut().for_each(|x| *x = quiet(*x));
    found
}

/// All that is looked at in any case: corners, integers and their halves to sixteenths, powers, multiples of π/4 and of log(2) / 2,
/// each with its neighbours; every exponent.
pub fn fixed<F: Float>() -> Vec<F> {
    let mut sizes = corners::<F>();
    let up_to = |end: i32| (1..=end).map(f64::from);
    sizes.extend(up_to(1100));
    sizes.extend(up_to(512).map(|k| k / 16.0));
    sizes.extend(up_to(200).map(|k| k * k * k));
    sizes.extend((-330..310).map(|k| format!("1e{k}").parse::<f64>().expect("a number")));
    sizes.extend((-1074..1024).flat_map(|k| [f64::from(k).exp2(), f64::from(k).exp2() * 2f64.sqrt()]));
    sizes.extend(up_to(2200).flat_map(|k| [k * PI / 4.0, k * LN_2 / 2.0, k * LN_2 / LN_10 / 2.0]));
    sizes.extend(CLOSE_TO_PI.map(f64::from_bits));
    let mut found = with_neighbours(&sizes, &[0, 1, 2, -1, -2]);
    let mut random = Random(1);
    for exponent in 0..F::INFINITE >> F::FRACTION {
        let last = (1u64 << F::FRACTION) - 1;
        for fraction in [0, 1, last, last / 2, random.bits() & last, random.bits() & last] {
            let x = F::of_bits(exponent << F::FRACTION | fraction);
            found.extend([x, x.minus()]);
        }
    }
    found
}

/// Random arguments, of another kind in each chunk.
pub fn one<F: Float>(chunk: u64, specials: &[F]) -> Vec<F> {
    let mut random = Random(chunk << 32);
    let special = |random: &mut Random| specials[random.below(specials.len() as u64) as usize];
    let whole = f64::from(F::LEAST - F::FRACTION as i32);
    let draw = |_| match chunk % 12 {
        0 => random.any(),
        1 => F::narrow(random.between(-1.0, 1.0)),
        2 => F::narrow(random.between(-10.0, 10.0)),
        3 => F::narrow(random.between(-120.0, 120.0)),
        4 => F::narrow(random.between(-1200.0, 1200.0)),
        5 => F::narrow(random.sized(-60.0, 60.0)),
        6 => F::narrow(random.sized(-8.0, 8.0)),
        7 => F::narrow(random.sized(whole, -whole)),
        8 => {
            let x = special(&mut random);
            random.near(x, F::FRACTION)
        }
        9 => {
            let x = F::narrow(random.sized(0.0, 30.0).trunc() * (PI / 2.0));
            random.near(x, F::FRACTION / 2)
        }
        10 => F::narrow(random.sized(f64::from(F::FRACTION), -whole)),
        _ => random.near(F::narrow(1.0), F::FRACTION),
    };
    (0..CHUNK).map(draw).collect()
}

/// Each corner with each, and exponents with exponents.
pub fn fixed_pairs<F: Float>() -> (Vec<F>, Vec<F>) {
    let specials = specials::<F>();
    let powers = (0..=F::INFINITE >> F::FRACTION).step_by(F::BITS as usize / 4);
    let powers: Vec<F> =
        powers.flat_map(|k| [F::of_bits(k << F::FRACTION), F::of_bits(k << F::FRACTION).minus()]).collect();
    let small: Vec<F> = (-40..=40).map(|k| F::narrow(f64::from(k) / 2.0)).collect();
    let sets = [(&specials, &specials), (&powers, &powers), (&small, &small), (&specials, &small), (&small, &specials)];
    let pairs = sets.into_iter().flat_map(|(a, b)| a.iter().flat_map(move |&x| b.iter().map(move |&y| (x, y))));
    pairs.unzip()
}

/// Random pairs, of another kind in each chunk.
pub fn two<F: Float>(chunk: u64, specials: &[F]) -> (Vec<F>, Vec<F>) {
    let mut random = Random(chunk << 32);
    let special = |random: &mut Random| specials[random.below(specials.len() as u64) as usize];
    let whole = f64::from(F::LEAST - F::FRACTION as i32);
    // Beyond it powers are infinite or zero.
    let most = -whole * LN_2;
    let narrow = |(x, y)| (F::narrow(x), F::narrow(y));
    let draw = |_| match chunk % 11 {
        0 => (random.any(), random.any()),
        1 => narrow((random.between(-10.0, 10.0), random.between(-10.0, 10.0))),
        2 => narrow((random.sized(-60.0, 60.0), random.sized(-60.0, 60.0))),
        3 => {
            let (x, y) = (special(&mut random), special(&mut random));
            (random.near(x, F::FRACTION), random.near(y, F::FRACTION))
        }
        // Powers of all sizes: of any number, of one near 1, of a negative one.
        4 | 5 => {
            let x = if chunk % 11 == 4 { random.sized(whole, -whole).abs() } else { random.between(0.5, 2.0) };
            narrow((x, random.between(-most, most) / x.ln()))
        }
        6 => {
            let x: F = random.near(F::narrow(1.0), F::FRACTION);
            (x, F::narrow(random.between(-most, most) / (x.wide() - 1.0)))
        }
        7 => narrow((random.between(-30.0, 0.0), random.integer(-60, 60))),
        8 => narrow((random.integer(-1000, 1000), random.integer(-100, 100))),
        // Lengths of one size.
        9 => {
            let x = random.sized(whole, -whole);
            narrow((x, x * random.between(-4.0, 4.0)))
        }
        _ => {
            let x = random.sized(whole, -whole);
            narrow((x, x * random.sized(-60.0, 60.0)))
        }
    };
    let (x, y): (Vec<F>, Vec<F>) = (0..CHUNK).map(draw).unzip();
    (x.into_iter().map(quiet).collect(), y.into_iter().map(quiet).collect())
}
