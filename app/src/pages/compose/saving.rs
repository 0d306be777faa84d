//! How a draft is saved while it is being typed, one event after the other: a state, and
//! what is to be done next. It knows neither the browser nor the network.
//!
//! One request is under way at a time, and each names the version that the answer before
//! it gave, so that the newest text is what stays, and what somebody else changed is
//! never overwritten unseen.
//!
//! A field that can't be taken holds up no other: what was saved of it last goes in its
//! place, until it is right.

use api::{CustomerRef, ETag, ErrorCode, Invitation, InvitationRequest};
use rules::{InvitationId, InvitationStatus, Refusal};

use crate::client::{Failure, FailureKind};

/// Everything that is known of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saving {
    /// What stands in the fields.
    typed: InvitationRequest,
    /// What stood in them when the page was opened.
    begun: InvitationRequest,
    /// What the server took last.
    kept: Option<InvitationRequest>,
    /// What it did not take as it stood in the fields, and why.
    refused: Option<(InvitationRequest, Vec<Failure>)>,
    /// The fields that the server alone could tell to be wrong.
    barred: Vec<Barred>,
    /// What is under way to it.
    sent: Option<Sent>,
    /// What was sent without an answer: the server may have it or not.
    lost: Vec<InvitationRequest>,
    /// The draft as the server has it; none before the first time.
    invitation: Option<Box<Invitation>>,
    /// Whether somebody else changed it.
    elsewhere: bool,
    /// Whether the page is left: nobody types any more, and nothing is waited for.
    left: bool,
}

/// What is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    /// What goes to the server.
    request: InvitationRequest,
    /// What stood in the fields then.
    typed: InvitationRequest,
    /// Why that is not the same.
    wrong: Vec<Failure>,
}

/// A field whose value the server did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Barred {
    /// Its name on the wire.
    field: &'static str,
    /// What was sent.
    request: InvitationRequest,
    /// Why not.
    failure: Failure,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// This stands in the fields now.
    Typed(Box<InvitationRequest>),
    /// Nothing was typed for a moment, or it must be saved now.
    Rested,
    /// The server answered to what was sent.
    Answered(Result<Box<Invitation>, Failure>),
    /// The visitor asks for what somebody else made of it.
    Load,
    /// There it is.
    Loaded(Result<Box<Invitation>, Failure>),
    /// The draft as the server has it, to be compared with what was sent.
    Compared(Result<Box<Invitation>, Failure>),
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
    /// Ask for it, to compare it with what was sent.
    Compare(InvitationId),
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
    /// All of it is saved but these fields.
    Partly(Vec<Failure>),
    /// Somebody else changed it.
    Elsewhere,
}

impl Saving {
    /// Nothing is saved yet.
    pub(super) fn new(typed: InvitationRequest) -> Self {
        Self {
            begun: typed.clone(),
            typed,
            kept: None,
            refused: None,
            barred: Vec::new(),
            sent: None,
            lost: Vec::new(),
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
            Some((typed, failures)) if *typed == self.typed && self.sent.is_none() => {
                let (request, wrong) = self.takeable();
                if !wrong.is_empty() && request.is_some() && request == self.kept {
                    return Standing::Partly(wrong);
                }
                if let Some(failure) = failures.first() {
                    return Standing::NotSaved(failure.clone());
                }
            }
            _ => {}
        }
        if self.kept.as_ref() == Some(&self.typed) && self.lost.is_empty() {
            Standing::Saved
        } else if self.invitation.is_none() && too_little(&self.typed) {
            Standing::TooLittle
        } else {
            Standing::Open
        }
    }

    /// Why what was typed was not taken, until it is.
    pub(super) fn problems(&self) -> &[Failure] {
        self.refused.as_ref().map_or(&[], |(_, failures)| failures)
    }

    /// Whether something stands in the fields that is lost with the page.
    pub(super) fn unsaved(&self) -> bool {
        let saved = self.kept.as_ref().unwrap_or(&self.begun);
        !self.left && (*saved != self.typed || !self.lost.is_empty())
    }

