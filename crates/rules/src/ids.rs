//! Identifiers, one type a kind, so that one kind can't be passed for another.

/// An identifier made by the program: a GUID whose first 48 bits are the time
/// (RFC 9562, version 7), so that later rows come later in an index.
macro_rules! id {
    ($($(#[$docs:meta])+ $type:ident),+ $(,)?) => {$(
        $(#[$docs])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(u128);

        impl $type {
            /// A new identifier of this moment, from 74 random bits.
            #[must_use]
            pub const fn new(now: crate::Timestamp, random: u128) -> Self {
                Self(version_7(now, random))
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write(self.0, formatter)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write(self.0, formatter)
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::FieldError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse(text).map(Self).ok_or(crate::FieldError::NotAnId)
            }
        }

        impl TryFrom<String> for $type {
            type Error = crate::FieldError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }

        crate::string_schema!($type "uuid");
    )+};
}

id! {
    /// An organization, customer or partner: what Microsoft calls the tenant ID.
    OrganizationId,
    /// A person's account in one organization.
    UserId,
    /// A partner's invitation to a customer.
    InvitationId,
    /// A customer's enquiry to one partner.
    EnquiryId,
    /// A relationship between a customer and a partner.
    RelationshipId,
    /// One acceptance of an agreement by one organization.
    AcceptanceId,
    /// A mail in the outbox.
    MailId,
    /// A product in the catalog of a cloud.
    ProductId,
    /// A subscription of a customer.
    SubscriptionId,
    /// An account from which a customer pays.
    BillingAccountId,
    /// An order as whoever places it names it, so that the same order that arrives twice
    /// is placed once (`Repeatability-Request-ID`).
    OrderRequestId,
}

impl InvitationId {
    /// Forty of its random bits, from which the code is made that people compare.
    pub(crate) const fn random(self) -> u64 {
        (self.0 & 0xff_ffff_ffff) as u64
    }
}

const fn version_7(now: crate::Timestamp, random: u128) -> u128 {
    // The moment is between 1970 and 9999, so it is positive and fits 48 bits.
    #[expect(clippy::cast_sign_loss, reason = "a Timestamp is never negative")]
    let time = now.milliseconds() as u128;
    let high = (random >> 62) & 0xfff;
    let low = random & 0x3fff_ffff_ffff_ffff;
    (time << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low
}

fn write(value: u128, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    write!(
        formatter,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        value >> 96,
        (value >> 80) & 0xffff,
        (value >> 64) & 0xffff,
        (value >> 48) & 0xffff,
        value & 0xffff_ffff_ffff
    )
}

/// Reads the usual form of a GUID, in either case and nothing around it.
pub(crate) fn parse(text: &str) -> Option<u128> {
    if text.len() != 36 {
        return None;
    }
    let mut value = 0;
    for (place, character) in text.chars().enumerate() {
        match (place, character) {
            (8 | 13 | 18 | 23, '-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            (_, character) => value = value << 4 | u128::from(character.to_digit(16)?),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Timestamp;

    #[test]
    fn the_version_and_the_variant_are_those_of_rfc_9562() {
        let id =
            UserId::new(Timestamp::from_milliseconds(1_700_000_000_000), u128::MAX).to_string();
        assert_eq!(id, "018bcfe5-6800-7fff-bfff-ffffffffffff");
    }

    proptest! {
        #[test]
        fn an_id_survives_a_round_trip(value: u128) {
            let id = UserId(value);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        }

        #[test]
        fn any_other_text_is_refused_without_a_panic(text in "\\PC{0,40}") {
            if text.len() != 36 {
                prop_assert!(text.parse::<UserId>().is_err());
            }
        }
    }
}
