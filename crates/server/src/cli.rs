//! The command line.
#![expect(clippy::doc_markdown, reason = "`--help` prints these comments, which are not Markdown")]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{FalseyValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use lettre::message::Mailbox;
use rules::{
    AccountKind, Cloud, CountryCode, DisplayName, DomainName, EmailAddress, FieldError, Language,
    Note, PartnerId, PhoneNumber, Price, ProductId, UserRole,
};

use crate::config::{field, name, price};
use http_api::PublicUrl;

/// The admin center for an organization's relationships with its Microsoft partners.
#[derive(Parser)]
#[command(name = "accord", version, arg_required_else_help = true)]
pub(crate) struct Accord {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the server
    Serve(Box<Serve>),
    /// Check that no audit log was changed, and print each log's length and last hash
    ///
    /// Every entry contains the SHA-256 of the entry before it. A chain alone cannot show that
    /// its newest entries were cut off: keep the printed lines on another machine and compare.
    /// The exit status is 1 if a chain is broken; the first broken entry is named.
    Verify(DatabaseOption),
    /// Organizations
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Documents of the Microsoft Customer Agreement
    #[command(subcommand)]
    Agreement(AgreementCommand),
    /// Products that customers can buy
    #[command(subcommand)]
    Product(ProductCommand),
    /// Microsoft Partner IDs
    #[command(subcommand)]
    PartnerId(PartnerIds),
}

#[derive(Debug, Args)]
pub(crate) struct DatabaseOption {
    /// The database: the path of an SQLite file
    #[arg(
        long,
        env = "ACCORD_DATABASE",
        value_name = "URL",
        default_value = "accord.sqlite",
        hide_env_values = true
    )]
    pub(crate) database: String,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// The address and port to listen on; port 0 chooses a free one
    #[arg(long, env = "ACCORD_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// Serve the page from this folder instead of the one inside the program
    #[arg(long, env = "ACCORD_SITE", value_name = "FOLDER")]
    pub(crate) site: Option<PathBuf>,
    /// Where users reach the site, such as https://accord.example
    ///
    /// Links in mails begin with it, and requests that change something are accepted from its
    /// pages only. It must be https:// unless it is on this machine. The default is the
    /// address that is listened on.
    #[arg(long, env = "ACCORD_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<PublicUrl>,
    /// Fill an empty database with demo data, and offer its accounts to everyone
    ///
    /// The outbox is open to everyone, too. A database with other organizations is refused.
    #[arg(long, env = "ACCORD_DEMO", value_parser = FalseyValueParser::new())]
    pub(crate) demo: bool,
    /// The mail server: smtp://user:password@host:port (STARTTLS), or smtps://…
    ///
    /// Without one, mail is kept in the outbox. Connections are encrypted, except to a mail
    /// server on this machine; its certificate must be trusted by this system or by the file
    /// that SSL_CERT_FILE names. In user and password, write @ as %40, : as %3A, / as %2F and
    /// % as %25. Prefer the environment variable: other users of the machine can read the
    /// arguments of a program.
    // Parsed later, because clap prints values that it cannot parse, including passwords.
    #[arg(
        long,
        env = "ACCORD_SMTP",
        value_name = "URL",
        hide_env_values = true,
        requires = "mail_from"
    )]
    pub(crate) smtp: Option<String>,
    /// The sender of mails, such as "Accord <no-reply@accord.example>"
    #[arg(long, env = "ACCORD_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<Mailbox>,
    /// The format of log lines on stderr; ACCORD_LOG sets the level, such as debug or warn
    #[arg(long, env = "ACCORD_LOG_FORMAT", value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,
}

/// Format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For programs: one JSON object per line
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Create an organization, and print its ID
    ///
    /// With --partner-id it is a partner, otherwise a customer.
    Create(Box<CreateOrganization>),
}

#[derive(Debug, Args)]
pub(crate) struct CreateOrganization {
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// Its name
    #[arg(long, value_parser = name)]
    pub(crate) name: DisplayName,
    /// Its domain, such as contoso.example; no other organization may have it
    #[arg(long, value_parser = field::<DomainName>)]
    pub(crate) domain: DomainName,
    /// Its country or region, such as NL
    #[arg(long, value_parser = field::<CountryCode>)]
    pub(crate) country: CountryCode,
    /// Its cloud; a partner may have several
    #[arg(long, required = true, value_parser = names(Cloud::ALL, Cloud::as_str))]
    pub(crate) cloud: Vec<Cloud>,
    /// The Microsoft Partner ID, which makes it a partner
    #[arg(long, value_parser = field::<PartnerId>, requires = "email")]
    pub(crate) partner_id: Option<PartnerId>,
    /// The address at which customers reach the partner
    #[arg(long, value_parser = field::<EmailAddress>, requires = "partner_id")]
    pub(crate) email: Option<EmailAddress>,
    /// The partner's telephone number
    #[arg(long, value_parser = field::<PhoneNumber>, requires = "partner_id")]
    pub(crate) phone: Option<PhoneNumber>,
    /// The partner's postal address; it may have several lines
    #[arg(long, value_parser = field::<Note>, requires = "partner_id")]
    pub(crate) address: Option<Note>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Create an account, and print its ID
    Create(Box<CreateUser>),
}

