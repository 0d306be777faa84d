//! Billing > Billing accounts: the organization as it buys, and its partners.

use api::{AgreementAcceptance, BillingAccount, Organization, Page, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use stylers_macro::style;

use crate::{
    client, intl,
    load::{LoadState, Loader},
    pages::partner_relationships::RelationshipList,
    session, t,
    ui::{
        Badge, ButtonKind, Card, DescriptionItem, DescriptionList, ErrorState, Intent, LinkButton,
        PageTitle, Skeleton, Tab, Tabs,
    },
    view::{CollectView, View, view},
    words,
};

/// The tab of the account itself.
const ACCOUNT: &str = "/billing/accounts";
/// The tab of the partners.
const PARTNERS: &str = "/billing/accounts/partner-relationships";
/// The page on which the agreement is read and accepted.
pub(super) const AGREEMENT_PATH: &str = "/billing/accounts/agreement";

/// The page with its tabs; the address says which one is shown.
#[component]
pub fn BillingAccounts() -> View {
    let partners =
        use_location().pathname.with_untracked(|path| path.trim_end_matches('/') == PARTNERS);
    let tabs = vec![
        Tab::new(t::billing_accounts::tab_account, ACCOUNT),
        Tab::new(t::billing_accounts::tab_partners, PARTNERS),
    ];
    let content = if partners {
        view! {
            <p class="page-intro">{t::partner_relationships::intro}</p>
            <RelationshipList base=PARTNERS />
        }
    } else {
        account()
    };
    view! {
        <PageTitle title=t::shell::billing_accounts intro=t::billing_accounts::intro />
        <Tabs label=t::shell::billing_accounts tabs=tabs />
        {content}
    }
}

fn account() -> View {
    let session = session::current();
    let accounts = Loader::new(|| client::get::<Page<BillingAccount>>(routes::BILLING_ACCOUNTS));
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
                {move || organization(&session.read().organization)}
            </Card>
            <Card title=t::billing_accounts::agreement>
                {move || agreement(&session.read().organization)}
            </Card>
        </div>
    }
}

/// An account from which the organization pays.
fn billing_account(account: &BillingAccount) -> View {
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

fn organization(organization: &Organization) -> View {
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

/// How it stands with the agreement, and the way to it.
fn agreement(organization: &Organization) -> View {
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
                href=AGREEMENT_PATH
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
            <p>{move || t::billing_accounts::agreement_outdated(&version(current))}</p>
            {accept()}
        },
        (Some(accepted), _) => view! { class = scope,
            <Badge label=t::words::agreement_accepted intent=Intent::Success />
            <p>{acceptance_text(accepted)}</p>
            <a href=AGREEMENT_PATH>{t::billing_accounts::read_agreement}</a>
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

/// Which version was accepted, by whom and when.
pub(super) fn acceptance_text(
    accepted: AgreementAcceptance,
) -> impl Fn() -> String + Send + 'static {
    move || {
        t::billing_accounts::accepted_by(
            &intl::date(accepted.at.milliseconds()),
            accepted.by.as_str(),
            &version(accepted.version),
        )
    }
}

fn version(version: rules::AgreementVersion) -> String {
    intl::number(usize::try_from(version).unwrap_or_default())
}
