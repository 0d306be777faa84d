//! The actions on a subscription other than those on its partner of record: the menu **More
//! actions**, with a confirmation for each action.

use api::{QuantityRequest, SubscriptionResource, routes};
use leptos::prelude::*;
use rules::{FieldError, Offer, SubscriptionAction, SubscriptionStatus};
use stylers_macro::style;

use super::{
    SubscriptionContext,
    change_dialog::{ChangeDialogState, PendingChange},
    format_term_price, license_count,
    partner::PartnerOfRecordForm,
};
use crate::{
    client,
    pages::partner_details::consequence_lists,
    t,
    text::Text,
    ui::{Button, ButtonKind, Dialog, Icon, Menu, TextInput, unique_id},
    view::{View, view},
    words,
};

/// The actions, each with its dialog.
#[derive(Clone, Copy)]
pub(super) struct SubscriptionActions {
    context: SubscriptionContext,
    quantity: QuantityDialogState,
    suspension: ChangeDialogState,
    reactivation: ChangeDialogState,
    canceling: ChangeDialogState,
}

/// The dialog for the number of licenses.
#[derive(Clone, Copy)]
struct QuantityDialogState {
    dialog: ChangeDialogState,
    /// The input for the number.
    text: RwSignal<String>,
}

impl QuantityDialogState {
    /// Parses the number. Reactive.
    fn parsed(self) -> Result<u32, FieldError> {
        Offer::parse_quantity(&self.text.read())
    }
}

impl SubscriptionActions {
    /// Creates closed dialogs. Call this while the page is set up, not in an event handler.
    pub(super) fn new(context: SubscriptionContext) -> Self {
        let dialog = || ChangeDialogState::new(context);
        let quantity = QuantityDialogState { dialog: dialog(), text: RwSignal::new(String::new()) };
        let (suspension, reactivation, canceling) = (dialog(), dialog(), dialog());
        Self { context, quantity, suspension, reactivation, canceling }
    }

    /// Opens the dialog of an action.
    fn show_dialog(self, action: SubscriptionAction) {
        match action {
            SubscriptionAction::ChangeQuantity => {
                let now = self.context.current_untracked().map(|one| one.quantity.to_string());
                self.quantity.text.set(now.unwrap_or_default());
                self.quantity.dialog.show();
            }
            SubscriptionAction::Suspend => self.suspension.show(),
            SubscriptionAction::Reactivate => self.reactivation.show(),
            _ => self.canceling.show(),
        }
    }

    /// Renders the menu **More actions**, including adding a partner of record in clouds
    /// where that is done from here. Disabled actions have a reason, which adjacent actions
    /// share.
    pub(super) fn menu(self, adding: Option<PartnerOfRecordForm>) -> View {
        let items = move || {
            let adds = adding.map(|_| SubscriptionAction::AddPartnerOfRecord);
            let offered = adds.into_iter().chain([
                SubscriptionAction::ChangeQuantity,
                self.suspend_or_reactivate(),
                SubscriptionAction::Cancel,
            ]);
            let mut items: Vec<View> = Vec::new();
            // The reason of the previous actions, and the id of its element.
            let mut shared_reason: Option<(String, String)> = None;
            for action in offered {
                let reason = self.context.refusal(action).map(words::refusal);
                let same = shared_reason.as_ref().map(|(_, shared_reason)| shared_reason)
                    == reason.as_ref();
                if !same {
                    items.extend(shared_reason.take().map(|(id, reason)| reason_view(id, reason)));
                    shared_reason = reason.map(|reason| (unique_id("more"), reason));
                }
                items.push(self.item(
                    action,
                    adding,
                    shared_reason.as_ref().map(|(id, _)| id.clone()),
                ));
            }
            items.extend(shared_reason.map(|(id, reason)| reason_view(id, reason)));
            items
        };
        let trigger = || {
            view! {
                {t::subscription_details::more_actions}
                {Icon::ChevronDown}
            }
        };
        view! {
            <Menu
                label=t::subscription_details::more_actions
                trigger=trigger
                class="button secondary"
            >
                {items}
            </Menu>
        }
    }

