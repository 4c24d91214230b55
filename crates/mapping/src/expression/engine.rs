//! The engine: MiniJinja, with nothing in it but what is put there.

use std::sync::LazyLock;

use minijinja::{Environment, ErrorKind, Expression as Compiled, UndefinedBehavior, Value};

use crate::error::excerpt;
use crate::expression::{Expression, filters};
use crate::finding::ExpressionFailure;

/// The most that one evaluation may cost: the engine counts one for each step, and one for every 64 bytes that a step reads or makes, so that one
/// evaluation makes at most 1 MiB.
const FUEL: u64 = 16 * 1024;

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::empty();
    // What uses something absent is absent itself; only to ask whether it is there is allowed.
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    engine.set_fuel(Some(FUEL));
    // Errors have a place only with it.
    engine.set_debug(true);
    filters::add_to(&mut engine);
    engine
});

/// Reads an expression; an error has the reason and the byte.
pub(super) fn compile(text: &str) -> Result<Compiled<'static, 'static>, (String, usize)> {
    ENGINE.compile_expression_owned(text.to_owned()).map_err(|error| {
        let reason = excerpt(error.detail().unwrap_or("not well-formed"));
        // At its end a text has no range of its own.
        (reason, error.range().map_or(text.len(), |range| range.start.min(text.len())))
    })
}

/// Evaluates an expression; nothing if its value is absent.
pub(super) fn evaluate(expression: &Compiled<'static, 'static>, context: Value) -> Result<Option<Value>, ExpressionFailure> {
    match expression.eval(context) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_undefined() && !value.is_none())),
        Err(error) => match error.kind() {
            ErrorKind::UndefinedError => Ok(None),
            ErrorKind::OutOfFuel => Err(ExpressionFailure::TooManySteps),
            ErrorKind::WriteFailure => Err(ExpressionFailure::TooLong { longest: Expression::LONGEST_TEXT }),
            _ => Err(ExpressionFailure::Invalid),
        },
    }
}