#[derive(Debug, Args)]
pub(crate) struct CreateUser {
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// The organization's ID or domain
    #[arg(long, value_name = "ID|DOMAIN")]
    pub(crate) organization: String,
    /// The address to sign in with; no other account may have it
    #[arg(long, value_parser = field::<EmailAddress>)]
    pub(crate) email: EmailAddress,
    /// The person's name
    #[arg(long, value_parser = name)]
    pub(crate) name: DisplayName,
    /// The person's role, one or more: the first three are for customers, the others for
    /// partners
    #[arg(long, required = true, value_parser = names(UserRole::ALL, UserRole::as_str))]
    pub(crate) role: Vec<UserRole>,
    /// The language of mails to the person
    #[arg(long, default_value = "en", value_parser = names(Language::ALL, Language::as_str))]
    pub(crate) language: Language,
    /// Read the password from standard input, up to the end of its first line
    ///
    /// There is no option for it, because other users of the machine can read the arguments of a
    /// program.
    #[arg(long, required = true)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AgreementCommand {
    /// Add a document: one language of one version of the agreement in one cloud
    ///
    /// Documents are never replaced, because someone may have accepted them: a correction is a
    /// new version. The highest version of a cloud is the current one.
    Add(Box<AddAgreement>),
}

#[derive(Debug, Args)]
pub(crate) struct AddAgreement {
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// The cloud whose organizations accept it
    #[arg(long, value_parser = names(Cloud::ALL, Cloud::as_str))]
    pub(crate) cloud: Cloud,
    /// The language of the text
    #[arg(long, value_parser = names(Language::ALL, Language::as_str))]
    pub(crate) language: Language,
    /// The version: 1 for the first, more for each later one
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) version: u32,
    /// The heading
    #[arg(long, value_parser = name)]
    pub(crate) title: DisplayName,
    /// The file with the text, in UTF-8: paragraphs are separated by empty lines, and one that
    /// begins with "# " is a heading
    #[arg(long, value_name = "PATH")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProductCommand {
    /// Add a product to the catalog of a cloud, and print its ID
    Add(Box<AddProduct>),
    /// Replace the prices of a product
    ///
    /// Existing subscriptions keep the price at which they were bought. Orders at the old price
    /// are refused, and the new price is shown.
    Prices(ProductPrices),
    /// Print all products of all clouds with their IDs and prices
    List(DatabaseOption),
}

#[derive(Debug, Args)]
pub(crate) struct AddProduct {
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// The cloud in which it is sold
    #[arg(long, value_parser = names(Cloud::ALL, Cloud::as_str))]
    pub(crate) cloud: Cloud,
    /// Its name
    #[arg(long, value_parser = name)]
    pub(crate) name: DisplayName,
    /// A description of one or two sentences
    #[arg(long, value_parser = field::<Note>)]
    pub(crate) description: Note,
    /// The price of one license for a month (P1M) or a year (P1Y), such as P1Y=61.20EUR; once
    /// for each term and currency
    ///
    /// Customers see the prices in the currency of their country or region, or in US dollars
    /// if there are none in it.
    #[arg(long, required = true, value_name = "TERM=AMOUNT", value_parser = price)]
    pub(crate) price: Vec<Price>,
}

#[derive(Debug, Args)]
pub(crate) struct ProductPrices {
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// The product's ID, which `accord product list` prints
    #[arg(long, value_parser = field::<ProductId>)]
    pub(crate) id: ProductId,
    /// The new price of one license for a month (P1M) or a year (P1Y), such as P1Y=61.20EUR;
    /// once for each term and currency
    ///
    /// They replace all prices of the product. Without any, the product is no longer sold.
    #[arg(long, value_name = "TERM=AMOUNT", value_parser = price)]
    pub(crate) price: Vec<Price>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PartnerIds {
    /// Add a Microsoft Partner ID to those of a partner
    ///
    /// The ID that the partner was created with belongs to a location.
    Add(Box<AddPartnerId>),
}

#[derive(Debug, Args)]
pub(crate) struct AddPartnerId {
    #[command(flatten)]
    pub(crate) database: DatabaseOption,
    /// The partner's organization ID or domain
    #[arg(long, value_name = "ID|DOMAIN")]
    pub(crate) organization: String,
    /// The Microsoft Partner ID; no other partner may have it
    #[arg(long, value_parser = field::<PartnerId>)]
    pub(crate) id: PartnerId,
    /// Whether it belongs to the whole company (global) or to one location; only a location can
    /// be a partner of record
    #[arg(long, value_parser = names(AccountKind::ALL, AccountKind::as_str))]
    pub(crate) kind: AccountKind,
    /// The name of the account
    #[arg(long, value_parser = name)]
    pub(crate) name: DisplayName,
    /// Its country or region, such as NL
    #[arg(long, value_parser = field::<CountryCode>)]
    pub(crate) country: CountryCode,
    /// Its city
    #[arg(long, value_parser = name)]
    pub(crate) city: Option<DisplayName>,
}

/// Returns a parser for one of the rules' closed sets of names, which `--help` lists.
fn names<T>(all: &'static [T], name: impl Fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: std::str::FromStr<Err = FieldError> + Copy + Send + Sync,
{
    PossibleValuesParser::new(all.iter().map(|value| name(*value)))
        .try_map(|name| name.parse::<T>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Accord::command().debug_assert();
    }

    #[test]
    fn no_password_is_taken_from_the_arguments() {
        let parse = |last: &[&str]| {
            let mut words = vec![
                "accord",
                "user",
                "create",
                "--organization",
                "a.example",
                "--email",
                "anna@a.example",
                "--name",
                "Anna",
                "--role",
                "globalReader",
            ];
            words.extend(last);
            Accord::try_parse_from(words)
        };
        assert!(parse(&["--password-stdin"]).is_ok());
        assert!(parse(&[]).is_err());
        assert!(parse(&["--password", "x"]).is_err());
        assert!(parse(&["--password-stdin=x"]).is_err());
    }
}
