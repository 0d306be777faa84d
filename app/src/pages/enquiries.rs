//! Enquiries: the list of enquiries that the partner received.

use api::{EnquiryResource, Page, routes};
use leptos::prelude::*;
use rules::{EnquiryStatus, OrganizationAction};
use stylers_macro::style;

use super::desk::{self, ENQUIRIES_PATH};
use crate::{
    client, intl,
    load::Loader,
    t,
    ui::{
        Badge, Card, Cell, EmptyState, Filter, Icon, Intent, ListView, NoValue, PageTitle,
        SelectOption, Table, TableColumn, Toolbar,
    },
    view::{IntoView, View, each, view},
    words,
};

/// The list of enquiries.
#[component]
pub fn Enquiries() -> View {
    if let Some(refusal) = untrack(|| desk::organization_refusal(OrganizationAction::ViewEnquiries))
    {
        return view! {
            <PageTitle title=t::shell::enquiries intro=t::enquiries::intro />
            <Card>
                <EmptyState
                    icon=Icon::Shield
                    title=t::enquiries::refused
                    hint=move || words::refusal(refusal)
                />
            </Card>
        };
    }
    let list = Loader::new(|| client::get::<Page<EnquiryResource>>(routes::ENQUIRIES));
    let status = desk::use_status_filter(ENQUIRIES_PATH);
    let is_shown = move |enquiry: &EnquiryResource| {
        let status = status.read();
        status.is_empty() || status.as_str() == enquiry.status.as_str()
    };
    let count = move || t::enquiries::count(desk::filtered_items(list, is_shown).len());
    view! {
        <PageTitle title=t::shell::enquiries intro=t::enquiries::intro />
        <Toolbar count=count>
            <Filter label=t::enquiries::state value=status choices=status_choices() />
        </Toolbar>
        <ListView
            state=Signal::derive(move || desk::list_state(list, is_shown))
            on_retry=move |()| list.retry()
            on_clear=move |()| status.set(String::new())
            empty=|| {
                view! {
                    <EmptyState
                        icon=Icon::Mail
                        title=t::enquiries::empty
                        hint=t::enquiries::empty_hint
                    />
                }
            }
        >
            <Table
                caption=t::shell::enquiries
                columns=vec![
                    TableColumn::new("customer", t::enquiries::customer),
                    TableColumn::new("location", t::enquiries::location),
                    TableColumn::new("size", t::enquiries::size),
                    TableColumn::new("state", t::enquiries::state),
                    TableColumn::new("received", t::enquiries::received),
                    TableColumn::new("expires", t::enquiries::expires),
                ]
            >
                {each(
                    move || desk::filtered_items(list, is_shown),
                    |enquiry| format!("{} {}", enquiry.id, enquiry.etag.0),
                    |enquiry| row(&enquiry),
                )}
            </Table>
        </ListView>
    }
}

fn status_choices() -> Vec<SelectOption> {
    let choice = |status: &EnquiryStatus| {
        let status = *status;
        SelectOption::new(status, move || status_name(status))
    };
    EnquiryStatus::ALL.iter().map(choice).collect()
}

/// Returns the name of an enquiry's status for the partner, where a sent enquiry is new.
fn status_name(status: EnquiryStatus) -> String {
    if status == EnquiryStatus::Sent { t::enquiries::new() } else { words::enquiry_status(status) }
}

/// Returns a badge with the status of an enquiry.
pub fn enquiry_status_badge(status: EnquiryStatus) -> View {
    let intent = match status {
        EnquiryStatus::Sent => Intent::Info,
        EnquiryStatus::Invited => Intent::Success,
        EnquiryStatus::Expired => Intent::Warning,
        EnquiryStatus::Read | EnquiryStatus::Declined => Intent::Neutral,
    };
    view! { <Badge label=move || status_name(status) intent=intent /> }
}

/// Returns the customer's location: the city, if given, and the country.
pub fn customer_location(
    enquiry: &EnquiryResource,
) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let (city, country) = (enquiry.city.clone(), enquiry.country.clone());
    move || {
        let country = intl::country(country.as_str());
        match &city {
            Some(city) => format!("{city}, {country}"),
            None => country,
        }
    }
}

fn row(enquiry: &EnquiryResource) -> View {
    let scope = style! {
        .unread {
            font-weight: 600;
        }
    };
    let (size, received) = (enquiry.size, enquiry.created.milliseconds());
    let href = format!("{ENQUIRIES_PATH}/{}", enquiry.id);
    let (status, location) = (enquiry.status, customer_location(enquiry));
    let unread = enquiry.status == EnquiryStatus::Sent;
    let name = enquiry.customer_name.to_string();
    let expires = match enquiry.state.expires() {
        Some(at) => (move || intl::date(at.milliseconds())).into_view(),
        None => view! { <NoValue /> },
    };
    view! { class = scope,
        <tr role="row">
            <Cell of="customer" header=true>
                <a class:unread=unread href=href>{name}</a>
            </Cell>
            <Cell of="location">{location}</Cell>
            <Cell of="size">{move || words::organization_size(size)}</Cell>
            <Cell of="state">{enquiry_status_badge(status)}</Cell>
            <Cell of="received">{move || intl::date(received)}</Cell>
            <Cell of="expires">{expires}</Cell>
        </tr>
    }
}
