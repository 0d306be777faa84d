//! Invitation details: composing the invitation while it is a draft, and its progress after
//! that.

use api::{
    EnquiryResource, InvitationResource, Page, RelationshipQuery, RelationshipResource,
    query_pairs, routes,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::{
    EnquiryId, InvitationAction, InvitationId, InvitationState, InvitationStatus,
    OrganizationAction, Refusal, check,
};

use crate::{
    areas::desk::{
        compose::Compose,
        invitation_actions::{
            ConfirmInvitationDialog, InvitationCommand, invitation_crumbs, invitation_refusal_text,
            recipient_text,
        },
        invitation_parts::{
            InvitationPageData, InvitationTimes, KnownCustomer, invitation_status_badge,
        },
    },
    client::{self, Failure},
    features::resource::ResourceState,
    intl,
    load::Loader,
    route::Route,
    session, t,
    ui::{
        Breadcrumb, Button, Card, ConfirmState, DescriptionItem, DescriptionList, EmptyState, Icon,
        Intent, Link, LinkButton, MessageBar, PageTitle, QuotedText, Tag,
    },
    view::{IntoView, View, view},
    words,
};

/// The invitation that the page's address names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum InvitationAddress {
    /// A new invitation, optionally to the customer with this organization ID or domain, and
    /// optionally in answer to an enquiry.
    New { customer: String, enquiry: Option<EnquiryId> },
    /// An existing invitation.
    Existing(InvitationId),
    /// No valid ID.
    Invalid,
}

impl InvitationAddress {
    /// Reads a route and a query. Returns `None` for the routes of other pages.
    fn parse(route: Route, query: &str) -> Option<Self> {
        if let Route::Invitation(id) = route {
            return Some(id.map_or(Self::Invalid, Self::Existing));
        }
        if route != Route::NewInvitation {
            return None;
        }
        let value = |name: &str| {
            let mut pairs = query_pairs(query.trim_start_matches('?')).flatten();
            pairs.find(|pair| pair.0 == name).map(|pair| pair.1).unwrap_or_default()
        };
        Some(Self::New { customer: value("customer"), enquiry: value("enquiry").parse().ok() })
    }
}

/// Fetches the data of the page.
async fn fetch_page_data(
    address: InvitationAddress,
) -> Result<Option<InvitationPageData>, Failure> {
    let (invitation, customer, enquiry) = match address {
        InvitationAddress::Invalid => return Ok(None),
        InvitationAddress::New { customer, enquiry } => (None, customer, enquiry),
        InvitationAddress::Existing(id) => {
            let route = routes::of_invitation(routes::INVITATION, id);
            let invitation: InvitationResource = client::get(&route).await?;
            let enquiry = invitation.enquiry;
            (Some(invitation), String::new(), enquiry)
        }
    };
    let composing = invitation.as_ref().is_none_or(|one| one.status == InvitationStatus::Draft);
    // A user who may see an invitation may not be allowed to see its enquiry.
    let enquiry = match enquiry {
        Some(id) if composing => {
            let route = routes::of_enquiry(routes::ENQUIRY, id);
            let answer = client::get::<EnquiryResource>(&route).await;
            if invitation.is_none() { Some(answer?) } else { answer.ok() }
        }
        _ => None,
    };
    let mut known = Vec::new();
    if composing {
        let query =
            RelationshipQuery { top: RelationshipQuery::TOP_MAX, ..RelationshipQuery::default() };
        let path = format!("{}?{query}", routes::RELATIONSHIPS);
        let relationships: Page<RelationshipResource> = client::get(&path).await?;
        let from_relationships = relationships.value.into_iter().map(|one| KnownCustomer {
            id: one.customer,
            name: one.customer_name,
            cloud: one.cloud,
        });
        let enquiries = client::get::<Page<EnquiryResource>>(routes::ENQUIRIES).await;
        let enquiries = enquiries.map(|page| page.value).unwrap_or_default();
        let from_enquiries = enquiries.into_iter().map(|one| KnownCustomer {
            id: one.customer,
            name: one.customer_name,
            cloud: one.cloud,
        });
        let from_invitation = invitation.iter().map(|one| KnownCustomer {
            id: one.customer,
            name: one.customer_name.clone(),
            cloud: one.cloud,
        });
        let all = from_relationships.chain(from_enquiries).chain(from_invitation);
        known = KnownCustomer::sort_unique(all);
    }
    Ok(Some(InvitationPageData { invitation, enquiry, customer, known }))
}

