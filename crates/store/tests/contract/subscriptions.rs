//! Tests of products, subscriptions and partners of record, run on both stores.

use rules::{
    AccountKind, Cloud, Currency, DAY, Money, PartnerType, Relationship, Subscription,
    SubscriptionState, Term,
};
use service::Write;
use service::model::PlacedOrder;

use crate::engines::{Engine, on_every_engine};
use crate::rows;
use crate::samples::{
    billing_account, billing_account_id, customer, invitation_id, moment, organization_id,
    partner_account, partner_id, partner_of_record, placed_order, product, product_id,
    relationship, request_id, subscription, subscription_id, tenure, user_id,
};
use crate::stories::{
    Kept, assert_duplicate, assert_engine_error, assert_stale, found, read, try_write, write,
};

on_every_engine!(
    products,
    billing_accounts,
    accounts_of_partners,
    subscriptions,
    subscriptions_of_partners,
    active_subscriptions,
    offers_are_taken_up_once,
    histories_of_partners_of_record,
    placed_orders,
    looked_up_partner_ids,
    partner_ids_that_a_customer_has_named,
    nothing_of_another_organization_is_seen,
    a_row_names_only_what_is_there,
    many_change_at_once_or_none,
);

/// Adds, to the rows of [`found`], customer 5, and the rows that subscriptions refer to:
/// product 1, the billing accounts of the customers, and the accounts 4 and 6 of partner 2 and
/// 8 of partner 3.
fn ready<E: Engine>(engine: &E) {
    found(engine);
    write(engine, prepare);
}

fn prepare(store: &mut dyn Write) -> Kept<()> {
    store.insert_organization(&customer(5))?;
    store.insert_product(&product(1))?;
    store.insert_billing_account(&billing_account(1, 1))?;
    store.insert_billing_account(&billing_account(5, 5))?;
    store.insert_partner_account(&partner_account(2, 4))?;
    store.insert_partner_account(&partner_account(2, 6))?;
    store.insert_partner_account(&partner_account(3, 8))
}

/// A subscription in this state and version.
fn in_state(number: u128, version: i64, state: SubscriptionState) -> Subscription {
    Subscription { state, version, ..subscription(1, number) }
}

fn products(engine: &impl Engine) {
    let named = |number, name: &str, cloud| {
        let name = name.parse().unwrap();
        rules::Product { name, cloud, ..product(number) }
    };
    write(engine, move |store| {
        store.insert_product(&named(4, "b", Cloud::Worldwide))?;
        store.insert_product(&named(3, "b", Cloud::Worldwide))?;
        store.insert_product(&named(2, "翠", Cloud::Worldwide))?;
        store.insert_product(&named(1, "a", Cloud::Vianet21))?;
        store.insert_product(&named(5, "Z", Cloud::Worldwide))
    });
    let listed = |cloud| -> Vec<_> {
        read(engine, |store| store.products(cloud)).into_iter().map(|product| product.id).collect()
    };
    assert_eq!(listed(Cloud::Worldwide), [3, 4, 5, 2].map(product_id));
    assert_eq!(listed(Cloud::Vianet21), [1].map(product_id));
    assert_eq!(listed(Cloud::Germany), []);
    let kept = |number| read(engine, |store| store.product(product_id(number)));
    assert_eq!(kept(5), Some(named(5, "Z", Cloud::Worldwide)));
    assert_eq!(kept(9), None);
    assert_duplicate(try_write(engine, |store| store.insert_product(&product(5))));

    let changed = move || rules::Product {
        description: "For schools.".parse().unwrap(),
        prices: Vec::new(),
        version: 2,
        ..named(5, "Office", Cloud::Germany)
    };
    write(engine, move |store| store.update_product(&changed()));
    assert_eq!(kept(5), Some(changed()));
    for (number, version) in [(5, 1), (5, 2), (5, 4), (9, 2), (5, i64::MIN)] {
        assert_stale(try_write(engine, move |store| {
            store.update_product(&rules::Product { version, ..product(number) })
        }));
    }
}

