//! Wrong callers: each breaks one promise at the border of the planner, and each must be found out, by the invariant that is there for it.

/// What a caller does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutation {
    /// The guard has no limit.
    GuardOff,
    /// More is allowed than a person said.
    AllowanceIgnored,
    /// A source that was not read to its end is given as complete.
    PartialDeclaredComplete,
    /// Who is held is left out.
    HeldGivenAsAbsent,
    /// A request that may have arrived is told as one that was never sent.
    UnknownToldAsNotSent,
    /// A failure is told as a success.
    FailureToldAsSuccess,
    /// A refused token is told as something else.
    RefusedTokenToldAsForbidden,
    /// Nothing is stored before the end.
    StoresSkipped,
    /// What was taken away is forgotten at each start.
    RemovalsForgotten,
    /// What was under way is forgotten at each start.
    IntentsForgotten,
    /// Groups are managed although they shall not be.
    GroupsManagedAllTheSame,
}

impl Mutation {
    /// Each, with the invariant that finds it out, and a seed by which it does.
    pub(crate) const ALL: [(Self, &'static str, u64); 11] = [
        (Self::GuardOff, "guard_is_kept", 9),
        (Self::AllowanceIgnored, "allowance_is_kept", 38),
        (Self::PartialDeclaredComplete, "nothing_is_taken_without_evidence", 1),
        (Self::HeldGivenAsAbsent, "held_is_left_alone", 1),
        (Self::UnknownToldAsNotSent, "service_is_as_wanted", 15_491),
        (Self::FailureToldAsSuccess, "service_is_as_wanted", 4),
        (Self::RefusedTokenToldAsForbidden, "refused_token_stops", 23),
        (Self::StoresSkipped, "intents_before_effects", 0),
        (Self::RemovalsForgotten, "guard_is_kept", 38),
        (Self::IntentsForgotten, "service_is_as_wanted", 105),
        (Self::GroupsManagedAllTheSame, "groups_off_means_off", 0),
    ];

    /// The tables of the store that are lost at each start.
    pub(crate) fn forgets(self) -> Vec<&'static str> {
        match self {
            Self::RemovalsForgotten => vec!["removed/"],
            Self::IntentsForgotten => vec!["intent/"],
            _ => Vec::new(),
        }
    }
}
