//! What happens in a checkout, one event after the other: a state, and what is to be done
//! next. It knows neither the browser nor the network.
//!
//! An order is sent with the identifier of its checkout, however often it is sent. A double
//! click, a page that is loaded anew and an answer that was lost all come to one order
//! that way (`Repeatability-Request-ID`). While nobody knows whether the server has
//! it, it can be sent again and not be changed: what is shown is what may have been bought.

use api::{
    CheckedPartnerId, ErrorCode, FieldProblem, OrderRequest, Product, Subscription,
    decode_component, encode_component,
};
use rules::{
    FieldError, Money, OrderRequestId, PartnerId, Price, ProductId, Refusal, RelationshipId,
    SubscriptionId, Term, names,
};

use crate::{
    client::{Failure, FailureKind},
    load::LoadState,
};

/// The steps of the checkout, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// How many licenses, and for how long.
    Order,
    /// Who pays what; in the right pane the partner of record.
    Payment,
    /// All of it once more, and placing the order.
    Review,
}

names!(Step {
    Order => "order",
    Payment => "payment",
    Review => "review",
});

impl Step {
    fn next(self) -> Self {
        match self {
            Self::Order => Self::Payment,
            Self::Payment | Self::Review => Self::Review,
        }
    }

    fn before(self) -> Self {
        match self {
            Self::Order | Self::Payment => Self::Order,
            Self::Review => Self::Payment,
        }
    }
}

/// The partner of record that goes with the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Added {
    /// Its ID.
    pub(super) id: PartnerId,
    /// Who that is. An ID of an earlier page is checked anew.
    pub(super) who: LoadState<CheckedPartnerId>,
}

/// How it stands with placing the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is being put together.
    Open,
    /// It is on its way.
    Placing,
    /// It was sent, and nobody knows what became of it; the failure, unless that was
    /// on an earlier page.
    Unknown(Option<Failure>),
    /// It was not placed.
    Refused(Failure),
    /// Another order was placed with this checkout, in another window say.
    Used,
    /// It is placed.
    Placed(SubscriptionId),
}

/// Everything that is known of the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checkout {
    product: ProductId,
    prices: Vec<Price>,
    /// The customer that is ordered for, by a reseller's relationship with it.
    relationship: Option<RelationshipId>,
    /// Whether a partner of record can go with the order.
    names_partner: bool,
    /// With what the order is sent.
    request: OrderRequestId,
    /// The price at which it was sent, while nobody knows what became of it: at another one
    /// it would be another order.
    sent: Option<Money>,
    /// The step that is shown.
    pub(super) step: Step,
    /// How far the visitor has gone on; no address leads further, so that nobody comes
    /// to the end of an order who has not seen its beginning.
    reached: Step,
    /// For how long at a time.
    pub(super) term: Term,
    /// How many licenses, as it was typed.
    pub(super) quantity: String,
    /// The partner of record.
    pub(super) added: Option<Added>,
    /// What stands in the field for a Partner ID, while that is open.
    pub(super) typing: Option<String>,
    /// Whether it was tried to go on with what can't be ordered: from then on, what is
    /// wrong is said at once.
    tried: bool,
    /// How it stands.
    pub(super) standing: Standing,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The page's address names this step, or none.
    Arrived(Option<Step>),
    /// The visitor goes on.
    Next,
    /// The visitor goes back.
    Back,
    /// The visitor chooses how long a term is.
    Term(Term),
    /// This stands in the field for the quantity now.
    Quantity(String),
    /// The visitor opens the field for a Partner ID.
    OpenPartner,
    /// This stands in it now.
    Typed(String),
    /// The visitor closes it; who was added before stays.
    ClosePartner,
    /// The visitor adds whoever has the ID that was typed.
    AddPartner,
    /// It is this partner, and it can be the partner of record.
    Added(Box<CheckedPartnerId>, Then),
    /// The visitor takes the partner out.
    RemovePartner,
    /// The visitor has the partner looked up again.
    CheckAgain,
    /// Who has the ID of an earlier page, or why nobody knows.
    PartnerCame(PartnerId, Result<Box<CheckedPartnerId>, Failure>),
    /// The visitor places the order.
    Place,
    /// What came of it.
    Answered(Result<Box<Subscription>, Failure>),
    /// The visitor begins another order with the same content.
    Anew(OrderRequestId),
    /// These are the prices by now, at which it is another order.
    Priced(Vec<Price>, OrderRequestId),
}

