//! Settings > Partner relationships: the partners that work with the organization, and
//! the invitations that wait for its answer.
//!
//! Everything that the list shows is in the page's address, so links, bookmarks and
//! the browser's Back find it again.

use std::{fmt, time::Duration};

use api::{
    AgreementState, Invitation, Order, Page, Relationship, RelationshipField, RelationshipQuery,
    decode_component, encode_component, routes,
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use rules::{
    DAY, InvitationState, InvitationStatus, OrganisationKind, PartnerType, RelationshipStatus,
    Timestamp,
};
use stylers_macro::style;

use crate::{
    browser, client, intl,
    load::{Load, Loaded, effect},
    pages::{
        paging::{More, MoreButton, next_link},
        roles::RoleNames,
    },
    session, t,
    ui::{
        Badge, Button, ButtonKind, Cell, Choice, Column, EmptyState, Filter, Icon, Intent, Link,
        ListState, ListView, MessageBar, NoValue, PageTitle, SearchBox, Sort, Table, Toolbar,
        announce,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// How long typing must rest before it is searched for.
const REST: Duration = Duration::from_millis(250);

/// The most characters that are searched for; the server refuses more.
const SEARCH_MAX: usize = 200;

/// The id of the search box.
const SEARCH_ID: &str = "search-partners";

/// In the address: relationships of any status.
const ANY: &str = "all";

/// What the list shows, as the page's address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    search: String,
    kind: Option<PartnerType>,
    status: Option<RelationshipStatus>,
    order: Order<RelationshipField>,
}

impl Default for Shown {
    fn default() -> Self {
        let order = Order { field: RelationshipField::Partner, descending: false };
        let status = Some(RelationshipStatus::Active);
        Self { search: String::new(), kind: None, status, order }
    }
}

impl Shown {
    /// Reads the query of an address. What is unknown counts as usual, because the
    /// address may come from an older link.
    fn parse(query: &str) -> Self {
        let mut shown = Self::default();
        for pair in query.trim_start_matches('?').split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(value) = decode_component(value) else { continue };
            match name {
                "search" => value.trim().clone_into(&mut shown.search),
                "type" => shown.kind = value.parse().ok(),
                "status" if value == ANY => shown.status = None,
                "status" => shown.status = value.parse().ok().or(shown.status),
                "sort" => shown.order.field = value.parse().unwrap_or(shown.order.field),
                "desc" => shown.order.descending = value != "false",
                _ => {}
            }
        }
        shown
    }

    /// What the server is asked for.
    fn query(&self) -> RelationshipQuery {
        RelationshipQuery {
            search: self.search.chars().take(SEARCH_MAX).collect(),
            types: self.kind.into_iter().collect(),
            statuses: self.status.into_iter().collect(),
            order: self.order,
            ..RelationshipQuery::default()
        }
    }

    /// Whether an empty list may mean that the search or a filter left nothing.
    fn narrowed(&self) -> bool {
        !self.search.is_empty()
            || self.kind.is_some()
            || self.status == Some(RelationshipStatus::Ended)
    }

    fn sort(&self) -> Sort {
        Sort { column: self.order.field.as_str(), descending: self.order.descending }
    }
}

impl fmt::Display for Shown {
    /// The query of the address; what is as usual is left out.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = Self::default();
        let mut options = Vec::new();
        if !self.search.is_empty() {
            options.push(format!("search={}", encode_component(&self.search)));
        }
        if let Some(kind) = self.kind {
            options.push(format!("type={kind}"));
        }
        if self.status != usual.status {
            options.push(format!("status={}", self.status.map_or(ANY, RelationshipStatus::as_str)));
        }
        if self.order.field != usual.order.field {
            options.push(format!("sort={}", self.order.field));
        }
        if self.order.descending {
            options.push("desc=true".to_owned());
        }
        formatter.write_str(&options.join("&"))
    }
}

