//! Tables: JumpCloud's import columns and others, and what is concluded when a row cannot be trusted.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use idbridge_mapping::directory::csv::{self, Columns, Delimiter, Options};
use idbridge_mapping::directory::{Completeness, Lifecycle, Snapshot};
use idbridge_mapping::{ErrorKind, Location, Mapped, RuleSet};
use idbridge_scim::Profile;
use proptest::collection::vec;
use proptest::prelude::*;

fn read(text: &str) -> Snapshot {
    csv::read(text.as_bytes()).unwrap()
}

fn refused(text: &str) -> String {
    csv::read(text.as_bytes()).unwrap_err().to_string()
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

fn findings(snapshot: &Snapshot) -> Vec<String> {
    snapshot
        .users()
        .values()
        .flat_map(|user| &user.findings)
        .map(|finding| format!("{:?} {}: {finding}", finding.severity(), finding.record().unwrap()))
        .collect()
}

#[test]
fn the_bundled_table_is_read_and_mapped() {
    let snapshot = csv::read(include_bytes!("../../../examples/data/directories/people.csv")).unwrap();
    assert_eq!((snapshot.completeness(), snapshot.findings().len()), (&Completeness::Complete, 0));
    assert_eq!((snapshot.users().len(), snapshot.groups().len(), snapshot.entitled().len()), (7, 3, 7));
    assert_eq!(members(&snapshot, "Operators"), ["c-1001", "c-1004"]);
    assert_eq!(members(&snapshot, "Everybody").len(), 7);
    assert_eq!((snapshot.application().groups.len(), snapshot.application().users.len()), (3, 7));

    let tobias = &snapshot.users()["c-1002"];
    assert_eq!(tobias.job_title.as_deref(), Some("Engineer, Platform"));
    assert_eq!((tobias.middle_name.as_deref(), tobias.display_name.as_deref()), (Some("Emil"), Some("Tobi Keller")));
    assert_eq!((tobias.cost_center.as_deref(), tobias.employee_type.as_deref()), (Some("CC-20"), Some("Employee")));
    assert_eq!((tobias.location.as_deref(), tobias.company.as_deref()), (Some("Bern"), Some("Fjordline Goods")));
    assert_eq!(tobias.manager.as_ref().map(|id| id.as_str()), Some("c-1001"), "a manager may be named by username");
    assert_eq!(tobias.work_address().unwrap().street_address.as_deref(), Some("Marktgasse 4\n2. Stock"));
    assert_eq!(tobias.custom["team"], "lighthouse");
    assert_eq!(snapshot.users()["c-1003"].display_name.as_deref(), Some("Amara \"Ama\" Nwosu"));
    assert_eq!(snapshot.users()["c-1001"].phone_numbers.len(), 2);
    assert_eq!(snapshot.users()["c-1004"].lifecycle, Lifecycle::Suspended);

    let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
    let is_held = |id: &str| matches!(rules.to_scim(&snapshot.users()[id], &profile), Mapped::Held { .. });
    let held: Vec<_> = ids(&snapshot).into_iter().filter(|id| is_held(id)).collect();
    assert_eq!(held, ["c-1006"], "the one without a last name");
}

#[test]
fn names_of_columns_compare_without_case_spaces_and_underscores() {
    let snapshot = read("USER NAME,First_Name,last-name,E Mail,work_postal_code,GROUP 1\nanna,Anna,Berg,a@example.com,0150,Staff\n");
    let anna = &snapshot.users()["anna"];
    assert_eq!((anna.first_name.as_deref(), anna.last_name.as_deref()), (Some("Anna"), Some("Berg")));
    assert_eq!(anna.email.as_deref(), Some("a@example.com"));
    assert_eq!(anna.work_address().unwrap().postal_code.as_deref(), Some("0150"));
    assert_eq!(members(&snapshot, "Staff"), ["anna"]);
}

/// The identifier is `id`, else the username, else the e-mail address, by the header and not row by row.
#[test]
fn the_identifier_is_one_column_for_all() {
    assert_eq!(ids(&read("Email,Username,_id,Group1\na@example.com,anna, u1 ,\n")), ["u1"]);
    assert_eq!(ids(&read("Email,Username,Group1\na@example.com,anna,\n")), ["anna"]);
    assert_eq!(ids(&read("Email,Group1\na@example.com,\n")), ["a@example.com"]);
    let snapshot = read("id,Username,Group1\n,anna,\nu2,ola,\n");
    assert_eq!(ids(&snapshot), ["u2"]);
    assert_eq!(reasons(&snapshot), ["entry 1 of people has no identifier that can be used"]);
}

#[test]
fn passwords_are_never_read_and_never_shown() {
    let snapshot = read("Username,Password,Passwd,user_password,Group1\nanna,secret,secret,secret,Staff\n");
    assert!(!format!("{snapshot:?}").contains("secret"));
    for column in ["Password", "pass_word", "PWD", "User Password"] {
        let error = Columns::from_pairs([("Name", "username"), (column, "attributes.p")]).unwrap_err();
        assert!(error.to_string().ends_with("is one for passwords, which are never read"), "{error}");
    }
    let ragged = read("Username,Password,Group1\nanna,secret\n");
    assert!(!format!("{ragged:?}").contains("secret"));
}

#[test]
fn life_cycle_is_read_from_state_suspended_and_active() {
    let cases = [
        ("", "", "", Lifecycle::Active),
        ("STAGED", "", "", Lifecycle::Staged),
        ("staged", "true", "no", Lifecycle::Staged),
        ("ACTIVATED", "", "", Lifecycle::Active),
        ("enabled", "No", "1", Lifecycle::Active),
        ("Suspended", "", "", Lifecycle::Suspended),
        ("disabled", "false", "true", Lifecycle::Suspended),
        ("Active", "Y", "", Lifecycle::Suspended),
        ("", "", "0", Lifecycle::Suspended),
        (" ", " ", " ", Lifecycle::Active),
    ];
    for (state, suspended, active, expected) in cases {
        let snapshot = read(&format!("Username,state,suspended,active,Group1\nanna,{state},{suspended},{active},\n"));
        let anna = &snapshot.users()["anna"];
        assert_eq!((anna.lifecycle, anna.findings.len()), (expected, 0), "{state:?} {suspended:?} {active:?}");
    }
    let snapshot = read("Username,activated,account_locked,password_expired,Group1\nanna,false,yes,TRUE,\n");
    let anna = &snapshot.users()["anna"];
    assert!(!anna.activated && anna.account_locked && anna.password_expired);
}

#[test]
fn free_columns_are_named_as_rules_print_them() {
    let pairs = [
        ("Kürzel", "id"),
        ("Ort", "addresses.work.locality"),
        ("Privat", "addresses.home.country"),
        ("Telefon", "phoneNumbers.work.number"),
        ("Region", "attributes.region"),
        ("Rollen", "groups: / "),
        ("Aus", "suspended"),
        ("Chefin", "manager"),
    ];
    let mut options = Options::default();
    options.columns = Columns::from_pairs(pairs).unwrap();
    let text = "Kürzel;Ort;Privat;Telefon;Region;Rollen;Aus;Chefin;Email\nab;Bern;CH;+41 1;Süd;Staff / Ops / ;ja;cd;x@example.com\ncd;;;;;;nein;;\n";
    let snapshot = csv::read_with(text.replace("ja", "yes").replace("nein", "no").as_bytes(), None, &options).unwrap();
    let ab = &snapshot.users()["ab"];
    assert_eq!((ab.email.as_deref(), ab.lifecycle), (None, Lifecycle::Suspended), "only what is named is read");
    assert_eq!(ab.work_address().unwrap().locality.as_deref(), Some("Bern"));
    assert_eq!((ab.addresses.len(), ab.work_phone().unwrap().number.as_str()), (2, "+41 1"));
    assert_eq!((ab.custom["region"].as_str(), ab.manager.as_ref().unwrap().as_str()), ("Süd", "cd"));
    assert_eq!(snapshot.groups().keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["Ops", "Staff"]);
    assert_eq!(reasons(&snapshot), [""; 0]);
}

#[test]
fn the_delimiter_is_what_the_header_has_most_of() {
    for text in [
        "id,Email,Group1\nu1,a@example.com,A;B\n",
        "id;Email;Group1\nu1;a@example.com;\"A;B\"\n",
        "id\tEmail\tGroup1\nu1\ta@example.com\tA;B\r\n",
        "\"id, or so\";id;Email;Group1\n;u1;a@example.com;\"A;B\"\n",
        "sep=;\nid;Email;Group1\nu1;a@example.com;\"A;B\"\n",
        "\u{FEFF}sep=\t\r\nid\tEmail\tGroup1\nu1\ta@example.com\tA;B",
        "#TYPE System.Object\r\n\"id\",\"Email\",\"Group1\"\r\n\"u1\",\"a@example.com\",\"A;B\"\r\n",
    ] {
        let snapshot = read(text);
        assert_eq!(snapshot.users()["u1"].email.as_deref(), Some("a@example.com"), "{text}");
        assert_eq!((members(&snapshot, "A;B"), reasons(&snapshot)), (vec!["u1"], Vec::new()), "{text}");
    }
    let mut options = Options::default();
    options.delimiter = Some(Delimiter::Tab);
    let error = csv::read_with(b"id,Email\nu1,a\n", None, &options).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Shape { .. }), "{error}");
}

