//! A policy held against the tags that are sent.
//!
//! ```text
//!   uses by key, sent, people --of_keys------> TagNotSent, TagCaseDiffers, PeopleWithoutTag
//!   each statement ------------of_absence----> NegatedMatchesAbsent, ForAllValuesMatchesAbsent
//!                  ------------not_replaced--> VariableNotReplaced
//!   sent, without the uses ------------------> TagNotUsed
//! ```
//!
//! It judges by the shape of the policy and asks for no request: whatever it finds may matter for some request, and none is evaluated.

use std::collections::{BTreeMap, BTreeSet};

use crate::abac::policy::operator::{Operator, Quantifier, TextTest};
use crate::abac::policy::template::variables;
use crate::abac::policy::{
    Condition, Effect, Listed, PRINCIPAL_TAG, Place, Policy, PolicyFinding, PolicyFindingKind, Statement, TagUse, principal_tag,
};

/// What of `policy` will not work as it was meant with the tags that are sent, in an order that depends on the policy alone.
///
/// `sent` are the keys of all tags that are sent, whoever has a value for them; `people` the tags of each person, by a label to name them by, such
/// as `user 5f1c`. A person has a tag in whichever case its key is; that the case differs is a finding of its own.
///
/// | code | what |
/// |---|---|
/// | `TagNotSent` | the policy asks for a tag that nobody sends |
/// | `TagCaseDiffers` | what the policy asks for and what is sent, or asked for elsewhere, differ only in case |
/// | `PeopleWithoutTag` | people lack a tag that is sent and asked for without a default |
/// | `NegatedMatchesAbsent` | `StringNotEquals` and the like hold for people who lack the tag |
/// | `ForAllValuesMatchesAbsent` | `ForAllValues:` without `Null` allows where the key is absent |
/// | `VariableNotReplaced` | a variable in a policy that is not of version `2012-10-17` |
/// | `TagNotUsed` | a tag is sent that the policy does not ask for; only worth knowing |
///
/// The time is linear in the policy and in the tags of all people.
///
/// # Examples
///
/// ```
/// use std::collections::BTreeMap;
/// use idbridge_mapping::abac::policy::{Policy, lint};
///
/// let policy = Policy::from_json(br#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
///     "Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}}}"#)?;
/// let people = BTreeMap::from([
///     ("user u1".to_owned(), BTreeMap::from([("Region".to_owned(), "eu-west-1".to_owned())])),
///     ("user u2".to_owned(), BTreeMap::new()),
/// ]);
/// let findings = lint(&policy, ["Region"], &people);
/// let codes: Vec<_> = findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["PeopleWithoutTag", "NegatedMatchesAbsent"]);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[must_use]
pub fn lint<'a>(
    policy: &Policy,
    sent: impl IntoIterator<Item = &'a str>,
    people: &BTreeMap<String, BTreeMap<String, String>>,
) -> Vec<PolicyFinding> {
    let sent: BTreeSet<&str> = sent.into_iter().collect();
    let uses = policy.principal_tags();
    let people = People::new(people, &uses);
    let mut kinds = of_keys(&uses, &sent, &people);
    for statement in policy.statements() {
        of_absence(statement, &people, &mut kinds);
        if !policy.replaces_variables() {
            not_replaced(statement, &mut kinds);
        }
    }
    let used: BTreeSet<String> = uses.iter().map(|tag| folded(&tag.key)).collect();
    let not_used = sent.into_iter().filter(|key| !used.contains(&folded(key)));
    kinds.extend(not_used.map(|key| PolicyFindingKind::TagNotUsed { key: key.to_owned() }));
    kinds.into_iter().map(PolicyFinding::new).collect()
}

/// A key in the form in which two that differ only in case are one.
fn folded(key: &str) -> String {
    key.to_lowercase()
}

/// Who lacks the tags that a policy asks for: how many, and the first of them, by the folded key of the tag.
struct People(BTreeMap<String, Lack>);

/// How many people lack a tag, and the first of them.
type Lack = (usize, Vec<String>);

impl People {
    fn new(people: &BTreeMap<String, BTreeMap<String, String>>, uses: &[TagUse]) -> Self {
        let fold = |tags: &BTreeMap<String, String>| tags.keys().map(|key| folded(key)).collect();
        let tags: Vec<(&str, BTreeSet<String>)> = people.iter().map(|(label, tags)| (label.as_str(), fold(tags))).collect();
        let mut having: BTreeMap<&str, usize> = BTreeMap::new();
        for key in tags.iter().flat_map(|(_, keys)| keys) {
            *having.entry(key).or_insert(0) += 1;
        }
        let asked: BTreeSet<String> = uses.iter().map(|tag| folded(&tag.key)).collect();
        let lack_of = |key: String| {
            let count = tags.len() - having.get(key.as_str()).copied().unwrap_or_default();
            // The search for names ends with the last that is wanted, so that over all keys it passes over no more people than there are tags.
            let lacking = tags.iter().filter(|(_, keys)| !keys.contains(&key)).map(|(label, _)| (*label).to_owned());
            let names = lacking.take(PolicyFinding::MOST_NAMES.min(count)).collect();
            (count > 0).then_some((key, (count, names)))
        };
        Self(asked.into_iter().filter_map(lack_of).collect())
    }

