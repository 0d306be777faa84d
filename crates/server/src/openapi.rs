//! The description of the API (OpenAPI 3.1). The types' schemas come from the types;
//! the operations are listed here, and the status of each error is asked from where
//! it is decided.

use std::collections::BTreeMap;

use api::{ErrorBody, ErrorCode, Page, Problem, routes};
use rules::Refusal;
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::error;
use crate::origin::PublicUrl;

/// One operation.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own of an operation")]
struct Operation {
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    /// Whether somebody must be signed in.
    session: bool,
    /// Whether `If-Match` must name the version that is changed.
    version: bool,
    /// Whether `If-None-Match` is answered with 304.
    conditional: bool,
    /// Whether `Repeatability-Request-ID` must name the request.
    repeatable: bool,
    options: &'static [(&'static str, &'static str)],
    body: Option<Value>,
    /// Whether the body can also be a file of CSV.
    takes_csv: bool,
    success: Success,
    /// The refusals and errors of its own.
    errors: Vec<Problem>,
}

/// What is answered when all is well.
enum Success {
    Json(u16, &'static str, Value),
    Csv,
    Html,
    Nothing(&'static str),
}

/// The document, of a server at this address.
pub(crate) fn document(public_url: &PublicUrl) -> Value {
    let mut schemas = Schemas::default();
    let error = schemas.of::<ErrorBody>();
    let operations = operations(&mut schemas);
    let mut paths = Map::new();
    for operation in operations {
        let item = paths.entry(operation.path).or_insert_with(|| path_item(operation.path));
        item[operation.method] = describe(&operation, &error);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Accord",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "An organization's relationships with its Microsoft partners, after the \
                conventions of Microsoft Graph. Every error has a machine-readable code and the id \
                of its request. Requests that change something must carry the Origin of the \
                site's public address.",
        },
        "servers": [{ "url": public_url.as_str() }],
        "paths": paths,
        "components": {
            "schemas": schemas.0,
            "securitySchemes": {
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": if public_url.is_https() { "__Host-accord" } else { "accord" },
                    "description": "The session that POST /api/session begins.",
                },
            },
        },
    })
}

/// The schemas that the operations name, and those that these name.
#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// A reference to a type's schema.
    fn of<T: ToSchema>(&mut self) -> Value {
        let mut found = vec![(T::name().into_owned(), T::schema())];
        T::schemas(&mut found);
        for (name, schema) in found {
            self.add(name, json!(schema));
        }
        reference(&T::name())
    }

    /// A reference to the schema of a page of these.
    fn page<T: ToSchema>(&mut self) -> Value {
        self.of::<T>();
        let name = format!("{}Page", T::name());
        self.add(name.clone(), json!(Page::<T>::schema()));
        reference(&name)
    }

    fn add(&mut self, name: String, mut schema: Value) {
        tidy(&mut schema);
        self.0.entry(name).or_insert(schema);
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// What is optional is left out of an answer when there is nothing, and never null. The
/// derived schemas say that both may be; this takes the null away.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get("type")
                && let [one, other] = types.as_slice()
                && other == "null"
            {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
            if let Some(Value::Array(choices)) = object.get_mut("oneOf") {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(choice)] = choices.as_slice() {
                    let choice = choice.clone();
                    object.remove("oneOf");
                    object.extend(choice);
                }
            }
            if let Some(Value::String(words)) = object.get_mut("description") {
                // Links between types mean something in Rust's own documents alone.
                *words = words.replace("[`", "`").replace("`]", "`");
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn path_item(path: &str) -> Value {
    if path.contains("{id}") {
        json!({ "parameters": [{
            "name": "id", "in": "path", "required": true,
            "schema": { "type": "string", "format": "uuid" },
        }] })
    } else {
        json!({})
    }
}

fn describe(operation: &Operation, error: &Value) -> Value {
    let mut responses = Map::new();
    let (status, answer) = match &operation.success {
        Success::Json(status, words, schema) => (
            status.to_string(),
            json!({
                "description": words,
                "content": { "application/json": { "schema": schema } },
            }),
        ),
        Success::Csv => (
            "200".to_owned(),
            json!({
                "description": "A file of lines (RFC 4180), the first of names, in UTF-8.",
                "content": { "text/csv": { "schema": { "type": "string" } } },
            }),
        ),
        Success::Html => (
            "200".to_owned(),
            json!({
                "description": "A document.",
                "content": { "text/html": { "schema": { "type": "string" } } },
            }),
        ),
        Success::Nothing(words) => ("204".to_owned(), json!({ "description": words })),
    };
    responses.insert(status, answer);
    if operation.conditional {
        responses.insert(
            "304".to_owned(),
            json!({ "description": "If-None-Match names the version that there is." }),
        );
    }
    for (status, codes) in errors(operation) {
        let codes: Vec<_> = codes.iter().map(|code| format!("`{code}`")).collect();
        responses.insert(
            status.to_string(),
            json!({
                "description": format!("{}.", codes.join(", ")),
                "headers": {
                    "x-ms-error-code": { "schema": { "type": "string" } },
                    "x-request-id": { "schema": { "type": "string" } },
                },
                "content": { "application/json": { "schema": error } },
            }),
        );
    }
    let mut described = json!({
        "operationId": operation.name,
        "summary": operation.summary,
        "security": if operation.session { json!([{ "session": [] }]) } else { json!([]) },
        "responses": responses,
    });
    let parameters = parameters(operation);
    if !parameters.is_empty() {
        described["parameters"] = parameters.into();
    }
    if let Some(body) = &operation.body {
        described["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": body } },
        });
        if operation.takes_csv {
            described["requestBody"]["content"]["text/csv"] =
                json!({ "schema": { "type": "string" } });
        }
    }
    described
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let header = |name: &str, required: bool, words: &str| {
        json!({
            "name": name, "in": "header", "required": required, "description": words,
            "schema": { "type": "string" },
        })
    };
    let mut parameters = Vec::new();
    if operation.method != "get" {
        parameters.push(header("Origin", true, "The site's public address."));
    }
    if operation.version {
        let words = "The version that is to be changed (`@odata.etag`), one and not `*`.";
        parameters.push(header("If-Match", true, words));
    }
    if operation.repeatable {
        let words = "A GUID that the client makes for what it asks for, and sends again with it \
            where no answer came: it is done once.";
        parameters.push(header("Repeatability-Request-ID", true, words));
    }
    if operation.conditional {
        let words = "Versions that the client holds. A relationship's version counts its changes; \
            `agreement`, and roles that end by themselves, may change without it. So may what the \
            clock alone changes of a subscription, and what its seller may do.";
        parameters.push(header("If-None-Match", false, words));
    }
    for (name, words) in operation.options {
        parameters.push(json!({
            "name": name, "in": "query", "required": false, "description": words,
            "schema": { "type": "string" },
        }));
    }
    parameters
}

