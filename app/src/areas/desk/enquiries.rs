//! Enquiries: the list of enquiries that the partner received.

use api::{EnquiryField, EnquiryResource, routes};
use leptos::prelude::*;
use rules::{EnquiryStatus, OrganizationAction};
use stylers_macro::style;

use crate::{
    features::{
        enquiry_list::{LIST_SPEC, query},
        guards::organization_refusal,
        listing::{self, CountTexts, ListControls, ListData, ListTools},
    },
    intl,
    route::Route,
    t,
    ui::{
        Badge, Card, Cell, EmptyState, Filter, Icon, Intent, NoValue, PageTitle, SearchBox,
        SelectOption, Table, TableColumn, Toolbar,
    },
    view::{IntoView, View, each, view},
    words,
};

/// The id of the search box.
const SEARCH_ID: &str = "search-enquiries";

const COUNT: CountTexts = CountTexts { all: t::enquiries::count, some: t::enquiries::count_of };

/// The list of enquiries.
#[component]
pub fn Enquiries() -> View {
    if let Some(refusal) = untrack(|| organization_refusal(OrganizationAction::ViewEnquiries)) {
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
    let controls = ListControls::new(Route::Enquiries, LIST_SPEC);
    let enquiries = ListData::new(controls, routes::ENQUIRIES, query, |row: &EnquiryResource| {
        row.id.to_string()
    });
    view! {
        <PageTitle title=t::shell::enquiries intro=t::enquiries::intro />
        <Toolbar>
            <SearchBox id=SEARCH_ID label=t::enquiries::search value=controls.search />
            <Filter
                label=t::enquiries::state
                value=controls.filter("status")
                choices=status_choices()
            />
        </Toolbar>
        <ListTools
            count=move || COUNT.text(enquiries.list)
            on_refresh=move |()| enquiries.refresh()
        />
        {listing::list_body(
            enquiries.list,
            controls,
            SEARCH_ID,
            empty.into(),
            (move || table(controls, enquiries)).into(),
        )}
    }
}

fn empty() -> View {
    view! {
        <EmptyState icon=Icon::Mail title=t::enquiries::empty hint=t::enquiries::empty_hint />
    }
}

fn table(controls: ListControls, enquiries: ListData<EnquiryResource>) -> View {
    let columns = vec![
        TableColumn::new(EnquiryField::Partner.as_str(), t::enquiries::customer).sortable(),
        TableColumn::new("location", t::enquiries::location),
        TableColumn::new("size", t::enquiries::size),
        TableColumn::new(EnquiryField::Status.as_str(), t::enquiries::state).sortable(),
        TableColumn::new(EnquiryField::Created.as_str(), t::enquiries::received).sortable(),
        TableColumn::new("expires", t::enquiries::expires),
    ];
    view! {
        <Table
            caption=t::shell::enquiries
            columns=columns
            sort=controls.current_sort()
            on_sort=move |sort| controls.sort(sort)
        >
            {each(
                move || enquiries.rows(),
                |enquiry| format!("{} {}", enquiry.id, enquiry.etag.0),
                |enquiry| row(&enquiry),
            )}
        </Table>
    }
}

fn status_choices() -> Vec<SelectOption> {
    SelectOption::for_each(EnquiryStatus::ALL, status_name)
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
    let id = enquiry.id.to_string();
    let href = Route::Enquiry(Some(enquiry.id)).path();
    let (status, location) = (enquiry.status, customer_location(enquiry));
    let unread = enquiry.status == EnquiryStatus::Sent;
    let name = enquiry.customer_name.to_string();
    let expires = match enquiry.state.expires() {
        Some(at) => (move || intl::date(at.milliseconds())).into_view(),
        None => view! { <NoValue /> },
    };
    view! { class = scope,
        <tr role="row">
            <Cell of=EnquiryField::Partner.as_str() header=true>
                <a class:unread=unread id=id href=href>
                    {name}
                </a>
            </Cell>
            <Cell of="location">{location}</Cell>
            <Cell of="size">{move || words::organization_size(size)}</Cell>
            <Cell of=EnquiryField::Status.as_str()>{enquiry_status_badge(status)}</Cell>
            <Cell of=EnquiryField::Created.as_str()>{move || intl::date(received)}</Cell>
            <Cell of="expires">{expires}</Cell>
        </tr>
    }
}
