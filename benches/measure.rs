//! How the benchmarks measure: each thing beside a floor, in turn, in one run.

use std::io::Write as _;
use std::time::{Duration, Instant};

/// How often each pair is measured; the median is printed, with the smallest and the largest ratio.
const ROUNDS: usize = 7;

/// How long one measurement lasts at least: shorter ones measure the machine's other work.
const LEAST: Duration = Duration::from_millis(20);

/// Whether only a look is wanted, to see that it runs: `--quick`, and `--test` as cargo asks for it.
pub(crate) fn is_quick() -> bool {
    std::env::args().any(|argument| argument == "--quick" || argument == "--test")
}

/// Measures the two in turn, and prints the median of the ratios.
pub(crate) fn compare(name: &str, mut measured: impl FnMut(), mut floor: impl FnMut()) {
    let least = if is_quick() { LEAST / 20 } else { LEAST };
    let (often, floor_often) = (repetitions(&mut measured, least), repetitions(&mut floor, least));
    let mut ratios: Vec<(f64, Duration, Duration)> = (0..ROUNDS)
        .map(|_| {
            let (measured, floor) = (time(&mut measured, often) / often, time(&mut floor, floor_often) / floor_often);
            (measured.as_secs_f64() / floor.as_secs_f64().max(1e-9), measured, floor)
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let (Some(least), Some(middle), Some(most)) = (ratios.first(), ratios.get(ROUNDS / 2), ratios.last()) {
        say(&format!("{name}: {:.2} x ({:.2} to {:.2}), {:.2?} / {:.2?}", middle.0, least.0, most.0, middle.1, middle.2));
    }
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    // Nobody is left to tell where this cannot be printed.
    let _ = writeln!(std::io::stdout(), "{line}");
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
