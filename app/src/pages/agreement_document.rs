//! The Microsoft Customer Agreement as the pages show it: the document, how far its
//! reader has come, and the step of reading and acknowledging it before accepting.

use api::{AcceptAgreement, Agreement, routes};
use leptos::prelude::*;
use rules::Refusal;
use stylers_macro::style;

use crate::{
    client::{self, Failure},
    intl,
    load::{LoadState, effect},
    t,
    ui::{Button, ButtonKind, Checkbox, Dialog, ErrorState, Icon, Intent, MessageBar},
    view::{CollectView, View, view},
    words,
};

/// How far the reader of the agreement has come.
///
/// What is accepted is the very document that was shown, so whenever another one
/// takes its place, it has to be opened and acknowledged anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementReview {
    /// The document.
    pub document: LoadState<Agreement>,
    /// Whether it was opened.
    pub opened: bool,
    /// Whether the box is ticked that says that it was read.
    pub acknowledged: bool,
    /// Whether it took the place of another version while it was being read.
    pub replaced: bool,
}

/// What the reader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementReviewEvent {
    /// Opens the document.
    Open,
    /// Ticks the box, or takes the tick away.
    Acknowledge(bool),
    /// Asks for the document again.
    Retry,
}

/// Why what was shown can't be accepted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceptanceBlocker {
    /// The document is on its way.
    Loading,
    /// The document can't be had.
    Failed(Failure),
    /// It was not opened.
    NotOpened,
    /// The box is not ticked.
    NotAcknowledged,
}

impl Default for AgreementReview {
    fn default() -> Self {
        Self { document: LoadState::Loading, opened: false, acknowledged: false, replaced: false }
    }
}

impl AgreementReview {
    /// Takes in what the server answered.
    pub fn receive_document(&mut self, answer: Result<Agreement, Failure>) {
        let hash = |document: &LoadState<Agreement>| document.ready().map(|one| one.hash.clone());
        let before = hash(&self.document);
        self.document = match answer {
            Ok(agreement) => LoadState::Ready(agreement),
            Err(failure) => LoadState::Failed(failure),
        };
        if hash(&self.document) != before {
            self.opened = false;
            self.acknowledged = false;
        }
    }

    /// The server says that there is a newer version than the one that was shown.
    pub fn restart_with_new_version(&mut self) {
        *self = Self { replaced: true, ..Self::default() };
    }

    /// Takes in what the reader does. `true` asks for the document again.
    pub fn handle_event(&mut self, event: AgreementReviewEvent) -> bool {
        match event {
            AgreementReviewEvent::Open => self.opened |= self.document.ready().is_some(),
            AgreementReviewEvent::Acknowledge(is) => self.acknowledged = is && self.opened,
            AgreementReviewEvent::Retry => {
                self.document = LoadState::Loading;
                return true;
            }
        }
        false
    }

    /// What stands in the way of accepting.
    #[must_use]
    pub fn acceptance_blocker(&self) -> Option<AcceptanceBlocker> {
        match &self.document {
            LoadState::Loading => Some(AcceptanceBlocker::Loading),
            LoadState::Failed(failure) => Some(AcceptanceBlocker::Failed(failure.clone())),
            LoadState::Ready(_) if !self.opened => Some(AcceptanceBlocker::NotOpened),
            LoadState::Ready(_) if !self.acknowledged => Some(AcceptanceBlocker::NotAcknowledged),
            LoadState::Ready(_) => None,
        }
    }

    /// What is sent to accept it; nothing while something stands in the way.
    #[must_use]
    pub fn acceptance_request(&self) -> Option<AcceptAgreement> {
        match (&self.document, self.acceptance_blocker()) {
            (LoadState::Ready(agreement), None) => {
                Some(AcceptAgreement { hash: agreement.hash.to_string(), acknowledged: true })
            }
            _ => None,
        }
    }
}

/// What stands in the way, for beside the button.
#[must_use]
pub fn blocker_text(blocker: &AcceptanceBlocker) -> String {
    match blocker {
        AcceptanceBlocker::Loading => t::agreement::on_its_way(),
        AcceptanceBlocker::Failed(failure) => match failure.refusal() {
            Some(refusal) => words::refusal(refusal),
            None => t::agreement::not_loaded(),
        },
        AcceptanceBlocker::NotOpened | AcceptanceBlocker::NotAcknowledged => {
            t::agreement::read_first()
        }
    }
}

/// Fetches the current document in the page's language.
///
/// # Errors
/// A [`Failure`].
pub async fn fetch(language: &'static str) -> Result<Agreement, Failure> {
    client::get(&format!("{}?language={language}", routes::AGREEMENT)).await
}

/// One part of a document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Heading(String),
    Paragraph(String),
}