#[test]
fn groups_are_numbered_columns_or_one_with_several() {
    let snapshot = read("id,Group1,Group12,groups\nu1,Staff,Ops,Staff; Sales ;\nu2, Ops ,,\n");
    assert_eq!((members(&snapshot, "Staff"), members(&snapshot, "Sales")), (vec!["u1"], vec!["u1"]));
    assert_eq!(members(&snapshot, "Ops"), ["u1", "u2"]);
    assert_eq!(snapshot.groups()["Sales"].name.as_deref(), Some("Sales"));
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
}

/// Unknown is not empty is not absent.
#[test]
fn what_a_table_does_not_have_makes_it_partial() {
    let nobody = "there is no user in it at all";
    assert_eq!(reasons(&read("")), [nobody]);
    assert_eq!(reasons(&read("\u{FEFF}")), [nobody]);
    assert_eq!(reasons(&read("id,Group1\n")), [nobody]);
    assert_eq!(reasons(&read("id,Group1\n,\n \t,\n")), [nobody], "rows with nothing in them are none");
    assert_eq!(reasons(&read("id,Email\nu1,a\n")), ["groups is missing, which is not the same as empty"]);
    assert_eq!(reasons(&read("id,Group1\nu1,\n")), [""; 0], "a column for groups says that there are none");
    let long = "x".repeat(1025);
    assert_eq!(
        reasons(&read(&format!("id,Group1\nu1,{long}\n{long},A\n"))),
        ["entry 1 of groups has no identifier that can be used", "entry 2 of people has no identifier that can be used"]
    );
}

