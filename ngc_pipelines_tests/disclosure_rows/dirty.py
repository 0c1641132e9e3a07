"""Items that hold rows about single persons, of every kind a log, table or program brings them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ngc_pipelines.disclosure.pieces import Cell
from ngc_pipelines_tests.disclosure_rows.items import Item, Person, people
from ngc_pipelines_tests.disclosure_rows.listings import FORMATS, r_frame

Column = tuple[str, Callable[[Person], Cell]]

SCHEMAS: dict[str, tuple[Column, ...]] = {
    "id age sex": (
        ("id", lambda p: p.serial),
        ("age", lambda p: p.age),
        ("sex", lambda p: "F" if p.female else "M"),
        ("bmi", lambda p: p.bmi),
    ),
    "danish": (
        ("lbnr", lambda p: p.serial),
        ("alder", lambda p: p.age),
        ("koen", lambda p: "K" if p.female else "M"),
        ("vaegt", lambda p: round(p.bmi * 3.1, 1)),
        ("diagnose", lambda p: "D" + p.diagnosis.replace(".", "")),
    ),
    "no id": (
        ("alder", lambda p: p.age),
        ("køn", lambda p: "Kvinde" if p.female else "Mand"),
        ("postnr", lambda p: p.postcode),
        ("diagnosekode", lambda p: p.diagnosis),
    ),
    "birth": (
        ("fødselsdato", lambda p: p.born.strftime("%d-%m-%Y")),
        ("kommune", lambda p: p.postcode // 10),
        ("indlagt", lambda p: p.seen.isoformat()),
    ),
    "samples": (
        ("sample_id", lambda p: p.code),
        ("genotype", lambda p: p.genotype),
        ("status", lambda p: p.outcome),
    ),
    "trial": (
        ("USUBJID", lambda p: f"01-{p.serial}"),
        ("ARM", lambda p: "A" if p.outcome else "B"),
        ("AGE", lambda p: p.age),
        ("VISITDT", lambda p: p.seen.isoformat()),
    ),
}


def dirty_items() -> Iterator[Item]:
    """Every dirty item; names are unique."""
    yield from _printed()
    yield from _tables()
    yield from _logs()
    yield from _python()
    yield from _r()
    yield from _other_languages()


def table_of(schema: Sequence[Column], count: int, seed: int) -> tuple[list[str], list[list[Cell]]]:
    """Names and rows of `count` persons."""
    return [name for name, _ in schema], [[value(person) for _, value in schema] for person in people(count, seed)]


def _printed() -> Iterator[Item]:
    for s, (schema_name, schema) in enumerate(SCHEMAS.items()):
        for f, (format_name, show) in enumerate(FORMATS.items()):
            names, rows = table_of(schema, 6 + 5 * (f % 3), 100 * s + f)
            if format_name == "str_listing" and schema_name == "no id":
                rows = rows[:10]
            text = f"Indlæser data\n> head(df)\n{show(names, rows)}\n\nFærdig\n"
            yield Item(f"{schema_name} as {format_name}", "paragraphs" if f % 4 == 3 else "log", text)


def _tables() -> Iterator[Item]:
    for s, (schema_name, schema) in enumerate(SCHEMAS.items()):
        names, rows = table_of(schema, 40, 900 + s)
        yield Item(f"table {schema_name}", "table", [names, *rows])
        yield Item(f"table {schema_name} under a title", "table", [["Tabel 2. Oversigt"], [], names, *rows[:12]])
    names, rows = table_of(SCHEMAS["id age sex"], 6, 31)
    turned = [list(column) for column in zip(names, *rows, strict=True)]
    yield Item("table turned", "table", [["variabel", *("værdi" for _ in rows)], *turned])
    group = people(30, 32)
    bare = [[p.serial, p.born.isoformat(), "F" if p.female else "M"] for p in group]
    yield Item("table without names", "table", bare)
    genes = [[gene, *(p.bmi + i for p in group[:8])] for i, gene in enumerate(["TP53", "BRCA1", "EGFR", "KRAS", "MYC"])]
    yield Item("expression by sample", "table", [["gene", *(p.code for p in group[:8])], *genes])
    yield Item("genotypes by person", "table", [["rs123", "rs456", "rs789"], *([0, 1, 2], [1, 1, 0], [2, 0, 0]) * 4])
    visits = ([p.serial, visit, p.bmi] for p in group for visit in (1, 2))
    yield Item("long visits", "table", [["patient_id", "visit", "hba1c"], *visits])
    yield Item("names", "table", [["Navn", "Alder", "Diagnose"], *([n, 40 + i, "E11.9"] for i, n in enumerate(_NAMES))])


_NAMES = ("Anna Prøvesen", "Bo Testmand", "Carla Eksempel", "Dines Attrap", "Eva Syntetisk", "Finn Opdigtet")


def _logs() -> Iterator[Item]:
    group = people(12, 41)
    tell: dict[str, Callable[[Person], str]] = {
        "processing": lambda p: f"10:00:01 INFO Processing patient {p.serial}, age {p.age}, dx {p.diagnosis}",
        "danish prose": lambda p: f"Deltager {p.code}: {'kvinde' if p.female else 'mand'}, {p.age} år, {p.diagnosis}",
        "removed": lambda p: f"WARNING: sample {p.code} removed (age={p.age}, sex={'F' if p.female else 'M'})",
        "key values": lambda p: f"id={p.serial} age={p.age} sex={'F' if p.female else 'M'} bmi={p.bmi}",
        "brackets": lambda p: f"[{p.code}] subject {p.serial} born {p.born} died {p.seen}",
        "case list": lambda p: f"- Case {p.serial}: {p.age}-year-old {'woman' if p.female else 'man'}, {p.diagnosis}",
    }
    for name, line in tell.items():
        yield Item(f"log tells persons, {name}", "log", "Start\n" + "\n".join(map(line, group)) + "\nSlut\n")
    names, rows = table_of(SCHEMAS["no id"], 25, 42)
    wide = r_frame(names[:2], [row[:2] for row in rows]) + "\n" + r_frame(names[2:], [row[2:] for row in rows])
    yield Item("log data frame in two parts", "log", wide)
    matrix = "\n".join(f" [{p.age}.  {p.bmi} {p.bmi * 3:.1f} {p.outcome}. ]" for p in people(24, 43))
    yield Item("log numpy array", "log", f"[{matrix.strip()}]")
    outliers = r_frame(["patid", "resid"], [[p.serial, p.bmi / 9] for p in group])
    yield Item("log regression outliers", "log", f"Outliers:\n{outliers}")
    one = group[0]
    yield Item(
        "record of one", "log", f"Patient ID: {one.code}\nAge: {one.age}\nSex: Female\nDiagnosis: {one.diagnosis}\n"
    )


def _python() -> Iterator[Item]:
    group = people(24, 51)
    ids, codes = [p.serial for p in group], [p.code for p in group]
    a, b, c = ids[:3]
    commas, blanks = ("\n".join(f"{p.serial}{mark}{p.age}{mark}M" for p in group[:6]) for mark in ", ")
    programs = {
        "drop by id": f"df = df[df.patient_id != {a}]\n",
        "isin": f"df = df[~df['id'].isin([{a}, {b}, {c}])]\n",
        "query": f"x = df.query('pnr == {a}')\n",
        "np.where": f"import numpy as np\ndf['sex'] = np.where(df.lbnr == {a}, 'M', df.sex)\n",
        "loc": f"df.loc[df['sample_id'] == '{codes[0]}', 'age'] = 45\n",
        "loc by label": f"df.loc['{codes[0]}', 'age'] = 45\n",
        "birth date": f"df = df[df.birth_date != pd.Timestamp('{group[0].born}')]\n",
        "birth datetime": f"if dob == datetime.date({group[0].born.year}, 3, 12):\n    skip()\n",
        "id list": f"exclude = {ids[:6]}\n",
        "code list": f"bad_samples = {codes[:6]}\n",
        "dict by id": "age = {" + ", ".join(f"{p.serial}: {p.age}" for p in group[:6]) + "}\n",
        "replace": f"df.patient_id.replace({{{a}: 1, {b}: 2, {c}: 3}})\n",
        "ages": f"age = {[p.age for p in group]}\n",
        "frame": f"df = pd.DataFrame({{'id': {ids[:5]}, 'age': {[p.age for p in group[:5]]}, 'sex': list('MFMFM')}})\n",
        "frame of dicts": f"df = pd.DataFrame({[{'id': p.serial, 'age': p.age} for p in group[:5]]})\n",
        "frame of rows": f"df = pd.DataFrame({[[p.serial, p.age] for p in group[:5]]}, columns=['id', 'age'])\n",
        "csv text": f'df = pd.read_csv(io.StringIO("""id,age,sex\n{commas}"""))\n',
        "sql": f'cur.execute("SELECT * FROM t WHERE cpr_id IN ({a}, {b}, {c})")\n',
        "match": f"match patient_id:\n    case {a}:\n        x = 1\n    case {b}:\n        x = 2\n",
        "comment rows": "# id age sex\n# " + blanks.replace("\n", "\n# ") + "\nx = 1\n",
        "comment condition": f"x = 1  # remember: drop if patient_id == {a}\n",
        "magic": f"%matplotlib inline\ndf = df[df.deltager_id != {a}]\n",
        "does not parse": f"print 'x'\ndf = df[df['patient_id'] != {a}]\n",
        "keyword": f"plot_patient(patient_id={a})\n",
        "reversed": f"mask = {a} == df['subject_id']\n",
        "list of tuples": f"rows = {[(p.code, p.age, 'M') for p in group[:6]]}\n",
    }
    for name, text in programs.items():
        yield Item(f"python {name}", "python", "import pandas as pd\n" + text)


def _r() -> Iterator[Item]:
    group = people(24, 61)
    ids, codes = [p.serial for p in group], [p.code for p in group]
    a, b, c = ids[:3]
    listed = ", ".join(map(str, ids[:6]))
    quoted = ", ".join(f'"{code}"' for code in codes[:6])
    programs = {
        "filter": f"df <- df %>% filter(id != {a})\n",
        "in": f"df <- subset(df, patient_id %in% c({listed}))\n",
        "dollar": f'df <- df[df$pnr != "{codes[0]}", ]\n',
        "ifelse": f"df$sex <- ifelse(df$lbnr == {a}, 1, df$sex)\n",
        "case_when": f'mutate(g = case_when(id == {a} ~ "A", id == {b} ~ "B", TRUE ~ "C"))\n',
        "birth": f'df <- df[df$foedselsdato != as.Date("{group[0].born}"), ]\n',
        "double bracket": f'df[["id"]][df[["patient_id"]] == {a}]\n',
        "vector of ids": f"udeluk <- c({listed})\n",
        "vector of codes": f"samples <- c({quoted})\n",
        "recode": f'dplyr::recode(id, `{a}` = "A", `{b}` = "B")\n',
        "data.frame": f"df <- data.frame(id = c({listed}), age = c(45, 33, 71, 60, 59, 48))\n",
        "tibble birth": 'tibble(dob = c("1954-03-12", "1948-11-30", "1971-06-05"), sex = c("M", "F", "F"))\n',
        "tribble": f'tribble(~id, ~age, ~sex,\n  {a}, 45, "M",\n  {b}, 33, "F",\n  {c}, 71, "M")\n',
        "read.table": f'x <- read.table(text = "id age\n{a} 45\n{b} 33\n{c} 71", header = TRUE)\n',
        "dput": f'structure(list(id = c({a}L, {b}L, {c}L), age = c(45, 33, 71)), class = "data.frame")\n',
        "ages": f"age <- c({', '.join(str(p.age) for p in group)})\n",
        "bmi": f"df$bmi <- c({', '.join(str(p.bmi) for p in group)})\n",
        "named vector": "x <- c(" + ", ".join(f'"{p.code}" = {p.age}' for p in group[:5]) + ")\n",
        "comment": f"# udeluk patient_id == {a}, dobbelt\nx <- 1\n",
        "as.character": f'df <- df[as.character(df$id) == "{a}", ]\n',
        "fifelse": f"dt[, x := fifelse(sample_id %chin% c({quoted}), 1L, 0L)]\n",
        "rows by number": "df <- df[-c(17, 203, 511), ]\n",
        "which": f"i <- which(df$deltager_id == {a})\n",
        "sql": f'dbGetQuery(con, "select * from p where lbnr = {a}")\n',
    }
    for name, text in programs.items():
        yield Item(f"r {name}", "r", "library(dplyr)\n" + text)


def _other_languages() -> Iterator[Item]:
    group = people(8, 71)
    a, b, c = (p.serial for p in group[:3])
    rows = "\n".join(f"{p.serial} {p.age} {'F' if p.female else 'M'}" for p in group)
    values = ", ".join(f"({p.serial}, {p.age}, 'M')" for p in group)
    yield Item("stata replace", "stata", f"replace sex = 1 if id == {a}\n")
    yield Item("stata inlist", "stata", f"drop if inlist(patid, {a}, {b}, {c})\n")
    yield Item("stata birth", "stata", "list if dob == td(12mar1954)\n")
    yield Item("stata input", "stata", f"input id age str1 sex\n{rows}\nend\n")
    yield Item("stata log", "log", f". replace sex = 1 if id == {a}\n(1 real change made)\n")
    yield Item("sas if", "sas", f"data a; set b; if patient_id = {a} then delete; run;\n")
    yield Item("sas birth", "sas", "data a; set b; where birthdate = '12MAR1954'd; run;\n")
    yield Item("sas datalines", "sas", f"data a;\ninput id age sex $;\ndatalines;\n{rows}\n;\nrun;\n")
    yield Item("sas log", "log", f"12   data a; set b;\n13   if pnr in ('{a}' '{b}') then delete;\n14   run;\n")
    yield Item("sql in", "sql", f"SELECT * FROM cohort WHERE sample_id IN ('{group[0].code}', '{group[1].code}')\n")
    yield Item("sql equal", "sql", f"delete from patients where id = {a};\n")
    yield Item("sql insert", "sql", f"INSERT INTO patients (id, age, sex) VALUES {values};\n")
    yield Item("r console log", "log", f"> df <- df[df$id != {a}, ]\n> nrow(df)\n[1] 311\n")
