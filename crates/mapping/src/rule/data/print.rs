//! A file of rules as a text.

use crate::rule::data::RuleFile;
use crate::rule::{InactiveWhen, Rule, Source, WhenAbsent, Write};
use crate::scope::{NamePattern, Scope};

/// What a file is written in.
#[derive(Clone, Copy)]
enum Layout {
    Toml,
    Json,
}

/// The keys of a table with their values, written already.
type Fields = Vec<(&'static str, String)>;

/// Written by hand, and not by the crate that reads it: a line for each rule shows in a comparison of two files which rule was changed.
pub(super) fn toml(file: &RuleFile) -> String {
    let lists = lists(file, Layout::Toml).map(|(name, rules)| format!("{name} = {}\n", list(&rules, "")));
    let mut parts = Vec::from(lists);
    for (name, fields) in tables(file, Layout::Toml) {
        let fields: String = fields.into_iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        parts.push(format!("[{name}]\n{fields}"));
    }
    parts.join("\n")
}

/// The same lines as in TOML, so that a file can be turned from one into the other and compared by eye.
pub(super) fn json(file: &RuleFile) -> String {
    let lists = lists(file, Layout::Json).map(|(name, rules)| format!("  \"{name}\": {}", list(&rules, "  ")));
    let mut parts = Vec::from(lists);
    let tables = tables(file, Layout::Json).into_iter();
    parts.extend(tables.map(|(name, fields)| format!("  \"{name}\": {}", table(&fields, Layout::Json))));
    format!("{{\n{}\n}}\n", parts.join(",\n"))
}

/// The parts with a line for each rule.
fn lists(file: &RuleFile, layout: Layout) -> [(&'static str, Vec<String>); 2] {
    let lines = |rules: &[Rule]| rules.iter().map(|rule| table(&fields(rule, layout), layout)).collect();
    [("users", lines(&file.rules.user)), ("groups", lines(&file.rules.group))]
}

/// The parts that are one table, if they say anything.
fn tables(file: &RuleFile, layout: Layout) -> Vec<(&'static str, Fields)> {
    let mut tables = vec![("inactive_when", inactive_when(file.rules.inactive_when)), ("scope", scope(&file.rules.scope))];
    #[cfg(feature = "saml")]
    tables.push(("saml", saml::fields(&file.saml, layout)));
    #[cfg(not(feature = "saml"))]
    let _ = layout;
    tables.retain(|(_, fields)| !fields.is_empty());
    tables
}

/// Defaults are left out: what stands in a printed file is what somebody decided.
fn fields(rule: &Rule, layout: Layout) -> Fields {
    let mut fields = vec![("id", text(&rule.id)), source(&rule.source), ("target", text(&rule.target.to_string()))];
    match &rule.when_absent {
        WhenAbsent::LeaveOut => {}
        WhenAbsent::Hold => fields.push(("when_absent", text("hold"))),
        WhenAbsent::Constant(constant) => fields.push(("when_absent", table(&[("constant", text(constant))], layout))),
    }
    if rule.write == Write::OnCreate {
        fields.push(("write", text("on_create")));
    }
    let switches = [("clear", rule.clear), ("enabled", rule.enabled)];
    fields.extend(switches.into_iter().filter(|(_, is_on)| !is_on).map(|(key, _)| (key, "false".to_owned())));
    fields
}

/// A constant and an expression have keys of their own, so that their text needs no second pair of quotation marks.
fn source(source: &Source) -> (&'static str, String) {
    match source {
        Source::Constant(constant) => ("constant", text(constant)),
        #[cfg(feature = "expressions")]
        Source::Expression(expression) => ("expression", text(expression.as_str())),
        source => ("source", text(&source.to_string())),
    }
}

fn inactive_when(when: InactiveWhen) -> Fields {
    let switches =
        [("password_expired", when.password_expired), ("account_locked", when.account_locked), ("not_activated", when.not_activated)];
    switches.into_iter().filter(|(_, is_on)| *is_on).map(|(key, _)| (key, "true".to_owned())).collect()
}

/// A list of names that says nothing is left out, because an empty one in a file would read as if no group were meant.
fn scope(scope: &Scope) -> Fields {
    let mut fields = Fields::new();
    #[cfg(feature = "expressions")]
    for (key, expression) in [("users", &scope.users), ("groups", &scope.groups)] {
        fields.extend(expression.as_ref().map(|expression| (key, text(expression.as_str()))));
    }
    for (key, patterns) in [("include_groups", &scope.include_groups), ("exclude_groups", &scope.exclude_groups)] {
        if !patterns.is_empty() {
            let patterns: Vec<_> = patterns.iter().map(NamePattern::to_string).map(|pattern| text(&pattern)).collect();
            fields.push((key, format!("[{}]", patterns.join(", "))));
        }
    }
    fields
}

#[cfg(feature = "saml")]
mod saml {
    //! What an assertion says of people.

    use super::{Fields, Layout, Source, list, source, table, text};
    use crate::saml::{SamlRule, SamlRuleSet, SamlSource};

    pub(super) fn fields(rules: &SamlRuleSet, layout: Layout) -> Fields {
        let mut fields =
            vec![("name_id", text(&rules.name_id_source().to_string())), ("format", text(&rules.name_id_format().to_string()))];
        if !rules.attributes().is_empty() {
            let lines: Vec<_> = rules.attributes().iter().map(|rule| table(&attribute(rule), layout)).collect();
            let indent = match layout {
                Layout::Toml => "",
                Layout::Json => "  ",
            };
            fields.push(("attributes", list(&lines, indent)));
        }
        fields
    }

    fn attribute(rule: &SamlRule) -> Fields {
        let mut fields = match rule.access_control_key() {
            Some(key) => vec![("access_control", text(key))],
            None => vec![("name", text(rule.name()))],
        };
        fields.push(match rule.source() {
            SamlSource::User(of_the_person) => source(of_the_person),
            SamlSource::Constant(constant) => source(&Source::Constant(constant.clone())),
        });
        fields.extend(rule.name_format().map(|name_format| ("name_format", text(name_format))));
        fields
    }
}

/// A list with a line for each entry.
fn list(entries: &[String], indent: &str) -> String {
    if entries.is_empty() {
        return "[]".to_owned();
    }
    let lines: Vec<_> = entries.iter().map(|entry| format!("{indent}  {entry}")).collect();
    format!("[\n{}\n{indent}]", lines.join(",\n"))
}

/// A table in one line.
fn table(fields: &[(&str, String)], layout: Layout) -> String {
    let field = |(key, value): &(&str, String)| match layout {
        Layout::Toml => format!("{key} = {value}"),
        Layout::Json => format!("\"{key}\": {value}"),
    };
    let fields: Vec<_> = fields.iter().map(field).collect();
    match layout {
        Layout::Toml => format!("{{ {} }}", fields.join(", ")),
        Layout::Json => format!("{{{}}}", fields.join(", ")),
    }
}

/// A text in quotation marks, as both layouts read it.
fn text(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => written.extend(['\\', c]),
            c if c.is_control() => written.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}