fn billing_accounts(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        store.insert_billing_account(&billing_account(1, 7))?;
        store.insert_billing_account(&billing_account(1, 6))?;
        store.insert_billing_account(&billing_account(2, 7))
    });
    let listed = |of| read(engine, |store| store.billing_accounts(organization_id(of)));
    assert_eq!(listed(1), [billing_account(1, 6), billing_account(1, 7)]);
    assert_eq!(listed(2), [billing_account(2, 7)]);
    assert_eq!(listed(3), []);
    assert_duplicate(try_write(engine, |store| {
        store.insert_billing_account(&billing_account(1, 6))
    }));
}

fn accounts_of_partners(engine: &impl Engine) {
    found(engine);
    write(engine, |store| {
        for (partner, number) in [(2, 9), (2, 80), (2, 4_391_507), (3, 7)] {
            // The clouds are always those of the partner.
            let mut account = partner_account(partner, number);
            account.clouds = vec![Cloud::Vianet21];
            store.insert_partner_account(&account)?;
        }
        Ok(())
    });
    let of_id = |number| read(engine, |store| store.partner_account(&partner_id(number)));
    assert_eq!(of_id(4_391_507), Some(partner_account(2, 4_391_507)));
    assert_eq!(of_id(80), Some(partner_account(2, 80)));
    assert_eq!(of_id(7).map(|account| account.kind), Some(AccountKind::Global));
    assert_eq!(of_id(8), None);
    assert_eq!(of_id(43_915), None);
    let listed = |of| read(engine, |store| store.partner_accounts(organization_id(of)));
    assert_eq!(listed(2), [4_391_507, 80, 9].map(|number| partner_account(2, number)));
    assert_eq!(listed(3), [partner_account(3, 7)]);
    assert_eq!(listed(1), []);
    for partner in [2, 3] {
        assert_duplicate(try_write(engine, move |store| {
            store.insert_partner_account(&partner_account(partner, 80))
        }));
    }
}

fn subscriptions(engine: &impl Engine) {
    ready(engine);
    write(engine, |store| {
        store.insert_subscription(&subscription(1, 6))?;
        store.insert_subscription(&subscription(5, 8))?;
        store.insert_subscription(&subscription(1, 7))
    });
    let kept = |organization, number| {
        read(engine, |store| {
            store.subscription(organization_id(organization), subscription_id(number))
        })
    };
    let listed = |organization| {
        read(engine, |store| rows::subscriptions(store, organization_id(organization)))
    };
    assert_eq!(listed(1), [subscription(1, 7), subscription(1, 6)]);
    assert_eq!(listed(5), [subscription(5, 8)]);
    assert_eq!(kept(1, 7), Some(subscription(1, 7)));
    assert_eq!(kept(1, 8), None);
    assert_eq!(kept(2, 7), None);
    for number in [6, 8] {
        assert_duplicate(try_write(engine, move |store| {
            store.insert_subscription(&subscription(1, number))
        }));
    }

    // All states, and all fields.
    let changes = || {
        let (at, by) = (moment(20), user_id(3));
        let changed = |version, state| in_state(6, version, state);
        [
            Subscription {
                cloud: Cloud::Germany,
                product: None,
                product_name: "翠河".parse().unwrap(),
                quantity: u32::MAX,
                term: Term::Year,
                ..changed(2, SubscriptionState::Suspended { at, by })
            },
            Subscription {
                unit_price: None,
                seller: Some(organization_id(3)),
                offer_of: Some(invitation_id(8)),
                ..changed(3, SubscriptionState::Active)
            },
            Subscription {
                unit_price: Some(Money { amount: i64::MAX, currency: Currency::Cny }),
                partner_of_record: Some(partner_of_record(2, 4)),
                ..changed(4, SubscriptionState::Ended { at, by })
            },
            Subscription {
                partner_of_record: Some(partner_of_record(3, 8)),
                created: moment(1),
                created_by: by,
                created_by_organization: organization_id(3),
                ..changed(5, SubscriptionState::Trial { ends: moment(i64::MAX) })
            },
            changed(6, SubscriptionState::Active),
        ]
    };
    for changed in changes() {
        let written = changed.clone();
        write(engine, move |store| store.update_subscription(&written));
        assert_eq!(kept(1, 6), Some(changed));
    }
    for (customer, number, version) in
        [(1, 6, 5), (1, 6, 6), (1, 6, 8), (5, 6, 7), (1, 9, 2), (1, 6, i64::MIN)]
    {
        assert_stale(try_write(engine, move |store| {
            store.update_subscription(&Subscription { version, ..subscription(customer, number) })
        }));
    }
    assert_eq!(listed(1).len(), 2);
}

