//! The checkout as a state machine: it takes events and returns the commands to run. It uses
//! neither the browser nor the network.
//!
//! Every attempt to send an order carries the identifier of its checkout
//! (`Repeatability-Request-ID`), so a double click, a reloaded page and a lost answer all lead
//! to one order. While it is unknown whether the server has the order, the order can be sent
//! again but not changed: the page shows what may have been bought.

use api::{
    CheckedPartnerId, ErrorCode, FieldProblem, OrderRequest, ProductResource, SubscriptionResource,
    encode_component, query_pairs,
};
use rules::{
    FieldError, Money, OrderRequestId, PartnerId, Price, ProductId, Refusal, RelationshipId,
    SubscriptionId, Term, string_enum,
};
use strum::{VariantArray, VariantNames};

use crate::{
    client::{Failure, FailureKind},
    load::LoadState,
};

/// The steps of the checkout, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub(super) enum CheckoutStep {
    /// Number of licenses and length of the term.
    Order,
    /// Payer and price, with the partner of record in the right pane.
    Payment,
    /// Summary, and the button that places the order.
    Review,
}

string_enum!(CheckoutStep);

impl CheckoutStep {
    fn next(self) -> Self {
        match self {
            Self::Order => Self::Payment,
            Self::Payment | Self::Review => Self::Review,
        }
    }

    fn previous(self) -> Self {
        match self {
            Self::Order | Self::Payment => Self::Order,
            Self::Review => Self::Payment,
        }
    }
}

/// The partner of record to add to the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OrderPartner {
    /// Partner ID.
    pub(super) id: PartnerId,
    /// The partner with this ID. An ID restored from an earlier page is looked up again.
    pub(super) details: LoadState<CheckedPartnerId>,
}

/// Progress of placing the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OrderStatus {
    /// The order can still be changed.
    Editing,
    /// The request is in progress.
    Placing,
    /// The request was sent and its outcome is unknown. Holds the failure, unless that was on
    /// an earlier page.
    Unknown(Option<Failure>),
    /// The order was not placed.
    Refused(Failure),
    /// A different order was already placed with this identifier, for example in another
    /// window.
    RequestIdReused,
    /// The order was placed.
    Placed(SubscriptionId),
}

/// State of a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CheckoutState {
    product: ProductId,
    prices: Vec<Price>,
    /// The reseller's relationship with the customer it orders for; `None` when the
    /// organization orders for itself.
    relationship: Option<RelationshipId>,
    /// `true` if a partner of record can be added to the order.
    allows_partner: bool,
    /// Identifier that is sent with the order.
    request_id: OrderRequestId,
    /// Price at which the order was sent, while its outcome is unknown. At another price it
    /// would be a different order.
    sent_price: Option<Money>,
    /// The current step.
    pub(super) step: CheckoutStep,
    /// The furthest step the user has reached. No address leads past it, so that the review is
    /// only shown after the steps before it.
    furthest_step: CheckoutStep,
    /// Length of the term.
    pub(super) term: Term,
    /// Number of licenses, as typed.
    pub(super) quantity: String,
    /// Partner of record to add to the order.
    pub(super) partner: Option<OrderPartner>,
    /// Text in the Partner ID field while the field is open.
    pub(super) partner_id_input: Option<String>,
    /// `true` once the user tried to continue with an invalid order. From then on errors show
    /// at once.
    errors_shown: bool,
    /// Progress of placing the order.
    pub(super) status: OrderStatus,
}

/// Input of the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CheckoutEvent {
    /// The page's address changed to this step, or to no step.
    AddressChanged(Option<CheckoutStep>),
    /// The user continues to the next step.
    Next,
    /// The user goes back a step.
    Back,
    /// The user chooses a term.
    TermChanged(Term),
    /// The text of the quantity field changed.
    QuantityChanged(String),
    /// The user opens the Partner ID field.
    OpenPartnerField,
    /// The text of the Partner ID field changed.
    PartnerIdChanged(String),
    /// The user closes the Partner ID field. A partner that was added before stays.
    ClosePartnerField,
    /// The user adds the partner with the typed ID.
    AddPartner,
    /// The typed ID belongs to this partner, which can be the partner of record.
    PartnerAdded(Box<CheckedPartnerId>, AfterPartnerCheck),
    /// The user removes the partner.
    RemovePartner,
    /// Looks up the partner again.
    RetryPartnerLookup,
    /// Result of looking up a partner.
    PartnerLookedUp(PartnerId, Result<Box<CheckedPartnerId>, Failure>),
    /// The user places the order.
    PlaceOrder,
    /// The server's answer to the order.
    OrderAnswered(Result<Box<SubscriptionResource>, Failure>),
    /// The user starts a new order with the same content.
    StartNewOrder(OrderRequestId),
    /// Current prices, with the identifier for the order at these prices.
    PricesFetched(Vec<Price>, OrderRequestId),
}

/// Action to take after the typed Partner ID was found valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterPartnerCheck {
    /// Show the partner.
    Stay,
    /// Continue to the next step.
    Continue,
}

