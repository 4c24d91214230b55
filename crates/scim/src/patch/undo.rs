//! What a resource was before it was patched, as far as it was touched.

use crate::attr_name::AttrName;
use crate::value::{Object, Value};

/// What was done to a resource, step by step, so that it can be taken back.
pub(super) struct Undo {
    steps: Vec<Step>,
    /// The attributes that the steps are about, each once, and whether it is kept as a whole.
    touched: Vec<(AttrName, bool)>,
    /// The names in their order, kept before the first attribute goes away, so that it comes back to its place.
    order: Option<Vec<AttrName>>,
}

/// One step. A list of many values is not copied for the few that come and go.
enum Step {
    /// The attribute was this, or was not there.
    Was(AttrName, Option<Value>),
    /// The second was this in the object that is the first, or was not there.
    WasIn(AttrName, AttrName, Option<Value>),
    /// The list had so many values; what stands behind them was added.
    Grew(AttrName, usize),
    /// These values were taken out of the list, at these places in it.
    Lost(AttrName, Vec<(usize, Value)>),
}

impl Undo {
    /// Nothing was done yet, and about so many steps will be.
    pub(super) fn with_capacity(steps: usize) -> Self {
        Self { steps: Vec::with_capacity(steps), touched: Vec::with_capacity(steps.min(16)), order: None }
    }

    /// Keeps the attribute `name` as it is, if it is not kept already.
    pub(super) fn save(&mut self, object: &Object, name: &AttrName) {
        if !self.is_kept(name) {
            self.push(Step::Was(name.clone(), object.get(name.as_str()).cloned()));
        }
    }

    /// Keeps what an attribute of one value was; the new value stands in its place already.
    pub(super) fn replaced(&mut self, name: &AttrName, before: Option<Value>) {
        if !self.is_kept(name) {
            self.push(Step::Was(name.clone(), before));
        }
    }

    /// Keeps what an attribute of one value was inside of `outer`; the new value stands in its place already.
    pub(super) fn replaced_in(&mut self, outer: &AttrName, name: &AttrName, before: Option<Value>) {
        let is_same = |step: &Step| matches!(step, Step::WasIn(kept, inner, _) if kept == outer && inner == name);
        if !self.is_kept(outer) && !self.steps.iter().any(is_same) {
            self.push(Step::WasIn(outer.clone(), name.clone(), before));
        }
    }

    /// Says that values are added to a list of `count` values.
    pub(super) fn growing(&mut self, name: &AttrName, count: usize) {
        // A list that only grows is cut back to its first length.
        let has_grown = matches!(self.steps.last(), Some(Step::Grew(last, _)) if last == name);
        if !has_grown && !self.is_kept(name) {
            self.push(Step::Grew(name.clone(), count));
        }
    }

    /// Keeps the values that were taken out of a list, each with its place.
    pub(super) fn lost(&mut self, name: &AttrName, values: Vec<(usize, Value)>) {
        if !self.is_kept(name) {
            self.push(Step::Lost(name.clone(), values));
        }
    }

    /// Keeps the order of the attributes before one is taken away.
    pub(super) fn removing(&mut self, object: &Object) {
        if self.order.is_none() {
            self.order = Some(object.iter().map(|(name, _)| name.clone()).collect());
        }
    }

    /// Whether the attribute `name` was touched.
    pub(super) fn has(&self, name: &str) -> bool {
        self.touched.iter().any(|(touched, _)| touched.is(name))
    }

    fn push(&mut self, step: Step) {
        let is_whole = matches!(step, Step::Was(..));
        match self.touched.iter_mut().find(|(touched, _)| touched == step.name()) {
            Some((_, is_kept)) => *is_kept |= is_whole,
            None => self.touched.push((step.name().clone(), is_whole)),
        }
        self.steps.push(step);
    }

    /// Whether the attribute is kept as a whole, so that nothing more of it need be.
    fn is_kept(&self, name: &AttrName) -> bool {
        self.touched.iter().any(|(touched, is_kept)| *is_kept && touched == name)
    }

