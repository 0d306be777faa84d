//! A dialog that asks for confirmation.

use leptos::prelude::*;

use crate::{
    t,
    text::Text,
    ui::{Button, ButtonKind, Dialog, Intent, MessageBar, toast},
    view::{SlotFn, View, view},
};

/// The state of a dialog that asks for confirmation, runs a request and shows why it failed.
#[derive(Clone, Copy)]
pub struct ConfirmState {
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
    /// Whether the request is in progress.
    pub busy: RwSignal<bool>,
    /// The reason why the request failed.
    pub problem: RwSignal<Option<String>>,
}

impl ConfirmState {
    /// Creates a closed dialog. Call this while the page is set up, not in an event handler.
    #[must_use]
    pub fn new() -> Self {
        let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
        Self { open, busy, problem: RwSignal::new(None) }
    }

    /// Opens the dialog.
    pub fn show(self) {
        self.problem.set(None);
        self.open.set(true);
    }

    /// Notes that the request begins. Returns `false` if one is in progress.
    #[must_use]
    pub fn begin(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.busy.set(true);
        self.problem.set(None);
        true
    }

    /// Closes the dialog after the request succeeded. Returns `false` if the page was left.
    pub fn succeed(self) -> bool {
        let _ = self.open.try_set(false);
        self.busy.try_set(false).is_none()
    }

    /// Shows why the request failed: in the dialog, or in a toast if it is no longer visible.
    pub fn fail(self, reason: String) {
        if self.busy.try_set(false).is_some() || !self.open.get_untracked() {
            toast(Intent::Error, reason);
        } else {
            self.problem.set(Some(reason));
        }
    }
}

impl Default for ConfirmState {
    fn default() -> Self {
        Self::new()
    }
}

/// A dialog that asks for confirmation and shows why the action failed.
#[component]
pub fn ConfirmDialog(
    /// The state of the dialog.
    dialog: ConfirmState,
    /// The question.
    #[prop(into)]
    question: Text,
    /// The action, as a verb.
    #[prop(into)]
    action: Text,
    /// The kind of the confirming button.
    kind: ButtonKind,
    /// Whether something will be lost.
    #[prop(optional)]
    alert: bool,
    /// The reason why the action is not allowed.
    #[prop(optional, into)]
    disabled_reason: Signal<Option<String>>,
    /// The text of the button that closes the dialog.
    #[prop(into, default = t::ui::back.into())]
    cancel: Text,
    /// Runs the action.
    on_confirm: Callback<()>,
    /// What will and will not change.
    children: SlotFn,
) -> View {
    let actions = move || {
        let (action, cancel) = (action.clone(), cancel.clone());
        view! {
            <Button
                label=action
                kind=kind
                busy=dialog.busy
                disabled_reason=disabled_reason
                on_press=on_confirm
            />
            <Button label=cancel on_press=move |()| dialog.open.set(false) />
        }
    };
    let failed = move || {
        let text = dialog.problem.get()?;
        Some(view! { <MessageBar intent=Intent::Error>{text}</MessageBar> })
    };
    view! {
        <Dialog open=dialog.open title=question alert=alert actions=actions>
            <div class="stack">{children.run()} {failed}</div>
        </Dialog>
    }
}
