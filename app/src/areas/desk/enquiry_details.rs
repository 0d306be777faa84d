//! Enquiry details: the customer's needs and contact person, and the partner's answer.

use api::{DeclineEnquiry, EnquiryResource, ErrorCode, encode_component, routes};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use rules::{EnquiryAction, EnquiryId, EnquiryState, Note, check};

use crate::{
    areas::desk::enquiries,
    browser, client,
    features::{
        listing::list_crumb,
        resource::{DetailsPage, FetchedResource},
    },
    intl,
    load::{Loader, effect, spawn},
    route::{Route, use_param},
    session, t,
    ui::{
        Button, ButtonKind, Card, ConfirmDialog, ConfirmState, DescriptionItem, DescriptionList,
        Icon, Intent, Link, MessageBar, QuotedText, TextArea, toast,
    },
    view::{IntoView, View, view},
    words,
};

/// Element ID of the field for the reason.
const REASON_ID: &str = "decline-reason";

/// The page, for `/enquiries/{id}`. Opening a new enquiry marks it as read, if the user may
/// answer it. The customer sees that.
#[component]
pub fn EnquiryDetails() -> View {
    let id = use_param(|route| if let Route::Enquiry(id) = route { Some(id) } else { None });
    let enquiry = FetchedResource::<EnquiryResource>::fetch(move || {
        Some(routes::of_enquiry(routes::ENQUIRY, id.get()?))
    });
    mark_as_read(enquiry.loaded, enquiry.current);
    view! {
        <DetailsPage
            crumbs=vec![list_crumb(t::shell::enquiries, Route::Enquiries)]
            name=move || enquiry.text(t::enquiries::title, |one| one.customer_name.to_string())
            badge=enquiry.part(|one| enquiries::enquiry_status_badge(one.status))
            state=enquiry.state
            list=Route::Enquiries
            list_label=t::enquiries::all
            retry=Callback::new(move |()| enquiry.loaded.retry())
        >
            {move || view! {
                <EnquirySections loaded=enquiry.loaded current=enquiry.current />
            }}
        </DetailsPage>
    }
}

/// Marks the enquiry as read on the server once, if it is new and the user may answer it.
fn mark_as_read(loaded: Loader<Option<EnquiryResource>>, current: Memo<Option<EnquiryResource>>) {
    let marked = StoredValue::new(None::<EnquiryId>);
    effect(move || {
        let current = current.read();
        let Some(enquiry) = current.as_ref() else { return };
        let is_new = matches!(enquiry.state, EnquiryState::Sent { .. });
        let may_read =
            check(&session::actor(), &enquiry.facts(), EnquiryAction::Read, intl::now()).is_ok();
        if !is_new || !may_read || marked.get_value() == Some(enquiry.id) {
            return;
        }
        marked.set_value(Some(enquiry.id));
        let route = routes::of_enquiry(routes::READ_ENQUIRY, enquiry.id);
        spawn(async move {
            // A failure is ignored: the enquiry is shown anyway, and marked the next time.
            if let Ok(read) = client::post::<EnquiryResource>(&route, &(), None).await {
                loaded.set(Some(read));
            }
        });
    });
}

#[component]
fn EnquirySections(
    loaded: Loader<Option<EnquiryResource>>,
    current: Memo<Option<EnquiryResource>>,
) -> View {
    let session = session::current();
    let refused = move |action| {
        let actor = session.read().actor();
        let current = current.read();
        let refusal = check(&actor, &current.as_ref()?.facts(), action, intl::now()).err()?;
        Some(words::refusal(refusal))
    };
    let declining = ConfirmState::new();
    let navigate = use_navigate();
    let answer = move |()| {
        if let Some(id) = current.read_untracked().as_ref().map(|enquiry| enquiry.id) {
            navigate(
                &format!("{}?enquiry={id}", Route::NewInvitation),
                leptos_router::NavigateOptions::default(),
            );
        }
    };
    let section =
        move |content: fn(&EnquiryResource) -> View| move || current.read().as_ref().map(content);
    view! {
        <div class="stack">
            {section(outcome)}
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
                    on_press=move |()| declining.show()
                />
            </div>
            <Card title=t::enquiries::asked>{section(request_details)}</Card>
            <Card title=t::enquiries::contact>{section(contact)}</Card>
        </div>
        <DeclineDialog dialog=declining loaded=loaded current=current />
    }
}

