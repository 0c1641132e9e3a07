"""What statistical programs print about models and groups."""

from __future__ import annotations

MODELS: dict[str, str] = {
    "lm": """
        Call:
        lm(formula = sbp ~ age + sex + bmi, data = df)

        Residuals:
            Min      1Q  Median      3Q     Max
        -40.123 -10.221   0.412  10.001  44.300

        Coefficients:
                    Estimate Std. Error t value Pr(>|t|)
        (Intercept) 88.12345    3.41210  25.827  < 2e-16 ***
        age          0.51234    0.02310  22.179  < 2e-16 ***
        sexM         4.12345    0.81200   5.078 4.12e-07 ***
        bmi          0.71234    0.08123   8.769  < 2e-16 ***
        ---
        Signif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1

        Residual standard error: 14.2 on 1005 degrees of freedom
        Multiple R-squared:  0.412,\tAdjusted R-squared:  0.410
        F-statistic: 234.7 on 3 and 1005 DF,  p-value: < 2.2e-16
        """,
    "glm": """
        Coefficients:
                      Estimate Std. Error z value Pr(>|z|)
        (Intercept)  -3.912300   0.412000  -9.496   <2e-16 ***
        age           0.041200   0.006100   6.754 1.44e-11 ***
        genderfemale -0.212000   0.121000  -1.752   0.0798 .
        smokingyes    0.712000   0.131000   5.435 5.48e-08 ***

            Null deviance: 1312.1  on 1008  degrees of freedom
        Residual deviance: 1201.4  on 1005  degrees of freedom
        AIC: 1209.4
        """,
    "coxph": """
          n= 1009, number of events= 312

                     coef exp(coef) se(coef)     z Pr(>|z|)
        age       0.03120   1.03169  0.00512 6.094 1.10e-09 ***
        sexmale   0.41230   1.51029  0.11450 3.601 0.000317 ***
        stageII   0.61230   1.84467  0.15120 4.050 5.13e-05 ***

                exp(coef) exp(-coef) lower .95 upper .95
        age         1.032     0.9693     1.021     1.042
        sexmale     1.510     0.6621     1.207     1.890
        stageII     1.845     0.5421     1.371     2.481

        Concordance= 0.671  (se = 0.015 )
        Likelihood ratio test= 71.2  on 3 df,   p=2e-15
        """,
    "survfit": """
        Call: survfit(formula = Surv(time, status) ~ sex, data = lung)

                          n events median 0.95LCL 0.95UCL
        sex=1           138    112    270     212     310
        sex=2            90     53    426     348     550
        """,
    "survfit summary": """
         time n.risk n.event survival std.err lower 95% CI upper 95% CI
            0   1009       0    1.000  0.0000        1.000        1.000
          365    871     101    0.900  0.0094        0.881        0.919
          730    702     112    0.784  0.0130        0.758        0.810
         1095    540      88    0.682  0.0149        0.653        0.712
        """,
    "anova": """
        Analysis of Variance Table

        Response: bmi
                    Df  Sum Sq Mean Sq F value    Pr(>F)
        group        2   412.1  206.05  11.212 1.523e-05 ***
        sex          1    88.2   88.20   4.799   0.02871 *
        Residuals 1005 18470.2   18.38
        """,
    "t test": """
        \tWelch Two Sample t-test

        data:  bmi by sex
        t = -2.1123, df = 998.21, p-value = 0.0349
        alternative hypothesis: true difference in means between group F and group M is not equal to 0
        95 percent confidence interval:
         -1.0123 -0.0377
        sample estimates:
        mean in group F mean in group M
               25.98123        26.50623
        """,
    "R summary": """
              age             sex           bmi
         Min.   :18.00   Female:511   Min.   :16.10
         1st Qu.:43.00   Male  :498   1st Qu.:23.20
         Median :55.00                Median :26.00
         Mean   :54.21                Mean   :26.24
         3rd Qu.:66.00                3rd Qu.:29.10
         Max.   :91.00                Max.   :44.20
        """,
    "R table": """
                sex
        group      F   M
          case   120 131
          control 391 367
        """,
}
"""Output by name; the margin of this file is not part of it."""
