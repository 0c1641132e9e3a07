"""The statements of cohort work. Text only: what they mean for a case stands in `building.py` and `filtering.py`.

Every value is a parameter. `chains(number, person)` is the temporary table of `var_register.stage_chains`: every old
number with the number its person has now; whoever is not in it never changed number.
"""

# A generated column takes the hyphen out while COPY runs, which saves a pass over the list.
STAGE_LIST = """
CREATE TEMPORARY TABLE asked (
    line text COLLATE "C" NOT NULL,
    cpr text COLLATE "C" GENERATED ALWAYS AS (
        CASE WHEN length(line) = 11 AND substr(line, 7, 1) = '-' THEN left(line, 6) || right(line, 4) ELSE line END
    ) STORED
) ON COMMIT DROP
"""
COPY_LIST = "COPY asked (line) FROM STDIN"

# Under which numbers samples may lie: the one asked for, and every other one that the person has or had.
STAGE_WANTED = """
CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
WITH changed AS (
    SELECT DISTINCT coalesce(c.person, a.cpr) AS person
    FROM asked a LEFT JOIN chains c ON c.number = a.cpr
    WHERE c.number IS NOT NULL OR a.cpr IN (SELECT person FROM chains)
)
SELECT person AS number, person FROM changed
UNION ALL
SELECT c.number, c.person FROM chains c JOIN changed USING (person)
"""

# `wanted` is small: it holds only persons who changed number. Everybody else is asked for by the one number there is.
PICK_BY_LIST = """
INSERT INTO cohort.samples (case_key, person, sample_key, files, size_bytes)
SELECT :case_key, n.person, s.sample_key, count(*), sum(f.size)
FROM (
    SELECT cpr AS number, cpr AS person FROM asked a
    WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.number = a.cpr)
    UNION ALL
    SELECT number, person FROM wanted
) n
JOIN genome.samples s ON s.person_cpr = n.number
JOIN genome.files f ON f.sample_key = s.sample_key AND f.kind = 'reads'
GROUP BY n.person, s.sample_key
"""

ACCOUNT_OF_LIST = r"""
INSERT INTO cohort.persons (case_key, cpr, person, found)
SELECT :case_key, a.cpr, coalesce(c.person, a.cpr),
       CASE WHEN d.person IS NOT NULL THEN 'with_data'
            WHEN a.cpr ~ '^((0[1-9]|[12][0-9])(0[1-9]|1[0-2])|30(0[13-9]|1[0-2])|31(0[13578]|1[02]))[0-9]{6}$'
                THEN 'without_data'
            ELSE 'invalid' END
FROM asked a
LEFT JOIN chains c ON c.number = a.cpr
LEFT JOIN (SELECT DISTINCT person FROM cohort.samples WHERE case_key = :case_key) d
       ON d.person = coalesce(c.person, a.cpr)
ORDER BY a.cpr
"""

STAGE_MATCHING = """
CREATE TEMPORARY TABLE matching (
    sample_key bigint NOT NULL,
    number text COLLATE "C"
) ON COMMIT DROP
"""

PICK_BY_CRITERIA = """
INSERT INTO cohort.samples (case_key, person, sample_key, files, size_bytes)
SELECT :case_key, coalesce(c.person, m.number), m.sample_key, count(*), sum(f.size)
FROM matching m
LEFT JOIN chains c ON c.number = m.number
JOIN genome.files f ON f.sample_key = m.sample_key AND f.kind = 'reads'
WHERE m.number IS NOT NULL
GROUP BY 2, 3
"""

ACCOUNT_OF_CRITERIA = """
INSERT INTO cohort.persons (case_key, cpr, person, found)
SELECT :case_key, a.person, a.person, CASE WHEN d.person IS NOT NULL THEN 'with_data' ELSE 'without_data' END
FROM (
    SELECT DISTINCT coalesce(c.person, m.number) AS person
    FROM matching m LEFT JOIN chains c ON c.number = m.number
    WHERE m.number IS NOT NULL
) a
LEFT JOIN (SELECT DISTINCT person FROM cohort.samples WHERE case_key = :case_key) d ON d.person = a.person
ORDER BY a.person
"""

WITHOUT_NUMBER = "SELECT count(*) FROM matching WHERE number IS NULL"

KEEP_ALIASES = """
INSERT INTO cohort.aliases (case_key, number, person)
SELECT :case_key, c.number, c.person FROM chains c
WHERE EXISTS (SELECT FROM cohort.persons p WHERE p.case_key = :case_key AND p.person = c.person)
"""

COUNT_FOUND = """
SELECT count(*) AS asked,
       count(*) FILTER (WHERE found = 'with_data') AS with_data,
       count(*) FILTER (WHERE found = 'without_data') AS without_data,
       count(*) FILTER (WHERE found = 'invalid') AS invalid
FROM cohort.persons WHERE case_key = :case_key
"""

