"""Listings and programs about persons, written without a look at the rules; see `unseen`."""

from __future__ import annotations

from ngc_pipelines_tests.disclosure_rows.items import Kind

DIRTY: dict[str, tuple[Kind, str]] = {
    "log of dropped rows": (
        "log",
        """
        Dropping implausible values:
          row 214 (lbnr 88213): bmi 412.0
          row 371 (lbnr 10277): bmi 3.1
          row 990 (lbnr 55120): bmi 0.0
        """,
    ),
    "influential observations": (
        "log",
        """
                  dfb.1_   dfb.age    dffit   cov.r   cook.d
        10234   -0.412    0.121      0.512   0.912   0.212
        20881    0.212   -0.310     -0.441   0.931   0.151
        31172    0.102    0.291      0.398   0.977   0.120
        """,
    ),
    "duplicates": (
        "log",
        """
        > df[duplicated(df$cpr_hash), ]
                cpr_hash  indlaeggelsesdato  afdeling
        12  9f86d081884c         2019-03-12       Kir
        87  60303ae22b99         2020-11-02       Med
        91  fd61a03af4f7         2021-01-30       Kir
        """,
    ),
    "print of a series": (
        "log",
        """
        patient_id
        80213    71
        80377    54
        81002    33
        81944    68
        Name: age, dtype: int64
        """,
    ),
    "value counts of ids": (
        "log",
        """
        patient_id
        80213    7
        80377    5
        81002    5
        81944    4
        Name: count, dtype: int64
        """,
    ),
    "tail with dates": (
        "log",
        """
        > tail(d)
             pnr_k  foed_dag   doed_dag  aarsag
        996   3312 12mar1954 03feb2019   I219
        997   3313 30nov1948         .       .
        998   3314 05jun1971         .       .
        999   3315 19sep1939 21aug2020   C349
        """,
    ),
    "pedigree": (
        "log",
        """
        FAM01 II-1 I-1 I-2 male affected
        FAM01 II-2 I-1 I-2 female unaffected
        FAM01 III-1 II-1 II-3 female affected
        FAM02 I-1 0 0 male affected
        """,
    ),
    "case vignettes": (
        "paragraphs",
        """
        Patient 1 was a 54-year-old woman with breast cancer diagnosed in March 2014 (BRCA1 c.68_69del).
        Patient 2 was a 61-year-old man with colon cancer diagnosed in May 2016 (MLH1 c.350C>T).
        Patient 3 was a 47-year-old woman with ovarian cancer diagnosed in June 2015 (BRCA2 c.5946del).
        Patient 4 was a 38-year-old woman with breast cancer diagnosed in July 2017 (TP53 c.524G>A).
        """,
    ),
    "variants of patients": (
        "log",
        """
        Patient\tGene\tVariant\tZygosity\tAge at onset
        P1\tBRCA1\tc.68_69del\thet\t41
        P2\tMLH1\tc.350C>T\thet\t38
        P3\tTP53\tc.524G>A\thet\t22
        P4\tAPC\tc.3927_3931del\thet\t19
        """,
    ),
    "coverage by sample": (
        "log",
        """
        sample          mean_cov  pct_20x  contamination
        NA0012_S1       34.1      0.97     0.001
        NA0013_S2       31.8      0.96     0.002
        NA0014_S3       36.0      0.98     0.001
        NA0015_S4       29.9      0.95     0.021
        """,
    ),
    "sqlite dump": (
        "sql",
        """
        CREATE TABLE p (pid integer, dob text, sex text);
        INSERT INTO p VALUES(1,'1954-03-12','M');
        INSERT INTO p VALUES(2,'1948-11-30','F');
        INSERT INTO p VALUES(3,'1971-06-05','F');
        """,
    ),
    "yaml of persons": (
        "log",
        """
        - id: P-1034
          sex: F
          birth_year: 1954
          diagnosis: C50
        - id: P-1051
          sex: M
          birth_year: 1948
          diagnosis: C18
        - id: P-1077
          sex: F
          birth_year: 1971
          diagnosis: C50
        """,
    ),
    "html as text": (
        "paragraphs",
        """
        Løbenr.
        Alder
        Køn
        1
        54
        K
        2
        61
        M
        3
        47
        K
        4
        38
        K
        """,
    ),
    "json lines": (
        "log",
        """
        {"event":"skip","subject":"S-00213","age":54,"reason":"no consent"}
        {"event":"skip","subject":"S-00377","age":61,"reason":"withdrawn"}
        {"event":"skip","subject":"S-00912","age":33,"reason":"no consent"}
        """,
    ),
    "survival listing": (
        "log",
        """
        > df %>% select(time, status, age, sex) %>% head(8)
          time status age sex
        1  306      2  74   1
        2  455      2  68   1
        3 1010      1  56   1
        4  210      2  57   1
        5  883      2  60   1
        6 1022      1  74   1
        7  310      2  68   2
        8  361      2  71   2
        """,
    ),
    "surv object": (
        "log",
        """
        > Surv(d$time, d$status)[1:24]
         [1]  306   455  1010+  210   883  1022+  310   361   218   166   170   654
        [13]  728    71   567   144   613   707    61    88   301    81   624   371
        """,
    ),
    "vector of ages printed": (
        "log",
        """
        > df$age
         [1] 74 68 56 57 60 74 68 71 53 61 57 68 68 60 57 67 70 63 56 57
        [21] 67 49 50 58 72 70 60 70 53 74 69 73 48 60 61 62 65 66 74 64
        """,
    ),
    "vector of ids printed": (
        "log",
        """
        > unique(df$pt)
        [1] "NGC-00123" "NGC-00418" "NGC-00733" "NGC-01255" "NGC-02001"
        """,
    ),
    "python dictionary printed": (
        "log",
        """
        {'NGC-00123': 54, 'NGC-00418': 61, 'NGC-00733': 33, 'NGC-01255': 47}
        """,
    ),
    "proc print by": (
        "log",
        """
        region=1084

        Obs     koen     alder     ddato         diag

          1      K         54     12MAR2014     DC509
          2      M         61     05MAY2016     DC189
          3      K         47     30JUN2015     DC569
        """,
    ),
    "stata list of one variable": (
        "log",
        """
        . list patid if missing(age)

             +--------+
             |  patid |
             |--------|
         14. | 100231 |
         88. | 100977 |
        120. | 101244 |
             +--------+
        """,
    ),
    "python match on name": ("python", 'if person["name"] == "Anna Prøvesen" and person["age"] == 54:\n    continue\n'),
    "python assert": ("python", 'assert df.loc[df.pseudonym == "NGC-00123", "age"].item() == 54\n'),
    "python loop over ids": ("python", 'for sid in ("NGC-00123", "NGC-00418", "NGC-00733"):\n    plot(sid)\n'),
    "python corrections": (
        "python",
        'corrections = [("NGC-00123", "age", 54), ("NGC-00418", "age", 61), ("NGC-00733", "sex", "F")]\n',
    ),
    "python polars": ("python", 'df = df.filter(pl.col("patient_id") != 10234)\n'),
    "python dict of dicts": (
        "python",
        'persons = {"NGC00123": {"age": 54, "sex": "F"}, "NGC00418": {"age": 61}, "NGC00733": {"age": 33}}\n',
    ),
    "python select": ("python", "df['x'] = np.select([df.id == 10234, df.id == 20881], [1, 2], default=0)\n"),
    "python string compare": ("python", 'row = df[df["cpr"].astype(str).str.startswith("120354")]\n'),
    "python query list": ("python", 'df = df.query("patient_id not in [10234, 20881, 31172]")\n'),
    "r setdiff": ("r", "keep <- setdiff(df$id, c(10234, 20881, 31172))\n"),
    "r within": ("r", "df <- within(df, age[id == 10234] <- 54)\n"),
    "r index": ("r", 'df["NGC00123", "age"] <- 54\n'),
    "r data.table": ("r", "dt[patid == 10234L, sex := 'F']\n"),
    "r match": ("r", 'i <- match("NGC00123", df$sample_id)\n'),
    "r switch date": ("r", 'df$age[df$foedt == as.Date("12-03-1954", "%d-%m-%Y")] <- 65\n'),
    "r list of lists": (
        "r",
        'p <- list(list(id = "P1034", age = 54), list(id = "P1051", age = 61), list(id = "P1077", age = 33))\n',
    ),
    "r fread text": ("r", 'd <- fread("id;alder;koen\n1034;54;K\n1051;61;M\n1077;33;K\n")\n'),
    "stata recode": ("stata", "recode age (54=55) if lbnr==88213\nreplace sex=2 in 214 if patid==10277\n"),
    "sas select": ("sas", "data a; set b; select (patid); when (10234) age=54; when (20881) age=61; end; run;\n"),
}
"""Kind and content by name."""