    /// Takes in an event.
    pub(super) fn step(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Typed(request) if *request == self.typed => Vec::new(),
            Event::Typed(request) => {
                self.typed = *request;
                self.rest()
            }
            Event::Rested => self.save(),
            Event::Answered(Ok(invitation)) => {
                let Some(sent) = self.sent.take() else { return Vec::new() };
                let first = self.invitation.is_none() && !self.left;
                let id = invitation.id;
                let mut next = self.took(sent.request, sent.typed, sent.wrong, invitation);
                if first {
                    next.push(Command::ShowAddress(id));
                }
                next
            }
            Event::Answered(Err(failure)) => self.failed(failure),
            Event::Load => {
                self.invitation.iter().map(|invitation| Command::Get(invitation.id)).collect()
            }
            // There is nobody to be shown anything any more.
            Event::Loaded(_) if self.left => Vec::new(),
            Event::Loaded(Ok(invitation)) => {
                // One that is no draft any more is not saved again.
                self.elsewhere = invitation.status != InvitationStatus::Draft;
                self.refused = None;
                self.lost.clear();
                // What is shown next is what the server has: it is typed by the page.
                self.kept = None;
                self.invitation = Some(invitation.clone());
                vec![Command::Show(invitation)]
            }
            Event::Loaded(Err(failure)) => {
                self.refused = Some((self.typed.clone(), vec![failure]));
                Vec::new()
            }
            Event::Compared(answer) => self.compared(answer),
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

    /// The server has it.
    fn took(
        &mut self,
        request: InvitationRequest,
        typed: InvitationRequest,
        wrong: Vec<Failure>,
        invitation: Box<Invitation>,
    ) -> Vec<Command> {
        self.kept = Some(request);
        self.invitation = Some(invitation);
        self.lost.clear();
        self.refused = (!wrong.is_empty()).then_some((typed, wrong));
        if self.refused.as_ref().is_some_and(|(typed, _)| *typed == self.typed) {
            // There is no more to be saved of it.
            return Vec::new();
        }
        self.rest()
    }

    /// The server did not take it, or nobody knows.
    fn failed(&mut self, failure: Failure) -> Vec<Command> {
        if let (true, Some(_), Some(invitation)) =
            (failure.is(ErrorCode::VersionMismatch), &self.sent, &self.invitation)
        {
            // Perhaps it was this page that changed it, and the answer was lost.
            return vec![Command::Compare(invitation.id)];
        }
        let Some(sent) = self.sent.take() else { return Vec::new() };
        if changed_elsewhere(&failure) {
            self.elsewhere = true;
            self.refused = None;
            return Vec::new();
        }
        let unknown = failure.is(ErrorCode::Unavailable) || failure.is(ErrorCode::Internal);
        if unknown && self.invitation.is_some() && !self.lost.contains(&sent.request) {
            self.lost.push(sent.request.clone());
        }
        let barred = barred(&sent.request, &failure);
        let spared = !barred.is_empty();
        self.barred.extend(barred);
        let same = sent.typed == self.typed;
        let mut failures = sent.wrong;
        failures.insert(0, failure);
        self.refused = Some((sent.typed, failures));
        match (same, spared) {
            (false, _) => self.rest(),
            // The rest of it can do without those fields. What was refused is not sent
            // again as it is.
            (true, true) if self.takeable().0.is_some_and(|next| next != sent.request) => {
                self.save()
            }
            (true, _) => Vec::new(),
        }
    }

    /// The version was another one: this page's own, if what it sent is there.
    fn compared(&mut self, answer: Result<Box<Invitation>, Failure>) -> Vec<Command> {
        let Some(sent) = self.sent.take() else { return Vec::new() };
        let invitation = match answer {
            Ok(invitation) => invitation,
            Err(failure) => {
                self.refused = Some((sent.typed, vec![failure]));
                return Vec::new();
            }
        };
        if is(&invitation, &sent.request) {
            return self.took(sent.request, sent.typed, sent.wrong, invitation);
        }
        let own = self.lost.iter().find(|lost| is(&invitation, lost)).cloned();
        let Some(own) = own else {
            self.elsewhere = true;
            self.refused = None;
            self.lost.clear();
            return Vec::new();
        };
        self.took(own, sent.typed, Vec::new(), invitation);
        // What was sent last is still not there.
        self.save()
    }

    /// What can be taken of what was typed, with what is saved in place of the rest, and
    /// what is wrong with that. It is none where nothing is saved that could stand there.
    fn takeable(&self) -> (Option<InvitationRequest>, Vec<Failure>) {
        let mut request = self.typed.clone();
        let mut wrong = Vec::new();
        if let Err(problems) = self.typed.parse() {
            for problem in &problems {
                spare(&mut request, problem.field, self.kept.as_ref());
            }
            let problems =
                problems.into_iter().map(|problem| (problem.field.to_owned(), problem.error));
            let kind = FailureKind::Fields(problems.collect());
            wrong.push(Failure { kind, request_id: None });
        }
        for barred in &self.barred {
            if value(&barred.request, barred.field) == value(&self.typed, barred.field) {
                spare(&mut request, barred.field, self.kept.as_ref());
                wrong.push(barred.failure.clone());
            }
        }
        (request.parse().is_ok().then_some(request), wrong)
    }

    /// Whether something was typed that the server has not got, and may get.
    fn dirty(&self) -> bool {
        let there = self.kept.as_ref() == Some(&self.typed) && self.lost.is_empty();
        let begun = self.invitation.is_some() || !too_little(&self.typed);
        begun && !there && !self.elsewhere
    }

    fn rest(&mut self) -> Vec<Command> {
        if self.kept.as_ref() == Some(&self.typed) {
            // What was wrong is not there any more.
            self.refused = None;
        }
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
        let (request, wrong) = self.takeable();
        if !wrong.is_empty() {
            self.refused = Some((self.typed.clone(), wrong.clone()));
        }
        let request =
            request.filter(|next| self.kept.as_ref() != Some(next) || !self.lost.is_empty());
        let Some(request) = request else { return Vec::new() };
        self.sent = Some(Sent { request: request.clone(), typed: self.typed.clone(), wrong });
        vec![match &self.invitation {
            Some(invitation) => Command::Edit(invitation.id, invitation.etag, request),
            None => Command::Draft(request),
        }]
    }
}

/// Puts what is saved of a field in the place of what was typed; nothing where nothing is.
fn spare(request: &mut InvitationRequest, field: &str, kept: Option<&InvitationRequest>) {
    let kept = kept.cloned().unwrap_or_default();
    match field {
        "customer" => request.customer = kept.customer,
        "relationshipType" => {
            request.relationship_type = kept.relationship_type;
            request.ask_for_admin_roles = kept.ask_for_admin_roles;
        }
        "recipient" => request.recipient = kept.recipient,
        "recipientName" => request.recipient_name = kept.recipient_name,
        "language" => request.language = kept.language,
        "message" => request.message = kept.message,
        "terms" => request.terms = kept.terms,
        "offerKind" | "offerProduct" | "offerQuantity" => match (&mut request.offer, kept.offer) {
            (Some(offer), Some(kept)) => match field {
                "offerKind" => offer.kind = kept.kind,
                "offerProduct" => offer.product = kept.product,
                _ => offer.quantity = kept.quantity,
            },
            // There is no offer without one of them.
            (offer, _) => *offer = None,
        },
        _ => {}
    }
}

/// What stands in a field, with what else it depends on.
fn value<'a>(request: &'a InvitationRequest, field: &str) -> [&'a str; 2] {
    let offer = request.offer.as_ref();
    match field {
        "recipient" => [&request.recipient, &request.customer],
        "recipientName" => [&request.recipient_name, ""],
        "message" => [&request.message, ""],
        "terms" => [&request.terms, ""],
        "offerKind" => [offer.map_or("", |offer| &offer.kind), ""],
        "offerProduct" => [offer.map_or("", |offer| &offer.product), ""],
        "offerQuantity" => [offer.map_or("", |offer| &offer.quantity), ""],
        _ => ["", ""],
    }
}

