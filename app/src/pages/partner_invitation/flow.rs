//! What happens on the page of an invitation, one event after the other: a state, and
//! what is to be done next. It knows neither the browser nor the network.

use std::fmt;

use api::{AcceptAgreement, AcceptedInvitation, Agreement, ETag, ErrorCode, Invitation, routes};
use rules::{Cloud, InvitationId, InvitationStatus, Note, OfferKind, Refusal, RelationshipId};

use crate::{
    client::Failure,
    load::LoadState,
    pages::agreement_document::{AgreementReview, AgreementReviewEvent},
};

/// The token of a link. It opens an invitation, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token that stands behind the `#`; `None` where too little of it is left, or
    /// something that no link of ours holds.
    #[must_use]
    pub fn parse(fragment: &str) -> Option<Self> {
        let token = fragment.trim_start_matches('#').trim();
        let ours = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (token.len() >= 32 && token.bytes().all(ours)).then(|| Self(token.to_owned()))
    }

    /// The token, to send it to the server and nowhere else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(…)")
    }
}

/// Which invitation the page's address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// That of a mailed link.
    Token(Token),
    /// That of this id.
    Id(InvitationId),
    /// None: the link is cut off, or nothing stands behind its path.
    Incomplete,
}

impl Address {
    /// Reads a path and what stands behind the `#`; `None` for another page's.
    #[must_use]
    pub fn of(path: &str, fragment: &str) -> Option<Self> {
        let rest = path.strip_prefix(routes::INVITATION_PAGE)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        Some(match rest.trim_matches('/') {
            "" => Token::parse(fragment).map_or(Self::Incomplete, Self::Token),
            id => id.parse().map_or(Self::Incomplete, Self::Id),
        })
    }
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The invitation is on its way.
    Loading,
    /// The link is cut off.
    Incomplete,
    /// There is no such invitation, or none that this person may know of.
    Unknown,
    /// It is meant for somebody else.
    Refused(Refusal),
    /// It could not be had.
    Failed(Failure),
    /// There it is, waiting or answered.
    Shown(Box<Invitation>),
    /// It was accepted just now, and what the partner offered with it can be created: of
    /// this relationship, as a trial or bought.
    Offered(RelationshipId, OfferKind),
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Accepting.
    Accepting,
    /// Canceling.
    Canceling,
}

/// How far the answer has come where it is given in two steps: in 21Vianet the
/// authorization is asked for first, under **Partner relationships** (docs/domain.md,
/// Clouds). In the other clouds there is no such question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Whether the partner is authorized: yes or no, then Next.
    Question,
    /// It was yes: the agreement, and accepting.
    Agreement,
    /// It was no: what canceling means, and canceling.
    Refusal,
}

/// Whether the pages of this cloud ask for the authorization before the agreement
/// (docs/domain.md, Clouds).
#[must_use]
pub const fn asks_first(cloud: Cloud) -> bool {
    matches!(cloud, Cloud::Vianet21)
}