/// The codes of an operation's errors by status: its own, and those of every operation
/// of its kind.
fn errors(operation: &Operation) -> BTreeMap<u16, Vec<&'static str>> {
    let mut problems = operation.errors.clone();
    problems.push(ErrorCode::InvalidFields.into());
    problems.push(ErrorCode::Internal.into());
    if operation.session {
        problems.push(Refusal::SignInRequired.into());
    }
    if operation.path.contains("{id}") {
        problems.push(ErrorCode::NotFound.into());
    }
    if operation.method != "get" {
        problems.push(ErrorCode::ForeignOrigin.into());
        problems.push(ErrorCode::RequestTooLarge.into());
    }
    if operation.version {
        problems.push(ErrorCode::VersionRequired.into());
        problems.push(ErrorCode::VersionMismatch.into());
    }
    if operation.repeatable {
        problems.push(ErrorCode::RequestIdRequired.into());
        problems.push(ErrorCode::RequestIdReused.into());
    }
    let mut codes: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    let mut add = |status: u16, code: &'static str| {
        let codes = codes.entry(status).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    };
    for problem in &problems {
        add(error::explain(problem).0.as_u16(), problem.code());
    }
    if operation.body.is_some() {
        for status in [400, 408, 415] {
            add(status, ErrorCode::InvalidRequest.as_str());
        }
    }
    codes
}

/// A read of what the signed-in person's organization has.
fn read(path: &'static str, name: &'static str, summary: &'static str, schema: Value) -> Operation {
    Operation {
        method: "get",
        path,
        name,
        summary,
        session: true,
        version: false,
        conditional: false,
        repeatable: false,
        options: &[],
        body: None,
        takes_csv: false,
        success: Success::Json(200, "As asked.", schema),
        errors: Vec::new(),
    }
}

/// A change of one thing.
fn change(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    schema: Value,
    refusals: &[Refusal],
) -> Operation {
    Operation {
        method: "post",
        version: path.contains("{id}"),
        success: Success::Json(200, "Done, and on disk. What there is now.", schema.clone()),
        errors: refusals.iter().map(|refusal| (*refusal).into()).collect(),
        ..read(path, name, summary, schema)
    }
}

const LIST_OPTIONS: &[(&str, &str)] = &[
    ("$search", "Words that the partner's name, domain or Partner ID holds."),
    (
        "$filter",
        "`relationshipType` and `status`, each with `eq 'value'` or `in ('value', 'value')`, \
         joined by `and`.",
    ),
    (
        "$orderby",
        "A column, and `desc` to turn it round: partner, relationshipType, adminRoles, agreement, \
         since, ends, status.",
    ),
    ("$top", "How many at the most, 1 to 300; 100 where not given."),
    ("$skiptoken", "Where to go on; comes with `@odata.nextLink`."),
    ("$count", "`true` or `false`; the count always comes along."),
];

