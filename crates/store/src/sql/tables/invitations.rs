//! Invitations.

use rules::{Invitation, Timestamp, UserId};

use crate::listed::InvitationTimes;
use crate::sql::table::table;
use crate::{duplicates, listed};

// `token` is the hash of the link's token. Only sending an invitation sets it.
table! {
    row: Invitation,
    table: "invitation",
    key: ["customer", "id"],
    versioned: true,
    duplicate: duplicates::INVITATION,
    columns: {
        customer,
        id,
        cloud,
        partner,
        partner_type,
        admin_roles,
        recipient,
        recipient_name,
        language,
        message,
        enquiry,
        terms,
        offer,
        created,
        created_by,
        state,
        version,
    },
    derived: {
        "sent_at": sent_at,
        "expires_at": expires_at,
        "answer" & "answered_at" & "answered_by": answer,
    },
    retained: { "mailed_at": mailed_at },
    computed: {
        "customer_key": "COALESCE((SELECT name_key FROM organization WHERE id = :customer), '')",
        "partner_key": "COALESCE((SELECT name_key FROM organization WHERE id = :partner), '')",
    },
    other: ["token"],
}

fn sent_at(invitation: &Invitation) -> Option<Timestamp> {
    InvitationTimes::of(&invitation.state).sent
}

fn expires_at(invitation: &Invitation) -> Option<Timestamp> {
    InvitationTimes::of(&invitation.state).expires
}

fn mailed_at(invitation: &Invitation) -> Option<Timestamp> {
    listed::mailed_at(&invitation.state)
}

/// Returns the status since an invitation was answered or withdrawn, since when, and by whom.
fn answer(invitation: &Invitation) -> Option<(&'static str, Timestamp, UserId)> {
    let answer = InvitationTimes::of(&invitation.state).answer;
    answer.map(|(status, at, by)| (status.as_str(), at, by))
}
