//! The addresses of the API and of the pages that mails link to. The page, the
//! server and the tests take them from here.

use rules::{EnquiryId, InvitationId, RelationshipId, SubscriptionId};

/// What everybody may know of this server: [`crate::Site`].
pub const SITE: &str = "/api/site";
/// `GET`: who is signed in. `POST`: sign in. `DELETE`: sign out.
pub const SESSION: &str = "/api/session";
/// `DELETE`: sign out everywhere.
pub const SESSIONS: &str = "/api/sessions";
/// `GET`: the list of relationships. See [`crate::RelationshipQuery`].
pub const RELATIONSHIPS: &str = "/api/relationships";
/// `GET`: the same list as CSV, all of it on one page; the same query.
pub const RELATIONSHIPS_EXPORT: &str = "/api/relationships/export";
/// `GET`: one relationship. `DELETE`: delete it (`If-Match`).
pub const RELATIONSHIP: &str = "/api/relationships/{id}";
/// `POST`: remove the admin roles (`If-Match`).
pub const REMOVE_ADMIN_ROLES: &str = "/api/relationships/{id}/removeAdminRoles";
/// `POST`: give up one's own admin roles, as the partner (`If-Match`).
pub const GIVE_UP_ADMIN_ROLES: &str = "/api/relationships/{id}/giveUpAdminRoles";
/// `POST`: end it, as the partner (`If-Match`).
pub const END_RELATIONSHIP: &str = "/api/relationships/{id}/end";
/// `GET`: the entries of the audit log about one relationship.
pub const RELATIONSHIP_HISTORY: &str = "/api/relationships/{id}/history";
/// `POST`: create what the partner offered and waits, as the customer (`If-Match`: the
/// relationship's version).
pub const CREATE_FROM_OFFER: &str = "/api/relationships/{id}/createFromOffer";
/// `GET`: the invitations of the own organization. `POST`: draft one.
pub const INVITATIONS: &str = "/api/invitations";
/// `POST`: the invitation of a link's token. Changes nothing.
pub const LOOK_UP_INVITATION: &str = "/api/invitations/lookUp";
/// `GET`: one invitation. `PATCH`: change a draft (`If-Match`).
pub const INVITATION: &str = "/api/invitations/{id}";
/// `POST`: accept it (`If-Match`).
pub const ACCEPT_INVITATION: &str = "/api/invitations/{id}/accept";
/// `POST`: cancel it (`If-Match`).
pub const CANCEL_INVITATION: &str = "/api/invitations/{id}/cancel";
/// `POST`: send it (`If-Match`).
pub const SEND_INVITATION: &str = "/api/invitations/{id}/send";
/// `POST`: send it once more, with a new link (`If-Match`).
pub const RESEND_INVITATION: &str = "/api/invitations/{id}/resend";
/// `GET`: its mail as it would be sent, with a link that leads nowhere; `?language=` asks
/// for another language than that of the invitation.
pub const INVITATION_MAIL: &str = "/api/invitations/{id}/mail";
/// `GET`: the HTML of the same mail as a document, for a frame of the own page; the same
/// query.
pub const INVITATION_MAIL_HTML: &str = "/api/invitations/{id}/mail/html";
/// `POST`: withdraw it (`If-Match`).
pub const WITHDRAW_INVITATION: &str = "/api/invitations/{id}/withdraw";
/// `GET`: the partners that serve the own cloud and a country, best match first. See
/// [`crate::PartnerQuery`].
pub const PARTNERS: &str = "/api/partners";
/// `GET`: the enquiries of the own organization. `POST`: send one to each chosen partner.
pub const ENQUIRIES: &str = "/api/enquiries";
/// `GET`: one enquiry.
pub const ENQUIRY: &str = "/api/enquiries/{id}";
/// `POST`: note that it was read.
pub const READ_ENQUIRY: &str = "/api/enquiries/{id}/read";
/// `POST`: decline it (`If-Match`).
pub const DECLINE_ENQUIRY: &str = "/api/enquiries/{id}/decline";
/// `GET`: what the own partner says about itself. `PUT`: change it (`If-Match`).
pub const PROFILE: &str = "/api/profile";
/// `GET`: what can be bought in the own cloud; for a partner, `?relationship=` names the
/// customer for whom it would order.
pub const PRODUCTS: &str = "/api/products";
/// `GET`: the accounts from which the own organization pays.
pub const BILLING_ACCOUNTS: &str = "/api/billingAccounts";
/// `POST`: place an order; the header [`REPEATABILITY_REQUEST_ID`] is required.
pub const ORDERS: &str = "/api/orders";
/// `GET`: the subscriptions of the own organization; of a partner, those that it sells or
/// is the partner of record of. See [`crate::SubscriptionQuery`].
pub const SUBSCRIPTIONS: &str = "/api/subscriptions";
/// `GET`: the same list as CSV, all of it on one page; the same query.
pub const SUBSCRIPTIONS_EXPORT: &str = "/api/subscriptions/export";
/// `GET`: one subscription. `PATCH`: change how many licenses it has (`If-Match`).
pub const SUBSCRIPTION: &str = "/api/subscriptions/{id}";
/// `GET`: every partner of record that it had, newest first.
pub const SUBSCRIPTION_HISTORY: &str = "/api/subscriptions/{id}/history";
/// `PUT`: set its partner of record. `DELETE`: remove it (both `If-Match`).
pub const PARTNER_OF_RECORD: &str = "/api/subscriptions/{id}/partnerOfRecord";
/// `POST`: suspend it (`If-Match`).
pub const SUSPEND_SUBSCRIPTION: &str = "/api/subscriptions/{id}/suspend";
/// `POST`: let it run again (`If-Match`).
pub const REACTIVATE_SUBSCRIPTION: &str = "/api/subscriptions/{id}/reactivate";
/// `POST`: cancel it (`If-Match`).
pub const CANCEL_SUBSCRIPTION: &str = "/api/subscriptions/{id}/cancel";
/// `POST`: what setting or removing the partner of record of many subscriptions would
/// change. Takes [`crate::PlanRequest`] as JSON, or a file as CSV. Changes nothing.
pub const PLAN_PARTNERS_OF_RECORD: &str = "/api/subscriptions/partnersOfRecord/plan";
/// `POST`: do what the plan of the same body says, all or nothing (`If-Match`: the plan's
/// version).
pub const APPLY_PARTNERS_OF_RECORD: &str = "/api/subscriptions/partnersOfRecord/apply";
/// `POST`: whose Partner ID one is. Changes nothing but the count of what was looked up.
pub const CHECK_PARTNER_ID: &str = "/api/partnerIds/check";
/// `GET`: the current agreement; `?language=` asks for a language.
pub const AGREEMENT: &str = "/api/agreement";
/// `POST`: accept it alone.
pub const ACCEPT_AGREEMENT: &str = "/api/agreement/accept";
/// `GET`: the audit log, newest first; `?$top=` and `?$skiptoken=`.
pub const ACTIVITY: &str = "/api/activity";
/// `GET`: the mails that wait or are kept.
pub const OUTBOX: &str = "/api/outbox";
/// `GET`: the description of this API.
pub const OPENAPI: &str = "/api/openapi.json";
/// `GET`: that the server is up and its database answers.
pub const HEALTH: &str = "/api/health";

