//! Products and subscriptions of the demo data: in all states, with and without a partner of
//! record, bought from Microsoft, bought from a reseller, and created from an offer.

use api::{AuditAction, NewOrder, ProductFilter, ProductQuery};
use rules::{
    AccountKind, Cloud, Currency, Money, NewSubscription, OrderRequestId, OrganizationId, Price,
    RelationshipId, RelationshipStatus, Subscription, SubscriptionId, SubscriptionState,
    TRIAL_LENGTH, Term,
};

use super::{DemoBuilder, invalid_demo_data, parse};
use crate::organizations::{self, NewPartnerId};
use crate::products::{self, NewProduct};
use crate::{
    Caller, Context, Result, Write, offers, orders, partner_of_record, relationships, subscriptions,
};

/// A product with the price of one license for a month and for a year, in minor units of the
/// currency of the demo customers in its cloud.
struct DemoProduct {
    cloud: Cloud,
    name: &'static str,
    description: &'static str,
    month: Option<i64>,
    year: i64,
}

const fn product(
    cloud: Cloud,
    name: &'static str,
    description: &'static str,
    month: i64,
    year: i64,
) -> DemoProduct {
    DemoProduct { cloud, name, description, month: Some(month), year }
}

const PRODUCTS: &[DemoProduct] = &[
    product(
        Cloud::Worldwide,
        "Microsoft 365 Business Basic",
        "Mail, calendar, Teams and 1 TB of files each, with Office in the browser.",
        670,
        6720,
    ),
    product(
        Cloud::Worldwide,
        "Microsoft 365 Business Standard",
        "Business Basic with the Office programs for PC and Mac.",
        1400,
        14_040,
    ),
    product(
        Cloud::Worldwide,
        "Microsoft 365 Business Premium",
        "Business Standard with the management and protection of devices.",
        2470,
        24_720,
    ),
    DemoProduct {
        cloud: Cloud::Worldwide,
        name: "Microsoft 365 A3 for faculty",
        description: "Office, Teams, Intune and classroom tools for the staff of schools. Bought by the year.",
        month: None,
        year: 4320,
    },
    product(
        Cloud::Worldwide,
        "Microsoft 365 E3",
        "Office, Windows and the protection of identities and devices for large organizations.",
        4270,
        42_840,
    ),
    product(
        Cloud::Worldwide,
        "Exchange Online (Plan 1)",
        "Mailboxes of 50 GB with calendar and contacts, and nothing else.",
        480,
        4800,
    ),
    product(
        Cloud::Worldwide,
        "Power BI Pro",
        "Reports and dashboards that are shared with colleagues.",
        1120,
        11_280,
    ),
    product(
        Cloud::Worldwide,
        "Teams Phone Standard",
        "Telephone calls in Teams, with queues and voice mail.",
        960,
        9600,
    ),
    product(
        Cloud::Worldwide,
        "Visio Plan 2",
        "Diagrams on the PC and in the browser.",
        1740,
        17_400,
    ),
    product(
        Cloud::Worldwide,
        "Project Plan 3",
        "Plans with resources, baselines and critical paths.",
        3360,
        33_720,
    ),
    product(
        Cloud::Germany,
        "Office 365 Business Premium",
        "E-Mail, Teams und die Office-Programme für PC und Mac, mit Daten in deutschen Rechenzentren.",
        1290,
        12_960,
    ),
    product(
        Cloud::Germany,
        "Office 365 Enterprise E3",
        "Office, Archivierung und Schutz vor Datenverlust für große Organizationen.",
        2380,
        23_760,
    ),
    product(
        Cloud::Germany,
        "Office 365 ProPlus",
        "Die Office-Programme allein, auf bis zu fünf Geräten je Person.",
        1490,
        15_000,
    ),
    product(
        Cloud::Germany,
        "Exchange Online Plan 1",
        "Postfächer mit 50 GB, Kalender und Kontakten.",
        410,
        4080,
    ),
    product(
        Cloud::Germany,
        "Visio Online Plan 2",
        "Diagramme auf dem PC und im Browser.",
        1560,
        15_600,
    ),
    product(
        Cloud::Vianet21,
        "Office 365 商业协作版",
        "企业邮箱、在线会议和网页版 Office，每人 1 TB 云存储。",
        3000,
        30_000,
    ),
    product(
        Cloud::Vianet21,
        "Office 365 企业版 E1",
        "企业邮箱、在线会议、SharePoint 和网页版 Office。",
        5200,
        50_400,
    ),
    product(
        Cloud::Vianet21,
        "Office 365 企业版 E3",
        "E1 的全部功能，外加桌面版 Office、存档和数据丢失防护。",
        13_800,
        142_800,
    ),
    product(
        Cloud::Vianet21,
        "Exchange Online 计划 1",
        "每人 50 GB 邮箱，含日历和联系人。",
        2600,
        26_400,
    ),
];

