"""How states are called in English prose: names, adjectives, capitals that stand for a government.

Kosovo and Taiwan stand here because prose says of them what it says of states; that is no view on what they are.

A row is `code | names, parted by “;” | adjectives | capital`. Codes are ISO 3166-1 alpha-2. An adjective that two
states share (Dominican, Congolese, Korean, Guinean) is left out on purpose: in prose it does not say which one is
meant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

TABLE: Final = """
AD|Andorra;Principality of Andorra|Andorran|Andorra la Vella
AE|United Arab Emirates;UAE;Emirates|Emirati|Abu Dhabi
AF|Afghanistan|Afghan|Kabul
AG|Antigua and Barbuda|Antiguan|
AL|Albania;Republic of Albania|Albanian|Tirana
AM|Armenia;Republic of Armenia|Armenian|Yerevan
AO|Angola;Republic of Angola|Angolan|Luanda
AR|Argentina;Argentine Republic|Argentine;Argentinian|Buenos Aires
AT|Austria;Republic of Austria|Austrian|Vienna
AU|Australia;Commonwealth of Australia|Australian|Canberra
AZ|Azerbaijan;Republic of Azerbaijan|Azerbaijani|Baku
BA|Bosnia and Herzegovina;Bosnia-Herzegovina;Bosnia|Bosnian|Sarajevo
BB|Barbados|Barbadian;Bajan|Bridgetown
BD|Bangladesh;People’s Republic of Bangladesh|Bangladeshi|Dhaka
BE|Belgium;Kingdom of Belgium|Belgian|Brussels
BF|Burkina Faso|Burkinabe;Burkinabè|Ouagadougou
BG|Bulgaria;Republic of Bulgaria|Bulgarian|Sofia
BH|Bahrain;Kingdom of Bahrain|Bahraini|Manama
BI|Burundi;Republic of Burundi|Burundian|Gitega
BJ|Benin;Republic of Benin|Beninese|Porto-Novo
BN|Brunei Darussalam;Brunei|Bruneian|Bandar Seri Begawan
BO|Bolivia;Plurinational State of Bolivia|Bolivian|La Paz
BR|Brazil;Federative Republic of Brazil|Brazilian|Brasília;Brasilia
BS|Bahamas;Commonwealth of The Bahamas;Commonwealth of the Bahamas|Bahamian|Nassau
BT|Bhutan;Kingdom of Bhutan|Bhutanese|Thimphu
BW|Botswana;Republic of Botswana|Botswanan|Gaborone
BY|Belarus;Republic of Belarus|Belarusian|Minsk
BZ|Belize|Belizean|Belmopan
CA|Canada|Canadian|Ottawa
CD|Democratic Republic of the Congo;Democratic Republic of Congo;DR Congo;DRC;Congo-Kinshasa||Kinshasa
CF|Central African Republic||Bangui
CG|Republic of the Congo;Congo-Brazzaville;Congo Republic||Brazzaville
CH|Switzerland;Swiss Confederation|Swiss|Bern;Berne
CI|Côte d’Ivoire;Cote d’Ivoire;Ivory Coast;Republic of Côte d’Ivoire|Ivorian|Abidjan;Yamoussoukro
CL|Chile;Republic of Chile|Chilean|
CM|Cameroon;Republic of Cameroon|Cameroonian|Yaoundé;Yaounde
CN|China;People’s Republic of China;PRC|Chinese|Beijing
CO|Colombia;Republic of Colombia|Colombian|Bogotá;Bogota
CR|Costa Rica;Republic of Costa Rica|Costa Rican|
CU|Cuba;Republic of Cuba|Cuban|Havana
CV|Cabo Verde;Cape Verde|Cabo Verdean;Cape Verdean|Praia
CY|Cyprus;Republic of Cyprus|Cypriot|Nicosia
CZ|Czechia;Czech Republic|Czech|Prague
DE|Germany;Federal Republic of Germany|German|Berlin
DJ|Djibouti;Republic of Djibouti|Djiboutian|
DK|Denmark;Kingdom of Denmark|Danish|Copenhagen
DM|Dominica;Commonwealth of Dominica||Roseau
DO|Dominican Republic||Santo Domingo
DZ|Algeria;People’s Democratic Republic of Algeria|Algerian|Algiers
EC|Ecuador;Republic of Ecuador|Ecuadorian;Ecuadorean|Quito
EE|Estonia;Republic of Estonia|Estonian|Tallinn
EG|Egypt;Arab Republic of Egypt|Egyptian|Cairo
ER|Eritrea;State of Eritrea|Eritrean|Asmara
ES|Spain;Kingdom of Spain|Spanish|Madrid
ET|Ethiopia;Federal Democratic Republic of Ethiopia|Ethiopian|Addis Ababa
FI|Finland;Republic of Finland|Finnish|Helsinki
FJ|Fiji;Republic of Fiji|Fijian|Suva
FM|Federated States of Micronesia;Micronesia|Micronesian|Palikir
FR|France;French Republic|French|Paris
GA|Gabon;Gabonese Republic|Gabonese|Libreville
GB|United Kingdom;UK;U.K.;Britain;Great Britain;United Kingdom of Great Britain and Northern Ireland|British|London
GD|Grenada|Grenadian|
GE|Georgia;Republic of Georgia|Georgian|Tbilisi
GH|Ghana;Republic of Ghana|Ghanaian|Accra
GM|Gambia;Republic of The Gambia|Gambian|Banjul
GN|Guinea;Republic of Guinea||Conakry
GQ|Equatorial Guinea|Equatoguinean|Malabo
GR|Greece;Hellenic Republic|Greek|Athens
GT|Guatemala;Republic of Guatemala|Guatemalan|
GW|Guinea-Bissau;Guinea Bissau||Bissau
GY|Guyana;Co-operative Republic of Guyana|Guyanese|Georgetown
HN|Honduras;Republic of Honduras|Honduran|Tegucigalpa
HR|Croatia;Republic of Croatia|Croatian|Zagreb
HT|Haiti;Republic of Haiti|Haitian|Port-au-Prince
HU|Hungary|Hungarian|Budapest
ID|Indonesia;Republic of Indonesia|Indonesian|Jakarta
IE|Ireland;Republic of Ireland|Irish|Dublin
IL|Israel;State of Israel|Israeli|
IN|India;Republic of India|Indian|New Delhi
IQ|Iraq;Republic of Iraq|Iraqi|Baghdad
IR|Iran;Islamic Republic of Iran|Iranian|Tehran
IS|Iceland;Republic of Iceland|Icelandic|Reykjavik;Reykjavík
IT|Italy;Italian Republic|Italian|Rome
JM|Jamaica|Jamaican|
JO|Jordan;Hashemite Kingdom of Jordan|Jordanian|Amman
JP|Japan|Japanese|Tokyo
KE|Kenya;Republic of Kenya|Kenyan|Nairobi
KG|Kyrgyzstan;Kyrgyz Republic|Kyrgyz|Bishkek
KH|Cambodia;Kingdom of Cambodia|Cambodian|Phnom Penh
KI|Kiribati;Republic of Kiribati|I-Kiribati|Tarawa
KM|Comoros;Union of the Comoros|Comorian|Moroni
KN|Saint Kitts and Nevis;Saint Christopher and Nevis|Kittitian|Basseterre
KP|Democratic People’s Republic of Korea;North Korea;DPRK|North Korean|Pyongyang
KR|Republic of Korea;South Korea;ROK|South Korean|Seoul
KW|Kuwait;State of Kuwait|Kuwaiti|
KZ|Kazakhstan;Republic of Kazakhstan|Kazakh;Kazakhstani|Astana
LA|Lao People’s Democratic Republic;Lao PDR;Laos|Laotian;Lao|Vientiane
LB|Lebanon;Lebanese Republic|Lebanese|Beirut
LC|Saint Lucia|Saint Lucian|Castries
LI|Liechtenstein;Principality of Liechtenstein||Vaduz
LK|Sri Lanka|Sri Lankan|Colombo
LR|Liberia;Republic of Liberia|Liberian|Monrovia
LS|Lesotho;Kingdom of Lesotho|Basotho|Maseru
LT|Lithuania;Republic of Lithuania|Lithuanian|Vilnius
LU|Luxembourg;Grand Duchy of Luxembourg|Luxembourgish|
LV|Latvia;Republic of Latvia|Latvian|Riga
LY|Libya;State of Libya|Libyan|Tripoli
MA|Morocco;Kingdom of Morocco|Moroccan|Rabat
MC|Monaco;Principality of Monaco|Monegasque|
MD|Moldova;Republic of Moldova|Moldovan|Chișinău;Chisinau
ME|Montenegro|Montenegrin|Podgorica
MG|Madagascar;Republic of Madagascar|Malagasy|Antananarivo
MH|Marshall Islands;Republic of the Marshall Islands|Marshallese|Majuro
MK|North Macedonia;Republic of North Macedonia|North Macedonian|Skopje
ML|Mali;Republic of Mali|Malian|Bamako
MM|Myanmar;Burma|Burmese|Naypyidaw
MN|Mongolia|Mongolian|Ulaanbaatar;Ulan Bator
MR|Mauritania;Islamic Republic of Mauritania|Mauritanian|Nouakchott
MT|Malta;Republic of Malta|Maltese|Valletta
MU|Mauritius;Republic of Mauritius|Mauritian|Port Louis
MV|Maldives;Republic of Maldives|Maldivian|Malé
MW|Malawi;Republic of Malawi|Malawian|Lilongwe
MX|Mexico;United Mexican States|Mexican|Mexico City
MY|Malaysia|Malaysian|Kuala Lumpur
MZ|Mozambique;Republic of Mozambique|Mozambican|Maputo
NA|Namibia;Republic of Namibia|Namibian|Windhoek
NE|Niger;Republic of the Niger;Republic of Niger|Nigerien|Niamey
NG|Nigeria;Federal Republic of Nigeria|Nigerian|Abuja
NI|Nicaragua;Republic of Nicaragua|Nicaraguan|Managua
NL|Netherlands;Kingdom of the Netherlands;Holland|Dutch|The Hague
NO|Norway;Kingdom of Norway|Norwegian|Oslo
NP|Nepal|Nepalese;Nepali|Kathmandu
NR|Nauru;Republic of Nauru|Nauruan|Yaren
NZ|New Zealand;Aotearoa New Zealand;Aotearoa||
OM|Oman;Sultanate of Oman|Omani|Muscat
PA|Panama;Republic of Panama|Panamanian|Panama City
PE|Peru;Republic of Peru|Peruvian|Lima
PG|Papua New Guinea;PNG|Papua New Guinean|Port Moresby
PH|Philippines;Republic of the Philippines|Philippine;Filipino|Manila
PK|Pakistan;Islamic Republic of Pakistan|Pakistani|Islamabad
PL|Poland;Republic of Poland|Polish|Warsaw
PS|Palestine;State of Palestine|Palestinian|Ramallah
PT|Portugal;Portuguese Republic|Portuguese|Lisbon
PW|Palau;Republic of Palau|Palauan|Ngerulmud
PY|Paraguay;Republic of Paraguay|Paraguayan|Asunción;Asuncion
QA|Qatar;State of Qatar|Qatari|Doha
RO|Romania|Romanian|Bucharest
RS|Serbia;Republic of Serbia|Serbian|Belgrade
RU|Russia;Russian Federation|Russian|Moscow
RW|Rwanda;Republic of Rwanda|Rwandan|Kigali
SA|Saudi Arabia;Kingdom of Saudi Arabia|Saudi;Saudi Arabian|Riyadh
SB|Solomon Islands||Honiara
SC|Seychelles;Republic of Seychelles|Seychellois|
SD|Sudan;Republic of the Sudan|Sudanese|Khartoum
SE|Sweden;Kingdom of Sweden|Swedish|Stockholm
SG|Singapore;Republic of Singapore|Singaporean|
SI|Slovenia;Republic of Slovenia|Slovenian;Slovene|Ljubljana
SK|Slovakia;Slovak Republic|Slovak;Slovakian|Bratislava
SL|Sierra Leone;Republic of Sierra Leone|Sierra Leonean|Freetown
SM|San Marino;Republic of San Marino|Sammarinese|
SN|Senegal;Republic of Senegal|Senegalese|Dakar
SO|Somalia;Federal Republic of Somalia|Somali|Mogadishu
SR|Suriname;Republic of Suriname|Surinamese|Paramaribo
SS|South Sudan;Republic of South Sudan|South Sudanese|Juba
ST|São Tomé and Príncipe;Sao Tome and Principe|São Toméan|
SV|El Salvador;Republic of El Salvador|Salvadoran;Salvadorean|
SY|Syria;Syrian Arab Republic|Syrian|Damascus
SZ|Eswatini;Kingdom of Eswatini;Swaziland|Swazi|Mbabane
TD|Chad;Republic of Chad|Chadian|N’Djamena
TG|Togo;Togolese Republic|Togolese|Lomé
TH|Thailand;Kingdom of Thailand|Thai|Bangkok
TJ|Tajikistan;Republic of Tajikistan|Tajik|Dushanbe
TL|Timor-Leste;East Timor|Timorese|Dili
TM|Turkmenistan|Turkmen|Ashgabat
TN|Tunisia;Republic of Tunisia|Tunisian|Tunis
TO|Tonga;Kingdom of Tonga|Tongan|Nuku’alofa
TR|Türkiye;Turkey;Republic of Türkiye;Republic of Turkey|Turkish|Ankara
TT|Trinidad and Tobago;Republic of Trinidad and Tobago|Trinidadian|Port of Spain
TV|Tuvalu|Tuvaluan|Funafuti
TZ|Tanzania;United Republic of Tanzania|Tanzanian|Dodoma
UA|Ukraine|Ukrainian|Kyiv;Kiev
UG|Uganda;Republic of Uganda|Ugandan|Kampala
US|United States of America;United States;USA;U.S.A.;U.S.;US|American|Washington
UY|Uruguay;Oriental Republic of Uruguay|Uruguayan|Montevideo
UZ|Uzbekistan;Republic of Uzbekistan|Uzbek|Tashkent
VA|Holy See;Vatican||
VC|Saint Vincent and the Grenadines|Vincentian|Kingstown
VE|Venezuela;Bolivarian Republic of Venezuela|Venezuelan|Caracas
VN|Viet Nam;Vietnam;Socialist Republic of Viet Nam|Vietnamese|Hanoi;Ha Noi
VU|Vanuatu;Republic of Vanuatu|Ni-Vanuatu|Port Vila
WS|Samoa;Independent State of Samoa|Samoan|Apia
YE|Yemen;Republic of Yemen|Yemeni|Sana’a
ZA|South Africa;Republic of South Africa|South African|Pretoria
ZM|Zambia;Republic of Zambia|Zambian|Lusaka
ZW|Zimbabwe;Republic of Zimbabwe|Zimbabwean|Harare
XK|Kosovo;Republic of Kosovo|Kosovar;Kosovan|Pristina
TW|Taiwan|Taiwanese|Taipei
"""

OTHER_PLACES: Final = (
    "Latin American",
    "North American",
    "South American",
    "Central American",
    "African American",
    "Latin America",
    "Northern Ireland",
    "American Samoa",
    "New Mexico",
    "Gulf of Mexico",
    "Gulf of Guinea",
    "Niger Delta",
    "Niger River",
    "State of Georgia",
    "Georgia Tech",
    "Georgia State University",
    "University of Georgia",
    "Atlanta, Georgia",
    "Jersey City",
    "Republika Srpska",
    "Guinea pig",
    "Guinea pigs",
    "British Virgin Islands",
    "US Virgin Islands",
    "U.S. Virgin Islands",
    "French Guiana",
    "French Polynesia",
    "Dutch Caribbean",
    "British Columbia",
    "Lebanon, Pennsylvania",
    "Paris Agreement",
    "Paris, Texas",
    "Washington State",
    "Washington Post",
    "Michael Jordan",
    "Jordan River",
    "China Mobile",
    "China Telecom",
    "Lake Chad",
    "Panama Papers",
    "Panama Canal",
    "Oman Air",
    "Turkey sandwich",
    "Congo River",
    "Congo Basin",
    "Georgia, Atlanta",
    "Georgia’s secretary of state",
    "Georgia lawmakers",
    "Inner Mongolia",
    "Macau, China",
    "Hong Kong, China",
    "South China Sea",
    "New England",
    "New London",
    "Cuba Gooding",
    "Holland & Knight",
    "Holland and Knight",
    "Chad Sweet",
    "Indian Ocean",
    "American Airlines",
    "British Airways",
    "Swiss Re",
    "Swiss Post",
    "Brussels Times",
    "Washington DC",
    "Washington, DC",
    "Washington, D.C.",
    "Washington D.C.",
)
"""Names that hold a state's name and mean something else."""


@dataclass(frozen=True, slots=True)
class Nation:
    """One state as prose calls it; `capitals` may stand for its government, or be a place where things are held."""

    code: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    capitals: tuple[str, ...]


def _read(line: str) -> Nation:
    code, names, adjectives, capitals = line.split("|")
    return Nation(code, *(tuple(_spelt(part.split(";"))) for part in (names, adjectives, capitals)))


def _spelt(names: Iterable[str]) -> Iterator[str]:
    """Give each name in the ways that it is spelt: Saint, St and St.; and, &."""
    for name in filter(None, names):
        yield name
        if " and " in name:
            yield name.replace(" and ", " & ")
        if name.startswith("Saint "):
            yield from _spelt(("St" + name.removeprefix("Saint"), "St." + name.removeprefix("Saint")))


NATIONS: Final = {nation.code: nation for nation in map(_read, TABLE.strip().splitlines())}