const SUBSCRIPTION_OPTIONS: &[(&str, &str)] = &[
    (
        "$search",
        "Words that the product's name, the partner of record's name or its Partner ID holds, as \
         far as they are shown; for a partner also the customer's name.",
    ),
    ("status", "`trial`, `active`, `suspended`, `ended`; several apart by a comma."),
    ("partnerOfRecord", "`none`, `any`, or a Partner ID."),
    ("customer", "For a partner: the organization ID of a customer."),
    ("$orderby", "A column, and `desc` to turn it round: product, renews, status."),
    ("$top", "How many at the most, 1 to 300; 100 where not given."),
    ("$skiptoken", "Where to go on; comes with `@odata.nextLink`."),
    ("$count", "`true` or `false`; the count always comes along."),
];

const PARTNER_OPTIONS: &[(&str, &str)] = &[
    ("$search", "Words that the profile holds, all of them; the last may be a word's beginning."),
    ("country", "The country or region that is served; else that of the own organization."),
    ("city", "A city in which the partner has people."),
    ("size", "The size of organization that is served."),
    ("$top", "How many at the most, 1 to 50; 20 where not given."),
    ("$skiptoken", "Where to go on; comes with `@odata.nextLink`."),
];

/// Why an enquiry in another state is not answered.
const ENQUIRY_STATES: &[Refusal] =
    &[Refusal::EnquiryDeclined, Refusal::EnquiryExpired, Refusal::EnquiryAnswered];

/// Why an invitation in another state is not changed.
const INVITATION_STATES: &[Refusal] = &[
    Refusal::InvitationAlreadyAccepted,
    Refusal::InvitationCanceled,
    Refusal::InvitationWithdrawn,
    Refusal::InvitationExpired,
];

fn with(states: &[Refusal], others: &[Refusal]) -> Vec<Refusal> {
    [states, others].concat()
}

fn operations(schemas: &mut Schemas) -> Vec<Operation> {
    let mut operations = of_session(schemas);
    operations.extend(of_relationships(schemas));
    operations.extend(of_invitations(schemas));
    operations.extend(of_drafts(schemas));
    operations.extend(of_sending(schemas));
    operations.extend(of_enquiries(schemas));
    operations.extend(of_profiles(schemas));
    operations.extend(of_purchases(schemas));
    operations.extend(of_subscriptions(schemas));
    operations.extend(of_partners_of_record(schemas));
    operations.extend(of_agreement(schemas));
    operations.extend(of_the_rest(schemas));
    operations
}

fn of_session(schemas: &mut Schemas) -> Vec<Operation> {
    let session = schemas.of::<api::Session>();
    vec![
        read(routes::SESSION, "getSession", "Who is signed in.", session.clone()),
        Operation {
            session: false,
            body: Some(schemas.of::<api::SignInRequest>()),
            errors: vec![ErrorCode::SignInFailed.into(), ErrorCode::TooManyAttempts.into()],
            ..change(
                routes::SESSION,
                "signIn",
                "Sign in. The answer sets the session's cookie; a session that the browser had ends.",
                session.clone(),
                &[],
            )
        },
        Operation {
            method: "delete",
            session: false,
            success: Success::Nothing("Nobody is signed in any more; the cookie is taken away."),
            ..read(routes::SESSION, "signOut", "Sign out.", session.clone())
        },
        Operation {
            method: "delete",
            success: Success::Nothing("Every session of the account has ended."),
            ..read(routes::SESSIONS, "signOutEverywhere", "Sign out everywhere.", session)
        },
    ]
}

fn of_relationships(schemas: &mut Schemas) -> Vec<Operation> {
    let relationship = schemas.of::<api::Relationship>();
    let not_ours =
        [Refusal::CustomerOnly, Refusal::GlobalAdministratorRequired, Refusal::RelationshipEnded];
    let of_partner =
        [Refusal::PartnerOnly, Refusal::AdminAgentRequired, Refusal::RelationshipEnded];
    let no_roles =
        [Refusal::TypeHoldsNoRoles, Refusal::RolesHeldByAccount, Refusal::NoRolesToRemove];
    vec![
        Operation {
            options: LIST_OPTIONS,
            ..read(
                routes::RELATIONSHIPS,
                "listRelationships",
                "The relationships of the own organization.",
                schemas.page::<api::Relationship>(),
            )
        },
        Operation {
            options: LIST_OPTIONS,
            success: Success::Csv,
            ..read(
                routes::RELATIONSHIPS_EXPORT,
                "exportRelationships",
                "The same list as CSV, all of it.",
                Value::Null,
            )
        },
        Operation {
            conditional: true,
            ..read(
                routes::RELATIONSHIP,
                "getRelationship",
                "One relationship.",
                relationship.clone(),
            )
        },
        Operation {
            method: "delete",
            success: Success::Nothing("The relationship has ended, and with it the roles."),
            ..change(
                routes::RELATIONSHIP,
                "deleteRelationship",
                "End a relationship of a type that the customer ends.",
                relationship.clone(),
                &with(
                    &not_ours,
                    &[Refusal::ResellerEndsRelationship, Refusal::PartnerEndsRelationship],
                ),
            )
        },
        change(
            routes::REMOVE_ADMIN_ROLES,
            "removeAdminRoles",
            "Take away the partner's admin roles. The relationship stays.",
            relationship.clone(),
            &with(&not_ours, &no_roles),
        ),
        change(
            routes::GIVE_UP_ADMIN_ROLES,
            "giveUpAdminRoles",
            "Give up the own admin roles, as the partner. The relationship stays, and the customer's \
             Global administrators are told by mail.",
            relationship.clone(),
            &with(&of_partner, &no_roles),
        ),
        change(
            routes::END_RELATIONSHIP,
            "endRelationship",
            "End a relationship of any type, as the partner. The customer's Global administrators \
             are told by mail.",
            relationship,
            &with(&of_partner, &[Refusal::SubscriptionsActive]),
        ),
        read(
            routes::RELATIONSHIP_HISTORY,
            "getRelationshipHistory",
            "What was done with a relationship, the newest first.",
            schemas.page::<api::ActivityEntry>(),
        ),
    ]
}

