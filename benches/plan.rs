//! What planning a whole company costs, as a ratio to a hash join measured in the same run.
//!
//! ```text
//! cargo bench -p idbridge-benches --bench plan                 10,000 and 100,000 users
//! cargo bench -p idbridge-benches --bench plan -- --million    1,000,000 users as well, which needs 8 GB
//! cargo bench -p idbridge-benches --bench plan -- --quick      1,000 users, to see that it runs
//! ```
//!
//! The company is read from JSON by the public path, a million people from several files, and planned by `plan`. The floor is given records of a fixed size with interned identifiers.
//!
//! | measured | floor |
//! | --- | --- |
//! | a plan of a day's churn | a hash join of users, groups and memberships with the same differences |
//! | a plan with nothing to do | the same without differences |
//! | a first plan | the same, with nothing there |
//! | JSON to a plan with nothing to do | the JSON into borrowed structs by serde, interned, then the join |
//!
//! | one event taken in and planned | none: the time, and its ratio to the same in the company of 10,000 |
//!
//! The join and the plan must count the same differences.

mod bare;
mod company;
mod event;
mod join;
mod measure;
mod remembered;

use std::hint::black_box;
use std::time::SystemTime;

use bare::Interned;
use company::Company;
use event::Events;
use idbridge_planner::{Desired, GroupManagement, LastSent, Observed, Plan, Policy, State, plan};
use idbridge_scim::Profile;
use join::{Side, join};
use measure::{compare, compare_to, has_argument, is_quick, say};
use remembered::{counts, looked_up, nothing_there, read, read_company, state};

/// The most that each plan may cost, in hash joins, and where it is not said, nothing.
struct Goals {
    churn: Option<f64>,
    nothing: Option<f64>,
    first: Option<f64>,
    text: Option<f64>,
}

fn main() {
    if is_quick() {
        measure_company(1_000, &Goals { churn: None, nothing: None, first: None, text: None }, None);
        return;
    }
    let small = measure_company(10_000, &Goals { churn: None, nothing: Some(5.0), first: Some(20.0), text: Some(1.5) }, None);
    measure_company(100_000, &Goals { churn: Some(6.0), nothing: Some(6.0), first: Some(20.0), text: Some(1.5) }, small);
    if has_argument("--million") {
        measure_company(1_000_000, &Goals { churn: Some(4.5), nothing: Some(4.0), first: Some(20.0), text: None }, small);
    }
}

/// Measures everything for one company, and returns how long an event took.
fn measure_company(users: u32, goals: &Goals, small: Option<Events>) -> Option<Events> {
    let company = Company::new(users);
    say(&format!("{users} users, {} groups", company.groups()));
    let wanted = read_company(company);
    let Some((mut wanted, state)) = wanted.and_then(|wanted| state(&wanted).map(|state| (wanted, state))) else {
        say("the company of the benchmark cannot be read");
        return None;
    };
    // A file of a million people is longer than what is read of one.
    if users < 1_000_000 {
        measure_text(&company.text(), &state, goals);
    }
    measure_first(company, &wanted, goals);
    measure_nothing(company, &wanted, &state, goals);
    measure_churn(company, &wanted, &state, goals);
    event::measure(company, &mut wanted, &state, small)
}

fn measure_text(text: &str, state: &State, goals: &Goals) {
    let mut interned = Interned::default();
    let Some(there) = bare::read(text, &mut interned) else { return say("the floor cannot read the directory") };
    let nothing = Observed::default();
    compare_to(
        "  JSON to a plan with nothing to do / serde and hash join",
        goals.text,
        || drop(black_box(read(text).map(|wanted| planned(&wanted, &nothing, state, &LastSent::default())))),
        || drop(black_box(bare::read(text, &mut interned).map(|wanted| join(&wanted, &there)))),
    );
}

fn measure_first(company: Company, wanted: &Desired, goals: &Goals) {
    let (observed, state, last_sent) = (nothing_there(), State::default(), LastSent::default());
    let (wanted_side, there) = (Side::of(company), Side::default());
    let first = || planned(wanted, &observed, &state, &last_sent);
    assert_eq!(counts(&first()), join(&wanted_side, &there).counts(), "the plan and the join count the same");
    compare_to("  first plan / hash join", goals.first, || drop(black_box(first())), || drop(black_box(join(&wanted_side, &there))));
}

fn measure_nothing(company: Company, wanted: &Desired, state: &State, goals: &Goals) {
    let (observed, last_sent) = (Observed::default(), LastSent::default());
    let side = Side::of(company);
    let nothing = || planned(wanted, &observed, state, &last_sent);
    assert!(nothing().is_empty() && LastSent::needed(wanted, state).is_empty(), "a plan of what is there has nothing to do");
    compare_to(
        "  plan with nothing to do / hash join",
        goals.nothing,
        || drop(black_box(nothing())),
        || drop(black_box(join(&side, &side))),
    );
    compare(
        "  whose last values are needed, of nobody / hash join",
        || drop(black_box(LastSent::needed(wanted, state))),
        || drop(black_box(join(&side, &side))),
    );
}

fn measure_churn(company: Company, before: &Desired, state: &State, goals: &Goals) {
    let churned = company.churned();
    let Some(wanted) = read_company(churned) else { return say("the churned company cannot be read") };
    let (last_sent, observed) = looked_up(&wanted, before, state, churned);
    let (wanted_side, there) = (Side::of(churned), Side::of(company));
    let churn = || planned(&wanted, &observed, state, &last_sent);
    let differences = join(&wanted_side, &there).counts();
    assert_eq!(counts(&churn()), differences, "the plan and the join count the same");
    say(&format!("  churn: {differences:?}"));
    compare_to("  plan of the churn / hash join", goals.churn, || drop(black_box(churn())), || drop(black_box(join(&wanted_side, &there))));
}

fn planned(wanted: &Desired, observed: &Observed, state: &State, last_sent: &LastSent) -> Plan {
    let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    plan(wanted, observed, state, last_sent, &policy, SystemTime::UNIX_EPOCH)
}
