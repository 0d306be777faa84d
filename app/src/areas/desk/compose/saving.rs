//! Saving of a draft while it is typed, as a state machine: it takes events and returns the
//! commands to run. It uses neither the browser nor the network.
//!
//! Only one request is in progress at a time, and each names the version of the answer before
//! it. So the newest text is what is kept, and changes by others are never overwritten unseen.
//!
//! An invalid field doesn't keep the others from being saved: until it is corrected, its last
//! saved value is sent instead.

use api::{CustomerRef, ETag, ErrorCode, InvitationRequest, InvitationResource};
use rules::{InvitationId, InvitationStatus, Refusal};

use crate::client::{Failure, FailureKind};

/// State of saving a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DraftState {
    /// Content of the fields.
    typed: InvitationRequest,
    /// Content of the fields when the page was opened.
    initial: InvitationRequest,
    /// The last request that the server accepted.
    saved: Option<InvitationRequest>,
    /// Content of the fields that could not be saved completely, and why.
    rejected: Option<(InvitationRequest, Vec<Failure>)>,
    /// Fields whose values only the server could reject.
    rejected_fields: Vec<RejectedField>,
    /// The request in progress.
    in_flight: Option<SaveRequest>,
    /// Requests without an answer: the server may have saved them or not.
    unanswered: Vec<InvitationRequest>,
    /// The draft as saved on the server; `None` before it is saved for the first time.
    invitation: Option<Box<InvitationResource>>,
    /// `true` once someone else changed the draft.
    conflict: bool,
    /// `true` once the page was left. Then changes are saved without a pause.
    page_left: bool,
}

/// A request in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SaveRequest {
    /// The request body.
    request: InvitationRequest,
    /// Content of the fields when the request was sent.
    typed: InvitationRequest,
    /// Problems with the fields that the request leaves out.
    problems: Vec<Failure>,
}

/// A field whose value the server rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RejectedField {
    /// Name of the field in the API.
    field: &'static str,
    /// The request with the rejected value.
    request: InvitationRequest,
    /// The reason.
    failure: Failure,
}

/// Input of saving a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ComposeEvent {
    /// The content of the fields changed.
    FieldsChanged(Box<InvitationRequest>),
    /// The pause after typing is over, or the draft must be saved now.
    Save,
    /// The server's answer to saving.
    SaveAnswered(Result<Box<InvitationResource>, Failure>),
    /// The user asks for the draft as changed by someone else.
    Reload,
    /// The draft that replaces the content of the fields.
    Reloaded(Result<Box<InvitationResource>, Failure>),
    /// The draft as saved on the server, to compare with what was sent.
    ComparisonLoaded(Result<Box<InvitationResource>, Failure>),
    /// The page is left.
    PageLeft,
}

/// Output of saving a draft, run by the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ComposeCommand {
    /// Start, or restart, the pause after typing.
    Debounce,
    /// Create the draft.
    Create(InvitationRequest),
    /// Update the draft.
    Update(InvitationId, ETag, InvitationRequest),
    /// Put the draft's ID into the page's address.
    ShowAddress(InvitationId),
    /// Fetch the draft, to replace the content of the fields.
    Reload(InvitationId),
    /// Fetch the draft, to compare it with what was sent.
    LoadForComparison(InvitationId),
    /// Show the draft in the fields.
    Show(Box<InvitationResource>),
}

/// Save status, as shown to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SaveStatus {
    /// The draft can't be saved yet: the customer or the partner type is missing.
    Incomplete,
    /// Changes are being typed or saved.
    Pending,
    /// All changes are saved.
    Saved,
    /// The changes can't be saved.
    NotSaved(Failure),
    /// Everything is saved except the fields with these problems.
    PartlySaved(Vec<Failure>),
    /// Someone else changed the draft.
    Conflict,
}

impl DraftState {
    /// Creates the state of a draft that is not saved yet.
    pub(super) fn new(typed: InvitationRequest) -> Self {
        Self {
            initial: typed.clone(),
            typed,
            saved: None,
            rejected: None,
            rejected_fields: Vec::new(),
            in_flight: None,
            unanswered: Vec::new(),
            invitation: None,
            conflict: false,
            page_left: false,
        }
    }

