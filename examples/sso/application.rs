//! The application: AWS IAM Identity Center, as the identity provider knows it.

use std::net::IpAddr;
use std::path::Path;

use idbridge_application::{Application, NewApplication};
use idbridge_mapping::{SamlRule, SamlRuleSet, Source};
use idbridge_saml::{EntityId, RegisteredSp, Registration};

use crate::arguments::Names;
use crate::{Failure, files, terminal};

/// What people call it.
const LABEL: &str = "AWS IAM Identity Center";

/// Makes the application: what it is called, where its requests arrive, and which session tags people bring along.
///
/// Without an IdP URL it has the one that JumpCloud gives to an application of this name.
pub(crate) fn create(names: &Names) -> Result<Application, Failure> {
    let mut new = NewApplication::saml(LABEL).with_description("Your AWS accounts and applications");
    if let Some(url) = &names.idp_url {
        new = new.with_idp_url(url);
        if is_in_clear_and_here(url) {
            new = new.dangerous_allow_http();
        }
    }
    if let Some(entity_id) = &names.idp_entity_id {
        new = new.with_idp_entity_id(EntityId::new(entity_id.as_str())?);
    }
    let mut application = new.create(|_| false)?;
    application.set_saml_rules(session_tags()?)?;
    Ok(application)
}

/// The session tags, each from an attribute of the directory. Of a value that AWS does not take in tags, the tag is left out.
fn session_tags() -> Result<SamlRuleSet, Failure> {
    Ok(SamlRuleSet::jumpcloud()
        .with_attribute(SamlRule::access_control("Department", Source::Department)?)?
        .with_attribute(SamlRule::access_control("CostCenter", Source::Custom("costCenter".to_owned()))?)?
        .with_attribute(SamlRule::access_control("Title", Source::JobTitle)?)?)
}

/// Uploads the metadata of the service provider out of a file; findings go to standard error.
pub(crate) fn upload(application: &mut Application, path: &Path) -> Result<(), Failure> {
    let text = files::read_text("the SP metadata", path)?;
    let in_file = |error: &dyn std::fmt::Display| -> Failure { format!("the SP metadata {}: {error}", path.display()).into() };
    // To this very machine nobody is on the way; to every other one responses go by https alone.
    let lenient = Registration::new().dangerous_allow_http();
    let is_here = RegisteredSp::from_xml(&text, &lenient).is_ok_and(|sp| {
        let mut in_clear = sp.assertion_consumer_services().iter().map(|service| service.url()).filter(|url| is_in_clear(url)).peekable();
        in_clear.peek().is_some() && in_clear.all(is_in_clear_and_here)
    });
    // Also where the identity provider itself is here: whoever is on the way to another machine could sign in with what passes.
    if let Ok(sp) = RegisteredSp::from_xml(&text, &lenient) {
        let mut services = sp.assertion_consumer_services().iter().map(|service| service.url());
        if let Some(url) = services.find(|url| is_in_clear(url) && !is_in_clear_and_here(url)) {
            return Err(in_file(&format!("responses to another machine go to https:// alone, found {url}")));
        }
    }
    let registration = if is_here { lenient } else { Registration::new() };
    let findings = application.upload_metadata_with(&text, registration).map_err(|error| in_file(&error))?;
    for finding in findings {
        terminal::note(&format!("sso: {}: {finding}", path.display()));
    }
    Ok(())
}

fn is_in_clear(url: &str) -> bool {
    url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
}

/// Whether `url` is http to this very machine.
pub(crate) fn is_in_clear_and_here(url: &str) -> bool {
    is_in_clear(url)
        && host(url).is_some_and(|host| host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()))
}

/// The host of `url`, without its port and the brackets of an IPv6 address.
fn host(url: &str) -> Option<&str> {
    let authority = authority(url)?;
    match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, _)| host),
        None => authority.split(':').next(),
    }
}

/// The host of `url` with its port.
pub(crate) fn authority(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next()
}
