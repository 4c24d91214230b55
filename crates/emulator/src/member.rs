//! Members as a request names them: `[{"value": "..", "type": "User", "$ref": ".."}]` (developer guide, `CreateGroup`).

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{ResourceId, Value};

use crate::refusal::Refusal;
use crate::service::Service;

impl Service {
    /// The users that a list of members names, each of whom must be there; nesting groups is not supported.
    pub(crate) fn read_members(&self, value: &Value) -> Result<Vec<ResourceId>, Refusal> {
        let listed = value.as_array().ok_or(Refusal::generic())?;
        listed.iter().map(|member| self.read_member(member)).collect()
    }

    /// One member: its `value` counts, its `type` must be `User` if it is there, its `$ref` is taken as it stands.
    fn read_member(&self, member: &Value) -> Result<ResourceId, Refusal> {
        let member = member.as_object().ok_or(Refusal::generic())?;
        for (name, value) in member.iter() {
            let is_taken = match (name.as_str(), value.as_str()) {
                (name, Some(kind)) if name.eq_ignore_ascii_case("type") => kind == "User",
                (name, Some(text)) => !text.is_empty() && ["value", "$ref"].iter().any(|known| name.eq_ignore_ascii_case(known)),
                _ => false,
            };
            if !is_taken {
                return Err(Refusal::generic());
            }
        }
        let id = member.get("value").and_then(Value::as_str).and_then(|id| ResourceId::new(id).ok()).ok_or(Refusal::generic())?;
        if self.store.shelf(ResourceType::User).contains(&id) {
            return Ok(id);
        }
        // Also the answer to a group's id: a group cannot be a member of a group.
        Err(if self.settings.unknown_member_is_not_found { Refusal::not_found() } else { Refusal::generic() })
    }
}
