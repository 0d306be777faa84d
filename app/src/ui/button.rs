//! Buttons, and links that look like them.

use leptos::prelude::*;

use crate::{
    text::Text,
    ui::{Icon, Link, unique_id},
    view::{View, view},
};

/// The visual weight of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The main action; at most one in view.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action in a toolbar or row, without a border.
    Subtle,
    /// A destructive action.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Secondary => "button secondary",
            Self::Subtle => "button subtle",
            Self::Danger => "button danger",
        }
    }
}

/// A button.
///
/// `disabled_reason` disables the button: it stays in place and focusable, and the reason
/// is shown beneath it. `busy` shows that the action is running, and prevents a second
/// start. `submit` makes it the submit button of the surrounding form; the form must check
/// the conditions in its own submit handler, because Enter in a field does not press the
/// button.
#[component]
pub fn Button(
    /// The action, as a verb.
    #[prop(into)]
    label: Text,
    /// The visual weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Shows only the icon; the label remains the accessible name.
    #[prop(optional)]
    icon_only: bool,
    /// Submits the surrounding form.
    #[prop(optional)]
    submit: bool,
    /// The reason why the button is disabled.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// The id of an element with the reason, if one element gives the reason for several
    /// buttons.
    #[prop(optional, into)]
    reason_id: Option<String>,
    /// Whether the action is running.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// The handler.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> View {
    let reason_shown_elsewhere = reason_id.is_some();
    let reason_id = reason_id.unwrap_or_else(|| unique_id("reason"));
    let described_by = {
        let id = reason_id.clone();
        move || disabled_reason.read().is_some().then(|| id.clone())
    };
    let unavailable = move || busy.get() || disabled_reason.read().is_some();
    let press = move |event: leptos::ev::MouseEvent| {
        if unavailable() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let name = icon_only.then(|| label.clone());
    view! {
        <span class="action">
            <button
                type=if submit { "submit" } else { "button" }
                class=kind.class()
                class:icon-only=icon_only
                aria-label=name.clone()
                title=name
                aria-disabled=move || unavailable().then_some("true")
                aria-busy=move || busy.get().then_some("true")
                aria-describedby=described_by
                on:click=press
            >
                {move || busy.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
                {icon.map(Icon::view)}
                {(!icon_only).then_some(label)}
            </button>
            {move || {
                disabled_reason
                    .get()
                    .filter(|_| !reason_shown_elsewhere)
                    .map(|reason| view! { <span class="action-reason" id=reason_id.clone()>{reason}</span> })
            }}
        </span>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// The address.
    #[prop(into)]
    href: String,
    /// The text.
    #[prop(into)]
    label: Text,
    /// The visual weight.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Icon>,
) -> View {
    view! {
        <Link href=href class=kind.class()>
            {icon.map(Icon::view)}
            {label}
        </Link>
    }
}

/// An indicator for something in progress.
#[component]
pub fn Spinner(
    /// The description of what is in progress.
    #[prop(into)]
    label: Text,
) -> View {
    view! {
        <span class="waiting" role="status">
            <span class="spinner" aria-hidden="true"></span>
            {label}
        </span>
    }
}
