//! Invitations: the list of the partner's invitations.

use api::{
    InvitationField, InvitationFilter, InvitationList, InvitationQuery, InvitationResource, routes,
};
use leptos::prelude::*;
use rules::{InvitationStatus, OrganizationAction};
use stylers_macro::style;

use crate::{
    areas::desk::invitation_parts::{InvitationTimes, date_or_none, invitation_status_badge},
    features::{
        guards::organization_refusal,
        listing::{
            self, CountTexts, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools,
        },
    },
    intl,
    route::Route,
    t,
    ui::{
        Button, ButtonKind, Cell, EmptyState, Filter, Icon, LinkButton, NoValue, PageTitle,
        SearchBox, SelectOption, Table, TableColumn, TableSort, Toolbar,
    },
    view::{IntoView, View, each, view},
    words,
};

/// The id of the search box.
const SEARCH_ID: &str = "search-invitations";

/// The filter and the sort order of the list.
const LIST_SPEC: ListSpec = ListSpec {
    filters: &[FilterSpec {
        name: "status",
        default: "",
        is_valid: |value| value.parse::<InvitationStatus>().is_ok(),
    }],
    column: |key| key.parse().ok().map(InvitationField::as_str),
    default: TableSort { column: InvitationField::Created.as_str(), descending: true },
};

const COUNT: CountTexts = CountTexts { all: t::invitations::count, some: t::invitations::count_of };

fn query(params: &ListParams) -> InvitationQuery {
    params.list_query::<InvitationList>(InvitationFilter {
        status: params.filter("status").parse().into_iter().collect(),
        ..InvitationFilter::default()
    })
}

/// The list of invitations.
#[component]
pub fn Invitations() -> View {
    let controls = ListControls::new(Route::Invitations, LIST_SPEC);
    let invitations =
        ListData::new(controls, routes::INVITATIONS, query, |row: &InvitationResource| {
            row.id.to_string()
        });
    let refusal = untrack(|| organization_refusal(OrganizationAction::DraftInvitation));
    let new_button = match refusal {
        None => view! {
            <LinkButton
                href=Route::NewInvitation
                label=t::invitations::new
                kind=ButtonKind::Primary
                icon=Icon::Add
            />
        },
        Some(refusal) => view! {
            <Button
                label=t::invitations::new
                icon=Icon::Add
                disabled_reason=Signal::derive(move || Some(words::refusal(refusal)))
            />
        },
    };
    view! {
        <PageTitle title=t::shell::invitations intro=t::invitations::intro />
        <Toolbar>
            {new_button}
            <SearchBox id=SEARCH_ID label=t::invitations::search value=controls.search />
            <Filter
                label=t::invitations::status
                value=controls.filter("status")
                choices=status_choices()
            />
        </Toolbar>
        <ListTools
            count=move || COUNT.text(invitations.list)
            on_refresh=move |()| invitations.refresh()
        />
        {listing::list_body(
            invitations.list,
            controls,
            SEARCH_ID,
            empty.into(),
            (move || table(controls, invitations)).into(),
        )}
    }
}

fn empty() -> View {
    view! {
        <EmptyState
            icon=Icon::Send
            title=t::invitations::empty
            hint=t::invitations::empty_hint
        />
    }
}

fn table(controls: ListControls, invitations: ListData<InvitationResource>) -> View {
    let customer = InvitationField::Partner.as_str();
    let status = InvitationField::Status.as_str();
    let drafted = InvitationField::Created.as_str();
    let columns = vec![
        TableColumn::new(customer, t::invitations::customer).sortable(),
        TableColumn::new("type", t::invitations::kind),
        TableColumn::new(status, t::invitations::status).sortable(),
        TableColumn::new(drafted, t::invitations::drafted).sortable(),
        TableColumn::new("sent", t::invitations::sent),
        TableColumn::new("expires", t::invitations::expires),
        TableColumn::new("answered", t::invitations::answered),
    ];
    view! {
        <Table
            caption=t::shell::invitations
            columns=columns
            sort=controls.current_sort()
            on_sort=move |sort| controls.sort(sort)
        >
            {each(
                move || invitations.rows(),
                |invitation| format!("{} {}", invitation.id, invitation.etag.0),
                |invitation| row(&invitation),
            )}
        </Table>
    }
}

fn status_choices() -> Vec<SelectOption> {
    SelectOption::for_each(InvitationStatus::ALL, words::invitation_status)
}

fn row(invitation: &InvitationResource) -> View {
    let scope = style! {
        .invitation-customer {
            display: block;
            min-width: 155px;
        }
        .invitation-note {
            display: block;
            color: var(--text-2);
            font-weight: 400;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
            overflow-wrap: anywhere;
        }
    };
    let (kind, status) = (invitation.relationship_type, invitation.status);
    let id = invitation.id.to_string();
    let href = Route::Invitation(Some(invitation.id)).path();
    let name = invitation.customer_name.to_string();
    let domain = invitation.customer_domain.to_string();
    let drafted = invitation.created.milliseconds();
    let times = InvitationTimes::from_invitation(invitation);
    let sent = match (times.sent, times.resent) {
        (None, _) => view! { <NoValue /> },
        (Some(sent), None) => (move || intl::date(sent)).into_view(),
        (Some(sent), Some(resent)) => view! { class = scope,
            {move || intl::date(sent)}
            <span class="invitation-note">
                {move || t::invitations::again_on(&intl::date(resent))}
            </span>
        },
    };
    view! { class = scope,
        <tr role="row">
            <Cell of=InvitationField::Partner.as_str() header=true>
                <span class="invitation-customer">
                    <a id=id href=href>
                        {name}
                    </a>
                    <span class="invitation-note">{domain}</span>
                </span>
            </Cell>
            <Cell of="type">{move || words::partner_type(kind)}</Cell>
            <Cell of=InvitationField::Status.as_str()>{invitation_status_badge(status)}</Cell>
            <Cell of=InvitationField::Created.as_str()>{move || intl::date(drafted)}</Cell>
            <Cell of="sent">{sent}</Cell>
            <Cell of="expires">{date_or_none(times.expires)}</Cell>
            <Cell of="answered">{date_or_none(times.answered)}</Cell>
        </tr>
    }
}