/// What is to be done once the ID that was typed turned out to be a partner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Show the partner.
    Stay,
    /// Go on to the next step.
    GoOn,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Keep this for when the page is loaded anew or come back to.
    Keep(String),
    /// Forget what was kept.
    Forget,
    /// Put the step into the page's address: in place of the one that stands there, or
    /// as somewhere to go back from.
    ShowStep {
        /// Which.
        step: Step,
        /// Whether it takes the place of the one before.
        replace: bool,
    },
    /// Lead to the field for the quantity, which is wrong.
    ShowError,
    /// Check the ID that was typed.
    CheckTyped(Then),
    /// Ask who has this ID.
    LookUp(PartnerId),
    /// Place the order.
    Place(OrderRequestId, OrderRequest),
    /// Ask for the prices of now.
    AskPrices,
    /// Say that it is placed, and show it.
    ShowPlaced(SubscriptionId),
}

impl Checkout {
    /// A checkout of one license for the first of the product's terms; `None` where it
    /// can't be bought at any price.
    pub(super) fn new(
        product: &Product,
        relationship: Option<RelationshipId>,
        names_partner: bool,
        request: OrderRequestId,
    ) -> Option<Self> {
        Some(Self {
            product: product.id,
            term: product.prices.first()?.term,
            prices: product.prices.clone(),
            relationship,
            names_partner,
            request,
            sent: None,
            step: Step::Order,
            reached: Step::Order,
            quantity: "1".to_owned(),
            added: None,
            typing: None,
            tried: false,
            standing: Standing::Open,
        })
    }

