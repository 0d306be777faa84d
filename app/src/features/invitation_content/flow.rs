//! The state machine of an invitation's page: events change the state and return commands.
//! It does not depend on the browser or the network.

use std::fmt;

use api::{AcceptAgreement, AcceptedInvitation, Agreement, ETag, ErrorCode, InvitationResource};
use rules::{Cloud, InvitationId, InvitationStatus, Note, OfferKind, Refusal, RelationshipId};

use crate::{
    client::Failure,
    features::agreement_document::{AgreementReview, AgreementReviewEvent},
    load::LoadState,
    route::Route,
};

/// The token of a link. It gives access to an invitation, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(String);

impl InvitationToken {
    /// Parses the token in a URL's fragment. Returns `None` if it is truncated or has
    /// characters that are not in our tokens.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let token = fragment.trim_start_matches('#').trim();
        let ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (token.len() >= 32 && token.bytes().all(ours)).then(|| Self(token.to_owned()))
    }

    /// Returns the token, to be sent to the server only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InvitationToken(…)")
    }
}

/// The invitation that the page's address refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationLink {
    /// The invitation of a mailed link.
    Token(InvitationToken),
    /// The invitation with this id.
    Id(InvitationId),
    /// An incomplete link, or a path without an id.
    Incomplete,
}

impl InvitationLink {
    /// Reads a route and a fragment. Returns `None` for the route of another page.
    #[must_use]
    pub fn parse(route: Route, fragment: &str) -> Option<Self> {
        let Route::PartnerInvitation(id) = route else { return None };
        let token = || InvitationToken::parse(fragment).map_or(Self::Incomplete, Self::Token);
        Some(id.map_or_else(token, Self::Id))
    }
}

/// The state of the page, which determines its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationPageState {
    /// The invitation is being fetched.
    Loading,
    /// The link is incomplete.
    Incomplete,
    /// There is no such invitation, or the user may not know of it.
    Unknown,
    /// The invitation is for someone else.
    Refused(Refusal),
    /// The request failed.
    Failed(Failure),
    /// The invitation is loaded; it is pending or answered.
    Loaded(Box<InvitationResource>),
    /// The invitation was just accepted, and the partner's offer can be created for this
    /// relationship, as a trial or a purchase.
    Offered(RelationshipId, OfferKind),
}

/// A request in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerRequest {
    /// Accepting the invitation.
    Accepting,
    /// Canceling the invitation.
    Canceling,
}

/// The step of the answer in 21Vianet, where the authorization is asked for first, under
/// **Partner relationships**. The other clouds do not have this question. See
/// docs/domain.md, Clouds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerStep {
    /// The question whether to authorize the partner: Yes or No, then Next.
    Question,
    /// After Yes: the agreement, and accepting.
    Agreement,
    /// After No: the consequences of canceling, and canceling.
    Refusal,
}

/// Returns whether this cloud asks for the authorization before the agreement. See
/// docs/domain.md, Clouds.
#[must_use]
pub const fn asks_authorization_first(cloud: Cloud) -> bool {
    matches!(cloud, Cloud::Vianet21)
}

/// The complete state of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationFlow {
    address: Option<InvitationLink>,
    /// The number of the latest request for an invitation, so that late answers to earlier
    /// requests are dropped.
    invitation_turn: u32,
    /// The number of the latest request for the agreement.
    agreement_turn: u32,
    /// The state that determines the content.
    pub page: InvitationPageState,
    /// The state of reading the agreement.
    pub reading: AgreementReview,
    /// The step of the answer, if the authorization is asked for first.
    pub answer_step: AnswerStep,
    /// The selection under Partner relationships: `true` for Yes.
    pub authorizes: Option<bool>,
    /// The request in progress. No other can start meanwhile.
    pub in_progress: Option<AnswerRequest>,
    /// The relationship for which the accepted offer can still be created.
    pub offer: Option<RelationshipId>,
    /// The failure of accepting.
    pub problem: Option<Failure>,
    /// The failure of canceling.
    pub cancel_problem: Option<Failure>,
}

