//! The home page of a partner's users: the items that need their action, or that wait for
//! their customers.

use api::{
    EnquiryField, EnquiryFilter, EnquiryQuery, EnquiryResource, InvitationField, InvitationFilter,
    InvitationQuery, InvitationResource, Page, SortOrder, routes,
};
use leptos::prelude::*;
use rules::{EnquiryStatus, InvitationStatus, OrganizationAction, Timestamp};
use stylers_macro::style;

use crate::{
    areas::account::attention::{AttentionCard, AttentionCount, AttentionRow, CARD_ROWS},
    client::{self, Failure},
    features::guards::organization_refusal,
    intl::{self, days_until},
    load::{LoadState, Loader},
    route::Route,
    session, t,
    ui::{ButtonKind, ErrorState, Icon, Link, LinkButton, Skeleton},
    view::{CollectView, IntoView, View, view},
    words,
};

/// The data of the page: the first of what needs action, with their number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PartnerHomeData {
    /// Drafts, oldest first.
    drafts: Page<InvitationResource>,
    /// Invitations that wait for an answer, oldest first, because they expire first.
    sent: Page<InvitationResource>,
    /// Unread enquiries, oldest first; `None` for users who may not see enquiries.
    enquiries: Option<Page<EnquiryResource>>,
}

/// Fetches the data of the page.
async fn fetch(may_see_enquiries: bool) -> Result<PartnerHomeData, Failure> {
    let drafts = fetch_invitations(InvitationStatus::Draft).await?;
    let sent = fetch_invitations(InvitationStatus::Sent).await?;
    let enquiries = if may_see_enquiries { Some(fetch_enquiries().await?) } else { None };
    Ok(PartnerHomeData { drafts, sent, enquiries })
}

async fn fetch_invitations(status: InvitationStatus) -> Result<Page<InvitationResource>, Failure> {
    let query = InvitationQuery {
        filter: InvitationFilter { status: vec![status], ..InvitationFilter::default() },
        order: SortOrder::ascending(InvitationField::Created),
        top: CARD_ROWS,
        count: true,
        ..InvitationQuery::default()
    };
    client::get(&format!("{}?{query}", routes::INVITATIONS)).await
}

async fn fetch_enquiries() -> Result<Page<EnquiryResource>, Failure> {
    let query = EnquiryQuery {
        filter: EnquiryFilter { status: vec![EnquiryStatus::Sent], ..EnquiryFilter::default() },
        order: SortOrder::ascending(EnquiryField::Created),
        top: CARD_ROWS,
        count: true,
        ..EnquiryQuery::default()
    };
    client::get(&format!("{}?{query}", routes::ENQUIRIES)).await
}

/// The content of the home page.
#[component]
pub fn PartnerHome() -> View {
    let may_see_enquiries =
        untrack(|| organization_refusal(OrganizationAction::ViewEnquiries)).is_none();
    let may_draft = untrack(|| organization_refusal(OrganizationAction::DraftInvitation)).is_none();
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

fn content_view(overview: &PartnerHomeData, may_draft: bool, now: Timestamp) -> View {
    let scope = style! {
        .desk-attention {
            display: grid;
            grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr));
            align-items: start;
            gap: var(--space-4);
        }
    };
    let enquiries = overview.enquiries.as_ref().map(|enquiries| {
        let rows = enquiries.value.iter().map(enquiry_row).collect_view();
        view! {
            <AttentionCard
                icon=Icon::Mail
                title=t::partner_home::new_enquiries
                count=AttentionCount::from_page(enquiries)
                empty=t::partner_home::no_new_enquiries
                href=Route::Enquiries
                link=t::enquiries::all
            >
                {rows}
            </AttentionCard>
        }
    });
    let drafts = overview.drafts.value.iter().map(draft_row).collect_view();
    let sent = overview.sent.value.iter().map(|one| sent_row(one, now)).collect_view();
    let write = may_draft.then(|| {
        view! {
            <div>
                <LinkButton
                    href=Route::NewInvitation
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
                    title=t::partner_home::drafts
                    count=AttentionCount::from_page(&overview.drafts)
                    empty=t::partner_home::no_drafts
                    href=format!("{}?status=draft", Route::Invitations)
                    link=t::partner_home::all_drafts
                >
                    {drafts}
                </AttentionCard>
                <AttentionCard
                    icon=Icon::Clock
                    title=t::partner_home::waiting
                    count=AttentionCount::from_page(&overview.sent)
                    empty=t::partner_home::no_waiting
                    href=format!("{}?status=sent", Route::Invitations)
                    link=t::partner_home::all_waiting
                >
                    {sent}
                </AttentionCard>
            </div>
        </div>
    }
}

fn enquiry_row(enquiry: &EnquiryResource) -> View {
    let href = Route::Enquiry(Some(enquiry.id));
    let name = enquiry.customer_name.to_string();
    let size = enquiry.size;
    let expires = enquiry.state.expires().unwrap_or(enquiry.created).milliseconds();
    let about =
        move || t::partner_home::enquiry(days_until(expires), &words::organization_size(size));
    let title = view! { <Link href=href>{name}</Link> };
    view! { <AttentionRow title=title about=about.into_view() /> }
}

/// Renders a link to an invitation, with the customer's name.
fn invitation_link(invitation: &InvitationResource) -> View {
    let href = Route::Invitation(Some(invitation.id));
    let name = invitation.customer_name.to_string();
    view! { <Link href=href>{name}</Link> }
}

fn draft_row(invitation: &InvitationResource) -> View {
    let (kind, at) = (invitation.relationship_type, invitation.created.milliseconds());
    let about = move || t::partner_home::draft(&intl::date(at), &words::partner_type(kind));
    view! { <AttentionRow title=invitation_link(invitation) about=about.into_view() /> }
}

fn sent_row(invitation: &InvitationResource, now: Timestamp) -> View {
    let kind = invitation.relationship_type;
    let expires = invitation.state.expires().unwrap_or(now).milliseconds();
    let about = move || t::partner_home::sent(days_until(expires), &words::partner_type(kind));
    view! { <AttentionRow title=invitation_link(invitation) about=about.into_view() /> }
}
