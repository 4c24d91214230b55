//! A plan in a file: written once, read by people's programs, and carried out later over exactly the inputs that it was made of.
//!
//! The list of what is kept of a plan is [`Body`], [`Body::of`] and [`Body::into_plan`], one below the other.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use idbridge_scim::AttrPath;
use serde::{Deserialize, Serialize};

use crate::desired::{Answer, Coverage, Desired, Evidence};
use crate::error::{Error, ErrorKind};
use crate::finding::Finding;
use crate::key::{GroupKey, UserKey};
use crate::look::Look;
use crate::operation::{Held, Operation, Withheld};
use crate::plan::{Cost, Drifted, Plan, Tripped};
use crate::policy::Policy;
use crate::scope::Scope;
use crate::state::{Digest, Fingerprint, State, StateChange};

/// By what a file is known as a saved plan.
const FORMAT: &str = "idbridge plan";
/// The version of the layout; another one is not read.
const VERSION: u64 = 1;
/// What stands before the digest, which is the last of the file.
const DIGEST: &str = ",\"digest\":\"";

/// A plan with the fingerprints of what it was made of, so that it can be kept, read, and carried out later over the same inputs and no others.
///
/// A `SavedPlan` that was read is one whose inputs have not changed: the same service, the same state to the last membership, and a policy that
/// decides the same. Pace ([`Policy::rates`], [`Policy::in_flight`], [`Policy::attempts`]) decides nothing and may differ. Whoever reads the directory
/// again asks [`is_made_from`](Self::is_made_from). The fingerprints are computed here and not by [`plan`](crate::plan()), because to read a million
/// links once more costs more than to plan.
///
/// The JSON is one line, the same bytes for the same plan:
///
/// | key | holds |
/// | --- | --- |
/// | `format`, `version` | `idbridge plan` and 1 |
/// | `service` | the caller's name for the service, if it has one |
/// | `state`, `desired` | the fingerprints of what was remembered and of what was wanted |
/// | `policy` | what decides of the policy, each value as text |
/// | `cost` | [`Cost`]: requests by kind, writes, reads, the shortest time |
/// | `plan` | `operations` (`key`, `label`, `kind` with its `name`, `because`, `requires`, `after`), `withheld`, `held`, `findings`, `tripped`, `unchanged`, and what a [`Run`](crate::Run) needs besides |
/// | `digest` | of all bytes before it |
///
/// # Security
///
/// It holds the names and attributes of people, and a password where one is mapped. The digest tells of accidents, not of attackers: who may write the
/// file may compute it anew, and so decides what is sent. Keep it where the state is kept.
///
/// # Examples
///
/// ```
/// use idbridge_planner::{plan, Coverage, Desired, GroupManagement, LastSent, Observed, Policy, SavedPlan, State, StateChange};
/// use idbridge_scim::Profile;
/// use std::time::SystemTime;
///
/// let (desired, mut state) = (Desired::new(Coverage::Complete), State::default());
/// let policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
/// let plan = plan(&desired, &Observed::default(), &state, &LastSent::default(), &policy, SystemTime::UNIX_EPOCH);
///
/// let json = SavedPlan::new(plan, &desired, &state, &policy).to_json();
/// let saved = SavedPlan::from_json(json.as_bytes(), &state, &policy)?;
/// assert!(saved.is_made_from(&desired) && saved.plan().is_empty());
///
/// // Something happened since.
/// state.apply(&StateChange::ServiceNamed { service: "/tenant/scim/v2".to_owned() });
/// let refused = SavedPlan::from_json(json.as_bytes(), &state, &policy).unwrap_err();
/// assert!(refused.to_string().contains("the service was none and is \"/tenant/scim/v2\""));
/// # Ok::<(), idbridge_planner::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SavedPlan {
    plan: Plan,
    service: Option<String>,
    state: Digest,
    desired: Digest,
    policy: BTreeMap<String, String>,
}

impl SavedPlan {
    /// Takes a plan with exactly the inputs that it was made of: over others, it would be believed where it should be refused.
    #[must_use]
    pub fn new(plan: Plan, desired: &Desired, state: &State, policy: &Policy) -> Self {
        Self {
            plan,
            service: state.service().map(ToOwned::to_owned),
            state: state.fingerprint(),
            desired: desired.fingerprint(),
            policy: deciding(policy),
        }
    }

