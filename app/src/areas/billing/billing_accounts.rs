//! Billing accounts: the organization's accounts, its agreement and its partners.

use api::{BillingAccountResource, OrganizationResource, Page, routes};
use leptos::prelude::*;
use stylers_macro::style;

use crate::{
    client,
    features::{
        agreement_acceptance::{acceptance_text, version_text},
        relationship_list::RelationshipList,
    },
    intl,
    load::{LoadState, Loader},
    route::Route,
    session, t,
    ui::{
        Badge, ButtonKind, Card, DescriptionItem, DescriptionList, ErrorState, Intent, LinkButton,
        PageTitle, Skeleton, Tab, Tabs,
    },
    view::{CollectView, View, view},
    words,
};

/// The page with its tabs. The address selects the tab.
#[component]
pub fn BillingAccounts() -> View {
    let is_partners_tab = Route::current_untracked() == Route::BillingRelationships;
    let tabs = vec![
        Tab::new(t::billing_accounts::tab_account, Route::BillingAccounts),
        Tab::new(t::billing_accounts::tab_partners, Route::BillingRelationships),
    ];
    let content = if is_partners_tab {
        view! {
            <p class="page-intro">{t::partner_relationships::intro}</p>
            <RelationshipList list=Route::BillingRelationships details=Route::BillingPartner />
        }
    } else {
        account_tab()
    };
    view! {
        <PageTitle title=t::shell::billing_accounts intro=t::billing_accounts::intro />
        <Tabs label=t::shell::billing_accounts tabs=tabs />
        {content}
    }
}

fn account_tab() -> View {
    let session = session::current();
    let accounts =
        Loader::new(|| client::get::<Page<BillingAccountResource>>(routes::BILLING_ACCOUNTS));
    let accounts = move || match accounts.get() {
        LoadState::Loading => view! {
            <Card title=t::billing_accounts::tab_account>
                <Skeleton lines=2 />
            </Card>
        },
        LoadState::Failed(failure) => view! {
            <Card title=t::billing_accounts::tab_account>
                <ErrorState
                    reason=move || failure.text()
                    on_retry=move |()| accounts.retry()
                />
            </Card>
        },
        LoadState::Ready(page) => page.value.iter().map(billing_account).collect_view(),
    };
    view! {
        <div class="stack">
            {accounts}
            <Card title=t::billing_accounts::organization>
                {move || organization_details(&session.read().organization)}
            </Card>
            <Card title=t::billing_accounts::agreement>
                {move || agreement_details(&session.read().organization)}
            </Card>
        </div>
    }
}

/// Shows a billing account in a card.
fn billing_account(account: &BillingAccountResource) -> View {
    let (name, id) = (account.name.to_string(), account.id.to_string());
    let (currency, created) = (account.currency, account.created.milliseconds());
    view! {
        <Card title=t::billing_accounts::tab_account>
            <DescriptionList>
                <DescriptionItem label=t::billing_accounts::account_name>{name}</DescriptionItem>
                <DescriptionItem label=t::billing_accounts::account_id>{id}</DescriptionItem>
                <DescriptionItem label=t::billing_accounts::currency>
                    {move || intl::currency(currency)}
                </DescriptionItem>
                <DescriptionItem label=t::billing_accounts::opened>{move || intl::date(created)}</DescriptionItem>
            </DescriptionList>
        </Card>
    }
}

fn organization_details(organization: &OrganizationResource) -> View {
    let name = organization.name.to_string();
    let id = organization.id.to_string();
    let domain = organization.domain.to_string();
    let country = organization.country.clone();
    let clouds = organization.clouds.clone();
    let clouds =
        move || intl::list(&clouds.iter().map(|cloud| words::cloud(*cloud)).collect::<Vec<_>>());
    view! {
        <DescriptionList>
            <DescriptionItem label=t::billing_accounts::name>{name}</DescriptionItem>
            <DescriptionItem label=t::billing_accounts::organization_id>{id}</DescriptionItem>
            <DescriptionItem label=t::billing_accounts::domain>{domain}</DescriptionItem>
            <DescriptionItem label=t::billing_accounts::country>
                {move || intl::country(country.as_str())}
            </DescriptionItem>
            <DescriptionItem label=t::billing_accounts::cloud>{clouds}</DescriptionItem>
        </DescriptionList>
    }
}

/// Shows the state of the agreement, with a link to it.
fn agreement_details(organization: &OrganizationResource) -> View {
    let scope = style! {
        .account-agreement {
            display: grid;
            justify-items: start;
            gap: var(--space-3);
        }
        .account-agreement p {
            max-width: 76ch;
            margin: 0;
        }
    };
    let accept = || {
        view! {
            <LinkButton
                href=Route::Agreement
                label=t::billing_accounts::accept_agreement
                kind=ButtonKind::Primary
            />
        }
    };
    let current = organization.current_agreement;
    let content = match (organization.agreement.clone(), current) {
        (Some(accepted), Some(current)) if current > accepted.version => view! { class = scope,
            <Badge label=t::billing_accounts::newer intent=Intent::Warning />
            <p>{acceptance_text(accepted)}</p>
            <p>{move || t::billing_accounts::agreement_outdated(&version_text(current))}</p>
            {accept()}
        },
        (Some(accepted), _) => view! { class = scope,
            <Badge label=t::words::agreement_accepted intent=Intent::Success />
            <p>{acceptance_text(accepted)}</p>
            <a href=Route::Agreement.path()>{t::billing_accounts::read_agreement}</a>
        },
        (None, Some(_)) => view! { class = scope,
            <Badge label=t::words::agreement_not_accepted intent=Intent::Warning />
            <p>{t::billing_accounts::agreement_hint}</p>
            {accept()}
        },
        (None, None) => {
            view! { class = scope, <p>{t::billing_accounts::agreement_none}</p> }
        }
    };
    view! { class = scope, <div class="account-agreement">{content}</div> }
}
