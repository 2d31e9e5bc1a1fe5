"""The time zones in which telephone numbers and postal addresses lie. Pure.

A number's zone is told by its first digits (the table of libphonenumber), an address's by its country, and where that
has several by the state. Of a state that lies in two, it is the one where most people live. What may lie in more than
five zones (`+1 800 …`, an address in the USA without a state) lies in none that is known.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, country_code_for_region
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

MOST_ZONES = 5
LONGEST_PREFIX = TIMEZONE_LONGEST_PREFIX + 1
"""With the plus sign."""
SHORTEST_PREFIX = 2
"""`+1`; of an address the two letters of the country."""


@lru_cache(maxsize=1)
def zones_by_place() -> Mapping[str, tuple[str, ...]]:
    """By the first digits of a number (`+1212`), by country (`de`), and by country and state (`us ca|`)."""
    numbers = {f"+{digits}": zones for digits, zones in TIMEZONE_DATA.items() if len(zones) <= MOST_ZONES}
    return {**numbers, **_countries(), **_states()}


@lru_cache(maxsize=1)
def all_zones() -> tuple[str, ...]:
    """Every zone that something may lie in."""
    return tuple(sorted({zone for zones in zones_by_place().values() for zone in zones}))


def zones_of_number(number: str) -> tuple[str, ...]:
    """Of a number as it is kept (`+12125550100`); nothing where its country is not known or has many zones."""
    return _zones_at(number) if number.startswith("+") else ()


def zones_of_address(country: str, state: str) -> tuple[str, ...]:
    """Of a country by two letters and a state by its name or letters."""
    written = unicodedata.normalize("NFKD", f"{country} {state.strip()}|".lower())
    return _zones_at("".join(one for one in written if not unicodedata.combining(one)))


def _zones_at(place: str) -> tuple[str, ...]:
    known = zones_by_place()
    starts = (place[:length] for length in range(LONGEST_PREFIX, SHORTEST_PREFIX - 1, -1))
    return next((known[start] for start in (place, *starts) if start in known), ())


def _countries() -> dict[str, tuple[str, ...]]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for country, _, zone, *_ in (line.split("\t") for line in lines if line and not line.startswith("#")):
        found[country] = (*found.get(country, ()), zone)
    known = {country.lower(): _of_country(country, zones) for country, zones in found.items()}
    return {country: zones for country, zones in known.items() if zones}


def _of_country(country: str, zones: tuple[str, ...]) -> tuple[str, ...]:
    """Its one zone; those of its numbers where it has several; nothing where those are of other countries too."""
    if len(zones) == 1:
        return zones
    code = country_code_for_region(country)
    if COUNTRY_CODE_TO_REGION_CODE.get(code, ()) != (country,):
        return zones if len(zones) <= MOST_ZONES else ()
    found: tuple[str, ...] = TIMEZONE_DATA.get(str(code), ())
    return found if len(found) <= MOST_ZONES else ()


def _states() -> dict[str, tuple[str, ...]]:
    return {
        f"{country} {name}|".lower(): (zone,)
        for country, zones in _STATES.items()
        for zone, states in zones.items()
        for state in states.split(", ")
        for name in state.split("=")
    }


# Letters of ISO 3166-2 and names, without accents.
_STATES: dict[str, dict[str, str]] = {
    "us": {
        "America/New_York": "CT=Connecticut, DE=Delaware, DC=District of Columbia, DC=Washington DC, FL=Florida,"
        " GA=Georgia, KY=Kentucky, ME=Maine, MD=Maryland, MA=Massachusetts, NH=New Hampshire, NJ=New Jersey,"
        " NY=New York, NC=North Carolina, OH=Ohio, PA=Pennsylvania, RI=Rhode Island, SC=South Carolina, VT=Vermont,"
        " VA=Virginia, WV=West Virginia",
        "America/Detroit": "MI=Michigan",
        "America/Indiana/Indianapolis": "IN=Indiana",
        "America/Chicago": "AL=Alabama, AR=Arkansas, IL=Illinois, IA=Iowa, KS=Kansas, LA=Louisiana, MN=Minnesota,"
        " MS=Mississippi, MO=Missouri, NE=Nebraska, ND=North Dakota, OK=Oklahoma, SD=South Dakota, TN=Tennessee,"
        " TX=Texas, WI=Wisconsin",
        "America/Denver": "CO=Colorado, MT=Montana, NM=New Mexico, UT=Utah, WY=Wyoming",
        "America/Boise": "ID=Idaho",
        "America/Phoenix": "AZ=Arizona",
        "America/Los_Angeles": "CA=California, NV=Nevada, OR=Oregon, WA=Washington",
        "America/Anchorage": "AK=Alaska",
        "Pacific/Honolulu": "HI=Hawaii",
        "America/Puerto_Rico": "PR=Puerto Rico",
    },
    "ca": {
        "America/St_Johns": "NL=Newfoundland and Labrador",
        "America/Halifax": "NS=Nova Scotia, PE=Prince Edward Island",
        "America/Moncton": "NB=New Brunswick",
        "America/Toronto": "ON=Ontario, QC=Quebec",
        "America/Iqaluit": "NU=Nunavut",
        "America/Winnipeg": "MB=Manitoba",
        "America/Regina": "SK=Saskatchewan",
        "America/Edmonton": "AB=Alberta, NT=Northwest Territories",
        "America/Whitehorse": "YT=Yukon",
        "America/Vancouver": "BC=British Columbia",
    },
    "au": {
        "Australia/Sydney": "NSW=New South Wales, ACT=Australian Capital Territory",
        "Australia/Melbourne": "VIC=Victoria",
        "Australia/Brisbane": "QLD=Queensland",
        "Australia/Hobart": "TAS=Tasmania",
        "Australia/Adelaide": "SA=South Australia",
        "Australia/Darwin": "NT=Northern Territory",
        "Australia/Perth": "WA=Western Australia",
    },
    "br": {
        "America/Sao_Paulo": "SP=Sao Paulo, RJ=Rio de Janeiro, MG=Minas Gerais, ES=Espirito Santo, PR=Parana,"
        " SC=Santa Catarina, RS=Rio Grande do Sul, GO=Goias, DF=Distrito Federal",
        "America/Bahia": "BA=Bahia",
        "America/Maceio": "AL=Alagoas, SE=Sergipe",
        "America/Recife": "PE=Pernambuco",
        "America/Fortaleza": "CE=Ceara, MA=Maranhao, PI=Piaui, RN=Rio Grande do Norte, PB=Paraiba",
        "America/Araguaina": "TO=Tocantins",
        "America/Belem": "PA=Para, AP=Amapa",
        "America/Cuiaba": "MT=Mato Grosso",
        "America/Campo_Grande": "MS=Mato Grosso do Sul",
        "America/Manaus": "AM=Amazonas",
        "America/Porto_Velho": "RO=Rondonia",
        "America/Boa_Vista": "RR=Roraima",
        "America/Rio_Branco": "AC=Acre",
    },
    "mx": {
        "America/Tijuana": "BCN=Baja California",
        "America/Hermosillo": "SON=Sonora",
        "America/Mazatlan": "BCS=Baja California Sur, SIN=Sinaloa, NAY=Nayarit",
        "America/Chihuahua": "CHH=Chihuahua",
        "America/Cancun": "ROO=Quintana Roo",
        "America/Monterrey": "NLE=Nuevo Leon, COA=Coahuila, TAM=Tamaulipas, DUR=Durango",
        "America/Mexico_City": "CMX=Ciudad de Mexico, CMX=Mexico City, MEX=Mexico, JAL=Jalisco, GUA=Guanajuato,"
        " PUE=Puebla, QUE=Queretaro, VER=Veracruz, MIC=Michoacan, AGU=Aguascalientes, HID=Hidalgo, MOR=Morelos,"
        " SLP=San Luis Potosi, ZAC=Zacatecas, COL=Colima, GRO=Guerrero, OAX=Oaxaca, TLA=Tlaxcala, CHP=Chiapas,"
        " TAB=Tabasco, CAM=Campeche, YUC=Yucatan",
    },
}
