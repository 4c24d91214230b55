//! The rules and the tests say the same: `docs/rules.md` lists every rule, and every rule that can have a test has one that carries its id.
//!
//! A test's name begins with the ids that it shows, in lower case: `gm_12_..` shows GM-12, `am_09_to_13_..` shows AM-09 to AM-13, and
//! `e_01_and_gm_20_..` shows both.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics has failed, which is what it is for")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

/// The families of ids, each without a gap. UL-12 has no row of its own but stands beside E-7.
const FAMILIES: [(&str, RangeInclusive<u8>); 11] = [
    ("AB", 1..=15),
    ("AC", 1..=10),
    ("AM", 0..=22),
    ("E", 1..=15),
    ("GA", 1..=2),
    ("GM", 1..=33),
    ("IC", 1..=25),
    ("IM", 1..=11),
    ("RM", 1..=8),
    ("SS", 1..=20),
    ("UL", 1..=12),
];

/// 153 rows that were there, in which AM-09 to AM-13 are one, and the 16 that settle them.
const ROWS: usize = 153 + 16;

/// The rules of which nothing is built yet or nothing can be tested. A rule of another family, or one more of these, is a decision that is made here too.
const UNTESTED: [(&str, &[RangeInclusive<u8>]); 4] =
    [("IC", &[6..=11]), ("IM", &[1..=2, 4..=6, 9..=9]), ("RM", &[1..=2, 5..=8]), ("SS", &[20..=20])];

type Id = (&'static str, u8);

/// A row of a table of rules.
struct Row {
    ids: Vec<Id>,
    owner: String,
    shown: Shown,
}

/// What the last column says.
enum Shown {
    /// By tests in these files.
    In(Vec<String>),
    /// By none: what it is about is not built yet, or cannot be tested.
    NotYet,
    Never,
}

/// A test function: the ids that its name carries, and the file that it is in, from the root of the workspace.
struct Test {
    name: String,
    ids: BTreeSet<Id>,
    file: String,
}

#[test]
fn every_rule_has_a_row_and_every_row_is_a_rule() {
    let rows = rows();
    assert_eq!(rows.len(), ROWS);
    let mut listed = BTreeSet::new();
    for id in rows.iter().flat_map(|row| &row.ids) {
        assert!(listed.insert(*id), "{} is listed twice", print(*id));
    }
    let wanted = FAMILIES.iter().flat_map(|(family, numbers)| numbers.clone().map(|number| (*family, number)));
    let missing: Vec<String> = wanted.filter(|id| !listed.contains(id)).map(print).collect();
    assert!(missing.is_empty(), "docs/rules.md does not list {missing:?}");
}

#[test]
fn every_rule_is_owned_by_a_crate() {
    for row in rows() {
        let folder = root().join("crates").join(&row.owner);
        assert!(folder.join("Cargo.toml").is_file(), "{}: there is no crate {:?}", print_all(&row.ids), row.owner);
    }
}

#[test]
fn every_rule_has_a_test_that_carries_its_id() {
    let tests = tests();
    for row in rows() {
        for id in &row.ids {
            let files: BTreeSet<&str> = tests.iter().filter(|test| test.ids.contains(id)).map(|test| &*test.file).collect();
            match &row.shown {
                Shown::In(named) => {
                    assert!(!named.is_empty() && !files.is_empty(), "no test carries the id of {}", print(*id));
                    for file in named {
                        assert!(files.contains(&**file), "{file} holds no test of {}; there are some in {files:?}", print(*id));
                    }
                }
                Shown::NotYet | Shown::Never => {
                    assert!(files.is_empty(), "{} is said to have no test, and has some in {files:?}", print(*id));
                }
            }
        }
    }
}

/// A mark in the document excuses only what is known to be untested.
#[test]
fn only_what_is_not_built_is_without_a_test() {
    let untested = |row: &&Row| !matches!(row.shown, Shown::In(_));
    let found: BTreeSet<Id> = rows().iter().filter(untested).flat_map(|row| row.ids.clone()).collect();
    let known: BTreeSet<Id> = UNTESTED
        .iter()
        .flat_map(|(family, ranges)| ranges.iter().flat_map(|range| range.clone()).map(|number| (*family, number)))
        .collect();
    let changed: Vec<String> = found.symmetric_difference(&known).copied().map(print).collect();
    assert!(changed.is_empty(), "marked as without a test in one place and not in the other: {changed:?}");
}

#[test]
fn every_test_shows_rules_that_are_listed() {
    let listed: BTreeSet<Id> = rows().into_iter().flat_map(|row| row.ids).collect();
    for Test { name, ids, file } in tests() {
        for id in ids {
            assert!(listed.contains(&id), "{file}: {name} carries {}, which docs/rules.md does not list", print(id));
        }
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn print((family, number): Id) -> String {
    match family {
        "E" => format!("E-{number}"),
        _ => format!("{family}-{number:02}"),
    }
}

fn print_all(ids: &[Id]) -> String {
    ids.iter().copied().map(print).collect::<Vec<_>>().join(", ")
}

/// The rows of the tables of rules: those whose first column is an id.
fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let (mut rows, mut is_of_rules) = (Vec::new(), false);
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells.as_slice() {
            ["", "id", "rule", "crate", "test", ""] => is_of_rules = true,
            ["", first, _, _, _, ""] if is_of_rules && first.starts_with("---") => {}
            ["", first, rule, owner, shown, ""] if is_of_rules => {
                assert!(!rule.is_empty(), "{line}");
                rows.push(Row { ids: listed_ids(first), owner: (*owner).to_owned(), shown: shown_in(shown) });
            }
            _ if line.starts_with('|') => assert!(!is_of_rules, "a row of another shape: {line}"),
            _ => is_of_rules = false,
        }
    }
    rows
}

fn shown_in(cell: &str) -> Shown {
    match cell.split(':').next() {
        Some("not yet") => Shown::NotYet,
        Some("no test") => Shown::Never,
        _ => Shown::In(cell.split(", ").map(|file| file.trim_matches('`').to_owned()).collect()),
    }
}

/// `GM-12`, `E-7, UL-12` or `AM-09 to AM-13`.
fn listed_ids(cell: &str) -> Vec<Id> {
    let id = |text: &str| -> Id {
        let (family, number) = text.split_once('-').unwrap_or_else(|| panic!("{text:?} is no id"));
        let known = FAMILIES.iter().find(|(known, _)| *known == family).unwrap_or_else(|| panic!("{text:?} is of no family"));
        (known.0, number.parse().unwrap_or_else(|_| panic!("{text:?} has no number")))
    };
    let part = |part: &str| match part.split_once(" to ").map(|(first, last)| (id(first), id(last))) {
        Some((first, last)) => (first.1..=last.1).map(|number| (first.0, number)).collect(),
        None => vec![id(part)],
    };
    cell.split(", ").flat_map(part).collect()
}

/// Every test of the workspace that carries an id: what stands behind `#[test]`, or in a `proptest!`.
fn tests() -> Vec<Test> {
    let crates =
        fs::read_dir(root().join("crates")).unwrap().map(|entry| format!("crates/{}/tests", entry.unwrap().file_name().to_string_lossy()));
    let mut tests = Vec::new();
    for folder in crates.chain(["examples/tests".to_owned()]) {
        if root().join(&folder).is_dir() {
            tests_in(&folder, &mut tests);
        }
    }
    assert!(tests.len() > 200, "only {} tests were found, so this is not the workspace", tests.len());
    tests
}

fn tests_in(folder: &str, tests: &mut Vec<Test>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let file = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
        let path = root().join(&file);
        if path.is_dir() {
            tests_in(&file, tests);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            tests.extend(tests_of(&fs::read_to_string(&path).unwrap()).into_iter().map(|(name, ids)| Test {
                name,
                ids,
                file: file.clone(),
            }));
        }
    }
}

