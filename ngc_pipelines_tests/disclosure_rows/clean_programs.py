"""Programs without a single person in them."""

from __future__ import annotations

from typing import Literal

Language = Literal["python", "r", "stata", "sas", "sql"]

PROGRAMS: dict[tuple[Language, str], str] = {
    ("python", "cohort"): """
        df = df[(df.age >= 18) & (df.sex == "F")]
        df = df[df.birth_date >= "1950-01-01"]
        df["case"] = df.diagnosis.isin(["C50.9", "C50.1", "C50.8", "C50.2"]).astype(int)
        df = df[df.patient_id.notna() & (df.patient_id != 0)]
        """,
    ("python", "labels"): """
        SEX = {1: "male", 2: "female", 9: "unknown"}
        REGION = {1081: "Nordjylland", 1082: "Midtjylland", 1083: "Syddanmark", 1084: "Hovedstaden", 1085: "Sjælland"}
        KOMMUNE = {101: "København", 147: "Frederiksberg", 151: "Ballerup", 153: "Brøndby"}
        df["region"] = df.region.map(REGION)
        """,
    ("python", "model"): """
        X = df[["age", "sex", "bmi", "smoking", "hba1c", "sbp", "ldl"]]
        grid = {"C": [0.01, 0.1, 1, 10, 100], "penalty": ["l1", "l2"]}
        model = GridSearchCV(LogisticRegression(max_iter=1000), grid, cv=5)
        model.fit(X, y)
        print(model.best_score_)
        """,
    ("python", "merge"): """
        merged = persons.merge(samples, on="patient_id", how="left").drop_duplicates("patient_id")
        assert merged["sample_id"].is_unique
        counts = merged.groupby(["sex", "age_group"]).size().reset_index(name="n")
        counts.loc[counts["n"] < 5, "n"] = None
        """,
    ("python", "genes"): """
        genes = ["BRCA1", "BRCA2", "TP53", "PALB2", "CHEK2", "ATM", "RAD51C", "RAD51D"]
        snps = ["rs123456", "rs7890123", "rs4477212", "rs3131972", "rs12562034"]
        ensembl = ["ENSG00000012048", "ENSG00000139618", "ENSG00000141510", "ENSG00000083093", "ENSG00000183765"]
        """,
    ("python", "codes"): """
        icd = ["C500", "C501", "C502", "C503", "C504", "C505", "C506", "C508", "C509"]
        atc = ["A10BA02", "A10BB01", "C07AB02", "N02BE01", "C10AA05", "B01AC06"]
        skip = [2020, 2021]
        """,
    ("python", "plot"): """
        bins = [0, 18, 30, 40, 50, 60, 70, 80, 120]
        colors = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b"]
        plt.hist(df.age, bins=bins, color=colors[0])
        plt.xlim(0, 100)
        plt.figure(figsize=(8, 6), dpi=300)
        """,
    ("python", "summary frame"): """
        summary = pd.DataFrame({"group": ["cases", "controls"], "n": [510, 1020], "mean_age": [54.1, 53.8]})
        forest = pd.DataFrame({"term": ["age", "sex", "bmi"], "or": [1.03, 1.41, 1.08], "lower": [1.01, 1.1, 1.04]})
        """,
    ("python", "service"): """
        for job_id in range(10):
            if job_id == 7:
                continue
        retries = {"timeout": 30, "attempts": 5, "port": 5432}
        if response.status_code == 404 or user_version == 1024:
            raise RuntimeError("not found")
        """,
    ("python", "columns"): """
        columns = ["id", "age", "sex", "q1", "q2", "q3", "q4", "q5", "bmi_2010", "bmi_2015", "bmi_2020"]
        dtypes = {"patient_id": "int64", "age": "int16", "sex": "category", "birth_date": "datetime64[ns]"}
        df = pd.read_csv("cohort.csv", usecols=columns, dtype=dtypes, parse_dates=["birth_date"])
        """,
    ("python", "weights"): """
        WEIGHTS = [0.12, 0.31, 0.08, -0.2, 0.44, 0.91, -0.3]
        betas = {"rs123456": 0.12, "rs7890123": -0.08, "rs4477212": 0.31}
        score = sum(w * x for w, x in zip(WEIGHTS, features))
        """,
    ("python", "seed and split"): """
        SEED = 20240101
        rng = np.random.default_rng(SEED)
        train, test = train_test_split(df, test_size=0.2, random_state=1234)
        print(f"train {len(train)}, test {len(test)}")
        """,
    ("python", "doc comment"): '''
        def hazard(df):
            """Fit a Cox model.

            Args:
                df: one row per patient with time, event, age, sex.

            Returns:
                Hazard ratios with 95 % intervals.
            """
            # drop persons without a birth date, see protocol section 4.2
            # 1. index date   2. follow-up   3. event
            return CoxPHFitter().fit(df.dropna(), "time", "event")
        ''',
    ("r", "cohort"): """
        df <- df %>% filter(age >= 18, sex == "F", !is.na(id), birth_date >= as.Date("1950-01-01"))
        df <- df %>% mutate(group = case_when(bmi < 18.5 ~ "under", bmi < 25 ~ "normal", TRUE ~ "obese"))
        df$case <- ifelse(df$diagnosis %in% c("DC500", "DC501", "DC509"), 1, 0)
        """,
    ("r", "labels"): """
        df$sex <- factor(df$sex, levels = c(1, 2), labels = c("Male", "Female"))
        df$region <- recode(df$region, `1081` = "Nordjylland", `1082` = "Midtjylland", `1083` = "Syddanmark")
        df$age_group <- cut(df$age, breaks = c(0, 18, 30, 40, 50, 60, 70, 80, Inf))
        """,
    ("r", "models"): """
        fit <- coxph(Surv(time, status) ~ age + sex + strata(centre), data = df)
        summary(fit)
        anova(fit, update(fit, . ~ . - sex))
        m <- glm(case ~ age + sex + bmi, family = binomial, data = df)
        exp(cbind(OR = coef(m), confint(m)))
        """,
    ("r", "summary"): """
        tab <- df %>% group_by(sex, age_group) %>% summarise(n = n(), mean = mean(bmi), sd = sd(bmi))
        tab <- tab %>% mutate(n = ifelse(n < 5, NA, n))
        write.table(tab, "tab1.txt", row.names = FALSE)
        """,
    ("r", "published"): """
        pub <- data.frame(region = c("North", "South", "East"), cases = c(120, 140, 99), controls = c(400, 380, 411))
        est <- tibble(term = c("age", "sex"), estimate = c(1.03, 1.41), conf.low = c(1.01, 1.1))
        tribble(~group, ~n, ~pct, "A", 120, 40.1, "B", 180, 59.9)
        """,
    ("r", "genes"): """
        genes <- c("BRCA1", "BRCA2", "TP53", "PALB2", "CHEK2", "ATM")
        snps <- c("rs123456", "rs7890123", "rs4477212", "rs3131972", "rs12562034")
        """,
    ("r", "plot"): """
        ggplot(df, aes(age, fill = sex)) + geom_histogram(breaks = seq(0, 100, 5)) +
          scale_fill_manual(values = c("#1f77b4", "#ff7f0e")) + xlim(0, 100)
        ggsave("fig1.pdf", width = 8, height = 6)
        """,
    ("r", "settings"): """
        set.seed(20240101)
        options(digits = 4, scipen = 999)
        years <- c(2010, 2011, 2012, 2015, 2018, 2020)
        probs <- c(0.05, 0.25, 0.5, 0.75, 0.95)
        knots <- c(35, 50, 65)
        """,
    ("r", "comments"): """
        # Table 1: n, mean (SD) by case status
        # age sex bmi are adjusted for in model 2
        # model 3 adds smoking and hba1c
        x <- 1  # one row per patient
        """,
    ("stata", "analysis"): """
        use cohort, clear
        keep if age >= 18 & sex == 1
        replace bmi = . if bmi == 999
        gen old = age >= 65
        logit case i.sex c.age bmi smoker, or
        tabulate sex case, row col
        """,
    ("stata", "dates"): """
        keep if dob >= td(01jan1950) & dob < td(01jan2000)
        gen year = year(indexdate)
        drop if missing(id)
        stset exit, failure(event == 1) origin(entry) id(id)
        """,
    ("sas", "analysis"): """
        data a; set b; where age >= 18 and sex = 'F'; if bmi = 999 then bmi = .; run;
        proc freq data=a; tables sex*case / chisq; run;
        proc phreg data=a; class sex; model time*event(0) = age sex bmi; run;
        """,
    ("sas", "format"): """
        proc format; value sexf 1 = 'Male' 2 = 'Female' 9 = 'Unknown';
        value agef 0 - 17 = '0-17' 18 - 39 = '18-39' 40 - 64 = '40-64' 65 - high = '65+'; run;
        """,
    ("sql", "counts"): """
        SELECT region, sex, count(*) AS n FROM cohort
        WHERE age BETWEEN 18 AND 80 AND diagnosis IN ('C500', 'C501', 'C509') AND region_id IN (1081, 1082)
        GROUP BY region, sex HAVING count(*) >= 5;
        """,
    ("sql", "join"): """
        SELECT p.id, s.sample_id FROM person p JOIN sample s ON s.person_id = p.id WHERE p.id = s.person_id;
        CREATE TABLE t (id integer primary key, age integer, sex char(1));
        INSERT INTO region (code, name) VALUES (1081, 'Nordjylland'), (1082, 'Midtjylland'), (1083, 'Syddanmark');
        """,
}
"""Programs by language and name; the margin of this file is not part of them."""
