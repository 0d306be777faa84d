//! Buttons, and links that look like them.

use leptos::prelude::*;

use crate::{
    text::Text,
    ui::{Icon, Link, unique_id},
    view::{View, view},
};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here; at most one in view.
    Primary,
    /// Anything else.
    #[default]
    Secondary,
    /// In toolbars and rows, where a border would be noise.
    Subtle,
    /// Takes something away for good.
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

/// Does something when pressed.
///
/// `disabled_reason` makes it unavailable: it stays in place and in reach of
/// the keyboard, and the reason stands beneath it for everyone to read. `busy`
/// shows that the action runs, and keeps it from being started twice.
/// `submit` makes it the button of the form around it; a form must guard its
/// own submit handler, because Enter in a field does not press the button.
#[component]
pub fn Button(
    /// What it does, as a verb.
    #[prop(into)]
    label: Text,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the label.
    #[prop(optional)]
    icon: Option<Icon>,
    /// Shows the icon alone; the label remains its name.
    #[prop(optional)]
    icon_only: bool,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Why it cannot be pressed now.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// The id of what says the reason, where one place says it for several buttons.
    #[prop(optional, into)]
    reason_id: Option<String>,
    /// Whether the action runs.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What it does.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> View {
    let elsewhere = reason_id.is_some();
    let reason_id = reason_id.unwrap_or_else(|| unique_id("reason"));
    let described = {
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
                aria-describedby=described
                on:click=press
            >
                {move || busy.get().then(|| view! { <span class="spinner" aria-hidden="true"></span> })}
                {icon.map(Icon::view)}
                {(!icon_only).then_some(label)}
            </button>
            {move || {
                disabled_reason
                    .get()
                    .filter(|_| !elsewhere)
                    .map(|reason| view! { <span class="action-reason" id=reason_id.clone()>{reason}</span> })
            }}
        </span>
    }
}

/// Goes somewhere, and looks like a button.
#[component]
pub fn LinkButton(
    /// Where it goes.
    #[prop(into)]
    href: String,
    /// What is there.
    #[prop(into)]
    label: Text,
    /// How much it asks for attention.
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

/// Shows that something is under way; `label` says what.
#[component]
pub fn Spinner(
    /// What is under way.
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
