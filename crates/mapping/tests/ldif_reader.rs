//! LDIF: lines, names of entries, people and groups of several servers, and what is concluded when something is missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::ldif::{self, Dn};
use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot, User};
use idbridge_mapping::{ErrorKind, Mapped, RuleSet};
use idbridge_scim::Profile;
use proptest::collection::vec;
use proptest::prelude::*;

const BUNDLED: &str = include_str!("../../../examples/data/directories/people.ldif");
const ANNA: &str = "dn: uid=anna,dc=example\nobjectClass: inetOrgPerson\nuid: anna\n";
const STAFF: &str = "\ndn: cn=staff,dc=example\nobjectClass: groupOfNames\ncn: Staff\nmember: uid=anna,dc=example\n";

fn read(text: &str) -> Snapshot {
    ldif::read(text.as_bytes()).unwrap()
}

fn refused(text: &str) -> String {
    ldif::read(text.as_bytes()).unwrap_err().to_string()
}

/// Anna with these lines more, and a group that she is in.
fn anna(lines: &str) -> User {
    let snapshot = read(&format!("{ANNA}{lines}\n{STAFF}"));
    assert_eq!(snapshot.users().len(), 1);
    snapshot.users().values().next().unwrap().clone()
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    match snapshot.completeness() {
        Completeness::Complete => Vec::new(),
        Completeness::Partial(reasons) => reasons.iter().map(ToString::to_string).collect(),
    }
}

fn members<'a>(snapshot: &'a Snapshot, group: &str) -> Vec<&'a str> {
    snapshot.groups()[group].members.iter().map(|id| id.as_str()).collect()
}

fn ids(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.users().keys().map(|id| id.as_str()).collect()
}

fn dn(text: &str) -> Dn {
    Dn::parse(text).unwrap()
}

#[test]
fn the_bundled_file_is_read_and_mapped() {
    let snapshot = read(BUNDLED);
    assert_eq!((snapshot.completeness(), snapshot.findings().len()), (&Completeness::Complete, 0));
    assert_eq!((snapshot.users().len(), snapshot.groups().len(), snapshot.entitled().len()), (7, 3, 7));
    let group = |name: &str| snapshot.groups().values().find(|group| group.name.as_deref() == Some(name)).unwrap();
    assert_eq!((group("Everybody").groups.len(), group("Everybody").members.len()), (2, 7), "nested groups are flattened");
    assert_eq!(group("Operators").members.len(), 2);

    let id = |last: u8| format!("5f0c1d2e-0000-4000-8000-00000000020{last}");
    let (tobias, mei) = (&snapshot.users()[id(2).as_str()], &snapshot.users()[id(5).as_str()]);
    assert_eq!(tobias.username.as_deref(), Some("tobias.keller"));
    assert_eq!((tobias.first_name.as_deref(), tobias.last_name.as_deref()), (Some("Tobias"), Some("Keller")));
    assert_eq!((tobias.department.as_deref(), tobias.employee_identifier.as_deref()), (Some("Engineering"), Some("E-202")));
    assert_eq!(tobias.manager.as_ref().map(|manager| manager.as_str()), Some(id(1).as_str()));
    assert_eq!((tobias.custom["locale"].as_str(), tobias.work_phone().unwrap().number.as_str()), ("de-CH", "+41 31 555 02 02"));
    assert_eq!(mei.work_address().unwrap().region.as_deref(), Some("Skåne"));
    assert_eq!(snapshot.users()[id(4).as_str()].lifecycle, Lifecycle::Suspended);
    assert_eq!(snapshot.users()[id(7).as_str()].display_name.as_deref(), Some("Ines Okoro-Blanc"));

    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let is_held = |user: &&User| matches!(rules.to_scim(user, &profile), Mapped::Held { .. });
    let held: Vec<_> = snapshot.users().values().filter(is_held).map(|user| user.username.as_deref().unwrap()).collect();
    assert_eq!(held, ["ravi"], "the one without a last name");
}

