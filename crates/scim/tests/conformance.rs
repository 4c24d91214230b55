//! What `CONFORMANCE.md` says is shown by a test that exists.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The tests that the text names, as `file::name`.
fn named(text: &str) -> BTreeSet<(String, String)> {
    let quoted = text.split('`').skip(1).step_by(2);
    let test = |word: &str| {
        let (file, name) = word.split_once("::")?;
        let is_one = [file, name].iter().all(|part| part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
        is_one.then(|| (file.to_owned(), name.to_owned()))
    };
    quoted.filter_map(test).collect()
}

/// The functions of a file that are tests.
fn tests(text: &str) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if line == "#[test]" {
            is_test = true;
        } else if let Some(rest) = line.strip_prefix("fn ") {
            if is_test {
                tests.insert(rest.split('(').next().unwrap_or_default().to_owned());
            }
            is_test = false;
        }
    }
    tests
}

/// Each test that is named is there, and is one.
#[test]
fn every_test_that_is_named_exists() {
    let named = named(&read("CONFORMANCE.md"));
    assert!(named.len() > 100, "only {} tests are named", named.len());
    let missing: Vec<_> = named.iter().filter(|(file, name)| !tests(&read(&format!("tests/{file}.rs"))).contains(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Each row that says "supported" names a test, and each row that names none says why.
#[test]
fn every_row_names_a_test_or_a_reason() {
    let text = read("CONFORMANCE.md");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---") && !line.starts_with("| section |"));
    let mut count = 0;
    for row in rows.filter(|row| row.matches(" | ").count() >= 2) {
        count += 1;
        assert!(row.contains("::") || row.contains("deliberately not: ") || row.starts_with("| where |"), "{row}");
    }
    assert!(count > 80, "only {count} rows");
}

/// Each row of lenient mode's table is shown by a test of `lenient.rs`, and each test there stands in the table.
#[test]
fn every_test_of_lenient_mode_is_named() {
    let named = named(&read("CONFORMANCE.md"));
    let lenient = named.iter().filter(|(file, _)| file == "lenient").map(|(_, name)| name.clone()).collect::<BTreeSet<_>>();
    let mut there = tests(&read("tests/lenient.rs"));
    // That one is about what lenient mode does not take.
    there.remove("lenient_mode_has_a_grammar");
    assert_eq!(lenient, there);
}