/// The tests in a text whose names carry an id. A function that is no test shows nothing, nor does a test that is ignored.
fn tests_of(text: &str) -> Vec<(String, BTreeSet<Id>)> {
    let mut tests = Vec::new();
    let mut attributes = BTreeSet::new();
    for line in text.lines().map(str::trim_start) {
        if let Some(attribute) = line.strip_prefix("#[") {
            attributes.insert(attribute.split([']', ' ', '(']).next().unwrap_or_default().to_owned());
        } else if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next()) {
            let (ids, is_test) = (ids(name), attributes.contains("test") && !attributes.contains("ignore"));
            if is_test && !ids.is_empty() {
                tests.push((name.to_owned(), ids));
            }
            attributes.clear();
        } else if !line.starts_with("//") && !line.is_empty() {
            attributes.clear();
        }
    }
    tests
}

/// The ids that a test's name begins with or names on the way.
fn ids(name: &str) -> BTreeSet<Id> {
    let families: BTreeMap<String, &'static str> = FAMILIES.iter().map(|(family, _)| (family.to_lowercase(), *family)).collect();
    let mut shown = BTreeSet::new();
    let mut family = None;
    let mut last = None;
    let mut is_range = false;
    for word in name.split('_') {
        match (word.parse::<u8>(), family) {
            (Ok(number), Some(family)) if word.len() == 2 => {
                let first = if is_range { last.unwrap_or(number) } else { number };
                shown.extend((first..=number).map(|number| (family, number)));
                (last, is_range) = (Some(number), false);
            }
            _ if word == "to" => is_range = last.is_some(),
            _ => (family, last, is_range) = (families.get(word).copied(), None, false),
        }
    }
    shown
}

#[test]
fn names_tell_their_ids() {
    let ids_of = |name| ids(name).into_iter().map(print).collect::<Vec<_>>();
    assert_eq!(ids_of("gm_12_exactly_who_joins"), ["GM-12"]);
    assert_eq!(ids_of("am_09_to_11_a_work_address"), ["AM-09", "AM-10", "AM-11"]);
    assert_eq!(ids_of("im_11_and_e_13_a_refused_token"), ["E-13", "IM-11"]);
    assert_eq!(ids_of("two_people_with_1_name"), Vec::<String>::new());
}

#[test]
fn only_a_test_that_runs_shows_a_rule() {
    let text = "#[test]\nfn gm_01_a() {}\n    fn gm_02_no_test() {}\n/// Says.\n#[test]\n// Why.\n#[should_panic]\nfn gm_03_b() {}\n#[ignore = \"slow\"]\n\
                #[test]\nfn gm_04_c() {}\n#[test]\nfn of_no_rule() {}\n";
    assert_eq!(tests_of(text).into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["gm_01_a", "gm_03_b"]);
}

#[test]
fn rows_are_read() {
    assert_eq!(print_all(&listed_ids("AM-09 to AM-11")), "AM-09, AM-10, AM-11");
    assert_eq!(print_all(&listed_ids("E-7, UL-12")), "E-7, UL-12");
    assert!(matches!(shown_in("`a/b.rs`, `c.rs`"), Shown::In(files) if files == ["a/b.rs", "c.rs"]));
    assert!(matches!(shown_in("not yet"), Shown::NotYet));
    assert!(matches!(shown_in("not yet: the finding"), Shown::NotYet));
    assert!(matches!(shown_in("no test: a fact"), Shown::Never));
}
