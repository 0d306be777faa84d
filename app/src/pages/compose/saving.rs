//! How a draft is saved while it is being typed, one event after the other: a state, and
//! what is to be done next. It knows neither the browser nor the network.
//!
//! One request is under way at a time, and each names the version that the answer before
//! it gave, so that the newest text is what stays, and what somebody else changed is
//! never overwritten unseen.

use api::{ETag, ErrorCode, Invitation, InvitationRequest};
use rules::{InvitationId, Refusal};

use crate::client::{Failure, FailureKind};

/// Everything that is known of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saving {
    /// What stands in the fields.
    typed: InvitationRequest,
    /// What the server took last.
    kept: Option<InvitationRequest>,
    /// What it did not take, and why.
    refused: Option<(InvitationRequest, Failure)>,
    /// What is under way to it.
    sent: Option<InvitationRequest>,
    /// The draft as the server has it; none before the first time.
    invitation: Option<Box<Invitation>>,
    /// Whether somebody else changed it.
    elsewhere: bool,
    /// Whether the page is left: nobody types any more, and nothing is waited for.
    left: bool,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// This stands in the fields now.
    Typed(InvitationRequest),
    /// Nothing was typed for a moment, or it must be saved now.
    Rested,
    /// The server answered to what was sent.
    Answered(Result<Box<Invitation>, Failure>),
    /// The visitor asks for what somebody else made of it.
    Load,
    /// There it is.
    Loaded(Result<Box<Invitation>, Failure>),
    /// The page is left.
    Left,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Wait until nothing was typed for a moment.
    Rest,
    /// Save it for the first time.
    Draft(InvitationRequest),
    /// Save it anew.
    Edit(InvitationId, ETag, InvitationRequest),
    /// Put its id into the page's address.
    ShowAddress(InvitationId),
    /// Ask for it.
    Get(InvitationId),
    /// Show it in place of what was typed.
    Show(Box<Invitation>),
}

/// How it stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// There is too little to be saved: no customer, or no type of relationship.
    TooLittle,
    /// It is being typed, or on its way.
    Open,
    /// What stands in the fields is what the server has.
    Saved,
    /// What stands in the fields can't be saved.
    NotSaved(Failure),
    /// Somebody else changed it.
    Elsewhere,
}

impl Saving {
    /// Nothing is saved yet.
    pub(super) fn new(typed: InvitationRequest) -> Self {
        Self {
            typed,
            kept: None,
            refused: None,
            sent: None,
            invitation: None,
            elsewhere: false,
            left: false,
        }
    }

    /// A draft as the server has it, which stands in the fields like this.
    pub(super) fn of(invitation: Invitation, typed: InvitationRequest) -> Self {
        Self {
            kept: Some(typed.clone()),
            invitation: Some(Box::new(invitation)),
            ..Self::new(typed)
        }
    }

    /// The draft as the server has it.
    pub(super) fn invitation(&self) -> Option<&Invitation> {
        self.invitation.as_deref()
    }

    /// How it stands.
    pub(super) fn standing(&self) -> Standing {
        if self.elsewhere {
            return Standing::Elsewhere;
        }
        match &self.refused {
            Some((request, failure)) if *request == self.typed && self.sent.is_none() => {
                return Standing::NotSaved(failure.clone());
            }
            _ => {}
        }
        if self.kept.as_ref() == Some(&self.typed) {
            Standing::Saved
        } else if self.invitation.is_none() && too_little(&self.typed) {
            Standing::TooLittle
        } else {
            Standing::Open
        }
    }

    /// Why what was typed was not taken, until it is.
    pub(super) fn problem(&self) -> Option<&Failure> {
        self.refused.as_ref().map(|(_, failure)| failure)
    }

