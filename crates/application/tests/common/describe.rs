//! Requests as a test reads them.

use idbridge_emulator::Service;
use idbridge_scim::protocol::{Request, ResourceType};
use idbridge_scim::{PatchOperation, Resource, ResourceId, Value};

/// A request by the names that a reader knows: `PATCH User anna@example.com title`, `POST Group Staff +2`.
pub(crate) fn describe(service: &Service, request: &Request) -> String {
    let name = |resource_type: &ResourceType, id: &ResourceId| {
        let there = match resource_type {
            ResourceType::Group => service.group(id),
            _ => service.user(id),
        };
        there.and_then(|resource| named(*resource_type, resource)).unwrap_or_else(|| id.to_string())
    };
    match request {
        Request::Create { resource_type, resource, .. } => {
            let members = resource.get("members").and_then(Value::as_array).map(<[Value]>::len);
            let members = members.map(|count| format!(" +{count}")).unwrap_or_default();
            format!("POST {resource_type} {}{members}", named(*resource_type, resource).unwrap_or_default())
        }
        Request::Read { resource_type, id, .. } => format!("GET {resource_type} {}", name(resource_type, id)),
        Request::List { resource_type, query, .. } => {
            let filter = query.filter.as_ref().map(|filter| format!(" {filter}")).unwrap_or_default();
            format!("GET {resource_type}s{filter}")
        }
        Request::Replace { resource_type, id, .. } => format!("PUT {resource_type} {}", name(resource_type, id)),
        Request::Patch { resource_type, id, patch, .. } => {
            let operations = patch.operations().iter().map(|operation| {
                let path = operation.path().map(ToString::to_string).unwrap_or_default();
                let count = operation.value().and_then(Value::as_array).map(<[Value]>::len);
                match (path.as_str(), operation, count) {
                    ("members", PatchOperation::Add { .. }, Some(count)) => format!("+{count}"),
                    ("members", PatchOperation::Remove { .. }, Some(count)) => format!("-{count}"),
                    (path, PatchOperation::Remove { .. }, _) => format!("remove {path}"),
                    (path, operation, _) => match operation.value() {
                        Some(Value::Boolean(value)) => format!("{path}={value}"),
                        _ => path.to_owned(),
                    },
                }
            });
            format!("PATCH {resource_type} {} {}", name(resource_type, id), operations.collect::<Vec<_>>().join(" "))
        }
        Request::Delete { resource_type, id, .. } => format!("DELETE {resource_type} {}", name(resource_type, id)),
        _ => request.operation().to_owned(),
    }
}

fn named(resource_type: ResourceType, resource: &Resource) -> Option<String> {
    let attribute = if resource_type == ResourceType::Group { "displayName" } else { "userName" };
    resource.text(attribute).map(ToOwned::to_owned)
}
