//! The partner search: the same results in the same order in both stores.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rules::search::search_words;
use rules::{Cloud, DisplayName, Industry, Location, OrganizationSize, Profile, Service};
use service::Write;
use service::model::{FoundPartner, Organization, PartnerRank, PartnerSearch};
use store::Memory;

use crate::engines::{Engine, OnDisk, on_every_engine};
use crate::samples::{organization_id, partner_with};

on_every_engine!(
    words_of_every_language,
    the_last_word_may_be_a_beginning,
    all_words_must_match,
    the_best_match_comes_first,
    filters,
    towns,
    pages_neither_lose_nor_repeat,
    an_unlisted_profile_is_never_found,
    a_changed_profile_is_found_by_its_new_words,
    refused_work_leaves_the_index_as_it_was,
    query_syntax_is_searched_as_plain_words,
    a_rank_from_nowhere_is_no_error,
);

/// A partner with this number and name, whose otherwise empty profile serves the Netherlands in
/// the worldwide cloud.
fn of(number: u128, name: &str) -> (Organization, Profile) {
    let organization = partner_with(number, name, &[Cloud::Worldwide]);
    let profile = Profile {
        countries: vec!["NL".parse().unwrap()],
        listed: true,
        version: 1,
        ..Profile::empty(organization.id())
    };
    (organization, profile)
}

fn described(number: u128, name: &str, description: &str) -> (Organization, Profile) {
    let (organization, profile) = of(number, name);
    (organization, Profile { description: Some(description.parse().unwrap()), ..profile })
}

fn location(country: &str, city: &str) -> Location {
    Location { country: country.parse().unwrap(), city: Some(city.parse().unwrap()) }
}

fn keep(engine: &impl Engine, partners: &[(Organization, Profile)]) {
    let partners = partners.to_vec();
    engine
        .write(move |store| {
            for (organization, profile) in &partners {
                store.insert_organization(organization)?;
                store.set_profile(profile)?;
            }
            Ok(())
        })
        .unwrap();
}

fn set(engine: &impl Engine, profile: &Profile) {
    let profile = profile.clone();
    engine.write(move |store| Ok(store.set_profile(&profile)?)).unwrap();
}

/// A search for partners that serve the Netherlands in the worldwide cloud.
fn typed(words: &str) -> PartnerSearch {
    PartnerSearch {
        cloud: Cloud::Worldwide,
        country: "NL".parse().unwrap(),
        city: None,
        size: None,
        words: search_words(words),
    }
}

fn search(
    engine: &impl Engine,
    search: &PartnerSearch,
    after: Option<&PartnerRank>,
    limit: u32,
) -> Vec<FoundPartner> {
    engine.read(|store| Ok(store.search_partners(search, after, limit)?)).unwrap()
}

/// Numbers of the partners in a search result, in order.
fn numbers(engine: &impl Engine, asked: &PartnerSearch) -> Vec<u128> {
    let found = search(engine, asked, None, 1_000);
    found
        .iter()
        .map(|found| {
            let number =
                (0..1_000).find(|number| organization_id(*number) == found.organization.id());
            assert_eq!(found.organization.id(), found.profile.partner);
            number.unwrap()
        })
        .collect()
}

fn words(engine: &impl Engine, words: &str) -> Vec<u128> {
    numbers(engine, &typed(words))
}

fn words_of_every_language(engine: &impl Engine) {
    keep(
        engine,
        &[
            described(1, "Tulp", "Beheer van financiële systemen, ook in de zorg"),
            described(2, "Eiche", "Umzüge nach Office 365 für Straßenbau und Müllabfuhr"),
            described(3, "翠河", "我们为上海的制造企业提供云迁移服务"),
            described(4, "Ångström AB", "Ça va? Œuvre d’Élodie, ПРИВЕТ Ελλάδα 東京タワー"),
        ],
    );
    for (asked, expected) in [
        ("financiele", vec![1]),
        ("FINANCIËLE", vec![1]),
        ("zorg systemen", vec![1]),
        ("umzuge", vec![2]),
        ("Umzüge 365", vec![2]),
        ("STRASSENBAU", vec![2]),
        ("straßenbau", vec![2]),
        ("上海", vec![3]),
        ("云迁移 制造", vec![3]),
        ("翠河", vec![3]),
        ("北京", vec![]),
        ("angstrom elodie", vec![4]),
        ("привет", vec![4]),
        ("東京", vec![4]),
        ("", vec![1, 2, 3, 4]),
        (" -- ", vec![1, 2, 3, 4]),
    ] {
        assert_eq!(words(engine, asked), expected, "{asked}");
    }
}

