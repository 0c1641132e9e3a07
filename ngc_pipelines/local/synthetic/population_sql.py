"""The statements that make a synthetic population. Text only; `population.py` says what they mean.

Every value of a person follows from `luck`, the md5 of the seed and the person's number `n`, read as eight numbers.
"""

# Birth dates: ninety years up to 60 days ago, walked in steps that share no factor with the number of days.
_DAYS = 32_800
_WALK = 7_919
# 3,999 serials a date, walked in steps of 37, which shares no factor with them.
_SERIALS = 3_999
# Numbers that persons had before, and those of persons without data, lie further on in that walk.
_FORMER, _FIRST, _ELSEWHERE = 1_000, 2_000, 3_000


def _draw(k: int, luck: str = "luck") -> str:
    """The k-th (0 to 7) number from 0 to 65,535 of a person."""
    return f"('x' || substr({luck}, {4 * k + 1}, 4))::bit(16)::int"


def _pick(k: int, *values: str) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{listed}])[1 + {_draw(k)} % {len(values)}]"


def _numbers(source: str, slot: int) -> str:
    """Rows `n, born, cpr` for the `n` of a source, without those whose number could be a real person's.

    slot: which serial of the birth date; each slot gives other numbers.
    """
    return f"""
    SELECT n, born, lpad(d::text, 2, '0') || lpad(m::text, 2, '0') || lpad((y % 100)::text, 2, '0')
                    || lpad(serial::text, 4, '0') AS cpr
    FROM (
        SELECT n, born, extract(day FROM born)::int AS d, extract(month FROM born)::int AS m,
               extract(year FROM born)::int AS y,
               -- The seventh digit says the century: 0 to 3 for 1900 to 1999, 4 to 7 for 2000 on.
               CASE WHEN born >= date '2000-01-01' THEN 4000 ELSE 1 END
               + (({slot} + n / {_DAYS}) * 37 + n % {_DAYS} * 11 + :seed * 101) % {_SERIALS} AS serial
        FROM (SELECT n, :as_of - 60 - n % {_DAYS} * {_WALK} % {_DAYS} AS born FROM ({source}) s) dates
    ) parts
    WHERE NOT (d = 1 AND m = 1)
      AND (d / 10 * 4 + d % 10 * 3 + m / 10 * 2 + m % 10 * 7 + y % 100 / 10 * 6 + y % 10 * 5
           + serial / 1000 * 4 + serial / 100 % 10 * 3 + serial / 10 % 10 * 2 + serial % 10) % 11 <> 0
    """


_SERIES = "SELECT n FROM generate_series(0, :wanted + :wanted / 5 + 60) n"
_CHANGED = f"SELECT n FROM synthetic.people WHERE {_draw(7)} % 40 = 0"
_CHANGED_TWICE = f"SELECT n FROM synthetic.people WHERE {_draw(7)} % 160 = 0 AND former IS NOT NULL"

PEOPLE = (
    "CREATE SCHEMA synthetic",
    """
    CREATE UNLOGGED TABLE synthetic.people (
        n int PRIMARY KEY, cpr text COLLATE "C" NOT NULL, born date NOT NULL, luck text NOT NULL,
        former text COLLATE "C", first text COLLATE "C"
    )
    """,
    f"""
    INSERT INTO synthetic.people (n, cpr, born, luck)
    SELECT n, cpr, born, md5(:seed || ':' || n) FROM ({_numbers(_SERIES, 0)}) c ORDER BY n LIMIT :wanted
    """,
    # One in forty has changed number, one in four of those twice: first -> former -> cpr.
    f"UPDATE synthetic.people p SET former = c.cpr FROM ({_numbers(_CHANGED, _FORMER)}) c WHERE c.n = p.n",
    f"UPDATE synthetic.people p SET first = c.cpr FROM ({_numbers(_CHANGED_TWICE, _FIRST)}) c WHERE c.n = p.n",
    "ANALYZE synthetic.people",
)

REPORTS = """
INSERT INTO genome.reports (report_id, reporting_department, reported_on)
SELECT 'R-' || right(d.sor_code, 2) || '-' || to_char(day, 'YYYY-MM'), d.sor_code,
       least(:as_of, (day + interval '1 month')::date)
FROM genome.departments d, generate_series(date '2019-07-01', :as_of, interval '1 month') day
"""

