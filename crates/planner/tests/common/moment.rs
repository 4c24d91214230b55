//! What a directory says at one moment, at random.

use idbridge_planner::{Answer, Because, Desired, DesiredGroup, DesiredUser, Evidence, Finding, Presence, UserKey};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

use super::{desired, group_key, key, user, wanted_group};

/// What a directory says of somebody.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    Want { name: u8, title: u8, is_active: bool },
    Hold,
    Present { is_record: bool },
    Nothing,
}

/// What a directory says of a group.
#[derive(Debug, Clone)]
pub(crate) enum SaysOfGroup {
    Want { name: u8, members: Vec<u8> },
    Hold,
    Present,
    Nothing,
}

/// What a directory says at one moment: of each of 12 people and 5 groups.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) people: Vec<Says>,
    pub(crate) groups: Vec<SaysOfGroup>,
}

pub(crate) fn says() -> impl Strategy<Value = Says> {
    prop_oneof![
        6 => (0..16_u8, 0..3_u8, any::<bool>()).prop_map(|(name, title, is_active)| Says::Want { name, title, is_active }),
        1 => Just(Says::Hold),
        1 => any::<bool>().prop_map(|is_record| Says::Present { is_record }),
        2 => Just(Says::Nothing),
    ]
}

pub(crate) fn says_of_group() -> impl Strategy<Value = SaysOfGroup> {
    prop_oneof![
        6 => (0..8_u8, vec(0..12_u8, 0..8)).prop_map(|(name, members)| SaysOfGroup::Want { name, members }),
        1 => Just(SaysOfGroup::Hold),
        1 => Just(SaysOfGroup::Present),
        2 => Just(SaysOfGroup::Nothing),
    ]
}

pub(crate) fn moment() -> impl Strategy<Value = Moment> {
    (vec(says(), 12), vec(says_of_group(), 5)).prop_map(|(people, groups)| Moment { people, groups })
}

/// Tells `desired` what a moment says, in the order of `order` or backwards.
pub(crate) fn tell(desired: &mut Desired, moment: &Moment, backwards: bool) {
    let mut people: Vec<(usize, &Says)> = moment.people.iter().enumerate().collect();
    let mut groups: Vec<(usize, &SaysOfGroup)> = moment.groups.iter().enumerate().collect();
    if backwards {
        people.reverse();
        groups.reverse();
    }
    for (number, says) in people {
        if let Some(answer) = says.answer(number) {
            desired.set_user(user_key(number), answer);
        }
    }
    for (number, says) in groups {
        if let Some(answer) = says.answer(number) {
            desired.set_group(group_key(&format!("g{number}")), answer);
        }
    }
}

pub(crate) fn user_key(number: usize) -> UserKey {
    key(&format!("u{number:02}"))
}

impl Says {
    /// The answer for the person of this number; none if the directory says nothing.
    pub(crate) fn answer(&self, number: usize) -> Option<Answer<DesiredUser>> {
        let id = format!("u{number:02}");
        Some(match self {
            Self::Want { name, title, is_active } => {
                let mut resource = user(&id, &format!("name{name}"));
                resource.attributes_mut().set("title", format!("Title {title}"));
                resource.attributes_mut().set("active", *is_active);
                Answer::Want(DesiredUser::new(resource))
            }
            Self::Hold => Answer::Hold(vec![Finding::new("Held", "is held by the test")]),
            Self::Present { is_record } => {
                let evidence = if *is_record { Evidence::Record } else { Evidence::Absence };
                Answer::Present(Presence::new(Because::new("GM-20", "is in no bound group"), evidence))
            }
            Self::Nothing => return None,
        })
    }
}

impl SaysOfGroup {
    /// The answer for the group of this number; none if the directory says nothing.
    pub(crate) fn answer(&self, number: usize) -> Option<Answer<DesiredGroup>> {
        let id = format!("g{number}");
        Some(match self {
            Self::Want { name, members } => {
                let members: Vec<String> = members.iter().map(|member| format!("u{member:02}")).collect();
                wanted_group(&id, &format!("Group {name}"), &members.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Self::Hold => Answer::Hold(vec![Finding::new("Held", "is held by the test")]),
            Self::Present => Answer::Present(Presence::new(Because::new("GM-16", "is not bound"), Evidence::Absence)),
            Self::Nothing => return None,
        })
    }
}

pub(crate) fn complete(moment: &Moment) -> Desired {
    let mut desired = desired();
    tell(&mut desired, moment, false);
    desired
}