    /// The same with what an earlier page has kept. What can't be read, or can't be bought
    /// any more, counts as not kept.
    pub(super) fn with(mut self, kept: &str) -> Self {
        for pair in kept.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(value) = decode_component(value) else { continue };
            match name {
                "request" => self.request = value.parse().unwrap_or(self.request),
                "step" => self.step = value.parse().unwrap_or(self.step),
                "reached" => self.reached = value.parse().unwrap_or(self.reached),
                "term" => {
                    let term = value.parse().ok();
                    let sold = term.filter(|term| self.price_of(*term).is_some());
                    self.term = sold.unwrap_or(self.term);
                }
                "quantity" => self.quantity = value,
                "partner" if self.names_partner => {
                    let id = PartnerId::parse(&value).ok();
                    self.added = id.map(|id| Added { id, who: LoadState::Loading });
                }
                "typing" if self.names_partner => self.typing = Some(value),
                "sent" => {
                    self.standing = Standing::Unknown(None);
                    self.sent = value.split_once('-').and_then(|(amount, currency)| {
                        let amount = amount.parse().ok()?;
                        Some(Money { amount, currency: currency.parse().ok()? })
                    });
                }
                _ => {}
            }
        }
        self.step = self.reach(self.step);
        self
    }

    /// What is kept of it: how far it is and everything that was typed.
    fn kept(&self) -> String {
        let sent = matches!(self.standing, Standing::Placing | Standing::Unknown(_));
        let mut kept = format!(
            "request={}&step={}&reached={}&term={}&quantity={}",
            self.request,
            self.step,
            self.reached,
            self.term,
            encode_component(&self.quantity),
        );
        if let Some(added) = &self.added {
            kept.push_str("&partner=");
            kept.push_str(added.id.as_str());
        }
        if let Some(typing) = &self.typing {
            kept.push_str("&typing=");
            kept.push_str(&encode_component(typing));
        }
        if sent && let Some(price) = self.unit_price() {
            let sent = format!("&sent={}-{}", price.amount, price.currency);
            kept.push_str(&sent);
        }
        kept
    }

    fn keep(&self) -> Command {
        Command::Keep(self.kept())
    }

    /// What is sent.
    fn request(&self) -> OrderRequest {
        let partner = self.added.as_ref().map(|added| added.id.to_string());
        OrderRequest {
            product: self.product.to_string(),
            term: self.term.to_string(),
            quantity: self.quantity.clone(),
            unit_price: self.unit_price(),
            partner_id: partner.unwrap_or_default(),
            relationship: self.relationship.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// What can't be ordered as it was typed.
    fn problems(&self) -> Vec<FieldProblem> {
        self.request().parse().err().unwrap_or_default()
    }

    /// What is wrong with the quantity, as soon as something stands there.
    pub(super) fn quantity_error(&self) -> Option<FieldError> {
        if !self.tried && self.quantity.trim().is_empty() {
            return None;
        }
        let problems = self.problems().into_iter();
        problems.into_iter().find(|one| one.field == "quantity").map(|one| one.error)
    }

    fn price_of(&self, term: Term) -> Option<Money> {
        self.prices.iter().find(|price| price.term == term).map(|price| price.unit)
    }

    /// The number of licenses, where it is one.
    pub(super) fn licenses(&self) -> Option<u32> {
        self.request().parse().ok().map(|order| order.quantity)
    }

    /// What one license costs for a term.
    pub(super) fn unit_price(&self) -> Option<Money> {
        self.sent.or_else(|| self.price_of(self.term))
    }

    /// What all of it costs for a term.
    pub(super) fn cost(&self) -> Option<Money> {
        Some(self.unit_price()?.times(self.licenses()?))
    }

    /// Whether nothing of it can be changed: it is sent, or was.
    pub(super) fn is_settled(&self) -> bool {
        !matches!(self.standing, Standing::Open | Standing::Refused(_))
    }

    /// How far one can go toward this step.
    fn reach(&self, step: Step) -> Step {
        if self.is_settled() {
            // What was sent is seen where it was sent from.
            Step::Review
        } else if step > Step::Order && !self.problems().is_empty() {
            Step::Order
        } else {
            step.min(self.reached)
        }
    }

    /// Takes in an event.
    pub(super) fn step(&mut self, event: Event) -> Vec<Command> {
        match event {
            Event::Arrived(step) => self.arrived(step),
            Event::Next => self.next(),
            Event::Back => self.show(self.step.before()),
            Event::Place => self.place(),
            Event::Answered(answer) => self.answered(answer),
            Event::Anew(request) if self.standing == Standing::Used => {
                self.request = request;
                self.standing = Standing::Open;
                vec![self.keep()]
            }
            Event::Priced(prices, request) if !self.is_settled() && !prices.is_empty() => {
                let same = prices.iter().find(|price| price.term == self.term);
                self.term = same.or(prices.first()).map_or(self.term, |price| price.term);
                self.prices = prices;
                self.request = request;
                vec![self.keep()]
            }
            Event::CheckAgain => match &mut self.added {
                Some(added) => {
                    added.who = LoadState::Loading;
                    vec![Command::LookUp(added.id.clone())]
                }
                None => Vec::new(),
            },
            Event::PartnerCame(id, answer) => {
                if let Some(added) = self.added.as_mut().filter(|added| added.id == id) {
                    added.who = named(answer);
                }
                Vec::new()
            }
            // The fields are there no more.
            _ if self.is_settled() => Vec::new(),
            change => self.change(change),
        }
    }

    /// What is ordered becomes another.
    fn change(&mut self, event: Event) -> Vec<Command> {
        let before = self.kept();
        let mut next = Vec::new();
        match event {
            Event::Term(term) if self.price_of(term).is_some() => self.term = term,
            Event::Quantity(quantity) => self.quantity = quantity,
            Event::OpenPartner if self.names_partner => {
                let added = self.added.as_ref().map(|added| added.id.to_string());
                self.typing = Some(added.unwrap_or_default());
            }
            Event::Typed(text) if self.typing.is_some() => self.typing = Some(text),
            Event::ClosePartner => self.typing = None,
            Event::AddPartner if self.typing.is_some() => {
                next.push(Command::CheckTyped(Then::Stay));
            }
            Event::Added(found, then) if self.typing.is_some() => {
                self.typing = None;
                self.added =
                    Some(Added { id: found.partner_id.clone(), who: LoadState::Ready(*found) });
                if then == Then::GoOn {
                    next = self.go_on();
                }
            }
            Event::RemovePartner => self.added = None,
            _ => {}
        }
        if self.kept() != before {
            self.standing = Standing::Open;
            next.push(self.keep());
        }
        next
    }

    fn arrived(&mut self, step: Option<Step>) -> Vec<Command> {
        // The address is that of what was bought.
        if matches!(self.standing, Standing::Placed(_)) {
            return Vec::new();
        }
        let before = self.step;
        let asked = step.unwrap_or(before);
        self.step = self.reach(asked);
        let mut next = Vec::new();
        if step != Some(self.step) {
            next.push(Command::ShowStep { step: self.step, replace: true });
        }
        if self.step != before {
            self.left();
            next.push(self.keep());
        }
        next
    }

    fn next(&mut self) -> Vec<Command> {
        if !self.problems().is_empty() {
            self.tried = true;
            let mut next = self.show(Step::Order);
            next.push(Command::ShowError);
            return next;
        }
        match &self.typing {
            Some(typed) if !typed.trim().is_empty() && self.step == Step::Payment => {
                vec![Command::CheckTyped(Then::GoOn)]
            }
            _ => {
                self.typing = None;
                self.go_on()
            }
        }
    }

    fn go_on(&mut self) -> Vec<Command> {
        let step = self.step.next();
        self.reached = self.reached.max(step);
        self.show(step)
    }

    /// Goes to another step, which can be gone back from.
    fn show(&mut self, step: Step) -> Vec<Command> {
        let step = self.reach(step);
        if step == self.step {
            return Vec::new();
        }
        self.step = step;
        self.left();
        vec![self.keep(), Command::ShowStep { step, replace: false }]
    }

    /// What was refused is told where it was, and not when one comes back.
    fn left(&mut self) {
        if matches!(self.standing, Standing::Refused(_)) {
            self.standing = Standing::Open;
        }
    }

    /// Whether the order can be placed as far as this page can know: the partner of record
    /// has a name by now, so that nobody buys with one that was not shown.
    pub(super) fn is_ready(&self) -> bool {
        let named = self.added.as_ref().is_none_or(|added| added.who.ready().is_some());
        named && self.problems().is_empty()
    }

    fn place(&mut self) -> Vec<Command> {
        let open =
            matches!(self.standing, Standing::Open | Standing::Refused(_) | Standing::Unknown(_));
        // What was sent once is sent again as it was, whoever has the ID by now.
        let again = matches!(self.standing, Standing::Unknown(_));
        if !open || self.step != Step::Review || !(again || self.is_ready()) {
            return Vec::new();
        }
        self.standing = Standing::Placing;
        self.sent = self.unit_price();
        // Kept before it is sent, so that a page that is loaded anew meanwhile knows of it.
        vec![self.keep(), Command::Place(self.request, self.request())]
    }

    fn answered(&mut self, answer: Result<Box<Subscription>, Failure>) -> Vec<Command> {
        self.standing = match answer {
            Ok(subscription) => {
                self.standing = Standing::Placed(subscription.id);
                return vec![Command::Forget, Command::ShowPlaced(subscription.id)];
            }
            Err(failure) if failure.is(ErrorCode::RequestIdReused) => Standing::Used,
            // An answer that is none says nothing of the order; nor does one to somebody
            // who is not signed in any more say anything of the time before.
            Err(failure)
                if failure.is(ErrorCode::Unavailable)
                    || failure.is(ErrorCode::Internal)
                    || failure.signed_out() =>
            {
                Standing::Unknown(Some(failure))
            }
            Err(failure) => Standing::Refused(failure),
        };
        if !matches!(self.standing, Standing::Unknown(_)) {
            self.sent = None;
        }
        let mut next = vec![self.keep()];
        if let Standing::Refused(failure) = &self.standing
            && failure.refusal() == Some(Refusal::PriceChanged)
        {
            next.push(Command::AskPrices);
        }
        next
    }
}

/// Who has an ID, if that can be the partner of record.
fn named(answer: Result<Box<CheckedPartnerId>, Failure>) -> LoadState<CheckedPartnerId> {
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

    fn product() -> Product {
        let unit = |amount| Money { amount, currency: Currency::Eur };
        Product {
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

    fn begun() -> Checkout {
        Checkout::new(&product(), None, true, request(1)).expect("it has a price")
    }

    fn found(id: &str) -> CheckedPartnerId {
        let found = json!({
            "partnerId": id,
            "partner": "018bcfe5-6800-7000-8000-000000000007",
            "partnerName": "Meridian Cloud Services",
            "accountName": "Meridian München",
            "kind": "location",
            "country": "DE",
            "clouds": ["worldwide"],
        });
        serde_json::from_value(found).expect("an answer")
    }

    fn subscription() -> Box<Subscription> {
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

    fn lost() -> Failure {
        Failure { kind: FailureKind::Other(ErrorCode::Unavailable, None), request_id: None }
    }

    fn refused(refusal: Refusal) -> Failure {
        Failure { kind: FailureKind::Refused(refusal), request_id: None }
    }

    fn run(flow: &mut Checkout, events: impl IntoIterator<Item = Event>) -> Vec<Command> {
        let mut last = Vec::new();
        for event in events {
            last = flow.step(event);
        }
        last
    }

    /// A checkout of 25 licenses with a partner, at its last step.
    fn reviewed() -> Checkout {
        let mut flow = begun();
        run(
            &mut flow,
            [
                Event::Quantity("25".to_owned()),
                Event::Next,
                Event::OpenPartner,
                Event::Typed("4391511".to_owned()),
                Event::Added(Box::new(found("4391511")), Then::GoOn),
            ],
        );
        assert_eq!(flow.step, Step::Review);
        flow
    }

    /// What is sent, with its identifier.
    fn sent(commands: &[Command]) -> Option<(OrderRequestId, OrderRequest)> {
        commands.iter().find_map(|command| match command {
            Command::Place(request, order) => Some((*request, order.clone())),
            _ => None,
        })
    }

    /// What is kept in the end.
    fn kept(commands: &[Command]) -> Option<&str> {
        commands.iter().rev().find_map(|command| match command {
            Command::Keep(kept) => Some(kept.as_str()),
            _ => None,
        })
    }

    /// The same checkout on a page that is loaded anew.
    fn again(flow: &Checkout) -> Checkout {
        let other = Checkout::new(&product(), None, true, request(2)).expect("it has a price");
        other.with(&flow.kept())
    }

    #[test]
    fn from_the_product_to_the_order() {
        let mut flow = reviewed();
        assert_eq!(flow.cost().map(|cost| cost.amount), Some(25 * 2_310));
        let next = flow.step(Event::Place);
        let (with, order) = sent(&next).expect("it is sent");
        assert_eq!(with, request(1));
        assert_eq!((order.quantity.as_str(), order.partner_id.as_str()), ("25", "4391511"));
        assert_eq!(order.unit_price.map(|price| price.amount), Some(2_310), "as it was shown");
        assert_eq!(order.parse().map(|order| order.product), Ok(product().id));
        let next = flow.step(Event::Answered(Ok(subscription())));
        let bought = subscription().id;
        assert_eq!(next, [Command::Forget, Command::ShowPlaced(bought)]);
        assert_eq!(flow.step(Event::Place), [], "it is placed");
        assert_eq!(flow.step(Event::Arrived(None)), [], "the address is that of what was bought");
    }

    #[test]
    fn a_product_without_a_price_has_no_checkout() {
        let free = Product { prices: Vec::new(), ..product() };
        assert_eq!(Checkout::new(&free, None, true, request(1)), None);
    }

    #[test]
    fn nobody_goes_on_with_what_cannot_be_ordered() {
        for (typed, error) in [
            ("", FieldError::Empty),
            ("0", FieldError::NotAQuantity { max: 10_000 }),
            ("2.5", FieldError::NotAQuantity { max: 10_000 }),
            ("10001", FieldError::NotAQuantity { max: 10_000 }),
            ("twelve", FieldError::NotAQuantity { max: 10_000 }),
        ] {
            let mut flow = begun();
            let next = run(&mut flow, [Event::Quantity(typed.to_owned()), Event::Next]);
            assert_eq!(next, [Command::ShowError], "{typed}");
            assert_eq!((flow.step, flow.quantity_error()), (Step::Order, Some(error)), "{typed}");
            assert_eq!(flow.cost(), None);
            // Nor does an address lead past it.
            let next = flow.step(Event::Arrived(Some(Step::Review)));
            assert_eq!(next, [Command::ShowStep { step: Step::Order, replace: true }], "{typed}");
        }
    }

    #[test]
    fn nobody_is_told_off_for_an_empty_field_before_trying() {
        let mut flow = begun();
        flow.step(Event::Quantity(String::new()));
        assert_eq!(flow.quantity_error(), None);
        flow.step(Event::Quantity("x".to_owned()));
        assert!(flow.quantity_error().is_some());
    }

    #[test]
    fn the_address_shows_the_step_and_leads_back() {
        let mut flow = begun();
        let show = |step, replace| Command::ShowStep { step, replace };
        assert_eq!(flow.step(Event::Arrived(None)), [show(Step::Order, true)]);
        let next = flow.step(Event::Next);
        assert!(next.contains(&show(Step::Payment, false)));
        assert_eq!(flow.step(Event::Arrived(Some(Step::Payment))), []);
        assert!(flow.step(Event::Back).contains(&show(Step::Order, false)));
        // The browser's own ways back and forth.
        flow.step(Event::Next);
        let next = flow.step(Event::Arrived(Some(Step::Order)));
        assert_eq!((flow.step, kept(&next).is_some()), (Step::Order, true));
        flow.step(Event::Arrived(Some(Step::Payment)));
        assert_eq!(flow.step, Step::Payment);
        // Nobody comes to the end without the beginning.
        let next = flow.step(Event::Arrived(Some(Step::Review)));
        assert_eq!(next, [show(Step::Payment, true)]);
    }

    #[test]
    fn what_was_typed_is_there_again() {
        let mut flow = begun();
        run(
            &mut flow,
            [
                Event::Term(Term::Year),
                Event::Quantity("7".to_owned()),
                Event::Next,
                Event::OpenPartner,
                Event::Typed("43 & 91".to_owned()),
            ],
        );
        let back = again(&flow);
        assert_eq!(back, flow);
        assert_eq!((back.request, back.step), (request(1), Step::Payment));
        // The field closes with the partner in it, who is looked up on the next page.
        flow.step(Event::Added(Box::new(found("4391511")), Then::Stay));
        let mut back = again(&flow);
        assert_eq!(back.added.as_ref().map(|added| added.who.clone()), Some(LoadState::Loading));
        let id = found("4391511").partner_id;
        assert_eq!(back.step(Event::CheckAgain), [Command::LookUp(id.clone())]);
        back.step(Event::PartnerCame(id, Ok(Box::new(found("4391511")))));
        assert_eq!(back, flow);
    }

    #[test]
    fn what_cannot_be_read_or_bought_any_more_counts_as_not_kept() {
        let kept = "request=x&step=elsewhere&term=P3Y&quantity=%ZZ&partner=0&more=1&&=";
        assert_eq!(begun().with(kept), begun());
        let month = Product { prices: product().prices[..1].to_vec(), ..product() };
        let flow = Checkout::new(&month, None, true, request(1)).expect("it has a price");
        assert_eq!(flow.with("term=P1Y").term, Term::Month);
        assert_eq!(begun().with("step=review&reached=review&quantity=none").step, Step::Order);
    }

    #[test]
    fn where_no_partner_can_be_named_none_is() {
        let flow = || Checkout::new(&product(), None, false, request(1)).expect("it has a price");
        assert_eq!(flow().with("partner=4391511&typing=43"), flow());
        let mut flow = flow();
        run(&mut flow, [Event::Next, Event::OpenPartner]);
        assert_eq!(flow.typing, None);
        run(&mut flow, [Event::Next]);
        let next = flow.step(Event::Place);
        assert_eq!(sent(&next).map(|(_, order)| order.partner_id), Some(String::new()));
    }

    #[test]
    fn a_reseller_orders_by_its_relationship() {
        let relationship = RelationshipId::new(NOW, 5);
        let flow = Checkout::new(&product(), Some(relationship), false, request(1));
        let mut flow = flow.expect("it has a price");
        let next = run(&mut flow, [Event::Next, Event::Next, Event::Place]);
        let order = sent(&next).expect("it is sent").1.parse().expect("it can be taken");
        assert_eq!(order.relationship, Some(relationship));
    }

    #[test]
    fn going_on_checks_the_id_that_was_typed() {
        let mut flow = begun();
        run(&mut flow, [Event::Next, Event::OpenPartner, Event::Typed("4391511".to_owned())]);
        assert_eq!(flow.step(Event::Next), [Command::CheckTyped(Then::GoOn)]);
        assert_eq!(flow.step, Step::Payment, "not before it is known whose it is");
        assert_eq!(flow.step(Event::AddPartner), [Command::CheckTyped(Then::Stay)]);
        flow.step(Event::Added(Box::new(found("4391511")), Then::Stay));
        assert_eq!((flow.step, &flow.typing), (Step::Payment, &None));
        // An empty field is closed.
        run(&mut flow, [Event::RemovePartner, Event::OpenPartner, Event::Next]);
        assert_eq!((flow.step, &flow.typing, &flow.added), (Step::Review, &None, &None));
    }

    #[test]
    fn changing_the_partner_begins_with_its_id_and_can_be_given_up() {
        let mut flow = reviewed();
        run(&mut flow, [Event::Back, Event::OpenPartner]);
        assert_eq!(flow.typing.as_deref(), Some("4391511"));
        run(&mut flow, [Event::Typed("1".to_owned()), Event::ClosePartner]);
        assert_eq!(flow.added.as_ref().map(|added| added.id.as_str()), Some("4391511"));
        flow.step(Event::RemovePartner);
        assert_eq!(flow.added, None);
    }

    #[test]
    fn nothing_is_bought_with_a_partner_that_was_not_shown() {
        let mut flow = again(&reviewed());
        assert_eq!((flow.step, flow.is_ready()), (Step::Review, false));
        assert_eq!(flow.step(Event::Place), []);
        let id = found("4391511").partner_id;
        let elsewhere =
            CheckedPartnerId { refusal: Some(Refusal::PartnerNotInCloud), ..found("4391511") };
        for answer in [Err(lost()), Ok(Box::new(elsewhere))] {
            flow.step(Event::PartnerCame(id.clone(), answer));
            assert_eq!(flow.step(Event::Place), []);
        }
        // An answer about another ID is too late.
        let other = found("2719383");
        flow.step(Event::PartnerCame(other.partner_id.clone(), Ok(Box::new(other))));
        assert!(!flow.is_ready());
        flow.step(Event::PartnerCame(id, Ok(Box::new(found("4391511")))));
        assert!(sent(&flow.step(Event::Place)).is_some());
    }

    #[test]
    fn pressing_twice_sends_once() {
        let mut flow = reviewed();
        assert!(sent(&flow.step(Event::Place)).is_some());
        assert_eq!(flow.step(Event::Place), []);
        assert_eq!(run(&mut flow, [Event::Back]), []);
        assert_eq!(flow.step(Event::Quantity("26".to_owned())), []);
        assert_eq!(flow.quantity, "25");
    }

    #[test]
    fn a_reload_while_it_is_sent_sends_the_same_order_again() {
        let mut flow = reviewed();
        let first = flow.step(Event::Place);
        let mut back = begun().with(kept(&first).expect("it is kept before it is sent"));
        assert_eq!((back.step, &back.standing), (Step::Review, &Standing::Unknown(None)));
        assert_eq!(back.step(Event::Arrived(Some(Step::Order))).len(), 1, "back to the review");
        assert_eq!(back.step, Step::Review);
        assert_eq!(sent(&back.step(Event::Place)), sent(&first));
    }

    #[test]
    fn a_lost_answer_leaves_only_the_same_order_to_be_sent() {
        let mut flow = reviewed();
        let first = sent(&flow.step(Event::Place));
        let next = flow.step(Event::Answered(Err(lost())));
        assert_eq!(flow.standing, Standing::Unknown(Some(lost())));
        assert!(kept(&next).is_some_and(|kept| kept.ends_with("&sent=2310-EUR")));
        run(&mut flow, [Event::Quantity("26".to_owned()), Event::RemovePartner, Event::Back]);
        assert_eq!(sent(&flow.step(Event::Place)), first);
        flow.step(Event::Answered(Ok(subscription())));
        assert_eq!(flow.standing, Standing::Placed(subscription().id));
    }

    #[test]
    fn who_was_signed_out_may_have_ordered_before() {
        let mut flow = reviewed();
        flow.step(Event::Place);
        flow.step(Event::Answered(Err(refused(Refusal::SignInRequired))));
        assert!(matches!(again(&flow).standing, Standing::Unknown(None)));
    }

    #[test]
    fn what_was_refused_can_be_changed_and_keeps_its_identifier() {
        let mut flow = reviewed();
        flow.step(Event::Place);
        let next = flow.step(Event::Answered(Err(refused(Refusal::PartnerIdNotFound))));
        assert_eq!(flow.standing, Standing::Refused(refused(Refusal::PartnerIdNotFound)));
        assert!(kept(&next).is_some_and(|kept| !kept.contains("sent")));
        run(&mut flow, [Event::Back, Event::RemovePartner]);
        assert_eq!(flow.standing, Standing::Open, "it was told where it was refused");
        let next = run(&mut flow, [Event::Next, Event::Place]);
        assert_eq!(sent(&next).map(|(with, _)| with), Some(request(1)));
    }

    #[test]
    fn a_price_that_changed_is_shown_and_makes_it_another_order() {
        let mut flow = reviewed();
        flow.step(Event::Place);
        let changed = refused(Refusal::PriceChanged);
        let next = flow.step(Event::Answered(Err(changed.clone())));
        assert_eq!(next.last(), Some(&Command::AskPrices));
        let unit = Money { amount: 2_500, currency: Currency::Eur };
        let dearer = vec![Price { term: Term::Month, unit }];
        flow.step(Event::Priced(dearer.clone(), request(2)));
        assert_eq!(flow.standing, Standing::Refused(changed), "it is told beside the price");
        assert_eq!((flow.step, flow.unit_price()), (Step::Review, Some(unit)));
        let (with, order) = sent(&flow.step(Event::Place)).expect("it is sent");
        assert_eq!((with, order.unit_price), (request(2), Some(unit)));
        // What is on its way stays as it is.
        flow.step(Event::Priced(product().prices, request(3)));
        assert_eq!(flow.unit_price(), Some(unit));
        // A term that is not sold any more gives way to one that is.
        let mut flow = begun();
        flow.step(Event::Term(Term::Year));
        flow.step(Event::Priced(dearer, request(2)));
        assert_eq!((flow.term, flow.unit_price()), (Term::Month, Some(unit)));
        flow.step(Event::Priced(Vec::new(), request(3)));
        assert_eq!((flow.request, flow.unit_price()), (request(2), Some(unit)));
    }

    #[test]
    fn an_order_whose_answer_was_lost_is_sent_again_at_its_price() {
        let mut flow = reviewed();
        let first = flow.step(Event::Place);
        let kept = kept(&first).expect("it is kept");
        let unit = Money { amount: 2_500, currency: Currency::Eur };
        let dearer = Product { prices: vec![Price { term: Term::Month, unit }], ..product() };
        let back = Checkout::new(&dearer, None, true, request(2)).expect("it has a price");
        let mut back = back.with(kept);
        assert_eq!(sent(&back.step(Event::Place)), sent(&first));
    }

    #[test]
    fn an_identifier_that_was_used_is_not_used_for_another_order() {
        let reused = ErrorCode::RequestIdReused;
        let reused = Failure { kind: FailureKind::Other(reused, None), request_id: None };
        let mut flow = reviewed();
        run(&mut flow, [Event::Place, Event::Answered(Err(reused))]);
        assert_eq!(flow.standing, Standing::Used);
        assert_eq!(run(&mut flow, [Event::Place]), []);
        let next = flow.step(Event::Anew(request(3)));
        assert!(kept(&next).is_some());
        let next = flow.step(Event::Place);
        assert_eq!(
            sent(&next).map(|(with, order)| (with, order.quantity)),
            Some((request(3), "25".to_owned()))
        );
    }
}