/// An event on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationFlowEvent {
    /// The page was opened at this address, or its address changed.
    AddressChanged(InvitationLink),
    /// The user retries to fetch the invitation.
    Retry,
    /// The request for the invitation ended.
    InvitationFetched(u32, Result<Box<InvitationResource>, Failure>),
    /// The search for the relationship whose offer can still be created ended.
    OfferFound(u32, Option<RelationshipId>),
    /// The user changed the language.
    LanguageChanged,
    /// The request for the agreement ended.
    AgreementFetched(u32, Result<Agreement, Failure>),
    /// The user reads the agreement.
    Read(AgreementReviewEvent),
    /// The user selects Yes (`true`) or No under Partner relationships.
    Choose(bool),
    /// The user continues with the selection.
    Next,
    /// The user returns to the selection.
    Back,
    /// The user accepts the invitation.
    Accept,
    /// The request ended.
    Accepted(Result<Box<AcceptedInvitation>, Failure>),
    /// The user cancels the invitation, with an optional reason.
    Cancel(Option<Note>),
    /// The request ended.
    Canceled(Result<Box<InvitationResource>, Failure>),
}

/// An action that follows from an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationFlowCommand {
    /// Fetch the invitation of a token.
    LookUpToken(u32, InvitationToken),
    /// Fetch the invitation with this id.
    FetchInvitation(u32, InvitationId),
    /// Find the relationship for which the offer of this accepted invitation can still be
    /// created.
    FindOffer(u32, Box<InvitationResource>),
    /// Replace the token in the page's address with the id.
    ReplaceAddress(InvitationId),
    /// Fetch the agreement.
    FetchAgreement(u32),
    /// Accept the invitation.
    Accept(InvitationId, ETag, AcceptAgreement),
    /// Cancel the invitation.
    Cancel(InvitationId, ETag, Option<Note>),
    /// Announce that the partner is authorized, and go to the partner list.
    AnnounceAndLeave(Box<InvitationResource>),
    /// Announce that the partner is authorized, and stay on the page.
    Announce(Box<InvitationResource>),
    /// Fetch the session again: the user may have been signed out or have other roles.
    RefreshSession,
}

impl Default for InvitationFlow {
    fn default() -> Self {
        Self {
            address: None,
            invitation_turn: 0,
            agreement_turn: 0,
            page: InvitationPageState::Loading,
            reading: AgreementReview::default(),
            answer_step: AnswerStep::Question,
            authorizes: None,
            in_progress: None,
            offer: None,
            problem: None,
            cancel_problem: None,
        }
    }
}

impl InvitationFlow {
    /// Applies an event, and returns the commands to run.
    pub fn handle_event(&mut self, event: InvitationFlowEvent) -> Vec<InvitationFlowCommand> {
        match event {
            InvitationFlowEvent::AddressChanged(address) => self.change_address(address),
            InvitationFlowEvent::Retry => {
                self.page = InvitationPageState::Loading;
                self.fetch_invitation()
            }
            InvitationFlowEvent::InvitationFetched(turn, answer)
                if turn == self.invitation_turn =>
            {
                self.receive_invitation(answer)
            }
            InvitationFlowEvent::OfferFound(turn, relationship) if turn == self.invitation_turn => {
                self.offer = relationship;
                Vec::new()
            }
            InvitationFlowEvent::AgreementFetched(turn, answer) if turn == self.agreement_turn => {
                self.reading.receive_document(answer);
                Vec::new()
            }
            InvitationFlowEvent::LanguageChanged if self.pending_invitation().is_some() => {
                self.fetch_agreement()
            }
            // An answer to an outdated request, or a language change without a document.
            InvitationFlowEvent::InvitationFetched(..)
            | InvitationFlowEvent::OfferFound(..)
            | InvitationFlowEvent::AgreementFetched(..)
            | InvitationFlowEvent::LanguageChanged => Vec::new(),
            InvitationFlowEvent::Read(event) => {
                if self.reading.handle_event(event) {
                    self.fetch_agreement()
                } else {
                    Vec::new()
                }
            }
            InvitationFlowEvent::Choose(is) => {
                self.authorizes = Some(is);
                Vec::new()
            }
            InvitationFlowEvent::Next => {
                self.answer_step = match self.authorizes {
                    Some(true) => AnswerStep::Agreement,
                    Some(false) => AnswerStep::Refusal,
                    None => self.answer_step,
                };
                Vec::new()
            }
            InvitationFlowEvent::Back => {
                // The answer to a request in progress belongs to the current step.
                if self.in_progress.is_none() {
                    self.answer_step = AnswerStep::Question;
                }
                Vec::new()
            }
            InvitationFlowEvent::Accept => self.accept(),
            InvitationFlowEvent::Accepted(Ok(accepted)) => {
                if let Some(offer) = &accepted.invitation.offer {
                    self.in_progress = None;
                    self.page = InvitationPageState::Offered(accepted.relationship, offer.kind);
                    return vec![InvitationFlowCommand::Announce(Box::new(accepted.invitation))];
                }
                // The request stays in progress, because the page is left.
                vec![InvitationFlowCommand::AnnounceAndLeave(Box::new(accepted.invitation))]
            }
            InvitationFlowEvent::Accepted(Err(failure)) => self.handle_accept_failure(failure),
            InvitationFlowEvent::Cancel(reason) => self.cancel(reason),
            InvitationFlowEvent::Canceled(Ok(invitation)) => {
                self.in_progress = None;
                self.page = InvitationPageState::Loaded(invitation);
                Vec::new()
            }
            InvitationFlowEvent::Canceled(Err(failure)) => {
                self.in_progress = None;
                let next = self.recover_from_failure(&failure);
                self.cancel_problem = Some(failure);
                next
            }
        }
    }

