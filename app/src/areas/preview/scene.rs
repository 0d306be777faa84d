//! The content of a preview: an invitation in a given state, and a fictional user of the
//! customer. This module does not depend on the browser or the network.

use api::{Account, InvitationResource, OrganizationResource, SessionResource};
use rules::{
    Cloud, DisplayName, EmailAddress, FieldError, INVITATION_LIFETIME, InvitationState,
    InvitationStatus, OrganizationId, OrganizationKind, Refusal, Timestamp, UserId, UserRole,
};

use crate::features::{invitation_content::flow::InvitationPageState, preview_state::PreviewState};

/// Names of fictional users, in the page's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PreviewNames {
    /// A user of the customer, if the invitation names no recipient.
    pub(super) person: DisplayName,
    /// A user of another organization.
    pub(super) other_person: DisplayName,
    /// The other organization.
    pub(super) other_organization: DisplayName,
    /// The user who looks at the preview, and who would be the one to withdraw.
    pub(super) partner_person: DisplayName,
}

/// Returns the state of the invitation's page, or `None` if the sign-in page is shown. An
/// invitation that is already in that state is unchanged.
pub(super) fn page_state(
    mut invitation: InvitationResource,
    state: PreviewState,
    names: &PreviewNames,
    now: Timestamp,
) -> Option<InvitationPageState> {
    let by = invitation.created_by;
    let person = invitation.recipient_name.clone().unwrap_or_else(|| names.person.clone());
    let (status, fictional_state, answered_by) = match state {
        PreviewState::Waiting => {
            let expires = now.plus(INVITATION_LIFETIME);
            let sent = InvitationState::Sent { at: now, expires, resent: None };
            (InvitationStatus::Sent, sent, None)
        }
        PreviewState::Accepted => {
            let accepted = InvitationState::Accepted { at: now, by, sent: Some(now) };
            (InvitationStatus::Accepted, accepted, Some(person))
        }
        PreviewState::Canceled => {
            let canceled = InvitationState::Canceled { at: now, by, reason: None, sent: Some(now) };
            (InvitationStatus::Canceled, canceled, Some(person))
        }
        PreviewState::Withdrawn => {
            let withdrawn = InvitationState::Withdrawn { at: now, by, sent: Some(now) };
            (InvitationStatus::Withdrawn, withdrawn, Some(names.partner_person.clone()))
        }
        PreviewState::Expired => {
            let sent = now.plus(-INVITATION_LIFETIME);
            let expired = InvitationState::Sent { at: sent, expires: now, resent: None };
            (InvitationStatus::Expired, expired, None)
        }
        PreviewState::OtherOrganization => {
            return Some(InvitationPageState::Refused(Refusal::InvitationForOtherOrganization));
        }
        PreviewState::OtherCloud => {
            return Some(InvitationPageState::Refused(Refusal::InvitationForOtherCloud));
        }
        PreviewState::Unknown => return Some(InvitationPageState::Unknown),
        PreviewState::Incomplete => return Some(InvitationPageState::Incomplete),
        PreviewState::SignedOut => return None,
    };
    // The customer never saw a withdrawn draft.
    if invitation.state.status(now) != status || invitation.state.never_sent() {
        invitation.state = fictional_state;
        invitation.answered_by = answered_by;
    }
    invitation.status = status;
    Some(InvitationPageState::Loaded(Box::new(invitation)))
}

/// Returns the session of a fictional user with this role: of the customer, or of another
/// organization if the state requires it.
pub(super) fn fictional_session(
    invitation: &InvitationResource,
    state: PreviewState,
    role: UserRole,
    names: &PreviewNames,
    now: Timestamp,
) -> SessionResource {
    let other = matches!(
        state,
        PreviewState::OtherOrganization | PreviewState::OtherCloud | PreviewState::Unknown
    );
    let (person, organization, id) = if other {
        let id = OrganizationId::new(now, 0);
        (names.other_person.clone(), names.other_organization.clone(), id)
    } else {
        let person = invitation.recipient_name.clone().unwrap_or_else(|| names.person.clone());
        (person, invitation.customer_name.clone(), invitation.customer)
    };
    let elsewhere = Cloud::ALL.iter().copied().find(|cloud| *cloud != invitation.cloud);
    let cloud = elsewhere.filter(|_| state == PreviewState::OtherCloud).unwrap_or(invitation.cloud);
    // The mail address of a fictional user is never shown on this page.
    let email = invitation.recipient.clone().unwrap_or_else(|| fictional_email(invitation));
    SessionResource {
        user: Account { id: UserId::new(now, 0), name: person, email, roles: vec![role] },
        organization: OrganizationResource {
            id,
            name: organization,
            kind: OrganizationKind::Customer,
            clouds: vec![cloud],
            domain: invitation.customer_domain.clone(),
            country: invitation.partner.country.clone(),
            agreement: None,
            current_agreement: Some(1),
        },
        expires: now,
    }
}

