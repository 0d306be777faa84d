//! Addresses of the API, and of the pages that mails link to.

use rules::{EnquiryId, InvitationId, MailId, RelationshipAction, RelationshipId, SubscriptionId};

/// `GET`: public facts about the server ([`crate::Site`]).
pub const SITE: &str = "/api/site";
/// `GET`: current session. `POST`: sign in. `DELETE`: sign out.
pub const SESSION: &str = "/api/session";
/// `DELETE`: end all sessions of the account.
pub const SESSIONS: &str = "/api/sessions";
/// `GET`: list of relationships ([`crate::RelationshipQuery`]).
pub const RELATIONSHIPS: &str = "/api/relationships";
/// `GET`: the same list as one CSV file, with the same query.
pub const RELATIONSHIPS_EXPORT: &str = "/api/relationships/export";
/// `GET`: a relationship. `DELETE`: delete it (`If-Match`).
pub const RELATIONSHIP: &str = "/api/relationships/{id}";
/// `GET`: audit entries about a relationship.
pub const RELATIONSHIP_HISTORY: &str = "/api/relationships/{id}/history";
/// `GET`: invitations of the caller's organization. `POST`: draft an invitation.
pub const INVITATIONS: &str = "/api/invitations";
/// `POST`: returns the invitation of a link's token. Changes nothing.
pub const LOOK_UP_INVITATION: &str = "/api/invitations/lookUp";
/// `GET`: an invitation. `PATCH`: edit a draft (`If-Match`).
pub const INVITATION: &str = "/api/invitations/{id}";
/// `POST`: accept the invitation (`If-Match`).
pub const ACCEPT_INVITATION: &str = "/api/invitations/{id}/accept";
/// `POST`: cancel the invitation (`If-Match`).
pub const CANCEL_INVITATION: &str = "/api/invitations/{id}/cancel";
/// `POST`: send the invitation (`If-Match`).
pub const SEND_INVITATION: &str = "/api/invitations/{id}/send";
/// `POST`: send the invitation again, with a new link (`If-Match`).
pub const RESEND_INVITATION: &str = "/api/invitations/{id}/resend";
/// `GET`: preview of the invitation's mail, with a link that leads nowhere. `?language=`
/// selects another language than that of the invitation.
pub const INVITATION_MAIL: &str = "/api/invitations/{id}/mail";
/// `GET`: HTML of the same mail as a document, for a frame in the page, with the same query.
pub const INVITATION_MAIL_HTML: &str = "/api/invitations/{id}/mail/html";
/// `POST`: withdraw the invitation (`If-Match`).
pub const WITHDRAW_INVITATION: &str = "/api/invitations/{id}/withdraw";
/// `GET`: partners that serve the caller's cloud and a country, best match first
/// ([`crate::PartnerQuery`]).
pub const PARTNERS: &str = "/api/partners";
/// `GET`: enquiries of the caller's organization. `POST`: send an enquiry to each partner.
pub const ENQUIRIES: &str = "/api/enquiries";
/// `GET`: an enquiry.
pub const ENQUIRY: &str = "/api/enquiries/{id}";
/// `POST`: mark the enquiry as read.
pub const READ_ENQUIRY: &str = "/api/enquiries/{id}/read";
/// `POST`: decline the enquiry (`If-Match`).
pub const DECLINE_ENQUIRY: &str = "/api/enquiries/{id}/decline";
/// `GET`: profile of the caller's organization. `PUT`: change it (`If-Match`).
pub const PROFILE: &str = "/api/profile";
/// `GET`: products in the caller's cloud. For a partner, `?relationship=` selects the customer
/// for whom it would order.
pub const PRODUCTS: &str = "/api/products";
/// `GET`: billing accounts of the caller's organization.
pub const BILLING_ACCOUNTS: &str = "/api/billingAccounts";
/// `POST`: place an order. The header [`REPEATABILITY_REQUEST_ID`] is required.
pub const ORDERS: &str = "/api/orders";
/// `GET`: subscriptions of the caller's organization. For a partner: those that it sells or is
/// the partner of record of ([`crate::SubscriptionQuery`]).
pub const SUBSCRIPTIONS: &str = "/api/subscriptions";
/// `GET`: the same list as one CSV file, with the same query.
pub const SUBSCRIPTIONS_EXPORT: &str = "/api/subscriptions/export";
/// `GET`: a subscription. `PATCH`: change the number of licenses (`If-Match`).
pub const SUBSCRIPTION: &str = "/api/subscriptions/{id}";
/// `GET`: partners of record of a subscription, newest first.
pub const SUBSCRIPTION_HISTORY: &str = "/api/subscriptions/{id}/history";
/// `PUT`: set the partner of record. `DELETE`: remove it (both `If-Match`).
pub const PARTNER_OF_RECORD: &str = "/api/subscriptions/{id}/partnerOfRecord";
/// `POST`: suspend the subscription (`If-Match`).
pub const SUSPEND_SUBSCRIPTION: &str = "/api/subscriptions/{id}/suspend";
/// `POST`: reactivate the subscription (`If-Match`).
pub const REACTIVATE_SUBSCRIPTION: &str = "/api/subscriptions/{id}/reactivate";
/// `POST`: cancel the subscription (`If-Match`).
pub const CANCEL_SUBSCRIPTION: &str = "/api/subscriptions/{id}/cancel";
/// `POST`: plan a change to the partners of record of many subscriptions. Takes a
/// [`crate::PlanRequest`] as JSON, or a CSV file. Changes nothing.
pub const PLAN_PARTNERS_OF_RECORD: &str = "/api/subscriptions/partnersOfRecord/plan";
/// `POST`: apply the plan of the same body, all or nothing (`If-Match`: version of the plan).
pub const APPLY_PARTNERS_OF_RECORD: &str = "/api/subscriptions/partnersOfRecord/apply";
/// `POST`: look up a Partner ID. Changes nothing except the number of lookups.
pub const CHECK_PARTNER_ID: &str = "/api/partnerIds/check";
/// `GET`: current agreement. `?language=` selects a language.
pub const AGREEMENT: &str = "/api/agreement";
/// `POST`: accept the agreement without an invitation.
pub const ACCEPT_AGREEMENT: &str = "/api/agreement/accept";
/// `GET`: audit log, newest first. Takes `?$top=` and `?$skiptoken=`.
pub const ACTIVITY: &str = "/api/activity";
/// `GET`: mails in the outbox.
pub const OUTBOX: &str = "/api/outbox";
/// `GET`: a mail in the outbox.
pub const OUTBOX_MAIL: &str = "/api/outbox/{id}";
/// `GET`: OpenAPI description of the API.
pub const OPENAPI: &str = "/api/openapi.json";
/// `GET`: checks that the server is up and that its database responds.
pub const HEALTH: &str = "/api/health";

