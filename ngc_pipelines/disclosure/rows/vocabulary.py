"""What a column's name says its values are, in Danish and English.

Words only; what the values themselves look like lives in `values`.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class Role(Enum):
    """What a name makes one expect of a column."""

    PERSON = "an identifier of a person, sample or case"
    BARE_ID = "an identifier of something"
    BIRTH = "a date of birth"
    QUASI = "a property of one person that helps to tell who"
    TRAIT = "a measurement or group of one person"
    AGGREGATE = "a count or statistic of several"
    ENTITY = "a gene, variant, model, variable: not a person"
    PERIOD = "a year, month or week"
    INDEX = "a row number"
    OTHER = "nothing known"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PERSON = _words(
    "patid ptid patient patientid patientnr patno subject subjectid subjid subj usubjid participant participantid"
    " deltager deltagerid deltagernr deltagernummer person personid personnr personnummer pnr pnummer cpr cprnr"
    " cprnummer iid fid famid lbnr lbnummer løbenr løbenummer loebenr lobenr recordid sample sampleid samplename"
    " prøve prøveid prøvenr prøvenummer proeve proevenr proeveid barcode stregkode specimen specimenid pseudonym"
    " pseudoid pseudo"
    " rekvnr rekvisition journalnr journalnummer mrn caseid individ individid individual individualid proband"
    " probandid donor donorid respondent respondentid respid eid studyid encounter encounterid kontaktid kontaktnr"
    " borger borgerid labnr labnummer labno hospitalsnr npn kundenr medlemsnr"
    " forsøgsperson subjectno sampleno glasnr prøveglas wgsid ngcid dnanr dnaid dnr biobankid"
)
_ID_MARK = _words("id nr no number nummer num code kode key nøgle navn name ident identifier identifikation label")
_BIRTH = _words(
    "birth birthdate birthday dob dateofbirth bdate født foedt fodt fødselsdato foedselsdato fodselsdato fdato"
    " foddato fødselsdag foed fødsel foeddato fdag brthdtc"
)
_QUASI = _words(
    "age alder sex køn koen kon gender postnr postnummer postcode postal zip zipcode kommune komkode kommunekode"
    " municipality adresse address fornavn efternavn firstname lastname surname diag diagnose diagnosis diagnosekode"
    " icd icd10 dx adiag aktionsdiagnose ethnicity ethnic race død doed dead death deathdate dødsdato doedsdato"
    " doddato inddto uddto indlagt udskrevet admission admitted discharge discharged visitdate opdato diagnosedato"
    " civilstatus civst marital education uddannelse income indkomst occupation erhverv stilling yob birthyear"
    " fødselsår foedselsaar aar_født comment kommentar notat journaltekst freetext fritekst bemærkning anamnese"
    " initialer initials"
    " nationality nationalitet country land city ageyrs ageyears alderår aldring agedx dateofdeath deathdt"
)
_TRAIT = _words(
    "bmi systolic diastolic systolisk diastolisk"
    " height højde hojde hoejde weight vægt vaegt smoker smoking ryger rygning smoke status event time tid fu"
    " followup treatment behandling arm group gruppe visit besøg besoeg date dato hospital sygehus afdeling ward region"
    " stage stadie stadium grade tumor tumour hba1c sbp dbp crp ldl hdl chol cholesterol kolesterol glucose glukose"
    " hemoglobin hæmoglobin haemoglobin hgb hb creatinine kreatinin egfr tsh psa genotype genotypes genotype1 gt apoe"
    " brca brca1 brca2 carrier bærer baerer mutation alive vital sygdom disease phenotype fænotype pheno parity"
    " outcome udfald exposure exposed eksponering relapse recidiv response respons therapy terapi medicin drug dosis"
    " dose blodtryk puls pulse temp charlson comorbidity komorbiditet score gleason metastase metastasis her2 er_status"
    " ecog casestatus case control affected survtime os pfs censor censored kontrol operation opr proc procedure"
    " indikation allergy tobacco alkohol alcohol bloodtype blodtype karyotype haplotype prs measurement måling value1"
    " resultat lab test result ct indlæggelse relation role familie family race1"
)
_AGGREGATE = _words(
    "n antal count counts freq frequency frequencies frekvens hyppighed pct percent percentage procent andel proportion"
    " share mean means gennemsnit gns middel middelværdi avg average sd std stddev median min max minimum maximum q1 q2"
    " q3 iqr se stderr sem error estimate estimat est coef coefficient coefficients koefficient beta or odds hr hazard"
    " rr irr ratio ci ki lower upper nedre øvre oevre lcl ucl pvalue pval p fdr padj qvalue qval bonferroni z t f"
    " tvalue zvalue chisq chi2 chi df dof r2 rsq aic bic deviance loglik total ialt alle sum rate rates incidence"
    " incidens prevalence prævalens pyrs pyears personår personaar risk survival overlevelse support precision recall"
    " f1 auc auroc accuracy loss sensitivity specificity ppv npv variance varians varian kurtosis skewness skew cases"
    " controls patients patienter personer persons participants deltagere individuals individer subjects samples"
    " prøver events hændelser deaths dødsfald missing mangler males females mænd kvinder maend men women drenge piger"
    " observations obs. cumulative kumuleret cum weighted vægtet quantile percentile percentil expected observed"
    " forventet observeret overall lo hi statistic nobs kappa mae rmse mse vif eigenvalue loading loadings range"
    " eksponerede ueksponerede cumsum contribution dist h2 lambda i2 tau2 shap importance gain"
    " rhat ess sigma tau1 lrt wald pr mad nmiss nvalid nunique dtype dtypes qx lx dx2 ex"
)
_ENTITY = _words(
    "gene genes gen gener genid geneid symbol hgnc ensembl ensg transcript exon snp snps rsid rs variant variants"
    " varid chr chrom chromosome kromosom pos position bp start end ref alt allele alleles a1 a2 maf eaf af locus"
    " pathway"
    " term go kegg reactome variable variabel variables parameter parameters characteristic karakteristika covariate"
    " predictor model method metode step epoch iteration iter feature features metric contrast cluster protein"
    " probe cpg package version strata stratum category kategori function task job process node file filename path"
    " url author authors forfatter journal reference title seqname seqnames hpo orpha omim description beskrivelse"
    " effect source term1 level terms quantity scale criterion mode species taxon tissue væv celltype cohort kohorte"
    " study studie component dimension question spørgsmål dataset panel kit platform column kolonne field host pid"
    " creation created creationdate createdate modified modifydate moddate producer creator software revision"
    " module rule tool library layer chunk batch fold"
)
_PERIOD = _words("year år aar years month måned maaned week uge quarter kvartal period periode day dag decade calendar")
_INDEX = _words("obs nr no index idx row rownr rowid x1 unnamed line serial #")

_CAMEL = re.compile(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])")
_SPLIT = re.compile(r"[^a-z0-9æøå%#]+")
_DIGITS = re.compile(r"\d+$")


@lru_cache(maxsize=8192)
def role_of(name: str) -> Role:
    """What a column called `name` is expected to hold; Danish and English, any spelling of separators."""
    text = name.strip()
    if not text or len(text) > 80:
        return Role.OTHER
    if text[-1] == "%" or "Pr(" in text or "%" in text.split():
        return Role.AGGREGATE
    words = [word for word in _SPLIT.split(_CAMEL.sub(" ", text).lower()) if word]
    glued = "".join(words)
    return _role(words, glued) if words else Role.OTHER


def _role(words: list[str], glued: str) -> Role:
    if any(word in _ENTITY for word in words) and not _PERSON & set(words):
        return Role.ENTITY if glued != "case" else Role.TRAIT
    whole = _role_of_word(glued)
    if whole is not Role.OTHER:
        return whole
    roles = [_role_of_word(word) for word in words]
    if Role.BIRTH in roles:
        return Role.BIRTH
    marked = any(word in _ID_MARK for word in words)
    if Role.PERSON in roles and (marked or len(words) == 1):
        return Role.PERSON
    for role in (Role.AGGREGATE, Role.QUASI, Role.PERSON, Role.TRAIT, Role.PERIOD):
        if role in roles:
            return role
    return Role.BARE_ID if "id" in words or (glued.endswith("id") and len(glued) <= 6) else Role.OTHER


def _role_of_word(word: str) -> Role:
    if word in ("id", "ids"):
        return Role.BARE_ID
    for known, role in (
        (_PERSON, Role.PERSON),
        (_BIRTH, Role.BIRTH),
        (_QUASI, Role.QUASI),
        (_AGGREGATE, Role.AGGREGATE),
        (_TRAIT, Role.TRAIT),
        (_PERIOD, Role.PERIOD),
        (_ENTITY, Role.ENTITY),
        (_INDEX, Role.INDEX),
    ):
        if word in known:
            return role
    bare = _DIGITS.sub("", word)
    if bare != word and len(bare) > 2:
        return _role_of_word(bare)
    return Role.OTHER
