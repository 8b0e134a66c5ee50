"""Provide the words that made-up people are made of: common given and family names, cities, companies, phone formats.

A name that is not in Latin letters comes with a Latin spelling for its e-mail address. Numbers are from ranges that
are kept free for fiction; a ``#`` becomes a digit.
"""
# ruff: noqa: RUF001 -- names in other scripts look like Latin ones

import attrs

Name = tuple[str, str]


@attrs.frozen
class Culture:
    """What names, places and numbers look like somewhere; ``share`` is its share of all people."""

    share: float
    given: tuple[Name, ...]
    family: tuple[Name, ...]
    places: tuple[tuple[str, str, str, str], ...]
    """City, state, postal code, country."""
    streets: tuple[str, ...]
    phones: tuple[str, ...]


def _names(text: str) -> tuple[Name, ...]:
    """Return names from words, each with its Latin spelling after a colon where it needs one."""
    pairs = (word.partition(":") for word in text.split())
    return tuple((native.replace("_", " "), latin or native.lower()) for native, _, latin in pairs)


_ENGLISH = Culture(
    0.34,
    _names("""Alice Amy Andrew Anna Ben Carol Claire Daniel David Edward Ella Emily Emma Frank George Grace Hannah
    Harry Helen Henry Ian Isabel Jack James Jane Jean-Paul:jean-paul Joan John Julia Karen Kate Laura Leo Linda Lucy
    Luke Margaret Mark Martin Mary Matthew Michael Nora Oliver Oscar Paul Peter Philip Rachel Rebecca Richard Robert
    Rose Ruth Sally Samuel Sarah Simon Sophie Stephen Susan Thomas Tom Victoria William"""),
    _names("""Adams Allen Baker Barnes Bell Bennett Brooks Brown Butler Carter Clark Collins Cook Cooper Cox Davies
    Edwards Evans Fisher Foster Gray Green Hall Harris Hill Hughes Jackson Johnson Jones Kelly King Lee Lewis
    Mc_Neil:mcneil Miller Mitchell Moore Morgan Morris Murphy O'Brien:obrien O'Neill:oneill Parker Phillips Price
    Reed Roberts Robinson Rogers Scott Shaw Smith Stone Taylor Thompson Turner Walker Ward Watson White Wood Wright
    Young Smith-Jones:smith-jones"""),
    (
        ("London", "", "EC1A 1AA", "United Kingdom"),
        ("Leeds", "West Yorkshire", "LS1 4AP", "United Kingdom"),
        ("Boston", "MA", "02108", "United States"),
        ("Portland", "OR", "97201", "United States"),
        ("Toronto", "ON", "M5H 2N2", "Canada"),
    ),
    ("# Mill Lane", "1# High Street", "2# Station Road\nFloor #", "4## Oak Avenue, Suite #00", "#6 Church Walk"),
    ("+44 20 7946 0###", "020 7946 0###", "+1 (212) 555-01##", "212-555-01##", "212.555.01##", "001 212 555 01##"),
)
_GERMAN = Culture(
    0.15,
    _names("""Andreas Anja Anke Birgit Bernd Christian Claudia Dieter Franziska Günther:guenther Hannelore Heike
    Helmut Jörg:joerg Jürgen:juergen Karl-Heinz:karl-heinz Käthe:kaethe Katrin Lukas Marie Matthias Monika Petra
    Sabine Stefan Sören:soeren Susanne Thorsten Ulrike Ursula Uwe Wolfgang"""),
    _names("""Bäcker:baecker Bauer Becker Braun Fischer Groß:gross Hoffmann Jäger:jaeger Keller Klein Koch König:koenig
    Krüger:krueger Lange Lehmann Müller:mueller Neumann Richter Schäfer:schaefer Schmidt Schneider Schröder:schroeder
    Schulz Schwarz Strauß:strauss von_der_Heide:vonderheide Wagner Weber Weiß:weiss Wolf Zimmermann"""),
    (
        ("Berlin", "", "10115", "Germany"),
        ("München", "Bayern", "80331", "Germany"),
        ("Köln", "NRW", "50667", "Germany"),
        ("Zürich", "ZH", "8001", "Switzerland"),
        ("Wien", "", "1010", "Austria"),
    ),
    ("Hauptstraße #", "Gartenweg 1#", "Am Markt #\nHinterhaus", "Lindenallee 2#a"),
    ("+49 30 23125-###", "030/23125###", "(030) 23125 ###", "0049 30 23125 ###", "+49 (0)30 23125-###"),
)
_ROMANCE = Culture(
    0.16,
    _names("""Álvaro:alvaro André:andre Anaïs:anais Beatriz Bruno Camille Chloé:chloe Élise:elise Émile:emile Felipe
    François:francois Giulia Hélène:helene Catarina Javier João:joao José:jose Léa:lea Luca Lucía:lucia Luís:luis
    Marco María_José:maria-jose Mathilde Noël:noel Núria:nuria Óscar:oscar Paolo René:rene Sofía:sofia Zoé:zoe"""),
    _names("""Bernard Bianchi Carvalho Colombo Costa D'Angelo:dangelo De_Luca:deluca Dubois Durand Fernández:fernandez
    Ferreira Fontaine García:garcia Girard Gómez:gomez Gonçalves:goncalves Lefèvre:lefevre López:lopez Moreau
    Muñoz:munoz Núñez:nunez Pereira Pérez:perez Petit Ricci Rodríguez:rodriguez Romano Rossi Sánchez:sanchez Santos
    Simões:simoes Vidal"""),
    (
        ("Paris", "", "75001", "France"),
        ("Nîmes", "Occitanie", "30000", "France"),
        ("Málaga", "Andalucía", "29001", "Spain"),
        ("Milano", "MI", "20121", "Italy"),
        ("São Paulo", "SP", "01000-000", "Brazil"),
    ),
    ("# rue de la Paix", "Plaza Mayor, 1#", "Via Roma #\nScala B", "Av. das Flores, 2##"),
    ("+33 1 99 00 ## ##", "01.99.00.##.##", "0033 199 00 ## ##", "+33 (0)1 99 00 ## ##"),
)
_NORTH_AND_EAST = Culture(
    0.15,
    _names("""Åsa:asa Björn:bjoern Ágnes:agnes Dušan:dusan Łukasz:lukasz Małgorzata:malgorzata Zsófia:zsofia
    Jiří:jiri Kateřina:katerina Øystein:oystein Sinéad:sinead Siân:sian Søren:soren Þóra:thora Şule:sule Çağla:cagla
    İpek:ipek Mikołaj:mikolaj Märt:maert Žofie:zofie Nguyệt:nguyet Hồng:hong Ștefan:stefan Lāsma:lasma"""),
    _names("""Åkesson:akesson Bjørnstad:bjornstad Černý:cerny Dvořák:dvorak Hämäläinen:hamalainen Jónsdóttir:jonsdottir
    Kovács:kovacs Kowalczyk Lindström:lindstroem Łukaszewicz:lukaszewicz Nagy Novák:novak Nováková:novakova
    Østergaard:ostergaard Özdemir:oezdemir Popescu Şahin:sahin Szabó:szabo Šimek:simek Trần:tran Wiśniewska:wisniewska
    Wójcik:wojcik Yılmaz:yilmaz Zieliński:zielinski"""),
    (
        ("Göteborg", "", "411 01", "Sweden"),
        ("Kraków", "", "30-001", "Poland"),
        ("Plzeň", "", "301 00", "Czechia"),
        ("İzmir", "", "35000", "Türkiye"),
        ("Győr", "", "9021", "Hungary"),
    ),
    ("Storgatan #", "ul. Długa 1#/2", "Náměstí Míru #", "Atatürk Cad. No: 2#"),
    ("+46 31 390 06 ##", "+48 555 01# ###", "00420 555 01# ###", "+90 555 01# ## ##"),
)
_GREEK = Culture(
    0.04,
    _names("""Αλέξανδρος:alexandros Άννα:anna Γιώργος:giorgos Δήμητρα:dimitra Ελένη:eleni Κωνσταντίνος:konstantinos
    Μαρία:maria Νίκος:nikos Σοφία:sofia Χρήστος:christos"""),
    _names("""Αναγνώστου:anagnostou Γεωργίου:georgiou Δημητρίου:dimitriou Ιωάννου:ioannou Κωνσταντίνου:konstantinou
    Νικολάου:nikolaou Παπαδόπουλος:papadopoulos Χριστοδούλου:christodoulou"""),
    (("Αθήνα", "Αττική", "105 57", "Greece"), ("Θεσσαλονίκη", "", "546 24", "Greece")),
    ("Οδός Ερμού #", "Λεωφόρος Νίκης 1#"),
    ("+30 21 0555 01##", "210-55501##"),
)
_CYRILLIC = Culture(
    0.05,
    _names("""Александр:aleksandr Анна:anna Борис:boris Виктория:viktoriya Дмитрий:dmitriy Екатерина:ekaterina
    Иван:ivan Мария:mariya Наталія:nataliya Олексій:oleksiy Ольга:olga Сергей:sergey Ђорђе:djordje"""),
    _names("""Бондаренко:bondarenko Волков:volkov Иванова:ivanova Ковальчук:kovalchuk Кузнецов:kuznetsov
    Новикова:novikova Петров:petrov Соколова:sokolova Шевченко:shevchenko Јовановић:jovanovic"""),
    (("Київ", "", "01001", "Ukraine"), ("София", "", "1000", "Bulgaria"), ("Београд", "", "11000", "Serbia")),
    ("вул. Хрещатик, #", "бул. Витоша 1#"),
    ("+380 44 555 01 ##", "8 (044) 555-01-##"),
)
_EAST_ASIAN = Culture(
    0.06,
    _names("""伟:wei 芳:fang 娜:na 秀英:xiuying 健太:kenta さくら:sakura 陽子:yoko 太郎:taro 민준:minjun 서연:seoyeon
    ジョン:jon"""),
    _names("""王:wang 李:li 张:zhang 陈:chen 佐藤:sato 鈴木:suzuki 田中:tanaka 渡辺:watanabe 김:kim 이:lee 박:park
    髙橋:takahashi"""),
    (("北京", "", "100000", "中国"), ("東京都", "千代田区", "100-0001", "日本"), ("서울", "", "04524", "대한민국")),
    ("长安街#号", "丸の内#-1#\nビル#階", "세종대로 #"),
    ("+81 3-5550-01##", "03-5550-01##", "+86 10 5550 01##", "+82-2-555-01##"),
)
_RIGHT_TO_LEFT = Culture(
    0.05,
    _names("""أحمد:ahmad فاطمة:fatima خالد:khalid ليلى:layla محمود:mahmoud نور:nour דוד:david יעל:yael משה:moshe
    נועה:noa שירה:shira"""),
    _names("""الحداد:alhaddad النجار:alnajjar الخطيب:alkhatib منصور:mansour سليمان:suleiman כהן:cohen לוי:levi
    מזרחי:mizrahi פרץ:peretz בן־דוד:ben-david"""),
    (("القاهرة", "", "11511", "مصر"), ("عمّان", "", "11118", "الأردن"), ("תל אביב", "", "6100000", "ישראל")),
    ("شارع النيل #", "רחוב הרצל 1#"),
    ("+20 2 555 01##", "+972-3-555-01##", "03-55501##"),
)
CULTURES = (_ENGLISH, _GERMAN, _ROMANCE, _NORTH_AND_EAST, _GREEK, _CYRILLIC, _EAST_ASIAN, _RIGHT_TO_LEFT)