    /// Creates the state of a saved draft, with its content in the fields.
    pub(super) fn from_invitation(
        invitation: InvitationResource,
        typed: InvitationRequest,
    ) -> Self {
        Self {
            saved: Some(typed.clone()),
            invitation: Some(Box::new(invitation)),
            ..Self::new(typed)
        }
    }

    /// Returns the draft as saved on the server.
    pub(super) fn invitation(&self) -> Option<&InvitationResource> {
        self.invitation.as_deref()
    }

    /// Returns the save status.
    pub(super) fn status(&self) -> SaveStatus {
        if self.conflict {
            return SaveStatus::Conflict;
        }
        match &self.rejected {
            Some((typed, failures)) if *typed == self.typed && self.in_flight.is_none() => {
                let (request, problems) = self.valid_request();
                if !problems.is_empty() && request.is_some() && request == self.saved {
                    return SaveStatus::PartlySaved(problems);
                }
                if let Some(failure) = failures.first() {
                    return SaveStatus::NotSaved(failure.clone());
                }
            }
            _ => {}
        }
        if self.saved.as_ref() == Some(&self.typed) && self.unanswered.is_empty() {
            SaveStatus::Saved
        } else if self.invitation.is_none() && is_incomplete(&self.typed) {
            SaveStatus::Incomplete
        } else {
            SaveStatus::Pending
        }
    }

    /// Returns the problems that keep the typed content from being saved.
    pub(super) fn problems(&self) -> &[Failure] {
        self.rejected.as_ref().map_or(&[], |(_, failures)| failures)
    }

    /// Returns whether closing the page would lose changes.
    pub(super) fn has_unsaved_changes(&self) -> bool {
        let saved = self.saved.as_ref().unwrap_or(&self.initial);
        !self.page_left && (*saved != self.typed || !self.unanswered.is_empty())
    }

    /// Applies an event and returns the commands to run.
    pub(super) fn handle_event(&mut self, event: ComposeEvent) -> Vec<ComposeCommand> {
        match event {
            ComposeEvent::FieldsChanged(request) if *request == self.typed => Vec::new(),
            ComposeEvent::FieldsChanged(request) => {
                self.typed = *request;
                self.schedule_save()
            }
            ComposeEvent::Save => self.save(),
            ComposeEvent::SaveAnswered(Ok(invitation)) => {
                let Some(sent) = self.in_flight.take() else { return Vec::new() };
                let first = self.invitation.is_none() && !self.page_left;
                let id = invitation.id;
                let mut commands = self.save_succeeded(sent, invitation);
                if first {
                    commands.push(ComposeCommand::ShowAddress(id));
                }
                commands
            }
            ComposeEvent::SaveAnswered(Err(failure)) => self.save_failed(failure),
            ComposeEvent::Reload => self
                .invitation
                .iter()
                .map(|invitation| ComposeCommand::Reload(invitation.id))
                .collect(),
            // The page that would show the draft is gone.
            ComposeEvent::Reloaded(_) if self.page_left => Vec::new(),
            ComposeEvent::Reloaded(Ok(invitation)) => {
                // An invitation that is no longer a draft is not saved again.
                self.conflict = invitation.status != InvitationStatus::Draft;
                self.rejected = None;
                self.unanswered.clear();
                // The page puts the saved draft into the fields and reports their content.
                self.saved = None;
                self.invitation = Some(invitation.clone());
                vec![ComposeCommand::Show(invitation)]
            }
            ComposeEvent::Reloaded(Err(failure)) => {
                self.rejected = Some((self.typed.clone(), vec![failure]));
                Vec::new()
            }
            ComposeEvent::ComparisonLoaded(answer) => self.comparison_loaded(answer),
            ComposeEvent::PageLeft => {
                self.page_left = true;
                self.save()
            }
        }
    }

    /// Records that the fields show the saved draft, with this content.
    pub(super) fn set_saved_content(&mut self, typed: InvitationRequest) {
        self.saved = Some(typed.clone());
        self.typed = typed;
    }

