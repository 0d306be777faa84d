//! The Microsoft Customer Agreement: the document, and the step in which the user reads and
//! acknowledges it before accepting.

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

/// State of reading the agreement before accepting it.
///
/// The user accepts exactly the document that was shown. When another document replaces it,
/// that one must be opened and acknowledged too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementReview {
    /// The current document.
    pub document: LoadState<Agreement>,
    /// `true` once the document was opened.
    pub opened: bool,
    /// `true` while the acknowledgment is ticked.
    pub acknowledged: bool,
    /// `true` if the document replaced an older version that was shown before.
    pub replaced: bool,
}

/// An action of the user on the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementReviewEvent {
    /// Open the document.
    Open,
    /// Tick or untick the acknowledgment.
    Acknowledge(bool),
    /// Fetch the document again.
    Retry,
}

/// Reason why the agreement can't be accepted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceptanceBlocker {
    /// The document is being fetched.
    Loading,
    /// Fetching the document failed.
    Failed(Failure),
    /// The document was not opened.
    NotOpened,
    /// The document was not acknowledged.
    NotAcknowledged,
}

impl Default for AgreementReview {
    fn default() -> Self {
        Self { document: LoadState::Loading, opened: false, acknowledged: false, replaced: false }
    }
}

impl AgreementReview {
    /// Applies the server's answer. A different document must be opened and acknowledged again.
    pub fn receive_document(&mut self, answer: Result<Agreement, Failure>) {
        let hash_of =
            |document: &LoadState<Agreement>| document.ready().map(|one| one.hash.clone());
        let before = hash_of(&self.document);
        self.document = match answer {
            Ok(agreement) => LoadState::Ready(agreement),
            Err(failure) => LoadState::Failed(failure),
        };
        if hash_of(&self.document) != before {
            self.opened = false;
            self.acknowledged = false;
        }
    }

    /// Starts over because the server has a newer version than the one that was shown.
    pub fn restart_with_new_version(&mut self) {
        *self = Self { replaced: true, ..Self::default() };
    }

    /// Applies an action of the user. Returns whether the document must be fetched again.
    pub fn handle_event(&mut self, event: AgreementReviewEvent) -> bool {
        match event {
            AgreementReviewEvent::Open => self.opened |= self.document.ready().is_some(),
            AgreementReviewEvent::Acknowledge(ticked) => {
                self.acknowledged = ticked && self.opened;
            }
            AgreementReviewEvent::Retry => {
                self.document = LoadState::Loading;
                return true;
            }
        }
        false
    }

    /// Returns why the agreement can't be accepted yet.
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

    /// Returns the request that accepts the document, or `None` while it can't be accepted.
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

/// Returns the text for a blocker, to show beside the button.
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

/// Fetches the current document in this language.
pub async fn fetch(language: &'static str) -> Result<Agreement, Failure> {
    client::get(&format!("{}?language={language}", routes::AGREEMENT)).await
}

/// A block of a document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum DocumentBlock {
    Heading(String),
    Paragraph(String),
}

/// Splits a document's text into blocks: empty lines separate paragraphs, and a line that begins
/// with `# ` is a heading.
fn parse_blocks(body: &str) -> Vec<DocumentBlock> {
    let mut blocks = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut end = |lines: &mut Vec<&str>, heading: Option<&str>| {
        if !lines.is_empty() {
            blocks.push(DocumentBlock::Paragraph(lines.join("\n")));
            lines.clear();
        }
        blocks.extend(heading.map(|heading| DocumentBlock::Heading(heading.trim().to_owned())));
    };
    for line in body.lines() {
        match line.strip_prefix("# ") {
            Some(heading) => end(&mut lines, Some(heading)),
            None if line.trim().is_empty() => end(&mut lines, None),
            None => lines.push(line.trim_end()),
        }
    }
    end(&mut lines, None);
    blocks
}

