//! In which order the operations of a bulk request can run.

use std::collections::{BTreeMap, BTreeSet};

use crate::message::bulk::BulkOperation;

/// One step through a bulk request, by the indices of its operations (RFC 7644 sections 3.7.1 and 3.7.2).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{BulkRequest, BulkStep};
///
/// let json = br#"{"Operations":[{"method":"DELETE","path":"/Users/bulkId:x"}]}"#;
/// let bulk = BulkRequest::from_json(json, 1)?;
/// assert_eq!(bulk.order(), [BulkStep::Dangling { operation: 0, bulk_id: "x".to_owned() }]);
/// # Ok::<(), idbridge_scim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever runs the operations must do something about each")]
pub enum BulkStep {
    /// This operation can run: whatever it refers to is created by the steps before it.
    Run(usize),
    /// These operations refer to each other in a circle, or one refers to itself.
    ///
    /// RFC 7644 section 3.7.1: "The service provider MUST try to resolve circular cross-references between resources in a single bulk job but MAY
    /// stop after a failed attempt and instead return HTTP status code 409 (Conflict)". Creating one without what it refers to, and adding that
    /// later, resolves them.
    Circular(Vec<usize>),
    /// This operation refers to a resource that no operation creates.
    Dangling {
        /// The operation.
        operation: usize,
        /// The first bulkId that it refers to and that nothing has.
        bulk_id: String,
    },
}

/// The steps through `operations`: each behind those that it refers to, and otherwise as they are given.
pub(super) fn steps(operations: &[BulkOperation]) -> Vec<BulkStep> {
    let created: BTreeMap<&str, usize> =
        operations.iter().enumerate().filter_map(|(index, operation)| Some((operation.created()?, index))).collect();
    let mut referred_to = vec![BTreeSet::new(); operations.len()];
    let mut referred_by = vec![BTreeSet::new(); operations.len()];
    let mut dangling = BTreeMap::new();
    for (index, operation) in operations.iter().enumerate() {
        for bulk_id in operation.references() {
            let Some(&creator) = created.get(bulk_id) else {
                dangling.entry(index).or_insert(bulk_id);
                continue;
            };
            referred_to.get_mut(index).map(|set: &mut BTreeSet<usize>| set.insert(creator));
            referred_by.get_mut(creator).map(|set: &mut BTreeSet<usize>| set.insert(index));
        }
    }
    let step = |circle: BTreeSet<usize>| {
        let refers_to_itself = |index: &usize| referred_to.get(*index).is_some_and(|set| set.contains(index));
        let one = circle.first().copied().filter(|_| circle.len() == 1);
        match one {
            Some(operation) => match dangling.get(&operation) {
                Some(bulk_id) => BulkStep::Dangling { operation, bulk_id: (*bulk_id).to_owned() },
                None if refers_to_itself(&operation) => BulkStep::Circular(vec![operation]),
                None => BulkStep::Run(operation),
            },
            None => BulkStep::Circular(circle.into_iter().collect()),
        }
    };
    circles(&referred_to, &referred_by).into_iter().map(step).collect()
}

/// The strongly connected components of a graph, by Kosaraju's algorithm: those that others lead to come first.
fn circles(forwards: &[BTreeSet<usize>], backwards: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let mut seen = BTreeSet::new();
    let finished: Vec<usize> = (0..forwards.len()).flat_map(|start| walk(forwards, start, &mut seen)).collect();
    let mut seen = BTreeSet::new();
    let components = finished.into_iter().rev().map(|start| walk(backwards, start, &mut seen).into_iter().collect::<BTreeSet<_>>());
    let mut components: Vec<_> = components.filter(|component| !component.is_empty()).collect();
    components.reverse();
    components
}

/// What can be reached from `start` and was not `seen` before, each behind what it leads to. It keeps its own stack, because a chain of references
/// may be as long as the request.
fn walk(edges: &[BTreeSet<usize>], start: usize, seen: &mut BTreeSet<usize>) -> Vec<usize> {
    enum Visit {
        Enter(usize),
        Leave(usize),
    }
    let mut finished = Vec::new();
    let mut stack = vec![Visit::Enter(start)];
    while let Some(visit) = stack.pop() {
        match visit {
            Visit::Enter(node) if seen.insert(node) => {
                stack.push(Visit::Leave(node));
                let next = edges.get(node).into_iter().flatten().rev();
                stack.extend(next.filter(|next| !seen.contains(next)).map(|next| Visit::Enter(*next)));
            }
            Visit::Enter(_) => {}
            Visit::Leave(node) => finished.push(node),
        }
    }
    finished
}
