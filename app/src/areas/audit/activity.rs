//! Activity: the organization's audit log.

use api::{
    ActivityEntry, ActivityField, ActivityFilter, ActivityList, ActivityQuery, ActivityTarget,
    AuditAction, TargetKind, routes,
};
use leptos::prelude::*;
use rules::{OrganizationId, OrganizationKind};
use stylers_macro::style;

use crate::{
    features::{
        activity_entry::{actor_name, details_view, entry_icon, row_id},
        listing::{
            self, CountTexts, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools,
        },
    },
    intl,
    route::Route,
    session, t,
    ui::{
        Cell, EmptyState, Filter, Icon, NoValue, PageTitle, SelectOption, Table, TableColumn,
        TableSort, Toolbar,
    },
    view::{IntoView, View, each, view},
    words,
};

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
    let controls = ListControls::new(Route::Activity, LIST_SPEC);
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
    SelectOption::for_each(AuditAction::ALL, words::audit_action)
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

/// Shows the target's name, as a link if it has a page.
fn target_view(entry: &ActivityEntry, reader: OrganizationKind) -> View {
    let name = entry.target.name.clone();
    match target_route(&entry.target, reader) {
        // The id lets the focus return to the link.
        Some(route) => view! {
            <a id=format!("target-{}", entry.sequence) href=route.path()>
                {name}
            </a>
        },
        None if name.is_empty() => view! { <NoValue /> },
        None => name.into_view(),
    }
}

/// Returns the target's page, which depends on the reader's kind of organization.
fn target_route(target: &ActivityTarget, reader: OrganizationKind) -> Option<Route> {
    use OrganizationKind::{Customer, Partner};
    let id = target.id.as_str();
    Some(match (target.kind, reader) {
        (TargetKind::Relationship, Customer) => Route::Partner(id.parse().ok()),
        (TargetKind::Relationship, Partner) => Route::Customer(id.parse().ok()),
        (TargetKind::Invitation, Customer) => Route::PartnerInvitation(id.parse().ok()),
        (TargetKind::Invitation, Partner) => Route::Invitation(id.parse().ok()),
        (TargetKind::Enquiry, Partner) => Route::Enquiry(id.parse().ok()),
        (TargetKind::Enquiry, Customer) => Route::MyRequests,
        (TargetKind::Profile, Partner) => Route::Profile,
        (TargetKind::Agreement, Customer) => Route::Agreement,
        (TargetKind::Subscription, Customer) => Route::Subscription(id.parse().ok()),
        // The partner's page of a subscription is below the relationship, whose ID is unknown
        // here.
        (TargetKind::Agreement | TargetKind::Subscription, Partner)
        | (TargetKind::Profile, Customer)
        | (TargetKind::Organization | TargetKind::User, _) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_hashes_are_shortened() {
        assert_eq!(short_hash(&"ab".repeat(32)).len(), 16);
        assert_eq!(short_hash("ab"), "ab");
    }

    const ID: &str = "018bcfe5-6800-7fff-bfff-ffffffffffff";

    fn id<T: std::str::FromStr>() -> Option<T> {
        ID.parse().ok()
    }

    #[test]
    fn each_kind_of_organization_gets_links_to_its_own_pages() {
        let page = |kind, reader| {
            let id = ID.to_owned();
            target_route(&ActivityTarget { kind, id, name: "X".to_owned() }, reader)
        };
        for (kind, customer, partner) in [
            (TargetKind::Relationship, Some(Route::Partner(id())), Some(Route::Customer(id()))),
            (
                TargetKind::Invitation,
                Some(Route::PartnerInvitation(id())),
                Some(Route::Invitation(id())),
            ),
            (TargetKind::Enquiry, Some(Route::MyRequests), Some(Route::Enquiry(id()))),
            (TargetKind::Agreement, Some(Route::Agreement), None),
            (TargetKind::Profile, None, Some(Route::Profile)),
            (TargetKind::User, None, None),
        ] {
            assert_eq!(page(kind, OrganizationKind::Customer), customer);
            assert_eq!(page(kind, OrganizationKind::Partner), partner);
        }
    }
}
