//! What comes of a function on many arguments: its largest errors, and whatever breaks a law.

use std::fmt;

use kernelgen_runtime::flags::Flags;
use kernelgen_runtime::level::Level;

use crate::arguments;
use crate::float::Float;
use crate::function::{Function, Law, Of, levels};

/// Flags are looked at after so many elements.
const BLOCK: usize = 64;
/// What breaks a law is told so many times.
const TOLD: usize = 6;

/// The largest error of a level.
#[derive(Debug, Clone, Copy)]
pub struct Worst {
    /// In units in the last place. Correctly rounded results are off by a half at most.
    pub error: f64,
    /// Where it is.
    pub at: (f64, f64),
}

/// What came of one function of one type.
pub struct Survey<'a, F: Float> {
    function: &'a Function,
    of: &'a Of<F>,
    /// By level.
    pub worst: [Worst; 3],
    /// What breaks a law.
    pub broken: Vec<String>,
    /// How much does.
    pub count: u64,
    /// How many elements were looked at.
    pub seen: u64,
}

/// Whether all numbers are finite. Without a branch for each.
fn finite<F: Float>(x: &[F]) -> bool {
    x.iter().fold(true, |all, x| all & x.is_finite())
}

/// A call as one writes a call.
fn call<F: Float>(function: &Function, x: F, y: F) -> String {
    match function.arity {
        1 => format!("{}({x:?})", function.name),
        _ => format!("{}({x:?}, {y:?})", function.name),
    }
}

impl<F: Float> fmt::Display for Survey<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} of {} {}", self.function.name, self.seen, F::NAME)
    }
}

impl<'a, F: Float> Survey<'a, F> {
    pub fn new(function: &'a Function) -> Self {
        let worst = [Worst { error: 0.5, at: (f64::NAN, f64::NAN) }; 3];
        Survey { function, of: F::of(function), worst, broken: Vec::new(), count: 0, seen: 0 }
    }

    /// Takes in what another thread has found.
    pub fn join(&mut self, other: Self) {
        for (worst, theirs) in self.worst.iter_mut().zip(other.worst) {
            if theirs.error > worst.error {
                *worst = theirs;
            }
        }
        self.broken.extend(other.broken);
        self.broken.truncate(TOLD);
        self.count += other.count;
        self.seen += other.seen;
    }

    fn breaks(&mut self, level: Level, text: String) {
        self.count += 1;
        let text = format!("{} {} {}: {text}", self.function.name, F::NAME, level.name());
        if self.broken.len() < TOLD && !self.broken.contains(&text) {
            self.broken.push(text);
        }
    }

    /// Values, errors, flags and symmetry at some arguments; `y` is looked at if there are two.
    pub fn look(&mut self, x: &[F], y: &[F]) {
        if self.function.laws.iter().any(|law| matches!(law, Law::Arguments(..))) {
            let taken = x.iter().zip(y).filter(|(x, _)| self.function.takes(x.wide()));
            let (x, y): (Vec<F>, Vec<F>) = taken.unzip();
            self.look_at_all(&x, &y);
        } else {
            self.look_at_all(x, y);
        }
    }

    fn look_at_all(&mut self, x: &[F], y: &[F]) {
        self.seen += x.len() as u64;
        let rounded: Vec<F> = x.iter().zip(y).map(|(&x, &y)| (self.of.rounded)(x, y)).collect();
        let mut fused: Option<Vec<F>> = None;
        for level in levels() {
            let mut out = vec![F::of_bits(0); x.len()];
            self.flags(level, x, y, &mut out);
            self.symmetry(level, x, y, &out);
            if let Some(fused) = &fused {
                // The same bits, the same errors.
                if let Some(k) = (0..x.len()).find(|&k| !fused[k].same(out[k])) {
                    let text = format!("{} = {:?}, but {:?} on v3", call(self.function, x[k], y[k]), out[k], fused[k]);
                    self.breaks(level, text);
                }
                self.worst[level as usize] = self.worst[Level::V3 as usize];
                continue;
            }
            for k in 0..x.len() {
                if !out[k].same(rounded[k]) {
                    self.value(level, (x[k], y[k]), out[k], rounded[k]);
                }
            }
            fused = (level == Level::V3).then_some(out);
        }
    }

    /// Computes block by block, and holds the flags of each against those that its elements shall raise.
    fn flags(&mut self, level: Level, x: &[F], y: &[F], out: &mut [F]) {
        for ((x, y), out) in x.chunks(BLOCK).zip(y.chunks(BLOCK)).zip(out.chunks_mut(BLOCK)) {
            let raised = self.of.flagged(level, x, y, out);
            let mut wanted = Flags::NONE;
            if !finite(out) {
                let each = x.iter().zip(y).zip(&*out);
                wanted = each.fold(wanted, |all, ((&x, &y), &out)| all.and(self.function.flags(x, y, out)));
            }
            let finite = finite(x) && finite(y);
            // Of infinities and NaNs the CPU may raise more: the runtime does not believe it there.
            let right = if finite { raised == wanted } else { raised.and(wanted) == raised };
            if !right {
                self.name_flags(level, (x, y), raised, wanted);
            }
        }
    }