/// Shows the partner's answer.
fn outcome(enquiry: &EnquiryResource) -> View {
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
            let href = Route::Invitation(Some(*invitation));
            view! {
                <MessageBar intent=Intent::Success>
                    {move || t::enquiries::invited_on(&intl::date(at))}
                    " "
                    <Link href=href>{t::words::see_invitation}</Link>
                </MessageBar>
            }
        }
        EnquiryState::Sent { .. } | EnquiryState::Read { .. } => ().into_view(),
    }
}

/// Shows what the customer asked for.
fn request_details(enquiry: &EnquiryResource) -> View {
    let (size, received) = (enquiry.size, enquiry.created.milliseconds());
    let (cloud, needs) = (enquiry.cloud, enquiry.needs.to_string());
    let location = enquiries::customer_location(enquiry);
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

/// Shows the contact person.
fn contact(enquiry: &EnquiryResource) -> View {
    let name = enquiry.contact_name.to_string();
    let email = enquiry.contact_email.to_string();
    let mailto = format!("mailto:{}", encode_component(&email).replace("%40", "@"));
    let phone = enquiry.contact_phone.as_ref().map(|phone| {
        let phone = phone.to_string();
        let number: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! {
            <DescriptionItem label=t::enquiries::phone>
                <a href=format!("tel:{number}")>{phone}</a>
            </DescriptionItem>
        }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=t::enquiries::contact_name>{name}</DescriptionItem>
            <DescriptionItem label=t::enquiries::email>
                <a href=mailto>{email}</a>
            </DescriptionItem>
            {phone}
        </DescriptionList>
    }
}

/// The dialog that declines the enquiry. It asks for a reason, which the customer reads.
#[component]
fn DeclineDialog(
    dialog: ConfirmState,
    loaded: Loader<Option<EnquiryResource>>,
    current: Memo<Option<EnquiryResource>>,
) -> View {
    let reason = RwSignal::new(String::new());
    let submitted = RwSignal::new(false);
    let error = Signal::derive(move || {
        let error = Note::parse(&reason.read()).err()?;
        submitted.get().then(|| words::field_error(error))
    });
    let name = move || {
        current.read().as_ref().map(|one| one.customer_name.to_string()).unwrap_or_default()
    };
    let submit = move || {
        submitted.set(true);
        let body = DeclineEnquiry { reason: reason.get_untracked() };
        if body.parse().is_err() {
            if let Some(field) = browser::element_by_id(REASON_ID) {
                let _ = field.focus();
            }
            return;
        }
        let Some(enquiry) = current.get_untracked().filter(|_| dialog.begin()) else { return };
        spawn(async move {
            let route = routes::of_enquiry(routes::DECLINE_ENQUIRY, enquiry.id);
            let answer = client::post::<EnquiryResource>(&route, &body, Some(enquiry.etag)).await;
            match answer {
                Ok(declined) => {
                    let customer = declined.customer_name.as_str();
                    toast(Intent::Success, untrack(|| t::enquiries::declined(customer)));
                    dialog.succeed();
                    loaded.set(Some(declined));
                }
                Err(failure) => {
                    dialog.fail(untrack(|| failure.text()));
                    if failure.is(ErrorCode::VersionMismatch) {
                        // Someone else answered it: show the current state.
                        loaded.reload();
                    }
                }
            }
        });
    };
    let reason_hint = move || {
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
                    hint=reason_hint
                    error=error
                    id=REASON_ID
                />
            </form>
        }
    };
    view! {
        <ConfirmDialog
            dialog=dialog
            question=t::enquiries::decline_question
            action=t::enquiries::decline
            kind=ButtonKind::Danger
            on_confirm=Callback::new(move |()| submit())
        >
            {body()}
        </ConfirmDialog>
    }
}
