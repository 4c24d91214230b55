use idbridge_planner::{Answer, Coverage, Desired, DesiredGroup, DesiredUser, GroupKey, UserKey};
use idbridge_scim::{Error, Resource};

fn person(key: &str, given: &str, family: &str, mail: &str) -> Result<Answer<DesiredUser>, Error> {
    let json = format!(
        r#"{{"externalId":"{key}","userName":"{mail}","emails":[{{"value":"{mail}","type":"work","primary":true}}],
        "name":{{"givenName":"{given}","familyName":"{family}"}},"displayName":"{given} {family}","active":true}}"#
    );
    Ok(Answer::Want(DesiredUser::new(Resource::from_json(json.as_bytes())?).entitled_by("in Developers")))
}

fn group(key: &str, name: &str, members: &[&str]) -> Result<Answer<DesiredGroup>, Error> {
    let resource = Resource::from_json(format!(r#"{{"displayName":"{name}","externalId":"{key}"}}"#).as_bytes())?;
    Ok(Answer::Want(DesiredGroup::new(resource, members.iter().map(|key| UserKey::from(*key)).collect())))
}

/// The directory with Anna alone, as far as it was read.
fn directory(coverage: Coverage) -> Result<Desired, Error> {
    let mut desired = Desired::new(coverage);
    // What an update may touch. The display name is not among it, so it is written once, when somebody is created.
    let managed = ["externalId", "userName", "emails.value", "name.givenName", "name.familyName", "active"];
    desired.manage_user(managed.into_iter().map(str::parse).collect::<Result<_, _>>()?);
    desired.manage_group(vec!["displayName".parse()?, "externalId".parse()?]);
    desired.set_user(UserKey::from("u1"), person("u1", "Anna", "Berg", "anna@example.com")?);
    Ok(desired)
}

fn company() -> Result<Desired, Error> {
    let mut desired = directory(Coverage::Complete)?;
    desired.set_user(UserKey::from("u2"), person("u2", "Bo", "Ek", "bo@example.com")?);
    desired.set_group(GroupKey::from("g1"), group("g1", "Developers", &["u1", "u2"])?);
    Ok(desired)
}
