//! `sso serve`: the identity provider against the real service.

use std::convert::Infallible;

use crate::arguments::{Names, Serve};
use crate::idp::{Footing, Idp, Listener, Setup};
use crate::people::People;
use crate::{Failure, application, random, terminal};

pub(crate) fn run(arguments: &Serve) -> Result<u8, Failure> {
    let people = People::read(arguments.directory.as_deref())?;
    let names = Names { idp_url: Some(arguments.idp_url.clone()), idp_entity_id: arguments.idp_entity_id.clone() };
    let mut application = application::create(&names)?;
    application::upload(&mut application, &arguments.sp_metadata)?;
    application.import_certificate(arguments.credential.read()?)?;
    application.set_login_url(arguments.login_url.as_deref())?;
    let listener = Listener::bind(arguments.listen)?;
    let login_code = random::code()?;
    let (entity_id, sp) = (application.idp_entity_id().cloned(), application.sp().map(|sp| sp.entity_id().clone()));
    let idp = Idp::new(Setup { footing: Footing::Serve, application, people, login_code: Some(login_code.clone()) })?;
    terminal::print(&format!("User portal:       {}/", listener.url()));
    if let (Some(entity_id), Some(sp)) = (entity_id, sp) {
        terminal::print(&format!("Identity provider: {entity_id}, which takes requests at {}", arguments.idp_url));
        terminal::print(&format!("Service provider:  {sp}"));
    }
    terminal::print("It listens on loopback and is for trying only: nobody is asked for a password of their own. Stop it by Ctrl-C.");
    // Standard output may be kept as a log, and this is the one thing that must not be in one.
    terminal::note(&format!("Log-in code: {login_code} (to be typed beside the e-mail address; another one at every start)"));
    let never: Infallible = listener.serve(idp)?;
    match never {}
}
