-- Products, billing accounts, subscriptions with their partner of record, orders, and
-- the directory of the Microsoft Partner IDs by which a partner of record is named.
-- The first migration says how these files are written.

-- Prices are JSON like other lists; an amount is in the minor units of its currency.
CREATE TABLE product (
    id TEXT NOT NULL PRIMARY KEY,
    cloud TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    prices TEXT NOT NULL,
    version BIGINT NOT NULL
) /* sqlite: STRICT */;

CREATE INDEX product_by_name ON product (cloud, name, id);

CREATE TABLE billing_account (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (organization, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

-- A customer from before gets the billing account that each has from now on. Its id is
-- the organization's, since a migration draws no random ones.
INSERT INTO billing_account (organization, id, name, currency, created)
SELECT id, id, name,
    CASE
        WHEN country = 'GB' THEN 'GBP'
        WHEN country IN ('CH', 'LI') THEN 'CHF'
        WHEN country = 'CN' THEN 'CNY'
        WHEN country IN (
            'AD', 'AT', 'BE', 'BG', 'CY', 'DE', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'IE',
            'IT', 'LT', 'LU', 'LV', 'MC', 'ME', 'MT', 'NL', 'PT', 'SI', 'SK', 'SM', 'VA', 'XK'
        ) THEN 'EUR'
        ELSE 'USD'
    END,
    created
FROM organization WHERE kind = 'customer';

-- An ID is looked up by people of every organization, so it is the key by itself. The
-- clouds of an account are those of its partner.
CREATE TABLE partner_account (
    partner_id TEXT NOT NULL PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    city TEXT
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX partner_account_by_partner ON partner_account (partner, partner_id);

-- The ID that a partner from before has is that of a location: customers were to be
-- told it. Where two had the same one, it stays with the partner that was there first.
/* sqlite:
INSERT INTO partner_account (partner_id, partner, kind, name, country, city)
SELECT json_extract(partner_facts, '$.partnerId'), id, 'location', name, country, NULL
FROM organization WHERE partner_facts IS NOT NULL ORDER BY id
ON CONFLICT DO NOTHING;
*/

-- Who sells a subscription and who is its partner of record are two things. The seller's
-- rights are asked for anew each time, so only who it is stands here.
--
-- Until when it counts as active is taken out of the state, so that those that are active
-- at a moment are counted in an index: a trial until it ends, a suspended or ended one
-- never (0), any other for ever (the greatest integer).
CREATE TABLE subscription (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    product TEXT REFERENCES product (id),
    product_name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    term TEXT NOT NULL,
    unit_price BIGINT,
    currency TEXT,
    billing_account TEXT NOT NULL,
    seller TEXT REFERENCES organization (id),
    offer_of TEXT,
    state TEXT NOT NULL,
    active_until BIGINT NOT NULL,
    partner_id TEXT REFERENCES partner_account (partner_id),
    partner_of_record TEXT REFERENCES organization (id),
    partner_since BIGINT,
    partner_set_by TEXT,
    created BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_by_organization TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (customer, id),
    FOREIGN KEY (customer, billing_account) REFERENCES billing_account (organization, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX subscription_by_seller ON subscription (seller, id) WHERE seller IS NOT NULL;
CREATE INDEX subscription_by_partner_of_record ON subscription (partner_of_record, id)
    WHERE partner_of_record IS NOT NULL;
-- Whom a customer has named, which is asked of each Partner ID that it looks up.
CREATE INDEX subscription_by_partner_id ON subscription (customer, partner_id)
    WHERE partner_id IS NOT NULL;
CREATE INDEX subscription_by_activity ON subscription (customer, seller, active_until)
    WHERE seller IS NOT NULL;
-- An offer is taken up once.
CREATE UNIQUE INDEX subscription_by_offer ON subscription (customer, offer_of)
    WHERE offer_of IS NOT NULL;

-- The partners of record that a subscription had. The number is the version of the
-- subscription that ended the time of one.
CREATE TABLE partner_tenure (
    customer TEXT NOT NULL,
    subscription TEXT NOT NULL,
    number BIGINT NOT NULL,
    partner_id TEXT NOT NULL,
    partner_of_record TEXT NOT NULL,
    partner_since BIGINT NOT NULL,
    partner_set_by TEXT NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    PRIMARY KEY (customer, subscription, number),
    FOREIGN KEY (customer, subscription) REFERENCES subscription (customer, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX partner_tenure_by_partner_id ON partner_tenure (customer, partner_id);

-- What came of a request to order, under the identifier that whoever ordered gave it, so
-- that the same request is one order however often it arrives. The digest tells whether
-- it is the same.
CREATE TABLE placed_order (
    organization TEXT NOT NULL REFERENCES organization (id),
    request TEXT NOT NULL,
    digest TEXT NOT NULL,
    customer TEXT NOT NULL,
    subscription TEXT NOT NULL,
    placed BIGINT NOT NULL,
    PRIMARY KEY (organization, request),
    FOREIGN KEY (customer, subscription) REFERENCES subscription (customer, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

-- Which Partner IDs an organization has looked up lately, those that nobody has too.
CREATE TABLE partner_look_up (
    organization TEXT NOT NULL REFERENCES organization (id),
    partner_id TEXT NOT NULL,
    looked_up BIGINT NOT NULL,
    PRIMARY KEY (organization, partner_id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX partner_look_up_by_time ON partner_look_up (looked_up);
