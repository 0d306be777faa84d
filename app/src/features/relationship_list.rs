//! Settings > Partner relationships: the organization's partners, and the invitations that
//! wait for an answer.
//!
//! The state of the list is kept in the page's URL, so that links, bookmarks and the
//! browser's Back button restore it.

use api::{
    AgreementState, InvitationField, InvitationFilter, InvitationQuery, InvitationResource,
    RelationshipField, RelationshipFilter, RelationshipQuery, RelationshipResource, SortOrder,
    routes,
};
use leptos::prelude::*;
use rules::{
    DAY, InvitationState, InvitationStatus, OrganizationKind, PartnerType, RelationshipId,
    RelationshipStatus, Timestamp,
};
use stylers_macro::style;

use crate::{
    features::{
        listing::{
            self, CountTexts, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools,
            with_query,
        },
        paging::{LoadMoreButton, LoadedPages, PagedList},
        roles::RoleNames,
    },
    intl::{self, days_until},
    load::LoadState,
    route::Route,
    session, t,
    ui::{
        Badge, Cell, EmptyState, Filter, Icon, Intent, Link, MessageBar, NoValue, SearchBox,
        SelectOption, Table, TableColumn, TableSort, Toolbar,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// The id of the search box.
const SEARCH_ID: &str = "search-partners";

/// The number of pending invitations that are shown at first, and added by each press of the
/// button.
const INVITATIONS_PER_PRESS: u32 = 10;

/// The filters and the sort order of the list; by default it shows active relationships.
const LIST_SPEC: ListSpec = ListSpec {
    filters: &[
        FilterSpec {
            name: "type",
            default: "",
            is_valid: |value| value.parse::<PartnerType>().is_ok(),
        },
        FilterSpec {
            name: "status",
            default: RelationshipStatus::Active.as_str(),
            is_valid: |value| value.parse::<RelationshipStatus>().is_ok(),
        },
    ],
    column: |key| key.parse().ok().map(RelationshipField::as_str),
    default: TableSort { column: RelationshipField::Partner.as_str(), descending: false },
};

fn relationship_query(params: &ListParams) -> RelationshipQuery {
    params.list_query::<api::RelationshipList>(RelationshipFilter {
        relationship_type: params.filter("type").parse().into_iter().collect(),
        status: params.filter("status").parse().into_iter().collect(),
        ..RelationshipFilter::default()
    })
}

/// The side from which the list is seen, which determines whose names it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListSide {
    /// A customer, which sees its partners.
    Customer,
    /// A partner, which sees its customers.
    Partner,
}

impl ListSide {
    /// Returns the side of the signed-in user.
    fn of_session() -> Self {
        match session::current().with_untracked(|session| session.organization.kind) {
            OrganizationKind::Customer => Self::Customer,
            OrganizationKind::Partner => Self::Partner,
        }
    }

    /// Returns the text for this side.
    fn text(self, of_customer: fn() -> String, of_partner: fn() -> String) -> fn() -> String {
        match self {
            Self::Customer => of_customer,
            Self::Partner => of_partner,
        }
    }

    /// Returns the texts for the number of rows.
    fn count(self) -> CountTexts {
        use t::{customers, partner_relationships as partners};
        match self {
            Self::Customer => CountTexts { all: partners::count, some: partners::count_of },
            Self::Partner => CountTexts { all: customers::count, some: customers::count_of },
        }
    }

    fn title(self) -> fn() -> String {
        self.text(t::shell::partner_relationships, t::shell::customers)
    }
}

/// The pending invitations and the list of partners. Also used as a tab of the billing
/// accounts, and for a partner's list of customers.
#[component]
pub fn RelationshipList(
    /// The page with the list.
    list: Route,
    /// The page of a relationship.
    details: fn(Option<RelationshipId>) -> Route,
) -> View {
    let side = ListSide::of_session();
    // A customer's pending invitations are shown above the list; a partner has a page of
    // its own for them.
    let query = InvitationQuery {
        filter: InvitationFilter {
            status: vec![InvitationStatus::Sent],
            ..InvitationFilter::default()
        },
        // The oldest expire first.
        order: SortOrder::ascending(InvitationField::Created),
        top: INVITATIONS_PER_PRESS,
        ..InvitationQuery::default()
    };
    let waiting = PagedList::new(pending_invitation_id, move || {
        (side == ListSide::Customer).then(|| format!("{}?{query}", routes::INVITATIONS))
    });
    let controls = ListControls::new(list, LIST_SPEC);
    let partners = ListData::new(
        controls,
        routes::RELATIONSHIPS,
        relationship_query,
        |row: &RelationshipResource| row.id.to_string(),
    );
    let refresh = move |()| {
        partners.refresh();
        waiting.pages.loader.reload();
    };
    view! {
        {pending_invitations_view(waiting)}
        {toolbar_view(side, controls, partners, Callback::new(refresh))}
        {listing::list_body(
            partners.list,
            controls,
            SEARCH_ID,
            (move || empty(side)).into(),
            (move || table(details, side, partners, controls)).into(),
        )}
    }
}

/// Renders the toolbar above the list.
fn toolbar_view(
    side: ListSide,
    controls: ListControls,
    partners: ListData<RelationshipResource>,
    refresh: Callback<()>,
) -> View {
    let (kind, status) = (controls.filter("type"), controls.filter("status"));
    let export = move || with_query(routes::RELATIONSHIPS_EXPORT, &partners.list.query.read());
    view! {
        <Toolbar>
            <SearchBox
                id=SEARCH_ID
                label=side.text(t::partner_relationships::search, t::customers::search)
                value=controls.search
            />
            <Filter
                label=t::partner_relationships::filter_type
                value=kind
                choices=type_options()
            />
            <Filter
                label=t::partner_relationships::filter_status
                value=status
                choices=status_options()
            />
        </Toolbar>
        <ListTools
            count=move || side.count().text(partners.list)
            on_refresh=refresh
            export=Signal::derive(export)
        />
    }
}

/// Renders the placeholder while there is no partner or no customer.
fn empty(side: ListSide) -> View {
    if side == ListSide::Partner {
        return view! {
            <EmptyState
                icon=Icon::People
                title=t::customers::empty
                hint=t::customers::empty_hint
            >
                <Link href=Route::Invitations class="button secondary">
                    {t::customers::see_invitations}
                </Link>
            </EmptyState>
        };
    }
    view! {
        <EmptyState
            icon=Icon::Handshake
            title=t::partner_relationships::empty
            hint=t::partner_relationships::empty_hint
        >
            <Link href=Route::WhatCanAPartnerDo class="button secondary">
                {t::partner_relationships::what_can}
            </Link>
        </EmptyState>
    }
}

fn type_options() -> Vec<SelectOption> {
    SelectOption::for_each(PartnerType::ALL, words::partner_type)
}

fn status_options() -> Vec<SelectOption> {
    SelectOption::for_each(RelationshipStatus::ALL, words::relationship_status)
}

fn table(
    details: fn(Option<RelationshipId>) -> Route,
    side: ListSide,
    partners: ListData<RelationshipResource>,
    controls: ListControls,
) -> View {
    let columns = RelationshipField::ALL
        .iter()
        .map(|field| TableColumn::new(field.as_str(), column_label(side, *field)).sortable())
        .collect();
    view! {
        <Table
            caption=side.title()
            columns=columns
            sort=controls.current_sort()
            on_sort=move |sort| controls.sort(sort)
        >
            {each(
                move || partners.rows(),
                |row| format!("{} {} {}", row.id, row.etag.0, row.agreement.as_str()),
                move |relationship| row(&relationship, details, side),
            )}
        </Table>
    }
}

/// Returns the header of a column.
fn column_label(side: ListSide, field: RelationshipField) -> fn() -> String {
    match field {
        RelationshipField::Partner => {
            side.text(t::partner_relationships::column_partner, t::customers::customer)
        }
        RelationshipField::RelationshipType => t::partner_relationships::column_type,
        RelationshipField::AdminRoles => t::partner_relationships::column_admin_roles,
        RelationshipField::Agreement => t::partner_relationships::column_agreement,
        RelationshipField::Since => t::partner_relationships::column_since,
        RelationshipField::Ends => t::partner_relationships::column_ends,
        RelationshipField::Status => t::partner_relationships::column_status,
    }
}

fn row(
    relationship: &RelationshipResource,
    details: fn(Option<RelationshipId>) -> Route,
    side: ListSide,
) -> View {
    let scope = style! {
        .row-partner {
            display: block;
            min-width: 155px;
        }
        .row-note {
            display: block;
            color: var(--text-2);
            font-weight: 400;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
            overflow-wrap: anywhere;
        }
    };
    let RelationshipResource { id, relationship_type, agreement, since, ends, status, .. } =
        *relationship;
    let partner = &relationship.partner;
    let (name, domain) = match side {
        ListSide::Customer => (partner.name.to_string(), Some(partner.domain.to_string())),
        ListSide::Partner => (relationship.customer_name.to_string(), None),
    };
    let domain =
        domain.map(|domain| view! { class = scope, <span class="row-note">{domain}</span> });
    let roles = relationship.admin_roles.iter().map(|grant| grant.role).collect();
    view! { class = scope,
        <tr role="row">
            <Cell of=RelationshipField::Partner.as_str() header=true>
                <span class="row-partner">
                    <a id=id.to_string() href=details(Some(id)).path()>
                        {name}
                    </a>
                    {domain}
                </span>
            </Cell>
            <Cell of=RelationshipField::RelationshipType.as_str()>
                {move || words::partner_type(relationship_type)}
            </Cell>
            <Cell of=RelationshipField::AdminRoles.as_str()>
                <RoleNames roles=roles />
            </Cell>
            <Cell of=RelationshipField::Agreement.as_str()>{agreement_view(agreement)}</Cell>
            <Cell of=RelationshipField::Since.as_str()>
                {move || intl::date(since.milliseconds())}
            </Cell>
            <Cell of=RelationshipField::Ends.as_str()>{ends_view(ends)}</Cell>
            <Cell of=RelationshipField::Status.as_str()>{status_badge(status)}</Cell>
        </tr>
    }
}

/// Renders the state of the agreement; a missing acceptance stands out.
fn agreement_view(agreement: AgreementState) -> View {
    let scope = style! {
        .agreement-not-needed {
            color: var(--text-2);
            white-space: nowrap;
        }
    };
    let text = move || words::agreement_state(agreement);
    match agreement {
        AgreementState::Accepted => text.into_view(),
        AgreementState::NotAccepted => view! { <Badge label=text intent=Intent::Warning /> },
        AgreementState::NotNeeded => {
            view! { class = scope, <span class="agreement-not-needed">{text}</span> }
        }
    }
}

/// Renders the date when the first role ends, with a warning if it is soon.
fn ends_view(ends: Option<Timestamp>) -> View {
    let Some(ends) = ends else { return view! { <NoValue /> } };
    let date = move || intl::date(ends.milliseconds());
    let now = intl::now();
    if is_soon(ends, now) {
        let label = move || intl::relative(ends.milliseconds(), now.milliseconds());
        view! { {date} " " <Badge label=label intent=Intent::Warning /> }
    } else {
        date.into_view()
    }
}

/// Returns whether `moment` is within the next 30 days.
fn is_soon(moment: Timestamp, now: Timestamp) -> bool {
    moment < now.plus(30 * DAY)
}

/// Renders the status of a relationship as a badge.
pub fn status_badge(status: RelationshipStatus) -> View {
    let intent = match status {
        RelationshipStatus::Active => Intent::Success,
        RelationshipStatus::Ended => Intent::Neutral,
    };
    view! { <Badge label=move || words::relationship_status(status) intent=intent /> }
}

/// Renders the pending invitations, or nothing if there are none.
fn pending_invitations_view(invitations: PagedList<InvitationResource>) -> View {
    let scope = style! {
        .waiting-failed {
            margin-bottom: var(--space-3);
        }
    };
    let found = Memo::new(move |_| match invitations.load() {
        LoadState::Loading => Ok(Vec::new()),
        LoadState::Ready(pending) => Ok(by_expiry(pending)),
        LoadState::Failed(failure) => Err(failure),
    });
    let view = move || match found.get() {
        Ok(pending) if pending.is_empty() => ().into_view(),
        Ok(pending) => view! {
            <PendingInvitations invitations=pending pages=invitations.pages />
        },
        Err(failure) => view! { class = scope,
            <div class="waiting-failed">
                <MessageBar intent=Intent::Warning title=t::partner_relationships::waiting_failed>
                    {move || failure.text()}
                </MessageBar>
            </div>
        },
    };
    view.into_view()
}

/// Returns the loaded invitations, sorted by expiry.
fn by_expiry(mut waiting: Vec<InvitationResource>) -> Vec<InvitationResource> {
    crate::sort::order_by(&mut waiting, |invitation| invitation.state.expires());
    waiting
}

/// Returns the id of the link to a pending invitation.
fn pending_invitation_id(invitation: &InvitationResource) -> String {
    invitation.id.to_string()
}

#[component]
fn PendingInvitations(invitations: Vec<InvitationResource>, pages: LoadedPages) -> View {
    let scope = style! {
        section {
            margin-bottom: var(--space-4);
        }
        h2 {
            display: flex;
            align-items: center;
            gap: var(--space-2);
            margin-bottom: var(--space-2);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        ul {
            display: grid;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
    };
    let rows = invitations.iter().map(pending_invitation_row).collect_view();
    view! { class = scope,
        <section aria-labelledby="waiting">
            <h2 id="waiting">{Icon::Clock} {t::partner_relationships::waiting}</h2>
            <ul>{rows}</ul>
            <LoadMoreButton pages=pages />
        </section>
    }
}

fn pending_invitation_row(invitation: &InvitationResource) -> View {
    let scope = style! {
        .waiting-row {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-2) var(--space-6);
            padding: var(--space-3) var(--space-4);
            border: 1px solid var(--info-line);
            border-radius: var(--radius-8);
            background-color: var(--info-soft);
        }
        .waiting-who {
            flex: 2 1 240px;
            min-width: 0;
            overflow-wrap: anywhere;
        }
        .waiting-roles {
            flex: 2 1 200px;
        }
        .waiting-when {
            flex: 1 1 140px;
        }
        .waiting-note {
            display: block;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    let kind = invitation.relationship_type;
    let roles = invitation.admin_roles.clone();
    let name = invitation.partner.name.to_string();
    let domain = invitation.partner.domain.to_string();
    let roles = if roles.is_empty() {
        view! { <span class="muted">{t::partner_relationships::no_admin_roles}</span> }
    } else {
        view! { <RoleNames roles=roles /> }
    };
    let when = if let InvitationState::Sent { at, expires, .. } = invitation.state {
        let at = at.milliseconds();
        // As on the other pages, the day that has begun counts.
        let days = days_until(expires.milliseconds());
        let expires = move || match days {
            0 => t::partner_relationships::expires_today(),
            days => t::partner_relationships::expires(days),
        };
        let sent = move || t::partner_relationships::sent(&intl::date(at));
        view! { class = scope, {expires} <span class="waiting-note">{sent}</span> }
    } else {
        ().into_view()
    };
    let id = pending_invitation_id(invitation);
    let href = Route::PartnerInvitation(Some(invitation.id)).path();
    let partner = name.clone();
    view! { class = scope,
        <li class="waiting-row">
            <div class="waiting-who">
                <strong>{name}</strong>
                <span class="waiting-note">
                    {move || words::partner_type(kind)} " · " {domain}
                </span>
            </div>
            <div class="waiting-roles">{roles}</div>
            <div class="waiting-when">{when}</div>
            <a id=id href=href class="button secondary">
                {t::partner_relationships::review}
                <span class="visually-hidden">
                    {move || t::partner_relationships::review_of(&partner)}
                </span>
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handwritten_url_is_understood() {
        let params =
            LIST_SPEC.parse("?type=reseller&status=all&sort=since&desc=true&search=wide+world");
        assert_eq!(params.filter("type"), "reseller");
        assert_eq!(params.filter("status"), "");
        assert_eq!(params.sort, TableSort { column: "since", descending: true });
        assert_eq!(
            LIST_SPEC.query(&params),
            "search=wide%20world&type=reseller&status=all&sort=since&desc=true"
        );
    }

    #[test]
    fn the_server_can_parse_every_query() {
        for address in ["", "status=all", "type=mpsa&status=ended&sort=ends&desc=true&search=é"] {
            let params = LIST_SPEC.parse(address);
            let query = relationship_query(&params);
            assert_eq!(RelationshipQuery::parse(&query.to_string()).as_ref(), Ok(&query));
            assert_eq!(query.search, params.search);
            assert_eq!(query.filter.status.len(), usize::from(address != "status=all"));
            assert_eq!(query.order.field.as_str(), params.sort.column);
        }
    }

    #[test]
    fn an_end_within_thirty_days_is_soon() {
        let now = Timestamp::from_milliseconds(1_700_000_000_000);
        assert!(is_soon(now.plus(29 * DAY), now));
        assert!(!is_soon(now.plus(31 * DAY), now));
    }
}
