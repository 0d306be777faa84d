//! What an entry of the audit log says.

use crate::{
    intl, t,
    ui::Icon,
    view::{CollectView, IntoView, View, view},
    words,
};
use api::{ActivityEntry, AuditAction, TargetKind};
use rules::OrganizationId;
use std::collections::BTreeMap;
use stylers_macro::style;

/// Returns the element ID of an entry's heading, which gets the focus after more entries are
/// loaded.
pub fn row_id(sequence: i64) -> String {
    format!("entry-{sequence}")
}

/// Icons of actions that say more than the icon of what they were done to.
const ACTION_ICONS: &[(Icon, &[AuditAction])] = &[
    (Icon::Warning, &[AuditAction::SignInFailed]),
    (
        Icon::Edit,
        &[
            AuditAction::InvitationDrafted,
            AuditAction::ProfileChanged,
            AuditAction::QuantityChanged,
        ],
    ),
    (
        Icon::Send,
        &[AuditAction::InvitationSent, AuditAction::InvitationResent, AuditAction::EnquirySent],
    ),
    (
        Icon::Close,
        &[
            AuditAction::InvitationWithdrawn,
            AuditAction::InvitationCanceled,
            AuditAction::EnquiryDeclined,
        ],
    ),
    (Icon::Eye, &[AuditAction::EnquiryRead]),
    (Icon::Check, &[AuditAction::InvitationAccepted]),
    (Icon::Handshake, &[AuditAction::PartnerOfRecordAdded, AuditAction::PartnerOfRecordChanged]),
    (Icon::Key, &[AuditAction::AdminRolesRemoved, AuditAction::AdminRolesGivenUp]),
    (
        Icon::Delete,
        &[
            AuditAction::RelationshipDeleted,
            AuditAction::RelationshipEnded,
            AuditAction::SubscriptionCanceled,
            AuditAction::PartnerOfRecordRemoved,
        ],
    ),
    (Icon::Add, &[AuditAction::PartnerIdAdded]),
    (Icon::Clock, &[AuditAction::SubscriptionSuspended]),
    (Icon::Refresh, &[AuditAction::SubscriptionReactivated]),
];

/// Returns the icon of an entry: that of its action, or of what the action was done to.
pub fn entry_icon(action: AuditAction, target: TargetKind) -> Icon {
    let of_action = ACTION_ICONS.iter().find(|(_, actions)| actions.contains(&action));
    of_action.map_or_else(|| target_icon(target), |(icon, _)| *icon)
}

const fn target_icon(target: TargetKind) -> Icon {
    match target {
        TargetKind::Organization => Icon::Building,
        TargetKind::User => Icon::Person,
        TargetKind::Invitation | TargetKind::Enquiry => Icon::Mail,
        TargetKind::Relationship => Icon::Handshake,
        TargetKind::Agreement => Icon::Document,
        TargetKind::Profile => Icon::Edit,
        TargetKind::Subscription => Icon::Cart,
    }
}

/// Returns the name of an entry's actor. Actors of other organizations are shown with the
/// organization's name.
pub fn actor_name(entry: &ActivityEntry, reader: OrganizationId) -> String {
    let actor = &entry.actor;
    let Some(name) = &actor.name else {
        // A failed sign-in has no actor. All other entries without one were made by the
        // operator on the server.
        return if entry.action == AuditAction::SignInFailed {
            t::activity::unknown_actor()
        } else {
            t::activity::operator()
        };
    };
    match &actor.organization_name {
        Some(organization) if actor.organization != Some(reader) => {
            t::activity::of(name.as_str(), organization.as_str())
        }
        _ => name.to_string(),
    }
}

/// Shows the details of an entry, one per line.
pub fn details_view(details: BTreeMap<String, String>) -> View {
    let scope = style! {
        .particular {
            display: block;
        }
    };
    let lines = move || {
        detail_lines(&details)
            .into_iter()
            .map(|line| view! { class = scope, <span class="particular">{line}</span> })
            .collect_view()
            .into_view()
    };
    lines.into_view()
}

/// Returns the details of an entry in words. Unknown details are left out.
fn detail_lines(details: &BTreeMap<String, String>) -> Vec<String> {
    let get = |name: &str| details.get(name).map(String::as_str);
    let kind = get("relationshipType").and_then(|kind| kind.parse().ok()).map(words::partner_type);
    let admin_roles = get("adminRoles").map(|roles| parse_names(roles, words::admin_role));
    let user_roles = get("roles").map(|roles| parse_names(roles, words::user_role));
    let partner = match (get("partnerId"), get("partner")) {
        (Some(id), Some(name)) => Some(t::activity::partner(id, name)),
        (Some(id), None) => Some(t::activity::partner_id(id)),
        (None, _) => None,
    };
    let former_partner = get("formerPartnerId").zip(get("formerPartner"));
    let licenses = match (get("quantity"), get("formerQuantity")) {
        (Some(now), Some(former)) => Some(t::activity::quantity_from(former, now)),
        (Some(now), None) => Some(t::activity::quantity(now)),
        (None, _) => None,
    };
    [
        get("customer").map(t::activity::customer),
        licenses,
        get("term").and_then(|term| term.parse().ok()).map(words::term),
        partner,
        former_partner.map(|(id, name)| t::activity::former_partner(id, name)),
        kind,
        admin_roles
            .filter(|roles| !roles.is_empty())
            .map(|roles| t::activity::asked(&intl::list(&roles))),
        user_roles.filter(|roles| !roles.is_empty()).map(|roles| intl::list(&roles)),
        get("version").map(t::activity::version),
        get("language").map(|code| t::activity::shown_in(&intl::language_name(code))),
        get("recipient").map(t::activity::recipient),
        get("reason").map(t::activity::reason),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the names of the values in a comma-separated list. Unknown values are left out.
fn parse_names<T: std::str::FromStr>(list: &str, name: fn(T) -> String) -> Vec<String> {
    list.split(',').filter_map(|value| value.trim().parse().ok()).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_values_in_a_list_are_left_out() {
        let name = |role: rules::AdminRole| role.as_str().to_owned();
        let parse = |list| parse_names::<rules::AdminRole>(list, name);
        assert_eq!(parse("globalAdministrator, helpdeskAdministrator").len(), 2);
        assert_eq!(parse("globalAdministrator,emperor"), ["globalAdministrator"]);
        assert!(parse("").is_empty());
    }
}
