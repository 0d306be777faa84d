//! The outbox: the mails that wait to be sent, or that stay because no mail server is
//! configured. In a demo it stands in for every mailbox.

use api::{
    ErrorCode, MailResource, MailStatus, OutboxField, OutboxFilter, OutboxList, OutboxQuery, routes,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use rules::MailId;
use stylers_macro::style;

use crate::{
    browser, client,
    features::listing::{
        self, CountTexts, FilterSpec, ListControls, ListData, ListParams, ListSpec, ListTools,
        with_query,
    },
    intl,
    load::{LoadState, Loader},
    route::Route,
    session, t,
    ui::{
        Badge, EmptyState, ErrorState, Filter, Icon, Intent, Link, MessageBar, PageTitle,
        SelectOption, Skeleton, TableSort, Toolbar,
    },
    view::{CollectView, IntoView, View, each, view},
    words,
};

/// The id of the subject of the open mail.
const SUBJECT_ID: &str = "mail-title";

/// The filter of the list, which has one order: newest first.
const LIST_SPEC: ListSpec = ListSpec {
    filters: &[FilterSpec {
        name: "status",
        default: "",
        is_valid: |value| value.parse::<MailStatus>().is_ok(),
    }],
    column: |_| None,
    default: TableSort { column: OutboxField::Created.as_str(), descending: true },
};

const COUNT: CountTexts = CountTexts { all: t::outbox::count, some: t::outbox::count_of };

fn query(params: &ListParams) -> OutboxQuery {
    params.list_query::<OutboxList>(OutboxFilter {
        status: params.filter("status").parse().into_iter().collect(),
    })
}

/// The outbox page: the list of mails and the open one.
#[component]
pub fn Outbox() -> View {
    let controls = ListControls::new(Route::Outbox, LIST_SPEC);
    let mails = ListData::new(controls, routes::OUTBOX, query, row_id);
    let chosen = use_location().query;
    let chosen = Memo::new(move |_| chosen.read().get("mail"));
    let open = OpenedMail::new(mails, chosen);
    let site = session::site();
    let demo = Memo::new(move |_| site.read().as_ref().is_some_and(|site| site.demo));
    view! {
        <PageTitle title=t::shell::outbox intro=t::outbox::intro />
        {move || {
            demo.get()
                .then(|| {
                    view! {
                        <MessageBar title=t::outbox::demo_title>{t::outbox::demo}</MessageBar>
                    }
                })
        }}
        <Toolbar>
            <Filter
                label=t::outbox::status
                value=controls.filter("status")
                choices=status_choices()
            />
        </Toolbar>
        <ListTools
            count=move || COUNT.text(mails.list)
            on_refresh=move |()| mails.refresh()
        />
        {listing::list_body(
            mails.list,
            controls,
            "",
            empty.into(),
            (move || {
                view! { <Mailbox mails=mails controls=controls chosen=chosen open=open /> }
            })
                .into(),
        )}
    }
}

fn empty() -> View {
    view! { <EmptyState icon=Icon::Mail title=t::outbox::empty hint=t::outbox::empty_hint /> }
}

fn status_choices() -> Vec<SelectOption> {
    SelectOption::for_each(MailStatus::ALL, words::mail_status)
}

/// The open mail: one of the loaded ones, or another one that is fetched.
#[derive(Clone, Copy)]
struct OpenedMail {
    /// The id in the address.
    chosen: Memo<Option<String>>,
    listed: Memo<Option<MailResource>>,
    fetched: Loader<Option<MailResource>>,
}

impl OpenedMail {
    fn new(mails: ListData<MailResource>, chosen: Memo<Option<String>>) -> Self {
        let listed = Memo::new(move |_| {
            let chosen = chosen.get()?;
            mails.rows().into_iter().find(|mail| mail.id.to_string() == chosen)
        });
        let missing = Memo::new(move |_| {
            let loaded = mails.list.pages.count().is_some();
            chosen.get().filter(|_| loaded && listed.read().is_none())?.parse::<MailId>().ok()
        });
        let fetched = Loader::new(move || {
            let id = missing.get();
            async move {
                match id {
                    Some(id) => client::get(&routes::of_mail(routes::OUTBOX_MAIL, id)).await,
                    None => Ok(None),
                }
            }
        });
        Self { chosen, listed, fetched }
    }

    /// Returns the mail, or the state of the request for it. Reactive.
    fn load(self) -> LoadState<Option<MailResource>> {
        if let Some(mail) = self.listed.get() {
            return LoadState::Ready(Some(mail));
        }
        let chosen = self.chosen.read();
        let fetched = self.fetched.get();
        if let LoadState::Ready(Some(mail)) = &fetched
            && Some(mail.id.to_string()) != *chosen
        {
            // The answer to the request before.
            return LoadState::Loading;
        }
        fetched
    }
}

/// Returns the id of a mail's link.
fn row_id(mail: &MailResource) -> String {
    format!("mail-{}", mail.id)
}

/// Returns the address of the list with this mail open.
fn mail_address(controls: ListControls, mail: &str) -> String {
    let query = controls.query();
    let separator = if query.is_empty() { "" } else { "&" };
    with_query(&Route::Outbox.path(), &format!("{query}{separator}mail={mail}"))
}

/// The list with the open mail next to it, or above it in a narrow window.
#[component]
fn Mailbox(
    mails: ListData<MailResource>,
    controls: ListControls,
    chosen: Memo<Option<String>>,
    open: OpenedMail,
) -> View {
    let scope = style! {
        .mailbox {
            display: grid;
            grid-template-columns: minmax(240px, 1fr) minmax(0, 2.4fr);
            align-items: start;
            border: 1px solid var(--line);
            border-radius: var(--radius-8);
            background-color: var(--surface);
            box-shadow: var(--shadow-2);
            overflow: clip;
        }
        .mails {
            max-height: calc(100dvh - 120px);
            margin: 0;
            padding: 0;
            overflow-y: auto;
            list-style: none;
        }
        .mail-open {
            min-width: 0;
            min-height: 100%;
            border-left: 1px solid var(--line);
        }
        @media (max-width: 799.98px) {
            .mailbox {
                grid-template-columns: minmax(0, 1fr);
            }
            .mails {
                max-height: none;
            }
            .reading .mails {
                display: none;
            }
            .mail-open {
                display: none;
                border-left: 0;
            }
            .reading .mail-open {
                display: block;
            }
        }
    };
    Effect::new(move |before: Option<Option<String>>| {
        let now = chosen.get();
        // Focus a mail when the user opens it, but not when the page is opened with a mail.
        if before.is_some_and(|before| before != now) && now.is_some() {
            request_animation_frame(|| {
                if let Some(title) = browser::element_by_id(SUBJECT_ID) {
                    let _ = title.focus();
                }
            });
        }
        now
    });
    // A memo, so that the open mail is not rendered again when the list grows.
    let state = Memo::new(move |_| chosen.read().is_some().then(|| open.load()));
    let shown = move || match state.get() {
        Some(LoadState::Ready(Some(mail))) => {
            view! { <OpenMail mail=mail controls=controls /> }
        }
        Some(LoadState::Failed(failure)) if !failure.is(ErrorCode::NotFound) => view! {
            <ErrorState
                reason=move || failure.text()
                on_retry=move |()| open.fetched.retry()
            />
        },
        Some(LoadState::Loading) => view! { <Skeleton /> },
        Some(LoadState::Ready(None) | LoadState::Failed(_)) => view! {
            <EmptyState icon=Icon::Search title=t::outbox::gone hint=t::outbox::gone_hint>
                <Link href=Signal::derive(move || controls.address())>{t::outbox::all}</Link>
            </EmptyState>
        },
        None => view! {
            <EmptyState icon=Icon::Mail title=t::outbox::none_open hint=t::outbox::none_open_hint />
        },
    };
    view! { class = scope,
        <div class="mailbox" class:reading=move || chosen.read().is_some()>
            <ul class="mails" aria-label=t::outbox::list>
                {each(
                    move || mails.rows(),
                    |mail| format!("{} {}", mail.id, mail.status.as_str()),
                    move |mail| view! { <MailRow mail=mail controls=controls chosen=chosen /> },
                )}
            </ul>
            <div
                class="mail-open"
                role="region"
                aria-label=t::outbox::open_mail
            >
                {shown}
            </div>
        </div>
    }
}

/// A mail in the list.
#[component]
fn MailRow(mail: MailResource, controls: ListControls, chosen: Memo<Option<String>>) -> View {
    let scope = style! {
        .mail-row {
            position: relative;
            display: grid;
            gap: 2px;
            padding: var(--space-3) var(--space-4);
            border-bottom: 1px solid var(--line);
            color: inherit;
            text-decoration: none;
        }
        .mail-row:hover {
            background-color: var(--surface-hover);
        }
        .mail-row:focus-visible {
            outline-offset: -2px;
        }
        .mail-row[aria-current] {
            background-color: var(--brand-soft);
        }
        .mail-subject {
            font-weight: 600;
            overflow-wrap: anywhere;
        }
        .mail-about {
            display: flex;
            flex-wrap: wrap;
            align-items: center;
            gap: var(--space-1) var(--space-2);
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
            overflow-wrap: anywhere;
        }
    };
    let (id, row_id) = (mail.id.to_string(), row_id(&mail));
    let href = {
        let id = id.clone();
        move || mail_address(controls, &id)
    };
    let created = mail.created.milliseconds();
    let language = mail.language;
    let status = mail.status;
    let current = move || (chosen.read().as_deref() == Some(id.as_str())).then_some("true");
    view! { class = scope,
        <li>
            <a class="mail-row" id=row_id href=href aria-current=current data-noscroll="">
                <span class="mail-subject" lang=language.as_str()>{mail.subject}</span>
                <span class="mail-about">{mail.to.to_string()}</span>
                <span class="mail-about">
                    <Badge
                        label=move || words::mail_status(status)
                        intent=status_intent(status)
                    />
                    <span>{move || intl::date_time(created)}</span>
                    <span>{move || intl::language_name(language.as_str())}</span>
                </span>
            </a>
        </li>
    }
}

fn status_intent(status: MailStatus) -> Intent {
    match status {
        MailStatus::Waiting => Intent::Info,
        MailStatus::Sent => Intent::Success,
        MailStatus::Failed => Intent::Error,
        MailStatus::Superseded => Intent::Neutral,
    }
}

/// The open mail: its headers and its plain text.
#[component]
fn OpenMail(mail: MailResource, controls: ListControls) -> View {
    let scope = style! {
        .mail {
            padding: var(--space-5);
        }
        .mail-back {
            display: none;
            margin-bottom: var(--space-3);
        }
        .mail-title {
            margin-bottom: var(--space-3);
            overflow-wrap: anywhere;
        }
        .mail-heads {
            display: grid;
            grid-template-columns: auto minmax(0, 1fr);
            gap: var(--space-1) var(--space-4);
            margin: 0 0 var(--space-4);
            padding-bottom: var(--space-4);
            border-bottom: 1px solid var(--line);
        }
        .mail-heads dt {
            color: var(--text-2);
        }
        .mail-heads dd {
            margin: 0;
            overflow-wrap: anywhere;
        }
        .mail-text {
            margin: 0;
            font-family: var(--font-mono);
            font-size: 0.8125rem;
            line-height: 1.25rem;
            overflow-wrap: anywhere;
            white-space: pre-wrap;
        }
        @media (max-width: 799.98px) {
            .mail {
                padding: var(--space-4);
            }
            .mail-back {
                display: block;
            }
        }
    };
    let MailResource {
        to, language, subject, text, created, status, attempts, next_or_sent, ..
    } = mail;
    let created = created.milliseconds();
    let next = next_or_sent.map(rules::Timestamp::milliseconds);
    let state = move || match (status, next) {
        (MailStatus::Sent, Some(at)) => t::outbox::sent_on(&intl::date_time(at)),
        (MailStatus::Waiting, Some(at)) => {
            t::outbox::tried(attempts as usize, &intl::date_time(at))
        }
        _ => words::mail_status(status),
    };
    let content = if text.is_empty() {
        view! { <MessageBar>{t::outbox::removed}</MessageBar> }
    } else {
        let origin = window().location().origin().unwrap_or_default();
        // Without a session the link must load the page again, so that the link's address
        // is in the address bar when the user signs in.
        let rel = session::optional().is_none().then_some("external");
        let parts = split_links(&text, &format!("{origin}{}", routes::INVITATION_PAGE))
            .into_iter()
            .map(|part| match part {
                MailTextPart::Text(text) => text.to_owned().into_view(),
                MailTextPart::Link(link) => {
                    // Without the origin, the router recognizes the link as internal.
                    let href = link.strip_prefix(&origin).unwrap_or(link).to_owned();
                    view! { <a href=href rel=rel>{link.to_owned()}</a> }
                }
            })
            .collect_view();
        view! { class = scope, <div class="mail-text" lang=language.as_str()>{parts}</div> }
    };
    view! { class = scope,
        <article class="mail">
            <p class="mail-back">
                <Link href=Signal::derive(move || controls.address())>{t::outbox::all}</Link>
            </p>
            <h2 class="mail-title" id=SUBJECT_ID tabindex="-1" lang=language.as_str()>{subject}</h2>
            <dl class="mail-heads">
                <dt>{t::outbox::to}</dt>
                <dd>{to.to_string()}</dd>
                <dt>{t::outbox::written}</dt>
                <dd>{move || intl::date_time(created)}</dd>
                <dt>{t::outbox::status}</dt>
                <dd>{state}</dd>
                <dt>{t::outbox::language}</dt>
                <dd>{move || intl::language_name(language.as_str())}</dd>
            </dl>
            {content}
        </article>
    }
}

/// A part of a mail's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MailTextPart<'a> {
    /// Plain text.
    Text(&'a str),
    /// A link to an invitation.
    Link(&'a str),
}

/// Splits a mail's text at its links to invitations. Only addresses that begin with `page`,
/// this site's invitation page, become links: a mail contains text by other people, in
/// which nothing may become a link.
fn split_links<'a>(text: &'a str, page: &str) -> Vec<MailTextPart<'a>> {
    let mut parts = Vec::new();
    let mut text_start = 0;
    let mut position = 0;
    while let Some(found) = text[position..].find(page) {
        let start = position + found;
        let rest = &text[start..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let after = &rest[page.len()..length];
        let whole = text[..start].chars().next_back().is_none_or(char::is_whitespace);
        if whole && (after.starts_with('#') || after.starts_with('/')) {
            if text_start < start {
                parts.push(MailTextPart::Text(&text[text_start..start]));
            }
            parts.push(MailTextPart::Link(&rest[..length]));
            text_start = start + length;
        }
        position = start + length;
    }
    if text_start < text.len() {
        parts.push(MailTextPart::Text(&text[text_start..]));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{MailTextPart, split_links};

    const PAGE: &str = "https://accord.example/partner-invitation";

    #[test]
    fn an_invitation_address_becomes_a_link() {
        let text = "Review:\nhttps://accord.example/partner-invitation#0af\n\nThe end.";
        assert_eq!(
            split_links(text, PAGE),
            [
                MailTextPart::Text("Review:\n"),
                MailTextPart::Link("https://accord.example/partner-invitation#0af"),
                MailTextPart::Text("\n\nThe end."),
            ]
        );
    }

    #[test]
    fn nothing_else_becomes_a_link() {
        for text in [
            "https://evil.example/partner-invitation#0af",
            "https://accord.example.evil.example/partner-invitation#0af",
            "https://accord.example/partner-invitation.evil.example/#0af",
            "https://evil.example/?https://accord.example/partner-invitation#0af",
            "https://accord.example/partner-invitation",
            "https://accord.example/settings",
            "Größe: https://accord.example/partner-invitationé#0af",
        ] {
            assert_eq!(split_links(text, PAGE), [MailTextPart::Text(text)], "{text}");
        }
        assert_eq!(split_links("", PAGE), []);
    }

    #[test]
    fn nothing_of_the_text_is_lost() {
        let text = "a https://accord.example/partner-invitation#1 b\nhttps://accord.example/partner-invitation/2";
        let whole: String = split_links(text, PAGE)
            .into_iter()
            .map(|part| match part {
                MailTextPart::Text(text) | MailTextPart::Link(text) => text,
            })
            .collect();
        assert_eq!(whole, text);
    }
}
