//! The service that is synced into: a real one, or the emulator in this process.

use idbridge_client::{BearerToken, Endpoint};
use idbridge_emulator::{Server, Service, Settings};

use crate::Failure;
use crate::arguments::Arguments;

pub(crate) struct Connection {
    endpoint: Endpoint,
    token: BearerToken,
    /// Runs as long as this lives.
    server: Option<Server>,
}

impl Connection {
    pub(crate) fn open(arguments: &Arguments) -> Result<Self, Failure> {
        let Some(endpoint) = &arguments.endpoint else {
            let server = Server::start(Service::new(Settings::default()), "127.0.0.1:0")?;
            let endpoint = Endpoint::parse(&server.endpoint())?;
            let token = BearerToken::new(server.token())?;
            return Ok(Self { endpoint, token, server: Some(server) });
        };
        Ok(Self { endpoint: Endpoint::parse(endpoint)?, token: token()?, server: None })
    }

    pub(crate) fn is_embedded(&self) -> bool {
        self.server.is_some()
    }

    pub(crate) fn credentials(&self) -> (Endpoint, BearerToken) {
        (self.endpoint.clone(), self.token.clone())
    }

    pub(crate) fn introduction(&self) -> String {
        if self.is_embedded() {
            format!("Syncing into an emulator of AWS IAM Identity Center at {}.", self.endpoint)
        } else {
            format!("Syncing into {}.", self.endpoint)
        }
    }
}

fn token() -> Result<BearerToken, Failure> {
    if let Ok(token) = std::env::var("AWS_SCIM_TOKEN") {
        return Ok(BearerToken::new(token)?);
    }
    match std::env::var_os("AWS_SCIM_TOKEN_FILE") {
        Some(path) => Ok(BearerToken::from_file(path)?),
        None => Err("no token: set AWS_SCIM_TOKEN to the access token of the service, or AWS_SCIM_TOKEN_FILE to a file with it".into()),
    }
}