/// Page that an invitation's link opens. The token is after a `#`, so that no server and no
/// `Referer` contains it.
pub const INVITATION_PAGE: &str = "/partner-invitation";
/// Page on which customers find partners. The mail about a declined enquiry links to it.
pub const PARTNERS_PAGE: &str = "/partners";
/// Page of a partner's enquiries. The identifier of an enquiry can follow.
pub const ENQUIRIES_PAGE: &str = "/enquiries";
/// Page of a customer's partners. The identifier of a relationship can follow.
pub const RELATIONSHIPS_PAGE: &str = "/settings/partner-relationships";

/// Page of a partner's customers. The identifier of a relationship can follow.
pub const CUSTOMERS_PAGE: &str = "/customers";
/// Page of subscriptions. The identifier of a subscription can follow.
pub const SUBSCRIPTIONS_PAGE: &str = "/billing/subscriptions";
/// Page on which services are bought. The identifier of a product can follow, for its checkout.
pub const PURCHASE_PAGE: &str = "/billing/purchase";

/// Request header with the identifier of an order (OASIS Repeatable Requests 1.0). An order that
/// is sent twice with the same identifier is placed once.
pub const REPEATABILITY_REQUEST_ID: &str = "repeatability-request-id";
/// Response header of an order that was placed: `accepted`.
pub const REPEATABILITY_RESULT: &str = "repeatability-result";

/// Returns the address of a route for this relationship.
#[must_use]
pub fn of_relationship(route: &str, id: RelationshipId) -> String {
    route.replace("{id}", &id.to_string())
}

/// Returns the address of an action on this relationship (`POST` with `If-Match`), such as
/// `/api/relationships/…/removeAdminRoles`. The last part is the name of the action.
#[must_use]
pub fn of_relationship_action(action: RelationshipAction, id: RelationshipId) -> String {
    format!("{RELATIONSHIPS}/{id}/{action}")
}

/// Returns the address of a route for this enquiry.
#[must_use]
pub fn of_enquiry(route: &str, id: EnquiryId) -> String {
    route.replace("{id}", &id.to_string())
}

/// Returns the address of a route for this invitation.
#[must_use]
pub fn of_invitation(route: &str, id: InvitationId) -> String {
    route.replace("{id}", &id.to_string())
}

/// Returns the address of a route for this mail.
#[must_use]
pub fn of_mail(route: &str, id: MailId) -> String {
    route.replace("{id}", &id.to_string())
}

/// Returns the address of a route for this subscription.
#[must_use]
pub fn of_subscription(route: &str, id: SubscriptionId) -> String {
    route.replace("{id}", &id.to_string())
}
