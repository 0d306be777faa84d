//! The preview of an invitation: the customer's page and the mail side by side, for each
//! role, state and language.

use api::{InvitationResource, RenderedMail, routes};
use leptos::prelude::*;
use rules::{InvitationId, Language};
use stylers_macro::style;

use crate::{
    areas::desk::invitation_actions::{invitation_crumbs, recipient_text},
    client,
    features::{
        preview_state::{PreviewState, ROLES},
        resource::ResourceState,
    },
    intl,
    load::{LoadState, Loader},
    route::{Route, use_param},
    t, text,
    ui::{
        Breadcrumb, Crumb, DescriptionItem, DescriptionList, ErrorState, Icon, LinkButton,
        MessageBar, PageTitle, Select, SelectOption, Skeleton,
    },
    view::{View, view},
    words,
};

/// The page, for `/invitations/{id}/preview`.
#[component]
pub fn Preview() -> View {
    let id =
        use_param(|route| if let Route::InvitationPreview(id) = route { Some(id) } else { None });
    let loaded = Loader::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => {
                    let route = routes::of_invitation(routes::INVITATION, id);
                    client::get::<InvitationResource>(&route).await.map(Some)
                }
                None => Ok(None),
            }
        }
    });
    let page_state = Memo::new(move |_| loaded.with(ResourceState::from_load));
    let content = move || {
        let instead =
            page_state.get().placeholder(Route::Invitations, t::invitations::all, move || {
                loaded.retry();
            });
        let invitation = move || untrack(|| loaded.with(|load| load.ready().cloned().flatten()));
        instead.or_else(|| invitation().map(|one| view! { <PreviewPanes invitation=one /> }))
    };
    let above = move || {
        let mut crumbs = invitation_crumbs();
        loaded.with(|load| {
            if let Some(Some(invitation)) = load.ready() {
                let name = invitation.customer_name.to_string();
                let label = move || t::invitations::to(&name);
                crumbs.push(Crumb::new(label, Route::Invitation(Some(invitation.id))));
            }
        });
        view! { <Breadcrumb crumbs=crumbs current=t::compose::preview /> }
    };
    view! {
        {above}
        <PageTitle title=t::preview::title intro=t::preview::intro />
        {content}
    }
}

/// The page and the mail, with the selections above them.
#[component]
fn PreviewPanes(invitation: InvitationResource) -> View {
    let scope = style! {
        .preview-choices {
            display: grid;
            grid-template-columns: repeat(auto-fit, minmax(min(100%, 200px), 1fr));
            gap: var(--space-3) var(--space-4);
            margin-bottom: var(--space-5);
        }
        .preview-both {
            display: flex;
            flex-wrap: wrap;
            gap: var(--space-5);
        }
        .preview-half {
            flex: 1 1 400px;
            min-width: 0;
        }
        .preview-half h2 {
            display: flex;
            align-items: center;
            gap: var(--space-2);
            margin-bottom: var(--space-3);
            font-size: var(--size-subtitle);
            line-height: var(--line-subtitle);
        }
        .preview-frame {
            display: block;
            width: 100%;
            height: max(420px, calc(100dvh - 340px));
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: var(--surface);
        }
    };
    let language = RwSignal::new(untrack(text::language).to_owned());
    let mail_language = RwSignal::new(invitation.language.to_string());
    let role = RwSignal::new(ROLES[0].to_string());
    let state = RwSignal::new(PreviewState::Waiting.to_string());
    let languages: Vec<SelectOption> =
        t::LANGUAGES.iter().map(|(code, name)| SelectOption::new(*code, *name)).collect();
    let mail_languages: Vec<SelectOption> = Language::ALL
        .iter()
        .map(|language| {
            let code = language.as_str();
            SelectOption::new(code, move || intl::language_name(code))
        })
        .collect();
    let roles: Vec<SelectOption> = ROLES
        .iter()
        .map(|role| {
            let role = *role;
            SelectOption::new(role, move || words::user_role(role))
        })
        .collect();
    let states: Vec<SelectOption> = PreviewState::ALL
        .iter()
        .map(|state| {
            let state = *state;
            SelectOption::new(state, move || state_name(state))
        })
        .collect();
    let id = invitation.id;
    // A new frame for each selection, so that the browser's Back button leaves the preview.
    let page = move || {
        let (language, role, state) = (language.get(), role.get(), state.get());
        let frame = Route::PreviewFrame(Some(id));
        let src = format!("{frame}?language={language}&as={role}&state={state}");
        view! { class = scope,
            <iframe
                class="preview-frame"
                title=t::preview::page_frame
                sandbox="allow-same-origin allow-scripts"
                src=src
            ></iframe>
        }
    };
    let mail = Memo::new(move |_| mail_language.get());
    let mail = move || view! { <MailPreview id=id language=mail.get() /> };
    let to = recipient_text(&invitation);
    let missing = to.is_none().then(|| {
        view! {
            <MessageBar>
                {t::preview::no_recipient}
                " "
                <LinkButton href=Route::Invitation(Some(id)) label=t::preview::back_to_draft />
            </MessageBar>
        }
    });
    view! { class = scope,
        {missing}
        <div class="preview-choices">
            <Select label=t::preview::language value=language choices=languages />
            <Select label=t::preview::role value=role choices=roles />
            <Select label=t::preview::state value=state choices=states />
            <Select label=t::preview::mail_language value=mail_language choices=mail_languages />
        </div>
        <div class="preview-both">
            <section class="preview-half" aria-labelledby="preview-page">
                <h2 id="preview-page">{Icon::Eye} {t::preview::page}</h2>
                {page}
            </section>
            <section class="preview-half" aria-labelledby="preview-mail">
                <h2 id="preview-mail">{Icon::Mail} {t::preview::mail}</h2>
                {mail}
            </section>
        </div>
    }
}