    /// Writes it as JSON, on one line. Times are written to the millisecond, as a state keeps them.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written {
            format: FORMAT.into(),
            version: VERSION,
            service: self.service.as_deref().map(Cow::Borrowed),
            state: self.state,
            desired: self.desired,
            policy: Cow::Borrowed(&self.policy),
            cost: self.plan.cost().clone(),
            plan: Body::of(&self.plan),
        };
        // Only strings, numbers and maps with string keys are written, which JSON can always carry.
        let mut json = serde_json::to_string(&written).unwrap_or_default();
        json.pop();
        let digest = Digest::of_text(&json);
        json.push_str(&format!("{DIGEST}{digest}\"}}"));
        json
    }

    /// Reads what [`to_json`](Self::to_json) wrote, to be carried out over this state by this policy. Time and memory grow with the length of the
    /// text, however it is made.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SavedPlan`] with the place, if the text is no saved plan or was cut; [`ErrorKind::SavedPlanVersion`] of another version;
    /// [`ErrorKind::SavedPlanAltered`] if a byte of it was changed; [`ErrorKind::InputChanged`], with which and how, if the service, the state or what
    /// decides of the policy is not what the plan was made of. After each of them: plan again.
    pub fn from_json(json: &[u8], state: &State, policy: &Policy) -> Result<Self, Error> {
        let text = std::str::from_utf8(json).map_err(|error| {
            let before = json.get(..error.valid_up_to()).unwrap_or_default();
            unreadable(before, "expected UTF-8".to_owned())
        })?;
        let text = text.trim_ascii_end();
        let header: Header = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        if header.format.as_deref() != Some(FORMAT) {
            return Err(unreadable(b"", format!("expected the format {FORMAT:?}, found {:?}", header.format.unwrap_or_default())));
        }
        if header.version != Some(VERSION) {
            let kind = ErrorKind::SavedPlanVersion { expected: VERSION, found: header.version.unwrap_or_default() };
            return Err(Error::new(kind));
        }
        check_digest(text)?;
        let written: Written<'static> = serde_json::from_str(text).map_err(|error| not_json(&error))?;
        let saved = Self {
            service: written.service.map(Cow::into_owned),
            state: written.state,
            desired: written.desired,
            policy: written.policy.into_owned(),
            plan: written.plan.into_plan(policy).map_err(|reason| unreadable(text.as_bytes(), reason))?,
        };
        saved.check(state, policy)?;
        Ok(saved)
    }

    /// Whether this is what the directory wanted when the plan was made, findings and reasons included. Where it is not, plan again.
    #[must_use]
    pub fn is_made_from(&self, desired: &Desired) -> bool {
        self.desired == desired.fingerprint()
    }

    /// Returns the plan, to be read and run.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the plan alone.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// Refuses a plan over other inputs than those that it was made of; the first difference is told.
    fn check(&self, state: &State, policy: &Policy) -> Result<(), Error> {
        let changed = |input: &str, then: String, now: String, remedy| {
            Err(Error::new(ErrorKind::InputChanged { input: input.to_owned(), then, now, remedy }))
        };
        if self.service.as_deref() != state.service() {
            let named = |service: Option<&str>| service.map_or_else(|| "none".to_owned(), |service| format!("{service:?}"));
            return changed(
                "the service",
                named(self.service.as_deref()),
                named(state.service()),
                "apply it over the state of its own service",
            );
        }
        for (name, now) in deciding(policy) {
            let then = self.policy.get(&name).cloned().unwrap_or_else(|| "not known".to_owned());
            if then != now {
                return changed(&format!("the policy's {name}"), then, now, "set it as it was, or plan again");
            }
        }
        let now = state.fingerprint();
        if self.state != now {
            return changed("the state", self.state.to_string(), now.to_string(), "something was synced since; plan again");
        }
        Ok(())
    }
}