    /// Says which element it is whose flags are wrong.
    fn name_flags(&mut self, level: Level, (x, y): (&[F], &[F]), raised: Flags, wanted: Flags) {
        for k in 0..x.len() {
            let mut out = [F::of_bits(0); 2];
            // The same element in each lane, lest another one fill the register.
            let raised = self.of.flagged(level, &[x[k]; 2], &[y[k]; 2], &mut out);
            let wanted = self.function.flags(x[k], y[k], out[0]);
            let finite = x[k].is_finite() && y[k].is_finite();
            if raised != wanted && (finite || raised.and(wanted) != raised) {
                let text = format!(
                    "{} = {:?} raises {}, not {}",
                    call(self.function, x[k], y[k]),
                    out[0],
                    words(raised),
                    words(wanted)
                );
                return self.breaks(level, text);
            }
        }
        let text = format!(
            "a block from {} on raises {}, not {}",
            call(self.function, x[0], y[0]),
            words(raised),
            words(wanted)
        );
        self.breaks(level, text);
    }

    /// Looks at a result that is not the correctly rounded one.
    fn value(&mut self, level: Level, (x, y): (F, F), found: F, rounded: F) {
        let function = self.function;
        let told = |what: &str| format!("{} = {found:?}, not {rounded:?}: {what}", call(function, x, y));
        let error = self.error((x, y), found, rounded);
        if error > function.bound {
            self.breaks(level, told(&format!("{error:.2} ULP")));
        }
        let worst = &mut self.worst[level as usize];
        if error > worst.error {
            *worst = Worst { error, at: (x.wide(), y.wide()) };
        }
        for law in function.laws {
            match *law {
                Law::Exact(is) if is(x.wide(), y.wide()) => self.breaks(level, told("it is a float")),
                Law::Results(low, high) if found < F::narrow(low) || found > F::narrow(high) => {
                    self.breaks(level, told("it is outside of all results"));
                }
                _ => {}
            }
        }
    }

    /// How far a result is from the exact value, which the correctly rounded one and the rest tell.
    fn error(&mut self, (x, y): (F, F), found: F, rounded: F) -> f64 {
        if found.is_nan() || rounded.is_nan() || found.negative() != rounded.negative() {
            return f64::INFINITY;
        }
        if found.is_infinite() || rounded.is_infinite() {
            return (found.place() - rounded.place()).abs() as f64 + 0.5;
        }
        let ulp = rounded.ulp();
        let rest = (self.of.rest)(x, y, rounded, ulp);
        let steps = (found.wide() - rounded.wide()) / ulp;
        if rest.is_nan() {
            return steps.abs() + 0.5;
        }
        assert!(rest.abs() < 0.51, "the oracles differ: {} = {rounded:?} and {rest} ULP", call(self.function, x, y));
        // Below a power of two, units are half as large.
        let fraction = rounded.bits() & ((1 << F::FRACTION) - 1);
        let below = fraction == 0 && ulp > F::of_bits(1).wide() && (rest < 0.0) != rounded.negative() && rest != 0.0;
        (steps - rest).abs() * if below { 2.0 } else { 1.0 }
    }

    fn symmetry(&mut self, level: Level, x: &[F], y: &[F], out: &[F]) {
        if !self.function.laws.iter().any(|law| matches!(law, Law::Odd | Law::Even | Law::Commutes)) {
            return;
        }
        let mirrored: Vec<F> = x.iter().map(|x| x.minus()).collect();
        let mut others = vec![F::of_bits(0); x.len()];
        for law in self.function.laws {
            let (first, second, odd) = match law {
                Law::Odd => (&mirrored[..], y, true),
                Law::Even => (&mirrored[..], y, false),
                Law::Commutes => (y, x, false),
                _ => continue,
            };
            self.of.run(level, first, second, &mut others);
            for k in 0..x.len() {
                let wanted = if odd { out[k].minus() } else { out[k] };
                if !others[k].same(wanted) {
                    let (here, there) = (call(self.function, x[k], y[k]), call(self.function, first[k], second[k]));
                    self.breaks(level, format!("{here} = {:?}, and {there} = {:?}", out[k], others[k]));
                }
            }
        }
    }

