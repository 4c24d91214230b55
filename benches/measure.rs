//! How the benchmarks measure: each thing beside a floor, in turn, in one run.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::io::Write as _;
use std::time::{Duration, Instant};

/// How often each pair is measured; the median is printed, with the smallest and the largest ratio.
const ROUNDS: usize = 7;

/// How often a pair is measured whose measurement takes [`LONG`]: the machine's other work is a small part of it.
const FEW_ROUNDS: usize = 3;

/// How long one measurement lasts at least: shorter ones measure the machine's other work.
const LEAST: Duration = Duration::from_millis(20);

/// From here on a measurement is long.
const LONG: Duration = Duration::from_secs(1);

/// Whether only a look is wanted, to see that it runs: `--quick`, and `--test` as cargo asks for it.
pub(crate) fn is_quick() -> bool {
    has_argument("--quick") || has_argument("--test")
}

/// Whether the benchmark was called with this argument.
pub(crate) fn has_argument(wanted: &str) -> bool {
    std::env::args().any(|argument| argument == wanted)
}

/// Measures the two in turn, and prints the median of the ratios.
pub(crate) fn compare(name: &str, measured: impl FnMut(), floor: impl FnMut()) {
    compare_to(name, None, measured, floor);
}

/// The same, and says whether the median is within the goal, if there is one.
pub(crate) fn compare_to(name: &str, goal: Option<f64>, mut measured: impl FnMut(), mut floor: impl FnMut()) {
    let least = if is_quick() { LEAST / 20 } else { LEAST };
    let (often, floor_often) = (repetitions(&mut measured, least), repetitions(&mut floor, least));
    let mut ratios = Vec::new();
    let mut lasted = Duration::ZERO;
    while ratios.len() < if lasted >= LONG { FEW_ROUNDS } else { ROUNDS } {
        lasted = time(&mut measured, often);
        let (measured, floor) = (lasted / often, time(&mut floor, floor_often) / floor_often);
        ratios.push((measured.as_secs_f64() / floor.as_secs_f64().max(1e-9), measured, floor));
    }
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let (Some(least), Some(middle), Some(most)) = (ratios.first(), ratios.get(ratios.len() / 2), ratios.last()) {
        let times = format!("({:.2} to {:.2}), {:.2?} / {:.2?}", least.0, most.0, middle.1, middle.2);
        say(&format!("{name}: {:.2} x {times}{}", middle.0, verdict(middle.0, goal, "x")));
    }
}

/// Prints a figure, and whether it is within the goal, if there is one.
pub(crate) fn judge(name: &str, figure: f64, unit: &str, goal: Option<f64>) {
    say(&format!("{name}: {figure:.1} {unit}{}", verdict(figure, goal, unit)));
}

/// Measures how long `work` takes, as the median of several rounds.
pub(crate) fn duration(mut work: impl FnMut()) -> Duration {
    let often = repetitions(&mut work, if is_quick() { LEAST / 20 } else { LEAST });
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| time(&mut work, often) / often).collect();
    times.sort();
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell where this cannot be printed.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn verdict(figure: f64, goal: Option<f64>, unit: &str) -> String {
    match goal {
        Some(goal) if figure <= goal => format!(" | goal {goal} {unit}: met"),
        Some(goal) => format!(" | goal {goal} {unit}: MISSED"),
        None => String::new(),
    }
}

/// How often `work` is repeated, so that one measurement of it lasts `least`.
fn repetitions(work: &mut impl FnMut(), least: Duration) -> u32 {
    let mut often: u32 = 1;
    while time(work, often) < least {
        often = often.saturating_mul(2);
    }
    often
}

fn time(work: &mut impl FnMut(), often: u32) -> Duration {
    let started = Instant::now();
    for _ in 0..often {
        work();
    }
    started.elapsed()
}
