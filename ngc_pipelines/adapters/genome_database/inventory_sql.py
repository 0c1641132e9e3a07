"""The statements of the inventory. Text only; `inventory.py` says what they mean.

Each query of `QUERIES` gives one row, `place`, for every time that the rule it stands under does not hold.
"""

STAGE_LISTING = """
CREATE TEMPORARY TABLE listed (
    key text COLLATE "C" PRIMARY KEY, size bigint NOT NULL, etag text NOT NULL
) ON COMMIT DROP
"""
COPY_LISTING = "COPY listed (key, size, etag) FROM STDIN"

COUNTS = """
SELECT (SELECT count(*) FROM listed) AS objects,
       (SELECT count(*) FROM genome.files WHERE bucket = :bucket) AS files,
       (SELECT count(*) FROM genome.samples) AS samples
"""

QUERIES = {
    "every_file_has_its_object": """
        SELECT 'file ' || f.file_id AS place FROM genome.files f
        WHERE f.bucket = :bucket AND NOT EXISTS (SELECT FROM listed l WHERE l.key = f.key)
    """,
    # The folder is a run; the object's own name would hold a sample's.
    "every_object_has_metadata": """
        SELECT 'folder ' || coalesce(substring(l.key FROM '^(.*)/'), '') AS place FROM listed l
        WHERE NOT EXISTS (SELECT FROM genome.files f WHERE f.bucket = :bucket AND f.key = l.key)
    """,
    "every_object_has_its_recorded_size": """
        SELECT 'file ' || f.file_id AS place FROM genome.files f JOIN listed l ON l.key = f.key
        WHERE f.bucket = :bucket AND l.size <> f.size
    """,
    "every_object_has_its_recorded_checksum": """
        SELECT 'file ' || f.file_id AS place FROM genome.files f JOIN listed l ON l.key = f.key
        WHERE f.bucket = :bucket AND l.size = f.size AND f.etag IS NOT NULL AND l.etag <> f.etag
    """,
    # A lane is whole with both reads of the pair, or with the one SPRING container of both.
    "every_sample_has_its_required_files": """
        SELECT 'sample ' || s.sample_key AS place FROM genome.samples s
        WHERE NOT EXISTS (SELECT FROM genome.files f WHERE f.sample_key = s.sample_key AND f.kind = 'reads')
        UNION ALL
        SELECT 'sample ' || sample_key || ' lane ' || lane FROM genome.files WHERE kind = 'reads'
        GROUP BY sample_key, lane HAVING string_agg(read::text, ',' ORDER BY read) NOT IN ('1,2', '0')
    """,
    "every_file_bears_the_name_of_its_sample": """
        SELECT 'file ' || f.file_id AS place FROM genome.files f JOIN genome.samples s USING (sample_key)
        WHERE strpos(f.key, s.sample_id) = 0
        UNION ALL
        SELECT 'file ' || f.file_id FROM genome.files f
        WHERE f.sample_key IS NOT NULL AND NOT EXISTS (SELECT FROM genome.samples s WHERE s.sample_key = f.sample_key)
    """,
}

# What the list of fields one may ask by does not say, by the field's name.
SPECIFICATION = {
    "reporting_department": """
        SELECT sample_key, count(*) OVER () AS found FROM genome.samples s
        WHERE NOT EXISTS (SELECT FROM genome.departments d WHERE d.sor_code = s.reporting_department)
    """,
    "sequencing_facility": """
        SELECT sample_key, count(*) OVER () AS found FROM genome.samples
        WHERE sequencing_facility NOT IN ('wgs_east', 'wgs_west')
    """,
    "clinical_or_research_origin": """
        SELECT sample_key, count(*) OVER () AS found FROM genome.samples
        WHERE clinical_or_research_origin NOT IN ('clinical', 'research')
    """,
    # A group's requisition form says which sample types it has.
    "sample_type of its patient_group": """
        SELECT sample_key, count(*) OVER () AS found FROM genome.samples s
        JOIN genome.patient_groups g ON g.code = s.patient_group
        WHERE NOT s.sample_type = ANY(string_to_array(g.sample_types, ';'))
    """,
}

# Another choice every day, the same all day; files without a recorded checksum cannot be held against one.
FILES_OF_THE_DAY = """
SELECT file_id, key, sha256 FROM (
    SELECT f.file_id, f.key, f.sha256, sum(f.size) OVER (ORDER BY md5(:day || f.file_id), f.file_id) AS so_far
    FROM genome.files f JOIN listed l ON l.key = f.key AND l.size = f.size
    WHERE f.bucket = :bucket AND f.sha256 IS NOT NULL AND (f.etag IS NULL OR f.etag = l.etag)
) chosen
WHERE so_far <= :budget ORDER BY file_id
"""
