//! What a preview shows: an invitation as it will be in a state, and somebody of the
//! customer who looks at it. It knows neither the browser nor the network.

use api::{Account, Invitation, Organization, Session};
use rules::{
    Cloud, DisplayName, EmailAddress, FieldError, INVITATION_LIFETIME, InvitationState,
    InvitationStatus, OrganizationId, OrganizationKind, Refusal, Timestamp, UserId, UserRole,
    string_enum,
};
use strum::{VariantArray, VariantNames};

use crate::pages::partner_invitation::flow::Stage;

/// A state in which the customer may find an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub(super) enum State {
    /// It waits for an answer.
    Waiting,
    /// It was accepted.
    Accepted,
    /// The customer canceled it.
    Canceled,
    /// The partner withdrew it.
    Withdrawn,
    /// It was not answered in time.
    Expired,
    /// Somebody of another organization opened its link.
    OtherOrganization,
    /// Somebody of an organization in another cloud did.
    OtherCloud,
    /// Its link is one that nobody knows.
    Unknown,
    /// A part of its link is missing.
    Incomplete,
    /// Nobody is signed in.
    SignedOut,
}

string_enum!(State);

/// The roles as which a customer's people look at an invitation.
pub(super) const ROLES: [UserRole; 3] =
    [UserRole::GlobalAdministrator, UserRole::BillingAdministrator, UserRole::GlobalReader];

/// Names for people who are made up, in the page's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// Of the customer, where the invitation names no recipient.
    pub(super) person: DisplayName,
    /// Of somebody of another organization.
    pub(super) other_person: DisplayName,
    /// Of that organization.
    pub(super) other_organization: DisplayName,
    /// Of whoever looks at the preview, and so of whoever would withdraw.
    pub(super) partner_person: DisplayName,
}

/// What the page of the invitation shows in this state; `None` where the sign-in page
/// takes its place. An invitation that is in that state is shown as it is.
pub(super) fn stage(
    mut invitation: Invitation,
    state: State,
    names: &Names,
    now: Timestamp,
) -> Option<Stage> {
    let by = invitation.created_by;
    let person = invitation.recipient_name.clone().unwrap_or_else(|| names.person.clone());
    let (status, made_up, answered_by) = match state {
        State::Waiting => {
            let expires = now.plus(INVITATION_LIFETIME);
            let sent = InvitationState::Sent { at: now, expires, resent: None };
            (InvitationStatus::Sent, sent, None)
        }
        State::Accepted => {
            let accepted = InvitationState::Accepted { at: now, by, sent: Some(now) };
            (InvitationStatus::Accepted, accepted, Some(person))
        }
        State::Canceled => {
            let canceled = InvitationState::Canceled { at: now, by, reason: None, sent: Some(now) };
            (InvitationStatus::Canceled, canceled, Some(person))
        }
        State::Withdrawn => {
            let withdrawn = InvitationState::Withdrawn { at: now, by, sent: Some(now) };
            (InvitationStatus::Withdrawn, withdrawn, Some(names.partner_person.clone()))
        }
        State::Expired => {
            let sent = now.plus(-INVITATION_LIFETIME);
            let expired = InvitationState::Sent { at: sent, expires: now, resent: None };
            (InvitationStatus::Expired, expired, None)
        }
        State::OtherOrganization => {
            return Some(Stage::Refused(Refusal::InvitationForOtherOrganization));
        }
        State::OtherCloud => return Some(Stage::Refused(Refusal::InvitationForOtherCloud)),
        State::Unknown => return Some(Stage::Unknown),
        State::Incomplete => return Some(Stage::Incomplete),
        State::SignedOut => return None,
    };
    // A draft that was withdrawn was never seen by the customer.
    if invitation.state.status(now) != status || invitation.state.never_sent() {
        invitation.state = made_up;
        invitation.answered_by = answered_by;
    }
    invitation.status = status;
    Some(Stage::Shown(Box::new(invitation)))
}