fn state_name(state: PreviewState) -> String {
    match state {
        PreviewState::Waiting => t::preview::state_waiting(),
        PreviewState::Accepted => words::invitation_status(rules::InvitationStatus::Accepted),
        PreviewState::Canceled => words::invitation_status(rules::InvitationStatus::Canceled),
        PreviewState::Withdrawn => words::invitation_status(rules::InvitationStatus::Withdrawn),
        PreviewState::Expired => words::invitation_status(rules::InvitationStatus::Expired),
        PreviewState::OtherOrganization => t::preview::state_other_organization(),
        PreviewState::OtherCloud => t::preview::state_other_cloud(),
        PreviewState::Unknown => t::preview::state_unknown(),
        PreviewState::Incomplete => t::preview::state_incomplete(),
        PreviewState::SignedOut => t::preview::state_signed_out(),
    }
}

/// The mail as it would be sent: the HTML and the plain text.
#[component]
fn MailPreview(id: InvitationId, language: String) -> View {
    let scope = style! {
        .preview-html {
            display: block;
            width: 100%;
            height: max(420px, calc(100dvh - 470px));
            margin-top: var(--space-3);
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: #ffffff;
        }
        .preview-text {
            margin: var(--space-3) 0 0;
            font-family: var(--font-mono);
            font-size: 0.8125rem;
            line-height: 1.25rem;
            overflow-wrap: anywhere;
            white-space: pre-wrap;
        }
    };
    let mail = Loader::new({
        let language = language.clone();
        move || {
            let route = routes::of_invitation(routes::INVITATION_MAIL, id);
            let path = format!("{route}?language={language}");
            async move { client::get::<RenderedMail>(&path).await }
        }
    });
    let html = Loader::new({
        let language = language.clone();
        move || {
            let route = routes::of_invitation(routes::INVITATION_MAIL_HTML, id);
            let path = format!("{route}?language={language}");
            async move { client::document(&path).await }
        }
    });
    let content = move || match mail.get() {
        LoadState::Loading => view! { <Skeleton lines=8 /> },
        LoadState::Failed(failure) => view! {
            <ErrorState reason=move || failure.text() on_retry=move |()| mail.retry() />
        },
        LoadState::Ready(RenderedMail { subject, text, .. }) => {
            let (code, of_text) = (language.clone(), language.clone());
            let html = move || {
                let src = html.with(|load| load.ready().cloned())?;
                Some(view! { class = scope,
                    <iframe
                        class="preview-html"
                        title=t::preview::mail_frame
                        sandbox=""
                        src=src
                    ></iframe>
                })
            };
            view! { class = scope,
                <DescriptionList>
                    <DescriptionItem label=t::preview::subject>
                        <span lang=code>{subject}</span>
                    </DescriptionItem>
                </DescriptionList>
                {html}
                <details>
                    <summary>{t::preview::as_text}</summary>
                    <div class="preview-text" lang=of_text>{text}</div>
                </details>
            }
        }
    };
    view! { <div>{content}</div> }
}
