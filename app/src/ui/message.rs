//! Saying how it went, in the page.

use leptos::{html, prelude::*};

use crate::{
    browser,
    load::effect,
    t,
    text::Text,
    ui::{Icon, Intent},
    view::{CollectView, IntoView, Slot, View, view},
};

/// A message in the page. Warnings and errors interrupt assistive technology,
/// the others wait.
#[component]
pub fn MessageBar(
    /// How it is meant.
    #[prop(optional)]
    intent: Intent,
    /// The first, strong words.
    #[prop(optional, into)]
    title: Option<Text>,
    /// Lets it be dismissed.
    #[prop(optional, into)]
    on_dismiss: Option<Callback<()>>,
    /// The message, and links that lead on.
    children: Slot,
) -> View {
    let role = match intent {
        Intent::Warning | Intent::Error => "alert",
        _ => "status",
    };
    view! {
        <div class=format!("message {}", intent.class()) role=role>
            {intent.icon()}
            <div class="message-body">
                {title.map(|title| view! { <strong>{title}</strong> " " })}
                {children.run()}
            </div>
            {on_dismiss
                .map(|on_dismiss| {
                    view! {
                        <button
                            type="button"
                            class="button subtle icon-only"
                            aria-label=t::ui::dismiss
                            on:click=move |_| on_dismiss.run(())
                        >
                            {Icon::Close}
                        </button>
                    }
                })}
        </div>
    }
}

/// What a form's submission found wrong: one line for each field, which leads
/// to it. It takes the focus when errors appear. Pairs are the field's id and
/// the error.
#[component]
pub fn ErrorSummary(
    /// The errors; none hides it.
    #[prop(into)]
    errors: Signal<Vec<(String, String)>>,
) -> View {
    let node = NodeRef::<html::Div>::new();
    effect(move || {
        if let (false, Some(node)) = (errors.read().is_empty(), node.get()) {
            let _ = node.focus();
        }
    });
    (move || {
        (!errors.read().is_empty()).then(|| {
            let lines = errors
                .get()
                .into_iter()
                .map(|(id, error)| {
                    let target = id.clone();
                    let go = move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        if let Some(field) = browser::element_by_id(&target) {
                            let _ = field.focus();
                        }
                    };
                    view! {
                        <li>
                            <a href=format!("#{id}") on:click=go>
                                {error}
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="message error" role="alert" tabindex="-1" node_ref=node>
                    {Icon::Error}
                    <div class="message-body">
                        <strong>{t::ui::check_form}</strong>
                        <ul>{lines}</ul>
                    </div>
                </div>
            }
        })
    })
    .into_view()
}