# What may be exhibited now: nothing of a person who was found in VAR at any reading.
COUNT_REMAINING = """
SELECT count(*) AS persons, coalesce(sum(samples), 0)::bigint AS samples, coalesce(sum(files), 0)::bigint AS files,
       coalesce(sum(size_bytes), 0)::bigint AS size_bytes
FROM (
    SELECT person, count(*) AS samples, sum(files) AS files, sum(size_bytes) AS size_bytes
    FROM cohort.samples WHERE case_key = :case_key GROUP BY person
) s
WHERE NOT EXISTS (SELECT FROM cohort.registered r WHERE r.case_key = :case_key AND r.person = s.person)
"""

COUNT_OUTCOMES = """
SELECT count(*) AS asked,
       count(*) FILTER (WHERE r.person IS NULL AND found = 'with_data') AS kept,
       count(*) FILTER (WHERE r.person IS NOT NULL) AS registered,
       count(*) FILTER (WHERE r.person IS NULL AND found = 'without_data') AS without_data,
       count(*) FILTER (WHERE found = 'invalid') AS invalid
FROM cohort.persons p
LEFT JOIN cohort.registered r ON r.case_key = :case_key AND r.person = p.person
WHERE p.case_key = :case_key
"""

# A person is registered if any number he or she has or had is: the numbers of the day the cohort was built (`aliases`)
# and those of today (`chains`), on both sides of the comparison.
FIND_REGISTERED = """
INSERT INTO cohort.registered (case_key, person, reading)
SELECT DISTINCT :case_key, n.person, :reading
FROM (
    SELECT p.person, coalesce(c.person, p.person) AS present
    FROM cohort.persons p LEFT JOIN chains c ON c.number = p.person
    WHERE p.case_key = :case_key AND p.found <> 'invalid'
    UNION ALL
    SELECT a.person, coalesce(c.person, a.number)
    FROM cohort.aliases a LEFT JOIN chains c ON c.number = a.number
    WHERE a.case_key = :case_key
) n
WHERE n.present IN (
    SELECT coalesce(c.person, v.cpr) FROM var_register.registrations v LEFT JOIN chains c ON c.number = v.cpr
)
AND NOT EXISTS (SELECT FROM cohort.registered r WHERE r.case_key = :case_key AND r.person = n.person)
"""

# In groups by the first digits, so that no string in the server grows with the list.
DIGEST_OF_MANIFEST = """
WITH parts AS (
    SELECT 1 AS kind, left(cpr, 3) AS part,
           sha256(convert_to(string_agg(cpr || '>' || person || found, ',' ORDER BY cpr), 'UTF8')) AS digest
    FROM cohort.persons WHERE case_key = :case_key GROUP BY left(cpr, 3)
    UNION ALL
    SELECT 2, left(person, 3),
           sha256(convert_to(
               string_agg(person || ':' || sample_key || ':' || files || ':' || size_bytes, ','
                          ORDER BY person, sample_key), 'UTF8'))
    FROM cohort.samples WHERE case_key = :case_key GROUP BY left(person, 3)
)
SELECT 'sha256:' || encode(
    sha256(:salt || coalesce(string_agg(digest, ''::bytea ORDER BY kind, part), ''::bytea)), 'hex')
FROM parts
"""

DIGEST_OF_REMAINING = """
WITH parts AS (
    SELECT left(person, 3) AS part,
           sha256(convert_to(string_agg(person, ',' ORDER BY person), 'UTF8')) AS digest
    FROM cohort.registered WHERE case_key = :case_key AND reading <= :reading GROUP BY left(person, 3)
)
SELECT 'sha256:' || encode(
    sha256(:salt || convert_to(:manifest, 'UTF8') || coalesce(string_agg(digest, ''::bytea ORDER BY part), ''::bytea)),
    'hex')
FROM parts
"""

# A page of samples that may be exhibited, with what the metadata say of them today.
PAGE_OF_SAMPLES = """
SELECT s.person, s.sample_key, s.files, s.size_bytes, g.sample_id, g.sample_type, g.material_type, g.assay,
       (g.person_cpr = s.person OR EXISTS (
           SELECT FROM cohort.aliases a
           WHERE a.case_key = :case_key AND a.number = g.person_cpr AND a.person = s.person)) IS TRUE AS same_person
FROM cohort.samples s
LEFT JOIN genome.samples g USING (sample_key)
WHERE s.case_key = :case_key AND (s.person, s.sample_key) > (:person, :sample_key)
  AND NOT EXISTS (SELECT FROM cohort.registered r WHERE r.case_key = :case_key AND r.person = s.person)
ORDER BY s.person, s.sample_key
LIMIT :page
"""

FILES_OF_SAMPLES = """
SELECT sample_key, file_id, kind, bucket, key, read, lane, storage_format, size, sha256, md5, etag, version
FROM genome.files WHERE sample_key = ANY(:sample_keys)
ORDER BY lane, read, file_id
"""

COUNT_TAKEN_OUT = """
SELECT count(*) AS in_all, count(*) FILTER (WHERE reading = :reading) AS now
FROM cohort.registered WHERE case_key = :case_key AND reading > :filtering
"""

WITHDRAWN = """
SELECT r.person FROM cohort.registered r
WHERE r.case_key = :case_key AND r.reading > :filtering
  AND EXISTS (SELECT FROM cohort.samples s WHERE s.case_key = :case_key AND s.person = r.person)
ORDER BY r.person
"""
