//! Customers: the partner's list of relationships, and the details of one of them.

use api::{AgreementState, RelationshipResource, SubscriptionFilter, routes};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use rules::{
    EndedBy, NextStep, PartnerType, Refusal, RelationshipAction, RelationshipState, RoleGrant,
    check,
};
use stylers_macro::style;

use crate::{
    features::{
        agreement_hint::agreement_hint,
        consequences::consequence_lists,
        listing::list_crumb,
        relationship_actions::{
            ConfirmRelationshipDialog, RelationshipActionState, RelationshipCommand,
            admin_role_names, grant_period,
        },
        relationship_history::{fetch_history, history_view},
        relationship_list::{self, RelationshipList},
        resource::{DetailsPage, FetchedResource},
        subscription_card::{self, SubscriptionCard},
    },
    intl,
    load::Loader,
    route::{Route, use_param},
    session, t,
    text::Text,
    ui::{Button, Card, DescriptionItem, DescriptionList, Icon, Link, PageTitle, unique_id},
    view::{CollectView, IntoView, View, view},
    words,
};

/// The list of customers, which is the customer's list of partners seen by the partner.
#[component]
pub fn Customers() -> View {
    view! {
        <PageTitle title=t::shell::customers intro=t::customers::intro />
        <RelationshipList list=Route::Customers details=Route::Customer />
    }
}

/// The page of one customer, for `/customers/{relationship}`: the relationship, and the actions
/// that give up roles or end it.
#[component]
pub fn CustomerDetails() -> View {
    let id = use_param(|route| if let Route::Customer(id) = route { Some(id) } else { None });
    let customer = FetchedResource::<RelationshipResource>::fetch(move || {
        Some(routes::of_relationship(routes::RELATIONSHIP, id.get()?))
    });
    view! {
        <DetailsPage
            crumbs=vec![list_crumb(t::shell::customers, Route::Customers)]
            name=move || customer.text(t::customers::customer, |one| one.customer_name.to_string())
            badge=customer.part(|one| relationship_list::status_badge(one.status))
            state=customer.state
            list=Route::Customers
            list_label=t::shell::all_customers
            retry=Callback::new(move |()| customer.loaded.retry())
        >
            {move || view! {
                <CustomerSections loaded=customer.loaded current=customer.current />
            }}
        </DetailsPage>
    }
}

#[component]
fn CustomerSections(
    loaded: Loader<Option<RelationshipResource>>,
    current: Memo<Option<RelationshipResource>>,
) -> View {
    let history = fetch_history(current);
    let refresh_history = Callback::new(move |()| history.pages.loader.reload());
    let giving_up = RelationshipActionState::new(
        RelationshipCommand::GiveUpAdminRoles,
        loaded,
        refresh_history,
    );
    let ending = RelationshipActionState::new(RelationshipCommand::End, loaded, refresh_history);
    let session = session::current();
    let order_refusal = Memo::new(move |_| {
        let actor = session.read().actor();
        let facts = current.read().as_ref().map(RelationshipResource::facts)?;
        check(&actor, &facts, RelationshipAction::Order, intl::now()).err()
    });
    let section = move |content: fn(&RelationshipResource) -> View| {
        move || current.read().as_ref().map(content)
    };
    let question = move |text: fn(&str) -> String| {
        Text::from(move || {
            let current = current.read();
            current.as_ref().map(|one| text(one.customer_name.as_str())).unwrap_or_default()
        })
    };
    view! {
        <div class="stack">
            <div class="row">
                <Button
                    label=t::customers::give_up
                    icon=Icon::Key
                    disabled_reason=Signal::derive(move || giving_up.refusal_text())
                    on_press=move |()| giving_up.show()
                />
                <Button
                    label=t::customers::end
                    icon=Icon::Delete
                    disabled_reason=Signal::derive(move || ending.refusal_text())
                    on_press=move |()| ending.show()
                />
            </div>
            <Card title=t::customers::relationship>{section(relationship_details)}</Card>
            {current.get_untracked().map(|one| subscriptions_card(&one, order_refusal))}
            <Card title=t::customers::admin_roles>{section(admin_roles)}</Card>
            <Card title=t::customers::history>{history_view(history)}</Card>
        </div>
        <ConfirmRelationshipDialog
            action=giving_up
            question=question(t::customers::give_up_question)
            label=t::customers::give_up
        >
            {section(give_up_consequences)}
        </ConfirmRelationshipDialog>
        <ConfirmRelationshipDialog
            action=ending
            question=question(t::customers::end_question)
            label=t::customers::end
        >
            {section(end_consequences)}
        </ConfirmRelationshipDialog>
    }
}

/// Shows the customer's subscriptions that the partner sells or is the partner of record for,
/// and the button to order, or why the partner can't order.
fn subscriptions_card(
    relationship: &RelationshipResource,
    order_refusal: Memo<Option<Refusal>>,
) -> View {
    let id = relationship.id;
    let subscriptions = subscription_card::fetch(SubscriptionFilter {
        customer: Some(relationship.customer),
        ..SubscriptionFilter::default()
    });
    let navigate = use_navigate();
    let order = {
        let purchase = Route::CustomerPurchase(Some(id)).path();
        Callback::new(move |()| navigate(&purchase, NavigateOptions::default()))
    };
    let reason_id = unique_id("order-reason");
    let reason = {
        let reason_id = reason_id.clone();
        move || {
            let refusal = order_refusal.get()?;
            let reason = if refusal.next_step() == NextStep::AcceptAgreement {
                agreement_hint(refusal)
            } else {
                view! { <p class="muted">{move || words::refusal(refusal)}</p> }
            };
            Some(view! { <div id=reason_id.clone()>{reason}</div> })
        }
    };
    let footer = move || {
        view! {
            {reason.clone()}
            <div>
                <Button
                    label=t::customers::order
                    icon=Icon::Cart
                    disabled_reason=Signal::derive(move || order_refusal.get().map(words::refusal))
                    reason_id=reason_id.clone()
                    on_press=order
                />
            </div>
        }
    };
    view! {
        <SubscriptionCard
            title=t::customers::own_subscriptions
            subscriptions=subscriptions
            customer=id
            empty=t::customers::no_subscriptions
            foot=footer
        />
    }
}

