//! What can be done with a subscription besides its partner of record: **More actions**, each
//! of them asked about first.

use api::{QuantityRequest, Subscription, routes};
use leptos::prelude::*;
use rules::{FieldError, Offer, SubscriptionAction, SubscriptionStatus};
use stylers_macro::style;

use super::{
    Here,
    asked::{Asked, Change},
    licenses,
    partner::Editing,
    per_term,
};
use crate::{
    client,
    pages::partner_details::consequences,
    t,
    text::Text,
    ui::{Button, ButtonKind, Dialog, Icon, Menu, TextInput, unique_id},
    view::{View, view},
    words,
};

/// The changes that can be made, each with its dialog.
#[derive(Clone, Copy)]
pub(super) struct Management {
    here: Here,
    quantity: Quantity,
    suspension: Asked,
    reactivation: Asked,
    canceling: Asked,
}

/// How many licenses there shall be.
#[derive(Clone, Copy)]
struct Quantity {
    asked: Asked,
    /// The number as it is typed.
    text: RwSignal<String>,
}

impl Quantity {
    /// The number, or what is wrong with it. Reactive.
    fn parsed(self) -> Result<u32, FieldError> {
        Offer::parse_quantity(&self.text.read())
    }
}

impl Management {
    /// Nothing is asked yet. Called where the page is made.
    pub(super) fn new(here: Here) -> Self {
        let asked = || Asked::new(here);
        let quantity = Quantity { asked: asked(), text: RwSignal::new(String::new()) };
        let (suspension, reactivation, canceling) = (asked(), asked(), asked());
        Self { here, quantity, suspension, reactivation, canceling }
    }

    /// Asks about an action.
    fn ask(self, action: SubscriptionAction) {
        match action {
            SubscriptionAction::ChangeQuantity => {
                let now = self.here.now().map(|one| one.quantity.to_string());
                self.quantity.text.set(now.unwrap_or_default());
                self.quantity.asked.ask();
            }
            SubscriptionAction::Suspend => self.suspension.ask(),
            SubscriptionAction::Reactivate => self.reactivation.ask(),
            _ => self.canceling.ask(),
        }
    }

