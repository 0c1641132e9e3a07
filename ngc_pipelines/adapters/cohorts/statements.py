"""The statements of cohort work. Text only: what they mean for a case stands in `building.py` and `filtering.py`.

Every value is a parameter. `chains(number, person)` is the temporary table of `var_register.stage_chains`: every old
number with the number its person has now; whoever is not in it never changed number.
"""

# Rows of this transaction have no statistics yet, and a flow may not ANALYZE a table it does not own: left alone, the
# planner takes a million rows for a handful and looks them up one by one.
JOIN_WHOLE = "SET LOCAL enable_nestloop = off"

# Tables of the transaction alone, which drops them again: UNLOGGED, because only what is not temporary can be read by
# several processors. `{case}` is the case's key: two cases may be built at once.
STAGE_LIST = 'CREATE UNLOGGED TABLE staging.asked_{case} (cpr text COLLATE "C" NOT NULL)'
COPY_LIST = "COPY staging.asked_{case} (cpr) FROM STDIN"
ANALYZE_LIST = "ANALYZE staging.asked_{case}"

# Under which numbers samples of the persons who changed number may lie, and which asked number their samples go to.
STAGE_WANTED = """
CREATE UNLOGGED TABLE staging.wanted_{case} AS
WITH changed AS (
    SELECT coalesce(c.person, a.cpr) AS person, min(a.cpr) AS first_asked
    FROM staging.asked_{case} a LEFT JOIN chains c ON c.number = a.cpr
    WHERE c.number IS NOT NULL OR a.cpr IN (SELECT person FROM chains)
    GROUP BY 1
)
SELECT person AS number, person, first_asked FROM changed
UNION ALL
SELECT c.number, c.person, first_asked FROM chains c JOIN changed USING (person)
"""
ANALYZE_WANTED = "ANALYZE staging.wanted_{case}"

# `wanted` is small: everybody who is not in it is asked for by the one number there is. This is nearly all of the work.
# The rows come out sorted, and so they are written to the cohort: its key grows at its end, nothing is sorted again.
STAGE_ACCOUNT = """
CREATE TEMPORARY TABLE account ON COMMIT DROP AS
SELECT n.cpr, array_agg(DISTINCT s.sample_key ORDER BY s.sample_key) FILTER (WHERE f.file_id IS NOT NULL) AS samples,
       count(f.file_id)::int AS files, coalesce(sum(f.size), 0)::bigint AS size_bytes
FROM (
    SELECT cpr AS number, cpr FROM staging.asked_{case} a
    WHERE NOT EXISTS (SELECT FROM staging.wanted_{case} w WHERE w.number = a.cpr)
    UNION ALL
    SELECT number, first_asked FROM staging.wanted_{case}
) n
LEFT JOIN (SELECT sample_key, person_cpr FROM genome.samples {only_approved}) s ON s.person_cpr = n.number
LEFT JOIN genome.files f ON f.sample_key = s.sample_key AND f.kind = 'reads'
GROUP BY n.cpr
"""

# Where the approval names criteria: what does not meet them is as if it were not there (AP-1).
STAGE_APPROVED = "CREATE TEMPORARY TABLE approved (sample_key bigint NOT NULL) ON COMMIT DROP"
ONLY_APPROVED = "WHERE sample_key IN (SELECT sample_key FROM approved)"

# The pattern is that of a real day of some year; it is looked at only where nothing was found. Last come those who were
# asked for again under another number: found if the first was, and the samples stand with the first.
ACCOUNT_OF_LIST = r"""
INSERT INTO cohort.persons (case_key, cpr, person, found, samples, files, size_bytes)
SELECT :case_key, cpr, coalesce(person, cpr),
       CASE WHEN with_data THEN 'with_data'
            WHEN cpr ~ '^((0[1-9]|[12][0-9])(0[1-9]|1[0-2])|30(0[13-9]|1[0-2])|31(0[13578]|1[02]))[0-9]{{6}}$'
                THEN 'without_data'
            ELSE 'invalid' END,
       samples, files, size_bytes
FROM (
    SELECT d.cpr, w.person, d.files > 0 AS with_data, d.samples, d.files, d.size_bytes
    FROM account d LEFT JOIN staging.wanted_{case} w ON w.number = d.cpr
    UNION ALL
    SELECT a.cpr, w.person, d.files > 0, NULL, 0, 0
    FROM staging.wanted_{case} w
    JOIN staging.asked_{case} a ON a.cpr = w.number AND a.cpr <> w.first_asked
    JOIN account d ON d.cpr = w.first_asked
) r
"""

# A number that stands on the list twice is one row of the account.
COUNT_LIST = "SELECT count(*) FROM staging.asked_{case}"

