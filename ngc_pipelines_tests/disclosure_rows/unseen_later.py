"""A second lot of items written without a look at the rules, after the first had widened them.

At first sight 17 of the 22 dirty ones were found, and one of the 21 clean ones
was for review.
"""

from __future__ import annotations

from ngc_pipelines_tests.disclosure_rows.items import Kind, Rows

DIRTY: dict[str, tuple[Kind, str | Rows]] = {
    "misclassified": (
        "log",
        """
    Fold 1 misclassified:
    idx   true  pred  age  sex
    1203  1     0     54   F
    88    0     1     61   M
    407   1     0     33   F
    """,
    ),
    "keyed visits": (
        "log",
        """
    subject=10234 visit=1 hba1c=48
    subject=10234 visit=2 hba1c=51
    subject=20881 visit=1 hba1c=44
    subject=31172 visit=1 hba1c=39
    """,
    ),
    "dated notes": (
        "log",
        """
    Pt. nr. 12 (f. 12/3-1954): AMI 3. feb. 2019, død 7. feb. 2019
    Pt. nr. 15 (f. 30/11-1948): AMI 5. maj 2019, død 9. maj 2019
    Pt. nr. 31 (f. 5/6-1971): AMI 19. juni 2020, i live
    """,
    ),
    "boxed keys": (
        "log",
        """
    +---------+-----+-----+
    | CPR_KEY | ALD | KØN |
    +---------+-----+-----+
    | A81F22  |  54 | K   |
    | B0C771  |  61 | M   |
    | 99D1E0  |  33 | K   |
    +---------+-----+-----+
    """,
    ),
    "samples with decimal commas": (
        "log",
        """
    Prøve;Dækning;Køn (beregnet);Køn (registreret)
    PR-2019-00123;34,1;XX;K
    PR-2019-00418;31,8;XY;M
    PR-2019-00733;36,0;XX;M
    """,
    ),
    "relatedness": (
        "log",
        """
    Relatedness pairs:
    ID1      ID2      kinship
    NGC00123 NGC00418 0.251
    NGC00733 NGC01255 0.249
    NGC02001 NGC02044 0.126
    """,
    ),
    "named vector": (
        "log",
        """
    Martingale residuals (top 5)
      10234   20881   31172   40111   51873
     -2.112   1.881  -1.712   1.644  -1.601
    """,
    ),
    "initials": (
        "table",
        [
            ["Nr", "Initialer", "Fødselsår", "Diagnose", "Behandling"],
            [1, "AB", 1954, "Ca. mammae", "Tamoxifen"],
            [2, "CD", 1948, "Ca. coli", "FOLFOX"],
            [3, "EF", 1971, "Ca. mammae", "Letrozol"],
            [4, "GH", 1939, "Ca. pulm.", "Pembrolizumab"],
            [5, "IJ", 1966, "Ca. coli", "FOLFOX"],
        ],
    ),
    "measurements": (
        "table",
        [
            ["height", "weight", "systolic", "diastolic"],
            *[[160 + i * 7 % 31, 55 + i * 13 % 44, 110 + i * 17 % 50, 70 + i * 11 % 30] for i in range(40)],
        ],
    ),
    "events": (
        "table",
        [
            ["dato", "tid", "hændelse", "person"],
            ["2019-03-12", "10:12", "indlagt", "A1"],
            ["2019-03-13", "08:30", "udskrevet", "A1"],
            ["2019-04-02", "17:44", "indlagt", "B7"],
            ["2019-04-09", "09:10", "død", "B7"],
        ],
    ),
    "set of samples": (
        "python",
        "outliers = {'S0123', 'S0418', 'S0733', 'S1255'}\ndf = df[~df.index.isin(outliers)]\n",
    ),
    "cells by row number": ("python", "df.at[1203, 'bmi'] = 27.4\ndf.at[88, 'bmi'] = 31.2\n"),
    "indexed series": ("python", "fix = pd.Series([54, 61, 33], index=['NGC00123', 'NGC00418', 'NGC00733'])\n"),
    "birth date and postcode": (
        "python",
        "if row['fodselsdato'] == '1954-03-12' and row['postnr'] == 8000:\n    row['x'] = 1\n",
    ),
    "ages set by id": ("r", "df$age[df$id == 10234] <- 54\ndf$age[df$id == 20881] <- 61\n"),
    "replaced by id": ("r", "df <- df %>% mutate(sex = replace(sex, patient_id == 10234, 'F'))\n"),
    "row bound by hand": ("r", "df <- rbind(df, data.frame(id = 10234, age = 54, sex = 'F'))\n"),
    "list to drop": ("r", "ids_to_drop <- c('P-0123', 'P-0418', 'P-0733')\n"),
    "printed by id": ("sas", "proc print data=a; where patid in (10234 20881); run;\n"),
    "tabulated by id": ("stata", 'tab sex if pid==10234 | pid==20881\nbrowse if cprnr=="1203540000"\n'),
    "observations told": (
        "log",
        """
    Observation 1203: age = 54, sex = F, diagnosis = C509
    Observation 88: age = 61, sex = M, diagnosis = C189
    Observation 407: age = 33, sex = F, diagnosis = C569
    """,
    ),
    "list of lists": (
        "log",
        """
    [[54, 'F', 27.4], [61, 'M', 31.2], [33, 'F', 22.1], [47, 'F', 25.0], [38, 'M', 24.4], [71, 'M', 29.9]]
    """,
    ),
}
"""Kind and content by name."""