fn subscriptions_of_partners(engine: &impl Engine) {
    ready(engine);
    let sold_and_advised = |number, sold_by: Option<u128>, advised_by: Option<(u128, u128)>| {
        let of = if number < 20 { 1 } else { 5 };
        Subscription {
            seller: sold_by.map(organization_id),
            partner_of_record: advised_by.map(|(partner, id)| partner_of_record(partner, id)),
            ..subscription(of, number)
        }
    };
    write(engine, move |store| {
        for one in [
            sold_and_advised(10, None, None),
            sold_and_advised(12, Some(2), None),
            sold_and_advised(14, None, Some((2, 4))),
            sold_and_advised(16, Some(2), Some((2, 6))),
            sold_and_advised(20, Some(2), Some((3, 8))),
            sold_and_advised(22, Some(3), Some((2, 6))),
            sold_and_advised(24, Some(3), None),
        ] {
            store.insert_subscription(&one)?;
        }
        for (number, (customer, partner)) in (1..).zip([(1, 2), (5, 2), (5, 3), (2, 2)]) {
            store.insert_relationship(&Relationship {
                partner_type: PartnerType::Reseller,
                ..relationship(customer, partner, number)
            })?;
        }
        // No use case allows a partner to be its own customer; still, the row is listed once.
        store.insert_billing_account(&billing_account(2, 2))?;
        store.insert_subscription(&Subscription {
            seller: Some(organization_id(2)),
            partner_of_record: Some(partner_of_record(2, 4)),
            ..subscription(2, 18)
        })
    });
    let listed = |organization| -> Vec<_> {
        read(engine, |store| rows::subscriptions(store, organization_id(organization)))
            .into_iter()
            .map(|subscription| subscription.id)
            .collect()
    };
    assert_eq!(listed(1), [16, 14, 12, 10].map(subscription_id));
    assert_eq!(listed(5), [24, 22, 20].map(subscription_id));
    assert_eq!(listed(2), [22, 20, 18, 16, 14, 12].map(subscription_id));
    assert_eq!(listed(3), [24, 22, 20].map(subscription_id));
    let redacted_for = |organization, number| {
        read(engine, |store| {
            store.subscription(organization_id(organization), subscription_id(number))
        })
        .is_some()
    };
    for (organization, number, seen) in [
        (2, 10, false),
        (2, 12, true),
        (2, 14, true),
        (2, 24, false),
        (3, 12, false),
        (3, 20, true),
        (3, 24, true),
        (5, 20, true),
        (1, 20, false),
    ] {
        assert_eq!(redacted_for(organization, number), seen, "{organization} {number}");
    }
    // The former partner of record no longer sees it.
    write(engine, move |store| {
        store.update_subscription(&Subscription {
            version: 2,
            ..sold_and_advised(14, None, Some((3, 8)))
        })
    });
    assert_eq!(listed(2), [22, 20, 18, 16, 12].map(subscription_id));
    assert_eq!(listed(3), [24, 22, 20, 14].map(subscription_id));
    assert!(!redacted_for(2, 14));
    assert!(redacted_for(3, 14));
}

