//! Settings > Partner relationships: the partners that work with the organization, and
//! the invitations that wait for its answer.
//!
//! Everything that the list shows is in the page's address, so links, bookmarks and
//! the browser's Back find it again.

use api::{
    AgreementState, Invitation, Order, Page, Relationship, RelationshipField, RelationshipQuery,
    routes,
};
use leptos::prelude::*;
use rules::{
    DAY, InvitationState, InvitationStatus, OrganizationKind, PartnerType, RelationshipStatus,
    Timestamp,
};
use stylers_macro::style;

use crate::{
    client, intl,
    load::{LoadState, Loader},
    pages::{
        listing::{
            self, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools, address,
            counts,
        },
        roles::RoleNames,
    },
    session, t,
    ui::{
        Badge, Cell, EmptyState, Filter, Icon, Intent, Link, MessageBar, NoValue, PageTitle,
        SearchBox, SelectOption, Table, TableColumn, TableSort, Toolbar,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// The id of the search box.
const SEARCH_ID: &str = "search-partners";

/// What the list can be narrowed and sorted by; those that stand are shown usually.
const LISTING: ListSpec = ListSpec {
    filters: [
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

/// The query that the server is asked for what is shown.
fn query(shown: &ListParams) -> String {
    let default = RelationshipQuery::default();
    let [kind, status] = &shown.filters;
    let query = RelationshipQuery {
        search: shown.searched(),
        types: kind.parse().into_iter().collect(),
        statuses: status.parse().into_iter().collect(),
        order: Order {
            field: shown.sort.column.parse().unwrap_or(default.order.field),
            descending: shown.sort.descending,
        },
        ..default
    };
    query.to_string()
}

/// The page.
#[component]
pub fn PartnerRelationships(
    /// The path of this page, below which the partners' pages are.
    base: &'static str,
) -> View {
    view! {
        <PageTitle title=t::shell::partner_relationships intro=t::partner_relationships::intro />
        <RelationshipList base=base />
    }
}

/// Whose list it is, and so whose names stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// A customer's: its partners.
    Customer,
    /// A partner's: its customers.
    Partner,
}

impl Side {
    /// That of whoever is signed in.
    fn own() -> Self {
        match session::current().with_untracked(|session| session.organization.kind) {
            OrganizationKind::Customer => Self::Customer,
            OrganizationKind::Partner => Self::Partner,
        }
    }

    /// One text of a customer's list, or the one of a partner's that says the same.
    fn text(self, of_customer: fn() -> String, of_partner: fn() -> String) -> fn() -> String {
        match self {
            Self::Customer => of_customer,
            Self::Partner => of_partner,
        }
    }

    fn title(self) -> fn() -> String {
        self.text(t::shell::partner_relationships, t::shell::customers)
    }
}

/// The invitations that wait, and the list of partners; also a tab of the billing
/// accounts, and the same list as a partner sees it: its customers.
#[component]
pub fn RelationshipList(
    /// The path of the page that it is on, below which the partners' pages are.
    base: &'static str,
) -> View {
    let side = Side::own();
    // What waits for a customer's answer stands above its list; a partner has a page for it.
    let waiting = Loader::new(move || async move {
        match side {
            Side::Customer => client::get::<Page<Invitation>>(routes::INVITATIONS).await,
            Side::Partner => Ok(Page { value: Vec::new(), next_link: None, count: None }),
        }
    });
    let controls = ListControls::new(base, LISTING);
    let refreshed = t::partner_relationships::refreshed;
    let partners = ListData::new(controls, routes::RELATIONSHIPS, query, refreshed);
    let list = partners.list;
    let refresh = move |()| {
        partners.refresh();
        waiting.reload();
    };
    view! {
        {waiting_view(waiting)}
        {head(side, controls, partners, Callback::new(refresh))}
        {listing::body(
            partners,
            controls,
            SEARCH_ID,
            |row| row.id.to_string(),
            (move || empty(side)).into(),
            (move || table(base, side, list, controls)).into(),
        )}
    }
}

/// What stands above the list.
fn head(
    side: Side,
    controls: ListControls,
    partners: ListData<Relationship>,
    refresh: Callback<()>,
) -> View {
    let [kind, status] = controls.filters;
    let export = move || address(routes::RELATIONSHIPS_EXPORT, &partners.query.read());
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
                choices=kinds()
            />
            <Filter
                label=t::partner_relationships::filter_status
                value=status
                choices=statuses()
            />
        </Toolbar>
        <ListTools
            count=move || count(side, partners.list)
            on_refresh=refresh
            export=Signal::derive(export)
        />
    }
}

/// What is shown while there is no partner, or no customer.
fn empty(side: Side) -> View {
    if side == Side::Partner {
        return view! {
            <EmptyState
                icon=Icon::People
                title=t::customers::empty
                hint=t::customers::empty_hint
            >
                <Link href="/invitations" class="button secondary">
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
            <Link href="/help/partners" class="button secondary">
                {t::partner_relationships::what_can}
            </Link>
        </EmptyState>
    }
}

fn kinds() -> Vec<SelectOption> {
    let choice = |kind: &PartnerType| {
        let kind = *kind;
        SelectOption::new(kind, move || words::partner_type(kind))
    };
    PartnerType::ALL.iter().map(choice).collect()
}

fn statuses() -> Vec<SelectOption> {
    let choice = |status: &RelationshipStatus| {
        let status = *status;
        SelectOption::new(status, move || words::relationship_status(status))
    };
    RelationshipStatus::ALL.iter().map(choice).collect()
}

/// How many partners there are, and how many of them are shown.
fn count(side: Side, list: Loader<Page<Relationship>>) -> String {
    let Some((all, shown)) = counts(list) else { return String::new() };
    match (side, shown.map(intl::number)) {
        (Side::Customer, Some(shown)) => t::partner_relationships::count_of(all, &shown),
        (Side::Customer, None) => t::partner_relationships::count(all),
        (Side::Partner, Some(shown)) => t::customers::count_of(all, &shown),
        (Side::Partner, None) => t::customers::count(all),
    }
}

fn table(
    base: &'static str,
    side: Side,
    list: Loader<Page<Relationship>>,
    controls: ListControls,
) -> View {
    let columns = RelationshipField::ALL
        .iter()
        .map(|field| TableColumn::new(field.as_str(), column(side, *field)).sortable())
        .collect();
    let rows =
        move || list.with(|load| load.ready().map(|page| page.value.clone()).unwrap_or_default());
    view! {
        <Table
            caption=side.title()
            columns=columns
            sort=Signal::derive(move || Some(controls.shown.read().sort))
            on_sort=move |sort| controls.sort(sort)
        >
            {each(
                rows,
                |row| format!("{} {} {}", row.id, row.etag.0, row.agreement.as_str()),
                move |relationship| row(&relationship, base, side),
            )}
        </Table>
    }
}

/// The heading of a column.
fn column(side: Side, field: RelationshipField) -> fn() -> String {
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

fn row(relationship: &Relationship, base: &'static str, side: Side) -> View {
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
    let Relationship { id, relationship_type, agreement, since, ends, status, .. } = *relationship;
    let partner = &relationship.partner;
    let (name, domain) = match side {
        Side::Customer => (partner.name.to_string(), Some(partner.domain.to_string())),
        Side::Partner => (relationship.customer_name.to_string(), None),
    };
    let domain =
        domain.map(|domain| view! { class = scope, <span class="row-note">{domain}</span> });
    let roles = relationship.admin_roles.iter().map(|grant| grant.role).collect();
    view! { class = scope,
        <tr role="row">
            <Cell of=RelationshipField::Partner.as_str() header=true>
                <span class="row-partner">
                    <a id=id.to_string() href=format!("{base}/{id}")>
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
            <Cell of=RelationshipField::Status.as_str()>{status_view(status)}</Cell>
        </tr>
    }
}

/// Whether the agreement was accepted; what lacks stands out.
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

/// When the first role ends, with a warning where that is soon.
fn ends_view(ends: Option<Timestamp>) -> View {
    let Some(ends) = ends else { return view! { <NoValue /> } };
    let date = move || intl::date(ends.milliseconds());
    let now = intl::now();
    if soon(ends, now) {
        let label = move || intl::relative(ends.milliseconds(), now.milliseconds());
        view! { {date} " " <Badge label=label intent=Intent::Warning /> }
    } else {
        date.into_view()
    }
}

/// How many whole days are left until this moment.
fn days_until(moment: Timestamp, now: Timestamp) -> usize {
    usize::try_from((moment.milliseconds() - now.milliseconds()) / DAY).unwrap_or_default()
}

/// Whether this moment is near enough to think of what comes after it.
fn soon(moment: Timestamp, now: Timestamp) -> bool {
    moment < now.plus(30 * DAY)
}

/// Whether a relationship stands, as a badge.
pub(super) fn status_view(status: RelationshipStatus) -> View {
    let intent = match status {
        RelationshipStatus::Active => Intent::Success,
        RelationshipStatus::Ended => Intent::Neutral,
    };
    view! { <Badge label=move || words::relationship_status(status) intent=intent /> }
}

/// The invitations that wait for an answer; nothing where there are none.
fn waiting_view(invitations: Loader<Page<Invitation>>) -> View {
    let scope = style! {
        .waiting-failed {
            margin-bottom: var(--space-3);
        }
    };
    let found = Memo::new(move |_| {
        invitations.with(|load| match load {
            LoadState::Loading => Ok(Vec::new()),
            LoadState::Ready(page) => Ok(waiting(&page.value)),
            LoadState::Failed(failure) => Err(failure.clone()),
        })
    });
    let view = move || match found.get() {
        Ok(invitations) if invitations.is_empty() => ().into_view(),
        Ok(invitations) => view! { <Waiting invitations=invitations /> },
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

/// The invitations that can be answered, the first to expire first.
fn waiting(invitations: &[Invitation]) -> Vec<Invitation> {
    let mut waiting: Vec<_> = invitations
        .iter()
        .filter(|invitation| invitation.status == InvitationStatus::Sent)
        .cloned()
        .collect();
    super::order_by(&mut waiting, |invitation| invitation.state.expires());
    waiting
}

#[component]
fn Waiting(invitations: Vec<Invitation>) -> View {
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
    let rows = invitations.iter().map(waiting_row).collect_view();
    view! { class = scope,
        <section aria-labelledby="waiting">
            <h2 id="waiting">{Icon::Clock} {t::partner_relationships::waiting}</h2>
            <ul>{rows}</ul>
        </section>
    }
}

fn waiting_row(invitation: &Invitation) -> View {
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
    let now = intl::now();
    let when = match invitation.state {
        InvitationState::Sent { at, expires, .. } => {
            let at = at.milliseconds();
            let days = days_until(expires, now);
            let expires = move || match days {
                0 => t::partner_relationships::expires_today(),
                days => t::partner_relationships::expires(days),
            };
            let sent = move || t::partner_relationships::sent(&intl::date(at));
            view! { class = scope, {expires} <span class="waiting-note">{sent}</span> }
        }
        _ => ().into_view(),
    };
    let href = format!("{}/{}", routes::INVITATION_PAGE, invitation.id);
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
            <Link href=href class="button secondary">
                {t::partner_relationships::review}
                <span class="visually-hidden">
                    {move || t::partner_relationships::review_of(&partner)}
                </span>
            </Link>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_people_would_write_it() {
        let shown =
            LISTING.parse("?type=reseller&status=all&sort=since&desc=true&search=wide+world");
        assert_eq!(shown.filters, ["reseller", ""]);
        assert_eq!(shown.sort, TableSort { column: "since", descending: true });
        assert_eq!(
            LISTING.query(&shown),
            "search=wide%20world&type=reseller&status=all&sort=since&desc=true"
        );
    }

    #[test]
    fn the_server_can_read_every_query() {
        for address in ["", "status=all", "type=mpsa&status=ended&sort=ends&desc=true&search=é"] {
            let shown = LISTING.parse(address);
            let query = RelationshipQuery::parse(&query(&shown)).expect("a query of ours");
            assert_eq!(query.search, shown.search);
            assert_eq!(query.statuses.len(), usize::from(!shown.filters[1].is_empty()));
            assert_eq!(query.order.field.as_str(), shown.sort.column);
        }
    }

    #[test]
    fn an_end_is_soon_within_thirty_days() {
        let now = Timestamp::from_milliseconds(1_700_000_000_000);
        assert!(soon(now.plus(29 * DAY), now));
        assert!(!soon(now.plus(31 * DAY), now));
        assert_eq!(days_until(now.plus(2 * DAY - 1), now), 1);
        assert_eq!(days_until(now.plus(-DAY), now), 0);
    }
}