/// The session of somebody with this role who looks at it: of the customer, or of
/// another organization where the state is about that.
pub(super) fn session(
    invitation: &Invitation,
    state: State,
    role: UserRole,
    names: &Names,
    now: Timestamp,
) -> Session {
    let other = matches!(state, State::OtherOrganization | State::OtherCloud | State::Unknown);
    let (person, organization, id) = if other {
        let id = OrganizationId::new(now, 0);
        (names.other_person.clone(), names.other_organization.clone(), id)
    } else {
        let person = invitation.recipient_name.clone().unwrap_or_else(|| names.person.clone());
        (person, invitation.customer_name.clone(), invitation.customer)
    };
    let elsewhere = Cloud::ALL.iter().copied().find(|cloud| *cloud != invitation.cloud);
    let cloud = match state {
        State::OtherCloud => elsewhere.unwrap_or(invitation.cloud),
        _ => invitation.cloud,
    };
    // The address of a made-up person is never shown on this page.
    let email = invitation.recipient.clone().unwrap_or_else(|| address(invitation));
    Session {
        user: Account { id: UserId::new(now, 0), name: person, email, roles: vec![role] },
        organization: Organization {
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

/// Some address of the customer's domain.
fn address(invitation: &Invitation) -> EmailAddress {
    let parsed: Result<_, FieldError> =
        EmailAddress::parse(&format!("admin@{}", invitation.customer_domain));
    parsed.unwrap_or_else(|_| invitation.partner.email.clone())
}

#[cfg(test)]
mod tests {
    use rules::{InvitationAction, check};

    use super::*;
    use crate::pages::partner_invitation::flow::tests::invitation;

    const NOW: Timestamp = Timestamp::from_milliseconds(1_700_000_000_000);

    fn names() -> Names {
        let name = |text: &str| DisplayName::parse(text).expect("a name");
        Names {
            person: name("Somebody"),
            other_person: name("Somebody else"),
            other_organization: name("Another organization"),
            partner_person: name("Mara Visser"),
        }
    }

    fn shown(invitation: Invitation, state: State) -> Invitation {
        match stage(invitation, state, &names(), NOW) {
            Some(Stage::Shown(shown)) => *shown,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_draft_is_shown_as_it_will_be_in_each_state() {
        let draft = || *invitation(InvitationStatus::Draft);
        for (state, status) in [
            (State::Waiting, InvitationStatus::Sent),
            (State::Accepted, InvitationStatus::Accepted),
            (State::Canceled, InvitationStatus::Canceled),
            (State::Withdrawn, InvitationStatus::Withdrawn),
            (State::Expired, InvitationStatus::Expired),
        ] {
            let shown = shown(draft(), state);
            assert_eq!(shown.status, status, "{state}");
            assert_eq!(shown.state.status(NOW), status, "{state}");
            assert!(!shown.state.never_sent(), "{state}: the customer sees it");
        }
    }

    #[test]
    fn what_is_in_that_state_is_shown_as_it_is() {
        let mut sent = *invitation(InvitationStatus::Sent);
        sent.state = InvitationState::Sent {
            at: NOW.plus(-5),
            expires: NOW.plus(5),
            resent: Some(NOW.plus(-1)),
        };
        assert_eq!(shown(sent.clone(), State::Waiting), sent);
        let canceled = *invitation(InvitationStatus::Canceled);
        assert_eq!(shown(canceled.clone(), State::Canceled), canceled);
        // A draft that was withdrawn is none of the customer's business; one that had
        // been sent is.
        let mut never = *invitation(InvitationStatus::Draft);
        never.state = InvitationState::Withdrawn { at: NOW, by: never.created_by, sent: None };
        assert!(!shown(never, State::Withdrawn).state.never_sent());
    }

    #[test]
    fn each_role_sees_what_it_may_do() {
        for (role, may) in [
            (UserRole::GlobalAdministrator, true),
            (UserRole::BillingAdministrator, false),
            (UserRole::GlobalReader, false),
        ] {
            let waiting = shown(*invitation(InvitationStatus::Draft), State::Waiting);
            let session = session(&waiting, State::Waiting, role, &names(), NOW);
            let accept = InvitationAction::Accept;
            let answer = check(&session.actor(), &waiting.facts(), accept, NOW);
            assert_eq!(answer.is_ok(), may, "{role}");
        }
    }

    #[test]
    fn whoever_it_is_not_meant_for_is_of_another_organization_or_cloud() {
        let invitation = *invitation(InvitationStatus::Sent);
        let role = UserRole::GlobalAdministrator;
        let other = session(&invitation, State::OtherOrganization, role, &names(), NOW);
        assert_ne!(other.organization.id, invitation.customer);
        assert_eq!(other.organization.clouds, [invitation.cloud]);
        let elsewhere = session(&invitation, State::OtherCloud, role, &names(), NOW);
        assert_ne!(elsewhere.organization.clouds, [invitation.cloud]);
        for state in [State::OtherOrganization, State::OtherCloud] {
            let refused = stage(invitation.clone(), state, &names(), NOW);
            assert!(matches!(refused, Some(Stage::Refused(_))), "{state}");
        }
        assert_eq!(stage(invitation, State::SignedOut, &names(), NOW), None);
    }
}