/// Content of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InvitationPageMode {
    /// Loading, not found or failed.
    NotLoaded,
    /// The user may not create an invitation.
    Refused(Refusal),
    /// The form.
    Compose,
    /// The invitation, read-only.
    Details,
}

/// The page, for `/invitations/new` and `/invitations/{id}`.
#[component]
pub fn InvitationDetails() -> View {
    let location = use_location();
    let address = Memo::new(move |before: Option<&InvitationAddress>| {
        let route = Route::parse(&location.pathname.read());
        // While the page is being left, the address is already that of the next page.
        InvitationAddress::parse(route, &location.search.read())
            .or_else(|| before.cloned())
            .unwrap_or(InvitationAddress::Invalid)
    });
    let loaded = Loader::new(move || fetch_page_data(address.get()));
    let state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let session = session::current();
    let mode = Memo::new(move |_| {
        loaded.with(|load| match load.ready() {
            Some(Some(InvitationPageData { invitation: None, .. })) => {
                let session = session.read();
                let facts = session.organization.facts();
                let action = OrganizationAction::DraftInvitation;
                match check(&session.actor(), &facts, action, intl::now()) {
                    Ok(()) => InvitationPageMode::Compose,
                    Err(refusal) => InvitationPageMode::Refused(refusal),
                }
            }
            Some(Some(InvitationPageData { invitation: Some(invitation), .. })) => {
                let actor = session.read().actor();
                let edit = InvitationAction::Edit;
                match check(&actor, &invitation.facts(), edit, intl::now()) {
                    Ok(()) => InvitationPageMode::Compose,
                    Err(_) => InvitationPageMode::Details,
                }
            }
            _ => InvitationPageMode::NotLoaded,
        })
    });
    let content = move || match mode.get() {
        InvitationPageMode::NotLoaded => {
            let name = t::invitations::title;
            let placeholder =
                state
                    .get()
                    .placeholder(Route::Invitations, t::invitations::all, move || loaded.retry());
            view! {
                <Breadcrumb crumbs=invitation_crumbs() current=name />
                <PageTitle title=name />
                {placeholder}
            }
        }
        InvitationPageMode::Refused(refusal) => view! {
            <Breadcrumb crumbs=invitation_crumbs() current=t::invitations::new />
            <PageTitle title=t::invitations::new />
            <Card>
                <EmptyState
                    icon=Icon::Shield
                    title=t::invitations::refused
                    hint=move || words::refusal(refusal)
                >
                    <LinkButton href=Route::Invitations label=t::invitations::all />
                </EmptyState>
            </Card>
        },
        InvitationPageMode::Compose => {
            let data = untrack(|| loaded.with(|load| load.ready().cloned().flatten()));
            match data {
                Some(data) => view! { <Compose data=data loaded=loaded /> },
                None => ().into_view(),
            }
        }
        InvitationPageMode::Details => view! { <InvitationSections loaded=loaded /> },
    };
    content.into_view()
}

