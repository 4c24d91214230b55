//! The laws of directories that are text: tables and LDIF.

use idbridge_mapping::directory::ldif::Dn;
use idbridge_mapping::directory::{Completeness, Snapshot, csv, ldif};

/// Whatever a table holds: reading does not panic, and a line that is cut off its end is no person who is gone unsaid.
pub fn directory_csv(data: &[u8]) {
    let Ok(snapshot) = csv::read(data) else { return };
    assert_eq!(csv::read(data).as_ref(), Ok(&snapshot), "the same bytes, the same snapshot");
    bound(&snapshot);
    // The same table says the groups: it has no columns for them, or is refused, or names people who are there or not.
    _ = csv::read_with_groups(data, data);
    let ragged = [data, b"\n\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"x\"\n"].concat();
    if let Ok(ragged) = csv::read(&ragged) {
        assert!(snapshot.users().keys().all(|id| ragged.users().contains_key(id)), "one more row takes nobody away");
    }
}

/// Whatever an LDIF file holds: reading does not panic, folding and line ends change nothing, and names in their normal form are names.
pub fn directory_ldif(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(name) = Dn::parse(text)
    {
        assert_eq!(Dn::parse(name.normalized()).as_ref(), Ok(&name), "the normal form names the same");
    }
    let Ok(snapshot) = ldif::read(data) else { return };
    bound(&snapshot);
    let mut folded = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        let is_foldable = line.len() > 3 && !line.starts_with(b"\xEF\xBB\xBF") && !line.contains(&b'\r');
        match line.split_at_checked(2).filter(|_| is_foldable) {
            Some((start, rest)) => folded.extend([start, b"\n ", rest].concat()),
            None => folded.extend_from_slice(line),
        }
    }
    assert_eq!(ldif::read(&folded), Ok(snapshot), "folding changes nothing");
}

/// Everybody and every group is bound, and a directory without anybody is never believed.
fn bound(snapshot: &Snapshot) {
    assert!(snapshot.users().keys().eq(&snapshot.application().users));
    assert!(snapshot.groups().keys().eq(&snapshot.application().groups));
    assert!(!snapshot.users().is_empty() || *snapshot.completeness() != Completeness::Complete);
}