/// Everything that the page knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    address: Option<Address>,
    /// Counts the requests for an invitation, so that an answer that comes too late is
    /// dropped.
    invitation_turn: u32,
    /// The same for the agreement.
    agreement_turn: u32,
    /// What is shown.
    pub stage: Stage,
    /// How far the reader of the agreement has come.
    pub reading: AgreementReview,
    /// How far the answer has come where the authorization is asked for first.
    pub answering: Step,
    /// What was chosen under Partner relationships: `true` for Yes.
    pub authorizes: Option<bool>,
    /// What is under way; nothing else can be begun meanwhile.
    pub doing: Option<Doing>,
    /// The relationship whose offer, accepted with this invitation, waits to be created.
    pub offer: Option<RelationshipId>,
    /// Why accepting did not work.
    pub problem: Option<Failure>,
    /// Why canceling did not work.
    pub cancel_problem: Option<Failure>,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The page is opened at this address, or its address changes.
    Arrived(Address),
    /// The visitor asks for the invitation again.
    Retry,
    /// The invitation is here, or is not to be had.
    InvitationCame(u32, Result<Box<Invitation>, Failure>),
    /// What was offered with the accepted invitation waits to be created, of this
    /// relationship, or was created.
    OfferCame(u32, Option<RelationshipId>),
    /// The visitor chose another language.
    LanguageChanged,
    /// The agreement is here, or is not to be had.
    AgreementCame(u32, Result<Agreement, Failure>),
    /// The visitor reads the agreement.
    Read(AgreementReviewEvent),
    /// The visitor chooses Yes (`true`) or No under Partner relationships.
    Choose(bool),
    /// The visitor goes on with what was chosen.
    Next,
    /// The visitor goes back to the choice.
    Back,
    /// The visitor accepts.
    Accept,
    /// What came of it.
    Accepted(Result<Box<AcceptedInvitation>, Failure>),
    /// The visitor cancels, for this reason.
    Cancel(Option<Note>),
    /// What came of it.
    Canceled(Result<Box<Invitation>, Failure>),
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask for the invitation of a token.
    LookUp(u32, Token),
    /// Ask for the invitation of this id.
    Get(u32, InvitationId),
    /// Ask whether what was offered with this accepted invitation waits to be created.
    FindOffer(u32, Box<Invitation>),
    /// Put the id into the page's address in place of the token.
    ShowAddress(InvitationId),
    /// Ask for the agreement.
    GetAgreement(u32),
    /// Accept.
    Accept(InvitationId, ETag, AcceptAgreement),
    /// Cancel.
    Cancel(InvitationId, ETag, Option<Note>),
    /// Say that the partner is authorized, and go to the list of partners.
    Leave(Box<Invitation>),
    /// Say that the partner is authorized, and stay.
    Tell(Box<Invitation>),
    /// Ask who is signed in: nobody any more, or somebody with other roles.
    CheckSession,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            address: None,
            invitation_turn: 0,
            agreement_turn: 0,
            stage: Stage::Loading,
            reading: AgreementReview::default(),
            answering: Step::Question,
            authorizes: None,
            doing: None,
            offer: None,
            problem: None,
            cancel_problem: None,
        }
    }
}