/// An invitation that the user can't edit.
#[component]
fn InvitationSections(loaded: Loader<Option<InvitationPageData>>) -> View {
    let current = Memo::new(move |_| {
        loaded.with(|load| load.ready().cloned().flatten().and_then(|data| data.invitation))
    });
    let name = move || {
        current.read().as_ref().map_or_else(t::invitations::title, |one| {
            t::invitations::to(one.customer_name.as_str())
        })
    };
    let badge = move || current.read().as_ref().map(|one| invitation_status_badge(one.status));
    let section = move |content: fn(&InvitationResource) -> View| {
        move || current.read().as_ref().map(content)
    };
    let on_change = Callback::new(move |changed: InvitationResource| {
        let mut data = untrack(|| loaded.with(|load| load.ready().cloned().flatten()));
        if let Some(data) = &mut data {
            data.invitation = Some(changed);
        }
        loaded.set(data);
    });
    view! {
        <Breadcrumb crumbs=invitation_crumbs() current=name />
        <PageTitle title=name>{badge}</PageTitle>
        <div class="stack">
            {section(outcome)}
            <InvitationActions
                current=current
                on_change=on_change
                refetch=Callback::new(move |()| loaded.reload())
            />
            <Card title=t::invitations::progress>{section(progress)}</Card>
            <Card title=t::invitations::asked>{section(request_details)}</Card>
        </div>
    }
}

/// Shows the customer's answer, where there is more to say than the status.
fn outcome(invitation: &InvitationResource) -> View {
    match &invitation.state {
        InvitationState::Canceled { reason: Some(reason), .. } => {
            view! { <QuotedText caption=t::invitations::canceled_because text=reason.to_string() /> }
        }
        InvitationState::Accepted { .. } => view! {
            <MessageBar intent=Intent::Success>
                {t::invitations::accepted}
                " "
                <Link href=Route::Customers>{t::invitations::see_customers}</Link>
            </MessageBar>
        },
        InvitationState::Draft
        | InvitationState::Sent { .. }
        | InvitationState::Canceled { reason: None, .. }
        | InvitationState::Withdrawn { .. } => ().into_view(),
    }
}

/// Shows the dates of the invitation, and its code.
fn progress(invitation: &InvitationResource) -> View {
    let times = InvitationTimes::from_invitation(invitation);
    let drafted = invitation.created.milliseconds();
    let code = invitation.code.clone();
    let date = |label: fn() -> String, at: Option<i64>| {
        at.map(|at| view! { <DescriptionItem label=label>{move || intl::date_time(at)}</DescriptionItem> })
    };
    let answered = times.answered.map(|at| {
        let by = invitation.answered_by.as_ref().map(ToString::to_string);
        let by = move || match &by {
            Some(by) => t::invitations::on_by(by, &intl::date_time(at)),
            None => intl::date_time(at),
        };
        view! { <DescriptionItem label=t::invitations::answered>{by}</DescriptionItem> }
    });
    view! {
        <DescriptionList>
            <DescriptionItem label=t::invitations::drafted>{move || intl::date_time(drafted)}</DescriptionItem>
            {date(t::invitations::sent, times.sent)}
            {date(t::invitations::resent, times.resent)}
            {date(t::invitations::expires, times.expires)}
            {answered}
            <DescriptionItem label=t::invitations::code>
                <strong>{code}</strong>
                <p class="muted">{t::invitations::code_hint}</p>
            </DescriptionItem>
        </DescriptionList>
    }
}