/// The document: its version, and its text, which can be scrolled with the keyboard.
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
    let text = parse_blocks(&body)
        .into_iter()
        .map(|block| match block {
            DocumentBlock::Heading(text) => view! { class = scope, <h3>{text}</h3> },
            DocumentBlock::Paragraph(text) => view! { class = scope, <p>{text}</p> },
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

/// A button that opens the document in a dialog.
#[component]
pub fn AgreementButton(
    /// State of reading the agreement.
    #[prop(into)]
    review: Signal<AgreementReview>,
    /// Takes the actions of the user.
    on_event: Callback<AgreementReviewEvent>,
) -> View {
    let open = RwSignal::new(false);
    let title = move || {
        let document = review.read().document.ready().map(|document| document.title.to_string());
        document.unwrap_or_else(t::agreement::name)
    };
    let document = move || {
        let document = review.read().document.ready().cloned();
        document.map(|agreement| view! { <AgreementDocument agreement=agreement /> })
    };
    view! {
        <Button
            label=t::agreement::name
            icon=Icon::Document
            busy=Signal::derive(move || review.read().document == LoadState::Loading)
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

/// The step before accepting: open the document, then acknowledge it.
#[component]
pub fn AgreementStep(
    /// State of reading the agreement.
    #[prop(into)]
    review: Signal<AgreementReview>,
    /// Takes the actions of the user.
    on_event: Callback<AgreementReviewEvent>,
) -> View {
    // The checkbox has its own signal; these effects keep it in sync with the review.
    let ticked = RwSignal::new(false);
    effect(move || {
        let acknowledged = review.read().acknowledged;
        if ticked.get_untracked() != acknowledged {
            ticked.set(acknowledged);
        }
    });
    effect(move || {
        let ticked = ticked.get();
        if review.read_untracked().acknowledged != ticked {
            on_event.run(AgreementReviewEvent::Acknowledge(ticked));
        }
    });
    let failed = Memo::new(move |_| match &review.read().document {
        LoadState::Failed(failure) => Some(failure.clone()),
        LoadState::Loading | LoadState::Ready(_) => None,
    });
    let replaced = Memo::new(move |_| review.read().replaced);
    let document = move || match failed.get() {
        None => view! { <AgreementButton review=review on_event=on_event /> },
        Some(failure) => unavailable_message(failure, on_event),
    };
    let disabled_reason = Signal::derive(move || {
        let review = review.read();
        match review.acceptance_blocker()? {
            AcceptanceBlocker::NotAcknowledged => None,
            AcceptanceBlocker::NotOpened => Some(t::agreement::open_first()),
            blocker @ (AcceptanceBlocker::Loading | AcceptanceBlocker::Failed(_)) => {
                Some(blocker_text(&blocker))
            }
        }
    });
    // Shows one line at a time: the reason why the checkbox is disabled, or the hint.
    let hint = move || {
        if disabled_reason.read().is_some() {
            String::new()
        } else {
            t::agreement::acknowledge_hint()
        }
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
                disabled_reason=disabled_reason
            />
        </div>
    }
}

/// Shows why there is no document, with a button to try again if that can help.
fn unavailable_message(failure: Failure, on_event: Callback<AgreementReviewEvent>) -> View {
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

    /// Returns a document whose hash consists of this digit.
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

    fn acknowledged() -> AgreementReview {
        let mut review = AgreementReview::default();
        review.receive_document(Ok(agreement("a")));
        review.handle_event(AgreementReviewEvent::Open);
        review.handle_event(AgreementReviewEvent::Acknowledge(true));
        review
    }

    #[test]
    fn the_document_is_opened_then_acknowledged_then_accepted() {
        let mut review = AgreementReview::default();
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::Loading));
        review.handle_event(AgreementReviewEvent::Open);
        assert!(!review.opened, "there is nothing to open yet");
        review.receive_document(Ok(agreement("a")));
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::NotOpened));
        review.handle_event(AgreementReviewEvent::Acknowledge(true));
        assert!(!review.acknowledged, "an unopened document can't be acknowledged");
        review.handle_event(AgreementReviewEvent::Open);
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::NotAcknowledged));
        assert_eq!(review.acceptance_request(), None);
        review.handle_event(AgreementReviewEvent::Acknowledge(true));
        let hash = "a".repeat(64);
        assert_eq!(review.acceptance_request(), Some(AcceptAgreement { hash, acknowledged: true }));
        review.handle_event(AgreementReviewEvent::Acknowledge(false));
        assert_eq!(review.acceptance_request(), None);
    }

    #[test]
    fn another_document_has_to_be_acknowledged_again() {
        let mut review = acknowledged();
        review.receive_document(Ok(agreement("a")));
        assert!(review.acceptance_request().is_some(), "the document is the same");
        review.receive_document(Ok(agreement("b")));
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::NotOpened));
        assert!(!review.replaced, "another language is no new version");
        let mut review = acknowledged();
        review.restart_with_new_version();
        review.receive_document(Ok(agreement("b")));
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::NotOpened));
        assert!(review.replaced);
    }

    #[test]
    fn a_failed_request_blocks_until_it_succeeds() {
        let mut review = AgreementReview::default();
        review.receive_document(Err(unreachable()));
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::Failed(unreachable())));
        assert!(review.handle_event(AgreementReviewEvent::Retry));
        assert_eq!(review.acceptance_blocker(), Some(AcceptanceBlocker::Loading));
    }

    #[test]
    fn a_document_has_headings_and_paragraphs() {
        let heading = |text: &str| DocumentBlock::Heading(text.to_owned());
        let paragraph = |text: &str| DocumentBlock::Paragraph(text.to_owned());
        assert_eq!(
            parse_blocks("One\nmore.\r\n\r\n\n# Two \nThree.\n#Four"),
            [paragraph("One\nmore."), heading("Two"), paragraph("Three.\n#Four")]
        );
        assert_eq!(parse_blocks(" \n\n"), []);
    }
}
