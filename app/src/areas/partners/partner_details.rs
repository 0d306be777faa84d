//! A partner's page: its details, its capabilities, the history of the relationship, and
//! the actions that end it.

use api::{
    AgreementState, Partner, RelationshipResource, SubscriptionFilter, encode_component, routes,
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{
    AdminRole, Capability, CapabilityStatus, EndedBy, PartnerType, Refusal, RelationshipAction,
    RelationshipState, RelationshipStatus, RoleGrant, check,
};
use stylers_macro::style;

use crate::{
    areas::partners::what_can_a_partner_do,
    features::{
        agreement_acceptance,
        consequences::consequence_lists,
        create_from_offer::CreateFromOffer,
        list_place,
        listing::list_crumb,
        relationship_actions::{
            ConfirmRelationshipDialog, RelationshipActionState, RelationshipCommand,
            admin_role_names, grant_period,
        },
        relationship_history::{fetch_history, history_view},
        relationship_list,
        resource::{DetailsPage, FetchedResource, NotFoundTexts},
        subscription_card::{self, SubscriptionCard},
    },
    intl,
    load::Loader,
    route::{Route, use_param},
    session, t,
    text::Text,
    ui::{Badge, Button, Card, Crumb, DescriptionItem, DescriptionList, Icon, Intent, LinkButton},
    view::{CollectView, IntoView, View, view},
    words,
};

/// Returns a summary of what the partner can do now, in a sentence or two.
fn relationship_summary(relationship: &RelationshipResource) -> String {
    let name = relationship.partner.name.as_str();
    if relationship.status == RelationshipStatus::Ended {
        return t::partner_details::summary_ended(name);
    }
    let kind = relationship.relationship_type;
    let highest = relationship.admin_roles.iter().map(|grant| grant.role).min();
    let agreement_missing = relationship.agreement == AgreementState::NotAccepted;
    let sentence = match (highest, kind.resells(), agreement_missing) {
        (Some(AdminRole::GlobalAdministrator), false, _) => t::partner_details::summary_global,
        (Some(AdminRole::GlobalAdministrator), true, false) => {
            t::partner_details::summary_global_sells
        }
        (Some(AdminRole::GlobalAdministrator), true, true) => {
            t::partner_details::summary_global_blocked
        }
        (Some(AdminRole::HelpdeskAdministrator), false, _) => t::partner_details::summary_helpdesk,
        (Some(AdminRole::HelpdeskAdministrator), true, false) => {
            t::partner_details::summary_helpdesk_sells
        }
        (Some(AdminRole::HelpdeskAdministrator), true, true) => {
            t::partner_details::summary_helpdesk_blocked
        }
        (None, true, false) => t::partner_details::summary_sells,
        (None, true, true) => t::partner_details::summary_sells_blocked,
        (None, false, _) => match kind {
            PartnerType::Advisor => t::partner_details::summary_advisor,
            PartnerType::Partner => t::partner_details::summary_partner,
            PartnerType::Mpsa => t::partner_details::summary_mpsa,
            PartnerType::OemPc => t::partner_details::summary_oem_pc,
            PartnerType::Lob => t::partner_details::summary_lob,
            PartnerType::Reseller
            | PartnerType::DelegatedAdministrator
            | PartnerType::ResellerAndDelegatedAdministrator => t::partner_details::summary_none,
        },
    };
    sentence(name)
}

/// The page of a partner.
#[component]
pub fn PartnerDetails() -> View {
    let id = use_param(|route| {
        if let Route::Partner(id) | Route::BillingPartner(id) = route { Some(id) } else { None }
    });
    // The list from which the partner was opened.
    let is_billing = matches!(Route::current_untracked(), Route::BillingPartner(_));
    let list = if is_billing { Route::BillingRelationships } else { Route::PartnerRelationships };
    let partner = FetchedResource::<RelationshipResource>::fetch(move || {
        Some(routes::of_relationship(routes::RELATIONSHIP, id.get()?))
    });
    view! {
        <DetailsPage
            crumbs=crumbs(list)
            name=move || partner.text(t::partner_details::title, |one| one.partner.name.to_string())
            badge=partner.part(|one| relationship_list::status_badge(one.status))
            state=partner.state
            list=list
            list_label=t::partner_details::back
            not_found=NotFoundTexts {
                title: t::partner_details::not_found,
                hint: t::partner_details::not_found_hint,
            }
            retry=Callback::new(move |()| partner.loaded.retry())
        >
            {move || view! {
                <Details list=list loaded=partner.loaded current=partner.current />
            }}
        </DetailsPage>
    }
}

fn crumbs(list: Route) -> Vec<Crumb> {
    let above = (list == Route::BillingRelationships)
        .then(|| Crumb::new(t::shell::billing_accounts, Route::BillingAccounts));
    above.into_iter().chain([list_crumb(t::shell::partner_relationships, list)]).collect()
}

/// The content of the page once the partner is loaded.
#[component]
fn Details(
    list: Route,
    loaded: Loader<Option<RelationshipResource>>,
    current: Memo<Option<RelationshipResource>>,
) -> View {
    let scope = style! {
        .lead {
            max-width: 76ch;
            margin: 0 0 var(--space-4);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .actions {
            display: flex;
            flex-wrap: wrap;
            align-items: start;
            gap: var(--space-3) var(--space-4);
        }
        .columns {
            display: flex;
            flex-wrap: wrap;
            align-items: start;
            gap: var(--space-4);
            margin-top: var(--space-6);
        }
        .column {
            display: grid;
            flex: 1 1 300px;
            gap: var(--space-4);
            min-width: 0;
        }
        .column.wide {
            flex: 2 1 420px;
        }
    };
    let history = fetch_history(current);
    let navigate = use_navigate();
    let after_removal = Callback::new(move |()| history.pages.loader.reload());
    let after_deletion = Callback::new(move |()| {
        navigate(&list_place::last_address(&list.path()), NavigateOptions::default());
    });
    let removal =
        RelationshipActionState::new(RelationshipCommand::RemoveAdminRoles, loaded, after_removal);
    let deletion =
        RelationshipActionState::new(RelationshipCommand::Delete, loaded, after_deletion);

    let of = move |section: fn(&RelationshipResource) -> View| {
        move || current.read().as_ref().map(section)
    };
    view! { class = scope,
        <p class="lead">{move || current.read().as_ref().map(relationship_summary)}</p>
        <div class="actions">
            <Button
                label=t::partner_details::remove
                icon=Icon::Key
                disabled_reason=Signal::derive(move || removal.refusal_text())
                on_press=move |()| removal.show()
            />
            <Button
                label=t::partner_details::delete
                icon=Icon::Delete
                disabled_reason=Signal::derive(move || deletion.refusal_text())
                on_press=move |()| deletion.show()
            />
        </div>
        {pending_offer_view(loaded, current)}
        {of(ask_partner_to_end)}
        <div class="columns">
            <div class="column wide">
                <Card title=t::partner_details::admin_roles>{of(admin_roles_view)}</Card>
                {of(capabilities_card)}
                <Card title=t::partner_details::history>{history_view(history)}</Card>
            </div>
            <div class="column">
                {current.get_untracked().map(|one| subscriptions_of(&one.partner))}
                <Card title=t::partner_details::relationship>{of(relationship_view)}</Card>
                <Card title=t::partner_details::agreement>{of(agreement_view)}</Card>
                <Card title=t::partner_details::contact>{of(contact_view)}</Card>
            </div>
        </div>
        <ConfirmRelationshipDialog
            action=removal
            question=about_partner(current, t::partner_details::remove_question)
            label=t::partner_details::remove
        >
            {of(removal_view)}
        </ConfirmRelationshipDialog>
        <ConfirmRelationshipDialog
            action=deletion
            question=about_partner(current, t::partner_details::delete_question)
            label=t::partner_details::delete
        >
            {of(deletion_view)}
        </ConfirmRelationshipDialog>
    }
}

/// Returns a reactive text with the partner's name.
fn about_partner(current: Memo<Option<RelationshipResource>>, text: fn(&str) -> String) -> Text {
    Text::from(move || {
        current
            .read()
            .as_ref()
            .map(|relationship| text(relationship.partner.name.as_str()))
            .unwrap_or_default()
    })
}

fn removal_view(relationship: &RelationshipResource) -> View {
    let name = relationship.partner.name.as_str();
    let left = relationship.relationship_type.without_admin_roles();
    let mut changes = Vec::new();
    if !relationship.admin_roles.is_empty() {
        changes
            .push(t::partner_details::remove_changes_lost(name, &admin_role_names(relationship)));
    }
    changes.push(t::partner_details::remove_changes_may(name));
    let mut stays = vec![t::partner_details::remove_stays_listed(name, &words::partner_type(left))];
    if left.resells() {
        stays.push(match relationship.agreement {
            AgreementState::NotAccepted => t::partner_details::remove_stays_sell(name),
            AgreementState::Accepted | AgreementState::NotNeeded => {
                t::partner_details::remove_stays_order(name)
            }
        });
    }
    stays.push(t::partner_details::remove_stays_data());
    stays.push(t::partner_details::remove_stays_made(name));
    consequence_lists(changes, stays)
}

fn deletion_view(relationship: &RelationshipResource) -> View {
    let name = relationship.partner.name.as_str();
    let mut changes = vec![t::partner_details::delete_changes_ends(name)];
    if !relationship.admin_roles.is_empty() {
        changes
            .push(t::partner_details::delete_changes_roles(name, &admin_role_names(relationship)));
    }
    changes.push(t::partner_details::delete_changes_may(name));
    let stays = vec![
        t::partner_details::delete_stays_data(),
        t::partner_details::delete_stays_history(name),
        t::partner_details::delete_stays_made(name),
    ];
    consequence_lists(changes, stays)
}

/// Renders a hint if the customer can't delete the relationship: how to ask the partner to
/// end it.
fn ask_partner_to_end(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .instead {
            max-width: 76ch;
            margin-top: var(--space-4);
        }
        .instead p {
            margin: var(--space-1) 0 var(--space-3);
        }
    };
    let actor = session::actor();
    let refused =
        check(&actor, &relationship.facts(), RelationshipAction::Delete, intl::now()).err();
    let name = relationship.partner.name.to_string();
    let text = match refused {
        Some(Refusal::ResellerEndsRelationship) => t::partner_details::end_reseller,
        Some(Refusal::PartnerEndsRelationship) => t::partner_details::end_partner,
        _ => return ().into_view(),
    };
    if relationship.status == RelationshipStatus::Ended {
        return ().into_view();
    }
    let session = session::current();
    let session = session.read();
    let organization = &session.organization;
    let body = t::partner_details::end_body(
        &organization.id.to_string(),
        session.user.name.as_str(),
        organization.name.as_str(),
        &words::partner_type(relationship.relationship_type),
    );
    let subject = t::partner_details::end_subject(organization.name.as_str());
    let href = mailto(relationship.partner.email.as_str(), &subject, &body);
    view! { class = scope,
        <section class="card instead">
            <h2 class="card-title">{t::partner_details::end_title}</h2>
            <p>{text(&name)}</p>
            <a class="button secondary" href=href>
                {Icon::Mail}
                {t::partner_details::end_ask(&name)}
            </a>
        </section>
    }
}

/// Returns a `mailto:` link with subject and body (RFC 6068).
fn mailto(to: &str, subject: &str, body: &str) -> String {
    let to = encode_component(to).replace("%40", "@");
    let body = body.replace('\n', "\r\n");
    format!("mailto:{to}?subject={}&body={}", encode_component(subject), encode_component(&body))
}

fn admin_roles_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .grants {
            display: grid;
            gap: var(--space-4);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .grant {
            display: grid;
            grid-template-columns: 20px 1fr;
            gap: 0 var(--space-3);
        }
        .grant-icon {
            display: flex;
            color: var(--text-2);
        }
        .grant-icon.powerful {
            color: var(--warning-text);
        }
        .grant p {
            margin: 0;
        }
        .grant-when {
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    if relationship.admin_roles.is_empty() {
        let text = if relationship.relationship_type == PartnerType::Partner {
            words::refusal(Refusal::RolesHeldByAccount)
        } else {
            t::partner_details::no_roles(relationship.partner.name.as_str())
        };
        return view! { <p>{text}</p> };
    }
    let grant = |grant: &RoleGrant| {
        let role = grant.role;
        let powerful = role == AdminRole::GlobalAdministrator;
        let icon = if powerful { Icon::Warning } else { Icon::Key };
        view! { class = scope,
            <li class="grant">
                <span class="grant-icon" class:powerful=powerful>
                    {icon}
                </span>
                <div>
                    <p>
                        <strong>{words::admin_role(role)}</strong>
                    </p>
                    <p>{words::admin_role_description(role)}</p>
                    <p class="grant-when">{grant_period(grant)}</p>
                </div>
            </li>
        }
    };
    let grants = relationship.admin_roles.iter().map(grant).collect_view();
    view! { class = scope, <ul class="grants">{grants}</ul> }
}

fn capabilities_card(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .abilities {
            display: grid;
            gap: var(--space-2);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .ability {
            display: grid;
            grid-template-columns: 20px 1fr;
            gap: 0 var(--space-3);
        }
        .ability-icon {
            display: flex;
            color: var(--success-text);
        }
        .ability.missing {
            color: var(--text-2);
        }
        .ability.missing .ability-icon {
            color: var(--text-2);
        }
        .ability-why {
            display: block;
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    if relationship.status == RelationshipStatus::Ended {
        return ().into_view();
    }
    let line = |text: String, ability: CapabilityStatus| {
        let why = match ability {
            CapabilityStatus::Available => None,
            CapabilityStatus::AgreementMissing => Some(t::partner_details::missing_agreement()),
            CapabilityStatus::RoleMissing => Some(t::partner_details::missing_role()),
        };
        let missing = why.is_some();
        let icon = if missing { Icon::Circle } else { Icon::CheckCircle };
        let status_text = if missing {
            t::partner_details::can_not_do_now()
        } else {
            t::partner_details::can_do_now()
        };
        view! { class = scope,
            <li class="ability" class:missing=missing>
                <span class="ability-icon">{icon}</span>
                <span>
                    <span class="visually-hidden">{status_text} ": "</span>
                    {text}
                    {why.map(|why| view! { class = scope, <span class="ability-why">{why}</span> })}
                </span>
            </li>
        }
    };
    let capabilities = relationship.facts().capabilities(intl::now()).into_iter();
    let own = capabilities.map(|(capability, status)| {
        let text = if capability == Capability::ManageSubscriptions {
            t::partner_details::may_manage_subscriptions()
        } else {
            words::capability(capability)
        };
        line(text, status)
    });
    // The type defines the partner's purpose; a Global administrator can do far more.
    let powerful =
        relationship.admin_roles.iter().any(|grant| grant.role == AdminRole::GlobalAdministrator);
    let more =
        powerful.then(|| line(t::partner_details::may_everything(), CapabilityStatus::Available));
    let lines = own.chain(more).collect_view();
    view! { class = scope,
        <section class="card">
            <h2 class="card-title">{t::partner_details::can_do}</h2>
            <ul class="abilities">{lines}</ul>
        </section>
    }
}

/// Renders the offer that was accepted with the invitation and can now be created
/// (21Vianet).
fn pending_offer_view(
    loaded: Loader<Option<RelationshipResource>>,
    current: Memo<Option<RelationshipResource>>,
) -> View {
    let scope = style! {
        .waiting-offer {
            max-width: 76ch;
            margin-top: var(--space-4);
        }
    };
    let waits = Memo::new(move |_| {
        let current = current.read();
        let stands = |one: &&RelationshipResource| one.status == RelationshipStatus::Active;
        current.as_ref().filter(stands).is_some_and(|one| one.offer.is_some())
    });
    let view = move || {
        waits.get().then(|| {
            view! { class = scope,
                <div class="waiting-offer">
                    <Card title=t::create_from_offer::offer>
                        <div class="stack">
                            <div>
                                <Badge
                                    label=t::partner_details::offer_waiting
                                    intent=Intent::Info
                                />
                            </div>
                            <CreateFromOffer relationship=loaded />
                        </div>
                    </Card>
                </div>
            }
        })
    };
    view.into_view()
}

/// Renders the subscriptions with this partner as partner of record.
fn subscriptions_of(partner: &Partner) -> View {
    let (id, name) = (partner.id, partner.name.to_string());
    let empty = {
        let name = name.clone();
        move || t::partner_details::no_subscriptions(&name)
    };
    // A partner has an ID for each of its locations.
    let subscriptions = subscription_card::fetch(SubscriptionFilter {
        partner_of_record: Some(id),
        ..SubscriptionFilter::default()
    });
    let all = format!("{}?search={}&partner=any", Route::Subscriptions, encode_component(&name));
    let some =
        Memo::new(move |_| subscriptions.pages.count().is_some_and(|count| count.loaded() > 0));
    let foot = move || {
        let all = all.clone();
        let link = move |all| view! { <a href=all>{t::partner_details::all_subscriptions}</a> };
        move || some.get().then(|| link(all.clone()))
    };
    view! {
        <SubscriptionCard
            title=t::partner_details::subscriptions
            subscriptions=subscriptions
            empty=empty
            foot=foot
        />
    }
}

fn relationship_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .about-note {
            display: block;
            margin-bottom: var(--space-1);
            color: var(--text-2);
        }
    };
    let kind = relationship.relationship_type;
    let since = relationship.since.milliseconds();
    let end = match relationship.state {
        RelationshipState::Ended { at, by, .. } => {
            let by = match by {
                EndedBy::Customer => t::partner_details::ended_by_customer,
                EndedBy::Partner => t::partner_details::ended_by_partner,
            };
            view! { class = scope,
                <DescriptionItem label=t::partner_details::ended_on>
                    {move || intl::date(at.milliseconds())}
                    <span class="about-note">{by}</span>
                </DescriptionItem>
            }
        }
        RelationshipState::Active => match relationship.ends {
            Some(ends) => view! {
                <DescriptionItem label=t::partner_details::ends>
                    {move || intl::date(ends.milliseconds())}
                </DescriptionItem>
            },
            None => ().into_view(),
        },
    };
    view! { class = scope,
        <DescriptionList>
            <DescriptionItem label=t::partner_details::relationship_type>
                {move || words::partner_type(kind)}
                <span class="about-note">
                    {move || words::partner_type_description(kind)}
                </span>
                <a href=what_can_a_partner_do::type_explanation_url(kind)>{t::partner_details::what_can}</a>
            </DescriptionItem>
            <DescriptionItem label=t::partner_details::since>{move || intl::date(since)}</DescriptionItem>
            {end}
        </DescriptionList>
    }
}

fn agreement_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .agreed {
            display: grid;
            justify-items: start;
            gap: var(--space-3);
        }
        .agreed p {
            margin: 0;
        }
    };
    let state = relationship.agreement;
    let name = relationship.partner.name.as_str();
    match state {
        AgreementState::Accepted => {
            let accepted = session::current().read().organization.agreement.clone();
            let accepted = accepted.map(agreement_acceptance::acceptance_text);
            view! { class = scope,
                <div class="agreed">
                    <Badge label=move || words::agreement_state(state) intent=Intent::Success />
                    <p>{accepted}</p>
                </div>
            }
        }
        AgreementState::NotAccepted => view! { class = scope,
            <div class="agreed">
                <Badge label=move || words::agreement_state(state) intent=Intent::Warning />
                <p>{t::partner_details::agreement_needed(name)}</p>
                <LinkButton
                    href=Route::Agreement
                    label=t::partner_details::accept_agreement
                />
            </div>
        },
        AgreementState::NotNeeded => view! { class = scope,
            <div class="agreed">
                <p class="muted">{t::partner_details::agreement_not_needed}</p>
            </div>
        },
    }
}

