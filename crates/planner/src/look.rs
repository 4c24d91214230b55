//! How the service was looked at: which way was chosen, for what, and what it took.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One way in which a [`Discovery`](crate::Discovery) looked at the service, and how many requests it took.
///
/// The way is the cheapest that gives the evidence that the plan needs; a way that the service refused is here with its one request.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{Answer, Coverage, Delivery, Desired, DesiredUser, Discovery, GroupManagement, LastSent, Machine, Policy, State, Step, UserKey};
/// use idbridge_scim::protocol::Reply;
/// use idbridge_scim::{ListResponse, Profile, Resource};
/// use std::time::SystemTime;
///
/// let mut desired = Desired::new(Coverage::Complete);
/// let anna = Resource::from_json(br#"{"userName":"anna@example.com","externalId":"5c39"}"#)?;
/// desired.set_user(UserKey::from("5c39"), Answer::Want(DesiredUser::new(anna)));
///
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::Off);
/// let mut discovery = Discovery::new(&desired, State::default(), LastSent::default(), &policy, 0);
/// let now = SystemTime::UNIX_EPOCH;
/// let Step::Send { id, .. } = discovery.next_step(now) else { panic!("the list is asked for") };
/// let page = ListResponse::cursor_page(Vec::new(), 0, None);
/// discovery.handle_delivery(id, Delivery::Answered(Reply::new(200, page.into())), now);
///
/// let looks = discovery.finish().observed.looks().to_vec();
/// assert_eq!(looks[0].to_string(), "users: list by cursor, 1 request (1 record to find)");
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Look {
    /// What was looked at.
    pub subject: Subject,
    /// How.
    pub way: Way,
    /// How many requests it took, repetitions included.
    pub requests: usize,
    /// What there was to know, such as `120 records to find`; may be empty.
    pub reason: String,
}

/// What a [`Look`] was at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Subject {
    /// Whether the service takes the token again (E-13).
    Token,
    /// What became of requests of an earlier run, and values that the store could not supply.
    Earlier,
    /// The users.
    Users,
    /// The groups.
    Groups,
    /// The members of groups.
    Members,
}

/// A way of looking at the service.
///
/// | way | requests | gives |
/// | --- | --- | --- |
/// | `Nothing` | 0 | what is remembered |
/// | `CursorList` | 1 for each 100 objects | everything, and that there is nothing else |
/// | `PlainList` | 1 | everything, unless it is as long as a page may be |
/// | `LookUps` | 1 or 2 for each record | these records, or that they are not there |
/// | `Reads` | 1 for each object | these objects, or that they are gone |
/// | `GroupsValue` | 1 for each 100 members of each group | all members, strangers among them |
/// | `MembersValue` | 1 for each user | the groups of these users |
/// | `PointChecks` | 1 for each user and group | whether these users are in these groups |
///
/// # Examples
///
/// ```
/// assert_eq!(idbridge_planner::Way::GroupsValue.to_string(), "groups.value");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Way {
    /// Nothing is asked: the state knows it, or there is nothing to know.
    Nothing,
    /// The whole list, page by page.
    CursorList,
    /// A list without a cursor, which is cut without a word (IC-20).
    PlainList,
    /// Each record by a filter: `externalId`, then the name.
    LookUps,
    /// Each object by its identifier.
    Reads,
    /// The users whose `groups.value` is a group, for each group.
    GroupsValue,
    /// The groups whose `members.value` is a user, for each user.
    MembersValue,
    /// `id eq .. and members eq ..`, for each group and user.
    PointChecks,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::Earlier => "earlier requests",
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Members => "members",
        })
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing to look at",
            Self::CursorList => "list by cursor",
            Self::PlainList => "list without a cursor",
            Self::LookUps => "look-ups by filter",
            Self::Reads => "one by one",
            Self::GroupsValue => "groups.value",
            Self::MembersValue => "members.value",
            Self::PointChecks => "id and members",
        })
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.way)?;
        match self.requests {
            0 => {}
            1 => f.write_str(", 1 request")?,
            requests => write!(f, ", {requests} requests")?,
        }
        if self.reason.is_empty() { Ok(()) } else { write!(f, " ({})", self.reason) }
    }
}