CLEAN: dict[str, tuple[Kind, str | Rows]] = {
    "models": (
        "log",
        """
    model       AUC    95% CI         n_features
    base        0.701  (0.68-0.72)    5
    +PRS        0.744  (0.72-0.76)    6
    +PRS+lab    0.771  (0.75-0.79)    14
    """,
    ),
    "age bands": (
        "log",
        """
    Alder       Antal   Procent
    18-29         101      10,0
    30-39         144      14,3
    40-49         212      21,0
    50+           552      54,7
    I alt        1009     100,0
    """,
    ),
    "folds": (
        "log",
        """
    Fold  n_train  n_test  AUC
    1     807      202     0.71
    2     807      202     0.73
    3     807      202     0.70
    4     807      202     0.74
    5     808      201     0.72
    """,
    ),
    "comorbidity": (
        "log",
        """
    Comorbidity             Cases, n (%)   Controls, n (%)   SMD
    Diabetes                 71 (13.9)      122 (12.0)       0.06
    Hypertension            201 (39.4)      390 (38.2)       0.02
    Chronic kidney disease   32 (6.3)        55 (5.4)        0.04
    """,
    ),
    "reference index": (
        "log",
        """
    chr1    248956422   112     253404903   70      71
    chr2    242193529   253404903   70      71
    chr3    198295559   500657651   70      71
    """,
    ),
    "autocorrelation": (
        "log",
        """
    lag   acf     pacf
    1     0.812   0.812
    2     0.644   -0.043
    3     0.511   0.020
    4     0.402   -0.012
    """,
    ),
    "hospitals": (
        "log",
        """
    hospital_id  n_patients  mean_los
    1301         412         4.1
    1401         388         3.9
    1501         510         4.4
    2000         299         4.0
    """,
    ),
    "drugs": (
        "table",
        [
            ["Drug", "ATC", "Users 2019", "Users 2020"],
            ["Metformin", "A10BA02", 412, 431],
            ["Simvastatin", "C10AA01", 812, 790],
            ["Paracetamol", "N02BE01", 1200, 1250],
        ],
    ),
    "municipalities": (
        "table",
        [
            ["Kommune", "Mænd", "Kvinder"],
            ["Aarhus", 412, 430],
            ["Odense", 210, 222],
            ["Aalborg", 199, 205],
            ["Esbjerg", 98, 101],
        ],
    ),
    "mutations": (
        "table",
        [
            ["Mutation", "Gene", "Consequence", "Carriers"],
            ["c.68_69del", "BRCA1", "frameshift", 12],
            ["c.5946del", "BRCA2", "frameshift", 9],
            ["c.1100del", "CHEK2", "frameshift", 21],
        ],
    ),
    "quarters": (
        "table",
        [
            ["Quarter", "Admissions", "Deaths"],
            ["2019Q1", 412, 22],
            ["2019Q2", 401, 19],
            ["2019Q3", 388, 17],
            ["2019Q4", 430, 25],
        ],
    ),
    "palette": (
        "python",
        "palette = {'cases': '#d62728', 'controls': '#1f77b4'}\n"
        "for year in (2010, 2012, 2014):\n    plot(df[df.year == year])\nassert len(df) == 1009\n",
    ),
    "constants": (
        "python",
        "AGE_MEANS = [54.2, 53.1, 55.9]\n"
        "result = {'n': 1009, 'auc': 0.744, 'ci': [0.72, 0.76]}\nn_by_sex = {'F': 511, 'M': 498}\n",
    ),
    "hospital codes": (
        "python",
        "df['dm'] = df['icd'].str.match(r'^E1[0-4]')\ndf = df[df['hospital_id'].isin([1301, 1401, 1501])]\n",
    ),
    "vectors of results": (
        "r",
        "ref <- c(A = 0.29, C = 0.21, G = 0.21, T = 0.29)\n"
        "hr <- c(1.2, 1.5, 0.9, 1.1, 2.0)\nnames(hr) <- c('age', 'sex', 'bmi', 'ldl', 'hdl')\n",
    ),
    "counts of groups": ("r", "df %>% count(sex, region) %>% filter(n >= 5)\nif (nrow(df) == 1009) message('ok')\n"),
    "tabulate": (
        "sas",
        "proc tabulate data=a; class sex region; table sex*region, n pctn; run;\nif hospital_id in (1301 1401 1501);\n",
    ),
    "shares of patients": (
        "log",
        """
    Patients with diabetes: 412 of 1009 (40.8%)
    Patients with hypertension: 591 of 1009 (58.6%)
    Patients with both: 301 of 1009 (29.8%)
    """,
    ),
    "numbered samples": (
        "log",
        """
    Sample 1: 512 patients; Sample 2: 497 patients
    Case 1: n = 120. Case 2: n = 144. Case 3: n = 98.
    """,
    ),
    "stacked summary": (
        "paragraphs",
        """
    Table 3. Mean age (years) and share of women by region
    Region
    Mean age
    Women, %
    North
    54.1
    51.2
    South
    55.0
    49.8
    """,
    ),
    "quantiles": (
        "log",
        """
    > quantile(df$age, c(.1, .25, .5, .75, .9))
     10%  25%  50%  75%  90%
      38   43   55   66   74
    > table(df$age_group)
    18-29 30-39 40-49 50+
      101   144   212 552
    """,
    ),
}
"""Kind and content by name."""