/// Further Partner IDs of partners: domain, ID, kind, name, country, city.
const PARTNER_IDS: &[(&str, &str, AccountKind, &str, &str, &str)] = &[
    (
        "meridiancloud.example",
        "4391500",
        AccountKind::Global,
        "Meridian Cloud Services Holding",
        "NL",
        "Amsterdam",
    ),
    (
        "meridiancloud.example",
        "4391511",
        AccountKind::Location,
        "Meridian Cloud Services München",
        "DE",
        "München",
    ),
    ("haiyun.example", "2719390", AccountKind::Location, "海云科技北京分公司", "CN", "北京"),
];

const ANNA: &str = "anna@brightwater.example";
const BEN: &str = "ben@brightwater.example";
const GRACE: &str = "grace@harbourbakery.example";
const EVA: &str = "eva@lindenhof.example";
const FELIX: &str = "felix@lindenhof.example";
const LI_NA: &str = "li.na@jaderiver.example";
const KIM: &str = "kim@kestrel.example";

/// An order.
struct DemoOrder {
    product: &'static str,
    term: Term,
    quantity: u32,
    /// Partner ID of the partner of record; empty for none.
    partner: &'static str,
}

/// A subscription that is older than Accord.
struct ImportedSubscription {
    by: &'static str,
    product: &'static str,
    quantity: u32,
    seller: Option<&'static str>,
    trial: bool,
}

/// A use case that suspends, reactivates or cancels a subscription.
type ManagementUseCase =
    fn(&mut dyn Write, &Context, &Caller, SubscriptionId, i64) -> Result<api::SubscriptionResource>;