    /// Records that the server saved a request.
    fn save_succeeded(
        &mut self,
        saved: SaveRequest,
        invitation: Box<InvitationResource>,
    ) -> Vec<ComposeCommand> {
        let SaveRequest { request, typed, problems } = saved;
        self.saved = Some(request);
        self.invitation = Some(invitation);
        self.unanswered.clear();
        self.rejected = (!problems.is_empty()).then_some((typed, problems));
        if self.rejected.as_ref().is_some_and(|(typed, _)| *typed == self.typed) {
            // Only the rejected fields are unsaved.
            return Vec::new();
        }
        self.schedule_save()
    }

    /// Records that a request failed, or that its outcome is unknown.
    fn save_failed(&mut self, failure: Failure) -> Vec<ComposeCommand> {
        if let (true, Some(_), Some(invitation)) =
            (failure.is(ErrorCode::VersionMismatch), &self.in_flight, &self.invitation)
        {
            // The change may be this page's own, with a lost answer.
            return vec![ComposeCommand::LoadForComparison(invitation.id)];
        }
        let Some(sent) = self.in_flight.take() else { return Vec::new() };
        let unknown = failure.is(ErrorCode::Unavailable) || failure.is(ErrorCode::Internal);
        if unknown && self.invitation.is_some() && !self.unanswered.contains(&sent.request) {
            self.unanswered.push(sent.request.clone());
        }
        let rejected = rejected_fields(&sent.request, &failure);
        let can_omit = !rejected.is_empty();
        self.rejected_fields.extend(rejected);
        let unchanged = sent.typed == self.typed;
        let mut failures = sent.problems;
        failures.insert(0, failure);
        self.rejected = Some((sent.typed, failures));
        match (unchanged, can_omit) {
            (false, _) => self.schedule_save(),
            // The other fields can be saved without the rejected ones. A rejected request is
            // not sent again unchanged.
            (true, true) if self.valid_request().0.is_some_and(|next| next != sent.request) => {
                self.save()
            }
            (true, _) => Vec::new(),
        }
    }

    /// Compares the saved draft with what was sent, after a version mismatch. If they match,
    /// this page made the change, and there is no conflict.
    fn comparison_loaded(
        &mut self,
        answer: Result<Box<InvitationResource>, Failure>,
    ) -> Vec<ComposeCommand> {
        let Some(sent) = self.in_flight.take() else { return Vec::new() };
        let invitation = match answer {
            Ok(invitation) => invitation,
            Err(failure) => {
                self.rejected = Some((sent.typed, vec![failure]));
                return Vec::new();
            }
        };
        if matches_request(&invitation, &sent.request) {
            return self.save_succeeded(sent, invitation);
        }
        let own =
            self.unanswered.iter().find(|request| matches_request(&invitation, request)).cloned();
        let Some(request) = own else {
            self.conflict = true;
            self.rejected = None;
            self.unanswered.clear();
            return Vec::new();
        };
        let typed = sent.typed;
        self.save_succeeded(SaveRequest { request, typed, problems: Vec::new() }, invitation);
        // The latest request is not saved yet.
        self.save()
    }

    /// Returns the request that can be saved now, and the problems with the fields it leaves
    /// out. Invalid fields get their last saved value; without one there may be no valid request.
    fn valid_request(&self) -> (Option<InvitationRequest>, Vec<Failure>) {
        let mut request = self.typed.clone();
        let mut problems = Vec::new();
        if let Err(fields) = self.typed.parse() {
            for problem in &fields {
                restore_field(&mut request, problem.field, self.saved.as_ref());
            }
            let fields = fields.into_iter().map(|one| (one.field.to_owned(), one.error));
            let kind = FailureKind::Fields(fields.collect());
            problems.push(Failure { kind, request_id: None });
        }
        for rejected in &self.rejected_fields {
            if field_values(&rejected.request, rejected.field)
                == field_values(&self.typed, rejected.field)
            {
                restore_field(&mut request, rejected.field, self.saved.as_ref());
                problems.push(rejected.failure.clone());
            }
        }
        (request.parse().is_ok().then_some(request), problems)
    }

    /// Returns whether there are changes that can be saved.
    fn needs_save(&self) -> bool {
        let saved = self.saved.as_ref() == Some(&self.typed) && self.unanswered.is_empty();
        let complete = self.invitation.is_some() || !is_incomplete(&self.typed);
        complete && !saved && !self.conflict
    }

