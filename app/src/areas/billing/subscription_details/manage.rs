//! The actions on a subscription other than those on its partner of record: the menu **More
//! actions**, with a confirmation for each action.

use api::{QuantityRequest, SubscriptionResource, routes};
use leptos::prelude::*;
use rules::{FieldError, Offer, SubscriptionAction, SubscriptionStatus};
use stylers_macro::style;

use crate::{
    areas::billing::subscription_details::{
        change_dialog::{ChangeDialogState, PendingChange},
        context::{SubscriptionContext, license_count},
        partner::PartnerOfRecordForm,
    },
    client,
    features::{consequences::consequence_lists, subscription::format_term_price},
    t,
    text::Text,
    ui::{ButtonKind, ConfirmDialog, Icon, Menu, TextInput, unique_id},
    view::{View, view},
    words,
};

/// An action on the subscription that needs only a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SubscriptionCommand {
    Suspend,
    Reactivate,
    Cancel,
}

impl SubscriptionCommand {
    fn action(self) -> SubscriptionAction {
        match self {
            Self::Suspend => SubscriptionAction::Suspend,
            Self::Reactivate => SubscriptionAction::Reactivate,
            Self::Cancel => SubscriptionAction::Cancel,
        }
    }

    fn route(self) -> &'static str {
        match self {
            Self::Suspend => routes::SUSPEND_SUBSCRIPTION,
            Self::Reactivate => routes::REACTIVATE_SUBSCRIPTION,
            Self::Cancel => routes::CANCEL_SUBSCRIPTION,
        }
    }

    fn label(self) -> fn() -> String {
        match self {
            Self::Suspend => t::subscription_details::suspend,
            Self::Reactivate => t::subscription_details::reactivate,
            Self::Cancel => t::subscription_details::cancel_subscription,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Suspend => Icon::Clock,
            Self::Reactivate => Icon::Refresh,
            Self::Cancel => Icon::Delete,
        }
    }

    /// Returns the question of the dialog.
    fn question(self, product: &str) -> String {
        match self {
            Self::Suspend => t::subscription_details::suspend_question(product),
            Self::Reactivate => t::subscription_details::reactivate_question(product),
            Self::Cancel => t::subscription_details::cancel_question(product),
        }
    }

    /// Returns the message after the action succeeded.
    fn success_text(self, product: &str) -> String {
        match self {
            Self::Suspend => t::subscription_details::suspended(product),
            Self::Reactivate => t::subscription_details::reactivated(product),
            Self::Cancel => t::subscription_details::canceled(product),
        }
    }

    /// Renders what will and will not change.
    fn consequences_view(self, product: &str) -> View {
        use t::subscription_details as texts;
        let (changes, stays) = match self {
            Self::Suspend => (
                vec![texts::suspend_changes_use(product), texts::suspend_changes_renewal()],
                texts::suspend_stays(),
            ),
            Self::Reactivate => (
                vec![texts::reactivate_changes_use(product), texts::reactivate_changes_renewal()],
                texts::suspend_stays(),
            ),
            Self::Cancel => (
                vec![texts::cancel_changes_use(product), texts::cancel_changes_back(product)],
                texts::cancel_stays(),
            ),
        };
        consequence_lists(changes, vec![stays])
    }

    /// Sends the action to the server.
    fn send(self, subscription: &SubscriptionResource) -> PendingChange {
        let route = routes::of_subscription(self.route(), subscription.id);
        let version = Some(subscription.etag);
        Box::pin(async move { client::post(&route, &(), version).await })
    }
}

/// An item of the menu **More actions**.
#[derive(Clone, Copy)]
enum SubscriptionMenuItem {
    /// Opens the form for the partner of record.
    AddPartnerOfRecord(PartnerOfRecordForm),
    /// Opens the dialog for the number of licenses.
    ChangeQuantity,
    /// Opens the dialog that confirms a command.
    Confirm(SubscriptionCommand),
}

impl SubscriptionMenuItem {
    fn action(self) -> SubscriptionAction {
        match self {
            Self::AddPartnerOfRecord(_) => SubscriptionAction::AddPartnerOfRecord,
            Self::ChangeQuantity => SubscriptionAction::ChangeQuantity,
            Self::Confirm(command) => command.action(),
        }
    }

