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
    /// Each, with the invariant that finds it out.
    pub(crate) const ALL: [(Self, &'static str); 11] = [
        (Self::GuardOff, "guard_is_kept"),
        (Self::AllowanceIgnored, "allowance_is_kept"),
        (Self::PartialDeclaredComplete, "nothing_is_taken_without_evidence"),
        (Self::HeldGivenAsAbsent, "held_is_left_alone"),
        (Self::UnknownToldAsNotSent, "service_is_as_wanted"),
        (Self::FailureToldAsSuccess, "service_is_as_wanted"),
        (Self::RefusedTokenToldAsForbidden, "refused_token_stops"),
        (Self::StoresSkipped, "intents_before_effects"),
        (Self::RemovalsForgotten, "guard_is_kept"),
        (Self::IntentsForgotten, "service_is_as_wanted"),
        (Self::GroupsManagedAllTheSame, "groups_off_means_off"),
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
