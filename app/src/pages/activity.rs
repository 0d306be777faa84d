//! Activity: the organization's audit log.

use std::collections::BTreeMap;

use api::{
    ActivityEntry, ActivityField, ActivityFilter, ActivityList, ActivityQuery, ActivityTarget,
    AuditAction, TargetKind, routes,
};
use leptos::prelude::*;
use rules::{OrganizationId, OrganizationKind};
use stylers_macro::style;

use crate::{
    intl,
    pages::listing::{
        self, CountTexts, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools,
    },
    session, t,
    ui::{
        Cell, EmptyState, Filter, Icon, NoValue, PageTitle, SelectOption, Table, TableColumn,
        TableSort, Toolbar,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// The path of the page.
const PATH: &str = "/activity";

/// The filter of the list, which has one order: newest first.
const LIST_SPEC: ListSpec = ListSpec {
    filters: &[FilterSpec {
        name: "action",
        default: "",
        is_valid: |value| value.parse::<AuditAction>().is_ok(),
    }],
    column: |_| None,
    default: TableSort { column: ActivityField::At.as_str(), descending: true },
};

const COUNT: CountTexts = CountTexts { all: t::activity::count, some: t::activity::count_of };

fn query(params: &ListParams) -> ActivityQuery {
    params.list_query::<ActivityList>(ActivityFilter {
        action: params.filter("action").parse().into_iter().collect(),
        ..ActivityFilter::default()
    })
}

/// The page.
#[component]
pub fn Activity() -> View {
    let scope = style! {
        .chain {
            display: flex;
            gap: var(--space-2);
            max-width: 96ch;
            margin: 0 0 var(--space-2);
            padding: var(--space-3) var(--space-4);
            border-radius: var(--radius-8);
            background-color: var(--surface-2);
            color: var(--text-2);
        }
    };
    let controls = ListControls::new(PATH, LIST_SPEC);
    let entries = ListData::new(controls, routes::ACTIVITY, query, |entry: &ActivityEntry| {
        row_id(entry.sequence)
    });
    view! { class = scope,
        <PageTitle title=t::shell::activity intro=t::activity::intro />
        <p class="chain">{Icon::Shield} <span>{t::activity::chain}</span></p>
        <Toolbar>
            <Filter
                label=t::activity::column_what
                value=controls.filter("action")
                choices=action_choices()
            />
        </Toolbar>
        <ListTools
            count=move || COUNT.text(entries.list)
            on_refresh=move |()| entries.refresh()
        />
        {listing::list_body(
            entries.list,
            controls,
            "",
            empty.into(),
            (move || table(entries)).into(),
        )}
    }
}

fn empty() -> View {
    view! {
        <EmptyState icon=Icon::Activity title=t::activity::empty hint=t::activity::empty_hint />
    }
}

fn action_choices() -> Vec<SelectOption> {
    let choice = |action: &AuditAction| {
        let action = *action;
        SelectOption::new(action, move || words::audit_action(action))
    };
    AuditAction::ALL.iter().map(choice).collect()
}

fn table(entries: ListData<ActivityEntry>) -> View {
    let session = session::current();
    let reader = session.with_untracked(|session| ReaderOrganization {
        id: session.organization.id,
        kind: session.organization.kind,
    });
    let columns = vec![
        TableColumn::new("what", t::activity::column_what),
        TableColumn::new("target", t::activity::column_target),
        TableColumn::new("who", t::activity::column_who),
        TableColumn::new("when", t::activity::column_when),
        TableColumn::new("details", t::activity::column_details),
    ];
    view! {
        <Table caption=t::shell::activity columns=columns>
            {each(
                move || entries.rows(),
                |entry| entry.sequence.to_string(),
                move |entry| row(entry, reader),
            )}
        </Table>
    }
}

/// The organization whose audit log is shown.
#[derive(Clone, Copy)]
struct ReaderOrganization {
    id: OrganizationId,
    kind: OrganizationKind,
}

/// Returns the element ID of an entry's heading, which gets the focus after more entries are
/// loaded.
pub(super) fn row_id(sequence: i64) -> String {
    format!("entry-{sequence}")
}

fn row(entry: ActivityEntry, reader: ReaderOrganization) -> View {
    let scope = style! {
        .what {
            display: flex;
            gap: var(--space-2);
        }
        @media (min-width: 1140px) {
            .when {
                white-space: nowrap;
            }
            .entry-details {
                min-width: 240px;
            }
        }
        .what-icon {
            display: flex;
            color: var(--text-2);
        }
        .proof summary {
            width: fit-content;
            color: var(--text-2);
            cursor: pointer;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        .proof code {
            font-family: var(--font-mono);
            font-size: var(--size-caption);
            overflow-wrap: anywhere;
        }
        .proof p {
            margin: var(--space-1) 0 0;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let (sequence, action, at) = (entry.sequence, entry.action, entry.at.milliseconds());
    let icon = entry_icon(action, entry.target.kind);
    let target = target_view(&entry, reader.kind);
    let hash = short_hash(&entry.hash).to_owned();
    let full_hash = entry.hash.clone();
    let document_hash = entry.details.get("hash").map(|hash| short_hash(hash).to_owned());
    let now = intl::now().milliseconds();
    let details = details_view(entry.details.clone());
    let actor = move || actor_name(&entry, reader.id);
    view! { class = scope,
        <tr role="row">
            <Cell of="what" header=true>
                <span class="what" id=row_id(sequence) tabindex="-1">
                    <span class="what-icon">{icon}</span>
                    <span>{move || words::audit_action(action)}</span>
                </span>
            </Cell>
            <Cell of="target">{target}</Cell>
            <Cell of="who">{actor}</Cell>
            <Cell of="when">
                <time class="when" title=move || intl::relative(at, now)>{move || intl::date_time(at)}</time>
            </Cell>
            <Cell of="details">
                <div class="entry-details">{details}</div>
                <details class="proof">
                    <summary>
                        {move || t::activity::entry(&intl::number(number(sequence)))}
                    </summary>
                    <p>
                        {t::activity::hash} " " <code title=full_hash>{hash}</code>
                    </p>
                    {document_hash
                        .map(|hash| {
                            view! { class = scope,
                                <p>{t::activity::document_hash} " " <code>{hash}</code></p>
                            }
                        })}
                </details>
            </Cell>
        </tr>
    }
}

fn number(sequence: i64) -> usize {
    usize::try_from(sequence).unwrap_or_default()
}

/// Returns the beginning of a hash, enough for people to compare.
fn short_hash(hash: &str) -> &str {
    hash.get(..16).unwrap_or(hash)
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
pub(super) fn entry_icon(action: AuditAction, target: TargetKind) -> Icon {
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
pub(super) fn actor_name(entry: &ActivityEntry, reader: OrganizationId) -> String {
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

/// Shows the target's name, as a link if it has a page.
fn target_view(entry: &ActivityEntry, reader: OrganizationKind) -> View {
    let name = entry.target.name.clone();
    match target_path(&entry.target, reader) {
        // The id lets the focus return to the link.
        Some(path) => view! {
            <a id=format!("target-{}", entry.sequence) href=path>
                {name}
            </a>
        },
        None if name.is_empty() => view! { <NoValue /> },
        None => name.into_view(),
    }
}

/// Returns the path of the target's page, which depends on the reader's kind of organization.
fn target_path(target: &ActivityTarget, reader: OrganizationKind) -> Option<String> {
    use OrganizationKind::{Customer, Partner};
    let page = match (target.kind, reader) {
        (TargetKind::Relationship, Customer) => "/settings/partner-relationships/",
        (TargetKind::Relationship, Partner) => "/customers/",
        (TargetKind::Invitation, Customer) => {
            return Some(format!("{}/{}", routes::INVITATION_PAGE, target.id));
        }
        (TargetKind::Invitation, Partner) => "/invitations/",
        (TargetKind::Enquiry, Partner) => "/enquiries/",
        (TargetKind::Enquiry, Customer) => return Some("/partners/requests".to_owned()),
        (TargetKind::Profile, Partner) => return Some("/profile".to_owned()),
        (TargetKind::Agreement, Customer) => {
            return Some("/billing/accounts/agreement".to_owned());
        }
        (TargetKind::Subscription, Customer) => {
            return Some(format!("{}/{}", routes::SUBSCRIPTIONS_PAGE, target.id));
        }
        // The partner's page of a subscription is below the relationship, whose ID is unknown
        // here.
        (TargetKind::Agreement | TargetKind::Subscription, Partner)
        | (TargetKind::Profile, Customer)
        | (TargetKind::Organization | TargetKind::User, _) => return None,
    };
    Some(format!("{page}{}", target.id))
}

/// Shows the details of an entry, one per line.
pub(super) fn details_view(details: BTreeMap<String, String>) -> View {
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

    #[test]
    fn long_hashes_are_shortened() {
        assert_eq!(short_hash(&"ab".repeat(32)).len(), 16);
        assert_eq!(short_hash("ab"), "ab");
    }

    #[test]
    fn each_kind_of_organization_gets_links_to_its_own_pages() {
        let page = |kind, reader| {
            target_path(&ActivityTarget { kind, id: "1".to_owned(), name: "X".to_owned() }, reader)
        };
        for (kind, customer, partner) in [
            (
                TargetKind::Relationship,
                Some("/settings/partner-relationships/1"),
                Some("/customers/1"),
            ),
            (TargetKind::Invitation, Some("/partner-invitation/1"), Some("/invitations/1")),
            (TargetKind::Enquiry, Some("/partners/requests"), Some("/enquiries/1")),
            (TargetKind::Agreement, Some("/billing/accounts/agreement"), None),
            (TargetKind::Profile, None, Some("/profile")),
            (TargetKind::User, None, None),
        ] {
            assert_eq!(page(kind, OrganizationKind::Customer).as_deref(), customer);
            assert_eq!(page(kind, OrganizationKind::Partner).as_deref(), partner);
        }
    }
}