/// Shows the facts of the relationship.
fn relationship_details(relationship: &RelationshipResource) -> View {
    let (kind, agreement) = (relationship.relationship_type, relationship.agreement);
    let (since, cloud) = (relationship.since.milliseconds(), relationship.cloud);
    let end = match relationship.state {
        RelationshipState::Ended { at, by, .. } => {
            let by = match by {
                EndedBy::Customer => t::customers::ended_by_customer,
                EndedBy::Partner => t::customers::ended_by_partner,
            };
            let text = move || by(&intl::date(at.milliseconds()));
            view! { <DescriptionItem label=t::customers::ended_on>{text}</DescriptionItem> }
        }
        RelationshipState::Active => match relationship.ends {
            Some(ends) => view! {
                <DescriptionItem label=t::customers::ends>{move || intl::date(ends.milliseconds())}</DescriptionItem>
            },
            None => ().into_view(),
        },
    };
    let sells = kind.resells().then(|| {
        let count = usize::try_from(relationship.active_subscriptions).unwrap_or(usize::MAX);
        view! {
            <DescriptionItem label=t::customers::subscriptions>{move || intl::number(count)}</DescriptionItem>
        }
    });
    let offer = relationship.offer.clone().map(|offer| {
        let text = move || {
            let count = usize::try_from(offer.quantity).unwrap_or(usize::MAX);
            let licenses = t::invitations::licenses(count, offer.product.as_str());
            format!(
                "{}: {licenses}. {}",
                words::offer_kind(offer.kind),
                t::customers::offer_waits()
            )
        };
        view! { <DescriptionItem label=t::customers::offer>{text}</DescriptionItem> }
    });
    let invitation = relationship.invitation.map(|id| {
        view! {
            <DescriptionItem label=t::customers::invitation>
                <Link href=Route::Invitation(Some(id))>{t::words::see_invitation}</Link>
            </DescriptionItem>
        }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=t::customers::kind>{move || words::partner_type(kind)}</DescriptionItem>
            <DescriptionItem label=t::customers::cloud>{move || words::cloud(cloud)}</DescriptionItem>
            <DescriptionItem label=t::customers::agreement>{agreement_text(agreement)}</DescriptionItem>
            <DescriptionItem label=t::customers::since>{move || intl::date(since)}</DescriptionItem>
            {end}
            {sells}
            {offer}
            {invitation}
        </DescriptionList>
    }
}

/// Returns the state of the customer's agreement, and what it means for the partner.
fn agreement_text(agreement: AgreementState) -> impl Fn() -> String + Send + Sync + 'static {
    move || {
        let state = words::agreement_state(agreement);
        match agreement {
            AgreementState::NotAccepted => format!("{state}. {}", t::customers::no_orders()),
            AgreementState::Accepted | AgreementState::NotNeeded => state,
        }
    }
}

/// Shows the partner's admin roles.
fn admin_roles(relationship: &RelationshipResource) -> View {
    let scope = style! {
        .customer-roles {
            display: grid;
            gap: var(--space-3);
            margin: 0;
            padding: 0;
            list-style: none;
        }
        .customer-role-when {
            display: block;
            color: var(--text-2);
        }
    };
    if relationship.admin_roles.is_empty() {
        let text = if relationship.relationship_type == PartnerType::Partner {
            t::customers::roles_of_account
        } else {
            t::customers::no_roles
        };
        return view! { <p>{text}</p> };
    }
    let items = relationship
        .admin_roles
        .iter()
        .map(|grant| {
            let (grant, role): (RoleGrant, _) = (*grant, grant.role);
            view! { class = scope,
                <li>
                    <strong>{move || words::admin_role(role)}</strong>
                    <span class="customer-role-when">
                        {move || grant_period(&grant)}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { class = scope, <ul class="customer-roles">{items}</ul> }
}

/// Shows the consequences of giving up the admin roles.
fn give_up_consequences(relationship: &RelationshipResource) -> View {
    let customer = relationship.customer_name.as_str();
    let remaining = relationship.relationship_type.without_admin_roles();
    let changes = vec![
        t::customers::give_up_changes_roles(customer, &admin_role_names(relationship)),
        t::customers::give_up_changes_back(customer),
        t::customers::told(customer),
    ];
    let mut unchanged = vec![t::customers::give_up_stays_listed(&words::partner_type(remaining))];
    if remaining.resells() {
        unchanged.push(t::customers::give_up_stays_orders(customer));
    }
    unchanged.push(t::customers::stays_made(customer));
    consequence_lists(changes, unchanged)
}

/// Shows the consequences of ending the relationship.
fn end_consequences(relationship: &RelationshipResource) -> View {
    let customer = relationship.customer_name.as_str();
    let mut changes = vec![t::customers::end_changes_ends(customer)];
    if !relationship.admin_roles.is_empty() {
        let roles = admin_role_names(relationship);
        changes.push(t::customers::give_up_changes_roles(customer, &roles));
    }
    if relationship.relationship_type.resells() {
        changes.push(t::customers::end_changes_orders(customer));
    }
    changes.push(t::customers::end_changes_back(customer));
    changes.push(t::customers::told(customer));
    let unchanged =
        vec![t::customers::end_stays_history(customer), t::customers::stays_made(customer)];
    consequence_lists(changes, unchanged)
}
