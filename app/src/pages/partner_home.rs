//! The home page of a partner's users: the items that need their action, or that wait for
//! their customers.

use api::{EnquiryResource, InvitationResource, Page, routes};
use leptos::prelude::*;
use rules::{EnquiryStatus, InvitationStatus, OrganizationAction, Timestamp};
use stylers_macro::style;

use super::{
    desk::{self, COMPOSE_PATH, ENQUIRIES_PATH, INVITATIONS_PATH},
    home::{AttentionCard, AttentionRow},
    partner_invitation::days_until,
};
use crate::{
    client::{self, Failure},
    intl,
    load::{LoadState, Loader},
    session, t,
    ui::{ButtonKind, ErrorState, Icon, Link, LinkButton, Skeleton},
    view::{CollectView, IntoView, View, view},
    words,
};

/// The data of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PartnerHomeData {
    invitations: Vec<InvitationResource>,
    /// `None` for users who may not see enquiries.
    enquiries: Option<Vec<EnquiryResource>>,
}

/// Fetches the data of the page.
async fn fetch(may_see_enquiries: bool) -> Result<PartnerHomeData, Failure> {
    let invitations: Page<InvitationResource> = client::get(routes::INVITATIONS).await?;
    let enquiries = if may_see_enquiries {
        Some(client::get::<Page<EnquiryResource>>(routes::ENQUIRIES).await?.value)
    } else {
        None
    };
    Ok(PartnerHomeData { invitations: invitations.value, enquiries })
}

/// The content of the home page.
#[component]
pub fn PartnerHome() -> View {
    let may_see_enquiries =
        untrack(|| desk::organization_refusal(OrganizationAction::ViewEnquiries)).is_none();
    let may_draft =
        untrack(|| desk::organization_refusal(OrganizationAction::DraftInvitation)).is_none();
    let overview = Loader::new(move || fetch(may_see_enquiries));
    let state = Memo::new(move |_| overview.get());
    let content = move || match state.get() {
        LoadState::Loading => view! { <Skeleton lines=8 /> },
        LoadState::Failed(failure) => {
            if failure.signed_out() {
                session::refresh();
            }
            view! {
                <ErrorState reason=move || failure.text() on_retry=move |()| overview.retry() />
            }
        }
        LoadState::Ready(found) => content_view(&found, may_draft, intl::now()),
    };
    content.into_view()
}

/// Returns the unread enquiries, oldest first.
fn unread_enquiries(enquiries: &[EnquiryResource], now: Timestamp) -> Vec<&EnquiryResource> {
    let mut new: Vec<_> =
        enquiries.iter().filter(|one| one.state.status(now) == EnquiryStatus::Sent).collect();
    super::order_by(&mut new, |one| one.created);
    new
}

/// Returns the invitations with this status, sorted by expiry.
fn invitations_with_status(
    invitations: &[InvitationResource],
    status: InvitationStatus,
    now: Timestamp,
) -> Vec<&InvitationResource> {
    let mut found: Vec<_> =
        invitations.iter().filter(|one| one.state.status(now) == status).collect();
    super::order_by(&mut found, |one| one.state.expires().unwrap_or(one.created));
    found
}

fn content_view(overview: &PartnerHomeData, may_draft: bool, now: Timestamp) -> View {
    let scope = style! {
        .desk-attention {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr));
            align-items: start;
            gap: var(--space-4);
        }
    };
    let enquiries = overview.enquiries.as_deref().map(|enquiries| {
        let new = unread_enquiries(enquiries, now);
        let count = new.len();
        let rows = new.into_iter().map(enquiry_row).collect_view();
        view! {
            <AttentionCard
                icon=Icon::Mail
                title=t::desk::new_enquiries
                count=count
                empty=t::desk::no_new_enquiries
                href=ENQUIRIES_PATH
                link=t::enquiries::all
            >
                {rows}
            </AttentionCard>
        }
    });
    let drafts = invitations_with_status(&overview.invitations, InvitationStatus::Draft, now);
    let sent = invitations_with_status(&overview.invitations, InvitationStatus::Sent, now);
    let (drafts_count, sent_count) = (drafts.len(), sent.len());
    let drafts = drafts.into_iter().map(draft_row).collect_view();
    let sent = sent.into_iter().map(|one| sent_row(one, now)).collect_view();
    let write = may_draft.then(|| {
        view! {
            <div>
                <LinkButton
                    href=COMPOSE_PATH
                    label=t::invitations::new
                    kind=ButtonKind::Primary
                    icon=Icon::Add
                />
            </div>
        }
    });
    view! { class = scope,
        <div class="stack">
            {write}
            <div class="desk-attention">
                {enquiries}
                <AttentionCard
                    icon=Icon::Edit
                    title=t::desk::drafts
                    count=drafts_count
                    empty=t::desk::no_drafts
                    href=format!("{INVITATIONS_PATH}?status=draft")
                    link=t::desk::all_drafts
                >
                    {drafts}
                </AttentionCard>
                <AttentionCard
                    icon=Icon::Clock
                    title=t::desk::waiting
                    count=sent_count
                    empty=t::desk::no_waiting
                    href=format!("{INVITATIONS_PATH}?status=sent")
                    link=t::desk::all_waiting
                >
                    {sent}
                </AttentionCard>
            </div>
        </div>
    }
}

fn enquiry_row(enquiry: &EnquiryResource) -> View {
    let href = format!("{ENQUIRIES_PATH}/{}", enquiry.id);
    let name = enquiry.customer_name.to_string();
    let size = enquiry.size;
    let expires = enquiry.state.expires().unwrap_or(enquiry.created).milliseconds();
    let about = move || t::desk::enquiry(days_until(expires), &words::organization_size(size));
    let title = view! { <Link href=href>{name}</Link> };
    view! { <AttentionRow title=title about=about.into_view() /> }
}

/// Renders a link to an invitation, with the customer's name.
fn invitation_link(invitation: &InvitationResource) -> View {
    let href = format!("{INVITATIONS_PATH}/{}", invitation.id);
    let name = invitation.customer_name.to_string();
    view! { <Link href=href>{name}</Link> }
}

fn draft_row(invitation: &InvitationResource) -> View {
    let (kind, at) = (invitation.relationship_type, invitation.created.milliseconds());
    let about = move || t::desk::draft(&intl::date(at), &words::partner_type(kind));
    view! { <AttentionRow title=invitation_link(invitation) about=about.into_view() /> }
}

fn sent_row(invitation: &InvitationResource, now: Timestamp) -> View {
    let kind = invitation.relationship_type;
    let expires = invitation.state.expires().unwrap_or(now).milliseconds();
    let about = move || t::desk::sent(days_until(expires), &words::partner_type(kind));
    view! { <AttentionRow title=invitation_link(invitation) about=about.into_view() /> }
}