/// Reading invitations, and what the customer does with one.
fn of_invitations(schemas: &mut Schemas) -> Vec<Operation> {
    let invitation = schemas.of::<api::Invitation>();
    let elsewhere = [Refusal::InvitationForOtherOrganization, Refusal::InvitationForOtherCloud];
    let answering = [
        // Of the partner that sent it.
        Refusal::InvitationForOtherOrganization,
        Refusal::GlobalAdministratorRequired,
    ];
    let accepting = [
        Refusal::AgreementNotAcknowledged,
        Refusal::AgreementChanged,
        Refusal::AgreementUnavailable,
    ];
    let look_up = change(
        routes::LOOK_UP_INVITATION,
        "lookUpInvitation",
        "The invitation of a link's token. Changes nothing.",
        invitation.clone(),
        &elsewhere,
    );
    vec![
        read(
            routes::INVITATIONS,
            "listInvitations",
            "The invitations to or from the own organization, the newest first.",
            schemas.page::<api::Invitation>(),
        ),
        Operation {
            body: Some(schemas.of::<api::LookUpInvitation>()),
            errors: [look_up.errors.clone(), vec![ErrorCode::NotFound.into()]].concat(),
            ..look_up
        },
        Operation {
            conditional: true,
            ..read(routes::INVITATION, "getInvitation", "One invitation.", invitation.clone())
        },
        Operation {
            body: Some(schemas.of::<api::AcceptInvitation>()),
            ..change(
                routes::ACCEPT_INVITATION,
                "acceptInvitation",
                "Accept an invitation with the agreement, and authorize the partner.",
                schemas.of::<api::AcceptedInvitation>(),
                &with(&with(INVITATION_STATES, &answering), &accepting),
            )
        },
        Operation {
            body: Some(schemas.of::<api::CancelInvitation>()),
            ..change(
                routes::CANCEL_INVITATION,
                "cancelInvitation",
                "Cancel an invitation on the customer's side.",
                invitation,
                &with(INVITATION_STATES, &answering),
            )
        },
    ]
}

/// Why what a draft says can't be written, or sent.
const INVITATION_CONTENT: &[Refusal] = &[
    Refusal::PartnerOnly,
    Refusal::PartnerNotInCloud,
    Refusal::RolesNotForType,
    Refusal::OfferOnlyIn21Vianet,
    Refusal::RecipientNotOfCustomer,
];

/// Writing invitations, and looking at their mails.
fn of_drafts(schemas: &mut Schemas) -> Vec<Operation> {
    let invitation = schemas.of::<api::Invitation>();
    let drafting = with(INVITATION_CONTENT, &[Refusal::SalesAgentRequired]);
    let draft = change(
        routes::INVITATIONS,
        "draftInvitation",
        "Draft an invitation in the name of the own organization, a partner: to a customer's ID or \
         domain, or in answer to its enquiry.",
        invitation.clone(),
        &with(&drafting, ENQUIRY_STATES),
    );
    let languages = &[("language", "`en`, `nl`, `de` or `zh-CN`; else that of the invitation.")];
    let looking: Vec<Problem> =
        vec![Refusal::PartnerOnly.into(), Refusal::SalesAgentRequired.into()];
    vec![
        Operation {
            body: Some(schemas.of::<api::InvitationRequest>()),
            success: Success::Json(201, "Drafted; Location says where it is.", invitation.clone()),
            errors: [draft.errors.clone(), vec![ErrorCode::NotFound.into()]].concat(),
            ..draft
        },
        Operation {
            method: "patch",
            body: Some(schemas.of::<api::InvitationRequest>()),
            ..change(
                routes::INVITATION,
                "editInvitation",
                "Replace what a draft says; its customer and its enquiry stay.",
                invitation,
                &with(&with(INVITATION_STATES, &drafting), &[Refusal::InvitationAlreadySent]),
            )
        },
        Operation {
            options: languages,
            errors: looking.clone(),
            ..read(
                routes::INVITATION_MAIL,
                "getInvitationMail",
                "The mail of an invitation as it would be sent, with a link that leads nowhere.",
                schemas.of::<api::RenderedMail>(),
            )
        },
        Operation {
            options: languages,
            errors: looking,
            success: Success::Html,
            ..read(
                routes::INVITATION_MAIL_HTML,
                "getInvitationMailHtml",
                "The HTML of that mail alone, as a document to be shown in a frame of this site.",
                Value::Null,
            )
        },
    ]
}