/// The page that an invitation's link opens; the token stands behind a `#`, so
/// that no server and no `Referer` ever sees it.
pub const INVITATION_PAGE: &str = "/partner-invitation";
/// The page on which customers find partners; a mail of a declined enquiry leads there.
pub const PARTNERS_PAGE: &str = "/partners";
/// The page of a partner's enquiries; that of one has its identifier behind it.
pub const ENQUIRIES_PAGE: &str = "/enquiries";
/// The page of the partners of a customer; that of one has its identifier behind it.
pub const RELATIONSHIPS_PAGE: &str = "/settings/partner-relationships";

/// The page of the customers of a partner; that of one has the relationship's identifier
/// behind it.
pub const CUSTOMERS_PAGE: &str = "/customers";
/// The page of what the own organization uses; that of one subscription has its identifier
/// behind it.
pub const SUBSCRIPTIONS_PAGE: &str = "/billing/subscriptions";
/// The page on which services are bought; the checkout of a product has its identifier
/// behind it.
pub const PURCHASE_PAGE: &str = "/billing/purchase";

/// The header in which an order names itself (OASIS Repeatable Requests 1.0): sent twice
/// with the same identifier, it is placed once.
pub const REPEATABILITY_REQUEST_ID: &str = "repeatability-request-id";
/// The header that says that a repeatable request was taken: `accepted`.
pub const REPEATABILITY_RESULT: &str = "repeatability-result";

/// The address of a route for one relationship.
#[must_use]
pub fn of_relationship(route: &str, id: RelationshipId) -> String {
    route.replace("{id}", &id.to_string())
}

/// The address of a route for one enquiry.
#[must_use]
pub fn of_enquiry(route: &str, id: EnquiryId) -> String {
    route.replace("{id}", &id.to_string())
}

/// The address of a route for one invitation.
#[must_use]
pub fn of_invitation(route: &str, id: InvitationId) -> String {
    route.replace("{id}", &id.to_string())
}

/// The address of a route for one subscription.
#[must_use]
pub fn of_subscription(route: &str, id: SubscriptionId) -> String {
    route.replace("{id}", &id.to_string())
}
