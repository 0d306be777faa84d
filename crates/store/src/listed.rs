//! What lists sort, filter and search by, as both stores derive it from the stored values.
//!
//! A list is read as it was at a moment, so that its pages fit together: what ended later
//! counts as what it was. The states of `rules` do not keep all of their past, so the stores
//! keep what is missing: when an enquiry was read, and the state of a subscription before it
//! ended.

use rules::search::{search_words, sort_key};
use rules::{
    DisplayName, DomainName, EnquiryState, EnquiryStatus, InvitationState, InvitationStatus,
    PartnerId, Relationship, RelationshipState, RelationshipStatus, RoleGrant, SubscriptionState,
    Term, Timestamp, UserId,
};
use service::model::{AuditRecord, PartnerFacts};
use service::stored::StoredName;

/// What a list is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ListSearch {
    /// Nothing: the list has all rows.
    All,
    /// A text without a letter or a digit, which no row has.
    Nothing,
    /// Beginnings of words, folded, each different.
    Words(Vec<String>),
}

impl ListSearch {
    pub(crate) fn parse(text: &str) -> Self {
        let mut words = search_words(text);
        words.sort_unstable();
        words.dedup();
        if !words.is_empty() {
            Self::Words(words)
        } else if text.trim().is_empty() {
            Self::All
        } else {
            Self::Nothing
        }
    }
}

/// Returns the words by which a list finds an organization: its name, its domain and a
/// partner's Partner ID.
pub(crate) fn organization_words(
    name: &DisplayName,
    domain: &DomainName,
    partner: Option<&PartnerFacts>,
) -> String {
    let partner_id = partner.map(|facts| facts.partner_id.as_str());
    let parts = [name.as_str(), domain.as_str()];
    sort_key(&parts.into_iter().chain(partner_id).collect::<Vec<_>>().join(" "))
}

/// Returns the words by which a list finds a partner of record: its name and its Partner ID.
pub(crate) fn record_words(partner: &DisplayName, id: &PartnerId) -> String {
    sort_key(&format!("{partner} {id}"))
}

/// Returns the end of a relationship.
pub(crate) fn ended_at(relationship: &Relationship) -> Option<Timestamp> {
    match relationship.state {
        RelationshipState::Active => None,
        RelationshipState::Ended { at, .. } => Some(at),
    }
}

/// Returns the status of a relationship at a moment of the past.
pub(crate) fn relationship_status(
    relationship: &Relationship,
    as_of: Timestamp,
) -> RelationshipStatus {
    match ended_at(relationship) {
        Some(at) if at <= as_of => RelationshipStatus::Ended,
        _ => RelationshipStatus::Active,
    }
}

/// Returns the number of admin roles that a relationship of this status held at a moment.
pub(crate) fn held_roles(
    grants: &[RoleGrant],
    status: RelationshipStatus,
    as_of: Timestamp,
) -> u32 {
    let held = held_grants(grants, status, as_of).count();
    u32::try_from(held).unwrap_or(u32::MAX)
}

/// Returns the earliest end of the admin roles that a relationship of this status held at a
/// moment.
pub(crate) fn roles_end(
    grants: &[RoleGrant],
    status: RelationshipStatus,
    as_of: Timestamp,
) -> Option<Timestamp> {
    held_grants(grants, status, as_of).filter_map(|grant| grant.ends).min()
}

fn held_grants(
    grants: &[RoleGrant],
    status: RelationshipStatus,
    as_of: Timestamp,
) -> impl Iterator<Item = &RoleGrant> {
    let is_active = status == RelationshipStatus::Active;
    grants.iter().filter(move |grant| is_active && grant.is_held_at(as_of))
}

/// Times of an invitation from which its status at any moment follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct InvitationTimeline {
    /// Time at which it was sent. `None` if it never was.
    pub(crate) sent: Option<Timestamp>,
    /// First moment at which it can't be accepted anymore. `None` unless it waits.
    pub(crate) expires: Option<Timestamp>,
    /// Status since it was answered or withdrawn, since when, and by whom.
    pub(crate) answer: Option<(InvitationStatus, Timestamp, UserId)>,
}

impl InvitationTimeline {
    pub(crate) fn of(state: &InvitationState) -> Self {
        let answered = |status, at: Timestamp, by: UserId, sent: Option<Timestamp>| Self {
            sent,
            expires: None,
            answer: Some((status, at, by)),
        };
        match state {
            InvitationState::Draft => Self::default(),
            InvitationState::Sent { at, expires, .. } => {
                Self { sent: Some(*at), expires: Some(*expires), answer: None }
            }
            // The time of sending was not always recorded; what was answered had been sent.
            InvitationState::Accepted { at, by, sent } => {
                answered(InvitationStatus::Accepted, *at, *by, Some(sent.unwrap_or(*at)))
            }
            InvitationState::Canceled { at, by, sent, .. } => {
                answered(InvitationStatus::Canceled, *at, *by, Some(sent.unwrap_or(*at)))
            }
            InvitationState::Withdrawn { at, by, sent } => {
                answered(InvitationStatus::Withdrawn, *at, *by, *sent)
            }
        }
    }
}