COMPANY_STARTS = (
    *("Amber", "Birch", "Blue", "Bright", "Cedar", "Clear", "Copper", "Delta", "Falcon", "Granite", "Green", "Harbour"),
    *("Iron", "Lakeside", "Linden", "Maple", "North", "Pine", "Quartz", "River", "Silver", "Stone", "Summit", "Valley"),
)
COMPANY_ENDS = (
    *("Bridge Ltd", "Consulting", "Design GmbH", "Energy AG", "Foods Inc.", "& Sons", "Insurance", "Labs", "Logistics"),
    *("Media S.A.", "Partners LLP", "Print, Inc.", "Software AB", "Systems", "Textiles", "Tools KG", "Travel", "Works"),
)
JOBS = (
    *("Accountant", "Architect", "Assistant", "Buyer", "CEO", "Consultant", "Controller", "Designer", "Director"),
    *("Engineer", "Geschäftsführerin", "Head of Sales", "Lawyer", "Manager, Operations", "Nurse", "Partner", "Teacher"),
)
DEPARTMENTS = (
    *("Sales", "Purchasing", "Finance", "IT", "HR", "R&D", "Legal", "Vertrieb", "Direction générale", "Support"),
)
OFFICES = ("HQ", "East wing", "2nd floor", "Room 14", "Werk 2", "Remote")
TITLES = ("Mr", "Ms", "Dr", "Prof.")
NOTES = (
    'Met at the fair.\nAsked for the "large" catalogue, then called back.',
    "Prefers mail;\ncalls only before noon.\n\n- has two offices\n- closed in August",
    "Birthday card: yes",
    "See the old file, page 3.\r\nNo newsletter.",
    "Wants an offer for 1,000 pieces; price list 2024.",
    "☎ only with appointment — très sympa",
)
OTHER_CATEGORIES = ("Friends", "Suppliers", "Christmas cards")
OTHER_LISTS = ("Newsletter", "Suppliers", "VIP")
DOMAINS = ("example.com", "example.org", "example.net")