/// Sending invitations, and taking them back.
fn of_sending(schemas: &mut Schemas) -> Vec<Operation> {
    let invitation = schemas.of::<api::Invitation>();
    let sending =
        with(INVITATION_CONTENT, &[Refusal::AdminAgentRequired, Refusal::InvitationIncomplete]);
    let send = change(
        routes::SEND_INVITATION,
        "sendInvitation",
        "Send a draft: its link is made, its mail is put in the outbox, and the enquiry that it \
         answers is answered. Twenty times within 24 hours to one customer: Retry-After says how \
         long to wait.",
        invitation.clone(),
        &with(
            &with(
                INVITATION_STATES,
                // An expired enquiry doesn't stop the sending.
                &[Refusal::EnquiryDeclined, Refusal::EnquiryAnswered],
            ),
            &with(&sending, &[Refusal::InvitationAlreadySent]),
        ),
    );
    let resend = change(
        routes::RESEND_INVITATION,
        "resendInvitation",
        "Send an invitation that waits once more, with a new link and 90 more days; the link \
         before leads nowhere then. Once in 24 hours, and twenty times to one customer: \
         Retry-After says how long to wait.",
        invitation.clone(),
        &with(
            INVITATION_STATES,
            &with(&sending, &[Refusal::InvitationNotSent, Refusal::InvitationSentRecently]),
        ),
    );
    let limited = |operation: Operation| Operation {
        errors: [operation.errors.clone(), vec![ErrorCode::TooManyAttempts.into()]].concat(),
        ..operation
    };
    vec![
        limited(send),
        limited(resend),
        change(
            routes::WITHDRAW_INVITATION,
            "withdrawInvitation",
            "Take an invitation back on the partner's side.",
            invitation,
            &with(
                INVITATION_STATES,
                &[Refusal::PartnerOnly, Refusal::AdminAgentRequired, Refusal::PartnerNotInCloud],
            ),
        ),
    ]
}

fn of_enquiries(schemas: &mut Schemas) -> Vec<Operation> {
    let enquiry = schemas.of::<api::Enquiry>();
    let enquiries = schemas.page::<api::Enquiry>();
    let answering = with(&[Refusal::PartnerOnly, Refusal::SalesAgentRequired], ENQUIRY_STATES);
    let send = change(
        routes::ENQUIRIES,
        "sendEnquiries",
        "Send an enquiry to each of the chosen partners, or to none of them where one can't be \
         chosen. At the most 30 within 24 hours: Retry-After says how long to wait.",
        enquiries.clone(),
        &[
            Refusal::CustomerOnly,
            Refusal::BillingAdministratorRequired,
            Refusal::PartnerNotInCloud,
            Refusal::RecipientNotOfCustomer,
        ],
    );
    vec![
        Operation {
            errors: vec![Refusal::SalesAgentRequired.into()],
            ..read(
                routes::ENQUIRIES,
                "listEnquiries",
                "The enquiries from or to the own organization, the newest first.",
                enquiries.clone(),
            )
        },
        Operation {
            body: Some(schemas.of::<api::EnquiryRequest>()),
            success: Success::Json(201, "Sent, one for each partner.", enquiries),
            errors: [send.errors.clone(), vec![ErrorCode::TooManyAttempts.into()]].concat(),
            ..send
        },
        Operation {
            conditional: true,
            errors: vec![Refusal::SalesAgentRequired.into()],
            ..read(routes::ENQUIRY, "getEnquiry", "One enquiry.", enquiry.clone())
        },
        Operation {
            version: false,
            ..change(
                routes::READ_ENQUIRY,
                "readEnquiry",
                "Note that the partner read the enquiry, which the customer sees. Reading it again \
                 changes nothing.",
                enquiry.clone(),
                &answering,
            )
        },
        Operation {
            body: Some(schemas.of::<api::DeclineEnquiry>()),
            ..change(
                routes::DECLINE_ENQUIRY,
                "declineEnquiry",
                "Decline an enquiry; the customer's contact person is told why by mail.",
                enquiry,
                &answering,
            )
        },
    ]
}

