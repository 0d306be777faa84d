//! One enquiry: what the customer needs, whom to contact, and the answer to it.

use api::{DeclineEnquiry, Enquiry, encode_component, routes};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};
use rules::{EnquiryAction, EnquiryId, EnquiryState, Note, check};

use super::{
    desk::{COMPOSE_PATH, ENQUIRIES_PATH, INVITATIONS_PATH, QuotedText, ResourceState},
    enquiries,
};
use crate::{
    browser, client, intl,
    load::{Loader, effect, spawn},
    session, t,
    ui::{
        Breadcrumb, Button, ButtonKind, Card, Crumb, DescriptionItem, DescriptionList, Dialog,
        Icon, Intent, Link, MessageBar, PageTitle, TextArea, toast,
    },
    view::{IntoView, View, view},
    words,
};

/// The id of the field for the reason.
const REASON: &str = "decline-reason";

/// The page. Whoever opens it and may answer notes by that that it was read, which the
/// customer sees.
#[component]
pub fn EnquiryDetails() -> View {
    let path = use_location().pathname;
    let id = Memo::new(move |_| path.read().rsplit('/').next()?.parse::<EnquiryId>().ok());
    let loaded = Loader::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => {
                    let route = routes::of_enquiry(routes::ENQUIRY, id);
                    client::get::<Enquiry>(&route).await.map(Some)
                }
                None => Ok(None),
            }
        }
    });
    let current = Memo::new(move |_| loaded.with(|load| load.ready().cloned().flatten()));
    let standing = Memo::new(move |_| loaded.with(ResourceState::from_load));
    note_read(loaded, current);
    let name = move || {
        current
            .read()
            .as_ref()
            .map_or_else(t::enquiries::title, |one| one.customer_name.to_string())
    };
    let badge =
        move || current.read().as_ref().map(|enquiry| enquiries::status_view(enquiry.status));
    let content = move || {
        let instead =
            standing.get().placeholder(ENQUIRIES_PATH, t::enquiries::all, move || loaded.retry());
        instead.unwrap_or_else(|| view! { <Details loaded=loaded current=current /> })
    };
    view! {
        <Breadcrumb crumbs=vec![Crumb::new(t::shell::enquiries, ENQUIRIES_PATH)] current=name />
        <PageTitle title=name>{badge}</PageTitle>
        {content}
    }
}

/// Tells the server once that it was read, where it is new and this person may answer.
fn note_read(loaded: Loader<Option<Enquiry>>, current: Memo<Option<Enquiry>>) {
    let told = StoredValue::new(None::<EnquiryId>);
    effect(move || {
        let current = current.read();
        let Some(enquiry) = current.as_ref() else { return };
        let new = matches!(enquiry.state, EnquiryState::Sent { .. });
        let may =
            check(&session::actor(), &enquiry.facts(), EnquiryAction::Read, intl::now()).is_ok();
        if !new || !may || told.get_value() == Some(enquiry.id) {
            return;
        }
        told.set_value(Some(enquiry.id));
        let route = routes::of_enquiry(routes::READ_ENQUIRY, enquiry.id);
        spawn(async move {
            // Where it can't be noted, the enquiry is still there to be read, and is noted
            // the next time.
            if let Ok(read) = client::post::<Enquiry>(&route, &(), None).await {
                loaded.set(Some(read));
            }
        });
    });
}

#[component]
fn Details(loaded: Loader<Option<Enquiry>>, current: Memo<Option<Enquiry>>) -> View {
    let session = session::current();
    let refused = move |action| {
        let actor = session.read().actor();
        let current = current.read();
        let refusal = check(&actor, &current.as_ref()?.facts(), action, intl::now()).err()?;
        Some(words::refusal(refusal))
    };
    let declining = RwSignal::new(false);
    let navigate = use_navigate();
    let answer = move |()| {
        if let Some(id) = current.read_untracked().as_ref().map(|enquiry| enquiry.id) {
            navigate(
                &format!("{COMPOSE_PATH}?enquiry={id}"),
                leptos_router::NavigateOptions::default(),
            );
        }
    };
    let of = move |section: fn(&Enquiry) -> View| move || current.read().as_ref().map(section);
    view! {
        <div class="stack">
            {of(outcome)}
            <div class="row">
                <Button
                    label=t::enquiries::answer
                    kind=ButtonKind::Primary
                    icon=Icon::Send
                    disabled_reason=Signal::derive(move || refused(EnquiryAction::Answer))
                    on_press=answer
                />
                <Button
                    label=t::enquiries::decline
                    disabled_reason=Signal::derive(move || refused(EnquiryAction::Decline))
                    on_press=move |()| declining.set(true)
                />
            </div>
            <Card title=t::enquiries::asked>{of(about)}</Card>
            <Card title=t::enquiries::contact>{of(contact)}</Card>
        </div>
        <Decline open=declining loaded=loaded current=current />
    }
}