fn the_last_word_may_be_a_beginning(engine: &impl Engine) {
    keep(
        engine,
        &[
            described(1, "Tulp", "Migrations of everything, internationalisation"),
            described(2, "Eik", "A migration of mail"),
            described(3, "Beuk", "Migrants welcome"),
        ],
    );
    for (asked, expected) in [
        ("m", vec![1, 2, 3]),
        ("migra", vec![1, 2, 3]),
        ("migrat", vec![1, 2]),
        ("migration", vec![1, 2]),
        ("migrations", vec![1]),
        ("migrationss", vec![]),
        ("internationalisa", vec![1]),
        // Only the last word can be a prefix.
        ("migra mail", vec![]),
        ("mail migra", vec![2]),
        ("migration migra", vec![2]),
        ("igration", vec![]),
    ] {
        assert_eq!(words(engine, asked), expected, "{asked}");
    }
}

fn all_words_must_match(engine: &impl Engine) {
    let (organization, mut everywhere) = described(2, "Cedar Partners", "Migration of mail");
    everywhere.services = vec![Service::ManagedServices, Service::IpServices];
    everywhere.industries = vec![Industry::AgricultureForestryAndFishing];
    everywhere.locations = vec![location("NL", "'s-Hertogenbosch"), location("FR", "Lyon")];
    keep(engine, &[described(1, "Cedar", "Migration"), (organization, everywhere)]);
    for (asked, expected) in [
        ("cedar migration", vec![1, 2]),
        ("cedar managed migration", vec![2]),
        ("forestry fishing ip services", vec![2]),
        ("hertogenbosch lyon cedar", vec![2]),
        ("cedar hardware", vec![]),
        ("cedar cedar CEDAR cedar", vec![1, 2]),
    ] {
        assert_eq!(words(engine, asked), expected, "{asked}");
    }
}

fn the_best_match_comes_first(engine: &impl Engine) {
    let located = |number| {
        let (organization, profile) = of(number, "Beuk");
        (organization, Profile { locations: vec![location("NL", "Managed")], ..profile })
    };
    let declared = |number, name| {
        let (organization, profile) = of(number, name);
        (organization, Profile { services: vec![Service::ManagedServices], ..profile })
    };
    keep(
        engine,
        &[
            described(1, "Tulp", "Managed by people"),
            located(2),
            declared(3, "Eik"),
            of(4, "Managed People"),
            described(5, "Es", "Also managed"),
            declared(6, "Linde"),
            of(7, "Well Managed"),
        ],
    );
    assert_eq!(words(engine, "managed"), [4, 7, 3, 6, 2, 1, 5]);
    assert_eq!(words(engine, "manag"), [4, 7, 3, 6, 2, 1, 5]);
    assert_eq!(words(engine, "people managed"), [4, 1]);
    let found = search(engine, &typed("managed"), None, 9);
    let levels: Vec<u8> = found.iter().map(|found| found.rank.level).collect();
    assert_eq!(levels, [0, 0, 1, 1, 2, 3, 3]);
    assert!(found.is_sorted_by_key(|found| found.rank));
    // One word is in the name and the other in the services.
    assert_eq!(
        search(engine, &typed("linde managed"), None, 9)
            .iter()
            .map(|found| found.rank.level)
            .collect::<Vec<_>>(),
        [1]
    );
}

