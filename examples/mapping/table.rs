//! A report as a table.

use idbridge_mapping::{Consequence, Report, Standing, escaped};

/// The widest that a column becomes; what is longer is cut, and ends in `..`.
const WIDEST: usize = 44;

/// The rows of one table: the head first, then the records.
struct Table {
    rows: Vec<[String; 4]>,
}

/// A summary, a table of the people, and a table of the groups.
pub(crate) fn table(report: &Report) -> String {
    let mut people = Table::new(["person", "userName", "sent", "findings"]);
    for user in report.users() {
        let sent = match user.standing() {
            Standing::Sent if user.is_active() => attributes(user.sent().count()),
            Standing::Sent => format!("{}, inactive", attributes(user.sent().count())),
            standing => not_sent(standing, user.scope_rule()),
        };
        let person = user.display_name().unwrap_or_else(|| user.id().as_str());
        people.push([person, user.user_name().unwrap_or("-"), &sent, &findings(user.consequences())]);
    }
    let mut groups = Table::new(["group", "members", "sent", "findings"]);
    for group in report.groups() {
        let sent = match group.standing() {
            Standing::Sent if group.members_sent() == 0 => format!("{}, empty", attributes(group.sent().count())),
            Standing::Sent => attributes(group.sent().count()),
            standing => not_sent(standing, group.scope_rule()),
        };
        let members = format!("{} of {}", group.members_sent(), group.members());
        groups.push([group.name().unwrap_or_else(|| group.id().as_str()), &members, &sent, &findings(group.consequences())]);
    }
    format!("{}\n{people}\n{groups}", report.summary())
}

fn attributes(count: usize) -> String {
    format!("{count} attributes")
}

fn not_sent(standing: Standing, scope_rule: Option<&str>) -> String {
    match (standing, scope_rule) {
        (Standing::Sent, _) => "sent".to_owned(),
        (Standing::Held, _) => "HELD".to_owned(),
        (Standing::NotSent(absence), None) => format!("no: {absence}"),
        (Standing::NotSent(absence), Some(rule)) => format!("no: {absence}, {rule}"),
    }
}

/// What is wrong, in as few words as there are; the report in full has whole sentences.
fn findings(consequences: &[Consequence]) -> String {
    let all = consequences.iter().map(|consequence| match consequence.finding.path() {
        Some(path) => format!("{}: {} ({path})", consequence.effect, consequence.finding.code()),
        None => format!("{}: {}", consequence.effect, consequence.finding.code()),
    });
    all.collect::<Vec<_>>().join("; ")
}

impl Table {
    fn new(head: [&str; 4]) -> Self {
        Self { rows: vec![head.map(str::to_owned)] }
    }

    /// Adds a row. The findings, at the end of the line, are as long as they are.
    fn push(&mut self, [first, second, third, findings]: [&str; 4]) {
        self.rows.push([cut(&escaped(first)), cut(&escaped(second)), cut(&escaped(third)), escaped(findings).into_owned()]);
    }

    fn widths(&self) -> [usize; 4] {
        self.rows.iter().fold([0; 4], |widest, row| {
            let mut widths = widest;
            for (width, text) in widths.iter_mut().zip(row) {
                *width = (*width).max(text.chars().count());
            }
            widths
        })
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    text.chars().take(WIDEST - 2).chain("..".chars()).collect()
}

impl std::fmt::Display for Table {
    /// Writes the head, a rule, and a line for each record; nothing where there is no record.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some((head, records)) = self.rows.split_first().filter(|(_, records)| !records.is_empty()) else { return Ok(()) };
        let [first, second, third, _] = self.widths();
        let line = |[a, b, c, d]: &[String; 4]| format!("{a:first$}  {b:second$}  {c:third$}  {d}");
        writeln!(f, "{}", line(head).trim_end())?;
        writeln!(f, "{}", "-".repeat(first + second + third + 14))?;
        for record in records {
            writeln!(f, "{}", line(record).trim_end())?;
        }
        Ok(())
    }
}