fn contact_view(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .lines {
            white-space: pre-line;
        }
    };
    let partner = &relationship.partner;
    let email = partner.email.to_string();
    let mail = format!("mailto:{}", encode_component(&email).replace("%40", "@"));
    let phone = partner.phone.as_ref().map(|phone| {
        let phone = phone.to_string();
        let call: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! {
            <DescriptionItem label=t::partner_details::phone>
                <a href=format!("tel:{call}")>{phone}</a>
            </DescriptionItem>
        }
    });
    let address = partner.address.as_ref().map(|address| {
        let address = address.to_string();
        view! { class = scope,
            <DescriptionItem label=t::partner_details::address>
                <span class="lines">{address}</span>
            </DescriptionItem>
        }
    });
    let id = partner.partner_id.to_string();
    let domain = partner.domain.to_string();
    let country = partner.country.clone();
    let country = move || intl::country(country.as_str());
    let since = partner.partner_since.milliseconds();
    let since = move || intl::date(since);
    view! {
        <DescriptionList>
            <DescriptionItem label=t::partner_details::email>
                <a href=mail>{email}</a>
            </DescriptionItem>
            {phone}
            {address}
            <DescriptionItem label=t::partner_details::country>{country}</DescriptionItem>
            <DescriptionItem label=t::partner_details::domain>{domain}</DescriptionItem>
            <DescriptionItem label=t::partner_details::partner_id>{id}</DescriptionItem>
            <DescriptionItem label=t::partner_details::partner_since>{since}</DescriptionItem>
        </DescriptionList>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailto_link_is_percent_encoded() {
        let link = mailto("a+b@c.example", "Hello & goodbye", "One\nTwo? 100%");
        assert_eq!(
            link,
            "mailto:a%2Bb@c.example?subject=Hello%20%26%20goodbye&body=One%0D%0ATwo%3F%20100%25"
        );
    }
}