    /// **More actions**, with adding a partner of record where that is done from here. What
    /// can't be done is there with the reason, said once for those that share it.
    pub(super) fn menu(self, adding: Option<Editing>) -> View {
        let items = move || {
            let adds = adding.map(|_| SubscriptionAction::AddPartnerOfRecord);
            let offered = adds.into_iter().chain([
                SubscriptionAction::ChangeQuantity,
                self.pausing(),
                SubscriptionAction::Cancel,
            ]);
            let mut items: Vec<View> = Vec::new();
            // The reason of those before, under the id that it is known by.
            let mut said: Option<(String, String)> = None;
            for action in offered {
                let reason = self.here.refused(action).map(words::refusal);
                let same = said.as_ref().map(|(_, said)| said) == reason.as_ref();
                if !same {
                    items.extend(said.take().map(|(id, reason)| why_not(id, reason)));
                    said = reason.map(|reason| (unique_id("more"), reason));
                }
                items.push(self.item(action, adding, said.as_ref().map(|(id, _)| id.clone())));
            }
            items.extend(said.map(|(id, reason)| why_not(id, reason)));
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

    /// One of the actions; `reason` is the id of why it can't be done.
    fn item(
        self,
        action: SubscriptionAction,
        adding: Option<Editing>,
        reason: Option<String>,
    ) -> View {
        let unavailable = reason.is_some();
        let press = move |event: leptos::ev::MouseEvent| {
            if unavailable {
                // The menu stays open: the reason is in it.
                event.stop_propagation();
                return;
            }
            // After the menu has closed and given the focus back to its button, to which the
            // dialog gives it back later on.
            request_animation_frame(move || match (action, adding) {
                (SubscriptionAction::AddPartnerOfRecord, Some(adding)) => adding.ask(),
                _ => self.ask(action),
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

    /// Suspending, or of what is suspended its opposite. Reactive.
    fn pausing(self) -> SubscriptionAction {
        let status = self.here.current.read().as_ref().map(|one| one.status);
        if status == Some(SubscriptionStatus::Suspended) {
            SubscriptionAction::Reactivate
        } else {
            SubscriptionAction::Suspend
        }
    }

    /// The dialogs of all of them.
    pub(super) fn dialogs(self) -> View {
        view! {
            {self.quantity_dialog()}
            {self.dialog(self.suspension, SubscriptionAction::Suspend)}
            {self.dialog(self.reactivation, SubscriptionAction::Reactivate)}
            {self.dialog(self.canceling, SubscriptionAction::Cancel)}
        }
    }

    /// Why an action can't be done, for beside a button.
    fn reason(self, action: SubscriptionAction) -> Signal<Option<String>> {
        Signal::derive(move || self.here.refused(action).map(words::refusal))
    }

    /// The dialog that changes how many licenses there are.
    fn quantity_dialog(self) -> View {
        let Quantity { asked, text } = self.quantity;
        let parsed = move || self.quantity.parsed();
        let error = Signal::derive(move || {
            let typed = !text.read().is_empty();
            parsed().err().filter(|_| typed).map(words::field_error)
        });
        let now = move || self.here.current.read().as_ref().map_or(0, |one| one.quantity);
        let hint = move || t::subscription_details::quantity_now(licenses(now()));
        let cost = move || {
            let current = self.here.current.read();
            let subscription = current.as_ref()?;
            let cost = subscription.unit_price?.times(parsed().ok()?);
            Some(t::subscription_details::new_cost(&per_term(cost, subscription.term)))
        };
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            self.change_quantity();
        };
        let reason = Signal::derive(move || {
            let refused = self.here.refused(SubscriptionAction::ChangeQuantity);
            let reason = |quantity: Result<u32, FieldError>| match quantity {
                // Nothing would change.
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
                    busy=asked.busy
                    disabled_reason=reason
                    on_press=move |()| self.change_quantity()
                />
                <Button
                    label=t::subscription_details::cancel
                    on_press=move |()| asked.open.set(false)
                />
            }
        };
        view! {
            <Dialog
                open=asked.open
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
                    {asked.outcome()}
                </form>
            </Dialog>
        }
    }

    fn change_quantity(self) {
        let allowed = untrack(|| self.here.refused(SubscriptionAction::ChangeQuantity)).is_none();
        let now = self.here.now().map(|one| one.quantity);
        let quantity = untrack(|| self.quantity.parsed()).ok();
        let Some(quantity) = quantity.filter(|quantity| allowed && Some(*quantity) != now) else {
            return;
        };
        let request = QuantityRequest { quantity: quantity.to_string() };
        let change = move |subscription: &Subscription| -> Change {
            let route = routes::of_subscription(routes::SUBSCRIPTION, subscription.id);
            let version = Some(subscription.etag);
            Box::pin(async move { client::patch(&route, &request, version).await })
        };
        self.quantity.asked.make(None, change, |after| {
            let product = after.product_name.as_str();
            t::subscription_details::quantity_changed(licenses(after.quantity), product)
        });
    }

    /// The dialog of an action that takes nothing but a yes.
    fn dialog(self, asked: Asked, action: SubscriptionAction) -> View {
        let product = move || {
            let name = self.here.current.read().as_ref().map(|one| one.product_name.to_string());
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
                    busy=asked.busy
                    disabled_reason=self.reason(action)
                    on_press=move |()| asked.make(None, |one| act(one, action), move |after| {
                        done(action, after.product_name.as_str())
                    })
                />
                <Button label=keep on_press=move |()| asked.open.set(false) />
            }
        };
        let means = move || meaning(action, &product());
        view! {
            <Dialog open=asked.open title=title alert=ends actions=actions>
                <div class="stack">{means} {asked.outcome()}</div>
            </Dialog>
        }
    }
}

/// Why the actions above it can't be done.
fn why_not(id: String, reason: String) -> View {
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

/// Asks the server.
fn act(subscription: &Subscription, action: SubscriptionAction) -> Change {
    let route = match action {
        SubscriptionAction::Suspend => routes::SUSPEND_SUBSCRIPTION,
        SubscriptionAction::Reactivate => routes::REACTIVATE_SUBSCRIPTION,
        _ => routes::CANCEL_SUBSCRIPTION,
    };
    let route = routes::of_subscription(route, subscription.id);
    let version = Some(subscription.etag);
    Box::pin(async move { client::post(&route, &(), version).await })
}

/// What an action is called.
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

/// What is asked before it is done.
fn question(action: SubscriptionAction, product: &str) -> String {
    match action {
        SubscriptionAction::Suspend => t::subscription_details::suspend_question(product),
        SubscriptionAction::Reactivate => t::subscription_details::reactivate_question(product),
        _ => t::subscription_details::cancel_question(product),
    }
}

/// What was done, for whoever did it.
fn done(action: SubscriptionAction, product: &str) -> String {
    match action {
        SubscriptionAction::Suspend => t::subscription_details::suspended(product),
        SubscriptionAction::Reactivate => t::subscription_details::reactivated(product),
        _ => t::subscription_details::canceled(product),
    }
}

/// What will and will not change.
fn meaning(action: SubscriptionAction, product: &str) -> View {
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
    consequences(changes, vec![stays])
}