/// The parts of a document's text: paragraphs stand apart by an empty line, and a line
/// that begins with `# ` is a heading.
fn parts(body: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut end = |lines: &mut Vec<&str>, heading: Option<&str>| {
        if !lines.is_empty() {
            parts.push(Part::Paragraph(lines.join("\n")));
            lines.clear();
        }
        parts.extend(heading.map(|heading| Part::Heading(heading.trim().to_owned())));
    };
    for line in body.lines() {
        match line.strip_prefix("# ") {
            Some(heading) => end(&mut lines, Some(heading)),
            None if line.trim().is_empty() => end(&mut lines, None),
            None => lines.push(line.trim_end()),
        }
    }
    end(&mut lines, None);
    parts
}

/// The document itself: which it is, and its text, which can be scrolled with the keyboard.
#[component]
pub fn AgreementDocument(
    /// The document.
    agreement: Agreement,
) -> View {
    let scope = style! {
        .agreement-about {
            margin: 0 0 var(--space-3);
            color: var(--text-2);
        }
        .agreement-text {
            max-height: min(56dvh, 520px);
            padding: var(--space-4) var(--space-5);
            overflow-y: auto;
            border: 1px solid var(--line);
            border-radius: var(--radius-4);
            background-color: var(--surface-2);
        }
        .agreement-text h3 {
            margin: var(--space-5) 0 var(--space-1);
        }
        .agreement-text p {
            max-width: 72ch;
            white-space: pre-line;
        }
    };
    let Agreement { version, language, title, body, added, .. } = agreement;
    let text = parts(&body)
        .into_iter()
        .map(|part| match part {
            Part::Heading(text) => view! { class = scope, <h3>{text}</h3> },
            Part::Paragraph(text) => view! { class = scope, <p>{text}</p> },
        })
        .collect_view();
    let about = move || {
        t::agreement::about(
            &intl::date(added.milliseconds()),
            &intl::language_name(language.as_str()),
            &version.to_string(),
        )
    };
    view! { class = scope,
        <p class="agreement-about">{about}</p>
        <div
            class="agreement-text"
            role="region"
            tabindex="0"
            aria-label=title.to_string()
            lang=language.as_str()
        >
            {text}
        </div>
    }
}

/// A button named after the document, which opens it over the page.
#[component]
pub fn AgreementButton(
    /// How far its reader has come.
    #[prop(into)]
    reading: Signal<AgreementReview>,
    /// What the reader does.
    on_event: Callback<AgreementReviewEvent>,
) -> View {
    let open = RwSignal::new(false);
    let title = move || {
        let document = reading.read().document.ready().map(|document| document.title.to_string());
        document.unwrap_or_else(t::agreement::name)
    };
    let document = move || {
        let document = reading.read().document.ready().cloned();
        document.map(|agreement| view! { <AgreementDocument agreement=agreement /> })
    };
    view! {
        <Button
            label=t::agreement::name
            icon=Icon::Document
            busy=Signal::derive(move || reading.read().document == LoadState::Loading)
            on_press=move |()| {
                on_event.run(AgreementReviewEvent::Open);
                open.set(true);
            }
        />
        <Dialog
            open=open
            title=title
            actions=move || {
                view! {
                    <Button
                        label=t::ui::close
                        kind=ButtonKind::Primary
                        on_press=move |()| open.set(false)
                    />
                }
            }
        >
            {document}
        </Dialog>
    }
}

/// The step before accepting: open the document, then tick the box.
#[component]
pub fn AgreementStep(
    /// How far its reader has come.
    #[prop(into)]
    reading: Signal<AgreementReview>,
    /// What the reader does.
    on_event: Callback<AgreementReviewEvent>,
) -> View {
    // The box keeps its own signal; these two keep it and the reading the same.
    let ticked = RwSignal::new(false);
    effect(move || {
        let is = reading.read().acknowledged;
        if ticked.get_untracked() != is {
            ticked.set(is);
        }
    });
    effect(move || {
        let is = ticked.get();
        if reading.read_untracked().acknowledged != is {
            on_event.run(AgreementReviewEvent::Acknowledge(is));
        }
    });
    let failed = Memo::new(move |_| match &reading.read().document {
        LoadState::Failed(failure) => Some(failure.clone()),
        _ => None,
    });
    let replaced = Memo::new(move |_| reading.read().replaced);
    let document = move || match failed.get() {
        None => view! { <AgreementButton reading=reading on_event=on_event /> },
        Some(failure) => unavailable(failure, on_event),
    };
    let not_yet = Signal::derive(move || {
        let reading = reading.read();
        match reading.acceptance_blocker()? {
            AcceptanceBlocker::NotAcknowledged => None,
            AcceptanceBlocker::NotOpened => Some(t::agreement::open_first()),
            blocker => Some(blocker_text(&blocker)),
        }
    });
    // One line at a time: why the box can't be ticked yet, then what ticking it says.
    let hint = move || {
        if not_yet.read().is_some() { String::new() } else { t::agreement::acknowledge_hint() }
    };
    view! {
        <div class="stack">
            {move || {
                replaced
                    .get()
                    .then(|| {
                        view! {
                            <MessageBar intent=Intent::Warning title=t::agreement::replaced_title>
                                {t::agreement::replaced}
                            </MessageBar>
                        }
                    })
            }}
            <div>{document}</div>
            <Checkbox
                label=t::agreement::acknowledge
                checked=ticked
                hint=hint
                disabled_reason=not_yet
            />
        </div>
    }
}