/// JumpCloud's names for its attributes, and its one line for an address.
#[test]
fn jumpcloud_names_are_read() {
    let user = anna(
        "initials: B\ncompany: Example Works\nbusinessCategory: CC-7\nphysicalDeliveryOfficeName: Oslo\nl: Oslo\npostalCode: 0150\n\
         postalAddress: 3 Quay$Oslo$Oslo Region$0150$NO\nhomePhone: 1\npager: 2\nfacsimileTelephoneNumber: 3\ntelephoneNumber: 4\n\
         mobile: 5\nemployeeType: Full-time\n",
    );
    assert_eq!((user.middle_name.as_deref(), user.cost_center.as_deref()), (Some("B"), Some("CC-7")));
    assert_eq!((user.location.as_deref(), user.employee_type.as_deref()), (Some("Oslo"), Some("Full-time")));
    let address = user.work_address().unwrap();
    assert_eq!((address.street_address.as_deref(), address.country.as_deref()), (Some("3 Quay"), Some("NO")));
    assert_eq!((address.region.as_deref(), address.postal_code.as_deref()), (Some("Oslo Region"), Some("0150")));
    let kinds: Vec<_> = user.phone_numbers.iter().map(|phone| (phone.kind.as_deref().unwrap(), phone.number.as_str())).collect();
    assert_eq!(kinds, [("work", "4"), ("mobile", "5"), ("home", "1"), ("work_mobile", "2"), ("work_fax", "3")]);
    let label = anna("l: Oslo\npostalAddress: Anna Berg$Example Works$3 Quay$0150 Oslo$Norway\n");
    assert_eq!(label.work_address().unwrap().street_address, None, "a label is no street");
}

#[test]
fn lines_are_unfolded_commented_and_decoded() {
    let text = "\u{FEFF}version: 1\r\n# a comment\r\n  that goes on\r\ndn: uid=anna,\r\n dc=example\r\nOBJECTCLASS: inetOrg\r\n Person\r\nUID:    an\r\n na\r\n\
                # between\r\nsn:: QsO4\r\n cmc=\r\ntitle:: \r\ngivenName:Anna\r\nmail;x-work: a@example.com\r\nl:\r\n\r\n\r\n";
    let snapshot = read(text);
    let anna = &snapshot.users()["uid=anna,dc=example"];
    assert_eq!((anna.username.as_deref(), anna.last_name.as_deref()), (Some("anna"), Some("Børg")));
    assert_eq!((anna.job_title.as_deref(), anna.first_name.as_deref()), (None, Some("Anna")));
    assert_eq!((anna.email.as_deref(), anna.addresses.len(), anna.findings.len()), (Some("a@example.com"), 0, 0));
}

#[test]
fn the_first_value_counts_and_one_without_a_language_first() {
    let user = anna("cn;lang-de: Ännchen\ncn: Anna Berg\nCN: Anna B\nsn;lang-de: Berg\ncommonName: A\n");
    assert_eq!((user.display_name.as_deref(), user.last_name.as_deref()), (Some("Anna Berg"), Some("Berg")));
}

