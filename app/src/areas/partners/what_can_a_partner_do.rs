//! What can a partner do: an explanation of the eight partner types, derived from the
//! rules.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{
    AdminRole, Cloud, Member, OrganizationId, OrganizationKind, PartnerType, Refusal, Relationship,
    RelationshipAction, RelationshipFacts, RelationshipId, RelationshipState, RoleGrant, Timestamp,
    UserId, UserRole, check,
};
use stylers_macro::style;

use crate::{
    browser,
    load::effect,
    route::Route,
    t,
    text::Text,
    ui::{Cell, Icon, PageTitle, Table, TableColumn},
    view::{CollectView, View, view},
    words,
};

/// Returns the URL of the explanation of a type.
pub fn type_explanation_url(kind: PartnerType) -> String {
    format!("{}#{kind}", Route::WhatCanAPartnerDo)
}

/// The page **What can a partner do**.
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
    effect(move || scroll_to_fragment(hash.get()));
    let cards = PartnerType::ALL.iter().map(|kind| type_card(*kind)).collect_view();
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
        <div class="help-cards">{instructions()}</div>
    }
}

/// Scrolls to the part of the page that the URL's fragment names. The browser itself looked
/// for it before the page was rendered.
fn scroll_to_fragment(hash: String) {
    // One frame later than the page's title, which takes the focus after a navigation.
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

/// Applies the rules to a Global administrator's action on a partner of this type that
/// holds all the roles it can hold.
fn check_action(kind: PartnerType, action: RelationshipAction) -> Result<(), Refusal> {
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
    let record = Relationship {
        id: RelationshipId::new(now, 0),
        customer,
        cloud: Cloud::Worldwide,
        partner: OrganizationId::new(now, 2),
        partner_type: kind,
        grants: kind.admin_roles().iter().map(grant).collect(),
        since: now,
        invitation: None,
        state: RelationshipState::Active,
        version: 1,
    };
    let facts = RelationshipFacts {
        record,
        active_subscriptions: 0,
        agreement_accepted: true,
        offer: None,
    };
    check(&actor, &facts, action, now)
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
            <Cell of="sells">{yes_no_view(kind.resells())}</Cell>
            <Cell of="roles">{roles_text(kind)}</Cell>
            <Cell of="remove">{yes_no_view(check_action(kind, RelationshipAction::RemoveAdminRoles).is_ok())}</Cell>
            <Cell of="delete">{yes_no_view(check_action(kind, RelationshipAction::Delete).is_ok())}</Cell>
        </tr>
    }
}

fn yes_no_view(is: bool) -> View {
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

/// Returns the admin roles that a partner of this type can hold, in words.
fn roles_text(kind: PartnerType) -> impl Fn() -> String + Send + 'static {
    move || {
        let names: Vec<_> =
            kind.admin_roles().iter().map(|role| words::admin_role(*role)).collect();
        match check_action(kind, RelationshipAction::RemoveAdminRoles) {
            Err(Refusal::RolesHeldByAccount) => t::what_can_a_partner_do::account_roles(),
            _ if names.is_empty() => t::what_can_a_partner_do::no_roles(),
            _ if kind.always_requests_roles() => crate::intl::list(&names),
            _ => format!(
                "{} ({})",
                crate::intl::list(&names),
                t::what_can_a_partner_do::when_asked()
            ),
        }
    }
}

/// Returns how the admin roles can be removed, according to the rules.
fn removal_text(kind: PartnerType) -> String {
    match check_action(kind, RelationshipAction::RemoveAdminRoles) {
        Ok(()) if kind.without_admin_roles() == kind => t::what_can_a_partner_do::you_remove(),
        Ok(()) => t::what_can_a_partner_do::you_remove_stays(&words::partner_type(
            kind.without_admin_roles(),
        )),
        Err(refusal) => words::refusal(refusal),
    }
}

/// Returns how such a relationship ends, according to the rules.
fn ending_text(kind: PartnerType) -> String {
    match check_action(kind, RelationshipAction::Delete) {
        Ok(()) => t::what_can_a_partner_do::you_delete(),
        Err(refusal) => words::refusal(refusal),
    }
}

fn type_card(kind: PartnerType) -> View {
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
            <p>{roles_text(kind)}</p>
            <h4>{t::what_can_a_partner_do::remove_roles}</h4>
            <p>{move || removal_text(kind)}</p>
            <h4>{t::what_can_a_partner_do::ends}</h4>
            <p>{move || ending_text(kind)}</p>
        </article>
    }
}

/// A function that returns a text of this page.
type TextFn = fn() -> String;

/// Renders short instructions for common tasks.
fn instructions() -> View {
    use t::what_can_a_partner_do as t;
    let partners = (Route::PartnerRelationships, t::partners_link as TextFn);
    let agreement = (Route::Agreement, t::agreement_link as TextFn);
    view! {
        {instructions_card(t::find, &[t::find_1, t::find_2, t::find_3], None)}
        {instructions_card(t::accept, &[t::accept_1, t::accept_2, t::accept_3, t::accept_4], Some(agreement))}
        {instructions_card(t::remove, &[t::remove_1, t::remove_2, t::remove_3], Some(partners))}
        {instructions_card(t::delete, &[t::delete_1, t::delete_2, t::delete_3], Some(partners))}
    }
}

fn instructions_card(title: TextFn, lines: &[TextFn], link: Option<(Route, TextFn)>) -> View {
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
    let link = link.map(|(page, label)| {
        view! { class = scope,
            <p class="steps-link">
                <a href=page.path()>{label}</a>
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
    fn each_type_ends_as_documented() {
        use PartnerType as P;
        let deletable = [P::DelegatedAdministrator, P::Advisor];
        let removable =
            [P::DelegatedAdministrator, P::ResellerAndDelegatedAdministrator, P::Advisor];
        for kind in PartnerType::ALL {
            let delete = check_action(*kind, RelationshipAction::Delete);
            let remove = check_action(*kind, RelationshipAction::RemoveAdminRoles);
            assert_eq!(delete.is_ok(), deletable.contains(kind), "{kind}");
            assert_eq!(remove.is_ok(), removable.contains(kind), "{kind}");
        }
        let reseller = check_action(P::Reseller, RelationshipAction::Delete);
        assert_eq!(reseller, Err(Refusal::ResellerEndsRelationship));
        let account = check_action(P::Partner, RelationshipAction::RemoveAdminRoles);
        assert_eq!(account, Err(Refusal::RolesHeldByAccount));
    }

    #[test]
    fn each_type_has_an_anchor() {
        assert_eq!(type_explanation_url(PartnerType::Reseller), "/help/partners#reseller");
    }
}