/// The file. What is read first is in [`Header`] as well.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    format: Cow<'a, str>,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service: Option<Cow<'a, str>>,
    state: Digest,
    desired: Digest,
    policy: Cow<'a, BTreeMap<String, String>>,
    // For other programs; counted anew when it is read.
    #[serde(skip_deserializing)]
    cost: Cost,
    plan: Body<'a>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    version: Option<u64>,
}

/// What is kept of a plan.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body<'a> {
    operations: Cow<'a, [Operation]>,
    withheld: Cow<'a, [Withheld]>,
    held: Cow<'a, [Held]>,
    findings: Cow<'a, [Finding]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tripped: Option<Tripped>,
    bookkeeping: Cow<'a, [StateChange]>,
    unchanged: usize,
    people: Cow<'a, BTreeMap<UserKey, String>>,
    scope: Cow<'a, Scope>,
    created_members: Cow<'a, BTreeMap<GroupKey, BTreeSet<UserKey>>>,
    rejoins: Cow<'a, BTreeMap<UserKey, BTreeSet<GroupKey>>>,
    removes_no_members: bool,
    frozen: Cow<'a, BTreeSet<UserKey>>,
    drift: Cow<'a, [Drifted]>,
    looks: Cow<'a, [Look]>,
    managed_user: Vec<String>,
    managed_group: Vec<String>,
}

impl<'a> Body<'a> {
    /// Borrows what is kept.
    fn of(plan: &'a Plan) -> Self {
        Self {
            operations: Cow::Borrowed(&plan.operations),
            withheld: Cow::Borrowed(&plan.withheld),
            held: Cow::Borrowed(&plan.held),
            findings: Cow::Borrowed(&plan.findings),
            tripped: plan.tripped.clone(),
            bookkeeping: Cow::Borrowed(&plan.bookkeeping),
            unchanged: plan.unchanged,
            people: Cow::Borrowed(&plan.people),
            scope: Cow::Borrowed(&plan.scope),
            created_members: Cow::Borrowed(&plan.created_members),
            rejoins: Cow::Borrowed(&plan.rejoins),
            removes_no_members: plan.removes_no_members,
            frozen: Cow::Borrowed(&plan.frozen),
            drift: Cow::Borrowed(&plan.drift),
            looks: Cow::Borrowed(&plan.looks),
            managed_user: plan.managed_user.iter().map(ToString::to_string).collect(),
            managed_group: plan.managed_group.iter().map(ToString::to_string).collect(),
        }
    }

    /// Makes the plan again; what follows from the rest, such as the cost, is computed anew.
    fn into_plan(self, policy: &Policy) -> Result<Plan, String> {
        check_places(&self.operations)?;
        Ok(Plan {
            cost: Cost::of(&self.operations, policy),
            operations: self.operations.into_owned(),
            withheld: self.withheld.into_owned(),
            held: self.held.into_owned(),
            findings: self.findings.into_owned(),
            tripped: self.tripped,
            bookkeeping: self.bookkeeping.into_owned(),
            unchanged: self.unchanged,
            people: self.people.into_owned(),
            scope: self.scope.into_owned(),
            created_members: self.created_members.into_owned(),
            rejoins: self.rejoins.into_owned(),
            removes_no_members: self.removes_no_members,
            frozen: self.frozen.into_owned(),
            drift: self.drift.into_owned(),
            looks: self.looks.into_owned(),
            managed_user: paths(&self.managed_user)?,
            managed_group: paths(&self.managed_group)?,
        })
    }
}

fn paths(texts: &[String]) -> Result<Vec<AttrPath>, String> {
    texts.iter().map(|text| text.parse().map_err(|error| format!("{text:?}: {error}"))).collect()
}

/// An operation that waits for one that is not there would wait for nothing, and go out too early.
fn check_places(operations: &[Operation]) -> Result<(), String> {
    let mut places = operations.iter().flat_map(|operation| operation.requires.iter().chain(&operation.after));
    match places.find(|place| **place >= operations.len()) {
        None => Ok(()),
        Some(place) => Err(format!("expected the place of one of {} operations, found {place}", operations.len())),
    }
}