/// Nothing is fetched, and a value that cannot be read holds its record and no other.
#[test]
fn values_that_cannot_be_read_hold_the_record() {
    let cases = [
        ("mail:< file:///etc/passwd", "mail must be a text, found a URL"),
        ("mail:: ???", "mail must be a text, found no base64"),
        ("mail:: /w==", "mail must be a text, found bytes that are not UTF-8"),
        ("userAccountControl: secret", "userAccountControl must be a whole number, found another text"),
        ("nsAccountLock: secret", "nsAccountLock must be true or false, found another text"),
        ("manager: secret", "manager must be a distinguished name, found another text"),
        ("telephoneNumber:< http://secret", "telephoneNumber must be a text, found a URL"),
    ];
    for (line, expected) in cases {
        let user = anna(line);
        let found: Vec<_> = user.findings.iter().map(ToString::to_string).collect();
        assert_eq!(found, [format!("the record cannot be read: {expected}; correct the record in the source")], "{line}");
    }
    assert!(anna("jpegPhoto:< file:///x\nuserPassword:: ???").findings.is_empty(), "what is not read is not looked at");
    let latin = ldif::read(&[ANNA.as_bytes(), b"sn: Bj\xF8rn\n", STAFF.as_bytes()].concat()).unwrap();
    assert_eq!(latin.users()["uid=anna,dc=example"].findings[0].code(), "UnreadableRecord");

    let snapshot = ldif::read_with(format!("{ANNA}team:< x:y\n{STAFF}").as_bytes(), &["Team"]).unwrap();
    let finding = &snapshot.users()["uid=anna,dc=example"].findings[0];
    assert_eq!(finding.to_string(), "attributes.Team must be a text, found a URL, so it is left out; write it as one text");
}

#[test]
fn accounts_are_read_in_the_words_of_several_servers() {
    let cases = [
        ("userAccountControl: 512", Lifecycle::Active, false, false),
        ("userAccountControl: 514", Lifecycle::Suspended, false, false),
        ("userAccountControl: 8389136", Lifecycle::Active, true, true),
        ("userAccountControl: -2147483646", Lifecycle::Suspended, false, false),
        ("nsAccountLock: TRUE", Lifecycle::Suspended, false, false),
        ("nsAccountLock: false", Lifecycle::Active, false, false),
        ("pwdAccountLockedTime: 000001010000Z", Lifecycle::Active, true, false),
        ("lockoutTime: 0", Lifecycle::Active, false, false),
        ("lockoutTime: 133500000000000000", Lifecycle::Active, true, false),
    ];
    for (line, lifecycle, is_locked, has_expired) in cases {
        let user = anna(line);
        assert_eq!((user.lifecycle, user.account_locked, user.password_expired), (lifecycle, is_locked, has_expired), "{line}");
        assert!(user.findings.is_empty(), "{line}");
    }
}

#[test]
fn identifiers_are_what_the_server_gave() {
    let id = |line: &str| anna(line).id.as_str().to_owned();
    assert_eq!(id(""), "uid=anna,dc=example");
    assert_eq!(id("entryUUID: 5F0C1D2E-0000-4000-8000-0000000000aa"), "5f0c1d2e-0000-4000-8000-0000000000aa");
    // The bytes 00 to 0f: the first three parts are written backwards.
    assert_eq!(id("objectGUID:: AAECAwQFBgcICQoLDA0ODw=="), "03020100-0504-0706-0809-0a0b0c0d0e0f");
    assert_eq!(id("nsUniqueId: 5f0c1d2e-11ee4000-80000000-000000aa"), "5f0c1d2e-11ee4000-80000000-000000aa");
    assert_eq!(id("ipaUniqueID: 5f0c"), "5f0c");
    for line in ["entryUUID: a\nentryUUID: b", "objectGUID:< x:y", "objectGUID:: /////w=="] {
        let snapshot = read(&format!("{ANNA}{line}\n"));
        assert_eq!(reasons(&snapshot)[0], "entry 1 of entries has no identifier that can be used", "{line}");
        assert!(snapshot.users().is_empty(), "the name would make another person of this one");
    }
}

#[test]
fn an_entry_is_a_person_or_a_group_by_its_class() {
    let cases = [
        ("person", 1, 0),
        ("top\nobjectClass: USER", 1, 0),
        ("posixAccount", 1, 0),
        ("user\nobjectClass: computer", 0, 0),
        ("person\nobjectClass: contact", 0, 0),
        ("organizationalUnit", 0, 0),
        ("group", 0, 1),
        ("posixGroup", 0, 1),
        ("groupOfUniqueNames", 0, 1),
    ];
    for (class, people, groups) in cases {
        let snapshot = read(&format!("dn: cn=x\nobjectClass: {class}\n"));
        assert_eq!((snapshot.users().len(), snapshot.groups().len()), (people, groups), "{class}");
    }
    assert_eq!(reasons(&read(&format!("{ANNA}{STAFF}\ndn: cn=x\ncn: x\n"))), ["entry 3 of entries must have an objectClass, found none"]);
}