    /// Renders a menu item; `reason` is the id of the element with the reason why it is
    /// disabled.
    fn item(
        self,
        action: SubscriptionAction,
        adding: Option<PartnerOfRecordForm>,
        reason: Option<String>,
    ) -> View {
        let unavailable = reason.is_some();
        let press = move |event: leptos::ev::MouseEvent| {
            if unavailable {
                // The menu stays open, because it contains the reason.
                event.stop_propagation();
                return;
            }
            // Wait until the menu has closed and returned the focus to its button, so that
            // the dialog can return the focus there later.
            request_animation_frame(move || match (action, adding) {
                (SubscriptionAction::AddPartnerOfRecord, Some(adding)) => adding.show_dialog(),
                _ => self.show_dialog(action),
            });
        };
        view! {
            <button
                type="button"
                class="menu-item"
                aria-disabled=unavailable.then_some("true")
                aria-describedby=reason
                on:click=press
            >
                {icon(action)}
                {label(action)}
            </button>
        }
    }

    /// Returns the action to suspend, or to reactivate if the subscription is suspended.
    /// Reactive.
    fn suspend_or_reactivate(self) -> SubscriptionAction {
        let status = self.context.current.read().as_ref().map(|one| one.status);
        if status == Some(SubscriptionStatus::Suspended) {
            SubscriptionAction::Reactivate
        } else {
            SubscriptionAction::Suspend
        }
    }

    /// Renders all dialogs.
    pub(super) fn dialogs(self) -> View {
        view! {
            {self.quantity_dialog()}
            {self.dialog(self.suspension, SubscriptionAction::Suspend)}
            {self.dialog(self.reactivation, SubscriptionAction::Reactivate)}
            {self.dialog(self.canceling, SubscriptionAction::Cancel)}
        }
    }

    /// Returns the reason why an action is not allowed.
    fn refusal_text(self, action: SubscriptionAction) -> Signal<Option<String>> {
        Signal::derive(move || self.context.refusal(action).map(words::refusal))
    }

    /// Renders the dialog for the number of licenses.
    fn quantity_dialog(self) -> View {
        let QuantityDialogState { dialog, text } = self.quantity;
        let parsed = move || self.quantity.parsed();
        let error = Signal::derive(move || {
            let typed = !text.read().is_empty();
            parsed().err().filter(|_| typed).map(words::field_error)
        });
        let now = move || self.context.current.read().as_ref().map_or(0, |one| one.quantity);
        let hint = move || t::subscription_details::quantity_now(license_count(now()));
        let cost = move || {
            let current = self.context.current.read();
            let subscription = current.as_ref()?;
            let cost = subscription.unit_price?.times(parsed().ok()?);
            Some(t::subscription_details::new_cost(&format_term_price(cost, subscription.term)))
        };
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            self.change_quantity();
        };
        let reason = Signal::derive(move || {
            let refused = self.context.refusal(SubscriptionAction::ChangeQuantity);
            let reason = |quantity: Result<u32, FieldError>| match quantity {
                // The number would not change.
                Ok(quantity) => (quantity == now()).then(hint),
                Err(error) => Some(words::field_error(error)),
            };
            refused.map(words::refusal).or_else(|| reason(parsed()))
        });
        let actions = move || {
            view! {
                <Button
                    label=t::subscription_details::change_quantity
                    kind=ButtonKind::Primary
                    busy=dialog.busy
                    disabled_reason=reason
                    on_press=move |()| self.change_quantity()
                />
                <Button
                    label=t::subscription_details::cancel
                    on_press=move |()| dialog.open.set(false)
                />
            }
        };
        view! {
            <Dialog
                open=dialog.open
                title=t::subscription_details::change_quantity
                actions=actions
            >
                <form class="stack" novalidate on:submit=submit>
                    <TextInput
                        label=t::subscription_details::licenses
                        value=text
                        hint=hint
                        error=error
                        inputmode="numeric"
                    />
                    <p aria-live="polite">{cost}</p>
                    {dialog.outcome_view()}
                </form>
            </Dialog>
        }
    }

    fn change_quantity(self) {
        let allowed =
            untrack(|| self.context.refusal(SubscriptionAction::ChangeQuantity)).is_none();
        let now = self.context.current_untracked().map(|one| one.quantity);
        let quantity = untrack(|| self.quantity.parsed()).ok();
        let Some(quantity) = quantity.filter(|quantity| allowed && Some(*quantity) != now) else {
            return;
        };
        let request = QuantityRequest { quantity: quantity.to_string() };
        let change = move |subscription: &SubscriptionResource| -> PendingChange {
            let route = routes::of_subscription(routes::SUBSCRIPTION, subscription.id);
            let version = Some(subscription.etag);
            Box::pin(async move { client::patch(&route, &request, version).await })
        };
        self.quantity.dialog.start_change(None, change, |after| {
            let product = after.product_name.as_str();
            t::subscription_details::quantity_changed(license_count(after.quantity), product)
        });
    }

    /// Renders the dialog of an action without input.
    fn dialog(self, dialog: ChangeDialogState, action: SubscriptionAction) -> View {
        let product = move || {
            let name = self.context.current.read().as_ref().map(|one| one.product_name.to_string());
            name.unwrap_or_default()
        };
        let title = Text::from(move || question(action, &product()));
        let ends = action == SubscriptionAction::Cancel;
        let kind = if ends { ButtonKind::Danger } else { ButtonKind::Primary };
        let keep =
            if ends { t::subscription_details::keep } else { t::subscription_details::cancel };
        let actions = move || {
            view! {
                <Button
                    label=label(action)
                    kind=kind
                    busy=dialog.busy
                    disabled_reason=self.refusal_text(action)
                    on_press=move |()| dialog.start_change(None, |one| send_action(one, action), move |after| {
                        success_text(action, after.product_name.as_str())
                    })
                />
                <Button label=keep on_press=move |()| dialog.open.set(false) />
            }
        };
        let means = move || consequences_view(action, &product());
        view! {
            <Dialog open=dialog.open title=title alert=ends actions=actions>
                <div class="stack">{means} {dialog.outcome_view()}</div>
            </Dialog>
        }
    }
}