/// An address with a query, which may be empty.
fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
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
        match session::current().with_untracked(|session| session.organisation.kind) {
            OrganisationKind::Customer => Self::Customer,
            OrganisationKind::Partner => Self::Partner,
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
    let scope = style! {
        .updating {
            opacity: 0.6;
            transition: opacity var(--normal) 200ms;
        }
        .list-continues {
            margin-top: var(--space-4);
        }
    };
    let location = use_location();
    // While the page is left, the address is already that of the next one.
    let shown = Memo::new(move |before: Option<&Shown>| {
        let here = location.pathname.read().trim_end_matches('/') == base;
        match before {
            Some(before) if !here => before.clone(),
            _ => Shown::parse(&location.search.read()),
        }
    });
    let side = Side::own();
    // What waits for a customer's answer stands above its list; a partner has a page for it.
    let waiting = Loaded::new(move || async move {
        match side {
            Side::Customer => client::get::<Page<Invitation>>(routes::INVITATIONS).await,
            Side::Partner => Ok(Page { value: Vec::new(), next_link: None, count: None }),
        }
    });
    let partners = Partners::new(shown);
    let list = partners.list;
    let more = More::new();
    let controls = Controls::new(base, shown);
    let refresh = move |()| {
        partners.refreshing.set_value(true);
        list.again();
        waiting.again();
    };
    let clear = move |()| {
        controls.show(Shown { order: shown.get_untracked().order, ..Shown::default() });
        // The button that was pressed goes when the list is there.
        if let Some(search) = browser::element(SEARCH_ID) {
            let _ = search.focus();
        }
    };
    let updating = partners.updating;
    view! { class = scope,
        {waiting_view(waiting)}
        {head(side, controls, partners, Callback::new(refresh))}
        <div class:updating=move || updating.get() aria-busy=move || updating.get().then_some("true")>
            <ListView
                state=Signal::derive(move || partners.state())
                empty=move || empty(side)
                on_retry=move |()| list.retry()
                on_clear=clear
            >
                {move || table(base, side, list, shown, controls)}
            </ListView>
        </div>
        <div class="list-continues">
            <MoreButton
                more=more
                there_is=Signal::derive(move || list.with(next_link).is_some())
                label=t::partner_relationships::load_more
                on_press=move |()| more.fetch(list, |row| row.id.to_string())
            />
        </div>
    }
}

/// What the server has of what is to be shown.
#[derive(Clone, Copy)]
struct Partners {
    list: Loaded<Page<Relationship>>,
    /// The query that the server is asked.
    query: Memo<String>,
    /// Whether what is in the list is older than what is asked for.
    updating: RwSignal<bool>,
    /// Whether a search or a filter may have left out what is not in the list.
    narrowed: StoredValue<bool>,
    /// Whether somebody waits to hear that the list is up to date.
    refreshing: StoredValue<bool>,
}

impl Partners {
    fn new(shown: Memo<Shown>) -> Self {
        let query = Memo::new(move |_| shown.read().query().to_string());
        let updating = RwSignal::new(false);
        let refreshing = StoredValue::new(false);
        let narrowed = StoredValue::new(shown.with_untracked(Shown::narrowed));
        let list = Loaded::new(move || {
            let asked = query.get();
            updating.set(true);
            async move {
                let path = address(routes::RELATIONSHIPS, &asked);
                let answer = client::get::<Page<Relationship>>(&path).await;
                if query.try_get_untracked().is_some_and(|query| query == asked) {
                    narrowed.set_value(shown.with_untracked(Shown::narrowed));
                    updating.set(false);
                }
                if answer.is_ok() && refreshing.try_get_value() == Some(true) {
                    announce(&untrack(t::partner_relationships::refreshed));
                }
                let _ = refreshing.try_set_value(false);
                answer
            }
        });
        Self { list, query, updating, narrowed, refreshing }
    }

    fn state(self) -> ListState {
        self.list.with(|load| match load {
            Load::Loading => ListState::Loading,
            Load::Failed(failure) => ListState::Failed(failure.text()),
            Load::Ready(page) if !page.value.is_empty() => ListState::Ready,
            Load::Ready(_) if self.narrowed.get_value() => ListState::NoResult,
            Load::Ready(_) => ListState::Empty,
        })
    }
}

