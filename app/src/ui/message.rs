//! Messages in the page.

use leptos::{html, prelude::*};

use crate::{
    browser,
    load::effect,
    t,
    text::Text,
    ui::{Icon, Intent},
    view::{CollectView, IntoView, Slot, View, view},
};

/// A message in the page. Assistive technology announces warnings and errors at once, other
/// messages when it is idle.
#[component]
pub fn MessageBar(
    /// The meaning of the message.
    #[prop(optional)]
    intent: Intent,
    /// The title, in bold.
    #[prop(optional, into)]
    title: Option<Text>,
    /// Called when the message is dismissed. Without it there is no button for that.
    #[prop(optional, into)]
    on_dismiss: Option<Callback<()>>,
    /// The message, with links if needed.
    children: Slot,
) -> View {
    let role = match intent {
        Intent::Warning | Intent::Error => "alert",
        Intent::Info | Intent::Success | Intent::Neutral => "status",
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

/// The errors of a submitted form: one line for each field, which links to the field. The
/// summary takes the focus when errors appear.
#[component]
pub fn ErrorSummary(
    /// Pairs of a field's id and its error. If empty, nothing is shown.
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