#[test]
fn members_are_named_in_every_way() {
    let people = "dn: CN=Berg\\, Anna,OU=x,DC=example\nobjectClass: user\nentryUUID: u1\nsAMAccountName: anna\nmemberOf: CN=D,DC=example\n\n\
                  dn: uid=ola,dc=example\nobjectClass: person\nentryUUID: u2\nuid: ola\n\n\
                  dn: cn=printer,dc=example\nobjectClass: device\n\n";
    let groups = "dn: cn=a,dc=example\nobjectClass: group\nentryUUID: a\nmember: cn=\"Berg, Anna\", ou=X, dc=example\nmember: cn=printer,dc=example\n\n\
                  dn: cn=b,dc=example\nobjectClass: groupOfUniqueNames\nentryUUID: b\nuniqueMember: UID=ola,DC=Example#'0101'B\nuniqueMember:\n\n\
                  dn: cn=c,dc=example\nobjectClass: posixGroup\nentryUUID: c\nmemberUid: ola\nmemberUid: gone\n\n\
                  dn: cn=d,dc=example\nobjectClass: group\nentryUUID: d\nmember: CN=A,dc=example\nmemberOf: cn=b,dc=example\n\n\
                  dn: cn=e,dc=example\nobjectClass: groupOfNames\nentryUUID: e\nmember: uid=gone,dc=example\n";
    let snapshot = read(&format!("{people}{groups}"));
    assert_eq!(reasons(&snapshot), [""; 0]);
    let all: Vec<_> = ["a", "b", "c", "d", "e"].into_iter().map(|group| members(&snapshot, group)).collect();
    assert_eq!(all, [vec!["u1"], vec!["u1", "u2"], vec!["gone", "u2"], vec!["u1"], vec!["uid=gone,dc=example"]]);
    let found: Vec<_> = snapshot.findings().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "the member gone is not in the directory; remove them from the group, or read the directory again",
            "the member uid=gone,dc=example is not in the directory; remove them from the group, or read the directory again",
        ]
    );
}

#[test]
fn groups_in_a_circle_are_told() {
    let circle =
        "dn: cn=a\nobjectClass: group\nmember: cn=b\nmember: uid=anna,dc=example\n\ndn: cn=b\nobjectClass: group\nmember: cn=a\n\n";
    let snapshot = read(&format!("{circle}{ANNA}"));
    assert_eq!((members(&snapshot, "cn=a"), members(&snapshot, "cn=b")), (vec!["uid=anna,dc=example"], vec!["uid=anna,dc=example"]));
    assert_eq!(snapshot.groups()["cn=a"].findings[0].code(), "NestedInItself");
}

