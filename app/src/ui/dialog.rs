//! Asking before doing.

use leptos::{html, prelude::*};

use crate::{
    load::effect,
    t,
    text::Text,
    ui::{Icon, focus_title_if_lost, unique_id},
    view::{SlotFn, View, view},
};

/// A modal dialog: the platform's `<dialog>`, which keeps the focus inside,
/// closes on Escape and gives the focus back to what opened it.
///
/// `open` is set by the page and cleared by the dialog. The content is made
/// anew each time it opens, so that a form in it starts empty. The focus goes
/// to the title, so that what is asked is read before it is answered.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What is asked; a question where something is to be confirmed.
    #[prop(into)]
    title: Text,
    /// Something will be lost: assistive technology reads the body at once.
    #[prop(optional)]
    alert: bool,
    /// The buttons, the one that does it first.
    #[prop(into)]
    actions: SlotFn,
    /// What will and will not change.
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
    // Escape is answered here and not by the platform, so that `open` is never behind
    // what is shown.
    let escaped = move |event: leptos::ev::Event| {
        event.prevent_default();
        open.set(false);
    };
    let closed = move |_| {
        // The platform tells of closing a moment later. By then it may be open again,
        // for someone who is quick.
        if node.get_untracked().is_some_and(|dialog| dialog.open()) {
            return;
        }
        open.set(false);
        // The opener may be gone, such as the row that was deleted.
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
            on:cancel=escaped
            on:close=closed
        >
            {move || open.get().then(&content)}
        </dialog>
    }
}
