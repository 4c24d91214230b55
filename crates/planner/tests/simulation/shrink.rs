//! Runs scripts, and makes one that fails as short as it can be while it still fails by the same invariant.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::invariants::Violation;
use crate::mutations::Mutation;
use crate::script::{Element, Script, Switches};
use crate::world::World;

/// A script that failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) violation: Violation,
    /// The plan and the calls of the sync that failed.
    pub(crate) last: Vec<String>,
}

/// How often a script is run while it is made shorter.
const RUNS: usize = 1_500;

impl Script {
    /// Carries the script out, to its end.
    pub(crate) fn run(&self, mutation: Option<Mutation>) -> Result<(), Failure> {
        self.run_told(mutation, &mut |_| ())
    }

    /// The same, and tells of each sync what it did.
    pub(crate) fn run_told(&self, mutation: Option<Mutation>, tell: &mut dyn FnMut(&str)) -> Result<(), Failure> {
        let mut world = World::new(self, mutation);
        let ran = catch_unwind(AssertUnwindSafe(|| {
            for element in &self.elements {
                world.happen(element)?;
                tell(&format!("{element:?}"));
                if matches!(element, Element::Sync) {
                    world.last.iter().for_each(|line| tell(line));
                }
            }
            world.end(self)
        }));
        let violation = match ran {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(violation)) => violation,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                Violation { invariant: "no_panic", what: text.unwrap_or_default() }
            }
        };
        Err(Failure { violation, last: world.last })
    }

    /// The shortest script found that fails by the same invariant, and how it fails.
    pub(crate) fn shrunk(&self, mutation: Option<Mutation>, failure: Failure) -> (Self, Failure) {
        let mut best = (self.clone(), failure);
        let mut runs = 0;
        let mut try_it = |candidate: Self, best: &mut (Self, Failure)| {
            runs += 1;
            match candidate.run(mutation) {
                Err(found) if runs <= RUNS && found.violation.invariant == best.1.violation.invariant => {
                    *best = (candidate, found);
                    true
                }
                _ => false,
            }
        };
        if best.0.forgets_at_the_end {
            let candidate = Self { forgets_at_the_end: false, ..best.0.clone() };
            try_it(candidate, &mut best);
        }
        let quiet = Self { switches: Switches::default(), ..best.0.clone() };
        try_it(quiet, &mut best);
        // Delta debugging: halves, quarters, and so on down to one by one, as long as that gets on.
        let mut size = best.0.elements.len().div_ceil(2);
        while size > 0 {
            let (mut from, mut got_on) = (0, false);
            while from < best.0.elements.len() {
                let mut candidate = best.0.clone();
                let end = (from + size).min(candidate.elements.len());
                candidate.elements.drain(from..end);
                if try_it(candidate, &mut best) {
                    got_on = true;
                } else {
                    from += size;
                }
            }
            if size > 1 || !got_on {
                size /= 2;
            }
        }
        best
    }
}

impl Failure {
    /// What a person needs to understand it.
    pub(crate) fn told(&self, script: &Script) -> String {
        let mut text = String::new();
        let Violation { invariant, what } = &self.violation;
        let _ =
            writeln!(text, "seed {} breaks {invariant}: {what}\nthe script, made short:\n{script}{}", script.seed, self.last.join("\n"));
        let _ = writeln!(
            text,
            "run it alone, with all that happens: IDBRIDGE_SEED={} cargo test -p idbridge-planner --test simulation",
            script.seed
        );
        text
    }
}
