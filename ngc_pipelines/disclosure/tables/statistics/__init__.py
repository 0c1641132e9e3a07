"""Statistics other than counts, as a reader of results judges them (DC-5, DC-7).

`statistic` and `console` say what is printed in tables and in programs' output;
`position`, `averages`, `models`, `survival`, `curves`, `rates`, `remainders`,
`ratios`, `prose` and `genomic` judge it;
`judging` is the entry. What follows from counts that add up lives beside, in
`audit`.
"""