_CHILD = _pick(
    1, "rare_disease_children", "rare_disease_children", "rare_disease_children", "cancer_children", "cancer_children",
    "psychiatry_children", "neurogenetics", "audiogenetics", "endocrinology", "primary_immunodeficiency",
    "hereditary_liver", "severe_hereditary_skin",
)  # fmt: skip
_YOUNG = _pick(
    1, "cancer_young_adults_hereditary", "cancer_young_adults_hereditary", "fetal_medicine", "rare_disease_adults",
    "neurogenetics", "ophthalmology", "hereditary_heart", "endocrinology",
)  # fmt: skip
_ADULT = _pick(
    1, "incurable_cancer", "incurable_cancer", "incurable_cancer", "hereditary_heart", "hereditary_heart",
    "haematological_cancer", "haematological_cancer", "rare_disease_adults", "neurogenetics", "kidney_failure",
    "ophthalmology", "hereditary_haematological", "cancer_young_adults_hereditary",
)  # fmt: skip
_WITH_SOMATIC = "('haematological_cancer', 'cancer_children', 'cancer_young_adults_hereditary', 'incurable_cancer')"

# One sample for 78 in 100 persons, two for 14, three for 8; the second of a cancer patient is the tumour's.
SAMPLES = f"""
INSERT INTO genome.samples (
    sample_id, person_cpr, person_ecpr, sex, age, patient_group, sample_type, material_type, sequencing_date, assay,
    reporting_department, region, sequencing_facility, clinical_or_research_origin, report_id, requisition_id,
    instrument, library_kit, read_length)
SELECT 'E' || to_char(sequenced, 'YYMM') || '-' || lpad(n::text, 7, '0') || '-' || k,
       CASE WHEN unnumbered THEN NULL WHEN k = 1 AND {_draw(6)} % 2 = 0 THEN coalesce(first, former, cpr) ELSE cpr END,
       CASE WHEN unnumbered THEN to_char(born, 'DDMMYY') || '6' || chr(65 + n % 26) || chr(65 + n / 26 % 26)
                                 || right(cpr, 1) END,
       CASE WHEN right(cpr, 1)::int % 2 = 0 THEN 'F' ELSE 'M' END,
       extract(year FROM age(sequenced, born)),
       patient_group,
       CASE WHEN tumour THEN 'somatic' ELSE 'germline' END,
       CASE WHEN unnumbered THEN {_pick(3, "chorionic_villus", "amniotic_fluid")}
            WHEN tumour AND patient_group = 'haematological_cancer' THEN 'bone_marrow'
            WHEN tumour THEN {_pick(3, "tissue_fresh_frozen", "tissue_fresh_frozen", "tissue_rnalater")}
            ELSE {_pick(3, *["blood"] * 8, "tissue", "cultured_cells")} END,
       sequenced,
       CASE WHEN k = 3 THEN 'total_rna' ELSE 'nnf_wgs' END,
       sor_code, region, CASE WHEN region IN ('DK-84', 'DK-85') THEN 'wgs_east' ELSE 'wgs_west' END,
       'clinical',
       'R-' || right(sor_code, 2) || '-' || to_char(sequenced, 'YYYY-MM'),
       'REQ' || lpad((n * 3 + k)::text, 9, '0'),
       {_pick(5, "A01234", "A01367", "LH00512")}, 'Illumina DNA PCR-Free', 150
FROM (
    SELECT *, {_draw(0)} % 200 = 7 OR (patient_group = 'fetal_medicine' AND {_draw(0)} % 3 = 0) AS unnumbered,
           patient_group IN {_WITH_SOMATIC} AND (k = 2 OR patient_group = 'incurable_cancer') AS tumour
    FROM (
        SELECT p.*, k, d.sor_code, d.region, s.sequenced,
               CASE WHEN s.sequenced < born + interval '18 years' THEN {_CHILD}
                    WHEN s.sequenced < born + interval '31 years' THEN {_YOUNG} ELSE {_ADULT} END AS patient_group
        FROM synthetic.people p
        CROSS JOIN LATERAL generate_series(1, CASE WHEN {_draw(2)} % 100 < 78 THEN 1 WHEN {_draw(2)} % 100 < 92 THEN 2
                                                   ELSE 3 END) k
        CROSS JOIN LATERAL (
            SELECT since + (:as_of - since) * {_draw(4)} / 65536 AS sequenced
            FROM (SELECT greatest(date '2019-07-01', born + 14) AS since) b
        ) s
        JOIN (SELECT *, row_number() OVER (ORDER BY sor_code) - 1 AS place, count(*) OVER () AS places
              FROM genome.departments) d ON d.place = {_draw(5)} % d.places
    ) chosen
) samples
ORDER BY n, k
"""

