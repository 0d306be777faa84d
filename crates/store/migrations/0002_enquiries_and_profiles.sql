-- Enquiries of customers, profiles of partners with what they are found by, and what
-- invitations gained: the enquiry that they answer, the partner's terms, and an offer.
-- A mail knows the invitation whose link it holds; one from before says nothing of it.
-- The first migration says how these files are written.

-- An address or a name that a draft does not have yet is an empty text: these columns
-- were made when every invitation had both.
ALTER TABLE invitation ADD COLUMN enquiry TEXT;
ALTER TABLE invitation ADD COLUMN terms TEXT;
ALTER TABLE invitation ADD COLUMN offer TEXT;

ALTER TABLE mail ADD COLUMN invitation TEXT;

CREATE INDEX mail_by_invitation ON mail (invitation, status, id);

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
    created BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (customer, id)
) /* sqlite: STRICT, WITHOUT ROWID */;

CREATE INDEX enquiry_by_partner ON enquiry (partner, id);

-- The place is the order in which profiles came, from 1, and never changes. It is what
-- the search index calls a profile, and what decides between equally good matches.
CREATE TABLE partner_profile (
    place BIGINT NOT NULL PRIMARY KEY,
    partner TEXT NOT NULL UNIQUE REFERENCES organization (id),
    description TEXT,
    locations TEXT NOT NULL,
    services TEXT NOT NULL,
    industries TEXT NOT NULL,
    sizes TEXT NOT NULL,
    countries TEXT NOT NULL,
    listed BIGINT NOT NULL,
    version BIGINT NOT NULL
) /* sqlite: STRICT */;

-- The terms by which a listed profile is found, a row a profile under its place. The
-- program makes them (the module `terms`), so the tokenizer has only to part them at
-- spaces: every character beyond ASCII belongs to a term. The terms themselves are not
-- kept, nor where in a row they stand. A term begins with a digit of its own before
-- the word, so the prefixes that have an index are those of 1 to 16 letters of a word.
-- Without one the terms that begin so are merged for each search, the frequent ones too.
-- Where terms are looked up together, what lies between two matches is skipped by whole
-- pages of the index, so these are smaller (in bytes) than FTS5 makes them by itself.
/* sqlite:
CREATE VIRTUAL TABLE partner_search USING fts5 (
    terms,
    content = '',
    contentless_delete = 1,
    detail = none,
    prefix = '2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17',
    tokenize = "ascii tokenchars '-'"
);

INSERT INTO partner_search (partner_search, rank) VALUES ('pgsz', 1000);
*/
