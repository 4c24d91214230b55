//! Answers vectors of SCIM 2.0.
//!
//! | `kind` | asks | answers |
//! | --- | --- | --- |
//! | `filter-parse` | `filter` | |
//! | `filter-match` | `resources`, `filter` | `matches`: indexes |
//! | `path-parse` | `path` | `parts`: `schema`, `attribute`, `filter`, `subAttribute`, null where there is none |
//! | `patch-apply` | `resource`, `operations` | `resource`, `changed` |
//! | `diff` | `from`, `to`, `profile`: `rfc` or `aws` | `operations` |
//! | `check` | `resource`, `profile` | `findings`: `path`, `rule` |
//!
//! Each may have a `mode`, `strict` or `lenient`; each answer has `ok`.

use idbridge_scim::{Error, Filter, Mode, Object, PatchOp, Path, Profile, Resource, SchemaUri, Schemas, ScimType, Value, diff};

/// Why a line is refused.
struct Refusal {
    /// The keyword of RFC 7644 section 3.12.
    scim_type: ScimType,
    /// What is wrong, and where.
    error: String,
}

/// Answers one line.
pub(crate) fn answer(line: &[u8]) -> Value {
    answered(line).unwrap_or_else(Refusal::answer).into()
}

/// The answer to what is no line to answer.
pub(crate) fn refuse(error: String) -> Value {
    bad(error).answer().into()
}

impl Refusal {
    fn answer(self) -> Object {
        let mut object = Object::new();
        object.set("ok", false);
        object.set("scim_type", self.scim_type.as_str());
        object.set("error", self.error);
        object
    }
}

fn answered(line: &[u8]) -> Result<Object, Refusal> {
    let request = Request { object: Object::from(Resource::from_json(line).map_err(refused)?) };
    let mode = match request.text("mode") {
        Ok("lenient") => Mode::Lenient,
        // A vector that holds in either mode is asked in the stricter one.
        Ok("strict" | "both") => Mode::Strict,
        Ok(other) => return Err(bad(format!("mode must be strict or lenient, found {other:?}"))),
        Err(_) if request.object.get("mode").is_none_or(|mode| *mode == Value::Null) => Mode::Strict,
        Err(refusal) => return Err(refusal),
    };
    let mut answer = match request.text("kind")? {
        "filter-parse" => {
            Filter::parse(request.text("filter")?, mode).map_err(refused)?;
            Object::new()
        }
        "filter-match" => filter_match(&request, mode)?,
        "path-parse" => path_parse(&request, mode)?,
        "patch-apply" => patch_apply(&request, mode)?,
        "diff" => difference(&request)?,
        "check" => check(&request)?,
        other => return Err(bad(format!("kind must be one of those that are documented, found {other:?}"))),
    };
    answer.set("ok", true);
    Ok(answer)
}

fn filter_match(request: &Request, mode: Mode) -> Result<Object, Refusal> {
    let filter = Filter::parse(request.text("filter")?, mode).map_err(refused)?;
    let resources = request.list("resources")?.iter().map(resource).collect::<Result<Vec<_>, _>>()?;
    let (users, groups) = (filter.matcher(&Schemas::user(), mode), filter.matcher(&Schemas::group(), mode));
    let has_groups = resources.iter().any(is_group);
    if has_groups && resources.iter().all(is_group) {
        groups.as_ref().map_err(|error| refused(error.clone()))?;
    } else {
        users.as_ref().map_err(|error| refused(error.clone()))?;
    }
    let matches = |resource: &Resource| {
        let matcher = if is_group(resource) { &groups } else { &users };
        matcher.as_ref().is_ok_and(|matcher| matcher.matches(resource))
    };
    let indexes = resources.iter().enumerate().filter(|(_, resource)| matches(resource));
    let indexes = indexes.map(|(index, _)| i64::try_from(index).map(Value::from)).collect::<Result<Vec<_>, _>>();
    Ok(one("matches", indexes.map_err(|error| bad(error.to_string()))?))
}

fn path_parse(request: &Request, mode: Mode) -> Result<Object, Refusal> {
    let text = request.text("path")?;
    let path = Path::parse(text, mode).map_err(refused)?;
    if mode == Mode::Strict {
        known(&path).map_err(refused)?;
    }
    let attribute = path.attribute();
    // A path of nothing but a schema's URI names no attribute.
    let is_schema = attribute.attribute().as_str().contains(':');
    let schema = if is_schema { Some(attribute.attribute().as_str()) } else { attribute.schema().map(SchemaUri::as_str) };
    let filter = text.find('[').zip(text.rfind(']')).and_then(|(open, close)| text.get(open + 1..close));
    let or_null = |part: Option<&str>| part.map_or(Value::Null, Value::from);
    let mut parts = Object::new();
    parts.set("schema", or_null(schema));
    parts.set("attribute", or_null((!is_schema).then(|| attribute.attribute().as_str())));
    parts.set("filter", or_null(filter));
    parts.set("subAttribute", or_null(path.sub_attribute().map(|sub| sub.as_str())));
    Ok(one("parts", parts))
}

