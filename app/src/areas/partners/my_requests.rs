//! My requests: the organization's enquiries to providers, and their answers.

use api::{EnquiryResource, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{DisplayName, EnquiryState, EnquiryStatus, OrganizationAction};
use stylers_macro::style;

use crate::{
    areas::partners::find_a_partner::{self, back_link, format_location},
    features::{
        enquiry_list::{self, LIST_SPEC},
        guards::{organization_refusal, refused_page},
        listing::{self, CountTexts, ListControls, ListData, ListTools},
    },
    intl,
    route::Route,
    t,
    ui::{
        Badge, ButtonKind, DescriptionItem, DescriptionList, EmptyState, Filter, Icon, Intent,
        Link, LinkButton, PageTitle, QuotedText, SearchBox, SelectOption, Toolbar,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// The id of the search box.
const SEARCH_ID: &str = "search-requests";

const COUNT: CountTexts = CountTexts { all: t::my_requests::count, some: t::my_requests::count_of };

/// The page **My requests**.
#[component]
pub fn MyRequests() -> View {
    let scope = style! {
        .requests {
            display: grid;
            gap: var(--space-4);
            margin: 0 0 var(--space-4);
            padding: 0;
            list-style: none;
        }
    };
    if let Some(refusal) = untrack(|| organization_refusal(OrganizationAction::FindPartners)) {
        return refused_page(
            Icon::Send,
            t::my_requests::title,
            t::find_a_partner::customers_only_title,
            refusal,
            ButtonKind::Primary,
        );
    }
    let search = use_location().search;
    let back = move || find_a_partner::return_path(&search.read()).map(back_link);
    let controls = ListControls::new(Route::MyRequests, LIST_SPEC);
    let requests = ListData::new(controls, routes::ENQUIRIES, enquiry_list::query, heading_id);
    let rows = move || {
        let rows = each(
            move || requests.rows(),
            |one| format!("{} {} {}", one.id, one.etag, one.status),
            |one| view! { <EnquiryCard enquiry=one /> },
        );
        view! { class = scope, <ul class="requests">{rows}</ul> }
    };
    view! {
        {back}
        <PageTitle title=t::my_requests::title intro=t::my_requests::intro>
            <LinkButton href=Route::FindAPartner label=t::my_requests::find icon=Icon::Search />
        </PageTitle>
        <Toolbar>
            <SearchBox id=SEARCH_ID label=t::my_requests::search value=controls.search />
            <Filter
                label=t::my_requests::status
                value=controls.filter("status")
                choices=status_choices()
            />
        </Toolbar>
        <ListTools
            count=move || COUNT.text(requests.list)
            on_refresh=move |()| requests.refresh()
        />
        {listing::list_body(
            requests.list, controls, SEARCH_ID, empty.into(), rows.into())}
    }
}

fn status_choices() -> Vec<SelectOption> {
    SelectOption::for_each(EnquiryStatus::ALL, words::enquiry_status)
}

/// Renders the placeholder while there are no enquiries.
fn empty() -> View {
    view! {
        <EmptyState
            icon=Icon::Send
            title=t::my_requests::empty_title
            hint=t::my_requests::empty
        >
            <LinkButton
                href=Route::FindAPartner
                label=t::my_requests::find
                kind=ButtonKind::Primary
            />
        </EmptyState>
    }
}

/// Returns the id of an enquiry's heading.
fn heading_id(enquiry: &EnquiryResource) -> String {
    format!("request-{}", enquiry.id)
}

/// Returns the intent of the badge for an enquiry's status.
pub fn status_intent(status: EnquiryStatus) -> Intent {
    match status {
        EnquiryStatus::Sent | EnquiryStatus::Read => Intent::Info,
        EnquiryStatus::Invited => Intent::Success,
        EnquiryStatus::Declined => Intent::Warning,
        EnquiryStatus::Expired => Intent::Neutral,
    }
}

/// An enquiry: its recipient, its status and answer, and its content.
#[component]
fn EnquiryCard(enquiry: EnquiryResource) -> View {
    let scope = style! {
        .request {
            display: grid;
            gap: var(--space-4);
        }
        .request-head {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-2) var(--space-3);
        }
        .request-head h2 {
            margin: 0;
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
            overflow-wrap: anywhere;
        }
        .request-said {
            margin: 0;
        }
    };
    let heading = heading_id(&enquiry);
    // An enquiry can expire after the response was sent.
    let status = enquiry.state.status(intl::now());
    let name = enquiry.partner.name.to_string();
    let status_text = match status {
        EnquiryStatus::Sent => t::my_requests::waits,
        EnquiryStatus::Read => t::my_requests::waits_read,
        EnquiryStatus::Declined => t::my_requests::was_declined,
        EnquiryStatus::Invited => t::my_requests::was_invited,
        EnquiryStatus::Expired => t::my_requests::was_expired,
    };
    let times = event_times(&enquiry).collect_view();
    let answer = answer_view(&enquiry);
    let organization = organization_view(&enquiry);
    let needs = enquiry.needs.to_string();
    view! { class = scope,
        <li class="card">
            <div class="request">
                <div class="request-head">
                    <h2 id=heading tabindex="-1">
                        {name}
                    </h2>
                    <Badge label=move || words::enquiry_status(status) intent=status_intent(status) />
                </div>
                <p class="request-said">{status_text}</p>
                {answer}
                <DescriptionList>{times} {organization}</DescriptionList>
                <QuotedText caption=t::my_requests::needs text=needs />
            </div>
        </li>
    }
}

/// Returns the times of the events of an enquiry.
fn event_times(enquiry: &EnquiryResource) -> impl Iterator<Item = View> + use<> {
    let (created, by) = (enquiry.created.milliseconds(), enquiry.created_by_name.to_string());
    let sent = view! {
        <DescriptionItem label=t::my_requests::sent>
            {move || t::my_requests::sent_by(&intl::date_time(created), &by)}
        </DescriptionItem>
    };
    let item = |label: fn() -> String, at: rules::Timestamp| {
        let at = at.milliseconds();
        view! { <DescriptionItem label=label>{move || intl::date_time(at)}</DescriptionItem> }
    };
    let (read, answered) = match &enquiry.state {
        EnquiryState::Sent { .. } => (None, None),
        EnquiryState::Read { at: read, .. } => (Some(item(t::my_requests::read, *read)), None),
        EnquiryState::Declined { at: declined, .. } => {
            (None, Some(item(t::my_requests::declined, *declined)))
        }
        EnquiryState::Invited { at: invited, .. } => {
            (None, Some(item(t::my_requests::invited, *invited)))
        }
    };
    let expired = enquiry.state.status(intl::now()) == EnquiryStatus::Expired;
    let label = if expired { t::my_requests::expired } else { t::my_requests::until };
    let until = enquiry.state.expires().map(|expires| item(label, expires));
    [Some(sent), read, answered, until].into_iter().flatten()
}

/// Renders the provider's answer, and the next step.
fn answer_view(enquiry: &EnquiryResource) -> View {
    let partner = enquiry.partner.name.to_string();
    match &enquiry.state {
        EnquiryState::Declined { reason, .. } => {
            let caption = move || t::my_requests::reason(&partner);
            view! { <QuotedText caption=caption text=reason.to_string() /> }
        }
        EnquiryState::Invited { invitation, .. } => {
            let href = Route::PartnerInvitation(Some(*invitation));
            let from = move || t::my_requests::from(&partner);
            view! {
                <div>
                    <Link href=href class="button primary">
                        {t::my_requests::see_invitation}
                        <span class="visually-hidden">" " {from}</span>
                    </Link>
                </div>
            }
        }
        EnquiryState::Sent { .. } | EnquiryState::Read { .. } => ().into_view(),
    }
}

/// Renders the information about the organization.
fn organization_view(enquiry: &EnquiryResource) -> View {
    let (country, city) = (enquiry.country.clone(), enquiry.city.clone());
    let location = move || format_location(&country, city.as_ref().map(DisplayName::as_str));
    let size = enquiry.size;
    let contact: Vec<_> = [
        Some(enquiry.contact_name.to_string()),
        Some(enquiry.contact_email.to_string()),
        // A phone number is not divided at the end of a line.
        enquiry.contact_phone.as_ref().map(|phone| phone.to_string().replace(' ', "\u{a0}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <DescriptionItem label=t::my_requests::location>{location}</DescriptionItem>
        <DescriptionItem label=t::my_requests::size>{move || words::organization_size(size)}</DescriptionItem>
        <DescriptionItem label=t::my_requests::contact>{contact.join(" · ")}</DescriptionItem>
    }
}
