//! From a seed to a script.

use crate::dice::Dice;
use crate::directory::{Change, REFUSED_TITLE, Status};
use crate::script::{Edit, Element, Fault, Meanwhile, Script, Switches};

impl Script {
    /// The script of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let switches = switches(&mut dice);
        let mut generator = Generator { people: 0, groups: 0, elements: Vec::new(), dice };
        generator.found();
        for _ in 0..3 + generator.dice.below(4) {
            generator.round();
        }
        let forgets_at_the_end = generator.dice.chance(3);
        // With numbers of their own, so that what came before them stays what it was.
        let mut dice = Dice::of(seed, &[7]);
        let switches = Switches { repairs: dice.chance(8), ..switches };
        let elements = generator.elements.into_iter().flat_map(|element| ways(&mut dice, element)).collect();
        let switches = Switches { protects: dice.chance(2), ..switches };
        Self { seed, switches, elements, forgets_at_the_end }
    }
}

fn switches(dice: &mut Dice) -> Switches {
    let mut switches = Switches { in_flight: 1 + dice.below(8), members_per_request: dice.pick(&[2, 3, 100]), ..Switches::default() };
    for (_, set) in Switches::ALL.iter().filter(|(name, _)| !["in_flight", "members_per_request", "repairs", "protects"].contains(name)) {
        if dice.chance(4) {
            set(&mut switches);
        }
    }
    switches
}

/// In which way a sync is done.
fn ways(dice: &mut Dice, element: Element) -> Vec<Element> {
    let mut elements = Vec::new();
    if element == Element::Sync {
        if dice.chance(3) {
            elements.push(Element::Told);
        }
        if dice.chance(6) {
            elements.push(Element::Saved);
        }
        if dice.chance(10) {
            elements.push(Element::Overtaken(1 + dice.below(40)));
        }
    }
    elements.push(element);
    elements
}

struct Generator {
    dice: Dice,
    /// How many people and groups there ever were.
    people: u32,
    groups: u32,
    elements: Vec<Element>,
}

impl Generator {
    /// A company before its first sync: people, groups, and what is at the service already.
    fn found(&mut self) {
        self.groups = 1 + self.dice.number(4);
        for group in 0..self.groups {
            self.elements.push(Element::Change(Change::Found { group, members: Vec::new() }));
        }
        let people = if self.dice.chance(6) { 30 + self.dice.number(10) } else { 2 + self.dice.number(11) };
        for _ in 0..people {
            let hired = self.hire();
            self.elements.push(Element::Change(hired));
        }
        for _ in 0..self.dice.below(4) {
            let (name, is_upper) = (self.person(), self.dice.chance(4));
            self.elements.push(Element::Edit(Edit::UserByHand { name, is_upper }));
        }
        if self.dice.chance(3) {
            self.elements.push(Element::Edit(Edit::GroupByHand { name: 0, people: Vec::new() }));
        }
        if self.dice.chance(2) {
            self.elements.push(Element::Edit(Edit::Stranger(0)));
        }
    }

    fn person(&mut self) -> u32 {
        self.dice.number(self.people)
    }

    fn group(&mut self) -> u32 {
        self.dice.number(self.groups)
    }

    fn hire(&mut self) -> Change {
        let person = self.people;
        self.people += 1;
        let groups = (0..self.dice.below(3)).map(|_| self.group()).collect();
        Change::Hire { person, groups, is_direct: self.dice.chance(6) }
    }

    /// Some things happen, and then a sync, or two.
    fn round(&mut self) {
        for _ in 0..self.dice.below(6) {
            let element = if self.dice.chance(5) { Element::Edit(self.edit()) } else { Element::Change(self.change()) };
            self.elements.push(element);
        }
        if self.dice.chance(4) {
            self.purge();
        }
        if self.dice.chance(12) {
            self.elements.push(Element::Forget);
        }
        for _ in 0..1 + self.dice.below(2) {
            self.sync();
            let seconds = self.dice.pick(&[1, 60, 3_600, 25_200, 90_000]);
            self.elements.push(Element::Pass { seconds });
            if self.dice.chance(2) {
                self.elements.push(Element::Renew);
            }
        }
    }

    /// Many go at once, in one of the ways in which they go.
    fn purge(&mut self) {
        let way = self.dice.below(4);
        for _ in 0..3 + self.dice.below(12) {
            let person = self.person();
            let change = match way {
                0 => Change::Fire(person),
                1 => Change::Status(person, Status::Suspended),
                2 => Change::Leave(self.group(), person),
                _ => Change::Bind(self.group(), false),
            };
            self.elements.push(Element::Change(change));
        }
    }

