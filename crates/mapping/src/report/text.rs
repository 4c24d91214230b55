//! The report as text.

use std::fmt;

use crate::directory::Completeness;
use crate::report::path::short;
use crate::report::{Absence, Consequence, Counts, Effect, GroupReport, Report, Standing, UserReport, escaped};

impl fmt::Display for Report {
    /// Writes a summary, the directory as a whole, and a line for each record with its findings below it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_summary(f)?;
        if !self.users.is_empty() {
            writeln!(f, "\nPeople")?;
        }
        for user in &self.users {
            writeln!(f, "{user}")?;
        }
        if !self.groups.is_empty() {
            writeln!(f, "\nGroups")?;
        }
        for group in &self.groups {
            writeln!(f, "{group}")?;
        }
        Ok(())
    }
}

impl Report {
    /// The head of the report: the counts, and what was found of the directory as a whole, a line each.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Report, RuleSet, directory::{Application, Incomplete, Snapshot}};
    /// use idbridge_scim::Profile;
    ///
    /// let mut snapshot = Snapshot::new(Application::default());
    /// snapshot.mark_partial(Incomplete::Declared);
    /// let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
    /// assert_eq!(report.summary(), "\
    /// 0 people: 0 sent, 0 held, 0 not sent. 0 groups: 0 sent, 0 held, 0 not sent.
    /// The directory may not be complete.
    ///   the directory may not be complete, so nothing is taken away: it says of itself that it is not complete; read the directory again, to its end
    /// ");
    /// ```
    #[must_use]
    pub fn summary(&self) -> String {
        struct Summary<'a>(&'a Report);
        impl fmt::Display for Summary<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt_summary(f)
            }
        }
        Summary(self).to_string()
    }

    fn fmt_summary(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (users, groups) = (self.user_counts(), self.group_counts());
        writeln!(f, "{}. {}.", counted(users, "person", "people"), counted(groups, "group", "groups"))?;
        match users.will_not_work {
            0 => {}
            1 => writeln!(f, "Of 1 person who is sent, something will not work.")?,
            count => writeln!(f, "Of {count} people who are sent, something will not work.")?,
        }
        match self.completeness {
            Completeness::Complete => write!(f, "The directory is complete")?,
            Completeness::Partial(_) => write!(f, "The directory may not be complete")?,
        }
        match &self.taken_at {
            Some(taken_at) => writeln!(f, ", as of {}.", escaped(taken_at))?,
            None => writeln!(f, ".")?,
        }
        for finding in &self.findings {
            match finding.record() {
                Some(record) => writeln!(f, "  {}: {}", escaped(&record.to_string()), escaped(&finding.to_string()))?,
                None => writeln!(f, "  {}", escaped(&finding.to_string()))?,
            }
        }
        Ok(())
    }
}

/// All three counts are always there, so that the line can be searched for.
fn counted(counts: Counts, one: &str, many: &str) -> String {
    let Counts { total, sent, held, not_sent, .. } = counts;
    let word = if total == 1 { one } else { many };
    format!("{total} {word}: {sent} sent, {held} held, {not_sent} not sent")
}

impl fmt::Display for UserReport {
    /// Writes the line of the person, and the findings below it, without a line feed behind the last one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user_name = self.user_name().unwrap_or("no userName");
        write!(f, "  {}  {}", escaped(self.id().as_str()), escaped(user_name))?;
        if let Some(display_name) = self.display_name() {
            write!(f, " ({})", escaped(display_name))?;
        }
        match self.standing() {
            Standing::Sent if self.is_active() => write!(f, ": sends {}", attributes(self.sent()))?,
            Standing::Sent => write!(f, ": inactive, sends {}", attributes(self.sent()))?,
            Standing::Held => write!(f, ": held")?,
            Standing::NotSent(absence) => fmt_absence(absence, self.scope_rule(), f)?,
        }
        fmt_consequences(self.consequences(), f)
    }
}

impl fmt::Display for GroupReport {
    /// Writes the line of the group, and the findings below it, without a line feed behind the last one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {}  {}", escaped(self.id().as_str()), escaped(self.name().unwrap_or("no name")))?;
        match self.standing() {
            Standing::Sent => {
                let word = if self.members() == 1 { "member" } else { "members" };
                let empty = if self.members_sent() == 0 { "empty, " } else { "" };
                write!(f, ": {empty}sends {}; {} of {} {word}", attributes(self.sent()), self.members_sent(), self.members())?;
            }
            Standing::Held => write!(f, ": held")?,
            Standing::NotSent(absence) => fmt_absence(absence, self.scope_rule(), f)?,
        }
        fmt_consequences(self.consequences(), f)
    }
}

/// The attributes without their parts, each once.
///
/// Looked up in a list, because there are some twenty; in the order of the rules.
fn attributes<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in paths.map(short) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    escaped(&names.join(", ")).into_owned()
}

fn fmt_absence(absence: Absence, scope_rule: Option<&str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, ": not sent: {absence}")?;
    match scope_rule {
        Some(rule) => write!(f, " by the rule {}", escaped(rule)),
        None => Ok(()),
    }
}

fn fmt_consequences(consequences: &[Consequence], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for consequence in consequences {
        write!(f, "\n      {consequence}")?;
    }
    Ok(())
}

impl fmt::Display for Consequence {
    /// Writes what the finding means, and the finding; what a terminal would obey is [`escaped`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.effect, escaped(&self.finding.to_string()))
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held => "held",
            Self::WillNotWork => "will not work",
            Self::LeftOut => "left out",
            Self::Dropped => "dropped",
            Self::Noted => "note",
        })
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Staged => "staged in the directory",
            Self::NotBound => "in no bound group and not bound directly",
            Self::GroupNotBound => "not bound to the application",
            Self::OutOfScope => "out of scope",
        })
    }
}