    /// Whether results rise and fall as they shall, at arguments in order.
    pub fn order(&mut self, x: &[F]) {
        for law in self.function.laws {
            let (low, high, rises, slack) = match *law {
                Law::Rises(low, high, slack) => (low, high, true, slack),
                Law::Falls(low, high, slack) => (low, high, false, slack),
                _ => continue,
            };
            let inside: Vec<F> = x.iter().copied().filter(|x| low <= x.wide() && x.wide() <= high).collect();
            let mut out = vec![F::of_bits(0); inside.len()];
            for level in levels() {
                self.of.run(level, &inside, &inside, &mut out);
                for (x, out) in inside.windows(2).zip(out.windows(2)) {
                    let (first, last) = if rises { (out[0], out[1]) } else { (out[1], out[0]) };
                    if first.is_nan() || last.is_nan() || first.place() > last.place() + slack {
                        let (a, b) = (call(self.function, x[0], x[0]), call(self.function, x[1], x[1]));
                        self.breaks(level, format!("{a} = {:?}, but {b} = {:?}", out[0], out[1]));
                    }
                }
            }
        }
    }

    /// Looks at what there is in any case, and at random chunks.
    pub fn fixed(&mut self) {
        let (x, y) = match self.function.arity {
            1 => {
                let x = arguments::fixed();
                (x.clone(), x)
            }
            _ => arguments::fixed_pairs(),
        };
        self.look(&x, &y);
    }

    /// Looks at random arguments.
    pub fn random(&mut self, chunk: u64, specials: &[F]) {
        match self.function.arity {
            1 => {
                let x = arguments::one(chunk, specials);
                self.look(&x, &x);
            }
            _ => {
                let (x, y) = arguments::two(chunk, specials);
                self.look(&x, &y);
            }
        }
    }
}

/// Flags by name.
fn words(flags: Flags) -> String {
    let names = [(Flags::INVALID, "invalid"), (Flags::DIVIDE, "divide"), (Flags::OVERFLOW, "overflow")];
    let raised: Vec<_> = names.iter().filter(|(flag, _)| flags.0 & flag.0 != 0).map(|(_, name)| *name).collect();
    if raised.is_empty() { "nothing".to_owned() } else { raised.join(", ") }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;
    use crate::function::Loop;
    use crate::parallel::sampled;

    fn each<F: Float>(x: &[F], out: &mut [F], of: impl Fn(F) -> F) {
        out.iter_mut().zip(x).for_each(|(out, &x)| *out = of(x));
    }

    /// What comes of loops that shall be a third.
    fn thirds(baseline: Loop<f64>, v3: Loop<f64>, v4: Loop<f64>) -> String {
        let third: Loop<f32> = |x, _, out| each(x, out, |x| x / 3.0);
        let function = Function {
            name: "third",
            arity: 1,
            bound: 2.0,
            laws: &[Law::Odd, Law::Rises(-1e300, 1e300, 0), Law::Results(-6e307, 6e307), Law::Exact(|x, _| x == 9.0)],
            f32: Of { loops: [third; 3], rounded: |x, _| x / 3.0, rest: |_, _, _, _| f64::NAN },
            f64: Of {
                loops: [baseline, v3, v4],
                rounded: |x, _| x / 3.0,
                rest: |x, _, third, ulp| (-3f64).mul_add(third, x) / 3.0 / ulp,
            },
        };
        let mut survey = sampled::<f64>(&function, 20);
        survey.order(&(0..1000).map(|k| f64::at(3f64.place() + k)).collect::<Vec<_>>());
        assert!(survey.seen > 100_000 && (survey.count > 0) != survey.broken.is_empty());
        survey.broken.join("\n")
    }

    /// Each fault that is put in is found, and named.
    #[test]
    fn faults_are_found() {
        let right: Loop<f64> = |x, _, out| each(x, out, |x| x / 3.0);
        assert_eq!(thirds(right, right, right), "");
        let faults: [(Loop<f64>, &str); 8] = [
            (|x, _, out| each(x, out, |x| x / 3.0 * (1.0 + 4.0 * f64::EPSILON)), "ULP"),
            (|x, _, out| each(x, out, |x| x / 3.0 * if x == 9.0 { 1.0 + f64::EPSILON } else { 1.0 }), "it is a float"),
            (|x, _, out| each(x, out, |x| if x.is_infinite() { f64::NAN } else { x / 3.0 }), "= NaN, not inf: inf ULP"),
            (|x, _, out| each(x, out, |x| x / 3.0 + 0.0), "third(0.0) = 0.0, and third(-0.0) = 0.0"),
            (|x, _, out| each(x, out, |x| f64::at((x / 3.0).place() + i64::from(x < -1.0))), "third(-"),
            (|x, _, out| each(x, out, |x| f64::of_bits((x / 3.0).bits() + (x.bits() & 1))), ", but third("),
            (|x, _, out| each(x, out, |x| (black_box(x * 1e200), x / 3.0).1), "raises overflow, not nothing"),
            (|x, _, out| each(x, out, |x| (black_box(1.0 / black_box(0.0)), x / 3.0).1), "raises divide, not nothing"),
        ];
        for (fault, word) in faults {
            let found = thirds(fault, right, right);
            assert!(found.contains(word), "{word}: {found}");
        }
        if levels().count() == 3 {
            let found = thirds(right, right, |x, _, out| each(x, out, |x| x * (1.0 / 3.0)));
            assert!(found.contains("on v3"), "{found}");
        }
    }
}