/// What became of it.
fn outcome(enquiry: &Enquiry) -> View {
    match &enquiry.state {
        EnquiryState::Declined { at, reason, .. } => {
            let at = at.milliseconds();
            view! {
                <QuotedText
                    caption=move || t::enquiries::declined_on(&intl::date(at))
                    text=reason.to_string()
                />
            }
        }
        EnquiryState::Invited { at, invitation, .. } => {
            let at = at.milliseconds();
            let href = format!("{INVITATIONS_PATH}/{invitation}");
            view! {
                <MessageBar intent=Intent::Success>
                    {move || t::enquiries::invited_on(&intl::date(at))}
                    " "
                    <Link href=href>{t::enquiries::see_invitation}</Link>
                </MessageBar>
            }
        }
        EnquiryState::Sent { .. } | EnquiryState::Read { .. } => ().into_view(),
    }
}

fn about(enquiry: &Enquiry) -> View {
    let (size, received) = (enquiry.size, enquiry.created.milliseconds());
    let (cloud, needs) = (enquiry.cloud, enquiry.needs.to_string());
    let location = enquiries::location(enquiry);
    let expires = enquiry.state.expires().map(|at| {
        view! {
            <DescriptionItem label=t::enquiries::expires>{move || intl::date(at.milliseconds())}</DescriptionItem>
        }
    });
    view! {
        <div class="stack">
            <QuotedText caption=t::enquiries::needs text=needs />
            <DescriptionList>
                <DescriptionItem label=t::enquiries::location>{location}</DescriptionItem>
                <DescriptionItem label=t::enquiries::size>{move || words::organization_size(size)}</DescriptionItem>
                <DescriptionItem label=t::enquiries::cloud>{move || words::cloud(cloud)}</DescriptionItem>
                <DescriptionItem label=t::enquiries::received>{move || intl::date_time(received)}</DescriptionItem>
                {expires}
            </DescriptionList>
        </div>
    }
}

fn contact(enquiry: &Enquiry) -> View {
    let name = enquiry.contact_name.to_string();
    let email = enquiry.contact_email.to_string();
    let mail = format!("mailto:{}", encode_component(&email).replace("%40", "@"));
    let phone = enquiry.contact_phone.as_ref().map(|phone| {
        let phone = phone.to_string();
        let call: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! {
            <DescriptionItem label=t::enquiries::phone>
                <a href=format!("tel:{call}")>{phone}</a>
            </DescriptionItem>
        }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=t::enquiries::contact_name>{name}</DescriptionItem>
            <DescriptionItem label=t::enquiries::email>
                <a href=mail>{email}</a>
            </DescriptionItem>
            {phone}
        </DescriptionList>
    }
}

/// Asks for the reason, which the customer reads.
#[component]
fn Decline(
    open: RwSignal<bool>,
    loaded: Loader<Option<Enquiry>>,
    current: Memo<Option<Enquiry>>,
) -> View {
    let reason = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let error = Signal::derive(move || {
        let error = Note::parse(&reason.read()).err()?;
        tried.get().then(|| words::field_error(error))
    });
    let name = move || {
        current.read().as_ref().map(|one| one.customer_name.to_string()).unwrap_or_default()
    };
    let submit = move || {
        tried.set(true);
        let body = DeclineEnquiry { reason: reason.get_untracked() };
        if body.parse().is_err() {
            if let Some(field) = browser::element_by_id(REASON) {
                let _ = field.focus();
            }
            return;
        }
        let Some(enquiry) = current.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        problem.set(None);
        spawn(async move {
            let route = routes::of_enquiry(routes::DECLINE_ENQUIRY, enquiry.id);
            let answer = client::post::<Enquiry>(&route, &body, Some(enquiry.etag)).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(declined) => {
                    let customer = declined.customer_name.as_str();
                    toast(Intent::Success, untrack(|| t::enquiries::declined(customer)));
                    let _ = open.try_set(false);
                    loaded.set(Some(declined));
                }
                Err(failure) => {
                    let text = untrack(|| failure.text());
                    // Somebody else answered, or read it: it is shown as it is now.
                    loaded.reload();
                    if problem.try_set(Some(text.clone())).is_some() {
                        toast(Intent::Error, text);
                    }
                }
            }
        });
    };
    let counted = move || {
        let used = reason.read().trim().chars().count();
        t::enquiries::reason_hint(&intl::number(Note::MAX), &intl::number(used))
    };
    let body = move || {
        view! {
            <form
                class="stack"
                novalidate
                on:submit=move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    submit();
                }
            >
                <p>{move || t::enquiries::decline_effect(&name())}</p>
                <TextArea
                    label=t::enquiries::reason
                    value=reason
                    hint=counted
                    error=error
                    id=REASON
                />
                {move || {
                    problem
                        .get()
                        .map(|text| view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
                }}
            </form>
        }
    };
    let actions = move || {
        view! {
            <Button
                label=t::enquiries::decline
                kind=ButtonKind::Danger
                busy=busy
                on_press=move |()| submit()
            />
            <Button label=t::desk::back on_press=move |()| open.set(false) />
        }
    };
    view! {
        <Dialog open=open title=t::enquiries::decline_question actions=actions>
            {body()}
        </Dialog>
    }
}