/// Refuses a path that cannot be one of a User or a Group.
///
/// Where no schema has the attribute and the path names none that is known, it may be one of a resource type that is not known here, and the grammar
/// alone decides; the namespace of RFC 7643 section 10 has no schemas that are not known.
fn known(path: &Path) -> Result<(), Error> {
    let (user, group) = (Schemas::user(), Schemas::group());
    let Err(error) = user.check_path(path) else { return Ok(()) };
    if group.check_path(path).is_ok() {
        return Ok(());
    }
    let attribute = path.attribute();
    let is_reserved = |uri: &SchemaUri| uri.as_str().to_ascii_lowercase().starts_with("urn:ietf:params:scim:schemas:");
    let has_attribute = |schemas: &Schemas| schemas.core().attribute(attribute.attribute().as_str()).is_some();
    let is_known = match attribute.schema() {
        Some(uri) => is_reserved(uri),
        None => has_attribute(&user) || has_attribute(&group),
    };
    if is_known { Err(error) } else { Ok(()) }
}

fn patch_apply(request: &Request, mode: Mode) -> Result<Object, Refusal> {
    let mut resource = resource(request.get("resource")?)?;
    let mut body = Object::new();
    body.set("schemas", vec![Value::from(SchemaUri::PATCH_OP.as_str())]);
    body.set("Operations", request.list("operations")?.to_vec());
    let patch = PatchOp::from_resource(Resource::from(body), mode).map_err(refused)?;
    let schemas = if is_group(&resource) { Schemas::group() } else { Schemas::user() };
    let changed = patch.apply(&mut resource, &schemas, mode).map_err(refused)?;
    let mut answer = one("resource", Object::from(resource));
    answer.set("changed", changed);
    Ok(answer)
}

fn difference(request: &Request) -> Result<Object, Refusal> {
    let patch = diff(&resource(request.get("from")?)?, &resource(request.get("to")?)?, &profile(request)?);
    let mut body = Object::from(Resource::from_json(patch.to_json().as_bytes()).map_err(refused)?);
    Ok(one("operations", body.remove("Operations").unwrap_or(Value::Null)))
}

fn check(request: &Request) -> Result<Object, Refusal> {
    let (resource, profile) = (resource(request.get("resource")?)?, profile(request)?);
    let findings = if is_group(&resource) { profile.check_group(&resource) } else { profile.check_user(&resource) };
    let findings = findings.into_iter().map(|finding| {
        let mut object = Object::new();
        object.set("path", finding.path.as_str());
        object.set("rule", finding.rule.code());
        object.set("error", finding.to_string());
        Value::from(object)
    });
    Ok(one("findings", findings.collect::<Vec<_>>()))
}

/// RFC 7643 section 3: `schemas` says what a resource is; where it does not, a resource without a `userName` and with members is a group.
fn is_group(resource: &Resource) -> bool {
    let schemas = resource.get("schemas").and_then(Value::as_array).unwrap_or_default();
    let follows = |uri: &SchemaUri| schemas.iter().filter_map(Value::as_str).any(|listed| SchemaUri::from(listed) == *uri);
    let looks_like_one = || resource.get("userName").is_none() && resource.get("members").is_some();
    follows(&SchemaUri::GROUP) || (!follows(&SchemaUri::USER) && looks_like_one())
}

struct Request {
    object: Object,
}

impl Request {
    fn get(&self, name: &str) -> Result<&Value, Refusal> {
        self.object.get(name).ok_or_else(|| bad(format!("{name} is missing")))
    }

    fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name)?.as_str().ok_or_else(|| bad(format!("{name} must be a string")))
    }

    fn list(&self, name: &str) -> Result<&[Value], Refusal> {
        self.get(name)?.as_array().ok_or_else(|| bad(format!("{name} must be an array")))
    }
}

fn resource(value: &Value) -> Result<Resource, Refusal> {
    value.as_object().cloned().map(Resource::from).ok_or_else(|| bad("a resource must be an object".to_owned()))
}

fn profile(request: &Request) -> Result<Profile, Refusal> {
    match request.text("profile")? {
        "rfc" => Ok(Profile::rfc()),
        "aws" => Ok(Profile::aws_iam_identity_center()),
        other => Err(bad(format!("profile must be rfc or aws, found {other:?}"))),
    }
}

fn one(name: &str, value: impl Into<Value>) -> Object {
    let mut object = Object::new();
    object.set(name, value);
    object
}

fn refused(error: Error) -> Refusal {
    Refusal { scim_type: error.scim_type(), error: error.to_string() }
}

/// RFC 7644 section 3.12: a request that is not of the shape asked for is an `invalidSyntax`.
fn bad(error: String) -> Refusal {
    Refusal { scim_type: ScimType::INVALID_SYNTAX, error }
}