/// Unknown is not empty is not absent.
#[test]
fn what_a_file_does_not_have_makes_it_partial() {
    let (nobody, no_groups) = ("there is no user in it at all", "groups is missing, which is not the same as empty");
    for text in ["", "version: 1\n", "\n\n# nothing\n", "version: 1\n\nsearch: 2\nresult: 0 Success\n"] {
        assert_eq!(reasons(&read(text)), [nobody, no_groups], "{text:?}");
    }
    assert_eq!(reasons(&read(ANNA)), [no_groups]);
    let without_members = "\ndn: cn=a\nobjectClass: group\n";
    assert_eq!(reasons(&read(&format!("{ANNA}{without_members}"))), ["member is missing, which is not the same as empty"]);
    let whole = format!("{ANNA}{STAFF}");
    assert_eq!(reasons(&read(&whole)), [""; 0]);
    let cases = [
        ("result: 4 Size limit exceeded\n", "it says of itself that it is not complete"),
        ("search: 2\nresult: 3\n", "it says of itself that it is not complete"),
        ("ref: ldap://other/dc=example\n", "it says of itself that it is not complete"),
        ("dn: cn=x\nobjectClass: group\nmember: cn=y\n", "cn=y is named as a member or a group, and is not there itself"),
        ("dn: cn=x\nobjectClass: person\nmemberOf: cn=y\n", "cn=y is named as a member or a group, and is not there itself"),
        (
            "dn: cn=x\nobjectClass: person\nmemberOf: y\n",
            "entry 3 of entries must have distinguished names in memberOf, found something else",
        ),
        (
            "dn: cn=x\nobjectClass: group\nmember: uid=anna,dc=example\nmember: y\n",
            "entry 2 of member of the group cn=x has no identifier that can be used",
        ),
        ("dn: cn=x\nobjectClass: posixGroup\nmemberUid:: ?\n", "entry 1 of memberUid of the group cn=x has no identifier that can be used"),
        ("dn: cn=x\nobjectClass: groupOfNames\n", "the group cn=x has no list of members, which is not the same as an empty one"),
        (
            "dn: cn=x\nobjectClass: groupOfURLs\nmemberURL: ldap:///\n",
            "the group cn=x has no list of members, which is not the same as an empty one",
        ),
        ("dn: cn=x\nobjectClass: group\nmember;range=0-1499: uid=anna,dc=example\n", "the group cn=x has only a part of its members"),
        (
            "dn: cn=x\nobjectClass: group\nmember:\nmember;Range=1500-*: uid=anna,dc=example\n",
            "the group cn=x has only a part of its members",
        ),
        (
            "dn: cn=x\nobjectClass: person\nmemberOf;range=0-9: cn=staff,dc=example\n",
            "entry 3 of entries must have all values of memberOf, found a range of them",
        ),
        (
            "dn: UID=anna, dc=example\nobjectClass: device\n",
            "entry 3 of entries must have a name of its own, found one that is there before",
        ),
        ("dn: secret\nobjectClass: person\n", "entry 3 of entries has no identifier that can be used"),
        ("dn: cn=x\nobjectClass: person\nuid: x", "entry 3 of entries must have a line end after its last line, found the end of the file"),
    ];
    for (more, expected) in cases {
        assert_eq!(reasons(&read(&format!("{whole}\n{more}"))), [expected], "{more}");
    }
    let ranges = "dn: cn=x\nobjectClass: group\nmember;range=2-*: cn=z,dc=example\nmember;range=0-1: uid=anna,dc=example\n";
    let printer = "dn: cn=z,dc=example\nobjectClass: device\n";
    assert_eq!(reasons(&read(&format!("{whole}\n{ranges}\n{printer}"))), [""; 0], "ranges that make up the whole");
}

#[test]
fn an_entry_without_a_name_is_held_if_it_has_an_identifier() {
    let snapshot = read(&format!("dn: secret\nobjectClass: person\nentryUUID: u1\n\n{ANNA}{STAFF}"));
    assert_eq!(ids(&snapshot), ["u1", "uid=anna,dc=example"]);
    assert_eq!(
        snapshot.users()["u1"].findings[0].to_string(),
        "the record cannot be read: dn must be a distinguished name, found another text; correct the record in the source"
    );
}

