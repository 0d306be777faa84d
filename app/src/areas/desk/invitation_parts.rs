//! What the pages about invitations share.

use api::{EnquiryResource, InvitationResource};
use rules::{Cloud, DisplayName, InvitationStatus, OrganizationId, Timestamp};

use crate::{
    intl,
    ui::{Badge, Intent},
    view::{IntoView, View, view},
    words,
};

/// Returns a badge with the status of an invitation.
pub fn invitation_status_badge(status: InvitationStatus) -> View {
    let intent = match status {
        InvitationStatus::Sent => Intent::Info,
        InvitationStatus::Accepted => Intent::Success,
        InvitationStatus::Canceled | InvitationStatus::Expired => Intent::Warning,
        InvitationStatus::Draft | InvitationStatus::Withdrawn => Intent::Neutral,
    };
    view! { <Badge label=move || words::invitation_status(status) intent=intent /> }
}

/// Times of an invitation's events, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InvitationTimes {
    /// First sent.
    pub sent: Option<i64>,
    /// Last resent.
    pub resent: Option<i64>,
    /// Expires; the invitation can't be accepted from then on.
    pub expires: Option<i64>,
    /// Accepted, canceled or withdrawn.
    pub answered: Option<i64>,
}

impl InvitationTimes {
    /// Reads the times from an invitation's state.
    pub fn from_invitation(invitation: &InvitationResource) -> Self {
        use rules::InvitationState as State;
        let milliseconds = |at: Timestamp| Some(at.milliseconds());
        match &invitation.state {
            State::Draft => Self::default(),
            State::Sent { at, expires, resent } => Self {
                sent: milliseconds(*at),
                resent: resent.and_then(milliseconds),
                expires: milliseconds(*expires),
                answered: None,
            },
            State::Accepted { at, sent, .. }
            | State::Canceled { at, sent, .. }
            | State::Withdrawn { at, sent, .. } => Self {
                sent: sent.and_then(milliseconds),
                answered: milliseconds(*at),
                ..Self::default()
            },
        }
    }
}

/// Formats a time as a date, or shows that there is none.
pub fn date_or_none(milliseconds: Option<i64>) -> View {
    match milliseconds {
        Some(at) => (move || intl::date(at)).into_view(),
        None => view! { <crate::ui::NoValue /> },
    }
}

/// A customer that the partner knows from a relationship or an enquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCustomer {
    /// Organization ID.
    pub id: OrganizationId,
    /// Name of the organization.
    pub name: DisplayName,
    /// Cloud of the organization.
    pub cloud: Cloud,
}

impl KnownCustomer {
    /// Removes duplicates and sorts the customers by name.
    pub fn sort_unique(all: impl Iterator<Item = Self>) -> Vec<Self> {
        let mut customers: Vec<Self> = Vec::new();
        for one in all {
            if !customers.iter().any(|other| other.id == one.id) {
                customers.push(one);
            }
        }
        crate::sort::order_by(&mut customers, |one| one.name.as_str().to_lowercase());
        customers
    }
}

/// Data of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationPageData {
    /// The invitation; `None` for a new one.
    pub invitation: Option<InvitationResource>,
    /// The enquiry that the invitation answers.
    pub enquiry: Option<EnquiryResource>,
    /// Organization ID or domain of a new invitation's customer, from the address.
    pub customer: String,
    /// The customers that the partner knows.
    pub known: Vec<KnownCustomer>,
}
