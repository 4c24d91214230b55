//! What a sync asks and tells while it is at work.

use idbridge_planner::{Plan, Summary};

/// Whoever is asked before a plan is carried out, and told how far it is.
///
/// # Examples
///
/// ```
/// use idbridge_client::{Approval, Conversation};
/// use idbridge_planner::Plan;
///
/// /// Applies what harms nobody, and leaves the rest to a person.
/// struct Careful;
///
/// impl Conversation for Careful {
///     fn approve(&mut self, plan: &Plan) -> Approval {
///         let is_harmless = plan.operations().iter().all(|operation| operation.kind.risk() == idbridge_planner::Risk::Harmless);
///         if is_harmless { Approval::Apply } else { Approval::OnlyPlan }
///     }
/// }
/// # drop(Careful);
/// ```
pub trait Conversation {
    /// Whether nothing may be changed, at the service or in the store, whatever [`approve`](Self::approve) says.
    fn only_plans(&self) -> bool {
        false
    }

    /// Whether this plan is carried out. Called once, also for a plan that has nothing to do. It never lifts a guard.
    fn approve(&mut self, plan: &Plan) -> Approval;

    /// How far the run is; called behind every answer.
    fn progress(&mut self, progress: &Progress) {
        let _ = progress;
    }
}

/// Whether a plan is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a yes or a no")]
pub enum Approval {
    /// It is.
    Apply,
    /// It is not: the sync ends with the plan.
    OnlyPlan,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What became of the operations so far.
    pub summary: Summary,
    /// The writes that the plan takes when nothing goes wrong.
    pub expected_writes: usize,
}

/// Carries every plan out without a word.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to hold")]
pub struct ApplyAll;

impl Conversation for ApplyAll {
    fn approve(&mut self, _: &Plan) -> Approval {
        Approval::Apply
    }
}

/// Carries no plan out, and changes nothing in the store.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "it has nothing to hold")]
pub struct PlanOnly;

impl Conversation for PlanOnly {
    fn only_plans(&self) -> bool {
        true
    }

    fn approve(&mut self, _: &Plan) -> Approval {
        Approval::OnlyPlan
    }
}
