-- The initial tables. A migration must not change once it has been released: each database
-- records the checksums of those that were applied to it.
--
-- Ids are text. Times are milliseconds since 1970, UTC. Lists and states are JSON; `format` is
-- the version of their formats. Tables are clustered by the organization that owns the rows.
--
-- Columns for lists. Names that lists sort and search by are kept a second time as folded
-- text (`…_key`, `…_words`: see `rules::search::sort_key`), also in the rows that name an
-- organization, so that an index has them in the order of the list. What a status depends
-- on is kept as times, so that a list can be read as it was at a moment: on its second page
-- as it was on its first.

-- `search_words` are the name, the domain and a partner's Partner ID.
CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    country TEXT NOT NULL,
    clouds TEXT NOT NULL,
    created INTEGER NOT NULL,
    partner_facts TEXT,
    format INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    search_words TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Other rows and `search_word` have copies of these columns. What renames an organization
-- must replace this trigger, and write its relationships, invitations, enquiries and
-- subscriptions again.
CREATE TRIGGER organization_keeps_its_name
BEFORE UPDATE OF name, domain, partner_facts ON organization BEGIN
    SELECT RAISE(ABORT, 'lists have copies of the name');
END;

-- Words that lists find their rows by: `list` is the name of the table, `organization` the
-- one whose list it is (for products, the cloud), `item` the id of the row.
CREATE TABLE search_word (
    list TEXT NOT NULL,
    organization TEXT NOT NULL,
    word TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (list, organization, word, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL,
    created INTEGER NOT NULL,
    format INTEGER NOT NULL,
    PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

-- The key is the token alone, because a request names nothing else.
CREATE TABLE session (
    token TEXT NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL,
    account TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    FOREIGN KEY (organization, account) REFERENCES account (organization, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_account ON session (organization, account);
CREATE INDEX session_by_expiry ON session (expires);

-- No foreign key: failures are counted for addresses without an account too.
CREATE TABLE sign_in_failure (
    email TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_failure_by_time ON sign_in_failure (last_failure);

-- This table and `mail` have a rowid because their rows are long, which is slow in a
-- clustered table.
CREATE TABLE agreement_document (
    cloud TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY (cloud, version, language)
) STRICT;

CREATE TABLE agreement_acceptance (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    hash TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    accepted_by TEXT NOT NULL,
    accepted_by_name TEXT NOT NULL,
    invitation TEXT,
    PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX agreement_acceptance_by_version ON agreement_acceptance (organization, version, id);

-- A draft may have no recipient yet. `token` is the hash of the token in the mail's link.
-- `sent_at`, `expires_at`, `answer`, `answered_at` and `answered_by` are derived from the state.
CREATE TABLE invitation (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES organization (id),
    partner_type TEXT NOT NULL,
    admin_roles TEXT NOT NULL,
    recipient TEXT,
    recipient_name TEXT,
    language TEXT NOT NULL,
    message TEXT,
    enquiry TEXT,
    terms TEXT,
    offer TEXT,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    token TEXT UNIQUE,
    format INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    partner_key TEXT NOT NULL,
    sent_at INTEGER,
    expires_at INTEGER,
    mailed_at INTEGER,
    answer TEXT,
    answered_at INTEGER,
    answered_by TEXT,
    PRIMARY KEY (customer, id)
) STRICT, WITHOUT ROWID;

-- For the bounds on drafts, on waiting invitations, and on mails.
CREATE INDEX invitation_draft ON invitation (partner, created_by, sent_at, answer)
    WHERE sent_at IS NULL AND answer IS NULL;
CREATE INDEX invitation_waiting ON invitation (partner, customer, expires_at)
    WHERE expires_at IS NOT NULL;
CREATE INDEX invitation_mailed ON invitation (partner, mailed_at) WHERE mailed_at IS NOT NULL;
CREATE INDEX invitation_mailed_to ON invitation (partner, customer, mailed_at)
    WHERE mailed_at IS NOT NULL;

CREATE INDEX invitation_of_customer ON invitation (customer, created, id);
CREATE INDEX invitation_of_partner ON invitation (partner, created, id, sent_at, expires_at, answer, answered_at);
CREATE INDEX invitation_between ON invitation (partner, customer, created, id);
CREATE INDEX invitation_by_enquiry ON invitation (enquiry) WHERE enquiry IS NOT NULL;
CREATE INDEX invitation_with_offer ON invitation (customer, partner, id)
    WHERE offer IS NOT NULL AND answer = 'accepted';

-- `ended_at` is derived from the state: the largest integer while the relationship is active.
-- `partner_words` are the partner's name, domain and Partner ID.
CREATE TABLE relationship (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES organization (id),
    partner_type TEXT NOT NULL,
    grants TEXT NOT NULL,
    since INTEGER NOT NULL,
    invitation TEXT,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    format INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    partner_key TEXT NOT NULL,
    partner_words TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    PRIMARY KEY (customer, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX relationship_of_customer ON relationship (customer, partner_key, id);
CREATE INDEX relationship_of_partner
    ON relationship (partner, customer_key, id, ended_at, partner_type);
CREATE INDEX relationship_between ON relationship (customer, partner, partner_type, ended_at);

-- `expires_at`, `read_at`, `answer` and `answered_at` are derived from the state, but an
-- answered enquiry keeps the time at which it was read.
CREATE TABLE enquiry (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES organization (id),
    country TEXT NOT NULL,
    city TEXT,
    organization_size TEXT NOT NULL,
    needs TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    contact_phone TEXT,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    format INTEGER NOT NULL,
    customer_key TEXT NOT NULL,
    partner_key TEXT NOT NULL,
    expires_at INTEGER,
    read_at INTEGER,
    answer TEXT,
    answered_at INTEGER,
    PRIMARY KEY (customer, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX enquiry_of_customer ON enquiry (customer, created, id);
CREATE INDEX enquiry_waiting ON enquiry (customer, expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX enquiry_of_partner ON enquiry (partner, created, id);
CREATE INDEX enquiry_between ON enquiry (partner, customer, created, id);

-- `place` numbers the profiles from 1 in the order of their creation, and never changes.
-- The search index refers to a profile by it, and it decides between equally good matches.
CREATE TABLE partner_profile (
    place INTEGER NOT NULL PRIMARY KEY,
    partner TEXT NOT NULL UNIQUE REFERENCES organization (id),
    description TEXT,
    locations TEXT NOT NULL,
    services TEXT NOT NULL,
    industries TEXT NOT NULL,
    sizes TEXT NOT NULL,
    countries TEXT NOT NULL,
    listed INTEGER NOT NULL,
    version INTEGER NOT NULL,
    format INTEGER NOT NULL
) STRICT;

-- The search terms of each listed profile, one row per profile, with `place` as the rowid.
-- The program makes the terms (module `terms`), so the tokenizer only splits at spaces;
-- every character beyond ASCII belongs to a term. The index keeps neither the terms
-- themselves nor their positions. A term begins with a digit before the word, so the
-- indexed prefixes are those of 1 to 16 letters of a word; without them, FTS5 would merge
-- all terms with the prefix in each search, frequent ones included. Smaller pages (in bytes)
-- than the FTS5 default let it skip more between two matches when it intersects terms.
CREATE VIRTUAL TABLE partner_search USING fts5 (
    terms,
    content = '',
    contentless_delete = 1,
    detail = none,
    prefix = '2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17',
    tokenize = "ascii tokenchars '-'"
);

INSERT INTO partner_search (partner_search, rank) VALUES ('pgsz', 1000);

-- `prices` is JSON; an amount is in the minor units of its currency. `currencies` are those
-- of the prices.
CREATE TABLE product (
    id TEXT NOT NULL PRIMARY KEY,
    cloud TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    prices TEXT NOT NULL,
    version INTEGER NOT NULL,
    format INTEGER NOT NULL,
    name_key TEXT NOT NULL,
    currencies TEXT NOT NULL
) STRICT;

CREATE INDEX product_by_name ON product (cloud, name_key, id);

CREATE TABLE billing_account (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

-- The key is the Partner ID alone, because users of any organization look it up. The
-- clouds of an account are those of its partner.
CREATE TABLE partner_account (
    partner_id TEXT NOT NULL PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES organization (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    city TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX partner_account_by_partner ON partner_account (partner, partner_id);

-- The seller and the partner of record are independent. What the seller may do is derived
-- on each read, so only its id is stored.
--
-- `active_until` is derived from the state, so that an index can count the subscriptions
-- that are active at a given time: the end of a trial, 0 if suspended or ended, and the
-- largest integer otherwise.
--
-- `ended_at`, `live_state` and `live_time` are derived from the state too: `live_state` is
-- `trial`, `active` or `suspended`; `live_time` is the end of the trial or the time at which
-- it was suspended. Both stay as they were when the subscription ended. `record_words` are the
-- name and the Partner ID of the partner of record.
CREATE TABLE subscription (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    product TEXT REFERENCES product (id),
    product_name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    term TEXT NOT NULL,
    unit_price INTEGER,
    currency TEXT,
    billing_account TEXT NOT NULL,
    seller TEXT REFERENCES organization (id),
    offer_of TEXT,
    state TEXT NOT NULL,
    active_until INTEGER NOT NULL,
    partner_id TEXT REFERENCES partner_account (partner_id),
    partner_of_record TEXT REFERENCES organization (id),
    partner_since INTEGER,
    partner_set_by TEXT,
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_by_organization TEXT NOT NULL,
    version INTEGER NOT NULL,
    format INTEGER NOT NULL,
    product_key TEXT NOT NULL,
    customer_key TEXT NOT NULL,
    record_words TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    live_state TEXT,
    live_time INTEGER,
    PRIMARY KEY (customer, id),
    FOREIGN KEY (customer, billing_account) REFERENCES billing_account (organization, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX subscription_of_customer ON subscription (customer, product_key, id);
CREATE INDEX subscription_of_seller ON subscription (seller, product_key, id)
    WHERE seller IS NOT NULL;
CREATE INDEX subscription_of_record ON subscription (partner_of_record, product_key, id)
    WHERE partner_of_record IS NOT NULL;
-- Each look-up of a Partner ID asks whether the customer has used it.
CREATE INDEX subscription_by_partner_id
    ON subscription (customer, partner_id, product_key, id);
CREATE INDEX subscription_by_activity ON subscription (customer, seller, active_until)
    WHERE seller IS NOT NULL;
-- An offer can be used once.
CREATE UNIQUE INDEX subscription_by_offer ON subscription (customer, offer_of)
    WHERE offer_of IS NOT NULL;

-- Former partners of record of a subscription. `number` is the version of the subscription
-- that ended the tenure.
CREATE TABLE partner_tenure (
    customer TEXT NOT NULL,
    subscription TEXT NOT NULL,
    number INTEGER NOT NULL,
    partner_id TEXT NOT NULL,
    partner_of_record TEXT NOT NULL,
    partner_since INTEGER NOT NULL,
    partner_set_by TEXT NOT NULL,
    ended INTEGER NOT NULL,
    ended_by TEXT NOT NULL,
    PRIMARY KEY (customer, subscription, number),
    FOREIGN KEY (customer, subscription) REFERENCES subscription (customer, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX partner_tenure_by_partner_id ON partner_tenure (customer, partner_id);

-- Changes of partners of record that are decided and still to be made, in blocks; usually none.
-- A block begins at its first subscription, and blocks of a customer do not overlap.
CREATE TABLE pending_partner_changes (
    customer TEXT NOT NULL REFERENCES organization (id),
    first TEXT NOT NULL,
    decided INTEGER NOT NULL,
    decided_by TEXT NOT NULL,
    changes TEXT NOT NULL,
    format INTEGER NOT NULL,
    PRIMARY KEY (customer, first)
) STRICT;

-- Results of order requests by request identifier, so that a repeated request is one order.
-- The digest tells whether the repeated request is the same.
CREATE TABLE placed_order (
    organization TEXT NOT NULL REFERENCES organization (id),
    request TEXT NOT NULL,
    digest TEXT NOT NULL,
    customer TEXT NOT NULL,
    subscription TEXT NOT NULL,
    placed INTEGER NOT NULL,
    PRIMARY KEY (organization, request),
    FOREIGN KEY (customer, subscription) REFERENCES subscription (customer, id)
) STRICT, WITHOUT ROWID;

-- Partner IDs that an organization has looked up recently. There is no foreign key,
-- because IDs that do not exist count too.
CREATE TABLE partner_look_up (
    organization TEXT NOT NULL REFERENCES organization (id),
    partner_id TEXT NOT NULL,
    looked_up INTEGER NOT NULL,
    PRIMARY KEY (organization, partner_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX partner_look_up_by_time ON partner_look_up (looked_up);

-- `target_kind`, `action`, `account` (who did it) and `words` (the names of both) are derived
-- from the content.
CREATE TABLE audit (
    organization TEXT NOT NULL REFERENCES organization (id),
    sequence INTEGER NOT NULL,
    target TEXT NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    action TEXT NOT NULL,
    account TEXT,
    words TEXT NOT NULL,
    PRIMARY KEY (organization, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_target ON audit (organization, target, sequence);
CREATE INDEX audit_by_target_kind ON audit (organization, target_kind, sequence);
CREATE INDEX audit_by_action ON audit (organization, action, sequence);
CREATE INDEX audit_by_account ON audit (organization, account, sequence);

CREATE TRIGGER audit_rejects_updates BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_rejects_deletes BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- `invitation` is the invitation whose link the mail holds.
CREATE TABLE mail (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created INTEGER NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    last_error TEXT,
    invitation TEXT,
    PRIMARY KEY (organization, id)
) STRICT;

CREATE INDEX mail_of_organization ON mail (organization, created, id);
CREATE INDEX mail_by_status ON mail (organization, status, created, id);
CREATE INDEX mail_by_time ON mail (created, id);
CREATE INDEX mail_by_next_attempt ON mail (status, next_attempt, id);
CREATE INDEX mail_by_invitation ON mail (invitation, status, id);

-- One row, which every commit counts up. What was read while it had the same number is
-- still true.
CREATE TABLE commit_count (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    commits INTEGER NOT NULL
) STRICT;

INSERT INTO commit_count (id, commits) VALUES (1, 0);
