"""Results and programs without persons, written without a look at the rules; see `unseen`."""

from __future__ import annotations

from ngc_pipelines_tests.disclosure_rows.items import Kind

CLEAN: dict[str, tuple[Kind, str]] = {
    "calibration table": (
        "log",
        """
        decile  predicted  observed    n
             1      0.021     0.019  101
             2      0.043     0.045  101
             3      0.071     0.069  101
             4      0.102     0.110  101
        """,
    ),
    "dose response": (
        "log",
        """
        dose   responders   total   rate
        10     41           120     0.34
        20     55           118     0.47
        40     71           121     0.59
        """,
    ),
    "rates by sex and age": (
        "log",
        """
        koen;aldersgruppe;personaar;tilfaelde;rate
        K;20-39;12012,5;41;3,4
        K;40-59;15120,1;120;7,9
        M;20-39;11800,0;39;3,3
        M;40-59;14990,7;133;8,9
        """,
    ),
    "icd chapters": (
        "log",
        """
        C00-C97  Neoplasms                     4012
        E00-E90  Endocrine diseases            3120
        I00-I99  Diseases of the circulation   5120
        J00-J99  Diseases of the respiration   2880
        """,
    ),
    "variant classes": (
        "log",
        """
        Variant class      Count   Per genome
        missense           412331  409
        nonsense            12001   12
        frameshift           9110    9
        synonymous         398112  395
        """,
    ),
    "lead snps": (
        "log",
        """
        SNP         CHR  BP         EA  NEA  EAF    OR    95% CI       P
        rs10993994  10   51549496   T   C    0.40   1.21  1.17-1.25    2.1e-29
        rs7000448   8    128441170  T   C    0.36   1.14  1.10-1.18    3.0e-13
        rs1859962   17   69108753   G   T    0.49   1.17  1.13-1.21    1.4e-18
        """,
    ),
    "expression of groups": (
        "log",
        """
        gene     mean_case  mean_control  logFC   adj.P.Val
        BRCA1    8.12       7.41          0.71    0.0012
        TP53     9.33       9.91         -0.58    0.0101
        PTEN     6.71       7.02         -0.31    0.0400
        """,
    ),
    "marginal effects": (
        "log",
        """
                      dy/dx   Std.Err.      z    P>z    [95% CI]
        age           0.012      0.002   6.01  0.000   0.008   0.016
        1.female     -0.031      0.011  -2.80  0.005  -0.053  -0.009
        """,
    ),
    "mice log": (
        "log",
        """
         iter imp variable
          1   1  bmi  smoking
          1   2  bmi  smoking
          2   1  bmi  smoking
          2   2  bmi  smoking
        """,
    ),
    "lme4": (
        "log",
        """
        Fixed effects:
                    Estimate Std. Error       df t value Pr(>|t|)
        (Intercept)  41.2031     0.8120 812.1100  50.743  < 2e-16 ***
        visit         0.4120     0.1120 902.4000   3.679 0.000248 ***
        treatmentB   -1.2210     0.5120 810.0010  -2.385 0.017319 *
        """,
    ),
    "gam": (
        "log",
        """
        Approximate significance of smooth terms:
                 edf Ref.df      F p-value
        s(age) 3.412  4.210 12.110  <2e-16 ***
        s(bmi) 1.001  1.002  4.120  0.0424 *
        """,
    ),
    "scipy result": (
        "log",
        "Ttest_indResult(statistic=-2.1123, pvalue=0.0349)\nKruskalResult(statistic=9.1, pvalue=0.011)\n",
    ),
    "group by print": (
        "log",
        """
                      n  mean_age  pct_female
        hospital
        Aalborg     120      54.1        51.2
        Odense      144      55.0        49.8
        Rigshosp.   210      53.2        52.0
        """,
    ),
    "crosstab": (
        "log",
        """
        diagnosis  C18  C50  E11
        sex
        F          120  402  340
        M          131    8  360
        """,
    ),
    "pivot by year": (
        "log",
        """
        year    2018   2019   2020   2021
        sex
        F       1201   1190   1102   1250
        M       1150   1144   1098   1201
        """,
    ),
    "snakemake": (
        "log",
        """
        Job stats:
        job        count
        -------  -------
        align         24
        all            1
        qc            24
        total         49
        """,
    ),
    "nextflow": (
        "log",
        """
        executor >  slurm (48)
        [a1/b2c3d4] process > ALIGN (24)  [100%] 24 of 24 ✔
        [e5/f6a7b8] process > QC (24)     [100%] 24 of 24 ✔
        [c9/d0e1f2] process > MERGE       [100%] 1 of 1 ✔
        """,
    ),
    "git log": (
        "log",
        """
        a1b2c3d 2025-11-02 Fix the age bands
        e4f5a6b 2025-11-04 Add the sex-stratified model
        c7d8e9f 2025-11-09 Use person-years as offset
        """,
    ),
    "timings": (
        "log",
        """
        step        seconds  memory_mb
        read           12.1        812
        merge           4.4       1211
        fit           102.9       2210
        write           1.2        410
        """,
    ),
    "traceback": (
        "log",
        """
        Traceback (most recent call last):
          File "fit.py", line 112, in <module>
            model.fit(X, y)
          File "base.py", line 1151, in wrapper
            return fit_method(estimator, *args, **kwargs)
        ValueError: Input X contains NaN. 21 rows in column 'bmi' of patient data
        """,
    ),
    "references": (
        "paragraphs",
        """
        1. Jensen A, Hansen B. Age and sex in cohort studies. Int J Epidemiol 2014;43:1012-20.
        2. Smith J, Doe R. Breast cancer risk in carriers. Lancet 2016;388:2231-9.
        3. Olsen C, Madsen D. Birth weight and later disease. BMJ 2018;361:k1212.
        4. Larsen E. Sample size for clinical trials. Stat Med 2019;38:44-51.
        """,
    ),
    "methods": (
        "paragraphs",
        """
        Patients aged 18 or older who were born in Denmark and diagnosed between 1 January 2010 and 31
        December 2019 were included (n = 1,009). Case 1 of the sensitivity analysis used ICD-10 codes
        C50 and D05; case 2 used C50 only. Each patient contributed person-time from the date of diagnosis
        to death, emigration or 31 December 2020. Subjects with missing date of birth (n = 12) were left out.
        """,
    ),
    "figure legend": (
        "paragraphs",
        """
        Figure 2. Survival by sex. Number at risk: women 511, 480, 402, 310; men 498, 455, 371, 288.
        Patients: women (blue), men (orange). Log-rank p = 0.012. Sample: 1009.
        """,
    ),
    "questionnaire": (
        "paragraphs",
        """
        Q1. What is your age? (18-29, 30-39, 40-49, 50+)
        Q2. What is your sex? (female, male, other)
        Q3. Have you ever smoked? (yes, no)
        Q4. What is your date of birth? (dd-mm-yyyy)
        """,
    ),
    "data dictionary": (
        "log",
        """
        name,type,description
        patient_id,integer,Pseudonym of the patient
        age,integer,Age at diagnosis in years
        sex,character,M or F
        dob,date,Date of birth
        bmi,numeric,Body mass index
        """,
    ),
    "regions with population": (
        "log",
        """
        kommune,navn,indbyggere
        101,København,653664
        147,Frederiksberg,104305
        751,Aarhus,355238
        461,Odense,206518
        """,
    ),
    "stata regress": (
        "log",
        """
              Source |       SS           df       MS      Number of obs   =     1,009
        -------------+----------------------------------   F(3, 1005)      =    234.70
               Model |  142012.31         3  47337.4367   Prob > F        =    0.0000
            Residual |  202701.12     1,005  201.692657   R-squared       =    0.4120
        """,
    ),
    "ggplot messages": (
        "log",
        """
        `geom_smooth()` using formula = 'y ~ x'
        `stat_bin()` using `bins = 30`. Pick better value with `binwidth`.
        Saving 7 x 5 in image
        """,
    ),
    "keras summary": (
        "log",
        """
         Layer (type)                Output Shape              Param #
        =================================================================
         dense (Dense)               (None, 64)                832
         dense_1 (Dense)             (None, 32)                2080
         dense_2 (Dense)             (None, 1)                 33
        """,
    ),
    "simulation": (
        "log",
        """
        sim   bias    coverage   power
        100   0.012   0.944      0.81
        200   0.008   0.951      0.83
        500   0.005   0.949      0.82
        """,
    ),
    "python config": (
        "python",
        """
        CONFIG = {"patient_id": "pid", "age": "age_years", "sample": "sample_id", "threads": 16, "memory": 64000}
        MIN_AGE, MAX_AGE = 18, 80
        START = date(2010, 1, 1)
        END = date(2019, 12, 31)
        AGE_BANDS = [(18, 29), (30, 39), (40, 49), (50, 64), (65, 120)]
        """,
    ),
    "python published": (
        "python",
        """
        published = {"Nordjylland": 41, "Midtjylland": 88, "Syddanmark": 72}
        years = [2010, 2011, 2012, 2013, 2014, 2015]
        rates = [12.1, 12.4, 11.9, 12.8, 13.0, 13.3]
        plt.plot(years, rates, marker="o")
        """,
    ),
    "python tests": (
        "python",
        """
        def test_age_band():
            assert age_band(18) == "18-29"
            assert age_band(64) == "50-64"
            with pytest.raises(ValueError):
                age_band(-1)
        """,
    ),
    "python icd ranges": (
        "python",
        """
        CHAPTERS = {"C": range(0, 98), "E": range(0, 91)}
        df["cancer"] = df.diag.str[:3].between("C00", "C97")
        df["dm"] = df.diag.isin(["E10", "E11", "E12", "E13", "E14"]) | df.atc.str.startswith("A10")
        """,
    ),
    "r plotting": (
        "r",
        """
        est <- c(1.03, 1.41, 1.08); lo <- c(1.01, 1.10, 1.04); hi <- c(1.05, 1.80, 1.12)
        labels <- c("Age (per year)", "Male sex", "BMI (per kg/m2)")
        forestplot(labels, est, lo, hi)
        par(mar = c(5.1, 4.1, 4.1, 2.1), mfrow = c(2, 2))
        """,
    ),
    "r recoding": (
        "r",
        """
        df$edu <- factor(df$edu, levels = c(10, 20, 30, 35, 40, 50, 60, 70), labels = edu_labels)
        df$smoke[df$smoke == 99] <- NA
        df$id <- seq_len(nrow(df))
        df <- df[order(df$id, df$date), ]
        """,
    ),
    "r simulated": (
        "r",
        """
        set.seed(4711)
        sim <- data.frame(id = 1:1000, age = rnorm(1000, 54, 12), sex = rbinom(1000, 1, 0.5))
        power <- sapply(c(100, 200, 500, 1000), function(n) mean(replicate(500, one(n))))
        """,
    ),
    "stata macros": (
        "stata",
        """
        local covars age sex bmi smoker
        foreach v of local covars {
            summarize `v', detail
        }
        keep if inlist(region, 1081, 1082, 1083) & inrange(age, 18, 80)
        """,
    ),
    "sas macro": (
        "sas",
        """
        %macro freq(var); proc freq data=cohort; tables &var*case / nocol; run; %mend;
        %freq(sex); %freq(agegrp);
        proc sort data=cohort; by patient_id visit; run;
        data first; set cohort; by patient_id; if first.patient_id then n + 1; run;
        """,
    ),
    "sql ddl": (
        "sql",
        """
        CREATE INDEX i ON cohort (patient_id);
        SELECT a.patient_id FROM a LEFT JOIN b ON a.patient_id = b.patient_id WHERE b.patient_id IS NULL;
        UPDATE cohort SET age_group = '18-29' WHERE age BETWEEN 18 AND 29;
        """,
    ),
}
"""Kind and content by name."""