    /// Takes in an event.
    pub(super) fn step(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Typed(request) if request == self.typed => Vec::new(),
            Event::Typed(request) => {
                self.typed = request;
                self.rest()
            }
            Event::Rested => self.save(),
            Event::Answered(Ok(invitation)) => {
                self.kept = self.sent.take();
                self.refused = None;
                let first = self.invitation.is_none() && !self.left;
                let id = invitation.id;
                self.invitation = Some(invitation);
                let mut next = self.rest();
                if first {
                    next.push(Command::ShowAddress(id));
                }
                next
            }
            Event::Answered(Err(failure)) => {
                let Some(sent) = self.sent.take() else { return Vec::new() };
                if changed_elsewhere(&failure) {
                    self.elsewhere = true;
                    self.refused = None;
                    return Vec::new();
                }
                let next = if sent == self.typed { Vec::new() } else { self.rest() };
                self.refused = Some((sent, failure));
                next
            }
            Event::Load => {
                self.invitation.iter().map(|invitation| Command::Get(invitation.id)).collect()
            }
            Event::Loaded(Ok(invitation)) => {
                self.elsewhere = false;
                self.refused = None;
                // What is shown next is what the server has: it is typed by the page.
                self.kept = None;
                self.invitation = Some(invitation.clone());
                vec![Command::Show(invitation)]
            }
            Event::Loaded(Err(failure)) => {
                self.refused = Some((self.typed.clone(), failure));
                Vec::new()
            }
            Event::Left => {
                self.left = true;
                self.save()
            }
        }
    }

    /// The fields hold what the server has.
    pub(super) fn shown(&mut self, typed: InvitationRequest) {
        self.kept = Some(typed.clone());
        self.typed = typed;
    }

    /// Whether something was typed that the server has not got, and may get.
    fn dirty(&self) -> bool {
        !self.elsewhere
            && self.kept.as_ref() != Some(&self.typed)
            && !(self.invitation.is_none() && too_little(&self.typed))
    }

    fn rest(&mut self) -> Vec<Command> {
        match (self.dirty(), self.left) {
            (false, _) => Vec::new(),
            (true, false) => vec![Command::Rest],
            (true, true) => self.save(),
        }
    }

    fn save(&mut self) -> Vec<Command> {
        if !self.dirty() || self.sent.is_some() {
            return Vec::new();
        }
        if let Err(problems) = self.typed.parse() {
            let problems =
                problems.into_iter().map(|problem| (problem.field.to_owned(), problem.error));
            let kind = FailureKind::Fields(problems.collect());
            self.refused = Some((self.typed.clone(), Failure { kind, request_id: None }));
            return Vec::new();
        }
        self.sent = Some(self.typed.clone());
        vec![match &self.invitation {
            Some(invitation) => Command::Edit(invitation.id, invitation.etag, self.typed.clone()),
            None => Command::Draft(self.typed.clone()),
        }]
    }
}

/// Whether there is nothing yet that could be kept. Whoever has only begun is not told
/// that something is missing.
fn too_little(request: &InvitationRequest) -> bool {
    (request.customer.trim().is_empty() && request.enquiry.trim().is_empty())
        || request.relationship_type.is_empty()
}

/// Whether the draft is not any more what it was when it was shown.
fn changed_elsewhere(failure: &Failure) -> bool {
    failure.is(ErrorCode::VersionMismatch)
        || matches!(
            failure.refusal(),
            Some(
                Refusal::InvitationAlreadySent
                    | Refusal::InvitationAlreadyAccepted
                    | Refusal::InvitationCancelled
                    | Refusal::InvitationWithdrawn
                    | Refusal::InvitationExpired
            )
        )
}

#[cfg(test)]
mod tests {
    use rules::FieldError;

    use super::*;
    use crate::pages::partner_invitation::flow::tests::invitation;

    fn typed(recipient: &str) -> InvitationRequest {
        InvitationRequest {
            customer: "brightwater.example".to_owned(),
            relationship_type: "advisor".to_owned(),
            recipient: recipient.to_owned(),
            language: "en".to_owned(),
            ..InvitationRequest::default()
        }
    }

    /// The draft as the server answers it in this version.
    fn draft(version: i64) -> Box<Invitation> {
        let mut draft = invitation(rules::InvitationStatus::Draft);
        draft.etag = ETag(version);
        draft
    }

    fn id() -> InvitationId {
        draft(1).id
    }

    fn other(code: ErrorCode) -> Failure {
        Failure { kind: FailureKind::Other(code, None), request_id: None }
    }

    /// A draft that was saved once with these fields.
    fn saved() -> Saving {
        let mut saving = Saving::new(InvitationRequest::default());
        saving.step(Event::Typed(typed("a@brightwater.example")));
        saving.step(Event::Rested);
        saving.step(Event::Answered(Ok(draft(1))));
        saving
    }

    #[test]
    fn nothing_is_saved_before_there_is_a_customer_and_a_type() {
        let mut saving = Saving::new(InvitationRequest::default());
        let only = InvitationRequest { relationship_type: String::new(), ..typed("") };
        assert_eq!(saving.step(Event::Typed(only)), []);
        assert_eq!(saving.standing(), Standing::TooLittle);
        assert_eq!(saving.step(Event::Rested), []);
        assert_eq!(saving.step(Event::Left), []);
        assert_eq!(saving.problem(), None, "whoever has only begun has done nothing wrong");
    }

    #[test]
    fn a_draft_is_made_after_a_pause_and_gets_its_address_once() {
        let mut saving = Saving::new(InvitationRequest::default());
        let first = typed("a@brightwater.example");
        assert_eq!(saving.step(Event::Typed(first.clone())), [Command::Rest]);
        assert_eq!(saving.standing(), Standing::Open);
        assert_eq!(saving.step(Event::Rested), [Command::Draft(first)]);
        let next = saving.step(Event::Answered(Ok(draft(1))));
        assert_eq!(next, [Command::ShowAddress(id())]);
        assert_eq!(saving.standing(), Standing::Saved);
        let second = typed("b@brightwater.example");
        saving.step(Event::Typed(second.clone()));
        let next = saving.step(Event::Rested);
        assert_eq!(next, [Command::Edit(id(), ETag(1), second)]);
        assert_eq!(saving.step(Event::Answered(Ok(draft(2)))), []);
    }