# Whoever has another number and was asked for is in `wanted`, with all of them.
KEEP_ALIASES_OF_LIST = """
INSERT INTO cohort.aliases (case_key, number, person)
SELECT :case_key, number, person FROM staging.wanted_{case} WHERE number <> person
"""

DROP_STAGED = "DROP TABLE staging.asked_{case}, staging.wanted_{case}, account"

STAGE_MATCHING = """
CREATE TEMPORARY TABLE matching (
    sample_key bigint NOT NULL,
    number text COLLATE "C"
) ON COMMIT DROP
"""

ACCOUNT_OF_CRITERIA = """
INSERT INTO cohort.persons (case_key, cpr, person, found, samples, files, size_bytes)
SELECT :case_key, person, person, CASE WHEN sum(files) > 0 THEN 'with_data' ELSE 'without_data' END,
       array_agg(sample_key ORDER BY sample_key) FILTER (WHERE files > 0), sum(files), sum(size_bytes)
FROM (
    SELECT coalesce(c.person, m.number) AS person, m.sample_key, count(f.file_id) AS files,
           coalesce(sum(f.size), 0) AS size_bytes
    FROM matching m
    LEFT JOIN chains c ON c.number = m.number
    LEFT JOIN genome.files f ON f.sample_key = m.sample_key AND f.kind = 'reads'
    WHERE m.number IS NOT NULL
    GROUP BY 1, 2
) s
GROUP BY person
ORDER BY person
"""

WITHOUT_NUMBER = "SELECT count(*) FROM matching WHERE number IS NULL"

KEEP_ALIASES_OF_CRITERIA = """
INSERT INTO cohort.aliases (case_key, number, person)
SELECT :case_key, c.number, c.person FROM chains c
WHERE EXISTS (SELECT FROM cohort.persons p WHERE p.case_key = :case_key AND p.person = c.person)
"""

# Everybody asked for, by what became of them, and what may be exhibited of the rest. A person has samples in one row
# alone, so that counting rows with samples counts persons.
COUNT = """
SELECT count(*) AS asked,
       count(*) FILTER (WHERE r.person IS NULL AND found = 'with_data') AS with_data,
       count(*) FILTER (WHERE r.person IS NOT NULL) AS registered,
       count(*) FILTER (WHERE r.person IS NULL AND found = 'without_data') AS without_data,
       count(*) FILTER (WHERE found = 'invalid') AS invalid,
       count(p.samples) FILTER (WHERE r.person IS NULL) AS persons,
       coalesce(sum(cardinality(p.samples)) FILTER (WHERE r.person IS NULL), 0)::bigint AS samples,
       coalesce(sum(p.files) FILTER (WHERE r.person IS NULL), 0)::bigint AS files,
       coalesce(sum(p.size_bytes) FILTER (WHERE r.person IS NULL), 0)::bigint AS size_bytes
FROM cohort.persons p
LEFT JOIN cohort.registered r ON r.case_key = :case_key AND r.person = p.person
WHERE p.case_key = :case_key
"""

# A person is registered if any number he or she has or had is: the numbers of the day the cohort was built (`aliases`)
# and those of today (`chains`). `barred` holds every number of those whose chain meets VAR, so that everybody else, who
# is nearly everybody, is one plain join.
STAGE_BARRED = """
CREATE TEMPORARY TABLE barred ON COMMIT DROP AS
WITH met AS (
    SELECT c.person FROM chains c JOIN var_register.registrations v ON v.cpr = c.number
    UNION
    SELECT c.person FROM chains c JOIN var_register.registrations v ON v.cpr = c.person
)
SELECT person AS number FROM met
UNION
SELECT c.number FROM chains c JOIN met USING (person)
"""

FIND_REGISTERED = """
INSERT INTO cohort.registered (case_key, person, reading)
SELECT :case_key, n.person, :reading
FROM (
    SELECT p.person FROM cohort.persons p
    JOIN (SELECT cpr FROM var_register.registrations UNION ALL SELECT number FROM barred) b ON b.cpr = p.person
    WHERE p.case_key = :case_key AND p.found <> 'invalid'
    UNION
    SELECT a.person FROM cohort.aliases a
    JOIN (SELECT cpr FROM var_register.registrations UNION ALL SELECT number FROM barred) b ON b.cpr = a.number
    WHERE a.case_key = :case_key
) n
WHERE NOT EXISTS (SELECT FROM cohort.registered r WHERE r.case_key = :case_key AND r.person = n.person)
ORDER BY n.person
"""