    fn change(&mut self) -> Change {
        let (person, other, group) = (self.person(), self.person(), self.group());
        let dice = &mut self.dice;
        match dice.below(20) {
            0 | 1 => self.hire(),
            2 => Change::Fire(person),
            3 => Change::Status(person, dice.pick(&[Status::Suspended, Status::Staged, Status::Held])),
            4 | 5 => Change::Status(person, Status::Active),
            6 | 7 => Change::Title(person, dice.pick(&[None, None, Some(1), Some(1), Some(2), Some(REFUSED_TITLE)])),
            8 => Change::Family(person, dice.number(3)),
            9 => Change::SwapNames(person, other),
            10 => Change::Rename(person, 100 + dice.number(40)),
            11 => Change::Readdress(person, 100 + dice.number(40)),
            12 | 13 => Change::Join(group, person),
            14 => Change::Leave(group, person),
            15 => Change::RenameGroup(group, 20 + dice.number(9)),
            16 => Change::Bind(group, dice.chance(2)),
            17 => match dice.below(3) {
                0 => Change::Dissolve(group),
                1 => Change::HoldGroup(group, dice.chance(2)),
                _ => Change::SwapGroupNames(group, dice.number(self.groups)),
            },
            18 => Change::Direct(person, dice.chance(2)),
            _ => {
                self.groups += 1;
                Change::Found { group: self.groups - 1, members: vec![person, other] }
            }
        }
    }

    fn edit(&mut self) -> Edit {
        let (person, group) = (self.person(), self.group());
        let dice = &mut self.dice;
        match dice.below(11) {
            0 => Edit::UserByHand { name: dice.pick(&[person, 100 + person % 40]), is_upper: dice.chance(3) },
            1 => Edit::GroupByHand { name: dice.pick(&[group, 20 + group % 9]), people: vec![person] },
            2 => Edit::Stranger(dice.number(3)),
            3 => Edit::JoinStranger { group, stranger: dice.number(3) },
            4 => Edit::RemoveUser(person),
            5 => Edit::RemoveGroup(group),
            6 => Edit::Retitle(person),
            7 => Edit::Activate { person, active: dice.chance(2) },
            8 | 9 => Edit::Join { group, person },
            _ => Edit::Leave { group, person },
        }
    }

    /// One sync, and what happens to it.
    fn sync(&mut self) {
        if !self.dice.chance(4) {
            self.trouble();
        }
        if self.dice.chance(3) {
            let moment = self.moment();
            self.elements.push(Element::Crash(moment));
        }
        if self.dice.chance(20) {
            let moment = self.moment();
            self.elements.push(Element::Cancel(moment));
        }
        if self.dice.chance(3) {
            let objects = if self.dice.chance(2) { 1000 } else { self.dice.below(8) };
            self.elements.push(Element::Allow(objects));
        }
        if self.dice.chance(6) {
            let partial = Element::Partial { people: self.some(8), groups: self.some(4), members: self.some_members() };
            self.elements.push(partial);
        }
        if self.dice.chance(40) {
            self.elements.push(Element::Empty);
        }
        if self.dice.chance(12) {
            self.elements.push(Element::GroupsOff);
        }
        for _ in 0..self.dice.below(3) {
            let moment = self.moment();
            let meanwhile = if self.dice.chance(2) { Meanwhile::Edit(self.edit()) } else { Meanwhile::Change(self.change()) };
            self.elements.push(Element::During(moment, meanwhile));
        }
        self.elements.push(Element::Sync);
    }

    fn some(&mut self, most: usize) -> Vec<u32> {
        (0..self.dice.below(most)).map(|_| if most > 4 { self.person() } else { self.group() }).collect()
    }

    fn some_members(&mut self) -> Vec<(u32, u32)> {
        (0..self.dice.below(5)).map(|_| (self.group(), self.person())).collect()
    }

    /// Early as often as late, because most syncs are short.
    fn moment(&mut self) -> usize {
        let most = self.dice.pick(&[8, 40, 200]);
        1 + self.dice.below(most)
    }

    /// Requests that go wrong.
    fn trouble(&mut self) {
        let one_in = 2 + self.dice.below(8);
        for request in 1..=60 {
            if self.dice.chance(one_in) {
                let fault = self.fault();
                self.elements.push(Element::Fault(request, fault));
            }
        }
        if self.dice.chance(5) {
            let (from, requests) = (1 + self.dice.below(30), 2 + self.dice.below(40));
            self.elements.push(Element::Outage { from, requests, connects: self.dice.chance(2) });
        }
        if self.dice.chance(4) {
            let (from, requests) = (1 + self.dice.below(40), 1 + self.dice.below(30));
            let milliseconds = self.dice.pick(&[100, 500, 2_000]);
            self.elements.push(Element::Stale { from, requests, milliseconds });
        }
        if self.dice.chance(10) {
            let request = self.moment();
            self.elements.push(Element::Expire(request));
        }
    }

    fn fault(&mut self) -> Fault {
        let dice = &mut self.dice;
        match dice.below(13) {
            0 => Fault::Throttled(None),
            1 => Fault::Throttled(Some(dice.pick(&[0, 1, 3]))),
            2 => Fault::Failed { status: 500, applied: false },
            3 => Fault::Failed { status: 500, applied: true },
            4 => Fault::Failed { status: 503, applied: dice.chance(2) },
            5 => Fault::Lost { applied: false },
            6 | 7 => Fault::Lost { applied: true },
            8 => Fault::NotSent,
            9 => Fault::Cut,
            10 => Fault::Slow(dice.pick(&[2, 20, 60])),
            11 => Fault::ToldTwice,
            _ => Fault::DoneTwice,
        }
    }
}