fn filters(engine: &impl Engine) {
    let serving = |number, clouds: &[Cloud], countries: &[&str], sizes: &[OrganizationSize]| {
        let (_, profile) = of(number, "Tulp");
        (
            partner_with(number, "Tulp", clouds),
            Profile {
                countries: countries.iter().map(|code| code.parse().unwrap()).collect(),
                sizes: sizes.to_vec(),
                ..profile
            },
        )
    };
    let (small, large) = (OrganizationSize::From1To9, OrganizationSize::MoreThan20000);
    keep(
        engine,
        &[
            serving(1, &[Cloud::Worldwide], &["NL", "DE"], &[small]),
            serving(2, &[Cloud::Worldwide, Cloud::Germany], &["DE"], &[small, large]),
            serving(3, &[Cloud::Vianet21], &["CN"], &[]),
            serving(4, &[Cloud::Worldwide], &["NL"], &[]),
            serving(5, &[Cloud::Worldwide], &[], &[]),
        ],
    );
    for (cloud, country, size, expected) in [
        (Cloud::Worldwide, "NL", None, vec![1, 4]),
        (Cloud::Worldwide, "DE", None, vec![1, 2]),
        (Cloud::Germany, "DE", None, vec![2]),
        (Cloud::Germany, "NL", None, vec![]),
        (Cloud::Vianet21, "CN", None, vec![3]),
        (Cloud::Worldwide, "CN", None, vec![]),
        (Cloud::Worldwide, "NL", Some(small), vec![1, 4]),
        // A profile without sizes serves all of them.
        (Cloud::Worldwide, "NL", Some(large), vec![4]),
        (Cloud::Worldwide, "DE", Some(large), vec![2]),
        (Cloud::Vianet21, "CN", Some(OrganizationSize::From10To50), vec![3]),
    ] {
        for asked in ["", "tulp"] {
            let asked =
                PartnerSearch { cloud, country: country.parse().unwrap(), size, ..typed(asked) };
            assert_eq!(numbers(engine, &asked), expected, "{asked:?}");
        }
    }
}

fn towns(engine: &impl Engine) {
    let located = |number, locations: &[Location]| {
        let (organization, profile) = of(number, "Tulp");
        (organization, Profile { locations: locations.to_vec(), ..profile })
    };
    let nowhere = Location { country: "NL".parse().unwrap(), city: None };
    keep(
        engine,
        &[
            located(1, &[location("NL", "Den Haag"), location("BE", "Antwerpen")]),
            located(2, &[location("FR", "Haag")]),
            located(3, &[location("NL", "Haag (Den)")]),
            located(4, &[nowhere]),
            located(5, &[location("NL", "Sint-Oedenrode"), location("NL", "Köln-Straße")]),
        ],
    );
    for (city, expected) in [
        (None, vec![1, 2, 3, 4, 5]),
        (Some(""), vec![1, 2, 3, 4, 5]),
        (Some("haag"), vec![1, 3]),
        (Some(" Den  HAAG "), vec![1, 3]),
        // City words must be complete, and the city must be in the country of the search.
        (Some("haa"), vec![]),
        (Some("antwerpen"), vec![]),
        (Some("sint oedenrode"), vec![5]),
        (Some("koln strasse"), vec![5]),
        (Some("size-1to9"), vec![]),
        (Some("\" OR \"serves"), vec![]),
    ] {
        let asked = PartnerSearch { city: city.map(str::to_owned), ..typed("") };
        assert_eq!(numbers(engine, &asked), expected, "{city:?}");
    }
    let asked = PartnerSearch { city: Some("Haag".to_owned()), ..typed("tulp haa") };
    assert_eq!(numbers(engine, &asked), [1, 3]);
}

