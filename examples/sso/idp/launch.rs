//! The user portal and its tile.

use std::time::SystemTime;

use idbridge_application::Launch;

use super::pages::{self, Tile};
use super::web::{Reply, Request};
use super::{Idp, Stop};
use crate::{application, people, random, terminal};

impl Idp {
    pub(super) fn portal(&self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let Some((_, session)) = self.session(request, now) else {
            return Ok(Reply::see_other("/login"));
        };
        let (application, snapshot) = (&self.setup.application, &self.setup.people.snapshot);
        let denied = application.may_launch(snapshot, &session.person).err();
        let tile = Tile { label: application.label(), description: application.description() };
        let tile = application.has_tile_for(snapshot, &session.person).then_some(&tile);
        // The tile's form leads on to there, which browsers take for a part of the form.
        let origin = application.login_url().and_then(|url| {
            let (scheme, _) = url.as_str().split_once("://")?;
            Some(format!("{scheme}://{}", application::authority(url.as_str())?))
        });
        Ok(pages::portal(session, tile, denied.as_ref().map(people::explain).as_deref(), origin.as_deref()))
    }

    /// The tile: on to where the service provider begins, or a response that nobody asked for.
    pub(super) fn launch(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let (_, session) = self.session_of_form(request, now)?;
        let launch = self.setup.application.launch(&self.setup.people.snapshot, &session.person, None)?;
        match launch {
            Launch::Redirect(url) | Launch::Bookmark(url) => Ok(Reply::see_other(url.as_str())),
            Launch::Denied(denied) => Ok(self.denied(Some(&session), &session.label, &denied)),
            Launch::Unsolicited(authorised) => {
                for finding in authorised.findings() {
                    terminal::note(&format!("sso: {finding}"));
                }
                let response = authorised.respond(&self.authentication(&session), &random::response_ids()?, now)?;
                self.send(&response, &format!("signed in: {}, from the portal", session.label))
            }
        }
    }
}