fn active_subscriptions(engine: &impl Engine) {
    ready(engine);
    let (at, by) = (moment(20), user_id(1));
    write(engine, move |store| {
        for (number, state) in (2..).step_by(2).zip([
            SubscriptionState::Active,
            SubscriptionState::Trial { ends: moment(50) },
            SubscriptionState::Trial { ends: moment(60) },
            SubscriptionState::Suspended { at, by },
            SubscriptionState::Ended { at, by },
        ]) {
            let sold =
                Subscription { seller: Some(organization_id(2)), ..in_state(number, 1, state) };
            store.insert_subscription(&sold)?;
        }
        // From another seller, without a seller, and of another customer.
        let seller = Some(organization_id(3));
        store.insert_subscription(&Subscription { seller, ..subscription(1, 20) })?;
        store.insert_subscription(&subscription(1, 22))?;
        let seller = Some(organization_id(2));
        store.insert_subscription(&Subscription { seller, ..subscription(5, 24) })
    });
    let counted = |customer, seller, now| {
        let (customer, seller) = (organization_id(customer), organization_id(seller));
        read(engine, |store| store.active_subscriptions(customer, seller, moment(now)))
    };
    for (now, active) in [(0, 3), (49, 3), (50, 2), (59, 2), (60, 1), (i64::MAX, 1)] {
        assert_eq!(counted(1, 2, now), active, "{now}");
    }
    assert_eq!(counted(1, 3, 0), 1);
    assert_eq!(counted(5, 2, 0), 1);
    assert_eq!(counted(5, 3, 0), 0);
    assert_eq!(counted(1, 1, 0), 0);
    // Changes of the state and of the seller count.
    write(engine, move |store| {
        let (seller, state) = (Some(organization_id(2)), SubscriptionState::Suspended { at, by });
        store.update_subscription(&Subscription { seller, ..in_state(2, 2, state) })?;
        let (seller, state) = (None, SubscriptionState::Trial { ends: moment(50) });
        store.update_subscription(&Subscription { seller, ..in_state(4, 2, state) })
    });
    assert_eq!(counted(1, 2, 0), 1);
}

fn offers_are_taken_up_once(engine: &impl Engine) {
    ready(engine);
    let from = |customer, number, offer| Subscription {
        offer_of: Some(invitation_id(offer)),
        ..subscription(customer, number)
    };
    let made = |customer, offer| {
        read(engine, |store| {
            store.subscription_by_offer(organization_id(customer), invitation_id(offer))
        })
    };
    assert_eq!(made(1, 1), None);
    write(engine, move |store| {
        store.insert_subscription(&from(1, 2, 1))?;
        store.insert_subscription(&from(1, 4, 2))?;
        store.insert_subscription(&subscription(1, 6))?;
        store.insert_subscription(&subscription(1, 8))
    });
    assert_eq!(made(1, 1), Some(from(1, 2, 1)));
    assert_eq!(made(1, 2), Some(from(1, 4, 2)));
    assert_eq!(made(1, 3), None);
    assert_eq!(made(5, 1), None);
    assert_duplicate(try_write(engine, move |store| store.insert_subscription(&from(1, 10, 1))));
    assert_duplicate(try_write(engine, move |store| {
        store.update_subscription(&Subscription { version: 2, ..from(1, 4, 1) })
    }));
    // For a stale row, the error is that it is stale.
    assert_stale(try_write(engine, move |store| {
        store.update_subscription(&Subscription { version: 3, ..from(1, 4, 1) })
    }));
    // The offer stays used when the subscription changes later.
    write(engine, move |store| {
        let state = SubscriptionState::Ended { at: moment(30), by: user_id(1) };
        store.update_subscription(&Subscription { state, version: 2, ..from(1, 2, 1) })
    });
    assert_eq!(made(1, 1).map(|made| made.version), Some(2));
}

fn histories_of_partners_of_record(engine: &impl Engine) {
    ready(engine);
    let kept = |customer, number| {
        read(engine, |store| store.tenures(organization_id(customer), subscription_id(number)))
    };
    let other = || rules::PastPartnerOfRecord {
        record: partner_of_record(3, 8),
        until: moment(40),
        ended_by: user_id(3),
        ..tenure(1, 2, 11)
    };
    write(engine, move |store| {
        store.insert_subscription(&subscription(1, 2))?;
        store.insert_subscription(&subscription(1, 4))?;
        store.insert_tenure(&tenure(1, 2, 3))?;
        store.insert_tenure(&other())?;
        store.insert_tenure(&tenure(1, 2, 2))?;
        store.insert_tenure(&tenure(1, 4, 2))
    });
    assert_eq!(kept(1, 2), [other(), tenure(1, 2, 3), tenure(1, 2, 2)]);
    assert_eq!(kept(1, 4), [tenure(1, 4, 2)]);
    assert_eq!(kept(1, 6), []);
    assert_eq!(kept(5, 2), []);
    assert_duplicate(try_write(engine, move |store| store.insert_tenure(&tenure(1, 2, 11))));
    assert_eq!(kept(1, 2).len(), 3);
}

