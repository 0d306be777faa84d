//! What can a partner do: the eight types explained, out of the rules that decide.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{
    AdminRole, Cloud, Member, OrganizationId, OrganizationKind, PartnerType, Refusal, Relationship,
    RelationshipAction, RelationshipId, RelationshipState, RoleGrant, Timestamp, UserId, UserRole,
    check,
};
use stylers_macro::style;

use crate::{
    browser,
    load::effect,
    t,
    text::Text,
    ui::{Cell, Icon, PageTitle, Table, TableColumn},
    view::{CollectView, View, view},
    words,
};

/// The path of this page; the types are its anchors.
pub(super) const PATH: &str = "/help/partners";

/// Where a type is explained.
pub(super) fn explained(kind: PartnerType) -> String {
    format!("{PATH}#{kind}")
}

/// The page.
#[component]
pub fn WhatCanAPartnerDo() -> View {
    let scope = style! {
        .help-part {
            margin: var(--space-8) 0 var(--space-3);
        }
        .help-cards {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr));
            gap: var(--space-4);
        }
    };
    let hash = use_location().hash;
    effect(move || go_to(hash.get()));
    let cards = PartnerType::ALL.iter().map(|kind| card(*kind)).collect_view();
    view! { class = scope,
        <PageTitle
            title=t::shell::what_can_a_partner_do
            intro=t::what_can_a_partner_do::intro
        />
        <h2 class="help-part">{t::what_can_a_partner_do::compare}</h2>
        {comparison()}
        <h2 class="help-part">{t::what_can_a_partner_do::types}</h2>
        <div class="help-cards">{cards}</div>
        <h2 class="help-part">{t::what_can_a_partner_do::how}</h2>
        <div class="help-cards">{steps()}</div>
    }
}

/// Shows the part of the page that the address names. The browser itself looked for it
/// before the page was there.
fn go_to(hash: String) {
    // View more later than the page's title, which takes the focus after a navigation.
    request_animation_frame(move || {
        request_animation_frame(move || {
            let id = hash.trim_start_matches('#');
            if let Some(element) = browser::element_by_id(id).filter(|_| !id.is_empty()) {
                let _ = element.focus();
                element.scroll_into_view();
            }
        });
    });
}

/// What the rules say when a Global administrator wants to do this with a partner of
/// this type that holds every role it can hold.
fn allowed(kind: PartnerType, action: RelationshipAction) -> Result<(), Refusal> {
    let now = Timestamp::from_milliseconds(0);
    let customer = OrganizationId::new(now, 1);
    let user = UserId::new(now, 0);
    let actor = rules::Actor::Member(Member {
        user,
        organization: customer,
        kind: OrganizationKind::Customer,
        clouds: vec![Cloud::Worldwide],
        roles: vec![UserRole::GlobalAdministrator],
    });
    let grant = |role: &AdminRole| RoleGrant { role: *role, since: now, ends: None };
    let relationship = Relationship {
        id: RelationshipId::new(now, 0),
        customer,
        cloud: Cloud::Worldwide,
        partner: OrganizationId::new(now, 2),
        partner_type: kind,
        grants: kind.admin_roles().iter().map(grant).collect(),
        since: now,
        invitation: None,
        state: RelationshipState::Active,
        active_subscriptions: 0,
        agreement_accepted: true,
        offer: None,
        version: 1,
    };
    check(&actor, &relationship, action, now)
}

fn comparison() -> View {
    let columns = vec![
        TableColumn::new("type", t::what_can_a_partner_do::column_type),
        TableColumn::new("sells", t::what_can_a_partner_do::column_sells),
        TableColumn::new("roles", t::what_can_a_partner_do::column_roles),
        TableColumn::new("remove", t::what_can_a_partner_do::column_remove),
        TableColumn::new("delete", t::what_can_a_partner_do::column_delete),
    ];
    view! {
        <Table caption=t::what_can_a_partner_do::compare columns=columns>
            {PartnerType::ALL.iter().map(|kind| comparison_row(*kind)).collect_view()}
        </Table>
    }
}

fn comparison_row(kind: PartnerType) -> View {
    view! {
        <tr role="row">
            <Cell of="type" header=true>
                <a href=format!("#{kind}")>{move || words::partner_type(kind)}</a>
            </Cell>
            <Cell of="sells">{yes(kind.resells())}</Cell>
            <Cell of="roles">{roles(kind)}</Cell>
            <Cell of="remove">{yes(allowed(kind, RelationshipAction::RemoveAdminRoles).is_ok())}</Cell>
            <Cell of="delete">{yes(allowed(kind, RelationshipAction::Delete).is_ok())}</Cell>
        </tr>
    }
}

fn yes(is: bool) -> View {
    let scope = style! {
        .yes {
            display: inline-flex;
            align-items: center;
            gap: var(--space-1);
            color: var(--success-text);
            font-weight: 600;
        }
    };
    if is {
        view! { class = scope,
            <span class="yes">{Icon::Check} {t::what_can_a_partner_do::yes}</span>
        }
    } else {
        view! { <span class="muted">{t::what_can_a_partner_do::no}</span> }
    }
}