/// In place of the document: why there is none, and a way to try again where that helps.
fn unavailable(failure: Failure, on_event: Callback<AgreementReviewEvent>) -> View {
    if failure.refusal() == Some(Refusal::AgreementUnavailable) {
        return view! {
            <MessageBar intent=Intent::Warning>
                {move || words::refusal(Refusal::AgreementUnavailable)}
            </MessageBar>
        };
    }
    view! {
        <ErrorState
            reason=move || failure.text()
            on_retry=move |()| on_event.run(AgreementReviewEvent::Retry)
        />
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use api::ErrorCode;
    use rules::{DisplayName, DocumentHash, Language, Timestamp};

    use super::*;
    use crate::client::FailureKind;

    /// A document whose hash consists of this digit.
    pub(crate) fn agreement(digit: &str) -> Agreement {
        Agreement {
            version: 1,
            language: Language::English,
            title: DisplayName::parse("Microsoft Customer Agreement").expect("a title"),
            body: "One.\n\n# Two\n\nThree.".to_owned(),
            hash: DocumentHash::parse(&digit.repeat(64)).expect("a hash"),
            added: Timestamp::from_milliseconds(0),
        }
    }

    pub(crate) fn unreachable() -> Failure {
        Failure { kind: FailureKind::Other(ErrorCode::Unavailable, None), request_id: None }
    }

    fn read() -> AgreementReview {
        let mut reading = AgreementReview::default();
        reading.receive_document(Ok(agreement("a")));
        reading.handle_event(AgreementReviewEvent::Open);
        reading.handle_event(AgreementReviewEvent::Acknowledge(true));
        reading
    }

    #[test]
    fn it_is_opened_then_acknowledged_then_accepted() {
        let mut reading = AgreementReview::default();
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::Loading));
        reading.handle_event(AgreementReviewEvent::Open);
        assert!(!reading.opened, "there is nothing to open yet");
        reading.receive_document(Ok(agreement("a")));
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::NotOpened));
        reading.handle_event(AgreementReviewEvent::Acknowledge(true));
        assert!(!reading.acknowledged, "nobody has read what was not opened");
        reading.handle_event(AgreementReviewEvent::Open);
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::NotAcknowledged));
        assert_eq!(reading.acceptance_request(), None);
        reading.handle_event(AgreementReviewEvent::Acknowledge(true));
        let hash = "a".repeat(64);
        assert_eq!(
            reading.acceptance_request(),
            Some(AcceptAgreement { hash, acknowledged: true })
        );
        reading.handle_event(AgreementReviewEvent::Acknowledge(false));
        assert_eq!(reading.acceptance_request(), None);
    }

    #[test]
    fn another_document_has_to_be_read_again() {
        let mut reading = read();
        reading.receive_document(Ok(agreement("a")));
        assert!(reading.acceptance_request().is_some(), "it is still the same document");
        reading.receive_document(Ok(agreement("b")));
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::NotOpened));
        assert!(!reading.replaced, "a change of language is no new version");
        let mut reading = read();
        reading.restart_with_new_version();
        reading.receive_document(Ok(agreement("b")));
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::NotOpened));
        assert!(reading.replaced);
    }

    #[test]
    fn a_document_that_cannot_be_had_blocks_until_it_can() {
        let mut reading = AgreementReview::default();
        reading.receive_document(Err(unreachable()));
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::Failed(unreachable())));
        assert!(reading.handle_event(AgreementReviewEvent::Retry));
        assert_eq!(reading.acceptance_blocker(), Some(AcceptanceBlocker::Loading));
    }

    #[test]
    fn headings_stand_among_the_paragraphs() {
        let heading = |text: &str| Part::Heading(text.to_owned());
        let paragraph = |text: &str| Part::Paragraph(text.to_owned());
        assert_eq!(
            parts("One\nmore.\r\n\r\n\n# Two \nThree.\n#Four"),
            [paragraph("One\nmore."), heading("Two"), paragraph("Three.\n#Four")]
        );
        assert_eq!(parts(" \n\n"), []);
    }
}
