//! The addresses of the API and of the pages that mails link to. The page, the
//! server and the tests take them from here.

use rules::{EnquiryId, InvitationId, RelationshipId};

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
/// `GET`: the invitations of the own organisation. `POST`: draft one.
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
/// `GET`: the enquiries of the own organisation. `POST`: send one to each chosen partner.
pub const ENQUIRIES: &str = "/api/enquiries";
/// `GET`: one enquiry.
pub const ENQUIRY: &str = "/api/enquiries/{id}";
/// `POST`: note that it was read.
pub const READ_ENQUIRY: &str = "/api/enquiries/{id}/read";
/// `POST`: decline it (`If-Match`).
pub const DECLINE_ENQUIRY: &str = "/api/enquiries/{id}/decline";
/// `GET`: what the own partner says about itself. `PUT`: change it (`If-Match`).
pub const PROFILE: &str = "/api/profile";
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