/// Output of the checkout, run by the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CheckoutCommand {
    /// Store this text, so that the checkout survives a reload and leaving the page.
    Store(String),
    /// Delete the stored text.
    DeleteStored,
    /// Put the step into the page's address.
    ShowStep {
        /// The step.
        step: CheckoutStep,
        /// `true` to replace the current history entry instead of adding one.
        replace: bool,
    },
    /// Focus the quantity field, which is invalid.
    FocusQuantity,
    /// Check the typed Partner ID.
    CheckPartnerId(AfterPartnerCheck),
    /// Look up the partner with this ID.
    LookUpPartner(PartnerId),
    /// Send the order.
    PlaceOrder(OrderRequestId, OrderRequest),
    /// Fetch the current prices.
    FetchPrices,
    /// Show the subscription that was bought.
    ShowPlaced(SubscriptionId),
}

impl CheckoutState {
    /// Creates a checkout of one license for the product's first term. Returns `None` if the
    /// product has no price.
    pub(super) fn new(
        product: &ProductResource,
        relationship: Option<RelationshipId>,
        allows_partner: bool,
        request_id: OrderRequestId,
    ) -> Option<Self> {
        Some(Self {
            product: product.id,
            term: product.prices.first()?.term,
            prices: product.prices.clone(),
            relationship,
            allows_partner,
            request_id,
            sent_price: None,
            step: CheckoutStep::Order,
            furthest_step: CheckoutStep::Order,
            quantity: "1".to_owned(),
            partner: None,
            partner_id_input: None,
            errors_shown: false,
            status: OrderStatus::Editing,
        })
    }

    /// Restores the state that an earlier page stored. Values that can't be read, or can't be
    /// bought any more, are ignored.
    pub(super) fn restore(mut self, stored: &str) -> Self {
        for (name, value) in query_pairs(stored).flatten() {
            match name.as_str() {
                "request" => self.request_id = value.parse().unwrap_or(self.request_id),
                "step" => self.step = value.parse().unwrap_or(self.step),
                "reached" => self.furthest_step = value.parse().unwrap_or(self.furthest_step),
                "term" => {
                    let term = value.parse().ok();
                    let sold = term.filter(|term| self.price_of(*term).is_some());
                    self.term = sold.unwrap_or(self.term);
                }
                "quantity" => self.quantity = value,
                "partner" if self.allows_partner => {
                    let id = PartnerId::parse(&value).ok();
                    self.partner = id.map(|id| OrderPartner { id, details: LoadState::Loading });
                }
                "typing" if self.allows_partner => self.partner_id_input = Some(value),
                "sent" => {
                    self.status = OrderStatus::Unknown(None);
                    self.sent_price = value.split_once('-').and_then(|(amount, currency)| {
                        let amount = amount.parse().ok()?;
                        Some(Money { amount, currency: currency.parse().ok()? })
                    });
                }
                _ => {}
            }
        }
        self.step = self.allowed_step(self.step);
        self
    }

    /// Returns the text to store: progress, and everything that was typed.
    fn stored_text(&self) -> String {
        let sent = matches!(self.status, OrderStatus::Placing | OrderStatus::Unknown(_));
        let mut text = format!(
            "request={}&step={}&reached={}&term={}&quantity={}",
            self.request_id,
            self.step,
            self.furthest_step,
            self.term,
            encode_component(&self.quantity),
        );
        if let Some(partner) = &self.partner {
            text.push_str("&partner=");
            text.push_str(partner.id.as_str());
        }
        if let Some(input) = &self.partner_id_input {
            text.push_str("&typing=");
            text.push_str(&encode_component(input));
        }
        if sent && let Some(price) = self.unit_price() {
            let sent = format!("&sent={}-{}", price.amount, price.currency);
            text.push_str(&sent);
        }
        text
    }

    fn store(&self) -> CheckoutCommand {
        CheckoutCommand::Store(self.stored_text())
    }

