"""What can be wrong with a CPR list, in words (CO-1), and the folding of a fault that stands on many lines.

Here: the kinds of fault and remark, their texts, and the collector that counts them. Not here: finding them
(`lines`, `blocks`, `envelope`). No text ever holds a value of the list: a place and a rule say enough.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ngc_pipelines.domain.errors import Fault

RULE = "CO-1"
# As many lines as somebody looks up by hand; the rest is a count.
LINES_TOLD = 10

# kind: (column or "", Danish, English). Columns A and B as a spreadsheet names them.
FAULTS: dict[str, tuple[str, str, str]] = {
    "file_name_whitespace": (
        "",
        "Filnavnet indeholder mellemrum. Omdøb filen, fx med understregning i stedet.",
        "The file's name has whitespace in it. Rename the file, e.g. with underscores instead.",
    ),
    "file_name_extension": (
        "",
        "Filnavnet skal ende på .csv (eller .zip for et krypteret arkiv med én csv-fil).",
        "The file's name must end in .csv (or .zip for an encrypted archive of one csv file).",
    ),
    "file_name_personal": (
        "",
        "Filnavnet ligner et CPR-nummer. Omdøb filen, så navnet ikke siger noget om en person.",
        "The file's name looks like a CPR number. Rename the file so that its name says nothing about a person.",
    ),
    "not_csv": (
        "",
        "Filen er ikke en csv-fil, men en anden filtype (fx Excel, PDF eller 7z). Gem listen som semikolonsepareret "
        "csv; et krypteret arkiv skal være zip med AES.",
        "The file is no csv file but of another type (e.g. Excel, PDF or 7z). Save the list as semicolon-separated "
        "csv; an encrypted archive must be zip with AES.",
    ),
    "archive_damaged": (
        "",
        "Arkivet kan ikke læses: det er beskadiget eller ufuldstændigt. Pak det igen, og send det på ny.",
        "The archive cannot be read: it is damaged or incomplete. Pack it again and send it anew.",
    ),
    "archive_members": (
        "",
        "Arkivet skal indeholde præcis én fil: listen. Pak listen alene.",
        "The archive must hold exactly one file: the list. Pack the list alone.",
    ),
    "archive_method": (
        "",
        "Arkivet er pakket med en metode, som ikke læses her. Brug zip med deflate og AES-256.",
        "The archive is packed by a method that is not read here. Use zip with deflate and AES-256.",
    ),
    "too_large": (
        "",
        "Listen er større, end en liste over personer kan være (512 MiB eller 10 millioner linjer). Kontrollér filen.",
        "The list is larger than a list of persons can be (512 MiB or 10 million lines). Check the file.",
    ),
    "encoding": (
        "",
        "Filens tegnkodning kan ikke bestemmes (UTF-16 eller UTF-32 uden kendt begyndelse). Gem den som csv i UTF-8.",
        "The file's encoding cannot be told (UTF-16 or UTF-32 without a known beginning). Save it as csv in UTF-8.",
    ),
    "line_ends": (
        "",
        "Filen har linjeskift fra ældre Macintosh (kun CR). Gem den som almindelig csv.",
        "The file has the line ends of an old Macintosh (CR alone). Save it as ordinary csv.",
    ),
    "acronym_missing": (
        "",
        "Linje 1 skal indeholde projektets akronym og intet andet.",
        "Line 1 must hold the project's acronym and nothing else.",
    ),
    "acronym_whitespace": (
        "A",
        "Projektets akronym må ikke indeholde mellemrum.",
        "The project's acronym must not contain whitespace.",
    ),
    "acronym_form": (
        "A",
        "Akronymet skal være 2-40 bogstaver, tal, punktum, - eller _, med højst syv cifre og ikke seks i træk.",
        "The acronym must be 2-40 letters, digits, dots, - or _, with at most seven digits and not six in a row.",
    ),
    "acronym_columns": (
        "B",
        "Der står mere end akronymet på linje 1. Linje 1 er kun akronymet.",
        "There is more than the acronym on line 1. Line 1 is the acronym alone.",
    ),
    "acronym_other": (
        "A",
        "Akronymet er et andet end ansøgningens. Ret det ene, så de er ens.",
        "The acronym is another than the application's. Correct one of them so that they are equal.",
    ),
    "header_missing": (
        "",
        "Linje 2 skal være kolonneoverskrifterne: serienummer;CPR-nummer",
        "Line 2 must be the column headers: serienummer;CPR-nummer",
    ),
    "header_names": (
        "",
        "Kolonneoverskrifterne på linje 2 kendes ikke. Skriv: serienummer;CPR-nummer",
        "The column headers on line 2 are not known. Write: serienummer;CPR-nummer",
    ),
    "columns_swapped": (
        "",
        "Kolonnerne er byttet om: A er serienummer, B er CPR-nummer.",
        "The columns are swapped: A is the serial number, B the CPR number.",
    ),
    "delimiter": (
        "",
        "Kolonnerne er ikke adskilt af semikolon. Gem filen som semikolonsepareret csv.",
        "The columns are not separated by semicolons. Save the file as semicolon-separated csv.",
    ),
    "missing_column": (
        "",
        "Linjen har kun én kolonne. Den skal have to: serienummer;CPR-nummer",
        "The line has only one column. It must have two: serial number;CPR number",
    ),
    "extra_columns": (
        "C",
        "Linjen har flere end to kolonner. Slet alt efter kolonne B.",
        "The line has more than two columns. Delete all after column B.",
    ),
    "broken_quotes": (
        "",
        "Anførselstegnene på linjen passer ikke sammen. Gem listen uden anførselstegn.",
        "The quotes on the line do not match. Save the list without quotes.",
    ),
    "nul_byte": (
        "",
        "Linjen indeholder NUL-tegn: filen er beskadiget eller ikke ren tekst. Gem den igen som csv i UTF-8.",
        "The line has NUL characters: the file is damaged or no plain text. Save it again as csv in UTF-8.",
    ),
    "line_too_long": (
        "",
        "Linjen er længere, end en linje i listen kan være. Kontrollér linjeskift og filtype.",
        "The line is longer than a line of the list can be. Check line ends and file type.",
    ),
    "empty_line": (
        "",
        "Linjen er tom, men der er linjer efter den. Slet den.",
        "The line is empty, but lines follow it. Delete it.",
    ),
    "empty_list": (
        "",
        "Listen indeholder ingen personer. Der skal være mindst én linje efter overskrifterne.",
        "The list holds no persons. There must be at least one line after the headers.",
    ),
    "serial_form": (
        "A",
        "Kolonne A skal være et helt tal uden mellemrum eller foranstillede nuller: 1, 2, 3 …",
        "Column A must be a whole number without whitespace or leading zeros: 1, 2, 3 …",
    ),
    "serial_order": (
        "A",
        "Serienumrene skal tælle 1, 2, 3 … uden spring; her passer tallet ikke med linjens plads. Mangler en linje?",
        "The serial numbers must count 1, 2, 3 … without gaps; here the number does not fit the line's place. "
        "Is a line missing?",
    ),
    "missing_number": (
        "B",
        "CPR-nummeret mangler. Slet linjen, eller skriv nummeret.",
        "The CPR number is missing. Delete the line or write the number.",
    ),
    "lost_zero": (
        "B",
        "Der er 9 cifre: regnearket har fjernet et nul foran. Formatér kolonnen som tekst, og indsæt numrene igen.",
        "There are 9 digits: the spreadsheet has removed a leading zero. Format the column as text and paste the "
        "numbers again.",
    ),
    "spreadsheet_number": (
        "B",
        "Regnearket har gemt nummeret som decimaltal eller med eksponent (E+). Formatér kolonnen som tekst, og indsæt "
        "numrene igen.",
        "The spreadsheet has saved the number as a decimal or with an exponent (E+). Format the column as text and "
        "paste the numbers again.",
    ),
    "wrong_length": (
        "B",
        "Et CPR-nummer har 10 cifre, med eller uden bindestreg efter det sjette; her er et andet antal.",
        "A CPR number has 10 digits, with or without a hyphen after the sixth; here is another number of digits.",
    ),
    "whitespace": (
        "B",
        "Der er mellemrum i eller omkring CPR-nummeret. Fjern dem.",
        "There is whitespace in or around the CPR number. Remove it.",
    ),
    "other_hyphen": (
        "B",
        "Bindestregen er en tankestreg eller et andet tegn. Brug den almindelige bindestreg eller ingen.",
        "The hyphen is a dash or another character. Use the ordinary hyphen or none.",
    ),
    "masked_number": (
        "B",
        "CPR-nummeret er sløret (X eller *). Listen skal have de fulde numre.",
        "The CPR number is masked (X or *). The list must have the full numbers.",
    ),
    "not_canonical": (
        "B",
        "Det er ikke et CPR-nummer, som det skrives: DDMMÅÅNNNN eller DDMMÅÅ-NNNN med almindelige tal.",
        "This is no CPR number as one is written: DDMMYYNNNN or DDMMYY-NNNN in ordinary digits.",
    ),
    "invalid_date": (
        "B",
        "CPR-nummerets fødselsdato findes ikke. Kontrollér nummeret hos kilden.",
        "The birth date of the CPR number does not exist. Check the number at its source.",
    ),
    "future_date": (
        "B",
        "CPR-nummerets fødselsdato ligger i fremtiden. Kontrollér nummeret hos kilden.",
        "The birth date of the CPR number lies in the future. Check the number at its source.",
    ),
    "ecpr_x": (
        "B",
        "Det er et nationalt erstatningsnummer (X-eCPR). Listen må kun have CPR-numre; slet linjen.",
        "This is a national replacement number (X-eCPR). The list may hold CPR numbers only; delete the line.",
    ),
    "ecpr_d": (
        "B",
        "Det er et lokalt erstatningsnummer (D-eCPR). Listen må kun have CPR-numre; slet linjen.",
        "This is a local replacement number (D-eCPR). The list may hold CPR numbers only; delete the line.",
    ),
    "ecpr_plus60": (
        "B",
        "Det er et erstatningsnummer (dag + 60). Listen må kun have CPR-numre; slet linjen.",
        "This is a replacement number (day + 60). The list may hold CPR numbers only; delete the line.",
    ),
    "ecpr_kot": (
        "B",
        "Det er et erstatningsnummer fra Unilogin (tre bogstaver). Listen må kun have CPR-numre; slet linjen.",
        "This is a replacement number (Unilogin, three letters). The list may hold CPR numbers only; delete it.",
    ),
    "ecpr_other": (
        "B",
        "Det er et erstatningsnummer (dato og bogstaver). Listen må kun have CPR-numre; slet linjen.",
        "This is a replacement number (date and letters). The list may hold CPR numbers only; delete the line.",
    ),
    "duplicate": (
        "B",
        "CPR-nummeret står også på en tidligere linje. Behold det én gang, og tæl serienumrene igen.",
        "The CPR number stands on an earlier line too. Keep it once and count the serial numbers anew.",
    ),
}

# Read without guessing, so no reason to refuse; told so that nobody wonders.
REMARKS: dict[str, tuple[str, str, str]] = {
    "utf8_bom": ("", "Filen begynder med et BOM-mærke; det er sprunget over.", "The file begins with a BOM; skipped."),
    "utf16": ("", "Filen er UTF-16 og er læst som det.", "The file is UTF-16 and was read as such."),
    "latin1": ("", "Filen er Latin-1 og er læst som det.", "The file is Latin-1 and was read as such."),
    "crlf": ("", "Filen har Windows-linjeskift (CRLF).", "The file has Windows line ends (CRLF)."),
    "trailing_semicolons": ("", "Tomme kolonner sidst på linjen er sprunget over.", "Empty last columns were skipped."),
    "quotes": ("", "Anførselstegn om hele felter er læst som csv.", "Quotes around whole fields were read as csv."),
    "trailing_empty_lines": (
        "",
        "Tomme linjer sidst i filen er sprunget over.",
        "Empty last lines were skipped.",
    ),
    "weak_encryption": (
        "",
        "Arkivet bruger den gamle zip-kryptering, som er let at bryde. Brug AES-256 næste gang.",
        "The archive uses the old zip encryption, which is easily broken. Use AES-256 next time.",
    ),
}


@dataclass(frozen=True, slots=True)
class ListFault:
    """One kind of fault (or remark) with every line it stands on.

    count: how often. lines: the first of them, from 1, at most `LINES_TOLD`; empty for the file as a whole.
    column: `A`, `B`, `C`, or empty where it is not one column's.
    """

    kind: str
    count: int
    lines: tuple[int, ...]
    column: str
    da: str
    en: str

    @property
    def where(self) -> str:
        """The place in English, without a value: `line 3, column B` or `lines 3, 4 and 12 more, column B`."""
        return self._place("the file", "line", "lines", "and {} more", "column")

    @property
    def where_da(self) -> str:
        """The place in Danish: `linje 3, kolonne B`."""
        return self._place("filen", "linje", "linje", "og {} til", "kolonne")

    def _place(self, file: str, line: str, lines: str, more: str, column: str) -> str:
        if not self.lines:
            return file
        place = f"{line if len(self.lines) == 1 else lines} {', '.join(map(str, self.lines))}"
        if self.count > len(self.lines):
            place += f" {more.format(self.count - len(self.lines))}"
        return f"{place}, {column} {self.column}" if self.column else place

    def to_fault(self) -> Fault:
        """Give it as one point of a refusal."""
        return Fault(RULE, self.where, f"{self.where_da[0].upper()}{self.where_da[1:]}: {self.da}", self.en)


class FaultBook:
    """Counts faults of a kind and keeps the first lines, in bounded memory and whatever the order of telling."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._lines: dict[str, list[int]] = {}

    def add(self, kind: str, lines: Iterable[int] = (), count: int | None = None) -> None:
        """Note a kind on some lines, or for the file as a whole where there are none.

        count: how many lines it is, where `lines` holds only the first of them.
        """
        told = list(lines)
        self._counts[kind] = self._counts.get(kind, 0) + (count if count is not None else max(1, len(told)))
        self._lines[kind] = sorted(self._lines.get(kind, []) + told)[:LINES_TOLD]

    def note(self, kind: str) -> None:
        """Note a kind for the file as a whole, once however often it is told."""
        self._counts[kind] = 1
        self._lines[kind] = []

    def faults(self) -> tuple[ListFault, ...]:
        """Give what refuses the list, in the order of `FAULTS`."""
        return self._told(FAULTS)

    def remarks(self) -> tuple[ListFault, ...]:
        """Give what was only noted, in the order of `REMARKS`."""
        return self._told(REMARKS)

    def _told(self, texts: dict[str, tuple[str, str, str]]) -> tuple[ListFault, ...]:
        return tuple(
            ListFault(kind, self._counts[kind], tuple(self._lines[kind]), column, da, en)
            for kind, (column, da, en) in texts.items()
            if kind in self._counts
        )
