"""What statistical programs print about groups, and what jobs log."""

from __future__ import annotations

OUTPUTS: dict[str, str] = {
    "describe": """
                       age          bmi       hba1c
        count  1009.000000  1009.000000  988.000000
        mean     54.213000    26.241000   41.200000
        std      12.101000     4.112000    8.100000
        min      18.000000    16.100000   22.000000
        25%      43.000000    23.200000   36.000000
        50%      55.000000    26.000000   40.000000
        75%      66.000000    29.100000   45.000000
        max      91.000000    44.200000  112.000000
        """,
    "value_counts": """
        diagnosis
        C50.9    410
        C18.2    312
        E11.9    700
        I21.4    512
        Name: count, dtype: int64
        """,
    "df.info": """
        <class 'pandas.core.frame.DataFrame'>
        RangeIndex: 1009 entries, 0 to 1008
        Data columns (total 5 columns):
         #   Column      Non-Null Count  Dtype
        ---  ------      --------------  -----
         0   patient_id  1009 non-null   int64
         1   age         1009 non-null   int64
         2   sex         1009 non-null   object
         3   bmi         988 non-null    float64
         4   birth_date  1009 non-null   datetime64[ns]
        dtypes: datetime64[ns](1), float64(1), int64(2), object(1)
        memory usage: 39.5+ KB
        """,
    "dtypes": """
        patient_id             int64
        age                    int64
        sex                   object
        birth_date    datetime64[ns]
        dtype: object
        """,
    "missing values": """
        patient_id      0
        age             0
        sex            12
        bmi            21
        diagnosis       7
        dtype: int64
        """,
    "correlation": """
                    age       bmi     hba1c       sbp
        age    1.000000  0.120000  0.310000  0.420000
        bmi    0.120000  1.000000  0.280000  0.250000
        hba1c  0.310000  0.280000  1.000000  0.190000
        sbp    0.420000  0.250000  0.190000  1.000000
        """,
    "statsmodels": """
                                    OLS Regression Results
        ==============================================================================
        Dep. Variable:                    sbp   R-squared:                       0.412
        Model:                            OLS   Adj. R-squared:                  0.410
        Method:                 Least Squares   F-statistic:                     234.7
        Date:                Mon, 12 Jan 2026   Prob (F-statistic):           3.21e-115
        Time:                        10:12:33   Log-Likelihood:                -4102.1
        No. Observations:                1009   AIC:                             8212.
        ==============================================================================
                         coef    std err          t      P>|t|      [0.025      0.975]
        ------------------------------------------------------------------------------
        Intercept     88.1234      3.412     25.827      0.000      81.428      94.819
        age            0.5123      0.023     22.179      0.000       0.467       0.558
        sex[T.M]       4.1235      0.812      5.078      0.000       2.530       5.717
        ==============================================================================
        """,
    "sklearn report": """
                      precision    recall  f1-score   support

                   0       0.81      0.88      0.84       700
                   1       0.66      0.54      0.59       309

            accuracy                           0.77      1009
           macro avg       0.74      0.71      0.72      1009
        weighted avg       0.76      0.77      0.77      1009
        """,
    "confusion": """
        [[612  88]
         [142 167]]
        """,
    "training": """
        Epoch 1/10
        32/32 [==============================] - 2s 41ms/step - loss: 0.6712 - accuracy: 0.6123 - val_loss: 0.6412
        Epoch 2/10
        32/32 [==============================] - 1s 30ms/step - loss: 0.6112 - accuracy: 0.6623 - val_loss: 0.6012
        Epoch 3/10
        32/32 [==============================] - 1s 30ms/step - loss: 0.5712 - accuracy: 0.7023 - val_loss: 0.5812
        """,
    "training table": """
        epoch train_loss valid_loss time
        0 0.671200 0.641200 00:12
        1 0.611200 0.601200 00:11
        2 0.571200 0.581200 00:11
        3 0.541200 0.571200 00:11
        """,
    "xgboost": """
        [0]\ttrain-auc:0.71230\tvalid-auc:0.69120
        [10]\ttrain-auc:0.78230\tvalid-auc:0.72120
        [20]\ttrain-auc:0.81230\tvalid-auc:0.73120
        [30]\ttrain-auc:0.83230\tvalid-auc:0.73320
        """,
    "service log": """
        2026-01-05 10:00:01,123 INFO  reader  Reading chunk 1 of 20
        2026-01-05 10:00:05,421 INFO  reader  Reading chunk 2 of 20
        2026-01-05 10:00:09,998 INFO  reader  Reading chunk 3 of 20
        2026-01-05 10:00:14,001 WARN  reader  Chunk 4 was empty
        2026-01-05 10:00:18,511 INFO  reader  Reading chunk 5 of 20
        """,
    "slurm": """
        JobID    JobName  Partition  AllocCPUS  State      ExitCode
        -------- -------- ---------- ---------- ---------- --------
        8812301  gwas     compute    16         COMPLETED  0:0
        8812302  gwas     compute    16         COMPLETED  0:0
        8812303  gwas     compute    16         FAILED     1:0
        8812304  gwas     compute    16         COMPLETED  0:0
        """,
    "top": """
          PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
         8812 analyst   20   0   12.1g   2.1g  12000 R  99.7   8.1   1:12.12 python
         8901 analyst   20   0    1.1g   0.1g   8000 S   1.7   0.4   0:02.41 R
         9011 root      20   0    0.1g   0.0g   1000 S   0.0   0.0   0:00.01 sshd
        """,
    "pip": """
        Package         Version
        --------------- ---------
        numpy           2.1.3
        pandas          2.2.3
        scikit-learn    1.5.2
        statsmodels     0.14.4
        """,
    "sessionInfo": """
        R version 4.3.2 (2023-10-31)
        Platform: x86_64-pc-linux-gnu (64-bit)

        attached base packages:
        [1] stats     graphics  grDevices utils     datasets  methods   base

        other attached packages:
        [1] survival_3.5-7 dplyr_1.1.4    ggplot2_3.4.4
        """,
    "listing of files": """
        total 412
        -rw-r--r-- 1 analyst project  41231 Jan 12 10:12 table1.xlsx
        -rw-r--r-- 1 analyst project   8123 Jan 12 10:13 figure1.svg
        -rw-r--r-- 1 analyst project 120311 Jan 12 10:15 report.docx
        drwxr-xr-x 2 analyst project   4096 Jan 12 10:16 scripts
        """,
    "plink": """
        PLINK v1.90b6.21 64-bit (19 Oct 2020)
        Options in effect:
          --bfile cohort
          --logistic
          --out result
        1009 people (498 males, 511 females) loaded from .fam.
        Total genotyping rate is 0.998.
        612311 variants and 1009 people pass filters and QC.
        Among remaining phenotypes, 309 are cases and 700 are controls.
        """,
    "qc summary": """
        metric                 value
        samples_total          1009
        samples_passed         1001
        mean_coverage          34.2
        median_insert_size     412
        percent_duplicates     8.1
        ti_tv_ratio            2.06
        """,
    "proc freq": """
                              The FREQ Procedure

                                            Cumulative    Cumulative
        sex    Frequency     Percent     Frequency      Percent
        ---------------------------------------------------------
        F           511       50.64           511        50.64
        M           498       49.36          1009       100.00
        """,
    "proc means": """
                                 The MEANS Procedure

        Variable        N          Mean       Std Dev       Minimum       Maximum
        -------------------------------------------------------------------------
        age          1009    54.2130000    12.1010000    18.0000000    91.0000000
        bmi           988    26.2410000     4.1120000    16.1000000    44.2000000
        -------------------------------------------------------------------------
        """,
    "proc logistic": """
                    Analysis of Maximum Likelihood Estimates

                                         Standard          Wald
        Parameter     DF    Estimate       Error    Chi-Square    Pr > ChiSq
        Intercept      1     -3.9123      0.4120       90.1712        <.0001
        age            1      0.0412      0.0061       45.6181        <.0001
        sex       F    1     -0.2120      0.1210        3.0697        0.0798
        """,
    "stata logit": """
        Logistic regression                                     Number of obs =  1,009
                                                                LR chi2(3)    = 110.70
        ------------------------------------------------------------------------------
                case | Odds ratio   Std. err.      z    P>|z|     [95% conf. interval]
        -------------+----------------------------------------------------------------
                 age |   1.042060   .0063566     6.75   0.000     1.029676    1.054594
                 sex |   .8089647   .0978847    -1.75   0.080     .6381571    1.025490
              smoker |   2.038063   .2669863     5.44   0.000     1.576524    2.634722
               _cons |   .0199953   .0082381    -9.50   0.000     .0089170    .0448369
        ------------------------------------------------------------------------------
        """,
    "stata tabulate": """
               sex |      Freq.     Percent        Cum.
        ------------+-----------------------------------
            Female |        511       50.64       50.64
              Male |        498       49.36      100.00
        ------------+-----------------------------------
             Total |      1,009      100.00
        """,
    "stata summarize": """
            Variable |        Obs        Mean    Std. dev.       Min        Max
        -------------+---------------------------------------------------------
                 age |      1,009      54.213      12.101         18         91
                 bmi |        988      26.241       4.112       16.1       44.2
        """,
    "stata describe": """
        Variable      Storage   Display    Value
            name         type    format    label      Variable label
        -------------------------------------------------------------
        id              long    %12.0g                Patient identifier
        age             byte    %8.0g                 Age at diagnosis
        sex             byte    %8.0g      sexlbl     Sex
        dob             int     %td                   Date of birth
        """,
    "codebook": """
        Variable: age
        Label: Age at diagnosis
        Type: integer
        Missing: 12

        Variable: sex
        Label: Sex of the patient
        Type: factor
        Missing: 0
        """,
    "flow of persons": """
        Excluded: no consent (n = 41)
        Excluded: age under 18 (n = 112)
        Patients in the final cohort: 1009
        Samples sequenced: 1009
        Samples failing QC: 8
        """,
    "prose": """
        The cohort consists of 1009 patients, of whom 511 were women. The mean age was
        54.2 years (SD 12.1), and 309 patients had the outcome within 5 years of follow-up.
        Patient characteristics are shown in Table 1; participant flow is shown in Figure 1.
        Sample size was calculated for 80% power at a significance level of 0.05, and
        sample 2 of the sensitivity analysis leaves out persons who were born abroad.
        """,
    "danish prose": """
        Kohorten består af 1009 patienter, heraf 511 kvinder. Gennemsnitsalderen var 54,2 år,
        og 309 patienter havde udfaldet inden for 5 år. Deltagere under 18 år blev udeladt.
        Tabel 2 viser odds ratio for alder, køn og rygning. Se også figur 3 og bilag 4.
        """,
    "pathways": """
        ID          Description                      GeneRatio  p.adjust
        GO:0006281  DNA repair                       12/211     0.0001
        GO:0006974  response to DNA damage           18/211     0.0003
        GO:0007049  cell cycle                       21/211     0.0012
        """,
    "bed of genes": """
        chr17\t43044295\t43125483\tBRCA1
        chr13\t32315474\t32400266\tBRCA2
        chr17\t7668402\t7687550\tTP53
        chr7\t55019017\t55211628\tEGFR
        """,
    "sql log": """
        2026-01-05 10:00:01 SELECT count(*) FROM cohort WHERE sex = 'F' AND age >= 18
        2026-01-05 10:00:02 SELECT count(*) FROM cohort WHERE region_id = 1084 AND year = 2020
        2026-01-05 10:00:03 SELECT avg(age) FROM cohort GROUP BY sex
        """,
    "hyperparameters": """
        params: {'max_depth': 4, 'eta': 0.1, 'subsample': 0.8}
        params: {'max_depth': 6, 'eta': 0.1, 'subsample': 0.8}
        params: {'max_depth': 8, 'eta': 0.05, 'subsample': 0.9}
        """,
    "random effects": """
        Random effects:
         Groups   Name        Variance Std.Dev.
         hospital (Intercept) 2.1230   1.4571
         Residual             18.3800  4.2872
        Number of obs: 1009, groups:  hospital, 14
        """,
    "vif": """
             age      sex      bmi  smoking
        1.212300 1.041200 1.112300 1.090100
        """,
    "pca": """
        Importance of components:
                                  PC1    PC2    PC3    PC4
        Standard deviation     2.1230 1.4120 0.9120 0.4120
        Proportion of Variance 0.5631 0.2491 0.1039 0.0212
        Cumulative Proportion  0.5631 0.8122 0.9161 0.9373
        """,
    "warnings": """
        Warning messages:
        1: In glm.fit(x, y) : fitted probabilities numerically 0 or 1 occurred
        2: Removed 12 rows containing missing values (geom_point).
        3: In chisq.test(tab) : Chi-squared approximation may be incorrect
        """,
}
"""Output by name; the margin of this file is not part of it."""
