//! Errors, special values, flags, symmetry and order of all functions; see README.md.

use accuracy::arguments::{self, Random};
use accuracy::float::Float;
use accuracy::function::{Function, Law, levels};
use accuracy::functions::FUNCTIONS;
use accuracy::parallel::{every, sampled, survey};
use accuracy::survey::Survey;

/// Panics with what breaks a law, of all functions.
#[track_caller]
fn hold<F: Float>(survey: impl Fn(&'static Function) -> Option<Survey<'static, F>>) {
    let mut broken = Vec::new();
    for survey in FUNCTIONS.iter().filter_map(survey) {
        assert!(survey.seen > 0);
        if survey.count > 0 {
            broken.push(format!("{}\n    and {} in all", survey.broken.join("\n"), survey.count));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// Chunks of random arguments of a function of one type.
const CHUNKS: u64 = 500;

#[test]
fn errors_flags_and_symmetry_of_f64_are_as_they_should() {
    hold::<f64>(|function| Some(sampled(function, CHUNKS)));
}

#[test]
fn errors_flags_and_symmetry_of_f32_are_as_they_should() {
    hold::<f32>(|function| Some(sampled(function, CHUNKS)));
}

/// Neighbours of random numbers, and numbers further apart.
fn ordered<F: Float>(function: &'static Function) -> Option<Survey<'static, F>> {
    let monotone = |law: &Law| matches!(law, Law::Rises(..) | Law::Falls(..));
    if !function.laws.iter().any(monotone) {
        return None;
    }
    let specials = arguments::fixed::<F>();
    Some(survey(function, 100, |survey, k| {
        let starts = if k == 0 { specials.clone() } else { arguments::one(k, &specials) };
        let mut random = Random(k);
        for start in starts.into_iter().filter(|x| !x.is_nan()) {
            let step = if random.below(4) == 0 { 1 << random.below(u64::from(F::FRACTION) - 8) } else { 1 };
            let x: Vec<F> = (-16..16).map(|k| F::at(start.place() + k * step)).collect();
            survey.order(&x);
            survey.seen += x.len() as u64;
        }
    }))
}

#[test]
fn results_rise_and_fall_as_they_should() {
    hold::<f64>(ordered);
    hold::<f32>(ordered);
}

/// The bits of a result depend neither on the place in the array nor on its length.
fn placed<F: Float>(function: &'static Function) {
    const ROOM: usize = 70;
    let specials = arguments::specials::<F>();
    let of = F::of(function);
    for round in 0..2 {
        let mut random = Random(round);
        let draw = |random: &mut Random| match random.below(2) {
            0 => F::narrow(random.between(-4.0, 4.0)),
            _ => specials[random.below(specials.len() as u64) as usize],
        };
        let [x, y]: [Vec<F>; 2] = [(); 2].map(|()| (0..2 * ROOM).map(|_| draw(&mut random)).collect());
        for level in levels() {
            let alone = |k: usize| {
                let mut out = [F::of_bits(0)];
                of.run(level, &x[k..=k], &y[k..=k], &mut out);
                out[0]
            };
            let alone: Vec<F> = (0..2 * ROOM).map(alone).collect();
            let mut out = [F::of_bits(0); 2 * ROOM];
            for start in 0..ROOM {
                for end in start..=start + ROOM {
                    of.run(level, &x[start..end], &y[start..end], &mut out[start..end]);
                    for k in start..end {
                        let at =
                            format!("{} {} {}, element {k} of {start}..{end}", function.name, F::NAME, level.name());
                        assert!(alone[k].same(out[k]), "{at}: {:?} is {:?}, or {:?} alone", x[k], out[k], alone[k]);
                    }
                }
            }
        }
    }
}

#[test]
fn bits_depend_on_no_offset_and_no_length() {
    for function in FUNCTIONS {
        placed::<f64>(function);
        placed::<f32>(function);
    }
}

/// Takes a minute or two for each function.
#[test]
#[ignore = "slow: every f32"]
fn every_f32_is_as_it_should() {
    hold::<f32>(|function| {
        let single = function.arity == 1;
        single.then(|| {
            println!("{}", function.name);
            every(function)
        })
    });
}