# Millions of rows go in without their indexes, which are made anew afterwards: minutes instead of a quarter of an hour.
UNINDEXED = (
    "ALTER TABLE genome.samples DROP CONSTRAINT samples_report_id_fkey, DROP CONSTRAINT samples_sample_id_key",
    "ALTER TABLE genome.files DROP CONSTRAINT files_bucket_key_key",
    "DROP INDEX genome.samples_person_cpr, genome.samples_criteria, genome.files_sample_key",
)
INDEXED = (
    "SET LOCAL maintenance_work_mem = '512MB'",
    "ALTER TABLE genome.samples ADD CONSTRAINT samples_sample_id_key UNIQUE (sample_id)",
    "ALTER TABLE genome.samples ADD CONSTRAINT samples_report_id_fkey"
    " FOREIGN KEY (report_id) REFERENCES genome.reports (report_id)",
    "CREATE INDEX samples_person_cpr ON genome.samples (person_cpr)",
    "CREATE INDEX samples_criteria ON genome.samples (patient_group, sequencing_date)",
    "ALTER TABLE genome.files ADD CONSTRAINT files_bucket_key_key UNIQUE (bucket, key)",
    "CREATE INDEX files_sample_key ON genome.files (sample_key)",
)

# Two lanes for three in ten samples; every tenth is stored as SPRING, one container for both reads of a lane.
FILES = """
INSERT INTO genome.files (sample_key, kind, bucket, key, read, lane, storage_format, size)
SELECT sample_key, 'reads', :bucket, key, read, lane, format, 8000000000 + sample_key * 7919 % 52000000000
FROM (
    SELECT s.sample_key, l AS lane, r AS read, CASE WHEN r = 0 THEN 'spring' ELSE 'fastq.gz' END AS format,
           s.sequencing_facility || '/' || to_char(s.sequencing_date, 'YYMMDD') || '_' || s.instrument || '/'
           || s.sample_id || '_S' || s.sample_key % 96 + 1 || '_L00' || l
           || CASE WHEN r = 0 THEN '_001.spring' ELSE '_R' || r || '_001.fastq.gz' END AS key
    FROM genome.samples s
    CROSS JOIN LATERAL generate_series(1, CASE WHEN s.sample_key % 10 < 3 THEN 2 ELSE 1 END) l
    CROSS JOIN LATERAL generate_series(CASE WHEN s.sample_key % 10 = 9 THEN 0 ELSE 1 END,
                                       CASE WHEN s.sample_key % 10 = 9 THEN 0 ELSE 2 END) r
) named
"""

# A registration may stand under any number that the person has or had.
REGISTRATIONS = f"""
SELECT CASE {_draw(3)} % 3 WHEN 0 THEN coalesce(first, former, cpr)
                                             WHEN 1 THEN coalesce(former, cpr) ELSE cpr END AS cpr
FROM synthetic.people WHERE {_draw(2)} / 100 % 1000 < :registered_per_mille
UNION
SELECT cpr FROM ({_numbers("SELECT n FROM generate_series(0, :elsewhere - 1) n WHERE :elsewhere > 0", _ELSEWHERE)}) e
UNION
SELECT unnest(CAST(:also AS text[]))
"""

NUMBER_REFERENCES = """
SELECT former AS old_number, cpr AS new_number FROM synthetic.people WHERE former IS NOT NULL
UNION ALL
SELECT first, former FROM synthetic.people WHERE first IS NOT NULL
"""