/// What stands above the list.
fn head(side: Side, controls: Controls, partners: Partners, refresh: Callback<()>) -> View {
    let scope = style! {
        .list-head {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            margin-bottom: var(--space-2);
        }
        .list-size {
            flex: 1 0 auto;
            margin: 0;
            color: var(--text-2);
        }
    };
    let export = move || address(routes::RELATIONSHIPS_EXPORT, &partners.query.read());
    view! { class = scope,
        <Toolbar>
            <SearchBox
                id=SEARCH_ID
                label=side.text(t::partner_relationships::search, t::customers::search)
                value=controls.search
            />
            <Filter
                label=t::partner_relationships::filter_type
                value=controls.kind
                choices=kinds()
            />
            <Filter
                label=t::partner_relationships::filter_status
                value=controls.status
                choices=statuses()
            />
        </Toolbar>
        <div class="list-head">
            <p class="list-size" role="status">
                {move || count(side, partners.list)}
            </p>
            <Button
                label=t::partner_relationships::refresh
                kind=ButtonKind::Subtle
                icon=Icon::Refresh
                on_press=refresh
            />
            <a class="button subtle" href=export download="">
                {Icon::Download}
                {t::partner_relationships::export}
            </a>
        </div>
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

/// The search box, the filters and the columns, in step with the page's address.
#[derive(Clone, Copy)]
struct Controls {
    search: RwSignal<String>,
    kind: RwSignal<String>,
    status: RwSignal<String>,
    shown: Memo<Shown>,
    /// Goes to the address of what is to be shown; `true` replaces the one before.
    go: Callback<(Shown, bool)>,
}

impl Controls {
    fn new(base: &'static str, shown: Memo<Shown>) -> Self {
        let at_first = shown.get_untracked();
        let search = RwSignal::new(at_first.search.clone());
        let kind = RwSignal::new(kind_value(&at_first));
        let status = RwSignal::new(status_value(&at_first));
        // The search that the address got from here. When the address says it, the
        // box is left alone: somebody may have typed on.
        let sent = StoredValue::new(at_first.search);
        let rest = StoredValue::new(None::<TimeoutHandle>);
        let typing_goes_on = move || {
            if let Some(handle) = rest.try_update_value(Option::take).flatten() {
                handle.clear();
            }
        };
        let navigate = use_navigate();
        let go = Callback::new(move |(wanted, replace): (Shown, bool)| {
            typing_goes_on();
            if wanted == shown.get_untracked() {
                return;
            }
            sent.set_value(wanted.search.clone());
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate(&address(base, &wanted.to_string()), options);
        });
        let controls = Self { search, kind, status, shown, go };

        effect(move || {
            let shown = shown.get();
            if sent.get_value() != shown.search {
                typing_goes_on();
                sent.set_value(shown.search.clone());
                search.set(shown.search.clone());
            }
            set_if_other(kind, kind_value(&shown));
            set_if_other(status, status_value(&shown));
        });
        Effect::new(move |before: Option<()>| {
            search.track();
            typing_goes_on();
            if before.is_some() && controls.wanted().search != shown.read_untracked().search {
                let search = move || controls.go.run((controls.wanted(), true));
                rest.set_value(set_timeout_with_handle(search, REST).ok());
            }
        });
        effect(move || {
            let chosen = (kind.get(), status.get());
            let shown = shown.get_untracked();
            if chosen != (kind_value(&shown), status_value(&shown)) {
                controls.go.run((controls.wanted(), false));
            }
        });
        on_cleanup(typing_goes_on);
        controls
    }

    /// What the controls say.
    fn wanted(self) -> Shown {
        Shown {
            search: self.search.read_untracked().trim().to_owned(),
            kind: self.kind.read_untracked().parse().ok(),
            status: self.status.read_untracked().parse().ok(),
            order: self.shown.read_untracked().order,
        }
    }

    fn sort(self, sort: Sort) {
        if let Ok(field) = sort.column.parse() {
            let order = Order { field, descending: sort.descending };
            self.go.run((Shown { order, ..self.wanted() }, false));
        }
    }

    fn show(self, wanted: Shown) {
        self.search.set(wanted.search.clone());
        self.go.run((wanted, false));
    }
}

fn set_if_other(signal: RwSignal<String>, value: String) {
    if *signal.read_untracked() != value {
        signal.set(value);
    }
}

fn kind_value(shown: &Shown) -> String {
    shown.kind.map(String::from).unwrap_or_default()
}

fn status_value(shown: &Shown) -> String {
    shown.status.map(String::from).unwrap_or_default()
}

fn kinds() -> Vec<Choice> {
    let choice = |kind: &PartnerType| {
        let kind = *kind;
        Choice::new(kind, move || words::partner_type(kind))
    };
    PartnerType::ALL.iter().map(choice).collect()
}

fn statuses() -> Vec<Choice> {
    let choice = |status: &RelationshipStatus| {
        let status = *status;
        Choice::new(status, move || words::relationship_status(status))
    };
    RelationshipStatus::ALL.iter().map(choice).collect()
}

/// How many partners there are, and how many of them are shown.
fn count(side: Side, list: Loaded<Page<Relationship>>) -> String {
    list.with(|load| {
        let Some(page) = load.ready() else { return String::new() };
        let shown = page.value.len();
        let all = page.count.and_then(|count| usize::try_from(count).ok()).unwrap_or(shown);
        match (side, shown < all) {
            (Side::Customer, true) => t::partner_relationships::count_of(all, &intl::number(shown)),
            (Side::Customer, false) => t::partner_relationships::count(all),
            (Side::Partner, true) => t::customers::count_of(all, &intl::number(shown)),
            (Side::Partner, false) => t::customers::count(all),
        }
    })
}

fn table(
    base: &'static str,
    side: Side,
    list: Loaded<Page<Relationship>>,
    shown: Memo<Shown>,
    controls: Controls,
) -> View {
    let columns = RelationshipField::ALL
        .iter()
        .map(|field| Column::new(field.as_str(), column(side, *field)).sortable())
        .collect();
    let rows =
        move || list.with(|load| load.ready().map(|page| page.value.clone()).unwrap_or_default());
    view! {
        <Table
            caption=side.title()
            columns=columns
            sort=Signal::derive(move || Some(shown.read().sort()))
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
fn waiting_view(invitations: Loaded<Page<Invitation>>) -> View {
    let scope = style! {
        .waiting-failed {
            margin-bottom: var(--space-3);
        }
    };
    let found = Memo::new(move |_| {
        invitations.with(|load| match load {
            Load::Loading => Ok(Vec::new()),
            Load::Ready(page) => Ok(waiting(&page.value)),
            Load::Failed(failure) => Err(failure.clone()),
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
    fn an_address_without_a_query_shows_the_usual() {
        assert_eq!(Shown::parse(""), Shown::default());
        assert_eq!(Shown::parse("?"), Shown::default());
        assert_eq!(Shown::default().to_string(), "");
        assert_eq!(address("/a", ""), "/a");
    }

    #[test]
    fn everything_survives_the_address() {
        let fields = RelationshipField::ALL.iter().copied();
        let kinds = [None, Some(PartnerType::Reseller), Some(PartnerType::OemPc)];
        let statuses = [None, Some(RelationshipStatus::Active), Some(RelationshipStatus::Ended)];
        let searches = ["", "fabrikam", "a&b=c d", "100% é", "+31", "?#"];
        for field in fields {
            for descending in [false, true] {
                for kind in kinds {
                    for status in statuses {
                        for search in searches {
                            let order = Order { field, descending };
                            let shown = Shown { search: search.to_owned(), kind, status, order };
                            assert_eq!(Shown::parse(&shown.to_string()), shown);
                            assert_eq!(Shown::parse(&format!("?{shown}")), shown);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn an_address_reads_as_people_would_write_it() {
        let shown =
            Shown::parse("?type=reseller&status=all&sort=since&desc=true&search=wide+world");
        assert_eq!(shown.kind, Some(PartnerType::Reseller));
        assert_eq!(shown.status, None);
        assert_eq!(shown.order, Order { field: RelationshipField::Since, descending: true });
        assert_eq!(shown.search, "wide world");
    }

    #[test]
    fn what_an_address_says_wrong_counts_as_usual() {
        let shown =
            Shown::parse("?type=friend&status=asleep&sort=colour&desc=false&x=1&search=%ff");
        assert_eq!(shown, Shown::default());
    }

    #[test]
    fn the_server_can_read_every_query() {
        let long = Shown { search: "é".repeat(300), status: None, ..Shown::default() };
        for shown in [Shown::default(), long] {
            let query = shown.query();
            assert_eq!(RelationshipQuery::parse(&query.to_string()), Ok(query));
        }
    }

    #[test]
    fn only_a_search_or_a_filter_can_leave_nothing() {
        assert!(!Shown::default().narrowed());
        assert!(!Shown::parse("status=all&sort=since").narrowed());
        assert!(Shown::parse("status=ended").narrowed());
        assert!(Shown::parse("search=x").narrowed());
        assert!(Shown::parse("type=mpsa").narrowed());
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
