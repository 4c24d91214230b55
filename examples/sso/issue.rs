//! `sso issue`: one response, without a browser.

use std::time::SystemTime;

use idbridge_application::{Application, Authentication, Authorised, Denied, Launch, ResponseOptions};
use idbridge_mapping::directory::DirectoryId;
use idbridge_saml::{AuthnRequest, Credential, MessageId, ReceivedRequest, SignedParts, SignedResponse, TrustedKeys};

use crate::arguments::{Issue, Sign};
use crate::files::{Output, Readers};
use crate::people::{Found, People};
use crate::{Failure, application, clock, random, terminal};

/// The exit status for a person who may not sign in.
const DENIED: u8 = 2;

/// What a response is written as.
#[derive(Debug, Clone, Copy)]
enum Format {
    Html,
    Base64,
    Xml,
}

pub(crate) fn run(arguments: &Issue) -> Result<u8, Failure> {
    let format = format(&arguments.out)?;
    let people = People::read(arguments.directory.as_deref())?;
    let mut application = application::create(&arguments.names)?;
    application::upload(&mut application, &arguments.sp_metadata)?;
    let credential = arguments.credential.read()?;
    application.import_certificate(credential.clone())?;
    let mut options = ResponseOptions::default();
    options.signed_parts = match arguments.sign {
        Sign::Assertion => SignedParts::Assertion,
        Sign::Response => SignedParts::Response,
        Sign::Both => SignedParts::Both,
    };
    application.set_response_options(options)?;
    application.set_default_relay_state(arguments.relay_state.as_deref())?;
    let now = clock::now();
    let received = arguments.in_response_to.as_deref().map(|id| request(arguments, &application, &credential, id, now)).transpose()?;
    let keys = TrustedKeys::new([credential.certificate()])?;
    let request = received.as_ref().map(|received| application.accept_with_keys(received, &keys, now)).transpose()?;
    let person = match people.find(&arguments.user) {
        Found::Person(user) => &user.id,
        Found::Nobody => return Ok(denied(arguments, "the directory has nobody with this e-mail address")),
        Found::Several => return Ok(denied(arguments, "more than one person in the directory has this e-mail address")),
    };
    let authorised = match &request {
        Some(request) => request.sign_in(&people.snapshot, person),
        None => unsolicited(&application, &people, person, &arguments.acs)?,
    };
    match authorised {
        Ok(authorised) => {
            for finding in authorised.findings() {
                terminal::note(&format!("sso: {finding}"));
            }
            let response = authorised.respond(&Authentication::new(now), &random::response_ids()?, now)?;
            write(&response, format, &arguments.out)?;
            Ok(0)
        }
        Err(reason) => Ok(denied(arguments, &reason.to_string())),
    }
}

fn unsolicited<'a>(
    application: &'a Application,
    people: &'a People,
    person: &DirectoryId,
    acs: &str,
) -> Result<Result<Authorised<'a>, Denied>, Failure> {
    match application.launch(&people.snapshot, person, Some(acs))? {
        Launch::Unsolicited(authorised) => Ok(Ok(*authorised)),
        Launch::Denied(denied) => Ok(Err(denied)),
        Launch::Redirect(_) | Launch::Bookmark(_) => Err("this application issues no responses by itself".into()),
    }
}

/// The request that the command line stands for. Whoever has the key may answer anything, so it is signed by it, which satisfies also a service
/// provider whose requests are to be signed.
fn request(
    arguments: &Issue,
    application: &Application,
    credential: &Credential,
    id: &str,
    now: SystemTime,
) -> Result<ReceivedRequest, Failure> {
    let (Some(sp), Some(url)) = (application.sp(), application.idp_url()) else {
        return Err("this application takes no requests".into());
    };
    let mut request = AuthnRequest::new(MessageId::new(id)?, sp.entity_id().clone(), now);
    request.destination = Some(url.to_owned());
    request.assertion_consumer_service_url = Some(arguments.acs.clone());
    let form = request.to_post(url, arguments.relay_state.as_deref(), Some(credential))?;
    Ok(ReceivedRequest::from_post(form.message(), form.relay_state())?)
}

fn denied(arguments: &Issue, reason: &str) -> u8 {
    let reason = reason.strip_prefix("denied: ").unwrap_or(reason);
    terminal::note(&format!("sso: {} may not sign in: {reason}; nothing was issued", arguments.user));
    DENIED
}

fn format(out: &Output) -> Result<Format, Failure> {
    let Output::File(path) = out else { return Ok(Format::Xml) };
    match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("html") => Ok(Format::Html),
        Some("b64") => Ok(Format::Base64),
        Some("xml") => Ok(Format::Xml),
        _ => Err(format!("{} has to end in .html, .b64 or .xml", path.display()).into()),
    }
}

fn write(response: &SignedResponse, format: Format, out: &Output) -> Result<(), Failure> {
    match format {
        Format::Html => out.write(&response.to_form()?.html(None)?, Readers::Owner),
        Format::Base64 => out.write(response.to_form()?.message(), Readers::Owner),
        Format::Xml => out.write(response.xml(), Readers::Owner),
    }
}