fn of_profiles(schemas: &mut Schemas) -> Vec<Operation> {
    let profile = schemas.of::<api::Profile>();
    vec![
        Operation {
            options: PARTNER_OPTIONS,
            errors: vec![Refusal::CustomerOnly.into()],
            ..read(
                routes::PARTNERS,
                "findPartners",
                "The listed partners that serve the own cloud and a country, the best match first.",
                schemas.page::<api::PartnerProfile>(),
            )
        },
        Operation {
            conditional: true,
            errors: vec![Refusal::PartnerOnly.into()],
            ..read(
                routes::PROFILE,
                "getProfile",
                "What the own partner says of itself. Before it said anything, version 0.",
                profile.clone(),
            )
        },
        Operation {
            method: "put",
            version: true,
            body: Some(schemas.of::<api::ProfileRequest>()),
            ..change(
                routes::PROFILE,
                "setProfile",
                "Replace what the own partner says of itself.",
                profile,
                &[Refusal::PartnerOnly, Refusal::AdminAgentRequired],
            )
        },
    ]
}

/// What can be bought, buying it, and taking up an offer.
fn of_purchases(schemas: &mut Schemas) -> Vec<Operation> {
    let subscription = schemas.of::<api::Subscription>();
    let order = change(
        routes::ORDERS,
        "placeOrder",
        "Order a product at the price that was shown: for the own organization, with a partner of \
         record where one is named, or through a relationship for the customer of the own \
         organization, its reseller. The partner of record is told by mail.",
        subscription.clone(),
        &with(
            &[
                Refusal::CustomerOnly,
                Refusal::BillingAdministratorRequired,
                Refusal::CustomerSetsPartnerOfRecord,
                Refusal::PartnerStartsIn21Vianet,
                Refusal::PartnerOnly,
                Refusal::NotAReseller,
                Refusal::RelationshipEnded,
                Refusal::AdminAgentRequired,
                Refusal::AgreementNotAccepted,
                Refusal::PriceChanged,
            ],
            &PARTNER_IDS[..3],
        ),
    );
    let of_order: [Problem; 2] = [ErrorCode::NotFound.into(), ErrorCode::TooManyAttempts.into()];
    vec![
        Operation {
            options: &[(
                "relationship",
                "For a partner: the relationship with the customer for whom it would order.",
            )],
            errors: vec![ErrorCode::NotFound.into()],
            ..read(
                routes::PRODUCTS,
                "listProducts",
                "What can be bought, with the prices in the currency in which the customer pays.",
                schemas.page::<api::Product>(),
            )
        },
        Operation {
            errors: vec![Refusal::CustomerOnly.into()],
            ..read(
                routes::BILLING_ACCOUNTS,
                "listBillingAccounts",
                "The accounts from which the own organization pays.",
                schemas.page::<api::BillingAccount>(),
            )
        },
        Operation {
            repeatable: true,
            body: Some(schemas.of::<api::OrderRequest>()),
            success: Success::Json(
                201,
                "Ordered, now or by the same request before; Location says where it is.",
                subscription.clone(),
            ),
            errors: [order.errors.as_slice(), &of_order].concat(),
            ..order
        },
        Operation {
            success: Success::Json(
                201,
                "Created; Location says where it is.",
                subscription.clone(),
            ),
            ..change(
                routes::CREATE_FROM_OFFER,
                "createFromOffer",
                "Create the trial or the subscription that came with the partner's invitation and \
                 waits, with that partner as its partner of record, who is told by mail. If-Match \
                 names the version of the relationship.",
                subscription,
                &[
                    Refusal::CustomerOnly,
                    Refusal::RelationshipEnded,
                    Refusal::NoOffer,
                    Refusal::BillingAdministratorRequired,
                ],
            )
        },
    ]
}

