//! The permission check.

use strum::VariantArray;

use crate::{Actor, Refusal, Timestamp};

/// A resource with rules about who can do what with it. The actions are a type of the
/// subject, so that a meaningless question, such as sending a relationship, does not compile.
pub trait Subject {
    /// The actions on this kind of resource.
    type Action: Copy + PartialEq + VariantArray;

    /// Applies the rules of this kind of resource. Call it through [`check`].
    ///
    /// # Errors
    /// The reason why the action is not allowed.
    fn check(&self, actor: &Actor, action: Self::Action, now: Timestamp) -> Result<(), Refusal>;
}

/// Checks that `actor` may do `action` with `subject` at `now`.
///
/// Every permission in Accord is decided here. The page calls it to enable a button or to
/// explain why not; the server calls it again in the transaction, on the current row.
///
/// A stored record is not a subject, because a decision needs facts that are not stored with
/// it. Only the facts about it are:
///
/// ```
/// use rules::{Actor, RelationshipAction, RelationshipFacts, Timestamp, check};
///
/// fn can_end(actor: &Actor, facts: &RelationshipFacts, now: Timestamp) -> bool {
///     check(actor, facts, RelationshipAction::End, now).is_ok()
/// }
/// ```
///
/// ```compile_fail,E0277
/// use rules::{Actor, Relationship, RelationshipAction, Timestamp, check};
///
/// fn can_end(actor: &Actor, record: &Relationship, now: Timestamp) -> bool {
///     check(actor, record, RelationshipAction::End, now).is_ok()
/// }
/// ```
///
/// # Errors
/// The reason why the action is not allowed.
pub fn check<S: Subject>(
    actor: &Actor,
    subject: &S,
    action: S::Action,
    now: Timestamp,
) -> Result<(), Refusal> {
    subject.check(actor, action, now)
}

/// Returns every action that [`check`] allows.
pub fn allowed_actions<S: Subject>(actor: &Actor, subject: &S, now: Timestamp) -> Vec<S::Action> {
    S::Action::VARIANTS
        .iter()
        .copied()
        .filter(|action| check(actor, subject, *action, now).is_ok())
        .collect()
}