/// A field that slipped makes one person of another, so nothing is concluded from such a row, and its groups are not taken.
#[test]
fn a_ragged_row_is_held_and_makes_the_table_partial() {
    let snapshot = read("id,LastName,Email,Group1\nu1,Berg\nu2,Lund, Jr.,a@example.com,Staff\nu3,Dahl,d@example.com,Staff\n");
    assert_eq!(ids(&snapshot), ["u1", "u2", "u3"]);
    assert_eq!(members(&snapshot, "Staff"), ["u3"]);
    assert_eq!(
        reasons(&snapshot),
        [
            "entry 1 of people must have as many fields as the header, found fewer fields",
            "entry 2 of people must have as many fields as the header, found more fields",
        ]
    );
    assert_eq!(
        findings(&snapshot),
        [
            "Holds user u1: the record cannot be read: the row must be as long as the header, found fewer fields; \
             correct the record in the source",
            "Holds user u2: the record cannot be read: the row must be as long as the header, found more fields; \
             correct the record in the source",
        ]
    );
    let without_id = read("LastName,Group1,id\nBerg\n");
    assert_eq!(reasons(&without_id).len(), 3, "ragged, without identifier, and nobody");
}

#[test]
fn two_rows_for_one_identifier_are_held_if_they_differ() {
    let snapshot = read("id,Email,Group1\nu1,a@example.com,A\nu1,b@example.com,B\nu2,c@example.com,A\nu2,c@example.com,B\n");
    assert_eq!(snapshot.users()["u1"].findings[0].code(), "DuplicateRecord");
    assert!(snapshot.users()["u2"].findings.is_empty());
    assert_eq!((members(&snapshot, "A"), members(&snapshot, "B")), (vec!["u1", "u2"], vec!["u1", "u2"]));
}

/// Every message about a row, in which no value may be.
#[test]
fn findings_say_what_is_wrong_without_the_value() {
    let header =
        "id,state,suspended,active,manager,Attribute1_name,Attribute1_value,Attribute2_name,Attribute2_value,Attribute3_value,Group1";
    let long = "secret".repeat(200);
    let snapshot = read(&format!("{header}\nu1,secret,secret,2,{long},a,secret,a,secret2,secret,\n"));
    let expected = [
        "Holds user u1: the record cannot be read: state must be STAGED, ACTIVATED or SUSPENDED, found another text; \
         correct the record in the source",
        "Holds user u1: the record cannot be read: suspended must be true or false, found another text; correct the record in the source",
        "Holds user u1: the record cannot be read: active must be true or false, found another text; correct the record in the source",
        "Holds user u1: the record cannot be read: manager must be an identifier, found another text; correct the record in the source",
        "LeavesOut user u1: Attribute3_value must be a value with a name, found no name, so it is left out; write it as one text",
        "LeavesOut user u1: attributes.a must be one value, found two values, so it is left out; write it as one text",
    ];
    assert_eq!(findings(&snapshot), expected);
}

