//! Demo partners in the directory, and their profiles.

use rules::{Cloud, Industry, Language, OrganizationSize, Service, UserRole};

use super::{DemoOrganization, DemoUser, partner, user};

/// The profile of a demo partner.
pub(super) struct DemoProfile {
    /// Domain of the partner.
    pub(super) domain: &'static str,
    /// Description.
    pub(super) description: &'static str,
    /// Offices: country or region, and city.
    pub(super) locations: &'static [(&'static str, &'static str)],
    /// Services.
    pub(super) services: &'static [Service],
    /// Industries.
    pub(super) industries: &'static [Industry],
    /// Sizes of organizations that the partner serves.
    pub(super) sizes: &'static [OrganizationSize],
    /// Countries or regions that the partner serves.
    pub(super) countries: &'static [&'static str],
    /// Whether customers can find the partner.
    pub(super) listed: bool,
}

/// Partners that are only listed in the directory.
pub(super) const PARTNERS: &[DemoOrganization] = &[
    partner(
        "Polder Learning",
        "polderlearning.example",
        "NL",
        &[Cloud::Worldwide],
        ("3320518", "+31 38 555 0124", "Melkmarkt 12\n8011 MC Zwolle\nNetherlands"),
    ),
    partner(
        "Veldwerk ICT",
        "veldwerk.example",
        "NL",
        &[Cloud::Worldwide],
        ("4478203", "+31 50 555 0181", "Folkingestraat 31\n9711 JT Groningen\nNetherlands"),
    ),
    partner(
        "Noorderlicht Security",
        "noorderlicht.example",
        "NL",
        &[Cloud::Worldwide],
        ("5091746", "+31 58 555 0163", "Nieuwestad 90\n8911 CW Leeuwarden\nNetherlands"),
    ),
    partner(
        "Brabant Werkplek",
        "brabantwerkplek.example",
        "NL",
        &[Cloud::Worldwide],
        ("6612094", "+31 76 555 0148", "Haven 6\n4811 WL Breda\nNetherlands"),
    ),
    partner(
        "Zuiderkroon Consultancy",
        "zuiderkroon.example",
        "NL",
        &[Cloud::Worldwide],
        ("7208415", "+31 43 555 0117", "Bredestraat 9\n6211 HA Maastricht\nNetherlands"),
    ),
    partner(
        "Deltavier Integratie",
        "deltavier.example",
        "NL",
        &[Cloud::Worldwide],
        ("2956630", "+31 10 555 0172", "Veerhaven 14\n3016 CJ Rotterdam\nNetherlands"),
    ),
    partner(
        "Toonbank Retail IT",
        "toonbank.example",
        "NL",
        &[Cloud::Worldwide],
        ("8140279", "+31 70 555 0155", "Noordeinde 48\n2514 GK Den Haag\nNetherlands"),
    ),
    partner(
        "Atelier Nuage",
        "ateliernuage.example",
        "FR",
        &[Cloud::Worldwide],
        ("3785162", "+33 4 65 55 01 30", "18 quai Saint-Vincent\n69001 Lyon\nFrance"),
    ),
    partner(
        "Clonmore Cloud",
        "clonmore.example",
        "IE",
        &[Cloud::Worldwide],
        ("9413057", "+353 21 555 0109", "7 Camden Quay\nCork\nIreland"),
    ),
    partner(
        "Larkspur Analytics",
        "larkspur.example",
        "GB",
        &[Cloud::Worldwide],
        ("1867394", "+44 161 555 0126", "22 Tariff Street\nManchester M1 2FN\nUnited Kingdom"),
    ),
    partner(
        "Thornbury Managed IT",
        "thornbury.example",
        "GB",
        &[Cloud::Worldwide],
        ("5620981", "+44 113 555 0183", "4 Dock Street\nLeeds LS10 1NA\nUnited Kingdom"),
    ),
    partner(
        "Harebell Nonprofit IT",
        "harebell.example",
        "IE",
        &[Cloud::Worldwide],
        ("4039267", "+353 91 555 0144", "3 Middle Street\nGalway\nIreland"),
    ),
    partner(
        "Fjordlys Consulting",
        "fjordlys.example",
        "NO",
        &[Cloud::Worldwide],
        ("6985310", "+47 55 55 01 60", "Strandgaten 81\n5004 Bergen\nNorway"),
    ),
    partner(
        "Alpenblick Cloud AG",
        "alpenblick.example",
        "CH",
        &[Cloud::Worldwide],
        ("7543128", "+41 44 555 01 37", "Langstrasse 120\n8004 Zürich\nSwitzerland"),
    ),
    partner(
        "Cedar Mesa Solutions",
        "cedarmesa.example",
        "US",
        &[Cloud::Worldwide],
        ("2174609", "+1 303 555 0173", "1630 Blake Street\nDenver, CO 80202\nUnited States"),
    ),
    partner(
        "Isarwerk IT GmbH",
        "isarwerk.example",
        "DE",
        &[Cloud::Germany],
        ("5308842", "+49 89 555 0192", "Fraunhoferstraße 23\n80469 München\nGermany"),
    ),
    partner(
        "Hanseatische Datenwerkstatt GmbH",
        "datenwerkstatt.example",
        "DE",
        &[Cloud::Germany],
        ("6417095", "+49 40 555 0128", "Deichstraße 34\n20459 Hamburg\nGermany"),
    ),
    partner(
        "Spreebogen Schulungszentrum",
        "spreebogen.example",
        "DE",
        &[Cloud::Germany],
        ("7926513", "+49 30 555 0161", "Luisenstraße 41\n10117 Berlin\nGermany"),
    ),
    partner(
        "Schwarzwald Fertigungs-IT",
        "fertigungsit.example",
        "DE",
        &[Cloud::Germany],
        ("8301764", "+49 761 555 0147", "Gerberau 15\n79098 Freiburg\nGermany"),
    ),
    partner(
        "云帆数据 Yunfan Data",
        "yunfan.example",
        "CN",
        &[Cloud::Vianet21],
        ("3164927", "+86 755 5550 0136", "深南大道 2008 号\n深圳 518000"),
    ),
    partner(
        "长风信息 Changfeng Information",
        "changfeng.example",
        "CN",
        &[Cloud::Vianet21],
        ("4852016", "+86 10 5550 0179", "中关村大街 59 号\n北京 100080"),
    ),
    partner(
        "锦江云服务 Jinjiang Cloud Services",
        "jinjiang.example",
        "CN",
        &[Cloud::Vianet21],
        ("9270438", "+86 28 5550 0153", "人民南路四段 12 号\n成都 610041"),
    ),
];