/// Shows the request and its recipient.
fn request_details(invitation: &InvitationResource) -> View {
    let (kind, language) = (invitation.relationship_type, invitation.language);
    let roles = invitation.admin_roles.clone();
    let roles = move || {
        let names: Vec<_> = roles.iter().copied().map(words::admin_role).collect();
        if names.is_empty() { t::ui::none() } else { intl::list(&names) }
    };
    let recipient = recipient_text(invitation).unwrap_or_default();
    let recipient = move || if recipient.is_empty() { t::ui::none() } else { recipient.clone() };
    let enquiry = invitation.enquiry.map(|id| {
        view! {
            <DescriptionItem label=t::invitations::enquiry>
                <Link href=Route::Enquiry(Some(id))>{t::invitations::see_enquiry}</Link>
            </DescriptionItem>
        }
    });
    let offer = invitation.offer.clone().map(|offer| {
        let text = move || {
            let quantity = usize::try_from(offer.quantity).unwrap_or(usize::MAX);
            let kind = words::offer_kind(offer.kind);
            format!("{kind}: {}", t::invitations::licenses(quantity, offer.product.as_str()))
        };
        view! { <DescriptionItem label=t::invitations::offer>{text}</DescriptionItem> }
    });
    let message = invitation.message.as_ref().map(|message| {
        view! { <QuotedText caption=t::invitations::message text=message.to_string() /> }
    });
    let terms = invitation.terms.as_ref().map(|terms| {
        view! { <QuotedText caption=t::invitations::terms text=terms.to_string() /> }
    });
    let domain = invitation.customer_domain.to_string();
    view! {
        <div class="stack">
            <div>
                <Tag label=move || words::partner_type(kind) />
                <p class="muted">{move || words::partner_type_description(kind)}</p>
            </div>
            <DescriptionList>
                <DescriptionItem label=t::invitations::roles>{roles}</DescriptionItem>
                <DescriptionItem label=t::invitations::recipient>{recipient}</DescriptionItem>
                <DescriptionItem label=t::invitations::domain>{domain}</DescriptionItem>
                <DescriptionItem label=t::invitations::language>
                    {move || intl::language_name(language.as_str())}
                </DescriptionItem>
                {offer}
                {enquiry}
            </DescriptionList>
            {message}
            {terms}
        </div>
    }
}

/// The buttons to preview, resend and withdraw the invitation.
#[component]
fn InvitationActions(
    current: Memo<Option<InvitationResource>>,
    on_change: Callback<InvitationResource>,
    refetch: Callback<()>,
) -> View {
    let reason = move |action| {
        Signal::derive(move || {
            current.read().as_ref().and_then(|one| invitation_refusal_text(one, action))
        })
    };
    let (resending, withdrawing) = (ConfirmState::new(), ConfirmState::new());
    let href =
        move || current.read().as_ref().map(|one| Route::InvitationPreview(Some(one.id)).path());
    view! {
        <div class="row">
            <a class="button secondary" href=href>
                {Icon::Eye}
                {t::compose::preview}
            </a>
            <Button
                label=t::invitations::resend
                icon=Icon::Send
                disabled_reason=reason(InvitationAction::Resend)
                on_press=move |()| resending.show()
            />
            <Button
                label=t::invitations::withdraw
                disabled_reason=reason(InvitationAction::Withdraw)
                on_press=move |()| withdrawing.show()
            />
        </div>
        <ConfirmInvitationDialog
            command=InvitationCommand::Resend
            dialog=resending
            current=current.into()
            on_done=on_change
            on_failed=refetch
        />
        <ConfirmInvitationDialog
            command=InvitationCommand::Withdraw
            dialog=withdrawing
            current=current.into()
            on_done=on_change
            on_failed=refetch
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_an_invitation_or_a_new_one() {
        let id: InvitationId = "018bcfe5-6800-7fff-bfff-ffffffffffff".parse().unwrap();
        let parse = InvitationAddress::parse;
        assert_eq!(parse(Route::Invitation(Some(id)), ""), Some(InvitationAddress::Existing(id)));
        assert_eq!(
            parse(Route::NewInvitation, &format!("?enquiry={id}&customer=a.example")),
            Some(InvitationAddress::New {
                customer: "a.example".to_owned(),
                enquiry: Some(id.to_string().parse().unwrap())
            })
        );
        assert_eq!(
            parse(Route::NewInvitation, "?enquiry=none"),
            Some(InvitationAddress::New { customer: String::new(), enquiry: None })
        );
        assert_eq!(parse(Route::Invitation(None), ""), Some(InvitationAddress::Invalid));
        assert_eq!(parse(Route::Invitations, ""), None);
    }
}