#[test]
fn a_second_table_has_the_groups() {
    let people = b"id,Username,Email\nu1,anna,anna@example.com\nu2,ola,shared@example.com\nu3,mia,shared@example.com\n";
    let read = |memberships: &str| csv::read_with_groups(people, memberships.as_bytes()).unwrap();
    let snapshot = read("Group;User\nStaff;u1\nStaff;OLA\nStaff;Anna@Example.com\n Ops ;\nStaff;shared@example.com\n");
    assert_eq!(members(&snapshot, "Staff"), ["shared@example.com", "u1", "u2"], "a name of two people names nobody");
    assert_eq!(members(&snapshot, "Ops"), [""; 0]);
    assert_eq!(*snapshot.completeness(), Completeness::Complete);
    assert_eq!(snapshot.findings()[0].code(), "UnknownMember");

    assert_eq!(reasons(&read("")), ["memberships is missing, which is not the same as empty"]);
    assert_eq!(reasons(&read("user,group\n")), [""; 0], "no groups, and it says so");
    assert_eq!(
        reasons(&read(&format!("user,group\nu1\n,Ops,x\n{},Ops\n", "x".repeat(1025)))),
        [
            "entry 1 of memberships must have as many fields as the header, found fewer fields",
            "entry 1 of memberships has no identifier that can be used",
            "entry 2 of memberships must have as many fields as the header, found more fields",
            "entry 3 of memberships of the group Ops has no identifier that can be used",
        ]
    );
    let refused = |memberships: &[u8]| csv::read_with_groups(people, memberships).unwrap_err().to_string();
    assert_eq!(
        refused(b"user,team\n"),
        "invalid directory file at line 1 column 1: the header must have the columns group and user, found no group"
    );
    assert_eq!(
        refused(b"user,group,Group\n"),
        "invalid directory file at line 1 column 1: the header must have the column group once, found it twice"
    );
}

/// Identifiers that differ in case are two people's: a membership must not go to whoever is left.
#[test]
fn a_member_by_identifier_is_compared_byte_for_byte() {
    let snapshot = csv::read_with_groups(b"id,Email\nab12,a@example.com\n", b"group,user\nStaff,AB12\n").unwrap();
    assert_eq!(members(&snapshot, "Staff"), ["AB12"]);
}

#[test]
fn errors_say_where_and_what_to_change() {
    let at = "invalid directory file at line";
    assert_eq!(
        refused("FirstName,Group1\nAnna,Staff\n"),
        format!("{at} 1 column 1: the header must have a column that is read as id, username or email, found none")
    );
    assert_eq!(
        refused("#TYPE X\nid,E-Mail,Group1,email\nu1,,,\n"),
        format!("{at} 2 column 1: columns 2 and 4 are both read as email; leave one of them out")
    );
    assert_eq!(refused("id,Group1\nu1,\"Staff\nu2,Ops\nu3,Ops\n"), format!("{at} 2 column 4: the quotation mark is never closed"));
    assert_eq!(
        refused("id,Group1\nu1,\"Staff\nu2,\"Ops\"\nu3,Ops\n"),
        format!("{at} 3 column 5: a field must end at its closing quotation mark, found more"),
        "a mark that is missing makes no field of several rows"
    );
    assert_eq!(
        refused("id,Group1\nu1,Sta\"ff\n"),
        format!("{at} 2 column 7: a field with a quotation mark in it must be in quotation marks, and the one in it doubled")
    );
    let wide = ["x"; 1001].join(",");
    assert_eq!(refused(&wide), format!("{at} 1 column 1: at most 1000 columns are read, found 1001"));
    let long = format!("id,Group1\nu1,{}\n", "x".repeat(1 << 20));
    assert_eq!(refused(&long), format!("{at} 2 column 1048577: at most 1048576 bytes of a row are read"));

    let columns = |pairs: &[(&str, &str)]| Columns::from_pairs(pairs.iter().copied()).unwrap_err().to_string();
    assert_eq!(
        columns(&[("Mail", "e-mail")]),
        "invalid directory file: the column \"Mail\" must be an attribute such as email or attributes.region, found \"e-mail\""
    );
    assert_eq!(columns(&[("Mail", "email"), ("MAIL", "id")]), "invalid directory file: the column \"MAIL\" is there twice");
    assert_eq!(columns(&[(" ", "email")]), "invalid directory file: a column must have a name");
    for field in ["addresses.work", "addresses.work.planet", "phoneNumbers.a.b", "attributes.", "groups:", "attributes:x", ""] {
        assert!(Columns::jumpcloud().with("x", field).is_err(), "{field}");
    }
}

