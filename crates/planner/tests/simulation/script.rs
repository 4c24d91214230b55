//! What happens in a simulation, as a value: one seed makes one script, and one script always runs the same.
//!
//! A script is a flat list, so that shrinking need only leave elements out. What belongs to a sync stands before its [`Element::Sync`].

use std::fmt;

use crate::directory::Change;

/// Everything that happens, and the service and the caller to which it happens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Script {
    /// Where delays, identifiers and short pages come from.
    pub(crate) seed: u64,
    pub(crate) switches: Switches,
    pub(crate) elements: Vec<Element>,
    /// Whether everything that is remembered is lost once more before the end.
    pub(crate) forgets_at_the_end: bool,
}

/// What the service and the caller are like; the default is the quietest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Switches {
    pub(crate) cursor: bool,
    pub(crate) cap: usize,
    pub(crate) page_size: usize,
    pub(crate) short_pages: bool,
    pub(crate) membership_filters: bool,
    pub(crate) unknown_member_is_not_found: bool,
    pub(crate) case_sensitive_filters: bool,
    pub(crate) active_when_omitted: bool,
    pub(crate) bare_errors: bool,
    pub(crate) throttles: bool,
    pub(crate) puts: bool,
    pub(crate) removes_strangers: bool,
    pub(crate) external_ids: bool,
    /// Whether an answer that was cut reaches the planner as one that cannot be read, and not as none.
    pub(crate) shows_cut_answers: bool,
    pub(crate) in_flight: usize,
    pub(crate) members_per_request: usize,
    /// Whether everything is looked at each time, and what others changed is set back.
    pub(crate) repairs: bool,
    /// Whether the policy protects what nobody asked to be managed.
    pub(crate) protects: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            cursor: true,
            cap: 100,
            page_size: 100,
            short_pages: false,
            membership_filters: true,
            unknown_member_is_not_found: false,
            case_sensitive_filters: false,
            active_when_omitted: false,
            bare_errors: false,
            throttles: false,
            puts: false,
            removes_strangers: false,
            external_ids: true,
            shows_cut_answers: false,
            in_flight: 1,
            members_per_request: 100,
            repairs: false,
            protects: false,
        }
    }
}

impl Switches {
    /// Every switch with another answer than the default's: its name, and how it is set.
    pub(crate) const ALL: [(&'static str, fn(&mut Self)); 18] = [
        ("cursor", |switches| switches.cursor = false),
        ("cap", |switches| (switches.cursor, switches.cap) = (false, 10)),
        ("page_size", |switches| switches.page_size = 3),
        ("short_pages", |switches| (switches.short_pages, switches.page_size) = (true, 4)),
        ("membership_filters", |switches| switches.membership_filters = false),
        ("unknown_member_is_not_found", |switches| switches.unknown_member_is_not_found = true),
        ("case_sensitive_filters", |switches| switches.case_sensitive_filters = true),
        ("active_when_omitted", |switches| switches.active_when_omitted = true),
        ("bare_errors", |switches| switches.bare_errors = true),
        ("throttles", |switches| switches.throttles = true),
        ("puts", |switches| switches.puts = true),
        ("removes_strangers", |switches| switches.removes_strangers = true),
        ("external_ids", |switches| switches.external_ids = false),
        ("shows_cut_answers", |switches| switches.shows_cut_answers = true),
        ("in_flight", |switches| switches.in_flight = 8),
        ("members_per_request", |switches| switches.members_per_request = 2),
        ("repairs", |switches| switches.repairs = true),
        ("protects", |switches| (switches.protects, switches.removes_strangers) = (true, true)),
    ];
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Element {
    /// In the directory.
    Change(Change),
    /// At the service, by somebody else.
    Edit(Edit),
    /// Time passes.
    Pass { seconds: u64 },
    /// What is remembered is lost.
    Forget,
    /// The token is renewed.
    Renew,
    /// In the next sync, at one of its moments: a moment is a step of the machine or something that the network brings.
    During(usize, Meanwhile),
    /// In the next sync, to its request of this number.
    Fault(usize, Fault),
    /// In the next sync, to so many requests from this one on: no connection, or connections that are lost.
    Outage { from: usize, requests: usize, connects: bool },
    /// In the next sync, reads from this request on are answered as of so many milliseconds before.
    Stale { from: usize, requests: usize, milliseconds: u64 },
    /// In the next sync, the process dies at this moment.
    Crash(usize),
    /// In the next sync, the run is cancelled at this moment.
    Cancel(usize),
    /// In the next sync, from this request on, the token is refused, until it is renewed.
    Expire(usize),
    /// The next sync does not see these, and knows that it does not see everything.
    Partial { people: Vec<u32>, groups: Vec<u32>, members: Vec<(u32, u32)> },
    /// The next sync sees nobody, and takes that for everything.
    Empty,
    /// In the next sync, so many objects may be taken away.
    Allow(usize),
    /// The next sync does not manage groups.
    GroupsOff,
    /// The next sync hears of what changed since the one before as events, and is about nothing else.
    Told,
    /// The plan of the next sync goes through a file, and another process carries it out.
    Saved,
    /// At this moment of the next sync, another one begins over the same disk, and goes to its end.
    Overtaken(usize),
    /// Look, plan, run.
    Sync,
}

/// What happens while a sync is under way.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meanwhile {
    Change(Change),
    Edit(Edit),
}

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    /// 429, with or without `Retry-After` in seconds.
    Throttled(Option<u64>),
    Failed {
        status: u16,
        applied: bool,
    },
    Lost {
        applied: bool,
    },
    /// No connection could be made.
    NotSent,
    /// The status arrives, and half of the body.
    Cut,
    /// The answer comes so many seconds later, which may be too late.
    Slow(u64),
    /// The answer is told twice.
    ToldTwice,
    /// The request reaches the service twice, and the second answer comes back.
    DoneTwice,
}

/// What somebody else does at the service. Numbers are those of the directory; what is not there is not edited.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Edit {
    /// A user with the name of somebody in the directory, perhaps in other letters.
    UserByHand {
        name: u32,
        is_upper: bool,
    },
    /// A group with the name of one in the directory, with these people in it, as far as they are there.
    GroupByHand {
        name: u32,
        people: Vec<u32>,
    },
    /// A user who is nobody in the directory, in a group that is none.
    Stranger(u32),
    JoinStranger {
        group: u32,
        stranger: u32,
    },
    RemoveUser(u32),
    RemoveGroup(u32),
    Retitle(u32),
    Activate {
        person: u32,
        active: bool,
    },
    Join {
        group: u32,
        person: u32,
    },
    Leave {
        group: u32,
        person: u32,
    },
}

/// As text that a person reads: a line for each switch that is not the default, and for each element.
impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ours, quiet) = (format!("{:#?}", self.switches), format!("{:#?}", Switches::default()));
        for (line, _) in ours.lines().zip(quiet.lines()).filter(|(line, default)| line != default) {
            writeln!(f, "  switch {}", line.trim().trim_end_matches(','))?;
        }
        for element in &self.elements {
            let indent = if matches!(element, Element::Sync) { "" } else { "  " };
            writeln!(f, "  {indent}{element:?}")?;
        }
        if self.forgets_at_the_end {
            writeln!(f, "  forgets at the end")?;
        }
        Ok(())
    }
}