    /// Who lacks the tag, if anybody does.
    fn lacking(&self, key: &str) -> Option<Lack> {
        self.0.get(&folded(key)).cloned()
    }
}

/// What is to be said of each key that the policy asks for, in the order of the keys.
///
/// A key that is there in another case is not said to be missing as well, and of one that nobody sends it is not said that everybody lacks it.
fn of_keys(uses: &[TagUse], sent: &BTreeSet<&str>, people: &People) -> Vec<PolicyFindingKind> {
    let sent_by_folded: BTreeMap<String, &str> = sent.iter().map(|key| (folded(key), *key)).collect();
    let mut uses_by_key: BTreeMap<&str, Vec<&TagUse>> = BTreeMap::new();
    for tag in uses {
        uses_by_key.entry(&tag.key).or_default().push(tag);
    }
    let (mut kinds, mut asked_by_folded) = (Vec::new(), BTreeMap::new());
    for (key, uses) in uses_by_key {
        let earlier = asked_by_folded.insert(folded(key), key);
        let is_sent = sent.contains(key);
        let other = if is_sent { earlier } else { sent_by_folded.get(&folded(key)).copied().or(earlier) };
        if let Some(other) = other {
            kinds.push(PolicyFindingKind::TagCaseDiffers { key: key.to_owned(), other: other.to_owned() });
        } else if !is_sent && let Some(first) = uses.first() {
            kinds.push(PolicyFindingKind::TagNotSent { key: key.to_owned(), place: first.place.clone() });
        }
        if is_sent
            && uses.iter().any(|tag| !tag.has_default)
            && let Some((count, people)) = people.lacking(key)
        {
            kinds.push(PolicyFindingKind::PeopleWithoutTag { key: key.to_owned(), count, people });
        }
    }
    kinds
}

/// What is to be said of the conditions that hold where something is absent, unless a `Null` beside them keeps the statement from applying then.
fn of_absence(statement: &Statement, people: &People, kinds: &mut Vec<PolicyFindingKind>) {
    let must_exist: BTreeSet<String> = statement.conditions().iter().filter(|condition| is_null_false(condition)).map(folded_key).collect();
    for condition in statement.conditions() {
        let Some(Operator::Text(test)) = condition.test else { continue };
        let is_for_all = test.quantifier == Some(Quantifier::ForAllValues);
        if is_for_all && statement.effect() == Effect::Allow && !must_exist.contains(&folded_key(condition)) {
            let (place, key) = (condition.place().clone(), condition.key().to_owned());
            kinds.push(PolicyFindingKind::ForAllValuesMatchesAbsent { place, key });
        } else if test.is_negated {
            for key in tags_whose_absence_matches(condition, test, statement.replaces_variables) {
                if must_exist.contains(&folded(&format!("{}{key}", PRINCIPAL_TAG))) {
                    continue;
                }
                if let Some((count, people)) = people.lacking(key) {
                    let (place, effect, key) = (condition.place().clone(), statement.effect(), key.to_owned());
                    kinds.push(PolicyFindingKind::NegatedMatchesAbsent { place, effect, key, count, people });
                }
            }
        }
    }
}

/// Whether it is `Null` with `false`, so that the statement does not apply where the key is absent.
fn is_null_false(condition: &Condition) -> bool {
    condition.test == Some(Operator::Null) && condition.values().iter().all(|text| text.eq_ignore_ascii_case("false"))
}

fn folded_key(condition: &Condition) -> String {
    folded(condition.key())
}

/// The tags whose absence makes a contrary hold: its key, and the variables among its values, since nothing is equal to one without a value.
fn tags_whose_absence_matches(condition: &Condition, test: TextTest, replaces_variables: bool) -> BTreeSet<&str> {
    let key = principal_tag(condition.key()).filter(|_| test.holds_if_absent());
    let values = condition.values().iter().filter(|_| replaces_variables);
    let without_default = values.flat_map(|text| variables(text)).filter(|(_, has_default)| !has_default);
    key.into_iter().chain(without_default.filter_map(|(key, _)| principal_tag(key))).collect()
}

/// The variables that are taken letter for letter.
fn not_replaced(statement: &Statement, kinds: &mut Vec<PolicyFindingKind>) {
    let mut add = |texts: &[String], place: &Place| {
        for (variable, _) in texts.iter().flat_map(|text| variables(text)) {
            kinds.push(PolicyFindingKind::VariableNotReplaced { place: place.clone(), variable: variable.to_owned() });
        }
    };
    match statement.resource() {
        Some(Listed::Only(texts)) => add(texts, &Place::of_element(statement.number(), statement.sid.clone(), "Resource")),
        Some(Listed::AllBut(texts)) => add(texts, &Place::of_element(statement.number(), statement.sid.clone(), "NotResource")),
        None => {}
    }
    for condition in statement.conditions() {
        add(condition.values(), condition.place());
    }
}