/// The digest is the last of the file, so that what it is of is all that stands before it, byte for byte.
fn check_digest(text: &str) -> Result<(), Error> {
    let at_end = text.rsplit_once(DIGEST).and_then(|(before, rest)| Some((before, rest.strip_suffix("\"}")?)));
    let expected = at_end.and_then(|(before, digest)| Some((before, Digest::try_from(digest.to_owned()).ok()?)));
    let Some((before, expected)) = expected else {
        return Err(unreadable(text.as_bytes(), "expected its digest at the end".to_owned()));
    };
    let found = Digest::of_text(before);
    if expected == found {
        return Ok(());
    }
    Err(Error::new(ErrorKind::SavedPlanAltered { expected, found }))
}

/// What was found behind these bytes.
fn unreadable(before: &[u8], reason: String) -> Error {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    Error::new(ErrorKind::SavedPlan { line, column, reason })
}

fn not_json(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let reason = error.to_string().replace(&format!(" at line {line} column {column}"), "");
    Error::new(ErrorKind::SavedPlan { line, column, reason })
}

/// What decides of a policy: which objects, how much, in how large requests. How fast does not.
fn deciding(policy: &Policy) -> BTreeMap<String, String> {
    let guard = &policy.guard;
    let entries = [
        ("groups", format!("{:?}", policy.groups)),
        ("guard.least", guard.least.to_string()),
        ("guard.share", guard.share.to_string()),
        ("guard.window", format!("{:?}", guard.window)),
        ("allowance", policy.allowance.map_or_else(|| "none".to_owned(), |allowance| allowance.to_string())),
        ("unmanaged_members", format!("{:?}", policy.unmanaged_members)),
        ("members_per_request", policy.members_per_request.to_string()),
        ("page_caps", format!("{:?}", policy.page_caps)),
        ("user_update", format!("{:?}", policy.user_update)),
        ("suspended_newcomers", format!("{:?}", policy.suspended_newcomers)),
        ("protected", policy.protected.to_string()),
        ("drift", format!("{:?}", policy.drift)),
    ];
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Desired {
    /// Computes a digest of all that is wanted: every answer with its reasons, what is managed, and whether the source was read to its end.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{Answer, Coverage, Desired, UserKey};
    ///
    /// let mut desired = Desired::new(Coverage::Complete);
    /// let before = desired.fingerprint();
    /// desired.set_user(UserKey::from("7"), Answer::Absent);
    /// assert_ne!(desired.fingerprint(), before);
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        let mut to = Fingerprint::default();
        if let Coverage::Partial { reasons } = self.coverage() {
            reasons.iter().for_each(|reason| to.text(reason));
        }
        to.flag(self.is_partial());
        for managed in [self.managed_user(), self.managed_group()] {
            to.number(managed.len());
            managed.iter().for_each(|path| to.text(&path.to_string()));
        }
        to.number(self.users().count());
        for (key, answer) in self.users() {
            to.text(key.as_str());
            write_answer(&mut to, answer, |to, user| {
                to.digest(Digest::of(&user.resource));
                to.text(&user.entitled_by);
                to.text(&user.inactive_reason().to_string());
            });
        }
        to.number(self.groups().count());
        for (key, answer) in self.groups() {
            to.text(key.as_str());
            write_answer(&mut to, &answer, |to, group| {
                to.digest(Digest::of(&group.resource));
                to.number(group.members.len());
                group.members.iter().for_each(|member| to.text(member.as_str()));
            });
        }
        write_findings(&mut to, self.findings());
        to.finish()
    }
}

/// Writes one answer, so that no two answers are written alike.
fn write_answer<T>(to: &mut Fingerprint, answer: &Answer<T>, want: impl FnOnce(&mut Fingerprint, &T)) {
    match answer {
        Answer::Want(wanted) => {
            to.number(0);
            want(to, wanted);
        }
        Answer::Hold(findings) => {
            to.number(1);
            write_findings(to, findings);
        }
        Answer::Present(presence) => {
            to.number(2);
            to.text(&presence.because.to_string());
            to.flag(presence.evidence == Evidence::Record);
        }
        Answer::Absent => to.number(3),
    }
}

fn write_findings(to: &mut Fingerprint, findings: &[Finding]) {
    to.number(findings.len());
    findings.iter().for_each(|finding| to.text(&serde_json::to_string(finding).unwrap_or_default()));
}