    #[test]
    fn one_request_is_under_way_and_the_next_has_the_version_of_its_answer() {
        let mut saving = saved();
        saving.step(Event::Typed(typed("b@brightwater.example")));
        assert!(matches!(saving.step(Event::Rested)[..], [Command::Edit(..)]));
        let last = typed("c@brightwater.example");
        assert_eq!(saving.step(Event::Typed(last.clone())), [Command::Rest]);
        assert_eq!(saving.step(Event::Rested), [], "the one before is not answered yet");
        assert_eq!(saving.step(Event::Answered(Ok(draft(2)))), [Command::Rest]);
        assert_eq!(saving.standing(), Standing::Open, "what was kept is not what stands there");
        assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(2), last)]);
        saving.step(Event::Answered(Ok(draft(3))));
        assert_eq!(saving.standing(), Standing::Saved);
    }

    #[test]
    fn what_cannot_be_taken_is_said_and_is_not_sent() {
        let mut saving = saved();
        saving.step(Event::Typed(typed("no address")));
        assert_eq!(saving.step(Event::Rested), []);
        let wrong = ("recipient".to_owned(), FieldError::NotAnEmailAddress);
        let kind = FailureKind::Fields(vec![wrong]);
        let failure = Failure { kind, request_id: None };
        assert_eq!(saving.standing(), Standing::NotSaved(failure.clone()));
        // It is said until it is right, but it is not the state of what is typed next.
        saving.step(Event::Typed(typed("no address.")));
        assert_eq!(saving.standing(), Standing::Open);
        assert_eq!(saving.problem(), Some(&failure));
        saving.step(Event::Typed(typed("d@brightwater.example")));
        assert!(matches!(saving.step(Event::Rested)[..], [Command::Edit(..)]));
        saving.step(Event::Answered(Ok(draft(2))));
        assert_eq!(saving.problem(), None);
    }

    #[test]
    fn what_could_not_be_sent_can_be_tried_again() {
        let mut saving = saved();
        let latest = typed("b@brightwater.example");
        saving.step(Event::Typed(latest.clone()));
        saving.step(Event::Rested);
        let failure = other(ErrorCode::Unavailable);
        assert_eq!(saving.step(Event::Answered(Err(failure.clone()))), []);
        assert_eq!(saving.standing(), Standing::NotSaved(failure));
        assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(1), latest)]);
    }

    #[test]
    fn what_somebody_else_changed_is_not_overwritten() {
        let refused = Failure {
            kind: FailureKind::Refused(Refusal::InvitationAlreadySent),
            request_id: None,
        };
        for failure in [other(ErrorCode::VersionMismatch), refused] {
            let mut saving = saved();
            saving.step(Event::Typed(typed("b@brightwater.example")));
            saving.step(Event::Rested);
            assert_eq!(saving.step(Event::Answered(Err(failure))), []);
            assert_eq!(saving.standing(), Standing::Elsewhere);
            assert_eq!(saving.step(Event::Typed(typed("c@brightwater.example"))), []);
            assert_eq!(saving.step(Event::Rested), []);
            assert_eq!(saving.step(Event::Load), [Command::Get(id())]);
            let next = saving.step(Event::Loaded(Ok(draft(7))));
            assert_eq!(next, [Command::Show(draft(7))]);
            saving.shown(typed("theirs@brightwater.example"));
            assert_eq!(saving.standing(), Standing::Saved);
            let mine = typed("d@brightwater.example");
            saving.step(Event::Typed(mine.clone()));
            assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(7), mine)]);
        }
    }

    #[test]
    fn what_was_typed_last_is_saved_when_the_page_is_left() {
        let mut saving = saved();
        let last = typed("b@brightwater.example");
        saving.step(Event::Typed(last.clone()));
        assert_eq!(saving.step(Event::Left), [Command::Edit(id(), ETag(1), last)]);

        // A request that is under way is waited for, and no pause after it.
        let mut saving = saved();
        saving.step(Event::Typed(typed("b@brightwater.example")));
        saving.step(Event::Rested);
        let last = typed("c@brightwater.example");
        saving.step(Event::Typed(last.clone()));
        assert_eq!(saving.step(Event::Left), []);
        let next = saving.step(Event::Answered(Ok(draft(2))));
        assert_eq!(next, [Command::Edit(id(), ETag(2), last)]);

        // The address of a page that is left is not the draft's any more.
        let mut saving = Saving::new(typed("a@brightwater.example"));
        assert!(matches!(saving.step(Event::Left)[..], [Command::Draft(_)]));
        assert_eq!(saving.step(Event::Answered(Ok(draft(1)))), []);
    }
}
