//! Whether the rules of a file can be, and whether anybody would want them.

use std::collections::BTreeSet;

use idbridge_scim::{AttrPath, AttributeRule, Profile, ValueClass};

use crate::error::{Error, Location};
use crate::rule::data::RuleFile;
use crate::rule::data::load::{Loaded, Placed, refused};
use crate::rule::data::wire::{WireRule, WireScope};
use crate::rule::{Rule, RuleSet, Source, WhenAbsent};
use crate::scim::{LABELS, MULTI_VALUED};
use crate::scope::Scope;

/// What a name is in the list of a service's objects: with one text for all of them, at most one could be there.
const DIFFERENT_FOR_EACH: [&str; 3] = ["externalId", "userName", "emails.value"];

/// What records the rules of a part are for.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Users,
    Groups,
}

/// Everything that no person could make right is refused here, once, with its place in the text. Names of rules are unique over both parts, because a
/// report names a rule and not its part.
pub(super) fn checked(file: Loaded, profile: &Profile) -> Result<RuleFile, Error> {
    let mut ids = BTreeSet::new();
    let user = rules(file.users, Part::Users, profile, &mut ids)?;
    let group = rules(file.groups, Part::Groups, profile, &mut ids)?;
    let scope = scope(file.scope)?;
    let rules = RuleSet { user, group, inactive_when: file.inactive_when.into(), scope };
    #[cfg(feature = "saml")]
    return Ok(RuleFile { rules, saml: saml::checked(file.saml)? });
    #[cfg(not(feature = "saml"))]
    return Ok(RuleFile { rules });
}

/// The rules of one part, in their order; a file has at most a thousand of each, so each may be compared with all before it.
fn rules(wire: Vec<Placed<WireRule>>, part: Part, profile: &Profile, ids: &mut BTreeSet<String>) -> Result<Vec<Rule>, Error> {
    let limits = match part {
        Part::Users => &profile.user,
        Part::Groups => &profile.group,
    };
    let limits: Vec<(AttrPath, &AttributeRule)> = limits.iter().filter_map(|limit| Some((limit.path.parse().ok()?, limit))).collect();
    let mut rules = Vec::<Rule>::with_capacity(wire.len());
    for Placed { value, at } in wire {
        let id = value.id.clone();
        let rule = value.into_rule().and_then(|rule| {
            check_id(&rule, ids)?;
            let limit = limits.iter().find(|(path, _)| *path == rule.target).map(|(_, limit)| *limit);
            check_target(&rule, limit)?;
            check_source(&rule, part)?;
            check_texts(&rule, limit, profile)?;
            match rules.iter().find(|known| known.enabled && rule.enabled && known.target == rule.target) {
                Some(known) => Err(format!("{} has a rule already, {}; switch one of them off", rule.target, known.id)),
                None => Ok(rule),
            }
        });
        rules.push(rule.map_err(|reason| refused(Some(&id), reason, at))?);
    }
    let is_written = |path: &AttrPath| rules.iter().any(|rule| rule.enabled && rule.target == *path);
    match limits.iter().find(|(path, limit)| limit.required && !is_written(path)) {
        Some((path, _)) => {
            let part = if part == Part::Users { "users" } else { "groups" };
            Err(refused(Some(part), format!("the service requires {path}, and no rule writes it"), Location::Whole))
        }
        None => Ok(rules),
    }
}

/// An id stands in every report and on one line of each, so it is short and has no line break in it.
fn check_id(rule: &Rule, ids: &mut BTreeSet<String>) -> Result<(), String> {
    const LONGEST: usize = 100;
    if rule.id.trim().is_empty() || rule.id.len() > LONGEST || rule.id.contains(char::is_control) {
        return Err(format!("expected an id of 1 to {LONGEST} bytes in one line"));
    }
    if !ids.insert(rule.id.to_string()) {
        return Err("there is another rule with this id".to_owned());
    }
    Ok(())
}

/// Labels of lists (`type`, `primary`) and members are written by themselves: a rule that could write them could say that a private number is one for
/// work, or put somebody into a group.
fn check_target(rule: &Rule, limit: Option<&AttributeRule>) -> Result<(), String> {
    let target = &rule.target;
    let is_list = target.extension().is_none() && MULTI_VALUED.iter().any(|list| target.attribute().is(list));
    if is_list && target.sub_attribute().is_some_and(|part| LABELS.iter().any(|label| part.is(label))) {
        return Err(format!("{target} is written by itself, so no rule can write it"));
    }
    if target.extension().is_none() && target.attribute().is("members") {
        return Err("the members of a group are sent by themselves, so no rule can write them".to_owned());
    }
    if !rule.clear && target.extension().is_none() && target.attribute().is("addresses") {
        return Err("an address is sent as a whole, so a part of it cannot stay".to_owned());
    }
    match limit.map(|limit| limit.value) {
        None => Err(format!("the service does not have {target}")),
        Some(ValueClass::Text | ValueClass::Boolean) => Ok(()),
        Some(_) => Err(format!("{target} is a list: write a part of its one value, such as {target}.value")),
    }
}

