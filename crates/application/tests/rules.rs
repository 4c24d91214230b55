//! Every rule that is implemented has a test that carries its id.
//!
//! A test's name begins with the ids that it shows, in lower case: `gm_12_..` shows GM-12, `am_09_to_13_..` shows AM-09 to AM-13, and
//! `e_01_and_gm_20_..` shows both.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The families of rules that are implemented, with the numbers in each.
const RULES: [(&str, &[std::ops::RangeInclusive<u8>]); 10] = [
    ("ac", &[1..=10]),
    ("am", &[0..=22]),
    ("ga", &[1..=2]),
    ("gm", &[1..=1, 3..=26, 32..=33]),
    ("ic", &[1..=4, 12..=25]),
    ("im", &[3..=3, 7..=8, 10..=11]),
    ("rm", &[3..=4]),
    ("ss", &[1..=19]),
    ("ul", &[1..=12]),
    ("e", &[1..=13]),
];

#[test]
fn every_rule_has_a_test_that_carries_its_id() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    rust_files(crates, &mut files);
    let mut shown = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let names = text.lines().filter_map(|line| line.trim_start().strip_prefix("fn ")).filter_map(|line| line.split('(').next());
        names.for_each(|name| ids(name, &mut shown));
    }
    let wanted = RULES
        .iter()
        .flat_map(|(family, ranges)| ranges.iter().flat_map(|range| range.clone()).map(|number| ((*family).to_owned(), number)));
    let missing: Vec<_> = wanted.filter(|id| !shown.contains(id)).collect();
    assert!(missing.is_empty(), "no test carries the id of {missing:?}");
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The ids that a test's name begins with or names on the way.
fn ids(name: &str, shown: &mut BTreeSet<(String, u8)>) {
    let mut family = "";
    let mut last = None;
    let mut is_range = false;
    for word in name.split('_') {
        match (word.parse::<u8>(), word) {
            (Ok(number), _) if word.len() == 2 && !family.is_empty() => {
                let first = if is_range { last.unwrap_or(number) } else { number };
                shown.extend((first..=number).map(|number| (family.to_owned(), number)));
                last = Some(number);
                is_range = false;
            }
            (_, "to") => is_range = last.is_some(),
            _ if RULES.iter().any(|(known, _)| *known == word) => (family, last, is_range) = (word, None, false),
            _ => (family, last, is_range) = ("", None, false),
        }
    }
}

#[test]
fn names_tell_their_ids() {
    let ids_of = |name| {
        let mut shown = BTreeSet::new();
        ids(name, &mut shown);
        shown.into_iter().map(|(family, number)| format!("{family}-{number}")).collect::<Vec<_>>()
    };
    assert_eq!(ids_of("gm_12_exactly_who_joins"), ["gm-12"]);
    assert_eq!(ids_of("am_09_to_11_a_work_address"), ["am-9", "am-10", "am-11"]);
    assert_eq!(ids_of("im_11_and_e_13_a_refused_token"), ["e-13", "im-11"]);
    assert_eq!(ids_of("two_people_with_1_name"), Vec::<String>::new());
}