fn partner_ids_that_a_customer_has_named(engine: &impl Engine) {
    ready(engine);
    write(engine, |store| {
        store.insert_subscription(&Subscription {
            partner_of_record: Some(partner_of_record(2, 6)),
            ..subscription(1, 2)
        })?;
        store.insert_subscription(&subscription(1, 4))?;
        store.insert_tenure(&tenure(1, 4, 2))?;
        store.insert_subscription(&Subscription {
            partner_of_record: Some(partner_of_record(3, 8)),
            seller: Some(organization_id(2)),
            ..subscription(5, 6)
        })
    });
    for (organization, number, named) in [
        (1, 6, true),
        (1, 4, true),
        (1, 8, false),
        (1, 44, false),
        (5, 8, true),
        (5, 4, false),
        (5, 6, false),
        // Subscriptions that a partner sells or is on do not count as its own.
        (2, 8, false),
        (3, 8, false),
        (9, 4, false),
    ] {
        let known = read(engine, |store| {
            store.has_used_partner_id(organization_id(organization), &partner_id(number))
        });
        assert_eq!(known, named, "{organization} {number}");
    }
}

fn placed_orders(engine: &impl Engine) {
    ready(engine);
    let kept = |organization, request| {
        read(engine, |store| store.placed_order(organization_id(organization), request_id(request)))
    };
    assert_eq!(kept(1, 1), None);
    // The same identifier of another organization is another request.
    write(engine, |store| {
        store.insert_subscription(&subscription(1, 2))?;
        store.insert_subscription(&subscription(5, 4))?;
        store.insert_placed_order(&placed_order(1, 1, 1, 2))?;
        store.insert_placed_order(&placed_order(2, 1, 5, 4))
    });
    assert_eq!(kept(1, 1), Some(placed_order(1, 1, 1, 2)));
    assert_eq!(kept(2, 1), Some(placed_order(2, 1, 5, 4)));
    assert_eq!(kept(1, 2), None);
    assert_eq!(kept(3, 1), None);
    assert_duplicate(try_write(engine, |store| {
        let digest = "other".to_owned();
        store.insert_placed_order(&PlacedOrder { digest, ..placed_order(1, 1, 1, 2) })
    }));
    assert_eq!(kept(1, 1), Some(placed_order(1, 1, 1, 2)));
}

fn looked_up_partner_ids(engine: &impl Engine) {
    found(engine);
    let kept = |organization, after| {
        read(engine, |store| {
            store.partner_id_look_ups(organization_id(organization), moment(after))
        })
    };
    assert_eq!(kept(1, 0), []);
    // The ID does not need to exist.
    write(engine, |store| {
        for (organization, number, at) in
            [(1, 9, 30), (1, 80, 40), (1, 7, 20), (1, 80, 50), (1, 9, 30), (2, 9, 10)]
        {
            store.record_look_up(organization_id(organization), &partner_id(number), moment(at))?;
        }
        Ok(())
    });
    let looked_up = |number, at| (partner_id(number), moment(at));
    assert_eq!(kept(1, 0), [looked_up(7, 20), looked_up(80, 50), looked_up(9, 30)]);
    assert_eq!(kept(1, 20), [looked_up(80, 50), looked_up(9, 30)]);
    assert_eq!(kept(1, 50), []);
    assert_eq!(kept(2, 0), [looked_up(9, 10)]);
    assert_eq!(kept(3, 0), []);
    // Look-ups older than a day are deleted.
    write(engine, |store| store.delete_expired(moment(30 + DAY)));
    assert_eq!(kept(1, 0), [looked_up(80, 50), looked_up(9, 30)]);
    assert_eq!(kept(2, 0), []);
}

