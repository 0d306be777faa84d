//! The one question: may this be done?

use crate::{Actor, Refusal, Timestamp};

/// Something that can be done with a kind of subject.
pub trait Action: Copy + PartialEq + 'static {
    /// Every action there is with that subject.
    const ALL: &'static [Self];
}

/// Something that actions are done with. That the actions are a type of the
/// subject makes a meaningless question, such as sending a relationship, impossible
/// to ask.
pub trait Subject {
    /// What can be done with it.
    type Action: Action;

    /// The rules of this kind of subject. Ask through [`check`].
    ///
    /// # Errors
    /// The reason why not.
    fn check(&self, actor: &Actor, action: Self::Action, now: Timestamp) -> Result<(), Refusal>;
}

/// May `actor` do `action` with `subject` now? Every permission in Accord is
/// decided here: the page asks to enable or explain a button, the server asks
/// again in the transaction, on the row that it holds.
///
/// # Errors
/// The reason why not, with its machine-readable code and the next step to take.
pub fn check<S: Subject>(
    actor: &Actor,
    subject: &S,
    action: S::Action,
    now: Timestamp,
) -> Result<(), Refusal> {
    subject.check(actor, action, now)
}

/// Every action that [`check`] allows.
pub fn allowed_actions<S: Subject>(actor: &Actor, subject: &S, now: Timestamp) -> Vec<S::Action> {
    <S::Action as Action>::ALL
        .iter()
        .copied()
        .filter(|action| check(actor, subject, *action, now).is_ok())
        .collect()
}