/// A source that no record of this part has would leave the attribute out of every record, which nobody means who writes a rule.
fn check_source(rule: &Rule, part: Part) -> Result<(), String> {
    let is_truth_value = rule.target.extension().is_none() && rule.target.attribute().is("active");
    if is_truth_value != (rule.source == Source::Active) {
        return Err(format!("{} cannot come from {}: active, which is true or false, comes from active", rule.target, rule.source));
    }
    if part == Part::Groups && !rule.clear {
        return Err("nothing of a group is ever cleared".to_owned());
    }
    let no_person = |what: &str| Err(format!("a person has no {what}"));
    let no_group = |what: &str| Err(format!("a group has no {what}, only id, name and attributes"));
    match (&rule.source, part) {
        (Source::Name, Part::Users) => return no_person("name; take firstname and lastname, or displayname"),
        (Source::Id | Source::Name | Source::Custom(_) | Source::Constant(_), Part::Groups) => {}
        #[cfg(feature = "expressions")]
        (Source::Expression(expression), Part::Users) => {
            if let Some(name) = expression.not_of_a_person() {
                return no_person(name);
            }
        }
        #[cfg(feature = "expressions")]
        (Source::Expression(expression), Part::Groups) => {
            if let Some(name) = expression.not_of_a_group() {
                return no_group(name);
            }
        }
        (source, Part::Groups) => return no_group(&source.to_string()),
        _ => {}
    }
    if rule.source == Source::Manager && rule.target.attribute().is("manager") {
        return Err("the service wants its own identifier of the manager there, and the directory has another".to_owned());
    }
    Ok(())
}

/// The texts that stand in the rule itself are known now, so what the service says of them is known too.
fn check_texts(rule: &Rule, limit: Option<&AttributeRule>, profile: &Profile) -> Result<(), String> {
    let when_absent = match &rule.when_absent {
        WhenAbsent::Constant(text) => Some(text),
        _ => None,
    };
    let constant = match &rule.source {
        Source::Constant(text) => Some(text),
        _ => None,
    };
    for text in [constant, when_absent].into_iter().flatten() {
        if text.trim().is_empty() {
            return Err("expected a constant, found a blank text".to_owned());
        }
        if *text != *text.trim() {
            return Err("expected a constant without white space around it".to_owned());
        }
        if DIFFERENT_FOR_EACH.iter().any(|path| rule.target.to_string().eq_ignore_ascii_case(path)) {
            return Err(format!("{} must be another one for each record, and a constant is the same for all", rule.target));
        }
        let Some(limit) = limit else { continue };
        if limit.value != ValueClass::Text {
            return Err(format!("{} cannot be a text", rule.target));
        }
        if text.chars().count() > limit.longest {
            return Err(format!("the service takes at most {} characters, found {}", limit.longest, text.chars().count()));
        }
        if let Some(refused) = text.chars().find(|c| !profile.takes(*c, limit.characters)) {
            return Err(format!("the service refuses the character '{}' of the constant", refused.escape_debug()));
        }
    }
    Ok(())
}

/// An expression that asks a person for what only a group has, or the other way round, could never be decided: everybody would be held.
fn scope(wire: WireScope) -> Result<Scope, Error> {
    let mut scope = Scope::default();
    #[cfg(feature = "expressions")]
    {
        let wrong = |name: &str, of: &str| refused(Some("scope"), format!("a {of} has no {name}"), Location::Whole);
        if let Some(name) = wire.users.as_ref().and_then(|expression| expression.not_of_a_person()) {
            return Err(wrong(name, "person"));
        }
        if let Some(name) = wire.groups.as_ref().and_then(|expression| expression.not_of_a_group()) {
            return Err(wrong(name, "group"));
        }
        (scope.users, scope.groups) = (wire.users, wire.groups);
    }
    (scope.include_groups, scope.exclude_groups) = (wire.include_groups, wire.exclude_groups);
    Ok(scope)
}

#[cfg(feature = "saml")]
mod saml {
    //! What an assertion says of people.

    use idbridge_saml::NameIdFormat;

    use crate::error::{Error, Location};
    use crate::rule::Source;
    use crate::rule::data::load::{Placed, refused};
    use crate::rule::data::wire::{WireAttribute, WireSaml};
    use crate::saml::{SamlRule, SamlRuleSet};

    pub(super) fn checked(wire: WireSaml<Placed<WireAttribute>>) -> Result<SamlRuleSet, Error> {
        let of_name_id = |error: Error| refused(Some("saml"), error.to_string(), Location::Whole);
        let mut rules = SamlRuleSet::jumpcloud();
        if let Some(source) = wire.name_id {
            if matches!(source, Source::Constant(_)) {
                return Err(refused(Some("saml"), "the NameID must be another one for each person", Location::Whole));
            }
            rules = rules.with_name_id(source).map_err(of_name_id)?;
        }
        if let Some(format) = wire.format {
            if format.trim().is_empty() {
                return Err(refused(Some("saml"), "expected a format, found a blank text", Location::Whole));
            }
            rules = rules.with_name_id_format(NameIdFormat::from(format));
        }
        for Placed { value, at } in wire.attributes {
            let name = value.name.clone().or_else(|| value.access_control.clone());
            let failed = |reason| refused(name.as_deref(), reason, at.clone());
            let rule = attribute(&value).map_err(failed)?;
            rules = rules.with_attribute(rule).map_err(|error| failed(error.to_string()))?;
        }
        Ok(rules)
    }

    fn attribute(wire: &WireAttribute) -> Result<SamlRule, String> {
        let name = match (&wire.name, &wire.access_control) {
            (Some(name), None) => name.clone(),
            (None, Some(key)) => format!("{}{key}", idbridge_saml::Attribute::ACCESS_CONTROL),
            _ => return Err("expected name or access_control, and not both".to_owned()),
        };
        let rule = match wire.source()? {
            Source::Constant(text) => SamlRule::constant(name, text),
            source => SamlRule::new(name, source),
        };
        let rule = match &wire.name_format {
            Some(name_format) => rule.and_then(|rule| rule.with_name_format(name_format)),
            None => rule,
        };
        rule.map_err(|error| error.to_string())
    }
}