/// Looking at subscriptions, and managing them.
fn of_subscriptions(schemas: &mut Schemas) -> Vec<Operation> {
    let subscription = schemas.of::<api::Subscription>();
    let managing = [
        Refusal::ManagedByReseller,
        Refusal::NotTheSeller,
        Refusal::SubscriptionEnded,
        Refusal::RelationshipEnded,
        Refusal::PartnerNotInCloud,
        Refusal::AdminAgentRequired,
        Refusal::AgreementNotAccepted,
        Refusal::BillingAdministratorRequired,
    ];
    let suspended = [Refusal::SubscriptionSuspended];
    vec![
        Operation {
            options: SUBSCRIPTION_OPTIONS,
            ..read(
                routes::SUBSCRIPTIONS,
                "listSubscriptions",
                "The subscriptions of the own organization; of a partner, those that it sells or is \
                 the partner of record of. A partner sees itself alone: not the other partner of \
                 a subscription, nor a price at which it doesn't sell.",
                schemas.page::<api::Subscription>(),
            )
        },
        Operation {
            // A file holds all of them, whichever page was looked at.
            options: &SUBSCRIPTION_OPTIONS[..5],
            success: Success::Csv,
            ..read(
                routes::SUBSCRIPTIONS_EXPORT,
                "exportSubscriptions",
                "The same list as CSV, all of it. What is changed in its column partnerId can be \
                 brought back by planPartnersOfRecord.",
                Value::Null,
            )
        },
        Operation {
            conditional: true,
            ..read(
                routes::SUBSCRIPTION,
                "getSubscription",
                "One subscription.",
                subscription.clone(),
            )
        },
        Operation {
            method: "patch",
            body: Some(schemas.of::<api::QuantityRequest>()),
            ..change(
                routes::SUBSCRIPTION,
                "changeQuantity",
                "Change how many licenses a subscription has.",
                subscription.clone(),
                &with(&managing, &suspended),
            )
        },
        read(
            routes::SUBSCRIPTION_HISTORY,
            "getSubscriptionHistory",
            "Every partner of record that a subscription had, the one of now first; a partner sees \
             its own times alone.",
            schemas.page::<api::PartnerPeriod>(),
        ),
        change(
            routes::SUSPEND_SUBSCRIPTION,
            "suspendSubscription",
            "Suspend a subscription: it can't be used until it is reactivated.",
            subscription.clone(),
            &with(&managing, &with(&suspended, &[Refusal::SubscriptionIsTrial])),
        ),
        change(
            routes::REACTIVATE_SUBSCRIPTION,
            "reactivateSubscription",
            "Let a suspended subscription run again.",
            subscription.clone(),
            &with(&managing, &[Refusal::SubscriptionNotSuspended]),
        ),
        change(
            routes::CANCEL_SUBSCRIPTION,
            "cancelSubscription",
            "Cancel a subscription, for good.",
            subscription,
            &managing,
        ),
    ]
}

/// Who sets the partner of record, and of what.
const SETTING: &[Refusal] = &[
    Refusal::CustomerSetsPartnerOfRecord,
    Refusal::BillingAdministratorRequired,
    Refusal::PartnerStartsIn21Vianet,
    Refusal::SubscriptionEnded,
];

/// Which Partner IDs can't be a partner of record.
const PARTNER_IDS: &[Refusal] = &[
    Refusal::PartnerIdNotFound,
    Refusal::PartnerIdIsGlobalAccount,
    Refusal::PartnerNotInCloud,
    Refusal::PartnerOfRecordUnchanged,
];

fn of_partners_of_record(schemas: &mut Schemas) -> Vec<Operation> {
    let subscription = schemas.of::<api::Subscription>();
    let id = schemas.of::<api::PartnerIdRequest>();
    let list = schemas.of::<api::PlanRequest>();
    let too_many = |operation: &Operation| {
        [operation.errors.clone(), vec![ErrorCode::TooManyAttempts.into()]].concat()
    };
    let check = change(
        routes::CHECK_PARTNER_ID,
        "checkPartnerId",
        "Whose a Partner ID is, and whether it can be a partner of record here. Changes nothing, \
         but counts: an organization can look up 200 different ones within 24 hours, here and \
         wherever else one is sent. Retry-After says how long to wait.",
        schemas.of::<api::CheckedPartnerId>(),
        &SETTING[..2],
    );
    let set = change(
        routes::PARTNER_OF_RECORD,
        "setPartnerOfRecord",
        "Make a partner the partner of record, in place of the one that there may be. Both are \
         told by mail.",
        subscription.clone(),
        &with(SETTING, PARTNER_IDS),
    );
    let plan = change(
        routes::PLAN_PARTNERS_OF_RECORD,
        "planPartnersOfRecord",
        "What setting or removing the partner of record of many subscriptions would change, and \
         everything that is wrong with it by line. A file of CSV has the columns subscriptionId \
         and partnerId, an empty one to remove, beside any others; at the most 10,000 lines and \
         2 MiB. Changes nothing, but counts the Partner IDs that are looked up.",
        schemas.of::<api::Plan>(),
        &SETTING[..2],
    );
    let apply = change(
        routes::APPLY_PARTNERS_OF_RECORD,
        "applyPartnersOfRecord",
        "Do what the plan of the same body says, all of it or nothing. If-Match names the plan: \
         where it would be another one now, nothing is done.",
        schemas.of::<api::AppliedPlan>(),
        &SETTING[..2],
    );
    vec![
        Operation {
            body: Some(id.clone()),
            errors: [too_many(&check), vec![Refusal::PartnerIdNotFound.into()]].concat(),
            ..check
        },
        Operation { method: "put", body: Some(id), errors: too_many(&set), ..set },
        Operation {
            method: "delete",
            ..change(
                routes::PARTNER_OF_RECORD,
                "removePartnerOfRecord",
                "Leave a subscription without a partner of record, and tell the one that was.",
                subscription,
                &[
                    Refusal::CustomerSetsPartnerOfRecord,
                    Refusal::BillingAdministratorRequired,
                    Refusal::SubscriptionEnded,
                    Refusal::NoPartnerOfRecord,
                ],
            )
        },
        Operation { body: Some(list.clone()), takes_csv: true, ..plan },
        Operation {
            version: true,
            body: Some(list),
            takes_csv: true,
            errors: [apply.errors.clone(), vec![ErrorCode::PlanHasProblems.into()]].concat(),
            ..apply
        },
    ]
}

