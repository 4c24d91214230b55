//! What becomes of changes that others made at the service.

/// Whether changes that others made at the service are looked for, and what becomes of them.
///
/// What the directory changed is done by every plan. This is about the rest: what an administrator, or another program, changed at the service.
/// By default it is reported where it is seen, and nothing is undone. The `displayName` of users is never drift (AC-03).
///
/// A repair is an ordinary operation of the plan. What it takes away, a reactivation that is undone or a group that is deleted, counts in the
/// guard, and a member removal is withheld with the rest when it trips.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Correction, GroupManagement, Observation, Policy, Strangers};
/// use idbridge_scim::Profile;
///
/// let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// assert_eq!((policy.drift.observation, policy.drift.members), (Observation::Needed, Correction::Report));
///
/// // Once a night: look at everything, and set back what we manage. Groups that nobody manages are still left alone.
/// policy.drift.observation = Observation::Full;
/// policy.drift.attributes = Correction::Repair;
/// policy.drift.members = Correction::Repair;
/// assert_eq!(policy.drift.groups, Strangers::Report);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// How much is looked at. Default: [`Observation::Needed`].
    pub observation: Observation,
    /// What becomes of managed attributes that differ from what was last sent, the `userName` aside. Default: [`Correction::Report`].
    pub attributes: Correction,
    /// What becomes of a linked user whose `userName` differs although the directory did not change it (IC-05). Default: [`Correction::Report`],
    /// which holds the user with a finding `UserNameMismatch`, because the account may be somebody else's by now. A deactivation goes out all the
    /// same. It applies wherever the user is seen, also without a full observation; a difference in the case of letters alone is an attribute's.
    pub user_name: Correction,
    /// What becomes of members who are ours and missing, or ours and extra. Default: [`Correction::Report`]. Members that are nobody's are
    /// removed only where [`Policy::unmanaged_members`](crate::Policy::unmanaged_members) says so as well.
    pub members: Correction,
    /// What becomes of groups at the service that nobody manages. Default: [`Strangers::Report`].
    pub groups: Strangers,
}

/// How much of the service is looked at before planning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observation {
    /// What the evidence of the plan needs, which is nothing where nothing is new.
    #[default]
    Needed,
    /// Every linked object and the members of every managed group, and all groups, so that what others changed shows.
    Full,
}

/// What becomes of something that we manage and others changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Correction {
    /// It is listed in [`Plan::drift`](crate::Plan::drift) and stays as it is.
    #[default]
    Report,
    /// It is listed, and set back to what the directory says.
    Repair,
}

/// What becomes of groups at the service that nobody manages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strangers {
    /// They are listed in [`Plan::drift`](crate::Plan::drift) and stay as they are.
    #[default]
    Report,
    /// They are deleted, although they are not ours, and the permission sets that hang on them are lost. Each counts in the guard like a group of
    /// ours. A group that was disassociated is never among them while the directory has it (deleted there, it is nobody's and like any other), nor one that may belong to a record of the source; and none is deleted unless the
    /// source and the list of groups were read to their ends.
    Delete,
}