/// Renders the reason why the actions above it are disabled.
fn reason_view(id: String, reason: String) -> View {
    let scope = style! {
        .why-not {
            max-width: 40ch;
            margin: 0;
            padding: 0 var(--space-3) var(--space-2) 36px;
            color: var(--text-2);
            font-size: var(--size-caption);
            line-height: var(--line-caption);
        }
    };
    view! { class = scope, <p class="why-not" id=id>{reason}</p> }
}

/// Sends the action to the server.
fn send_action(subscription: &SubscriptionResource, action: SubscriptionAction) -> PendingChange {
    let route = match action {
        SubscriptionAction::Suspend => routes::SUSPEND_SUBSCRIPTION,
        SubscriptionAction::Reactivate => routes::REACTIVATE_SUBSCRIPTION,
        _ => routes::CANCEL_SUBSCRIPTION,
    };
    let route = routes::of_subscription(route, subscription.id);
    let version = Some(subscription.etag);
    Box::pin(async move { client::post(&route, &(), version).await })
}

/// Returns the label of an action.
fn label(action: SubscriptionAction) -> fn() -> String {
    match action {
        SubscriptionAction::AddPartnerOfRecord => t::subscription_details::add,
        SubscriptionAction::ChangeQuantity => t::subscription_details::change_quantity,
        SubscriptionAction::Suspend => t::subscription_details::suspend,
        SubscriptionAction::Reactivate => t::subscription_details::reactivate,
        _ => t::subscription_details::cancel_subscription,
    }
}

fn icon(action: SubscriptionAction) -> Icon {
    match action {
        SubscriptionAction::AddPartnerOfRecord => Icon::Add,
        SubscriptionAction::ChangeQuantity => Icon::Edit,
        SubscriptionAction::Suspend => Icon::Clock,
        SubscriptionAction::Reactivate => Icon::Refresh,
        _ => Icon::Delete,
    }
}

/// Returns the question of an action's dialog.
fn question(action: SubscriptionAction, product: &str) -> String {
    match action {
        SubscriptionAction::Suspend => t::subscription_details::suspend_question(product),
        SubscriptionAction::Reactivate => t::subscription_details::reactivate_question(product),
        _ => t::subscription_details::cancel_question(product),
    }
}

/// Returns the message after a successful action.
fn success_text(action: SubscriptionAction, product: &str) -> String {
    match action {
        SubscriptionAction::Suspend => t::subscription_details::suspended(product),
        SubscriptionAction::Reactivate => t::subscription_details::reactivated(product),
        _ => t::subscription_details::canceled(product),
    }
}

/// Renders what will and will not change.
fn consequences_view(action: SubscriptionAction, product: &str) -> View {
    use t::subscription_details as texts;
    let (changes, stays) = match action {
        SubscriptionAction::Suspend => (
            vec![texts::suspend_changes_use(product), texts::suspend_changes_renewal()],
            texts::suspend_stays(),
        ),
        SubscriptionAction::Reactivate => (
            vec![texts::reactivate_changes_use(product), texts::reactivate_changes_renewal()],
            texts::suspend_stays(),
        ),
        _ => (
            vec![texts::cancel_changes_use(product), texts::cancel_changes_back(product)],
            texts::cancel_stays(),
        ),
    };
    consequence_lists(changes, vec![stays])
}