    /// Returns the request body of the order.
    fn order_request(&self) -> OrderRequest {
        let partner = self.partner.as_ref().map(|partner| partner.id.to_string());
        OrderRequest {
            product: self.product.to_string(),
            term: self.term.to_string(),
            quantity: self.quantity.clone(),
            unit_price: self.unit_price(),
            partner_id: partner.unwrap_or_default(),
            relationship: self.relationship.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// Returns the fields that are invalid as typed.
    fn problems(&self) -> Vec<FieldProblem> {
        self.order_request().parse().err().unwrap_or_default()
    }

    /// Returns the error of the quantity field. An empty field has none until the user tries
    /// to continue.
    pub(super) fn quantity_error(&self) -> Option<FieldError> {
        if !self.errors_shown && self.quantity.trim().is_empty() {
            return None;
        }
        let problems = self.problems().into_iter();
        problems.into_iter().find(|one| one.field == "quantity").map(|one| one.error)
    }

    fn price_of(&self, term: Term) -> Option<Money> {
        self.prices.iter().find(|price| price.term == term).map(|price| price.unit)
    }

    /// Returns the number of licenses, if the order is valid.
    pub(super) fn licenses(&self) -> Option<u32> {
        self.order_request().parse().ok().map(|order| order.quantity)
    }

    /// Returns the price of one license for one term.
    pub(super) fn unit_price(&self) -> Option<Money> {
        self.sent_price.or_else(|| self.price_of(self.term))
    }

    /// Returns the price of all licenses for one term.
    pub(super) fn total(&self) -> Option<Money> {
        Some(self.unit_price()?.times(self.licenses()?))
    }

    /// Returns whether the order can't be changed, because it was sent.
    pub(super) fn is_locked(&self) -> bool {
        !matches!(self.status, OrderStatus::Editing | OrderStatus::Refused(_))
    }

    /// Returns the step that is shown when this one is asked for: itself, or an earlier one.
    fn allowed_step(&self, step: CheckoutStep) -> CheckoutStep {
        if self.is_locked() {
            // An order that was sent is shown on the step that sent it.
            CheckoutStep::Review
        } else if step > CheckoutStep::Order && !self.problems().is_empty() {
            CheckoutStep::Order
        } else {
            step.min(self.furthest_step)
        }
    }

    /// Applies an event and returns the commands to run.
    pub(super) fn handle_event(&mut self, event: CheckoutEvent) -> Vec<CheckoutCommand> {
        match event {
            CheckoutEvent::AddressChanged(step) => self.address_changed(step),
            CheckoutEvent::Next => self.next_step(),
            CheckoutEvent::Back => self.show_step(self.step.previous()),
            CheckoutEvent::PlaceOrder => self.place_order(),
            CheckoutEvent::OrderAnswered(answer) => self.order_answered(answer),
            CheckoutEvent::StartNewOrder(request)
                if self.status == OrderStatus::RequestIdReused =>
            {
                self.request_id = request;
                self.status = OrderStatus::Editing;
                vec![self.store()]
            }
            CheckoutEvent::PricesFetched(prices, request)
                if !self.is_locked() && !prices.is_empty() =>
            {
                let same = prices.iter().find(|price| price.term == self.term);
                self.term = same.or(prices.first()).map_or(self.term, |price| price.term);
                self.prices = prices;
                self.request_id = request;
                vec![self.store()]
            }
            CheckoutEvent::RetryPartnerLookup => match &mut self.partner {
                Some(partner) => {
                    partner.details = LoadState::Loading;
                    vec![CheckoutCommand::LookUpPartner(partner.id.clone())]
                }
                None => Vec::new(),
            },
            CheckoutEvent::PartnerLookedUp(id, answer) => {
                if let Some(partner) = self.partner.as_mut().filter(|one| one.id == id) {
                    partner.details = partner_load(answer);
                }
                Vec::new()
            }
            CheckoutEvent::StartNewOrder(_) | CheckoutEvent::PricesFetched(..) => Vec::new(),
            edit @ (CheckoutEvent::TermChanged(_)
            | CheckoutEvent::QuantityChanged(_)
            | CheckoutEvent::OpenPartnerField
            | CheckoutEvent::PartnerIdChanged(_)
            | CheckoutEvent::ClosePartnerField
            | CheckoutEvent::AddPartner
            | CheckoutEvent::PartnerAdded(..)
            | CheckoutEvent::RemovePartner) => {
                if self.is_locked() {
                    return Vec::new();
                }
                self.edit(edit)
            }
        }
    }

    /// Applies an event that edits the order.
    fn edit(&mut self, event: CheckoutEvent) -> Vec<CheckoutCommand> {
        let before = self.stored_text();
        let mut commands = Vec::new();
        match event {
            CheckoutEvent::TermChanged(term) if self.price_of(term).is_some() => self.term = term,
            CheckoutEvent::QuantityChanged(quantity) => self.quantity = quantity,
            CheckoutEvent::OpenPartnerField if self.allows_partner => {
                let id = self.partner.as_ref().map(|partner| partner.id.to_string());
                self.partner_id_input = Some(id.unwrap_or_default());
            }
            CheckoutEvent::PartnerIdChanged(text) if self.partner_id_input.is_some() => {
                self.partner_id_input = Some(text);
            }
            CheckoutEvent::ClosePartnerField => self.partner_id_input = None,
            CheckoutEvent::AddPartner if self.partner_id_input.is_some() => {
                commands.push(CheckoutCommand::CheckPartnerId(AfterPartnerCheck::Stay));
            }
            CheckoutEvent::PartnerAdded(details, then) if self.partner_id_input.is_some() => {
                self.partner_id_input = None;
                self.partner = Some(OrderPartner {
                    id: details.partner_id.clone(),
                    details: LoadState::Ready(*details),
                });
                if then == AfterPartnerCheck::Continue {
                    commands = self.advance();
                }
            }
            CheckoutEvent::RemovePartner => self.partner = None,
            // The field or the price is gone, or the event edits nothing.
            CheckoutEvent::TermChanged(_)
            | CheckoutEvent::OpenPartnerField
            | CheckoutEvent::PartnerIdChanged(_)
            | CheckoutEvent::AddPartner
            | CheckoutEvent::PartnerAdded(..)
            | CheckoutEvent::AddressChanged(_)
            | CheckoutEvent::Next
            | CheckoutEvent::Back
            | CheckoutEvent::RetryPartnerLookup
            | CheckoutEvent::PartnerLookedUp(..)
            | CheckoutEvent::PlaceOrder
            | CheckoutEvent::OrderAnswered(_)
            | CheckoutEvent::StartNewOrder(_)
            | CheckoutEvent::PricesFetched(..) => {}
        }
        if self.stored_text() != before {
            self.status = OrderStatus::Editing;
            commands.push(self.store());
        }
        commands
    }

    fn address_changed(&mut self, step: Option<CheckoutStep>) -> Vec<CheckoutCommand> {
        // The address is that of the subscription that was bought.
        if matches!(self.status, OrderStatus::Placed(_)) {
            return Vec::new();
        }
        let before = self.step;
        let requested = step.unwrap_or(before);
        self.step = self.allowed_step(requested);
        let mut commands = Vec::new();
        if step != Some(self.step) {
            commands.push(CheckoutCommand::ShowStep { step: self.step, replace: true });
        }
        if self.step != before {
            self.clear_refusal();
            commands.push(self.store());
        }
        commands
    }

    fn next_step(&mut self) -> Vec<CheckoutCommand> {
        if !self.problems().is_empty() {
            self.errors_shown = true;
            let mut commands = self.show_step(CheckoutStep::Order);
            commands.push(CheckoutCommand::FocusQuantity);
            return commands;
        }
        match &self.partner_id_input {
            Some(typed) if !typed.trim().is_empty() && self.step == CheckoutStep::Payment => {
                vec![CheckoutCommand::CheckPartnerId(AfterPartnerCheck::Continue)]
            }
            _ => {
                self.partner_id_input = None;
                self.advance()
            }
        }
    }

    fn advance(&mut self) -> Vec<CheckoutCommand> {
        let step = self.step.next();
        self.furthest_step = self.furthest_step.max(step);
        self.show_step(step)
    }

    /// Goes to another step, with an entry in the browser's history.
    fn show_step(&mut self, step: CheckoutStep) -> Vec<CheckoutCommand> {
        let step = self.allowed_step(step);
        if step == self.step {
            return Vec::new();
        }
        self.step = step;
        self.clear_refusal();
        vec![self.store(), CheckoutCommand::ShowStep { step, replace: false }]
    }

    /// Clears a refusal when its step is left, so that it isn't shown on return.
    fn clear_refusal(&mut self) {
        if matches!(self.status, OrderStatus::Refused(_)) {
            self.status = OrderStatus::Editing;
        }
    }

    /// Returns whether the order can be placed, as far as the page can tell. The partner of
    /// record must be loaded, so that no order is placed with a partner that was not shown.
    pub(super) fn can_place_order(&self) -> bool {
        let loaded = self.partner.as_ref().is_none_or(|partner| partner.details.ready().is_some());
        loaded && self.problems().is_empty()
    }

    fn place_order(&mut self) -> Vec<CheckoutCommand> {
        // An order that was sent before is sent again unchanged, even if the partner can't be
        // loaded now.
        let allowed = match self.status {
            OrderStatus::Editing | OrderStatus::Refused(_) => self.can_place_order(),
            OrderStatus::Unknown(_) => true,
            OrderStatus::Placing | OrderStatus::RequestIdReused | OrderStatus::Placed(_) => false,
        };
        if !allowed || self.step != CheckoutStep::Review {
            return Vec::new();
        }
        self.status = OrderStatus::Placing;
        self.sent_price = self.unit_price();
        // Stored before it is sent, so that a page reloaded in between knows of the order.
        vec![self.store(), CheckoutCommand::PlaceOrder(self.request_id, self.order_request())]
    }

    fn order_answered(
        &mut self,
        answer: Result<Box<SubscriptionResource>, Failure>,
    ) -> Vec<CheckoutCommand> {
        self.status = match answer {
            Ok(subscription) => {
                self.status = OrderStatus::Placed(subscription.id);
                return vec![
                    CheckoutCommand::DeleteStored,
                    CheckoutCommand::ShowPlaced(subscription.id),
                ];
            }
            Err(failure) if failure.is(ErrorCode::RequestIdReused) => OrderStatus::RequestIdReused,
            // These answers leave it open whether an earlier attempt placed the order: the
            // server failed or wasn't reached, or the session ended.
            Err(failure)
                if failure.is(ErrorCode::Unavailable)
                    || failure.is(ErrorCode::Internal)
                    || failure.signed_out() =>
            {
                OrderStatus::Unknown(Some(failure))
            }
            Err(failure) => OrderStatus::Refused(failure),
        };
        if !matches!(self.status, OrderStatus::Unknown(_)) {
            self.sent_price = None;
        }
        let mut commands = vec![self.store()];
        if let OrderStatus::Refused(failure) = &self.status
            && failure.refusal() == Some(Refusal::PriceChanged)
        {
            commands.push(CheckoutCommand::FetchPrices);
        }
        commands
    }
}

/// Converts the answer to a look-up. A partner that can't be the partner of record is a
/// failure.
fn partner_load(answer: Result<Box<CheckedPartnerId>, Failure>) -> LoadState<CheckedPartnerId> {
    match answer {
        Ok(found) => match found.refusal {
            None => LoadState::Ready(*found),
            Some(refusal) => {
                LoadState::Failed(Failure { kind: FailureKind::Refused(refusal), request_id: None })
            }
        },
        Err(failure) => LoadState::Failed(failure),
    }
}

#[cfg(test)]
mod tests {
    use rules::{Currency, DisplayName, Timestamp};
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_milliseconds(1_700_000_000_000);

    fn request(number: u128) -> OrderRequestId {
        OrderRequestId::new(NOW, number)
    }

    fn product() -> ProductResource {
        let unit = |amount| Money { amount, currency: Currency::Eur };
        ProductResource {
            id: ProductId::new(NOW, 1),
            cloud: rules::Cloud::Worldwide,
            name: DisplayName::parse("Office 365 E3").expect("a name"),
            description: rules::Note::parse("Mail and more.").expect("a description"),
            prices: vec![
                Price { term: Term::Month, unit: unit(2_310) },
                Price { term: Term::Year, unit: unit(25_200) },
            ],
        }
    }

    fn new_checkout() -> CheckoutState {
        CheckoutState::new(&product(), None, true, request(1)).expect("it has a price")
    }

    fn partner(id: &str) -> CheckedPartnerId {
        let partner = json!({
            "partnerId": id,
            "partner": "018bcfe5-6800-7000-8000-000000000007",
            "partnerName": "Meridian Cloud Services",
            "accountName": "Meridian München",
            "kind": "location",
            "country": "DE",
            "clouds": ["worldwide"],
        });
        serde_json::from_value(partner).expect("an answer")
    }

    fn subscription() -> Box<SubscriptionResource> {
        let bought = json!({
            "id": "018bcfe5-6800-7000-8000-000000000009",
            "@odata.etag": "W/\"1\"",
            "customer": "018bcfe5-6800-7000-8000-000000000002",
            "customerName": "Brightwater",
            "cloud": "worldwide",
            "productName": "Office 365 E3",
            "quantity": 25,
            "term": "P1M",
            "billingAccount": "018bcfe5-6800-7000-8000-000000000002",
            "billingAccountName": "Brightwater",
            "state": { "status": "active" },
            "status": "active",
            "created": "2026-11-20T10:00:00.000Z",
            "createdBy": "018bcfe5-6800-7000-8000-000000000003",
            "createdByName": "Anna de Vries",
            "createdByOrganization": "018bcfe5-6800-7000-8000-000000000002",
        });
        serde_json::from_value(bought).expect("a subscription")
    }

    fn unavailable() -> Failure {
        Failure { kind: FailureKind::Other(ErrorCode::Unavailable, None), request_id: None }
    }

    fn refused(refusal: Refusal) -> Failure {
        Failure { kind: FailureKind::Refused(refusal), request_id: None }
    }

    fn run(
        state: &mut CheckoutState,
        events: impl IntoIterator<Item = CheckoutEvent>,
    ) -> Vec<CheckoutCommand> {
        let mut last = Vec::new();
        for event in events {
            last = state.handle_event(event);
        }
        last
    }

    /// Returns a checkout of 25 licenses with a partner, at the review step.
    fn checkout_at_review() -> CheckoutState {
        let mut state = new_checkout();
        run(
            &mut state,
            [
                CheckoutEvent::QuantityChanged("25".to_owned()),
                CheckoutEvent::Next,
                CheckoutEvent::OpenPartnerField,
                CheckoutEvent::PartnerIdChanged("4391511".to_owned()),
                CheckoutEvent::PartnerAdded(
                    Box::new(partner("4391511")),
                    AfterPartnerCheck::Continue,
                ),
            ],
        );
        assert_eq!(state.step, CheckoutStep::Review);
        state
    }

    /// Returns the order that the commands send, with its identifier.
    fn sent_order(commands: &[CheckoutCommand]) -> Option<(OrderRequestId, OrderRequest)> {
        commands.iter().find_map(|command| {
            let CheckoutCommand::PlaceOrder(request, order) = command else { return None };
            Some((*request, order.clone()))
        })
    }

    /// Returns the text that the commands store last.
    fn stored(commands: &[CheckoutCommand]) -> Option<&str> {
        commands.iter().rev().find_map(|command| {
            let CheckoutCommand::Store(text) = command else { return None };
            Some(text.as_str())
        })
    }

    /// Returns the same checkout on a reloaded page.
    fn reloaded(state: &CheckoutState) -> CheckoutState {
        let other = CheckoutState::new(&product(), None, true, request(2)).expect("it has a price");
        other.restore(&state.stored_text())
    }

    #[test]
    fn an_order_is_placed_with_everything_that_was_entered() {
        let mut state = checkout_at_review();
        assert_eq!(state.total().map(|cost| cost.amount), Some(25 * 2_310));
        let commands = state.handle_event(CheckoutEvent::PlaceOrder);
        let (request_id, order) = sent_order(&commands).expect("it is sent");
        assert_eq!(request_id, request(1));
        assert_eq!((order.quantity.as_str(), order.partner_id.as_str()), ("25", "4391511"));
        assert_eq!(
            order.unit_price.map(|price| price.amount),
            Some(2_310),
            "the price that was shown"
        );
        assert_eq!(order.parse().map(|order| order.product), Ok(product().id));
        let commands = state.handle_event(CheckoutEvent::OrderAnswered(Ok(subscription())));
        let bought = subscription().id;
        assert_eq!(commands, [CheckoutCommand::DeleteStored, CheckoutCommand::ShowPlaced(bought)]);
        assert_eq!(state.handle_event(CheckoutEvent::PlaceOrder), [], "it is already placed");
        assert_eq!(
            state.handle_event(CheckoutEvent::AddressChanged(None)),
            [],
            "the address is that of the subscription"
        );
    }

    #[test]
    fn a_product_without_a_price_has_no_checkout() {
        let free = ProductResource { prices: Vec::new(), ..product() };
        assert_eq!(CheckoutState::new(&free, None, true, request(1)), None);
    }

    #[test]
    fn an_invalid_quantity_stops_at_the_first_step() {
        for (typed, error) in [
            ("", FieldError::Empty),
            ("0", FieldError::NotAQuantity { max: 10_000 }),
            ("2.5", FieldError::NotAQuantity { max: 10_000 }),
            ("10001", FieldError::NotAQuantity { max: 10_000 }),
            ("twelve", FieldError::NotAQuantity { max: 10_000 }),
        ] {
            let mut state = new_checkout();
            let commands = run(
                &mut state,
                [CheckoutEvent::QuantityChanged(typed.to_owned()), CheckoutEvent::Next],
            );
            assert_eq!(commands, [CheckoutCommand::FocusQuantity], "{typed}");
            assert_eq!(
                (state.step, state.quantity_error()),
                (CheckoutStep::Order, Some(error)),
                "{typed}"
            );
            assert_eq!(state.total(), None);
            // An address doesn't lead past it either.
            let commands =
                state.handle_event(CheckoutEvent::AddressChanged(Some(CheckoutStep::Review)));
            assert_eq!(
                commands,
                [CheckoutCommand::ShowStep { step: CheckoutStep::Order, replace: true }],
                "{typed}"
            );
        }
    }

    #[test]
    fn an_empty_quantity_is_no_error_before_continuing() {
        let mut state = new_checkout();
        state.handle_event(CheckoutEvent::QuantityChanged(String::new()));
        assert_eq!(state.quantity_error(), None);
        state.handle_event(CheckoutEvent::QuantityChanged("x".to_owned()));
        assert!(state.quantity_error().is_some());
    }

    #[test]
    fn the_step_follows_the_address_and_the_browser_history() {
        let mut state = new_checkout();
        let show = |step, replace| CheckoutCommand::ShowStep { step, replace };
        assert_eq!(
            state.handle_event(CheckoutEvent::AddressChanged(None)),
            [show(CheckoutStep::Order, true)]
        );
        let commands = state.handle_event(CheckoutEvent::Next);
        assert!(commands.contains(&show(CheckoutStep::Payment, false)));
        assert_eq!(
            state.handle_event(CheckoutEvent::AddressChanged(Some(CheckoutStep::Payment))),
            []
        );
        assert!(
            state.handle_event(CheckoutEvent::Back).contains(&show(CheckoutStep::Order, false))
        );
        // The browser's Back and Forward.
        state.handle_event(CheckoutEvent::Next);
        let commands = state.handle_event(CheckoutEvent::AddressChanged(Some(CheckoutStep::Order)));
        assert_eq!((state.step, stored(&commands).is_some()), (CheckoutStep::Order, true));
        state.handle_event(CheckoutEvent::AddressChanged(Some(CheckoutStep::Payment)));
        assert_eq!(state.step, CheckoutStep::Payment);
        // The review can't be reached before the steps before it.
        let commands =
            state.handle_event(CheckoutEvent::AddressChanged(Some(CheckoutStep::Review)));
        assert_eq!(commands, [show(CheckoutStep::Payment, true)]);
    }

    #[test]
    fn a_reload_restores_what_was_typed() {
        let mut state = new_checkout();
        run(
            &mut state,
            [
                CheckoutEvent::TermChanged(Term::Year),
                CheckoutEvent::QuantityChanged("7".to_owned()),
                CheckoutEvent::Next,
                CheckoutEvent::OpenPartnerField,
                CheckoutEvent::PartnerIdChanged("43 & 91".to_owned()),
            ],
        );
        let restored = reloaded(&state);
        assert_eq!(restored, state);
        assert_eq!((restored.request_id, restored.step), (request(1), CheckoutStep::Payment));
        // The field closes when the partner is added; the commands page looks the partner up.
        state.handle_event(CheckoutEvent::PartnerAdded(
            Box::new(partner("4391511")),
            AfterPartnerCheck::Stay,
        ));
        let mut restored = reloaded(&state);
        assert_eq!(
            restored.partner.as_ref().map(|partner| partner.details.clone()),
            Some(LoadState::Loading)
        );
        let id = partner("4391511").partner_id;
        assert_eq!(
            restored.handle_event(CheckoutEvent::RetryPartnerLookup),
            [CheckoutCommand::LookUpPartner(id.clone())]
        );
        restored.handle_event(CheckoutEvent::PartnerLookedUp(id, Ok(Box::new(partner("4391511")))));
        assert_eq!(restored, state);
    }

    #[test]
    fn stored_values_that_are_invalid_or_not_sold_are_ignored() {
        let stored = "request=x&step=elsewhere&term=P3Y&quantity=%ZZ&partner=0&more=1&&=";
        assert_eq!(new_checkout().restore(stored), new_checkout());
        let month = ProductResource { prices: product().prices[..1].to_vec(), ..product() };
        let state = CheckoutState::new(&month, None, true, request(1)).expect("it has a price");
        assert_eq!(state.restore("term=P1Y").term, Term::Month);
        assert_eq!(
            new_checkout().restore("step=review&reached=review&quantity=none").step,
            CheckoutStep::Order
        );
    }

    #[test]
    fn no_partner_is_added_where_none_is_allowed() {
        let state =
            || CheckoutState::new(&product(), None, false, request(1)).expect("it has a price");
        assert_eq!(state().restore("partner=4391511&typing=43"), state());
        let mut state = state();
        run(&mut state, [CheckoutEvent::Next, CheckoutEvent::OpenPartnerField]);
        assert_eq!(state.partner_id_input, None);
        run(&mut state, [CheckoutEvent::Next]);
        let commands = state.handle_event(CheckoutEvent::PlaceOrder);
        assert_eq!(sent_order(&commands).map(|(_, order)| order.partner_id), Some(String::new()));
    }

    #[test]
    fn a_reseller_order_names_its_relationship() {
        let relationship = RelationshipId::new(NOW, 5);
        let state = CheckoutState::new(&product(), Some(relationship), false, request(1));
        let mut state = state.expect("it has a price");
        let commands =
            run(&mut state, [CheckoutEvent::Next, CheckoutEvent::Next, CheckoutEvent::PlaceOrder]);
        let order = sent_order(&commands).expect("it is sent").1.parse().expect("it can be taken");
        assert_eq!(order.relationship, Some(relationship));
    }

    #[test]
    fn continuing_checks_the_typed_partner_id() {
        let mut state = new_checkout();
        run(
            &mut state,
            [
                CheckoutEvent::Next,
                CheckoutEvent::OpenPartnerField,
                CheckoutEvent::PartnerIdChanged("4391511".to_owned()),
            ],
        );
        assert_eq!(
            state.handle_event(CheckoutEvent::Next),
            [CheckoutCommand::CheckPartnerId(AfterPartnerCheck::Continue)]
        );
        assert_eq!(state.step, CheckoutStep::Payment, "the partner is not known yet");
        assert_eq!(
            state.handle_event(CheckoutEvent::AddPartner),
            [CheckoutCommand::CheckPartnerId(AfterPartnerCheck::Stay)]
        );
        state.handle_event(CheckoutEvent::PartnerAdded(
            Box::new(partner("4391511")),
            AfterPartnerCheck::Stay,
        ));
        assert_eq!((state.step, &state.partner_id_input), (CheckoutStep::Payment, &None));
        // Continuing closes an empty field.
        run(
            &mut state,
            [CheckoutEvent::RemovePartner, CheckoutEvent::OpenPartnerField, CheckoutEvent::Next],
        );
        assert_eq!(
            (state.step, &state.partner_id_input, &state.partner),
            (CheckoutStep::Review, &None, &None)
        );
    }

    #[test]
    fn changing_the_partner_starts_with_its_id_and_can_be_canceled() {
        let mut state = checkout_at_review();
        run(&mut state, [CheckoutEvent::Back, CheckoutEvent::OpenPartnerField]);
        assert_eq!(state.partner_id_input.as_deref(), Some("4391511"));
        run(
            &mut state,
            [CheckoutEvent::PartnerIdChanged("1".to_owned()), CheckoutEvent::ClosePartnerField],
        );
        assert_eq!(state.partner.as_ref().map(|partner| partner.id.as_str()), Some("4391511"));
        state.handle_event(CheckoutEvent::RemovePartner);
        assert_eq!(state.partner, None);
    }

    #[test]
    fn no_order_is_placed_with_a_partner_that_was_not_shown() {
        let mut state = reloaded(&checkout_at_review());
        assert_eq!((state.step, state.can_place_order()), (CheckoutStep::Review, false));
        assert_eq!(state.handle_event(CheckoutEvent::PlaceOrder), []);
        let id = partner("4391511").partner_id;
        let other_cloud =
            CheckedPartnerId { refusal: Some(Refusal::PartnerNotInCloud), ..partner("4391511") };
        for answer in [Err(unavailable()), Ok(Box::new(other_cloud))] {
            state.handle_event(CheckoutEvent::PartnerLookedUp(id.clone(), answer));
            assert_eq!(state.handle_event(CheckoutEvent::PlaceOrder), []);
        }
        // An answer about another ID is ignored.
        let other = partner("2719383");
        state.handle_event(CheckoutEvent::PartnerLookedUp(
            other.partner_id.clone(),
            Ok(Box::new(other)),
        ));
        assert!(!state.can_place_order());
        state.handle_event(CheckoutEvent::PartnerLookedUp(id, Ok(Box::new(partner("4391511")))));
        assert!(sent_order(&state.handle_event(CheckoutEvent::PlaceOrder)).is_some());
    }

    #[test]
    fn pressing_twice_sends_once() {
        let mut state = checkout_at_review();
        assert!(sent_order(&state.handle_event(CheckoutEvent::PlaceOrder)).is_some());
        assert_eq!(state.handle_event(CheckoutEvent::PlaceOrder), []);
        assert_eq!(run(&mut state, [CheckoutEvent::Back]), []);
        assert_eq!(state.handle_event(CheckoutEvent::QuantityChanged("26".to_owned())), []);
        assert_eq!(state.quantity, "25");
    }

    #[test]
    fn a_reload_while_placing_sends_the_same_order_again() {
        let mut state = checkout_at_review();
        let first = state.handle_event(CheckoutEvent::PlaceOrder);
        let mut restored =
            new_checkout().restore(stored(&first).expect("it is stored before it is sent"));
        assert_eq!(
            (restored.step, &restored.status),
            (CheckoutStep::Review, &OrderStatus::Unknown(None))
        );
        assert_eq!(
            restored.handle_event(CheckoutEvent::AddressChanged(Some(CheckoutStep::Order))).len(),
            1,
            "it goes back to the review"
        );
        assert_eq!(restored.step, CheckoutStep::Review);
        assert_eq!(
            sent_order(&restored.handle_event(CheckoutEvent::PlaceOrder)),
            sent_order(&first)
        );
    }

    #[test]
    fn after_a_lost_answer_only_the_same_order_can_be_sent() {
        let mut state = checkout_at_review();
        let first = sent_order(&state.handle_event(CheckoutEvent::PlaceOrder));
        let commands = state.handle_event(CheckoutEvent::OrderAnswered(Err(unavailable())));
        assert_eq!(state.status, OrderStatus::Unknown(Some(unavailable())));
        assert!(stored(&commands).is_some_and(|text| text.ends_with("&sent=2310-EUR")));
        run(
            &mut state,
            [
                CheckoutEvent::QuantityChanged("26".to_owned()),
                CheckoutEvent::RemovePartner,
                CheckoutEvent::Back,
            ],
        );
        assert_eq!(sent_order(&state.handle_event(CheckoutEvent::PlaceOrder)), first);
        state.handle_event(CheckoutEvent::OrderAnswered(Ok(subscription())));
        assert_eq!(state.status, OrderStatus::Placed(subscription().id));
    }

    #[test]
    fn a_lost_session_leaves_the_outcome_unknown() {
        let mut state = checkout_at_review();
        state.handle_event(CheckoutEvent::PlaceOrder);
        state.handle_event(CheckoutEvent::OrderAnswered(Err(refused(Refusal::SignInRequired))));
        assert!(matches!(reloaded(&state).status, OrderStatus::Unknown(None)));
    }

    #[test]
    fn a_refused_order_can_be_changed_and_keeps_its_identifier() {
        let mut state = checkout_at_review();
        state.handle_event(CheckoutEvent::PlaceOrder);
        let commands = state
            .handle_event(CheckoutEvent::OrderAnswered(Err(refused(Refusal::PartnerIdNotFound))));
        assert_eq!(state.status, OrderStatus::Refused(refused(Refusal::PartnerIdNotFound)));
        assert!(stored(&commands).is_some_and(|text| !text.contains("sent")));
        run(&mut state, [CheckoutEvent::Back, CheckoutEvent::RemovePartner]);
        assert_eq!(state.status, OrderStatus::Editing, "the refusal is cleared");
        let commands = run(&mut state, [CheckoutEvent::Next, CheckoutEvent::PlaceOrder]);
        assert_eq!(sent_order(&commands).map(|(request_id, _)| request_id), Some(request(1)));
    }

    #[test]
    fn a_changed_price_is_shown_and_makes_a_new_order() {
        let mut state = checkout_at_review();
        state.handle_event(CheckoutEvent::PlaceOrder);
        let changed = refused(Refusal::PriceChanged);
        let commands = state.handle_event(CheckoutEvent::OrderAnswered(Err(changed.clone())));
        assert_eq!(commands.last(), Some(&CheckoutCommand::FetchPrices));
        let unit = Money { amount: 2_500, currency: Currency::Eur };
        let higher = vec![Price { term: Term::Month, unit }];
        state.handle_event(CheckoutEvent::PricesFetched(higher.clone(), request(2)));
        assert_eq!(state.status, OrderStatus::Refused(changed), "it is shown beside the price");
        assert_eq!((state.step, state.unit_price()), (CheckoutStep::Review, Some(unit)));
        let (request_id, order) =
            sent_order(&state.handle_event(CheckoutEvent::PlaceOrder)).expect("it is sent");
        assert_eq!((request_id, order.unit_price), (request(2), Some(unit)));
        // An order that was sent keeps its price.
        state.handle_event(CheckoutEvent::PricesFetched(product().prices, request(3)));
        assert_eq!(state.unit_price(), Some(unit));
        // A term that is no longer sold is replaced by one that is.
        let mut state = new_checkout();
        state.handle_event(CheckoutEvent::TermChanged(Term::Year));
        state.handle_event(CheckoutEvent::PricesFetched(higher, request(2)));
        assert_eq!((state.term, state.unit_price()), (Term::Month, Some(unit)));
        state.handle_event(CheckoutEvent::PricesFetched(Vec::new(), request(3)));
        assert_eq!((state.request_id, state.unit_price()), (request(2), Some(unit)));
    }

    #[test]
    fn after_a_lost_answer_the_order_is_sent_again_at_its_old_price() {
        let mut state = checkout_at_review();
        let first = state.handle_event(CheckoutEvent::PlaceOrder);
        let stored = stored(&first).expect("it is stored");
        let unit = Money { amount: 2_500, currency: Currency::Eur };
        let higher =
            ProductResource { prices: vec![Price { term: Term::Month, unit }], ..product() };
        let restored = CheckoutState::new(&higher, None, true, request(2)).expect("it has a price");
        let mut restored = restored.restore(stored);
        assert_eq!(
            sent_order(&restored.handle_event(CheckoutEvent::PlaceOrder)),
            sent_order(&first)
        );
    }

    #[test]
    fn a_used_identifier_is_replaced_for_the_next_order() {
        let reused = ErrorCode::RequestIdReused;
        let reused = Failure { kind: FailureKind::Other(reused, None), request_id: None };
        let mut state = checkout_at_review();
        run(&mut state, [CheckoutEvent::PlaceOrder, CheckoutEvent::OrderAnswered(Err(reused))]);
        assert_eq!(state.status, OrderStatus::RequestIdReused);
        assert_eq!(run(&mut state, [CheckoutEvent::PlaceOrder]), []);
        let commands = state.handle_event(CheckoutEvent::StartNewOrder(request(3)));
        assert!(stored(&commands).is_some());
        let commands = state.handle_event(CheckoutEvent::PlaceOrder);
        assert_eq!(
            sent_order(&commands).map(|(request_id, order)| (request_id, order.quantity)),
            Some((request(3), "25".to_owned()))
        );
    }
}