    fn label(self) -> fn() -> String {
        match self {
            Self::AddPartnerOfRecord(_) => t::subscription_details::add,
            Self::ChangeQuantity => t::subscription_details::change_quantity,
            Self::Confirm(command) => command.label(),
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::AddPartnerOfRecord(_) => Icon::Add,
            Self::ChangeQuantity => Icon::Edit,
            Self::Confirm(command) => command.icon(),
        }
    }
}

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

    /// Opens the dialog of a menu item.
    fn show_dialog(self, item: SubscriptionMenuItem) {
        match item {
            SubscriptionMenuItem::AddPartnerOfRecord(form) => form.show_dialog(),
            SubscriptionMenuItem::ChangeQuantity => {
                let now = self.context.current_untracked().map(|one| one.quantity.to_string());
                self.quantity.text.set(now.unwrap_or_default());
                self.quantity.dialog.show();
            }
            SubscriptionMenuItem::Confirm(command) => self.dialog_state(command).show(),
        }
    }

    /// Returns the dialog that confirms a command.
    fn dialog_state(self, command: SubscriptionCommand) -> ChangeDialogState {
        match command {
            SubscriptionCommand::Suspend => self.suspension,
            SubscriptionCommand::Reactivate => self.reactivation,
            SubscriptionCommand::Cancel => self.canceling,
        }
    }

    /// Renders the menu **More actions**, including adding a partner of record in clouds
    /// where that is done from here. Disabled actions have a reason, which adjacent actions
    /// share.
    pub(super) fn menu(self, adding: Option<PartnerOfRecordForm>) -> View {
        let items = move || {
            let adds = adding.map(SubscriptionMenuItem::AddPartnerOfRecord);
            let offered = adds.into_iter().chain([
                SubscriptionMenuItem::ChangeQuantity,
                SubscriptionMenuItem::Confirm(self.suspend_or_reactivate()),
                SubscriptionMenuItem::Confirm(SubscriptionCommand::Cancel),
            ]);
            let mut items: Vec<View> = Vec::new();
            // The reason of the previous actions, and the id of its element.
            let mut shared_reason: Option<(String, String)> = None;
            for item in offered {
                let reason = self.context.refusal(item.action()).map(words::refusal);
                let same = shared_reason.as_ref().map(|(_, shared_reason)| shared_reason)
                    == reason.as_ref();
                if !same {
                    items.extend(shared_reason.take().map(|(id, reason)| reason_view(id, reason)));
                    shared_reason = reason.map(|reason| (unique_id("more"), reason));
                }
                items.push(self.item(item, shared_reason.as_ref().map(|(id, _)| id.clone())));
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
    fn item(self, item: SubscriptionMenuItem, reason: Option<String>) -> View {
        let unavailable = reason.is_some();
        let press = move |event: leptos::ev::MouseEvent| {
            if unavailable {
                // The menu stays open, because it contains the reason.
                event.stop_propagation();
                return;
            }
            // Wait until the menu has closed and returned the focus to its button, so that
            // the dialog can return the focus there later.
            request_animation_frame(move || self.show_dialog(item));
        };
        view! {
            <button
                type="button"
                class="menu-item"
                aria-disabled=unavailable.then_some("true")
                aria-describedby=reason
                on:click=press
            >
                {item.icon()}
                {item.label()}
            </button>
        }
    }

    /// Returns the action to suspend, or to reactivate if the subscription is suspended.
    /// Reactive.
    fn suspend_or_reactivate(self) -> SubscriptionCommand {
        let status = self.context.current.read().as_ref().map(|one| one.status);
        if status == Some(SubscriptionStatus::Suspended) {
            SubscriptionCommand::Reactivate
        } else {
            SubscriptionCommand::Suspend
        }
    }

    /// Renders all dialogs.
    pub(super) fn dialogs(self) -> View {
        view! {
            {self.quantity_dialog()}
            {self.dialog(SubscriptionCommand::Suspend)}
            {self.dialog(SubscriptionCommand::Reactivate)}
            {self.dialog(SubscriptionCommand::Cancel)}
        }
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
        view! {
            <ConfirmDialog
                dialog=dialog.dialog
                question=t::subscription_details::change_quantity
                action=t::subscription_details::change_quantity
                kind=ButtonKind::Primary
                disabled_reason=reason
                cancel=t::ui::cancel
                on_confirm=Callback::new(move |()| self.change_quantity())
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
                    {dialog.conflict_view()}
                </form>
            </ConfirmDialog>
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

    /// Renders the dialog that confirms a command.
    fn dialog(self, command: SubscriptionCommand) -> View {
        let dialog = self.dialog_state(command);
        let product = move || {
            let name = self.context.current.read().as_ref().map(|one| one.product_name.to_string());
            name.unwrap_or_default()
        };
        let title = Text::from(move || command.question(&product()));
        let ends = command == SubscriptionCommand::Cancel;
        let kind = if ends { ButtonKind::Danger } else { ButtonKind::Primary };
        let keep = if ends { t::subscription_details::keep } else { t::ui::cancel };
        let reason =
            Signal::derive(move || self.context.refusal(command.action()).map(words::refusal));
        let press = Callback::new(move |()| {
            let done = move |after: &SubscriptionResource| {
                command.success_text(after.product_name.as_str())
            };
            dialog.start_change(None, |one| command.send(one), done);
        });
        let means = move || command.consequences_view(&product());
        view! {
            <ConfirmDialog
                dialog=dialog.dialog
                question=title
                action=command.label()
                kind=kind
                alert=ends
                disabled_reason=reason
                cancel=keep
                on_confirm=press
            >
                {means}
                {dialog.conflict_view()}
            </ConfirmDialog>
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