impl DemoBuilder<'_> {
    /// Adds the products and the further Partner IDs.
    pub(super) fn add_products_and_partner_ids(&mut self) -> Result<()> {
        self.days_ago(700);
        for sample in PRODUCTS {
            let currency = match sample.cloud {
                Cloud::Worldwide | Cloud::Germany => Currency::Eur,
                Cloud::Vianet21 => Currency::Cny,
            };
            let terms = [(Term::Month, sample.month), (Term::Year, Some(sample.year))];
            let price = |(term, amount): (Term, Option<i64>)| {
                amount.map(|amount| Price { term, unit: Money { amount, currency } })
            };
            products::add(
                self.store,
                self.context,
                NewProduct {
                    cloud: sample.cloud,
                    name: parse(sample.name)?,
                    description: parse(sample.description)?,
                    prices: terms.into_iter().filter_map(price).collect(),
                },
            )?;
        }
        for (domain, id, kind, name, country, city) in PARTNER_IDS {
            let organization = self.agent(domain)?.organization.id();
            organizations::add_partner_id(
                self.store,
                self.context,
                NewPartnerId {
                    organization,
                    partner_id: parse(id)?,
                    kind: *kind,
                    name: parse(name)?,
                    country: parse(country)?,
                    city: Some(parse(city)?),
                },
            )?;
        }
        Ok(())
    }

    /// Creates the subscriptions of all customers.
    pub(super) fn create_subscriptions(&mut self) -> Result<()> {
        self.add_subscriptions_of_school()?;
        self.add_subscriptions_of_bakery()?;
        self.add_subscriptions_of_works()?;
        self.add_subscriptions_of_trading_house()
    }

    fn add_subscriptions_of_school(&mut self) -> Result<()> {
        let staff =
            self.order_for_a_year(540, ANNA, "Microsoft 365 A3 for faculty", 120, "4391507")?;
        self.set_partner_of_record(330, BEN, staff, "7730251")?;
        self.set_partner_of_record(118, ANNA, staff, "6120984")?;
        let offices =
            DemoOrder { term: Term::Month, ..yearly_order("Microsoft 365 Business Premium", 18) };
        self.order(410, BEN, None, &DemoOrder { partner: "4391507", ..offices })?;
        let projects = self.order_for_a_year(400, BEN, "Project Plan 3", 6, "7730251")?;
        self.manage(35, BEN, projects, subscriptions::cancel)?;
        let reports = DemoOrder { term: Term::Month, ..yearly_order("Power BI Pro", 12) };
        self.order(320, BEN, None, &reports)?;
        let diagrams = DemoOrder { term: Term::Month, ..yearly_order("Visio Plan 2", 4) };
        let diagrams = self.order(260, BEN, None, &DemoOrder { partner: "2847716", ..diagrams })?;
        self.manage(25, BEN, diagrams, subscriptions::suspend)?;
        self.order_for_a_year(150, ANNA, "Exchange Online (Plan 1)", 300, "")?;
        let volunteers =
            DemoOrder { term: Term::Month, ..yearly_order("Microsoft 365 Business Basic", 40) };
        self.order(64, BEN, None, &volunteers)?;
        self.add_resold_phones()?;
        self.import_subscription(
            80,
            &ImportedSubscription {
                by: ANNA,
                product: "Planner and Project Plan 5",
                quantity: 10,
                seller: None,
                trial: true,
            },
        )?;
        self.import_subscription(
            21,
            &ImportedSubscription {
                by: BEN,
                product: "Power BI Premium Per User",
                quantity: 25,
                seller: None,
                trial: true,
            },
        )?;
        Ok(())
    }

    /// Adds a subscription that a reseller sold to the school and manages for it.
    fn add_resold_phones(&mut self) -> Result<()> {
        let telephones =
            DemoOrder { term: Term::Month, ..yearly_order("Teams Phone Standard", 20) };
        let reseller = self.reseller_relationship(KIM, ANNA)?;
        let telephones = self.order(288, KIM, Some(reseller), &telephones)?;
        self.set_partner_of_record(280, ANNA, telephones, "5357564")?;
        self.days_ago(203);
        let kim = self.caller(KIM)?;
        let version = self.subscription_version(&kim, telephones)?;
        subscriptions::change_quantity(self.store, self.context, &kim, telephones, version, 35)?;
        self.manage(140, KIM, telephones, subscriptions::suspend)?;
        self.manage(98, KIM, telephones, subscriptions::reactivate)?;
        self.set_partner_of_record(90, BEN, telephones, "4391507")?;
        self.set_partner_of_record(57, ANNA, telephones, "5357564")
    }

    fn add_subscriptions_of_bakery(&mut self) -> Result<()> {
        let shops =
            DemoOrder { term: Term::Month, ..yearly_order("Microsoft 365 Business Standard", 14) };
        self.order(28, GRACE, None, &shops)?;
        self.order_for_a_year(27, GRACE, "Exchange Online (Plan 1)", 5, "9413057")?;
        Ok(())
    }

    fn add_subscriptions_of_works(&mut self) -> Result<()> {
        // Like the relationship, it is older than the agreement.
        let offices = self.import_subscription(
            610,
            &ImportedSubscription {
                by: EVA,
                product: "Office 365 Enterprise E3",
                quantity: 85,
                seller: Some("meridiancloud.example"),
                trial: false,
            },
        )?;
        self.set_partner_of_record(600, EVA, offices, "4391507")?;
        self.set_partner_of_record(210, EVA, offices, "4391511")?;
        self.order_for_a_year(380, EVA, "Exchange Online Plan 1", 140, "6623170")?;
        let before =
            self.order_for_a_year(330, FELIX, "Office 365 Business Premium", 9, "4391511")?;
        self.manage(50, FELIX, before, subscriptions::cancel)?;
        let diagrams = DemoOrder { term: Term::Month, ..yearly_order("Visio Online Plan 2", 6) };
        self.order(200, FELIX, None, &diagrams)?;
        let programs = DemoOrder { term: Term::Month, ..yearly_order("Office 365 ProPlus", 12) };
        let programs = self.order(95, FELIX, None, &programs)?;
        self.manage(12, FELIX, programs, subscriptions::suspend)
    }

    /// In the cloud operated by 21Vianet, a partner of record can only come with an offer.
    fn add_subscriptions_of_trading_house(&mut self) -> Result<()> {
        self.order_for_a_year(120, LI_NA, "Exchange Online 计划 1", 40, "")?;
        self.days_ago(32);
        let li_na = self.caller(LI_NA)?;
        let haiyun = self.agent("haiyun.example")?.organization.id();
        let offered = self.active_relationship(&li_na, haiyun)?;
        let now = self.context.now;
        let version = relationships::get(self.store, &li_na, offered, now)?.etag.0;
        offers::create_subscription(self.store, self.context, &li_na, offered, version)?;
        self.mark_sent(haiyun)
    }

    /// Returns the active relationship of a customer with a partner.
    fn active_relationship(
        &mut self,
        customer: &Caller,
        partner: OrganizationId,
    ) -> Result<RelationshipId> {
        let relationships =
            self.store.relationships_between(customer.organization.id(), partner)?;
        let found = relationships.iter().find(|one| one.status() == RelationshipStatus::Active);
        found.map(|relationship| relationship.id).ok_or_else(invalid_demo_data)
    }

    /// Returns the relationship through which a reseller sells to a customer.
    fn reseller_relationship(&mut self, agent: &str, customer: &str) -> Result<RelationshipId> {
        let partner = self.caller(agent)?.organization.id();
        let customer = self.caller(customer)?;
        self.active_relationship(&customer, partner)
    }

    /// Orders a product for a year, a number of days ago.
    fn order_for_a_year(
        &mut self,
        days: i64,
        by: &str,
        product: &'static str,
        quantity: u32,
        partner: &'static str,
    ) -> Result<SubscriptionId> {
        self.order(days, by, None, &DemoOrder { partner, ..yearly_order(product, quantity) })
    }

    fn order(
        &mut self,
        days: i64,
        by: &str,
        relationship: Option<RelationshipId>,
        order: &DemoOrder,
    ) -> Result<SubscriptionId> {
        self.days_ago(days);
        let by = self.caller(by)?;
        let now = self.context.now;
        let filter = ProductFilter { relationship };
        let query = ProductQuery { filter, ..ProductQuery::default() };
        let catalog = products::list(self.store, &by, &query, now)?.value;
        let product = catalog.iter().find(|product| product.name.as_str() == order.product);
        let product = product.ok_or_else(invalid_demo_data)?;
        let price = product.prices.iter().find(|price| price.term == order.term);
        let partner_id = match order.partner {
            "" => None,
            id => Some(parse(id)?),
        };
        let order = NewOrder {
            product: product.id,
            term: order.term,
            quantity: order.quantity,
            unit_price: price.ok_or_else(invalid_demo_data)?.unit,
            partner_id,
            relationship,
        };
        let request = OrderRequestId::new(now, self.context.id_bits());
        let placed = orders::place(self.store, self.context, &by, request, &order)?;
        if let Some(record) = placed.partner_of_record {
            self.mark_sent(record.partner)?;
        }
        Ok(placed.id)
    }

    /// Imports a subscription that is older than Accord: a trial, or one that a reseller sold
    /// without the agreement.
    fn import_subscription(
        &mut self,
        days: i64,
        sample: &ImportedSubscription,
    ) -> Result<SubscriptionId> {
        self.days_ago(days);
        let by = self.caller(sample.by)?;
        let now = self.context.now;
        let (customer, cloud) = (by.organization.id(), by.organization.cloud());
        let catalog = self.store.products(cloud)?;
        let product = catalog.into_iter().find(|product| product.name.as_str() == sample.product);
        let account = products::default_billing_account(self.store, customer)?;
        let seller = match sample.seller {
            None => None,
            Some(domain) => Some(self.agent(domain)?.organization.id()),
        };
        let subscription = Subscription {
            product: product.as_ref().map(|product| product.id),
            unit_price: product.and_then(|product| product.price(Term::Year, account.currency)),
            seller,
            state: if sample.trial {
                SubscriptionState::Trial { ends: now.plus(TRIAL_LENGTH) }
            } else {
                SubscriptionState::Active
            },
            ..Subscription::new(NewSubscription {
                id: SubscriptionId::new(now, self.context.id_bits()),
                customer,
                cloud,
                product_name: parse(sample.product)?,
                quantity: sample.quantity,
                term: Term::Year,
                billing_account: account.id,
                created: now,
                created_by: by.user.id,
                created_by_organization: customer,
            })
        };
        self.store.insert_subscription(&subscription)?;
        let action = AuditAction::SubscriptionCreated;
        subscriptions::audit_new_subscription(
            self.store,
            self.context,
            &by,
            &subscription,
            action,
            seller,
        )?;
        Ok(subscription.id)
    }

    /// Sets a partner of record, a number of days ago.
    fn set_partner_of_record(
        &mut self,
        days: i64,
        by: &str,
        id: SubscriptionId,
        partner: &str,
    ) -> Result<()> {
        self.days_ago(days);
        let by = self.caller(by)?;
        let before = subscriptions::get(self.store, &by, id, self.context.now)?;
        let (version, partner) = (before.etag.0, parse(partner)?);
        let after = partner_of_record::set(self.store, self.context, &by, id, version, &partner)?;
        for record in before.partner_of_record.into_iter().chain(after.partner_of_record) {
            self.mark_sent(record.partner)?;
        }
        Ok(())
    }

    fn manage(
        &mut self,
        days: i64,
        by: &str,
        id: SubscriptionId,
        management: ManagementUseCase,
    ) -> Result<()> {
        self.days_ago(days);
        let by = self.caller(by)?;
        let version = self.subscription_version(&by, id)?;
        management(self.store, self.context, &by, id, version)?;
        Ok(())
    }

    fn subscription_version(&mut self, by: &Caller, id: SubscriptionId) -> Result<i64> {
        Ok(subscriptions::get(self.store, by, id, self.context.now)?.etag.0)
    }
}

/// Returns an order for a year without a partner of record.
const fn yearly_order(product: &'static str, quantity: u32) -> DemoOrder {
    DemoOrder { product, term: Term::Year, quantity, partner: "" }
}