/// One Admin agent for each of these partners.
pub(super) const STAFF: &[DemoUser] = &[
    user("Joke Wiersma", "joke@polderlearning.example", UserRole::AdminAgent, Language::Dutch),
    user("Sietse Dijkstra", "sietse@veldwerk.example", UserRole::AdminAgent, Language::Dutch),
    user("Femke Hoekstra", "femke@noorderlicht.example", UserRole::AdminAgent, Language::Dutch),
    user("Bart van Gils", "bart@brabantwerkplek.example", UserRole::AdminAgent, Language::Dutch),
    user("Claire Janssen", "claire@zuiderkroon.example", UserRole::AdminAgent, Language::Dutch),
    user("Ruben Kok", "ruben@deltavier.example", UserRole::AdminAgent, Language::Dutch),
    user("Yasmin Bakkali", "yasmin@toonbank.example", UserRole::AdminAgent, Language::Dutch),
    user("Élodie Marchand", "elodie@ateliernuage.example", UserRole::AdminAgent, Language::English),
    user("Aoife Lynch", "aoife@clonmore.example", UserRole::AdminAgent, Language::English),
    user("Priya Shah", "priya@larkspur.example", UserRole::AdminAgent, Language::English),
    user("Tom Ellery", "tom@thornbury.example", UserRole::AdminAgent, Language::English),
    user("Niamh Casey", "niamh@harebell.example", UserRole::AdminAgent, Language::English),
    user("Sigrid Haugen", "sigrid@fjordlys.example", UserRole::AdminAgent, Language::English),
    user("Reto Ammann", "reto@alpenblick.example", UserRole::AdminAgent, Language::German),
    user("Dana Whitehorse", "dana@cedarmesa.example", UserRole::AdminAgent, Language::English),
    user("Sepp Hofbauer", "sepp@isarwerk.example", UserRole::AdminAgent, Language::German),
    user("Meike Petersen", "meike@datenwerkstatt.example", UserRole::AdminAgent, Language::German),
    user("Jana Richter", "jana@spreebogen.example", UserRole::AdminAgent, Language::German),
    user("Uwe Faller", "uwe@fertigungsit.example", UserRole::AdminAgent, Language::German),
    user("陈帆 Chen Fan", "chen.fan@yunfan.example", UserRole::AdminAgent, Language::Chinese),
    user(
        "赵长风 Zhao Changfeng",
        "zhao@changfeng.example",
        UserRole::AdminAgent,
        Language::Chinese,
    ),
    user("刘锦 Liu Jin", "liu.jin@jinjiang.example", UserRole::AdminAgent, Language::Chinese),
];