#[test]
fn errors_say_where_and_what_to_change() {
    let at = |line: usize, reason: &str| format!("invalid directory file at line {line} column 1: {reason}");
    let change = "a snapshot must have entries only, found a change; export the entries in place of the changes";
    assert_eq!(refused("dn: cn=x\nchangetype: delete\n"), at(2, change));
    assert_eq!(refused("dn: cn=x\ncontrol: 1.2.3\nchangetype: add\n"), at(2, change));
    assert_eq!(read("dn: cn=x\nchangetype: Add\nobjectClass: person\n").users().len(), 1);
    assert_eq!(refused("version: 2\n"), at(1, "the version must be 1, found another"));
    assert_eq!(refused("\ncn: secret\n"), at(2, "an entry must begin with dn:, found another attribute"));
    assert_eq!(refused("dn: cn=x\ndn: cn=y\n"), at(2, "an entry must end with an empty line, found the dn: of the next"));
    assert_eq!(refused("dn:< file:///x\n"), at(1, "dn must be a distinguished name, found a URL"));
    assert_eq!(refused(" dn: cn=x\n"), at(1, "a line that begins with a space must go on with the one before, found none before it"));
    assert_eq!(refused("dn: cn=x\n\n x\n"), at(3, "a line that begins with a space must go on with the one before, found none before it"));
    let colon = "a line must be an attribute and its value with ':' between them, found another text";
    for text in ["dn: cn=x\nsecret\n", "dn: cn=x\n: secret\n", "dn: cn=x\nsec ret: x\n"] {
        assert_eq!(refused(text), at(2, colon), "{text}");
    }
    assert_eq!(refused(&format!("dn: cn=x\ncn: {}\n", "x".repeat(16 << 20))), at(2, "at most 16777216 bytes of a line are read"));
    assert_eq!(ldif::read(b"d\0n\0").unwrap_err().kind(), &ErrorKind::Encoding { byte: 0, offset: 1 });
    assert_eq!(
        ldif::read_with(b"", &["UserPassword"]).unwrap_err().to_string(),
        "invalid directory file: the attribute UserPassword is one for passwords, which are never read"
    );
}

/// RFC 4514 section 4, and what older writers wrote.
#[test]
fn names_compare_as_names() {
    let equal = [
        ("UID=jsmith,DC=example,DC=net", "uid=JSmith, dc=Example ; dc=net"),
        ("OU=Sales+CN=J.  Smith,DC=example", "cn=j. smith + ou=sales,dc=example"),
        ("CN=James \\\"Jim\\\" Smith\\, III", "cn=\"james \\\"jim\\\" smith, iii\""),
        ("CN=Before\\0dAfter", "cn=before\\0Dafter"),
        ("CN=Lu\\C4\\8Di\\C4\\87", "cn=LUČIĆ"),
        ("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#04024869"),
        ("2.5.4.3=a,OID.2.5.4.11=b", "commonName=A,organizationalUnitName=B"),
        ("cn=\\ a\\ ", "cn=a"),
        ("cn=a\\2Cb", "cn=a\\,b"),
        ("", "  "),
    ];
    for (one, other) in equal {
        assert_eq!(dn(one), dn(other), "{one}");
        assert_eq!(dn(dn(one).normalized()), dn(one), "the normal form is a name: {one}");
    }
    let differ = [
        ("cn=a,cn=b", "cn=b,cn=a"),
        ("cn=a+cn=b", "cn=a,cn=b"),
        ("cn=a\\,b", "cn=a,cn=b"),
        ("cn=\\#04", "cn=#04"),
        ("cn=ab", "cn=a b"),
        ("cn=a", "sn=a"),
        ("", "cn=a"),
    ];
    for (one, other) in differ {
        assert_ne!(dn(one), dn(other), "{one}");
        assert_ne!(dn(one).normalized(), dn(other).normalized());
    }
    assert_eq!(dn("CN = A").to_string(), "CN = A", "it prints as it was written");
}

#[test]
fn what_is_no_name_is_refused_with_its_place() {
    let refused = |text: &str| Dn::parse(text).unwrap_err().to_string();
    let at = |column: usize, reason: &str| format!("invalid directory file at line 1 column {column}: {reason}");
    let parts = "a name must be attributes and their values with '=' between them, found another text";
    assert_eq!(refused("secret"), at(7, parts));
    assert_eq!(refused("cn=a,"), at(6, parts));
    assert_eq!(refused("=a"), at(1, parts));
    assert_eq!(refused("cn=\"a"), at(6, "the quotation mark is never closed"));
    assert_eq!(refused("cn=\"a\"b"), at(7, "a value must end at its closing quotation mark, found more"));
    assert_eq!(refused("cn=a\"b"), at(5, "a quotation mark in a value must have a '\\' before it, found none"));
    assert_eq!(refused("cn=a\\x"), at(7, "after '\\' there must be a special character or two hexadecimal digits, found another text"));
    assert_eq!(refused("cn=\\FF"), at(7, "a value must be UTF-8 when its escapes are read, found other bytes"));
    assert_eq!(refused("cn=#0"), at(6, "after '#' there must be pairs of hexadecimal digits, found another text"));
    assert_eq!(refused(&format!("cn={}", "x".repeat(70_000))), at(1, "at most 65536 bytes of a name are read"));
}