    /// Returns the invitation while it is pending.
    #[must_use]
    pub fn pending_invitation(&self) -> Option<&InvitationResource> {
        let InvitationPageState::Loaded(invitation) = &self.page else { return None };
        (invitation.status == InvitationStatus::Sent).then_some(&**invitation)
    }

    fn change_address(&mut self, address: InvitationLink) -> Vec<InvitationFlowCommand> {
        if self.address.as_ref() == Some(&address) {
            return Vec::new();
        }
        // The reading state belongs to the previous invitation.
        *self = Self {
            address: Some(address),
            invitation_turn: self.invitation_turn,
            agreement_turn: self.agreement_turn,
            ..Self::default()
        };
        self.fetch_invitation()
    }

    fn fetch_invitation(&mut self) -> Vec<InvitationFlowCommand> {
        self.invitation_turn += 1;
        match self.address.clone() {
            Some(InvitationLink::Token(token)) => {
                vec![InvitationFlowCommand::LookUpToken(self.invitation_turn, token)]
            }
            Some(InvitationLink::Id(id)) => {
                vec![InvitationFlowCommand::FetchInvitation(self.invitation_turn, id)]
            }
            Some(InvitationLink::Incomplete) | None => {
                self.page = InvitationPageState::Incomplete;
                Vec::new()
            }
        }
    }

    fn fetch_agreement(&mut self) -> Vec<InvitationFlowCommand> {
        self.agreement_turn += 1;
        vec![InvitationFlowCommand::FetchAgreement(self.agreement_turn)]
    }

    fn receive_invitation(
        &mut self,
        answer: Result<Box<InvitationResource>, Failure>,
    ) -> Vec<InvitationFlowCommand> {
        match answer {
            Ok(invitation) => {
                let id = invitation.id;
                let mut next = Vec::new();
                self.offer = None;
                if invitation.status == InvitationStatus::Accepted && invitation.offer.is_some() {
                    next.push(InvitationFlowCommand::FindOffer(
                        self.invitation_turn,
                        invitation.clone(),
                    ));
                }
                self.page = InvitationPageState::Loaded(invitation);
                if matches!(self.address, Some(InvitationLink::Token(_))) {
                    self.address = Some(InvitationLink::Id(id));
                    next.push(InvitationFlowCommand::ReplaceAddress(id));
                }
                if self.pending_invitation().is_none() {
                    // The page of the new state replaces the messages.
                    self.problem = None;
                    self.cancel_problem = None;
                } else if self.reading.document == LoadState::Loading {
                    next.extend(self.fetch_agreement());
                }
                next
            }
            Err(failure) if failure.signed_out() => vec![InvitationFlowCommand::RefreshSession],
            Err(failure) => {
                self.page = match failure.refusal() {
                    // Customers do not see drafts.
                    Some(Refusal::InvitationNotSent) => InvitationPageState::Unknown,
                    Some(refusal) => InvitationPageState::Refused(refusal),
                    None if failure.is(ErrorCode::NotFound) => InvitationPageState::Unknown,
                    None => InvitationPageState::Failed(failure),
                };
                Vec::new()
            }
        }
    }