/// Returns a mail address in the customer's domain.
fn fictional_email(invitation: &InvitationResource) -> EmailAddress {
    let parsed: Result<_, FieldError> =
        EmailAddress::parse(&format!("admin@{}", invitation.customer_domain));
    parsed.unwrap_or_else(|_| invitation.partner.email.clone())
}

#[cfg(test)]
mod tests {
    use rules::{InvitationAction, check};

    use super::*;
    use crate::features::invitation_content::flow::tests::invitation;

    const NOW: Timestamp = Timestamp::from_milliseconds(1_700_000_000_000);

    fn names() -> PreviewNames {
        let name = |text: &str| DisplayName::parse(text).expect("a name");
        PreviewNames {
            person: name("Somebody"),
            other_person: name("Somebody else"),
            other_organization: name("Another organization"),
            partner_person: name("Mara Visser"),
        }
    }

    fn shown(invitation: InvitationResource, state: PreviewState) -> InvitationResource {
        match page_state(invitation, state, &names(), NOW) {
            Some(InvitationPageState::Loaded(shown)) => *shown,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_draft_is_shown_in_each_state() {
        let draft = || *invitation(InvitationStatus::Draft);
        for (state, status) in [
            (PreviewState::Waiting, InvitationStatus::Sent),
            (PreviewState::Accepted, InvitationStatus::Accepted),
            (PreviewState::Canceled, InvitationStatus::Canceled),
            (PreviewState::Withdrawn, InvitationStatus::Withdrawn),
            (PreviewState::Expired, InvitationStatus::Expired),
        ] {
            let shown = shown(draft(), state);
            assert_eq!(shown.status, status, "{state}");
            assert_eq!(shown.state.status(NOW), status, "{state}");
            assert!(!shown.state.never_sent(), "{state}: the customer sees it");
        }
    }

    #[test]
    fn an_invitation_in_that_state_is_unchanged() {
        let mut sent = *invitation(InvitationStatus::Sent);
        sent.state = InvitationState::Sent {
            at: NOW.plus(-5),
            expires: NOW.plus(5),
            resent: Some(NOW.plus(-1)),
        };
        assert_eq!(shown(sent.clone(), PreviewState::Waiting), sent);
        let canceled = *invitation(InvitationStatus::Canceled);
        assert_eq!(shown(canceled.clone(), PreviewState::Canceled), canceled);
        // The customer does not see a withdrawn draft, but does see a withdrawn invitation
        // that had been sent.
        let mut never = *invitation(InvitationStatus::Draft);
        never.state = InvitationState::Withdrawn { at: NOW, by: never.created_by, sent: None };
        assert!(!shown(never, PreviewState::Withdrawn).state.never_sent());
    }

    #[test]
    fn only_the_allowed_roles_can_accept() {
        for (role, may) in [
            (UserRole::GlobalAdministrator, true),
            (UserRole::BillingAdministrator, false),
            (UserRole::GlobalReader, false),
        ] {
            let waiting = shown(*invitation(InvitationStatus::Draft), PreviewState::Waiting);
            let session = fictional_session(&waiting, PreviewState::Waiting, role, &names(), NOW);
            let accept = InvitationAction::Accept;
            let answer = check(&session.actor(), &waiting.facts(), accept, NOW);
            assert_eq!(answer.is_ok(), may, "{role}");
        }
    }

    #[test]
    fn the_wrong_user_belongs_to_another_organization_or_cloud() {
        let invitation = *invitation(InvitationStatus::Sent);
        let role = UserRole::GlobalAdministrator;
        let other =
            fictional_session(&invitation, PreviewState::OtherOrganization, role, &names(), NOW);
        assert_ne!(other.organization.id, invitation.customer);
        assert_eq!(other.organization.clouds, [invitation.cloud]);
        let elsewhere =
            fictional_session(&invitation, PreviewState::OtherCloud, role, &names(), NOW);
        assert_ne!(elsewhere.organization.clouds, [invitation.cloud]);
        for state in [PreviewState::OtherOrganization, PreviewState::OtherCloud] {
            let refused = page_state(invitation.clone(), state, &names(), NOW);
            assert!(matches!(refused, Some(InvitationPageState::Refused(_))), "{state}");
        }
        assert_eq!(page_state(invitation, PreviewState::SignedOut, &names(), NOW), None);
    }
}