use Industry as I;
use OrganizationSize as Z;
use Service as S;

const SMALL: &[Z] = &[Z::From1To9, Z::From10To50, Z::From51To250];
const MIDDLE: &[Z] = &[Z::From10To50, Z::From51To250, Z::From251To1000];
const LARGE: &[Z] = &[Z::From251To1000, Z::From1001To5000, Z::From5001To10000, Z::From10001To20000];
const ANY: &[Z] = Z::ALL;

/// Profiles of all partners.
pub(super) const PROFILES: &[DemoProfile] = &[
    DemoProfile {
        domain: "meridiancloud.example",
        description: "Cloud services for schools, public bodies and growing companies, from one \
            team in Amsterdam that answers the telephone itself. We plan the migration of mail and \
            files to Microsoft 365, introduce Teams together with the people who will use it, and \
            look after licenses and administration afterwards.\n\nFor organizations with data in \
            Germany we run the same services in the German cloud.",
        locations: &[("NL", "Amsterdam"), ("DE", "Düsseldorf"), ("BE", "Antwerpen")],
        services: &[S::DeploymentOrMigration, S::ManagedServices, S::Licensing, S::Consulting],
        industries: &[I::Education, I::Government, I::Services, I::Manufacturing],
        sizes: ANY,
        countries: &["NL", "BE", "DE", "LU", "IE", "AT"],
        listed: true,
    },
    DemoProfile {
        domain: "kestrel.example",
        description: "Licensing and nothing else: we find out which Microsoft 365 plans you use, \
            which you pay for without using them, and what the next renewal should look like. Our \
            clients save a fifth of their license costs on average, and know afterwards what each \
            plan is for.",
        locations: &[("BE", "Brussels"), ("NL", "Breda")],
        services: &[S::Licensing, S::Consulting],
        industries: &[I::Services, I::RetailAndConsumerGoods, I::Education, I::Hospitality],
        sizes: MIDDLE,
        countries: &["BE", "NL", "LU", "FR", "IE", "GB"],
        listed: true,
    },
    DemoProfile {
        domain: "oakline.example",
        description: "Dagelijks beheer van Microsoft 365 voor scholen en zorginstellingen in \
            Midden-Nederland. Wij maken accounts aan, houden apparaten bij de tijd en zijn op \
            werkdagen van zeven tot zeven bereikbaar. Een vaste beheerder die uw organisatie kent, \
            geen callcenter.",
        locations: &[("NL", "Utrecht")],
        services: &[S::ManagedServices, S::ProjectServices],
        industries: &[I::Education, I::Healthcare],
        sizes: MIDDLE,
        countries: &["NL"],
        listed: true,
    },
    DemoProfile {
        domain: "fernhill.example",
        description: "An evening and weekend help desk for Microsoft 365. When your own colleagues \
            are at home, ours reset passwords, get Outlook and Teams going again and open support \
            incidents, in English, Irish and French.",
        locations: &[("IE", "Dublin")],
        services: &[S::ManagedServices],
        industries: &[I::Healthcare, I::Hospitality, I::TravelAndTransportation],
        sizes: SMALL,
        countries: &["IE", "GB", "NL", "FR"],
        listed: true,
    },
    DemoProfile {
        domain: "quillon.example",
        description: "Independent advice on security and identity in Microsoft 365. We review who \
            may do what in your organization, take away what nobody needs any more, and write it \
            down so that an auditor understands it.",
        locations: &[("GB", "London"), ("NL", "Amsterdam")],
        services: &[S::Consulting, S::ProjectServices],
        industries: &[I::FinancialServices, I::Government, I::PublicSafetyAndNationalSecurity],
        sizes: LARGE,
        countries: &["GB", "IE", "NL", "BE", "DK"],
        listed: true,
    },
    DemoProfile {
        domain: "saltmarsh.example",
        description: "Consultancy for ports, shipping and wholesale. We connect Dynamics 365 and \
            Microsoft 365 with the systems on the quay, from planning boards to weighbridges.",
        locations: &[("NL", "Rotterdam")],
        services: &[S::Integration, S::Consulting, S::CustomSolution],
        industries: &[I::TravelAndTransportation, I::WholesaleAndDistribution],
        sizes: LARGE,
        countries: &["NL", "BE", "DE"],
        listed: true,
    },
    DemoProfile {
        domain: "tidewater.example",
        description: "Procurement under the Microsoft Products & Services Agreement for framework \
            contracts in the Nordic countries.",
        locations: &[("DK", "Copenhagen")],
        services: &[S::Licensing],
        industries: &[I::Government],
        sizes: LARGE,
        countries: &["DK", "SE", "NO", "NL"],
        // Unlisted: this partner works only on a few framework contracts.
        listed: false,
    },
    DemoProfile {
        domain: "pinnacledevices.example",
        description: "Laptops and tablets that are ready when they are unpacked: we register every \
            device for Windows Autopilot before it leaves our warehouse, and take old ones back. \
            Hardware for schools, with spare devices on the shelf.",
        locations: &[("SE", "Stockholm"), ("NL", "Almere")],
        services: &[S::Hardware, S::ManagedServices],
        industries: &[I::Education, I::Healthcare, I::Services],
        sizes: ANY,
        countries: &["SE", "NO", "DK", "FI", "NL", "IE"],
        listed: true,
    },
    DemoProfile {
        domain: "lumenapps.example",
        description: "Apps voor in Teams en op de telefoon, gemaakt in Eindhoven. Van een \
            ziekmelding met drie tikken tot een planbord voor de hele fabriek; wij bouwen met de \
            Power Platform en schrijven zelf wat daar niet mee kan.",
        locations: &[("NL", "Eindhoven")],
        services: &[S::CustomSolution, S::IpServices, S::Integration],
        industries: &[I::Education, I::Manufacturing, I::Healthcare],
        sizes: MIDDLE,
        countries: &["NL", "BE"],
        listed: true,
    },
    DemoProfile {
        domain: "rheinblick.example",
        description: "Systemhaus für den Mittelstand am Rhein. Wir liefern Lizenzen und Hardware, \
            übernehmen die Migration von Exchange und Dateiservern nach Office 365 Deutschland und \
            bleiben danach Ihr Ansprechpartner. Auf Wunsch mit Schulung für alle Abteilungen.",
        locations: &[("DE", "Köln"), ("DE", "Bonn")],
        services: &[
            S::DeploymentOrMigration,
            S::Licensing,
            S::Hardware,
            S::ManagedServices,
            S::LearningAndCertification,
        ],
        industries: &[I::Manufacturing, I::Services, I::WholesaleAndDistribution],
        sizes: MIDDLE,
        countries: &["DE"],
        listed: true,
    },
    DemoProfile {
        domain: "haiyun.example",
        description: "为华东地区的贸易和制造企业管理由世纪互联运营的 Office 365。我们负责邮箱和文件的迁移，\
            为员工提供 Teams 培训，并在工作日全天接听服务电话。",
        locations: &[("CN", "上海"), ("CN", "杭州")],
        services: &[S::DeploymentOrMigration, S::ManagedServices, S::LearningAndCertification],
        industries: &[I::Manufacturing, I::WholesaleAndDistribution],
        sizes: MIDDLE,
        countries: &["CN"],
        listed: true,
    },
    DemoProfile {
        domain: "polderlearning.example",
        description: "Training voor scholen en gemeenten die met Teams, OneNote en Copilot gaan \
            werken. Onze trainers stonden zelf voor de klas. Eén dag op locatie, een jaar lang \
            korte lessen op afstand, en na afloop een certificaat voor wie dat wil.",
        locations: &[("NL", "Zwolle"), ("NL", "Arnhem")],
        services: &[S::LearningAndCertification, S::Consulting],
        industries: &[I::Education, I::Government],
        sizes: ANY,
        countries: &["NL", "BE"],
        listed: true,
    },
    DemoProfile {
        domain: "veldwerk.example",
        description: "Wij verhuizen bestanden. Migratie van oude fileservers naar SharePoint en \
            OneDrive, met behoud van rechten en zonder verloren weekend: eerst opruimen, dan \
            verplaatsen, daarna uitleggen. Voor landbouw, natuurbeheer en het MKB in het noorden.",
        locations: &[("NL", "Groningen"), ("NL", "Assen")],
        services: &[S::DeploymentOrMigration, S::ProjectServices],
        industries: &[I::AgricultureForestryAndFishing, I::Services, I::PowerAndUtilities],
        sizes: SMALL,
        countries: &["NL"],
        listed: true,
    },
    DemoProfile {
        domain: "noorderlicht.example",
        description: "Beveiliging van Microsoft 365, dag en nacht. Ons team in Leeuwarden bewaakt \
            aanmeldingen, richt meervoudige verificatie in en oefent elk jaar met u wat er gebeurt \
            als er toch iemand binnenkomt.",
        locations: &[("NL", "Leeuwarden")],
        services: &[S::ManagedServices, S::Consulting],
        industries: &[I::Healthcare, I::Government, I::PublicSafetyAndNationalSecurity],
        sizes: LARGE,
        countries: &["NL", "BE", "DE"],
        listed: true,
    },
    DemoProfile {
        domain: "brabantwerkplek.example",
        description: "De hele werkplek van één leverancier: laptops, Windows, Intune, Teams-telefonie \
            en een servicedesk die ook bij u langskomt. Wij werken met vaste prijzen per persoon per \
            maand.",
        locations: &[("NL", "Breda"), ("NL", "Tilburg")],
        services: &[S::Hardware, S::ManagedServices, S::DeploymentOrMigration],
        industries: &[I::Services, I::Manufacturing, I::RetailAndConsumerGoods],
        sizes: SMALL,
        countries: &["NL", "BE"],
        listed: true,
    },
    DemoProfile {
        domain: "zuiderkroon.example",
        description: "Advies over samenwerken over de grens. Zuiderkroon begeleidt organisaties in \
            de Euregio bij de invoering van Microsoft 365 in het Nederlands, Duits en Frans, van \
            beleid tot adoptie.",
        locations: &[("NL", "Maastricht"), ("BE", "Hasselt")],
        services: &[S::Consulting, S::LearningAndCertification, S::ProjectServices],
        industries: &[I::Government, I::Healthcare, I::Education],
        sizes: MIDDLE,
        countries: &["NL", "BE", "LU"],
        listed: true,
    },
    DemoProfile {
        domain: "deltavier.example",
        description: "Integration of Dynamics 365, Power Platform and warehouse systems for trade \
            and transport. Fixed-scope projects of twelve weeks, with the source handed over at the \
            end.",
        locations: &[("NL", "Rotterdam"), ("BE", "Gent")],
        services: &[S::Integration, S::CustomSolution, S::ProjectServices],
        industries: &[I::WholesaleAndDistribution, I::TravelAndTransportation],
        sizes: LARGE,
        countries: &["NL", "BE", "LU", "GB"],
        listed: true,
    },
    DemoProfile {
        domain: "toonbank.example",
        description: "IT voor winkels en horeca: kassa, rooster en Teams voor medewerkers zonder \
            bureau. Wij zetten het neer, leggen het uit op de werkvloer en zijn er ook op \
            koopzondag.",
        locations: &[("NL", "Den Haag")],
        services: &[S::DeploymentOrMigration, S::ManagedServices, S::Hardware],
        industries: &[I::RetailAndConsumerGoods, I::Hospitality],
        sizes: SMALL,
        countries: &["NL"],
        listed: true,
    },
    DemoProfile {
        domain: "ateliernuage.example",
        description: "Migration et accompagnement vers Microsoft 365 pour les associations, les \
            écoles et les PME. Nous formons vos équipes à Teams, en français et en néerlandais, et \
            restons joignables après le démarrage.",
        locations: &[("FR", "Lyon"), ("FR", "Lille"), ("BE", "Liège")],
        services: &[S::DeploymentOrMigration, S::LearningAndCertification, S::Consulting],
        industries: &[I::Education, I::Services, I::CommunicationsAndMedia],
        sizes: SMALL,
        countries: &["FR", "BE", "LU", "CH", "NL"],
        listed: true,
    },
    DemoProfile {
        domain: "clonmore.example",
        description: "We move small businesses to Microsoft 365. A migration takes us one weekend: \
            mail, calendars and files are there on Monday morning, and somebody sits next to you \
            until everybody has found theirs.",
        locations: &[("IE", "Cork"), ("IE", "Limerick")],
        services: &[S::DeploymentOrMigration, S::Licensing],
        industries: &[I::Hospitality, I::RetailAndConsumerGoods, I::Services],
        sizes: SMALL,
        countries: &["IE", "GB", "NL"],
        listed: true,
    },
    DemoProfile {
        domain: "larkspur.example",
        description: "Power BI and Fabric for people who have to decide something on Thursday. We \
            model your data, build the reports with you and teach two of your colleagues to carry \
            on without us.",
        locations: &[("GB", "Manchester")],
        services: &[S::CustomSolution, S::LearningAndCertification, S::Consulting],
        industries: &[I::FinancialServices, I::PowerAndUtilities, I::Healthcare],
        sizes: LARGE,
        countries: &["GB", "IE", "NL", "BE", "DK", "NO", "SE"],
        listed: true,
    },
    DemoProfile {
        domain: "thornbury.example",
        description: "Managed IT for firms between fifty and a thousand people: devices, accounts, \
            backups and a service desk, with a report each month that a board can read. Teams \
            telephony included.",
        locations: &[("GB", "Leeds"), ("IE", "Dublin")],
        services: &[S::ManagedServices, S::Licensing, S::Hardware],
        industries: &[I::Services, I::FinancialServices, I::Manufacturing],
        sizes: &[Z::From51To250, Z::From251To1000],
        countries: &["GB", "IE", "NL"],
        listed: true,
    },
    DemoProfile {
        domain: "harebell.example",
        description: "Charities pay what charities should pay. We know the nonprofit grants for \
            Microsoft 365, apply for them with you, and run Teams and SharePoint for volunteers who \
            come and go.",
        locations: &[("IE", "Galway"), ("GB", "Bristol")],
        services: &[S::Licensing, S::ManagedServices, S::LearningAndCertification],
        industries: &[I::Services, I::Healthcare, I::Education],
        sizes: SMALL,
        countries: &["IE", "GB", "NL", "BE", "US"],
        listed: true,
    },
    DemoProfile {
        domain: "fjordlys.example",
        description: "Consulting for energy and aquaculture on the west coast and beyond. We connect \
            sensors, boats and offices through Azure, and keep Microsoft 365 working where the line \
            is thin.",
        locations: &[("NO", "Bergen"), ("NO", "Stavanger")],
        services: &[S::Consulting, S::Integration, S::IpServices],
        industries: &[I::PowerAndUtilities, I::AgricultureForestryAndFishing],
        sizes: LARGE,
        countries: &["NO", "SE", "DK", "FI", "NL", "GB"],
        listed: true,
    },
    DemoProfile {
        domain: "alpenblick.example",
        description: "Cloud-Beratung aus Zürich für Versicherer und Treuhänder. Migration, Schulung \
            und Betrieb von Microsoft 365 und Teams, auf Deutsch, Französisch und Englisch.",
        locations: &[("CH", "Zürich"), ("CH", "Bern")],
        services: &[
            S::Consulting,
            S::DeploymentOrMigration,
            S::LearningAndCertification,
            S::ManagedServices,
        ],
        industries: &[I::FinancialServices, I::Services],
        sizes: MIDDLE,
        countries: &["CH", "LI", "AT", "NL"],
        listed: true,
    },
    DemoProfile {
        domain: "cedarmesa.example",
        description: "Deployment of Windows, Intune and Microsoft 365 for cities, counties and \
            school districts in the Mountain West. Accessible by design, documented to the last \
            switch.",
        locations: &[("US", "Denver"), ("US", "Salt Lake City")],
        services: &[S::DeploymentOrMigration, S::ManagedServices, S::ProjectServices],
        industries: &[I::Government, I::Education, I::PublicSafetyAndNationalSecurity],
        sizes: ANY,
        countries: &["US", "CA"],
        listed: true,
    },
    DemoProfile {
        domain: "isarwerk.example",
        description: "Migration und Einführung von Office 365 Deutschland für Maschinenbau und \
            Handwerk in Bayern. Wir planen mit Ihrem Betriebsrat, ziehen Postfächer und Dateien um \
            und schulen die Belegschaft in Teams. Schulung vor Ort oder online.",
        locations: &[("DE", "München"), ("DE", "Augsburg")],
        services: &[S::DeploymentOrMigration, S::LearningAndCertification, S::ProjectServices],
        industries: &[I::Manufacturing, I::Services],
        sizes: MIDDLE,
        countries: &["DE", "AT"],
        listed: true,
    },
    DemoProfile {
        domain: "datenwerkstatt.example",
        description: "Integration und eigene Lösungen für Handel, Hafen und Verwaltung. Die \
            Datenwerkstatt verbindet Fachverfahren mit SharePoint und Power Apps, mit Betrieb in \
            deutschen Rechenzentren.",
        locations: &[("DE", "Hamburg"), ("DE", "Lübeck")],
        services: &[S::Integration, S::CustomSolution, S::IpServices, S::Consulting],
        industries: &[I::WholesaleAndDistribution, I::TravelAndTransportation, I::Government],
        sizes: LARGE,
        countries: &["DE"],
        listed: true,
    },
    DemoProfile {
        domain: "spreebogen.example",
        description: "Schulung und Zertifizierung rund um Office 365: Teams für die Verwaltung, \
            Excel für das Controlling, Administration für die eigene IT. Offene Kurse in Berlin und \
            Leipzig, Inhouse-Seminare in ganz Deutschland.",
        locations: &[("DE", "Berlin"), ("DE", "Leipzig")],
        services: &[S::LearningAndCertification],
        industries: &[I::Government, I::Education, I::Services],
        sizes: ANY,
        countries: &["DE"],
        listed: true,
    },
    DemoProfile {
        domain: "fertigungsit.example",
        description: "IT für die Fertigung im Südwesten: Terminals in der Halle, Teams im Büro, ein \
            Dienstleister für beides. Wir verwalten Geräte und Lizenzen und kommen innerhalb von \
            vier Stunden.",
        locations: &[("DE", "Freiburg"), ("DE", "Villingen-Schwenningen")],
        services: &[S::ManagedServices, S::Hardware, S::Licensing],
        industries: &[I::Manufacturing],
        sizes: SMALL,
        countries: &["DE"],
        listed: true,
    },
    DemoProfile {
        domain: "yunfan.example",
        description: "专注于邮件系统和文件服务器向云端的迁移。我们先在试用订阅中演练，再在一个周末内完成正式切换，\
            全程由中文工程师负责。适合贸易、零售和教育机构。",
        locations: &[("CN", "深圳"), ("CN", "广州")],
        services: &[S::DeploymentOrMigration, S::ProjectServices, S::Licensing],
        industries: &[I::WholesaleAndDistribution, I::RetailAndConsumerGoods, I::Education],
        sizes: SMALL,
        countries: &["CN"],
        listed: true,
    },
    DemoProfile {
        domain: "changfeng.example",
        description: "面向政府和教育客户的培训与咨询。课程包括 Teams 协作、SharePoint 管理和信息安全，\
            可在北京和天津现场授课，也可远程进行。",
        locations: &[("CN", "北京"), ("CN", "天津")],
        services: &[S::LearningAndCertification, S::Consulting],
        industries: &[I::Government, I::Education],
        sizes: LARGE,
        countries: &["CN"],
        listed: true,
    },
    DemoProfile {
        domain: "jinjiang.example",
        description: "成都的托管服务团队，为西南地区的酒店、旅游和医疗机构管理 Office 365、设备和账号。\
            提供许可证采购、日常管理和七天支持。",
        locations: &[("CN", "成都"), ("CN", "重庆")],
        services: &[S::ManagedServices, S::Licensing, S::Hardware],
        industries: &[I::Hospitality, I::TravelAndTransportation, I::Healthcare],
        sizes: MIDDLE,
        countries: &["CN"],
        listed: true,
    },
];