    fn schedule_save(&mut self) -> Vec<ComposeCommand> {
        if self.saved.as_ref() == Some(&self.typed) {
            // The rejected content is gone.
            self.rejected = None;
        }
        match (self.needs_save(), self.page_left) {
            (false, _) => Vec::new(),
            (true, false) => vec![ComposeCommand::Debounce],
            (true, true) => self.save(),
        }
    }

    fn save(&mut self) -> Vec<ComposeCommand> {
        if !self.needs_save() || self.in_flight.is_some() {
            return Vec::new();
        }
        let (request, problems) = self.valid_request();
        if !problems.is_empty() {
            self.rejected = Some((self.typed.clone(), problems.clone()));
        }
        let request =
            request.filter(|next| self.saved.as_ref() != Some(next) || !self.unanswered.is_empty());
        let Some(request) = request else { return Vec::new() };
        let (sent, typed) = (request.clone(), self.typed.clone());
        self.in_flight = Some(SaveRequest { request: sent, typed, problems });
        vec![match &self.invitation {
            Some(invitation) => ComposeCommand::Update(invitation.id, invitation.etag, request),
            None => ComposeCommand::Create(request),
        }]
    }
}

/// Replaces a field's value by the last saved one, or clears it if there is none.
fn restore_field(request: &mut InvitationRequest, field: &str, saved: Option<&InvitationRequest>) {
    let saved = saved.cloned().unwrap_or_default();
    match field {
        "customer" => request.customer = saved.customer,
        "relationshipType" => {
            request.relationship_type = saved.relationship_type;
            request.ask_for_admin_roles = saved.ask_for_admin_roles;
        }
        "recipient" => request.recipient = saved.recipient,
        "recipientName" => request.recipient_name = saved.recipient_name,
        "language" => request.language = saved.language,
        "message" => request.message = saved.message,
        "terms" => request.terms = saved.terms,
        "offerKind" | "offerProduct" | "offerQuantity" => match (&mut request.offer, saved.offer) {
            (Some(offer), Some(saved)) => match field {
                "offerKind" => offer.kind = saved.kind,
                "offerProduct" => offer.product = saved.product,
                _ => offer.quantity = saved.quantity,
            },
            // An offer needs all three fields.
            (offer, _) => *offer = None,
        },
        _ => {}
    }
}

