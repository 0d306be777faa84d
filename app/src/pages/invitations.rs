//! Invitations: the list of the partner's invitations.

use api::{InvitationResource, Page, routes};
use leptos::prelude::*;
use rules::{InvitationStatus, OrganizationAction};
use stylers_macro::style;

use super::desk::{self, COMPOSE_PATH, INVITATIONS_PATH, InvitationTimes};
use crate::{
    client, intl,
    load::Loader,
    t,
    ui::{
        Button, ButtonKind, Cell, EmptyState, Filter, Icon, LinkButton, ListView, NoValue,
        PageTitle, SelectOption, Table, TableColumn, Toolbar,
    },
    view::{IntoView, View, each, view},
    words,
};

/// The list of invitations.
#[component]
pub fn Invitations() -> View {
    let list = Loader::new(|| client::get::<Page<InvitationResource>>(routes::INVITATIONS));
    let status = desk::use_status_filter(INVITATIONS_PATH);
    let is_shown = move |invitation: &InvitationResource| {
        let status = status.read();
        status.is_empty() || status.as_str() == invitation.status.as_str()
    };
    let count = move || t::invitations::count(desk::filtered_items(list, is_shown).len());
    let refusal = untrack(|| desk::organization_refusal(OrganizationAction::DraftInvitation));
    let new_button = match refusal {
        None => view! {
            <LinkButton
                href=COMPOSE_PATH
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
        <Toolbar count=count>
            {new_button}
            <Filter label=t::invitations::status value=status choices=status_choices() />
        </Toolbar>
        <ListView
            state=Signal::derive(move || desk::list_state(list, is_shown))
            on_retry=move |()| list.retry()
            on_clear=move |()| status.set(String::new())
            empty=|| {
                view! {
                    <EmptyState
                        icon=Icon::Send
                        title=t::invitations::empty
                        hint=t::invitations::empty_hint
                    />
                }
            }
        >
            <Table
                caption=t::shell::invitations
                columns=vec![
                    TableColumn::new("customer", t::invitations::customer),
                    TableColumn::new("type", t::invitations::kind),
                    TableColumn::new("status", t::invitations::status),
                    TableColumn::new("drafted", t::invitations::drafted),
                    TableColumn::new("sent", t::invitations::sent),
                    TableColumn::new("expires", t::invitations::expires),
                    TableColumn::new("answered", t::invitations::answered),
                ]
            >
                {each(
                    move || desk::filtered_items(list, is_shown),
                    |invitation| format!("{} {}", invitation.id, invitation.etag.0),
                    |invitation| row(&invitation),
                )}
            </Table>
        </ListView>
    }
}

fn status_choices() -> Vec<SelectOption> {
    let choice = |status: &InvitationStatus| {
        let status = *status;
        SelectOption::new(status, move || words::invitation_status(status))
    };
    InvitationStatus::ALL.iter().map(choice).collect()
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
    let href = format!("{INVITATIONS_PATH}/{}", invitation.id);
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
            <Cell of="customer" header=true>
                <span class="invitation-customer">
                    <a href=href>{name}</a>
                    <span class="invitation-note">{domain}</span>
                </span>
            </Cell>
            <Cell of="type">{move || words::partner_type(kind)}</Cell>
            <Cell of="status">{desk::invitation_status_badge(status)}</Cell>
            <Cell of="drafted">{move || intl::date(drafted)}</Cell>
            <Cell of="sent">{sent}</Cell>
            <Cell of="expires">{desk::date_or_none(times.expires)}</Cell>
            <Cell of="answered">{desk::date_or_none(times.answered)}</Cell>
        </tr>
    }
}