fn nothing_of_another_organization_is_seen(engine: &impl Engine) {
    ready(engine);
    write(engine, |store| {
        store.insert_subscription(&Subscription {
            seller: Some(organization_id(2)),
            partner_of_record: Some(partner_of_record(2, 4)),
            ..subscription(1, 1)
        })?;
        store.insert_tenure(&tenure(1, 1, 2))?;
        store.insert_placed_order(&placed_order(1, 1, 1, 1))?;
        store.record_look_up(organization_id(1), &partner_id(4), moment(9))
    });
    for other in [3, 5].map(organization_id) {
        read(engine, |store| {
            assert_eq!(store.subscription(other, subscription_id(1))?, None);
            assert_eq!(rows::subscriptions(store, other)?, []);
            assert_eq!(store.active_subscriptions(other, organization_id(2), moment(0))?, 0);
            assert_eq!(store.subscription_by_offer(other, invitation_id(1))?, None);
            assert_eq!(store.tenures(other, subscription_id(1))?, []);
            assert_eq!(store.placed_order(other, request_id(1))?, None);
            assert_eq!(store.partner_id_look_ups(other, moment(0))?, []);
            Ok(())
        });
    }
}

fn a_row_names_only_what_is_there(engine: &impl Engine) {
    ready(engine);
    write(engine, |store| store.insert_subscription(&subscription(1, 2)));
    assert_engine_error(try_write(engine, |store| {
        store.insert_billing_account(&billing_account(9, 9))
    }));
    assert_engine_error(try_write(engine, |store| {
        store.insert_partner_account(&partner_account(9, 9))
    }));
    assert_engine_error(try_write(engine, |store| store.insert_tenure(&tenure(1, 9, 2))));
    assert_engine_error(try_write(engine, |store| store.insert_tenure(&tenure(5, 2, 2))));
    for order in [placed_order(9, 1, 1, 2), placed_order(1, 1, 5, 2), placed_order(1, 1, 1, 9)] {
        assert_engine_error(try_write(engine, move |store| store.insert_placed_order(&order)));
    }
    assert_engine_error(try_write(engine, |store| {
        store.record_look_up(organization_id(9), &partner_id(4), moment(1))
    }));
    let wrong = || {
        [
            Subscription { product: Some(product_id(9)), ..subscription(1, 2) },
            // A billing account of another customer.
            Subscription { billing_account: billing_account_id(5), ..subscription(1, 2) },
            Subscription { seller: Some(organization_id(9)), ..subscription(1, 2) },
            Subscription { partner_of_record: Some(partner_of_record(9, 4)), ..subscription(1, 2) },
            Subscription { partner_of_record: Some(partner_of_record(2, 9)), ..subscription(1, 2) },
        ]
    };
    assert_engine_error(try_write(engine, |store| store.insert_subscription(&subscription(9, 9))));
    for one in wrong() {
        let new = Subscription { id: subscription_id(4), ..one.clone() };
        assert_engine_error(try_write(engine, move |store| store.insert_subscription(&new)));
        let changed = Subscription { version: 2, ..one };
        assert_engine_error(try_write(engine, move |store| store.update_subscription(&changed)));
    }
    assert_eq!(
        read(engine, |store| rows::subscriptions(store, organization_id(1))),
        [subscription(1, 2)]
    );
}

fn many_change_at_once_or_none(engine: &impl Engine) {
    const MANY: u128 = 1_000;
    ready(engine);
    let numbered = |number| Subscription { offer_of: None, ..subscription(1, number) };
    write(engine, move |store| {
        (0..MANY).try_for_each(|number| store.insert_subscription(&numbered(number)))
    });
    let named = move |number| Subscription {
        partner_of_record: Some(partner_of_record(2, 4)),
        version: 2,
        ..numbered(number)
    };
    let listed = |organization| {
        read(engine, |store| rows::subscriptions(store, organization_id(organization)))
    };
    // The last subscription does not exist.
    assert_stale(try_write(engine, move |store| {
        (0..=MANY).try_for_each(|number| store.update_subscription(&named(number)))
    }));
    assert_eq!(listed(2), []);
    write(engine, move |store| {
        (0..MANY).try_for_each(|number| {
            store.update_subscription(&named(number))?;
            store.insert_tenure(&tenure(1, number, 2))
        })
    });
    let expected: Vec<_> = (0..MANY).rev().map(named).collect();
    assert_eq!(listed(1), expected);
    assert_eq!(listed(2), expected);
}