/// The admin roles that a partner of this type can hold, in words.
fn roles(kind: PartnerType) -> impl Fn() -> String + Send + 'static {
    move || {
        let names: Vec<_> =
            kind.admin_roles().iter().map(|role| words::admin_role(*role)).collect();
        match allowed(kind, RelationshipAction::RemoveAdminRoles) {
            Err(Refusal::RolesHeldByAccount) => t::what_can_a_partner_do::account_roles(),
            _ if names.is_empty() => t::what_can_a_partner_do::no_roles(),
            _ if kind.always_asks_for_roles() => crate::intl::list(&names),
            _ => format!(
                "{} ({})",
                crate::intl::list(&names),
                t::what_can_a_partner_do::when_asked()
            ),
        }
    }
}

/// What becomes of the admin roles, as the rules say it.
fn removal(kind: PartnerType) -> String {
    match allowed(kind, RelationshipAction::RemoveAdminRoles) {
        Ok(()) if kind.without_roles() == kind => t::what_can_a_partner_do::you_remove(),
        Ok(()) => {
            t::what_can_a_partner_do::you_remove_stays(&words::partner_type(kind.without_roles()))
        }
        Err(refusal) => words::refusal(refusal),
    }
}

/// How such a relationship ends, as the rules say it.
fn ending(kind: PartnerType) -> String {
    match allowed(kind, RelationshipAction::Delete) {
        Ok(()) => t::what_can_a_partner_do::you_delete(),
        Err(refusal) => words::refusal(refusal),
    }
}

fn card(kind: PartnerType) -> View {
    let scope = style! {
        article {
            scroll-margin-top: 64px;
            padding: var(--space-5);
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: var(--surface);
        }
        h3 {
            margin-bottom: var(--space-1);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        h4 {
            margin: var(--space-3) 0 var(--space-1);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
        p {
            margin: 0;
        }
        ul {
            margin: 0;
            padding-left: var(--space-5);
        }
    };
    let capabilities = kind
        .capabilities()
        .iter()
        .map(|capability| view! { <li>{move || words::capability(*capability)}</li> })
        .collect_view();
    view! { class = scope,
        <article id=kind.as_str() tabindex="-1">
            <h3>{move || words::partner_type(kind)}</h3>
            <p>{move || words::partner_type_description(kind)}</p>
            <h4>{t::what_can_a_partner_do::can_do}</h4>
            <ul>{capabilities}</ul>
            <h4>{t::what_can_a_partner_do::admin_roles}</h4>
            <p>{roles(kind)}</p>
            <h4>{t::what_can_a_partner_do::remove_roles}</h4>
            <p>{move || removal(kind)}</p>
            <h4>{t::what_can_a_partner_do::ends}</h4>
            <p>{move || ending(kind)}</p>
        </article>
    }
}

/// A text of this page.
type Message = fn() -> String;

/// Short steps for what people come here to do.
fn steps() -> View {
    use t::what_can_a_partner_do as t;
    let partners = ("/settings/partner-relationships", t::partners_link as Message);
    let agreement = ("/billing/accounts/agreement", t::agreement_link as Message);
    view! {
        {step(t::find, &[t::find_1, t::find_2, t::find_3], None)}
        {step(t::accept, &[t::accept_1, t::accept_2, t::accept_3, t::accept_4], Some(agreement))}
        {step(t::remove, &[t::remove_1, t::remove_2, t::remove_3], Some(partners))}
        {step(t::delete, &[t::delete_1, t::delete_2, t::delete_3], Some(partners))}
    }
}

fn step(title: Message, lines: &[Message], link: Option<(&'static str, Message)>) -> View {
    let scope = style! {
        .steps {
            padding: var(--space-5);
            border-radius: var(--radius-8);
            background-color: var(--surface-2);
        }
        .steps-title {
            margin-bottom: var(--space-2);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .steps-list {
            margin: 0;
            padding-left: var(--space-5);
        }
        .steps-link {
            margin: var(--space-3) 0 0;
        }
    };
    let lines = lines.iter().map(|line| view! { <li>{Text::from(*line)}</li> }).collect_view();
    let link = link.map(|(href, label)| {
        view! { class = scope,
            <p class="steps-link">
                <a href=href>{label}</a>
            </p>
        }
    });
    view! { class = scope,
        <section class="steps">
            <h3 class="steps-title">{title}</h3>
            <ol class="steps-list">{lines}</ol>
            {link}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_end_as_the_product_says() {
        use PartnerType as P;
        let deletable = [P::DelegatedAdministrator, P::Advisor];
        let removable =
            [P::DelegatedAdministrator, P::ResellerAndDelegatedAdministrator, P::Advisor];
        for kind in PartnerType::ALL {
            let delete = allowed(*kind, RelationshipAction::Delete);
            let remove = allowed(*kind, RelationshipAction::RemoveAdminRoles);
            assert_eq!(delete.is_ok(), deletable.contains(kind), "{kind}");
            assert_eq!(remove.is_ok(), removable.contains(kind), "{kind}");
        }
        let reseller = allowed(P::Reseller, RelationshipAction::Delete);
        assert_eq!(reseller, Err(Refusal::ResellerEndsRelationship));
        let account = allowed(P::Partner, RelationshipAction::RemoveAdminRoles);
        assert_eq!(account, Err(Refusal::RolesHeldByAccount));
    }

    #[test]
    fn each_type_has_an_anchor() {
        assert_eq!(explained(PartnerType::Reseller), "/help/partners#reseller");
    }
}
