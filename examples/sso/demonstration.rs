//! `sso` without a command: an identity provider and the emulator of the service, which know each other.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};

use idbridge_client::{ApplyAll, BearerToken, Endpoint, Integration, MemoryStore, Ureq3Transport};
use idbridge_emulator::{Server, Service, Settings};
use idbridge_planner::{GroupManagement, Policy};
use idbridge_saml::Registration;
use idbridge_scim::{Profile, Rates};

use crate::arguments::{Demonstration, Names};
use crate::idp::{Footing, Idp, Listener, Setup};
use crate::people::People;
use crate::{Failure, application, credential, terminal};

pub(crate) fn run(arguments: &Demonstration) -> Result<u8, Failure> {
    let people = People::read(arguments.directory.as_deref())?;
    let listener = Listener::bind(arguments.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0))))?;
    let server = Server::start(Service::new(Settings::unhurried()), "127.0.0.1:0")?;
    let names = Names { idp_url: Some(format!("{}/sso", listener.url())), idp_entity_id: None };
    let mut application = application::create(&names)?;
    application.import_certificate(credential::ephemeral()?)?;
    // Each side takes the other's metadata, as an administrator carries it from one console to the other.
    let sp_metadata = server.with(|service| service.sp_metadata())?;
    application.upload_metadata_with(&sp_metadata, Registration::new().dangerous_allow_http())?;
    let idp_metadata = application.export_metadata()?;
    server.with(|service| service.import_idp_metadata(&idp_metadata).map(|_| ()))?;
    provision(&people, &server)?;
    terminal::print(&format!("User portal:   {}/", listener.url()));
    terminal::print(&format!("Access portal: {}", server.start_url()));
    terminal::print(
        "Both are on this machine and for trying only; the second one is an emulator of AWS IAM Identity Center. Stop them by Ctrl-C.",
    );
    let idp = Idp::new(Setup { footing: Footing::Demonstration, application, people, login_code: None })?;
    let never: Infallible = listener.serve(idp)?;
    match never {}
}

/// Brings the people to the emulator by SCIM, as `sync` does: a sign-in of somebody whom it does not know fails, here as at AWS.
fn provision(people: &People, server: &Server) -> Result<(), Failure> {
    let mut policy = Policy::new(&Profile::aws_iam_identity_center(), GroupManagement::On);
    // Nobody else is served by this one.
    policy.rates = Rates::new(10_000.0, 10_000.0).unwrap_or(policy.rates);
    let (endpoint, token) = (Endpoint::parse(&server.endpoint())?, BearerToken::new(server.token())?);
    let mut integration = Integration::new(endpoint, token, Ureq3Transport::new(), MemoryStore::new(), policy);
    let report = integration.sync(&people.snapshot, &mut ApplyAll)?;
    if report.applied { Ok(()) } else { Err("the directory could not be synced into the emulator".into()) }
}