#[test]
fn other_encodings_are_named_by_place() {
    let latin = csv::read(b"id,LastName,Group1\nu1,Berg,\nu2,Bj\xF8rn,\n").unwrap_err();
    assert_eq!(
        latin.to_string(),
        "the directory file is not UTF-8 at line 3 column 6: found the byte 0xF8 at byte 33; save the file as UTF-8"
    );
    assert_eq!(latin.at(), &Location::Text { line: 3, column: 6 });
    let utf_16: Vec<u8> = "id,Group1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(csv::read(&utf_16).unwrap_err().kind(), &ErrorKind::Encoding { byte: 0, offset: 1 });
    let marked = [b"\xFF\xFE".as_slice(), &utf_16].concat();
    assert_eq!(csv::read(&marked).unwrap_err().kind(), &ErrorKind::Encoding { byte: 0xFF, offset: 0 });
}

const HEADER: [&str; 9] =
    ["id", "Email", "LastName", "Group1", "Group2", "Attribute1_name", "Attribute1_value", "work_city", "Attribute2_name"];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-zø ]{0,5}", 1 => "[a-z,;\"\t\n]{0,6}", 1 => Just("true".to_owned())]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    vec(vec(value(), HEADER.len()), 0..6)
}

/// The table with its columns in `order`, and with quotation marks everywhere or where they are needed.
fn write(rows: &[Vec<String>], order: &[usize], is_quoted: bool) -> String {
    let line = |fields: Vec<&str>| {
        let fields: Vec<String> = fields
            .into_iter()
            .map(|field| {
                if is_quoted || field.contains(['"', ',', '\n', '\r', ';', '\t']) {
                    format!("\"{}\"", field.replace('"', "\"\""))
                } else {
                    field.to_owned()
                }
            })
            .collect();
        fields.join(",") + "\n"
    };
    let header = line(order.iter().map(|place| HEADER[*place]).collect());
    header + &rows.iter().map(|row| line(order.iter().map(|place| row[*place].as_str()).collect())).collect::<String>()
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200), text in "[id,;\"\n\r\ta=xs#]{0,80}") {
        _ = csv::read(&bytes);
        _ = csv::read(text.as_bytes());
        _ = csv::read_with_groups(b"id\nu1\n", text.as_bytes());
        _ = csv::read(format!("id,Group1,Email\n{text}").as_bytes());
    }

    #[test]
    fn quoting_changes_nothing(rows in rows()) {
        let order: Vec<usize> = (0..HEADER.len()).collect();
        prop_assert_eq!(csv::read(write(&rows, &order, false).as_bytes()), csv::read(write(&rows, &order, true).as_bytes()));
    }

    #[test]
    fn the_order_of_columns_changes_nothing(rows in rows(), order in Just((0..HEADER.len()).collect::<Vec<_>>()).prop_shuffle()) {
        let straight: Vec<usize> = (0..HEADER.len()).collect();
        prop_assert_eq!(csv::read(write(&rows, &straight, false).as_bytes()), csv::read(write(&rows, &order, false).as_bytes()));
    }

    /// Whoever has an identifier of their own in a row is there, whatever else the row has.
    #[test]
    fn nobody_with_an_identifier_is_absent(rows in vec(vec(value(), 0..6), 1..6)) {
        let mut text = "id,Email,Group1\n".to_owned();
        for (place, row) in rows.iter().enumerate() {
            let fields: Vec<String> = row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
            text += &format!("u{place},{}\n", fields.join(","));
        }
        let snapshot = csv::read(text.as_bytes()).unwrap();
        prop_assert_eq!(snapshot.users().len(), rows.len());
        let is_ragged = rows.iter().any(|row| row.len().max(1) != 2);
        prop_assert_eq!(*snapshot.completeness() != Completeness::Complete, is_ragged);
    }
}
