//! A company of any size, before and after some churn, as its directory tells of it. The same size is the same company, to the byte.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::fmt::Write as _;

/// How many groups each person is in.
const MEMBERSHIPS: u32 = 5;
/// How many people there are for one group.
const PEOPLE_PER_GROUP: u32 = 20;
/// How many people are in one of several files.
const PART: usize = 250_000;

/// A company: one group for 20 people, 5 memberships each.
///
/// Churn is what a very busy day leaves behind: of the people, 1 % have another title, 0.5 % are gone, 0.5 % are new, 0.5 % are suspended or active
/// again, half of them each; of the memberships, 0.5 % are gone and as many are new.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Company {
    users: u32,
    is_churned: bool,
}

/// Somebody of a [`Company`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    /// Numbers go on where people are new, and are not given again.
    pub(crate) number: u32,
    pub(crate) is_promoted: bool,
    pub(crate) is_suspended: bool,
    /// The numbers of the groups, each another.
    pub(crate) groups: [u32; 5],
}

impl Company {
    /// At least 1,000 people, so that five groups of one person are five groups.
    pub(crate) fn new(users: u32) -> Self {
        Self { users: users.max(1_000), is_churned: false }
    }

    /// The same company, later.
    pub(crate) fn churned(self) -> Self {
        Self { is_churned: true, ..self }
    }

    /// How many people there were before the churn.
    pub(crate) fn users(self) -> u32 {
        self.users
    }

    pub(crate) fn groups(self) -> u32 {
        self.users / PEOPLE_PER_GROUP
    }

    pub(crate) fn people(self) -> impl Iterator<Item = Person> {
        let is_gone = move |number: u32| self.is_churned && number % 200 == 7;
        let known = (0..self.users).filter(move |number| !is_gone(*number));
        known.chain(self.newcomers()).map(move |number| self.person(number))
    }

    /// The numbers of those who came with the churn.
    pub(crate) fn newcomers(self) -> std::ops::Range<u32> {
        let new = if self.is_churned { self.users / 200 } else { 0 };
        self.users..self.users + new
    }

    /// What the directory holds of it, as JSON.
    pub(crate) fn text(self) -> String {
        let people: Vec<Person> = self.people().collect();
        self.text_of(&people, true)
    }

    /// The same in parts that are small enough for one file each: first the groups, then the people.
    pub(crate) fn texts(self) -> impl Iterator<Item = String> {
        let people: Vec<Person> = self.people().collect();
        let parts = people.len().div_ceil(PART);
        let part = move |part: usize| {
            self.text_of(people.get(part * PART..).map(|rest| rest.get(..PART).unwrap_or(rest)).unwrap_or_default(), false)
        };
        [self.text_of(&[], true)].into_iter().chain((0..parts).map(part))
    }

    fn text_of(self, people: &[Person], has_groups: bool) -> String {
        let mut text = String::from("{\"systemusers\":[");
        let mut comma = "";
        for person in people {
            text.push_str(comma);
            comma = ",";
            person.write(&mut text);
        }
        text.push_str("],\"usergroups\":[");
        comma = "";
        for (number, members) in (0..).zip(if has_groups { self.members() } else { Vec::new() }) {
            let _ = write!(text, "{comma}{{\"id\":\"{}\",\"name\":\"Project group {number}\",\"members\":[", group_key(number));
            comma = ",";
            let mut comma = "";
            for member in members {
                let _ = write!(text, "{comma}\"{}\"", user_key(member));
                comma = ",";
            }
            text.push_str("]}");
        }
        text.push_str("],\"application\":{\"usergroups\":[");
        comma = "";
        for number in 0..self.groups() {
            let _ = write!(text, "{comma}\"{}\"", group_key(number));
            comma = ",";
        }
        text.push_str("]}}");
        text
    }

    /// The numbers of the people in each group.
    fn members(self) -> Vec<Vec<u32>> {
        let mut members: Vec<Vec<u32>> = (0..self.groups()).map(|_| Vec::new()).collect();
        for person in self.people() {
            for group in person.groups {
                if let Some(members) = usize::try_from(group).ok().and_then(|group| members.get_mut(group)) {
                    members.push(person.number);
                }
            }
        }
        members
    }