fn of_agreement(schemas: &mut Schemas) -> Vec<Operation> {
    vec![
        Operation {
            conditional: true,
            options: &[(
                "language",
                "`en`, `nl`, `de` or `zh-CN`; else Accept-Language decides. Where there is no text \
                 in it, another comes.",
            )],
            errors: vec![Refusal::CustomerOnly.into(), Refusal::AgreementUnavailable.into()],
            ..read(
                routes::AGREEMENT,
                "getAgreement",
                "The current Microsoft Customer Agreement of the own cloud.",
                schemas.of::<api::Agreement>(),
            )
        },
        Operation {
            body: Some(schemas.of::<api::AcceptAgreement>()),
            ..change(
                routes::ACCEPT_AGREEMENT,
                "acceptAgreement",
                "Accept the agreement alone.",
                schemas.of::<api::AgreementAcceptance>(),
                &[
                    Refusal::CustomerOnly,
                    Refusal::BillingAdministratorRequired,
                    Refusal::AgreementNotAcknowledged,
                    Refusal::AgreementChanged,
                    Refusal::AgreementAlreadyAccepted,
                    Refusal::AgreementUnavailable,
                ],
            )
        },
    ]
}

fn of_the_rest(schemas: &mut Schemas) -> Vec<Operation> {
    let open = |operation: Operation| Operation { session: false, ..operation };
    vec![
        Operation {
            options: &[
                ("$top", "How many at the most, 1 to 300; 100 where not given."),
                ("$skiptoken", "Where to go on; comes with `@odata.nextLink`."),
            ],
            ..read(
                routes::ACTIVITY,
                "listActivity",
                "The audit log of the own organization, the newest first.",
                schemas.page::<api::ActivityEntry>(),
            )
        },
        Operation {
            errors: vec![
                Refusal::GlobalAdministratorRequired.into(),
                Refusal::AdminAgentRequired.into(),
            ],
            ..read(
                routes::OUTBOX,
                "listOutbox",
                "The mails for the own organization; on a server with sample data all, for everybody.",
                schemas.page::<api::Mail>(),
            )
        },
        open(read(
            routes::SITE,
            "getSite",
            "What everybody may know of this server.",
            schemas.of::<api::Site>(),
        )),
        open(Operation {
            errors: vec![ErrorCode::Unavailable.into()],
            ..read(
                routes::HEALTH,
                "getHealth",
                "That the server is up and its database answers.",
                json!({
                    "type": "object",
                    "required": ["status"],
                    "properties": { "status": { "type": "string", "enum": ["ok"] } },
                }),
            )
        }),
        open(read(
            routes::OPENAPI,
            "getDescription",
            "This document.",
            json!({ "type": "object" }),
        )),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn collect<'a>(value: &'a Value, key: &str, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get(key).and_then(Value::as_str));
                object.values().for_each(|value| collect(value, key, found));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, key, found)),
            _ => {}
        }
    }

    fn document() -> Value {
        super::document(&"http://localhost:8080".parse().unwrap())
    }

    #[test]
    fn every_reference_is_resolved_and_every_schema_used() {
        let document = document();
        let mut references = BTreeSet::new();
        collect(&document, "$ref", &mut references);
        let named: BTreeSet<_> = references
            .iter()
            .map(|reference| reference.strip_prefix("#/components/schemas/").unwrap())
            .collect();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let there: BTreeSet<_> = schemas.keys().map(String::as_str).collect();
        assert_eq!(named, there);
        assert!(!document.to_string().contains("\"null\""));
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = document();
        let mut names = BTreeSet::new();
        collect(&document["paths"], "operationId", &mut names);
        assert_eq!(names.len(), operations(&mut Schemas::default()).len());
    }

    #[test]
    fn names_are_listed_and_optional_fields_are_not_required() {
        let schemas = &document()["components"]["schemas"];
        assert_eq!(schemas["Cloud"]["enum"][2], "21vianet");
        assert_eq!(schemas["InvitationId"]["format"], "uuid");
        let relationship = &schemas["Relationship"];
        let required = relationship["required"].as_array().unwrap();
        assert!(required.contains(&"@odata.etag".into()));
        assert!(!required.contains(&"ends".into()));
        assert_eq!(
            relationship["properties"]["adminRoles"]["items"]["$ref"],
            "#/components/schemas/RoleGrant"
        );
    }
}