/// The complete result of a search, read in pages of this size.
fn paged(engine: &impl Engine, asked: &PartnerSearch, size: u32) -> Vec<FoundPartner> {
    let mut all: Vec<FoundPartner> = Vec::new();
    loop {
        let page = search(engine, asked, all.last().map(|last| &last.rank), size);
        assert!(page.len() <= size as usize);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn pages_neither_lose_nor_repeat(engine: &impl Engine) {
    let partners: Vec<_> = (1..=60)
        .map(|number| match number % 4 {
            0 => described(number, "Tulp", "cloud"),
            1 => of(number, "Cloud"),
            2 => described(number, "Eik", "hardware"),
            _ => {
                let (organization, profile) = of(number, "Beuk");
                (organization, Profile { locations: vec![location("BE", "Cloud")], ..profile })
            }
        })
        .collect();
    keep(engine, &partners);
    for asked in [typed("cloud"), typed("c"), typed("")] {
        let whole = search(engine, &asked, None, 1_000);
        assert_eq!(whole.len(), if asked.words.is_empty() { 60 } else { 45 });
        for size in [1, 7, 15, 45, 100] {
            assert_eq!(paged(engine, &asked, size), whole, "{asked:?} by {size}");
        }
        assert_eq!(search(engine, &asked, None, 0), []);
    }
    // Adding and removing profiles does not move the others.
    let asked = typed("cloud");
    let whole = search(engine, &asked, None, 1_000);
    let first = whole.get(..20).unwrap();
    keep(engine, &[of(61, "Cloud")]);
    let gone = first.last().unwrap();
    set(engine, &Profile { listed: false, version: 2, ..gone.profile.clone() });
    let rest = search(engine, &asked, Some(&gone.rank), 1_000);
    let of_before: Vec<_> =
        rest.iter().filter(|found| found.organization.id() != organization_id(61)).collect();
    assert_eq!(of_before, Vec::from_iter(whole.get(20..).unwrap()));
}

fn an_unlisted_profile_is_never_found(engine: &impl Engine) {
    let (organization, profile) = described(1, "Tulp", "Mail");
    let unlisted = Profile { listed: false, ..profile.clone() };
    keep(engine, &[(organization, unlisted.clone())]);
    let never = |engine| {
        for asked in ["", "tulp", "mail", "m"] {
            assert_eq!(words(engine, asked), [0_u128; 0], "{asked}");
        }
    };
    never(engine);
    set(engine, &Profile { version: 2, ..profile.clone() });
    assert_eq!(words(engine, "mail"), [1]);
    set(engine, &Profile { version: 3, ..unlisted.clone() });
    never(engine);
    set(engine, &Profile { version: 4, ..unlisted });
    never(engine);
    set(engine, &Profile { version: 5, ..profile });
    assert_eq!(words(engine, "mail"), [1]);
}

fn a_changed_profile_is_found_by_its_new_words(engine: &impl Engine) {
    let (organization, profile) = described(1, "Tulp", "Migration of mail");
    keep(engine, &[(organization, profile.clone()), described(2, "Eik", "Migration")]);
    assert_eq!(words(engine, "migration"), [1, 2]);
    let changed = Profile {
        description: Some("Hardware".parse().unwrap()),
        countries: vec!["NL".parse().unwrap(), "BE".parse().unwrap()],
        services: vec![Service::Licensing],
        version: 2,
        ..profile
    };
    set(engine, &changed);
    for (asked, expected) in [
        ("migration", vec![2]),
        ("mail", vec![]),
        ("migr", vec![2]),
        ("hardware", vec![1]),
        ("licensing", vec![1]),
        ("", vec![1, 2]),
    ] {
        assert_eq!(words(engine, asked), expected, "{asked}");
    }
    let in_belgium = PartnerSearch { country: "BE".parse().unwrap(), ..typed("") };
    assert_eq!(numbers(engine, &in_belgium), [1]);
    let found = search(engine, &typed("hardware"), None, 9);
    assert_eq!(found.first().map(|found| &found.profile), Some(&changed));
    set(engine, &Profile { countries: vec!["BE".parse().unwrap()], version: 3, ..changed });
    assert_eq!(words(engine, ""), [2]);
}

fn refused_work_leaves_the_index_as_it_was(engine: &impl Engine) {
    let (organization, profile) = described(1, "Tulp", "Mail");
    keep(engine, &[(organization, profile.clone())]);
    let refused: service::Result<()> = engine.write(move |store| {
        let (organization, other) = described(2, "Eik", "Files");
        store.insert_organization(&organization)?;
        store.set_profile(&other)?;
        let description = Some("Files".parse().unwrap());
        store.set_profile(&Profile { description, version: 2, ..profile.clone() })?;
        // A transaction finds its own changes.
        assert_eq!(store.search_partners(&typed("files"), None, 9)?.len(), 2);
        assert_eq!(store.search_partners(&typed("mail"), None, 9)?.len(), 0);
        Err(service::Error::NOT_FOUND)
    });
    assert!(refused.is_err());
    assert_eq!(words(engine, "files"), [0_u128; 0]);
    assert_eq!(words(engine, "mail"), [1]);
    // A stale change is refused, and does not change the index either.
    let stale = engine.write(|store| {
        let (_, profile) = described(1, "Tulp", "Files");
        Ok(store.set_profile(&Profile { version: 3, ..profile })?)
    });
    assert!(stale.is_err());
    assert_eq!(words(engine, "files"), [0_u128; 0]);
}

fn query_syntax_is_searched_as_plain_words(engine: &impl Engine) {
    keep(
        engine,
        &[
            described(1, "Near & Far", "Not or and near: 3tulp serves-worldwide-NL"),
            described(2, "Tulp", "terms rowid partner_search size-1to9"),
        ],
    );
    let many = |count: usize| -> String {
        let words: Vec<String> = (0..count).map(|number| format!("word{number}")).collect();
        words.join(" ") + " tulp"
    };
    for (asked, expected) in [
        ("\"", vec![1, 2]),
        ("*", vec![1, 2]),
        ("tulp*", vec![2]),
        ("\"tulp\"", vec![2]),
        ("^tulp", vec![2]),
        ("NEAR", vec![1]),
        ("NEAR(tulp far, 2)", vec![]),
        ("tulp OR near", vec![]),
        ("near OR", vec![1]),
        ("NOT near AND far", vec![1]),
        ("tulp NOT", vec![]),
        ("terms:tulp", vec![2]),
        ("{terms}: tulp", vec![2]),
        ("-tulp", vec![2]),
        ("tulp')--", vec![2]),
        ("$1 ?1 :a @a", vec![]),
        ("\u{0}tulp\u{0}", vec![2]),
        ("3tulp", vec![1]),
        ("0tulp", vec![]),
        ("serves worldwide", vec![1]),
        ("%", vec![1, 2]),
        ("tul_", vec![2]),
        ("🌷", vec![1, 2]),
        (many(200).as_str(), vec![]),
        ("tulp ".repeat(2_000).as_str(), vec![2]),
        ("郁".repeat(200).as_str(), vec![]),
    ] {
        assert_eq!(words(engine, asked), expected, "{asked}");
    }
    // The same for text that the caller has not split into words.
    for (asked, expected) in [
        (vec!["\" OR \"".to_owned(), "tulp".to_owned()], vec![]),
        (vec!["tulp\" OR \"near".to_owned()], vec![]),
        (vec!["TULP".to_owned(), String::new(), "*".to_owned()], vec![2]),
    ] {
        let asked = PartnerSearch { words: asked, ..typed("") };
        assert_eq!(numbers(engine, &asked), expected, "{asked:?}");
    }
    // The same for text in a profile.
    let all = many(250);
    keep(engine, &[described(3, "Iep", &all)]);
    assert_eq!(words(engine, &all), [3]);
}

fn a_rank_from_nowhere_is_no_error(engine: &impl Engine) {
    keep(engine, &[of(1, "Tulp"), described(2, "Eik", "Tulp")]);
    for asked in [typed("tulp"), typed("")] {
        for (level, place, left) in [
            (0, i64::MIN, 2),
            (0, 0, 2),
            (u8::MAX, i64::MAX, 0),
            (u8::MAX, i64::MIN, 0),
            (3, i64::MAX, 0),
        ] {
            let rank = PartnerRank { level, place };
            assert_eq!(search(engine, &asked, Some(&rank), u32::MAX).len(), left, "{rank:?}");
        }
    }
}

/// Text from a few words in several scripts, so that searches have matches.
fn some_words() -> impl Strategy<Value = String> {
    let known = [
        "cloud",
        "Clouds",
        "mail",
        "müll",
        "MULL",
        "zorg",
        "上海",
        "上",
        "海运",
        "straße",
        "strasse",
        "e\u{301}tat",
        "365",
        "3",
        "OR",
        "NOT",
        "\"",
        "*",
        "İstanbul",
        "ﬁne",
        "Ωmega",
        "a-b",
        "x'y",
    ];
    prop_oneof![
        4 => proptest::collection::vec(select(known.to_vec()), 0..5)
            .prop_map(|words| words.join(" ")),
        1 => "\\PC{0,12}",
    ]
}

fn some_profile() -> impl Strategy<Value = (String, Profile, Vec<Cloud>)> {
    let countries = subsequence(vec!["NL", "DE", "CN"], 0..=3);
    let place = (select(vec!["NL", "DE"]), select(vec!["Den Haag", "Köln", "上海", "Haag"]));
    (
        some_words(),
        some_words(),
        proptest::collection::vec(place, 0..3),
        subsequence(Service::ALL.to_vec(), 0..3),
        subsequence(Industry::ALL.to_vec(), 0..3),
        subsequence(OrganizationSize::ALL.to_vec(), 0..3),
        countries,
        prop_oneof![4 => Just(true), 1 => Just(false)],
        subsequence(Cloud::ALL.to_vec(), 1..=2),
    )
        .prop_map(
            |(name, text, places, services, industries, sizes, countries, listed, clouds)| {
                let profile = Profile {
                    partner: organization_id(0),
                    description: text.parse().ok(),
                    locations: places
                        .iter()
                        .map(|(country, city)| location(country, city))
                        .collect(),
                    services,
                    industries,
                    sizes,
                    countries: countries.iter().map(|code| code.parse().unwrap()).collect(),
                    listed,
                    version: 1,
                };
                (name, profile, clouds)
            },
        )
}

fn some_search() -> impl Strategy<Value = PartnerSearch> {
    (
        select(Cloud::ALL.to_vec()),
        select(vec!["NL", "DE", "CN"]),
        proptest::option::of(select(vec!["haag", "KÖLN", "上", "den haag", "-"])),
        proptest::option::of(select(OrganizationSize::ALL.to_vec())),
        prop_oneof![
            some_words(),
            select(vec!["c", "m", "s", "o", "manag", "services", "zor", "e", "i"])
                .prop_map(str::to_owned)
        ],
    )
        .prop_map(|(cloud, country, city, size, words)| PartnerSearch {
            cloud,
            country: country.parse().unwrap(),
            city: city.map(str::to_owned),
            size,
            words: search_words(&words),
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Adds and changes profiles in groups, and searches after each group.
    #[test]
    fn every_search_has_the_same_result_in_both_stores(
        rounds in proptest::collection::vec(
            (
                proptest::collection::vec((0_u128..6, some_profile()), 0..6),
                proptest::collection::vec((some_search(), 1_u32..4), 1..8),
            ),
            1..6,
        ),
    ) {
        let (memory, disk) = (Memory::empty(), OnDisk::empty());
        for (profiles, searches) in rounds {
            let change = move |store: &mut dyn Write| -> service::Result<()> {
                for (number, (name, profile, clouds)) in profiles.clone() {
                    let name = if DisplayName::parse(&name).is_ok() { &name } else { "Tulp" };
                    let organization = partner_with(number, name, &clouds);
                    // The first organization stays, because organizations never change.
                    let _ = store.insert_organization(&organization);
                    let partner = organization.id();
                    let version = store.profile(partner)?.map_or(1, |held| held.version + 1);
                    store.set_profile(&Profile { partner, version, ..profile })?;
                }
                Ok(())
            };
            Engine::write(&memory, change.clone()).unwrap();
            disk.write(change).unwrap();
            for (asked, size) in searches {
                let whole = search(&memory, &asked, None, 100);
                prop_assert_eq!(&search(&disk, &asked, None, 100), &whole, "{:?}", asked);
                prop_assert_eq!(&paged(&disk, &asked, size), &whole, "{:?}", asked);
                prop_assert_eq!(&paged(&memory, &asked, size), &whole, "{:?}", asked);
            }
        }
    }

    /// A profile is found by each of its words.
    #[test]
    fn every_word_finds_its_profile(text in "\\PC{0,60}") {
        let disk = OnDisk::empty();
        let (organization, profile) = of(1, "Tulp");
        keep(&disk, &[(organization, Profile { description: text.parse().ok(), ..profile.clone() })]);
        let mine = disk.read(|store| Ok(store.profile(profile.partner)?)).unwrap().unwrap();
        for word in search_words(mine.description.as_ref().map_or("", |text| text.as_str())) {
            let asked = PartnerSearch { words: vec![word, "tulp".to_owned()], ..typed("") };
            prop_assert_eq!(numbers(&disk, &asked), [1_u128], "{:?}", asked);
        }
    }
}
