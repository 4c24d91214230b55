//! What planning a whole company takes of memory, in bytes a user, counted at the allocator.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench plan_memory                 10,000 and 100,000 users
//! cargo bench -p idbridge-benches --bench plan_memory -- --million    1,000,000 users as well, which needs 8 GB
//! cargo bench -p idbridge-benches --bench plan_memory -- --quick      1,000 users, to see that it runs
//! ```
//!
//! Counted are the bytes that were asked for, not the pages of the process: so the figures are the same in each run and on each machine. Counting
//! takes time, which is why it is a benchmark of its own.

mod company;
mod join;
mod measure;
mod remembered;

use std::time::SystemTime;

use company::Company;
use idbridge_planner::{Desired, GroupManagement, LastSent, Observed, Plan, Policy, State, plan};
use idbridge_scim::Profile;
use measure::{has_argument, is_quick, judge, say};
use peak_alloc::PeakAlloc;
use remembered::{looked_up, nothing_there, read_company, state};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most bytes a user that the index of a state may hold, with five memberships.
const INDEX: f64 = 256.0;
/// The most bytes a user that planning may need besides what goes in and what comes out.
const WORKING: f64 = 64.0;

fn main() {
    if is_quick() {
        return measure_company(1_000, false);
    }
    measure_company(10_000, true);
    measure_company(100_000, true);
    if has_argument("--million") {
        measure_company(1_000_000, true);
    }
}

fn measure_company(users: u32, is_judged: bool) {
    let goal = |goal: f64| is_judged.then_some(goal);
    let per_user = |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / f64::from(users);
    let company = Company::new(users);
    say(&format!("{users} users, {} groups", company.groups()));

    let (wanted, input) = kept(|| read_company(company));
    let Some(wanted) = wanted else { return say("the company of the benchmark cannot be read") };
    judge("  the input, Desired", per_user(input), "bytes a user", None);
    let (state, index) = kept(|| state(&wanted));
    let Some(state) = state else { return say("the state of the benchmark cannot be restored") };
    judge("  the index of the state", per_user(index), "bytes a user", goal(INDEX));

    let nothing = planned(&wanted, &Observed::default(), &state, &LastSent::default());
    // A plan that does nothing is nothing to keep, so what it holds counts as well.
    judge("  planning with nothing to do", per_user(nothing.working + nothing.plan), "bytes a user", goal(WORKING));
    let first = planned(&wanted, &nothing_there(), &State::default(), &LastSent::default());
    judge("  a first plan", per_user(first.plan), "bytes a user", None);
    judge("  planning it, besides the plan", per_user(first.working), "bytes a user", goal(WORKING));

    let Some(churned) = read_company(company.churned()) else { return say("the churned company cannot be read") };
    let (last_sent, observed) = looked_up(&churned, &wanted, &state, company.churned());
    drop(wanted);
    let churn = planned(&churned, &observed, &state, &last_sent);
    judge("  a plan of the churn", per_user(churn.plan), "bytes a user", None);
    judge("  planning it, besides the plan", per_user(churn.working), "bytes a user", goal(WORKING));
}

/// The bytes that a plan holds, and how many more there were at most while it was made.
struct Planned {
    plan: usize,
    working: usize,
}

fn planned(wanted: &Desired, observed: &Observed, state: &State, last_sent: &LastSent) -> Planned {
    let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    MEMORY.reset_peak_usage();
    let (made, held): (Plan, usize) = kept(|| plan(wanted, observed, state, last_sent, &policy, SystemTime::UNIX_EPOCH));
    let working = MEMORY.peak_usage() - MEMORY.current_usage();
    drop(made);
    Planned { plan: held, working }
}

/// The bytes that are still in use behind `make`.
fn kept<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = MEMORY.current_usage();
    let made = make();
    (made, MEMORY.current_usage().saturating_sub(before))
}
