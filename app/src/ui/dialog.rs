//! The modal dialog.

use leptos::{html, prelude::*};

use crate::{
    load::effect,
    t,
    text::Text,
    ui::{Icon, focus_title_if_lost, unique_id},
    view::{SlotFn, View, view},
};

/// A modal dialog: the platform's `<dialog>`, which traps the focus, closes on Escape and
/// returns the focus to the element that opened it.
///
/// `open` is set by the page and cleared by the dialog. The content is rendered again each
/// time the dialog opens, so that a form in it starts empty. The title takes the focus, so
/// that the question is read first.
#[component]
pub fn Dialog(
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// The title; a question if the dialog asks for a confirmation.
    #[prop(into)]
    title: Text,
    /// Whether something will be lost. Assistive technology then reads the body at once.
    #[prop(optional)]
    alert: bool,
    /// The buttons, with the confirming one first.
    #[prop(into)]
    actions: SlotFn,
    /// The body.
    children: SlotFn,
) -> View {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog-title");
    let body_id = unique_id("dialog-body");
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    // Escape is handled here instead of by the platform, so that `open` always matches what
    // is shown.
    let on_cancel = move |event: leptos::ev::Event| {
        event.prevent_default();
        open.set(false);
    };
    let on_close = move |_| {
        // The `close` event arrives later; the dialog may have been opened again by then.
        if node.get_untracked().is_some_and(|dialog| dialog.open()) {
            return;
        }
        open.set(false);
        // The opener may have been removed, such as the row that was deleted.
        focus_title_if_lost();
    };
    let content = {
        let title_id = title_id.clone();
        let body_id = body_id.clone();
        move || {
            view! {
                <div class="dialog-frame">
                    <h2 class="dialog-title" id=title_id.clone() tabindex="-1" autofocus>
                        {title.clone()}
                    </h2>
                    <div class="dialog-body" id=body_id.clone()>{children.run()}</div>
                    <div class="dialog-actions">{actions.run()}</div>
                    <button
                        type="button"
                        class="button subtle icon-only dialog-close"
                        aria-label=t::ui::close
                        on:click=move |_| open.set(false)
                    >
                        {Icon::Close}
                    </button>
                </div>
            }
        }
    };
    view! {
        <dialog
            class="dialog"
            node_ref=node
            role=alert.then_some("alertdialog")
            aria-labelledby=title_id
            aria-describedby=alert.then_some(body_id)
            on:cancel=on_cancel
            on:close=on_close
        >
            {move || open.get().then(&content)}
        </dialog>
    }
}