    fn accept(&mut self) -> Vec<InvitationFlowCommand> {
        let Some((invitation, agreement)) =
            self.pending_invitation().zip(self.reading.acceptance_request())
        else {
            return Vec::new();
        };
        let (id, etag) = (invitation.id, invitation.etag);
        let authorized = !asks_authorization_first(invitation.cloud)
            || self.answer_step == AnswerStep::Agreement;
        if self.in_progress.is_some() || !authorized {
            return Vec::new();
        }
        self.in_progress = Some(AnswerRequest::Accepting);
        self.problem = None;
        vec![InvitationFlowCommand::Accept(id, etag, agreement)]
    }

    fn cancel(&mut self, reason: Option<Note>) -> Vec<InvitationFlowCommand> {
        let Some((id, etag)) =
            self.pending_invitation().map(|invitation| (invitation.id, invitation.etag))
        else {
            return Vec::new();
        };
        if self.in_progress.is_some() {
            return Vec::new();
        }
        self.in_progress = Some(AnswerRequest::Canceling);
        self.cancel_problem = None;
        vec![InvitationFlowCommand::Cancel(id, etag, reason)]
    }

    fn handle_accept_failure(&mut self, failure: Failure) -> Vec<InvitationFlowCommand> {
        self.in_progress = None;
        match failure.refusal() {
            Some(Refusal::AgreementChanged) => {
                self.reading.restart_with_new_version();
                return self.fetch_agreement();
            }
            Some(Refusal::AgreementUnavailable) => {
                self.reading.receive_document(Err(failure));
                return Vec::new();
            }
            _ => {}
        }
        let next = self.recover_from_failure(&failure);
        self.problem = Some(failure);
        next
    }

