-- The tables as they began. This file is never changed once it was published:
-- its checksum is kept in every database that it was applied to.
--
-- One text for every engine. What only one engine knows stands in a comment that
-- begins with the engine's name, which that engine reads without the comment marks
-- and every other engine leaves out. SQLite reads BIGINT as INTEGER, the name that
-- its STRICT tables know for the same 64 bits.
-- Ids are text made by the program; times are milliseconds since 1970, UTC; lists
-- and states are JSON. Tables are clustered by the organization that owns the rows.

CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    domain TEXT NOT NULL UNIQUE,
    country TEXT NOT NULL,
    clouds TEXT NOT NULL,
    created BIGINT NOT NULL,
    partner_facts TEXT
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE TABLE account (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    roles TEXT NOT NULL,
    language TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (organization, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

-- A session is looked up by its token alone: the token is what says whose it is.
CREATE TABLE session (
    token TEXT NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL,
    account TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    FOREIGN KEY (organization, account) REFERENCES account (organization, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX session_by_account ON session (organization, account);
CREATE INDEX session_by_expiry ON session (expires);

-- Addresses with and without an account, so there is nothing to refer to.
CREATE TABLE sign_in_failure (
    email TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_failure BIGINT NOT NULL
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX sign_in_failure_by_time ON sign_in_failure (last_failure);

-- Documents and mails are long, and long rows are slow in a clustered table.
CREATE TABLE agreement_document (
    cloud TEXT NOT NULL,
    version BIGINT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (cloud, version, language)
) /* sqlite: STRICT */;

CREATE TABLE agreement_acceptance (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    language TEXT NOT NULL,
    hash TEXT NOT NULL,
    accepted_at BIGINT NOT NULL,
    accepted_by TEXT NOT NULL,
    accepted_by_name TEXT NOT NULL,
    invitation TEXT,
    PRIMARY KEY (organization, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX agreement_acceptance_by_version ON agreement_acceptance (organization, version, id);

CREATE TABLE invitation (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES organization (id),
    partner_type TEXT NOT NULL,
    admin_roles TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    language TEXT NOT NULL,
    message TEXT,
    created BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    token TEXT UNIQUE,
    PRIMARY KEY (customer, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX invitation_by_partner ON invitation (partner, id);

CREATE TABLE relationship (
    customer TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    cloud TEXT NOT NULL,
    partner TEXT NOT NULL REFERENCES organization (id),
    partner_type TEXT NOT NULL,
    grants TEXT NOT NULL,
    since BIGINT NOT NULL,
    invitation TEXT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (customer, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX relationship_by_partner ON relationship (partner, id);

CREATE TABLE audit (
    organization TEXT NOT NULL REFERENCES organization (id),
    sequence BIGINT NOT NULL,
    target TEXT NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (organization, sequence)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX audit_by_target ON audit (organization, target, sequence);

/* sqlite:
CREATE TRIGGER audit_keeps_what_it_says BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_keeps_all BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
*/

CREATE TABLE mail (
    organization TEXT NOT NULL REFERENCES organization (id),
    id TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    language TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    created BIGINT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (organization, id)
) /* sqlite: STRICT */;

CREATE INDEX mail_by_next_attempt ON mail (status, next_attempt, id);
