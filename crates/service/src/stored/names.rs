//! Names of values in stored rows: in columns, in JSON and in the audit log. They must never
//! change. Names in the API are declared with the types and may change, so they are listed
//! here again, except those of audit actions. Not listed are types whose names are a standard's: languages, currencies and
//! terms.

use api::{AuditAction, MailStatus, TargetKind};
use rules::{
    AccountKind, AdminRole, Cloud, EndedBy, EnquiryStatus, Industry, InvitationStatus, OfferKind,
    OrganizationKind, OrganizationSize, PartnerType, Service, UserRole,
};

use super::StoredName;

macro_rules! stored_names {
    ($($type:ident { $($value:ident = $name:literal),+ $(,)? })+) => {$(
        impl StoredName for $type {
            fn stored_name(&self) -> &'static str {
                match self {
                    $(Self::$value => $name,)+
                }
            }

            fn from_stored_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$value),)+
                    _ => None,
                }
            }
        }
    )+};
}

/// An action is stored by its name in the API, because every use case adds one. An action
/// that is renamed in the API keeps its stored name here; `tests/golden/stored/` has all.
impl StoredName for AuditAction {
    fn stored_name(&self) -> &'static str {
        self.as_str()
    }

    fn from_stored_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

stored_names! {
    AccountKind {
        Global = "global",
        Location = "location",
    }
    AdminRole {
        GlobalAdministrator = "globalAdministrator",
        HelpdeskAdministrator = "helpdeskAdministrator",
    }
    Cloud {
        Worldwide = "worldwide",
        Germany = "germany",
        Vianet21 = "21vianet",
    }
    EndedBy {
        Customer = "customer",
        Partner = "partner",
    }
    EnquiryStatus {
        Sent = "sent",
        Read = "read",
        Declined = "declined",
        Invited = "invited",
        Expired = "expired",
    }
    Industry {
        AgricultureForestryAndFishing = "agricultureForestryAndFishing",
        CommunicationsAndMedia = "communicationsAndMedia",
        Education = "education",
        FinancialServices = "financialServices",
        Government = "government",
        Healthcare = "healthcare",
        Hospitality = "hospitality",
        Manufacturing = "manufacturing",
        PowerAndUtilities = "powerAndUtilities",
        PublicSafetyAndNationalSecurity = "publicSafetyAndNationalSecurity",
        RetailAndConsumerGoods = "retailAndConsumerGoods",
        Services = "services",
        TravelAndTransportation = "travelAndTransportation",
        WholesaleAndDistribution = "wholesaleAndDistribution",
    }
    InvitationStatus {
        Draft = "draft",
        Sent = "sent",
        Accepted = "accepted",
        Canceled = "canceled",
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
    MailStatus {
        Waiting = "waiting",
        Sent = "sent",
        Failed = "failed",
        Superseded = "superseded",
    }
    OfferKind {
        Trial = "trial",
        Purchase = "purchase",
    }
    OrganizationKind {
        Customer = "customer",
        Partner = "partner",
    }
    OrganizationSize {
        From1To9 = "1to9",
        From10To50 = "10to50",
        From51To250 = "51to250",
        From251To1000 = "251to1000",
        From1001To5000 = "1001to5000",
        From5001To10000 = "5001to10000",
        From10001To20000 = "10001to20000",
        MoreThan20000 = "moreThan20000",
    }
    PartnerType {
        Reseller = "reseller",
        DelegatedAdministrator = "delegatedAdministrator",
        ResellerAndDelegatedAdministrator = "resellerAndDelegatedAdministrator",
        Partner = "partner",
        Advisor = "advisor",
        Mpsa = "mpsa",
        OemPc = "oemPc",
        Lob = "lob",
    }
    Service {
        Consulting = "consulting",
        CustomSolution = "customSolution",
        DeploymentOrMigration = "deploymentOrMigration",
        Hardware = "hardware",
        Integration = "integration",
        IpServices = "ipServices",
        LearningAndCertification = "learningAndCertification",
        Licensing = "licensing",
        ManagedServices = "managedServices",
        ProjectServices = "projectServices",
    }
    TargetKind {
        Organization = "organization",
        User = "user",
        Invitation = "invitation",
        Relationship = "relationship",
        Agreement = "agreement",
        Enquiry = "enquiry",
        Profile = "profile",
        Subscription = "subscription",
    }
    UserRole {
        GlobalAdministrator = "globalAdministrator",
        BillingAdministrator = "billingAdministrator",
        GlobalReader = "globalReader",
        AdminAgent = "adminAgent",
        SalesAgent = "salesAgent",
        HelpdeskAgent = "helpdeskAgent",
    }
}