/// Returns the value of a field, and of the field that its validity depends on.
fn field_values<'a>(request: &'a InvitationRequest, field: &str) -> [&'a str; 2] {
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

/// Returns the fields that the server rejected. Empty if the draft can't be saved without one
/// of them.
fn rejected_fields(request: &InvitationRequest, failure: &Failure) -> Vec<RejectedField> {
    const OPTIONAL: [&str; 7] = [
        "recipient",
        "recipientName",
        "message",
        "terms",
        "offerKind",
        "offerProduct",
        "offerQuantity",
    ];
    let rejected = |field, kind| RejectedField {
        field,
        request: request.clone(),
        failure: Failure { kind, request_id: failure.request_id.clone() },
    };
    match &failure.kind {
        FailureKind::Refused(Refusal::RecipientNotOfCustomer) => {
            vec![rejected("recipient", failure.kind.clone())]
        }
        FailureKind::Fields(fields) => {
            let all = fields.iter().map(|(name, error)| {
                let field = OPTIONAL.into_iter().find(|field| field == name)?;
                Some(rejected(field, FailureKind::Fields(vec![(name.clone(), *error)])))
            });
            all.collect::<Option<_>>().unwrap_or_default()
        }
        FailureKind::Refused(_) | FailureKind::Limited(..) | FailureKind::Other(..) => Vec::new(),
    }
}

/// Returns whether saving this request results in this draft.
fn matches_request(invitation: &InvitationResource, request: &InvitationRequest) -> bool {
    let Ok(draft) = request.parse() else { return false };
    let content = draft.content;
    let customer = match &draft.customer {
        CustomerRef::Id(id) => *id == invitation.customer,
        CustomerRef::Domain(domain) => *domain == invitation.customer_domain,
    };
    invitation.status == InvitationStatus::Draft
        && customer
        && invitation.relationship_type == content.partner_type
        && invitation.admin_roles == content.requested_roles()
        && invitation.recipient == content.recipient
        && invitation.recipient_name == content.recipient_name
        && invitation.language == content.language
        && invitation.message == content.message
        && invitation.terms == content.terms
        && invitation.offer == content.offer
}

/// Returns whether the customer or the partner type is missing. Such a draft can't be saved, and
/// shows no errors yet.
fn is_incomplete(request: &InvitationRequest) -> bool {
    (request.customer.trim().is_empty() && request.enquiry.trim().is_empty())
        || request.relationship_type.is_empty()
}

#[cfg(test)]
mod tests {
    use rules::FieldError;

    use super::*;
    use crate::features::invitation_content::flow::tests::invitation;

    fn request(recipient: &str) -> InvitationRequest {
        InvitationRequest {
            customer: "brightwater.example".to_owned(),
            relationship_type: "advisor".to_owned(),
            recipient: recipient.to_owned(),
            language: "en".to_owned(),
            ..InvitationRequest::default()
        }
    }

    /// Returns the draft in this version.
    fn draft(version: i64) -> Box<InvitationResource> {
        let mut draft = invitation(rules::InvitationStatus::Draft);
        draft.etag = ETag(version);
        draft
    }

    /// Returns the draft that the server saves for this request.
    fn draft_for(version: i64, request: &InvitationRequest) -> Box<InvitationResource> {
        let parsed = request.parse().unwrap().content;
        let mut draft = draft(version);
        draft.relationship_type = parsed.partner_type;
        draft.admin_roles = Vec::new();
        draft.recipient = parsed.recipient;
        draft.recipient_name = parsed.recipient_name;
        draft.language = parsed.language;
        draft.message = parsed.message;
        draft
    }

    fn field_failure(field: &str, error: FieldError) -> Failure {
        Failure { kind: FailureKind::Fields(vec![(field.to_owned(), error)]), request_id: None }
    }

    fn id() -> InvitationId {
        draft(1).id
    }

    fn failure(code: ErrorCode) -> Failure {
        Failure { kind: FailureKind::Other(code, None), request_id: None }
    }

    /// Returns the state of a draft that was saved once.
    fn saved_draft() -> DraftState {
        let mut state = DraftState::new(InvitationRequest::default());
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("a@brightwater.example"))));
        state.handle_event(ComposeEvent::Save);
        state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(1))));
        state
    }

    #[test]
    fn a_draft_without_a_customer_and_a_type_is_not_saved() {
        let mut state = DraftState::new(InvitationRequest::default());
        let only = InvitationRequest { relationship_type: String::new(), ..request("") };
        assert_eq!(state.handle_event(ComposeEvent::FieldsChanged(Box::new(only))), []);
        assert_eq!(state.status(), SaveStatus::Incomplete);
        assert_eq!(state.handle_event(ComposeEvent::Save), []);
        assert_eq!(state.handle_event(ComposeEvent::PageLeft), []);
        assert_eq!(state.problems(), [], "an incomplete draft shows no errors");
    }

    #[test]
    fn a_draft_is_created_after_a_pause_and_shows_its_address_once() {
        let mut state = DraftState::new(InvitationRequest::default());
        let first = request("a@brightwater.example");
        assert_eq!(
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(first.clone()))),
            [ComposeCommand::Debounce]
        );
        assert_eq!(state.status(), SaveStatus::Pending);
        assert_eq!(state.handle_event(ComposeEvent::Save), [ComposeCommand::Create(first)]);
        let commands = state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(1))));
        assert_eq!(commands, [ComposeCommand::ShowAddress(id())]);
        assert_eq!(state.status(), SaveStatus::Saved);
        let second = request("b@brightwater.example");
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(second.clone())));
        let commands = state.handle_event(ComposeEvent::Save);
        assert_eq!(commands, [ComposeCommand::Update(id(), ETag(1), second)]);
        assert_eq!(state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(2)))), []);
    }

    #[test]
    fn requests_are_sent_one_after_another_with_the_latest_version() {
        let mut state = saved_draft();
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("b@brightwater.example"))));
        assert!(matches!(state.handle_event(ComposeEvent::Save)[..], [ComposeCommand::Update(..)]));
        let last = request("c@brightwater.example");
        assert_eq!(
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(last.clone()))),
            [ComposeCommand::Debounce]
        );
        assert_eq!(state.handle_event(ComposeEvent::Save), [], "a request is in progress");
        assert_eq!(
            state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(2)))),
            [ComposeCommand::Debounce]
        );
        assert_eq!(state.status(), SaveStatus::Pending, "the fields have changed since");
        assert_eq!(
            state.handle_event(ComposeEvent::Save),
            [ComposeCommand::Update(id(), ETag(2), last)]
        );
        state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(3))));
        assert_eq!(state.status(), SaveStatus::Saved);
    }

    #[test]
    fn an_invalid_field_is_reported_and_not_sent() {
        let mut state = saved_draft();
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("no address"))));
        assert_eq!(state.handle_event(ComposeEvent::Save), []);
        let wrong = ("recipient".to_owned(), FieldError::NotAnEmailAddress);
        let kind = FailureKind::Fields(vec![wrong]);
        let failure = Failure { kind, request_id: None };
        assert_eq!(state.status(), SaveStatus::PartlySaved(vec![failure.clone()]));
        // The problem stays until it is corrected, but the status follows the new content.
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("no address."))));
        assert_eq!(state.status(), SaveStatus::Pending);
        assert_eq!(state.problems(), [failure]);
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("d@brightwater.example"))));
        assert!(matches!(state.handle_event(ComposeEvent::Save)[..], [ComposeCommand::Update(..)]));
        state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(2))));
        assert_eq!(state.problems(), []);
    }

    #[test]
    fn a_failed_request_can_be_retried() {
        let mut state = saved_draft();
        let latest = request("b@brightwater.example");
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(latest.clone())));
        state.handle_event(ComposeEvent::Save);
        let failure = failure(ErrorCode::Unavailable);
        assert_eq!(state.handle_event(ComposeEvent::SaveAnswered(Err(failure.clone()))), []);
        assert_eq!(state.status(), SaveStatus::NotSaved(failure));
        assert_eq!(
            state.handle_event(ComposeEvent::Save),
            [ComposeCommand::Update(id(), ETag(1), latest)]
        );
    }

    #[test]
    fn changes_by_someone_else_are_not_overwritten() {
        let theirs = draft_for(6, &request("theirs@brightwater.example"));
        let mut sent = draft_for(6, &request("b@brightwater.example"));
        sent.status = InvitationStatus::Sent;
        for current in [theirs, sent] {
            let mut state = saved_draft();
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(request(
                "b@brightwater.example",
            ))));
            state.handle_event(ComposeEvent::Save);
            let failure = failure(ErrorCode::VersionMismatch);
            let commands = state.handle_event(ComposeEvent::SaveAnswered(Err(failure)));
            assert_eq!(commands, [ComposeCommand::LoadForComparison(id())]);
            assert_eq!(state.status(), SaveStatus::Pending);
            assert_eq!(state.handle_event(ComposeEvent::ComparisonLoaded(Ok(current))), []);
            assert_eq!(state.status(), SaveStatus::Conflict);
            assert_eq!(
                state.handle_event(ComposeEvent::FieldsChanged(Box::new(request(
                    "c@brightwater.example"
                )))),
                []
            );
            assert_eq!(state.handle_event(ComposeEvent::Save), []);
            assert_eq!(state.handle_event(ComposeEvent::Reload), [ComposeCommand::Reload(id())]);
            let commands = state.handle_event(ComposeEvent::Reloaded(Ok(draft(7))));
            assert_eq!(commands, [ComposeCommand::Show(draft(7))]);
            state.set_saved_content(request("theirs@brightwater.example"));
            assert_eq!(state.status(), SaveStatus::Saved);
            let mine = request("d@brightwater.example");
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(mine.clone())));
            assert_eq!(
                state.handle_event(ComposeEvent::Save),
                [ComposeCommand::Update(id(), ETag(7), mine)]
            );
        }
    }

    #[test]
    fn leaving_the_page_saves_the_last_changes() {
        let mut state = saved_draft();
        let last = request("b@brightwater.example");
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(last.clone())));
        assert_eq!(
            state.handle_event(ComposeEvent::PageLeft),
            [ComposeCommand::Update(id(), ETag(1), last)]
        );

        // The last changes follow a request in progress without a pause.
        let mut state = saved_draft();
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("b@brightwater.example"))));
        state.handle_event(ComposeEvent::Save);
        let last = request("c@brightwater.example");
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(last.clone())));
        assert_eq!(state.handle_event(ComposeEvent::PageLeft), []);
        let commands = state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(2))));
        assert_eq!(commands, [ComposeCommand::Update(id(), ETag(2), last)]);

        // A page that was left doesn't change the address.
        let mut state = DraftState::new(request("a@brightwater.example"));
        assert!(matches!(
            state.handle_event(ComposeEvent::PageLeft)[..],
            [ComposeCommand::Create(_)]
        ));
        assert_eq!(state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(1)))), []);
    }

    fn with_message(recipient: &str) -> InvitationRequest {
        InvitationRequest { message: "Good morning".to_owned(), ..request(recipient) }
    }

    #[test]
    fn an_invalid_field_does_not_block_the_others() {
        let failure = field_failure("recipient", FieldError::NotAnEmailAddress);
        // Its last saved value is sent.
        let mut state = saved_draft();
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(with_message("no address"))));
        let partial = with_message("a@brightwater.example");
        let edit = [ComposeCommand::Update(id(), ETag(1), partial)];
        assert_eq!(state.handle_event(ComposeEvent::Save), edit);
        assert_eq!(state.status(), SaveStatus::Pending);
        assert_eq!(state.problems(), std::slice::from_ref(&failure));
        assert_eq!(state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(2)))), []);
        assert_eq!(state.status(), SaveStatus::PartlySaved(vec![failure.clone()]));
        assert_eq!(state.problems(), std::slice::from_ref(&failure));
        assert!(state.has_unsaved_changes());
        assert_eq!(state.handle_event(ComposeEvent::Save), [], "everything else is saved");
        let valid = with_message("b@brightwater.example");
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(valid.clone())));
        assert_eq!(
            state.handle_event(ComposeEvent::Save),
            [ComposeCommand::Update(id(), ETag(2), valid)]
        );
        state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(3))));
        assert_eq!(state.status(), SaveStatus::Saved);
        assert_eq!(state.problems(), []);
        assert!(!state.has_unsaved_changes());

        // Without a saved value the field is empty, also when the page is left.
        for event in [ComposeEvent::Save, ComposeEvent::PageLeft] {
            let mut state = DraftState::new(InvitationRequest::default());
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(with_message("no address"))));
            assert_eq!(state.handle_event(event), [ComposeCommand::Create(with_message(""))]);
        }

        // Nothing can be saved without a customer.
        let mut state = DraftState::new(InvitationRequest::default());
        let invalid = InvitationRequest { customer: "nobody".to_owned(), ..with_message("") };
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(invalid)));
        assert_eq!(state.handle_event(ComposeEvent::Save), []);
        assert!(matches!(state.status(), SaveStatus::NotSaved(_)));
    }

    #[test]
    fn undoing_an_invalid_change_clears_the_problem() {
        let mut state = saved_draft();
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("no address"))));
        state.handle_event(ComposeEvent::Save);
        assert_eq!(
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(request(
                "a@brightwater.example"
            )))),
            []
        );
        assert_eq!(state.status(), SaveStatus::Saved);
        assert_eq!(state.problems(), []);
    }

    #[test]
    fn a_field_that_the_server_rejects_does_not_block_the_others() {
        let kind = FailureKind::Refused(Refusal::RecipientNotOfCustomer);
        let refused = Failure { kind, request_id: None };
        for failure in [refused, field_failure("recipient", FieldError::NotAnOption)] {
            let mut state = saved_draft();
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(with_message(
                "a@elsewhere.example",
            ))));
            state.handle_event(ComposeEvent::Save);
            let partial = with_message("a@brightwater.example");
            assert_eq!(
                state.handle_event(ComposeEvent::SaveAnswered(Err(failure.clone()))),
                [ComposeCommand::Update(id(), ETag(1), partial)]
            );
            assert_eq!(state.problems(), std::slice::from_ref(&failure));
            assert_eq!(state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(2)))), []);
            assert_eq!(state.status(), SaveStatus::PartlySaved(vec![failure]));
            // Another value is sent.
            let other = with_message("c@brightwater.example");
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(other.clone())));
            assert_eq!(
                state.handle_event(ComposeEvent::Save),
                [ComposeCommand::Update(id(), ETag(2), other)]
            );
        }
    }

    #[test]
    fn a_page_that_was_left_shows_nothing() {
        let mut state = saved_draft();
        assert_eq!(state.handle_event(ComposeEvent::Reload), [ComposeCommand::Reload(id())]);
        state.handle_event(ComposeEvent::PageLeft);
        assert_eq!(state.handle_event(ComposeEvent::Reloaded(Ok(draft(7)))), []);
    }

    #[test]
    fn an_invitation_that_was_sent_meanwhile_is_not_saved() {
        let mut state = saved_draft();
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("b@brightwater.example"))));
        state.handle_event(ComposeEvent::Reload);
        let sent = invitation(InvitationStatus::Sent);
        assert_eq!(
            state.handle_event(ComposeEvent::Reloaded(Ok(sent.clone()))),
            [ComposeCommand::Show(sent)]
        );
        assert_eq!(state.handle_event(ComposeEvent::PageLeft), []);
    }

    #[test]
    fn a_change_with_a_lost_answer_is_no_conflict() {
        let (lost, last) = (request("b@brightwater.example"), request("c@brightwater.example"));
        let begin = || {
            let mut state = saved_draft();
            state.handle_event(ComposeEvent::FieldsChanged(Box::new(lost.clone())));
            state.handle_event(ComposeEvent::Save);
            state.handle_event(ComposeEvent::SaveAnswered(Err(failure(ErrorCode::Unavailable))));
            state
        };
        let mismatch = || ComposeEvent::SaveAnswered(Err(failure(ErrorCode::VersionMismatch)));
        // The retry finds the change already saved.
        let mut state = begin();
        state.handle_event(ComposeEvent::Save);
        assert_eq!(state.handle_event(mismatch()), [ComposeCommand::LoadForComparison(id())]);
        assert_eq!(state.handle_event(ComposeEvent::ComparisonLoaded(Ok(draft_for(2, &lost)))), []);
        assert_eq!(state.status(), SaveStatus::Saved);

        // Something else was typed since, or the change was undone.
        for next in [last, request("a@brightwater.example")] {
            let mut state = begin();
            assert_eq!(
                state.handle_event(ComposeEvent::FieldsChanged(Box::new(next.clone()))),
                [ComposeCommand::Debounce]
            );
            assert_eq!(
                state.handle_event(ComposeEvent::Save),
                [ComposeCommand::Update(id(), ETag(1), next.clone())],
                "the saved state is unknown"
            );
            assert_eq!(state.handle_event(mismatch()), [ComposeCommand::LoadForComparison(id())]);
            assert_eq!(
                state.handle_event(ComposeEvent::ComparisonLoaded(Ok(draft_for(2, &lost)))),
                [ComposeCommand::Update(id(), ETag(2), next)]
            );
            state.handle_event(ComposeEvent::SaveAnswered(Ok(draft(3))));
            assert_eq!(state.status(), SaveStatus::Saved);
        }

        // The comparison fails and can be retried.
        let mut state = begin();
        state.handle_event(ComposeEvent::Save);
        state.handle_event(mismatch());
        let failure = failure(ErrorCode::Unavailable);
        assert_eq!(state.handle_event(ComposeEvent::ComparisonLoaded(Err(failure.clone()))), []);
        assert_eq!(state.status(), SaveStatus::NotSaved(failure));
        assert_eq!(
            state.handle_event(ComposeEvent::Save),
            [ComposeCommand::Update(id(), ETag(1), lost.clone())]
        );
    }

    #[test]
    fn unsaved_changes_are_reported() {
        let mut state = DraftState::new(request(""));
        assert!(!state.has_unsaved_changes(), "nothing was typed");
        state.handle_event(ComposeEvent::FieldsChanged(Box::default()));
        assert!(state.has_unsaved_changes(), "an incomplete draft would be lost too");
        let mut state = saved_draft();
        assert!(!state.has_unsaved_changes());
        state.handle_event(ComposeEvent::FieldsChanged(Box::new(request("b@brightwater.example"))));
        assert!(state.has_unsaved_changes());
        state.handle_event(ComposeEvent::PageLeft);
        assert!(!state.has_unsaved_changes(), "it is being saved");
    }
}