# The account before VAR and the digest of its rows, in one pass. In groups by the first digits, so that no string in
# the server grows with the list.
ACCOUNT_OF_MANIFEST = """
WITH parts AS (
    SELECT left(cpr, 3) AS part,
           sha256(convert_to(string_agg(
               concat_ws(':', cpr, person, found, samples::text, files, size_bytes), ',' ORDER BY cpr
           ), 'UTF8')) AS digest,
           count(*) AS asked,
           count(*) FILTER (WHERE found = 'with_data') AS with_data,
           count(*) FILTER (WHERE found = 'without_data') AS without_data,
           count(*) FILTER (WHERE found = 'invalid') AS invalid,
           count(samples) AS persons,
           sum(cardinality(samples)) AS samples,
           sum(files) AS files,
           sum(size_bytes) AS size_bytes
    FROM cohort.persons WHERE case_key = :case_key GROUP BY left(cpr, 3)
)
SELECT coalesce(sum(asked), 0)::bigint AS asked,
       coalesce(sum(with_data), 0)::bigint AS with_data,
       coalesce(sum(without_data), 0)::bigint AS without_data,
       coalesce(sum(invalid), 0)::bigint AS invalid,
       coalesce(sum(persons), 0)::bigint AS persons,
       coalesce(sum(samples), 0)::bigint AS samples,
       coalesce(sum(files), 0)::bigint AS files,
       coalesce(sum(size_bytes), 0)::bigint AS size_bytes,
       'sha256:' || encode(sha256(:salt || coalesce(string_agg(digest, ''::bytea ORDER BY part), ''::bytea)), 'hex')
           AS digest
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

PAGE_OF_PERSONS = """
SELECT p.cpr, p.person, p.samples, p.files, p.size_bytes,
       ARRAY(SELECT a.number FROM cohort.aliases a WHERE a.case_key = :case_key AND a.person = p.person) || p.person
           AS numbers
FROM cohort.persons p
WHERE p.case_key = :case_key AND p.cpr > :after AND p.samples IS NOT NULL
  AND NOT EXISTS (SELECT FROM cohort.registered r WHERE r.case_key = :case_key AND r.person = p.person)
ORDER BY p.cpr
LIMIT :page
"""

SAMPLES_TODAY = """
SELECT sample_key, sample_id, person_cpr, sample_type, material_type, assay
FROM genome.samples WHERE sample_key = ANY(:sample_keys) ORDER BY sample_key
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
  AND EXISTS (SELECT FROM cohort.persons p
              WHERE p.case_key = :case_key AND p.person = r.person AND p.samples IS NOT NULL)
ORDER BY r.person
"""

# Everybody asked for in an order, by the number of today, as he or she was told of: at the filtering, not since.
_PERSONS_AS_TOLD = """
SELECT p.case_key, coalesce(c.person, p.person) AS person, count(DISTINCT p.person) AS numbers,
       bool_or(r.person IS NOT NULL) AS registered,
       bool_or(p.samples IS NOT NULL) AND NOT bool_or(r.person IS NOT NULL) AS kept
FROM cohort.persons p
LEFT JOIN chains c ON c.number = p.person
LEFT JOIN cohort.registered r ON r.case_key = p.case_key AND r.person = p.person AND r.reading = :filtering
WHERE {orders} AND p.found <> 'invalid'
GROUP BY 1, 2
"""

STAGE_OWN_PERSONS = "CREATE TEMPORARY TABLE own ON COMMIT DROP AS " + _PERSONS_AS_TOLD.format(
    orders="p.case_key = :case_key"
)

COUNT_OWN_PERSONS = """
SELECT count(*) AS persons, count(*) FILTER (WHERE kept) AS kept, count(*) FILTER (WHERE registered) AS registered
FROM own
"""

# The columns of what two orders have in common are named as `earlier_orders.Measure`.
COMPARE_WITH_OWN = f"""
SELECT e.case_key, sum(e.numbers)::bigint AS persons, count(*) AS persons_today,
       count(*) FILTER (WHERE e.kept) AS kept_today, count(*) FILTER (WHERE e.registered) AS registered_today,
       count(o.person) AS ordered,
       count(o.person) FILTER (WHERE e.kept AND o.kept) AS kept,
       count(o.person) FILTER (WHERE NOT e.kept AND NOT o.kept) AS not_kept,
       count(o.person) FILTER (WHERE e.registered AND o.registered) AS registered,
       count(o.person) FILTER (WHERE NOT e.registered AND NOT o.registered) AS not_registered
FROM ({_PERSONS_AS_TOLD.format(orders="p.case_key = ANY(:case_keys)")}) e
LEFT JOIN own o ON o.person = e.person
GROUP BY e.case_key
"""