    /// Whether a touched attribute is different now; absent, null and a list of nothing are the same.
    pub(super) fn is_changed(&self, object: &Object) -> bool {
        self.touched.iter().any(|(name, _)| self.is_attribute_changed(name, object))
    }

    fn is_attribute_changed(&self, name: &AttrName, object: &Object) -> bool {
        let assigned = |value: &&Value| !value.is_unassigned();
        let now = object.get(name.as_str()).filter(assigned);
        let mut steps = self.steps.iter().filter(|step| step.name() == name);
        if let (Some(Step::Was(_, before)), None) = (steps.next(), steps.next()) {
            return before.as_ref().filter(assigned) != now;
        }
        let inner = |name: &AttrName| now.and_then(Value::as_object).and_then(|object| object.get(name.as_str())).filter(assigned);
        let differs = |step: &Step| match step {
            Step::WasIn(_, name, before) => before.as_ref().filter(assigned) != inner(name),
            _ => false,
        };
        let mut steps = self.steps.iter().filter(|step| step.name() == name);
        if steps.clone().all(|step| matches!(step, Step::WasIn(..))) {
            return steps.any(differs);
        }
        let count = |value: Option<&Value>| value.and_then(Value::as_array).map_or(0, <[Value]>::len);
        // What grew and lost values is what it was only if it has as many of them: then the steps are taken back on a copy.
        let steps = self.steps.iter().rev().filter(|step| step.name() == name);
        let before = steps.fold(count(now), |held, step| match step {
            Step::Was(_, value) => count(value.as_ref()),
            Step::WasIn(..) => held,
            Step::Grew(_, count) => *count,
            Step::Lost(_, values) => held + values.len(),
        });
        if before != count(now) {
            return true;
        }
        let mut copy = Object::new();
        if let Some(value) = now {
            copy.push(name.clone(), value.clone());
        }
        self.steps.iter().rev().filter(|step| step.name() == name).for_each(|step| step.clone_back(&mut copy));
        copy.get(name.as_str()).filter(assigned) != now
    }

    /// Makes `object` what it was.
    pub(super) fn take_back(self, object: &mut Object) {
        for step in self.steps.into_iter().rev() {
            step.take_back(object);
        }
        if let Some(order) = self.order {
            let mut ordered = Object::with_capacity(object.len());
            for name in order {
                if let Some(value) = object.remove(name.as_str()) {
                    ordered.push(name, value);
                }
            }
            *object = ordered;
        }
    }
}

impl Step {
    fn name(&self) -> &AttrName {
        match self {
            Self::Was(name, _) | Self::WasIn(name, ..) | Self::Grew(name, _) | Self::Lost(name, _) => name,
        }
    }

    fn take_back(self, object: &mut Object) {
        match self {
            Self::Was(name, Some(value)) => object.set_named(&name, value),
            Self::Was(name, None) => {
                object.remove(name.as_str());
            }
            Self::WasIn(outer, name, before) => {
                if let Some(Value::Object(inner)) = object.get_mut(outer.as_str()) {
                    match before {
                        Some(value) => inner.set_named(&name, value),
                        None => {
                            inner.remove(name.as_str());
                        }
                    }
                }
            }
            Self::Grew(name, count) => {
                if let Some(Value::Array(values)) = object.get_mut(name.as_str()) {
                    values.truncate(count);
                }
            }
            Self::Lost(name, lost) => {
                if object.get(name.as_str()).is_none() {
                    object.push(name.clone(), Value::Array(Vec::new()));
                }
                if let Some(Value::Array(values)) = object.get_mut(name.as_str()) {
                    for (index, value) in lost {
                        values.insert(index.min(values.len()), value);
                    }
                }
            }
        }
    }

    fn clone_back(&self, object: &mut Object) {
        let step = match self {
            Self::Was(name, value) => Self::Was(name.clone(), value.clone()),
            Self::WasIn(outer, name, value) => Self::WasIn(outer.clone(), name.clone(), value.clone()),
            Self::Grew(name, count) => Self::Grew(name.clone(), *count),
            Self::Lost(name, values) => Self::Lost(name.clone(), values.clone()),
        };
        step.take_back(object);
    }
}