/// Returns the status of an invitation at a moment of the past. What was answered or sent
/// again later had not expired, because only a waiting invitation can be.
pub(crate) fn invitation_status(state: &InvitationState, as_of: Timestamp) -> InvitationStatus {
    let times = InvitationTimeline::of(state);
    let is_past = |time: Timestamp| time <= as_of;
    match times.answer {
        Some((status, at, _)) if is_past(at) => status,
        _ if times.expires.is_some_and(is_past) => InvitationStatus::Expired,
        _ if times.sent.is_some_and(is_past) => InvitationStatus::Sent,
        _ => InvitationStatus::Draft,
    }
}

/// Returns when the latest mail with an invitation was sent, if its state has it.
pub(crate) fn mailed_at(state: &InvitationState) -> Option<Timestamp> {
    match state {
        InvitationState::Sent { at, resent, .. } => Some(resent.unwrap_or(*at)),
        InvitationState::Draft
        | InvitationState::Accepted { .. }
        | InvitationState::Canceled { .. }
        | InvitationState::Withdrawn { .. } => None,
    }
}

/// Returns when an enquiry was read, if its state has it.
pub(crate) fn read_at(state: &EnquiryState) -> Option<Timestamp> {
    match state {
        EnquiryState::Read { at, .. } => Some(*at),
        EnquiryState::Sent { .. }
        | EnquiryState::Declined { .. }
        | EnquiryState::Invited { .. } => None,
    }
}

/// Returns the status of an enquiry since it was answered, and since when.
pub(crate) fn enquiry_answer(state: &EnquiryState) -> Option<(EnquiryStatus, Timestamp)> {
    match state {
        EnquiryState::Sent { .. } | EnquiryState::Read { .. } => None,
        EnquiryState::Declined { at, .. } => Some((EnquiryStatus::Declined, *at)),
        EnquiryState::Invited { at, .. } => Some((EnquiryStatus::Invited, *at)),
    }
}

/// Returns the status of an enquiry at a moment of the past. What was answered later had not
/// expired.
pub(crate) fn enquiry_status(
    state: &EnquiryState,
    read_at: Option<Timestamp>,
    as_of: Timestamp,
) -> EnquiryStatus {
    let is_past = |time: Timestamp| time <= as_of;
    match enquiry_answer(state) {
        Some((status, at)) if is_past(at) => status,
        _ if state.expires().is_some_and(is_past) => EnquiryStatus::Expired,
        _ if read_at.is_some_and(is_past) => EnquiryStatus::Read,
        _ => EnquiryStatus::Sent,
    }
}

/// Returns the state of a subscription at a moment of the past. `former` is the state before
/// it ended.
pub(crate) fn subscription_state(
    state: SubscriptionState,
    former: Option<SubscriptionState>,
    as_of: Timestamp,
) -> SubscriptionState {
    let state = match state {
        SubscriptionState::Ended { at, .. } if at > as_of => former.unwrap_or(state),
        state => state,
    };
    match state {
        SubscriptionState::Suspended { at, .. } if at > as_of => SubscriptionState::Active,
        state => state,
    }
}

/// Returns the next renewal of a subscription in this state, or the end of its trial.
pub(crate) fn renews(
    state: SubscriptionState,
    term: Term,
    created: Timestamp,
    as_of: Timestamp,
) -> Option<Timestamp> {
    match state {
        SubscriptionState::Active => Some(term.next_after(created, as_of)),
        SubscriptionState::Trial { ends } => Some(ends).filter(|ends| *ends > as_of),
        SubscriptionState::Suspended { .. } | SubscriptionState::Ended { .. } => None,
    }
}

/// What the list of a log filters and searches by, apart from the columns of the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditColumns {
    /// Kind of the target. Empty if the content is damaged, as are the others.
    pub(crate) target_kind: &'static str,
    /// Action.
    pub(crate) action: &'static str,
    /// User who did it.
    pub(crate) account: Option<String>,
    /// Words of the names of the target and of the user.
    pub(crate) words: String,
}

impl AuditColumns {
    pub(crate) fn of(record: &AuditRecord) -> Self {
        let Ok(entry) = record.entry() else { return Self::default() };
        let user = entry.actor.name.as_ref().map_or("", DisplayName::as_str);
        Self {
            target_kind: entry.target.kind.stored_name(),
            action: entry.action.stored_name(),
            account: entry.actor.user.map(|user| user.to_string()),
            words: sort_key(&format!("{} {user}", entry.target.name)),
        }
    }
}
