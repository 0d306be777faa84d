//! The permission check, and the order of its refusals.

use strum::VariantArray;

use crate::{Actor, Refusal, Timestamp};

/// The facts about a resource that decide who can do what with it.
///
/// The actions are a type of the subject, so that a meaningless question, such as sending a
/// relationship, does not compile. Stored records are no subjects; see [`check`].
pub trait Subject {
    /// The actions on this kind of resource.
    type Action: Copy + PartialEq + VariantArray;

    /// Checks who the actor is: signed in, of an organization that is concerned, in the right
    /// cloud and with the right role. Limits that no role lifts, such as the type of the
    /// partner, come before the role, because asking an administrator would not help.
    ///
    /// # Errors
    /// The reason why this actor is not allowed to do this, whatever the state of the resource.
    fn permission(&self, actor: &Actor, action: Self::Action) -> Result<(), Refusal>;

    /// Checks the state of the resource, which changes with time. Called after
    /// [`permission`](Self::permission) has allowed the action.
    ///
    /// # Errors
    /// The reason why the action is not possible now.
    fn state(&self, action: Self::Action, now: Timestamp) -> Result<(), Refusal>;
}

/// A subject that is changed by requests that name its version.
pub trait VersionedSubject: Subject {
    /// Returns the number of changes so far, for `If-Match`.
    fn version(&self) -> i64;
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
/// The reason why the action is not allowed: of the actor first, then of the state.
pub fn check<S: Subject>(
    actor: &Actor,
    subject: &S,
    action: S::Action,
    now: Timestamp,
) -> Result<(), Refusal> {
    subject.permission(actor, action)?;
    subject.state(action, now)
}

/// Checks that `actor` may do `action` with the `version` of the subject that it has seen.
///
/// This is the one place that defines the order of refusals: permission, version, state. A
/// user without the permission learns that, even from an outdated page. A user with an outdated
/// page looks at the current state before Accord says what that state forbids.
///
/// # Errors
/// The refusal, or [`Rejection::VersionMismatch`].
pub fn check_version<S: VersionedSubject>(
    actor: &Actor,
    subject: &S,
    action: S::Action,
    version: i64,
    now: Timestamp,
) -> Result<(), Rejection> {
    subject.permission(actor, action)?;
    if subject.version() != version {
        return Err(Rejection::VersionMismatch);
    }
    subject.state(action, now)?;
    Ok(())
}

/// Returns every action that [`check`] allows.
pub fn allowed_actions<S: Subject>(actor: &Actor, subject: &S, now: Timestamp) -> Vec<S::Action> {
    S::Action::VARIANTS
        .iter()
        .copied()
        .filter(|action| check(actor, subject, *action, now).is_ok())
        .collect()
}

/// Reason why a change is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// A rule refuses the change.
    Refused(Refusal),
    /// The resource has changed since the caller saw it.
    VersionMismatch,
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