    fn person(self, number: u32) -> Person {
        let is_toggled = self.is_churned && number % 200 == 57;
        let was_suspended = number % 400 == 57;
        let stride = self.groups() / 7 + 1;
        let group = |step: u32| u32::try_from((mix(number) + u64::from(step * stride)) % u64::from(self.groups())).unwrap_or(0);
        let mut groups = [0, 1, 2, 3, 4].map(group);
        // Who moves is none of those above, so that each kind of churn is seen by itself.
        if let Some(moved) = groups.last_mut().filter(|_| self.is_churned && number % 40 == 16) {
            *moved = group(MEMBERSHIPS);
        }
        Person { number, is_promoted: self.is_churned && number % 100 == 31, is_suspended: was_suspended != is_toggled, groups }
    }
}

impl Person {
    /// About the attributes that a record of JumpCloud has for somebody in an office.
    fn write(self, text: &mut String) {
        let number = self.number;
        let (first, last) = (pick(&FIRST, number), pick(&LAST, number / 16));
        let title = if self.is_promoted { "Lead " } else { "" };
        let (state, is_suspended) = if self.is_suspended { ("SUSPENDED", true) } else { ("ACTIVATED", false) };
        let _ = write!(
            text,
            "{{\"_id\":\"{}\",\"username\":\"{first}.{last}{number}\",\"email\":\"{first}.{last}{number}@example.com\",\"firstname\":\"{first}\",\
             \"lastname\":\"{last}\",\"displayname\":\"{first} {last}\",\"state\":\"{state}\",\"activated\":true,\"suspended\":{is_suspended},\
             \"jobTitle\":\"{title}{}\",\"department\":\"{}\",\"company\":\"Example\",\"costCenter\":\"{}\",\"employeeType\":\"Employee\",\
             \"employeeIdentifier\":\"E-{number}\",\"addresses\":[{{\"type\":\"work\",\"streetAddress\":\"{} Main Street\",\
             \"locality\":\"Denver\",\"region\":\"CO\",\"postalCode\":\"80202\",\"country\":\"US\"}}],\
             \"phoneNumbers\":[{{\"type\":\"work\",\"number\":\"+1 303 555 {:04}\"}}]}}",
            user_key(number),
            pick(&TITLES, number / 3),
            pick(&DEPARTMENTS, number / 7),
            number % 97,
            number % 999,
            number % 10_000,
        );
    }
}

/// An identifier as directories give them: the time, something random, and a counter, which here is the number.
pub(crate) fn user_key(number: u32) -> String {
    format!("{:08x}{:010x}{number:06x}", 0x5c39_12df_u32.wrapping_add(number.wrapping_mul(97)), mix(number) & 0xff_ffff_ffff)
}

pub(crate) fn group_key(number: u32) -> String {
    format!("{:08x}{:010x}{number:06x}", 0x6026_da08_u32.wrapping_add(number.wrapping_mul(97)), mix(!number) & 0xff_ffff_ffff)
}

/// The number that a key was made of.
pub(crate) fn number_of(key: &str) -> Option<u32> {
    u32::from_str_radix(key.get(18..)?, 16).ok()
}

/// A number that looks random (`SplitMix64`), and leaves room for a few additions.
pub(crate) fn mix(number: u32) -> u64 {
    let mut mixed = u64::from(number).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) >> 1
}

const FIRST: [&str; 16] = [
    "Anna",
    "Bo",
    "Chandra",
    "Dolores",
    "Emil",
    "Fatima",
    "Gunnar",
    "Hanako",
    "Ivan",
    "Jo",
    "Karolina",
    "Luis",
    "Maximiliane",
    "Nia",
    "Olu",
    "Paul",
];
const LAST: [&str; 16] = [
    "Andersen",
    "Berg",
    "Castellanos",
    "Diaz",
    "Eriksson",
    "Fonseca",
    "Garcia",
    "Hughes",
    "Ito",
    "Jones",
    "Kowalski",
    "Li",
    "Montgomery",
    "Nkosi",
    "Okafor",
    "Perez",
];
const TITLES: [&str; 8] =
    ["Engineer", "Account Manager", "Analyst", "Product Manager", "Site Reliability Engineer", "Counsel", "Recruiter", "Technician"];
const DEPARTMENTS: [&str; 8] =
    ["Platform", "Sales", "Finance", "Customer Success", "Research and Development", "Legal", "People", "Facilities"];

fn pick(from: &[&'static str], number: u32) -> &'static str {
    let place = usize::try_from(number).unwrap_or(0).checked_rem(from.len()).unwrap_or(0);
    from.get(place).copied().unwrap_or("")
}
