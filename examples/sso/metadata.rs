//! `sso metadata`: what AWS is told of the identity provider.

use std::path::PathBuf;

use idbridge_saml::{Certificate, IdpMetadata};

use crate::arguments::{self, Metadata};
use crate::files::{Output, Readers};
use crate::{Failure, application, credential, terminal};

pub(crate) fn run(arguments: &Metadata) -> Result<u8, Failure> {
    let paths = match arguments.certificate.as_slice() {
        [] => vec![beside(&arguments.out)?],
        [_] | [_, _] => arguments.certificate.clone(),
        _ => return Err("at most two certificates are published: the one that signs, and the one that will".into()),
    };
    let certificates = paths.iter().map(|path| credential::certificate(path)).collect::<Result<Vec<Certificate>, _>>()?;
    let application = application::create(&arguments.names)?;
    let (Some(entity_id), Some(url)) = (application.idp_entity_id(), application.idp_url()) else {
        return Err("this application has no identity provider".into());
    };
    // Without their keys, because metadata needs none.
    let mut certificates = certificates.into_iter();
    let first = certificates.next().ok_or("no certificate")?;
    let metadata = certificates.fold(IdpMetadata::new(entity_id.clone(), url, first), IdpMetadata::with_certificate);
    let metadata = if application.allows_http() { metadata.dangerous_allow_http() } else { metadata };
    arguments.out.write(&metadata.to_xml()?, Readers::Everybody)?;
    terminal::note(&format!("{entity_id} takes requests at {url}"));
    Ok(0)
}

/// The certificate beside the metadata; it is made, with its key, if there is none.
fn beside(out: &Output) -> Result<PathBuf, Failure> {
    let path = out.beside("crt").ok_or("which certificate? Give --certificate FILE")?;
    if !path.exists() {
        terminal::note(&format!("There is no {}, so it is made.", path.display()));
        credential::make(&arguments::Certificate::at(Output::File(path.clone())))?;
    }
    Ok(path)
}