    /// Updates the state after a rejected answer, and returns the commands to run.
    fn recover_from_failure(&mut self, failure: &Failure) -> Vec<InvitationFlowCommand> {
        match failure.refusal() {
            Some(
                // It expires by the clock, without a new version.
                Refusal::InvitationExpired
                | Refusal::InvitationNotSent
                | Refusal::InvitationForOtherOrganization
                | Refusal::InvitationForOtherCloud,
            ) => self.fetch_invitation(),
            // The user's roles have changed, or the session has ended.
            Some(
                Refusal::SignInRequired
                | Refusal::GlobalAdministratorRequired
                | Refusal::CustomerOnly
                | Refusal::OtherOrganization,
            ) => vec![InvitationFlowCommand::RefreshSession],
            None if failure.is(ErrorCode::VersionMismatch) || failure.is(ErrorCode::NotFound) => {
                self.fetch_invitation()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use api::Partner;
    use rules::{
        AdminRole, InvitationState, Language, Offer, OrganizationId, PartnerType, Timestamp, UserId,
    };

    use super::*;
    use crate::{
        client::FailureKind,
        features::agreement_document::tests::{agreement, unreachable},
    };

    fn parse<T: std::str::FromStr>(text: &str) -> T
    where
        T::Err: fmt::Debug,
    {
        text.parse().expect("a value")
    }

    fn id() -> InvitationId {
        InvitationId::new(Timestamp::from_milliseconds(1), 7)
    }

    fn organization(bits: u128) -> OrganizationId {
        OrganizationId::new(Timestamp::from_milliseconds(1), bits)
    }

    fn token() -> InvitationToken {
        InvitationToken::parse(&format!("#{}", "0af".repeat(20))).expect("a token")
    }

    pub(crate) fn invitation(status: InvitationStatus) -> Box<InvitationResource> {
        let at = Timestamp::from_milliseconds(5);
        let user = UserId::new(at, 3);
        Box::new(InvitationResource {
            id: id(),
            etag: ETag(2),
            customer: organization(1),
            customer_name: parse("Brightwater Schools"),
            customer_domain: parse("brightwater.example"),
            cloud: Cloud::Worldwide,
            partner: Partner {
                id: organization(2),
                name: parse("Meridian Cloud Services"),
                partner_id: parse("4391507"),
                domain: parse("meridiancloud.example"),
                country: parse("NL"),
                partner_since: at,
                email: parse("hello@meridiancloud.example"),
                phone: None,
                address: None,
            },
            relationship_type: PartnerType::ResellerAndDelegatedAdministrator,
            admin_roles: vec![AdminRole::GlobalAdministrator],
            recipient: Some(parse("anna@brightwater.example")),
            recipient_name: Some(parse("Anna de Vries")),
            language: Language::English,
            message: None,
            enquiry: None,
            terms: None,
            offer: None,
            code: "K7QF-2M9D".to_owned(),
            created: at,
            created_by: user,
            status,
            state: match status {
                InvitationStatus::Canceled => {
                    InvitationState::Canceled { at, by: user, reason: None, sent: Some(at) }
                }
                InvitationStatus::Withdrawn => {
                    InvitationState::Withdrawn { at, by: user, sent: Some(at) }
                }
                InvitationStatus::Draft
                | InvitationStatus::Sent
                | InvitationStatus::Accepted
                | InvitationStatus::Expired => {
                    InvitationState::Sent { at, expires: at, resent: None }
                }
            },
            answered_by: None,
        })
    }

    fn refused(refusal: Refusal) -> Failure {
        Failure { kind: FailureKind::Refused(refusal), request_id: None }
    }

    fn other(code: ErrorCode) -> Failure {
        Failure { kind: FailureKind::Other(code, None), request_id: None }
    }

    /// The page with a pending invitation and an acknowledged agreement.
    fn ready() -> InvitationFlow {
        let mut flow = InvitationFlow::default();
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Token(token())));
        flow.handle_event(InvitationFlowEvent::InvitationFetched(
            1,
            Ok(invitation(InvitationStatus::Sent)),
        ));
        flow.handle_event(InvitationFlowEvent::AgreementFetched(1, Ok(agreement("a"))));
        flow.handle_event(InvitationFlowEvent::Read(AgreementReviewEvent::Open));
        flow.handle_event(InvitationFlowEvent::Read(AgreementReviewEvent::Acknowledge(true)));
        flow
    }

    fn accepting() -> InvitationFlow {
        let mut flow = ready();
        assert!(matches!(
            flow.handle_event(InvitationFlowEvent::Accept)[..],
            [InvitationFlowCommand::Accept(..)]
        ));
        flow
    }

    #[test]
    fn an_address_has_a_token_an_id_or_neither() {
        let parse =
            |path: &str, fragment: &str| InvitationLink::parse(Route::parse(path), fragment);
        assert_eq!(
            parse("/partner-invitation", &format!("#{}", token().expose())),
            Some(InvitationLink::Token(token()))
        );
        let path = format!("/partner-invitation/{}", id());
        assert_eq!(parse(&path, ""), Some(InvitationLink::Id(id())));
        for (path, fragment) in [
            ("/partner-invitation", ""),
            ("/partner-invitation/", "#"),
            ("/partner-invitation", "#0af0af"),
            ("/partner-invitation", "#0af0af0af0af0af0af0af0af0af0af0af0af<script>"),
            ("/partner-invitation/none", ""),
        ] {
            assert_eq!(parse(path, fragment), Some(InvitationLink::Incomplete), "{path}{fragment}");
        }
        assert_eq!(parse("/partner-invitations", ""), None);
        assert_eq!(parse("/outbox", ""), None);
        assert!(!format!("{:?}", InvitationLink::Token(token())).contains("0af"));
    }

    #[test]
    fn the_id_replaces_the_token_once_the_invitation_is_loaded() {
        let mut flow = InvitationFlow::default();
        let next =
            flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Token(token())));
        assert_eq!(next, [InvitationFlowCommand::LookUpToken(1, token())]);
        let next = flow.handle_event(InvitationFlowEvent::InvitationFetched(
            1,
            Ok(invitation(InvitationStatus::Sent)),
        ));
        assert_eq!(
            next,
            [InvitationFlowCommand::ReplaceAddress(id()), InvitationFlowCommand::FetchAgreement(1)]
        );
        // The resulting change of the address causes no new request.
        assert_eq!(
            flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Id(id()))),
            []
        );
        assert!(flow.pending_invitation().is_some());
    }

    #[test]
    fn the_token_stays_if_the_request_fails() {
        for failure in [
            refused(Refusal::InvitationForOtherOrganization),
            other(ErrorCode::NotFound),
            unreachable(),
        ] {
            let mut flow = InvitationFlow::default();
            flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Token(token())));
            assert_eq!(
                flow.handle_event(InvitationFlowEvent::InvitationFetched(1, Err(failure))),
                []
            );
            assert_eq!(
                flow.handle_event(InvitationFlowEvent::Retry),
                [InvitationFlowCommand::LookUpToken(2, token())]
            );
        }
    }

    #[test]
    fn each_refusal_has_its_page_state() {
        for (failure, page) in [
            (
                refused(Refusal::InvitationForOtherOrganization),
                InvitationPageState::Refused(Refusal::InvitationForOtherOrganization),
            ),
            (
                refused(Refusal::InvitationForOtherCloud),
                InvitationPageState::Refused(Refusal::InvitationForOtherCloud),
            ),
            (refused(Refusal::InvitationNotSent), InvitationPageState::Unknown),
            (other(ErrorCode::NotFound), InvitationPageState::Unknown),
            (unreachable(), InvitationPageState::Failed(unreachable())),
        ] {
            let mut flow = InvitationFlow::default();
            flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Id(id())));
            flow.handle_event(InvitationFlowEvent::InvitationFetched(1, Err(failure)));
            assert_eq!(flow.page, page);
        }
        let mut flow = InvitationFlow::default();
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Incomplete));
        assert_eq!(flow.page, InvitationPageState::Incomplete);
    }

    #[test]
    fn a_late_answer_is_dropped() {
        let mut flow = InvitationFlow::default();
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Token(token())));
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Id(id())));
        flow.handle_event(InvitationFlowEvent::InvitationFetched(
            1,
            Ok(invitation(InvitationStatus::Canceled)),
        ));
        assert_eq!(flow.page, InvitationPageState::Loading);
        flow.handle_event(InvitationFlowEvent::InvitationFetched(
            2,
            Ok(invitation(InvitationStatus::Sent)),
        ));
        assert!(flow.pending_invitation().is_some());
        assert_eq!(
            flow.handle_event(InvitationFlowEvent::LanguageChanged),
            [InvitationFlowCommand::FetchAgreement(2)]
        );
        flow.handle_event(InvitationFlowEvent::AgreementFetched(1, Ok(agreement("a"))));
        assert_eq!(flow.reading.document, LoadState::Loading);
    }

    #[test]
    fn only_an_acknowledged_agreement_is_accepted_and_only_once() {
        let mut flow = ready();
        flow.handle_event(InvitationFlowEvent::Read(AgreementReviewEvent::Acknowledge(false)));
        assert_eq!(flow.handle_event(InvitationFlowEvent::Accept), []);
        flow.handle_event(InvitationFlowEvent::Read(AgreementReviewEvent::Acknowledge(true)));
        let agreement = AcceptAgreement { hash: "a".repeat(64), acknowledged: true };
        assert_eq!(
            flow.handle_event(InvitationFlowEvent::Accept),
            [InvitationFlowCommand::Accept(id(), ETag(2), agreement)]
        );
        assert_eq!(flow.handle_event(InvitationFlowEvent::Accept), []);
        assert_eq!(flow.handle_event(InvitationFlowEvent::Cancel(None)), []);
        let accepted = AcceptedInvitation {
            invitation: *invitation(InvitationStatus::Accepted),
            relationship: rules::RelationshipId::new(Timestamp::from_milliseconds(1), 1),
        };
        let next = flow.handle_event(InvitationFlowEvent::Accepted(Ok(Box::new(accepted))));
        assert!(matches!(next[..], [InvitationFlowCommand::AnnounceAndLeave(_)]));
        assert_eq!(flow.in_progress, Some(AnswerRequest::Accepting), "nothing else can be begun");
    }

    #[test]
    fn a_newer_agreement_has_to_be_read_before_trying_again() {
        let mut flow = accepting();
        let next = flow
            .handle_event(InvitationFlowEvent::Accepted(Err(refused(Refusal::AgreementChanged))));
        assert_eq!(next, [InvitationFlowCommand::FetchAgreement(2)]);
        flow.handle_event(InvitationFlowEvent::AgreementFetched(2, Ok(agreement("b"))));
        assert!(flow.reading.replaced && !flow.reading.acknowledged);
        assert_eq!(flow.handle_event(InvitationFlowEvent::Accept), []);
    }

    #[test]
    fn a_changed_invitation_is_fetched_and_shown() {
        for failure in [
            refused(Refusal::InvitationExpired),
            other(ErrorCode::VersionMismatch),
            other(ErrorCode::NotFound),
        ] {
            let mut flow = accepting();
            let next = flow.handle_event(InvitationFlowEvent::Accepted(Err(failure)));
            assert_eq!(next, [InvitationFlowCommand::FetchInvitation(2, id())]);
            flow.handle_event(InvitationFlowEvent::InvitationFetched(
                2,
                Ok(invitation(InvitationStatus::Withdrawn)),
            ));
            assert_eq!(
                flow.page,
                InvitationPageState::Loaded(invitation(InvitationStatus::Withdrawn))
            );
            assert_eq!(flow.problem, None);
        }
        // If the invitation is still pending, the problem stays visible.
        let mut flow = accepting();
        flow.handle_event(InvitationFlowEvent::Accepted(Err(other(ErrorCode::VersionMismatch))));
        flow.handle_event(InvitationFlowEvent::InvitationFetched(
            2,
            Ok(invitation(InvitationStatus::Sent)),
        ));
        assert_eq!(flow.problem, Some(other(ErrorCode::VersionMismatch)));
        assert!(flow.reading.acknowledged);
    }

    #[test]
    fn nothing_is_lost_if_the_server_is_unreachable() {
        let mut flow = accepting();
        assert_eq!(flow.handle_event(InvitationFlowEvent::Accepted(Err(unreachable()))), []);
        assert_eq!(flow.problem, Some(unreachable()));
        assert!(matches!(
            flow.handle_event(InvitationFlowEvent::Accept)[..],
            [InvitationFlowCommand::Accept(..)]
        ));
        assert_eq!(flow.problem, None);
    }

    #[test]
    fn an_ended_session_is_refreshed() {
        let mut flow = accepting();
        let next =
            flow.handle_event(InvitationFlowEvent::Accepted(Err(refused(Refusal::SignInRequired))));
        assert_eq!(next, [InvitationFlowCommand::RefreshSession]);
        let mut flow = InvitationFlow::default();
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Id(id())));
        let next = flow.handle_event(InvitationFlowEvent::InvitationFetched(
            1,
            Err(refused(Refusal::SignInRequired)),
        ));
        assert_eq!(next, [InvitationFlowCommand::RefreshSession]);
    }

    #[test]
    fn canceling_shows_its_result() {
        let mut flow = ready();
        let next = flow.handle_event(InvitationFlowEvent::Cancel(None));
        assert_eq!(next, [InvitationFlowCommand::Cancel(id(), ETag(2), None)]);
        assert_eq!(flow.handle_event(InvitationFlowEvent::Cancel(None)), []);
        flow.handle_event(InvitationFlowEvent::Canceled(Err(unreachable())));
        assert_eq!(flow.cancel_problem, Some(unreachable()));
        flow.handle_event(InvitationFlowEvent::Cancel(None));
        assert_eq!(flow.cancel_problem, None);
        flow.handle_event(InvitationFlowEvent::Canceled(Ok(invitation(
            InvitationStatus::Canceled,
        ))));
        assert_eq!(flow.page, InvitationPageState::Loaded(invitation(InvitationStatus::Canceled)));
    }

    /// The page with an invitation in 21Vianet and an acknowledged agreement.
    fn ready_in_21vianet() -> InvitationFlow {
        let mut flow = ready();
        let mut invitation = invitation(InvitationStatus::Sent);
        invitation.cloud = Cloud::Vianet21;
        flow.page = InvitationPageState::Loaded(invitation);
        flow
    }

    #[test]
    fn in_21vianet_nothing_is_accepted_before_the_partner_is_authorized() {
        let mut flow = ready_in_21vianet();
        assert_eq!(flow.handle_event(InvitationFlowEvent::Accept), []);
        flow.handle_event(InvitationFlowEvent::Next);
        assert_eq!(flow.answer_step, AnswerStep::Question, "nothing was chosen");
        flow.handle_event(InvitationFlowEvent::Choose(true));
        assert_eq!(
            flow.handle_event(InvitationFlowEvent::Accept),
            [],
            "a choice without Next is none yet"
        );
        flow.handle_event(InvitationFlowEvent::Next);
        assert_eq!(flow.answer_step, AnswerStep::Agreement);
        assert!(matches!(
            flow.handle_event(InvitationFlowEvent::Accept)[..],
            [InvitationFlowCommand::Accept(..)]
        ));
        flow.handle_event(InvitationFlowEvent::Back);
        assert_eq!(flow.answer_step, AnswerStep::Agreement, "it is being accepted");
    }

    #[test]
    fn in_21vianet_no_leads_to_canceling_and_back() {
        let mut flow = ready_in_21vianet();
        flow.handle_event(InvitationFlowEvent::Choose(false));
        flow.handle_event(InvitationFlowEvent::Next);
        assert_eq!(flow.answer_step, AnswerStep::Refusal);
        assert_eq!(flow.handle_event(InvitationFlowEvent::Accept), []);
        flow.handle_event(InvitationFlowEvent::Back);
        assert_eq!((flow.answer_step, flow.authorizes), (AnswerStep::Question, Some(false)));
        flow.handle_event(InvitationFlowEvent::Next);
        assert_eq!(
            flow.handle_event(InvitationFlowEvent::Cancel(None)),
            [InvitationFlowCommand::Cancel(id(), ETag(2), None)]
        );
        flow.handle_event(InvitationFlowEvent::Canceled(Err(unreachable())));
        assert_eq!(
            (flow.answer_step, &flow.cancel_problem),
            (AnswerStep::Refusal, &Some(unreachable()))
        );
    }

    #[test]
    fn another_invitation_starts_with_the_question() {
        let mut flow = ready_in_21vianet();
        flow.handle_event(InvitationFlowEvent::Choose(true));
        flow.handle_event(InvitationFlowEvent::Next);
        let other = InvitationId::new(Timestamp::from_milliseconds(2), 8);
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Id(other)));
        assert_eq!((flow.answer_step, flow.authorizes), (AnswerStep::Question, None));
    }

    #[test]
    fn an_accepted_offer_can_be_created() {
        let mut flow = ready_in_21vianet();
        flow.handle_event(InvitationFlowEvent::Choose(true));
        flow.handle_event(InvitationFlowEvent::Next);
        flow.handle_event(InvitationFlowEvent::Accept);
        let mut accepted = *invitation(InvitationStatus::Accepted);
        accepted.offer =
            Some(Offer { kind: OfferKind::Trial, product: parse("Office 365 E3"), quantity: 25 });
        let relationship = RelationshipId::new(Timestamp::from_milliseconds(1), 1);
        let answer = AcceptedInvitation { invitation: accepted, relationship };
        let next = flow.handle_event(InvitationFlowEvent::Accepted(Ok(Box::new(answer))));
        assert!(matches!(next[..], [InvitationFlowCommand::Announce(_)]));
        assert_eq!(flow.page, InvitationPageState::Offered(relationship, OfferKind::Trial));
        assert_eq!((flow.in_progress, flow.pending_invitation()), (None, None));
    }

    #[test]
    fn a_pending_offer_is_found_when_the_invitation_is_opened_again() {
        let mut accepted = invitation(InvitationStatus::Accepted);
        accepted.offer =
            Some(Offer { kind: OfferKind::Trial, product: parse("Office 365 E3"), quantity: 25 });
        let mut flow = InvitationFlow::default();
        flow.handle_event(InvitationFlowEvent::AddressChanged(InvitationLink::Id(id())));
        let next =
            flow.handle_event(InvitationFlowEvent::InvitationFetched(1, Ok(accepted.clone())));
        assert_eq!(next, [InvitationFlowCommand::FindOffer(1, accepted)]);
        let relationship = RelationshipId::new(Timestamp::from_milliseconds(1), 1);
        flow.handle_event(InvitationFlowEvent::OfferFound(0, Some(relationship)));
        assert_eq!(flow.offer, None, "that was of another invitation");
        flow.handle_event(InvitationFlowEvent::OfferFound(1, Some(relationship)));
        assert_eq!(flow.offer, Some(relationship));
        let next = flow.handle_event(InvitationFlowEvent::Retry);
        assert_eq!(next, [InvitationFlowCommand::FetchInvitation(2, id())]);
        flow.handle_event(InvitationFlowEvent::InvitationFetched(
            2,
            Ok(invitation(InvitationStatus::Accepted)),
        ));
        assert_eq!(flow.offer, None);
    }

    #[test]
    fn other_clouds_do_not_ask_for_the_authorization_first() {
        assert!(asks_authorization_first(Cloud::Vianet21));
        assert!(
            !asks_authorization_first(Cloud::Worldwide)
                && !asks_authorization_first(Cloud::Germany)
        );
        assert!(matches!(
            ready().handle_event(InvitationFlowEvent::Accept)[..],
            [InvitationFlowCommand::Accept(..)]
        ));
    }
}