impl Flow {
    /// Takes in an event.
    pub fn step(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Arrived(address) => self.arrived(address),
            Event::Retry => {
                self.stage = Stage::Loading;
                self.ask()
            }
            Event::InvitationCame(turn, answer) if turn == self.invitation_turn => {
                self.invitation_came(answer)
            }
            Event::OfferCame(turn, relationship) if turn == self.invitation_turn => {
                self.offer = relationship;
                Vec::new()
            }
            Event::AgreementCame(turn, answer) if turn == self.agreement_turn => {
                self.reading.receive_document(answer);
                Vec::new()
            }
            Event::LanguageChanged if self.waiting().is_some() => self.ask_for_agreement(),
            // An answer to a question that is no longer asked, or no document to translate.
            Event::InvitationCame(..)
            | Event::OfferCame(..)
            | Event::AgreementCame(..)
            | Event::LanguageChanged => Vec::new(),
            Event::Read(event) => {
                if self.reading.handle_event(event) {
                    self.ask_for_agreement()
                } else {
                    Vec::new()
                }
            }
            Event::Choose(is) => {
                self.authorizes = Some(is);
                Vec::new()
            }
            Event::Next => {
                self.answering = match self.authorizes {
                    Some(true) => Step::Agreement,
                    Some(false) => Step::Refusal,
                    None => self.answering,
                };
                Vec::new()
            }
            Event::Back => {
                // While something is under way, its answer belongs to what is shown.
                if self.doing.is_none() {
                    self.answering = Step::Question;
                }
                Vec::new()
            }
            Event::Accept => self.accept(),
            Event::Accepted(Ok(accepted)) => {
                if let Some(offer) = &accepted.invitation.offer {
                    self.doing = None;
                    self.stage = Stage::Offered(accepted.relationship, offer.kind);
                    return vec![Command::Tell(Box::new(accepted.invitation))];
                }
                // It goes on being busy: the page is left.
                vec![Command::Leave(Box::new(accepted.invitation))]
            }
            Event::Accepted(Err(failure)) => self.not_accepted(failure),
            Event::Cancel(reason) => self.cancel(reason),
            Event::Canceled(Ok(invitation)) => {
                self.doing = None;
                self.stage = Stage::Shown(invitation);
                Vec::new()
            }
            Event::Canceled(Err(failure)) => {
                self.doing = None;
                let next = self.not_answered(&failure);
                self.cancel_problem = Some(failure);
                next
            }
        }
    }

    /// The invitation, while it waits for an answer.
    #[must_use]
    pub fn waiting(&self) -> Option<&Invitation> {
        match &self.stage {
            Stage::Shown(invitation) if invitation.status == InvitationStatus::Sent => {
                Some(invitation)
            }
            _ => None,
        }
    }

    fn arrived(&mut self, address: Address) -> Vec<Command> {
        if self.address.as_ref() == Some(&address) {
            return Vec::new();
        }
        // What was read and ticked belongs to the invitation that was shown before.
        *self = Self {
            address: Some(address),
            invitation_turn: self.invitation_turn,
            agreement_turn: self.agreement_turn,
            ..Self::default()
        };
        self.ask()
    }

    fn ask(&mut self) -> Vec<Command> {
        self.invitation_turn += 1;
        match self.address.clone() {
            Some(Address::Token(token)) => vec![Command::LookUp(self.invitation_turn, token)],
            Some(Address::Id(id)) => vec![Command::Get(self.invitation_turn, id)],
            Some(Address::Incomplete) | None => {
                self.stage = Stage::Incomplete;
                Vec::new()
            }
        }
    }

    fn ask_for_agreement(&mut self) -> Vec<Command> {
        self.agreement_turn += 1;
        vec![Command::GetAgreement(self.agreement_turn)]
    }

    fn invitation_came(&mut self, answer: Result<Box<Invitation>, Failure>) -> Vec<Command> {
        match answer {
            Ok(invitation) => {
                let id = invitation.id;
                let mut next = Vec::new();
                self.offer = None;
                if invitation.status == InvitationStatus::Accepted && invitation.offer.is_some() {
                    next.push(Command::FindOffer(self.invitation_turn, invitation.clone()));
                }
                self.stage = Stage::Shown(invitation);
                if matches!(self.address, Some(Address::Token(_))) {
                    self.address = Some(Address::Id(id));
                    next.push(Command::ShowAddress(id));
                }
                if self.waiting().is_none() {
                    // The page of that state says what there is to say.
                    self.problem = None;
                    self.cancel_problem = None;
                } else if self.reading.document == LoadState::Loading {
                    next.extend(self.ask_for_agreement());
                }
                next
            }
            Err(failure) if failure.signed_out() => vec![Command::CheckSession],
            Err(failure) => {
                self.stage = match failure.refusal() {
                    // A draft is none of the customer's business.
                    Some(Refusal::InvitationNotSent) => Stage::Unknown,
                    Some(refusal) => Stage::Refused(refusal),
                    None if failure.is(ErrorCode::NotFound) => Stage::Unknown,
                    None => Stage::Failed(failure),
                };
                Vec::new()
            }
        }
    }

    fn accept(&mut self) -> Vec<Command> {
        let Some((invitation, agreement)) = self.waiting().zip(self.reading.acceptance_request())
        else {
            return Vec::new();
        };
        let (id, etag) = (invitation.id, invitation.etag);
        let authorized = !asks_first(invitation.cloud) || self.answering == Step::Agreement;
        if self.doing.is_some() || !authorized {
            return Vec::new();
        }
        self.doing = Some(Doing::Accepting);
        self.problem = None;
        vec![Command::Accept(id, etag, agreement)]
    }

    fn cancel(&mut self, reason: Option<Note>) -> Vec<Command> {
        let Some((id, etag)) = self.waiting().map(|invitation| (invitation.id, invitation.etag))
        else {
            return Vec::new();
        };
        if self.doing.is_some() {
            return Vec::new();
        }
        self.doing = Some(Doing::Canceling);
        self.cancel_problem = None;
        vec![Command::Cancel(id, etag, reason)]
    }

    fn not_accepted(&mut self, failure: Failure) -> Vec<Command> {
        self.doing = None;
        match failure.refusal() {
            Some(Refusal::AgreementChanged) => {
                self.reading.restart_with_new_version();
                return self.ask_for_agreement();
            }
            Some(Refusal::AgreementUnavailable) => {
                self.reading.receive_document(Err(failure));
                return Vec::new();
            }
            _ => {}
        }
        let next = self.not_answered(&failure);
        self.problem = Some(failure);
        next
    }

    /// What follows from an answer that was not taken.
    fn not_answered(&mut self, failure: &Failure) -> Vec<Command> {
        match failure.refusal() {
            Some(
                Refusal::InvitationAlreadyAccepted
                | Refusal::InvitationCanceled
                | Refusal::InvitationWithdrawn
                | Refusal::InvitationExpired
                | Refusal::InvitationNotSent
                | Refusal::InvitationForOtherOrganization
                | Refusal::InvitationForOtherCloud,
            ) => self.ask(),
            // The roles are others than the page thought, or there is no session any more.
            Some(
                Refusal::SignInRequired
                | Refusal::GlobalAdministratorRequired
                | Refusal::CustomerOnly
                | Refusal::OtherOrganization,
            ) => vec![Command::CheckSession],
            None if failure.is(ErrorCode::VersionMismatch) || failure.is(ErrorCode::NotFound) => {
                self.ask()
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
        pages::agreement_document::tests::{agreement, unreachable},
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

    fn token() -> Token {
        Token::parse(&format!("#{}", "0af".repeat(20))).expect("a token")
    }

    pub(crate) fn invitation(status: InvitationStatus) -> Box<Invitation> {
        let at = Timestamp::from_milliseconds(5);
        let user = UserId::new(at, 3);
        Box::new(Invitation {
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
                _ => InvitationState::Sent { at, expires: at, resent: None },
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

    /// The page with a waiting invitation, whose agreement was read and acknowledged.
    fn ready() -> Flow {
        let mut flow = Flow::default();
        flow.step(Event::Arrived(Address::Token(token())));
        flow.step(Event::InvitationCame(1, Ok(invitation(InvitationStatus::Sent))));
        flow.step(Event::AgreementCame(1, Ok(agreement("a"))));
        flow.step(Event::Read(AgreementReviewEvent::Open));
        flow.step(Event::Read(AgreementReviewEvent::Acknowledge(true)));
        flow
    }

    fn accepting() -> Flow {
        let mut flow = ready();
        assert!(matches!(flow.step(Event::Accept)[..], [Command::Accept(..)]));
        flow
    }

    #[test]
    fn an_address_names_a_token_an_id_or_nothing() {
        assert_eq!(
            Address::of("/partner-invitation", &format!("#{}", token().expose())),
            Some(Address::Token(token()))
        );
        let path = format!("/partner-invitation/{}", id());
        assert_eq!(Address::of(&path, ""), Some(Address::Id(id())));
        for (path, fragment) in [
            ("/partner-invitation", ""),
            ("/partner-invitation/", "#"),
            ("/partner-invitation", "#0af0af"),
            ("/partner-invitation", "#0af0af0af0af0af0af0af0af0af0af0af0af<script>"),
            ("/partner-invitation/none", ""),
        ] {
            assert_eq!(Address::of(path, fragment), Some(Address::Incomplete), "{path}{fragment}");
        }
        assert_eq!(Address::of("/partner-invitations", ""), None);
        assert_eq!(Address::of("/outbox", ""), None);
        assert!(!format!("{:?}", Address::Token(token())).contains("0af"));
    }

    #[test]
    fn the_token_leaves_the_address_once_the_invitation_is_there() {
        let mut flow = Flow::default();
        let next = flow.step(Event::Arrived(Address::Token(token())));
        assert_eq!(next, [Command::LookUp(1, token())]);
        let next = flow.step(Event::InvitationCame(1, Ok(invitation(InvitationStatus::Sent))));
        assert_eq!(next, [Command::ShowAddress(id()), Command::GetAgreement(1)]);
        // The address that follows from it is no reason to ask again.
        assert_eq!(flow.step(Event::Arrived(Address::Id(id()))), []);
        assert!(flow.waiting().is_some());
    }

    #[test]
    fn the_token_stays_where_the_invitation_could_not_be_had() {
        for failure in [
            refused(Refusal::InvitationForOtherOrganization),
            other(ErrorCode::NotFound),
            unreachable(),
        ] {
            let mut flow = Flow::default();
            flow.step(Event::Arrived(Address::Token(token())));
            assert_eq!(flow.step(Event::InvitationCame(1, Err(failure))), []);
            assert_eq!(flow.step(Event::Retry), [Command::LookUp(2, token())]);
        }
    }

    #[test]
    fn each_refusal_has_its_page() {
        for (failure, stage) in [
            (
                refused(Refusal::InvitationForOtherOrganization),
                Stage::Refused(Refusal::InvitationForOtherOrganization),
            ),
            (
                refused(Refusal::InvitationForOtherCloud),
                Stage::Refused(Refusal::InvitationForOtherCloud),
            ),
            (refused(Refusal::InvitationNotSent), Stage::Unknown),
            (other(ErrorCode::NotFound), Stage::Unknown),
            (unreachable(), Stage::Failed(unreachable())),
        ] {
            let mut flow = Flow::default();
            flow.step(Event::Arrived(Address::Id(id())));
            flow.step(Event::InvitationCame(1, Err(failure)));
            assert_eq!(flow.stage, stage);
        }
        let mut flow = Flow::default();
        flow.step(Event::Arrived(Address::Incomplete));
        assert_eq!(flow.stage, Stage::Incomplete);
    }

    #[test]
    fn an_answer_to_an_earlier_question_is_dropped() {
        let mut flow = Flow::default();
        flow.step(Event::Arrived(Address::Token(token())));
        flow.step(Event::Arrived(Address::Id(id())));
        flow.step(Event::InvitationCame(1, Ok(invitation(InvitationStatus::Canceled))));
        assert_eq!(flow.stage, Stage::Loading);
        flow.step(Event::InvitationCame(2, Ok(invitation(InvitationStatus::Sent))));
        assert!(flow.waiting().is_some());
        assert_eq!(flow.step(Event::LanguageChanged), [Command::GetAgreement(2)]);
        flow.step(Event::AgreementCame(1, Ok(agreement("a"))));
        assert_eq!(flow.reading.document, LoadState::Loading);
    }

    #[test]
    fn only_what_was_read_and_acknowledged_is_accepted_and_only_once() {
        let mut flow = ready();
        flow.step(Event::Read(AgreementReviewEvent::Acknowledge(false)));
        assert_eq!(flow.step(Event::Accept), []);
        flow.step(Event::Read(AgreementReviewEvent::Acknowledge(true)));
        let agreement = AcceptAgreement { hash: "a".repeat(64), acknowledged: true };
        assert_eq!(flow.step(Event::Accept), [Command::Accept(id(), ETag(2), agreement)]);
        assert_eq!(flow.step(Event::Accept), []);
        assert_eq!(flow.step(Event::Cancel(None)), []);
        let accepted = AcceptedInvitation {
            invitation: *invitation(InvitationStatus::Accepted),
            relationship: rules::RelationshipId::new(Timestamp::from_milliseconds(1), 1),
        };
        let next = flow.step(Event::Accepted(Ok(Box::new(accepted))));
        assert!(matches!(next[..], [Command::Leave(_)]));
        assert_eq!(flow.doing, Some(Doing::Accepting), "nothing else can be begun");
    }

    #[test]
    fn a_newer_agreement_has_to_be_read_before_trying_again() {
        let mut flow = accepting();
        let next = flow.step(Event::Accepted(Err(refused(Refusal::AgreementChanged))));
        assert_eq!(next, [Command::GetAgreement(2)]);
        flow.step(Event::AgreementCame(2, Ok(agreement("b"))));
        assert!(flow.reading.replaced && !flow.reading.acknowledged);
        assert_eq!(flow.step(Event::Accept), []);
    }

    #[test]
    fn another_state_is_looked_up_and_shown() {
        for failure in [
            refused(Refusal::InvitationWithdrawn),
            refused(Refusal::InvitationExpired),
            other(ErrorCode::VersionMismatch),
            other(ErrorCode::NotFound),
        ] {
            let mut flow = accepting();
            let next = flow.step(Event::Accepted(Err(failure)));
            assert_eq!(next, [Command::Get(2, id())]);
            flow.step(Event::InvitationCame(2, Ok(invitation(InvitationStatus::Withdrawn))));
            assert_eq!(flow.stage, Stage::Shown(invitation(InvitationStatus::Withdrawn)));
            assert_eq!(flow.problem, None);
        }
        // Where it waits as before, the problem stays in view.
        let mut flow = accepting();
        flow.step(Event::Accepted(Err(other(ErrorCode::VersionMismatch))));
        flow.step(Event::InvitationCame(2, Ok(invitation(InvitationStatus::Sent))));
        assert_eq!(flow.problem, Some(other(ErrorCode::VersionMismatch)));
        assert!(flow.reading.acknowledged);
    }

    #[test]
    fn nothing_is_lost_when_the_server_cannot_be_reached() {
        let mut flow = accepting();
        assert_eq!(flow.step(Event::Accepted(Err(unreachable()))), []);
        assert_eq!(flow.problem, Some(unreachable()));
        assert!(matches!(flow.step(Event::Accept)[..], [Command::Accept(..)]));
        assert_eq!(flow.problem, None);
    }

    #[test]
    fn a_session_that_ended_is_asked_for() {
        let mut flow = accepting();
        let next = flow.step(Event::Accepted(Err(refused(Refusal::SignInRequired))));
        assert_eq!(next, [Command::CheckSession]);
        let mut flow = Flow::default();
        flow.step(Event::Arrived(Address::Id(id())));
        let next = flow.step(Event::InvitationCame(1, Err(refused(Refusal::SignInRequired))));
        assert_eq!(next, [Command::CheckSession]);
    }

    #[test]
    fn canceling_shows_what_became_of_it() {
        let mut flow = ready();
        let next = flow.step(Event::Cancel(None));
        assert_eq!(next, [Command::Cancel(id(), ETag(2), None)]);
        assert_eq!(flow.step(Event::Cancel(None)), []);
        flow.step(Event::Canceled(Err(unreachable())));
        assert_eq!(flow.cancel_problem, Some(unreachable()));
        flow.step(Event::Cancel(None));
        assert_eq!(flow.cancel_problem, None);
        flow.step(Event::Canceled(Ok(invitation(InvitationStatus::Canceled))));
        assert_eq!(flow.stage, Stage::Shown(invitation(InvitationStatus::Canceled)));
    }

    /// The page with an invitation in 21Vianet, whose agreement was read and acknowledged.
    fn asked() -> Flow {
        let mut flow = ready();
        let mut invitation = invitation(InvitationStatus::Sent);
        invitation.cloud = Cloud::Vianet21;
        flow.stage = Stage::Shown(invitation);
        flow
    }

    #[test]
    fn in_21vianet_nothing_is_accepted_before_the_partner_is_authorized() {
        let mut flow = asked();
        assert_eq!(flow.step(Event::Accept), []);
        flow.step(Event::Next);
        assert_eq!(flow.answering, Step::Question, "nothing was chosen");
        flow.step(Event::Choose(true));
        assert_eq!(flow.step(Event::Accept), [], "a choice without Next is none yet");
        flow.step(Event::Next);
        assert_eq!(flow.answering, Step::Agreement);
        assert!(matches!(flow.step(Event::Accept)[..], [Command::Accept(..)]));
        flow.step(Event::Back);
        assert_eq!(flow.answering, Step::Agreement, "it is being accepted");
    }

    #[test]
    fn in_21vianet_no_leads_to_canceling_and_back() {
        let mut flow = asked();
        flow.step(Event::Choose(false));
        flow.step(Event::Next);
        assert_eq!(flow.answering, Step::Refusal);
        assert_eq!(flow.step(Event::Accept), []);
        flow.step(Event::Back);
        assert_eq!((flow.answering, flow.authorizes), (Step::Question, Some(false)));
        flow.step(Event::Next);
        assert_eq!(flow.step(Event::Cancel(None)), [Command::Cancel(id(), ETag(2), None)]);
        flow.step(Event::Canceled(Err(unreachable())));
        assert_eq!((flow.answering, &flow.cancel_problem), (Step::Refusal, &Some(unreachable())));
    }

    #[test]
    fn another_invitation_is_asked_about_anew() {
        let mut flow = asked();
        flow.step(Event::Choose(true));
        flow.step(Event::Next);
        let other = InvitationId::new(Timestamp::from_milliseconds(2), 8);
        flow.step(Event::Arrived(Address::Id(other)));
        assert_eq!((flow.answering, flow.authorizes), (Step::Question, None));
    }

    #[test]
    fn what_was_offered_can_be_created_once_it_is_accepted() {
        let mut flow = asked();
        flow.step(Event::Choose(true));
        flow.step(Event::Next);
        flow.step(Event::Accept);
        let mut accepted = *invitation(InvitationStatus::Accepted);
        accepted.offer =
            Some(Offer { kind: OfferKind::Trial, product: parse("Office 365 E3"), quantity: 25 });
        let relationship = RelationshipId::new(Timestamp::from_milliseconds(1), 1);
        let answer = AcceptedInvitation { invitation: accepted, relationship };
        let next = flow.step(Event::Accepted(Ok(Box::new(answer))));
        assert!(matches!(next[..], [Command::Tell(_)]));
        assert_eq!(flow.stage, Stage::Offered(relationship, OfferKind::Trial));
        assert_eq!((flow.doing, flow.waiting()), (None, None));
    }

    #[test]
    fn what_was_offered_waits_also_when_the_invitation_is_opened_again() {
        let mut accepted = invitation(InvitationStatus::Accepted);
        accepted.offer =
            Some(Offer { kind: OfferKind::Trial, product: parse("Office 365 E3"), quantity: 25 });
        let mut flow = Flow::default();
        flow.step(Event::Arrived(Address::Id(id())));
        let next = flow.step(Event::InvitationCame(1, Ok(accepted.clone())));
        assert_eq!(next, [Command::FindOffer(1, accepted)]);
        let relationship = RelationshipId::new(Timestamp::from_milliseconds(1), 1);
        flow.step(Event::OfferCame(0, Some(relationship)));
        assert_eq!(flow.offer, None, "that was of another invitation");
        flow.step(Event::OfferCame(1, Some(relationship)));
        assert_eq!(flow.offer, Some(relationship));
        let next = flow.step(Event::Retry);
        assert_eq!(next, [Command::Get(2, id())]);
        flow.step(Event::InvitationCame(2, Ok(invitation(InvitationStatus::Accepted))));
        assert_eq!(flow.offer, None);
    }

    #[test]
    fn in_the_other_clouds_nothing_is_asked_first() {
        assert!(asks_first(Cloud::Vianet21));
        assert!(!asks_first(Cloud::Worldwide) && !asks_first(Cloud::Germany));
        assert!(matches!(ready().step(Event::Accept)[..], [Command::Accept(..)]));
    }
}