/// A value, and the same one with other letters and escapes.
fn value() -> impl Strategy<Value = (String, String)> {
    vec(prop_oneof!["[a-zA-Z0-9ø]", Just(",".to_owned()), Just("+".to_owned()), Just("\\".to_owned()), Just("#".to_owned())], 1..6)
        .prop_map(|characters| {
            let plain = characters.iter().map(|one| if one.chars().all(char::is_alphanumeric) { one.clone() } else { format!("\\{one}") });
            let hexadecimal = characters.iter().map(|one| match one.as_str() {
                one if one.chars().all(|one| one.is_ascii_alphanumeric()) => one.to_ascii_uppercase(),
                one => one.bytes().map(|byte| format!("\\{byte:02X}")).collect(),
            });
            (plain.collect(), hexadecimal.collect())
        })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200), lines in vec("(dn|cn|member|objectClass|uid|memberOf|version|result)(;range=0-9|;lang-x)?:[:<]?[ a-z=,\"\\\\+#A=]{0,12}\n|\n| [a-z:]{0,5}\n|#\n", 0..20)) {
        _ = ldif::read(&bytes);
        _ = ldif::read(lines.concat().as_bytes());
        _ = ldif::read(format!("{ANNA}{}", lines.concat()).as_bytes());
        _ = Dn::parse(&String::from_utf8_lossy(&bytes));
        for line in lines {
            _ = Dn::parse(&line);
        }
    }

    #[test]
    fn folding_anywhere_and_line_ends_change_nothing(places in vec(any::<prop::sample::Index>(), 0..40), has_cr in any::<bool>()) {
        let plain: Vec<u8> = BUNDLED.replace("\n ", "").into_bytes();
        let mut folded = plain.clone();
        for place in places {
            let place = place.index(folded.len());
            // A fold stands within a line, after its first byte.
            if place > 0 && !matches!(folded[place - 1], b'\n' | b' ') && folded[place] != b'\n' {
                folded.splice(place..place, *b"\n ");
            }
        }
        if has_cr {
            folded = folded.into_iter().flat_map(|byte| if byte == b'\n' { vec![b'\r', b'\n'] } else { vec![byte] }).collect();
        }
        prop_assert_eq!(ldif::read(&folded), ldif::read(&plain));
    }

    #[test]
    fn comparing_names_is_an_equivalence(parts in vec(value(), 1..4), is_multiple in any::<bool>(), other in vec(value(), 1..4)) {
        let separator = if is_multiple { "+" } else { "," };
        let join = |values: Vec<String>, around: &str| values.join(&format!("{around}{separator}{around}"));
        let one = dn(&join(parts.iter().map(|(plain, _)| format!("cn={plain}")).collect(), ""));
        let mut again: Vec<_> = parts.iter().map(|(_, other)| format!("CN = {other}")).collect();
        if is_multiple {
            again.reverse();
        }
        let again = dn(&join(again, " "));
        let third = dn(&join(other.iter().map(|(plain, _)| format!("cn={plain}")).collect(), " "));
        prop_assert_eq!(&one, &one.clone());
        prop_assert_eq!(&one, &again);
        prop_assert_eq!(one == third, again == third);
        prop_assert_eq!(one.cmp(&third), third.cmp(&again).reverse());
        prop_assert_eq!(dn(one.normalized()).normalized().to_owned(), one.normalized());
    }
}
