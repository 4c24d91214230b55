//! What a plan costs: its requests by kind, and the shortest time that they take.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use idbridge_scim::UpdateMethod;
use serde::{Serialize, Serializer};

use crate::key::Key;
use crate::operation::{Operation, OperationKind};
use crate::plan::Plan;
use crate::policy::Policy;

/// The requests that a plan takes when nothing goes wrong, and the shortest time for them at the service's rates: the bill before the run.
///
/// The requests of a run are exactly these where every request is answered as wanted; look-ups behind conflicts, lost answers and repetitions come on
/// top. What was read before the plan was made is not in it.
///
/// Writes and reads go out in lines of their own, so the shortest time is that of the longer line: writes divided by
/// [`Rates::writes`](idbridge_scim::Rates), or reads divided by `Rates::reads`. The time of the answers is not in it.
///
/// # Examples
///
/// ```
/// # use idbridge_planner::{plan, Answer, Coverage, Desired, DesiredUser, GroupManagement, LastSent, Observed, Policy, State, UserKey};
/// # use idbridge_scim::{Profile, Resource, User};
/// # let mut desired = Desired::new(Coverage::Complete);
/// # for number in 0..50 {
/// #     let user = DesiredUser::new(Resource::from(User::new(format!("u{number}@example.com"))));
/// #     desired.set_user(UserKey::from(number.to_string()), Answer::Want(user));
/// # }
/// # let mut observed = Observed::default();
/// # observed.users_mut().complete();
/// # let now = std::time::SystemTime::UNIX_EPOCH;
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::Off);
/// let plan = plan(&desired, &observed, &State::default(), &LastSent::default(), &policy, now);
/// assert_eq!(plan.cost().to_string(), "50 writes (50 CreateUser), at least 2.0 s");
/// assert_eq!(plan.cost().requests.get("CreateUser"), Some(&50));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cost {
    /// How many requests of each kind, by AWS's name of the operation, such as `CreateUser`; kinds that are not needed are not in it.
    pub requests: BTreeMap<&'static str, usize>,
    /// How many of them write.
    pub writes: usize,
    /// How many of them read: with PUT, each changed user is read first.
    pub reads: usize,
    /// The shortest time at the service's rates; in JSON `shortest_seconds`, a number of seconds.
    #[serde(rename = "shortest_seconds", serialize_with = "in_seconds")]
    pub shortest_time: Duration,
}

impl Cost {
    /// Counts what these operations take by this policy.
    pub(super) fn of(operations: &[Operation], policy: &Policy) -> Self {
        let mut cost = Self::default();
        for operation in operations {
            let writes = operation.kind.requests(policy.members_per_request);
            if writes == 0 {
                continue;
            }
            let (write, read) = names_of(operation, policy.user_update);
            // GM-32: a group is created with its first members, and the others follow by PATCH.
            let first = if matches!(operation.kind, OperationKind::CreateGroup { .. }) { 1 } else { writes };
            *cost.requests.entry(write).or_default() += first;
            if writes > first {
                *cost.requests.entry("PatchGroup").or_default() += writes - first;
            }
            cost.writes += writes;
            if let Some(read) = read {
                *cost.requests.entry(read).or_default() += writes;
                cost.reads += writes;
            }
        }
        let (writes, reads) = (time_of(cost.writes, policy.rates.writes), time_of(cost.reads, policy.rates.reads));
        cost.shortest_time = writes.max(reads);
        cost
    }

    /// Counts all of them.
    #[must_use]
    pub fn total(&self) -> usize {
        self.writes + self.reads
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_read = |kind: &str| kind.starts_with("Get");
        let listed = |f: &mut fmt::Formatter<'_>, reads: bool| {
            let kinds = self.requests.iter().filter(|(kind, _)| is_read(kind) == reads);
            let kinds: Vec<String> = kinds.map(|(kind, count)| format!("{count} {kind}")).collect();
            write!(f, "{}", kinds.join(", "))
        };
        write!(f, "{} {}", self.writes, if self.writes == 1 { "write" } else { "writes" })?;
        if self.writes > 0 {
            f.write_str(" (")?;
            listed(f, false)?;
            f.write_str(")")?;
        }
        if self.reads > 0 {
            write!(f, " and {} {} (", self.reads, if self.reads == 1 { "read" } else { "reads" })?;
            listed(f, true)?;
            f.write_str(")")?;
        }
        write!(f, ", at least {}", shown(self.shortest_time))
    }
}

/// AWS's names of the write of an operation, and of the read before it, if there is one. Groups are changed by PATCH always.
fn names_of(operation: &Operation, user_update: UpdateMethod) -> (&'static str, Option<&'static str>) {
    match (&operation.kind, &operation.key) {
        (OperationKind::CreateUser { .. }, _) => ("CreateUser", None),
        (OperationKind::DeleteUser { .. }, _) => ("DeleteUser", None),
        (OperationKind::CreateGroup { .. }, _) => ("CreateGroup", None),
        (OperationKind::DeleteGroup { .. }, _) => ("DeleteGroup", None),
        (_, Key::User(_)) if user_update == UpdateMethod::Put => ("PutUser", Some("GetUser")),
        (_, Key::User(_)) => ("PatchUser", None),
        (_, Key::Group(_)) => ("PatchGroup", None),
    }
}

fn in_seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

/// The time that requests take at a rate; without an end where there is no rate.
fn time_of(requests: usize, rate: f64) -> Duration {
    let requests = u32::try_from(requests).unwrap_or(u32::MAX);
    Duration::try_from_secs_f64(f64::from(requests) / rate).unwrap_or(Duration::MAX)
}

/// A time as people say it: to a tenth of a second below a minute, then minutes, then hours.
fn shown(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

impl Plan {
    /// Returns what it costs when nothing goes wrong: its requests by kind, and the shortest time for them.
    #[must_use]
    pub fn cost(&self) -> &Cost {
        &self.cost
    }

    /// Counts the writes that it takes when nothing goes wrong: [`Cost::writes`].
    #[must_use]
    pub fn writes(&self) -> usize {
        self.cost.writes
    }

    /// Returns the shortest time that it takes at the service's rates: [`Cost::shortest_time`].
    #[must_use]
    pub fn shortest_time(&self) -> Duration {
        self.cost.shortest_time
    }
}