/// The fields that the server did not take, where a draft can do without all of them.
fn barred(request: &InvitationRequest, failure: &Failure) -> Vec<Barred> {
    const SPARED: [&str; 7] = [
        "recipient",
        "recipientName",
        "message",
        "terms",
        "offerKind",
        "offerProduct",
        "offerQuantity",
    ];
    let bar = |field, kind| Barred {
        field,
        request: request.clone(),
        failure: Failure { kind, request_id: failure.request_id.clone() },
    };
    match &failure.kind {
        FailureKind::Refused(Refusal::RecipientNotOfCustomer) => {
            vec![bar("recipient", failure.kind.clone())]
        }
        FailureKind::Fields(fields) => {
            let barred = fields.iter().map(|(name, error)| {
                let field = SPARED.into_iter().find(|field| field == name)?;
                Some(bar(field, FailureKind::Fields(vec![(name.clone(), *error)])))
            });
            barred.collect::<Option<_>>().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Whether the draft is what this request makes of it.
fn is(invitation: &Invitation, request: &InvitationRequest) -> bool {
    let Ok(draft) = request.parse() else { return false };
    let kind = draft.partner_type;
    let asks = draft.ask_for_admin_roles || kind.always_asks_for_roles();
    let customer = match &draft.customer {
        CustomerRef::Id(id) => *id == invitation.customer,
        CustomerRef::Domain(domain) => *domain == invitation.customer_domain,
    };
    invitation.status == InvitationStatus::Draft
        && customer
        && invitation.relationship_type == kind
        && invitation.admin_roles == if asks { kind.admin_roles() } else { &[] }
        && invitation.recipient == draft.recipient
        && invitation.recipient_name == draft.recipient_name
        && invitation.language == draft.language
        && invitation.message == draft.message
        && invitation.terms == draft.terms
        && invitation.offer == draft.offer
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
                    | Refusal::InvitationCanceled
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

    /// The draft as the server makes it of this request.
    fn written(version: i64, request: &InvitationRequest) -> Box<Invitation> {
        let parsed = request.parse().unwrap();
        let mut draft = draft(version);
        draft.relationship_type = parsed.partner_type;
        draft.admin_roles = Vec::new();
        draft.recipient = parsed.recipient;
        draft.recipient_name = parsed.recipient_name;
        draft.language = parsed.language;
        draft.message = parsed.message;
        draft
    }

    fn wrong(field: &str, error: FieldError) -> Failure {
        Failure { kind: FailureKind::Fields(vec![(field.to_owned(), error)]), request_id: None }
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
        saving.step(Event::Typed(Box::new(typed("a@brightwater.example"))));
        saving.step(Event::Rested);
        saving.step(Event::Answered(Ok(draft(1))));
        saving
    }

    #[test]
    fn nothing_is_saved_before_there_is_a_customer_and_a_type() {
        let mut saving = Saving::new(InvitationRequest::default());
        let only = InvitationRequest { relationship_type: String::new(), ..typed("") };
        assert_eq!(saving.step(Event::Typed(Box::new(only))), []);
        assert_eq!(saving.standing(), Standing::TooLittle);
        assert_eq!(saving.step(Event::Rested), []);
        assert_eq!(saving.step(Event::Left), []);
        assert_eq!(saving.problems(), [], "whoever has only begun has done nothing wrong");
    }

    #[test]
    fn a_draft_is_made_after_a_pause_and_gets_its_address_once() {
        let mut saving = Saving::new(InvitationRequest::default());
        let first = typed("a@brightwater.example");
        assert_eq!(saving.step(Event::Typed(Box::new(first.clone()))), [Command::Rest]);
        assert_eq!(saving.standing(), Standing::Open);
        assert_eq!(saving.step(Event::Rested), [Command::Draft(first)]);
        let next = saving.step(Event::Answered(Ok(draft(1))));
        assert_eq!(next, [Command::ShowAddress(id())]);
        assert_eq!(saving.standing(), Standing::Saved);
        let second = typed("b@brightwater.example");
        saving.step(Event::Typed(Box::new(second.clone())));
        let next = saving.step(Event::Rested);
        assert_eq!(next, [Command::Edit(id(), ETag(1), second)]);
        assert_eq!(saving.step(Event::Answered(Ok(draft(2)))), []);
    }

    #[test]
    fn one_request_is_under_way_and_the_next_has_the_version_of_its_answer() {
        let mut saving = saved();
        saving.step(Event::Typed(Box::new(typed("b@brightwater.example"))));
        assert!(matches!(saving.step(Event::Rested)[..], [Command::Edit(..)]));
        let last = typed("c@brightwater.example");
        assert_eq!(saving.step(Event::Typed(Box::new(last.clone()))), [Command::Rest]);
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
        saving.step(Event::Typed(Box::new(typed("no address"))));
        assert_eq!(saving.step(Event::Rested), []);
        let wrong = ("recipient".to_owned(), FieldError::NotAnEmailAddress);
        let kind = FailureKind::Fields(vec![wrong]);
        let failure = Failure { kind, request_id: None };
        assert_eq!(saving.standing(), Standing::Partly(vec![failure.clone()]));
        // It is said until it is right, but it is not the state of what is typed next.
        saving.step(Event::Typed(Box::new(typed("no address."))));
        assert_eq!(saving.standing(), Standing::Open);
        assert_eq!(saving.problems(), [failure]);
        saving.step(Event::Typed(Box::new(typed("d@brightwater.example"))));
        assert!(matches!(saving.step(Event::Rested)[..], [Command::Edit(..)]));
        saving.step(Event::Answered(Ok(draft(2))));
        assert_eq!(saving.problems(), []);
    }

    #[test]
    fn what_could_not_be_sent_can_be_tried_again() {
        let mut saving = saved();
        let latest = typed("b@brightwater.example");
        saving.step(Event::Typed(Box::new(latest.clone())));
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
            saving.step(Event::Typed(Box::new(typed("b@brightwater.example"))));
            saving.step(Event::Rested);
            let compares = failure.is(ErrorCode::VersionMismatch);
            let next = saving.step(Event::Answered(Err(failure)));
            if compares {
                assert_eq!(next, [Command::Compare(id())]);
                assert_eq!(saving.standing(), Standing::Open);
                let theirs = written(6, &typed("theirs@brightwater.example"));
                assert_eq!(saving.step(Event::Compared(Ok(theirs))), []);
            } else {
                assert_eq!(next, []);
            }
            assert_eq!(saving.standing(), Standing::Elsewhere);
            assert_eq!(saving.step(Event::Typed(Box::new(typed("c@brightwater.example")))), []);
            assert_eq!(saving.step(Event::Rested), []);
            assert_eq!(saving.step(Event::Load), [Command::Get(id())]);
            let next = saving.step(Event::Loaded(Ok(draft(7))));
            assert_eq!(next, [Command::Show(draft(7))]);
            saving.shown(typed("theirs@brightwater.example"));
            assert_eq!(saving.standing(), Standing::Saved);
            let mine = typed("d@brightwater.example");
            saving.step(Event::Typed(Box::new(mine.clone())));
            assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(7), mine)]);
        }
    }

    #[test]
    fn what_was_typed_last_is_saved_when_the_page_is_left() {
        let mut saving = saved();
        let last = typed("b@brightwater.example");
        saving.step(Event::Typed(Box::new(last.clone())));
        assert_eq!(saving.step(Event::Left), [Command::Edit(id(), ETag(1), last)]);

        // A request that is under way is waited for, and no pause after it.
        let mut saving = saved();
        saving.step(Event::Typed(Box::new(typed("b@brightwater.example"))));
        saving.step(Event::Rested);
        let last = typed("c@brightwater.example");
        saving.step(Event::Typed(Box::new(last.clone())));
        assert_eq!(saving.step(Event::Left), []);
        let next = saving.step(Event::Answered(Ok(draft(2))));
        assert_eq!(next, [Command::Edit(id(), ETag(2), last)]);

        // The address of a page that is left is not the draft's any more.
        let mut saving = Saving::new(typed("a@brightwater.example"));
        assert!(matches!(saving.step(Event::Left)[..], [Command::Draft(_)]));
        assert_eq!(saving.step(Event::Answered(Ok(draft(1)))), []);
    }

    fn with_message(recipient: &str) -> InvitationRequest {
        InvitationRequest { message: "Good morning".to_owned(), ..typed(recipient) }
    }

    #[test]
    fn a_wrong_field_holds_up_no_other() {
        let failure = wrong("recipient", FieldError::NotAnEmailAddress);
        // What was saved of it last goes in its place.
        let mut saving = saved();
        saving.step(Event::Typed(Box::new(with_message("no address"))));
        let partial = with_message("a@brightwater.example");
        let edit = [Command::Edit(id(), ETag(1), partial)];
        assert_eq!(saving.step(Event::Rested), edit);
        assert_eq!(saving.standing(), Standing::Open);
        assert_eq!(saving.problems(), std::slice::from_ref(&failure));
        assert_eq!(saving.step(Event::Answered(Ok(draft(2)))), []);
        assert_eq!(saving.standing(), Standing::Partly(vec![failure.clone()]));
        assert_eq!(saving.problems(), std::slice::from_ref(&failure));
        assert!(saving.unsaved());
        assert_eq!(saving.step(Event::Rested), [], "there is no more to be saved");
        let right = with_message("b@brightwater.example");
        saving.step(Event::Typed(Box::new(right.clone())));
        assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(2), right)]);
        saving.step(Event::Answered(Ok(draft(3))));
        assert_eq!(saving.standing(), Standing::Saved);
        assert_eq!(saving.problems(), []);
        assert!(!saving.unsaved());

        // Nothing, where nothing was. It is the same as the page is left.
        for event in [Event::Rested, Event::Left] {
            let mut saving = Saving::new(InvitationRequest::default());
            saving.step(Event::Typed(Box::new(with_message("no address"))));
            assert_eq!(saving.step(event), [Command::Draft(with_message(""))]);
        }

        // Nothing can be saved without a customer.
        let mut saving = Saving::new(InvitationRequest::default());
        let nobody = InvitationRequest { customer: "nobody".to_owned(), ..with_message("") };
        saving.step(Event::Typed(Box::new(nobody)));
        assert_eq!(saving.step(Event::Rested), []);
        assert!(matches!(saving.standing(), Standing::NotSaved(_)));
    }

    #[test]
    fn what_was_wrong_and_is_as_it_was_is_not_wrong_any_more() {
        let mut saving = saved();
        saving.step(Event::Typed(Box::new(typed("no address"))));
        saving.step(Event::Rested);
        assert_eq!(saving.step(Event::Typed(Box::new(typed("a@brightwater.example")))), []);
        assert_eq!(saving.standing(), Standing::Saved);
        assert_eq!(saving.problems(), []);
    }

    #[test]
    fn a_field_that_the_server_refuses_holds_up_no_other() {
        let kind = FailureKind::Refused(Refusal::RecipientNotOfCustomer);
        let refused = Failure { kind, request_id: None };
        for failure in [refused, wrong("recipient", FieldError::NotAnOption)] {
            let mut saving = saved();
            saving.step(Event::Typed(Box::new(with_message("a@elsewhere.example"))));
            saving.step(Event::Rested);
            let partial = with_message("a@brightwater.example");
            assert_eq!(
                saving.step(Event::Answered(Err(failure.clone()))),
                [Command::Edit(id(), ETag(1), partial)]
            );
            assert_eq!(saving.problems(), std::slice::from_ref(&failure));
            assert_eq!(saving.step(Event::Answered(Ok(draft(2)))), []);
            assert_eq!(saving.standing(), Standing::Partly(vec![failure]));
            // Another value may be right.
            let other = with_message("c@brightwater.example");
            saving.step(Event::Typed(Box::new(other.clone())));
            assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(2), other)]);
        }
    }

    #[test]
    fn whoever_is_gone_is_shown_nothing() {
        let mut saving = saved();
        assert_eq!(saving.step(Event::Load), [Command::Get(id())]);
        saving.step(Event::Left);
        assert_eq!(saving.step(Event::Loaded(Ok(draft(7)))), []);
    }

    #[test]
    fn one_that_was_sent_elsewhere_is_not_saved_again() {
        let mut saving = saved();
        saving.step(Event::Typed(Box::new(typed("b@brightwater.example"))));
        saving.step(Event::Load);
        let sent = invitation(InvitationStatus::Sent);
        assert_eq!(saving.step(Event::Loaded(Ok(sent.clone()))), [Command::Show(sent)]);
        assert_eq!(saving.step(Event::Left), []);
    }

    #[test]
    fn a_change_whose_answer_was_lost_is_its_own() {
        let (lost, last) = (typed("b@brightwater.example"), typed("c@brightwater.example"));
        let begin = || {
            let mut saving = saved();
            saving.step(Event::Typed(Box::new(lost.clone())));
            saving.step(Event::Rested);
            saving.step(Event::Answered(Err(other(ErrorCode::Unavailable))));
            saving
        };
        let mismatch = || Event::Answered(Err(other(ErrorCode::VersionMismatch)));
        // It is tried again, and is there already.
        let mut saving = begin();
        saving.step(Event::Rested);
        assert_eq!(saving.step(mismatch()), [Command::Compare(id())]);
        assert_eq!(saving.step(Event::Compared(Ok(written(2, &lost)))), []);
        assert_eq!(saving.standing(), Standing::Saved);

        // Something else was typed meanwhile, or what was there before.
        for next in [last, typed("a@brightwater.example")] {
            let mut saving = begin();
            assert_eq!(saving.step(Event::Typed(Box::new(next.clone()))), [Command::Rest]);
            assert_eq!(
                saving.step(Event::Rested),
                [Command::Edit(id(), ETag(1), next.clone())],
                "nobody knows what the server has"
            );
            assert_eq!(saving.step(mismatch()), [Command::Compare(id())]);
            assert_eq!(
                saving.step(Event::Compared(Ok(written(2, &lost)))),
                [Command::Edit(id(), ETag(2), next)]
            );
            saving.step(Event::Answered(Ok(draft(3))));
            assert_eq!(saving.standing(), Standing::Saved);
        }

        // It can't be compared now, and can be tried again.
        let mut saving = begin();
        saving.step(Event::Rested);
        saving.step(mismatch());
        let failure = other(ErrorCode::Unavailable);
        assert_eq!(saving.step(Event::Compared(Err(failure.clone()))), []);
        assert_eq!(saving.standing(), Standing::NotSaved(failure));
        assert_eq!(saving.step(Event::Rested), [Command::Edit(id(), ETag(1), lost.clone())]);
    }

    #[test]
    fn what_is_typed_and_not_saved_is_known() {
        let mut saving = Saving::new(typed(""));
        assert!(!saving.unsaved(), "nothing was typed");
        saving.step(Event::Typed(Box::default()));
        assert!(saving.unsaved(), "too little to be saved is lost too");
        let mut saving = saved();
        assert!(!saving.unsaved());
        saving.step(Event::Typed(Box::new(typed("b@brightwater.example"))));
        assert!(saving.unsaved());
        saving.step(Event::Left);
        assert!(!saving.unsaved(), "it is on its way");
    }
}
